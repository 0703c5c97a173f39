"""Frame, fork, handlebar, suspension and wheels of motorcycles and scooters."""

from __future__ import annotations

import numpy as np

from scenes.stage.mesh import Points
from scenes.stage.mounts.spoked_wheel import alloy_wheel, wire_wheel
from scenes.stage.mounts.tubework import Vector, Workpiece, ball, block, guard, hull, pipe, rod
from scenes.stage.mounts.workshop import Workshop

FORK_Y_M = 0.098


def wheels(shop: Workshop) -> None:
    """Stand both wheels: cast ones with brake discs, or wire ones with drums."""
    layout, style = shop.layout, shop.layout.style
    wired = style == "cruiser" or (style == "commuter" and bool(shop.rng.random() < 0.4))
    spokes = int(shop.rng.choice([3, 5, 6, 10])) if style != "sports" else 5
    small = layout.front.radius_m < 0.28
    for wheel, steers in ((layout.front, True), (layout.rear, False)):
        if wired:
            made = wire_wheel(wheel, spokes=36, drum_m=0.065, heavy=True)
        else:
            disc = (0.1 if small else 0.148) if steers else 0.11
            two = steers and style in ("sports", "tourer")
            depth = 0.075 if small else 0.092
            made = alloy_wheel(wheel, spokes=spokes, disc_m=disc, two_discs=two, depth_m=depth)
        shop.stand_wheel(made, (wheel.x_m, 0.0, wheel.radius_m), steers=steers)


def fork(shop: Workshop) -> None:
    """Add the telescopic fork, its clamps, callipers and the front mudguard; all of it steers."""
    layout, wheel = shop.layout, shop.layout.front
    hub = np.array([wheel.x_m, 0.0, wheel.radius_m])
    top = fork_top(shop)
    knee = 0.52 * hub + 0.48 * top
    dark = layout.style in ("sports", "tourer")
    with shop.steered():
        for side in (1, -1):
            out = np.array([0.0, side * FORK_Y_M, 0.0])
            pipe(shop.body.use("chrome", "frame"), [knee + out, top + out], 0.0195, segments=10)
            lower = [hub + out + np.array([-0.012, 0, -0.02]), hub + out + np.array([0, 0, 0.06]), knee + out]
            pipe(
                shop.body.use("dark" if dark else "engine", "frame"), lower, [0.02, 0.026, 0.027], segments=10, bends=2
            )
            rod(shop.body, knee + out - 0.01 * layout.up, knee + out + 0.02 * layout.up, 0.03, segments=10)
            brace = hub + np.array([-0.055, side * (wheel.half_m + 0.012), 0.12])
            block(
                shop.body.use("dark", "frame"),
                brace - np.array([0.035, 0.028, 0.05]),
                brace + np.array([0.035, 0.028, 0.05]),
            )
        across = np.array([0.0, FORK_Y_M + 0.02, 0.0])
        rod(shop.body.use("steel", "frame"), hub - across, hub + across, 0.011)
        for drop in (0.035, 0.2):
            _clamp(shop, top - drop * layout.up)
        guard(
            shop.body.use("paint", "frame"), (hub[0], hub[2]), wheel.radius_m + 0.012, (20, 150), 0.072, crown_m=0.018
        )
        for side in (1, -1):
            arm = [
                hub + np.array([0.02, side * FORK_Y_M, 0.14]),
                hub + np.array([0.11, side * 0.07, wheel.radius_m - 0.015]),
            ]
            rod(shop.body.use("dark", "frame"), arm[0], arm[1], 0.007, segments=5)


def fork_top(shop: Workshop) -> Points:
    """Return the middle between the fork legs' upper ends."""
    layout, wheel = shop.layout, shop.layout.front
    long = (layout.head_z_m + 0.04 - wheel.radius_m) / layout.up[2]
    return np.asarray(np.array([wheel.x_m, 0.0, wheel.radius_m]) + long * layout.up)


