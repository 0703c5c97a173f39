"""What a place's plan says: where its roads, lanes, walks, parking bays, markings and furniture lie.

Plans are drawn for traffic on the right and mirrored for traffic on the left. Frame: as in `scenes.spec`.

Sources:
    Lane lines: 3 m dashes and 6 m gaps in towns, 4 and 8 m outside (Vienna Convention on Road Signs and Signals, annex
    2, and the European Agreement that supplements it), 0.12 and 0.15 m wide. Zebra: 0.5 m bars at 1 m. Roundabouts:
    compact type, 26 to 40 m across (FGSV Merkblatt 2006). Hard strip, median and guard rail distances: RAL and RPS
    (FGSV 2012, 2009), rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
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
_ONE_SIDED = ("signal_gantry",)  # its arm reaches to one side: its mirror image is another piece


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


@dataclass(kw_only=True)
class Draft:
    """A plan under construction, for traffic on the right."""

    street: Street
    rng: np.random.Generator
    lanes: list[Lane] = field(default_factory=list)
    roads: list[Road] = field(default_factory=list)
    islands: list[Path] = field(default_factory=list)
    walks: list[Path] = field(default_factory=list)
    crossings: list[Path] = field(default_factory=list)
    bays: list[Pose] = field(default_factory=list)
    stripes: list[Stripe] = field(default_factory=list)
    patches: list[Path] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    structures: list[Structure] = field(default_factory=list)
    blocked_m: list[tuple[float, float, float, float]] = field(default_factory=list)
    open_ended: bool = False

    @property
    def half_m(self) -> float:
        """Distance from the centre line to the kerb."""
        return self.street.road_half_width_m

    @property
    def feature_m(self) -> float:
        """Where the place's feature stands."""
        return self.street.feature_x_m or 0.0

    def item(self, name: str, x_m: float, y_m: float, heading_deg: float = 0.0, **fields: object) -> None:
        """Add a piece of furniture; its variant is drawn unless given."""
        told = {"variant": int(self.rng.integers(64)), **fields}
        self.items.append(Item(name=name, x_m=x_m, y_m=y_m, heading_deg=heading_deg, **told))  # type: ignore[arg-type]

    def quad(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Add a filled rectangle of paint between two opposite corners."""
        x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        self.patches.append(((x0, y0), (x1, y0), (x1, y1), (x0, y1)))

    def arrow(self, x_m: float, y_m: float, way: int, turns: tuple[int, ...] = (0,)) -> None:
        """Paint a lane arrow of 4 m that points along `way` * x; `turns`: 0 ahead, 1 to its left, -1 to its right."""
        shapes = [[(0.0, -0.08), (2.6, -0.08), (2.6, 0.08), (0.0, 0.08)]]
        for turn in turns:
            if turn:
                arm = [(2.2, 0.08), (2.2, 0.45), (2.45, 0.45), (2.45, 0.08)]
                head = [(1.8, 0.45), (2.325, 1.05), (2.85, 0.45), (2.325, 0.45)]
                shapes += [[(x, y * turn) for x, y in part] for part in (arm, head)]
            else:
                shapes.append([(2.6, -0.28), (4.0, 0.0), (2.6, 0.28), (2.6, 0.0)])
        self.patches += [tuple((x_m + way * x, y_m + way * y) for x, y in shape) for shape in shapes]

    def done(self) -> Layout:
        """Return the plan, mirrored if traffic keeps to the left."""
        if self.street.drive_on == "left":
            return self._mirrored()
        return Layout(
            lanes=tuple(self.lanes),
            roads=tuple(self.roads),
            islands=tuple(self.islands),
            walks=tuple(self.walks),
            crossings=tuple(self.crossings),
            bays=tuple(self.bays),
            stripes=tuple(self.stripes),
            patches=tuple(self.patches),
            items=tuple(self.items),
            rows=tuple(self.rows),
            structures=tuple(self.structures),
            blocked_m=tuple(self.blocked_m),
            open_ended=self.open_ended,
        )

    def _mirrored(self) -> Layout:
        return Layout(
            lanes=tuple(Lane(path_m=_path(i.path_m), width_m=i.width_m, role=i.role) for i in self.lanes),
            roads=tuple(Road(path_m=_path(i.path_m), half_width_m=i.half_width_m, closed=i.closed) for i in self.roads),
            islands=tuple(_path(ring) for ring in self.islands),
            walks=tuple(_path(line) for line in self.walks),
            crossings=tuple(_path(line) for line in self.crossings),
            bays=tuple(Pose(x, -y, -heading) for x, y, heading in self.bays),
            stripes=tuple(replace(i, path_m=_path(i.path_m)) for i in self.stripes),
            patches=tuple(_path(ring) for ring in self.patches),
            items=tuple(_flipped(item) for item in self.items),
            rows=tuple(
                Row(
                    name=i.name,
                    path_m=_path(i.path_m),
                    step_m=i.step_m,
                    turn_deg=i.turn_deg + 180.0,
                    variant=i.variant,
                )
                for i in self.rows
            ),
            structures=tuple(self.structures),
            blocked_m=tuple((x0, -y1, x1, -y0) for x0, y0, x1, y1 in self.blocked_m),
            open_ended=self.open_ended,
        )


def _path(path: Path) -> Path:
    return tuple((x, -y) for x, y in path)


def _flipped(item: Item) -> Item:
    mirrored = item.mirrored != (item.name in _ONE_SIDED)
    return replace(item, y_m=-item.y_m, heading_deg=-item.heading_deg, mirrored=mirrored)


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
