"""A scene in chosen light and weather: its place, road and sun before traffic comes, and what traffic does in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import cos, radians
from types import MappingProxyType

import numpy as np

from scenes.atlas import Pair
from scenes.friction import friction
from scenes.light import draw_site, draw_sun
from scenes.spec.place import PlaceKind, Street
from scenes.spec.scene import Conditions, SceneSpec
from scenes.spec.vehicle import LampName, Livery, Vehicle
from scenes.spec.view import Sun
from scenes.vehicle import LIVERY_PAINT
from scenes.weather import draw_weather

_SERVICES: MappingProxyType[str, Livery] = MappingProxyType(
    {"sedan": "police", "estate": "police", "suv": "police", "van": "ambulance", "truck": "fire"}
)
_DAZZLES_M, _SEEN_M = (8.0, 75.0), 45.0
_WITHOUT_MAIN_BEAM = ("bicycle",)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What light and weather settle before anybody is placed.

    Args:
        street: the place, its road in the state that the weather leaves it in.
        sun: or moon.
        dark: everybody has their lamps on.
        speed_mps: range of the camera's speed.
        told: what the spec keeps of it.
    """

    street: Street
    sun: Sun
    dark: bool
    speed_mps: tuple[float, float]
    told: Conditions


def draw_setting(
    pair: Pair,
    rng: np.random.Generator,
    *,
    left_share: float = 0.0,
    places: Mapping[PlaceKind, float] | None = None,
) -> Setting:
    """Draw place, road and sun; `places` weighs kinds of place, the lighting's own if None.

    Raises:
        InputError: this draw's lamps cannot give the stated light.
        RareblendError: the weather contradicts itself in every draw.
    """
    lighting, weather = pair.lighting, pair.weather
    street, sun = draw_site(lighting, rng, left_share=left_share, places=places), draw_sun(lighting.scene, rng)
    dark, name, temperature_c = lighting.scene.dark, "", None
    if weather is not None:
        drawn, _ = draw_weather(weather, rng)
        street, temperature_c, name = drawn.road.on(street), drawn.temperature_c, weather.name
        dark = dark or weather.lamps_on
    held = friction(street, 20.0 if temperature_c is None else temperature_c)
    told = Conditions(lighting=lighting.name, weather=name, temperature_c=temperature_c, friction=held.mean)
    return Setting(street=street, sun=sun, dark=dark, speed_mps=lighting.scene.speed_mps_range, told=told)


def sentence(pair: Pair) -> str:
    """Say in words what the pair looks like."""
    return " ".join(item.sentence for item in (pair.lighting, pair.weather) if item is not None)


def lacking(spec: SceneSpec, pair: Pair) -> str | None:
    """Return why this traffic cannot show the lighting, or None."""
    if pair.lighting.scene.high_beams and not any(map(_dazzles, spec.vehicles)):
        return "nobody comes towards the camera to dazzle it"
    if pair.lighting.scene.emergency and _service(spec.vehicles) is None:
        return "no vehicle stands near that could be an emergency vehicle"
    return None


def behaved(spec: SceneSpec, pair: Pair, setting: Setting) -> SceneSpec:
    """Return a scene whose drivers use the lamps that the lighting asks for, and that tells its conditions."""
    vehicles = list(spec.vehicles)
    if pair.lighting.scene.high_beams:
        vehicles = [_undipped(vehicle) if _dazzles(vehicle) else vehicle for vehicle in vehicles]
    if pair.lighting.scene.emergency:
        chosen = _service(spec.vehicles)
        vehicles = [_on_duty(vehicle) if vehicle == chosen else vehicle for vehicle in vehicles]
    bolt = spec.sun.azimuth_deg if pair.lighting.scene.storm else None
    return replace(spec, vehicles=tuple(vehicles), conditions=setting.told, bolt_azimuth_deg=bolt)


def _dazzles(vehicle: Vehicle) -> bool:
    towards = cos(radians(vehicle.heading_deg)) < -0.9
    near = _DAZZLES_M[0] < vehicle.x_m < _DAZZLES_M[1]
    return towards and near and "head" in vehicle.lamps and vehicle.kind not in _WITHOUT_MAIN_BEAM


def _undipped(vehicle: Vehicle) -> Vehicle:
    lamps: tuple[LampName, ...] = ("high_beam", *(lamp for lamp in vehicle.lamps if lamp != "head"))
    return replace(vehicle, lamps=lamps)


def _service(vehicles: tuple[Vehicle, ...]) -> Vehicle | None:
    """Return the nearest vehicle ahead that may be police, ambulance or fire brigade."""
    able = [v for v in vehicles if v.kind in _SERVICES and 0 < v.x_m < _SEEN_M and any(v.velocity_mps)]
    return min(able, key=lambda vehicle: vehicle.x_m, default=None)


def _on_duty(vehicle: Vehicle) -> Vehicle:
    livery = _SERVICES[vehicle.kind]
    lamps: tuple[LampName, ...] = ("light_bar", *vehicle.lamps)
    return replace(vehicle, livery=livery, load="none", lamps=lamps, paint_rgb_linear=LIVERY_PAINT[livery])
