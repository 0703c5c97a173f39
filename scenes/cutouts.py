"""Actors alone on level ground, to be cut out: one scene an actor and side, one camera a height of the eye.

`scenes.stage.cutout` builds them, `render.cutouts` cuts them out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import atan, atan2, cos, degrees, hypot, radians, sin, tan
from types import MappingProxyType
from typing import Any

import numpy as np

from scenes.ontology import KIND_CATEGORY
from scenes.person import draw_person
from scenes.road import draw_street
from scenes.seeds import child_seed, generator
from scenes.spec.living import Animal, Person, Pose
from scenes.spec.place import Street
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Vehicle
from scenes.spec.view import Camera, Sun
from scenes.vehicle import draw_body

CUTOUT = "cutout"
"""Scenario of an actor that is to be cut out."""
ELEVATIONS_DEG = (4.0, 9.0)
"""How high the eye stands over an actor's ground: a dashcam at 17 and 8 m, a bus driver's at 32 and 14 m."""
_AWAY_M = 13.0
_ASPECT = 1.25
_ROOM = 1.5
"""Width of a view as a multiple of the actor's, so that its soft shadow lies inside."""
_SUN = Sun(elevation_deg=58.0, azimuth_deg=0.0)
_ACROSS, _AWAY, _TOWARDS = 90.0, 168.0, 14.0


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """An actor of the library: kind or pose, and the sides that it is seen from (0 its front, 90 its left)."""

    name: str
    bearings_deg: tuple[float, ...]
    number: int = 0


_ACTORS = (
    _Shown(name="sedan", bearings_deg=(_AWAY, _TOWARDS)),
    _Shown(name="walking", bearings_deg=(_ACROSS, 200.0)),
    _Shown(name="motorcycle", bearings_deg=(_AWAY, _TOWARDS)),
    _Shown(name="hatchback", bearings_deg=(_TOWARDS, _AWAY)),
    _Shown(name="bicycle", bearings_deg=(_AWAY, _TOWARDS)),
    _Shown(name="suv", bearings_deg=(_AWAY, _TOWARDS)),
    _Shown(name="crossing", bearings_deg=(_ACROSS,), number=1),
    _Shown(name="three_wheeler", bearings_deg=(_AWAY, _TOWARDS)),
    _Shown(name="van", bearings_deg=(_AWAY, _TOWARDS)),
    _Shown(name="standing", bearings_deg=(20.0,), number=2),
    _Shown(name="scooter", bearings_deg=(_TOWARDS, _AWAY)),
    _Shown(name="estate", bearings_deg=(_AWAY, _TOWARDS)),
    _Shown(name="walking", bearings_deg=(340.0, _ACROSS), number=3),
    _Shown(name="dog", bearings_deg=(_ACROSS,)),
    _Shown(name="cow", bearings_deg=(70.0,)),
)
_ANIMAL_M = MappingProxyType({"dog": 0.55, "cow": 1.35, "deer": 0.95})
_RIDDEN: MappingProxyType[str, Pose] = MappingProxyType(
    {"motorcycle": "riding", "scooter": "riding", "bicycle": "cycling", "three_wheeler": "riding"}
)


def cutout_specs(count: int, *, seed: int) -> list[SceneSpec]:
    """Return the first scenes of the library, what is common on roads first, each with a camera for every elevation.

    Args:
        count: how many scenes, >= 1; there are as many as actors have sides.
        seed: draws colours, clothes and models.
    """
    return list(_specs(seed))[:count]


def _specs(seed: int) -> Iterator[SceneSpec]:
    for side in range(max(len(shown.bearings_deg) for shown in _ACTORS)):
        for shown in _ACTORS:
            if side < len(shown.bearings_deg):
                build = _animal if shown.name in _ANIMAL_M else _vehicle if shown.name in KIND_CATEGORY else _person
                actors, size_m = build(shown, child_seed(seed, CUTOUT, shown.name, shown.number, side))
                yield _spec(actors, size_m, shown.bearings_deg[side], child_seed(seed, CUTOUT, shown.name, side))


