"""An articulated lorry that folds while it slides to rest: its trailer goes on straight, its tractor turns."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin

from scenes.articulation import fold_deg
from scenes.crash import Mover
from scenes.crashes.approach import Row
from scenes.crashes.event import Party
from scenes.crashes.impacts import Hit
from scenes.spinout import GRAVITY_MPS2

_STEPS = 30


@dataclass(frozen=True, kw_only=True)
class Folded:
    """Rows since the drive axle locked, the angle of the tractor at each in degrees, and the event as an impact."""

    rows: list[Row]
    folded_deg: list[float]
    hit: Hit


def folding(party: Party, mover: Mover, *, friction: float, first_deg: float) -> Folded:
    """Return how a combination slides and folds; the mean of both units' braking slows it.

    Args:
        party: its `grips` is the share of the grip that the trailer uses; the tractor uses all of it.
        mover: at the moment when the drive axle locks.
        friction: tyre on road.
        first_deg: angle and side with which the fold begins.
    """
    x, y = (float(value) for value in mover.position_m)
    speed, slows = party.braking.impact_mps, 0.5 * (1 + party.grips) * friction * GRAVITY_MPS2
    c, s = cos(mover.heading_rad), sin(mover.heading_rad)
    rows, folded = [], []
    for step in range(_STEPS + 1):
        seconds = speed / slows * step / _STEPS
        gone, now = speed * seconds - slows * seconds**2 / 2, speed - slows * seconds
        rows.append((seconds, x + gone * c, y + gone * s, mover.heading_rad, now * c, now * s))
        mass = party.body["mass_kg"]
        folded.append(fold_deg(seconds, first_deg=first_deg, mass_kg=mass, friction=friction, unbraked=1 - party.grips))
    hit = Hit(
        seconds=0.0,
        other=-1,
        against="ground",
        side="side",
        point_m=(0.0, 0.0),
        push=(-1.0, 0.0),
        delta_v_mps=0.0,
        pdof_deg=0.0,
        closing_mps=0.0,
        absorbed_j=0.0,
        crush_m=0.0,
        shown_m=0.0,
        width_m=1.0,
    )
    return Folded(rows=rows, folded_deg=folded, hit=hit)
