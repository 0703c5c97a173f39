"""Cloth as arrays that are cut, hemmed and joined at rest, and then follow the body's bones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.stage.mesh import Points

Indices = NDArray[Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class Cloth:
    """A patch of triangles.

    Args:
        points: (N, 3) at rest.
        normals: (N, 3) unit.
        weights: (N, B) of the bones.
        faces: (M, 3) triangles.
        slots: (M,) names of what they show.
        uvs: (N, 2) metres along the cloth.
    """

    points: Points
    normals: Points
    weights: NDArray[np.float32]
    faces: Indices
    slots: NDArray[Any]
    uvs: Points

    def moved(self, points: Points) -> Cloth:
        """Return the cloth over other points, with their normals."""
        return replace(self, points=points, normals=vertex_normals(points, self.faces))

    def shown(self, slot: str, where: NDArray[np.bool_] | None = None) -> Cloth:
        """Return the cloth with all faces, or those of `where`, showing a slot."""
        slots = self.slots.astype(object)
        slots[slice(None) if where is None else where] = slot
        return replace(self, slots=slots)


def cloth(points: Points, weights: NDArray[np.float32], faces: Indices, slot: str, uvs: Points | None = None) -> Cloth:
    """Return a patch that uses only the points that its faces name."""
    used, local = np.unique(faces, return_inverse=True)
    local = local.reshape(faces.shape)
    uvs = np.zeros((len(points), 2)) if uvs is None else uvs
    return Cloth(
        points=points[used],
        normals=vertex_normals(points[used], local),
        weights=weights[used],
        faces=local,
        slots=np.full(len(local), slot, dtype=object),
        uvs=uvs[used],
    )


def vertex_normals(points: Points, faces: Indices) -> Points:
    """Return area-weighted unit normals."""
    corner = points[faces]
    cross = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    made = np.stack(
        [sum(np.bincount(faces[:, k], cross[:, axis], len(points)) for k in range(3)) for axis in range(3)],
        axis=1,
    )
    return np.asarray(made / (np.linalg.norm(made, axis=1, keepdims=True) + 1e-15))


def split(patch: Cloth, field: Points) -> tuple[Cloth, NDArray[np.bool_]]:
    """Cut every face along `field` = 0.

    Args:
        patch: what to cut.
        field: (N,) values at its points.

    Returns:
        The patch with new points on the cut, and for each face whether it lies where the field is positive.
    """
    field = np.where(np.abs(field) < 1e-7, 1e-7, field)
    inside = (field > 0)[patch.faces]
    count = inside.sum(axis=1)
    whole = (count == 0) | (count == 3)
    faces, slots = patch.faces[~whole], patch.slots[~whole]
    lone = inside[~whole] == (count[~whole] == 1)[:, None]
    turned = (lone.argmax(axis=1)[:, None] + np.arange(3)) % 3
    tip, left, right = np.take_along_axis(faces, turned, axis=1).T
    ends = np.sort(np.concatenate([np.stack([tip, left], 1), np.stack([tip, right], 1)]), axis=1)
    pairs, index = np.unique(ends, axis=0, return_inverse=True)
    index = index.reshape(-1) + len(patch.points)
    first, second = index[: len(tip)], index[len(tip) :]
    made = np.concatenate(
        [
            np.stack([tip, first, second], 1),
            np.stack([first, left, right], 1),
            np.stack([first, right, second], 1),
        ]
    )
    of_tip = count[~whole] == 1
    share = (
        (field[pairs[:, 0]] / (field[pairs[:, 0]] - field[pairs[:, 1]]))[:, None] if len(pairs) else np.zeros((0, 1))
    )
    grown = _interpolated(patch, pairs, share)
    result = replace(
        grown,
        faces=np.concatenate([patch.faces[whole], made]),
        slots=np.concatenate([patch.slots[whole], slots, slots, slots]),
    )
    return result, np.concatenate([count[whole] == 3, of_tip, ~of_tip, ~of_tip])


def cut(patch: Cloth, field: Points) -> Cloth:
    """Keep what lies where the field is positive, with a clean edge."""
    made, inside = split(patch, field)
    return compact(made, inside)


def compact(patch: Cloth, keep: NDArray[np.bool_]) -> Cloth:
    """Return only the faces of `keep` and the points that they use."""
    used, local = np.unique(patch.faces[keep], return_inverse=True)
    return Cloth(
        points=patch.points[used],
        normals=patch.normals[used],
        weights=patch.weights[used],
        faces=local.reshape(-1, 3),
        slots=patch.slots[keep],
        uvs=patch.uvs[used],
    )


def join(*patches: Cloth) -> Cloth:
    """Return one patch of several."""
    starts = np.cumsum([0, *(len(patch.points) for patch in patches[:-1])])
    return Cloth(
        points=np.concatenate([patch.points for patch in patches]),
        normals=np.concatenate([patch.normals for patch in patches]),
        weights=np.concatenate([patch.weights for patch in patches]),
        faces=np.concatenate([patch.faces + start for patch, start in zip(patches, starts, strict=True)]),
        slots=np.concatenate([patch.slots for patch in patches]),
        uvs=np.concatenate([patch.uvs for patch in patches]),
    )


def rim(patch: Cloth) -> Indices:
    """Return the directed edges at the border, (E, 2), the cloth to their left."""
    ends = np.concatenate([patch.faces[:, [0, 1]], patch.faces[:, [1, 2]], patch.faces[:, [2, 0]]])
    size = len(patch.points)
    key = ends.min(axis=1) * size + ends.max(axis=1)
    _, first, uses = np.unique(key, return_index=True, return_counts=True)
    return np.asarray(ends[first[uses == 1]])


def hemmed(patch: Cloth, thickness_m: float, *, lining_m: float = 0.03) -> Cloth:
    """Fold every border inwards, so that cloth shows an edge with a thickness and no daylight behind it."""
    edges = rim(patch)
    nodes, local = np.unique(edges, return_inverse=True)
    local = local.reshape(-1, 2)
    into = _inward(patch, edges, local, len(nodes))
    inner = patch.points[nodes] - patch.normals[nodes] * thickness_m
    deep = inner + into * lining_m - patch.normals[nodes] * thickness_m * 0.5
    return join(patch, _strips(patch, nodes, local, inner, deep))


def turned_down(patch: Cloth, where: NDArray[np.bool_], *, out_m: float, fall_m: float) -> Cloth:
    """Fold the border whose points are in `where` outwards and down, as a collar."""
    edges = rim(patch)
    edges = edges[where[edges].all(axis=1)]
    if not len(edges):
        return patch
    nodes, local = np.unique(edges, return_inverse=True)
    local = local.reshape(-1, 2)
    into = _inward(patch, edges, local, len(nodes))
    outer = patch.points[nodes] + patch.normals[nodes] * out_m * 0.5
    leaf = outer + into * fall_m + patch.normals[nodes] * out_m
    return join(patch, _strips(patch, nodes, local, outer, leaf))


def _inward(patch: Cloth, edges: Indices, local: Indices, count: int) -> Points:
    along = patch.points[edges[:, 1]] - patch.points[edges[:, 0]]
    across = np.cross(patch.normals[edges].mean(axis=1), along)
    total = np.zeros((count, 3))
    for end in range(2):
        np.add.at(total, local[:, end], across)
    return np.asarray(total / (np.linalg.norm(total, axis=1, keepdims=True) + 1e-12))


def _strips(patch: Cloth, nodes: Indices, local: Indices, middle: Points, last: Points) -> Cloth:
    """Return two rows of quads from the border nodes over `middle` to `last`."""
    size = len(nodes)
    points = np.concatenate([patch.points[nodes], middle, last])
    begin, end = local[:, 0], local[:, 1]
    faces = []
    for row in (0, size):
        faces.append(np.stack([end + row, begin + row, begin + row + size], 1))
        faces.append(np.stack([end + row, begin + row + size, end + row + size], 1))
    slots = _border_slots(patch, nodes)
    return Cloth(
        points=points,
        normals=np.tile(patch.normals[nodes], (3, 1)),
        weights=np.tile(patch.weights[nodes], (3, 1)),
        faces=np.concatenate(faces),
        slots=np.tile(slots[begin], 4),
        uvs=np.tile(patch.uvs[nodes], (3, 1)),
    )


def _border_slots(patch: Cloth, nodes: Indices) -> NDArray[Any]:
    at = np.empty(len(patch.points), dtype=object)
    at[patch.faces[:, 0]] = patch.slots
    at[patch.faces[:, 1]] = patch.slots
    at[patch.faces[:, 2]] = patch.slots
    return np.asarray(at[nodes])


def _interpolated(patch: Cloth, pairs: Indices, share: Points) -> Cloth:
    def grown(values: NDArray[Any]) -> NDArray[Any]:
        between = values[pairs[:, 0]] * (1 - share) + values[pairs[:, 1]] * share
        return np.concatenate([values, between.astype(values.dtype)])

    return replace(
        patch,
        points=grown(patch.points),
        normals=grown(patch.normals),
        weights=grown(patch.weights),
        uvs=grown(patch.uvs),
    )
