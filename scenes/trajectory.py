"""A crash party's way through a crash: approach, pressing, slide; and where it is at any time of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import cos, radians, sin
from typing import NamedTuple

import numpy as np

from scenes.crash import Mover
from scenes.spec.party import Track

APPROACH_S = 1.5
"""How long before the impact a track begins."""
NEVER_S = 1e6
"""When hulls touch on the track of somebody whom nobody touches."""
_BRAKE_MPS2 = 3.5
_BRAKE_S = (0.35, 1.0)
_BRAKERS = 0.6
_PRESSING_S = (0.04, 0.16)


class Moment(NamedTuple):
    """Pose and velocity at a time."""

    x_m: float
    y_m: float
    heading_deg: float
    velocity_mps: tuple[float, float]


def pressing_s(crushed_m: float, closing_speed_mps: float) -> float:
    """Return how long two hulls press into each other: at half of the closing speed, in the mean; 40 to 160 ms.

    Source: crash pulses of full-scale tests last 80 to 150 ms (Huang, Vehicle Crash Mechanics, 2002, chapter 1).
    """
    return float(np.clip(2 * crushed_m / max(closing_speed_mps, 0.1), *_PRESSING_S))


def trajectory(
    before: Mover, pressed: Mover, slide: tuple[tuple[float, ...], ...], *, contact_s: float, rng: np.random.Generator
) -> Track:
    """Return a party's track.

    Args:
        before: velocity and heading until the hulls touch.
        pressed: pose and velocity at the end of the impact.
        slide: (seconds since the impact, x, y, heading in radians, vx, vy) until rest, as `spinout.slide` gives it.
        contact_s: when the hulls touch, < 0.
        rng: draws whether and how long it brakes before that.
    """
    heading, speed = before.heading_rad, float(np.linalg.norm(before.velocity_mps))
    along = np.array([cos(heading), sin(heading)])
    touch = pressed.position_m + 0.5 * contact_s * (before.velocity_mps + pressed.velocity_mps)
    brakes = rng.random() < _BRAKERS and speed > 1.0
    brakes_s = contact_s - (float(rng.uniform(*_BRAKE_S)) if brakes else 0.0)
    rows: list[tuple[float, ...]] = []
    faster = speed + _BRAKE_MPS2 * (contact_s - brakes_s)
    braked = touch - along * (contact_s - brakes_s) * (speed + faster) / 2
    start = braked - along * faster * (brakes_s + APPROACH_S)
    rows.append((-APPROACH_S, *start, heading, *(faster * along)))
    if brakes:
        rows.append((brakes_s, *braked, heading, *(faster * along)))
    rows.append((contact_s, *touch, heading, *before.velocity_mps))
    rows.append((0.0, *pressed.position_m, heading, *pressed.velocity_mps))
    rows += [row for row in slide if row[0] > 0]
    return track_of(rows, contact_s=contact_s, brakes_s=brakes_s)


def track_of(rows: Sequence[tuple[float, ...]], *, contact_s: float, brakes_s: float, impact_s: float = 0.0) -> Track:
    """Return the track of rows (seconds, x, y, heading in radians, vx, vy).

    Whole tenths of a millimetre, so that a spec's bytes do not hang on a libm.
    """
    table = np.array(rows, float)
    return Track(
        times_s=tuple(np.round(table[:, 0], 4).tolist()),
        x_m=tuple(np.round(table[:, 1], 4).tolist()),
        y_m=tuple(np.round(table[:, 2], 4).tolist()),
        heading_deg=tuple(np.round(np.rad2deg(table[:, 3]), 3).tolist()),
        velocity_mps=tuple((x, y) for x, y in np.round(table[:, 4:6], 4).tolist()),
        contact_s=round(contact_s, 4),
        brakes_s=round(brakes_s, 4),
        impact_s=round(impact_s, 4),
    )


def moment(track: Track, time_s: float) -> Moment:
    """Return where a party is; before the track it comes on as at its start, after it, it rests.

    Positions follow the cubic with both ends' velocities, and the velocity is that cubic's derivative.
    """
    times = track.times_s
    if time_s <= times[0]:
        vx, vy = track.velocity_mps[0]
        gone = time_s - times[0]
        return Moment(track.x_m[0] + gone * vx, track.y_m[0] + gone * vy, track.heading_deg[0], (vx, vy))
    if time_s >= times[-1]:
        return Moment(track.x_m[-1], track.y_m[-1], track.heading_deg[-1], (0.0, 0.0))
    last = min(bisect_right(times, time_s), len(times) - 1)
    first = last - 1
    span = times[last] - times[first]
    share = (time_s - times[first]) / span
    x, vx = _hermite(track.x_m, [v[0] for v in track.velocity_mps[first : last + 1]], first, share, span)
    y, vy = _hermite(track.y_m, [v[1] for v in track.velocity_mps[first : last + 1]], first, share, span)
    heading = track.heading_deg[first] + share * (track.heading_deg[last] - track.heading_deg[first])
    return Moment(x, y, heading, (vx, vy))


def _hermite(
    places: tuple[float, ...], speeds: list[float], first: int, share: float, span: float
) -> tuple[float, float]:
    """Return value and derivative of a cubic by both ends' places and speeds."""
    a, b, u = places[first], places[first + 1], share
    va, vb = speeds[0] * span, speeds[1] * span
    value = (1 + 2 * u) * (1 - u) ** 2 * a + u * (1 - u) ** 2 * va + u * u * (3 - 2 * u) * b + u * u * (u - 1) * vb
    slope = 6 * u * (1 - u) * (b - a) + (1 - u) * (1 - 3 * u) * va + u * (3 * u - 2) * vb
    return value, slope / span


def rolled_m(track: Track, time_s: float) -> float:
    """Return how far a party's wheels have rolled since the track's beginning: the way along its heading."""
    time_s = min(time_s, track.times_s[-1] + 1.0)  # by then it rests
    steps = np.append(np.arange(track.times_s[0], time_s, 0.03), time_s)
    gone = 0.0
    for sooner, later in pairwise(steps):
        at = moment(track, float(sooner + later) / 2)
        angle = radians(at.heading_deg)
        gone += float(later - sooner) * (at.velocity_mps[0] * cos(angle) + at.velocity_mps[1] * sin(angle))
    return gone
