"""Opposite directions: head-on and nearly so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenes.crashes.crash_type import CrashType, Ground
from scenes.crashes.event import Event, Party
from scenes.crashes.rear_end import FOLLOWERS, HELD
from scenes.draws import drawn
from scenes.driver import Braking, brake
from scenes.spec.place import PlaceKind
from scenes.vehicle import draw_body

_TWO_WAY: dict[PlaceKind, float] = {"street": 0.35, "rural_road": 0.55, "bridge": 0.1}


def overtaking(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that overtakes and meets somebody head-on, beside whom it wants to pass."""
    event = _head_on(ground, rng, turned_deg=float(rng.normal(0, 2)), y_share=(0.3, 0.6))
    speed = 0.55 * event.parties[0].braking.cruise_mps
    slow = draw_body(drawn(FOLLOWERS, rng), rng)
    passed = Party(
        body=slow,
        heading_deg=0.0,
        waits_m=(float(rng.uniform(-6.0, 1.0)), ground.lane_m(1) - 0.3),
        braking=Braking(cruise_mps=speed, impact_mps=speed, slows_mps2=0.6 * ground.friction * 9.81),
    )
    return replace(event, parties=(*event.parties, passed))


def drifting(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that drifts over the centre line."""
    return _head_on(ground, rng, turned_deg=float(rng.uniform(3, 9)), y_share=(0.12, 0.4))


def evading(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that swerves around somebody who stands in its lane, and meets who comes towards it."""
    event = _head_on(ground, rng, turned_deg=float(rng.uniform(7, 14)), y_share=(0.15, 0.45))
    body = draw_body(drawn(FOLLOWERS, rng), rng)
    away = 2.0 + body["length_m"] / 2
    stands = Party(
        body=body,
        heading_deg=float(rng.normal(0, 1)),
        braking=HELD,
        waits_m=(float(rng.uniform(0.0, 2.5)) + away, ground.lane_m(1) - 0.35),
    )
    return replace(event, parties=(*event.parties, stands))


def _head_on(ground: Ground, rng: np.random.Generator, *, turned_deg: float, y_share: tuple[float, float]) -> Event:
    """Return front against front, the first on the wrong side of the road."""
    first, second = draw_body(drawn(FOLLOWERS, rng), rng), draw_body(drawn(FOLLOWERS, rng), rng)
    share = float(rng.uniform(0.3, 0.9))
    offset = (1 - share) * (first["width_m"] + second["width_m"]) / 2
    comes, meets = (
        brake(0.8 * ground.cruise_mps(rng), warned_s=float(rng.uniform(0.6, 2.0)), friction=ground.friction, rng=rng)
        for _ in range(2)
    )
    parties = (
        Party(
            body=first,
            heading_deg=turned_deg,
            braking=comes,
            turned_deg=turned_deg if turned_deg > 2.5 else 0.0,
            radius_m=70.0,
            point_m=(first["length_m"] / 2, offset / 2),
            grips=float(rng.uniform(0.5, 1.0)),
        ),
        Party(
            body=second,
            heading_deg=180.0 + float(rng.normal(0, 2)),
            braking=meets,
            side="front",
            point_m=(second["length_m"] / 2, offset / 2),
            grips=float(rng.uniform(0.5, 1.0)),
        ),
    )
    width = max(0.45, share * min(first["width_m"], second["width_m"]))
    y = float(rng.uniform(*y_share)) * ground.street.lane_width_m
    return Event(parties=parties, y_m=y, width_m=round(width, 3), friction=ground.friction)


TYPES = (
    CrashType(
        name="overtaking_head_on",
        nhtsa=20,
        event=overtaking,
        places=_TWO_WAY,
        sentence="A driver overtakes and meets an oncoming vehicle head-on.",
    ),
    CrashType(
        name="drifting_head_on",
        nhtsa=21,
        event=drifting,
        places=_TWO_WAY,
        sentence="A vehicle drifts over the centre line and meets an oncoming one front to front.",
    ),
    CrashType(
        name="evasive_action",
        nhtsa=33,
        event=evading,
        places=_TWO_WAY,
        sentence="A driver swerves around a vehicle that stands in the lane and meets an oncoming one.",
    ),
)
"""Types of opposite directions."""
