"""A vehicle that slides sideways against a kerb or furrow: whether it rolls, how far, and how it lies at last.

Sources, quoted from memory:
    Critical sliding velocity: Jones, Mechanics of Automobile Rollover (1973), as NHTSA used it: the angular momentum
    about the tripped wheels, M v h = I ω, must lift the centre of mass over them.
    Deceleration of rolling vehicles 0.36 to 0.61 g, 0.43 g in the mean: Orlowski et al., SAE 851734 (1985).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, hypot, sqrt
from typing import Any

from scenes.spinout import GRAVITY_MPS2

ROLL_DRAG = 0.43
_GYRATION = 0.3
"""Roll radius of gyration over the width of the body: about 0.55 m for cars (assumed)."""
_CENTRE_HEIGHT = 0.38
"""Height of the centre of mass over that of the roof (0.53 to 0.57 m for cars, 0.64 m for tall ones)."""


@dataclass(frozen=True, kw_only=True)
class Tripped:
    """What matters of a vehicle when it trips; all > 0."""

    track_m: float
    centre_m: float
    inertia_per_kg_m2: float

    @property
    def critical_mps(self) -> float:
        """Slowest sideways speed from which it rolls over."""
        half = self.track_m / 2
        about_wheel = self.inertia_per_kg_m2 + half**2 + self.centre_m**2
        lift = hypot(half, self.centre_m) - self.centre_m
        return sqrt(2 * GRAVITY_MPS2 * lift * about_wheel) / self.centre_m


def tripped(body: dict[str, Any]) -> Tripped:
    """Return a vehicle's figures from the outer size of its body."""
    centre = _CENTRE_HEIGHT * body["height_m"]
    gyration = _GYRATION * body["width_m"]
    return Tripped(track_m=body["width_m"] - 0.25, centre_m=centre, inertia_per_kg_m2=gyration**2)


def rolled_m(speed_mps: float) -> float:
    """Return how far a vehicle goes on its sides and roof until it lies."""
    return speed_mps**2 / (2 * ROLL_DRAG * GRAVITY_MPS2)


def quarter_turns(way_m: float, *, width_m: float, height_m: float) -> int:
    """Return how many quarter turns a way takes, at least one; it goes round its outline without sliding."""
    return max(1, floor(way_m / ((width_m + height_m) / 2)))
