"""How the land rises around a place: level where roads may lie, hills beyond."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from scenes.spec.place import Surroundings
from scenes.stage.mesh import Points

FLAT_M = 150.0
"""Within this of the x axis the land is level: roads bend away by 90 m at most, side roads end at 100 m."""

_FAR_M = 1100.0
_RIM_M = 26.0
_HILLS_M = MappingProxyType({"city": 6.0, "suburb": 12.0, "industrial": 6.0, "rural": 34.0})
_SEED = 930


def relief_m(points: Points, surroundings: Surroundings, model: int) -> Points:
    """Return how high the land lies above the road.

    Args:
        points: (..., 2) world xy in metres.
        surroundings: of the place.
        model: draws the hills.

    Returns:
        (...) metres; 0 within `FLAT_M` of the x axis up to 900 m along it, 26 m and more beyond 1,500 m from the place.
    """
    x, y = points[..., 0], points[..., 1]
    aside = np.maximum(np.abs(y) - FLAT_M, np.abs(x - 80.0) - 820.0)
    rising = _smooth(aside / 650.0)
    away = np.hypot(x - 80.0, y)
    rim = _RIM_M * _smooth((away - _FAR_M) / 400.0)
    hills = _HILLS_M[surroundings] * (0.55 + 0.45 * _waves(points, model))
    return np.asarray(rising * hills + rim)


def _waves(points: Points, model: int) -> Points:
    """Return smooth noise in about [-1, 1], 300 m and more from crest to crest."""
    rng = np.random.default_rng([_SEED, model])
    total = np.zeros(points.shape[:-1])
    for length_m, weight in ((900.0, 0.5), (640.0, 0.35), (430.0, 0.25), (310.0, 0.15)):
        heading, phase = rng.uniform(0, 2 * np.pi, 2)
        along = points[..., 0] * np.cos(heading) + points[..., 1] * np.sin(heading)
        total += weight * np.sin(2 * np.pi * along / length_m + phase)
    return np.asarray(total)


def _smooth(share: Points) -> Points:
    clipped = np.clip(share, 0.0, 1.0)
    return np.asarray(clipped * clipped * (3 - 2 * clipped))
