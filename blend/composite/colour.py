"""Between display values and linear light."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
_KNEE, _TOP = 0.55, 0.97


def to_linear(rgb: NDArray[np.uint8]) -> Float32:
    """Decode sRGB, uint8 to [0, 1] (IEC 61966-2-1)."""
    return _DECODED[rgb]


def to_display(linear: Float32) -> Float32:
    """Encode sRGB, [0, 1] to [0, 255], not rounded."""
    x = np.clip(linear, 0.0, 1.0)
    return np.asarray(255.0 * np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055), dtype=np.float32)


def shoulder(linear: Float32) -> Float32:
    """Press highlights as a camera does: the same below the knee, never above the top."""
    over = np.maximum(linear - _KNEE, 0.0) / (_TOP - _KNEE)
    return np.asarray(np.where(linear <= _KNEE, linear, _KNEE + (_TOP - _KNEE) * (1 - np.exp(-over))), dtype=np.float32)


def luminance(linear: Float32) -> Float32:
    """Weigh linear Rec. 709 RGB to luminance."""
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722], dtype=np.float32))


def _decoded() -> Float32:
    x = np.arange(256) / 255.0
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4).astype(np.float32)


_DECODED = _decoded()
