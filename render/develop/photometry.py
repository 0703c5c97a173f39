"""How light it is, told from the picture itself: illuminance of the road in lux, luminance in cd/m²."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from render.develop.colour import luminance
from render.develop.look import Look

Image = NDArray[np.float32]
_LEVEL = 0.95  # cosine of 18 degrees: roads, not ramps and roofs
_DARKEST_ALBEDO = 0.02
_FEWEST_PX = 64
_BY_DAY_LUX, _WALLS_ADD = 1_000.0, 1.1


NIGHT_LUX = 20.0
"""Open sky below which lamps light a street more than the sky does."""


def is_night(look: Look, sun_elevation_deg: float) -> bool:
    """Tell whether lamps, not the sky, light the scene."""
    return open_sky_lux(look, sun_elevation_deg) < NIGHT_LUX


def open_sky_lux(look: Look, sun_elevation_deg: float) -> float:
    """Return the illuminance of level ground in the open: sky, and sun (or moon) at its elevation."""
    return look.sky_lux + look.sun_lux * max(math.sin(math.radians(sun_elevation_deg)), 0.0)


def ground_lux(
    rgb_linear: Image, albedo: Image, normal: Image, ids: NDArray[np.uint16], *, open_lux: float = 0.0
) -> tuple[float, float, float] | None:
    """Return the illuminance of level ground that the picture shows: its 5, 50 and 95 % quantiles, lux.

    Ground is taken as a diffuse reflector, E = π·L/ρ; on wet roads, and on dry ones towards a low sun, what they mirror
    adds to it, so it is an estimate. By day it cannot be more than in the open, where walls add little and lamps less.

    Args:
        rgb_linear: HxWx3 relit picture before any air or weather, cd/m².
        albedo: HxWx3 in [0, 1].
        normal: HxWx3, world frame, z up.
        ids: HxW instance ids; actors do not count.
        open_lux: illuminance of level ground in the open, see `open_sky_lux`.

    Returns:
        None where fewer than 64 pixels show level ground.

    Source: Lambert's law; CIE S 017:2020, 17-21-060 (illuminance).
    """
    reflected = luminance(albedo)
    level = (normal[..., 2] > _LEVEL) & (ids == 0) & (reflected > _DARKEST_ALBEDO)
    if int(level.sum()) < _FEWEST_PX:
        return None
    lux = math.pi * luminance(rgb_linear)[level] / reflected[level]
    most = _WALLS_ADD * open_lux if open_lux > _BY_DAY_LUX else math.inf
    low, middle, high = (float(f"{min(value, most):.4g}") for value in np.quantile(lux, (0.05, 0.5, 0.95)))
    return low, middle, high
