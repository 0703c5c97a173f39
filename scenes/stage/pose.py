"""Where things stand: 3x3 turns and 4x4 world matrices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.stage.asset import Asset

Points = NDArray[np.float64]


def turn(heading_deg: float) -> Points:
    """Return the 3x3 rotation about z."""
    angle = np.deg2rad(heading_deg)
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])


def pose(x_m: float, y_m: float, z_m: float = 0.0, heading_deg: float = 0.0, scale: float = 1.0) -> Points:
    """Return a 4x4 world matrix: scale, turn about z, then move."""
    matrix = np.eye(4)
    matrix[:3, :3] = turn(heading_deg) * scale
    matrix[:3, 3] = (x_m, y_m, z_m)
    return matrix


def tipped(asset: Asset, degrees: float, height_m: float) -> Points:
    """Return the 4x4 matrix that rolls an asset to its left about its middle and sets its lowest point on the ground.

    Args:
        asset: stands on z = 0, faces +x.
        degrees: 90 lays it on its left side, 180 on its roof.
        height_m: of the body; half of it is the axis of the turn.
    """
    middle = np.eye(4)
    middle[2, 3] = -height_m / 2
    matrix = lean(degrees) @ middle
    matrix[2, 3] -= float((asset.points() @ matrix[:3, :3].T + matrix[:3, 3])[:, 2].min())
    return matrix


def lifted(degrees: float) -> Points:
    """Return the 4x4 turn about the y axis that lifts a vehicle's front."""
    matrix = np.eye(4)
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    matrix[0, [0, 2]], matrix[2, [0, 2]] = (cos, -sin), (sin, cos)
    return matrix


def lean(degrees: float) -> Points:
    """Return the 4x4 turn about the x axis that leans a two-wheeler to its left."""
    matrix = np.eye(4)
    cos, sin = np.cos(np.deg2rad(-degrees)), np.sin(np.deg2rad(-degrees))
    matrix[1:3, 1:3] = [[cos, -sin], [sin, cos]]
    return matrix
