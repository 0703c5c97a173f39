"""A layout under construction, drawn as if traffic kept to the right and mirrored as it is written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scenes.places.parts import (
    Band,
    BandKind,
    Bay,
    Frontage,
    Island,
    Item,
    Lamp,
    Lane,
    Layout,
    Paved,
    Path,
    Point,
    Role,
    Structure,
    StructureKind,
    SurfaceKind,
    Symbol,
    SymbolKind,
    Tree,
    Zebra,
)
from scenes.places.parts import Line as Painted
from scenes.places.spine import Line, Spine
from scenes.spec import Street

CHIRAL = frozenset(
    {
        "signal_gantry",
        "level_crossing_barrier",
        "guard_rail",
        "guard_rail_end",
        "concrete_barrier",
        "pedestrian_railing",
        "fence_picket",
        "fence_chain_link",
        "fence_steel",
        "wall_low_brick",
        "chevron_board",
    }
)
"""Furniture that has a left and a right and carries no letters: it is mirrored where traffic keeps to the left."""
_SWAPPED: dict[SymbolKind, SymbolKind] = {
    "left": "right",
    "right": "left",
    "ahead_left": "ahead_right",
    "ahead_right": "ahead_left",
}


@dataclass(frozen=True, eq=False)
class Edge:
    """A kerb line with land to its left.

    Args:
        row: distance into the land to the parallel's points, (N, 2), N the same for all distances.
        drops: (N,) share of the full kerb height, 0 at dropped kerbs.
        corner: indices of the first and last point of a rounded corner.
    """

    row: Callable[[float], Line]
    drops: Line
    corner: tuple[int, int] | None = None

    def track(self, into_m: float) -> Track:
        """Return a parallel for walking along."""
        return Track.of(self.row(into_m))

    def kept_clear(self, track: Track, margin_m: float) -> list[tuple[float, float]]:
        """Return the stretches of one of its tracks where nothing may stand: the corner and dropped kerbs."""
        spans = [self.corner] if self.corner else []
        low = np.flatnonzero(self.drops < 1)
        if len(low):
            groups = np.split(low, np.flatnonzero(np.diff(low) > 1) + 1)
            spans += [(int(group[0]), int(group[-1])) for group in groups]
        return [(float(track.stations_m[a]) - margin_m, float(track.stations_m[b]) + margin_m) for a, b in spans]


@dataclass(frozen=True, eq=False)
class Track:
    """A polyline by its length."""

    points_m: Line
    stations_m: Line

    @classmethod
    def of(cls, points_m: Line) -> Track:
        """Measure a polyline."""
        steps = np.hypot(*np.diff(points_m, axis=0).T)
        return cls(points_m, np.concatenate([[0.0], np.cumsum(steps)]))

    @property
    def length_m(self) -> float:
        """Its whole length."""
        return float(self.stations_m[-1])

    def at(self, stations_m: Any) -> tuple[Line, Line]:
        """Return points (K, 2) and headings in degrees (K,)."""
        where = np.clip(np.searchsorted(self.stations_m, stations_m, side="right") - 1, 0, len(self.stations_m) - 2)
        ahead = self.points_m[where + 1] - self.points_m[where]
        long = np.maximum(np.hypot(ahead[:, 0], ahead[:, 1]), 1e-9)
        share = (np.asarray(stations_m) - self.stations_m[where]) / long
        return self.points_m[where] + ahead * share[:, None], np.rad2deg(np.arctan2(ahead[:, 1], ahead[:, 0]))


@dataclass(eq=False)
class Draft:
    """Collects the parts of a layout; `street.drive_on` decides whether y is mirrored.

    Args:
        street: what to draw.
        dressed: whether to draw what nobody drives or walks on: land, paint, houses, furniture, trees.
        parts, edges: what was drawn so far.
    """

    street: Street
    dressed: bool = True
    parts: dict[str, list[Any]] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng([self.street.seed, 3])
        self.dress_rng = np.random.default_rng([self.street.seed, 4])
        self.sign = 1.0 if self.street.drive_on == "right" else -1.0
        self._turn = np.array([1.0, self.sign])
        self.parts = {name: [] for name in Layout.__annotations__}

    def path(self, points: Any, *, outline: bool = False) -> Path:
        """Write points down; outlines stay counter-clockwise."""
        rows = (np.asarray(points) * self._turn).round(4)
        if outline and self.sign < 0:
            rows = rows[::-1]
        return tuple(map(tuple, rows.tolist()))

    def point(self, point: Any) -> Point:
        """Write one point down."""
        return round(float(point[0]), 4), round(float(point[1]) * self.sign, 4)

    def heading(self, degrees: float) -> float:
        """Write a heading down."""
        return round(float(degrees) * self.sign % 360.0, 3)

    def lane(self, line: Line, width_m: float, role: Role, *, closed: bool = False) -> None:
        """Add a lane by its centre line in the direction of travel."""
        self.parts["lanes"].append(Lane(self.path(line), width_m, role, closed))

    def paved(
        self,
        kind: SurfaceKind,
        left: Line,
        right: Line,
        *,
        lateral_m: tuple[float, float] = (9.0, 9.0),
        z_m: float = 0.0,
    ) -> None:
        """Add a strip of surface; lateral 9 and more is far from any wheel track."""
        if not self.dressed:
            return
        edges = (left, right) if self.sign > 0 else (right, left)
        self.parts["surfaces"].append(Paved(kind, self.path(edges[0]), self.path(edges[1]), lateral_m, z_m))

    def carriageway(self, outline: Any) -> None:
        """Add an outline that can be driven on."""
        self.parts["carriageways"].append(self.path(outline, outline=True))

    def ribbon(self, line: Spine, left_m: float, right_m: float) -> None:
        """Add the carriageway between two parallels of a spine; `right_m` is negative on its right."""
        self.carriageway(np.vstack([line.offset(right_m), line.offset(left_m)[::-1]]))

    def island(self, outline: Any, height_m: float, top: str) -> None:
        """Add a raised area."""
        self.parts["islands"].append(Island(self.path(outline, outline=True), height_m, top))  # type: ignore[arg-type]

    def closed(self, outline: Any) -> None:
        """Close a part of the carriageway."""
        self.parts["closed"].append(self.path(outline, outline=True))

    def line(
        self, points: Any, width_m: float = 0.12, dash_m: float = 0.0, gap_m: float = 0.0, colour: Any = "white"
    ) -> None:
        """Paint a line."""
        if not self.dressed:
            return
        self.parts["lines"].append(Painted(self.path(points), width_m, dash_m, gap_m, colour))

    def symbol(self, kind: SymbolKind, x_m: float, y_m: float, heading_deg: float) -> None:
        """Paint a symbol; left and right change places in the mirror."""
        if not self.dressed:
            return
        kind = _SWAPPED.get(kind, kind) if self.sign < 0 else kind
        self.parts["symbols"].append(Symbol(kind, x_m, y_m * self.sign, self.heading(heading_deg)))

    def stop(self, start: Any, end: Any) -> None:
        """Paint a stop line."""
        self.parts["stop_lines"].append((self.point(start), self.point(end)))

    def hatch(self, outline: Any) -> None:
        """Paint a hatched area."""
        if not self.dressed:
            return
        self.parts["hatched"].append(self.path(outline, outline=True))

    def zebra(self, line: Spine, station_m: float, half_m: float, width_m: float, *, striped: bool) -> None:
        """Paint a crossing over a spine, from kerb to kerb."""
        across = line.at([station_m, station_m], 0.0)[0], np.deg2rad(line.headings_deg([station_m])[0])
        ahead = np.array([np.cos(across[1]), np.sin(across[1])]) * width_m / 2
        left = np.array([-ahead[1], ahead[0]]) * 2 / width_m * half_m
        middle = across[0]
        corners = [middle - ahead - left, middle + ahead - left, middle + ahead + left, middle - ahead + left]
        ends = self.point(middle - left), self.point(middle + left)
        self.parts["crossings"].append(Zebra(self.path(corners, outline=True), ends, width_m, striped))

    def bay(self, x_m: float, y_m: float, heading_deg: float, length_m: float, width_m: float) -> None:
        """Mark a place to park."""
        where = self.point((x_m, y_m))
        self.parts["parking_bays"].append(Bay(*where, self.heading(heading_deg), length_m, width_m))

    def item(self, name: str, where: Any, heading_deg: float, variant: int = 0, z_m: float = 0.0) -> None:
        """Stand a piece of furniture."""
        if not self.dressed:
            return
        flip = self.sign < 0 and name in CHIRAL
        self.parts["furniture"].append(Item(name, *self.point(where), z_m, self.heading(heading_deg), variant, flip))

    def lamp(self, where: Any, heading_deg: float, *, arms: int = 1, z_m: float = 0.0) -> None:
        """Stand a street lamp."""
        if not self.dressed:
            return
        self.parts["lamps"].append(Lamp(*self.point(where), z_m, self.heading(heading_deg), arms))

    def tree(self, where: Any, scale: float, seed: int, role: Any = "street", z_m: float = 0.0) -> None:
        """Plant a tree."""
        if not self.dressed:
            return
        self.parts["trees"].append(Tree(*self.point(where), z_m, round(scale, 3), seed, role))

    def structure(self, kind: StructureKind, where: Any, heading_deg: float, length_m: float) -> None:
        """Build something; its frame is not mirrored, only where it stands."""
        if not self.dressed:
            return
        self.parts["structures"].append(
            Structure(kind, *self.point(where), self.heading(heading_deg), round(length_m, 3))
        )

    def spine(self, line: Spine, reach_m: float) -> None:
        """Keep rising land away from a road."""
        if not self.dressed:
            return
        self.parts["spines"].append((self.path(line.points_m), reach_m))

    def frontage(self, start: Any, end: Any, depth_m: float) -> None:
        """Line up houses; they face the right of the way from start to end."""
        if not self.dressed:
            return
        ahead = np.subtract(end, start)
        ahead = ahead / np.hypot(*ahead)
        ends = (self.point(start), self.point(end))
        ends = ends if self.sign > 0 else ends[::-1]
        self.parts["frontages"].append(Frontage(*ends, self.point((ahead[1], -ahead[0])), depth_m))

    def bands(self, edge: Edge, profile: Sequence[tuple[BandKind, float, float]]) -> None:
        """Lay strips of land along an edge: kind, width and height of the outer rim of each, from the kerb on."""
        self.edges.append(edge)
        if not self.dressed:
            return
        full = np.ones(len(edge.drops))
        into, inner, z = 0.0, edge.row(0.0), 0.0 * full
        for kind, width, height in profile:
            outer = edge.row(into + width)
            low = edge.drops if kind == "kerb" else full
            rim = height * low + (1 - low) * 0.02
            near = rim if kind == "kerb" else z
            self.parts["bands"].append(
                Band(
                    kind,
                    self.path(inner),
                    self.path(outer),
                    tuple(near.round(4).tolist()),
                    tuple(rim.round(4).tolist()),
                )
            )
            into, inner, z = into + width, outer, rim

    def walk(self, edge: Edge, into_m: float) -> None:
        """Let people walk along an edge."""
        self.parts["walk_lines"].append(self.path(edge.row(into_m)))

    def layout(self) -> Layout:
        """Return what was drawn."""
        return Layout(**{name: tuple(found) for name, found in self.parts.items()})
