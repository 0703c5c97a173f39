"""Bicycles: city bikes with mudguards, rack and basket, mountain bikes, road bikes, and those for children and loads.

Length is over the tyres (or mudguards), width over the handlebar, height to the top of the grips or brake hoods.

Sources:
    See `scenes.stage.mount_model`; tubes of 28 to 35 mm as in steel and aluminium frames, 28 spokes of 2 mm.
"""

from __future__ import annotations

import numpy as np

from scenes.spec import Vehicle
from scenes.stage.asset import Asset, Finish
from scenes.stage.bicycle_drive import CHAIN_Y_M, bell, chain, crankset, cycle_fork, handlebar, saddle
from scenes.stage.fittings import lens, round_headlamp
from scenes.stage.mesh import Points
from scenes.stage.spoked_wheel import brake_disc, wire_wheel
from scenes.stage.tubework import Workpiece, ball, block, drum, guard, hull, pipe, prism, rod
from scenes.stage.two_wheeler_finish import two_wheeler_finish
from scenes.stage.workshop import Workshop

LAMP_CD = 2_000.0
"""Peak of a bicycle's headlamp (about 60 lux at 6 m)."""

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
        _everyday(shop)
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


def _seat_tube(shop: Workshop, z_m: float) -> Points:
    """Return the point of the seat tube's axis at a height."""
    assert shop.layout.crank_m is not None
    x, z, _ = shop.layout.crank_m
    saddle_x, saddle_z = shop.layout.saddle_m
    return np.array([x + (saddle_x - x) * (z_m - z) / (saddle_z - z), 0.0, z_m])


def _frame(shop: Workshop) -> None:
    layout, body = shop.layout, shop.body.use("paint", "frame")
    assert layout.crank_m is not None
    bottom = np.array([layout.crank_m[0], 0.0, layout.crank_m[1]])
    step_through = layout.style in ("city", "cargo") and bool(shop.rng.random() < 0.6)
    top_z = {"city": 0.66, "cargo": 0.66, "mountain": 0.72, "road": 0.79}[layout.style]
    fat = {"mountain": 0.02, "road": 0.019}.get(layout.style, 0.0155)
    high, low = layout.head_m - 0.03 * layout.up, layout.head_m - 0.11 * layout.up
    rod(body, bottom, _seat_tube(shop, top_z), 0.0155, segments=9)
    pipe(body, [low, bottom], [fat, fat * 1.05], segments=9)
    if step_through:
        foot = _seat_tube(shop, 0.43)
        pipe(body, [high, 0.55 * high + 0.45 * foot + np.array([0, 0, -0.06]), foot], 0.0145, segments=9, bends=5)
    else:
        rod(body, high, _seat_tube(shop, top_z - 0.025), 0.88 * fat, segments=9)
    _stays(shop, bottom, top_z)
    rod(body.use("alloy", "frame"), _seat_tube(shop, top_z - 0.01), _seat_tube(shop, layout.saddle_m[1] - 0.05), 0.0125)
    rod(body.use("dark", "frame"), _seat_tube(shop, top_z - 0.012), _seat_tube(shop, top_z + 0.014), 0.019)
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
        upper = _seat_tube(shop, top_z - 0.03)
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
    post = _seat_tube(shop, shop.layout.saddle_m[1] - 0.11) + np.array([-0.035, 0, 0])
    block(
        shop.body.use("dark", "tail_lamp"),
        post + np.array([-0.012, -0.017, -0.03]),
        post + np.array([0.03, 0.017, 0.03]),
    )
    _red_lamp(shop, post + np.array([-0.0125, 0, 0]), (0.015, 0.026))
    x = float(shop.layout.head_m[0]) + 0.1
    with shop.steered():
        z = shop.layout.grip_m[2] + (-0.01 if shop.layout.style == "road" else -0.002)
        rod(shop.body.use("dark", "headlamp"), (x - 0.07, 0.035, z), (x, 0.035, z), 0.018, segments=10)
        lens(shop.head.use("lamp_head", "headlamp"), (x + 0.001, 0.035, z), (0.017, 0.017))
        shop.low_beam((x, 0.035, z), LAMP_CD)


