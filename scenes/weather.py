"""Weather: what `conf/weather` says, and a draw of air temperature, road and light that go together.

A weather has two parts: the road's state and the temperature are settled when a scene is drawn, air and what falls
belong to the look (`render.develop.atlas`). Rules are small functions, so that each refusal has a reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from pydantic import ConfigDict

from scenes.errors import InputError, RareblendError
from scenes.friction import Friction, Road, friction

Range = tuple[float, float]
_STRICT = ConfigDict(extra="forbid")
_TRIES = 60
_CLEAR_M = 40_000.0
_OFF = 0.03
_WARMEST_SNOWFALL_C, _WARMEST_SNOW_C, _WARMEST_ICE_C, _COLDEST_RAIN_C = 3.0, 6.0, 2.0, -1.0
_DENSE_FOG_M, _HARD_SUN = 200.0, 0.1
_LEAST_FILM = ((30.0, 0.9), (2.0, 0.5), (0.1, 0.2))
"""Rain in mm/h from which on a road has at least this film: what falls exceeds what drains and dries (assumed)."""


@dataclass(frozen=True, kw_only=True)
class RoadRanges:
    """Ranges that a road's state is drawn from."""

    wetness_range: Range = (0.0, 0.0)
    puddles_range: Range = (0.0, 0.0)
    snow_range: Range = (0.0, 0.0)
    ice_range: Range = (0.0, 0.0)
    leaves_range: Range = (0.0, 0.0)
    sand_range: Range = (0.0, 0.0)
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        for name, (low, high) in asdict(self).items():
            if not 0 <= low <= high <= 1:
                raise InputError(f"weather.road.{name}", "must be [lo, hi] with 0 <= lo <= hi <= 1", got=(low, high))

    def at(self, share: Callable[[], float]) -> Road:
        """Return the state that lies so far along each range."""
        ends = {name.removesuffix("_range"): bounds for name, bounds in asdict(self).items()}
        return Road(**{name: low + (high - low) * share() for name, (low, high) in ends.items()})


@dataclass(frozen=True, kw_only=True)
class Weather:
    """One file of `conf/weather`.

    Args:
        name: that of its file.
        sentence: what one sees.
        temperature_c_range: of the air.
        road: state of the surface.
        friction_range: of the road's mean coefficient; what `scenes.friction` makes of the road must lie in it.
        friction_source: where it comes from.
        sun_share_range: of direct sun- or moonlight that comes through; 0 under a closed cloud.
        sky_share_range: of a clear or covered sky's light; what a lighting gives by itself, as a town's glow, stays.
        cloud_range: share of the sky under a closed cover.
        lamps_on: drivers have their lamps on by day.
        thunder: its clouds make lightning.
        air, precipitation, windscreen: as in `render.develop.preset.LookPreset`.
        look: its further fields.
    """

    name: str
    sentence: str
    temperature_c_range: Range
    road: RoadRanges = field(default_factory=RoadRanges)
    friction_range: Range
    friction_source: str
    sun_share_range: Range
    sky_share_range: Range
    cloud_range: Range = (0.0, 0.0)
    lamps_on: bool = False
    thunder: bool = False
    air: dict[str, Any] = field(default_factory=dict)
    precipitation: dict[str, Any] = field(default_factory=dict)
    windscreen: dict[str, Any] = field(default_factory=dict)
    look: dict[str, Any] = field(default_factory=dict)
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        for name, lowest, highest in (
            ("temperature_c_range", -50.0, 55.0),
            ("sun_share_range", 0.0, 1.2),
            ("sky_share_range", 0.0, 2.0),
            ("cloud_range", 0.0, 1.0),
        ):
            low, high = getattr(self, name)
            if not lowest <= low <= high <= highest:
                rule = f"must be [lo, hi] in [{lowest:g}, {highest:g}]"
                raise InputError(f"weather.{self.name}.{name}", rule, got=(low, high))
        for drawn in self._samples():
            if broken := breach(self, drawn):
                raise InputError(f"weather.{self.name}", f"contradicts itself: {broken}", got=_told(drawn))
        self._check_friction()

    def _check_friction(self) -> None:
        low, high = self.friction_range
        made = [drawn.friction.mean for drawn in self._samples()]
        if not low - _OFF <= min(made) <= max(made) <= high + _OFF:
            rule = f"must hold what its road gives, [{min(made):.2f}, {max(made):.2f}]"
            raise InputError(f"weather.{self.name}.friction_range", rule, got=(low, high))

    def _samples(self) -> tuple[WeatherDraw, ...]:
        """Return the middle and both ends of all ranges."""
        return self.at(lambda: 0.5), self.at(lambda: 0.0), self.at(lambda: 1.0)

    @property
    def rate_mm_h_range(self) -> Range:
        """What falls, in mm of water an hour."""
        return _of(self.precipitation, "rate_mm_h", 0.0)

    @property
    def visibility_m_range(self) -> Range:
        """Meteorological visibility by fog, dust or smoke."""
        return _of(self.air, "visibility_m", _CLEAR_M)

    @property
    def falling(self) -> str:
        """What falls: none, rain, snow or hail."""
        return str(self.precipitation.get("kind", "none"))

    def at(self, share: Callable[[], float]) -> WeatherDraw:
        """Return the draw that lies so far along each range."""
        low, high = self.temperature_c_range
        return WeatherDraw(temperature_c=round(low + (high - low) * share(), 1), road=self.road.at(share))


