"""What stands behind the houses of a street, up to where the far world begins; no Blender."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import shapely

from scenes.site.plan import BRIDGE_M, OPEN_ROAD_M, SIDE_REACH_M, Layout
from scenes.spec.place import Street
from scenes.stage.asset import Asset, Piece
from scenes.stage.lamps import TRACE_GAIN
from scenes.stage.mesh import MeshBuilder, Points
from scenes.stage.site.crowns import Crowns, crowns
from scenes.stage.site.rows import Blocks, boxes, lit_windows, roofs
from scenes.stage.surface import Surface, surface

_SLOTS = ("facade", "roof", "wood")
_WOOD = 2
_SECOND_ROW_M = 52.0  # behind the deepest frontage
_CROSSED_M = MappingProxyType({"city": 30.0, "suburb": 34.0, "industrial": 50.0, "rural": 50.0})
_PLASTER = np.array([(0.33, 0.3, 0.26), (0.42, 0.4, 0.36), (0.2, 0.13, 0.1), (0.27, 0.26, 0.26), (0.38, 0.33, 0.24)])
_SHEET = np.array([(0.4, 0.41, 0.42), (0.23, 0.25, 0.28), (0.5, 0.5, 0.48), (0.15, 0.2, 0.27), (0.3, 0.27, 0.23)])
_TILES = np.array([(0.14, 0.06, 0.04), (0.09, 0.06, 0.05), (0.06, 0.06, 0.065), (0.18, 0.08, 0.05)])


class Around(NamedTuple):
    """What the rows are told: JSON can say it.

    `crossed_m` are the x between which a road, a track or a river leaves to both sides, as far as `crossed_to_m`.
    """

    surroundings: str
    model: int
    high_m: float
    lit_share: float
    open_road: bool
    crossed_m: tuple[float, float]
    crossed_to_m: float


def around(street: Street, plan: Layout) -> Around:
    """Return what the rows behind a place depend on."""
    at, half = street.feature_x_m or 0.0, _CROSSED_M[street.surroundings]
    crossed, reach = (0.0, 0.0), 0.0
    if street.kind in ("crossroads", "t_junction", "roundabout", "level_crossing"):
        crossed, reach = (round(at - half), round(at + half)), SIDE_REACH_M + 50.0
    if street.kind == "bridge":
        crossed, reach = (round(at), round(at + BRIDGE_M)), OPEN_ROAD_M
    high = 3.0 * max(1, round(street.houses_height_m / 3.0))
    lit = round(street.lit_window_share, 1)
    return Around(street.surroundings, street.seed % 6, high, lit, plan.open_ended, crossed, reach)


def geometry(told: Around) -> Asset:
    """Return what stands behind the frontage in the place's own frame, up to 25,000 triangles."""
    rng = np.random.default_rng([31, told.model])
    land, glow = MeshBuilder(), MeshBuilder()
    {"city": _city, "suburb": _suburb, "industrial": _industrial, "rural": _rural}[told.surroundings](
        land, glow, told, rng
    )
    pieces = [Piece(solid=land.solid("land", _SLOTS, smooth=True, crease_deg=35.0))]
    if glow:
        pieces.append(Piece(solid=glow.solid("windows", ("glow",), light_group="windows")))
    return Asset(pieces=tuple(pieces))


def finish(street: Street) -> dict[str, Surface]:
    """Return what facades, roofs and trees show in the place's weather."""
    snow = round(min(1.0, 1.2 * street.snow), 1)
    green = (0.037, 0.056, 0.022) if street.surroundings != "rural" else (0.036, 0.052, 0.024)
    return {
        "facade": surface("skyline_facade", snow=snow),
        "roof": surface("skyline_facade", snow=snow),
        "wood": surface("far_wood", colour=green, snow=snow),
        "glow": surface("far_window", gain=TRACE_GAIN["windows"]),
    }


def _city(land: MeshBuilder, glow: MeshBuilder, told: Around, rng: np.random.Generator) -> None:
    """Build rows of blocks behind the frontage and beyond the street's ends, and a few that overlook them."""
    rows = [_row(told, rng, y, (14.0, 30.0), 14.0, 1.5) for y in (_SECOND_ROW_M, 92.0, 140.0)]
    where = _scatter(rng, 40, 190.0, 300.0)
    size = np.column_stack([rng.uniform(18, 42, 40), rng.uniform(16, 30, 40), told.high_m * rng.uniform(1.0, 2.4, 40)])
    rows.append(Blocks(where, size, 90.0 * rng.integers(0, 2, 40) + rng.normal(0, 6, 40)))
    _house(land, glow, told, _kept(_joined(rows), told), rng, pitched=0.25)


def _suburb(land: MeshBuilder, glow: MeshBuilder, told: Around, rng: np.random.Generator) -> None:
    """Build rows of houses with gardens and trees between them."""
    rows = [_row(told, rng, y, (9.0, 14.0), 9.0, 9.0) for y in (_SECOND_ROW_M, 84.0, 118.0, 160.0)]
    _house(land, glow, told, _kept(_joined(rows), told), rng, pitched=0.9)
    _trees(land, told, _scatter(rng, 170, 75.0, 330.0), rng, (6.0, 13.0))


