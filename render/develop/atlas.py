"""The look of a chosen lighting in a chosen weather: one preset, from `conf/lighting` and `conf/weather`."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from render.develop.draws import Range
from render.develop.preset import LookPreset, LookSettings
from scenes.atlas import Atlas, Pair, shipped
from scenes.errors import InputError
from scenes.light import Lighting
from scenes.spec.scene import SceneSpec
from scenes.weather import Weather

_BROKEN_CLOUD = 0.6
"""Largest cover through which the sun still shines."""
_DRIVERS_LAMPS: dict[str, Range] = {"head": (0.8, 1.0), "tail": (0.9, 1.0)}


def looks_of(spec: SceneSpec, looks: LookSettings, atlas: Atlas | None = None) -> LookSettings:
    """Return the presets that a scene is developed under: those of its family, or the one that was chosen for it.

    Args:
        spec: the scene.
        looks: presets by family.
        atlas: the config's lightings and weathers; those that are shipped if None.

    Raises:
        InputError: the scene names a lighting or weather that the atlas lacks.
    """
    told = spec.conditions
    if told is None:
        return looks
    known = atlas or shipped()
    missing = told.lighting not in known.lightings or (told.weather and told.weather not in known.weathers)
    if missing:
        rule = "must name files of conf/lighting and conf/weather"
        raise InputError("scene.conditions", rule, got=(told.lighting, told.weather), fix="update rareblend")
    weather = known.weathers[told.weather] if told.weather else None
    pair = Pair(lighting=known.lightings[told.lighting], weather=weather)
    return LookSettings(**{spec.lighting: (preset_of(pair, spec.sun.elevation_deg),)})


def check(atlas: Atlas) -> None:
    """Make every preset once, so that a look that breaks a rule is told before the first trace.

    Raises:
        InputError: it does.
    """
    for lighting in atlas.lightings.values():
        elevation = lighting.scene.sun_elevation_deg_range[0]
        preset_of(Pair(lighting=lighting), elevation)
    for weather in atlas.weathers.values():
        preset_of(Pair(lighting=atlas.lightings["overcast"], weather=weather), 30.0)


def preset_of(pair: Pair, sun_elevation_deg: float) -> LookPreset:
    """Return the distribution of looks of a lighting, with a weather or without, for a sun (or moon) that stands so.

    Raises:
        InputError: a field is unknown or breaks a rule.
    """
    lighting, weather = pair.lighting, pair.weather
    sun, sky = lighting.sun_and_sky_lux(sun_elevation_deg)
    told: dict[str, Any] = {**lighting.look, "name": lighting.name, "sun_lux_range": sun, "sky_lux_range": sky}
    if weather is not None:
        told |= _weathered(told, lighting, weather)
    unknown = sorted(set(told) - {item.name for item in fields(LookPreset)})
    if unknown:
        raise InputError(f"{told['name']}.look", "there is no such key", got=unknown[0])
    return LookPreset(**_tuples(told))


def _weathered(told: dict[str, Any], lighting: Lighting, weather: Weather) -> dict[str, Any]:
    """Return what a weather makes of a lighting's preset."""
    changed: dict[str, Any] = {
        "name": f"{lighting.name}_{weather.name}",
        "overcast_range": _cover(told.get("overcast_range", (0.0, 0.0)), lighting, weather),
        "precipitation": weather.precipitation,
        "windscreen": {**told.get("windscreen", {}), **weather.windscreen},
        **weather.look,
    }
    if lighting.daylight != "given":  # what is given is what arrives: a town's glow, a flash, light through fog
        changed["sun_lux_range"] = _times(told["sun_lux_range"], weather.sun_share_range)
        changed["sky_lux_range"] = _times(told["sky_lux_range"], weather.sky_share_range)
    if weather.air:
        changed["air"] = weather.air
    if weather.lamps_on:
        changed["lamps"] = {**_DRIVERS_LAMPS, **{name: span for name, span in told.get("lamps", {}).items() if span[0]}}
    return changed


def _cover(own: Range, lighting: Lighting, weather: Weather) -> Range:
    """Return the range of the cloud cover: the denser of both, and broken where the sun comes through."""
    low, high = (max(one, other) for one, other in zip(own, weather.cloud_range, strict=True))
    return (min(low, _BROKEN_CLOUD), min(high, _BROKEN_CLOUD)) if lighting.hard_sun else (low, high)


def _times(bounds: Range, shares: Range) -> Range:
    return bounds[0] * shares[0], bounds[1] * shares[1]


def _tuples(value: Any) -> Any:
    """Return lists as tuples, in depth: YAML knows only lists."""
    if isinstance(value, dict):
        return {name: _tuples(one) for name, one in value.items()}
    return tuple(_tuples(one) for one in value) if isinstance(value, list | tuple) else value
