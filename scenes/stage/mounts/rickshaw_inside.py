"""What is inside auto and battery rickshaws: driver's seat, benches, dashboard and handlebar."""

from __future__ import annotations

import numpy as np

from scenes.stage.mounts.seat import bench_above_floor_m
from scenes.stage.mounts.tubework import block, drum, hull, pipe, rod
from scenes.stage.mounts.workshop import Workshop


def inside(shop: Workshop) -> None:
    """Add seats on their boxes and the bulkhead behind the driver."""
    assert shop.layout.pillion_m is not None
    x, z = shop.layout.saddle_m
    floor = shop.layout.peg_m[2]
    wide = shop.vehicle.width_m
    block(shop.body.use("interior", "interior"), (x - 0.18, -0.3, floor), (x + 0.16, 0.3, z - 0.08), edge_m=0.015)
    _cushion(shop, x - 0.2, x + 0.2, 0.32, z)
    _backrest(shop, x - 0.2, 0.28, z + 0.05, 0.3)
    bench_x, bench_z = shop.layout.pillion_m
    block(
        shop.body.use("interior", "interior"),
        (bench_x - 0.2, -0.43 * wide, floor),
        (bench_x + 0.18, 0.43 * wide, bench_z - 0.08),
        edge_m=0.015,
    )
    _cushion(shop, bench_x - 0.2, bench_x + 0.25, 0.44 * wide, bench_z)
    _backrest(shop, bench_x - 0.17, 0.43 * wide, bench_z + 0.02, 0.45)
    if shop.layout.style == "battery":
        ahead = bench_x + 2.0 * bench_above_floor_m(shop.layout) + 0.35
        _cushion(shop, ahead - 0.1, min(ahead + 0.22, x - 0.22), 0.42 * wide, bench_z)


def _cushion(shop: Workshop, back_m: float, front_m: float, half_m: float, z_m: float) -> None:
    edge = [(0.0, 0.88, 0.02), (0.04, 1.0, 0.045), (0.5, 1.0, 0.045), (0.94, 1.0, 0.045), (1.0, 0.9, 0.02)]
    long = front_m - back_m
    stations = [(back_m + share * long, z_m - 0.045, wide * half_m, high, 0.05, 5.0) for share, wide, high in edge]
    hull(shop.body.use("seat", "seat"), stations, segments=16, pieces=8)


def _backrest(shop: Workshop, x_m: float, half_m: float, z_m: float, tall_m: float) -> None:
    t = np.linspace(0, 1, 7)[:, None]
    across = np.linspace(-1, 1, 9)[None]
    puff = 0.05 * (1 - np.abs(across) ** 6) * (1 - np.abs(2 * t - 1) ** 4) + 0.012 * np.cos(np.pi * 4 * across)
    points = np.stack([x_m - 0.1 * t + puff, half_m * across + 0 * t, z_m + tall_m * t + 0 * across], axis=-1)
    back = points.copy()
    back[..., 0] = x_m - 0.1 * t - 0.03
    work = shop.body.use("seat", "seat")
    work.grid(np.concatenate([points[:, ::-1], back[::-1, ::-1]])[::-1], work.slot, closed=True)


def handlebar(shop: Workshop) -> None:
    """Add the scooter handlebar on its column, the dials, and switches."""
    x, y, z = shop.layout.grip_m
    half = shop.layout.bar_m
    body = shop.body
    with shop.steered():
        rod(body.use("dark", "handlebar"), shop.layout.head_m - 0.4 * shop.layout.up, shop.layout.head_m, 0.035)
        hull(
            body,
            [
                (x - 0.03, z - 0.01, 0.13, 0.03, 0.04, 3),
                (x + 0.04, z, 0.16, 0.05, 0.06, 3),
                (x + 0.1, z - 0.01, 0.1, 0.03, 0.04, 3),
            ],
            pieces=6,
        )
        for side in (1, -1):
            flip = np.array([1, side, 1])
            start, end = np.array([x + 0.005, y - 0.06, z]), np.array([x - 0.005, half, z])
            pipe(
                body.use("steel", "handlebar"),
                [np.array([x + 0.03, 0.1, z]) * flip, start * flip, end * flip],
                0.012,
                segments=8,
            )
            pipe(body.use("rubber", "handlebar"), [start * flip, end * flip], 0.0175, segments=8)
            lever = [
                start + np.array([0.03, -0.03, 0]),
                start + np.array([0.07, 0.0, 0]),
                end + np.array([0.055, -0.02, -0.01]),
            ]
            pipe(body.use("steel", "handlebar"), np.array(lever) * flip, 0.006, segments=5)
        drum(
            body.use("glass_dark", "handlebar"),
            (x + 0.02, 0.0, z + 0.042),
            0.05,
            0.012,
            axis=(-0.5, 0, 0.86),
            segments=16,
        )
