"""The stage of the gallery: actors on an open square, rows of things that no spec lists, and places as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import radians, tan
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from scenes.ontology import PARTS
from scenes.own import Placed
from scenes.showcase import COLLECTIONS, STUDIO
from scenes.spec import SceneSpec
from scenes.stage import house, stage, tree
from scenes.stage.asset import Asset, Finish, Piece
from scenes.stage.furniture.catalogue import FURNITURE
from scenes.stage.library import Library
from scenes.stage.mesh import MeshBuilder, pose
from scenes.stage.place import material_of, place_asset
from scenes.stage.samples import SAMPLES
from scenes.stage.sky import add_sky, add_sun
from scenes.stage.surface import surface

_CAMERA_X_M = -10.0
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
    if collection == "place":
        return stage.build(spec, view, resolution_wh=resolution_wh, library=library)
    _square()
    if collection == STUDIO:
        stage.add_actors(spec, library)
    else:
        stage.add_actors(spec, library)
        _row(list(_page(_EXHIBITS[collection](), int(page), COLLECTIONS[collection])))
    add_sky(spec.sun, spec.seed)
    add_sun(spec.sun)
    stage.add_camera(spec, view, resolution_wh)
    return ()


def _square() -> None:
    """Lay an open square of asphalt with a rim of trees and houses far away."""
    ground = MeshBuilder()
    ground.quad([[-400, -400, 0], [400, -400, 0], [400, 400, 0], [-400, 400, 0]])
    asphalt = surface("ground", colour=(0.09, 0.09, 0.092), make="cracked")
    ground.build("square", [material_of(asphalt)], smooth=True)


def _page(exhibits: Iterable[Exhibit], page: int, pages: int) -> Iterator[Exhibit]:
    everything = list(exhibits)
    each = -(-len(everything) // pages)
    yield from everything[page * each : (page + 1) * each]


def _row(exhibits: list[Exhibit]) -> None:
    """Stand exhibits side by side, as near to the camera as the widest and tallest allow."""
    bounds = [_bounds(exhibit) for exhibit in exhibits]
    gap = 0.12 * max(float(high[1] - low[1]) for low, high in bounds)
    width = sum(float(high[1] - low[1]) + gap for low, high in bounds)
    tallest = max(float(high[2]) for _, high in bounds)
    away = max(width / (2 * _ACROSS), (tallest - 1.0) / _UP) / _FILLS
    y = width / 2
    for number, (exhibit, (low, high)) in enumerate(zip(exhibits, bounds, strict=True)):
        matrix = pose(_CAMERA_X_M + away - float(low[0]), y - gap / 2 - float(high[1]), 0.0, exhibit.turn_deg)
        place_asset(exhibit.name, f"exhibit {number}", exhibit.asset, exhibit.finish, matrix)
        y -= float(high[1] - low[1]) + gap


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
        builder.lathe(np.stack([0.5 * np.cos(angles), 0.55 + 0.5 * np.sin(angles)], axis=-1), segments=48)
        builder.box((-0.5, -0.5, 0.0), (0.5, 0.5, 0.05))
        solid = builder.solid("sample", ("shown",), smooth=True, crease_deg=40)
        yield Exhibit(name, Asset(pieces=(Piece(solid=solid),)), {"shown": shown})


_EXHIBITS: Mapping[str, Callable[[], Iterator[Exhibit]]] = MappingProxyType(
    {"furniture": _furniture, "trees": _trees, "houses": _houses, "materials": _materials}
)
