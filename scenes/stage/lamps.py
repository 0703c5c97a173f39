"""Vehicle lamps: how bright each light group is traced, and what a headlamp throws."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

TRACE_GAIN = MappingProxyType(
    {
        "sky": 8.0,
        "overcast": 8.0,
        "sun": 15.0,
        "street": 1.0,
        "windows": 1.0,
        "signal": 2.0,
        "ego": 1.0,
        "ego_high": 0.4,
        "head": 1.0,
        "tail": 4.0,
        "indicator": 2.0,
        "emergency": 1.0,
        "emergency_alternate": 1.0,
        "fire": 1.0,
    }
)
"""Strength in the trace for 1 cd/m² (skies and sun: 1 lux) in the bundle.

The light tree shares samples by power, so groups are traced about as bright as each other and divided after.
"""

HEAD_CD_M2 = 20_000.0
"""Peak candela of one dipped beam; UNECE R112 allows 44,100 cd at most below the cut-off (R112 6.2.4)."""

HIGH_BEAM_CD = 50_000.0
"""Peak candela of one main beam; UNECE R112 and R149 allow 215,000 cd for a whole vehicle."""

MAIN_BEAM_FACE = 8.0
"""How much brighter than a dipped lamp's the face of a main beam is to who looks into it: 50,000 cd against the 6,000
that a dipped face's luminance makes of its 0.03 m²."""

DIPPED_PEAK = 1.224
"""Brightest value of the dipped beam's formula, which divides it, so that a beam has its nominal candela."""

_LED_KELVIN_RGB = (0.93, 0.98, 1.0)
_HALOGEN_RGB = (1.0, 0.86, 0.66)


def lamp_colour(seed: int) -> tuple[float, float, float]:
    """Return white LED or halogen light, as a share of today's fleet has either."""
    return _LED_KELVIN_RGB if seed % 5 < 3 else _HALOGEN_RGB


def kelvin_rgb(kelvin: float) -> tuple[float, float, float]:
    """Return the colour of a black body at unit luminance, linear Rec. 709 (Planckian locus by Kim et al. 2002).

    Args:
        kelvin: 1,667 to 25,000.
    """
    t = 1000 / float(np.clip(kelvin, 1667, 25000))
    x = (
        -0.2661239 * t**3 - 0.2343589 * t**2 + 0.8776956 * t + 0.179910
        if kelvin < 4000
        else -3.0258469 * t**3 + 2.1070379 * t**2 + 0.2226347 * t + 0.240390
    )
    if kelvin < 2222:
        y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    elif kelvin < 4000:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    xyz = np.array([x / y, 1.0, (1 - x - y) / y])
    to_rgb = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]])
    red, green, blue = np.clip(to_rgb @ xyz, 0.0, None)
    return float(red), float(green), float(blue)


def dipped_candela(right_rad: Array, up_rad: Array, *, peak_cd: float = HEAD_CD_M2) -> Array:
    """Return what a dipped beam for right-hand traffic throws in each direction, in candela.

    The cut-off lies 0.57 degrees (1 %) down and rises by 15 degrees on the right. `beams.add_beam` wires the same
    formula as nodes.

    Args:
        right_rad: direction from the lamp's axis.
        up_rad: the same upwards, of the same shape.
        peak_cd: of the beam's brightest direction.

    Source:
        UNECE R112, 6.2: shape of the cut-off.
    """
    right, up = np.tan(right_rad), np.tan(up_rad)
    over = up + 0.01 - 0.268 * np.clip(right, 0.0, 0.12)
    depth = np.maximum(-over, 0.0)
    near = _gauss(depth, 0.045) + 0.10 * _gauss(depth, 0.22)
    wide = _gauss(right, 0.16) + 0.16 * _gauss(right, 0.62)
    below = 1 / (1 + np.exp(np.minimum(450.0 * over, 700.0)))
    stray = 0.012 * _gauss(right, 0.5) * _gauss(up, 0.5)
    return np.asarray(peak_cd * (below * near * wide / DIPPED_PEAK + stray))


def main_candela(right_rad: Array, up_rad: Array, *, peak_cd: float = HIGH_BEAM_CD) -> Array:
    """Return what a main beam throws in each direction, in candela; arguments as of `dipped_candela`."""
    right, up = np.tan(right_rad), np.tan(up_rad)
    core = _gauss(right, 0.10) * _gauss(up, 0.045)
    return np.asarray(peak_cd * (core + 0.15 * _gauss(right, 0.40) * _gauss(up, 0.12)) / 1.15)


def _gauss(value: Array, width: float) -> Array:
    return np.asarray(np.exp(-((value / width) ** 2)))
