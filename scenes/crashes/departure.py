"""Off the road: into pole, tree and rail."""

from __future__ import annotations

from dataclasses import replace
from math import cos, radians, sin
from typing import Literal

import numpy as np

from scenes.crashes.crash_type import DUAL, JUNCTION, CrashType, Ground
from scenes.crashes.crossing_paths import coasting
from scenes.crashes.event import Event, Fixed, Party
from scenes.crashes.rear_end import FOLLOWERS
from scenes.draws import drawn, one_of
from scenes.driver import brake
from scenes.spec.place import PlaceKind
from scenes.vehicle import CARS, draw_body

_POST_MPS = 14.5
"""Beyond this, a post goes deeper than Campbell's line holds."""
PostKind = Literal["utility_pole", "lamp_post", "tree", "bollard"]
_RADII_M = {"utility_pole": 0.15, "lamp_post": 0.1, "tree": 0.22, "bollard": 0.09}
EDGE_PLACES: dict[PlaceKind, float] = {"rural_road": 0.6, "street": 0.4}


def post_at(y_m: float, course_deg: float, rng: np.random.Generator, *, kinds: tuple[PostKind, ...]) -> Fixed:
    """Return a post whose near side is touched at (0, `y_m`) by who comes along a course."""
    kind = one_of(kinds, rng)
    radius, angle = _RADII_M[kind], radians(course_deg)
    return Fixed(
        against="tree" if kind == "tree" else "pole",
        x_m=radius * cos(angle),
        y_m=y_m + radius * sin(angle),
        radius_m=radius,
        obstacle=kind,
        seed=int(rng.integers(64)),
    )


def beside_m(ground: Ground, rng: np.random.Generator) -> float:
    """Return how far beyond the edge of the road something stands."""
    return ground.half_m + float(rng.uniform(0.9, 2.4) if ground.street.kind == "rural_road" else rng.uniform(0.5, 1.1))


def _off(
    ground: Ground,
    rng: np.random.Generator,
    *,
    kinds: tuple[PostKind, ...],
    turned_deg: tuple[float, float],
    radius_m: float = 70.0,
    right: float = 0.6,
) -> Event:
    side = -1 if rng.random() < right else 1
    body = draw_body(drawn(FOLLOWERS, rng), rng)
    turned = side * float(rng.uniform(*turned_deg))
    cruise = min(0.75 * ground.cruise_mps(rng), _POST_MPS)
    came = brake(cruise, warned_s=float(rng.uniform(0.4, 1.8)), friction=ground.friction, rng=rng)
    heading = turned + (180.0 if side > 0 and rng.random() < 0.3 else 0.0)
    if heading > 90.0:  # an oncoming one goes off at its own right
        turned, heading = -turned, 180.0 - turned
    party = Party(
        body=body,
        heading_deg=heading,
        braking=came,
        turned_deg=turned,
        radius_m=radius_m,
        point_m=(body["length_m"] / 2, float(rng.uniform(-0.36, 0.36)) * body["width_m"]),
        grips=0.7,
    )
    y = side * beside_m(ground, rng)
    post = post_at(y, heading, rng, kinds=kinds)
    return Event(
        parties=(party,),
        y_m=y,
        width_m=2 * post.radius_m + 0.35,
        friction=ground.friction,
        struck=post,
        fixed=ground.rails(),
    )


def into_pole(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that goes off the road into a pole."""
    return _off(
        ground,
        rng,
        kinds=("lamp_post",) if ground.street.kind != "rural_road" else ("utility_pole",),
        turned_deg=(8.0, 20.0),
    )


def into_tree(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that goes off the road into a tree."""
    return _off(ground, rng, kinds=("tree",), turned_deg=(8.0, 20.0))


def into_rail(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that leaves its lane of a dual carriageway and runs along the rail."""
    rails = ground.rails()
    rail = rails[int(rng.random() < 0.35)]
    body = draw_body(drawn(FOLLOWERS, rng), rng)
    heading = -rail.faces * float(rng.uniform(5, 16))
    party = Party(
        body=body,
        heading_deg=heading,
        braking=coasting(0.85 * ground.cruise_mps(rng)),
        turned_deg=heading,
        radius_m=110.0,
        point_m=(body["length_m"] / 2, -rail.faces * body["width_m"] / 2),
        side="front",
        grips=float(rng.uniform(0.4, 0.9)),
    )
    others = tuple(other for other in rails if other is not rail)
    return Event(parties=(party,), y_m=rail.y_m, width_m=0.8, friction=ground.friction, struck=rail, fixed=others)


def vehicle_failure(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one whose front tyre bursts and pulls it off its lane into the rail."""
    event = into_rail(ground, rng)
    assert isinstance(event.struck, Fixed)
    burst = replace(event.parties[0], flat_tyres=((0, -1 if event.struck.faces > 0 else 1),))
    return replace(event, parties=(burst,))


def turning_too_fast(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that turns right too fast, runs wide and hits a post on the far corner."""
    body = draw_body(one_of((*CARS, "van"), rng), rng)
    turned = -float(rng.uniform(22, 42))
    party = Party(
        body=body,
        heading_deg=turned,
        braking=coasting(float(rng.uniform(6, 11))),
        turned_deg=turned,
        radius_m=16.0,
        point_m=(body["length_m"] / 2, float(rng.uniform(-0.3, 0.3)) * body["width_m"]),
        grips=0.8,
    )
    y = -(ground.half_m + float(rng.uniform(0.5, 1.0)))
    post = post_at(y, turned, rng, kinds=("lamp_post", "bollard", "tree"))
    return Event(
        parties=(party,),
        y_m=y,
        width_m=0.6,
        friction=ground.friction,
        struck=post,
        feature_m=-float(rng.uniform(8.2, 9.4)),
    )


TYPES = (
    CrashType(
        name="vehicle_failure",
        nhtsa=1,
        event=vehicle_failure,
        places=DUAL,
        sentence="A front tyre bursts and pulls a vehicle against the guard rail.",
    ),
    CrashType(
        name="departure_in_turn",
        nhtsa=6,
        event=turning_too_fast,
        places=JUNCTION,
        junction=True,
        sentence="A driver turns too fast, runs wide and hits a post on the corner.",
    ),
    CrashType(
        name="departure_into_pole",
        nhtsa=7,
        event=into_pole,
        places=EDGE_PLACES,
        sentence="A vehicle leaves the road and runs into a pole.",
    ),
    CrashType(
        name="departure_into_tree",
        nhtsa=7,
        event=into_tree,
        places=EDGE_PLACES,
        sentence="A vehicle leaves the road and runs into a tree.",
    ),
    CrashType(
        name="departure_into_rail",
        nhtsa=7,
        event=into_rail,
        places=DUAL,
        sentence="A vehicle leaves its lane and runs along the guard rail.",
    ),
)
"""Departures."""
