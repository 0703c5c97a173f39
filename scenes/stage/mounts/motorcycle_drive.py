"""Chain drive, pegs, pedals and stand of motorcycles."""

from __future__ import annotations

import numpy as np

from scenes.stage.mounts.seat import pillion_peg_m
from scenes.stage.mounts.tubework import drum, pipe, prism, rod
from scenes.stage.mounts.workshop import Workshop


def foot_rests(shop: Workshop) -> None:
    """Add pegs for two, gear and brake pedals and the side stand, out when nobody rides."""
    x, y, z = shop.layout.peg_m
    for side in (1, -1):
        rod(
            shop.body.use("dark", "frame"),
            (x, side * 0.09, z - 0.04),
            (x, side * (y - 0.06), z - 0.014),
            0.009,
            segments=6,
        )
        rod(
            shop.body.use("rubber", "frame"),
            (x, side * (y - 0.07), z - 0.014),
            (x, side * (y + 0.06), z - 0.014),
            0.014,
        )
        toe = (x + 0.16, side * (y - 0.03), z + 0.0)
        pipe(
            shop.body.use("steel", "frame"),
            [(x + 0.02, side * (y - 0.1), z - 0.03), (x + 0.14, side * (y - 0.1), z - 0.01), toe],
            0.006,
            segments=5,
        )
        back = np.array(pillion_peg_m(shop.layout)) * [1, side, 1]
        rod(
            shop.body.use("rubber", "frame"),
            back - np.array([0, side * 0.07, 0.012]),
            back + np.array([0, side * 0.05, -0.012]),
            0.012,
        )
        rod(
            shop.body.use("frame", "frame"),
            back - np.array([0, side * 0.07, 0.012]),
            (shop.at(0.38), side * 0.1, 0.44),
            0.009,
        )
    foot = (x + 0.1, 0.27, 0.035) if not shop.vehicle.driver else (x - 0.16, 0.16, 0.19)
    rod(shop.body.use("steel", "frame"), (x + 0.12, 0.11, 0.25), foot, 0.011, segments=7)
    if not shop.vehicle.driver:
        drum(shop.body, (foot[0], foot[1], foot[2] - 0.004), 0.022, 0.005, axis=(0, 0, 1), segments=10)


def chain_run(shop: Workshop) -> None:
    """Add sprocket, chain and chain guard on the left."""
    wheel, at = shop.layout.rear, shop.at
    y = wheel.half_m + 0.012
    drum(shop.body.use("steel", "wheel"), (wheel.x_m, y, wheel.radius_m), 0.1, 0.004, segments=28)
    for sign in (1, -1):
        back, front = (wheel.x_m, wheel.radius_m + sign * 0.098), (at(0.41), 0.38 + sign * 0.035)
        path = [
            (back[0], back[1] - 0.006),
            (front[0], front[1] - 0.006),
            (front[0], front[1] + 0.006),
            (back[0], back[1] + 0.006),
        ]
        prism(shop.body.use("engine", "frame"), path, y - 0.006, y + 0.006)
    cover = [
        (wheel.x_m - 0.03, wheel.radius_m + 0.1),
        (at(0.36), 0.42),
        (at(0.36), 0.46),
        (wheel.x_m + 0.02, wheel.radius_m + 0.145),
    ]
    prism(shop.body.use("dark", "frame"), cover, y - 0.014, y + 0.014)
