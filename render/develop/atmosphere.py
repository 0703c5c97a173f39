"""Haze between street and lens: what is far fades into the air's own light, which glows towards the sun.

Source: Koschmieder (1924), L = L0·t + A·(1-t), t = exp(-3.912 d / V); airlight of the sun after
Henyey and Greenstein, Astrophysical Journal 93 (1941), 70, with asymmetry 0.8 as for continental aerosol.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from scenes.errors import InputError

CLEAR_AIR_M = 40_000.0  # visibility above which haze within a street cannot be seen
KOSCHMIEDER = 3.912  # -ln(0.02): a black target is lost at 2 % contrast
_SKY_PATH_M = 1_500.0  # haze layer of some 300 m, seen at the low elevations that a street leaves open
_ASYMMETRY = 0.8

Image = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Air:
    """What hangs in the air: visibility_m is the meteorological visibility (Koschmieder), > 0."""

    visibility_m: float = CLEAR_AIR_M
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if not self.visibility_m > 0:
            raise InputError("air.visibility_m", "must be > 0", got=self.visibility_m)


def phase(cos_angle: Image) -> Image:
    """Return the Henyey-Greenstein phase function, per steradian; it integrates to 1 over the sphere."""
    g = _ASYMMETRY
    return np.asarray((1 - g * g) / (4 * np.pi) / (1 + g * g - 2 * g * cos_angle) ** 1.5, np.float32)


def haze(
    rgb_linear: Image, depth_m: Image, *, visibility_m: float, sky_rgb: Image, sun_rgb_lux: Image, cos_sun: Image
) -> Image:
    """Fade a picture into haze.

    Args:
        rgb_linear: HxWx3, cd/m².
        depth_m: HxW, 1e10 in the sky.
        visibility_m: meteorological visibility, > 0.
        sky_rgb: airlight of the sky, cd/m², three values.
        sun_rgb_lux: illuminance of the sun at normal incidence, lux, three values.
        cos_sun: HxW cosine between pixel and sun.
    """
    if visibility_m >= CLEAR_AIR_M and not sun_rgb_lux.any():
        return rgb_linear
    depth = np.minimum(depth_m, np.float32(_SKY_PATH_M))
    kept = np.exp(np.float32(-KOSCHMIEDER / visibility_m) * depth)[..., None]
    airlight = sky_rgb + phase(cos_sun)[..., None] * sun_rgb_lux
    return np.asarray(rgb_linear * kept + airlight * (1 - kept), np.float32)
