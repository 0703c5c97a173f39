"""Which scenarios take a light and weather that are chosen for them, and why others do not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scenes.atlas import Atlas, Pair
from scenes.crashes.choice import unsuited
from scenes.crashes.registry import CRASH_TYPES
from scenes.errors import InputError
from scenes.pairing import broken
from scenes.weather import Weather

_CHOOSING = MappingProxyType({"low_sun_traffic": "low_sun", "day_traffic": "day"})
"""Scenarios that become plain traffic in a light and weather that are chosen for them, and their own kind of light."""


def families(mix: Mapping[str, float]) -> set[str]:
    """Return the families of looks that scenarios have by themselves, of those that take a chosen weather."""
    return {_CHOOSING[name] for name in mix if name in _CHOOSING}


def able_to_choose(mix: Mapping[str, float], atlas: Atlas | None = None) -> tuple[dict[str, float], dict[str, str]]:
    """Split a mix into scenarios that take a chosen light and weather, and those that do not, with the reason.

    Args:
        mix: scenario to weight.
        atlas: what is chosen; a type of crash must suit a lighting and weather of it that go together.

    Raises:
        InputError: none takes them.
    """
    reasons = {name: _unable(name, atlas) for name, weight in mix.items() if weight > 0}
    kept = {name: mix[name] for name, reason in reasons.items() if reason is None}
    if not kept:
        rule = f"only types of crash and {', '.join(_CHOOSING)} take a lighting or weather"
        first, why = next(iter(reasons.items()), ("nothing", ""))
        others = f" and {len(mix) - 1} more" if len(mix) > 1 else ""
        raise InputError("scenario.mix", rule, got=f"{first}{others}", fix=f"{why}; or take scenario=day")
    return kept, {name: reason for name, reason in reasons.items() if reason is not None}


def _unable(name: str, atlas: Atlas | None) -> str | None:
    """Return why a scenario does not take what is chosen, or None."""
    if name in _CHOOSING:
        return None
    if name not in CRASH_TYPES or atlas is None:
        return "it takes no lighting or weather"
    weathers: list[Weather | None] = [atlas.weathers[weather] for weather in atlas.weather_mix]
    pairs = (
        Pair(lighting=atlas.lightings[lighting], weather=weather)
        for lighting in atlas.lighting_mix or atlas.lightings
        for weather in weathers or [None]
        if weather is None or not broken(atlas.lightings[lighting], weather)
    )
    reasons = [unsuited(CRASH_TYPES[name], pair.lighting, pair.weather) for pair in pairs]
    return None if None in reasons else reasons[0]