def _spec(
    actors: Sequence[Vehicle | Person | Animal], size_m: tuple[float, float, float], bearing_deg: float, seed: int
) -> SceneSpec:
    cameras = tuple(_camera(size_m, bearing_deg, elevation) for elevation in ELEVATIONS_DEG)
    return SceneSpec(
        scenario=CUTOUT,
        sentence="An actor alone on level ground.",
        seed=seed % 2**31,
        lighting="day",
        street=_street(),
        sun=Sun(elevation_deg=_SUN.elevation_deg, azimuth_deg=round((bearing_deg + 50.0) % 360, 2)),
        cameras=cameras,
        vehicles=tuple(actor for actor in actors if isinstance(actor, Vehicle)),
        people=tuple(actor for actor in actors if isinstance(actor, Person)),
        animals=tuple(actor for actor in actors if isinstance(actor, Animal)),
    )


def _street() -> Street:
    return draw_street(np.random.default_rng(1), wetness=(0.0, 0.0), feature_x_m=None)


def _camera(size_m: tuple[float, float, float], bearing_deg: float, elevation_deg: float) -> Camera:
    """Look at the middle of an actor from a bearing, the frame just wide enough for it and its soft shadow."""
    length, width, height = size_m
    turn = radians(bearing_deg)
    across = abs(length * sin(turn)) + abs(width * cos(turn))
    frame_m = _ROOM * max(across, _ASPECT * height)
    away = _AWAY_M + length / 2
    x, y, z = away * cos(turn), away * sin(turn), away * tan(radians(elevation_deg))
    return Camera(
        name=f"elevation {elevation_deg:g}",
        x_m=round(x, 4),
        y_m=round(y, 4),
        z_m=round(z, 4),
        yaw_deg=round(degrees(atan2(-y, -x)), 4),
        pitch_deg=round(degrees(atan2(0.42 * height - z, hypot(x, y))), 4),
        roll_deg=0,
        hfov_deg=round(2 * degrees(atan(frame_m / 2 / away)), 4),
    )


def _vehicle(shown: _Shown, seed: int) -> tuple[list[Vehicle | Person | Animal], tuple[float, float, float]]:
    rng = generator(seed, "body")
    fields: dict[str, Any] = {**draw_body(shown.name, rng), "livery": "none", "load": "none", "lamps": ()}
    vehicle = Vehicle(actor_id=1, x_m=0.0, y_m=0.0, heading_deg=0.0, **{**fields, "kind": shown.name})
    size_m = (vehicle.length_m, vehicle.width_m, vehicle.height_m)
    if shown.name not in _RIDDEN:
        return [vehicle], size_m
    drawn = draw_person(rng, pose=_RIDDEN[shown.name])
    rider = Person(actor_id=2, x_m=0.0, y_m=0.0, heading_deg=0.0, mount=1, **drawn)
    return [vehicle, rider], (size_m[0], size_m[1], max(size_m[2], 1.75))


def _person(shown: _Shown, seed: int) -> tuple[list[Vehicle | Person | Animal], tuple[float, float, float]]:
    drawn = draw_person(generator(seed, "person"), pose=shown.name)  # type: ignore[arg-type]  # a pose by its name
    return [Person(actor_id=1, x_m=0.0, y_m=0.0, heading_deg=0.0, **drawn)], (0.8, 0.7, drawn["height_m"])


def _animal(shown: _Shown, seed: int) -> tuple[list[Vehicle | Person | Animal], tuple[float, float, float]]:
    height = _ANIMAL_M[shown.name]
    creature = Animal(
        actor_id=1,
        kind=shown.name,  # type: ignore[arg-type]  # a kind by its name
        x_m=0.0,
        y_m=0.0,
        heading_deg=0.0,
        height_m=height,
        pose="walking",
        seed=seed % 2**31,
    )
    return [creature], (1.9 * height, 0.5 * height, 1.1 * height)
