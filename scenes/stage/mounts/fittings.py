"""What every road-going two- or three-wheeler carries: lamps, indicators, mirrors and a number plate."""

from __future__ import annotations

import numpy as np

from scenes.stage.mesh import Points
from scenes.stage.mounts.tubework import Vector, Workpiece, ball, pipe, rod, turned
from scenes.stage.mounts.workshop import Workshop

LAMP_CD = 12_000.0
"""Peak of a motorcycle's dipped beam (UNECE R113 class C asks for several thousand candela below the cut-off)."""

_AHEAD = (1.0, 0.0, 0.0)


def round_headlamp(shop: Workshop, centre: Vector, radius_m: float, candela: float, *, bowl: str) -> None:
    """Add a round lamp that faces ahead: a bowl, a bezel and a domed lens, and its beam."""
    shop.body.use(bowl, "headlamp")
    depth = 1.25 * radius_m
    shell = [(0, -depth), (0.5 * radius_m, -0.92 * depth), (0.88 * radius_m, -0.5 * depth), (1.04 * radius_m, 0.0)]
    turned(shop.body, centre, shell, axis=_AHEAD, segments=20)
    shop.body.use("chrome", "headlamp")
    ring = [(1.05 * radius_m, -0.008), (1.06 * radius_m, 0.008), (0.95 * radius_m, 0.012), (0.94 * radius_m, 0.0)]
    turned(shop.body, centre, ring, axis=_AHEAD, segments=20)
    lens(shop.head.use("lamp_head", "headlamp"), centre, (0.95 * radius_m,) * 2)
    shop.low_beam(centre, candela)


def lens(work: Workpiece, centre: Vector, half_m: tuple[float, float], *, ahead: bool = True) -> None:
    """Add a domed oval cover, half width and half height, that faces ahead or back."""
    rings = np.array([(1.0, 0.0), (0.97, 0.005), (0.6, 0.014), (0.02, 0.017)])
    angles = np.linspace(0, 2 * np.pi, 18 if max(half_m) > 0.05 else 11, endpoint=False)
    sign = 1.0 if ahead else -1.0
    x = sign * rings[:, 1][None] + 0 * angles[:, None]
    y = sign * half_m[0] * rings[:, 0][None] * np.cos(angles)[:, None]
    z = half_m[1] * rings[:, 0][None] * np.sin(angles)[:, None]
    work.grid(np.asarray(centre) + np.stack([x, y, z], axis=-1), work.slot, closed=True)


def pane(work: Workpiece, points: Points) -> None:
    """Add a lamp cover from a (rows, columns, 3) grid whose outside is where rows x columns point."""
    work.grid(points, work.slot)


def tail_lamp(shop: Workshop, centre: Vector, half_m: tuple[float, float]) -> None:
    """Add a rear lamp: tail light around a brake light, in a dark housing."""
    x, y, z = centre
    shop.body.use("dark", "tail_lamp")
    ball(shop.body, (x + 0.012, y, z), (0.03, half_m[0] + 0.008, half_m[1] + 0.008))
    lens(shop.tail.use("lamp_tail", "tail_lamp"), (x - 0.012, y, z), half_m, ahead=False)
    lens(shop.tail.use("lamp_brake", "tail_lamp"), (x - 0.0165, y, z), (0.6 * half_m[0], 0.6 * half_m[1]), ahead=False)


def indicators(shop: Workshop, x_m: float, y_m: float, z_m: float, *, ahead: bool, stalk_m: float = 0.09) -> None:
    """Add a pair of indicators at `y_m` on either side, on stalks towards the middle; 0 sets them flush."""
    for side, slot in ((1, "lamp_indicator_left"), (-1, "lamp_indicator_right")):
        if stalk_m:
            shop.body.use("dark", "indicator")
            rod(shop.body, (x_m, side * (y_m - stalk_m), z_m), (x_m, side * y_m, z_m), 0.007, segments=6)
            ball(shop.body, (x_m - (0.012 if ahead else -0.012), side * y_m, z_m), (0.022, 0.034, 0.025), segments=8)
        out = 0.003 if ahead else -0.003
        lens(shop.indicator.use(slot, "indicator"), (x_m + out, side * y_m, z_m), (0.03, 0.021), ahead=ahead)


def mirrors(shop: Workshop, foot: Vector, head: Vector, *, oval: tuple[float, float]) -> None:
    """Add a pair of mirrors on bent stems from a foot on the left to the mirror's middle."""
    for side in (1, -1):
        base, top = (np.array([point[0], side * point[1], point[2]]) for point in (foot, head))
        bend = 0.5 * base + 0.5 * top + np.array([0.02, side * 0.03, 0.02])
        shop.body.use("dark", "mirror")
        pipe(shop.body, [base, bend, top], 0.005, segments=6, bends=3)
        ball(shop.body, top + np.array([0.012, 0, 0]), (0.022, oval[0] + 0.006, oval[1] + 0.006))
        lens(shop.body.use("chrome", "mirror"), top - np.array([0.004, 0, 0]), oval, ahead=False)


def number_plate(
    shop: Workshop, centre: Vector, half_m: tuple[float, float], *, tilt_deg: float = 0.0, ahead: bool = False
) -> None:
    """Add a plate that faces back (or ahead), leaning by `tilt_deg` so that its face looks up."""
    sign = 1.0 if ahead else -1.0
    lean = np.deg2rad(tilt_deg)
    up = np.array([-sign * np.sin(lean), 0.0, np.cos(lean)]) * half_m[1]
    across = np.array([0.0, sign * half_m[0], 0.0])
    middle = np.asarray(centre, dtype=np.float64)
    corners = [middle - across - up, middle + across - up, middle + across + up, middle - across + up]
    shop.body.use("plate", "plate").quad(corners, shop.body.slot)
    behind = np.array(corners) + np.array([-sign * 0.004, 0.0, 0.0])
    shop.body.use("dark", "plate").quad(behind[::-1], shop.body.slot)
