"""Vehicles as a fleet has them: kinds, models with true sizes and masses, colours, liveries, loads and dirt.

A fleet has models: two vehicles of one kind and model have the same shape and size, and differ in finish. So the stage
builds each model's meshes once.

Sources:
    Cars, pickups, vans and minibuses: ranges over best-selling European models' data sheets of 2015 to 2023 (B, C and
    D segment, C-SUV, 1 t pickups, 3.5 t vans, 16 to 19 seats), with 150 kg of occupants.
    Buses, coaches, trucks: as above for 12 m city buses, touring coaches and 7.5 to 18 t rigids; Directive 96/53/EC
    sets the limits (2.55 m wide, 4 m high, 12 m rigid, 16.5 m articulated).
    Two- and three-wheelers: data sheets of 125 to 700 cm³ motorcycles and 50 to 300 cm³ scooters; bicycles as in
    EN ISO 4210 city to road bikes of size M; auto rickshaws as Bajaj RE and Piaggio Ape City (width at the body).
    Colours: Axalta Global Automotive Color Popularity Report 2023 (white 36 %, black 21, grey 18, silver 8,
    blue 7, red 6, other 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from scenes.draws import one_of
from scenes.ontology import KIND_CATEGORY

Range = tuple[float, float]
Rgb = tuple[float, float, float]
MODELS = 48
"""Models of each kind; enough that a street of thirty vehicles shows few alike."""


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """Ranges of one kind's models; `wheelbase_share` of length."""

    length_m: Range
    width_m: Range
    height_m: Range
    wheelbase_share: Range
    mass_kg: Range


def _fleet(length_m: Range, width_m: Range, height_m: Range, wheelbase_share: Range, mass_kg: Range) -> Fleet:
    return Fleet(
        length_m=length_m, width_m=width_m, height_m=height_m, wheelbase_share=wheelbase_share, mass_kg=mass_kg
    )


FLEET = MappingProxyType(
    {
        "sedan": _fleet((4.5, 4.95), (1.78, 1.88), (1.42, 1.49), (0.58, 0.60), (1450, 1850)),
        "hatchback": _fleet((3.95, 4.4), (1.72, 1.82), (1.44, 1.52), (0.605, 0.63), (1200, 1500)),
        "estate": _fleet((4.6, 4.95), (1.79, 1.88), (1.44, 1.51), (0.58, 0.60), (1500, 1900)),
        "suv": _fleet((4.35, 4.8), (1.80, 1.92), (1.60, 1.72), (0.585, 0.605), (1500, 2100)),
        "pickup": _fleet((5.1, 5.4), (1.80, 1.92), (1.75, 1.86), (0.58, 0.61), (1950, 2350)),
        "van": _fleet((4.9, 5.5), (1.92, 2.04), (1.95, 2.45), (0.58, 0.62), (1900, 2800)),
        "minibus": _fleet((5.6, 6.9), (1.95, 2.06), (2.5, 2.78), (0.55, 0.60), (2700, 3900)),
        "truck": _fleet((7.2, 9.0), (2.35, 2.5), (3.1, 3.6), (0.50, 0.56), (6000, 11000)),
        "articulated_truck": _fleet((15.5, 16.5), (2.5, 2.55), (3.8, 4.0), (0.70, 0.76), (18000, 38000)),
        "bus": _fleet((11.5, 12.3), (2.5, 2.55), (3.0, 3.2), (0.48, 0.51), (11500, 15000)),
        "coach": _fleet((12.0, 13.2), (2.5, 2.55), (3.4, 3.8), (0.47, 0.53), (14000, 19000)),
        "motorcycle": _fleet((1.98, 2.25), (0.72, 0.88), (1.05, 1.28), (0.64, 0.69), (200, 320)),
        "scooter": _fleet((1.75, 2.2), (0.66, 0.78), (1.08, 1.35), (0.68, 0.72), (175, 290)),
        "bicycle": _fleet((1.70, 1.85), (0.56, 0.66), (1.02, 1.12), (0.58, 0.62), (75, 105)),
        "three_wheeler": _fleet((2.6, 2.9), (1.28, 1.42), (1.68, 1.8), (0.70, 0.76), (450, 680)),
    }
)
"""Kind to the ranges its models are drawn from."""

