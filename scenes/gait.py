"""How people and animals go: speed, and how far one cycle of the gait carries, so that no foot slides."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from scenes.spec.living import Animal, Person

_LEG_SHARE = 0.487
"""Ankle to hip over body height, as the people pack's bodies have it."""
_PHASES = 24
"""Phases of a cycle that are told apart, so that a person's meshes are few and shared by clips."""
_MANNERS = MappingProxyType({"stroll": (0.78, 0.9), "walk": (0.95, 1.15), "hurry": (1.15, 1.5), "run": (1.0, 2.9)})
"""Manner to the step's scale (as in `scenes.stage.people.stride`) and the speed in m/s of a body of 1.75 m.

The stage's steps are a little short, so speeds are those that give 120 to 140 steps a minute, and 165 for a runner.
Source: Tudor-Locke et al., British Journal of Sports Medicine 52 (2018), 776: 100 to 130 steps a minute.
"""
_OF_POSE = MappingProxyType({"running": "run", "crossing": "hurry", "pushing": "stroll"})
_ANIMAL_STEP = MappingProxyType({"walking": (0.615, 0.85), "running": (2.4, 3.2)})
"""Pose to the way of a cycle and the speed per second, both in shoulder heights."""


def manner(person: Person) -> str | None:
    """Return how somebody on foot goes, None for those who stay; a walker's seed draws it as the stage does."""
    if person.pose == "walking":
        return "stroll" if np.random.default_rng([person.seed, 4]).random() < 0.4 else "walk"
    return _OF_POSE.get(person.pose)


def speed_mps(actor: Person | Animal) -> float:
    """Return how fast somebody goes, 0 for those who stay."""
    if isinstance(actor, Animal):
        return _ANIMAL_STEP[actor.pose][1] * actor.height_m if actor.pose in _ANIMAL_STEP else 0.0
    going = manner(actor)
    return _MANNERS[going][1] * (actor.height_m / 1.75) ** 0.5 if going else 0.0


def cycle_m(actor: Person | Animal) -> float:
    """Return the way that one cycle of the gait carries.

    A foot stands for 0.6 of a walker's cycle and goes back by 0.8 of the leg meanwhile; a runner's for 0.3 and by 0.74.
    """
    if isinstance(actor, Animal):
        return _ANIMAL_STEP[actor.pose][0] * actor.height_m if actor.pose in _ANIMAL_STEP else 1.0
    going = manner(actor) or "walk"
    back, stands = (0.74, 0.30) if going == "run" else (0.80, 0.60)
    return back / stands * _MANNERS[going][0] * _LEG_SHARE * actor.height_m


def phase(gone_m: float, actor: Person | Animal) -> float:
    """Return the share of a cycle that a way leaves over, in [0, 1), in steps of a twenty-fourth."""
    return round(gone_m / cycle_m(actor) * _PHASES) % _PHASES / _PHASES
