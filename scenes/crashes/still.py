"""One moment of a solved crash: which phase and when, and everybody as they are then."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np

from scenes.collision import fire
from scenes.crashes.outcome import Outcome
from scenes.crashes.solver import Solution
from scenes.draws import drawn
from scenes.spec import Animal, Person, Phase, Vehicle
from scenes.wreckage import mark_at, party_at, piece_at, thrown_at

A = TypeVar("A", Vehicle, Person, Animal)
_PHASES: dict[Phase, float] = {"approach": 0.06, "braking": 0.18, "impact": 0.26, "after": 0.22, "aftermath": 0.28}
LATER_S = 1e4
"""Far beyond every track: whoever moved has come to rest."""
_BEGIN_S, _LONG_BRAKED_S = 1.35, 1.1
_MOVES_SHARE = 0.5


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
    vehicles = [party_at(v, v.track, time_s, rolls=False) if v.track else v for v in told.vehicles]
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
    )


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
    burns = fire(vehicle.severity, "after", vehicle.seed) if phase == "aftermath" else {}
    return replace(vehicle, dents=dents, severity=round(vehicle.severity, 3), further=further, **burns)