def _red_lamp(shop: Workshop, where: Points, half_m: tuple[float, float]) -> None:
    lens(shop.tail.use("lamp_tail", "tail_lamp"), where, half_m, ahead=False)


def _everyday(shop: Workshop) -> None:
    layout = shop.layout
    _mudguards(shop)
    _chain_case(shop)
    _rack(shop)
    bell(shop)
    crown_z = 2 * layout.front.radius_m + 0.09
    where = (layout.axis_x_m(crown_z) + 0.085, 0.0, crown_z)
    with shop.steered():
        round_headlamp(shop, where, 0.032, LAMP_CD, bowl="chrome")
        rod(shop.body.use("steel", "frame"), where, (where[0] - 0.08, 0.0, where[2] - 0.02), 0.006)
        if layout.style == "cargo" or shop.rng.random() < 0.65:
            _basket(shop, where[0] + 0.02, min(where[2] + 0.055, shop.vehicle.height_m - 0.225))
    if layout.style == "cargo":
        _child_seat(shop)
    elif shop.vehicle.load == "boxes":
        block(shop.body.use("load", "load"), (layout.rear.x_m - 0.2, -0.17, 0.79), (layout.rear.x_m + 0.2, 0.17, 1.03))
    _stand(shop)


def _mudguards(shop: Workshop) -> None:
    front, rear = shop.layout.front, shop.layout.rear
    slot = "paint" if shop.rng.random() < 0.5 else "chrome"
    spare = shop.vehicle.length_m / 2 - rear.radius_m + rear.x_m
    gap = float(np.clip(spare, 0.013, 0.03))
    guard(
        shop.body.use(slot, "frame"),
        (rear.x_m, rear.radius_m),
        rear.radius_m + 0.012,
        (12, 200),
        0.03,
        crown_m=gap - 0.012,
    )
    for side in (1, -1):
        hub = np.array([rear.x_m, side * 0.064, rear.radius_m])
        tip = hub + np.array([-0.98 * rear.radius_m, -side * 0.036, -0.05])
        rod(shop.body.use("steel", "frame"), hub, tip, 0.0025, segments=4)
    with shop.steered():
        guard(
            shop.body.use(slot, "frame"),
            (front.x_m, front.radius_m),
            front.radius_m + 0.012,
            (35, 205),
            0.03,
            crown_m=gap - 0.012,
        )


def _chain_case(shop: Workshop) -> None:
    assert shop.layout.crank_m is not None
    x, z, _ = shop.layout.crank_m
    rear = shop.layout.rear
    angles = np.deg2rad(np.linspace(-75, 90, 9))
    nose = np.array([x, z]) + 0.1 * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    back = [(rear.x_m + 0.02, rear.radius_m + 0.055), (rear.x_m + 0.03, rear.radius_m - 0.03)]
    slot = "paint" if shop.rng.random() < 0.4 else "dark"
    prism(shop.body.use(slot, "frame"), np.vstack([nose, back]), CHAIN_Y_M - 0.014, CHAIN_Y_M - 0.011)


def _rack(shop: Workshop) -> None:
    rear = shop.layout.rear
    z = 0.785
    body = shop.body.use("frame", "frame")
    back, ahead = rear.x_m - 0.22, rear.x_m + 0.2
    for side in (1, -1):
        pipe(
            body, [(ahead, side * 0.03, z), (ahead - 0.05, side * 0.06, z), (back, side * 0.06, z)], 0.0055, segments=5
        )
        for foot in (-0.12, 0.08):
            rod(
                body,
                (rear.x_m + foot, side * 0.06, z),
                (rear.x_m, side * 0.076, rear.radius_m + 0.02),
                0.0045,
                segments=5,
            )
    for x in np.linspace(back, ahead - 0.05, 5):
        rod(body, (x, -0.06, z), (x, 0.06, z), 0.0045, segments=5)
    rod(body, (ahead, 0, z), _seat_tube(shop, z - 0.12), 0.0055, segments=5)
    block(body.use("dark", "tail_lamp"), (back - 0.02, -0.045, z - 0.045), (back + 0.01, 0.045, z - 0.002))
    _red_lamp(shop, np.array([back - 0.021, 0, z - 0.024]), (0.038, 0.018))


