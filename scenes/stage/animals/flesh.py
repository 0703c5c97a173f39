"""Soft bodies: limbs of elliptical section that grow into each other, and the skin over them.

A limb is a smooth chain of nodes in a plane of constant or slowly changing y. Its distance field is exact enough near
the surface; limbs are joined by the soft minimum of their distances (Quilez, "smooth minimum", the exponential kind),
and the skin is found by naive surface nets (Gibson 1998).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from scenes.stage.asset import Array

_REACH = 3.2
_FINER = 4


@dataclass(frozen=True, kw_only=True)
class Limb:
    """A chain of nodes.

    Args:
        nodes: (K, 5) of x, y, z, half width along y and half height across the chain.
        region: number that its skin is known by.
        smooth: whether the nodes lie on a curve; chains of joints stay as they are.
    """

    nodes: Array
    region: int
    smooth: bool = True

    def fine(self) -> Array:
        """Return the nodes on a Catmull-Rom curve."""
        if not self.smooth or len(self.nodes) < 3:
            return self.nodes
        ends = np.vstack([2 * self.nodes[0] - self.nodes[1], self.nodes, 2 * self.nodes[-1] - self.nodes[-2]])
        share = np.linspace(0, 1, _FINER, endpoint=False)[:, None]
        a, b, c, d = ends[:-3, None], ends[1:-2, None], ends[2:-1, None], ends[3:, None]
        line = b + 0.5 * share * (c - a + share * (2 * a - 5 * b + 4 * c - d + share * (3 * (b - c) + d - a)))
        made = np.vstack([line.reshape(-1, 5), self.nodes[-1:]])
        made[:, 3:] = np.maximum(made[:, 3:], self.nodes[:, 3:].min() * 0.5)
        return made


@dataclass(frozen=True, kw_only=True, eq=False)
class Skin:
    """A closed surface of quads: (N, 3) vertices, (M, 4) faces counter-clockwise, the (N,) region of each vertex."""

    vertices: Array
    faces: Array
    regions: Array


def skin(limbs: list[Limb], step_m: float, blend_m: float) -> Skin:
    """Return the skin over limbs.

    Args:
        limbs: what lies below.
        step_m: of the grid; details thinner than 1.5 steps are lost.
        blend_m: how softly limbs grow together.
    """
    fine = [limb.fine() for limb in limbs]
    reach = np.array([node[:, 3:].max() for node in fine])[:, None] + _REACH * blend_m
    low = np.min([node[:, :3].min(axis=0) - r for node, r in zip(fine, reach, strict=True)], axis=0)
    high = np.max([node[:, :3].max(axis=0) + r for node, r in zip(fine, reach, strict=True)], axis=0)
    low -= 0.37 * step_m
    axes = [np.arange(low[k], high[k] + step_m, step_m, dtype=np.float32) for k in range(3)]
    shape = tuple(len(axis) for axis in axes)
    total = np.full(shape, 1e-12, dtype=np.float32)
    nearest, region = np.full(shape, 1e9, dtype=np.float32), np.zeros(shape, dtype=np.int8)
    for limb, nodes, r in zip(limbs, fine, reach[:, 0], strict=True):
        _grow(limb.region, nodes, float(r), axes, blend_m=blend_m, fields=(total, nearest, region))
    return _net(-np.log(total), region, axes)


def _grow(
    number: int,
    nodes: Array,
    reach_m: float,
    axes: list[Array],
    *,
    blend_m: float,
    fields: tuple[Array, Array, Array],
) -> None:
    """Add one limb to the fields (sum, nearest distance, region), in its own box only."""
    total, nearest, region = fields
    box = tuple(
        slice(*np.searchsorted(axis, [nodes[:, k].min() - reach_m, nodes[:, k].max() + reach_m]))
        for k, axis in enumerate(axes)
    )
    x, y, z = (axis[part] for axis, part in zip(axes, box, strict=True))
    away, middle, half, tall = _section(nodes.astype(np.float32), x, z)
    aside = y[None, :, None] - middle[:, None, :]
    level, across = (away * away)[:, None, :], aside * aside
    share = np.sqrt(level / (tall * tall)[:, None, :] + across / (half * half)[:, None, :]) + 1e-6
    distance = np.sqrt(level + across) * (1 - 1 / share)
    distance = np.where(share < 0.05, -np.minimum(half, tall)[:, None, :], distance)
    total[box] += np.exp(np.clip(-distance / blend_m, -_REACH * 2, 30))
    closer = distance < nearest[box]
    nearest[box] = np.where(closer, distance, nearest[box])
    region[box] = np.where(closer, number, region[box])


def _section(nodes: Array, x: Array, z: Array) -> tuple[Array, Array, Array, Array]:
    """Return, for each point of the xz plane, distance to the chain, and the chain's y and half sizes there."""
    best = np.full((len(x), len(z)), 1e9, dtype=np.float32)
    found = np.zeros((4, len(x), len(z)), dtype=np.float32)
    for start, end in pairwise(nodes):
        dx, dz = end[0] - start[0], end[2] - start[2]
        px, pz = (x - start[0])[:, None], (z - start[2])[None, :]
        share = np.clip((px * dx + pz * dz) / (dx * dx + dz * dz + 1e-12), 0, 1)
        away = np.hypot(px - share * dx, pz - share * dz)
        middle, half, tall = (start[k] + share * (end[k] - start[k]) for k in (1, 3, 4))
        ratio = away / tall
        closer = ratio < best
        best = np.where(closer, ratio, best)
        found = np.where(closer, np.stack([away, middle, half, tall]), found)
    return found[0], found[1], found[2], found[3]


