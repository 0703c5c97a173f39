"""Which types of crash can happen in a light and weather that are chosen for them, and why others cannot."""

from __future__ import annotations

from scenes.crashes.crash_type import CrashType
from scenes.light import Lighting
from scenes.spec.place import PlaceKind
from scenes.weather import Weather

_ICY = 0.2


def shared_places(kind: CrashType, lighting: Lighting) -> dict[PlaceKind, float]:
    """Return the kinds of place that suit both, by the crash's weights."""
    return {place: weight for place, weight in kind.places.items() if lighting.scene.places.get(place, 0) > 0}


def unsuited(kind: CrashType, lighting: Lighting, weather: Weather | None) -> str | None:
    """Return why a type cannot happen in a light and weather, or None if it can."""
    scene = lighting.scene
    if not shared_places(kind, lighting):
        return f"it happens in no place of lighting {lighting.name}"
    if scene.high_beams or scene.emergency:
        return f"lighting {lighting.name} needs traffic of its own"
    if kind.road == "icy" and (weather is None or weather.road.ice_range[0] < _ICY):
        return f"it needs ice, and weather {weather.name if weather else 'as_look'} has none"
    return None
