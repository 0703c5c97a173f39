"""The vanishing point of a road, from line segments of one picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

_STEP_X, _STEP_Y = 80, 72
"""Candidates across and down a picture."""
_WITHIN_DEG = 2.0
_STEEP_DEG = (12.0, 78.0)
_SHORTEST = 0.05
"""Of the picture's width."""
_LEAST_SUPPORT = 0.22
"""Least length of segments of either lean that meet there, in picture widths."""
_PEAK = 0.92
_WIDEST_PX = 640
"""Wider pictures are shrunk before lines are looked for."""
_BEYOND = 0.45
"""A line votes for points from about its own end on, in its lengths from its middle."""
_ABOVE = 0.3
"""Share of the picture's height that is sky and houses, where nobody looks for lines."""
_LEAST_ALONG = 0.2
"""Least length of segments that meet on a known horizon, in picture widths, of both leans together."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class VanishingPoint:
    """Where lines of the road meet.

    Args:
        x, y: in px.
        sd_px: how far apart in y other points lie that explain the lines nearly as well.
        support: length of the lines that meet there, in picture widths, of the lean that has less.
    """

    x: float
    y: float
    sd_px: float
    support: float


def vanishing_point(lines: Floats, width: int, height: int) -> VanishingPoint | None:
    """Find where lines along a road meet: both those that lean left and those that lean right must point there.

    Args:
        lines: of `segments`.
        width: of the picture in px.
        height: likewise.

    Returns:
        the point; None where lines give none that is clear.

    Source:
        Votes for a grid of points, as Kong, Audibert and Ponce, "General road detection from a single image" (2010);
        segments by von Gioi et al., LSD (2010).
    """
    if len(lines) < 4:
        return None
    xs, ys = np.linspace(0.1 * width, 0.9 * width, _STEP_X), np.linspace(0.15 * height, 0.75 * height, _STEP_Y)
    score = votes(lines, xs, ys) / width
    best = float(score.max())
    if best < _LEAST_SUPPORT:
        return None
    rows, columns = np.nonzero(score >= _PEAK * best)
    weights = score[rows, columns]
    x, y = float(np.average(xs[columns], weights=weights)), float(np.average(ys[rows], weights=weights))
    spread = float(np.sqrt(np.average((ys[rows] - y) ** 2, weights=weights)))
    return VanishingPoint(x=x, y=y, sd_px=max(spread, 0.015 * height), support=best)


def vanishing_column(lines: Floats, width: int, row_px: float) -> float | None:
    """Find in which column the lines of a road meet a known horizon; None where too few do or two columns rival.

    Args:
        lines: of `segments`.
        width: of the picture in px.
        row_px: of the horizon.
    """
    lines = lines[(lines[:, 1] + lines[:, 3]) / 2 > row_px + 0.02 * width]
    if not len(lines):
        return None
    xs = np.linspace(0.0, float(width), 129)
    left, right = (side[0] for side in _leaning(lines, xs, np.array([row_px])))
    score = np.asarray(np.minimum(left, right) + 0.5 * np.maximum(left, right)) / width
    score = np.convolve(score, np.ones(3) / 3, mode="same")
    best = int(np.argmax(score))
    rivals = np.abs(xs - xs[best]) > 0.12 * width
    if score[best] < _LEAST_ALONG or score[rivals].max(initial=0.0) > 0.65 * score[best]:
        return None
    return float(xs[best])


def segments(rgb: NDArray[np.uint8]) -> Floats:
    """Return long oblique segments below the upper part of a picture, (N, 4): x0, y0, x1, y1 in px."""
    height, width = rgb.shape[:2]
    top = int(_ABOVE * height)
    grey = cv2.cvtColor(rgb[top:], cv2.COLOR_RGB2GRAY)
    scale = max(1.0, width / _WIDEST_PX)
    if scale > 1:
        grey = cv2.resize(grey, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA).astype(np.uint8)
    found: Any = cv2.createLineSegmentDetector().detect(grey)[0]
    if found is None:  # as cv2 says of a flat picture
        return np.zeros((0, 4))
    lines: Floats = scale * np.asarray(found, dtype=np.float64).reshape(-1, 4) + np.array([0.0, top, 0.0, top])
    dx, dy = lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]
    steep = np.rad2deg(np.arctan2(np.abs(dy), np.abs(dx)))
    long = np.hypot(dx, dy) > _SHORTEST * width
    chosen: Floats = lines[long & (steep > _STEEP_DEG[0]) & (steep < _STEEP_DEG[1])]
    return chosen


def votes(lines: Floats, xs: Floats, ys: Floats) -> Floats:
    """Return the length of segments that point at each candidate, of the lean that has less, in px (ys, xs)."""
    return np.minimum(*_leaning(lines, xs, ys))


def _leaning(lines: Floats, xs: Floats, ys: Floats) -> tuple[Floats, Floats]:
    """Return the length of segments that point at each candidate, of either lean, each (len(ys), len(xs))."""
    dx, dy = lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]
    length, lean = np.hypot(dx, dy), np.sign(dx * dy)
    middle_x, middle_y = (lines[:, 0] + lines[:, 2]) / 2, (lines[:, 1] + lines[:, 3]) / 2
    to_x, to_y = xs[None, :, None] - middle_x, ys[:, None, None] - middle_y
    far = np.hypot(to_x, to_y) + 1e-9
    off_deg = np.rad2deg(np.arcsin(np.clip(np.abs(to_x * dy - to_y * dx) / (far * length), 0, 1)))
    vote = length * np.exp(-((off_deg / _WITHIN_DEG) ** 2)) * (far > _BEYOND * length)
    return vote[..., lean < 0].sum(axis=-1), vote[..., lean > 0].sum(axis=-1)
