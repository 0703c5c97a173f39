"""How near vehicles follow each other: nobody drives faster than the gap to the vehicle ahead allows.

The gap holds half a second of one's own way or more, and is not closed in less than two seconds. Both are assumed: the
nearest that drivers keep, not what they should keep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import cos, hypot, inf, radians, sin

from scenes.spec.vehicle import Vehicle

_GAP_S, _CLOSING_S, _CREEP_MPS = 0.5, 2.0, 1.0
_ALIKE_COS = 0.87
"""Vehicles whose headings differ by more than 30 degrees do not follow each other."""


def spaced(vehicles: Sequence[Vehicle]) -> list[Vehicle]:
    """Return vehicles in their order, those slowed that would run into one ahead; parties of a crash are as solved."""
    done = list(vehicles)
    order = sorted(range(len(done)), key=lambda place: -_along_m(done[place], done[place]))
    for place in order:
        vehicle = done[place]
        if vehicle.crash is None and vehicle.track is None and any(vehicle.velocity_mps):
            done[place] = _slowed(vehicle, [other for at, other in enumerate(done) if at != place])
    return done


def fastest_mps(gap_m: float, ahead_mps: float) -> float:
    """Return how fast one may follow.

    Args:
        gap_m: between the bumpers, >= 0.
        ahead_mps: speed of the vehicle ahead, >= 0.
    """
    return min(gap_m / _GAP_S + _CREEP_MPS, ahead_mps + gap_m / _CLOSING_S)


def _slowed(vehicle: Vehicle, others: Sequence[Vehicle]) -> Vehicle:
    speed = hypot(*vehicle.velocity_mps)
    allowed = min((_allowed_mps(vehicle, other) for other in others), default=inf)
    if speed <= allowed:
        return vehicle
    vx, vy = (round(part * allowed / speed, 3) for part in vehicle.velocity_mps)
    return replace(vehicle, velocity_mps=(vx, vy))


def _allowed_mps(vehicle: Vehicle, other: Vehicle) -> float:
    """Return how fast a vehicle may be for the sake of another one; any speed if that is not ahead in its lane."""
    turned = radians(other.heading_deg - vehicle.heading_deg)
    apart_m = _along_m(vehicle, other) - _along_m(vehicle, vehicle)
    gap_m = apart_m - (vehicle.length_m + other.length_m) / 2
    beside_m = abs(_across_m(vehicle, other) - _across_m(vehicle, vehicle))
    if cos(turned) < _ALIKE_COS or apart_m <= 0 or beside_m > (vehicle.width_m + other.width_m) / 2:
        return inf
    return fastest_mps(max(gap_m, 0.0), hypot(*other.velocity_mps))


def _along_m(vehicle: Vehicle, other: Vehicle) -> float:
    angle = radians(vehicle.heading_deg)
    return other.x_m * cos(angle) + other.y_m * sin(angle)


def _across_m(vehicle: Vehicle, other: Vehicle) -> float:
    angle = radians(vehicle.heading_deg)
    return other.y_m * cos(angle) - other.x_m * sin(angle)
