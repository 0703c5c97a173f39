"""Lateral chromatic aberration: a simple lens draws red and blue at another scale than green.

Source: Kang, "Automatic removal of chromatic aberration from a single image", CVPR 2007, for the linear model.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from scenes.errors import InputError

Image = NDArray[np.float32]
_LEAST_PX = 0.05


@dataclass(frozen=True, kw_only=True)
class Chromatic:
    """Scale of red and blue against green, in parts per thousand of the distance to the axis.

    Args:
        red, blue: positive is larger; a corner of 640x384 lies 373 px out, so 1 moves it by 0.37 px.
    """

    red: float = 0.0
    blue: float = 0.0
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        for name, value in (("red", self.red), ("blue", self.blue)):
            if not -20 <= value <= 20:
                raise InputError(f"chromatic.{name}", "must be in [-20, 20]", got=value)


def fringed(rgb_linear: Image, chromatic: Chromatic) -> Image:
    """Scale red and blue about the middle of the picture, HxWx3; luminance stays, as more area holds the same light."""
    rows, columns = rgb_linear.shape[:2]
    corner_px = np.hypot(rows, columns) / 2
    if max(abs(chromatic.red), abs(chromatic.blue)) * 1e-3 * corner_px < _LEAST_PX:
        return rgb_linear
    channels = [np.ascontiguousarray(rgb_linear[..., channel]) for channel in range(3)]
    for channel, per_mille in ((0, chromatic.red), (2, chromatic.blue)):
        scale = 1 / (1 + per_mille * 1e-3)
        shift = ((columns - 1) / 2 * (1 - scale), (rows - 1) / 2 * (1 - scale))
        matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        channels[channel] = np.asarray(
            cv2.warpAffine(channels[channel], matrix, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        )
    return np.stack(channels, axis=-1)
