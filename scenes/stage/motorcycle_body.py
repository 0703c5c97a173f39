"""Tanks, seats, fairings, tails and luggage of motorcycles, and the lamps in them."""

from __future__ import annotations

import numpy as np

from scenes.stage.fittings import indicators, lens, mirrors, number_plate, round_headlamp, tail_lamp
from scenes.stage.motorcycle_chassis import fork_top, panel, screen
from scenes.stage.tubework import ball, block, drum, guard, hull, pipe, rod
from scenes.stage.workshop import Workshop

LAMP_CD = 12_000.0
"""Peak of a motorcycle's dipped beam (UNECE R113 class C asks for several thousand candela below the cut-off)."""


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
    hull(shop.body.use("paint", "body"), stations, segments=28, pieces=25)
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
        (x - 0.13, 0.6 * back_z + 0.4 * z - 0.04, broad, 0.038, 0.05, 2.8),
        (x - 0.03, z - 0.04, broad, 0.036, 0.05, 2.8),
        (x + 0.12, z - 0.04, 0.75 * broad, 0.036, 0.05, 2.7),
        (x + 0.22, z - 0.02, 0.4 * broad, 0.03, 0.05, 2.5),
    ]
    hull(shop.body.use("seat", "seat"), stations, segments=20, pieces=24)


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
        _fairing(shop)
    else:
        _bare_nose(shop)


def _bare_nose(shop: Workshop) -> None:
    top, height = fork_top(shop), shop.vehicle.height_m
    lamp = top + np.array([0.1, 0.0, -0.1])
    with shop.steered():
        bowl = "chrome" if shop.layout.style == "cruiser" else ("paint", "dark")[int(shop.rng.integers(2))]
        round_headlamp(shop, lamp, 0.086, LAMP_CD, bowl=bowl)
        for side in (1, -1):
            rod(shop.body.use("dark", "frame"), lamp + [-0.03, side * 0.085, 0], top + [0.0, side * 0.09, -0.08], 0.01)
            dial = top + np.array([0.03, side * 0.05, 0.055])
            drum(shop.body.use("dark", "handlebar"), dial, 0.041, 0.026, axis=(-0.6, 0, 0.8), segments=16)
            drum(
                shop.body.use("glass_dark", "handlebar"),
                dial + [-0.016, 0, 0.021],
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


def _fairing(shop: Workshop) -> None:
    at, sporty, body = shop.at, shop.layout.style == "sports", shop.body
    head_x, height = float(shop.layout.head_m[0]), shop.vehicle.height_m
    tip, wide = shop.layout.front.x_m + (0.02 if sporty else -0.06), 0.2 if sporty else 0.27
    z = 0.84 if sporty else 0.9
    stations = [
        (head_x - 0.02, z - 0.02, 0.8 * wide, 0.06, 0.26, 2.6),
        (head_x + 0.08, z, wide, 0.09, 0.28, 2.8),
        (head_x + 0.2, z, 0.88 * wide, 0.1, 0.18, 2.6),
        (tip - 0.07, z - 0.005, 0.62 * wide, 0.075, 0.1, 2.5),
        (tip, z - 0.015, 0.42 * wide, 0.04, 0.055, 2.4),
    ]
    hull(body.use("paint", "body"), stations, segments=28, pieces=20)
    low = (tip - 0.1, 0.0, z + 0.075)
    tone = "glass_dark" if sporty else "glass"
    screen(
        body.use(tone, "glass"),
        low,
        (head_x - (0.02 if sporty else 0.06), 0.0, height),
        (0.6 * wide, 0.55 * wide),
        curve_m=0.13,
    )
    for side in (1, -1):
        spot = (tip - 0.008, side * 0.2 * wide, z - 0.02)
        ball(body.use("dark", "headlamp"), (spot[0] - 0.012, spot[1], spot[2]), (0.03, 0.17 * wide + 0.006, 0.034))
        lens(shop.head.use("lamp_head", "headlamp"), (spot[0] + 0.004, spot[1], spot[2]), (0.16 * wide, 0.026))
    shop.low_beam((tip, 0.0, z - 0.02), LAMP_CD)
    _belly(shop, sporty=sporty)
    indicators(shop, head_x + 0.2, 0.95 * wide + 0.06, z - 0.04, ahead=True, stalk_m=0.08)
    mirrors(shop, (head_x + 0.13, 0.8 * wide, z + 0.06), (head_x + 0.03, wide + 0.12, z + 0.2), oval=(0.075, 0.042))
    dash = (head_x + 0.0, -0.09, z + 0.02), (head_x + 0.08, 0.09, z + 0.1)
    block(body.use("dark", "handlebar"), *dash, edge_m=0.012)
    if not sporty:
        _luggage(shop, at(0.0))


def _belly(shop: Workshop, *, sporty: bool) -> None:
    at = shop.at
    low, wide = (0.3, 0.2) if sporty else (0.2, 0.215)
    slot = "paint_second" if shop.rng.random() < 0.4 else "paint"
    stations = [
        (at(0.34), 0.36, 0.1, 0.05, 0.12, 2.8),
        (at(0.44), 0.4, 0.85 * wide, 0.1, 0.18, 3.0),
        (at(0.58), 0.46, wide, 0.24, 0.24, 3.0),
        (at(0.7), 0.52, wide, low, 0.24, 2.8),
        (at(0.765), 0.6, 0.6 * wide, 0.18, 0.2, 2.6),
    ]
    hull(shop.body.use(slot if sporty else "dark", "body"), stations, segments=24, pieces=20)


def _luggage(shop: Workshop, axle_x_m: float) -> None:
    """Add panniers and, on some models, a top box."""
    body = shop.body
    half = 0.11
    y = min(shop.vehicle.width_m / 2 - half - 0.01, 0.29)
    end = -shop.vehicle.length_m / 2
    back, front = max(axle_x_m - 0.34, end + 0.03), axle_x_m + 0.16
    for side in (1, -1):
        stations = [
            (back, 0.62, 0.7 * half, 0.12, 0.11, 4.0),
            (back + 0.05, 0.62, half, 0.16, 0.16, 4.0),
            (front - 0.07, 0.61, half, 0.16, 0.18, 4.0),
            (front, 0.61, 0.75 * half, 0.12, 0.13, 4.0),
        ]
        hull(body.use("paint", "load"), stations, y_m=side * y, segments=20, pieces=12)
        block(
            body.use("dark", "load"),
            (back + 0.02, side * (y + half) - 0.008, 0.625),
            (front - 0.03, side * (y + half) + 0.008, 0.645),
        )
    if shop.rng.random() < 0.6:
        x = max(end + 0.03, axle_x_m - 0.4)
        stations = [
            (x, 0.97, 0.17, 0.1, 0.07, 4),
            (x + 0.06, 0.98, 0.22, 0.13, 0.09, 4),
            (x + 0.28, 0.98, 0.21, 0.13, 0.09, 4),
        ]
        hull(body.use("dark", "load"), [*stations, (x + 0.34, 0.97, 0.17, 0.1, 0.07, 4)], segments=20, pieces=12)
        rod(body.use("frame", "frame"), (x + 0.17, 0.0, 0.91), (x + 0.3, 0.0, 0.74), 0.03)
