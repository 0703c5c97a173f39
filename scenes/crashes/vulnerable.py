"""Those without a shell: people on foot, cyclists, motorcyclists, animals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from scenes.crashes.crash_type import COUNTRY, JUNCTION, CrashType, Ground
from scenes.crashes.crossing_paths import Way, coasting, left_turn_ways, onto_flank
from scenes.crashes.event import Event, Loose, Party
from scenes.crashes.rear_end import FOLLOWERS
from scenes.crashes.startle import STRUCK, draw_reaction, goal_mps
from scenes.draws import drawn, one_of
from scenes.driver import Braking, brake
from scenes.gait import speed_mps
from scenes.person import draw_person
from scenes.spec.living import Animal, AnimalKind, Person, Pose
from scenes.vehicle import CARS, draw_body

_STRIKERS = {name: share for name, share in FOLLOWERS.items() if name != "pickup"}
_MASS_INDEX = 23.0
"""Mass over the square of height, kg/m²: the middle of what WHO calls normal."""
_CENTRE_SHARE = 0.55
_BEASTS: dict[AnimalKind, tuple[tuple[float, float], float]] = {
    "deer": ((0.7, 1.1), 75.0),
    "cow": ((1.2, 1.5), 550.0),
    "dog": ((0.4, 0.65), 25.0),
}
"""Kind to range of the shoulder's height and mass in kg (roe and red deer, dairy cattle, large dogs; rounded)."""
_BEAST_SHARES: dict[AnimalKind, float] = {"deer": 0.65, "cow": 0.15, "dog": 0.2}
_GAITS: dict[Pose, float] = {"crossing": 0.55, "running": 0.3, "walking": 0.15}
_TOWARDS_EGO = 0.65
"""Share on the other side of the road, where the vehicle does not hide whom it strikes."""
_CORNER_M = 6.8
"""From the middle of a crossroads to the middle of its zebra crossings."""


