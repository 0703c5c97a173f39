"""Blur of what is out of focus: next to nothing for a dashcam's small eye, a disc for a wide aperture.

Source: the thin lens; Potmesil and Chakravarty, Computer Graphics 15 (1981), 297, for the circle of confusion.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from scenes.errors import InputError

Image = NDArray[np.float32]
_LEAST_PX = 0.7  # diameter below which the pixel itself is wider
_DIAMETERS_PX = (0.0, 1.4, 2.5, 4.5, 8.0, 14.0, 24.0)


@dataclass(frozen=True, kw_only=True)
class Focus:
    """Aperture and focus of a lens.

    Args:
        aperture_mm: entrance pupil, focal length over f-number; 0 turns defocus off.
        focus_m: distance that is sharp.
    """

    aperture_mm: float = 0.0
    focus_m: float = 8.0
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if not 0 <= self.aperture_mm <= 100:
            raise InputError("focus.aperture_mm", "must be in [0, 100]", got=self.aperture_mm)
        if not self.focus_m > 0:
            raise InputError("focus.focus_m", "must be > 0", got=self.focus_m)


def confusion_px(depth_m: Image, focus: Focus, focal_px: float) -> Image:
    """Return the diameter of the circle of confusion, HxW px; negative where nearer than the focus."""
    inverse = np.float32(1) / np.maximum(depth_m, np.float32(0.1))
    return np.asarray((1 / focus.focus_m - inverse) * (focus.aperture_mm * 1e-3 * focal_px), np.float32)


def defocus(rgb_linear: Image, depth_m: Image, focus: Focus, *, focal_px: float) -> Image:
    """Blur by depth, HxWx3: layers of like blur, each laid over those behind it."""
    if focus.aperture_mm == 0:
        return rgb_linear
    confusion = confusion_px(depth_m, focus, focal_px)
    if float(np.abs(confusion).max()) < _LEAST_PX:
        return rgb_linear
    steps = np.array([*(-d for d in _DIAMETERS_PX[:0:-1]), *_DIAMETERS_PX], np.float32)
    nearest = np.searchsorted((steps[1:] + steps[:-1]) / 2, confusion)
    image, coverage = np.zeros_like(rgb_linear), np.zeros(depth_m.shape, np.float32)
    for index in np.unique(nearest)[::-1]:  # far to near
        mask = (nearest == index).astype(np.float32)
        disc = _disc(float(abs(steps[index])))
        alpha = cv2.filter2D(mask, -1, disc, borderType=cv2.BORDER_REFLECT)
        light = cv2.filter2D(rgb_linear * mask[..., None], -1, disc, borderType=cv2.BORDER_REFLECT)
        image = image * (1 - alpha)[..., None] + light
        coverage = coverage * (1 - alpha) + alpha
    return np.asarray(image / np.maximum(coverage, np.float32(1e-4))[..., None], np.float32)


def _disc(diameter_px: float) -> Image:
    radius = int(np.ceil(diameter_px / 2))
    y, x = np.ogrid[-radius : radius + 1, -radius : radius + 1]
    disc = np.clip(diameter_px / 2 + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    return np.asarray(disc / disc.sum(), np.float32)
