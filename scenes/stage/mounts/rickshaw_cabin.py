"""Auto and battery rickshaws: nose, windscreen, tub, pillars and what is below them."""

from __future__ import annotations

import numpy as np

from scenes.stage.mesh import Points
from scenes.stage.mounts.fittings import mirrors
from scenes.stage.mounts.rickshaw_canopy import canopy, rear_cloth
from scenes.stage.mounts.rickshaw_inside import handlebar, inside
from scenes.stage.mounts.rickshaw_running import front_lamps, rear_lamps, wheels
from scenes.stage.mounts.rickshaw_shape import BELT_M, SILL_M, plan, rear_x_m, windscreen_top
from scenes.stage.mounts.tubework import block, pipe, prism, rod
from scenes.stage.mounts.workshop import Workshop


def build(shop: Workshop) -> None:
    """Add everything."""
    wheels(shop)
    _nose(shop)
    _windscreen(shop)
    _floor(shop)
    _tub(shop)
    inside(shop)
    handlebar(shop)
    canopy(shop, windscreen_top(shop), rear_x_m(shop))
    if shop.layout.style == "auto":
        rear_cloth(shop, BELT_M, rear_x_m(shop))
    _rails(shop)
    front_lamps(shop)
    rear_lamps(shop)


def _nose(shop: Workshop) -> None:
    angle = np.linspace(0, np.pi, 25)[None]
    t = np.linspace(0, 1, 10)[:, None]
    low = SILL_M + 0.17 * np.sin(angle) ** 4
    outer = plan(shop, low + (0.95 - low) * t, angle + 0 * t)
    two_tone = shop.rng.random() < 0.35
    slots = np.full((9, 24), shop.body.use("paint", "body").slot)
    if two_tone:
        slots[5:] = shop.body.use("paint_second", "body").slot
    shop.body.use("paint", "body").grid(outer, slots)
    inner = outer * np.array([1, 0.97, 1]) - np.array([0.02, 0, 0])
    work = shop.body.use("interior", "interior")
    work.grid(inner[:, ::-1], work.slot)
    pipe(shop.body.use("dark", "body"), outer[-1, ::4], 0.012, segments=6, bends=2)
    for edge in (outer[:, 0], outer[:, -1]):
        pipe(shop.body.use("paint", "body"), edge[::3], 0.012, segments=6, bends=2)
    x, end = shop.layout.front.x_m, shop.vehicle.length_m / 2
    shop.body.use("chrome" if shop.rng.random() < 0.5 else "frame", "bumper")
    for z in (0.36, 0.47):
        path = [
            (x - 0.2, 0.44, z),
            (x + 0.08, 0.38, z),
            (end - 0.013, 0.22, z),
            (end - 0.013, 0.0, z),
            (end - 0.013, -0.22, z),
            (x + 0.08, -0.38, z),
            (x - 0.2, -0.44, z),
        ]
        pipe(shop.body, path, 0.012, segments=6, bends=4)
    for y in (0.2, -0.2):
        rod(shop.body, (end - 0.014, y, 0.36), (end - 0.014, y, 0.47), 0.01, segments=6)


def _windscreen(shop: Workshop) -> None:
    low = plan(shop, np.full(13, 0.97), np.linspace(np.deg2rad(28), np.deg2rad(152), 13))
    high = windscreen_top(shop)
    t = np.linspace(0.02, 0.97, 6)[:, None, None]
    pane = low + (high - low) * t
    shop.body.use("glass", "glass").grid(pane, shop.body.slot)
    frame = shop.body.use("paint" if shop.rng.random() < 0.5 else "dark", "body")
    for edge in (low, high):
        pipe(frame, edge[::2], 0.014, segments=6, bends=2)
    for side in (0, -1):
        rod(frame, low[side], high[side], 0.019)
    rod(frame, low[6], high[6], 0.008, segments=6)
    rod(
        shop.body.use("dark", "body"),
        low[4] + np.array([0.02, 0, 0.01]),
        0.45 * low[5] + 0.55 * high[5] + np.array([0.02, 0.1, 0]),
        0.006,
        segments=5,
    )
    corner = 0.55 * low[0] + 0.45 * high[0]
    mirrors(shop, corner, corner + np.array([0.05, 0.16, 0.05]), oval=(0.055, 0.075))


def _floor(shop: Workshop) -> None:
    front, rear = shop.layout.front, shop.layout.rear
    wide = shop.vehicle.width_m
    _, _, z = shop.layout.peg_m
    block(
        shop.body.use("interior", "interior"),
        (rear.x_m - 0.2, -0.44 * wide, z - 0.05),
        (front.x_m - 0.35, 0.44 * wide, z),
        edge_m=0.01,
    )
    block(shop.body, (front.x_m - 0.36, -0.3, z - 0.04), (front.x_m - 0.1, 0.3, z + 0.0), edge_m=0.01)
    block(
        shop.body.use("frame", "chassis"),
        (rear.x_m - 0.3, -0.06, z - 0.12),
        (front.x_m - 0.3, 0.06, z - 0.05),
        edge_m=0.01,
    )
    for side in (1, -1):
        sill = [
            (front.x_m - 0.49, side * 0.4 * wide * 0.93, z - 0.02),
            (front.x_m - 0.75, side * 0.47 * wide, z - 0.02),
            (shop.layout.saddle_m[0] - 0.2, side * 0.485 * wide, z - 0.02),
        ]
        pipe(shop.body.use("paint", "body"), sill, 0.028, segments=8)


