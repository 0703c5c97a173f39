"""How near two bodies come to each other over the ground."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot

import numpy as np

from scenes.checks import Footprint, overlap_m

Bodies = Callable[[float], tuple[Footprint, Footprint]]
"""Two bodies at a time in seconds."""


def gap_m(first: Footprint, second: Footprint) -> float:
    """Return the distance of two rectangles, 0 if they overlap: of the nearest corner of either to the other."""
    if overlap_m(first, second) > 0:
        return 0.0
    pairs = ((first, second), (second, first))
    return min(_away_m(point, body) for one, body in pairs for point in one.corners_m())


def least_gap(bodies: Bodies, first_s: float, last_s: float, step_s: float) -> tuple[float, float]:
    """Return the least distance of two bodies over some time, and when it first is that small.

    Args:
        bodies: where they are at a time.
        first_s: from when.
        last_s: to when.
        step_s: how far apart the times are that are looked at.
    """
    least, when = float("inf"), first_s
    for time_s in np.linspace(first_s, last_s, int((last_s - first_s) / step_s) + 2).tolist():
        one, other = bodies(time_s)
        if hypot(other.x_m - one.x_m, other.y_m - one.y_m) - one.reach_m - other.reach_m >= least:
            continue  # too far apart to be nearer than before
        gap = gap_m(one, other)
        if gap < least:
            least, when = gap, time_s
    return least, when


def _away_m(point: tuple[float, float], body: Footprint) -> float:
    """Return the distance of a point outside a rectangle from it."""
    x, y, (c, s) = point[0] - body.x_m, point[1] - body.y_m, body.along
    along, across = abs(x * c + y * s) - body.half_length_m, abs(y * c - x * s) - body.half_width_m
    return hypot(max(along, 0.0), max(across, 0.0))