def _clamp(shop: Workshop, middle: Points) -> None:
    axis = np.array([shop.layout.axis_x_m(float(middle[2])), 0.0, middle[2]])
    for side in (1, -1):
        out = np.array([0.0, side * FORK_Y_M, 0.0])
        pipe(shop.body.use("engine", "frame"), [axis, middle + out], [0.024, 0.03], segments=8)


def bars(shop: Workshop, *, clip_on: bool = False, covered: bool = False) -> None:
    """Add the handlebar with grips, switches, levers, brake reservoir and cables; all of it steers.

    Args:
        shop: whose layout says where the grips are.
        clip_on: whether the bars are clamped to the fork legs.
        covered: whether a scooter's cover hides the middle.
    """
    x, _, z = shop.layout.grip_m
    half = shop.layout.bar_m
    start, end = np.array([x + 0.008, half - 0.13, z]), np.array([x - 0.008, half, z])
    top = fork_top(shop) if not covered else np.array([x + 0.06, 0.0, z])
    with shop.steered():
        for side in (1, -1):
            flip = np.array([1, side, 1])
            leg = top + np.array([0.0, FORK_Y_M, -0.03])
            middle = top + np.array([-0.02, 0.0, 0.05])
            if clip_on:
                path = [leg, start, end]
            else:
                knee = 0.45 * middle + 0.55 * start + np.array([0.015, 0.0, 0.4 * (z - middle[2])])
                path = [middle, middle + np.array([0, 0.07, 0]), knee, start, end]
            pipe(
                shop.body.use("chrome" if not clip_on else "dark", "handlebar"), np.array(path) * flip, 0.0115, bends=4
            )
            _hand_controls(shop, start, end, flip)
            if not clip_on and not covered:
                rise = middle * flip + np.array([0, side * 0.045, 0])
                rod(shop.body.use("dark", "handlebar"), rise - np.array([0, 0, 0.07]), rise, 0.016, segments=6)
        block(
            shop.body.use("dark", "handlebar"),
            start * [1, -1, 1] - np.array([0.0, -0.02, -0.012]),
            start * [1, -1, 1] + np.array([0.05, 0.07, 0.034]),
        )


def _hand_controls(shop: Workshop, start: Points, end: Points, flip: Points) -> None:
    body = shop.body.use("rubber", "handlebar")
    pipe(body, [start * flip, end * flip], [0.0175, 0.0165], segments=10)
    inner = start - np.array([0, 0.045, 0])
    rod(shop.body.use("dark", "handlebar"), inner * flip, start * flip, 0.022, segments=8)
    ball(shop.body, end * flip - np.array([0, flip[1] * 0.006, 0]), (0.017, 0.012, 0.017), segments=8)
    pivot = inner + np.array([0.025, -0.01, 0.0])
    lever = [pivot, pivot + np.array([0.045, 0.03, -0.006]), end + np.array([0.055, -0.03, -0.012])]
    pipe(shop.body.use("steel", "handlebar"), np.array(lever) * flip, [0.008, 0.007, 0.005], segments=5, bends=3)
    head = shop.layout.head_m
    slack = 0.5 * inner + 0.5 * head + np.array([0.12, 0.0, 0.02])
    low = head + np.array([0.02, 0.03, -0.12])
    pipe(shop.body.use("rubber", "handlebar"), np.array([pivot, slack, low]) * flip, 0.0045, segments=5)


