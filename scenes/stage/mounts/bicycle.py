"""Bicycles: city bikes with mudguards, rack and basket, mountain bikes, road bikes, and those for children and loads.

Length is over the tyres (or mudguards), width over the handlebar, height to the top of the grips or brake hoods.

Sources:
    See `scenes.stage.mounts.mount_model`; tubes of 28 to 35 mm as in steel and aluminium frames, 28 spokes of 2 mm.
"""

from __future__ import annotations

import numpy as np

from scenes.spec.vehicle import Vehicle
from scenes.stage.asset import Asset, Finish
from scenes.stage.mesh import Points
from scenes.stage.mounts.bicycle_drive import CHAIN_Y_M, chain, crankset, cycle_fork, handlebar, saddle
from scenes.stage.mounts.bicycle_kit import LAMP_CD, everyday, red_lamp, seat_tube
from scenes.stage.mounts.fittings import lens
from scenes.stage.mounts.spoked_wheel import brake_disc, wire_wheel
from scenes.stage.mounts.tubework import block, drum, pipe, prism, rod
from scenes.stage.mounts.two_wheeler_finish import two_wheeler_finish
from scenes.stage.mounts.workshop import Workshop

_BARS = {"city": "swept", "cargo": "swept", "mountain": "flat", "road": "drop"}


def geometry(vehicle: Vehicle) -> Asset:
    """Return a bicycle; `vehicle.model` draws style and details."""
    shop = Workshop.of(vehicle)
    style = shop.layout.style
    _frame(shop)
    cycle_fork(shop, blade_m=0.0125, suspended=style == "mountain")
    handlebar(shop, _BARS[style])
    crankset(shop)
    chain(shop, (shop.layout.rear.x_m, shop.layout.rear.radius_m))
    _wheels(shop)
    if style in ("city", "cargo"):
        everyday(shop)
    else:
        _sport(shop)
    return shop.asset()


def finish(vehicle: Vehicle) -> Finish:
    """Return the surfaces of a bicycle."""
    return two_wheeler_finish(vehicle)


def _wheels(shop: Workshop) -> None:
    for wheel, steers in ((shop.layout.front, True), (shop.layout.rear, False)):
        made = wire_wheel(wheel, spokes=28)
        if shop.layout.style == "mountain":
            brake_disc(made, 0.085, 0.05)
        shop.stand_wheel(made, (wheel.x_m, 0.0, wheel.radius_m), steers=steers)


def _frame(shop: Workshop) -> None:
    layout, body = shop.layout, shop.body.use("paint", "frame")
    assert layout.crank_m is not None
    bottom = np.array([layout.crank_m[0], 0.0, layout.crank_m[1]])
    step_through = layout.style in ("city", "cargo") and bool(shop.rng.random() < 0.6)
    top_z = {"city": 0.66, "cargo": 0.66, "mountain": 0.72, "road": 0.79}[layout.style]
    fat = {"mountain": 0.02, "road": 0.019}.get(layout.style, 0.0155)
    high, low = layout.head_m - 0.03 * layout.up, layout.head_m - 0.11 * layout.up
    rod(body, bottom, seat_tube(shop, top_z), 0.0155, segments=9)
    pipe(body, [low, bottom], [fat, fat * 1.05], segments=9)
    if step_through:
        foot = seat_tube(shop, 0.43)
        pipe(body, [high, 0.55 * high + 0.45 * foot + np.array([0, 0, -0.06]), foot], 0.0145, segments=9, bends=5)
    else:
        rod(body, high, seat_tube(shop, top_z - 0.025), 0.88 * fat, segments=9)
    _stays(shop, bottom, top_z)
    rod(body.use("alloy", "frame"), seat_tube(shop, top_z - 0.01), seat_tube(shop, layout.saddle_m[1] - 0.05), 0.0125)
    rod(body.use("dark", "frame"), seat_tube(shop, top_z - 0.012), seat_tube(shop, top_z + 0.014), 0.019)
    half = {"city": 0.1, "cargo": 0.1, "mountain": 0.074, "road": 0.07}[layout.style]
    saddle(shop, *layout.saddle_m, half_m=half)


