"""The hill that a tunnel leads through, with woods on it; no Blender."""

from __future__ import annotations

import numpy as np

from scenes.site.plan import Structure
from scenes.stage.asset import Asset, Piece
from scenes.stage.mesh import MeshBuilder
from scenes.stage.site.woods import Crowns, crowns


def geometry(structure: Structure) -> Asset:
    """Return the hill over a tunnel, in the tunnel's frame: it begins behind the portals' own slopes."""
    rng, length = np.random.default_rng(11), structure.length_m
    x, y = np.linspace(14.0, length - 14.0, 28), np.linspace(-300.0, 300.0, 49)
    inward = np.minimum(x, length - x)[:, None] - 14.0
    rise = np.clip(inward / 70.0, 0, 1)
    rise = rise * rise * (3 - 2 * rise)
    side = np.clip((290.0 - np.abs(y)[None, :]) / 220.0, 0, 1)
    side = side * side * (3 - 2 * side)
    z = (structure.height_m + 6.5 + 20.0 * rise) * side + rng.normal(0, 0.4, (28, 49)) * side - 0.5
    z[[0, -1]] = np.minimum(z[[0, -1]], np.where(np.abs(y) < 18.0, z[0], -1.0))
    grid = np.stack([*np.broadcast_arrays(x[:, None], y[None, :]), z], axis=-1)
    builder = MeshBuilder()
    builder.grid(grid, 0)
    where = np.column_stack([rng.uniform(60.0, length - 60.0, 70), rng.uniform(-150.0, 150.0, 70)])
    row, column = np.searchsorted(x, where[:, 0]) - 1, np.searchsorted(y, where[:, 1]) - 1
    wood = MeshBuilder()
    crowns(wood, Crowns(where, rng.uniform(2.5, 4.5, 70), rng.uniform(5.0, 9.0, 70)), rng, 0)
    lift = np.repeat(z[row, column], len(wood.vertices[0]) // 70)
    wood.vertices[0][:, 2] += lift
    return Asset(
        pieces=(
            Piece(solid=builder.solid("mound", ("mound",), smooth=True)),
            Piece(solid=wood.solid("wood", ("wood",), smooth=True)),
        )
    )