def _net(field: Array, region: Array, axes: list[Array]) -> Skin:
    """Return a vertex for every cell that the surface crosses, and a quad for every edge that it cuts."""
    inside = field < 0
    summed, count = _crossings(field, inside)
    live = count > 0
    index = np.full(live.shape, -1)
    index[live] = np.arange(int(live.sum()))
    where = np.argwhere(live) + summed[live] / count[live][:, None]
    step = axes[0][1] - axes[0][0]
    vertices = where * step + np.array([axis[0] for axis in axes])
    near = np.clip(np.rint(where).astype(int), 0, np.array(field.shape) - 1)
    faces = np.concatenate([_quads(inside, index, axis) for axis in range(3)])
    return Skin(vertices=vertices.astype(np.float64), faces=faces, regions=region[tuple(near.T)].astype(np.int64))


def _crossings(field: Array, inside: Array) -> tuple[Array, Array]:
    """Return, for each cell, the sum of the points where its twelve edges are cut, and how many are."""
    shape = tuple(n - 1 for n in field.shape)
    summed, count = np.zeros((*shape, 3), dtype=np.float32), np.zeros(shape, dtype=np.float32)
    for axis in range(3):
        first = tuple(slice(0, -1) if k == axis else slice(None) for k in range(3))
        second = tuple(slice(1, None) if k == axis else slice(None) for k in range(3))
        cut = inside[first] != inside[second]
        share = np.where(cut, field[first] / np.where(cut, field[first] - field[second], 1), 0).astype(np.float32)
        others = [k for k in range(3) if k != axis]
        for one in (0, 1):
            for two in (0, 1):
                part = [slice(None)] * 3
                part[others[0]] = slice(one, one + shape[others[0]])
                part[others[1]] = slice(two, two + shape[others[1]])
                mine = cut[tuple(part)].astype(np.float32)
                count += mine
                summed[..., axis] += share[tuple(part)]
                summed[..., others[0]] += one * mine
                summed[..., others[1]] += two * mine
    return summed, count


def _quads(inside: Array, index: Array, axis: int) -> Array:
    """Return the faces across the cut edges along one axis, turned outwards."""
    first = np.moveaxis(inside, axis, 0)
    cells = np.moveaxis(index, axis, 0)
    cut = first[:-1, 1:-1, 1:-1] != first[1:, 1:-1, 1:-1]
    i, j, k = np.nonzero(cut)
    ring = np.stack([cells[i, j, k], cells[i, j + 1, k], cells[i, j + 1, k + 1], cells[i, j, k + 1]], axis=-1)
    outward = first[:-1, 1:-1, 1:-1][i, j, k]
    if axis == 1:
        outward = ~outward
    return np.where(outward[:, None], ring, ring[:, ::-1])
