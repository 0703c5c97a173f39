"""Pile-ups: one after the other runs into what has happened before it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenes.crashes.crash_type import CrashType, Ground
from scenes.crashes.event import Event, Party
from scenes.crashes.rear_end import FOLLOWERS, lead_stopped
from scenes.draws import Refused, drawn
from scenes.driver import Braking
from scenes.vehicle import draw_body

_HEADWAY_S = (0.45, 1.0)
_JOIN = (1, 4)
_SEEN_OVER_M = 2.2
_BRAKED_S = (0.0, 0.6)


def pile_up(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw a rear-end crash with one to three more behind it, who follow too closely.

    On a two-way road all of them come towards the ego, on a dual carriageway they are in the lane beside it.
    """
    event = lead_stopped(ground, rng)
    first, lead = event.parties
    if max(first.body["height_m"], lead.body["height_m"]) > _SEEN_OVER_M:
        raise Refused("a tall vehicle hides the pile-up")
    towards = ground.two_way
    if towards != (abs(lead.heading_deg) > 90):
        turn = 180.0 if towards else -180.0
        first, lead = (replace(party, heading_deg=party.heading_deg + turn) for party in (first, lead))
    lane = ground.lane_m(-1 if towards else 2)
    way = -1.0 if towards else 1.0
    x, parties = -way * first.body["length_m"], [first, lead]
    cruise = first.braking.cruise_mps
    for _ in range(int(rng.integers(*_JOIN))):
        joins = _follower(ground, cruise * float(rng.uniform(0.9, 1.1)), rng)
        gap = max(2.0, joins.braking.impact_mps * float(rng.uniform(*_HEADWAY_S)))
        x -= way * (gap + joins.body["length_m"])
        centre = x + way * joins.body["length_m"] / 2
        aside = float(rng.normal(0, 0.25))
        heading = (180.0 if towards else 0.0) + float(rng.normal(0, 1))
        parties.append(replace(joins, heading_deg=heading, waits_m=(centre, lane + aside)))
    return replace(event, parties=tuple(parties), y_m=lane + float(rng.normal(0, 0.15)))


def _follower(ground: Ground, cruise_mps: float, rng: np.random.Generator) -> Party:
    slows, braked = float(rng.uniform(0.45, 0.8)) * ground.friction * 9.81, float(rng.uniform(*_BRAKED_S))
    speed = max(cruise_mps - slows * braked, 0.3 * cruise_mps)
    return Party(
        body=draw_body(drawn(FOLLOWERS, rng), rng),
        heading_deg=0.0,
        waits_m=(0.0, 0.0),
        grips=float(rng.uniform(0.6, 1.0)),
        braking=Braking(cruise_mps=speed + slows * braked, impact_mps=speed, braked_s=braked, slows_mps2=slows),
    )


TYPES = (
    CrashType(
        name="pile_up",
        nhtsa=26,
        event=pile_up,
        places={"street": 0.4, "dual_carriageway": 0.4, "rural_road": 0.2},
        sentence="One vehicle has run into another that stood, and those behind run into them in turn.",
    ),
)
"""The pile-up, which NHTSA counts by its first impact."""
