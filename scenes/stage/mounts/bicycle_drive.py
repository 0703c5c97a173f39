"""What pedals, steers and carries on a bicycle or cycle rickshaw: cranks, chain, saddle, fork and handlebars."""

from __future__ import annotations

import numpy as np

from scenes.stage.mesh import Points
from scenes.stage.mounts.mount import crank_turn_deg, pedal_m
from scenes.stage.mounts.tubework import Workpiece, ball, block, drum, hull, pipe, prism, rod, turned
from scenes.stage.mounts.workshop import Workshop

CHAIN_Y_M = -0.046
_RING_M, _SPROCKET_M = 0.086, 0.036


def crankset(shop: Workshop) -> None:
    """Add chainring, cranks and pedals, turned with the wheels."""
    assert shop.layout.crank_m is not None
    x, z, _ = shop.layout.crank_m
    body = shop.body.use("alloy", "frame")
    turn = crank_turn_deg(shop.vehicle.wheel_turn_deg)
    rod(body, (x, -0.065, z), (x, 0.065, z), 0.013)
    drum(body, (x, 0.0, z), 0.023, 0.036, segments=12)
    teeth = _toothed(_RING_M, 42, turn) + np.array([x, z])
    hole = _circle(0.062, 84) + np.array([x, z])
    _ring(body.use("steel", "frame"), teeth, hole, CHAIN_Y_M)
    for spoke in np.deg2rad(np.arange(5) * 72 - turn):
        tip = (x + 0.065 * float(np.cos(spoke)), CHAIN_Y_M, z + 0.065 * float(np.sin(spoke)))
        rod(body, (x, CHAIN_Y_M, z), tip, 0.006, segments=5)
    for side in (1, -1):
        _pedal(body, (x, side * 0.062, z), pedal_m(shop.layout, side, shop.vehicle.wheel_turn_deg), side)


def _pedal(body: Workpiece, axle: tuple[float, float, float], top: Points, side: int) -> None:
    middle = top - np.array([0, 0, 0.012])
    end = (middle[0], side * 0.072, middle[2])
    pipe(body.use("alloy", "frame"), [axle, end], [0.014, 0.01], segments=6)
    rod(body, end, (middle[0], middle[1], middle[2]), 0.006, segments=5)
    body.use("dark", "frame")
    block(body, middle - np.array([0.046, 0.044, 0.012]), middle + np.array([0.046, 0.044, 0.012]), edge_m=0.008)


def chain(shop: Workshop, rear_xz: tuple[float, float], *, y_m: float = CHAIN_Y_M) -> None:
    """Add sprocket and chain from the cranks to an axle behind."""
    assert shop.layout.crank_m is not None
    x, z, _ = shop.layout.crank_m
    body = shop.body.use("steel", "wheel")
    drum(body, (rear_xz[0], y_m, rear_xz[1]), _SPROCKET_M, 0.004, segments=18)
    body.use("engine", "frame")
    for sign in (1, -1):
        front, back = np.array([x, z + sign * _RING_M]), np.array([rear_xz[0], rear_xz[1] + sign * _SPROCKET_M])
        thick = np.array([0.0, 0.004])
        prism(body, [back - thick, front - thick, front + thick, back + thick], y_m - 0.003, y_m + 0.003)


def _circle(radius_m: float, count: int) -> Points:
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return radius_m * np.stack([np.cos(angles), np.sin(angles)], axis=-1)


def _toothed(radius_m: float, teeth: int, turn_deg: float) -> Points:
    angles = np.linspace(0, 2 * np.pi, 2 * teeth, endpoint=False) - np.deg2rad(turn_deg)
    radii = radius_m + np.where(np.arange(2 * teeth) % 2 == 0, 0.003, -0.004)
    return np.asarray(radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=-1))


def _ring(work: Workpiece, outer: Points, inner: Points, y_m: float) -> None:
    rings = [(inner, -0.002), (outer, -0.002), (outer, 0.002), (inner, 0.002), (inner, -0.002)]
    points = np.stack([np.column_stack([flat[:, 0], np.full(len(flat), y_m + y), flat[:, 1]]) for flat, y in rings])
    work.grid(points.transpose(1, 0, 2)[::-1], work.slot, closed=True)


