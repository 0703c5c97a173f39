"""Display pictures as float planes and back, and what of them no camera would tint: what is clipped."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Plane = NDArray[np.float32]
Picture = NDArray[np.float32]
"""Display RGB in [0, 1], (H, W, 3)."""
Lab = NDArray[np.float32]
"""CIE L* in [0, 100], a*, b*, (H, W, 3)."""

_CLIPPING = (0.9, 0.98)
"""Brightest channel from which a pixel is held, and at which it is held whole: a red lamp is clipped in red alone."""
_GLOW_PX = 2.0


def as_float(rgb: Bytes) -> Picture:
    """Return uint8 (H, W, 3) as display RGB."""
    return np.asarray(rgb.astype(np.float32) * np.float32(1 / 255))


def as_bytes(rgb: Picture, rng: np.random.Generator) -> Bytes:
    """Round to uint8 with dither of one level, the same for all channels, so that gradients show no bands."""
    dither = rng.random((*rgb.shape[:2], 1), np.float32)
    return np.asarray(np.clip(np.floor(rgb * 255 + dither), 0, 255), np.uint8)


def lab_of(rgb: Picture) -> Lab:
    """Return CIE L*a*b* (D65) of display RGB."""
    return np.asarray(cv2.cvtColor(np.clip(rgb, 0, 1), cv2.COLOR_RGB2LAB), np.float32)


def rgb_of(lab: Lab) -> Picture:
    """Return display RGB of CIE L*a*b*, clipped to what a display shows."""
    return np.asarray(np.clip(cv2.cvtColor(np.asarray(lab, np.float32), cv2.COLOR_LAB2RGB), 0, 1), np.float32)


def clipped(rgb: Picture) -> Plane:
    """Return how far each pixel is clipped, [0, 1] (H, W), with a soft edge."""
    brightest = rgb.max(axis=2)
    share = np.clip((brightest - _CLIPPING[0]) / (_CLIPPING[1] - _CLIPPING[0]), 0, 1)
    return np.asarray(np.maximum(share, cv2.GaussianBlur(share, (0, 0), _GLOW_PX)), np.float32)


def held(before: Picture, after: Picture) -> Picture:
    """Take back what was done to clipped pixels."""
    share = clipped(before)[..., None]
    return np.asarray(after + share * (before - after), np.float32)
