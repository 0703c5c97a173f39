"""Tanks, seats, fairings, tails and luggage of motorcycles, and the lamps in them."""

from __future__ import annotations

import numpy as np

from scenes.stage.mounts.fairing import fairing
from scenes.stage.mounts.fittings import LAMP_CD, indicators, mirrors, number_plate, round_headlamp, tail_lamp
from scenes.stage.mounts.motorcycle_chassis import fork_top, panel, screen
from scenes.stage.mounts.tubework import drum, guard, hull, pipe, rod
from scenes.stage.mounts.workshop import Workshop


def tank(shop: Workshop) -> None:
    """Add the fuel tank between seat and steering head, with its cap."""
    style = shop.layout.style
    x0, x1 = shop.layout.saddle_m[0] + 0.15, float(shop.layout.head_m[0]) - 0.035
    z = shop.layout.head_z_m - 0.09
    wide = {"commuter": 0.128, "sports": 0.15, "cruiser": 0.135, "tourer": 0.155}[style] * shop.rng.uniform(0.94, 1.06)
    tall = {"commuter": 0.11, "sports": 0.145, "cruiser": 0.1, "tourer": 0.125}[style]
    seat_z = shop.layout.saddle_m[1] + 0.005
    long = x1 - x0
    slope = -0.02 if style == "cruiser" else 0.0
    stations = [
        (x0, seat_z - 0.045, 0.055, 0.04, 0.07, 2.3),
        (x0 + 0.14 * long, seat_z - 0.035, 0.72 * wide, 0.065, 0.1, 2.4),
        (x0 + 0.5 * long, 0.5 * (z + seat_z) - 0.01, 0.97 * wide, 0.88 * tall + slope, 0.12, 2.5),
        (x0 + 0.8 * long, z + 0.01, wide, tall, 0.12, 2.6),
        (x0 + 0.95 * long, z + 0.01, 0.8 * wide, 0.75 * tall, 0.1, 2.5),
        (x1, z, 0.45 * wide, 0.4 * tall, 0.07, 2.3),
    ]
    hull(shop.body.use("paint", "body"), stations, segments=24, pieces=20)
    drum(shop.body.use("chrome", "body"), (x0 + 0.74 * long, 0.0, z + 0.005 + tall), 0.031, 0.008, axis=(0.1, 0, 1))


def seat(shop: Workshop) -> None:
    """Add the seat, stepped for two."""
    assert shop.layout.pillion_m is not None
    x, z = shop.layout.saddle_m
    back_x, back_z = shop.layout.pillion_m
    broad = {"sports": 0.115, "cruiser": 0.155, "tourer": 0.165}.get(shop.layout.style, 0.13)
    stations = [
        (back_x - 0.2, back_z - 0.04, 0.07, 0.02, 0.03, 2.6),
        (back_x - 0.15, back_z - 0.04, 0.85 * broad, 0.035, 0.04, 2.8),
        (back_x + 0.08, back_z - 0.04, 0.9 * broad, 0.038, 0.05, 2.8),
        (x - 0.16, 0.45 * back_z + 0.55 * z - 0.04, broad, 0.038, 0.05, 2.8),
        (x - 0.03, z - 0.04, broad, 0.036, 0.05, 2.8),
        (x + 0.12, z - 0.04, 0.75 * broad, 0.036, 0.05, 2.7),
        (x + 0.22, z - 0.02, 0.4 * broad, 0.03, 0.05, 2.5),
    ]
    hull(shop.body.use("seat", "seat"), stations, segments=16, pieces=18)


def tail(shop: Workshop) -> None:
    """Add side covers, tail, rear mudguard, plate, lamps and grab rail."""
    assert shop.layout.pillion_m is not None
    at, style, body = shop.at, shop.layout.style, shop.body
    back_x, back_z = shop.layout.pillion_m
    end = -shop.vehicle.length_m / 2
    z = back_z - 0.1
    slot = "paint" if style != "commuter" or shop.rng.random() < 0.6 else "dark"
    rear_x = max(end + 0.1, back_x - 0.34)
    if style == "cruiser":
        _fat_guard(shop)
    else:
        lift = 0.07 if style == "sports" else 0.02
        hull(
            body.use(slot, "body"),
            [
                (rear_x, z + lift, 0.05, 0.025, 0.02, 2.6),
                (back_x - 0.1, z + 0.5 * lift, 0.11, 0.045, 0.05, 2.8),
                (back_x + 0.2, z - 0.02, 0.115, 0.06, 0.09, 2.8),
                (at(0.42), z - 0.05, 0.1, 0.07, 0.1, 2.8),
            ],
            pieces=15,
        )
        spare = shop.layout.rear.x_m - end
        reach = min(shop.layout.rear.radius_m + 0.03, spare - 0.004)
        guard(body.use("dark", "frame"), (at(0), shop.layout.rear.radius_m), reach, (70, 150), 0.075, crown_m=0.012)
    panel(
        body.use("paint_second" if style == "tourer" else slot, "body"),
        [(at(0.17), 0.63, 0.012, 0.03, 0.04), (at(0.25), 0.62, 0.022, 0.08, 0.1), (at(0.38), 0.6, 0.022, 0.08, 0.12)],
        0.115,
    )
    _tail_light_and_plate(shop, rear_x, z)
    if style in ("commuter", "tourer"):
        rail = [
            (back_x + 0.05, 0.13, back_z - 0.05),
            (back_x - 0.16, 0.14, back_z + 0.0),
            (back_x - 0.23, 0.1, back_z + 0.02),
        ]
        mirrored = [(x, -y, height) for x, y, height in rail[::-1]]
        pipe(body.use("steel", "frame"), [*rail, *mirrored], 0.01, segments=6, bends=3)


