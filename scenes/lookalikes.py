"""Traffic past what may be taken for cars or people and is none, and past cars that others haul.

Shop dolls, toy cars and mirrors are stuff: their pixels have the class of what stands there (`scenes.stage.stuff`),
and neither a doll nor a toy nor a reflection is an instance. Hauled cars are cars (`scenes.haulage`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from scenes.checks import Footprint, footprint, touches
from scenes.decoys import bodies
from scenes.draws import Refused
from scenes.haulage import hauled
from scenes.ordinary_traffic import past_decoys
from scenes.spec.place import Obstacle, PlaceKind
from scenes.spec.scene import SceneSpec

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "hauled_cars": "Traffic with a lorry that carries cars or a vehicle that tows one; nothing has happened.",
        "shop_dolls": "Traffic past shop dolls, behind glass and on the pavement; nobody stands there.",
        "toy_cars": "Traffic past toy cars: in a shop's window, as a ride for children, or inflated to a car's size.",
        "reflections": "Traffic that mirrors show again: a mirrored front, a convex mirror or a puddle by the road.",
    }
)
"""What the scenarios show."""
SIZES_M: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "mannequin": (0.5, 0.7),
        "doll_window": (1.06, 4.2),
        "toy_window": (1.06, 4.2),
        "toy_ride": (1.6, 0.9),
        "inflatable_car": (5.1, 4.7),
        "mirror_front": (0.56, 9.05),
        "mirror_hall": (6.06, 11.05),
        "traffic_mirror": (0.4, 0.94),
        "roadside_puddle": (7.0, 3.4),
    }
)
"""Ground that each takes, along the way it faces and across."""
_GLAZED = ("doll_window", "toy_window", "mirror_front", "mirror_hall")
"""Their origin is in their glass, and all of them lies behind it."""
_WITH_BODIES = ("mannequin", "doll_window")
_AHEAD_M = (13.0, 30.0)
_FREE_M, _FROM_WALL_M, _KEPT_M = 0.15, 0.05, 1.2
_HAUL_PLACES: Mapping[PlaceKind, float] = MappingProxyType({"street": 0.4, "rural_road": 0.3, "dual_carriageway": 0.3})
_SHOP_PLACES: Mapping[PlaceKind, float] = MappingProxyType({"street": 1.0})
_TOY_PLACES: Mapping[PlaceKind, float] = MappingProxyType({"street": 0.6, "rural_road": 0.4})
_MIRROR_PLACES: Mapping[PlaceKind, float] = MappingProxyType(
    {"street": 0.4, "rural_road": 0.35, "t_junction": 0.15, "crossroads": 0.1}
)
Draw = Callable[[np.random.Generator, int], SceneSpec]


def shows_bodies(spec: SceneSpec) -> bool:
    """Tell whether a scene's stage needs the people pack: for people, or for dolls that are modelled on them."""
    return bool(spec.people) or any(obstacle.kind in _WITH_BODIES for obstacle in spec.obstacles)


class Spot(NamedTuple):
    """Where something stands: its middle on the ground, and the way that it faces."""

    x_m: float
    y_m: float
    heading_deg: float


def hauled_cars(rng: np.random.Generator, seed: int) -> SceneSpec:
    """Draw traffic with cars that others haul."""
    return _told("hauled_cars", hauled(past_decoys(rng, seed, _HAUL_PLACES), rng))


def shop_dolls(rng: np.random.Generator, seed: int) -> SceneSpec:
    """Draw traffic past a clothes shop's window with dolls, some of which stand outside."""
    spec = _town(past_decoys(rng, seed, _SHOP_PLACES))
    side = _side(rng)
    x = float(rng.uniform(*_AHEAD_M))
    spec, placed = _beside(spec, [("doll_window", at_wall(spec, "doll_window", x, side))], rng)
    outside = [x + way * (2.1 + float(rng.uniform(0.5, 1.3))) for way in (-1, 1, -1)][: int(rng.integers(4))]
    for along in outside:
        y = side * (_wall_m(spec) - float(rng.uniform(0.45, 0.8)))
        spot = Spot(along, y, -90.0 * side + float(rng.normal(0, 20)))
        spec, more = _beside(spec, [("mannequin", spot)], rng)
        placed += more
    return _shown("shop_dolls", spec, placed)


def toy_cars(rng: np.random.Generator, seed: int) -> SceneSpec:
    """Draw traffic past toy cars: in a window and before it in town, a large one beside a country road."""
    spec, side = past_decoys(rng, seed, _TOY_PLACES), _side(rng)
    x = float(rng.uniform(*_AHEAD_M))
    if spec.street.kind == "rural_road":
        y = side * (spec.street.road_half_width_m + float(rng.uniform(4.6, 7.0)))
        heading = 180.0 + side * float(rng.uniform(25.0, 80.0))
        return _shown("toy_cars", *_beside(spec, [("inflatable_car", Spot(x, y, heading))], rng))
    _town(spec)
    ride = Spot(x - 3.2, side * (_wall_m(spec) - 0.75), -90.0 * side + float(rng.normal(0, 12)))
    return _shown(
        "toy_cars", *_beside(spec, [("toy_window", at_wall(spec, "toy_window", x, side)), ("toy_ride", ride)], rng)
    )


