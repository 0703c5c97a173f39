"""Who leaves at the first contact: people and animals that a front throws, riders who part with their mounts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, hypot, sin

import numpy as np

from scenes.crash import Mover, pdof_deg
from scenes.crashes.event import Event, Loose
from scenes.crashes.impacts import Hit, Struck, throws
from scenes.friction import body_friction
from scenes.throw import Throw, draw_throw

_ASTRAY_RAD = 0.07
_PARTING, _RIDER_DEG, _SEAT_M = (0.4, 0.9), (5.0, 25.0), 0.9
"""Of riders: share of the mount's change of velocity that they go along with, launch angle, height (assumed)."""


@dataclass(frozen=True, kw_only=True)
class Thrown:
    """Somebody or something that leaves the first contact: its throw, direction in radians, and where it begins.

    `who` is what the event tells, or the index of the party that a rider sat on.
    """

    who: Loose | int
    throw: Throw
    toward_rad: float
    from_m: tuple[float, float]
    hit: Hit


def thrown_by(event: Event, mover: Mover, loose: Loose, rng: np.random.Generator) -> Thrown:
    """Return how the first party's front throws somebody: along its own motion."""
    vx, vy = (float(value) for value in mover.velocity_mps)
    speed, toward = hypot(vx, vy), float(np.arctan2(vy, vx))
    grip = body_friction(event.friction)
    throw = draw_throw(
        speed, vehicle_kg=mover.mass_kg, body_kg=loose.mass_kg, drop_m=loose.centre_m, friction=grip, rng=rng
    )
    toward += float(rng.normal(0.0, _ASTRAY_RAD))
    angle = np.deg2rad(loose.heading_deg)
    gains = (
        throw.speed_mps * cos(toward) - loose.speed_mps * float(np.cos(angle)),
        throw.speed_mps * sin(toward) - loose.speed_mps * float(np.sin(angle)),
    )
    return Thrown(
        who=loose,
        throw=throw,
        toward_rad=toward,
        from_m=(loose.reach_m * vx / max(speed, 1e-9), event.y_m + loose.reach_m * vy / max(speed, 1e-9)),
        hit=_of_body(gains, float(angle), speed, other=0),
    )


def _of_body(gains_mps: tuple[float, float], heading_rad: float, closing_mps: float, *, other: int) -> Hit:
    impulse = np.array(gains_mps)
    return Hit(
        seconds=0.0,
        other=other,
        against="vehicle",
        side="side",
        point_m=(0.0, 0.0),
        push=(1.0, 0.0),
        delta_v_mps=hypot(*gains_mps),
        pdof_deg=pdof_deg(impulse, heading_rad),
        closing_mps=closing_mps,
        absorbed_j=0.0,
        crush_m=0.0,
        shown_m=0.0,
        width_m=0.5,
    )


def _gains(loose: Loose, thrown: Thrown) -> tuple[float, float]:
    angle = np.deg2rad(loose.heading_deg)
    speed = thrown.throw.speed_mps
    return (
        speed * cos(thrown.toward_rad) - loose.speed_mps * float(np.cos(angle)),
        speed * sin(thrown.toward_rad) - loose.speed_mps * float(np.sin(angle)),
    )


def slowed(mover: Mover, loose: Loose, thrown: Thrown) -> Mover:
    """Return a vehicle that has given the momentum away which a thrown body gained."""
    taken = np.array(_gains(loose, thrown)) * loose.mass_kg / mover.mass_kg
    return replace(mover, velocity_mps=mover.velocity_mps - taken)


def hit_of(event: Event, mover: Mover, thrown: Thrown) -> Hit:
    """Return what a thrown body did to the vehicle."""
    loose, party = event.struck, event.parties[0]
    assert isinstance(loose, Loose)
    struck = Struck(mover=mover, kind=party.body["kind"], index=0, side=party.side)
    hit = throws(struck, gains_mps=_gains(loose, thrown), body_kg=loose.mass_kg, seconds=0.0, against=loose.against)
    return replace(hit, point_m=party.point_m)


def riders(event: Event, movers: list[Mover], after: list[Mover], rng: np.random.Generator) -> list[Thrown]:
    """Return the riders of the first contact's two-wheelers: they part with a mean of its two velocities."""
    made = []
    for index, (party, came, left) in enumerate(zip(event.parties, movers, after, strict=False)):
        if not party.rides:
            continue
        share = float(rng.uniform(*_PARTING))
        vx, vy = (float(value) for value in came.velocity_mps + share * (left.velocity_mps - came.velocity_mps))
        throw = Throw(
            speed_mps=hypot(vx, vy),
            launch_deg=float(rng.uniform(*_RIDER_DEG)),
            drop_m=_SEAT_M,
            friction=body_friction(event.friction),
        )
        gains = vx - float(came.velocity_mps[0]), vy - float(came.velocity_mps[1])
        hit = _of_body(gains, came.heading_rad, hypot(*gains), other=1 - index)
        x, y = (float(value) for value in came.position_m)
        made.append(Thrown(who=index, throw=throw, toward_rad=float(np.arctan2(vy, vx)), from_m=(x, y), hit=hit))
    return made
