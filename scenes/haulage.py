"""Lorries that carry cars, lorries that tow one, and cars that tow another on a rope.

A hauled car is a vehicle of its own class and instance, as what it looks like; `carried_by` names what hauls it, whose
velocity it has. It is no party of a crash, though it may be a wreck. Guides for annotators differ on cars on
transporters; labels say `carried`, so that a user can leave them out.

Sources:
    Transporters (Lohr, Rolfo; ISO 612): lower deck at 0.8 to 0.9 m over small wheels, upper deck above it with some
    2.5 m, 4 m high in all (Directive 96/53/EC), cars a hand's breadth apart. Recovery lorries: deck at 1.0 m.
    Underlifts raise an axle by 0.3 to 0.4 m. Ropes: StVO § 15a and § 43 (Germany): at most 5 m, hazard lights on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import asin, cos, degrees, radians, sin
from types import MappingProxyType
from typing import Any

import numpy as np

from scenes.checks import Footprint, footprint, touches
from scenes.decoys import bodies, next_id, wrecked
from scenes.draws import Refused, drawn, one_of
from scenes.site.layout import layout
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import LampName, Vehicle
from scenes.vehicle import draw_body

LOWER_M, UPPER_M = 0.84, 2.50
"""Heights of a transporter's decks."""
LOWER_FROM_FRONT_M, UPPER_FROM_FRONT_M = 6.25, 2.85
"""Where its decks end, from the lorry's front: the lower one behind the tractor, the upper one behind the cab."""
DECK_M, DECK_FROM_FRONT_M = 1.04, 2.35
"""Height of a recovery lorry's deck, and where it ends, from the lorry's front."""
LIFT_M, LIFT_REACH_M = 0.34, 1.3
"""How high an underlift raises an axle, and how far behind its lorry's body, whose length includes it."""
ROPE_M = (2.6, 4.2)
_BERTH_M, _GAP_M, _FORWARD = 4.3, 0.16, 0.8
_TALLEST_M = 1.50
_TAIL_M = 0.12
_ON_DECK = ("sedan", "hatchback", "estate")
_ROOM_M = 6.0
_HAULER = 1
_AHEAD_M, _TRIES = (13.0, 34.0), 30
_WRECKS = MappingProxyType({"transporter": 0.2, "recovery": 0.6, "underlift": 0.5, "rope": 0.0})
_SHARES = MappingProxyType({"transporter": 0.4, "recovery": 0.25, "underlift": 0.2, "rope": 0.15})
_STANDS = 0.2
_HEIGHT_M = MappingProxyType({"articulated_truck": 3.5, "truck": 3.0})
"""Of lorries without their cars."""
Build = Callable[[np.random.Generator], list[Vehicle]]


def hauled(spec: SceneSpec, rng: np.random.Generator) -> SceneSpec:
    """Return a scene with a lorry that carries cars, or a vehicle that tows one, on a lane of its road.

    Raises:
        Refused: no lane has room for it.
    """
    name = drawn(_SHARES, rng)
    train = _HAULS[name](rng)
    if rng.random() < _WRECKS[name]:
        train = [train[0], *(wrecked(car, rng) for car in train[1:])]
    lanes = [lane for lane in layout(spec.street).lanes if lane.role in ("same", "oncoming")]
    taken, first = bodies(spec), next_id(spec)
    for _ in range(_TRIES):
        lane = one_of(lanes, rng)
        rear = min(_reach(car)[0] for car in train)
        ahead = float(rng.uniform(*_AHEAD_M)) - (rear if lane.role == "same" else -train[0].length_m / 2)
        at = lane.at(abs(ahead - lane.path_m[0][0]))
        speed = 0.0 if rng.random() < _STANDS else float(rng.uniform(4.0, 12.0))
        made = _placed(train, (at.x_m, at.y_m, at.heading_deg), speed, first, dark=spec.lighting == "night")
        if not touches(_ground(train, made[0]), taken):
            return replace(spec, vehicles=(*spec.vehicles, *made))
    raise Refused("no lane has room for a vehicle that hauls cars")


