"""Cycle rickshaws: half a bicycle that draws a bench on two wheels below a folding hood."""

from __future__ import annotations

import numpy as np

from scenes.stage.mounts.bicycle_drive import bell, chain, crankset, cycle_fork, handlebar, saddle
from scenes.stage.mounts.bicycle_kit import LAMP_CD
from scenes.stage.mounts.fittings import lens, number_plate, round_headlamp
from scenes.stage.mounts.rickshaw_canopy import hood
from scenes.stage.mounts.seat import bench_above_floor_m
from scenes.stage.mounts.spoked_wheel import wire_wheel
from scenes.stage.mounts.tubework import block, guard, hull, pipe, prism, rod
from scenes.stage.mounts.workshop import Workshop


def build(shop: Workshop) -> None:
    """Add everything."""
    layout = shop.layout
    _wheels(shop)
    _frame(shop)
    cycle_fork(shop, blade_m=0.015)
    handlebar(shop, "swept")
    bell(shop)
    crankset(shop)
    chain(shop, (layout.rear.x_m, layout.rear.radius_m))
    saddle(shop, *layout.saddle_m, half_m=0.1)
    _bench(shop)
    _guards(shop)
    _lamps(shop)


def _wheels(shop: Workshop) -> None:
    layout = shop.layout
    made = wire_wheel(layout.front, spokes=32)
    shop.stand_wheel(made, (layout.front.x_m, 0.0, layout.front.radius_m), steers=True)
    rear = layout.rear
    both = (shop.wheel_matrix((rear.x_m, side * layout.track_m / 2, rear.radius_m), side=side) for side in (1, -1))
    shop.wheels.extend(made.pieces("wheel", *both))
    half = shop.vehicle.width_m / 2
    rod(shop.body.use("steel", "frame"), (rear.x_m, -half, rear.radius_m), (rear.x_m, half, rear.radius_m), 0.014)


def _frame(shop: Workshop) -> None:
    layout, body = shop.layout, shop.body.use("paint", "frame")
    assert layout.crank_m is not None
    crank = np.array([layout.crank_m[0], 0.0, layout.crank_m[1]])
    high, low = layout.head_m - 0.03 * layout.up, layout.head_m - 0.11 * layout.up
    top = np.array([layout.saddle_m[0] + 0.03, 0.0, layout.saddle_m[1] - 0.12])
    rod(body, crank, top, 0.017)
    rod(body, high, top - np.array([0, 0, 0.02]), 0.0165)
    rod(body, low, crank, 0.019)
    rod(shop.body.use("steel", "frame"), top, np.array([layout.saddle_m[0], 0, layout.saddle_m[1] - 0.05]), 0.0135)
    rear = layout.rear
    for side in (1, -1):
        y = side * 0.22
        pipe(
            body.use("paint", "frame"),
            [crank + np.array([0, side * 0.03, 0]), (crank[0] - 0.35, y, 0.3), (rear.x_m - 0.3, y, 0.36)],
            0.016,
        )
        rod(body, top - np.array([0, 0, 0.05]), (layout.rear.x_m + 0.5, y, 0.43), 0.014)
        rod(body, (rear.x_m, y, 0.36), (rear.x_m, y, 0.62), 0.014)
    stop = -shop.vehicle.length_m / 2
    bar = [
        (rear.x_m - 0.2, 0.3, 0.4),
        (stop + 0.013, 0.3, 0.42),
        (stop + 0.013, -0.3, 0.42),
        (rear.x_m - 0.2, -0.3, 0.4),
    ]
    pipe(body.use("frame", "bumper"), bar, 0.012, segments=7, bends=1)
    rod(body, (rear.x_m - 0.2, 0.0, 0.36), (stop + 0.013, 0, 0.42), 0.01)


def _bench(shop: Workshop) -> None:
    """Add the passengers' body: footboard, seat box, cushions, arm rests, painted rear panel and hood."""
    layout, body = shop.layout, shop.body
    assert layout.pillion_m is not None
    x, z = layout.pillion_m
    floor = z - bench_above_floor_m(layout)
    half = layout.track_m / 2 - 0.07
    block(body.use("load", "body"), (x + 0.05, -half, floor - 0.03), (x + 0.62, half, floor), edge_m=0.008)
    block(body.use("paint", "body"), (x - 0.2, -half, floor - 0.03), (x + 0.2, half, z - 0.09), edge_m=0.015)
    edge = [(0.0, 0.9, 0.02), (0.05, 1.0, 0.045), (0.5, 1.0, 0.05), (0.93, 1.0, 0.045), (1.0, 0.9, 0.02)]
    hull(
        body.use("seat", "seat"),
        [(x - 0.2 + share * 0.44, z - 0.05, wide * half, high, 0.05, 5.0) for share, wide, high in edge],
        pieces=8,
    )
    hull(
        body.use("seat", "seat"),
        [
            (x - 0.24, z + 0.18, 0.92 * half, 0.2, 0.2, 5),
            (x - 0.21, z + 0.18, half, 0.22, 0.22, 5),
            (x - 0.14, z + 0.18, 0.95 * half, 0.2, 0.2, 5),
        ],
        pieces=6,
    )
    for side in (1, -1):
        arm = [(x - 0.22, z - 0.1), (x + 0.2, z - 0.1), (x + 0.22, z + 0.08), (x + 0.08, z + 0.2), (x - 0.24, z + 0.4)]
        prism(body.use("paint_second", "body"), arm, side * half - 0.012, side * half + 0.012)
        pipe(
            body.use("chrome", "frame"),
            [(x + 0.22, side * half, z + 0.09), (x + 0.08, side * half, z + 0.21), (x - 0.24, side * half, z + 0.41)],
            0.012,
            segments=6,
        )
    block(body.use("paint", "body"), (x - 0.27, -half, floor - 0.03), (x - 0.24, half, z + 0.38), edge_m=0.008)
    block(
        body.use("paint_second", "body"),
        (x - 0.276, -0.7 * half, z - 0.2),
        (x - 0.268, 0.7 * half, z + 0.2),
        edge_m=0.003,
    )
    hood(shop, (x - 0.2, z + 0.3), half + 0.01, up=True)


def _guards(shop: Workshop) -> None:
    layout = shop.layout
    rear, front = layout.rear, layout.front
    for side in (1, -1):
        guard(
            shop.body.use("paint_second", "body"),
            (rear.x_m, rear.radius_m),
            rear.radius_m + 0.025,
            (5, 160),
            0.05,
            crown_m=0.012,
            y_m=side * layout.track_m / 2,
        )
    with shop.steered():
        guard(
            shop.body.use("paint", "body"),
            (front.x_m, front.radius_m),
            front.radius_m + 0.013,
            (60, 195),
            0.032,
            crown_m=0.012,
        )


def _lamps(shop: Workshop) -> None:
    layout = shop.layout
    z = 2 * layout.front.radius_m + 0.09
    spot = (layout.axis_x_m(z) + 0.085, 0.0, z)
    with shop.steered():
        round_headlamp(shop, spot, 0.034, LAMP_CD, bowl="chrome")
        rod(shop.body.use("steel", "frame"), spot, (spot[0] - 0.08, 0.0, z - 0.02), 0.007)
    assert layout.pillion_m is not None
    x, seat_z = layout.pillion_m
    half = layout.track_m / 2 - 0.15
    for side in (1, -1):
        lens(
            shop.tail.use("lamp_tail", "tail_lamp"), (x - 0.278, side * half, seat_z - 0.3), (0.035, 0.035), ahead=False
        )
    number_plate(shop, (x - 0.279, 0.0, seat_z - 0.32), (0.13, 0.04))
