"""Scooters: step-through ones with a flat floor, and maxi scooters with a tunnel, a big screen and a long seat."""

from __future__ import annotations

import numpy as np

from scenes.stage.mounts.fittings import LAMP_CD, indicators, lens, mirrors, number_plate, tail_lamp
from scenes.stage.mounts.motorcycle_chassis import FORK_Y_M, bars, screen
from scenes.stage.mounts.tubework import ball, block, drum, guard, hull, pipe, rod, turned
from scenes.stage.mounts.workshop import Workshop


def body(shop: Workshop) -> None:
    """Add everything but the wheels."""
    _front(shop)
    _shield(shop)
    _floor(shop)
    _rear(shop)
    _seat(shop)
    _drive(shop)
    _head(shop)
    _stand(shop)


def _front(shop: Workshop) -> None:
    wheel = shop.layout.front
    hub = np.array([wheel.x_m, 0.0, wheel.radius_m])
    top = hub + 0.36 * shop.layout.up
    with shop.steered():
        for side in (1, -1):
            out = np.array([0.0, side * (FORK_Y_M - 0.01), 0.0])
            pipe(
                shop.body.use("dark", "frame"),
                [hub + out, hub + out + 0.18 * shop.layout.up, top + 0.5 * out],
                [0.018, 0.024, 0.018],
            )
        rod(shop.body.use("steel", "frame"), hub - np.array([0, 0.1, 0]), hub + np.array([0, 0.1, 0]), 0.01)
        guard(shop.body.use("paint", "frame"), (hub[0], hub[2]), wheel.radius_m + 0.013, (5, 160), 0.085, crown_m=0.016)
    rod(shop.body.use("frame", "frame"), top, shop.layout.head_m, 0.03)


def _shield(shop: Workshop) -> None:
    """Add the front apron in front of the legs, narrow above, wide at the knees."""
    layout, maxi = shop.layout, shop.layout.style == "maxi"
    wide = 0.25 if maxi else 0.2
    z = np.linspace(0.34, layout.grip_m[2] - 0.075, 12)[:, None]
    t = (z - z[0]) / (z[-1] - z[0])
    across = np.linspace(-1, 1, 15)[None]
    half = wide * (0.72 + 0.5 * np.sin(np.pi * (0.12 + 0.76 * t)) - 0.45 * t**2.2)
    nose = 0.085 + 0.06 * np.sin(np.pi * t) + (0.05 if maxi else 0.0) * np.sin(np.pi * t)
    middle = layout.front.x_m + layout.trail_m - z * np.tan(np.deg2rad(layout.rake_deg))
    x = middle + nose - 0.17 * np.abs(across) ** 2.2
    outer = np.stack([x, half * across, z + 0 * across], axis=-1)
    inner = outer.copy()
    inner[..., 0] = np.minimum(outer[..., 0] - 0.012, middle - 0.045 + 0 * across)
    work = shop.body.use("paint", "body")
    work.grid(outer[:, ::-1], work.slot)
    work.use("dark", "body")
    work.grid(inner, work.slot)
    for rim in ((outer[:, 0], inner[:, 0]), (inner[:, -1], outer[:, -1]), (inner[-1], outer[-1]), (outer[0], inner[0])):
        work.grid(np.stack(rim), work.slot)
    if maxi:
        x_top = float(middle[-1, 0])
        foot = (x_top + 0.08, 0.0, layout.grip_m[2] - 0.1)
        tone = "glass" if shop.rng.random() < 0.5 else "glass_dark"
        screen(
            shop.body.use(tone, "glass"), foot, (x_top - 0.06, 0.0, shop.vehicle.height_m), (0.19, 0.14), curve_m=0.11
        )


def _floor(shop: Workshop) -> None:
    x, _, z = shop.layout.peg_m
    front, back = shop.layout.axis_x_m(0.35) + 0.02, shop.at(0.36)
    shop.body.use("dark", "body")
    block(shop.body, (back, -0.19, z - 0.075), (front - 0.02, 0.19, z), edge_m=0.02)
    for y in np.linspace(-0.14, 0.14, 5):
        block(
            shop.body.use("rubber", "body"),
            (x - 0.14, y - 0.012, z - 0.006),
            (x + 0.13, y + 0.012, z + 0.003),
            edge_m=0.003,
        )
    if shop.layout.style == "maxi":
        high = z + 0.24
        hull(
            shop.body.use("paint", "body"),
            [
                (back - 0.05, high - 0.12, 0.1, 0.16, 0.14, 2.8),
                (x, high - 0.16, 0.075, 0.13, 0.1, 2.8),
                (front, high - 0.08, 0.085, 0.16, 0.14, 2.8),
            ],
            pieces=12,
        )
    for side in (1, -1):
        rail = [(back - 0.02, z - 0.05), (front, z - 0.03)]
        rod(
            shop.body.use("paint", "body"),
            (rail[0][0], side * 0.185, rail[0][1]),
            (rail[1][0], side * 0.185, rail[1][1]),
            0.028,
        )


