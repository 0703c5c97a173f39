"""Fairings of sports bikes and tourers: nose, side cowls, screen, lamps and dash, and a tourer's luggage."""

from __future__ import annotations

import numpy as np

from scenes.stage.mesh import Points
from scenes.stage.mounts.fittings import LAMP_CD, indicators, lens, mirrors
from scenes.stage.mounts.motorcycle_chassis import screen
from scenes.stage.mounts.tubework import Workpiece, ball, block, hull, rod, spline
from scenes.stage.mounts.workshop import Workshop

_SPORTS = (  # height, rear and front end as shares of the wheelbase, half width at either
    (0.23, 0.40, 0.55, 0.09, 0.08),
    (0.34, 0.345, 0.675, 0.17, 0.13),
    (0.48, 0.40, 0.735, 0.205, 0.165),
    (0.62, 0.50, 0.775, 0.215, 0.175),
    (0.74, 0.575, 0.84, 0.21, 0.165),
    (0.85, 0.615, 0.945, 0.195, 0.12),
    (0.91, 0.655, 0.93, 0.165, 0.11),
)
_TOURER = (
    (0.40, 0.53, 0.68, 0.20, 0.18),
    (0.55, 0.51, 0.755, 0.245, 0.2),
    (0.70, 0.545, 0.80, 0.275, 0.22),
    (0.84, 0.60, 0.895, 0.285, 0.2),
    (0.95, 0.645, 0.935, 0.265, 0.16),
    (1.02, 0.68, 0.90, 0.23, 0.15),
)


def fairing(shop: Workshop) -> None:
    """Add the fairing of a sports bike or tourer with its lamps, screen, mirrors and, for tourers, luggage."""
    sporty, body = shop.layout.style == "sports", shop.body
    table = _SPORTS if sporty else _TOURER
    _cowls(shop, table)
    z, wide = (0.86, 0.175) if sporty else (0.94, 0.235)
    tip = shop.at(0.985 if sporty else 0.955)
    head_x, height = float(shop.layout.head_m[0]), shop.vehicle.height_m
    stations = [
        (shop.at(0.78 if sporty else 0.72), z, 0.97 * wide, 0.07, 0.1, 3.2),
        (shop.at(0.88), z - 0.005, 0.88 * wide, 0.075, 0.1, 2.8),
        (tip - 0.03, z - 0.015, 0.7 * wide, 0.055, 0.08, 2.6),
        (tip, z - 0.025, 0.5 * wide, 0.03, 0.05, 2.4),
    ]
    hull(body.use("paint", "body"), stations, segments=24, pieces=12)
    low, high = (shop.at(0.885), 0.0, z + 0.055), (head_x - (0.0 if sporty else 0.05), 0.0, height)
    tone = "glass_dark" if sporty else "glass"
    screen(body.use(tone, "glass"), low, high, (0.7 * wide, 0.65 * wide), curve_m=0.12)
    for side in (1, -1):
        spot = np.array([tip - 0.016, side * 0.32 * wide, z - 0.028])
        ball(body.use("dark", "headlamp"), spot - np.array([0.012, 0, 0]), (0.034, 0.26 * wide, 0.032))
        lens(shop.head.use("lamp_head", "headlamp"), spot + np.array([0.012, 0, 0]), (0.21 * wide, 0.024))
    shop.low_beam((tip, 0.0, z - 0.03), LAMP_CD)
    indicators(shop, shop.at(0.83), 0.24 if sporty else 0.28, z - 0.08, ahead=True, stalk_m=0.08)
    mirrors(shop, (shop.at(0.83), wide, z + 0.04), (head_x + 0.04, wide + 0.14, z + 0.17), oval=(0.075, 0.042))
    block(body.use("dark", "handlebar"), (head_x, -0.09, z), (head_x + 0.1, 0.09, z + 0.085), edge_m=0.012)
    if not sporty:
        _luggage(shop, shop.at(0.0))


def _cowls(shop: Workshop, table: tuple[tuple[float, ...], ...]) -> None:
    """Add the side cowls: a skin lofted over rows of height, with a second colour below on some models."""
    rows = spline(np.array(table), 2)
    z, back, front, wide, narrow = (column[:, None] for column in rows.T)
    t = np.linspace(0, 1, 9)[None]
    x = shop.layout.rear.x_m + shop.vehicle.wheelbase_m * (back + (front - back) * t)
    crease = 0.012 * np.exp(-(((z - 0.62 - 0.2 * t) / 0.05) ** 2))
    y = wide + (narrow - wide) * t**2 + crease
    left = np.stack([x, y, z + 0.0 * t], axis=-1)
    colours = np.full((len(left) - 1, 8), shop.body.use("paint", "body").slot)
    if shop.rng.random() < 0.5:
        colours[: len(colours) // 3] = shop.body.use("paint_second", "body").slot
    for side in (1, -1):
        outer = left * np.array([1, side, 1])
        _skin(shop.body, outer[:, ::side], colours[:, ::side])


def _skin(work: Workpiece, outer: Points, colours: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> None:
    middle = np.array([1.0, 0.955, 1.0])
    work.use("paint", "body").grid(outer, colours)
    inner = outer * middle
    work.use("dark", "body").grid(inner[:, ::-1], work.slot)
    for edge in (outer[:, 0], outer[:, -1], outer[0], outer[-1]):
        work.grid(np.stack([edge, edge * middle]), work.slot)


def _luggage(shop: Workshop, axle_x_m: float) -> None:
    """Add panniers and, on some models, a top box."""
    body = shop.body
    half = 0.11
    y = min(shop.vehicle.width_m / 2 - half - 0.01, 0.29)
    end = -shop.vehicle.length_m / 2
    back, front = max(axle_x_m - 0.34, end + 0.03), axle_x_m + 0.16
    for side in (1, -1):
        stations = [
            (back, 0.62, 0.7 * half, 0.12, 0.11, 4.0),
            (back + 0.05, 0.62, half, 0.16, 0.16, 4.0),
            (front - 0.07, 0.61, half, 0.16, 0.18, 4.0),
            (front, 0.61, 0.75 * half, 0.12, 0.13, 4.0),
        ]
        hull(body.use("paint", "load"), stations, y_m=side * y, segments=16, pieces=9)
        block(
            body.use("dark", "load"),
            (back + 0.02, side * (y + half) - 0.008, 0.625),
            (front - 0.03, side * (y + half) + 0.008, 0.645),
        )
    if shop.rng.random() < 0.6:
        x = max(end + 0.03, axle_x_m - 0.4)
        stations = [
            (x, 0.97, 0.17, 0.1, 0.07, 4),
            (x + 0.06, 0.98, 0.22, 0.13, 0.09, 4),
            (x + 0.28, 0.98, 0.21, 0.13, 0.09, 4),
        ]
        hull(body.use("dark", "load"), [*stations, (x + 0.34, 0.97, 0.17, 0.1, 0.07, 4)], segments=16, pieces=9)
        rod(body.use("frame", "frame"), (x + 0.17, 0.0, 0.91), (x + 0.3, 0.0, 0.74), 0.03)
