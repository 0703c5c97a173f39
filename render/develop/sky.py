"""The structure of a closed cloud cover, which is traced as an even one."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]

_WAVES = 24
_CONTRAST = 0.16
_BASE_M = 900.0  # height of the cloud base that the structure is drawn on
_FARTHEST_M = 12_000.0
_COARSE = 4


def clouded(rgb_linear: Image, sky: NDArray[np.bool_], share: float, *, rays: Image, seed: int) -> Image:
    """Return the picture with clouds of uneven thickness, HxWx3 cd/m².

    Args:
        rgb_linear: HxWx3, cd/m², its sky as even as it was traced.
        sky: HxW, what is sky.
        share: of the cover, in [0, 1]; 0 changes nothing.
        rays: HxWx3 unit rays: right, down along gravity, ahead.
        seed: draws the structure.
    """
    if share <= 0 or not sky.any():
        return rgb_linear
    uneven = 1 + np.float32(share) * (_structure(rays, seed) - 1)
    return np.asarray(rgb_linear * np.where(sky, uneven, np.float32(1))[..., None], np.float32)


def _structure(rays: Image, seed: int) -> Image:
    """Return how bright the cloud base is at each pixel, mean about 1: waves on a plane overhead."""
    rng = np.random.default_rng([seed, 5])
    rows, columns = rays.shape[:2]
    coarse = cv2.resize(rays, (columns // _COARSE, rows // _COARSE), interpolation=cv2.INTER_AREA)
    away = np.minimum(_BASE_M / np.maximum(-coarse[..., 1], 1e-3), _FARTHEST_M) / 1000
    x, y = coarse[..., 0] * away, coarse[..., 2] * away
    total = np.zeros_like(x)
    for _ in range(_WAVES):
        heading, phase, per_km = rng.uniform(0, 2 * np.pi), rng.uniform(0, 2 * np.pi), rng.uniform(0.5, 9.0)
        seen = np.exp(-((per_km * away / 25) ** 2))  # far waves run together
        total += seen * np.sin(per_km * (x * np.cos(heading) + y * np.sin(heading)) + phase) / per_km**0.5
    level = 1 + _CONTRAST * total / np.sqrt(_WAVES / 4)
    return np.asarray(cv2.resize(level, (columns, rows), interpolation=cv2.INTER_LINEAR), np.float32)
