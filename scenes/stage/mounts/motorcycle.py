"""Motorcycles (commuters, sports bikes with a fairing, cruisers, tourers with panniers) and scooters.

Length is from the front tyre to the rear plate, width over the handlebar, height to the highest of screen, instruments
and grips; mirrors are excluded from all three.

Sources:
    See `scenes.stage.mounts.mount_model`; fork legs of 37 to 43 mm and brake discs of 0.20 to 0.30 m as data sheets
    give them.
"""

from __future__ import annotations

from scenes.spec.vehicle import Vehicle
from scenes.stage.asset import Asset, Finish
from scenes.stage.mounts import motorcycle_chassis as chassis
from scenes.stage.mounts import scooter
from scenes.stage.mounts.motorcycle_body import nose, seat, tail, tank
from scenes.stage.mounts.motorcycle_drive import chain_run, foot_rests
from scenes.stage.mounts.motorcycle_engine import engine
from scenes.stage.mounts.two_wheeler_finish import two_wheeler_finish
from scenes.stage.mounts.workshop import Workshop


def geometry(vehicle: Vehicle) -> Asset:
    """Return a motorcycle or scooter; `vehicle.model` draws style and details."""
    shop = Workshop.of(vehicle)
    chassis.wheels(shop)
    if vehicle.kind == "scooter":
        scooter.body(shop)
        return shop.asset()
    chassis.frame(shop)
    chassis.fork(shop)
    chassis.bars(shop, clip_on=shop.layout.style == "sports")
    foot_rests(shop)
    chain_run(shop)
    engine(shop)
    tank(shop)
    seat(shop)
    tail(shop)
    nose(shop)
    return shop.asset()


def finish(vehicle: Vehicle) -> Finish:
    """Return the surfaces of a motorcycle or scooter."""
    return two_wheeler_finish(vehicle)
