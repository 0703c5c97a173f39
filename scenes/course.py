"""The line that somebody moves along: straight on, or round the ring of a roundabout."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, degrees, hypot, pi, radians, sin
from typing import NamedTuple

from scenes.checks import Footprint, footprint
from scenes.site.layout import layout
from scenes.spec.place import Street
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Vehicle

_ON_RING_M = 2.2
_ALONG_RING_DEG = 25.0
_BY_A_WALK_M, _WITH_A_WALK_DEG = 1.2, 40.0


class Place(NamedTuple):
    """A pose on the ground, and the unit vector of the motion."""

    x_m: float
    y_m: float
    heading_deg: float
    along: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Course:
    """A straight line or a circle; `at` is told how far along.

    Args:
        x_m, y_m: where it begins.
        toward_deg: direction of motion there.
        facing_deg: heading of the body there; it stays as it is on a line and turns along on a circle.
        center_m: of the circle, None for a straight line.
    """

    x_m: float
    y_m: float
    toward_deg: float
    facing_deg: float
    center_m: tuple[float, float] | None = None

    def at(self, gone_m: float) -> Place:
        """Return the pose after a way in metres, backward if negative."""
        if self.center_m is None:
            angle = radians(self.toward_deg)
            along = (cos(angle), sin(angle))
            return Place(self.x_m + gone_m * along[0], self.y_m + gone_m * along[1], self.facing_deg, along)
        cx, cy = self.center_m
        radius, begins = hypot(self.x_m - cx, self.y_m - cy), atan2(self.y_m - cy, self.x_m - cx)
        turned = gone_m / radius * self.left
        angle = begins + turned
        along = (-sin(angle) * self.left, cos(angle) * self.left)
        return Place(cx + radius * cos(angle), cy + radius * sin(angle), self.facing_deg + degrees(turned), along)

    @property
    def left(self) -> int:
        """1 for a circle to the left, -1 to the right, 0 for a line."""
        if self.center_m is None:
            return 0
        outward = atan2(self.y_m - self.center_m[1], self.x_m - self.center_m[0])
        return 1 if sin(radians(self.toward_deg) - outward) > 0 else -1

    @property
    def radius_m(self) -> float:
        """Of the circle, infinite for a line."""
        if self.center_m is None:
            return float("inf")
        return hypot(self.x_m - self.center_m[0], self.y_m - self.center_m[1])

    def body(self, gone_m: float, length_m: float, width_m: float) -> Footprint:
        """Return the rectangle of a body on it."""
        at = self.at(gone_m)
        return footprint(at.x_m, at.y_m, at.heading_deg, length_m, width_m)


def drive(vehicle: Vehicle, street: Street) -> Course:
    """Return a vehicle's course: round a ring if it is on one, else along its velocity."""
    vx, vy = vehicle.velocity_mps
    toward = degrees(atan2(vy, vx)) if vx or vy else vehicle.heading_deg
    return Course(
        x_m=vehicle.x_m,
        y_m=vehicle.y_m,
        toward_deg=toward,
        facing_deg=vehicle.heading_deg,
        center_m=_ring_of(vehicle, toward, street),
    )


def walk(x_m: float, y_m: float, heading_deg: float, spec: SceneSpec) -> Course:
    """Return a walker's course: along the pavement or crossing they are on, else straight on."""
    plan = layout(spec.street)
    toward = heading_deg
    for path in (*plan.walks, *plan.crossings):
        for (x0, y0), (x1, y1) in pairwise(path):
            length = hypot(x1 - x0, y1 - y0)
            along = ((x1 - x0) / length, (y1 - y0) / length)
            ahead = (x_m - x0) * along[0] + (y_m - y0) * along[1]
            aside = abs((y_m - y0) * along[0] - (x_m - x0) * along[1])
            way = degrees(atan2(along[1], along[0]))
            off = abs(_turn(heading_deg, way))
            if 0 <= ahead <= length and aside < _BY_A_WALK_M and min(off, 180 - off) < _WITH_A_WALK_DEG:
                toward = way if off < 90 else way + 180.0
    return Course(x_m=x_m, y_m=y_m, toward_deg=toward, facing_deg=heading_deg)


def _ring_of(vehicle: Vehicle, toward_deg: float, street: Street) -> tuple[float, float] | None:
    if street.kind != "roundabout":
        return None
    for lane in layout(street).lanes:
        if lane.role != "ring":
            continue
        corners = lane.path_m[:-1]
        cx, cy = (sum(point[axis] for point in corners) / len(corners) for axis in (0, 1))
        radius = hypot(corners[0][0] - cx, corners[0][1] - cy)
        outward = degrees(atan2(vehicle.y_m - cy, vehicle.x_m - cx))
        off_deg = min(abs(_turn(toward_deg, outward + 90)), abs(_turn(toward_deg, outward - 90)))
        if abs(hypot(vehicle.x_m - cx, vehicle.y_m - cy) - radius) < _ON_RING_M and off_deg < _ALONG_RING_DEG:
            return cx, cy
    return None


def _turn(first_deg: float, second_deg: float) -> float:
    """Return the angle between two headings, in [-180, 180)."""
    return (radians(first_deg - second_deg) + pi) % (2 * pi) / pi * 180 - 180
