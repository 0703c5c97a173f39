"""How cheap cameras hide noise: fine luma detail is cored away level by level, colour is smeared widely.

What is left tells the camera: faint texture is gone like watercolour while edges stay, and colour stands in soft
blotches many pixels wide, because the coarse levels are cleaned less than the fine ones.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]
LEVELS = 3
LEVEL_NOISE = (0.80, 0.30, 0.14)  # white noise of deviation 1 leaves this in each band of the pyramid (measured)
COARSE_TRUST = (1.0, 0.85, 0.6)  # coarse levels are cleaned less


def _smaller(image: Image) -> Image:
    size = (max(image.shape[1] // 2, 1), max(image.shape[0] // 2, 1))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.float32)


def _larger(image: Image, like: Image) -> Image:
    return np.asarray(cv2.resize(image, (like.shape[1], like.shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)


def core(detail: Image, threshold: float) -> Image:
    """Shrink what lies below a threshold and leave what lies well above: d³ / (d² + t²)."""
    squared = np.square(detail)
    return np.asarray(detail * (squared / (squared + np.float32(threshold**2))), np.float32)


def clean_luma(luma: Image, noise: float, strength: float) -> Image:
    """Core a pyramid of luma.

    Args:
        luma: HxW float32, on a scale where noise is even.
        noise: its standard deviation.
        strength: thresholds in multiples of the noise of each level; 0 returns the input.

    Source: Rossi, SMPTE Journal 87 (1978), 134 (coring); Burt and Adelson, IEEE Trans. Commun. 31 (1983), 532.
    """
    if strength <= 0 or noise <= 0:
        return luma
    bands: list[Image] = []
    base = luma
    for _ in range(LEVELS):
        small = _smaller(base)
        bands.append(np.asarray(base - _larger(small, base), np.float32))
        base = small
    for band, left, trust in reversed(list(zip(bands, LEVEL_NOISE, COARSE_TRUST, strict=True))):
        base = _larger(base, band) + core(band, 2.0 * strength * trust * noise * left)
    return base


def smear_colour(plane: Image, width_px: float) -> Image:
    """Blur a colour difference; wide blurs run on a smaller picture, which leaves the blotches that cameras leave.

    Args:
        plane: HxW float32.
        width_px: standard deviation; 0 returns the input.
    """
    if width_px <= 0:
        return plane
    if width_px < 2:
        return np.asarray(cv2.GaussianBlur(plane, (0, 0), width_px), np.float32)
    small = _smaller(plane)
    return _larger(np.asarray(cv2.GaussianBlur(small, (0, 0), width_px / 2), np.float32), plane)
