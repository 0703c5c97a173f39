"""Vehicle lamps: how bright each light group is traced, and what a headlamp throws."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

TRACE_GAIN = MappingProxyType(
    {
        "sky": 8.0,
        "sun": 15.0,
        "street": 1.0,
        "windows": 1.0,
        "signal": 2.0,
        "ego": 1.0,
        "head": 1.0,
        "tail": 4.0,
        "indicator": 2.0,
        "emergency": 1.0,
    }
)
"""Strength in the trace for 1 cd/m² (sky and sun: 1 lux) in the bundle.

The light tree shares samples by power, so groups are traced about as bright as each other and divided after.
"""

HEAD_CD_M2 = 20_000.0
"""Peak candela of one dipped beam; UNECE R112 allows 44,100 cd at most below the cut-off (R112 6.2.4)."""

HIGH_BEAM_CD = 50_000.0
"""Peak candela of one main beam; UNECE R112 and R149 allow 215,000 cd for a whole vehicle."""

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