def extent_m(hauler: Vehicle, vehicles: Sequence[Vehicle]) -> tuple[float, float]:
    """Return the length of a vehicle with what it tows, and the middle of both along its heading from its own."""
    angle = radians(hauler.heading_deg)
    rear, front = -hauler.length_m / 2, hauler.length_m / 2
    for car in vehicles:
        if car.carried_by == hauler.actor_id:
            along = (car.x_m - hauler.x_m) * cos(angle) + (car.y_m - hauler.y_m) * sin(angle)
            rear = min(rear, along - car.length_m / 2)
    return front - rear, (front + rear) / 2


def moved_along(car: Vehicle, before: Vehicle, now: Vehicle) -> Vehicle:
    """Return a hauled car after its hauler has gone from `before` to `now`; wheels on the ground have rolled."""
    turn = radians(now.heading_deg - before.heading_deg)
    x, y = car.x_m - before.x_m, car.y_m - before.y_m
    return replace(
        car,
        x_m=now.x_m + x * cos(turn) - y * sin(turn),
        y_m=now.y_m + x * sin(turn) + y * cos(turn),
        heading_deg=car.heading_deg + now.heading_deg - before.heading_deg,
        velocity_mps=now.velocity_mps,
        rolled_m=0.0 if car.raised_m else now.rolled_m,
    )


def roped(car: Vehicle) -> bool:
    """Tell whether a hauled car is on a rope: it runs on its own wheels."""
    return car.carried_by is not None and not car.raised_m


def rope_ends_m(hauler: Vehicle, car: Vehicle) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Return where a rope is tied: to the hauler's rear and to the car's front, xyz in the world."""
    ends = []
    for vehicle, along in ((hauler, -hauler.length_m / 2), (car, car.length_m / 2)):
        angle = radians(vehicle.heading_deg)
        ends.append((vehicle.x_m + along * cos(angle), vehicle.y_m + along * sin(angle), 0.42))
    return ends[0], ends[1]


def _transporter(rng: np.random.Generator) -> list[Vehicle]:
    """Return an articulated lorry at the origin with cars on both decks, from the rear on."""
    lorry = _lorry("articulated_truck", "cars", rng)
    rear, front = -lorry.length_m / 2 + _TAIL_M, lorry.length_m / 2
    cars = _row((rear, front - LOWER_FROM_FRONT_M), LOWER_M, rng)
    return [lorry, *cars, *_row((rear, front - UPPER_FROM_FRONT_M), UPPER_M, rng)]


def _row(span_m: tuple[float, float], deck_m: float, rng: np.random.Generator) -> list[Vehicle]:
    """Return as many cars as find room along a deck, spread over it."""
    long = span_m[1] - span_m[0]
    count = int(long / _BERTH_M)
    berth, made = long / count, []
    for number in range(count):
        car = _car(rng, longest_m=berth - _GAP_M)
        facing = 0.0 if rng.random() < _FORWARD else 180.0
        made.append(replace(car, x_m=span_m[0] + (number + 0.5) * berth, raised_m=deck_m, heading_deg=facing))
    return made


def _recovery(rng: np.random.Generator) -> list[Vehicle]:
    """Return a lorry at the origin with one car on its deck."""
    lorry, car = _lorry("truck", "cars", rng), _car(rng)
    middle = (-lorry.length_m / 2 + lorry.length_m / 2 - DECK_FROM_FRONT_M) / 2
    return [lorry, replace(car, x_m=middle, raised_m=DECK_M)]


def _underlift(rng: np.random.Generator) -> list[Vehicle]:
    """Return a lorry at the origin that has lifted a car's front axle and pulls it on the rear one."""
    lorry, car = _lorry("truck", "lifted_car", rng), _car(rng)
    lifted = degrees(asin(LIFT_M / car.wheelbase_m))
    x = -lorry.length_m / 2 + 0.12 - car.wheelbase_m / 2 * cos(radians(lifted))
    return [lorry, replace(car, x_m=x, raised_m=LIFT_M / 2, lifted_deg=round(lifted, 3))]


