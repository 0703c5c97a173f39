"""Which lighting and weather cannot go together: small rules, each with its reason."""

from __future__ import annotations

from collections.abc import Callable

from scenes.light import Lighting
from scenes.weather import Weather

_HARD_SUN, _WET, _FOG_M, _CLEAR_M, _HIGH_DEG = 0.1, 0.5, 300.0, 1000.0, 20.0


def no_hard_sun_below_cloud(lighting: Lighting, weather: Weather) -> str | None:
    """A lighting that lives on the sun needs some of it."""
    if lighting.hard_sun and weather.sun_share_range[1] < _HARD_SUN:
        return f"no hard sun or moon: {weather.name} lets at most {weather.sun_share_range[1]:.0%} of it through"
    return None


def no_rain_below_a_high_sun(lighting: Lighting, weather: Weather) -> str | None:
    """A low sun may shine in below the cloud that rains; a high one stands behind it."""
    if lighting.hard_sun and weather.falling != "none" and lighting.scene.sun_elevation_deg_range[1] > _HIGH_DEG:
        return f"{weather.name} falls from a cloud that hides a sun or moon as high as in {lighting.name}"
    return None


def no_wet_night_on_a_dry_road(lighting: Lighting, weather: Weather) -> str | None:
    """Mirror images need a film."""
    if lighting.scene.wetness_range[0] >= _WET and weather.road.wetness_range[1] < _WET:
        return (
            f"{lighting.name} needs a wet road, and {weather.name} leaves it no wetter than "
            f"{weather.road.wetness_range[1]:g}"
        )
    return None


def no_mirror_under_snow(lighting: Lighting, weather: Weather) -> str | None:
    """Snow and ice hide the film."""
    if lighting.scene.wetness_range[0] >= _WET and weather.road.snow_range[0] + weather.road.ice_range[0] > 0.1:
        return f"{lighting.name} needs a wet road, and {weather.name} covers it"
    return None


def no_fog_in_clear_air(lighting: Lighting, weather: Weather) -> str | None:
    """A lighting that is fog needs a weather that is."""
    fog = lighting.look.get("air", {}).get("visibility_m_range", (_CLEAR_M, _CLEAR_M))
    if fog[1] <= _FOG_M and (weather.visibility_m_range[1] > _CLEAR_M or "tint_rgb_choices" in weather.air):
        return f"{lighting.name} is fog, and {weather.name} is none"
    return None


def no_fog_behind_precipitation(lighting: Lighting, weather: Weather) -> str | None:
    """What falls washes fog out or tears it up."""
    if "air" in lighting.look and weather.falling != "none":
        return f"{lighting.name} is fog, which {weather.name} washes out"
    return None


def no_sun_behind_dense_fog(lighting: Lighting, weather: Weather) -> str | None:
    """Backlight needs the sun's place to be told."""
    if "sun_lux_range" in lighting.look and weather.sun_share_range[1] < _HARD_SUN:
        return f"no sun can be told: {weather.name} lets at most {weather.sun_share_range[1]:.0%} of it through"
    return None


def no_lightning_without_thundercloud(lighting: Lighting, weather: Weather) -> str | None:
    """Lightning comes from clouds that rain or hail, or have just done so."""
    if lighting.scene.storm and not weather.thunder:
        return f"lightning needs a thundercloud, and {weather.name} has none"
    return None


def no_weather_under_a_roof(lighting: Lighting, weather: Weather) -> str | None:
    """The road in a tunnel is sheltered."""
    sheltered = weather.falling == "none" and weather.visibility_m_range[0] >= _CLEAR_M
    state = weather.road
    bare = max(state.puddles_range[0], state.snow_range[0], state.ice_range[0], state.leaves_range[0]) < 0.1
    if lighting.scene.covered and not (sheltered and bare):
        return f"the camera stands in a tunnel, which keeps {weather.name} out"
    return None


PAIR_RULES: tuple[Callable[[Lighting, Weather], str | None], ...] = (
    no_hard_sun_below_cloud,
    no_rain_below_a_high_sun,
    no_wet_night_on_a_dry_road,
    no_mirror_under_snow,
    no_fog_in_clear_air,
    no_fog_behind_precipitation,
    no_sun_behind_dense_fog,
    no_lightning_without_thundercloud,
    no_weather_under_a_roof,
)


def broken(lighting: Lighting, weather: Weather) -> str | None:
    """Return the first reason why two cannot go together, or None."""
    return next((told for rule in PAIR_RULES if (told := rule(lighting, weather))), None)
