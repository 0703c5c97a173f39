"""A pram: chassis with four wheels, a carrycot with a hood, and a handle where the hands of its pusher are."""

from __future__ import annotations

import numpy as np

from scenes.stage.mesh import MeshBuilder, Points
from scenes.stage.people.posture import palm_of
from scenes.stage.people.skeleton import SIDES, Stance

_BAG, _TRIM, _METAL, _RUBBER = range(4)
_WHEEL_M = 0.13
_TRACK_M = 0.27


def pram(builder: MeshBuilder, stance: Stance, ground: float) -> None:
    """Add a pram ahead of whoever pushes it."""
    left, right = (stance.point(f"hand_{side}", palm_of(stance.rest, side)) for side in SIDES)
    middle = (left + right) / 2
    builder.tube(middle + np.array([[0, 0.24, 0], [0, -0.24, 0]]), [0.014, 0.014], segments=8, slot=_TRIM)
    x, y = middle[0] + 0.42, middle[1]
    axle = ground + _WHEEL_M
    for side in (1.0, -1.0):
        wide = y + side * _TRACK_M
        start = np.array([middle[0], y + side * 0.24, middle[2]])
        knee = np.array([x - 0.12, wide - side * 0.02, axle + 0.28])
        builder.tube(np.stack([start, knee, [x + 0.34, wide, axle]]), [0.012] * 3, segments=8, slot=_METAL)
        builder.tube(
            np.stack([knee + np.array([0.18, 0, 0.02]), [x - 0.26, wide, axle]]), [0.012] * 2, segments=8, slot=_METAL
        )
        for ahead in (0.34, -0.26):
            wheel(
                builder, np.array([x + ahead, wide + side * 0.02, axle]), _WHEEL_M, 0.022, rubber=_RUBBER, metal=_METAL
            )
    _cot(builder, np.array([x + 0.06, y, axle + 0.36]))


def _cot(builder: MeshBuilder, centre: Points) -> None:
    """Add a tub of cloth and a hood over its end that is nearer to the pusher."""
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    rings = []
    for share, z in (
        (0.02, -0.13),
        (0.72, -0.13),
        (0.9, -0.08),
        (1.0, 0.06),
        (1.02, 0.08),
        (0.93, 0.08),
        (0.85, 0.0),
        (0.02, 0.0),
    ):
        square = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        square = np.sign(square) * np.abs(square) ** 0.7 * [0.40, 0.20] * share
        rings.append(np.concatenate([square, np.full((24, 1), z)], axis=1) + centre)
    builder.grid(np.stack(rings, axis=1), _BAG, closed=True)
    turn = np.linspace(np.deg2rad(5), np.deg2rad(115), 10)
    half = np.linspace(-np.pi / 2, np.pi / 2, 13)
    for inner in (0.0, 0.008):
        radius = 0.31 - inner
        hood = np.stack(
            [
                centre[0] - 0.10 - np.outer(np.cos(turn), np.cos(half)) * radius,
                centre[1] + np.outer(np.ones(10), np.sin(half)) * (0.205 - inner),
                centre[2] + 0.07 + np.outer(np.sin(turn), np.cos(half)) * radius,
            ],
            axis=-1,
        )
        builder.grid(hood if inner == 0 else hood[::-1], _BAG)


def wheel(
    builder: MeshBuilder, centre: Points, radius_m: float, tyre_m: float, *, rubber: int, metal: int, spokes: int = 8
) -> None:
    """Add a spoked wheel in the xz plane."""
    ring = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    tube = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    half = tyre_m / 2
    for slot, mean, fat in ((rubber, radius_m - half, half), (metal, radius_m - 1.7 * tyre_m + half, half * 0.6)):
        reach = mean + fat * np.cos(tube)
        points = np.stack(
            [
                centre[0] + np.outer(np.cos(ring), reach),
                centre[1] + np.tile(fat * np.sin(tube), (28, 1)),
                centre[2] + np.outer(np.sin(ring), reach),
            ],
            axis=-1,
        )
        builder.grid(np.concatenate([points, points[:, :1]], axis=1), slot, closed=True)
    for angle in np.linspace(0, 2 * np.pi, spokes, endpoint=False):
        end = centre + (radius_m - 1.4 * tyre_m) * np.array([np.cos(angle), 0.0, np.sin(angle)])
        builder.tube(np.stack([centre, end]), [0.004, 0.003], segments=5, slot=metal)
    builder.tube(centre + np.array([[0, -0.02, 0], [0, 0.02, 0]]), [0.016, 0.016], segments=8, slot=metal)