@dataclass(frozen=True, kw_only=True)
class WeatherDraw:
    """What a weather settles for one scene."""

    temperature_c: float
    road: Road

    @property
    def friction(self) -> Friction:
        """Of the road."""
        return friction(self.road, self.temperature_c)


def _of(values: dict[str, Any], name: str, default: float) -> Range:
    low, high = values.get(f"{name}_range", (values.get(name, default),) * 2)
    return float(low), float(high)


def _told(drawn: WeatherDraw) -> str:
    road = ", ".join(f"{name} {value:.2f}" for name, value in asdict(drawn.road).items() if value)
    return f"{drawn.temperature_c:.0f} °C, {road or 'a dry road'}"


def no_snowfall_in_the_warm(weather: Weather, drawn: WeatherDraw) -> str | None:
    """Flakes melt on their way down."""
    if weather.falling == "snow" and drawn.temperature_c > _WARMEST_SNOWFALL_C:
        return f"no snow falls above {_WARMEST_SNOWFALL_C:.0f} °C"
    return None


def no_snow_on_a_warm_road(weather: Weather, drawn: WeatherDraw) -> str | None:
    """Hail is ice that has just fallen, so it may lie in summer."""
    if weather.falling != "hail" and drawn.road.snow > 0 and drawn.temperature_c > _WARMEST_SNOW_C:
        return f"no snow lies above {_WARMEST_SNOW_C:.0f} °C"
    return None


def no_ice_in_the_warm(_weather: Weather, drawn: WeatherDraw) -> str | None:
    """The ground may be colder than the air, but not by much."""
    if drawn.road.ice > 0 and drawn.temperature_c > _WARMEST_ICE_C:
        return f"no ice stays above {_WARMEST_ICE_C:.0f} °C"
    return None


def no_rain_in_the_frost(weather: Weather, drawn: WeatherDraw) -> str | None:
    """Freezing rain glazes the road, which is `ice`."""
    if weather.falling == "rain" and drawn.temperature_c < _COLDEST_RAIN_C:
        return f"no rain below {_COLDEST_RAIN_C:.0f} °C but freezing rain, which is ice"
    return None


def no_water_in_hard_frost(_weather: Weather, drawn: WeatherDraw) -> str | None:
    """Salted roads stay wet some degrees below zero."""
    if drawn.road.puddles > 0 and drawn.temperature_c < -6:
        return "puddles freeze below -6 °C"
    return None


def no_dry_road_in_rain(weather: Weather, drawn: WeatherDraw) -> str | None:
    """The film follows the rate."""
    if weather.falling != "rain":
        return None
    rate = weather.rate_mm_h_range[0]
    least = next((film for above, film in _LEAST_FILM if rate >= above), 0.0)
    return f"rain of {rate:g} mm/h leaves no road this dry" if drawn.road.wetness < least else None


def no_hard_sun_in_dense_fog(weather: Weather, _drawn: WeatherDraw) -> str | None:
    """The optical depth of 100 m of such fog is 4 and more."""
    if weather.visibility_m_range[1] <= _DENSE_FOG_M and weather.sun_share_range[1] > _HARD_SUN:
        return "dense fog lets no hard sun through"
    return None


def no_hard_sun_below_heavy_cloud(weather: Weather, _drawn: WeatherDraw) -> str | None:
    """A cloudburst's cloud is kilometres thick."""
    if weather.rate_mm_h_range[0] >= 30 and weather.sun_share_range[1] > _HARD_SUN:
        return "a cloudburst's cloud lets no hard sun through"
    return None


RULES: tuple[Callable[[Weather, WeatherDraw], str | None], ...] = (
    no_snowfall_in_the_warm,
    no_snow_on_a_warm_road,
    no_ice_in_the_warm,
    no_rain_in_the_frost,
    no_water_in_hard_frost,
    no_dry_road_in_rain,
    no_hard_sun_in_dense_fog,
    no_hard_sun_below_heavy_cloud,
)


def breach(weather: Weather, drawn: WeatherDraw) -> str | None:
    """Return the first rule that a draw breaks, or None."""
    return next((told for rule in RULES if (told := rule(weather, drawn))), None)


def draw_weather(weather: Weather, rng: np.random.Generator) -> tuple[WeatherDraw, MappingProxyType[str, int]]:
    """Draw what a weather settles for a scene.

    Returns:
        The draw, and how many were refused before it, by reason.

    Raises:
        RareblendError: no draw of 60 kept the rules.
    """
    refused: dict[str, int] = {}
    for _ in range(_TRIES):
        drawn = weather.at(lambda: float(rng.random()))
        broken = breach(weather, drawn)
        if broken is None:
            return drawn, MappingProxyType(refused)
        refused[broken] = refused.get(broken, 0) + 1
    told = ", ".join(f"{reason} ({count})" for reason, count in sorted(refused.items()))
    raise RareblendError(f"weather.{weather.name}: no draw of {_TRIES} was valid: {told}")
