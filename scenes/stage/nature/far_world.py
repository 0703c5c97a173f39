"""What stands 200 m away and more: skylines, woods, villages, pylons, and hills that close the horizon."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from scenes.errors import InputError
from scenes.spec.place import Surroundings
from scenes.stage.asset import Asset, Piece
from scenes.stage.lamps import TRACE_GAIN
from scenes.stage.mesh import MeshBuilder, Points
from scenes.stage.nature.leaves import tinted
from scenes.stage.nature.relief import relief_m
from scenes.stage.nature.season import Season
from scenes.stage.nature.skyline import SLOTS, Plots, Skyline
from scenes.stage.nature.woods import tree_line
from scenes.stage.pose import pose
from scenes.stage.surface import Surface, surface

CENTRE_M = np.array([80.0, 0.0])
_RIVER_M = (-35.0, 110.0)
_ROAD_HALF_M = 130.0
_ROAD_M = (-200.0, 720.0)
_SEED = 950
_GREEN, _BROWN, _BARE = (0.036, 0.068, 0.02), (0.13, 0.085, 0.03), (0.06, 0.05, 0.042)


def geometry(surroundings: Surroundings, model: int, *, river: bool = False) -> Asset:
    """Return the far world around a place, in world coordinates, below 40,000 triangles.

    Args:
        surroundings: of the place.
        model: draws it, and the relief that it stands on: `street.seed % terrain.MODELS`.
        river: keep the valley of a bridge's river clear.

    Raises:
        InputError: no such surroundings.
    """
    if surroundings not in _FILLS:
        raise InputError("far_world.surroundings", f"must be one of {', '.join(_FILLS)}", got=surroundings)
    rng = np.random.default_rng([_SEED, list(_FILLS).index(surroundings), model])
    site = _Site(surroundings, model, rng, river=river)
    skyline = Skyline(rng=rng, lit_share=0.6)
    lines = _FILLS[surroundings](site, skyline)
    pieces = [_horizon(site), *lines]
    if skyline.houses:
        pieces.append(Piece(solid=skyline.houses.solid("skyline", SLOTS)))
    if skyline.lights:
        pieces.append(Piece(solid=skyline.lights.solid("far lights", ("light",), light_group="windows")))
    return Asset(pieces=tuple(pieces))


def finish(surroundings: Surroundings, model: int, season: Season = "summer") -> dict[str, Surface]:
    """Return what the far world shows.

    Args:
        surroundings: of the place.
        model: draws the facades.
        season: one of `season.SEASONS`.
    """
    snow = 0.8 if season == "snow" else 0.0
    young = {"summer": _GREEN, "autumn": _BROWN}.get(season, _BARE)
    storey = 3.1 + 0.1 * (model % 3)
    return {
        "leaf": surface("leaf", colour=young, second=tuple(v * 0.7 for v in young), snow=0.6 * snow),
        "twig": surface("plain", colour=(0.06, 0.05, 0.04), roughness=0.9),
        "forest": surface("field", colour=tuple(0.8 * v for v in young), patchy=0.5, snow=0.6 * snow),
        "wall": surface("far_facade", bay_m=3.2 if surroundings != "rural" else 2.8, storey_m=storey),
        "roof": surface("field", colour=(1.0, 1.0, 1.0), patchy=0.12, snow=snow),
        "steel": surface("far_facade", bay_m=0.0),
        "light": surface("far_light", gain=TRACE_GAIN["windows"]),
    }


class _Site:
    """Draws spots that lie on the land, off the road and out of the river."""

    def __init__(self, surroundings: Surroundings, model: int, rng: np.random.Generator, *, river: bool) -> None:
        self.surroundings, self.model, self.rng, self.river = surroundings, model, rng, river

    def ground_m(self, xy: Points) -> Points:
        """Return the land's height."""
        return relief_m(xy, self.surroundings, self.model)

    def ring(self, count: int, near_m: float, far_m: float) -> Points:
        """Return up to `count` feet between two distances from the place, evenly around it, (N, 3)."""
        angle = (np.arange(count) + self.rng.uniform(-0.4, 0.4, count)) / count * 2 * np.pi
        away = self.rng.uniform(near_m, far_m, count)
        xy = CENTRE_M + away[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return self.feet(xy)

    def feet(self, xy: Points) -> Points:
        """Return those spots that are free, on the land."""
        on_road = (np.abs(xy[:, 1]) < _ROAD_HALF_M) & (xy[:, 0] > _ROAD_M[0]) & (xy[:, 0] < _ROAD_M[1])
        in_river = (xy[:, 0] > _RIVER_M[0]) & (xy[:, 0] < _RIVER_M[1]) & self.river
        xy = xy[~(on_road | in_river)]
        return np.column_stack([xy, self.ground_m(xy) - 0.3])

    def ahead(self, count: int) -> Points:
        """Return feet beyond the end of the road, across the way that the ego looks, (N, 3)."""
        x = self.rng.uniform(_ROAD_M[1] + 15.0, _ROAD_M[1] + 150.0, count)
        return self.feet(np.column_stack([x, (np.arange(count) + 0.5) / count * 440.0 - 220.0]))

    def plots(self, feet: Points, low: tuple[float, float, float], high: tuple[float, float, float]) -> Plots:
        """Return houses that face the place, more or less."""
        toward = np.arctan2(feet[:, 1], feet[:, 0] - CENTRE_M[0])
        headings = np.round(toward / (np.pi / 8)) * np.pi / 8 + self.rng.normal(0, 0.06, len(feet))
        return Plots(feet=feet, headings=headings, sizes_m=self.rng.uniform(low, high, (len(feet), 3)))

    def lines(self, feet: Points, *, kinds: int = 3, high_m: float = 12.0, across: bool = True) -> list[Piece]:
        """Return tree lines on these feet: a few shapes, turned and scaled."""
        solids = [tree_line(self.model * 4 + number, high_m) for number in range(kinds)]
        toward = np.rad2deg(np.arctan2(feet[:, 1], feet[:, 0] - CENTRE_M[0])) + 90.0
        turns = toward + self.rng.normal(0, 14, len(feet)) if across else self.rng.choice([0.0, 90.0], len(feet))
        scales = self.rng.uniform(0.75, 1.25, len(feet))
        return [
            Piece(
                solid=solid,
                matrices=tuple(
                    _on(feet[i], float(turns[i]), float(scales[i])) for i in range(number, len(feet), kinds)
                ),
            )
            for number, solid in enumerate(solids)
            if number < len(feet)
        ]


def _city(site: _Site, skyline: Skyline) -> list[Piece]:
    for near, count, low, high in ((270.0, 60, 11.0, 24.0), (360.0, 70, 14.0, 34.0), (500.0, 70, 16.0, 46.0)):
        skyline.blocks(site.plots(site.ring(count, near, near + 70), (12, 16, low), (17, 34, high)))
    skyline.blocks(site.plots(site.ring(16, 600, 860), (18, 18, 45.0), (26, 28, 95.0)))
    skyline.blocks(site.plots(site.ahead(11), (12, 16, 16.0), (17, 40, 52.0)))
    return site.lines(np.concatenate([site.ring(32, 220, 420), site.ahead(5)]), high_m=13.0)


def _suburb(site: _Site, skyline: Skyline) -> list[Piece]:
    for near, count in ((190.0, 60), (260.0, 70), (350.0, 70), (480.0, 60)):
        skyline.gables(site.plots(site.ring(count, near, near + 70), (8.5, 9.5, 6.5), (11, 15, 10.5)))
    skyline.blocks(site.plots(site.ring(14, 520, 800), (14, 22, 14.0), (16, 48, 30.0)))
    _church(skyline, site.ring(5, 420, 600)[:1])
    skyline.gables(site.plots(site.ahead(12), (8.5, 9.5, 6.5), (11, 15, 10.5)))
    return site.lines(np.concatenate([site.ring(64, 175, 620), site.ahead(7)]), high_m=11.0)


def _industrial(site: _Site, skyline: Skyline) -> list[Piece]:
    for near, count in ((220.0, 36), (330.0, 40), (470.0, 40)):
        skyline.halls(site.plots(site.ring(count, near, near + 90), (22, 34, 7.0), (46, 90, 14.0)))
    skyline.blocks(site.plots(site.ring(16, 380, 720), (13, 18, 12.0), (16, 34, 28.0)))
    for foot in site.ring(7, 380, 760):
        skyline.chimney(foot, float(site.rng.uniform(2, 3.4)), float(site.rng.uniform(38, 85)), (0.3, 0.27, 0.25))
    for foot in site.ring(14, 300, 520):
        skyline.chimney(foot, float(site.rng.uniform(4, 9)), float(site.rng.uniform(9, 19)), (0.45, 0.45, 0.44))
    skyline.halls(site.plots(site.ahead(5), (22, 34, 7.0), (46, 90, 15.0)))
    trees = np.concatenate([site.ring(34, 200, 640), site.ahead(8)])
    return [*site.lines(trees, high_m=10.0), *_pylons(site)]


def _rural(site: _Site, skyline: Skyline) -> list[Piece]:
    middle = site.ring(3, 430, 640)[:1]
    spread = site.rng.normal(0, (75, 55), (34, 2))
    skyline.gables(site.plots(site.feet(middle[:, :2] + spread), (8.5, 9.5, 6.5), (12, 18, 10.5)))
    _church(skyline, site.feet(middle[:, :2] + 12.0))
    skyline.gables(site.plots(site.ring(9, 260, 700), (10, 14, 7.0), (14, 32, 11.0)))
    fields = site.feet(CENTRE_M + site.rng.uniform((-620, -420), (640, 420), (64, 2)))
    edges = fields[np.abs(fields[:, 1]) > _ROAD_HALF_M]
    woods = np.concatenate([site.ring(40, 520, 900), site.ahead(9)])
    return [*site.lines(edges, high_m=9.0, across=False), *site.lines(woods, high_m=15.0), *_pylons(site)]


_FILLS: Mapping[Surroundings, Callable[[_Site, Skyline], list[Piece]]] = MappingProxyType(
    {"city": _city, "suburb": _suburb, "industrial": _industrial, "rural": _rural}
)


def _on(foot: Points, heading_deg: float, scale: float = 1.0) -> Points:
    return pose(float(foot[0]), float(foot[1]), float(foot[2]), heading_deg, scale)


def _church(skyline: Skyline, foot: Points) -> None:
    """Add a nave, a tower and its spire."""
    if not len(foot):
        return
    tower = foot + np.array([0.0, 13.0, 0.0])
    skyline.gables(Plots(feet=foot, headings=np.array([np.pi / 2]), sizes_m=np.array([[22.0, 10.0, 13.0]])))
    skyline.halls(Plots(feet=tower, headings=np.zeros(1), sizes_m=np.array([[6.0, 6.0, 20.0]])))
    skyline.houses.lathe(np.array([(4.4, 20.0), (0.05, 36.0)]), segments=8, slot=1)
    skyline.houses.vertices[-1] = skyline.houses.vertices[-1] + tower[0]
    tinted(skyline.houses, np.tile([0.05, 0.055, 0.06, 1.0], (8, 1)))


def _pylons(site: _Site) -> list[Piece]:
    """Return a power line that passes the place at some distance, with its wires."""
    side = float(site.rng.choice([-1, 1]))
    xs = np.arange(-800.0, 1000.0, 260.0)
    xy = np.column_stack([xs, side * (330.0 + 0.16 * xs + 25 * (site.model % 4))])
    feet = site.feet(xy)
    if len(feet) < 2:
        return []
    builder = MeshBuilder()
    for sx, sy in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        path = np.array([[2.6 * sx, 2.6 * sy, -2.0], [0.7 * sx, 0.7 * sy, 22.0], [0.2 * sx, 0.2 * sy, 34.0]])
        builder.tube(path, [0.12, 0.1, 0.08], segments=3)
        for low in range(0, 30, 6):
            wide, wider = 2.5 - 0.075 * (low + 6), 2.5 - 0.075 * low
            brace = np.array([[wider * sx, wider * sy, low], [-wide * sx, wide * sy, low + 6.0]])
            builder.tube(brace, [0.06, 0.06], segments=3)
    for high, reach in ((22.0, 6.5), (27.0, 5.2), (32.0, 3.6)):
        builder.tube(np.array([[0, -reach, high], [0, 0, high + 1.0], [0, reach, high]]), [0.1, 0.16, 0.1], segments=4)
    tower = MeshBuilder()
    tower.add(np.concatenate(builder.vertices), np.concatenate(builder.loops).reshape(-1, 4))
    tinted(tower, np.tile([0.28, 0.29, 0.3, 1.0], (len(tower.tints[-1]), 1)))
    steel = tower.solid("pylon", ("steel",))
    return [Piece(solid=steel, matrices=tuple(_on(foot, 5.0) for foot in feet)), _wires(feet)]


def _wires(feet: Points) -> Piece:
    builder = MeshBuilder()
    share = np.linspace(0, 1, 9)[:, None]
    for first, second in pairwise(feet):
        if np.linalg.norm(second - first) > 300.0:
            continue
        for high, reach in ((20.5, 6.2), (25.5, 4.9), (30.5, 3.4)):
            for way in (-1.0, 1.0):
                ends = np.array([first, second]) + np.array([0.0, way * reach, high])
                path = ends[0] * (1 - share) + ends[1] * share
                path[:, 2] -= 4 * 7.0 * (share * (1 - share))[:, 0]
                builder.tube(path, [0.03] * 9, segments=3)
    solid = builder.solid("wires", ("steel",))
    tints = np.tile(np.array([0.12, 0.12, 0.12, 1.0], dtype=np.float32), (len(solid.sizes), 1))
    solid.tints[:] = tints
    return Piece(solid=solid)


def _horizon(site: _Site) -> Piece:
    """Return wooded hills all around, 20 m above the land and more."""
    count, rows = 200, 7
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    waves = sum(
        weight * np.sin(turns * angle + site.rng.uniform(0, 2 * np.pi))
        for turns, weight in ((3, 0.5), (7, 0.4), (16, 0.22), (37, 0.1))
    )
    lift = {"rural": 46.0, "suburb": 24.0}.get(site.surroundings, 14.0)
    away = np.linspace(1280.0, 1660.0, rows)[:, None] + 45 * np.sin(5 * angle + site.rng.uniform(0, 6))
    high = 6.0 + lift * (1 + 0.8 * np.asarray(waves)) * np.sin(np.linspace(0, np.pi * 0.55, rows))[:, None]
    xy = CENTRE_M + away[..., None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    ragged = site.rng.normal(0, 1.6, high.shape) * np.linspace(0, 1, rows)[:, None]
    z = site.ground_m(xy) + np.maximum(high, 4.0) + ragged
    z[0] = site.ground_m(xy[0]) - 4.0
    builder = MeshBuilder()
    builder.grid(np.concatenate([xy, z[..., None]], axis=-1).transpose(1, 0, 2)[:, ::-1], 0, closed=True)
    light = np.exp(site.rng.normal(0, 0.2, (count * (rows - 1), 1)))
    tinted(builder, np.concatenate([np.tile(light, (1, 3)), np.ones_like(light)], axis=1))
    return Piece(solid=builder.solid("horizon", ("forest",), smooth=True))