def _rear(shop: Workshop) -> None:
    """Add the rear body with its lamp, plate, indicators and mudguard."""
    at, end = shop.at, -shop.vehicle.length_m / 2
    wheel, seat_z = shop.layout.rear, shop.layout.saddle_m[1]
    plump = shop.rng.uniform(0.92, 1.06)
    tip = end + 0.07
    stations = [
        (tip, seat_z - 0.1, 0.07, 0.05, 0.06, 2.6),
        (tip + 0.07, seat_z - 0.13, 0.13 * plump, 0.08, 0.11, 2.5),
        (wheel.x_m + 0.05, seat_z - 0.17, 0.175 * plump, 0.12, 0.14, 2.4),
        (at(0.2), seat_z - 0.22, 0.19 * plump, 0.17, 0.19, 2.5),
        (at(0.34), seat_z - 0.25, 0.16, 0.19, 0.2, 2.8),
        (at(0.39), seat_z - 0.26, 0.1, 0.15, 0.19, 2.8),
    ]
    hull(shop.body.use("paint", "body"), stations, segments=24, pieces=20)
    tail_lamp(shop, (tip - 0.004, 0.0, seat_z - 0.1), (0.075, 0.036))
    indicators(shop, tip + 0.03, 0.1, seat_z - 0.11, ahead=False, stalk_m=0.0)
    for side in (1, -1):
        ball(shop.body.use("dark", "indicator"), (tip + 0.045, side * 0.1, seat_z - 0.11), (0.044, 0.034, 0.025))
    low = min(wheel.radius_m + 0.14, 0.45)
    hull(
        shop.body.use("dark", "frame"),
        [(end + 0.012, low, 0.055, 0.01, 0.01, 3), (wheel.x_m, seat_z - 0.24, 0.06, 0.03, 0.02, 3)],
        pieces=6,
        segments=10,
    )
    number_plate(shop, (end + 0.012, 0.0, low + 0.02), (0.1, 0.07), tilt_deg=14.0)


def _seat(shop: Workshop) -> None:
    assert shop.layout.pillion_m is not None
    x, z = shop.layout.saddle_m
    back_x, back_z = shop.layout.pillion_m
    end = max(back_x - 0.18, -shop.vehicle.length_m / 2 + 0.1)
    stations = [
        (end, back_z - 0.045, 0.08, 0.025, 0.03, 2.6),
        (end + 0.06, back_z - 0.045, 0.125, 0.042, 0.05, 2.8),
        (back_x + 0.1, back_z - 0.045, 0.14, 0.043, 0.06, 2.8),
        (x - 0.12, z - 0.042, 0.15, 0.045, 0.06, 2.8),
        (x + 0.04, z - 0.045, 0.145, 0.044, 0.06, 2.8),
        (x + 0.19, z - 0.05, 0.1, 0.04, 0.06, 2.7),
        (x + 0.24, z - 0.065, 0.06, 0.02, 0.04, 2.5),
    ]
    hull(shop.body.use("seat", "seat"), stations, segments=16, pieces=18)
    rail = [(back_x + 0.02, 0.16, back_z - 0.06), (end - 0.01, 0.13, back_z - 0.02), (end - 0.05, 0.07, back_z - 0.01)]
    pipe(shop.body.use("steel", "frame"), [*rail, *[(a, -b, c) for a, b, c in rail[::-1]]], 0.011, segments=6, bends=4)


