"""Crossing paths: two meet at a junction, one of them straight or turning across the other's way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.crashes.crash_type import JUNCTION, CrashType, Drawing, Ground
from scenes.crashes.event import Event, Party
from scenes.draws import drawn
from scenes.driver import Braking, brake
from scenes.site.plan import SIDE_HALF_M
from scenes.vehicle import draw_body

_KINDS = {"sedan": 0.24, "hatchback": 0.28, "estate": 0.1, "suv": 0.24, "van": 0.09, "pickup": 0.03, "minibus": 0.02}
_SIDE_LANE_M = SIDE_HALF_M / 2


@dataclass(frozen=True, kw_only=True)
class Way:
    """How one of the two comes: heading and speed at the contact, and the turn that it has made."""

    heading_deg: float
    braking: Braking
    turned_deg: float = 0.0
    radius_m: float = 10.0


def onto_flank(
    ground: Ground,
    strikes: Way,
    struck: Way,
    rng: np.random.Generator,
    *,
    y_m: float,
    feature_m: float,
    kinds: tuple[str, str] | None = None,
    reach: tuple[float, float] = (-0.45, 0.45),
    rides: tuple[bool, bool] = (False, False),
) -> Event:
    """Return an event in which the first one's front meets the second one's flank.

    Args:
        ground: the place.
        strikes: how the first comes.
        struck: how the second comes.
        rng: draws vehicles and where along the flank.
        y_m: first contact across the road.
        feature_m: see `Event`.
        kinds: of both vehicles; drawn if None.
        reach: range of the contact along the flank, in wheelbases from the middle.
        rides: who sits on what they can be thrown from.
    """
    first, second = (draw_body(kind, rng) for kind in kinds or (drawn(_KINDS, rng), drawn(_KINDS, rng)))
    angle = np.deg2rad(strikes.heading_deg - struck.heading_deg)
    flank = -float(np.sign(np.sin(angle))) * second["width_m"] / 2
    along = float(rng.uniform(*reach)) * second["wheelbase_m"]
    aside = float(rng.uniform(-0.3, 0.3)) * first["width_m"]
    parties = (
        Party(
            body=first,
            heading_deg=strikes.heading_deg,
            braking=strikes.braking,
            side="front",
            point_m=(first["length_m"] / 2, aside),
            turned_deg=strikes.turned_deg,
            radius_m=strikes.radius_m,
            grips=float(rng.uniform(0.4, 1.0)),
            rides=rides[0],
        ),
        Party(
            body=second,
            heading_deg=struck.heading_deg,
            braking=struck.braking,
            side="side",
            point_m=(along, flank),
            turned_deg=struck.turned_deg,
            radius_m=struck.radius_m,
            grips=float(rng.uniform(0.4, 1.0)),
            rides=rides[1],
        ),
    )
    width = min(1.6, 0.9 * first["width_m"])
    return Event(parties=parties, y_m=y_m, width_m=width, friction=ground.friction, feature_m=feature_m)


def coasting(speed_mps: float) -> Braking:
    """Return how somebody comes who does not brake."""
    return Braking(cruise_mps=speed_mps, impact_mps=speed_mps)


def _straight(
    ground: Ground, rng: np.random.Generator, *, crossing_mps: tuple[float, float], strikes_across: float
) -> Event:
    """Draw one along the main road and one across it, of whom either may strike."""
    along = 180.0 if rng.random() < 0.5 else 0.0
    side = 1 if rng.random() < 0.5 else -1
    main = Way(heading_deg=along + float(rng.normal(0, 4)), braking=_seen(ground.cruise_mps(rng), ground, rng))
    speed = float(rng.uniform(*crossing_mps))
    across = Way(heading_deg=side * 90.0 + float(rng.normal(0, 5)), braking=_seen(speed, ground, rng))
    first, second = (across, main) if rng.random() < strikes_across else (main, across)
    y = ground.lane_m(-1 if along else 1) + float(rng.normal(0, 0.3))
    return onto_flank(ground, first, second, rng, y_m=y, feature_m=-side * _SIDE_LANE_M)


def _seen(cruise_mps: float, ground: Ground, rng: np.random.Generator) -> Braking:
    return brake(cruise_mps, warned_s=float(rng.uniform(0.3, 1.9)), friction=ground.friction, rng=rng)


def running_red_light(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw two at speed, of whom one has red."""
    return _straight(ground, rng, crossing_mps=(8.0, 15.0), strikes_across=0.5)


