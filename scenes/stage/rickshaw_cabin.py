"""Auto and battery rickshaws: nose, windscreen, tub, pillars and what is below them."""

from __future__ import annotations

import numpy as np

from scenes.stage.fittings import LAMP_CD, indicators, lens, mirrors, number_plate, round_headlamp, tail_lamp
from scenes.stage.mesh import Points
from scenes.stage.rickshaw_canopy import canopy, rear_cloth
from scenes.stage.rickshaw_inside import handlebar, inside
from scenes.stage.spoked_wheel import alloy_wheel
from scenes.stage.tubework import Workpiece, ball, block, guard, pipe, prism, rod
from scenes.stage.workshop import Workshop

SILL_M = 0.30
BELT_M = 0.86


def rear_x_m(shop: Workshop) -> float:
    """Return where the rear panel is: as far ahead of the rear end as lamps and bumper stand out."""
    return -shop.vehicle.length_m / 2 + 0.035


def build(shop: Workshop) -> None:
    """Add everything."""
    _wheels(shop)
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
    _front_lamps(shop)
    _rear_lamps(shop)


def plan(shop: Workshop, z_m: Points, angle: Points) -> Points:
    """Return points of the nose: 0 its left end beside the driver's feet, pi/2 straight ahead, pi its right end."""
    x, top = shop.layout.front.x_m, shop.vehicle.height_m - 0.1
    boxy = shop.layout.style == "battery"
    heights = [SILL_M, 0.45, 0.62, 0.8, 0.95, top]
    ahead = [0.1, 0.13, 0.13, 0.1, 0.05, -0.1] if boxy else [0.03, 0.1, 0.11, 0.05, -0.03, -0.2]
    half = [0.43, 0.5, 0.54, 0.56, 0.57, 0.56] if boxy else [0.36, 0.45, 0.53, 0.57, 0.58, 0.5]
    power = 2 / (4.0 if boxy else 2.5)
    back = x - 0.5
    tip = x + np.interp(z_m, heights, ahead)
    wide = np.interp(z_m, heights, half) * shop.vehicle.width_m / 1.34
    cos, sin = np.cos(angle), np.sin(angle)
    along = back + (tip - back) * np.abs(sin) ** power
    return np.stack([along, wide * np.sign(cos) * np.abs(cos) ** power, z_m + 0 * angle], axis=-1)


def _nose(shop: Workshop) -> None:
    angle = np.linspace(0, np.pi, 29)[None]
    t = np.linspace(0, 1, 10)[:, None]
    low = SILL_M + 0.17 * np.sin(angle) ** 4
    outer = plan(shop, low + (0.95 - low) * t, angle + 0 * t)
    two_tone = shop.rng.random() < 0.35
    slots = np.full((9, 28), shop.body.use("paint", "body").slot)
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


def windscreen_top(shop: Workshop) -> Points:
    """Return the windscreen's upper edge, left to right."""
    angle = np.linspace(np.deg2rad(40), np.deg2rad(140), 13)
    return plan(shop, np.full(13, shop.vehicle.height_m - 0.1), angle)


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


def _wheels(shop: Workshop) -> None:
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


def _front_lamps(shop: Workshop) -> None:
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


def _rear_lamps(shop: Workshop) -> None:
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
