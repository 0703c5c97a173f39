"""Houses seen from far, as boxes with a grid of windows, roofs and chimneys; no Blender."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scenes.stage.mesh import MeshBuilder, Points

FACADE, ROOF = 0, 1
_FLOOR_M, _BAY_M = 3.1, 2.7
_WARM = np.array([(1.0, 0.72, 0.42), (1.0, 0.82, 0.58), (0.95, 0.95, 1.0)])
_CORNERS = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) / 2


class Blocks(NamedTuple):
    """Boxes on the ground: (N, 2) middles, (N, 3) sizes along their heading, across and up, and (N,) headings."""

    where: Points
    size_m: Points
    heading_deg: Points


def boxes(builder: MeshBuilder, blocks: Blocks, tints: Points) -> None:
    """Add boxes with walls in slot FACADE, whose UVs are metres, and flat tops.

    Args:
        builder: what they are added to.
        blocks: where they stand.
        tints: (N, 4) plaster and share of windows.
    """
    ring, size_m = _ring(blocks), blocks.size_m
    low = np.concatenate([ring, np.full((*ring.shape[:2], 1), -1.0)], axis=-1)
    high = np.concatenate([ring, np.broadcast_to(size_m[:, None, 2:], (*ring.shape[:2], 1))], axis=-1)
    after = [1, 2, 3, 0]
    walls = np.stack([low, low[:, after], high[:, after], high], axis=2)  # box, wall, corner, xyz
    wide = np.linalg.norm(ring[:, after] - ring, axis=-1)
    uv = np.zeros((*walls.shape[:3], 2))
    uv[:, :, 1:3, 0] = wide[:, :, None]
    uv[:, :, 2:, 1] = size_m[:, None, 2:]
    quads = np.arange(walls.size // 3).reshape(-1, 4)
    builder.add(walls.reshape(-1, 3), quads, FACADE, uv=uv.reshape(-1, 2), tint=np.repeat(tints, 4, axis=0))  # type: ignore[arg-type]
    tops = np.concatenate([tints[:, :3] * 0.5, np.zeros((len(tints), 1))], axis=1)
    builder.add(high.reshape(-1, 3), np.arange(high.size // 3).reshape(-1, 4), FACADE, tint=tops)  # type: ignore[arg-type]


def roofs(builder: MeshBuilder, blocks: Blocks, tints: Points) -> None:
    """Add pitched roofs over boxes of the same sizes: the ridge runs along the heading.

    Args:
        builder: what they are added to.
        blocks: below them.
        tints: (N, 4) tiles.
    """
    size_m = blocks.size_m
    eaves = _ring(blocks._replace(size_m=size_m * (1.04, 1.12, 1.0)))
    ends = (eaves[:, [0, 1]] + eaves[:, [3, 2]]) / 2
    up = size_m[:, 2] - 0.2
    ridge = up + 0.38 * size_m[:, 1]
    points = np.concatenate(
        [
            np.concatenate([eaves, np.broadcast_to(up[:, None, None], (len(up), 4, 1))], axis=-1),
            np.concatenate([ends, np.broadcast_to(ridge[:, None, None], (len(up), 2, 1))], axis=-1),
        ],
        axis=1,
    )
    first = 6 * np.arange(len(up))[:, None, None]
    slopes = (first + np.array([[0, 1, 5, 4], [2, 3, 4, 5]])).reshape(-1, 4)
    gables = (first + np.array([[3, 0, 4], [1, 2, 5]])).reshape(-1, 3)
    builder.add(points.reshape(-1, 3), slopes, ROOF, tint=np.repeat(tints, 2, axis=0))  # type: ignore[arg-type]
    builder.add(points.reshape(-1, 3), gables, ROOF, tint=np.repeat(tints, 2, axis=0) * 0.8)  # type: ignore[arg-type]


def lit_windows(builder: MeshBuilder, blocks: Blocks, share: float, rng: np.random.Generator) -> None:
    """Add glowing panes to the walls that the origin sees, a hand's breadth before the grid of windows.

    Args:
        builder: what they are added to.
        blocks: whose windows they are.
        share: of windows that are lit.
        rng: draws which.
    """
    ring = _ring(blocks)
    for side in range(4):
        start, end = ring[:, side], ring[:, (side + 1) % 4]
        out = np.stack([end[:, 1] - start[:, 1], start[:, 0] - end[:, 0]], axis=-1)
        seen = np.flatnonzero((out * start).sum(axis=1) < 0)
        for box in seen.tolist():
            _panes(builder, (start[box], end[box]), float(blocks.size_m[box, 2]), share, rng)


def _panes(
    builder: MeshBuilder, wall: tuple[Points, Points], high_m: float, share: float, rng: np.random.Generator
) -> None:
    length = float(np.linalg.norm(wall[1] - wall[0]))
    columns, rows = int(length / _BAY_M), int(high_m / _FLOOR_M)
    column, row = np.nonzero(rng.random((columns, rows)) < share)
    if not len(column):
        return
    along = (wall[1] - wall[0]) / length
    out = np.array([along[1], -along[0]])
    corners = []
    for u, v in ((-0.6, -0.75), (0.6, -0.75), (0.6, 0.75), (-0.6, 0.75)):
        flat = wall[0] + 0.1 * out + ((column + 0.5) * _BAY_M + u)[:, None] * along
        corners.append(np.column_stack([flat, (row + 0.5) * _FLOOR_M + v]))
    colour = _WARM[rng.integers(len(_WARM), size=len(column))]
    tints = np.column_stack([colour, rng.uniform(4.0, 40.0, len(column))])
    quads = np.arange(4 * len(column)).reshape(-1, 4)
    builder.add(np.stack(corners, axis=1).reshape(-1, 3), quads, tint=tints)  # type: ignore[arg-type]


def _ring(blocks: Blocks) -> Points:
    """Return the corners of boxes on the ground, (N, 4, 2), counter-clockwise."""
    where, size_m, heading_deg = blocks
    local = _CORNERS * size_m[:, None, :2]
    cos, sin = np.cos(np.deg2rad(heading_deg))[:, None], np.sin(np.deg2rad(heading_deg))[:, None]
    turned = np.stack([cos * local[..., 0] - sin * local[..., 1], sin * local[..., 0] + cos * local[..., 1]], axis=-1)
    return np.asarray(where[:, None] + turned)
