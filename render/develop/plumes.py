"""Steam and smoke of a scene's vehicles as plumes before its camera.

Source: a buoyant plume widens by about 0.12 of its height, b = 6/5 α z with an entrainment of α = 0.1 (Morton, Taylor
and Turner, Proceedings of the Royal Society A 234 (1956), 1). How dense they are is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from render.develop.smoke import Plume
from scenes.seeds import generator
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Vehicle
from scenes.stage.wrecks.flames import seat_m

_NEAREST_M = 2.0
_STEAM_RGB, _SOOT_RGB = (0.93, 0.93, 0.93), (0.16, 0.15, 0.14)
_RADIATOR, _WISPS = 0.4, 3
"""Of the length, ahead of the middle: where steam comes from; and in how many wisps."""


def plumes_of(spec: SceneSpec, world_to_camera: NDArray[np.float64]) -> tuple[Plume, ...]:
    """Return the plumes of a scene that stand before its camera.

    Args:
        spec: whose vehicles steam and burn.
        world_to_camera: (4, 4), to right, down and ahead.
    """
    found = [plume for vehicle in spec.vehicles for plume in (*_smoke(vehicle), *_steam(vehicle))]
    seen = []
    for where, told in found:
        right, down, ahead = (float(value) for value in (world_to_camera @ np.array([*where, 1.0]))[:3])
        if ahead > max(_NEAREST_M, 1.5 * told["radii_m"][2]):
            seen.append(Plume(center_m=(right, down, ahead), **told))
    return tuple(seen)


Told = tuple[tuple[float, float, float], dict[str, Any]]


def _on(vehicle: Vehicle, ahead_m: float, high_m: float) -> tuple[float, float, float]:
    angle = np.deg2rad(vehicle.heading_deg)
    return (
        vehicle.x_m + ahead_m * float(np.cos(angle)),
        vehicle.y_m + ahead_m * float(np.sin(angle)),
        high_m,
    )


def _smoke(vehicle: Vehicle) -> Iterator[Told]:
    """Yield the smoke of a fire, which rises from its seat."""
    if vehicle.flames <= 0:
        return
    size = 1.0 + vehicle.flames
    yield (
        _on(vehicle, seat_m(vehicle), 0.5 * vehicle.height_m + 2.6 * size),
        {
            "radii_m": (1.0 * size, 2.7 * size, 1.0 * size),
            "extinction_per_m": 1.6 * vehicle.flames,
            "albedo_rgb": _SOOT_RGB,
            "lean": 0.5,
            "widens": 0.6,
            "seed": vehicle.seed % 2**31,
        },
    )


def _steam(vehicle: Vehicle) -> Iterator[Told]:
    """Yield wisps of steam from under the bonnet, each a little aside and thinner the higher it is."""
    if vehicle.steam <= 0:
        return
    rng = generator(vehicle.seed, "steam")
    lean = float(rng.normal(0, 0.35))
    for number in range(_WISPS):
        high = float(rng.uniform(0.55, 1.1)) * (0.7 + 0.9 * vehicle.steam)
        ahead = _RADIATOR * vehicle.length_m + float(rng.normal(0, 0.2))
        x, y, z = _on(vehicle, ahead, 0.3 * vehicle.height_m + 0.85 * high)
        yield (
            (x, y + float(rng.normal(0, 0.22)) * vehicle.width_m, z),
            {
                "radii_m": (0.4 * high, high, 0.4 * high),
                "extinction_per_m": float(rng.uniform(0.8, 1.6)) * vehicle.steam,
                "albedo_rgb": _STEAM_RGB,
                "asymmetry": 0.8,
                "lean": lean + float(rng.normal(0, 0.15)),
                "widens": 0.7,
                "seed": (vehicle.seed + number) % 2**31,
            },
        )
