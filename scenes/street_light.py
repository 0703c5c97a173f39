"""What street lamps give: which of them burn, where they hang, and how many lux they lay on the road.

A lantern is a Lambertian face, so a lamp of flux F at height h gives F h² / (pi d⁴) on the road at distance d. What
houses throw back is left out; it adds some per cent.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scenes.site.layout import layout
from scenes.site.plan import Lane
from scenes.spec.place import Street

ARM_M, BACK_M = 1.6, 0.7
"""Length of a lamp's arm over the road, and its post's distance from the road's edge."""
FIRST_M, LAST_M = 8.0, 4.0
"""Where lamps begin and end, along a road from its ends."""
_FACE_OVER_M = 0.116  # the glowing face hangs so far above the nominal height, which is that of the arm
_STRETCH_M = (8.0, 68.0)

Floats = NDArray[np.float64]


def stations_m(length_m: float, spacing_m: float) -> list[float]:
    """Return where lamps stand along a road, in turn on its right and left."""
    found: list[float] = np.arange(FIRST_M, length_m - LAST_M, spacing_m / 2).tolist()
    return found


@lru_cache(maxsize=256)
def burning(seed: int, lamps_out: float, number: int) -> bool:
    """Tell whether a road's lamp of that number works; the same ones fail at every look at a street."""
    return lamps_out <= 0 or bool(np.random.default_rng([seed, 29, number]).random() >= lamps_out)


def lanterns_m(street: Street) -> Floats:
    """Return (N, 2) places of the lanterns that burn along the main road, if nothing stands in their way."""
    road = layout(street).roads[0]
    line = Lane(path_m=road.path_m, width_m=1.0, role="same")
    places = []
    for number, along in enumerate(stations_m(line.length_m, street.lamp_spacing_m)):
        if burning(street.seed, street.lamps_out, number):
            x, y, heading = line.at(along)
            turn = math.radians(heading + (90.0 if number % 2 else -90.0))
            reach = road.half_width_m + BACK_M - ARM_M
            places.append((x + reach * math.cos(turn), y + reach * math.sin(turn)))
    return np.array(places, np.float64).reshape(-1, 2)


def lux_at(street: Street, places_m: Floats) -> Floats:
    """Return the illuminance of level road at (N, 2) places by the lamps of the main road, lux."""
    if street.lamp_spacing_m <= 0:
        return np.zeros(len(places_m))
    apart = ((places_m[:, None] - lanterns_m(street)[None]) ** 2).sum(axis=-1)
    high = (street.lamp_height_m + _FACE_OVER_M) ** 2
    return np.asarray((street.lamp_lm / np.pi * high / (apart + high) ** 2).sum(axis=-1), np.float64)


def mean_lux(street: Street) -> float:
    """Return the mean illuminance of the carriageway ahead by street lamps (EN 13201-3's Ē), lux."""
    half = layout(street).roads[0].half_width_m
    x, y = np.meshgrid(np.linspace(*_STRETCH_M, 61), np.linspace(-half, half, 21))
    return float(lux_at(street, np.stack([x.ravel(), y.ravel()], axis=-1)).mean())
