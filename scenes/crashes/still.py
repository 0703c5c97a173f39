"""One moment of a solved crash: which phase and when, and everybody as they are then."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np

from scenes.crashes.outcome import Outcome
from scenes.crashes.solver import Solution
from scenes.draws import drawn
from scenes.leak import burning, spills, steam
from scenes.seeds import generator
from scenes.spec.living import Animal, Person
from scenes.spec.party import LONG_AFTER_S, Phase, Track
from scenes.spec.vehicle import Vehicle
from scenes.wreckage import hull_of, mark_at, party_at, piece_at, thrown_at

A = TypeVar("A", Vehicle, Person, Animal)
_PHASES: dict[Phase, float] = {"approach": 0.06, "braking": 0.18, "impact": 0.26, "after": 0.22, "aftermath": 0.28}
LATER_S = LONG_AFTER_S
"""Far beyond every track: whoever moved has come to rest."""
_BEGIN_S, _LONG_BRAKED_S = 1.35, 1.1
_RESTS_S, _HELP_S = (5.0, 40.0), 360.0
"""Since the impact: of a scene at rest, and the median until help has come (assumed)."""


def draw_phase(rng: np.random.Generator) -> Phase:
    """Draw the phase that a picture is to show."""
    return drawn(_PHASES, rng)


def draw_moment(solved: Solution, phase: Phase, rng: np.random.Generator) -> tuple[Phase, float]:
    """Draw a time in a phase; an event in which nobody brakes, or brakes all the time, has another one instead."""
    first = solved.event.parties[: len(solved.before)]
    braked = max((party.braking.braked_s for party in first if party.braking.slows_mps2), default=0.0)
    if phase in ("approach", "braking"):
        contact = solved.contact_s
        if braked > 0.15 and (phase == "braking" or braked > 1.1):
            return "braking", contact - float(rng.uniform(0.1, 0.9)) * min(braked, 1.3)
        return "approach", contact - float(
            rng.uniform(max(0.25, braked + 0.05), 1.35 if braked < 1.1 else braked + 0.2)
        )
    last = max(slider.rows[-1][0] for slider in solved.sliders)
    if phase == "after":
        return phase, float(rng.uniform(0.1, 0.8)) * last if rng.random() < 0.5 else LATER_S
    return phase, 0.0 if phase == "impact" else LATER_S


def still_of(told: Outcome, phase: Phase, time_s: float) -> Outcome:
    """Return an outcome at a time, without tracks; in the aftermath, labels say so."""
    since_s = _waited_s(told, phase) if time_s >= LATER_S else time_s
    vehicles = [_leaking(v, v.track, time_s, since_s) if v.track else v for v in told.vehicles]
    mounts = {vehicle.actor_id: vehicle for vehicle in vehicles}
    people = [_seated(thrown_at(p, p.track, time_s) if p.track else p, mounts) for p in told.people]
    animals = [thrown_at(a, a.track, time_s) if a.track else a for a in told.animals]
    marks = [mark for mark in (mark_at(mark, time_s) for mark in told.skid_marks) if mark]
    return replace(
        told,
        vehicles=tuple(_rounded_hull(_rounded(_phased(vehicle, phase)), phase) for vehicle in vehicles),
        people=tuple(_rounded(_phased(person, phase)) for person in people),
        animals=tuple(_rounded(_phased(animal, phase)) for animal in animals),
        pieces=tuple(piece for piece in (piece_at(piece, time_s) for piece in told.pieces) if piece),
        skid_marks=tuple(replace(mark, times_s=()) for mark in marks),
        spills=tuple(
            spill for v in told.vehicles if v.track for spill in spills(v, v.track, since_s - v.track.impact_s)
        ),
        hulls=tuple(hull_of(v, v.track) for v in told.vehicles if v.track and v.crash) if time_s >= 0 else (),
    )


def _waited_s(told: Outcome, phase: Phase) -> float:
    """Draw how long ago the impact was when all is at rest: seconds, or minutes once help has come."""
    rng = generator(told.vehicles[0].seed, "waited")
    return float(rng.uniform(*_RESTS_S) if phase != "aftermath" else rng.lognormal(np.log(_HELP_S), 0.6))


def _leaking(vehicle: Vehicle, track: Track, time_s: float, since_s: float) -> Vehicle:
    shown = party_at(vehicle, track, time_s, rolls=False)
    return replace(shown, steam=steam(vehicle, since_s - track.impact_s))


def _seated(person: Person, mounts: dict[int, Vehicle]) -> Person:
    if person.mount is None:
        return person
    mount = mounts[person.mount]
    return replace(person, x_m=mount.x_m, y_m=mount.y_m, heading_deg=mount.heading_deg % 360)


def _phased(actor: A, phase: Phase) -> A:
    """Tell the scene's phase in the labels of who has come to rest long ago."""
    if phase != "aftermath" or actor.crash is None:
        return actor
    return replace(actor, crash=replace(actor.crash, phase=phase))


def _rounded(actor: A) -> A:
    """Whole millimetres, so that a spec's bytes do not hang on a libm."""
    vx, vy = actor.velocity_mps
    return replace(
        actor,
        x_m=round(actor.x_m, 3),
        y_m=round(actor.y_m, 3),
        heading_deg=round(actor.heading_deg, 2),
        velocity_mps=(round(vx, 3) + 0.0, round(vy, 3) + 0.0),
    )


def _rounded_hull(vehicle: Vehicle, phase: Phase) -> Vehicle:
    dents = tuple(replace(dent, depth_m=round(dent.depth_m, 3), made_s=0.0) for dent in vehicle.dents)
    further = vehicle.further
    if phase == "aftermath":
        further = tuple(replace(label, phase=phase) for label in further)
    burns = burning(vehicle.crash, vehicle.mass_kg, vehicle.seed) if phase == "aftermath" else {}
    return replace(vehicle, dents=dents, severity=round(vehicle.severity, 3), further=further, **burns)
