"""What a driver does before an impact: sees, reacts, brakes.

Source:
    Green, Transportation Human Factors 2 (2000), 195: mean times to brake of 0.7 s (expected), 1.25 s (unexpected) and
    1.5 s (surprise); the spread is that of his lognormal summary, quoted from memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np

from scenes.errors import InputError
from scenes.friction import checked
from scenes.spinout import GRAVITY_MPS2

_MEDIAN_S, _SPREAD = 1.2, 0.3
_SHORTEST_S, _LONGEST_S = 0.5, 3.0
_HARDEST, _SOFTEST = 0.95, 0.55
"""Share of the grip that drivers use in an emergency."""
_LEAST_LEFT = 0.35
"""Share of the speed that is left at an impact; who brakes off more has hardly an impact to show."""


@dataclass(frozen=True, kw_only=True)
class Braking:
    """How a driver comes to an impact.

    Args:
        cruise_mps: speed before they brake, >= 0.
        impact_mps: speed at the impact, in [0, cruise_mps].
        braked_s: how long they have braked by then, >= 0.
        slows_mps2: how hard, >= 0.
    """

    cruise_mps: float
    impact_mps: float
    braked_s: float = 0.0
    slows_mps2: float = 0.0

    def __post_init__(self) -> None:
        if min(self.cruise_mps, self.impact_mps, self.braked_s, self.slows_mps2) < 0:
            raise InputError("braking", "speeds, time and deceleration must be >= 0", got=repr(self))


def stopping_m(speed_mps: float, friction: float) -> float:
    """Return the distance in which locked wheels stop: v² / (2 µ g).

    Raises:
        InputError: a negative speed, or a friction that no road has.
    """
    if speed_mps < 0:
        raise InputError("speed_mps", "must be >= 0", got=speed_mps)
    return speed_mps**2 / (2 * checked(friction) * GRAVITY_MPS2)


def reaction_s(rng: np.random.Generator) -> float:
    """Draw the time from the sight of a hazard to the brakes: lognormal about 1.2 s, in [0.5, 3]."""
    return min(max(exp(log(_MEDIAN_S) + _SPREAD * float(rng.standard_normal())), _SHORTEST_S), _LONGEST_S)


def brake(cruise_mps: float, *, warned_s: float, friction: float, rng: np.random.Generator) -> Braking:
    """Return how a driver arrives who could see the hazard for some time before the impact.

    Args:
        cruise_mps: speed before, >= 0.
        warned_s: from the sight of the hazard to the impact, >= 0; below the reaction time nobody brakes.
        friction: tyre on road.
        rng: draws the reaction and how much of the grip is used.
    """
    braked_s = max(0.0, warned_s - reaction_s(rng))
    slows = float(rng.uniform(_SOFTEST, _HARDEST)) * checked(friction) * GRAVITY_MPS2
    braked_s = min(braked_s, (1 - _LEAST_LEFT) * cruise_mps / slows)
    if braked_s <= 0:
        return Braking(cruise_mps=cruise_mps, impact_mps=cruise_mps)
    return Braking(cruise_mps=cruise_mps, impact_mps=cruise_mps - slows * braked_s, braked_s=braked_s, slows_mps2=slows)
