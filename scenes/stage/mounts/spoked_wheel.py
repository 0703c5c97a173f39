"""Wheels of two- and three-wheelers about the y axis: tyres, rims, spokes, hubs and brakes."""

from __future__ import annotations

import numpy as np

from scenes.stage.mesh import Points
from scenes.stage.mounts.mount import Wheel
from scenes.stage.mounts.tubework import Workpiece, drum, prism, turned


def wire_wheel(wheel: Wheel, *, spokes: int = 28, drum_m: float = 0.0, heavy: bool = False) -> Workpiece:
    """Return a wheel with crossed wire spokes.

    Args:
        wheel: its size.
        spokes: a multiple of 4.
        drum_m: radius of a brake drum in the hub, 0 for a bicycle's hub.
        heavy: a motorcycle's: deep tyre, broad rim, thick spokes.
    """
    work = Workpiece()
    depth = 0.088 if heavy else 2 * wheel.half_m
    rim = wheel.radius_m - depth
    _tyre(work, wheel, depth)
    work.use("chrome" if heavy else "alloy", "wheel")
    half = wheel.half_m * (0.55 if heavy else 0.62)
    turned(work, (0, 0, 0), _rim(rim, half, 0.016), segments=36)
    flange = max(drum_m, 0.024)
    _wires(work, spokes, flange, rim - 0.01, heavy=heavy)
    work.use("alloy", "wheel")
    if drum_m:
        drum(work, (0, 0, 0), drum_m, 0.05, segments=20)
    hub = [(0, -0.05), (0.012, -0.05), (0.012, -0.036), (0.026, -0.03), (0.02, -0.024), (0.016, 0.0)]
    turned(work, (0, 0, 0), hub + [(radius, -y) for radius, y in hub[-2::-1]], segments=12)
    return work


def alloy_wheel(
    wheel: Wheel, *, spokes: int, disc_m: float, two_discs: bool = False, depth_m: float = 0.092
) -> Workpiece:
    """Return a cast wheel.

    Args:
        wheel: its size.
        spokes: how many.
        disc_m: radius of the brake disc, 0 for none.
        two_discs: one on either side, instead of one on the left.
        depth_m: of the tyre's section.
    """
    work = Workpiece()
    _tyre(work, wheel, depth_m)
    work.use("alloy", "wheel")
    rim = wheel.radius_m - depth_m
    turned(work, (0, 0, 0), _rim(rim, 0.78 * wheel.half_m, 0.02), segments=36)
    for angle in np.linspace(0, 2 * np.pi, spokes, endpoint=False):
        _cast_spoke(work, angle, rim - 0.008, 0.62 * wheel.half_m)
    drum(work, (0, 0, 0), 0.046, 0.95 * wheel.half_m, segments=16)
    for side in (1, -1) if two_discs else (1,):
        if disc_m:
            brake_disc(work, disc_m, side * (wheel.half_m + 0.004))
    return work


def brake_disc(work: Workpiece, radius_m: float, y_m: float) -> None:
    """Add a disc on its carrier."""
    work.use("steel", "wheel")
    inner, thick = 0.68 * radius_m, 0.0025
    ring = [(inner, -thick), (radius_m, -thick), (radius_m, thick), (inner, thick), (inner, -thick)]
    turned(work, (0, y_m, 0), ring, segments=24)
    work.use("dark", "wheel")
    for angle in np.linspace(0, 2 * np.pi, 5, endpoint=False):
        arm = _turn(np.array([(0.02, -0.014), (inner + 0.01, -0.008), (inner + 0.01, 0.008), (0.02, 0.014)]), angle)
        prism(work, arm, y_m - 0.003, y_m + 0.003)


def _tyre(work: Workpiece, wheel: Wheel, depth_m: float) -> None:
    work.use("rubber", "wheel")
    around = np.linspace(-np.pi, np.pi, 13)
    radius = wheel.radius_m - depth_m / 2 + depth_m / 2 * np.cos(around)
    turned(work, (0, 0, 0), np.column_stack([radius, wheel.half_m * np.sin(around)]), segments=36)


def _rim(radius_m: float, half_m: float, deep_m: float) -> list[tuple[float, float]]:
    lip = radius_m + 0.006
    section = [(radius_m - deep_m, -0.5 * half_m), (radius_m - 0.3 * deep_m, -half_m), (lip, -half_m)]
    return [*section, (lip, half_m), (radius_m - 0.3 * deep_m, half_m), (radius_m - deep_m, 0.5 * half_m), section[0]]


def _wires(work: Workpiece, count: int, hub_m: float, rim_m: float, *, heavy: bool) -> None:
    """Add crossed spokes as three-sided wires."""
    work.use("steel", "wheel")
    flange_y_m, radius_m = (0.042, 0.0024) if heavy else (0.03, 0.0015)
    number = np.arange(count)
    side = np.where(number % 2 == 0, 1.0, -1.0)
    cross = np.where(number // 2 % 2 == 0, 1.0, -1.0)
    outer = 2 * np.pi * number / count
    inner = outer + cross * (1.1 if hub_m < 0.05 else 0.55)
    start = np.stack([hub_m * np.cos(inner), flange_y_m * side, hub_m * np.sin(inner)], axis=-1)
    end = np.stack([rim_m * np.cos(outer), 0.004 * side, rim_m * np.sin(outer)], axis=-1)
    along = (end - start) / np.linalg.norm(end - start, axis=1, keepdims=True)
    across = np.cross(along, [0.0, 1.0, 0.0])
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    up = np.cross(along, across)
    angles = np.linspace(0, 2 * np.pi, 3, endpoint=False)[:, None, None]
    ring = radius_m * (np.cos(angles) * across + np.sin(angles) * up)
    points = np.stack([start + ring, end + ring], axis=0).transpose(2, 0, 1, 3)
    quads = np.array([[0, 1, 4, 3], [1, 2, 5, 4], [2, 0, 3, 5]])
    work.add(points.reshape(-1, 3), (6 * number[:, None, None] + quads).reshape(-1, 4), work.slot)


def _cast_spoke(work: Workpiece, angle: float, rim_m: float, half_m: float) -> None:
    outline = np.array([(0.03, -0.02), (0.5 * rim_m, -0.013), (rim_m, -0.022), (rim_m, 0.022), (0.5 * rim_m, 0.013)])
    outline = np.vstack([outline, [(0.03, 0.02)]])
    prism(work, _turn(outline, angle), -half_m, half_m)


def _turn(outline: Points, angle: float) -> Points:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.asarray(outline @ np.array([[cos, sin], [-sin, cos]]))