def running_stop_sign(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one out of a side road that does not stop."""
    return _straight(ground, rng, crossing_mps=(7.0, 13.0), strikes_across=0.5)


def straight_crossing_paths(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that has stopped, and sets off across the way of another."""
    return _straight(ground, rng, crossing_mps=(2.5, 6.0), strikes_across=0.25)


def left_turn(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that turns left across the way of somebody who comes towards it."""
    strikes, struck, y, feature = left_turn_ways(ground, rng)
    return onto_flank(ground, strikes, struck, rng, y_m=y, feature_m=feature)


def left_turn_ways(ground: Ground, rng: np.random.Generator) -> tuple[Way, Way, float, float]:
    """Return the straight and the turning way, and where they meet: y and the junction's middle along x."""
    turned = float(rng.uniform(48, 85))
    away = rng.random() < 0.5
    straight = Way(
        heading_deg=(180.0 if away else 0.0) + float(rng.normal(0, 2)),
        braking=_seen(ground.cruise_mps(rng), ground, rng),
    )
    turning = Way(
        heading_deg=(0.0 if away else 180.0) + turned,
        braking=coasting(float(rng.uniform(3.5, 7.5))),
        turned_deg=turned,
        radius_m=float(rng.uniform(7.5, 11.0)),
    )
    y = ground.lane_m(-1 if away else 1) + float(rng.normal(0, 0.3))
    return straight, turning, y, float(rng.uniform(0.0, 2.5)) * (-1 if away else 1)


def right_turn(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one out of a side road on the right that turns right, into the way of somebody behind it."""
    return _out_of_side_road(ground, rng, turned_deg=-float(rng.uniform(35, 62)), feature_m=-1.0)


def turning(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one out of a side road on the right that turns left, across the way of somebody from the left."""
    return _out_of_side_road(ground, rng, turned_deg=float(rng.uniform(5, 50)), feature_m=-_SIDE_LANE_M)


def _out_of_side_road(ground: Ground, rng: np.random.Generator, *, turned_deg: float, feature_m: float) -> Event:
    away = rng.random() < 0.5
    strikes = Way(
        heading_deg=(180.0 if away else 0.0) + float(rng.normal(0, 2)),
        braking=_seen(ground.cruise_mps(rng), ground, rng),
    )
    struck = Way(
        heading_deg=(270.0 if away else 90.0) + turned_deg,
        braking=coasting(float(rng.uniform(2.5, 6.5))),
        turned_deg=turned_deg,
        radius_m=float(rng.uniform(7.0, 10.0)),
    )
    y = ground.lane_m(-1 if away else 1) + float(rng.normal(0, 0.25))
    return onto_flank(
        ground, strikes, struck, rng, y_m=y, feature_m=-feature_m if away else feature_m, reach=(-0.5, 0.2)
    )


def _type(name: str, nhtsa: int, event: Drawing, sentence: str, *, signals: bool) -> CrashType:
    return CrashType(
        name=name,
        nhtsa=nhtsa,
        event=event,
        sentence=sentence,
        places=JUNCTION,
        junction=True,
        signals=signals,
    )


TYPES = (
    _type(
        "running_red_light",
        4,
        running_red_light,
        "A driver runs a red light and two vehicles meet in the middle of the crossroads.",
        signals=True,
    ),
    _type(
        "running_stop_sign",
        5,
        running_stop_sign,
        "A driver passes a stop sign without stopping and meets somebody on the main road.",
        signals=False,
    ),
    _type(
        "left_turn_signalised",
        27,
        left_turn,
        "A driver turns left at a signal, across the way of an oncoming vehicle.",
        signals=True,
    ),
    _type(
        "right_turn_signalised",
        28,
        right_turn,
        "A driver turns right at a signal, into the way of a vehicle that comes from the left.",
        signals=True,
    ),
    _type(
        "left_turn_unsignalised",
        29,
        left_turn,
        "A driver turns left where there is no signal, across the way of an oncoming vehicle.",
        signals=False,
    ),
    _type(
        "straight_crossing_paths",
        30,
        straight_crossing_paths,
        "A driver sets off from a stop sign and crosses the way of somebody on the main road.",
        signals=False,
    ),
    _type(
        "turning_unsignalised",
        31,
        turning,
        "A driver turns out of a side road, across the way of somebody on the main road.",
        signals=False,
    ),
)
"""Crossing-path types."""
