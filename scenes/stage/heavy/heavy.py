"""Buses, coaches, rigid and articulated trucks: which builder makes them, and the surfaces of their slots."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from scenes.ontology import KIND_CATEGORY
from scenes.spec.vehicle import Vehicle
from scenes.stage.asset import Asset
from scenes.stage.heavy.articulated import build_articulated
from scenes.stage.heavy.bus import build_bus
from scenes.stage.heavy.heavy_finish import finish
from scenes.stage.heavy.truck import build_truck

__all__ = ["KINDS", "finish", "geometry"]

_BUILDERS = MappingProxyType(
    {"bus": build_bus, "coach": build_bus, "truck": build_truck, "articulated_truck": build_articulated}
)


def geometry(vehicle: Vehicle) -> Asset:
    """Return an undamaged bus, coach or truck; its model draws the shape.

    Args:
        vehicle: of a kind in `KINDS`; none of its fields in `scenes.stage.vehicle.NOT_GEOMETRY` is read.
    """
    rng = np.random.default_rng([tuple(KIND_CATEGORY).index(vehicle.kind), vehicle.model])
    return _BUILDERS[vehicle.kind](vehicle, rng).asset()


KINDS = tuple(_BUILDERS)
