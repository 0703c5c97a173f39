"""Rear-end crashes: who follows runs into who leads."""

from __future__ import annotations

import numpy as np

from scenes.crashes.crash_type import CrashType, Ground
from scenes.crashes.event import Event, Party
from scenes.draws import drawn
from scenes.driver import Braking, brake
from scenes.vehicle import draw_body

FOLLOWERS = {
    "sedan": 0.2,
    "hatchback": 0.26,
    "estate": 0.1,
    "suv": 0.22,
    "van": 0.1,
    "truck": 0.05,
    "pickup": 0.04,
    "bus": 0.03,
}
LEADERS = {**FOLLOWERS, "truck": 0.08, "minibus": 0.02}
HELD = Braking(cruise_mps=0.0, impact_mps=0.0, braked_s=2.0)
"""Of who stands with a foot on the brake."""
_LEAST_CLOSING_MPS = 3.0
_TOWARDS_EGO = 0.7
"""Share on the other side of the road, where the ego sees both; on its own side the follower hides who leads."""


def lead_stopped(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw a follower who reacts too late to somebody who stands."""
    follows = brake(ground.cruise_mps(rng), warned_s=float(rng.uniform(0.6, 2.4)), friction=ground.friction, rng=rng)
    return _pair(ground, follows, HELD, rng)


def lead_decelerating(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw two at one speed, of whom the leader brakes first."""
    cruise = ground.cruise_mps(rng)
    slows = float(rng.uniform(0.5, 0.9)) * ground.friction * 9.81
    braked = min(float(rng.uniform(1.0, 1.5)), 0.8 * cruise / slows)
    leads = Braking(cruise_mps=cruise, impact_mps=cruise - slows * braked, braked_s=braked, slows_mps2=slows)
    follows = brake(cruise * float(rng.uniform(1.0, 1.15)), warned_s=braked, friction=ground.friction, rng=rng)
    return _pair(ground, follows, leads, rng)


def lead_slower(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw a leader who keeps a low speed: a lorry uphill, a tractor's pace, a lost driver."""
    cruise = ground.cruise_mps(rng)
    slow = cruise * float(rng.uniform(0.25, 0.6))
    follows = brake(cruise, warned_s=float(rng.uniform(0.5, 1.8)), friction=ground.friction, rng=rng)
    return _pair(ground, follows, Braking(cruise_mps=slow, impact_mps=slow), rng)


def lead_accelerating(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw a queue that sets off, in which the follower sets off faster."""
    leads = float(rng.uniform(0.5, 3.0))
    follows = leads + float(rng.uniform(_LEAST_CLOSING_MPS, 6.0))
    first, second = (Braking(cruise_mps=speed, impact_mps=speed) for speed in (follows, leads))
    return _pair(ground, first, second, rng)


def following_manoeuvre(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw a follower who changes lanes and meets the rear of who is there."""
    cruise = ground.cruise_mps(rng)
    slow = cruise * float(rng.uniform(0.2, 0.65))
    follows = brake(cruise, warned_s=float(rng.uniform(0.3, 1.5)), friction=ground.friction, rng=rng)
    turned = float(rng.uniform(5, 11)) * (1 if rng.random() < 0.5 else -1)
    return _pair(ground, follows, Braking(cruise_mps=slow, impact_mps=slow), rng, turned_deg=turned)


def _pair(
    ground: Ground, follows: Braking, leads: Braking, rng: np.random.Generator, *, turned_deg: float = 0.0
) -> Event:
    bodies = draw_body(drawn(FOLLOWERS, rng), rng), draw_body(drawn(LEADERS, rng), rng)
    follows = _faster(follows, leads)
    away = ground.two_way and rng.random() < _TOWARDS_EGO
    lanes = ground.street.lanes_per_direction
    lane = int(rng.integers(1 if away else min(2, lanes), lanes + 1)) * (-1 if away else 1)
    along = 180.0 if away else 0.0
    reach = 0.35 * (bodies[0]["width_m"] + bodies[1]["width_m"]) / 2
    offset = float(np.clip(rng.normal(0, 0.35), -reach, reach)) + (np.sign(turned_deg) * -0.35 if turned_deg else 0.0)
    shared = (bodies[0]["width_m"] + bodies[1]["width_m"]) / 2 - abs(offset)
    heading = along + (turned_deg or float(rng.normal(0, 2.5)))
    return Event(
        parties=(
            Party(
                body=bodies[0],
                heading_deg=heading,
                braking=follows,
                side="front",
                turned_deg=turned_deg,
                point_m=(bodies[0]["length_m"] / 2, -offset / 2),
                radius_m=90.0,
                grips=float(rng.uniform(0.6, 1.0)),
            ),
            Party(
                body=bodies[1],
                heading_deg=along + float(rng.normal(0, 1)),
                braking=leads,
                side="rear",
                point_m=(-bodies[1]["length_m"] / 2, offset / 2),
                grips=float(rng.uniform(0.2, 0.9)),
            ),
        ),
        y_m=ground.lane_m(lane) + float(rng.normal(0, 0.2)),
        width_m=round(max(0.5, min(shared, 1.7)), 3),
        friction=ground.friction,
        fixed=ground.rails(),
    )


def _faster(follows: Braking, leads: Braking) -> Braking:
    """Return a follower who comes fast enough for an impact that leaves a trace."""
    lift = max(0.0, _LEAST_CLOSING_MPS + leads.impact_mps - follows.impact_mps)
    cruise, impact = follows.cruise_mps + lift, follows.impact_mps + lift
    return Braking(cruise_mps=cruise, impact_mps=impact, braked_s=follows.braked_s, slows_mps2=follows.slows_mps2)


TYPES = (
    CrashType(
        name="lead_vehicle_stopped",
        nhtsa=26,
        event=lead_stopped,
        sentence="A driver sees too late that the vehicle ahead stands, and runs into its back.",
    ),
    CrashType(
        name="lead_vehicle_decelerating",
        nhtsa=25,
        event=lead_decelerating,
        sentence="The vehicle ahead brakes hard, and the one behind runs into its back.",
    ),
    CrashType(
        name="lead_vehicle_slower",
        nhtsa=24,
        event=lead_slower,
        sentence="A fast vehicle runs into the back of one that keeps a much lower speed.",
    ),
    CrashType(
        name="lead_vehicle_accelerating",
        nhtsa=23,
        event=lead_accelerating,
        sentence="A queue sets off, and the one behind sets off faster and touches the one ahead.",
    ),
    CrashType(
        name="following_vehicle_manoeuvre",
        nhtsa=22,
        event=following_manoeuvre,
        sentence="A driver changes lanes and runs into the back of a slower vehicle there.",
    ),
)
"""Rear-end types."""
