"""What a place's plan says: where its roads, lanes, walks, parking bays, markings and furniture lie.

Frame: as in `scenes.spec`.

Sources:
    Lane lines: 3 m dashes and 6 m gaps in towns, 4 and 8 m outside (Vienna Convention on Road Signs and Signals, annex
    2, and the European Agreement that supplements it), 0.12 and 0.15 m wide. Zebra: 0.5 m bars at 1 m. Roundabouts:
    compact type, 26 to 40 m across (FGSV Merkblatt 2006). Hard strip, median and guard rail distances: RAL and RPS
    (FGSV 2012, 2009), rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, pi
from typing import Literal, NamedTuple

import numpy as np

from scenes.spec.place import Street

Point = tuple[float, float]
Path = tuple[Point, ...]
Role = Literal["same", "oncoming", "crossing", "ring"]

BEHIND_M, AHEAD_M = -60.0, 220.0
OPEN_ROAD_M = 620.0
SIDE_HALF_M, SIDE_REACH_M = 4.2, 78.0
MEDIAN_M = 4.0
HARD_STRIP_M = 1.25
BRIDGE_M, TUNNEL_M, WORKS_M = 64.0, 240.0, 34.0
TOWN_DASH_M, OPEN_DASH_M = (3.0, 6.0), (4.0, 8.0)
"""Dash and gap of lane lines in towns, and outside."""


class Pose(NamedTuple):
    """A place and a heading on the ground."""

    x_m: float
    y_m: float
    heading_deg: float


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A lane that vehicles follow along `path_m`."""

    path_m: Path
    width_m: float
    role: Role

    def at(self, along_m: float) -> Pose:
        """Return where a vehicle is that has gone `along_m` from the path's first point."""
        left = along_m
        for (x0, y0), (x1, y1) in zip(self.path_m, self.path_m[1:], strict=False):
            step = hypot(x1 - x0, y1 - y0)
            if left <= step or (x1, y1) == self.path_m[-1]:
                share = left / step
                return Pose(x0 + share * (x1 - x0), y0 + share * (y1 - y0), degrees(atan2(y1 - y0, x1 - x0)))
            left -= step
        raise AssertionError("a lane has two points or more")

    @property
    def length_m(self) -> float:
        """Length of the path."""
        return sum(hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in zip(self.path_m, self.path_m[1:], strict=False))


@dataclass(frozen=True, kw_only=True)
class Road:
    """A strip of carriageway: its centre line and half of its width; `closed` joins its ends to a ring."""

    path_m: Path
    half_width_m: float
    closed: bool = False


@dataclass(frozen=True, kw_only=True)
class Stripe:
    """Paint along a path; without `dash_m` it is unbroken."""

    path_m: Path
    width_m: float = 0.12
    dash_m: float = 0.0
    gap_m: float = 0.0
    yellow: bool = False


@dataclass(frozen=True, kw_only=True)
class Item:
    """A piece of street furniture by its name in the catalogue.

    `state` is a signal's aspect; what is `mirrored` reaches to its right instead of its left.
    """

    name: str
    x_m: float
    y_m: float
    heading_deg: float = 0.0
    variant: int = 0
    z_m: float = 0.0
    state: str = ""
    mirrored: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    """Furniture that repeats along a path, seamlessly; `turn_deg` turns each piece against the path."""

    name: str
    path_m: Path
    step_m: float
    turn_deg: float = 0.0
    variant: int = 0

    def items(self) -> list[Item]:
        """Return the pieces."""
        line = Lane(path_m=self.path_m, width_m=1.0, role="same")
        poses = [line.at(along) for along in np.arange(self.step_m / 2, line.length_m, self.step_m).tolist()]
        return [
            Item(name=self.name, x_m=x, y_m=y, heading_deg=heading + self.turn_deg, variant=self.variant)
            for x, y, heading in poses
        ]


@dataclass(frozen=True, kw_only=True)
class Structure:
    """A tunnel, bridge or track by its name in `scenes.stage.buildings.structures`."""

    name: str
    x_m: float
    y_m: float = 0.0
    heading_deg: float = 0.0
    length_m: float = 0.0
    half_width_m: float = 0.0
    height_m: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A place's plan.

    Args:
        lanes: of moving traffic.
        roads: whose union is the carriageway.
        islands: rings that rise out of it.
        walks: lines on which people walk; crossings: on which they cross.
        bays: where vehicles park.
        stripes: paint; patches: filled quads of paint.
        items: furniture that belongs to the kind of place; rows: furniture that repeats.
        structures: tunnels, bridges, tracks.
        blocked_m: x0, y0, x1, y1 of rectangles where nobody drives or walks.
        open_ended: the road goes on to the horizon instead of ending at a row of houses.
    """

    lanes: tuple[Lane, ...]
    roads: tuple[Road, ...]
    islands: tuple[Path, ...] = ()
    walks: tuple[Path, ...] = ()
    crossings: tuple[Path, ...] = ()
    bays: tuple[Pose, ...] = ()
    stripes: tuple[Stripe, ...] = ()
    patches: tuple[Path, ...] = ()
    items: tuple[Item, ...] = ()
    rows: tuple[Row, ...] = ()
    structures: tuple[Structure, ...] = ()
    blocked_m: tuple[tuple[float, float, float, float], ...] = ()
    open_ended: bool = False


def offset(path: Sequence[Point], left_m: float) -> Path:
    """Return a path beside another, `left_m` to its left; good for gentle bends."""
    before, after = (path[0], *path[:-1]), (*path[1:], path[-1])
    moved = []
    for (x, y), (x0, y0), (x1, y1) in zip(path, before, after, strict=True):
        share = left_m / hypot(x1 - x0, y1 - y0)
        moved.append((x - share * (y1 - y0), y + share * (x1 - x0)))
    return tuple(moved)


def straight(x0: float, x1: float, y: float) -> Path:
    """Return a path along x."""
    return ((x0, y), (x1, y))


def centre_line(street: Street) -> Path:
    """Return the road's centre line: straight in towns; outside, it bends away beyond 90 m."""
    if street.kind not in ("rural_road", "dual_carriageway"):
        return straight(BEHIND_M, AHEAD_M, 0.0)
    side = 1 if street.seed % 2 else -1
    bend_m = 40.0 + street.seed % 50
    xs = (BEHIND_M, 0.0, 60.0, 90.0, *np.arange(110.0, OPEN_ROAD_M + 1, 20.0))
    return tuple((float(x), side * bend_m * (1 - cos(max(0.0, x - 90.0) / 530.0 * pi)) / 2) for x in xs)