CARS = ("sedan", "hatchback", "estate", "suv")
_RICKSHAW_SEED = 61
TWO_WHEELERS = ("motorcycle", "scooter", "bicycle")
_SHARES = MappingProxyType(
    {
        "sedan": 0.215,
        "hatchback": 0.235,
        "estate": 0.085,
        "suv": 0.205,
        "pickup": 0.025,
        "van": 0.085,
        "minibus": 0.01,
        "truck": 0.025,
        "articulated_truck": 0.012,
        "bus": 0.02,
        "coach": 0.008,
        "motorcycle": 0.03,
        "scooter": 0.02,
        "bicycle": 0.025,
    }
)
_WHITE, _BLACK = (0.72, 0.72, 0.71), (0.012, 0.012, 0.014)
_COLOURS: tuple[Rgb, ...] = (
    _WHITE,
    _BLACK,
    (0.11, 0.115, 0.12),
    (0.46, 0.47, 0.48),
    (0.02, 0.06, 0.22),
    (0.36, 0.015, 0.015),
    (0.05, 0.14, 0.08),
)
_COLOUR_SHARES = (0.36, 0.21, 0.18, 0.08, 0.07, 0.06, 0.04)
_FLEET_COLOURS: tuple[Rgb, ...] = (
    _WHITE,
    (0.42, 0.02, 0.02),
    (0.55, 0.33, 0.02),
    (0.02, 0.12, 0.36),
    (0.03, 0.22, 0.08),
    (0.46, 0.47, 0.48),
    (0.5, 0.14, 0.01),
)
_FLEET_SHARES = (0.36, 0.16, 0.12, 0.14, 0.08, 0.08, 0.06)
_RICKSHAW_COLOURS: tuple[Rgb, ...] = ((0.02, 0.22, 0.06), (0.6, 0.38, 0.02), _BLACK, (0.02, 0.1, 0.35))
LIVERY_PAINT = MappingProxyType({"fire": (0.45, 0.012, 0.01), "ambulance": (0.72, 0.70, 0.2), "police": _WHITE})
"""Liveries that bring their own colour."""
_LIVERIES = MappingProxyType(
    {
        "sedan": (("taxi", 0.06), ("police", 0.02)),
        "estate": (("taxi", 0.06), ("police", 0.03), ("ambulance", 0.01)),
        "suv": (("police", 0.02),),
        "van": (("company", 0.4), ("ambulance", 0.04), ("police", 0.02)),
        "minibus": (("company", 0.3), ("taxi", 0.1)),
        "truck": (("company", 0.5), ("fire", 0.04), ("ambulance", 0.02)),
        "articulated_truck": (("company", 0.6),),
        "bus": (("company", 0.6),),
        "coach": (("company", 0.6),),
    }
)
_LOADS = MappingProxyType(
    {
        "sedan": (("roof_rack", 0.04),),
        "hatchback": (("roof_rack", 0.03),),
        "estate": (("roof_rack", 0.15), ("roof_box", 0.08)),
        "suv": (("roof_rack", 0.15), ("roof_box", 0.06)),
        "van": (("roof_rack", 0.12), ("pipes", 0.05)),
        "pickup": (("boxes", 0.15), ("tarpaulin", 0.12), ("timber", 0.08)),
        "truck": (("boxes", 0.1), ("timber", 0.08), ("pipes", 0.05), ("gravel", 0.1), ("tarpaulin", 0.12)),
        "articulated_truck": (("containers", 0.2), ("timber", 0.06), ("tarpaulin", 0.2)),
    }
)


def draw_kind(rng: np.random.Generator) -> str:
    """Draw a kind as European traffic has it."""
    return _one_of(tuple(_SHARES.items()), rng) or "hatchback"


