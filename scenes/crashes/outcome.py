"""A solved event as actors of a scene, at the end of its first impact, with their tracks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from scenes.crashes.approach import Row, approach, brake_marks, brakes_s
from scenes.crashes.party_label import damage_of
from scenes.crashes.slider import Slider
from scenes.crashes.solver import Solution
from scenes.crashes.victims import victims
from scenes.spec.living import Animal, Person
from scenes.spec.party import Track
from scenes.spec.remains import Debris, Hull, SkidMark, Spill
from scenes.spec.vehicle import Vehicle
from scenes.trajectory import pressing_s, track_of
from scenes.vehicle import TWO_WHEELERS

_FALLS_S, _FALLEN_DEG = 0.5, 74.0
_RUBBER, BRAKED_RUBBER, _SKID_WIDTH_M, TYRE_WIDTH_M = 0.8, 0.5, 0.19, 0.17


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """All that a crash adds to a scene, its first contact at x = `contact_m[0]`.

    Everybody is told at time 0 and has a track; marks and thrown pieces have their times. At one moment, there are
    spills and the ways of hulls instead.
    """

    vehicles: tuple[Vehicle, ...]
    people: tuple[Person, ...]
    animals: tuple[Animal, ...]
    pieces: tuple[Debris, ...]
    skid_marks: tuple[SkidMark, ...]
    contact_m: tuple[float, float]
    absorbed_j: float
    pairs: bool
    spills: tuple[Spill, ...] = ()
    hulls: tuple[Hull, ...] = ()


def outcome(solved: Solution, courses: list[list[Row]], ahead_m: float, rng: np.random.Generator) -> Outcome:
    """Return the actors of a solved event, moved along x.

    Args:
        solved: the event.
        courses: its `courses_of`.
        ahead_m: where the first contact stands.
        rng: draws who rides, and what no solver says.
    """
    rows = [[(row[0], row[1] + ahead_m, *row[2:]) for row in told] for told in courses]
    tracks = [_track(solved, slider, told) for slider, told in zip(solved.sliders, rows, strict=True)]
    vehicles = [_vehicle(slider, track) for slider, track in zip(solved.sliders, tracks, strict=True)]
    people, animals, pieces = victims(solved, vehicles, ahead_m, rng)
    marks = [
        mark
        for slider, told in zip(solved.sliders, rows, strict=True)
        for mark in _marks(solved, slider, told, ahead_m)
    ]
    return Outcome(
        vehicles=tuple(vehicles),
        people=tuple(people),
        animals=tuple(animals),
        pieces=tuple(pieces),
        skid_marks=tuple(marks),
        contact_m=(ahead_m, solved.event.y_m),
        absorbed_j=solved.absorbed_j,
        pairs=len(solved.before) > 1,
    )


def _contact_s(solved: Solution, slider: Slider) -> tuple[float, float]:
    """Return when a party's own first impact begins and ends."""
    if slider.party.waits_m is None:
        return solved.contact_s, 0.0
    if not slider.hits:
        end = slider.rows[-1][0]
        return end, end
    hit = slider.hits[0]
    return max(0.01, hit.seconds - pressing_s(hit.shown_m, hit.closing_mps)), hit.seconds


def courses_of(solved: Solution) -> list[list[Row]]:
    """Return every party's states over its whole track, the first contact at x = 0."""
    return [_course(solved, slider) for slider in solved.sliders]


def _course(solved: Solution, slider: Slider) -> list[Row]:
    if slider.party.waits_m is None:
        before, now = solved.before[slider.index].velocity_mps, slider.rows[0]
        half = solved.contact_s / 2
        touch = now[1] + half * (float(before[0]) + now[4]), now[2] + half * (float(before[1]) + now[5])
        came = approach(slider.party, touch, contact_s=solved.contact_s)
    else:
        came = approach(slider.party, (slider.rows[0][1], slider.rows[0][2]), contact_s=0.0)[:-1]
    return [*came, *slider.rows]


def _track(solved: Solution, slider: Slider, rows: list[Row]) -> Track:
    contact, impact = _contact_s(solved, slider)
    brakes = brakes_s(slider.party, contact_s=solved.contact_s if slider.party.waits_m is None else 0.0)
    track = track_of(rows, contact_s=contact, brakes_s=min(brakes, contact), impact_s=impact)
    tipped: list[float] = []
    if slider.tipped_deg:
        tipped = [0.0] * (len(rows) - len(slider.tipped_deg)) + slider.tipped_deg
    elif slider.party.body["kind"] in TWO_WHEELERS and slider.hits:
        side = _FALLEN_DEG if slider.hits[0].push[1] >= 0 else -_FALLEN_DEG
        tipped = [side * min(max((row[0] - impact) / _FALLS_S, 0.0), 1.0) for row in rows]
    folded = [0.0] * (len(rows) - len(slider.folded_deg)) + slider.folded_deg if slider.folded_deg else []
    return replace(
        track,
        tipped_deg=tuple(round(angle, 2) for angle in tipped),
        folded_deg=tuple(round(angle, 2) for angle in folded),
    )


def _vehicle(slider: Slider, track: Track) -> Vehicle:
    party, at = slider.party, slider.rows[0]
    hits = sorted(slider.hits, key=lambda hit: -hit.delta_v_mps)
    told: dict[str, Any] = damage_of(slider, hits) if hits else {"lamps": ("head", "tail", "brake")}
    if party.parked:
        told["lamps"] = ()
    return Vehicle(
        actor_id=slider.index + 1,
        **_state_at_zero(track),
        velocity_mps=(round(at[4], 3), round(at[5], 3)),
        driver=not party.parked,
        flat_tyres=party.flat_tyres,
        track=track,
        **told,
        **party.body,
    )


def _state_at_zero(track: Track) -> dict[str, Any]:
    index = track.times_s.index(0.0)
    return {
        "x_m": round(track.x_m[index], 3),
        "y_m": round(track.y_m[index], 3),
        "heading_deg": round(track.heading_deg[index], 2),
    }


def _marks(solved: Solution, slider: Slider, rows: list[Row], ahead_m: float) -> list[SkidMark]:
    """Return tyre marks of brakes before the impact and of the slide after it."""
    contact, _ = _contact_s(solved, slider)
    came = [row for row in rows if row[0] <= min(contact, 0.0) + 1e-9]
    early = brake_marks(slider.party, came, solved.event.friction) if slider.party.waits_m is None else []
    made = [(track, TYRE_WIDTH_M, BRAKED_RUBBER) for track in early]
    made += [
        ([(x + ahead_m, y, t) for x, y, t in track], _SKID_WIDTH_M, _RUBBER)
        for track in slider.tracks
        if len(track) > 2
    ]
    if slider.tipped_deg:
        return [mark_of(*told) for told in made[: len(early)]]
    return [mark_of(*told) for told in made]


def mark_of(track: list[tuple[float, float, float]], width_m: float, strength: float) -> SkidMark:
    """Return a tyre mark of points (x, y, seconds), in whole millimetres and milliseconds."""
    return SkidMark(
        points_m=tuple((round(x, 3), round(y, 3)) for x, y, _ in track),
        width_m=width_m,
        strength=strength,
        times_s=tuple(round(seconds, 3) for _, _, seconds in track),
    )
