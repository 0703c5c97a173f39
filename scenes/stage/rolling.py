"""Wheels that have rolled: the same meshes, turned about their axles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenes.stage.asset import Array, Asset

_LEAST_RADIUS_M = 0.1


def rolling(asset: Asset, rolled_m: float) -> Asset:
    """Return an asset whose wheels have turned by a way over their radius, which is how high their centres are.

    A wheel that a wreck has flattened or torn off stays as it is.
    """
    if not rolled_m:
        return asset
    pieces = [
        replace(piece, matrices=tuple(_turned(matrix, rolled_m) for matrix in piece.matrices))
        if piece.solid.name == "wheel"
        else piece
        for piece in asset.pieces
    ]
    return replace(asset, pieces=tuple(pieces))


def _turned(matrix: Array, rolled_m: float) -> Array:
    """Turn a wheel about its own y axis, which on one side of the vehicle points to the right."""
    radius_m = float(matrix[2, 3])
    if radius_m < _LEAST_RADIUS_M:
        return matrix
    angle = rolled_m / radius_m * (1.0 if matrix[1, 1] >= 0 else -1.0)
    turn = np.eye(4)
    turn[0, 0] = turn[2, 2] = np.cos(angle)
    turn[0, 2], turn[2, 0] = np.sin(angle), -np.sin(angle)
    return np.asarray(matrix @ turn)
