"""Vehicle lamps: how bright each light group is traced, and what a headlamp throws."""

from __future__ import annotations

from types import MappingProxyType

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