def reflections(rng: np.random.Generator, seed: int) -> SceneSpec:
    """Draw traffic past what mirrors it, on a wet road more often than not."""
    spec, side = past_decoys(rng, seed, _MIRROR_PLACES), _side(rng)
    half, x = spec.street.road_half_width_m, float(rng.uniform(*_AHEAD_M))
    if spec.street.kind == "rural_road":
        front = Spot(x + 8.0, side * (half + float(rng.uniform(4.0, 7.0))), -90.0 * side + 12.0 * side)
        pool = Spot(x, -side * (half + 2.2), float(rng.normal(0, 4)))
        return _shown("reflections", *_beside(spec, [("mirror_hall", front), ("roadside_puddle", pool)], rng))
    if spec.street.feature_x_m is not None:
        far = spec.street.feature_x_m + float(rng.uniform(7.0, 9.0))
        mirrors = [
            ("traffic_mirror", Spot(far, way * (half + float(rng.uniform(0.7, 1.3))), 180.0 + way * 16.0))
            for way in (side, -side)
        ]
        return _shown("reflections", *_beside(spec, mirrors, rng))
    _town(spec)
    return _shown("reflections", *_beside(spec, [("mirror_front", at_wall(spec, "mirror_front", x, side))], rng))


LOOKALIKES: Mapping[str, Draw] = MappingProxyType(
    {"hauled_cars": hauled_cars, "shop_dolls": shop_dolls, "toy_cars": toy_cars, "reflections": reflections}
)
"""Name to sampler."""


def at_wall(spec: SceneSpec, kind: str, x_m: float, side: int) -> Spot:
    """Return where something stands with its back to the houses' line, on a side of the road (1 left, -1 right)."""
    front = _wall_m(spec) - _FROM_WALL_M - SIZES_M[kind][0]
    return Spot(x_m, side * front, -90.0 * side)


def ground_of(obstacle: Obstacle) -> Footprint:
    """Return the rectangle that an obstacle of `SIZES_M` covers; windows and fronts lie behind their glass."""
    deep, wide = SIZES_M[obstacle.kind]
    behind = deep / 2 if obstacle.kind in _GLAZED else 0.0
    angle = np.deg2rad(obstacle.heading_deg)
    x, y = obstacle.x_m - behind * float(np.cos(angle)), obstacle.y_m - behind * float(np.sin(angle))
    return footprint(x, y, obstacle.heading_deg, deep, wide)


def _beside(
    spec: SceneSpec, wanted: list[tuple[str, Spot]], rng: np.random.Generator
) -> tuple[SceneSpec, list[Obstacle]]:
    """Return the scene with all that finds room where it is wanted, and what that is."""
    made = list[Obstacle]()
    taken = bodies(spec) + [ground_of(obstacle) for obstacle in spec.obstacles]
    for kind, spot in wanted:
        told: Any = {"kind": kind, "x_m": round(spot.x_m, 2), "y_m": round(spot.y_m, 2)}
        obstacle = Obstacle(heading_deg=round(spot.heading_deg % 360, 1), seed=int(rng.integers(60)), **told)
        ground = ground_of(obstacle)
        if not touches(_wider(ground), taken):
            made.append(obstacle)
            taken.append(ground)
    cleared = [circle for obstacle in made for circle in _circles(obstacle)]
    spec = replace(spec, obstacles=(*spec.obstacles, *made), cleared_m=(*spec.cleared_m, *cleared))
    return spec, made


def _wider(ground: Footprint) -> Footprint:
    return ground._replace(
        half_length_m=ground.half_length_m + _FREE_M,
        half_width_m=ground.half_width_m + _FREE_M,
        reach_m=ground.reach_m + 2 * _FREE_M,
    )


def _circles(obstacle: Obstacle) -> list[tuple[float, float, float]]:
    """Return circles over an obstacle's ground, where nothing of chance stands."""
    ground = ground_of(obstacle)
    across = (-ground.along[1], ground.along[0])
    count = max(1, round(ground.half_width_m / _KEPT_M))
    spread = np.linspace(-1, 1, count) * (ground.half_width_m - _KEPT_M) if count > 1 else np.zeros(1)
    return [
        (round(ground.x_m + s * across[0], 2), round(ground.y_m + s * across[1], 2), _KEPT_M) for s in spread.tolist()
    ]


def _shown(name: str, spec: SceneSpec, placed: list[Obstacle]) -> SceneSpec:
    if not placed:
        raise Refused("no room beside the road for what may be taken for something else")
    return _told(name, spec)


def _told(name: str, spec: SceneSpec) -> SceneSpec:
    return replace(spec, scenario=name, sentence=SENTENCES[name])


def _town(spec: SceneSpec) -> SceneSpec:
    """Refuse streets whose houses stand back from the pavement."""
    if spec.street.surroundings != "city":
        raise Refused("shops stand along streets of a city")
    return spec


def _wall_m(spec: SceneSpec) -> float:
    return spec.street.road_half_width_m + spec.street.sidewalk_width_m


def _side(rng: np.random.Generator) -> int:
    return 1 if rng.random() < 0.5 else -1
