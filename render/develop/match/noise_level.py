"""Noise of a single picture against its lightness: what is left of flat patches when a plane is taken away."""

from __future__ import annotations

import itertools
import math

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

LEVELS = (0.0, 100 / 3, 200 / 3, 100.0)
"""Bounds of dark, mid and bright, CIE L*."""
_PATCH_PX = 8
_CLIPPED = (2.0, 97.0)  # L* beyond which clipping hides noise
_FLAT_SHARE = 0.2
_FEWEST = 8
_MASK = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


def residual(plane: Plane) -> Plane:
    """Return the noise deviation of every patch, (H/8)x(W/8): a mask that planes and edges along x or y do not pass.

    Source: Immerkær, Computer Vision and Image Understanding 64 (1996), 300.
    """
    answer = np.abs(cv2.filter2D(plane, -1, _MASK, borderType=cv2.BORDER_REFLECT_101))
    return _patches(answer) * np.float32(math.sqrt(math.pi / 2) / 6)


def noise(lightness: Plane, *others: Plane) -> list[tuple[float, float, float]]:
    """Return the noise deviation in dark, mid and bright flat patches, of lightness and of each other plane.

    Args:
        lightness: HxW float32, CIE L* in [0, 100], H and W >= 16; decides what is flat and how bright it is.
        others: HxW float32 planes (a*, b*).

    A level without eight flat patches takes the deviation of all flat patches.

    Source: Liu et al., IEEE TPAMI 30 (2008), 299 (noise level function as the lower envelope over flat segments);
    Foi et al., IEEE TIP 17 (2008), 1737 (clipped values are no evidence).
    """
    mean = _patches(lightness)
    smooth = cv2.GaussianBlur(lightness, (0, 0), 1.5)
    slope = _patches(np.abs(cv2.Sobel(smooth, -1, 1, 0)) + np.abs(cv2.Sobel(smooth, -1, 0, 1)))
    seen = (mean > _CLIPPED[0]) & (mean < _CLIPPED[1])
    seen = seen if seen.any() else np.ones_like(seen)
    chosen = [_flattest(slope, seen & (mean >= low) & (mean < high)) for low, high in itertools.pairwise(LEVELS)]
    every = _flattest(slope, seen)
    picks = [level if int(level.sum()) >= _FEWEST else every for level in chosen]
    told = []
    for plane in (lightness, *others):
        deviation = residual(plane)
        dark, mid, bright = (float(np.median(deviation[pick])) for pick in picks)
        told.append((dark, mid, bright))
    return told


def _flattest(slope: Plane, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    if not among.any():
        return among
    return np.asarray(among & (slope <= np.quantile(slope[among], _FLAT_SHARE)), np.bool_)


def _patches(plane: Plane) -> Plane:
    rows, columns = (side // _PATCH_PX for side in plane.shape)
    whole = plane[: rows * _PATCH_PX, : columns * _PATCH_PX]
    return np.asarray(whole.reshape(rows, _PATCH_PX, columns, _PATCH_PX).mean(axis=(1, 3)), np.float32)
