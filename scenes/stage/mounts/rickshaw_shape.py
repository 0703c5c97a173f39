"""The shape of auto and battery rickshaws: heights, where the rear panel is, and the rounded plan of the nose."""

from __future__ import annotations

import numpy as np

from scenes.stage.mesh import Points
from scenes.stage.mounts.workshop import Workshop

SILL_M = 0.30
BELT_M = 0.86


def rear_x_m(shop: Workshop) -> float:
    """Return where the rear panel is: as far ahead of the rear end as lamps and bumper stand out."""
    return -shop.vehicle.length_m / 2 + 0.035


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


def windscreen_top(shop: Workshop) -> Points:
    """Return the windscreen's upper edge, left to right."""
    angle = np.linspace(np.deg2rad(40), np.deg2rad(140), 13)
    return plan(shop, np.full(13, shop.vehicle.height_m - 0.1), angle)
