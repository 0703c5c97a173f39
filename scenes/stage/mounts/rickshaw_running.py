"""Wheels, fork, engine and lamps of auto and battery rickshaws."""

from __future__ import annotations

import numpy as np

from scenes.stage.mounts.fittings import LAMP_CD, indicators, lens, number_plate, round_headlamp, tail_lamp
from scenes.stage.mounts.rickshaw_shape import plan, rear_x_m
from scenes.stage.mounts.spoked_wheel import alloy_wheel
from scenes.stage.mounts.tubework import Workpiece, ball, block, guard, rod
from scenes.stage.mounts.workshop import Workshop


def wheels(shop: Workshop) -> None:
    """Add the wheels, the fork with its mudguard, the rear axle and the engine."""
    layout = shop.layout
    front, rear = layout.front, layout.rear
    made = alloy_wheel(front, spokes=8, disc_m=0.0, depth_m=0.085)
    hub = (front.x_m, 0.0, front.radius_m)
    shop.stand_wheel(made, hub, steers=True)
    behind = made.pieces(
        "wheel",
        *(shop.wheel_matrix((rear.x_m, side * layout.track_m / 2, rear.radius_m), side=side) for side in (1, -1)),
    )
    shop.wheels.extend(behind)
    with shop.steered():
        guard(shop.body.use("paint", "body"), (hub[0], hub[2]), front.radius_m + 0.025, (-5, 165), 0.085, crown_m=0.02)
        for side in (1, -1):
            rod(
                shop.body.use("frame", "frame"),
                (hub[0], side * 0.075, hub[2]),
                (layout.axis_x_m(0.5), side * 0.06, 0.5),
                0.018,
            )
        rod(shop.body, (hub[0], -0.085, hub[2]), (hub[0], 0.085, hub[2]), 0.012)
        rod(shop.body, (layout.axis_x_m(0.48), 0, 0.48), layout.head_m, 0.022)
    for side in (1, -1):
        arm = [(rear.x_m + 0.4, side * 0.2, 0.26), (rear.x_m, side * (layout.track_m / 2 - 0.05), rear.radius_m)]
        rod(shop.body.use("frame", "chassis"), arm[0], arm[1], 0.03)
    block(shop.body.use("engine", "chassis"), (rear.x_m - 0.22, -0.2, 0.13), (rear.x_m + 0.2, 0.2, 0.36), edge_m=0.03)


def front_lamps(shop: Workshop) -> None:
    """Add one headlamp or two, indicators and the front plate."""
    at_nose = plan(shop, np.array([0.66]), np.array([np.pi / 2]))[0]
    wide = shop.layout.style == "battery" or shop.rng.random() < 0.4
    if wide:
        for side in (1, -1):
            spot = plan(shop, np.array([0.64]), np.array([np.pi / 2 - side * 0.5]))[0]
            round_headlamp(shop, spot + np.array([0.03, 0, 0]), 0.065, 0.5 * LAMP_CD, bowl="chrome")
    else:
        round_headlamp(shop, at_nose + np.array([0.045, 0, 0]), 0.085, LAMP_CD, bowl="paint")
    for side, slot in ((1, "lamp_indicator_left"), (-1, "lamp_indicator_right")):
        spot = plan(shop, np.array([0.78]), np.array([np.pi / 2 - side * 0.75]))[0]
        ball(shop.body.use("dark", "indicator"), spot, (0.03, 0.045, 0.03))
        lens(shop.indicator.use(slot, "indicator"), spot + np.array([0.02, 0, 0]), (0.035, 0.022))
    plate = plan(shop, np.array([0.5]), np.array([np.pi / 2]))[0] + [0.012, 0, 0]
    number_plate(shop, plate, (0.17, 0.04), ahead=True)


def rear_lamps(shop: Workshop) -> None:
    """Add tail lamps, indicators, the rear plate, the engine's grille and a bumper."""
    end, half = rear_x_m(shop), shop.vehicle.width_m / 2
    for side in (1, -1):
        tail_lamp(shop, (end, side * (half - 0.22), 0.62), (0.05, 0.05))
    indicators(shop, end - 0.002, half - 0.22, 0.74, ahead=False, stalk_m=0.0)
    number_plate(shop, (end - 0.004, 0.0, 0.52), (0.17, 0.055))
    _grille(shop.body, end)
    block(shop.body.use("frame", "bumper"), (end - 0.035, -0.42, 0.27), (end + 0.01, 0.42, 0.33), edge_m=0.01)


def _grille(work: Workpiece, end_x_m: float) -> None:
    """Add the slats that let the engine's air out."""
    work.use("dark", "grille")
    for z in np.linspace(0.38, 0.45, 4):
        block(work, (end_x_m - 0.004, -0.25, z - 0.006), (end_x_m + 0.004, 0.25, z + 0.006), edge_m=0.001)
