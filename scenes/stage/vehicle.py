"""Vehicles by kind: which builder makes the geometry, and which finish covers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, NamedTuple

from scenes.spec.vehicle import Vehicle
from scenes.stage.asset import Asset, Finish
from scenes.stage.cars import car
from scenes.stage.cars.car_shape import CAR_KINDS
from scenes.stage.heavy import heavy
from scenes.stage.heavy.folding import folded
from scenes.stage.keypoints import with_keypoints
from scenes.stage.mounts import bicycle, motorcycle, three_wheeler
from scenes.stage.wrecks.wreck import wrecked

NOT_GEOMETRY = frozenset(
    [
        "actor_id",
        "x_m",
        "y_m",
        "heading_deg",
        "velocity_mps",
        "mass_kg",
        "paint_rgb_linear",
        "seed",
        "dirt",
        "rust",
        "burnt",
        "flames",
        "lean_deg",
        "crash",
        "further",
        "tipped_deg",
        "rolled_m",
        "carried_by",
        "raised_m",
        "lifted_deg",
        "track",
    ]
)
"""Fields of a vehicle that its meshes do not depend on; all others are the mesh's key."""


class Family(NamedTuple):
    """How the vehicles of a kind are made.

    Args:
        geometry: vehicle to asset, undamaged; reads no field in `NOT_GEOMETRY`.
        finish: vehicle to a surface for every slot.
    """

    geometry: Callable[[Vehicle], Asset]
    finish: Callable[[Vehicle], Finish]


FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        **dict.fromkeys(CAR_KINDS, Family(geometry=car.geometry, finish=car.finish)),
        **dict.fromkeys(heavy.KINDS, Family(geometry=heavy.geometry, finish=heavy.finish)),
        **dict.fromkeys(("motorcycle", "scooter"), Family(geometry=motorcycle.geometry, finish=motorcycle.finish)),
        "bicycle": Family(geometry=bicycle.geometry, finish=bicycle.finish),
        "three_wheeler": Family(geometry=three_wheeler.geometry, finish=three_wheeler.finish),
    }
)
"""Kind to its family."""


def parameters(vehicle: Vehicle) -> dict[str, Any]:
    """Return what a vehicle's meshes depend on."""
    return {name: value for name, value in asdict(vehicle).items() if name not in NOT_GEOMETRY}


def model_of(vehicle: Vehicle) -> Asset:
    """Return a vehicle's meshes and keypoints as its damage left them."""
    whole = with_keypoints(FAMILIES[vehicle.kind].geometry(vehicle))
    return folded(wrecked(whole, vehicle), vehicle)
