"""Things in the road: what a lorry lost, and what road workers set out."""

from __future__ import annotations

import numpy as np

from scenes.crashes.crash_type import CrashType, Ground
from scenes.crashes.event import Event, Loose, Party
from scenes.crashes.rear_end import FOLLOWERS
from scenes.draws import drawn, one_of
from scenes.driver import brake
from scenes.vehicle import draw_body

_LOST = (("box", 0.9, 35.0, 0.4), ("tyre", 0.8, 45.0, 0.25), ("wheel", 0.63, 40.0, 0.3))
_SET_OUT = (("barrier", 1.6, 60.0, 0.5), ("barrel", 1.0, 30.0, 0.5))
"""Kind, size in metres, mass in kg and height of the centre in metres (assumed)."""


def object_ahead(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw a lost load that somebody runs into who goes straight on."""
    return _thing_struck(ground, rng, one_of(_LOST, rng), turned_deg=0.0)


def object_in_manoeuvre(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw a barrier that somebody runs into in changing lanes."""
    turned = float(rng.uniform(5, 12)) * (1 if rng.random() < 0.5 else -1)
    return _thing_struck(ground, rng, one_of(_SET_OUT, rng), turned_deg=turned)


def _thing_struck(
    ground: Ground, rng: np.random.Generator, thing: tuple[str, float, float, float], *, turned_deg: float
) -> Event:
    kind, size, mass, centre = thing
    body = draw_body(drawn(FOLLOWERS, rng), rng)
    came = brake(ground.cruise_mps(rng), warned_s=float(rng.uniform(0.5, 1.8)), friction=ground.friction, rng=rng)
    away = ground.two_way and rng.random() < 0.35
    aside = float(rng.uniform(-0.35, 0.35)) * body["width_m"]
    party = Party(
        body=body,
        heading_deg=(180.0 if away else 0.0) + turned_deg,
        braking=came,
        turned_deg=turned_deg,
        radius_m=60.0,
        point_m=(body["length_m"] / 2, aside),
        grips=float(rng.uniform(0.5, 1.0)),
    )
    told = {"kind": kind, "size_m": size, "seed": int(rng.integers(2**31))}
    loose = Loose(
        against="object",
        told=told,
        mass_kg=mass,
        centre_m=centre,
        heading_deg=float(rng.uniform(0, 360)),
        reach_m=size / 2,
    )
    lane = int(rng.integers(1, ground.street.lanes_per_direction + 1)) * (-1 if away else 1)
    return Event(
        parties=(party,),
        y_m=ground.lane_m(lane) + float(rng.normal(0, 0.3)),
        width_m=0.8,
        friction=ground.friction,
        struck=loose,
        fixed=ground.rails(),
    )


TYPES = (
    CrashType(
        name="object_in_manoeuvre",
        nhtsa=35,
        event=object_in_manoeuvre,
        sentence="A driver changes lanes and runs into a barrier that stands on the road.",
    ),
    CrashType(
        name="object_ahead",
        nhtsa=36,
        event=object_ahead,
        sentence="A vehicle runs into something that another has lost.",
    ),
)
"""Types with things."""