def _basket(shop: Workshop, x_m: float, z_m: float) -> None:
    """Add a wire basket over the front wheel: rails and upright wires that widen upwards."""
    body = shop.body.use("steel" if shop.rng.random() < 0.6 else "load", "load")
    low, high = (0.11, 0.15), (0.14, 0.19)
    middle = x_m + 0.1
    for part in (0.0, 0.33, 0.67, 1.0):
        half = np.array(low) + part * (np.array(high) - np.array(low))
        pipe(body, _rectangle(middle, half, z_m + 0.22 * part), 0.004, segments=4, bends=1)
    feet, rims = _around(middle, np.array(low), z_m), _around(middle, np.array(high), z_m + 0.22)
    for foot, rim in zip(feet, rims, strict=True):
        rod(body, foot, rim, 0.002, segments=3)
    for y in np.linspace(-0.12, 0.12, 6):
        rod(body, (middle - 0.11, y, z_m), (middle + 0.11, y, z_m), 0.002, segments=3)
    if shop.vehicle.load == "boxes" or shop.rng.random() < 0.3:
        ball(shop.body.use("paint_second", "load"), (middle, 0.0, z_m + 0.1), (0.1, 0.14, 0.1), segments=12)


def _rectangle(x_m: float, half: Points, z_m: float) -> Points:
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    return np.array([(x_m + sx * half[0], sy * half[1], z_m) for sx, sy in corners])


def _around(x_m: float, half: Points, z_m: float) -> Points:
    t = np.linspace(-1, 1, 7)
    sides = [np.column_stack([t, np.full(7, s)]) for s in (-1, 1)] + [
        np.column_stack([np.full(7, s), t]) for s in (-1, 1)
    ]
    flat = np.vstack(sides) * half
    return np.column_stack([x_m + flat[:, 0], flat[:, 1], np.full(len(flat), z_m)])


def _child_seat(shop: Workshop) -> None:
    assert shop.layout.pillion_m is not None
    x, z = shop.layout.pillion_m
    body = shop.body.use("dark", "seat")
    hull(body, [(x - 0.15, z - 0.02, 0.14, 0.02, 0.03, 4), (x + 0.16, z - 0.025, 0.14, 0.025, 0.03, 4)], pieces=4)
    back = body.use("paint_second", "seat")
    _shell_back(back, x - 0.14, z, min(0.36, shop.vehicle.height_m - z))
    for side in (1, -1):
        block(body.use("dark", "seat"), (x + 0.1, side * 0.17 - 0.03, z - 0.38), (x + 0.2, side * 0.17 + 0.03, z))


def _shell_back(work: Workpiece, x_m: float, z_m: float, tall_m: float) -> None:
    tall = np.linspace(0, 1, 7)[:, None]
    across = np.linspace(-1, 1, 9)[None]
    x = x_m - 0.1 * tall + 0.1 * np.abs(across) ** 3
    half = 0.17 - 0.05 * tall**2
    points = np.stack([x, half * across, z_m - 0.02 + (tall_m + 0.02) * tall + 0 * across], axis=-1)
    outer = points - np.array([0.02, 0, 0])
    work.grid(np.concatenate([points, outer[::-1]])[:, ::-1], work.slot, closed=True)


def _stand(shop: Workshop) -> None:
    """Add a side stand: out when nobody rides, folded back otherwise."""
    assert shop.layout.crank_m is not None
    x, z, _ = shop.layout.crank_m
    parked = not shop.vehicle.driver
    foot = (x - 0.12, 0.17, 0.025) if parked else (x - 0.36, 0.075, z - 0.03)
    rod(shop.body.use("steel", "frame"), (x - 0.06, 0.04, z - 0.01), foot, 0.008, segments=6)
