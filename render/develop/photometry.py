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


def open_sky_lux(look: Look, sun_elevation_deg: float) -> float:
    """Return the illuminance of level ground in the open: sky, and sun (or moon) at its elevation."""
    return look.sky_lux + look.sun_lux * max(math.sin(math.radians(sun_elevation_deg)), 0.0)


def ground_lux(
    rgb_linear: Image, albedo: Image, normal: Image, ids: NDArray[np.uint16]
) -> tuple[float, float, float] | None:
    """Return the illuminance of level ground that the picture shows: its 5, 50 and 95 % quantiles, lux.

    Ground is taken as a diffuse reflector, E = π·L/ρ; on wet roads mirror images add to it, so it is an estimate.

    Args:
        rgb_linear: HxWx3 relit picture before any air or weather, cd/m².
        albedo: HxWx3 in [0, 1].
        normal: HxWx3, world frame, z up.
        ids: HxW instance ids; actors do not count.

    Returns:
        None where fewer than 64 pixels show level ground.

    Source: Lambert's law; CIE S 017:2020, 17-21-060 (illuminance).
    """
    reflected = luminance(albedo)
    level = (normal[..., 2] > _LEVEL) & (ids == 0) & (reflected > _DARKEST_ALBEDO)
    if int(level.sum()) < _FEWEST_PX:
        return None
    lux = math.pi * luminance(rgb_linear)[level] / reflected[level]
    low, middle, high = (float(f"{value:.4g}") for value in np.quantile(lux, (0.05, 0.5, 0.95)))
    return low, middle, high