def _on_rope(rng: np.random.Generator) -> list[Vehicle]:
    """Return a car at the origin that pulls another on a rope."""
    ahead, behind = (_vehicle(one_of((*_ON_DECK, "suv"), rng), rng) for _ in range(2))
    x = -(ahead.length_m + behind.length_m) / 2 - float(rng.uniform(*ROPE_M))
    return [replace(ahead, driver=True), replace(behind, x_m=x, driver=True, carried_by=_HAULER)]


_HAULS: Mapping[str, Build] = MappingProxyType(
    {"transporter": _transporter, "recovery": _recovery, "underlift": _underlift, "rope": _on_rope}
)
HAULS = tuple(_HAULS)
"""Ways to haul cars."""


def haul(name: str, rng: np.random.Generator, *, wrecks: bool = False) -> list[Vehicle]:
    """Return a hauler at the origin, which heads along +x, and after it what it hauls; `wrecks` may be damaged."""
    train = _HAULS[name](rng)
    train = [train[0], *(wrecked(car, rng) for car in train[1:])] if wrecks else train
    return _placed(train, (0.0, 0.0, 0.0), 0.0, _HAULER, dark=False)


def _lorry(kind: str, load: str, rng: np.random.Generator) -> Vehicle:
    body = draw_body(kind, rng)
    while kind == "truck" and body["length_m"] < 7.7 + (0.6 if load == "lifted_car" else 0.0):
        body = draw_body(kind, rng)
    body |= {"height_m": _HEIGHT_M[kind], "load": load, "livery": "none" if rng.random() < 0.5 else "company"}
    return Vehicle(actor_id=_HAULER, x_m=0.0, y_m=0.0, heading_deg=0.0, driver=True, **body)


def _car(rng: np.random.Generator, *, longest_m: float = 4.97) -> Vehicle:
    """Return a car that is low and short enough for a deck, mostly clean."""
    while True:
        car = _vehicle(one_of(_ON_DECK, rng), rng)
        if car.height_m <= _TALLEST_M and car.length_m <= longest_m:
            return replace(car, dirt=round(0.4 * car.dirt, 3), carried_by=_HAULER)


def _vehicle(kind: str, rng: np.random.Generator) -> Vehicle:
    body: dict[str, Any] = draw_body(kind, rng) | {"load": "none", "livery": "none"}
    return Vehicle(actor_id=_HAULER, x_m=0.0, y_m=0.0, heading_deg=0.0, **body)


def _placed(
    train: Sequence[Vehicle], at: tuple[float, float, float], speed_mps: float, first: int, *, dark: bool
) -> list[Vehicle]:
    """Return a train that stood at the origin at a pose (x, y, heading), on its way, numbered from `first` on."""
    x, y, heading = at
    angle = radians(heading)
    velocity = (round(speed_mps * cos(angle), 3), round(speed_mps * sin(angle), 3))
    made = []
    for number, one in enumerate(train):
        rope = any(roped(car) for car in train[1:])
        hazard: tuple[LampName, ...] = ("indicator_left", "indicator_right") if rope else ()
        lamps: tuple[LampName, ...] = (("head", "tail") if dark and number == 0 else ()) + hazard
        made.append(
            replace(
                one,
                actor_id=first + number,
                x_m=round(x + one.x_m * cos(angle) - one.y_m * sin(angle), 3),
                y_m=round(y + one.x_m * sin(angle) + one.y_m * cos(angle), 3),
                heading_deg=round(one.heading_deg + heading, 2),
                velocity_mps=velocity,
                lamps=lamps,
                carried_by=first if number else None,
            )
        )
    return made


def _reach(vehicle: Vehicle) -> tuple[float, float]:
    return vehicle.x_m - vehicle.length_m / 2, vehicle.x_m + vehicle.length_m / 2


def _ground(train: Sequence[Vehicle], hauler: Vehicle) -> Footprint:
    """Return the ground that a train takes, with room to those ahead and behind; `hauler` is where it goes."""
    rear, front = min(_reach(one)[0] for one in train), max(_reach(one)[1] for one in train)
    angle, middle = radians(hauler.heading_deg), (rear + front) / 2
    x, y = hauler.x_m + middle * cos(angle), hauler.y_m + middle * sin(angle)
    return footprint(x, y, hauler.heading_deg, front - rear + 2 * _ROOM_M, max(v.width_m for v in train) + 0.6)
