"""Coats by kind and seed: whole colours, patches, saddles and the pale or dark places that nature gives."""

from __future__ import annotations

import numpy as np

from scenes.spec.living import Animal
from scenes.stage.animals.animal_build import Build
from scenes.stage.surface import Surface, surface

Rgb = tuple[float, float, float]
_DOGS: tuple[tuple[Rgb, Rgb, float, float, float], ...] = (
    ((0.33, 0.19, 0.08), (0.5, 0.38, 0.24), 0.0, 0.35, 0.0),
    ((0.04, 0.03, 0.022), (0.34, 0.19, 0.08), 0.5, 0.7, 0.0),
    ((0.02, 0.018, 0.016), (0.7, 0.68, 0.63), 0.35, 0.3, 0.0),
    ((0.47, 0.39, 0.27), (0.58, 0.52, 0.42), 0.0, 0.4, 0.0),
    ((0.26, 0.13, 0.05), (0.7, 0.67, 0.6), 0.45, 0.5, 0.0),
    ((0.05, 0.045, 0.04), (0.08, 0.07, 0.06), 0.0, 0.2, 0.2),
)
"""Base, second colour, share of patches, how pale below, how dark the points."""
_COWS: tuple[tuple[Rgb, Rgb, float, float, float], ...] = (
    ((0.6, 0.57, 0.5), (0.016, 0.014, 0.013), 0.5, 0.0, 0.0),
    ((0.58, 0.53, 0.45), (0.21, 0.065, 0.024), 0.5, 0.0, 0.0),
    ((0.25, 0.1, 0.04), (0.5, 0.36, 0.22), 0.0, 0.4, 0.5),
    ((0.03, 0.025, 0.022), (0.05, 0.04, 0.03), 0.0, 0.1, 0.0),
    ((0.4, 0.26, 0.13), (0.55, 0.45, 0.32), 0.0, 0.6, 0.6),
)
_ZEBUS: tuple[tuple[Rgb, Rgb, float, float, float], ...] = (
    ((0.47, 0.44, 0.38), (0.56, 0.53, 0.48), 0.0, 0.4, 0.6),
    ((0.32, 0.3, 0.28), (0.6, 0.58, 0.54), 0.0, 0.6, 0.7),
    ((0.3, 0.11, 0.04), (0.6, 0.45, 0.3), 0.15, 0.3, 0.3),
)
_DEER: tuple[tuple[Rgb, Rgb, float, float, float], ...] = (
    ((0.24, 0.115, 0.048), (0.5, 0.4, 0.28), 0.0, 0.75, 0.35),
    ((0.17, 0.115, 0.07), (0.4, 0.34, 0.26), 0.0, 0.7, 0.45),
    ((0.3, 0.14, 0.05), (0.62, 0.56, 0.45), -1.0, 0.8, 0.3),
)


def finish_of(animal: Animal, build: Build) -> dict[str, Surface]:
    """Return the surfaces of an animal's slots."""
    rng = np.random.default_rng([520, animal.seed, len(animal.kind)])
    coats = {"dog": _DOGS, "deer": _DEER, "cow": _ZEBUS if build.hump else _COWS}[animal.kind]
    base, second, patches, pale, dark = coats[(animal.seed + int(rng.integers(2))) % len(coats)]
    light = float(rng.uniform(0.85, 1.12))
    base = (base[0] * light, base[1] * light, base[2] * light)
    hair_m = {"dog": 0.0055, "deer": 0.005, "cow": 0.006}[animal.kind]
    coat = surface(
        "fur", colour=base, second=second, patches=patches, pale=pale, dark=dark, seed=animal.seed % 997, hair_m=hair_m
    )
    plain = surface("fur", colour=base, second=second, patches=0.0, pale=0.0, dark=0.4, seed=3, hair_m=hair_m)
    tuft = tuple(0.35 * value for value in base)
    return {
        "coat": coat,
        "ear": plain,
        "tail": plain,
        "tuft": surface("fur", colour=tuft, second=tuft, patches=0.0, pale=0.0, dark=0.0, seed=4, hair_m=0.008),
        "eye": surface("plain", colour=(0.012, 0.007, 0.004), roughness=0.05, coat=1.0),
        "nose": surface("plain", colour=(0.018, 0.015, 0.014), roughness=0.28),
        "horn": surface("plain", colour=(0.32, 0.27, 0.19), roughness=0.4),
        "antler": surface("moulded", colour=(0.2, 0.13, 0.075), dirt=0.5),
        "hoof": surface("plain", colour=(0.035, 0.03, 0.026), roughness=0.45),
    }
