"""A tripped vehicle on its way over side, roof and wheels until it lies."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, sin

from scenes.crash import Mover
from scenes.crashes.approach import Row
from scenes.crashes.event import Party
from scenes.crashes.impacts import Hit
from scenes.rollover import ROLL_DRAG, quarter_turns, rolled_m, tripped
from scenes.spinout import GRAVITY_MPS2

_STEPS = 24
_SCRAPED_M = 0.09


@dataclass(frozen=True, kw_only=True)
class Rolled:
    """Rows since the trip, the roll to the left at each of them in degrees, and the trip as an impact."""

    rows: list[Row]
    tipped_deg: list[float]
    hit: Hit


def rolling(party: Party, mover: Mover) -> Rolled:
    """Return how a vehicle rolls that is tripped at its present sideways speed; heading and course stay.

    It turns as far as it goes, and comes to lie after whole quarter turns; one that would come to stand on its wheels
    stops a quarter turn before, so that a picture shows what has happened.
    """
    vx, vy = (float(value) for value in mover.velocity_mps)
    speed, course = hypot(vx, vy), atan2(vy, vx)
    across = -sin(mover.heading_rad) * vx + cos(mover.heading_rad) * vy
    way, slows = rolled_m(speed), ROLL_DRAG * GRAVITY_MPS2
    turns = quarter_turns(way, width_m=party.body["width_m"], height_m=party.body["height_m"])
    turns -= turns % 4 == 0
    x, y = (float(value) for value in mover.position_m)
    rows, tipped = [], []
    for step in range(_STEPS + 1):
        seconds = speed / slows * step / _STEPS
        gone, now = speed * seconds - slows * seconds**2 / 2, speed - slows * seconds
        rows.append(
            (
                seconds,
                x + gone * cos(course),
                y + gone * sin(course),
                mover.heading_rad,
                now * cos(course),
                now * sin(course),
            )
        )
        tipped.append((1 if across > 0 else -1) * 90.0 * turns * gone / way)
    return Rolled(rows=rows, tipped_deg=tipped, hit=_trip(party, across, seconds=0.0))


def _trip(party: Party, across_mps: float, *, seconds: float) -> Hit:
    """Return the trip as an impact with the ground: what it takes of the sideways speed."""
    told, left = tripped(party.body), across_mps > 0
    about_wheel = told.inertia_per_kg_m2 + (told.track_m / 2) ** 2 + told.centre_m**2
    lost = abs(across_mps) * (1 - told.centre_m**2 / about_wheel)
    side = 1.0 if left else -1.0
    return Hit(
        seconds=seconds,
        other=-1,
        against="ground",
        side="side",
        point_m=(0.0, side * party.body["width_m"] / 2),
        push=(0.0, -side),
        delta_v_mps=lost,
        pdof_deg=degrees(-side * 1.5707963) % 360.0,
        closing_mps=abs(across_mps),
        absorbed_j=0.0,
        crush_m=0.0,
        shown_m=_SCRAPED_M,
        width_m=0.6 * party.body["length_m"],
    )