def _drive(shop: Workshop) -> None:
    """Add the engine that swings with the rear wheel, its exhaust, shock absorber and air filter."""
    wheel, at = shop.layout.rear, shop.at
    radius = wheel.radius_m
    hull(
        shop.body.use("engine", "frame"),
        [
            (wheel.x_m - 0.09, radius, 0.035, 0.06, 0.07, 3),
            (wheel.x_m, radius + 0.01, 0.045, 0.1, 0.1, 3),
            (at(0.3), radius + 0.02, 0.05, 0.08, 0.09, 3),
            (at(0.36), radius + 0.02, 0.03, 0.05, 0.06, 3),
        ],
        y_m=wheel.half_m + 0.055,
        pieces=12,
    )
    hull(
        shop.body.use("dark", "frame"),
        [(wheel.x_m - 0.05, radius + 0.16, 0.03, 0.04, 0.04, 3), (at(0.17), radius + 0.15, 0.035, 0.06, 0.05, 3)],
        y_m=wheel.half_m + 0.06,
        pieces=4,
    )
    block(
        shop.body.use("engine", "frame"), (at(0.16), -0.12, radius - 0.06), (at(0.4), 0.1, radius + 0.11), edge_m=0.02
    )
    y = -(wheel.half_m + 0.075)
    pipe(
        shop.body.use("steel", "frame"),
        [(at(0.36), -0.06, radius), (at(0.32), y, radius - 0.09), (at(0.2), y, radius - 0.06)],
        0.014,
        segments=6,
    )
    start, tip = np.array([at(0.2), y, radius - 0.06]), np.array([wheel.x_m - 0.17, y - 0.01, radius + 0.06])
    long = float(np.linalg.norm(tip - start))
    shape = [(0.015, 0.0), (0.045, 0.06), (0.053, 0.12), (0.053, long - 0.03), (0.045, long), (0.012, long)]
    turned(shop.body.use("dark", "frame"), start, shape, axis=(tip - start) / long, segments=16)
    block(
        shop.body.use("steel", "frame"),
        start + np.array([-0.25, -0.066, 0.02]),
        start + np.array([-0.05, -0.05, 0.1]),
        edge_m=0.006,
    )
    rod(
        shop.body.use("chrome", "frame"),
        (wheel.x_m - 0.03, wheel.half_m + 0.05, radius + 0.04),
        (wheel.x_m + 0.06, 0.12, radius + 0.28),
        0.024,
    )
    rod(shop.body.use("steel", "frame"), (wheel.x_m, y - 0.01, radius), (wheel.x_m, -y, radius), 0.012)
    guard(shop.body.use("dark", "frame"), (wheel.x_m, radius), radius + 0.012, (60, 150), 0.07, crown_m=0.01)


def _head(shop: Workshop) -> None:
    """Add handlebar, its cover with the headlamp (low in the apron of a maxi scooter), dials and mirrors."""
    x, _, z = shop.layout.grip_m
    half, maxi = shop.layout.bar_m, shop.layout.style == "maxi"
    bars(shop, covered=True)
    with shop.steered():
        cover = [
            (x + 0.0, z - 0.01, 0.5 * half, 0.02, 0.03, 2.6),
            (x + 0.04, z, 0.55 * half, 0.04, 0.05, 2.5),
            (x + 0.11, z + 0.005, 0.42 * half, 0.045, 0.06, 2.4),
            (x + 0.175, z - 0.005, 0.24 * half, 0.03, 0.045, 2.2),
        ]
        hull(shop.body.use("dark" if maxi else "paint", "handlebar"), cover, segments=20, pieces=15)
        drum(shop.body.use("glass_dark", "handlebar"), (x + 0.055, 0.0, z + 0.035), 0.062, 0.012, axis=(-0.5, 0, 0.86))
        if not maxi:
            lens(shop.head.use("lamp_head", "headlamp"), (x + 0.174, 0.0, z - 0.01), (0.07, 0.044))
            shop.low_beam((x + 0.18, 0.0, z - 0.01), LAMP_CD)
            if shop.vehicle.height_m > z + 0.07:
                screen(
                    shop.body.use("glass_dark", "glass"),
                    (x + 0.13, 0, z + 0.02),
                    (x + 0.06, 0, shop.vehicle.height_m),
                    (0.13, 0.09),
                )
        mirrors(shop, (x + 0.03, 0.55 * half, z + 0.02), (x + 0.05, half - 0.09, z + 0.2), oval=(0.055, 0.045))
    _apron_lamps(shop, maxi=maxi)


def _apron_lamps(shop: Workshop, *, maxi: bool) -> None:
    z = 0.76 if maxi else 0.66
    x = shop.layout.axis_x_m(z) + (0.17 if maxi else 0.12)
    if maxi:
        for side in (1, -1):
            ball(shop.body.use("dark", "headlamp"), (x - 0.02, side * 0.085, z), (0.036, 0.078, 0.05))
            lens(shop.head.use("lamp_head", "headlamp"), (x + 0.008, side * 0.085, z), (0.066, 0.038))
        shop.low_beam((x + 0.02, 0.0, z), LAMP_CD)
    for side in (1, -1):
        ball(shop.body.use("dark", "indicator"), (x - 0.055, side * 0.155, z), (0.05, 0.04, 0.028))
    indicators(shop, x - 0.012, 0.155, z, ahead=True, stalk_m=0.0)


def _stand(shop: Workshop) -> None:
    """Add the centre stand below the engine: down when nobody rides."""
    x = shop.at(0.26)
    down = not shop.vehicle.driver
    for side in (1, -1):
        foot = (x - 0.03, side * 0.13, 0.03) if down else (x - 0.16, side * 0.12, 0.17)
        rod(shop.body.use("steel", "frame"), (x + 0.03, side * 0.1, 0.2), foot, 0.011, segments=6)