def _stays(shop: Workshop, bottom: Points, top_z: float) -> None:
    wheel, body = shop.layout.rear, shop.body
    for side in (1, -1):
        hub = np.array([wheel.x_m, side * 0.064, wheel.radius_m])
        body.use("paint", "frame")
        bulge = np.array([0.0, side * (wheel.half_m + 0.022), 0.0])
        pipe(
            body,
            [bottom + np.array([-0.02, side * 0.03, 0]), 0.7 * bottom + 0.3 * hub * np.array([1, 0, 1]) + bulge, hub],
            0.0095,
            segments=7,
        )
        upper = seat_tube(shop, top_z - 0.03)
        pipe(body, [upper, 0.75 * upper + 0.25 * hub * np.array([1, 0, 1]) + bulge, hub], 0.0078, segments=7)
        prism(body.use("steel", "frame"), hub[[0, 2]] + 0.028 * _octagon(), hub[1] - 0.003, hub[1] + 0.003)
    rod(body, (wheel.x_m, -0.078, wheel.radius_m), (wheel.x_m, 0.078, wheel.radius_m), 0.006)


def _octagon() -> Points:
    angles = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1)


def _sport(shop: Workshop) -> None:
    """Add what mountain and road bikes have: derailleur, cassette, bottle, battery lamps."""
    wheel, body = shop.layout.rear, shop.body.use("steel", "wheel")
    for step in range(4):
        drum(body, (wheel.x_m, CHAIN_Y_M + 0.007 * step, wheel.radius_m), 0.034 + 0.007 * step, 0.0016, segments=18)
    body.use("dark", "frame")
    cage = [(wheel.x_m + 0.01, wheel.radius_m - 0.05), (wheel.x_m + 0.05, wheel.radius_m - 0.15)]
    rod(body, (cage[0][0], CHAIN_Y_M, cage[0][1]), (cage[1][0], CHAIN_Y_M, cage[1][1]), 0.011, segments=6)
    rod(body, (wheel.x_m, CHAIN_Y_M, wheel.radius_m), (cage[0][0], CHAIN_Y_M, cage[0][1]), 0.012, segments=6)
    assert shop.layout.crank_m is not None
    bottom = np.array([shop.layout.crank_m[0], 0.0, shop.layout.crank_m[1]])
    along = shop.layout.head_m - bottom
    normal = np.array([-along[2], 0.0, along[0]]) / np.linalg.norm(along)
    low, high = bottom + 0.3 * along + 0.055 * normal, bottom + 0.58 * along + 0.055 * normal
    if shop.rng.random() < 0.7:
        pipe(
            body.use("paint_second", "load"),
            [low, high, high + 0.06 * along],
            [0.036, 0.036, 0.012],
            segments=12,
            bends=1,
        )
    _battery_lamps(shop)


def _battery_lamps(shop: Workshop) -> None:
    post = seat_tube(shop, shop.layout.saddle_m[1] - 0.11) + np.array([-0.035, 0, 0])
    block(
        shop.body.use("dark", "tail_lamp"),
        post + np.array([-0.012, -0.017, -0.03]),
        post + np.array([0.03, 0.017, 0.03]),
    )
    red_lamp(shop, post + np.array([-0.0125, 0, 0]), (0.015, 0.026))
    x = float(shop.layout.head_m[0]) + 0.1
    with shop.steered():
        z = shop.layout.grip_m[2] + (-0.01 if shop.layout.style == "road" else -0.002)
        rod(shop.body.use("dark", "headlamp"), (x - 0.07, 0.035, z), (x, 0.035, z), 0.018, segments=10)
        lens(shop.head.use("lamp_head", "headlamp"), (x + 0.001, 0.035, z), (0.017, 0.017))
        shop.low_beam((x, 0.035, z), LAMP_CD)