def kinds_of(category: str) -> dict[str, float]:
    """Return the kinds of a class by their share of traffic; a class of one kind has 1."""
    kinds = [kind for kind in FLEET if KIND_CATEGORY[kind] == category]
    return {kind: _SHARES.get(kind, 1.0) for kind in kinds}


def typical_height_m(category: str) -> float:
    """Return the mean height of a class's vehicles."""
    kinds = kinds_of(category)
    return sum(share * sum(FLEET[kind].height_m) / 2 for kind, share in kinds.items()) / sum(kinds.values())


def draw_body(kind: str, rng: np.random.Generator, *, models: Sequence[int] = range(MODELS)) -> dict[str, Any]:
    """Draw a model of those named and its finish: the keyword arguments of `Vehicle` that a body has."""
    model = models[int(rng.integers(len(models)))]
    livery = _one_of(_LIVERIES.get(kind, ()), rng)
    rusty = rng.random() < 0.06
    return {
        "kind": kind,
        **model_size(kind, model),
        "model": model,
        "livery": livery or "none",
        "load": _one_of(_LOADS.get(kind, ()), rng) or "none",
        "dirt": round(float(rng.beta(1.6, 3.2)), 3),
        "rust": round(float(rng.uniform(0.1, 0.7)), 3) if rusty else 0.0,
        "paint_rgb_linear": _paint(kind, livery, rng),
        "seed": int(rng.integers(2**31)),
    }


@cache
def model_size(kind: str, model: int) -> dict[str, float]:
    """Return length, width, height, wheelbase and mass of a kind's model; the same in every scene."""
    rng = np.random.default_rng([tuple(FLEET).index(kind), model])
    fleet = FLEET[kind]
    length = _within(fleet.length_m, rng)
    return {
        "length_m": length,
        "width_m": _within(fleet.width_m, rng),
        "height_m": _within(fleet.height_m, rng),
        "wheelbase_m": round(length * _within(fleet.wheelbase_share, rng), 3),
        "mass_kg": float(round(_within(fleet.mass_kg, rng))),
    }


@cache
def rickshaw_style(model: int) -> Literal["auto", "cycle", "battery"]:
    """Return what a model of three-wheeler is: with an engine, pedals or a battery."""
    styles: tuple[Literal["auto", "cycle", "battery"], ...] = ("auto", "auto", "auto", "auto", "cycle", "battery")
    return one_of(styles, np.random.default_rng([_RICKSHAW_SEED, model]))


def _paint(kind: str, livery: str | None, rng: np.random.Generator) -> Rgb:
    colours: tuple[Rgb, ...] = _COLOURS
    shares: tuple[float, ...] = _COLOUR_SHARES
    if kind in ("bus", "coach", "truck", "articulated_truck") or livery == "company":
        colours, shares = _FLEET_COLOURS, _FLEET_SHARES
    if kind == "three_wheeler":
        colours, shares = _RICKSHAW_COLOURS, (0.4, 0.3, 0.15, 0.15)
    if kind in TWO_WHEELERS:
        shares = (0.1, 0.35, 0.1, 0.08, 0.13, 0.18, 0.06)
    left, number = rng.random(), 0
    while number < len(shares) - 1 and left >= shares[number]:
        left, number = left - shares[number], number + 1
    shade = rng.uniform(0.75, 1.2)
    red, green, blue = (round(min(1.0, value * shade), 4) for value in colours[number])
    return LIVERY_PAINT.get(livery or "", (red, green, blue))


def _one_of(choices: tuple[tuple[str, float], ...], rng: np.random.Generator) -> str | None:
    """Draw a name by its share; None for what the shares leave."""
    left = rng.random()
    for name, share in choices:
        left -= share
        if left < 0:
            return name
    return None


def _within(limits: Range, rng: np.random.Generator) -> float:
    return round(float(rng.uniform(*limits)), 3)
