"""How a party comes to its impact: along its lane or its turn, braking or not, sliding or not; and its brake marks."""

from __future__ import annotations

from itertools import pairwise
from math import cos, radians, sin

import numpy as np

from scenes.crashes.event import Party
from scenes.trajectory import APPROACH_S

Row = tuple[float, float, float, float, float, float]
"""Seconds, x, y, heading in radians, vx, vy of a body's centre."""
_STEP_S, _APART_S = 0.1, 0.002
_LOCKS = 0.75
"""Share of the grip from which brakes leave marks: modern ones hardly lock, so marks are faint."""
_MARK_FROM_S = 0.25


def approach(party: Party, touch_m: tuple[float, float], *, contact_s: float) -> list[Row]:
    """Return a party's states from the track's beginning to the contact, in order of time.

    The course is followed backward from the contact: first the turn, beyond it a straight line.
    """
    x, y = touch_m
    straight = not party.turned_deg and not party.spun_s
    rows = [_row(party, 0.0, x, y, contact_s)]
    before_s, last_s = 0.0, APPROACH_S + contact_s
    braked_s = party.braking.braked_s
    steps = [braked_s] if _APART_S < braked_s < last_s - _APART_S else []
    if not straight:
        steps = np.arange(_STEP_S, last_s - _APART_S, _STEP_S).tolist()
    for after_s in (*steps, last_s):
        gone = _way_m(party, after_s) - _way_m(party, before_s)
        course = _course_rad(party, (before_s + after_s) / 2)
        x, y, before_s = x - gone * cos(course), y - gone * sin(course), after_s
        rows.append(_row(party, before_s, x, y, contact_s))
    return rows[::-1]


def brakes_s(party: Party, *, contact_s: float) -> float:
    """Return since when it brakes, `contact_s` if it does not; its track begins later than some drivers brake."""
    return max(contact_s - party.braking.braked_s, -APPROACH_S)


def brake_marks(party: Party, rows: list[Row], friction: float) -> list[list[tuple[float, float, float]]]:
    """Return the tracks (x, y, seconds) that its tyres leave before the impact; none for most drivers."""
    hard = party.braking.slows_mps2 > _LOCKS * friction * 9.81 and party.braking.braked_s > _MARK_FROM_S
    if not hard and not party.spun_s:
        return []
    contact_s = rows[-1][0]
    since = contact_s - (party.spun_s or party.braking.braked_s - _MARK_FROM_S / 2)
    shown = [row for row in rows if row[0] >= since - 1e-6]
    if not party.spun_s:
        shown = [_between(rows, max(since, rows[0][0])), *shown]
    half = (party.body["wheelbase_m"] / 2, (party.body["width_m"] - 0.25) / 2)
    wheels = [(i * half[0], j * half[1]) for i in (1, -1) for j in (1, -1)]
    return [[_wheel(row, wheel) for row in _dense(shown)] for wheel in wheels]


def _row(party: Party, before_s: float, x_m: float, y_m: float, contact_s: float) -> Row:
    told, course = party.braking, _course_rad(party, before_s)
    speed = told.impact_mps + told.slows_mps2 * min(before_s, told.braked_s)
    grown = max(0.0, 1 - before_s / party.spun_s) if party.spun_s else 1.0
    heading = course - radians(party.drift_deg) * grown
    return contact_s - before_s, x_m, y_m, heading, speed * cos(course), speed * sin(course)


def _way_m(party: Party, before_s: float) -> float:
    """Return the way that is left to the contact some time before it."""
    told = party.braking
    braked = min(before_s, told.braked_s)
    return told.impact_mps * before_s + told.slows_mps2 * (braked * braked / 2 + braked * (before_s - braked))


def _course_rad(party: Party, before_s: float) -> float:
    turned = min(_way_m(party, before_s) / party.radius_m, abs(radians(party.turned_deg)))
    return radians(party.course_deg) - (turned if party.turned_deg > 0 else -turned)


def _between(rows: list[Row], time_s: float) -> Row:
    """Return the state at a time, by line between rows."""
    for first, last in pairwise(rows):
        if first[0] <= time_s <= last[0] and first[0] < last[0]:
            share = (time_s - first[0]) / (last[0] - first[0])
            a, b, c, d, e, f = (u + share * (v - u) for u, v in zip(first, last, strict=True))
            return a, b, c, d, e, f
    return rows[-1]


def _dense(rows: list[Row]) -> list[Row]:
    """Return at least three states, which a mark needs to be seen to grow."""
    if len(rows) < 2:
        return rows
    times = [rows[0][0] + (rows[-1][0] - rows[0][0]) * share / 5 for share in range(6)]
    return [_between(rows, time) for time in times] if len(rows) < 6 else rows


def _wheel(row: Row, wheel: tuple[float, float]) -> tuple[float, float, float]:
    seconds, x, y, heading = row[:4]
    i, j = wheel
    return x + i * cos(heading) - j * sin(heading), y + i * sin(heading) + j * cos(heading), seconds
