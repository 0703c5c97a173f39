"""From impact to rest: a vehicle slides and turns on four tyres within their friction circles, and marks the road."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.crash import Mover, Vector

GRAVITY_MPS2 = 9.80665
_STEP_S = 0.01
_LONGEST_S = 12.0
_MARK_SLIP_MPS = 1.2
_PEAK_SLIP_DEG = 8.0


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
    corners = np.array([[x, y] for x in (0.5, -0.5) for y in (0.5, -0.5)]) * (wheelbase_m, track_m)
    place, heading = body.position_m.astype(float), body.heading_rad
    speed, yaw = body.velocity_mps.astype(float), body.yaw_rate_rad_s
    load = body.mass_kg * GRAVITY_MPS2 / 4
    tracks: list[list[tuple[float, float]]] = [[], [], [], []]
    seconds = 0.0
    while seconds < _LONGEST_S and (np.hypot(*speed) > 0.05 or abs(yaw) > 0.05):
        arms = corners @ _turned(heading).T
        slips = speed + yaw * np.stack([-arms[:, 1], arms[:, 0]], axis=-1)
        forces = _grip(slips, heading, friction * load, braking)
        speed = _slowed(speed, forces.sum(axis=0) / body.mass_kg * _STEP_S)
        torque = float((arms[:, 0] * forces[:, 1] - arms[:, 1] * forces[:, 0]).sum())
        yaw_step = torque / body.inertia_kg_m2 * _STEP_S
        yaw = 0.0 if abs(yaw_step) > abs(yaw) and yaw * yaw_step < 0 and np.hypot(*speed) < 0.3 else yaw + yaw_step
        place, heading, seconds = place + speed * _STEP_S, heading + yaw * _STEP_S, seconds + _STEP_S
        if round(seconds / _STEP_S) % 5 == 0:
            _mark(tracks, place + arms, slips, heading, braking)
    marks = tuple(tuple(track) for track in tracks if len(track) > 2)
    return Rest(position_m=place, heading_rad=float(heading), seconds=seconds, marks_m=marks)


def _turned(heading: float) -> Vector:
    cos, sin = np.cos(heading), np.sin(heading)
    return np.array([[cos, -sin], [sin, cos]])


def _grip(slips: Vector, heading: float, most_n: float, braking: float) -> Vector:
    local = slips @ _turned(heading)
    speed = np.hypot(local[:, 0], local[:, 1]) + 1e-9
    angle = np.abs(np.arctan2(local[:, 1], np.abs(local[:, 0]) + 1e-9))
    sideways = -np.sign(local[:, 1]) * most_n * np.clip(angle / np.deg2rad(_PEAK_SLIP_DEG), 0, 1)
    free = np.stack([np.zeros(len(local)), sideways], axis=-1)
    locked = -most_n * local / speed[:, None]
    return np.asarray((braking * locked + (1 - braking) * free) @ _turned(heading).T)


def _slowed(speed: Vector, change: Vector) -> Vector:
    """Apply friction's change of velocity, which can stop but never reverse the motion."""
    after = speed + change
    return np.zeros(2) if float(after @ speed) <= 0 and float(change @ speed) < 0 else after


def _mark(
    tracks: list[list[tuple[float, float]]], places: Vector, slips: Vector, heading: float, braking: float
) -> None:
    local = slips @ _turned(heading)
    for track, spot, slip in zip(tracks, places, local, strict=True):
        if abs(slip[1]) > _MARK_SLIP_MPS or (braking > 0.8 and np.hypot(*slip) > _MARK_SLIP_MPS):
            track.append((float(spot[0]), float(spot[1])))