def saddle(shop: Workshop, x_m: float, z_m: float, *, half_m: float, long_m: float = 0.27) -> None:
    """Add a saddle on its rails; its top is at `z_m` below the rider's hips."""
    body = shop.body.use("seat", "seat")
    low = z_m - 0.03
    stations = [
        (x_m - 0.42 * long_m, low + 0.008, 0.55 * half_m, 0.022, 0.02, 2.4),
        (x_m - 0.36 * long_m, low + 0.005, 0.95 * half_m, 0.03, 0.035, 2.6),
        (x_m - 0.1 * long_m, low, 0.86 * half_m, 0.03, 0.035, 2.6),
        (x_m + 0.15 * long_m, low, 0.4 * half_m, 0.026, 0.03, 2.4),
        (x_m + 0.52 * long_m, low - 0.002, 0.026, 0.02, 0.03, 2.2),
        (x_m + 0.58 * long_m, low - 0.008, 0.012, 0.01, 0.016, 2.0),
    ]
    hull(body, stations, segments=16, pieces=15)
    body.use("steel", "frame")
    for side in (1, -1):
        rail = [(x_m - 0.3 * long_m, side * 0.03, low - 0.03), (x_m - 0.1 * long_m, side * 0.022, low - 0.05)]
        pipe(body, [*rail, (x_m + 0.4 * long_m, side * 0.012, low - 0.025)], 0.0035, segments=5, bends=2)


def cycle_fork(shop: Workshop, *, blade_m: float = 0.013, crown_down_m: float = 0.13, suspended: bool = False) -> None:
    """Add head tube, fork blades and dropouts; the blades steer."""
    layout = shop.layout
    low = layout.head_m - crown_down_m * layout.up
    shop.body.use("paint", "frame")
    rod(shop.body, low, layout.head_m - 0.012 * layout.up, 0.019, segments=10)
    with shop.steered():
        _blades(shop, low, blade_m, suspended=suspended)
        rod(shop.body.use("steel", "frame"), low - 0.008 * layout.up, low + 0.012 * layout.up, 0.022, segments=10)
        rod(shop.body, layout.head_m - 0.02 * layout.up, layout.head_m + 0.008 * layout.up, 0.021, segments=10)


def _blades(shop: Workshop, low: Points, blade_m: float, *, suspended: bool) -> None:
    wheel = shop.layout.front
    half = max(wheel.half_m + 0.022, 0.048)
    hub = np.array([wheel.x_m, 0.0, wheel.radius_m])
    crown_z = wheel.radius_m * 2 + 0.03
    crown = np.array([shop.layout.axis_x_m(crown_z), 0.0, crown_z])
    rod(shop.body.use("frame", "frame"), crown, low, 0.017)
    for side in (1, -1):
        out = np.array([0.0, side * half, 0.0])
        middle = 0.45 * crown + 0.55 * hub + np.array([-0.018, 0, 0])
        if suspended:
            pipe(shop.body.use("chrome", "frame"), [crown + out, 0.45 * crown + 0.55 * hub + out], 0.015, segments=8)
            pipe(
                shop.body.use("dark", "frame"),
                [middle + out + np.array([0.014, 0, 0.08]), hub + out],
                [0.021, 0.019],
                segments=8,
            )
        else:
            pipe(
                shop.body.use("paint", "frame"),
                [crown, crown + out, middle + out, hub + out],
                [0.014, blade_m, blade_m, 0.6 * blade_m],
                segments=7,
            )
    rod(
        shop.body.use("frame", "frame"),
        crown + np.array([0, half + 0.014, 0]),
        crown - np.array([0, half + 0.014, 0]),
        0.016,
    )
    rod(
        shop.body.use("steel", "frame"),
        hub + np.array([0, half + 0.014, 0]),
        hub - np.array([0, half + 0.014, 0]),
        0.006,
    )


def handlebar(shop: Workshop, style: str) -> None:
    """Add stem, bar, grips, brake levers and cables; all of it steers.

    Args:
        shop: whose layout says where the grips are.
        style: "swept" back, "flat" or "drop".
    """
    with shop.steered():
        x = {"swept": -0.005, "flat": 0.05, "drop": 0.065}[style] + float(shop.layout.head_m[0])
        z = shop.layout.grip_m[2] - (0.012 if style == "drop" else 0.0)
        stem = np.array([x, 0.0, z])
        top = shop.layout.head_m + 0.03 * shop.layout.up
        shop.body.use("alloy", "handlebar")
        pipe(
            shop.body,
            [shop.layout.head_m, top, 0.5 * (top + stem) + np.array([0, 0, 0.01]), stem],
            0.0135,
            segments=8,
            bends=3,
        )
        left = {"swept": _swept, "flat": _flat, "drop": _drop}[style](shop, stem)
        mirrored = left[:0:-1] * np.array([1, -1, 1])
        pipe(shop.body.use("alloy", "handlebar"), np.vstack([mirrored, left]), 0.0115, segments=7, bends=4)
        for side in (1, -1):
            _cable(shop, side, style)


