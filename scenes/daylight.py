"""How light it is in the open: sun, sky, twilight and moon by their elevation, in lux.

Sources, all from memory: IES daylight availability (RP-21, 1984; IESNA Lighting Handbook, 9th ed., chapter 8):
direct sun 127.5 klx · exp(-c m), level ground under the sky A + B sin^C h, for clear and covered skies. Air mass after
Kasten and Young, Applied Optics 28 (1989), 4735. Twilight and full moon: Janiczek and DeYoung, US Naval Observatory
Circular 171 (1987), log10 lux as cubics in h / 90 degrees; also Explanatory Supplement to the Astronomical Almanac.
"""

from __future__ import annotations

import math
from types import MappingProxyType

_OUTSIDE_LUX = 127_500.0
_CLEAR_EXTINCTION = 0.21
_CLEAR_SKY_KLUX = (0.8, 15.5, 0.5)
_COVERED_SKY_KLUX = (0.3, 21.0, 1.0)
_LOWEST_TWILIGHT_DEG = -18.0
_TWILIGHT = MappingProxyType(
    {
        -12.0: (13.84, 262.72, 1447.42, 2797.93),
        -5.0: (2.70, 12.17, -431.69, -1899.83),
        -0.8: (2.88, 21.81, -258.11, -858.36),
        5.0: (2.88, 22.26, -207.64, 1034.30),
    }
)
_MOON = MappingProxyType(
    {
        5.0: (-2.79, 24.27, -252.95, 1321.29),
        20.0: (-2.58, 12.58, -42.58, 59.06),
        90.0: (-1.95, 4.06, -4.24, 1.56),
    }
)
_MOON_DIRECT = 0.85
"""Share of a clear night's moonlight that comes from the moon itself, as daylight has it under a high sun."""


def air_mass(elevation_deg: float) -> float:
    """Return how much more air light passes through than from the zenith; elevation >= 0."""
    return 1.0 / (math.sin(math.radians(elevation_deg)) + 0.50572 * math.pow(elevation_deg + 6.07995, -1.6364))


def sun_lux(elevation_deg: float) -> float:
    """Return the illuminance of the sun at normal incidence through clear air; 0 below the horizon."""
    return _OUTSIDE_LUX * math.exp(-_CLEAR_EXTINCTION * air_mass(elevation_deg)) if elevation_deg > 0 else 0.0


def clear_sky_lux(elevation_deg: float) -> float:
    """Return the illuminance of level ground by a clear sky without its sun, which stands above the horizon."""
    return _sky(_CLEAR_SKY_KLUX, elevation_deg)


def covered_sky_lux(elevation_deg: float) -> float:
    """Return the illuminance of level ground by a closed cloud cover, the sun above the horizon."""
    return _sky(_COVERED_SKY_KLUX, elevation_deg)


def twilight_lux(elevation_deg: float) -> float:
    """Return the illuminance of level ground by a clear sky with the sun 18 degrees below to 5 above the horizon."""
    return _cubic(_TWILIGHT, max(elevation_deg, _LOWEST_TWILIGHT_DEG))


def full_moon_lux(elevation_deg: float) -> tuple[float, float]:
    """Return the illuminance by a full moon on a clear night: of a plane that faces it, and of level ground by the sky.

    Args:
        elevation_deg: of the moon, > 0.
    """
    ground = _cubic(_MOON, elevation_deg)
    return _MOON_DIRECT * ground / math.sin(math.radians(elevation_deg)), (1 - _MOON_DIRECT) * ground


def _sky(klux: tuple[float, float, float], elevation_deg: float) -> float:
    base, rise, power = klux
    return 1000 * (base + rise * math.pow(max(math.sin(math.radians(elevation_deg)), 0.0), power))


def _cubic(pieces: MappingProxyType[float, tuple[float, float, float, float]], elevation_deg: float) -> float:
    upper = next((edge for edge in pieces if elevation_deg <= edge), list(pieces)[-1])
    x = elevation_deg / 90
    return float(10 ** sum(factor * x**power for power, factor in enumerate(pieces[upper])))
