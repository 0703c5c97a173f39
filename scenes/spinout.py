"""From impact to rest: a vehicle slides and turns on four tyres within their friction circles, and marks the road."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, hypot, radians, sin

import numpy as np

from scenes.crash import Mover, Vector

GRAVITY_MPS2 = 9.80665
_STEP_S = 0.02
_LONGEST_S = 12.0
_MARK_SLIP_MPS = 1.2
_PEAK_SLIP_DEG = 8.0
_MARK_EVERY = 3

Wheel = tuple[float, float, float, float]
"""Of one wheel: where it stands from the body's centre, world xy, and its slip along and across itself in m/s."""


@dataclass(frozen=True, kw_only=True)
class Rest:
    """Where a vehicle came to rest, how long it took, and the ground tracks of the tyres that slid."""

    position_m: Vector
    heading_rad: float
    seconds: float
    marks_m: tuple[tuple[tuple[float, float], ...], ...]


def slide(body: Mover, *, wheelbase_m: float, track_m: float, friction: float, braking: float) -> Rest:
    """Integrate the motion until the vehicle stands.

    A wheel that rolls resists sideways slip only, with a force that saturates at `_PEAK_SLIP_DEG`; the braked share of
    its grip works along the wheel. Loads are equal.

    Args:
        body: just after the impact.
        wheelbase_m: distance of the axles, > 0.
        track_m: distance of the wheels of an axle, > 0.
        friction: tyre on road, > 0 (0.7 dry, 0.4 wet).
        braking: 0 rolls free, 1 locked wheels.
    """
    motion = _Motion(
        *(float(value) for value in (*body.position_m, body.heading_rad, *body.velocity_mps, body.yaw_rate_rad_s))
    )
    corners = [(x * wheelbase_m, y * track_m) for x in (0.5, -0.5) for y in (0.5, -0.5)]
    most_n = friction * body.mass_kg * GRAVITY_MPS2 / 4
    tracks: list[list[tuple[float, float]]] = [[], [], [], []]
    steps = 0
    while steps * _STEP_S < _LONGEST_S and motion.moving:
        wheels = motion.wheels(corners)
        motion.step(*_forces(wheels, motion.heading_rad, most_n, braking), body)
        steps += 1
        if steps % _MARK_EVERY == 0:
            _mark(tracks, wheels, motion, braking)
    return Rest(
        position_m=np.array([motion.x_m, motion.y_m]),
        heading_rad=motion.heading_rad,
        seconds=steps * _STEP_S,
        marks_m=tuple(tuple(track) for track in tracks if len(track) > 2),
    )


@dataclass(slots=True)
class _Motion:
    """A state that is stepped in place, in plain floats: numpy on four wheels takes fifteen times as long."""

    x_m: float
    y_m: float
    heading_rad: float
    vx_mps: float
    vy_mps: float
    yaw_rate_rad_s: float

    @property
    def moving(self) -> bool:
        return hypot(self.vx_mps, self.vy_mps) > 0.05 or abs(self.yaw_rate_rad_s) > 0.05

    def wheels(self, corners: list[tuple[float, float]]) -> list[Wheel]:
        c, s, yaw = cos(self.heading_rad), sin(self.heading_rad), self.yaw_rate_rad_s
        along, across = self.vx_mps * c + self.vy_mps * s, self.vy_mps * c - self.vx_mps * s
        return [(x * c - y * s, x * s + y * c, along - yaw * y, across + yaw * x) for x, y in corners]

    def step(self, fx_n: float, fy_n: float, torque_nm: float, body: Mover) -> None:
        gain_x, gain_y = fx_n / body.mass_kg * _STEP_S, fy_n / body.mass_kg * _STEP_S
        after_x, after_y = self.vx_mps + gain_x, self.vy_mps + gain_y
        slowing = gain_x * self.vx_mps + gain_y * self.vy_mps < 0
        if slowing and after_x * self.vx_mps + after_y * self.vy_mps <= 0:
            after_x = after_y = 0.0  # friction stops a motion and never reverses it
        turn = torque_nm / body.inertia_kg_m2 * _STEP_S
        stops = abs(turn) > abs(self.yaw_rate_rad_s) and self.yaw_rate_rad_s * turn < 0
        yaw = 0.0 if stops and hypot(after_x, after_y) < 0.3 else self.yaw_rate_rad_s + turn
        half = _STEP_S / 2  # the mean of both ends (Heun): rest positions to 3 cm of those of an eighth of the step
        self.x_m += (self.vx_mps + after_x) * half
        self.y_m += (self.vy_mps + after_y) * half
        self.heading_rad += (self.yaw_rate_rad_s + yaw) * half
        self.vx_mps, self.vy_mps, self.yaw_rate_rad_s = after_x, after_y, yaw


def _forces(wheels: list[Wheel], heading_rad: float, most_n: float, braking: float) -> tuple[float, float, float]:
    """Return the sum of the tyres' forces, world xy, and their torque; no tyre exceeds its friction circle."""
    c, s, peak = cos(heading_rad), sin(heading_rad), radians(_PEAK_SLIP_DEG)
    sum_x = sum_y = torque = 0.0
    for arm_x, arm_y, along, across in wheels:
        grip = min(atan2(abs(across), abs(along) + 1e-9) / peak, 1.0)
        locked = braking / (hypot(along, across) + 1e-9)
        push = -most_n * locked * along
        side = -most_n * ((1 - braking) * (grip if across > 0 else -grip) + locked * across)
        x, y = push * c - side * s, push * s + side * c
        sum_x += x
        sum_y += y
        torque += arm_x * y - arm_y * x
    return sum_x, sum_y, torque


def _mark(tracks: list[list[tuple[float, float]]], wheels: list[Wheel], motion: _Motion, braking: float) -> None:
    """Extend the tracks of the wheels that slide; whole millimetres, so that a spec's bytes do not hang on a libm."""
    for track, (arm_x, arm_y, along, across) in zip(tracks, wheels, strict=True):
        if abs(across) > _MARK_SLIP_MPS or (braking > 0.8 and hypot(along, across) > _MARK_SLIP_MPS):
            track.append((round(motion.x_m + arm_x, 3), round(motion.y_m + arm_y, 3)))
