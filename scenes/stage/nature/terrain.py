"""The land around a place, 1.7 km each way: lots, lawns, or fields in strips, over gentle relief."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from scenes.site.plan import BRIDGE_M, TUNNEL_M
from scenes.spec.place import Street
from scenes.stage.asset import Asset, Piece
from scenes.stage.mesh import MeshBuilder, Points
from scenes.stage.nature.leaves import tinted
from scenes.stage.nature.relief import relief_m
from scenes.stage.nature.season import Season
from scenes.stage.surface import Surface, surface

REACH_M = 1700.0
MODELS = 8
BELOW_M = 0.08
"""How far the land lies below the road, so that whatever is laid on it hides it."""

RIVER_INSET_M = 7.0
"""From a bridge's ends to the banks, as in the plan of its ground."""

_RIVER_BED_M = -6.6
_HILL_M = 15.0
_PORTAL_ROOF_M = 7.0
_WINGS_M = (17.0, 26.0)
_TUNNEL_STEPS_M = (0.7, 0.9, 9.0, 20.0, 36.0)
_SEED = 940
_PLAIN, _ROWS_X, _ROWS_Y = range(3)
_SLOTS = ("ground", "rows_x", "rows_y")
Colour = tuple[float, float, float]


class _Lot(NamedTuple):
    """One use of land: how often, its albedo over the finish's grey, and whether it is sown in rows."""

    share: float
    rgb: Colour
    sown: bool = False


_GREY = 0.1
_LOTS: Mapping[str, tuple[_Lot, ...]] = MappingProxyType(
    {
        "city": (
            _Lot(0.5, (0.12, 0.118, 0.115)),
            _Lot(0.3, (0.2, 0.195, 0.185)),
            _Lot(0.2, (0.05, 0.072, 0.024)),
        ),
        "suburb": (
            _Lot(0.6, (0.052, 0.077, 0.026)),
            _Lot(0.25, (0.06, 0.08, 0.028)),
            _Lot(0.15, (0.11, 0.1, 0.085)),
        ),
        "industrial": (
            _Lot(0.5, (0.14, 0.132, 0.12)),
            _Lot(0.25, (0.075, 0.075, 0.076)),
            _Lot(0.25, (0.075, 0.085, 0.035)),
        ),
        "rural": (
            _Lot(0.26, (0.056, 0.086, 0.027)),
            _Lot(0.22, (0.065, 0.088, 0.026), sown=True),
            _Lot(0.2, (0.2, 0.155, 0.06), sown=True),
            _Lot(0.17, (0.085, 0.062, 0.043), sown=True),
            _Lot(0.1, (0.13, 0.118, 0.042)),
            _Lot(0.05, (0.24, 0.21, 0.02)),
        ),
    }
)
_LATE = MappingProxyType(
    {"summer": (1.0, 1.0, 1.0), "autumn": (1.15, 0.95, 0.9), "winter": (1.1, 0.85, 0.95), "snow": (1.1, 0.85, 0.95)}
)


def terrain_geometry(street: Street) -> Asset:
    """Return the land around a place, in world coordinates, about 8,000 triangles.

    It is level, `BELOW_M` under the road, wherever roads may lie; it has a bed where a bridge crosses a river, and a
    hill over a tunnel. Only the street's kind, surroundings, feature and seed count.
    """
    rng = np.random.default_rng([_SEED, street.seed])
    xs, ys = (_lines(rng, _cuts(street) if axis == "x" else ()) for axis in "xy")
    if street.kind == "tunnel":
        walls = np.array([_mouth_m(street), *_WINGS_M])
        ys = np.unique(np.concatenate([ys, -walls, walls]))
    points = np.stack(np.meshgrid(xs, ys, indexing="ij"), axis=-1)
    z = heights_m(points, street)
    rows, columns = len(xs), len(ys)
    index = np.arange(rows * columns).reshape(rows, columns)
    quads = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], axis=-1)
    slots, tints = _lots(street, rows - 1, columns - 1, rng)
    kept = _kept(street, xs, ys)
    builder = MeshBuilder()
    builder.add(np.concatenate([points, z[..., None]], axis=-1), quads[kept], slots[kept])
    tinted(builder, tints[kept])
    return Asset(pieces=(Piece(solid=builder.solid("terrain", _SLOTS, smooth=True, crease_deg=30.0)),))


def terrain_finish(street: Street, season: Season = "summer") -> dict[str, Surface]:
    """Return what the land shows.

    Args:
        street: the place; its snow lies on the land too.
        season: one of `season.SEASONS`.
    """
    grown = tuple(_GREY * late for late in _LATE[season])
    snow = max(min(1.0, 1.3 * street.snow), 0.85 if season == "snow" else 0.0)
    kinds = {"ground": "none", "rows_x": "x", "rows_y": "y"}
    patchy = 0.4 if street.surroundings in ("industrial", "rural") else 0.25
    return {slot: surface("field", colour=grown, rows=rows, patchy=patchy, snow=snow) for slot, rows in kinds.items()}


