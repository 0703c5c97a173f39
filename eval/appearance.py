"""Low-level statistics of pictures (luminance, contrast, sharpness, noise, colour, JPEG), cached like features."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from eval.encoder import Outputs
from render.develop.match.statistics import measure
from scenes.errors import InputError

WIDTH_PX = 640  # wider pictures are scaled down to it, as noise and sharpness depend on the scale


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """Takes a network's place before `embed.embed`."""

    label: str = "appearance@1"

    def run(self, rgb: NDArray[np.uint8]) -> Outputs:
        """Return `pooled`, the statistics in the order of `statistics.NAMES`; empty for sides under 96 px."""
        height, width = rgb.shape[:2]
        if width > WIDTH_PX:
            rgb = np.asarray(
                cv2.resize(rgb, (WIDTH_PX, round(height * WIDTH_PX / width)), interpolation=cv2.INTER_AREA)
            )
        try:
            values = list(measure(rgb).values())
        except InputError:
            values = []
        return {"pooled": np.array(values, dtype=np.float32)}