def _tub(shop: Workshop) -> None:
    """Add the rear body: side panels with wheel arches, rounded into the rear panel."""
    half, end = shop.vehicle.width_m / 2, rear_x_m(shop)
    front_x = shop.layout.saddle_m[0] - 0.16
    round_m = 0.16 if shop.layout.style == "auto" else 0.05
    corner = np.linspace(0, np.pi / 2, 7)
    left = [np.linspace(front_x, end + round_m, 30, endpoint=False), np.full(30, half)]
    bend = [end + round_m - round_m * np.sin(corner), half - round_m + round_m * np.cos(corner)]
    x = np.concatenate([left[0], bend[0]])
    y = np.concatenate([left[1], bend[1]])
    x, y = np.concatenate([x, x[::-1]]), np.concatenate([y, -y[::-1]])
    wheel = shop.layout.rear
    arch = np.sqrt(np.clip((wheel.radius_m + 0.075) ** 2 - (x - wheel.x_m) ** 2, 0, None))
    low = np.maximum(SILL_M - 0.04, np.where(np.abs(y) > 0.8 * half, wheel.radius_m + arch, 0.0))
    high = _belt(shop, x, front_x)
    t = np.linspace(0, 1, 7)[:, None]
    tuck = 1 - 0.035 * (1 - np.minimum(1, t / 0.4)) ** 2
    z = low + (high - low) * t
    outer = np.stack([x + 0 * t, y * tuck, z], axis=-1)
    shop.body.use("paint", "body").grid(outer[::-1], shop.body.slot)
    inner = outer * np.array([1, 0.965, 1]) + np.array([0.0, 0, 0])
    inner[..., 0] = np.maximum(inner[..., 0], end + 0.025)
    shop.body.use("interior", "interior").grid(inner, shop.body.slot)
    pipe(shop.body.use("dark", "body"), outer[-1, ::3], 0.012, segments=6, bends=1)
    stripe = outer[4:6] * np.array([1, 1.004, 1])
    if shop.rng.random() < 0.5:
        stripe[..., 0] = np.where(np.abs(stripe[..., 1]) < 0.9 * half, stripe[..., 0] - 0.004, stripe[..., 0])
        shop.body.use("paint_second", "body").grid(stripe[::-1], shop.body.slot)


def _belt(shop: Workshop, x_m: Points, front_x_m: float) -> Points:
    """Return the height of the tub's upper edge: low where passengers step in, high beside their bench."""
    bench = shop.layout.rear.x_m + 0.32
    low = 0.46 if shop.layout.style == "auto" else 0.5
    high = BELT_M if shop.layout.style == "auto" else 0.74
    t = np.clip((x_m - bench) / 0.22, 0, 1)
    driver = np.clip((x_m - (front_x_m - 0.3)) / 0.12, 0, 1)
    return np.asarray(
        high + (low - high) * t * t * (3 - 2 * t) + (0.2 if shop.layout.style == "auto" else 0.0) * driver
    )


def _rails(shop: Workshop) -> None:
    """Add pillars, grab rails across the doorway, and mesh or a half door on the road side of some models."""
    half, top = shop.vehicle.width_m / 2 - 0.035, shop.vehicle.height_m - (0.16 if shop.layout.style == "auto" else 0.1)
    post_x, bench_x = shop.layout.saddle_m[0] - 0.2, shop.layout.rear.x_m + 0.3
    body = shop.body.use("frame", "frame")
    for side in (1, -1):
        for x, foot in ((post_x, SILL_M), (bench_x, 0.7), (-shop.vehicle.length_m / 2 + 0.14, 0.7)):
            pipe(
                body,
                [(x, side * half, foot), (x, side * half, 1.2), (x, side * half * 0.94, top)],
                0.014,
                segments=7,
                bends=2,
            )
        rod(body, (post_x, side * half, 0.92), (bench_x, side * half, 0.92), 0.012, segments=6)
    closed = shop.rng.random()
    if shop.layout.style == "auto" and closed < 0.6:
        _mesh(shop, -1, post_x, bench_x, half) if closed < 0.35 else _half_door(shop, post_x, bench_x, half)
    rod(body, (post_x - 0.02, half, 0.98), (post_x - 0.02, -half, 0.98), 0.014)
    for y in (0.3, 0.1, -0.1, -0.3):
        rod(body, (post_x - 0.02, y, 0.98), (post_x - 0.02, y, 0.62), 0.008, segments=5)


def _mesh(shop: Workshop, side: int, post_x_m: float, bench_x_m: float, half_m: float) -> None:
    work = shop.body.use("steel", "frame")
    for x in np.linspace(bench_x_m, post_x_m, 12):
        rod(work, (x, side * half_m, 0.5), (x, side * half_m, 1.35), 0.0035, segments=4)
    for z in np.linspace(0.55, 1.35, 9):
        rod(work, (bench_x_m, side * half_m, z), (post_x_m, side * half_m, z), 0.0035, segments=4)


def _half_door(shop: Workshop, post_x_m: float, bench_x_m: float, half_m: float) -> None:
    outline = [(bench_x_m + 0.02, 0.42), (post_x_m - 0.02, 0.42), (post_x_m - 0.02, 0.88), (bench_x_m + 0.02, 0.88)]
    prism(shop.body.use("paint", "door"), outline, -half_m - 0.012, -half_m + 0.008)
    rod(
        shop.body.use("dark", "door"),
        (post_x_m - 0.12, -half_m - 0.018, 0.8),
        (post_x_m - 0.05, -half_m - 0.018, 0.8),
        0.01,
    )
