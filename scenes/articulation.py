"""A tractor and its semi-trailer: where they are joined, and how they fold.

Sources:
    Directive 96/53/EC: 12 m from king pin to the trailer's rear.
    Folding: moments about the king pin with the drive axle locked: what the trailer brakes less than the tractor pushes
    at the pin, ψ'' = λ² sin ψ. Worked out here; tyres' side forces are left out, so that folding is rather too fast.
"""

from __future__ import annotations

from math import degrees, radians, sin

from scenes.spinout import GRAVITY_MPS2

PIN_FROM_REAR_M, TRAILER_M, TRACTOR_BEHIND_PIN_M = 12.0, 13.62, 1.9
FULLY_FOLDED_DEG = 82.0
"""Angle at which the cab meets the trailer's front corner."""
_PIN_TO_CENTRE_M, _GYRATION_M = 1.9, 1.7
"""Of a two-axle tractor: centre of mass ahead of the king pin, radius of gyration in yaw (assumed)."""
_TRACTOR_KG = 7500.0
_STEP_S = 0.02


def pin_m(length_m: float) -> float:
    """Return where the king pin is, ahead of a combination's middle while it is straight."""
    return PIN_FROM_REAR_M - length_m / 2


def fold_deg(seconds: float, *, first_deg: float, mass_kg: float, friction: float, unbraked: float) -> float:
    """Return how far a tractor has folded against its trailer, some time after its drive axle locked.

    Args:
        seconds: since then, >= 0.
        first_deg: angle and side with which it began.
        mass_kg: of the combination.
        friction: tyre on road.
        unbraked: share of its grip that the trailer does not use, in [0, 1].
    """
    push_n = max(0.0, mass_kg - _TRACTOR_KG) * unbraked * friction * GRAVITY_MPS2
    inertia = _TRACTOR_KG * (_GYRATION_M**2 + _PIN_TO_CENTRE_M**2)
    square = push_n * _PIN_TO_CENTRE_M / inertia
    angle, rate = abs(first_deg), 0.0
    for _ in range(int(seconds / _STEP_S)):
        rate += degrees(square * sin(radians(angle))) * _STEP_S
        angle += rate * _STEP_S
        if angle >= FULLY_FOLDED_DEG:
            angle = FULLY_FOLDED_DEG
            break
    return angle if first_deg > 0 else -angle
