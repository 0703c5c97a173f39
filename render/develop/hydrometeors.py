"""What falls: how many drops, flakes or stones of which size a cubic metre holds, and how fast they fall.

Source: Marshall and Palmer, Journal of Meteorology 5 (1948), 165, sizes of drops; Atlas, Srivastava and Sekhon, Reviews
of Geophysics 11 (1973), 1, their speed; Locatelli and Hobbs, JGR 79 (1974), 2185, mass and speed of aggregates of
dendrites; Matson and Huggins, Journal of the Atmospheric Sciences 37 (1980), 1107, speed of hailstones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from scenes.errors import InputError

Floats = NDArray[np.float64]

KINDS = ("none", "rain", "snow", "hail")
_SIZES_MM = {"rain": (0.4, 6.0), "snow": (0.6, 14.0), "hail": (3.0, 40.0)}
_RATES_MM_H = 300.0  # world records over minutes lie higher, but no camera sees through them
_SURFACE_TENSION_N_M, _WATER_KG_M3, _ICE_KG_M3 = 0.0728, 1000.0, 900.0


@dataclass(frozen=True, kw_only=True)
class Precipitation:
    """What falls and how hard.

    Args:
        kind: none, rain, snow or hail.
        rate_mm_h: water per hour: drizzle 0.5, rain 2 to 10, cloudburst 100; snow 0.3 light, 1 moderate, 5 blizzard.
        size_mm: mean size of flakes (2 to 6) or stones (6 to 15) by area; rain has its size from its rate.
        wind_mps: wind to the right and ahead.
        gust_mps: spread of single bodies' velocities in the eddies.
        patchy: unevenness of the far veil, 0 even, 0.5 blown curtains.
    """

    kind: str = "none"
    rate_mm_h: float = 0.0
    size_mm: float = 3.0
    wind_mps: tuple[float, float] = (0.0, 0.0)
    gust_mps: float = 0.4
    patchy: float = 0.15
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError("precipitation.kind", f"must be one of {', '.join(KINDS)}", got=self.kind)
        if not 0 <= self.rate_mm_h <= _RATES_MM_H:
            raise InputError("precipitation.rate_mm_h", f"must lie in [0, {_RATES_MM_H:.0f}]", got=self.rate_mm_h)
        if not 0.5 <= self.size_mm <= 40:
            raise InputError("precipitation.size_mm", "must lie in [0.5, 40]", got=self.size_mm)
        if not all(math.isfinite(part) and abs(part) <= 60 for part in self.wind_mps):
            raise InputError("precipitation.wind_mps", "must lie in [-60, 60]", got=self.wind_mps)
        for name, highest in (("gust_mps", 10.0), ("patchy", 1.0)):
            if not 0 <= getattr(self, name) <= highest:
                raise InputError(f"precipitation.{name}", f"must lie in [0, {highest:g}]", got=getattr(self, name))


@dataclass(frozen=True)
class Population:
    """Bodies by size: diameter, number per cubic metre, fall speed, oscillation of drops in hertz; all (N,)."""

    diameter_mm: Floats
    count_m3: Floats
    speed_mps: Floats
    wobble_hz: Floats

    @property
    def area_per_m(self) -> float:
        """Cross-section per volume, 1/m; extinction is twice that."""
        return float((self.count_m3 * np.pi / 4 * (self.diameter_mm * 1e-3) ** 2).sum())


def terminal_mps(kind: str, diameter_mm: Floats) -> Floats:
    """Return the fall speed in still air at sea level."""
    if kind == "rain":
        return np.maximum(9.65 - 10.3 * np.exp(-0.6 * diameter_mm), 0.3)
    if kind == "snow":
        return np.asarray(0.8 * diameter_mm**0.16, np.float64)
    return np.asarray(11.45 * np.sqrt(diameter_mm / 10), np.float64)


def _mass_kg(kind: str, diameter_mm: Floats) -> Floats:
    if kind == "snow":
        return np.asarray(0.073e-6 * diameter_mm**1.4, np.float64)
    density = _WATER_KG_M3 if kind == "rain" else _ICE_KG_M3
    return np.asarray(density * np.pi / 6 * (diameter_mm * 1e-3) ** 3, np.float64)


def population(precipitation: Precipitation, bins: int = 14) -> Population:
    """Return the bodies in a cubic metre of air; `kind` must not be none, nor the rate 0."""
    kind = precipitation.kind
    edges = np.geomspace(*_SIZES_MM[kind], bins + 1)
    middle = np.sqrt(edges[1:] * edges[:-1])
    speed = terminal_mps(kind, middle)
    if kind == "rain":
        slope_per_mm = 4.1 * precipitation.rate_mm_h**-0.21
        count = 8000.0 / slope_per_mm * -np.diff(np.exp(-slope_per_mm * edges))
        wobble = np.sqrt(64 * _SURFACE_TENSION_N_M / (_WATER_KG_M3 * (middle * 1e-3) ** 3)) / (2 * np.pi)
        return Population(middle, count, speed, wobble)
    count = -np.diff(np.exp(-3 * edges / precipitation.size_mm))  # an exponential's mean by area is 3 lengths
    flux_mm_h = 3600 * float((count * _mass_kg(kind, middle) * speed).sum())
    return Population(middle, count * precipitation.rate_mm_h / flux_mm_h, speed, np.zeros(bins))
