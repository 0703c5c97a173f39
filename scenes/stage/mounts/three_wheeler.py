"""Three-wheelers: auto rickshaws with a canopy, battery rickshaws with a hard roof, and cycle rickshaws with a hood.

Length is over bumper bars and bodywork, width over the rear body (of a cycle rickshaw over the rear axle's ends),
height to the top of the roof; mirrors are excluded.

Sources:
    Bajaj RE 4S: 2.635 m long, 1.30 m wide, 1.70 m high, wheelbase 2.0 m, tyres 4.00-8; battery and cycle rickshaws as
    in `scenes.stage.mounts.mount_model`.
"""

from __future__ import annotations

from scenes.spec.vehicle import Vehicle
from scenes.stage.asset import Asset, Finish
from scenes.stage.mounts import cycle_rickshaw, rickshaw_cabin
from scenes.stage.mounts.two_wheeler_finish import two_wheeler_finish
from scenes.stage.mounts.workshop import Workshop


def geometry(vehicle: Vehicle) -> Asset:
    """Return a three-wheeler; `vehicle.model` draws style and details."""
    shop = Workshop.of(vehicle)
    if shop.layout.style == "cycle":
        cycle_rickshaw.build(shop)
    else:
        rickshaw_cabin.build(shop)
    return shop.asset()


def finish(vehicle: Vehicle) -> Finish:
    """Return the surfaces of a three-wheeler."""
    return two_wheeler_finish(vehicle)
