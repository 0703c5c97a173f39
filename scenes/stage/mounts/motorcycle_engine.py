"""Motorcycle engines: crankcase, finned cylinders, carburettor, exhaust."""

from __future__ import annotations

import numpy as np

from scenes.stage.mesh import Points
from scenes.stage.mounts.tubework import Vector, Workpiece, ball, block, drum, hull, pipe, rod, turned
from scenes.stage.mounts.workshop import Workshop

_CASE_Y_M = 0.125


def engine(shop: Workshop) -> None:
    """Add the engine of the style: one cylinder, a V of two, or a block of four behind a radiator."""
    at, style = shop.at, shop.layout.style
    x = at(0.53)
    _crankcase(shop, x)
    if style == "cruiser":
        for lean, back in ((24.0, 0.05), (-24.0, -0.05)):
            _cylinder(shop, np.array([x + back, 0.0, 0.42]), lean, tall_m=0.25, half_m=0.075)
        ball(shop.body.use("chrome", "frame"), (x, -0.13, 0.56), (0.075, 0.035, 0.075))
    elif style == "commuter":
        _cylinder(shop, np.array([x + 0.07, 0.0, 0.42]), 18.0, tall_m=0.24, half_m=0.085)
        rod(shop.body.use("dark", "frame"), (x + 0.02, 0.0, 0.56), (at(0.41), 0.0, 0.58), 0.03)
    else:
        block(shop.body.use("engine", "frame"), (x - 0.02, -0.18, 0.42), (x + 0.2, 0.18, 0.64), edge_m=0.02)
        block(shop.body.use("dark", "grille"), (x + 0.23, -0.17, 0.38), (x + 0.26, 0.17, 0.66))
    _exhaust(shop, x)


def _crankcase(shop: Workshop, x_m: float) -> None:
    body = shop.body.use("engine", "frame")
    stations = [
        (x_m - 0.19, 0.36, 0.07, 0.06, 0.06, 3.0),
        (x_m - 0.14, 0.37, 0.11, 0.1, 0.11, 3.2),
        (x_m + 0.05, 0.35, 0.12, 0.11, 0.13, 3.2),
        (x_m + 0.15, 0.34, 0.1, 0.09, 0.1, 3.0),
        (x_m + 0.18, 0.34, 0.06, 0.05, 0.05, 3.0),
    ]
    hull(body, stations, segments=16, pieces=12)
    for side, radius, slot in ((1, 0.082, "engine"), (-1, 0.095, "steel")):
        drum(body.use(slot, "frame"), (x_m + 0.05, side * _CASE_Y_M, 0.35), radius, 0.03, segments=22)
        drum(
            body.use("dark", "frame"), (x_m + 0.05, side * (_CASE_Y_M + 0.03), 0.35), 0.55 * radius, 0.006, segments=16
        )
    drum(body.use("engine", "frame"), (x_m - 0.12, 0.11, 0.37), 0.06, 0.03, segments=16)


def _cylinder(shop: Workshop, foot: Points, lean_deg: float, *, tall_m: float, half_m: float) -> None:
    """Add a cylinder that leans ahead, with a stack of cooling fins and its head."""
    body: Workpiece = shop.body
    start = len(body.vertices)
    rod(body.use("engine", "frame"), (0, 0, 0), (0, 0, tall_m), 0.6 * half_m, segments=12)
    for height in np.linspace(0.06, tall_m - 0.02, 9):
        long = half_m * (1.0 if height < 0.7 * tall_m else 1.12)
        block(body, (-long, -long, height - 0.0035), (long, long, height + 0.0035), edge_m=0.002)
    block(
        body.use("steel", "frame"),
        (-0.7 * half_m, -0.8 * half_m, tall_m - 0.01),
        (0.7 * half_m, 0.8 * half_m, tall_m + 0.04),
        edge_m=0.015,
    )
    angle = np.deg2rad(lean_deg)
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
    body.vertices[start:] = [points @ turn.T + foot for points in body.vertices[start:]]


def _exhaust(shop: Workshop, x_m: float) -> None:
    at, style = shop.at, shop.layout.style
    end_x = max(at(-0.12), -shop.vehicle.length_m / 2 + 0.06)
    bright = "dark" if style == "sports" else "chrome"
    rise = 0.5 if style == "sports" else 0.33
    out = -0.19
    ports = {"cruiser": 2, "sports": 4, "tourer": 2}.get(style, 1)
    for port in range(ports):
        y = 0.0 if ports == 1 else 0.1 - 0.2 * port / (ports - 1)
        top = (x_m + 0.16, y, 0.58)
        bend = (x_m + 0.25, 0.5 * y - 0.03, 0.42)
        path = [
            top,
            (x_m + 0.235, y, 0.55),
            bend,
            (x_m + 0.16, out + 0.09 + 0.02 * port, 0.21),
            (at(0.4), out + 0.04, 0.215),
        ]
        pipe(shop.body.use("steel", "frame"), path, 0.019, segments=8, bends=4)
    lift = 0.11 if style == "cruiser" else 0.0
    for number in range(2 if style == "cruiser" else 1):
        high = number * lift
        _muffler(
            shop.body,
            (at(0.4), out + 0.04, 0.215),
            (at(0.28), out, 0.25 + high),
            (end_x + 0.1 * number, out - 0.02, rise + high * 0.8),
            bright,
        )
    if style == "tourer":
        _muffler(shop.body, (at(0.4), 0.12, 0.215), (at(0.28), -out, 0.25), (end_x, -out, rise), bright)


def _muffler(work: Workpiece, start: Vector, neck: Vector, end: Vector, slot: str) -> None:
    first, last = np.asarray(neck, dtype=np.float64), np.asarray(end, dtype=np.float64)
    pipe(work.use("steel", "frame"), [start, first], [0.021, 0.024], segments=8)
    long = float(np.linalg.norm(last - first))
    shape = [
        (0.02, 0.0),
        (0.045, 0.08 * long),
        (0.051, 0.3 * long),
        (0.051, 0.88 * long),
        (0.043, 0.99 * long),
        (0.032, long),
    ]
    turned(work.use(slot, "frame"), first, shape, axis=(last - first) / long, segments=16)
    turned(
        work.use("dark", "frame"),
        first,
        [(0.033, 0.985 * long), (0.001, 0.975 * long)],
        axis=(last - first) / long,
        segments=12,
    )
    rod(
        work.use("frame", "frame"),
        0.4 * first + 0.6 * last + np.array([0, 0, 0.03]),
        0.5 * first + 0.5 * last + np.array([0.05, 0.06 * (-1 if first[1] > 0 else 1), 0.2]),
        0.007,
    )
