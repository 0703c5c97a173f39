"""Where each pixel of a new picture comes from in the old one: pixels and labels move by the same map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Sampling:
    """Source of every pixel, pixel centres at whole numbers.

    Args:
        x, y: HxW float32, column and row in the old picture.
    """

    x: Image
    y: Image

    def picture(self, rgb_linear: Image) -> Image:
        """Sample light, HxWx3: bicubic, held between its neighbours' extremes so that no lamp gets a dark ring."""
        sharp = cv2.remap(rgb_linear, self.x, self.y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        around = np.ones((3, 3), np.uint8)
        low, high = self.nearest(cv2.erode(rgb_linear, around)), self.nearest(cv2.dilate(rgb_linear, around))
        return np.asarray(cv2.min(cv2.max(sharp, low), high), np.float32)

    def nearest(self, values: NDArray[Any]) -> NDArray[Any]:
        """Sample what must not be mixed: ids, depth."""
        return np.asarray(cv2.remap(values, self.x, self.y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE))

    def forward(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where old points (N, 2) land, to first order: exact where the shift changes slowly."""
        rows, columns = self.x.shape
        column = np.clip(np.rint(points[:, 0]), 0, columns - 1).astype(np.intp)
        row = np.clip(np.rint(points[:, 1]), 0, rows - 1).astype(np.intp)
        source = np.stack([self.x[row, column], self.y[row, column]], axis=-1)
        return np.asarray(points + np.stack([column, row], axis=-1) - source, np.float64)

    def kept(self, ids: NDArray[np.uint16]) -> dict[int, float]:
        """Return for every id the share of its old pixels that some new pixel shows, in [0, 1]."""
        rows, columns = ids.shape
        shown = np.zeros((rows, columns), np.uint8)
        column = np.clip(np.rint(self.x), 0, columns - 1).astype(np.intp)
        row = np.clip(np.rint(self.y), 0, rows - 1).astype(np.intp)
        shown[row, column] = 1
        # where the picture is made smaller, old pixels are skipped between two that are shown: they count as shown
        closed = cv2.morphologyEx(shown, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8), borderType=cv2.BORDER_REPLICATE)
        flat = ids.ravel()
        before = np.bincount(flat)
        after = np.bincount(flat, weights=closed.ravel().astype(np.float64))
        return {int(i): float(after[i] / before[i]) for i in np.flatnonzero(before) if i}
