"""From where a picture of traffic was taken, told by its boxes: the height of the lens and the horizon.

On level ground the lower edge of a box lies z·h/H below the horizon: z the height of the lens, h that of the box as a
share of the picture's height, H that of the vehicle in metres. So two boxes or more tell z and the horizon, whatever
the focal length, as long as the camera looks nearly level; the field of view cannot be told. Few boxes tell little, so
a picture's z is held to the set's median as far as they leave it open: least squares with a normal prior (ridge).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_LENS_M, _USUAL_M = (0.6, 12.0), 1.33
"""Lenses are held to this range; the dashcam's height is taken where no box tells one."""
_EDGE_SD, _LENS_SD_SHARE = 0.04, 1.0
"""How far lower edges miss the line, in heights of the picture; how lenses of one set differ, over their median."""
_HORIZON = (-1.0, 1.5)

Standing = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Of the boxes of a picture that no edge cuts: h/H per metre, and lower edges."""


class Vantage(NamedTuple):
    """Height of the lens, and the horizon as a share of the picture's height from above; it may lie outside."""

    lens_m: float
    horizon: float


def vantages(pictures: Sequence[Standing]) -> list[Vantage]:
    """Return the vantage of each picture of a set.

    Args:
        pictures: h/H per metre and lower edges of whole boxes, both (n,) with n >= 0.
    """
    usual = _usual_m(pictures)
    lenses = [_lens_m(*standing, usual) for standing in pictures]
    found = [float((low - z * near).mean()) for (near, low), z in zip(pictures, lenses, strict=True) if len(near)]
    common = float(np.median(found)) if found else 0.5
    horizons = (
        float((low - z * near).mean()) if len(near) else common for (near, low), z in zip(pictures, lenses, strict=True)
    )
    return [
        Vantage(round(z, 3), round(min(max(at, _HORIZON[0]), _HORIZON[1]), 4))
        for z, at in zip(lenses, horizons, strict=True)
    ]


def _spread(near: NDArray[np.float64], low: NDArray[np.float64]) -> tuple[float, float]:
    """Return the sums of products of a picture: of nearness with lower edges, and with itself."""
    if len(near) < 2:
        return 0.0, 0.0
    apart = near - near.mean()
    return float(apart @ (low - low.mean())), float(apart @ apart)


def _usual_m(pictures: Sequence[Standing]) -> float:
    """Return the median of what pictures tell of the lens alone, weighted by how much they tell."""
    told = sorted((up / along, along) for up, along in (_spread(*standing) for standing in pictures) if along > 0)
    if not told:
        return _USUAL_M
    heights, weights = np.array(told).T
    return _held(float(heights[np.searchsorted(np.cumsum(weights), weights.sum() / 2)]))


def _lens_m(near: NDArray[np.float64], low: NDArray[np.float64], usual_m: float) -> float:
    up, along = _spread(near, low)
    prior = (_EDGE_SD / (_LENS_SD_SHARE * usual_m)) ** 2
    return _held((up + prior * usual_m) / (along + prior))


def _held(lens_m: float) -> float:
    return min(max(lens_m, _LENS_M[0]), _LENS_M[1])
