"""Fewer triangles for the same shape: half-edge collapses in rounds of independent edges.

Source: Garland & Heckbert, Surface simplification using quadric error metrics, SIGGRAPH 1997.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix

from scenes.stage.mesh import Points

Indices = NDArray[Any]
_MAX_ROUNDS = 80
_LEAST_COSINE = 0.3  # a face that turns further than this would fold over


def decimated(points: Points, triangles: Indices, weights: Points, wanted: int) -> Indices:
    """Return about `wanted` of the triangles' shape, over a subset of the same points.

    Args:
        points: (N, 3).
        triangles: (M, 3).
        weights: (N,) how dear each point is; its error counts that many times.
        wanted: number of triangles to stop at.
    """
    quadrics = _quadrics(points, triangles)
    barred = np.zeros(0, dtype=np.int64)
    for _ in range(_MAX_ROUNDS):
        if len(triangles) <= wanted:
            break
        surplus = (len(triangles) - wanted + 1) // 2
        triangles, barred, moved = _round(points, triangles, quadrics, weights, barred, surplus)
        if not moved:
            break
    return triangles


def _quadrics(points: Points, triangles: Indices) -> Points:
    corner = points[triangles]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    area = np.linalg.norm(normal, axis=1, keepdims=True)
    normal = normal / (area + 1e-15)
    plane = np.concatenate([normal, -(normal * corner[:, 0]).sum(axis=1, keepdims=True)], axis=1)
    each = plane[:, :, None] * plane[:, None, :] * area[:, :, None]
    made = np.zeros((len(points), 4, 4))
    for index in range(3):
        np.add.at(made, triangles[:, index], each)
    return made


def _round(  # noqa: PLR0917
    points: Points, triangles: Indices, quadrics: Points, weights: Points, barred: Indices, surplus: int
) -> tuple[Indices, Indices, bool]:
    count = len(points)
    pairs, cost = _open_edges(points, triangles, quadrics, weights, barred)
    least = np.full(count, np.inf)
    np.minimum.at(least, pairs[:, 0], cost)
    np.minimum.at(least, pairs[:, 1], cost)
    for _ in range(2):
        face = least[triangles].min(axis=1)
        for corner in range(3):
            np.minimum.at(least, triangles[:, corner], face)
    chosen = np.flatnonzero((cost <= least[pairs[:, 0]]) & (cost <= least[pairs[:, 1]]))
    chosen = chosen[np.argsort(cost[chosen], kind="stable")][:surplus]
    keep, gone = pairs[chosen, 0], pairs[chosen, 1]
    target = np.arange(count)
    target[gone] = keep
    moved = target[triangles]
    whole = (moved[:, 0] != moved[:, 1]) & (moved[:, 1] != moved[:, 2]) & (moved[:, 2] != moved[:, 0])
    before, after = _normals(points, triangles), _normals(points, moved)
    folded = whole & ((before * after).sum(axis=1) < _LEAST_COSINE)
    bad = np.isin(gone, np.unique(triangles[folded]))
    target[gone[bad]] = gone[bad]
    barred = np.concatenate([barred, keep[bad] * count + gone[bad]])
    good = ~bad
    np.add.at(quadrics, keep[good], quadrics[gone[good]])
    moved = target[triangles]
    whole = (moved[:, 0] != moved[:, 1]) & (moved[:, 1] != moved[:, 2]) & (moved[:, 2] != moved[:, 0])
    return moved[whole], barred, bool(len(chosen))


def _open_edges(
    points: Points, triangles: Indices, quadrics: Points, weights: Points, barred: Indices
) -> tuple[Indices, Points]:
    """Return directed edges (kept, given up) that may collapse, and what each costs."""
    count = len(points)
    ends = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    key, sides = np.unique(np.sort(ends, axis=1) @ np.array([count, 1]), return_counts=True)
    edges = np.stack([key // count, key % count], axis=1)
    rim = np.zeros(count, dtype=bool)
    rim[edges[sides != 2].ravel()] = True
    link = coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(count, count)).tocsr()
    link = link + link.T
    shared = np.asarray(link[edges[:, 0]].multiply(link[edges[:, 1]]).sum(axis=1)).ravel()
    edges = edges[(sides == 2) & (shared == 2)]  # an edge inside a closed fan has two neighbours
    pairs = np.concatenate([edges, edges[:, ::-1]])
    pairs = pairs[~rim[pairs[:, 1]] & ~np.isin(pairs[:, 0] * count + pairs[:, 1], barred)]
    place = np.concatenate([points[pairs[:, 0]], np.ones((len(pairs), 1))], axis=1)
    both = quadrics[pairs[:, 0]] + quadrics[pairs[:, 1]]
    error = np.abs(np.einsum("ni,nij,nj->n", place, both, place)) * weights[pairs[:, 1]]
    length = ((points[pairs[:, 0]] - points[pairs[:, 1]]) ** 2).sum(axis=1)
    return pairs, error + 1e-10 * length + 1e-16 * np.arange(len(pairs))


def _normals(points: Points, triangles: Indices) -> Points:
    corner = points[triangles]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    return np.asarray(normal / (np.linalg.norm(normal, axis=1, keepdims=True) + 1e-15))