def pedestrian_crossing(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw somebody who crosses the road before a vehicle that goes straight on."""
    away = rng.random() < _TOWARDS_EGO
    came = brake(0.9 * ground.cruise_mps(rng), warned_s=float(rng.uniform(0.5, 2.2)), friction=ground.friction, rng=rng)
    lane = ground.lane_m(-1 if away else 1)
    return _struck(ground, rng, _walker(rng), came, heading_deg=180.0 if away else 0.0, y_m=lane)


def pedestrian_turning(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw somebody on a zebra crossing before a vehicle that has turned out of the side road."""
    turned = float(rng.uniform(35, 65)) * (1 if rng.random() < 0.5 else -1)
    came = brake(float(rng.uniform(4, 8)), warned_s=float(rng.uniform(0.3, 1.5)), friction=ground.friction, rng=rng)
    away = rng.random() < 0.8
    event = _struck(
        ground,
        rng,
        _walker(rng),
        came,
        heading_deg=(180.0 if away else 0.0) + float(rng.normal(0, 5)) + turned * 0.2,
        y_m=ground.lane_m(-1 if away else 1),
        turned_deg=turned,
        radius_m=9.0,
    )
    return replace(event, feature_m=_CORNER_M if away else -_CORNER_M)


def animal_crossing(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw an animal that crosses a country road before a vehicle."""
    return _beast_struck(ground, rng, turned_deg=0.0)


def animal_in_swerve(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw an animal that is struck by somebody who swerves too late."""
    return _beast_struck(ground, rng, turned_deg=float(rng.uniform(4, 9)) * (1 if rng.random() < 0.5 else -1))


def _beast_struck(ground: Ground, rng: np.random.Generator, *, turned_deg: float) -> Event:
    away = rng.random() < _TOWARDS_EGO
    came = brake(
        0.85 * ground.cruise_mps(rng), warned_s=float(rng.uniform(0.5, 2.0)), friction=ground.friction, rng=rng
    )
    lane = ground.lane_m(-1 if away else 1)
    heading = (180.0 if away else 0.0) + turned_deg
    return _struck(ground, rng, _beast(rng), came, heading_deg=heading, y_m=lane, turned_deg=turned_deg, radius_m=80.0)


def _struck(
    ground: Ground,
    rng: np.random.Generator,
    loose: Loose,
    came: Braking,
    *,
    heading_deg: float,
    y_m: float,
    turned_deg: float = 0.0,
    radius_m: float = 40.0,
) -> Event:
    body = draw_body(drawn(_STRIKERS, rng) if loose.against == "person" else one_of((*CARS, "van", "pickup"), rng), rng)
    aside = float(rng.uniform(-0.38, 0.38)) * body["width_m"]
    party = Party(
        body=body,
        heading_deg=heading_deg,
        braking=came,
        turned_deg=turned_deg,
        radius_m=radius_m,
        point_m=(body["length_m"] / 2, aside),
        grips=float(rng.uniform(0.88, 1.0)),
    )
    return Event(parties=(party,), y_m=y_m + aside, width_m=0.6, friction=ground.friction, struck=loose)


def _walker(rng: np.random.Generator) -> Loose:
    pose = drawn(_GAITS, rng)
    told: dict[str, Any] = draw_person(rng, pose=pose)
    walks = speed_mps(Person(actor_id=1, x_m=0.0, y_m=0.0, heading_deg=0.0, **told))
    goes = goal_mps(draw_reaction(STRUCK, rng), walks, rng)
    return Loose(
        against="person",
        told=told,
        mass_kg=_MASS_INDEX * told["height_m"] ** 2,
        centre_m=_CENTRE_SHARE * told["height_m"],
        speed_mps=goes,
        came_mps=walks,
        heading_deg=90.0 * (1 if rng.random() < 0.5 else -1) + float(rng.normal(0, 8)),
    )


def _beast(rng: np.random.Generator) -> Loose:
    kind = drawn(_BEAST_SHARES, rng)
    (low, high), mass = _BEASTS[kind]
    height = round(float(rng.uniform(low, high)), 2)
    told: dict[str, Any] = {
        "kind": kind,
        "height_m": height,
        "pose": one_of(("walking", "running"), rng),
        "seed": int(rng.integers(24)),
    }
    goes = speed_mps(Animal(actor_id=1, x_m=0.0, y_m=0.0, heading_deg=0.0, **told))
    return Loose(
        against="animal",
        told=told,
        mass_kg=mass,
        centre_m=0.75 * height,
        reach_m=0.3 * height,
        speed_mps=goes,
        heading_deg=90.0 * (1 if rng.random() < 0.5 else -1) + float(rng.normal(0, 15)),
    )


def cyclist_turning(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw a driver who turns right across a cyclist beside them."""
    turned = -float(rng.uniform(28, 55))
    car, bicycle = draw_body(one_of((*CARS, "van", "truck"), rng), rng), draw_body("bicycle", rng)
    parties = (
        Party(
            body=car,
            heading_deg=turned,
            braking=coasting(float(rng.uniform(4, 7))),
            turned_deg=turned,
            radius_m=10.0,
            point_m=(0.5 * car["length_m"], -float(rng.uniform(0.1, 0.45)) * car["width_m"]),
            grips=0.9,
        ),
        Party(
            body=bicycle,
            heading_deg=float(rng.normal(0, 2)),
            braking=coasting(float(rng.uniform(3.5, 7))),
            side="side",
            point_m=(float(rng.uniform(-0.1, 0.6)), bicycle["width_m"] / 2),
            rides=True,
        ),
    )
    y = ground.lane_m(ground.street.lanes_per_direction) - 0.28 * ground.street.lane_width_m
    return Event(parties=parties, y_m=y, width_m=0.7, friction=ground.friction, feature_m=float(rng.uniform(2.5, 4.5)))


def cyclist_crossing(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw a cyclist who rides out of a side road before a vehicle."""
    side, away = (1 if rng.random() < 0.5 else -1), rng.random() < 0.4
    came = brake(ground.cruise_mps(rng), warned_s=float(rng.uniform(0.5, 2.0)), friction=ground.friction, rng=rng)
    strikes = Way(heading_deg=180.0 if away else 0.0, braking=came)
    struck = Way(heading_deg=side * 90.0 + float(rng.normal(0, 6)), braking=coasting(float(rng.uniform(3, 6.5))))
    kinds = one_of((*CARS, "van"), rng), "bicycle"
    return onto_flank(
        ground,
        strikes,
        struck,
        rng,
        y_m=ground.lane_m(-1 if away else 1),
        feature_m=-side * 2.1,
        kinds=kinds,
        rides=(False, True),
    )


def motorcycle_left_turn(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw a motorcyclist whose way a driver crosses in turning left."""
    strikes, struck, y, feature = left_turn_ways(ground, rng)
    kinds = one_of(("motorcycle", "motorcycle", "scooter"), rng), one_of((*CARS, "van"), rng)
    return onto_flank(
        ground, strikes, struck, rng, y_m=y, feature_m=feature, kinds=kinds, reach=(-0.6, 0.6), rides=(True, False)
    )


TYPES = (
    CrashType(
        name="animal_in_swerve",
        nhtsa=9,
        event=animal_in_swerve,
        places=COUNTRY,
        sentence="A driver swerves too late and strikes an animal on a country road.",
    ),
    CrashType(
        name="animal_crossing",
        nhtsa=10,
        event=animal_crossing,
        places=COUNTRY,
        sentence="An animal crosses a country road and is struck.",
    ),
    CrashType(
        name="pedestrian_turning",
        nhtsa=11,
        event=pedestrian_turning,
        places=JUNCTION,
        junction=True,
        sentence="A driver turns at a crossroads and strikes somebody on the zebra crossing.",
    ),
    CrashType(
        name="pedestrian_crossing",
        nhtsa=12,
        event=pedestrian_crossing,
        places={"street": 0.8, "rural_road": 0.2},
        sentence="Somebody crosses the road and is struck by a vehicle that goes straight on.",
    ),
    CrashType(
        name="cyclist_turning",
        nhtsa=13,
        event=cyclist_turning,
        places=JUNCTION,
        junction=True,
        sentence="A driver turns right across the way of a cyclist beside them.",
    ),
    CrashType(
        name="cyclist_crossing",
        nhtsa=14,
        event=cyclist_crossing,
        places=JUNCTION,
        junction=True,
        sentence="A cyclist rides out of a side road before a vehicle.",
    ),
    CrashType(
        name="motorcycle_left_turn",
        nhtsa=29,
        event=motorcycle_left_turn,
        places=JUNCTION,
        junction=True,
        signals=False,
        sentence="A driver turns left across the way of an oncoming motorcycle.",
    ),
)
"""Types with somebody unprotected."""
