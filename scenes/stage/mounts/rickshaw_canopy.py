"""Roofs of rickshaws: cloth over bows that sags between them, or a hard roof; and a cycle rickshaw's folding hood."""

from __future__ import annotations

import numpy as np

from scenes.stage.mesh import Points
from scenes.stage.mounts.tubework import pipe
from scenes.stage.mounts.workshop import Workshop

_BOWS = 4


def canopy(shop: Workshop, windscreen: Points, end_m: float) -> None:
    """Add the roof from the windscreen's upper edge to the rear."""
    hard = shop.layout.style == "battery"
    half, top = shop.vehicle.width_m / 2, shop.vehicle.height_m
    rear_x = end_m + (0.0 if hard else 0.03)
    front_x = float(windscreen[:, 0].max()) + 0.06
    along = np.linspace(0, 1, 25)[:, None]
    across = np.linspace(-1, 1, 17)[None]
    wide = half - 0.012 - (0.1 if hard else 0.14) * np.clip(1 - along / 0.3, 0, 1) ** 2
    arch = 0.05 if hard else 0.09
    droop = 0.05 * np.clip((np.abs(across) - 0.86) / 0.14, 0, 1) ** 2 + 0.02 * np.clip(1 - along / 0.08, 0, 1) ** 2
    sag = 0.0 if hard else 0.014 * np.sin(np.pi * _BOWS * along) ** 2 * (1 - across**4)
    wrinkle = 0.0 if hard else 0.004 * np.sin(17 * along + 6 * np.abs(across) + 3 * across) * np.abs(across)
    end = 0.05 * np.clip((along - 0.9) / 0.1, 0, 1) ** 2 if not hard else 0.0
    x = front_x + (rear_x - front_x) * along + 0 * across - 0.05 * across**2 * np.clip(1 - along / 0.15, 0, 1)
    z = top - arch * across**2 - droop - sag - wrinkle - end
    points = np.stack([x, wide * across, z], axis=-1)
    slot = "paint" if hard else "canopy"
    shop.body.use(slot, "roof").grid(points[:, ::-1], shop.body.slot)
    below = points - np.array([0, 0, 0.012])
    shop.body.use("interior" if hard else "canopy", "roof").grid(below, shop.body.slot)
    shop.body.use(slot, "roof")
    for edge in (points[:, 0], points[:, -1], points[0], points[-1]):
        pipe(shop.body, edge[::4] - np.array([0, 0, 0.004]), 0.011, segments=5, bends=1)
    shop.body.use("frame", "frame")
    for share in (0, 6, 12, 18, 24):
        pipe(shop.body, points[share, 1:-1:3] - np.array([0, 0, 0.022]), 0.011, segments=6, bends=1)


def rear_cloth(shop: Workshop, belt_m: float, end_m: float) -> None:
    """Add the cloth behind and beside the passengers, with a clear window."""
    half, end = shop.vehicle.width_m / 2, end_m
    top = shop.vehicle.height_m - 0.12
    turn_m, front_x = 0.16, shop.layout.rear.x_m + 0.3
    corner = np.linspace(0, np.pi / 2, 6)
    side_x = np.linspace(front_x, end + turn_m, 12, endpoint=False)
    x = np.concatenate([side_x, end + turn_m - turn_m * np.sin(corner), np.full(6, end)])
    y = np.concatenate(
        [np.full(12, half), half - turn_m + turn_m * np.cos(corner), np.linspace(half - turn_m, 0, 7)[1:]]
    )
    x, y = np.concatenate([x, x[-2::-1]]), np.concatenate([y, -y[-2::-1]])
    t = np.linspace(0, 1, 8)[:, None]
    fold = 0.008 * np.sin(22 * x + 15 * y) * np.sin(np.pi * t)
    lean = np.maximum(0.1 * t**2, 0.012)
    z = belt_m - 0.01 + (top - belt_m) * t - 0.02 * np.abs(y / half) ** 4 * t
    points = np.stack(
        [np.where(x < end + turn_m, x + lean + fold, x), (y - 0.012 * np.sign(y)) * (1 - 0.05 * t**2) + fold * 0.6, z],
        axis=-1,
    )
    shop.body.use("canopy", "body").grid(points[::-1], shop.body.slot)
    inner = points * np.array([1, 0.985, 1]) + np.array([0.01, 0, 0])
    shop.body.grid(inner, shop.body.slot)
    middle = points.shape[1] // 2
    pane = points[2:7, middle - 4 : middle + 5] - np.array([0.006, 0, 0])
    shop.body.use("glass_dark", "glass").grid(pane[::-1], shop.body.slot)


def hood(shop: Workshop, pivot: tuple[float, float], half_m: float, *, up: bool) -> None:
    """Add a folding hood: cloth over bows that fan out from a pivot on either side; folded back if not up.

    Args:
        shop: whose height the hood reaches.
        pivot: x and z of the hinges.
        half_m: half width between them.
        up: whether it is raised.
    """
    px, pz = pivot
    bows = np.deg2rad(np.linspace(62, 168, 19) if up else np.linspace(150, 178, 19))[:, None]
    tall = shop.vehicle.height_m - pz - 0.005
    long = 0.62 if up else 0.5
    reach = 1 / np.sqrt((np.cos(bows) / long) ** 2 + (np.sin(bows) / tall) ** 2) if up else np.full_like(bows, long)
    around = np.linspace(0, np.pi, 21)[None]
    y = half_m * np.sign(np.cos(around)) * np.abs(np.cos(around)) ** 0.45
    out = np.sin(around) ** 0.4
    sag = 1 - (0.035 if up else 0.12) * np.sin(np.linspace(0, 4 * np.pi, 19))[:, None] ** 2 * out
    radius = reach * out * sag
    end = -shop.vehicle.length_m / 2 + 0.02
    x = np.maximum(px + radius * np.cos(bows), end)
    points = np.stack([x, y + 0 * bows, pz + radius * np.sin(bows)], axis=-1)
    shop.body.use("canopy", "roof").grid(points[:, ::-1], shop.body.slot)
    shop.body.grid(points * np.array([1, 0.985, 1]) - np.array([0, 0, 0.008]), shop.body.slot)
    shop.body.use("frame", "frame")
    for row in range(0, 19, 6 if up else 9):
        pipe(shop.body, points[row, ::2] - np.array([0, 0, 0.004]), 0.008, segments=5, bends=1)