def heights_m(points: Points, street: Street) -> Points:
    """Return how high the land lies at (..., 2) world points, so that things can stand on it."""
    z = relief_m(points, street.surroundings, street.seed % MODELS) - BELOW_M
    if street.feature_x_m is None:
        return z
    x, y = points[..., 0] - street.feature_x_m, points[..., 1]
    if street.kind == "bridge":
        inside = (x > RIVER_INSET_M + 1e-3) & (x < BRIDGE_M - RIVER_INSET_M - 1e-3)
        return np.where(inside, _RIVER_BED_M, np.where(_near_river(x), np.minimum(z, 2.0), z))
    if street.kind == "tunnel":
        along = np.clip(np.minimum(x, TUNNEL_M - x), 0.0, None)
        behind = np.clip((np.abs(y) - _WINGS_M[0]) / (_WINGS_M[1] - _WINGS_M[0]), 0.0, 1.0)
        roof = _PORTAL_ROOF_M * (1 - behind * np.exp(-along / 16.0))  # a cliff only where the headwall hides it
        crest = roof + _HILL_M * (1 - np.exp(-along / 45.0))
        aside = np.clip((np.abs(y) - street.road_half_width_m - 4.0) / 140.0, 0.0, 1.0)
        return np.where(along > 0.8, np.maximum(z, crest * (1 - aside) ** 2), z)
    return z


def river(width_m: float, length_m: float = 2 * REACH_M) -> Asset:
    """Return a river's surface: a level strip along y about the origin, at z = 0; see `river_finish`."""
    builder = MeshBuilder()
    x, y = width_m / 2, length_m / 2
    builder.quad([[-x, -y, 0], [x, -y, 0], [x, y, 0], [-x, y, 0]])
    return Asset(pieces=(Piece(solid=builder.solid("river", ("water",))),))


def river_finish() -> dict[str, Surface]:
    """Return what a river shows."""
    return {"water": surface("water", colour=(0.022, 0.032, 0.026), ripple_m=0.7)}


def _near_river(x_m: Points) -> Points:
    return np.asarray((x_m > RIVER_INSET_M - 15.0) & (x_m < BRIDGE_M - RIVER_INSET_M + 15.0))


def _mouth_m(street: Street) -> float:
    return street.road_half_width_m + 1.6


def _cuts(street: Street) -> tuple[float, ...]:
    """Return where the land breaks along x: river banks, tunnel portals."""
    c = street.feature_x_m or 0.0
    if street.kind == "bridge":
        near, far = c + RIVER_INSET_M, c + BRIDGE_M - RIVER_INSET_M
        return (near, near + 1.5, far - 1.5, far)
    if street.kind == "tunnel":
        return tuple(c + x for step in _TUNNEL_STEPS_M for x in (step, TUNNEL_M - step))
    return ()


def _lines(rng: np.random.Generator, cuts: tuple[float, ...]) -> Points:
    """Return grid lines over the land, dense in the middle and uneven, with some at given places."""
    near = np.cumsum(rng.uniform(18, 38, 30)) - 15 * 28
    out = [np.cumsum(rng.uniform(50, 85, 26)) for _ in range(2)]
    lines = np.concatenate([near[0] - out[0], near, near[-1] + out[1]])
    lines = np.concatenate([[-REACH_M], np.sort(lines[np.abs(lines) < REACH_M - 20]), [REACH_M]])
    for cut in cuts:
        lines = lines[np.abs(lines - cut) > 3.0]
    return np.unique(np.concatenate([lines, cuts]))


def _lots(street: Street, rows: int, columns: int, rng: np.random.Generator) -> tuple[Points, Points]:
    """Return slots (rows, columns) and tints (rows, columns, 4): strips of 1 to 2 columns, cut into runs of rows."""
    lots = _LOTS[street.surroundings]
    shares = np.array([lot.share for lot in lots])
    strip = np.repeat(np.arange(columns), rng.integers(1, 3, columns))[:columns]
    ends = rng.random((columns, rows)) < 0.3
    run = np.cumsum(ends, axis=1)[strip].T
    each = strip[None] * (rows + 1) + run
    kind = rng.choice(len(lots), p=shares / shares.sum(), size=columns * (rows + 1))[each]
    light = np.exp(rng.normal(0, 0.13, columns * (rows + 1)))[each]
    lengthwise = (rng.random(columns * (rows + 1)) < 0.5)[each]
    rgb = np.array([lot.rgb for lot in lots])[kind] / _GREY * light[..., None]
    sown = np.array([lot.sown for lot in lots])[kind]
    slots = np.where(sown, np.where(lengthwise, _ROWS_X, _ROWS_Y), _PLAIN)
    return slots, np.concatenate([rgb, np.ones((rows, columns, 1))], axis=-1)


def _kept(street: Street, xs: Points, ys: Points) -> Points:
    """Tell which cells of the grid stay: a tunnel's mouths are open."""
    kept = np.ones((len(xs) - 1, len(ys) - 1), dtype=bool)
    if street.kind == "tunnel":
        x, y = (xs[1:] + xs[:-1]) / 2 - (street.feature_x_m or 0.0), (ys[1:] + ys[:-1]) / 2
        mouth = (np.abs(x - 0.8) < 0.15) | (np.abs(x - TUNNEL_M + 0.8) < 0.15)
        kept[np.ix_(mouth, np.abs(y) < _mouth_m(street))] = False
    return kept
