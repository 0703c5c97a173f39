"""A closed cloud cover in place of the traced clear sky.

All looks of a view share one traced sky. Its light on the ground hardly depends on how the dome is shaded, what the
camera sees of it does: so under cloud the visible part is painted.
Source: CIE S 011:2003 (ISO 15469), sky type 16 (traditional overcast), L = Lz (1 + 2 sin γ) / 3, with E = 7π/9 Lz.
"""

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


def overcast(
    rgb_linear: Image, sky: NDArray[np.bool_], share: float, *, rays: Image, sky_rgb_lux: Image, seed: int
) -> Image:
    """Return the picture under a cloud cover, HxWx3 cd/m².

    Args:
        rgb_linear: HxWx3, cd/m².
        sky: HxW, what is sky.
        share: of the cover, in [0, 1]; 0 changes nothing.
        rays: HxWx3 unit rays: right, down along gravity, ahead.
        sky_rgb_lux: illuminance that the sky gives on level ground.
        seed: draws the structure.
    """
    if share <= 0 or not sky.any():
        return rgb_linear
    up = np.maximum(-rays[..., 1], np.float32(0.0))
    zenith = np.asarray(sky_rgb_lux, np.float32) * np.float32(9 / (7 * np.pi))
    painted = ((1 + 2 * up) / 3 * _structure(rays, seed))[..., None] * zenith
    weight = np.where(sky, np.float32(share), np.float32(0))[..., None]
    covered = rgb_linear + weight * (painted - rgb_linear)
    ring = (cv2.dilate(sky.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0) & ~sky
    edge = np.float32(1 - share) * rgb_linear + np.float32(share) * np.minimum(rgb_linear, painted)
    return np.asarray(np.where(ring[..., None], edge, covered), np.float32)  # a roof's rim holds some of the clear sky


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