def _fat_guard(shop: Workshop) -> None:
    wheel = shop.layout.rear
    spare = wheel.x_m + shop.vehicle.length_m / 2
    radius = min(wheel.radius_m + 0.035, spare - 0.012)
    guard(
        shop.body.use("paint", "body"),
        (wheel.x_m, wheel.radius_m),
        radius,
        (35, 178),
        wheel.half_m + 0.03,
        crown_m=0.012,
    )
    for side in (1, -1):
        rod(
            shop.body.use("chrome", "frame"),
            (shop.at(0.3), side * 0.115, 0.6),
            (wheel.x_m - 0.12, side * 0.115, 0.58),
            0.012,
        )


def _tail_light_and_plate(shop: Workshop, rear_x_m: float, z_m: float) -> None:
    body, end = shop.body, -shop.vehicle.length_m / 2
    lamp_z = {"sports": z_m + 0.07, "cruiser": 0.63}.get(shop.layout.style, z_m + 0.02)
    lamp_x = rear_x_m if shop.layout.style != "cruiser" else end + 0.06
    tail_lamp(shop, (lamp_x - 0.005, 0.0, lamp_z), (0.065, 0.03))
    plate_z = lamp_z - 0.14
    hull(
        body.use("dark", "frame"),
        [(end + 0.012, plate_z, 0.05, 0.012, 0.012, 3), (lamp_x + 0.1, lamp_z - 0.02, 0.055, 0.012, 0.012, 3)],
        segments=10,
        pieces=4,
    )
    number_plate(shop, (end + 0.022, 0.0, plate_z - 0.02), (0.1, 0.075), tilt_deg=12.0)
    indicators(shop, lamp_x + 0.03, 0.16, lamp_z - 0.045, ahead=False, stalk_m=0.12)


def nose(shop: Workshop) -> None:
    """Add headlamp, instruments, screen and mirrors: on the fork, or in a fairing."""
    if shop.layout.style in ("sports", "tourer"):
        fairing(shop)
    else:
        _bare_nose(shop)


def _bare_nose(shop: Workshop) -> None:
    top, height = fork_top(shop), shop.vehicle.height_m
    lamp = top + np.array([0.1, 0.0, -0.1])
    with shop.steered():
        bowl = "chrome" if shop.layout.style == "cruiser" else ("paint", "dark")[int(shop.rng.integers(2))]
        round_headlamp(shop, lamp, 0.086, LAMP_CD, bowl=bowl)
        for side in (1, -1):
            rod(
                shop.body.use("dark", "frame"),
                lamp + np.array([-0.03, side * 0.085, 0]),
                top + np.array([0.0, side * 0.09, -0.08]),
                0.01,
            )
            dial = top + np.array([0.03, side * 0.05, 0.02])
            drum(shop.body.use("dark", "handlebar"), dial, 0.041, 0.026, axis=(-0.6, 0, 0.8), segments=16)
            drum(
                shop.body.use("glass_dark", "handlebar"),
                dial + np.array([-0.016, 0, 0.021]),
                0.035,
                0.003,
                axis=(-0.6, 0, 0.8),
                segments=14,
            )
        indicators(shop, float(lamp[0]) - 0.03, 0.2, float(lamp[2]), ahead=True)
        bars_top = shop.layout.grip_m[2] + 0.02
        if height > bars_top + 0.02:
            foot = lamp + np.array([0.03, 0.0, 0.07])
            tone = "glass" if height > 1.14 else "glass_dark"
            screen(shop.body.use(tone, "glass"), foot, (foot[0] - 0.14, 0.0, height), (0.15, 0.11), curve_m=0.07)
        _bar_mirrors(shop)


def _bar_mirrors(shop: Workshop) -> None:
    x, _, z = shop.layout.grip_m
    half = shop.layout.bar_m
    round_ones = shop.layout.style == "cruiser" or bool(shop.rng.random() < 0.4)
    oval = (0.05, 0.05) if round_ones else (0.07, 0.042)
    mirrors(shop, (x + 0.03, half - 0.17, z + 0.02), (x + 0.06, half - 0.08, z + 0.17), oval=oval)
