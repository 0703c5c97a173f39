"""Low-level statistics of pictures (luminance, contrast, sharpness, noise, colour, JPEG), cached like features."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from eval.encoder import Outputs
from render.develop.match.statistics import measure

LONG_SIDE_PX = 640  # larger pictures are scaled down to it, as noise and sharpness depend on the scale
SHORT_SIDE_PX = 96  # but not below it, of which a measure needs as much


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """Takes a network's place before `embed.embed`."""

    label: str = "appearance@3"

    def run(self, rgb: NDArray[np.uint8]) -> Outputs:
        """Return `pooled`, the statistics in the order of `statistics.NAMES`; empty for sides under 96 px."""
        height, width = rgb.shape[:2]
        values: list[float] = []
        if min(height, width) >= SHORT_SIDE_PX:
            values = list(measure(_scaled(rgb)).values())
        return {"pooled": np.array(values, dtype=np.float32)}


def _scaled(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = rgb.shape[:2]
    scale = max(LONG_SIDE_PX / max(height, width), SHORT_SIDE_PX / min(height, width))
    if scale >= 1:
        return rgb
    size = round(width * scale), round(height * scale)
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
