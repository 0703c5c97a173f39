"""What a place is made of, seen from above: the parts of a `Layout`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Point = tuple[float, float]
Path = tuple[Point, ...]
Role = Literal["ego", "same", "oncoming", "crossing", "ring", "aisle"]
BandKind = Literal["kerb", "pavement", "verge", "ditch", "garden", "yard", "field", "shoulder"]
SurfaceKind = Literal["lane", "ring", "shoulder", "apron"]
SymbolKind = Literal["ahead", "ahead_right", "ahead_left", "right", "left", "give_way", "rail_cross", "parking", "bus"]
StructureKind = Literal["tunnel", "bridge", "overpass", "railway_track", "canopy"]


class Lane(NamedTuple):
    """A lane: its centre line in the direction of travel, what runs on it, and whether works have closed it."""

    path_m: Path
    width_m: float
    role: Role
    closed: bool = False


class Band(NamedTuple):
    """A strip of land along a kerb line: quads between `inner_m` and `outer_m`, which have equally many points.

    Land lies to the left of the path where traffic keeps to the right, to its right otherwise; heights are metres.
    """

    kind: BandKind
    inner_m: Path
    outer_m: Path
    inner_z_m: tuple[float, ...]
    outer_z_m: tuple[float, ...]


class Paved(NamedTuple):
    """A strip of carriageway between two edges; `lateral_m` is measured from the lane's middle at either edge."""

    kind: SurfaceKind
    left_m: Path
    right_m: Path
    lateral_m: tuple[float, float]
    z_m: float = 0.0


class Island(NamedTuple):
    """A raised area within the carriageway: its outline, counter-clockwise, and what it is topped with."""

    outline_m: Path
    height_m: float
    top: Literal["stone", "grass", "mound"]


class Zebra(NamedTuple):
    """A crossing for people on foot.

    Args:
        outline_m: its four corners, counter-clockwise.
        path_m: the line people cross on, from kerb to kerb.
        width_m: across that line.
        striped: a zebra; else two dashed lines, as at signals.
    """

    outline_m: Path
    path_m: tuple[Point, Point]
    width_m: float
    striped: bool


class Line(NamedTuple):
    """A painted line; dash 0 is continuous."""

    path_m: Path
    width_m: float
    dash_m: float = 0.0
    gap_m: float = 0.0
    colour: Literal["white", "yellow"] = "white"


class Symbol(NamedTuple):
    """A painted symbol; its heading is that of the traffic it is meant for."""

    kind: SymbolKind
    x_m: float
    y_m: float
    heading_deg: float


class Frontage(NamedTuple):
    """A line along which houses stand, facing along the unit vector `facing`; `depth_m` is free behind it."""

    start_m: Point
    end_m: Point
    facing: Point
    depth_m: float


class Bay(NamedTuple):
    """A marked place to park, with the heading of a car that drove in forwards."""

    x_m: float
    y_m: float
    heading_deg: float
    length_m: float
    width_m: float


class Item(NamedTuple):
    """A piece of street furniture; `flip` mirrors it across its own x axis."""

    name: str
    x_m: float
    y_m: float
    z_m: float
    heading_deg: float
    variant: int = 0
    flip: bool = False


class Lamp(NamedTuple):
    """A street lamp: the foot of its post, and the heading along which its arm reaches out."""

    x_m: float
    y_m: float
    z_m: float
    heading_deg: float
    arms: int = 1


class Tree(NamedTuple):
    """A tree, hedge plant or bush; `seed` draws its kind."""

    x_m: float
    y_m: float
    z_m: float
    scale: float
    seed: int
    role: Literal["street", "garden", "wild", "hedge", "bush"] = "street"


class Structure(NamedTuple):
    """Something built across or around the road: its frame's origin and heading, and its length along x."""

    kind: StructureKind
    x_m: float
    y_m: float
    heading_deg: float
    length_m: float


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A place seen from above, in the frame of `scenes.spec`.

    Args:
        lanes: where vehicles drive; the ego's first.
        surfaces: strips that make up the carriageway, for whoever builds it.
        carriageways: outlines of all that can be driven on, counter-clockwise.
        islands: raised areas within them.
        closed: areas of the carriageway where nothing drives: road works.
        bands: strips of land along the kerbs.
        walk_lines: lines that people walk along on pavements, both ways.
        crossings, stop_lines: as painted.
        parking_bays: marked bays, those of parking lanes included.
        lines, symbols, hatched: further paint; a hatched area is outlined counter-clockwise.
        frontages: where houses stand.
        furniture, lamps, trees, structures: what stands about.
        spines: centre lines of the roads, and the width on either side that land levels keep clear of.
    """

    lanes: tuple[Lane, ...]
    surfaces: tuple[Paved, ...]
    carriageways: tuple[Path, ...]
    islands: tuple[Island, ...]
    closed: tuple[Path, ...]
    bands: tuple[Band, ...]
    walk_lines: tuple[Path, ...]
    crossings: tuple[Zebra, ...]
    stop_lines: tuple[tuple[Point, Point], ...]
    parking_bays: tuple[Bay, ...]
    lines: tuple[Line, ...]
    symbols: tuple[Symbol, ...]
    hatched: tuple[Path, ...]
    frontages: tuple[Frontage, ...]
    furniture: tuple[Item, ...]
    lamps: tuple[Lamp, ...]
    trees: tuple[Tree, ...]
    structures: tuple[Structure, ...]
    spines: tuple[tuple[Path, float], ...]

    @property
    def pavements(self) -> tuple[tuple[Path, float], ...]:
        """Outline, counter-clockwise where traffic keeps to the right, and height of each pavement."""
        return tuple(
            (band.inner_m + band.outer_m[::-1], max(band.outer_z_m)) for band in self.bands if band.kind == "pavement"
        )

    @property
    def verges(self) -> tuple[Path, ...]:
        """Outlines of grass along the roads."""
        return tuple(band.inner_m + band.outer_m[::-1] for band in self.bands if band.kind == "verge")

    @property
    def kerbs(self) -> tuple[tuple[Path, tuple[float, ...]], ...]:
        """Kerb lines with the height of their upper edge at each point."""
        return tuple((band.inner_m, band.inner_z_m) for band in self.bands if band.kind == "kerb")
