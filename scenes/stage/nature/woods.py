"""Trees far off: lines of a dozen that are instanced, with leaves a metre wide."""

from __future__ import annotations

import numpy as np

from scenes.stage.asset import Solid
from scenes.stage.mesh import Indices, MeshBuilder, Points
from scenes.stage.nature.leaves import Twigs, add_blades, add_twigs, tinted, unit

LINE_M = 64.0
_SEED = 960
_TREES = 11
_SPRAYS = 105
_LEAF, _TWIG = range(2)


def tree_line(model: int, height_m: float) -> Solid:
    """Return a line of trees and bushes along x, about 3,000 triangles, for 150 m away and more.

    Args:
        model: draws it.
        height_m: of its mean tree.
    """
    rng = np.random.default_rng([_SEED, model])
    x = (np.arange(_TREES) + rng.uniform(-0.4, 0.4, _TREES) - (_TREES - 1) / 2) * LINE_M / _TREES
    feet = np.column_stack([x, rng.normal(0, 2.2, _TREES), np.full(_TREES, -0.5)])
    high = height_m * rng.uniform(0.45, 1.25, _TREES)
    builder = MeshBuilder()
    up = np.tile([0.0, 0.0, 1.0], (_TREES, 1))
    add_twigs(builder, Twigs(feet=feet, headings=up, lengths_m=0.9 * high), 0.024 * height_m, _TWIG)
    tree = np.repeat(np.arange(_TREES), _SPRAYS)
    _add_crowns(builder, feet[tree], high[tree], tree, rng)
    return builder.solid("tree line", ("leaf", "twig"))


def _add_crowns(builder: MeshBuilder, feet: Points, high: Points, tree: Indices, rng: np.random.Generator) -> None:
    """Fill ellipsoid crowns, lobed, with clusters of leaves that look outward."""
    count = len(feet)
    outward = unit(rng.normal(size=(count, 3)))
    lobes = 1 + 0.22 * np.sin(4.0 * outward @ rng.normal(0, 1, (3, 1)) + tree[:, None])
    slim = rng.uniform(0.2, 0.36, _TREES)[tree]
    reach = rng.uniform(0.15, 1.0, (count, 1)) ** 0.45 * lobes
    size = np.stack([slim * high, slim * high, 0.42 * high], axis=1)
    middle = feet + np.array([0, 0, 1.0]) * (0.57 * high)[:, None]
    points = middle + outward * reach * size
    along = unit(outward + 0.8 * rng.normal(size=(count, 3)) + [0, 0, 0.4])
    across = unit(np.cross(along, outward + 0.6 * rng.normal(size=(count, 3))))
    wide = 0.12 * high[:, None] * rng.uniform(0.6, 1.3, (count, 1))
    add_blades(builder, points, along * wide, across * wide * 0.9, slot=_LEAF)
    own = rng.normal(0, 0.2, _TREES)[tree]
    light = np.exp(own + rng.normal(0, 0.16, count))[:, None]
    tinted(builder, np.concatenate([np.tile(light, (1, 3)), rng.random((count, 1))], axis=1))
