"""The gallery's crashes: of each type the draw whose parties are seen best, through a lens turned to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import atan2, degrees, hypot
from types import MappingProxyType

import numpy as np

from scenes.crashes.registry import CRASH_TYPES
from scenes.image_box import ImageBox, hidden_share, image_box
from scenes.outline import Outline, hull, outline_of
from scenes.scenario import sample
from scenes.showcase import Cell
from scenes.spec.living import Animal, Person
from scenes.spec.place import Obstacle
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Vehicle

_SEED, _DRAWS = 5, 16
_TELLING = ("impact", "after")
_STRUCK = ("utility_pole", "lamp_post", "tree", "bollard")
_MANY, _TOUCHING_M = 3, 2.0
_TALLER_BY = 0.6
_NARROWEST_DEG, _MARGIN_DEG = 26.0, 7.0
_FOOT_M, _TALL_M = 0.5, 1.7
"""Side and height of the block that stands for a person, an animal or the trunk or post that was run into."""

Actor = Vehicle | Person | Animal


def crash_cells() -> Iterator[Cell]:
    """Yield a scene for each type of crash, by day, at its impact or after it."""
    for name, kind in CRASH_TYPES.items():
        drawn = (sample(name, seed=_SEED, index=index, lighting="day") for index in range(_DRAWS))
        telling = [turned(spec) for spec in drawn if phase(spec) in _TELLING]
        if telling:
            spec = max(telling, key=_plainness)
            yield Cell(
                caption=f"{kind.nhtsa}: {name.replace('_', ' ')}, {phase(spec)}",
                spec=replace(spec, lighting="showcase"),
                sheets=MappingProxyType({"showcase_day": "crashes"}),
            )


def _plainness(spec: SceneSpec) -> tuple[bool, float]:
    """Rank a draw: no snow, which hides marks and debris; then many parties, all of them seen, and seen to touch."""
    return spec.street.snow == 0, min(len(_parties(spec)), _MANY) * shown(spec) / (1 + apart(spec) / _TOUCHING_M)


def phase(spec: SceneSpec) -> str:
    """Return the phase of a scene's crash, "" where there is none."""
    return next((vehicle.crash.phase for vehicle in spec.vehicles if vehicle.crash), "")


def turned(spec: SceneSpec) -> SceneSpec:
    """Turn a scene's camera to the parties of its crash and narrow its view to them, if they are ahead."""
    camera = spec.cameras[0]
    bearings = [
        degrees(atan2(actor.y_m - camera.y_m, actor.x_m - camera.x_m)) + side * _half_deg(spec, actor)
        for actor in [*_parties(spec), *_struck(spec)]
        for side in (-1, 1)
        if actor.x_m > camera.x_m
    ]
    if not bearings:
        return spec
    middle, wide = (max(bearings) + min(bearings)) / 2, max(bearings) - min(bearings) + 2 * _MARGIN_DEG
    hfov = min(max(wide, _NARROWEST_DEG), camera.hfov_deg)
    return replace(spec, cameras=(replace(camera, yaw_deg=round(middle, 2), hfov_deg=round(hfov, 2)),))


def shown(spec: SceneSpec) -> float:
    """Return which share of the picture that party takes of which least is seen, 0 where one is out of sight.

    What a vehicle has run into counts as a party; of many parties the third most seen speaks for the rest.
    """
    boxes = [_box(spec, actor) for actor in [*_parties(spec), *_struck(spec)]]
    others = [_box(spec, actor) for actor in _actors(spec) if not actor.crash]
    seen = [0.0 if box is None else _seen(box, [*boxes, *others]) for box in boxes]
    return min(sorted(seen, reverse=True)[:_MANY], default=0.0)


def apart(spec: SceneSpec) -> float:
    """Return the clearance in m to the nearest other party of that party which lies farthest off, at least 0."""
    parties = [*_parties(spec), *_struck(spec)]
    clearances = [
        min((_clearance(party, other) for other in parties if other is not party), default=0.0) for party in parties
    ]
    return max(clearances, default=0.0)


def _clearance(one: Actor | Obstacle, other: Actor | Obstacle) -> float:
    between = hypot(one.x_m - other.x_m, one.y_m - other.y_m)
    return max(between - (_length(one) + _length(other)) / 2, 0.0)


def _length(actor: Actor | Obstacle) -> float:
    return actor.length_m if isinstance(actor, Vehicle) else _FOOT_M


def _seen(box: ImageBox, others: Iterable[ImageBox | None]) -> float:
    nearer = [other for other in others if other is not None and other.away_m < box.away_m]
    return box.area * (1 - hidden_share(box, nearer))


def _parties(spec: SceneSpec) -> list[Actor]:
    return [actor for actor in _actors(spec) if actor.crash]


def _struck(spec: SceneSpec) -> list[Obstacle]:
    return [obstacle for obstacle in spec.obstacles if obstacle.kind in _STRUCK]


def _actors(spec: SceneSpec) -> list[Actor]:
    return [*spec.vehicles, *spec.people, *spec.animals]


def _half_deg(spec: SceneSpec, actor: Actor | Obstacle) -> float:
    camera = spec.cameras[0]
    away = max(hypot(actor.x_m - camera.x_m, actor.y_m - camera.y_m), 1.0)
    return degrees(atan2(max(_length(actor) / 2, _FOOT_M), away))


def _box(spec: SceneSpec, actor: Actor | Obstacle) -> ImageBox | None:
    outline = outline_of(actor) if isinstance(actor, Vehicle) else _block()
    place = actor.x_m, actor.y_m
    return image_box(spec.cameras[0], place, actor.heading_deg, outline, taller_by=_TALLER_BY)


def _block() -> Outline:
    corners = np.stack(np.meshgrid([-0.5, 0.5], [-0.5, 0.5], [0.0, 1.0]), axis=-1).reshape(-1, 3)
    return hull(corners * (_FOOT_M, _FOOT_M, _TALL_M))
