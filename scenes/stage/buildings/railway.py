"""A railway that crosses the road: rails, sleepers, ballast, and panels where the road goes over it."""

from __future__ import annotations

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.buildings.fabric import GROUND, Fabric
from scenes.stage.mesh import Points

GAUGE_M = 1.435
_HEAD_M = 0.07  # rail 54E1: 70 mm head, 140 mm foot, 159 mm high (EN 13674-1)
_SHOULDER_M = 1.7
RISE_M = 0.32
_RAMP_M = 18.0
_SLEEPER_M = (2.6, 0.26)


def railway_track(length_m: float, model: int, crossing_half_width_m: float = 0.0) -> Asset:
    """Return a track along y, centred on the origin: its rails' heads lie level with the road it crosses, at z = 0.

    Away from the road it rises by `RISE_M`, so that its ballast stands on the land beside it.

    Args:
        length_m: of the track.
        model: draws sleepers of wood or concrete.
        crossing_half_width_m: half the width of the road that crosses it on panels, 0 for open track.
    """
    rng = np.random.default_rng([44, model])
    fabric = Fabric()
    half, cross = length_m / 2, crossing_half_width_m
    _ballast(fabric, half, cross, rng)
    y = np.arange(-half + 0.3, half, 0.6)
    y = y[np.abs(y) > cross + 0.2]
    jitter = rng.normal(0, 0.012, len(y))
    low = np.column_stack([-_SLEEPER_M[0] / 2 + jitter, y, np.full(len(y), -0.25)])
    sleeper = "sleeper_wood" if model % 2 else "sleeper_concrete"
    fabric.boxes(GROUND, low, np.add(low, (_SLEEPER_M[0], _SLEEPER_M[1], 0.105)), sleeper)
    for x in (-GAUGE_M / 2 - _HEAD_M / 2, GAUGE_M / 2 + _HEAD_M / 2):
        _rail(fabric, x, half)
        clips = np.column_stack([np.full(len(y), x - 0.11), y + 0.05, np.full(len(y), -0.146)])
        fabric.boxes(GROUND, clips, np.add(clips, (0.22, 0.16, 0.03)), "rust")
    if cross:
        _panels(fabric, cross)
    track = fabric.builder()
    track.vertices = [points + _lift(points, cross) for points in track.vertices]
    return fabric.asset("railway track")


def _lift(points: Points, cross_m: float) -> Points:
    along = np.clip((np.abs(points[:, 1]) - cross_m - 0.6) / _RAMP_M, 0, 1) if cross_m else np.ones(len(points))
    return np.outer(RISE_M * along * along * (3 - 2 * along), (0.0, 0.0, 1.0))


def _rail(fabric: Fabric, x_m: float, half_m: float) -> None:
    """Sweep a rail: a foot and web that rust, a head that wheels keep bright."""
    h = _HEAD_M / 2
    y = np.unique(
        np.concatenate([np.linspace(-half_m, half_m, 3), *(w * np.linspace(0, min(40.0, half_m), 41) for w in (-1, 1))])
    )
    a, b = y[:-1], y[1:]
    for low, high, wide in ((-0.145, -0.13, 0.07), (-0.13, -0.04, 0.012), (-0.04, -0.001, h)):
        start = np.column_stack([np.full(len(a), x_m - wide), a, np.full(len(a), low)])
        end = np.column_stack([np.full(len(a), x_m + wide), b, np.full(len(a), high)])
        fabric.boxes(GROUND, start, end, "rust", skip=("back", "top", "bottom"))
    heads = np.column_stack([np.full(len(a), x_m - h + 0.006), np.full(len(a), x_m + h - 0.006), a, b])
    fabric.rects(GROUND, heads, 0.0, "rail_head")


def _ballast(fabric: Fabric, half_m: float, cross_m: float, rng: np.random.Generator) -> None:
    """Heap stones in a bank with rough shoulders, left out under the road."""
    x = np.array(
        [
            -_SHOULDER_M - 0.9,
            -_SHOULDER_M - 0.4,
            -_SHOULDER_M,
            -1.0,
            -0.4,
            0.4,
            1.0,
            _SHOULDER_M,
            _SHOULDER_M + 0.4,
            _SHOULDER_M + 0.9,
        ]
    )
    level = np.array([-0.32, -0.25, -0.17, -0.175, -0.185, -0.185, -0.175, -0.17, -0.25, -0.32])
    for low, high in ((-half_m, -cross_m), (cross_m, half_m)) if cross_m else ((-half_m, half_m),):
        y = np.linspace(low, high, max(2, int((high - low) / 0.7)))
        z = level[None, :] + rng.normal(0, 0.018, (len(y), len(x)))
        points = np.stack([*np.broadcast_arrays(x[None, :], y[:, None]), z], axis=-1)
        fabric.builder().grid(points[:, ::-1], fabric.slot("ballast"))


def _panels(fabric: Fabric, cross_m: float) -> None:
    """Lay rubber and concrete panels between and beside the rails with a groove for the wheels' flanges."""
    inner = GAUGE_M / 2 - 0.07
    edges = np.arange(-cross_m, cross_m - 0.1, 1.2)
    for x0, x1 in ((-inner, inner), (GAUGE_M / 2 + _HEAD_M + 0.01, 2.4), (-2.4, -GAUGE_M / 2 - _HEAD_M - 0.01)):
        low = np.column_stack([np.full(len(edges), x0), edges + 0.006, np.full(len(edges), -0.12)])
        high = np.column_stack(
            [np.full(len(edges), x1), np.minimum(edges + 1.194, cross_m), np.full(len(edges), 0.003)]
        )
        fabric.boxes(GROUND, low, high, "panel")
    for x0, x1 in ((-3.3, -2.4), (2.4, 3.3)):
        fabric.rects(GROUND, [(x0, x1, -cross_m, cross_m)], 0.002, "apron")
    for x0 in (-GAUGE_M / 2 - 0.01, GAUGE_M / 2 - 0.08):
        fabric.rects(GROUND, [(x0, x0 + 0.09, -cross_m, cross_m)], -0.05, "dark")
