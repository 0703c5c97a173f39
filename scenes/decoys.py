"""Hard negatives: what looks like a crash, or like a car, and is none.

Wrecks that were parked or dumped long ago are vehicles, labelled as such, with damage and no crash. A picture of a car
is street furniture of the class fence.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np

from scenes.checks import Footprint, footprint, touches
from scenes.draws import one_of
from scenes.site.layout import layout
from scenes.spec.party import Dent
from scenes.spec.place import Obstacle
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Lost, Vehicle
from scenes.vehicle import CARS, draw_body

_WRECKED = (*CARS, "van")
_WRECK_SHARE = 0.25
_DEPTH_M, _PATCH_M = (0.1, 0.55), (0.8, 1.7)
_YARD_SHARE, _HOARDING_SHARE = 0.6, 0.8
_ROWS_M, _PITCH_M = (4.4, 9.6), (2.7, 3.6)
"""Middles of a yard's rows from the road's edge, and from wreck to wreck along it."""
_YARD_FROM_M, _YARD_LONG_M = (11.0, 24.0), (12.0, 24.0)
_HOARDING_AHEAD_M, _HOARDING_ASIDE_M, _TURNED_DEG = (16.0, 38.0), (4.5, 6.5), 25.0
_CLEAR_M, _PERSON_M, _BEAST_M, _POST_M = 0.4, 0.6, 1.6, 0.5
_LOST: tuple[Lost, ...] = ("bumper_front", "bumper_rear", "bonnet", "mirror_left", "mirror_right", "wheel_front_left")


def decoyed(spec: SceneSpec, rng: np.random.Generator) -> SceneSpec:
    """Return a scene of ordinary traffic in which some parked vehicles are wrecks.

    Beside a country road there are a scrap yard and a picture of a car as well, if they are drawn.
    """
    vehicles = tuple(
        wrecked(vehicle, rng) if _parked(vehicle) and rng.random() < _WRECK_SHARE else vehicle
        for vehicle in spec.vehicles
    )
    spec = replace(spec, vehicles=vehicles)
    if spec.street.kind != "rural_road":
        return spec
    side = 1 if rng.random() < 0.5 else -1
    spec = _with_yard(spec, side, rng) if rng.random() < _YARD_SHARE else spec
    return _with_hoarding(spec, -side, rng) if rng.random() < _HOARDING_SHARE else spec


def wrecked(vehicle: Vehicle, rng: np.random.Generator) -> Vehicle:
    """Return a vehicle as an old wreck: dented, rusty, on flat tyres, dark and empty; without a crash."""
    dents = tuple(_dent(vehicle, rng) for _ in range(int(rng.integers(1, 4))))
    lost = tuple(part for part in _LOST if rng.random() < 0.25)
    flat: tuple[tuple[int, Literal[1, -1]], ...] = tuple(
        (axle, side) for axle in (0, 1) for side in (1, -1) if rng.random() < 0.5
    )
    return replace(
        vehicle,
        dents=dents,
        severity=round(float(rng.uniform(0.3, 0.9)), 3),
        rust=round(float(rng.uniform(0.2, 0.9)), 3),
        dirt=round(float(rng.uniform(0.5, 0.95)), 3),
        lost=lost,
        flat_tyres=flat,
        opened=("bonnet",) if "bonnet" not in lost and rng.random() < 0.25 else (),
        lamps=(),
        driver=False,
        load="none",
        livery="none" if vehicle.livery not in ("taxi", "company") else vehicle.livery,
    )


def _parked(vehicle: Vehicle) -> bool:
    return vehicle.kind in _WRECKED and not any(vehicle.velocity_mps) and not vehicle.lamps and not vehicle.driver


def _dent(vehicle: Vehicle, rng: np.random.Generator) -> Dent:
    """Return a push into an end or a flank, as low as bumpers of others are."""
    end = one_of(("front", "rear", "left", "right"), rng)
    half_long, half_wide = vehicle.length_m / 2, vehicle.width_m / 2
    share = float(rng.uniform(-0.6, 0.6))
    x, y, i, j = {
        "front": (half_long, share * half_wide, -1.0, 0.0),
        "rear": (-half_long, share * half_wide, 1.0, 0.0),
        "left": (share * half_long, half_wide, 0.0, -1.0),
        "right": (share * half_long, -half_wide, 0.0, 1.0),
    }[end]
    return Dent(
        point_m=(round(x, 3), round(y, 3), round(0.36 * vehicle.height_m, 3)),
        direction=(i, j, 0.0),
        depth_m=round(float(rng.uniform(*_DEPTH_M)), 3),
        width_m=round(float(rng.uniform(*_PATCH_M)), 3),
        height_m=round(0.62 * vehicle.height_m, 3),
    )


def _with_yard(spec: SceneSpec, side: int, rng: np.random.Generator) -> SceneSpec:
    """Return the scene with rows of wrecks beside the road, on one side of it."""
    taken, made, first = bodies(spec), list[Vehicle](), next_id(spec)
    start, long = float(rng.uniform(*_YARD_FROM_M)), float(rng.uniform(*_YARD_LONG_M))
    for row in _ROWS_M:
        x, y = start, side * (spec.street.road_half_width_m + row)
        while x < start + long:
            body = draw_body(one_of(_WRECKED, rng), rng)
            heading = round(90.0 * (1 if rng.random() < 0.5 else -1) + float(rng.normal(0, 7)), 2)
            place = x + float(rng.normal(0, 0.1)), y + float(rng.normal(0, 0.25))
            ground = footprint(*place, heading, body["length_m"] + _CLEAR_M, body["width_m"] + _CLEAR_M)
            if not touches(ground, taken):
                taken.append(ground)
                told: dict[str, Any] = {"x_m": round(place[0], 3), "y_m": round(place[1], 3), "heading_deg": heading}
                made.append(wrecked(Vehicle(actor_id=first + len(made), **told, **body), rng))
            x += float(rng.uniform(*_PITCH_M))
    cleared = tuple((wreck.x_m, wreck.y_m, 3.2) for wreck in made)
    return replace(spec, vehicles=(*spec.vehicles, *made), cleared_m=(*spec.cleared_m, *cleared))


def _with_hoarding(spec: SceneSpec, side: int, rng: np.random.Generator) -> SceneSpec:
    """Return the scene with a picture of a car beside the road that faces who comes along it."""
    x = round(float(rng.uniform(*_HOARDING_AHEAD_M)), 2)
    y = round(side * (spec.street.road_half_width_m + float(rng.uniform(*_HOARDING_ASIDE_M))), 2)
    heading = round(180.0 + side * _TURNED_DEG + float(rng.normal(0, 4)), 1)
    if touches(footprint(x, y, heading, 3.0, 6.6), bodies(spec)):
        return spec
    shown = Obstacle(kind="hoarding_car", x_m=x, y_m=y, heading_deg=heading, seed=int(rng.integers(12)))
    return replace(spec, obstacles=(*spec.obstacles, shown), cleared_m=(*spec.cleared_m, (x, y, 3.6)))


def bodies(spec: SceneSpec) -> list[Footprint]:
    """Return the ground of all actors and of the place's furniture, with room around it."""
    plan = layout(spec.street)
    items = (*plan.items, *(item for row in plan.rows for item in row.items()))
    made = [footprint(v.x_m, v.y_m, v.heading_deg, v.length_m + _CLEAR_M, v.width_m + _CLEAR_M) for v in spec.vehicles]
    made += [footprint(p.x_m, p.y_m, 0.0, _PERSON_M, _PERSON_M) for p in spec.people]
    made += [footprint(item.x_m, item.y_m, 0.0, _POST_M, _POST_M) for item in items]
    return made + [footprint(a.x_m, a.y_m, 0.0, _BEAST_M, _BEAST_M) for a in spec.animals]


def next_id(spec: SceneSpec) -> int:
    """Return the least actor id that no actor has."""
    told = [vehicle.actor_id for vehicle in spec.vehicles] + [person.actor_id for person in spec.people]
    return 1 + max([*told, *(animal.actor_id for animal in spec.animals)])
