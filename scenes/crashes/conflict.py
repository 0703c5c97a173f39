"""How near a near miss was to a crash: surrogate measures of safety, from the tracks alone.

Sources:
    Time to collision and post-encroachment time as Gettman and Head define them: Surrogate Safety Measures from Traffic
    Simulation Models, FHWA-RD-03-050 (2003), which takes 1.5 s and 5 s as the limits of a conflict. The idea of a time
    to collision: Hayward, Highway Research Record 384 (1972), 24.
"""

from __future__ import annotations

from math import inf

import numpy as np
import numpy.typing as npt

from scenes.checks import Footprint, overlap_m
from scenes.crashes.gap import Bodies

Velocity = tuple[float, float]
_STEP_S = 0.05


def time_to_collision_s(first: Footprint, second: Footprint, velocities_mps: tuple[Velocity, Velocity]) -> float:
    """Return when two rectangles touch if both keep their velocity and do not turn.

    Args:
        first: one of them.
        second: the other.
        velocities_mps: of both, world xy.

    Returns:
        Seconds, 0 if they overlap, infinite if they never touch.
    """
    apart = second.x_m - first.x_m, second.y_m - first.y_m
    closing = tuple(b - a for a, b in zip(*velocities_mps, strict=True))
    enters, leaves = 0.0, inf
    for c, s in (first.along, second.along):
        for axis in ((c, s), (-s, c)):
            radius = first.radius_m(axis) + second.radius_m(axis)
            place = apart[0] * axis[0] + apart[1] * axis[1]
            speed = closing[0] * axis[0] + closing[1] * axis[1]
            if abs(speed) < 1e-9:
                if abs(place) >= radius:
                    return inf
                continue
            times = sorted(((-radius - place) / speed, (radius - place) / speed))
            enters, leaves = max(enters, times[0]), min(leaves, times[1])
    return enters if enters <= leaves else inf


def post_encroachment_s(bodies: Bodies, first_s: float, last_s: float) -> float:
    """Return the time between one's leaving a piece of ground and the other's coming to it, the least of all ground.

    Args:
        bodies: two that never touch, at a time.
        first_s: from when.
        last_s: to when.

    Returns:
        Seconds to a twentieth, infinite if they share no ground: one stopped or turned off before it.
    """
    times = np.linspace(first_s, last_s, int((last_s - first_s) / _STEP_S) + 2)
    ones, others = zip(*(bodies(float(time_s)) for time_s in times), strict=True)
    near = np.hypot(*(_middles(ones)[:, None] - _middles(others)[None]).transpose(2, 0, 1))
    pairs = np.argwhere(near < ones[0].reach_m + others[0].reach_m)
    shifts = np.abs(times[pairs[:, 0]] - times[pairs[:, 1]])
    for at in np.argsort(shifts, kind="stable").tolist():
        if overlap_m(ones[pairs[at, 0]], others[pairs[at, 1]]) > 0:
            return float(shifts[at])
    return inf


def _middles(bodies: tuple[Footprint, ...]) -> npt.NDArray[np.float64]:
    return np.array([(body.x_m, body.y_m) for body in bodies])
