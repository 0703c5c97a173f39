"""A road's centre line: straights and bends, and what runs beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Line = NDArray[np.float64]
_STEP_M = 7.0
"""Length of a chord in bends; at a radius of 60 m it leaves the arc by 0.1 m."""


@dataclass(frozen=True, eq=False)
class Spine:
    """A centre line.

    Args:
        stations_m: (N,) distance along it, increasing.
        points_m: (N, 2) metres.
        normals: (N, 2) unit vectors to its left.
    """

    stations_m: Line
    points_m: Line
    normals: Line

    def offset(self, left_m: float | Line) -> Line:
        """Return the parallel at a distance to the left."""
        return self.points_m + np.multiply(self.normals.T, left_m).T

    def at(self, stations_m: Any, left_m: float = 0.0) -> Line:
        """Return points beside the line, (K, 2)."""
        found = [
            np.interp(stations_m, self.stations_m, self.points_m[:, axis] + left_m * self.normals[:, axis])
            for axis in (0, 1)
        ]
        return np.stack(found, axis=-1)

    def headings_deg(self, stations_m: Any) -> Line:
        """Return the direction of travel at stations."""
        angles = np.unwrap(np.arctan2(-self.normals[:, 0], self.normals[:, 1]))
        return np.rad2deg(np.interp(stations_m, self.stations_m, angles))

    def part(self, start_m: float, end_m: float) -> Spine:
        """Return the stretch between two stations."""
        inside = (self.stations_m > start_m + 1e-6) & (self.stations_m < end_m - 1e-6)
        return self.resampled(np.concatenate([[start_m], self.stations_m[inside], [end_m]]))

    def resampled(self, stations_m: Line) -> Spine:
        """Return the line with its points at the given stations."""
        rows = np.hstack([self.points_m, self.normals])
        where = np.clip(np.searchsorted(self.stations_m, stations_m) - 1, 0, len(self.stations_m) - 2)
        low, high = self.stations_m[where], self.stations_m[where + 1]
        share = ((stations_m - low) / (high - low))[:, None]
        mixed = rows[where] * (1 - share) + rows[where + 1] * share
        return Spine(stations_m, mixed[:, :2], mixed[:, 2:])

    def turned_back(self, zero_m: float) -> Spine:
        """Return the line run the other way, with its stations counted from `zero_m`."""
        return Spine(zero_m - self.stations_m[::-1], self.points_m[::-1], -self.normals[::-1])

    def moved(self, zero_m: float) -> Spine:
        """Return the line with its stations counted from `zero_m`."""
        return Spine(self.stations_m - zero_m, self.points_m, self.normals)


def spine(start_m: tuple[float, float], heading_deg: float, pieces: Sequence[tuple[float, float]]) -> Spine:
    """Lay a centre line.

    Args:
        start_m: where it begins.
        heading_deg: in which direction.
        pieces: length in metres and turn to the left in degrees of each straight or bend.
    """
    lengths, turns = [0.0], [heading_deg]
    for length, turn in pieces:
        steps = max(1, int(np.ceil(length / _STEP_M))) if turn else 1
        lengths += [length / steps] * steps
        turns += [turns[-1] + turn * step / steps for step in range(1, steps + 1)]
    angles = np.deg2rad(turns)
    stations = np.cumsum(lengths)
    middles = (angles[1:] + angles[:-1]) / 2
    steps_m = np.stack([np.cos(middles), np.sin(middles)], axis=-1) * np.diff(stations)[:, None]
    points = np.vstack([[start_m], start_m + np.cumsum(steps_m, axis=0)])
    return Spine(stations, points, np.stack([-np.sin(angles), np.cos(angles)], axis=-1))


def joined(behind: Spine, ahead: Spine) -> Spine:
    """Join two lines that leave one point in opposite directions; stations run through zero there."""
    back = behind.turned_back(0.0)
    return Spine(
        np.concatenate([back.stations_m, ahead.stations_m[1:]]),
        np.vstack([back.points_m, ahead.points_m[1:]]),
        np.vstack([back.normals, ahead.normals[1:]]),
    )
