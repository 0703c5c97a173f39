"""How much a camera's corners are darkened, told from pictures of anything."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

_FLAT = 0.02  # radial steps of log lightness, a pixel of the small picture, beyond which a scene's edge is seen
_ROUNDS = 8
_SMALL_PX = 160
_FOCAL_SHARE = 0.87  # of the width: a field of view of 60 degrees, where the file does not tell
_DISPLAY_GAMMA = 2.2


def falloff(rgb: Bytes) -> float:
    """Return the strength of the vignette on the scale of `lens.vignette` (1 is natural), biased by what is shown.

    Scenes brighten and darken outwards alike, a vignette darkens only: small radial steps of the logarithm of light
    are compared with those of the cos^(4·strength) law. Take the median over many pictures, and the difference to
    frames whose strength is known.

    Source: Zheng et al., CVPR 2008 (single-image vignetting correction by radial gradient symmetry).
    """
    light = _log_light(rgb)
    rows, columns = light.shape
    y = np.arange(rows, dtype=np.float32)[:, None] + np.float32(0.5 - rows / 2)
    x = np.arange(columns, dtype=np.float32)[None, :] + np.float32(0.5 - columns / 2)
    radius = np.hypot(x, y)
    along = (np.gradient(light, axis=1) * x + np.gradient(light, axis=0) * y) / np.maximum(radius, 1)
    law = -4 * radius / ((_FOCAL_SHARE * columns) ** 2 + radius**2)
    seen = (radius > columns / 6) & (light > np.log(0.01)) & (light < np.log(0.9))
    return _slope(along[seen], law[seen]) if seen.sum() > 64 else 0.0


def _log_light(rgb: Bytes) -> NDArray[np.float64]:
    height, width = rgb.shape[:2]
    size = (_SMALL_PX, max(round(height * _SMALL_PX / width), 16))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA).astype(float) / 255
    luma = cv2.GaussianBlur(small @ np.array([0.2126, 0.7152, 0.0722]), (0, 0), 1.0)
    return np.asarray(_DISPLAY_GAMMA * np.log(np.maximum(luma, 0.02)), float)


def _slope(steps: NDArray[np.float64], law: NDArray[np.float64]) -> float:
    """Fit steps = strength · law to the steps that are small after what is known of the vignette is taken away."""
    strength = 0.0
    for _ in range(_ROUNDS):
        flat = np.abs(steps - strength * law) < _FLAT
        if not flat.any():
            break
        strength = float((steps[flat] * law[flat]).sum() / (law[flat] ** 2).sum())
    return strength