def _swept(shop: Workshop, stem: Points) -> Points:
    x, _, z = shop.layout.grip_m
    half = shop.layout.bar_m
    end, start = np.array([x - 0.068, half - 0.017, z]), np.array([x + 0.06, half - 0.1, z])
    _grips(shop, start, end)
    return np.array([stem, stem + np.array([0.02, 0.07, 0.002]), [x + 0.085, 0.55 * half, z + 0.002], start, end])


def _flat(shop: Workshop, stem: Points) -> Points:
    x, _, z = shop.layout.grip_m
    half = shop.layout.bar_m
    start, end = np.array([x + 0.006, half - 0.13, z]), np.array([x - 0.006, half, z])
    _grips(shop, start, end)
    return np.array(
        [stem, stem + np.array([0.002, 0.06, 0]), [x + 0.016, half - 0.2, z], start, end - np.array([0, 0.002, 0])]
    )


def _drop(shop: Workshop, stem: Points) -> Points:
    x, y, z = shop.layout.grip_m
    half = shop.layout.bar_m
    for side in (1, -1):
        hood = shop.body.use("rubber", "handlebar")
        ball(hood, (x, side * y, z + 0.017), (0.055, 0.017, 0.036), segments=12)
        pipe(
            shop.body.use("dark", "handlebar"),
            [(x + 0.035, side * y, z + 0.03), (x + 0.06, side * y, z - 0.01), (x + 0.035, side * y, z - 0.09)],
            [0.009, 0.007, 0.005],
            segments=5,
        )
    low = half - 0.0125
    return np.array(
        [
            stem,
            stem + np.array([0, 0.12, 0]),
            [stem[0] + 0.012, y - 0.025, stem[2]],
            [x - 0.02, y, stem[2] + 0.004],
            [x + 0.022, 0.7 * y + 0.3 * low, z - 0.06],
            [x - 0.02, 0.4 * y + 0.6 * low, z - 0.125],
            [x - 0.1, low, z - 0.132],
        ]
    )


def _grips(shop: Workshop, start: Points, end: Points) -> None:
    along = (end - start) / np.linalg.norm(end - start)
    for side in (1, -1):
        flip = np.array([1, side, 1])
        pipe(shop.body.use("rubber", "handlebar"), [start * flip, end * flip], [0.0165, 0.017], segments=8)
        lever = start - 0.03 * along
        tip = lever + 0.1 * along + np.array([0.045, 0, -0.02])
        knee = lever + np.array([0.05, 0, -0.01])
        pipe(
            shop.body.use("dark", "handlebar"),
            [lever * flip, knee * flip, tip * flip],
            [0.008, 0.006, 0.005],
            segments=5,
            bends=3,
        )


def _cable(shop: Workshop, side: int, style: str) -> None:
    x, y, z = shop.layout.grip_m
    start = np.array([x + 0.05, side * (y - (0.0 if style == "drop" else 0.1)), z])
    low = shop.layout.head_m - 0.1 * shop.layout.up + np.array([0.02, side * 0.022, 0.0])
    bend = np.array([max(float(low[0]), float(start[0])) + 0.09, side * 0.45 * y, 0.45 * z + 0.55 * low[2]])
    pipe(shop.body.use("rubber", "handlebar"), [start, bend, low], 0.0028, segments=4, bends=6)


def bell(shop: Workshop) -> None:
    """Add a bell beside the left grip."""
    x, y, z = shop.layout.grip_m
    with shop.steered():
        dome = [(0.026, 0.0), (0.024, 0.012), (0.014, 0.021), (0.001, 0.023)]
        turned(shop.body.use("chrome", "handlebar"), (x + 0.07, y - 0.12, z - 0.008), dome, axis=(0, 0, 1), segments=12)