def _industrial(land: MeshBuilder, _: MeshBuilder, told: Around, rng: np.random.Generator) -> None:
    """Build halls with trees between them."""
    where = np.concatenate([_scatter(rng, 30, 85.0, 300.0), _scatter(rng, 20, 75.0, 160.0)])
    many = len(where)
    size = np.column_stack([rng.uniform(28, 70, many), rng.uniform(20, 40, many), rng.uniform(6, 14, many)])
    halls = _kept(Blocks(where, size, 90.0 * rng.integers(0, 2, many).astype(float)), told)
    plaster = _SHEET[rng.integers(len(_SHEET), size=len(halls.where))]
    share = rng.choice([0.0, 0.0, 0.25], len(halls.where))
    boxes(land, halls, np.column_stack([plaster * rng.uniform(0.7, 1.1, (len(plaster), 1)), share]))
    _trees(land, told, _scatter(rng, 90, 80.0, 300.0), rng, (6.0, 13.0))


def _rural(land: MeshBuilder, _: MeshBuilder, told: Around, rng: np.random.Generator) -> None:
    """Grow hedgerows and copses between the fields."""
    hedges = [_hedge(rng) for _ in range(9)]
    copses = [spot + rng.normal(0, 14.0, (12, 2)) for spot in _scatter(rng, 6, 170.0, 420.0)]
    _trees(land, told, np.concatenate([*hedges, *copses]), rng, (5.0, 12.0))


def _house(
    land: MeshBuilder, glow: MeshBuilder, told: Around, houses: Blocks, rng: np.random.Generator, *, pitched: float
) -> None:
    many = len(houses.where)
    tone = _PLASTER[rng.integers(len(_PLASTER), size=many)] * rng.uniform(0.7, 1.15, (many, 1))
    boxes(land, houses, np.column_stack([tone, rng.uniform(0.25, 0.75, many)]))
    steep = (rng.random(many) < pitched) & (houses.size_m[:, 2] < 24.0)
    tiles = _TILES[rng.integers(len(_TILES), size=many)] * rng.uniform(0.8, 1.3, (many, 1))
    roofed = np.column_stack([tiles, np.zeros(many)])[steep]
    roofs(land, Blocks(*(part[steep] for part in houses)), roofed)
    lit_windows(glow, houses, 0.45 * told.lit_share, rng)


def _trees(
    land: MeshBuilder, told: Around, where: Points, rng: np.random.Generator, high_m: tuple[float, float]
) -> None:
    where = _free(where, told, 7.0)
    high = rng.uniform(*high_m, len(where))
    crowns(land, Crowns(where, high * rng.uniform(0.38, 0.6, len(where)), high), rng, _WOOD)


def _row(  # noqa: PLR0917  # a row of houses is these numbers
    told: Around, rng: np.random.Generator, y_m: float, width_m: tuple[float, float], depth_m: float, gap_m: float
) -> Blocks:
    """Return a row of houses along both sides of the street, and across both of its ends."""
    pitch = sum(width_m) / 2 + gap_m
    xs = np.arange(-150.0, 420.0, pitch)
    ys = np.arange(-y_m, y_m, pitch)
    spots = [
        np.column_stack([xs + rng.normal(0, gap_m / 4 + 0.1, len(xs)), np.full(len(xs), side * (y_m + depth_m / 2))])
        for side in (-1, 1)
    ]
    ends = [np.column_stack([np.full(len(ys), x), ys]) for x in (-44.0 - y_m, 212.0 + y_m)]
    where = np.concatenate([*spots, *ends])
    many = len(where)
    size = np.column_stack(
        [rng.uniform(*width_m, many), rng.uniform(0.8, 1.2, many) * depth_m, told.high_m * rng.uniform(0.75, 1.5, many)]
    )
    heading = np.repeat([0.0, 0.0, 90.0, 90.0], [len(xs), len(xs), len(ys), len(ys)])
    return Blocks(where, size, heading)


def _joined(rows: list[Blocks]) -> Blocks:
    return Blocks(*(np.concatenate(part) for part in zip(*rows, strict=True)))


def _kept(houses: Blocks, told: Around) -> Blocks:
    keep = _is_free(houses.where, told, 0.5 * houses.size_m[:, :2].max(axis=1))
    return Blocks(*(part[keep] for part in houses))


def _free(where: Points, told: Around, radius_m: float) -> Points:
    return np.asarray(where[_is_free(where, told, np.full(len(where), radius_m))])


def _is_free(where: Points, told: Around, radius_m: Points) -> Points:
    """Tell which circles stay clear of the road, its frontage, and what crosses it."""
    wide = _SECOND_ROW_M - 4.0
    street = [shapely.box(-82.0, -wide, 262.0, wide)]
    if told.open_road:
        street = [shapely.box(-OPEN_ROAD_M, -48.0, 90.0, 48.0), shapely.box(60.0, -118.0, OPEN_ROAD_M + 20, 118.0)]
    if told.crossed_to_m:
        (x0, x1), reach = told.crossed_m, told.crossed_to_m
        street.append(shapely.box(x0, -reach, x1, reach))
    return np.asarray(shapely.distance(shapely.union_all(street), shapely.points(where)) > radius_m * 0.9)


def _scatter(rng: np.random.Generator, many: int, near_m: float, far_m: float) -> Points:
    angle = np.linspace(0, 2 * np.pi, many, endpoint=False) + rng.normal(0, 0.1, many)
    away = np.sqrt(rng.uniform(near_m**2, far_m**2, many))
    return np.column_stack([away * np.cos(angle), away * np.sin(angle)])


def _hedge(rng: np.random.Generator) -> Points:
    angle, away, turned = rng.uniform(0, 2 * np.pi), rng.uniform(140, 480), rng.uniform(0, np.pi)
    along = np.linspace(-1, 1, 16)[:, None] * rng.uniform(50, 110)
    middle = away * np.array([np.cos(angle), np.sin(angle)])
    return np.asarray(middle + along * np.array([np.cos(turned), np.sin(turned)]) + rng.normal(0, 2.0, (16, 2)))
