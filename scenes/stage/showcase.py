"""The stage of the gallery: actors on an open square, rows of things that no spec lists, and places as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from math import radians, tan
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from scenes.ontology import PARTS
from scenes.own import Placed
from scenes.showcase import COLLECTIONS, STUDIO
from scenes.spec.scene import SceneSpec
from scenes.stage import stage
from scenes.stage.asset import Asset, Finish, Piece
from scenes.stage.buildings import house
from scenes.stage.furniture.catalogue import FURNITURE
from scenes.stage.library import Library
from scenes.stage.mesh import MeshBuilder
from scenes.stage.nature import tree
from scenes.stage.place import material_of, place_asset
from scenes.stage.pose import pose
from scenes.stage.samples import SAMPLES
from scenes.stage.sky import add_sky, add_sun
from scenes.stage.surface import surface

_EYE_M = 1.45
_PERSON_M = 0.8
_FILLS = 0.86  # of the picture's width or height, by a row
_ACROSS, _UP = tan(radians(25)), 0.6 * tan(radians(25))


class Exhibit(NamedTuple):
    """One thing of a row, and how much room it takes across and upwards."""

    name: str
    asset: Asset
    finish: Finish
    turn_deg: float = 0.0


def build(spec: SceneSpec, view: int, *, resolution_wh: tuple[int, int], library: Library) -> tuple[Placed, ...]:
    """Build a cell of the gallery; arguments as of `scenes.stage.stage.build`."""
    collection, _, page = spec.scenario.partition("/")
    if collection != STUDIO and collection not in COLLECTIONS:  # a place, a street
        return stage.build(spec, view, resolution_wh=resolution_wh, library=library)
    _square()
    if collection != STUDIO:
        spec = _row(list(_page(_EXHIBITS[collection](), int(page), COLLECTIONS[collection])), spec)
    stage.add_actors(spec, library)
    add_sky(spec.sun, spec.seed)
    add_sun(spec.sun)
    stage.add_camera(spec, view, resolution_wh)
    return ()


def _square() -> None:
    """Lay an open square of asphalt with a rim of trees and houses far away."""
    ground = MeshBuilder()
    ground.quad([[-400, -400, 0], [400, -400, 0], [400, 400, 0], [-400, 400, 0]])
    asphalt = surface("ground", colour=(0.09, 0.09, 0.092), make="cracked")
    ground.build("square", [material_of(asphalt)], stuff="road", smooth=True)


def _page(exhibits: Iterable[Exhibit], page: int, pages: int) -> Iterator[Exhibit]:
    everything = list(exhibits)
    each = -(-len(everything) // pages)
    yield from everything[page * each : (page + 1) * each]


def _row(exhibits: list[Exhibit], spec: SceneSpec) -> SceneSpec:
    """Stand exhibits side by side; return the spec with its measuring person beside them and a camera that sees all."""
    bounds = [_bounds(exhibit) for exhibit in exhibits]
    widths = [float(high[1] - low[1]) for low, high in bounds]
    gap = 0.25 + 0.1 * max(widths)
    y = width = (sum(widths) + gap * len(widths) + _PERSON_M) / 2
    person = replace(spec.people[0], y_m=y - _PERSON_M / 2, heading_deg=180.0)
    y -= _PERSON_M + gap
    for number, (exhibit, (low, high), wide) in enumerate(zip(exhibits, bounds, widths, strict=True)):
        matrix = pose(-float(low[0]), y - float(high[1]), 0.0, exhibit.turn_deg)
        place_asset(exhibit.name, f"exhibit {number}", exhibit.asset, exhibit.finish, matrix)
        y -= wide + gap
    tallest = max(2.0, *(float(high[2]) for _, high in bounds))
    away = max(width / _ACROSS, tallest / 2 / _UP) / _FILLS
    up_deg = float(np.rad2deg(np.arctan2(tallest / 2 - _EYE_M, away)))
    camera = replace(spec.cameras[0], x_m=-away, y_m=0.0, z_m=_EYE_M, yaw_deg=0.0, pitch_deg=up_deg)
    return replace(spec, cameras=(camera,), people=(person,))


def _bounds(exhibit: Exhibit) -> tuple[np.ndarray, np.ndarray]:
    points = exhibit.asset.points() @ pose(0, 0, 0, exhibit.turn_deg)[:3, :3].T
    return points.min(axis=0), points.max(axis=0)


def _furniture() -> Iterator[Exhibit]:
    for name, item in FURNITURE.items():
        yield Exhibit(name, item.geometry(0), item.finish(0), 155.0)


def _trees() -> Iterator[Exhibit]:
    for kind in tree.KINDS:
        yield Exhibit(kind, tree.geometry(kind, 1), tree.finish(kind, 1))


def _houses() -> Iterator[Exhibit]:
    sizes = {"detached": (11.0, 9.0, 8.0), "farm": (16.0, 10.0, 8.0), "industrial": (24.0, 14.0, 9.0)}
    for style in house.STYLES:
        width, depth, height = sizes.get(style, (15.0, 11.0, 15.0))
        yield Exhibit(style, house.geometry(style, width, depth, height, 2, 0.4), house.finish(style, 2), 168.0)


def _materials() -> Iterator[Exhibit]:
    """Yield a ball and a slab of each sample."""
    for name, shown in SAMPLES.items():
        builder = MeshBuilder(part=PARTS["body"])
        angles = np.linspace(-np.pi / 2, np.pi / 2, 25)
        ball = np.stack([0.5 * np.cos(angles), 0.55 + 0.5 * np.sin(angles)], axis=-1)
        builder.lathe(ball, segments=48)
        builder.box((-0.5, -0.5, 0.0), (0.5, 0.5, 0.05))
        solid = builder.solid("sample", ("shown",), smooth=True, crease_deg=40)
        yield Exhibit(name, Asset(pieces=(Piece(solid=solid),)), {"shown": shown})


_EXHIBITS: Mapping[str, Callable[[], Iterator[Exhibit]]] = MappingProxyType(
    {"furniture": _furniture, "trees": _trees, "houses": _houses, "materials": _materials}
)
