"""Lamps that the camera sees itself: they are exact as traced, and a denoiser would take them for outliers.

At few samples it swallows up to nine tenths of a night's light: small lamps are found by one sample in many, and look
like noise. So what shines by itself is kept as traced, and the picture around it is denoised without it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from render.develop.colour import luminance

Image = NDArray[np.float32]
Mask = NDArray[np.bool_]

_BRIGHTEST_ALBEDO = 1.5
"""The tracer writes emission into its albedo guide; nothing that only reflects exceeds 1."""
_WINDOW_PX, _AREA = 11, 0.45
"""A lamp takes less than this share of the square around it."""
_OUTSHINES, _GLARES = 3.0, 30.0  # times the neighbours, times the picture's median


def lamp_faces(albedo: Image) -> Mask:
    """Tell which pixels of a view hold a small lamp, from its albedo guide as traced, HxWx3.

    Lit windows are surfaces of many pixels: they have noise of their own, and no denoiser takes them for outliers.
    """
    shines = albedo.max(axis=2) > _BRIGHTEST_ALBEDO
    around = cv2.blur(shines.astype(np.float32), (_WINDOW_PX, _WINDOW_PX))
    return np.asarray(shines & (around < _AREA))


def shining(rgb_linear: Image, lamps: Mask) -> Mask:
    """Tell which lamps outshine what they stand in; by day a lit window is a surface like others, noise included."""
    if not lamps.any():
        return lamps
    level = luminance(rgb_linear)
    around = cv2.medianBlur(level, 5)
    return np.asarray(lamps & ((level > _OUTSHINES * around) | (level > _GLARES * np.median(level))))


def without(rgb_linear: Image, lamps: Mask) -> Image:
    """Return the picture with lamps replaced by what stands around them, never brighter than before, HxWx3."""
    if not lamps.any():
        return rgb_linear
    around = cv2.medianBlur(rgb_linear, 5)
    return np.asarray(np.where(lamps[..., None], np.minimum(around, rgb_linear), rgb_linear), np.float32)


def put_back(clean: Image, rgb_linear: Image, lamps: Mask) -> Image:
    """Return the denoised picture with the lamps of the traced one, HxWx3."""
    return np.asarray(np.where(lamps[..., None], rgb_linear, clean), np.float32) if lamps.any() else clean
