"""Where people sit on two- and three-wheelers: hips, hands and feet, for riders that are posed on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.errors import InputError
from scenes.spec.vehicle import Vehicle
from scenes.stage.mesh import Points
from scenes.stage.mounts.mount import KIND_NUMBER, Mount, pedal_m, steering
from scenes.stage.mounts.mount_model import mount

Point = tuple[float, float, float]
HIP_ABOVE_SADDLE_M = 0.085
"""Height of the hip joints over a saddle that gives a little (Pheasant & Haslegrave, Bodyspace, 2006)."""

_TRUNK_M = 0.48  # hip joint to shoulder joint of a man of 1.70 m
_ARM_M = 0.54  # shoulder joint to palm with elbows a little bent
_SHOULDER_M = 0.18
_AHEAD: Point = (1.0, 0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One place to sit, in the vehicle's frame (before it leans).

    Args:
        hip_m: middle between the two hip joints.
        hands_m: middle of the palms, left and right: on a grip's axis.
        feet_m: where the balls of the soles rest, left and right: on top of a peg, pedal or floor.
        lean_deg: trunk from the vertical, positive forward.
        looks: unit vector that trunk and face turn to.
    """

    hip_m: Point
    hands_m: tuple[Point, Point]
    feet_m: tuple[Point, Point]
    lean_deg: float
    looks: Point = _AHEAD


def seats(vehicle: Vehicle) -> tuple[Seat, ...]:
    """Return the seats of a two- or three-wheeler: first whoever steers, then those behind.

    Raises:
        InputError: the kind has no such seats.
    """
    if vehicle.kind not in KIND_NUMBER:
        raise InputError("seats", f"only {', '.join(KIND_NUMBER)} have riders", got=vehicle.kind)
    layout = mount(vehicle)
    first = _steering_seat(vehicle, layout)
    if layout.pillion_m is None:
        return (first,)
    if vehicle.kind == "three_wheeler":
        return (first, *(_bench_seat(layout, y) for y in _places_m(vehicle)))
    return (first, _pillion(layout, first))


def _steering_seat(vehicle: Vehicle, layout: Mount) -> Seat:
    x, z = layout.saddle_m
    hip = np.array([x, 0.0, z + HIP_ABOVE_SADDLE_M])
    turned = steering(layout, vehicle.steer_deg)
    hands = [turned[:3, :3] @ _mirrored(layout.grip_m, side) + turned[:3, 3] for side in (1, -1)]
    if layout.crank_m is None:
        feet = [_mirrored(layout.peg_m, side) for side in (1, -1)]
    else:
        feet = [pedal_m(layout, side, vehicle.wheel_turn_deg) for side in (1, -1)]
    return Seat(
        hip_m=_point(hip), hands_m=_pair(hands), feet_m=_pair(feet), lean_deg=_lean_deg(hip, np.array(layout.grip_m))
    )


def _pillion(layout: Mount, rider: Seat) -> Seat:
    """Hold the rider's waist; feet on the rear pegs, beside the rear axle on a bicycle, on the floor of a scooter."""
    assert layout.pillion_m is not None
    x, z = layout.pillion_m
    waist = np.array(rider.hip_m) + np.array([0.04, 0.0, 0.12])
    hands = [waist + np.array([0.0, side * 0.17, 0.0]) for side in (1, -1)]
    feet = [_mirrored(pillion_peg_m(layout), side) for side in (1, -1)]
    hip = np.array([x, 0.0, z + HIP_ABOVE_SADDLE_M])
    return Seat(hip_m=_point(hip), hands_m=_pair(hands), feet_m=_pair(feet), lean_deg=_lean_deg(hip, hands[0]))


def pillion_peg_m(layout: Mount) -> Point:
    """Return the top of the left peg of whoever sits behind."""
    assert layout.pillion_m is not None
    x, z = layout.pillion_m
    if layout.crank_m is not None:
        return (x + 0.22, 0.17, z - 0.46)
    return (x + 0.23, 0.24, z - 0.41)


def _places_m(vehicle: Vehicle) -> tuple[float, float]:
    return (0.16 * vehicle.width_m, -0.16 * vehicle.width_m)


def _bench_seat(layout: Mount, y_m: float) -> Seat:
    """Sit back on the bench with the hands on the thighs."""
    assert layout.pillion_m is not None
    x, z = layout.pillion_m
    hip = np.array([x, y_m, z + HIP_ABOVE_SADDLE_M])
    hands = [hip + np.array([0.3, side * 0.1, 0.08]) for side in (1, -1)]
    feet = [np.array([x + 0.46, y_m + side * 0.09, z - bench_above_floor_m(layout)]) for side in (1, -1)]
    return Seat(hip_m=_point(hip), hands_m=_pair(hands), feet_m=_pair(feet), lean_deg=-8.0)


def bench_above_floor_m(layout: Mount) -> float:
    """Return how high the bench of a three-wheeler is above its floor."""
    return 0.33 if layout.style == "cycle" else 0.30


def _lean_deg(hip: Points, hand: Points) -> float:
    """Return the least lean at which the hands reach the grips."""
    leans = np.arange(0.0, 61.0, 1.0)
    angle = np.deg2rad(leans)
    shoulder = hip[None] + _TRUNK_M * np.stack([np.sin(angle), 0 * angle, np.cos(angle)], axis=-1)
    away = np.hypot(np.hypot(hand[0] - shoulder[:, 0], hand[2] - shoulder[:, 2]), abs(hand[1]) - _SHOULDER_M)
    reached = np.flatnonzero(away <= _ARM_M)
    return float(leans[reached[0]] if len(reached) else leans[np.argmin(away)])


def _mirrored(left: Point, side: int) -> Points:
    return np.array([left[0], side * left[1], left[2]])


def _point(values: Points) -> Point:
    x, y, z = (round(float(value), 4) for value in values)
    return (x, y, z)


def _pair(values: list[Points]) -> tuple[Point, Point]:
    return (_point(values[0]), _point(values[1]))