def frame(shop: Workshop) -> None:
    """Add a cradle of tubes, the rear loop, swing arm and shock absorbers."""
    layout, at = shop.layout, shop.at
    body = shop.body.use("frame", "frame")
    head, low = layout.head_m - 0.04 * layout.up, layout.head_m - 0.17 * layout.up
    seat_z = layout.saddle_m[1] - 0.09
    rod(body, low - 0.03 * layout.up, layout.head_m, 0.032, segments=12)
    pipe(body, [head, (at(0.6), 0, seat_z + 0.06), (at(0.38), 0, seat_z - 0.02)], 0.022, segments=8)
    for side in (1, -1):
        cradle: list[Vector] = [
            low,
            (at(0.66), side * 0.07, 0.45),
            (at(0.61), side * 0.09, 0.22),
            (at(0.42), side * 0.1, 0.22),
        ]
        pipe(
            body, [*cradle, (at(0.385), side * 0.1, 0.42), (at(0.38), side * 0.08, seat_z)], 0.015, segments=7, bends=3
        )
        pipe(
            body,
            [
                (at(0.40), side * 0.07, seat_z),
                (at(0.12), side * 0.095, seat_z + 0.01),
                (at(-0.06), side * 0.08, seat_z + 0.035),
            ],
            0.012,
            segments=6,
        )
        rod(body, (at(0.385), side * 0.1, 0.42), (at(0.1), side * 0.095, seat_z), 0.011, segments=6)
    _swing_arm(shop, seat_z)


def _swing_arm(shop: Workshop, seat_z_m: float) -> None:
    wheel, at = shop.layout.rear, shop.at
    arm_y = wheel.half_m + 0.035
    for side in (1, -1):
        hub = np.array([wheel.x_m - 0.02, side * arm_y, wheel.radius_m])
        pipe(shop.body.use("frame", "frame"), [(at(0.39), side * 0.09, 0.38), hub], [0.027, 0.02], segments=8)
        if shop.layout.style in ("commuter", "cruiser"):
            _shock(
                shop, hub + np.array([0.04, side * 0.022, 0.02]), np.array([at(0.14), side * (arm_y + 0.015), seat_z_m])
            )
    rod(
        shop.body.use("steel", "frame"),
        (wheel.x_m, -arm_y - 0.03, wheel.radius_m),
        (wheel.x_m, arm_y + 0.03, wheel.radius_m),
        0.012,
    )


def _shock(shop: Workshop, low: Points, high: Points) -> None:
    rod(shop.body.use("dark", "frame"), low, 0.45 * low + 0.55 * high, 0.018)
    rod(shop.body.use("steel", "frame"), low, high, 0.008, segments=6)
    turns = np.linspace(0, 2 * np.pi * 6, 37)
    along = (high - low) / np.linalg.norm(high - low)
    ahead = np.cross([0.0, 1.0, 0.0], along)
    middle = low + np.linspace(0.2, 0.95, 37)[:, None] * (high - low)
    coil = middle + 0.027 * (np.cos(turns)[:, None] * np.array([0.0, 1.0, 0.0]) + np.sin(turns)[:, None] * ahead)
    pipe(shop.body.use("chrome", "frame"), coil, 0.0042, segments=4, bends=1)


def screen(work: Workpiece, low: Vector, high: Vector, half_m: tuple[float, float], *, curve_m: float = 0.06) -> None:
    """Add a curved windscreen from the middle of its lower to that of its upper edge."""
    t = np.linspace(0, 1, 8)[:, None]
    across = np.linspace(-1, 1, 11)[None]
    half = half_m[0] + (half_m[1] - half_m[0]) * t**1.5
    edge = curve_m * np.abs(across) ** 2.2
    x = low[0] + (high[0] - low[0]) * t - edge
    z = low[2] + (high[2] - low[2]) * t - 0.25 * edge * t
    points = np.stack([x, half * across, z], axis=-1)
    work.grid(points, work.slot)


def panel(work: Workpiece, stations: list[tuple[float, float, float, float, float]], y_m: float) -> None:
    """Add a pair of side covers: x, z, half thickness, height above and below."""
    full = [(x, z, half, above, below, 2.6) for x, z, half, above, below in stations]
    for side in (1, -1):
        hull(work, full, y_m=side * y_m, segments=12, pieces=10)
