"""Trees seen from some way off, as uneven crowns; no Blender."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scenes.stage.mesh import MeshBuilder, Points

_AROUND, _UP = 9, 5


class Crowns(NamedTuple):
    """Trees: (N, 2) middles, (N,) radii and (N,) heights in metres."""

    where: Points
    radius_m: Points
    high_m: Points


def crowns(builder: MeshBuilder, trees: Crowns, rng: np.random.Generator, slot: int) -> None:
    """Add round, uneven crowns that reach down to the ground, some 80 triangles each.

    Args:
        builder: what they are added to.
        trees: where they stand.
        rng: draws their lumps and tones.
        slot: of their faces.
    """
    where, radius_m, high_m = trees
    many = len(where)
    angle = np.linspace(0, 2 * np.pi, _AROUND, endpoint=False)
    up = np.array([0.0, 0.3, 0.62, 0.88, 1.0])
    wide = np.array([0.75, 1.0, 0.92, 0.55, 0.06])
    lumps = rng.uniform(0.78, 1.2, (many, _AROUND, _UP))
    radius = radius_m[:, None, None] * wide * lumps
    spun = angle[None, :, None] + rng.uniform(0, 6, many)[:, None, None]
    points = np.stack(
        [
            where[:, 0, None, None] + radius * np.cos(spun),
            where[:, 1, None, None] + radius * np.sin(spun),
            high_m[:, None, None] * up * rng.uniform(0.93, 1.05, (many, _AROUND, _UP)) - 0.3,
        ],
        axis=-1,
    )
    index = np.arange(_AROUND * _UP).reshape(_AROUND, _UP)
    after = np.roll(index, -1, axis=0)
    quads = np.stack([index[:, :-1], after[:, :-1], after[:, 1:], index[:, 1:]], axis=-1).reshape(-1, 4)
    faces = (np.arange(many)[:, None, None] * _AROUND * _UP + quads).reshape(-1, 4)
    tone = rng.uniform(0.7, 1.3, (many, 1)) * (1 + rng.normal(0, 0.06, (many, 3)))
    tints = np.repeat(np.column_stack([tone, np.ones(many)]), len(quads), axis=0)
    builder.add(points.reshape(-1, 3), faces, slot, tint=tints)  # type: ignore[arg-type]
