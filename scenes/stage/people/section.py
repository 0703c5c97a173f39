"""Convex outlines around what a tube of cloth or leather must enclose."""

from __future__ import annotations

import numpy as np

from scenes.stage.mesh import Points

_WIDEST = np.deg2rad(80.0)


def outline(points: Points, centre: Points, angles: Points, margin_m: float) -> Points:
    """Return the radius of the convex hull of 2-d points about a centre at each angle, plus a margin.

    Args:
        points: (N, 2).
        centre: (2,), inside.
        angles: (A,) radians over a full turn.
        margin_m: added all around.
    """
    ways = np.stack([np.cos(angles), np.sin(angles)], axis=0)
    support = ((points - centre) @ ways).max(axis=0) + margin_m
    between = (angles[:, None] - angles[None, :] + np.pi) % (2 * np.pi) - np.pi
    near = np.abs(between) < _WIDEST
    reach = np.where(near, support[None, :] / np.maximum(np.cos(between), 1e-3), np.inf)
    return np.asarray(np.maximum(reach.min(axis=1), 1e-3))


def tube_faces(rings: int, sectors: int) -> np.ndarray:
    """Return the triangles between closed rings, outside where rings go down counter-clockwise seen from above."""
    index = np.arange(rings * sectors).reshape(rings, sectors)
    after = np.roll(index, -1, axis=1)
    a, b, c, d = index[:-1].ravel(), index[1:].ravel(), after[1:].ravel(), after[:-1].ravel()
    return np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
