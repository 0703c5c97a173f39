"""Vehicles as a fleet has them: kinds, true sizes, masses and colours.

Sources:
    Sizes and kerb masses are ranges over best-selling European models' data sheets of 2015 to 2023 (B, C and D segment
    cars, C-SUV, 3.5 t vans, 12 m city bus, 7.5 to 12 t box truck), with 150 kg of occupants.
    Colours: Axalta Global Automotive Color Popularity Report 2023 (white 36 %, black 21, grey 18, silver 8,
    blue 7, red 6, other 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

Range = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """Ranges of one kind; `wheelbase_share` of length."""

    length_m: Range
    width_m: Range
    height_m: Range
    wheelbase_share: Range
    mass_kg: Range


FLEET = MappingProxyType(
    {
        "sedan": Fleet(
            length_m=(4.5, 4.95),
            width_m=(1.78, 1.88),
            height_m=(1.42, 1.49),
            wheelbase_share=(0.58, 0.60),
            mass_kg=(1450, 1850),
        ),
        "hatchback": Fleet(
            length_m=(3.95, 4.4),
            width_m=(1.72, 1.82),
            height_m=(1.44, 1.52),
            wheelbase_share=(0.605, 0.63),
            mass_kg=(1200, 1500),
        ),
        "estate": Fleet(
            length_m=(4.6, 4.95),
            width_m=(1.79, 1.88),
            height_m=(1.44, 1.51),
            wheelbase_share=(0.58, 0.60),
            mass_kg=(1500, 1900),
        ),
        "suv": Fleet(
            length_m=(4.35, 4.8),
            width_m=(1.80, 1.92),
            height_m=(1.60, 1.72),
            wheelbase_share=(0.585, 0.605),
            mass_kg=(1500, 2100),
        ),
        "van": Fleet(
            length_m=(4.9, 5.5),
            width_m=(1.92, 2.04),
            height_m=(1.95, 2.45),
            wheelbase_share=(0.58, 0.62),
            mass_kg=(1900, 2800),
        ),
        "truck": Fleet(
            length_m=(7.2, 9.0),
            width_m=(2.35, 2.5),
            height_m=(3.1, 3.6),
            wheelbase_share=(0.50, 0.56),
            mass_kg=(6000, 11000),
        ),
        "bus": Fleet(
            length_m=(11.5, 12.3),
            width_m=(2.5, 2.55),
            height_m=(3.0, 3.2),
            wheelbase_share=(0.48, 0.51),
            mass_kg=(11500, 15000),
        ),
    }
)
"""Kind to the ranges it is drawn from."""

CARS = ("sedan", "hatchback", "estate", "suv")
_KINDS = (*CARS, "van", "truck", "bus")
_KIND_SHARES = (0.24, 0.27, 0.10, 0.25, 0.08, 0.03, 0.03)
_COLOURS = (
    (0.72, 0.72, 0.71),
    (0.012, 0.012, 0.014),
    (0.11, 0.115, 0.12),
    (0.46, 0.47, 0.48),
    (0.02, 0.06, 0.22),
    (0.36, 0.015, 0.015),
    (0.05, 0.14, 0.08),
)
_COLOUR_SHARES = (0.36, 0.21, 0.18, 0.08, 0.07, 0.06, 0.04)


def draw_kind(rng: np.random.Generator) -> str:
    """Draw a kind as traffic has it."""
    return str(rng.choice(_KINDS, p=_KIND_SHARES))


def draw_body(kind: str, rng: np.random.Generator) -> dict[str, Any]:
    """Draw size, mass, colour and seed: the keyword arguments of `Vehicle` that a body has."""
    fleet = FLEET[kind]
    length = _within(fleet.length_m, rng)
    colour = np.array(_COLOURS[int(rng.choice(len(_COLOURS), p=_COLOUR_SHARES))]) * rng.uniform(0.75, 1.2)
    return {
        "kind": kind,
        "length_m": length,
        "width_m": _within(fleet.width_m, rng),
        "height_m": _within(fleet.height_m, rng),
        "wheelbase_m": round(length * _within(fleet.wheelbase_share, rng), 3),
        "mass_kg": round(_within(fleet.mass_kg, rng)),
        "paint_rgb_linear": tuple(round(float(value), 4) for value in np.clip(colour, 0, 1)),
        "seed": int(rng.integers(2**31)),
    }


def _within(limits: Range, rng: np.random.Generator) -> float:
    return round(float(rng.uniform(*limits)), 3)
