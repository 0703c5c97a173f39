"""What a frame shows of light, weather and road, in units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from render.develop.look import Look
from scenes.spec.place import Street
from scenes.spec.scene import SceneSpec
from scenes.spec.view import Sun


def conditions(
    spec: SceneSpec, look: Look, facts: Mapping[str, Any], world_to_camera: NDArray[np.float64]
) -> dict[str, Any]:
    """Return a frame's conditions as they stand in its record.

    Args:
        spec: the scene.
        look: under which it was developed.
        facts: of developing it.
        world_to_camera: 4x4, OpenCV axes.

    Returns:
        Illuminance in lux of open level ground and of the road that is seen (5, 50, 95 % quantiles, None where too
        little of it is), EV at ISO 100, elevation and azimuth of the sun (or moon) in the world and its direction in
        the camera's frame (None in nights without a moon), meteorological visibility in m, what falls in mm of water an
        hour, state of the road; where they were chosen, also lighting and weather by name, temperature of the air and
        friction of the road.
    """
    street, falling = spec.street, look.precipitation
    return {
        **_chosen(spec),
        "open_sky_lux": facts["open_sky_lux"],
        "ground_lux": facts["ground_lux"],
        "ev100": facts["ev100"],
        "sun_lux": round(look.sun_lux, 3),
        "sun": None if spec.lighting == "night" and not look.sun_lux else _sun(spec.sun, world_to_camera),
        "cloud": look.overcast,
        "visibility_m": look.air.visibility_m,
        "precipitation": {"kind": falling.kind, "rate_mm_h": falling.rate_mm_h},
        "road": _road(street),
    }


def _sun(sun: Sun, world_to_camera: NDArray[np.float64]) -> dict[str, Any]:
    return {
        "elevation_deg": sun.elevation_deg,
        "azimuth_deg": sun.azimuth_deg,
        "in_camera": [round(float(part), 5) for part in world_to_camera[:3, :3] @ _toward(sun)],
    }


def _road(street: Street) -> dict[str, float]:
    always = {"wetness": street.wetness, "puddles": street.puddles, "snow": street.snow, "ice": street.ice}
    return always | {name: share for name, share in (("leaves", street.leaves), ("sand", street.sand)) if share}


def _chosen(spec: SceneSpec) -> dict[str, Any]:
    told = spec.conditions
    if told is None:
        return {}
    named = {"lighting": told.lighting, "weather": told.weather, "temperature_c": told.temperature_c}
    return {name: value for name, value in named.items() if value not in ("", None)} | {"friction": told.friction}


def _toward(sun: Sun) -> NDArray[np.float64]:
    up, across = np.radians(sun.elevation_deg), np.radians(sun.azimuth_deg)
    return np.array([np.cos(up) * np.cos(across), np.cos(up) * np.sin(across), np.sin(up)])
