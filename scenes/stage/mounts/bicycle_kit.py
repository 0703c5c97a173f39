"""What bicycles for every day carry: mudguards, chain case, rack, basket, child seat, lamps and a stand."""

from __future__ import annotations

import numpy as np

from scenes.stage.mesh import Points
from scenes.stage.mounts.bicycle_drive import CHAIN_Y_M, bell
from scenes.stage.mounts.fittings import lens, round_headlamp
from scenes.stage.mounts.tubework import Workpiece, block, guard, hull, pipe, prism, rod
from scenes.stage.mounts.workshop import Workshop

LAMP_CD = 2_000.0
"""Peak of a bicycle's headlamp (about 60 lux at 6 m)."""


def everyday(shop: Workshop) -> None:
    """Add everything."""
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


def seat_tube(shop: Workshop, z_m: float) -> Points:
    """Return the point of the seat tube's axis at a height."""
    assert shop.layout.crank_m is not None
    x, z, _ = shop.layout.crank_m
    saddle_x, saddle_z = shop.layout.saddle_m
    return np.array([x + (saddle_x - x) * (z_m - z) / (saddle_z - z), 0.0, z_m])


def red_lamp(shop: Workshop, where: Points, half_m: tuple[float, float]) -> None:
    """Add a tail lamp without a brake light."""
    lens(shop.tail.use("lamp_tail", "tail_lamp"), where, half_m, ahead=False)


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
            (55, 205),
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
    rod(body, (ahead, 0, z), seat_tube(shop, z - 0.12), 0.0055, segments=5)
    block(body.use("dark", "tail_lamp"), (back - 0.02, -0.045, z - 0.045), (back + 0.01, 0.045, z - 0.002))
    red_lamp(shop, np.array([back - 0.021, 0, z - 0.024]), (0.038, 0.018))


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
        _bag(shop.body, middle, z_m)


def _bag(work: Workpiece, x_m: float, z_m: float) -> None:
    stations = [(-0.1, 0.09, 0.06, 0.05), (-0.085, 0.12, 0.1, 0.08), (0.07, 0.13, 0.12, 0.08), (0.1, 0.1, 0.06, 0.05)]
    full = [(x_m + x, z_m + 0.09, half, above, below, 3.2) for x, half, above, below in stations]
    hull(work.use("canopy", "load"), full, segments=14, pieces=9)


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
