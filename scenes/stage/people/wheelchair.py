"""A folding wheelchair around whoever sits in it.

Source: ISO 7176-5 reference sizes: seat 0.50 m high and 0.44 m wide, driving wheels of 24 inches, castors of 0.19 m.
"""

from __future__ import annotations

import numpy as np

from scenes.stage.mesh import MeshBuilder, Points
from scenes.stage.people.pram import wheel

_TRIM, _METAL, _RUBBER = 1, 2, 3
_SEAT_M, _HALF_M = 0.495, 0.225
_WHEEL_M, _CASTOR_M = 0.305, 0.095


def wheelchair(builder: MeshBuilder) -> None:
    """Add a chair with the origin on the ground below the sitter's hip joints."""
    for side in (1.0, -1.0):
        y = side * _HALF_M
        wheel(
            builder, np.array([0.0, side * 0.275, _WHEEL_M]), _WHEEL_M, 0.028, rubber=_RUBBER, metal=_METAL, spokes=16
        )
        _handrim(builder, side)
        wheel(
            builder, np.array([0.42, side * 0.20, _CASTOR_M]), _CASTOR_M, 0.03, rubber=_RUBBER, metal=_METAL, spokes=5
        )
        _tube(builder, [[-0.15, y, 1.0 - 0.10], [-0.13, y, _SEAT_M], [-0.02, y, _WHEEL_M]])
        _tube(builder, [[-0.15, y, 0.90], [-0.25, y, 0.915]], slot=_TRIM, radius=0.016)
        _tube(
            builder,
            [[-0.13, y, _SEAT_M - 0.02], [0.38, y, _SEAT_M - 0.02], [0.46, y * 0.9, 0.30], [0.56, y * 0.55, 0.13]],
        )
        _tube(
            builder,
            [[0.42, side * 0.20, _CASTOR_M + 0.01], [0.40, side * 0.20, 0.24], [0.36, y, 0.26], [0.0, y, _WHEEL_M]],
        )
        _tube(builder, [[-0.12, y, 0.70], [0.24, y, 0.70], [0.27, y, 0.52]])
        _plate(builder, np.array([0.04, side * 0.235, 0.72]), np.array([0.16, 0.028, 0.014]))
        _plate(builder, np.array([0.60, side * 0.10, 0.125]), np.array([0.09, 0.075, 0.008]))
        _plate(builder, np.array([0.06, side * 0.228, 0.60]), np.array([0.18, 0.004, 0.09]))
    _plate(builder, np.array([0.12, 0.0, _SEAT_M - 0.02]), np.array([0.25, _HALF_M, 0.022]))
    _plate(builder, np.array([-0.145, 0.0, 0.70]), np.array([0.012, _HALF_M, 0.19]))
    for way in (1.0, -1.0):
        _tube(builder, [[0.1, way * _HALF_M, 0.47], [0.1, -way * _HALF_M, 0.24]])


def _handrim(builder: MeshBuilder, side: float) -> None:
    angle = np.linspace(0, 2 * np.pi, 33)
    ring = np.stack([0.265 * np.cos(angle), np.full(33, side * 0.31), _WHEEL_M + 0.265 * np.sin(angle)], axis=1)
    builder.tube(ring, [0.009] * 33, segments=6, slot=_METAL)


def _tube(builder: MeshBuilder, path: list[list[float]], *, slot: int = _METAL, radius: float = 0.012) -> None:
    points: Points = np.array(path)
    builder.tube(points, [radius] * len(points), segments=8, slot=slot)


def _plate(builder: MeshBuilder, centre: Points, half: Points) -> None:
    builder.box((centre - half).tolist(), (centre + half).tolist(), _TRIM)
