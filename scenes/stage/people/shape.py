"""The shape of one body: sex, age, build and origin blended from the pack's targets, scaled to a height."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np

from scenes.spec.living import Person
from scenes.stage.mesh import Points
from scenes.stage.people.body import BaseBody, load_target

_AGES = ((1.0, "baby"), (10.0, "child"), (25.0, "young"), (90.0, "old"))
_ORIGINS = ("african", "asian", "caucasian")
_FEATURES = (
    ("head/head-oval", ""),
    ("head/head-round", ""),
    ("head/head-square", ""),
    ("head/head-rectangular", ""),
    ("nose/nose-scale-horiz", "-decr -incr"),
    ("nose/nose-hump", "-decr -incr"),
    ("nose/nose-volume", "-decr -incr"),
    ("chin/chin-width", "-decr -incr"),
    ("chin/chin-prominent", "-decr -incr"),
    ("mouth/mouth-scale-horiz", "-decr -incr"),
    ("head/head-fat", "-decr -incr"),
    ("torso/torso-vshape", "-decr -incr"),
    ("hip/hip-scale-horiz", "-decr -incr"),
)
_FEATURES_EACH = 4
_SHOES_M = 0.032  # a spec's height is that of somebody in shoes


def origins(seed: int) -> Points:
    """Return the shares of `african`, `asian` and `caucasian` in a person; the skin's tone follows them."""
    rng = np.random.default_rng([seed, 1])
    order = rng.permutation(3)
    first = 1.0 if rng.random() < 0.7 else float(rng.uniform(0.5, 0.9))
    shares = np.zeros(3)
    shares[order[0]], shares[order[1]] = first, 1 - first
    return shares


def shaped(base: BaseBody, folder: Path, person: Person) -> Points:
    """Return the template's vertices in the person's shape at rest, true to scale.

    Args:
        base: the template.
        folder: of the people pack.
        person: whose sex, age, build, height and seed are read.
    """
    vertices = base.vertices.copy()
    for name, share in _targets(person):
        if share > 0.01:
            indices, offsets = load_target(folder, name)
            vertices[indices] += offsets * share
    skin = vertices[: int(base.skin.max()) + 1]
    return np.asarray(vertices * ((person.height_m - _SHOES_M) / float(np.ptp(skin[:, 2]))))


def _targets(person: Person) -> list[tuple[str, float]]:
    rng = np.random.default_rng([person.seed, 2])
    mixed = origins(person.seed)
    muscle = float(np.clip(rng.normal(0.25 if person.sex == "male" else 0.0, 0.25), 0, 1))
    heavy = "maxweight" if person.build > 0 else "minweight"
    listed = []
    for age, old in _ages(person.age_years):
        listed += [(f"macrodetails/{_ORIGINS[k]}-{person.sex}-{age}", old * mixed[k]) for k in range(3)]
        for tone, firm in (("averagemuscle", 1 - muscle), ("maxmuscle", muscle)):
            stem = f"macrodetails/universal-{person.sex}-{age}-{tone}"
            listed.append((f"{stem}-averageweight", old * firm * (1 - abs(person.build))))
            listed.append((f"{stem}-{heavy}", old * firm * abs(person.build)))
    return listed + _features(rng)


def _ages(years: float) -> list[tuple[str, float]]:
    """Return the two nearest ages of the pack with their shares."""
    years = float(np.clip(years, _AGES[0][0], _AGES[-1][0]))
    for (below, young), (above, old) in pairwise(_AGES):
        if years <= above:
            share = (years - below) / (above - below)
            return [(young, 1 - share), (old, share)]
    return [(_AGES[-1][1], 1.0)]


def _features(rng: np.random.Generator) -> list[tuple[str, float]]:
    """Return a few features that make a face somebody's own."""
    chosen = rng.choice(len(_FEATURES), _FEATURES_EACH, replace=False)
    made = []
    for index in sorted(int(k) for k in chosen):
        name, ways = _FEATURES[index]
        way = str(rng.choice(ways.split())) if ways else ""
        made.append((name + way, float(rng.uniform(0.15, 0.7))))
    return made
