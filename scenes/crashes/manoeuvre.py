"""How somebody goes who is not struck: a path of arcs and lines, and a pace that brakes to a stand."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, inf, sin

from scenes.checks import Footprint, footprint
from scenes.crashes.approach import Row
from scenes.crashes.startle import Rhythm
from scenes.errors import InputError

Pose = tuple[float, float, float]
"""x, y, heading in radians."""
Piece = tuple[float, float]
"""Curvature in 1/m, positive to the left of who goes forward, and length in metres."""


@dataclass(frozen=True, kw_only=True)
class Path:
    """A way on the ground through a pose.

    Args:
        through: the pose, where the way's own length is 0.
        behind: pieces that lead to it, the nearest first; before them the way is straight.
        ahead: pieces that follow, the nearest first; after them the way is straight.
    """

    through: Pose
    behind: tuple[Piece, ...] = ()
    ahead: tuple[Piece, ...] = ()

    def at(self, way_m: float) -> Pose:
        """Return the pose some way after the one that it leads through, or before it."""
        pose, left, sign = self.through, abs(way_m), 1.0 if way_m >= 0 else -1.0
        for curvature, length_m in (*(self.ahead if way_m >= 0 else self.behind), (0.0, inf)):
            step = min(left, length_m)
            pose, left = _along(pose, curvature, sign * step), left - step
            if left <= 0:
                break
        return pose


@dataclass(frozen=True, kw_only=True)
class Pace:
    """A speed that is kept, and from some time on brakes to a stand.

    Args:
        cruise_mps: before, >= 0.
        brakes_s: since when it brakes; at time 0, who does not brake before is where the path's length is 0.
        slows_mps2: how hard, > 0.
    """

    cruise_mps: float
    brakes_s: float
    slows_mps2: float

    def __post_init__(self) -> None:
        if self.cruise_mps < 0 or self.slows_mps2 <= 0:
            raise InputError("pace", "cruise_mps >= 0 and slows_mps2 > 0", got=(self.cruise_mps, self.slows_mps2))

    @property
    def rests_s(self) -> float:
        """When it stands."""
        return self.brakes_s + self.cruise_mps / self.slows_mps2

    def speed_mps(self, time_s: float) -> float:
        """Return the speed at a time."""
        return max(0.0, self.cruise_mps - self.slows_mps2 * max(0.0, time_s - self.brakes_s))

    def way_m(self, time_s: float) -> float:
        """Return the way along the path at a time."""
        time_s = min(time_s, self.rests_s)
        return self.cruise_mps * time_s - self.slows_mps2 * max(0.0, time_s - self.brakes_s) ** 2 / 2


@dataclass(frozen=True, kw_only=True)
class Goer:
    """Somebody who goes along a path at a pace, and the size of the ground under them."""

    path: Path
    pace: Pace | Rhythm
    length_m: float
    width_m: float

    def row(self, time_s: float) -> Row:
        """Return the state at a time."""
        x, y, heading = self.path.at(self.pace.way_m(time_s))
        speed = self.pace.speed_mps(time_s)
        return time_s, x, y, heading, speed * cos(heading), speed * sin(heading)

    def body(self, time_s: float) -> Footprint:
        """Return the rectangle at a time."""
        _, x, y, heading, _, _ = self.row(time_s)
        return footprint(x, y, degrees(heading), self.length_m, self.width_m)


def _along(pose: Pose, curvature: float, way_m: float) -> Pose:
    """Return the pose after a signed way on an arc, or on a line if it has no curvature."""
    x, y, heading = pose
    if not curvature:
        return x + way_m * cos(heading), y + way_m * sin(heading), heading
    after = heading + curvature * way_m
    x += (sin(after) - sin(heading)) / curvature
    y -= (cos(after) - cos(heading)) / curvature
    return x, y, heading + atan2(sin(after - heading), cos(after - heading))
