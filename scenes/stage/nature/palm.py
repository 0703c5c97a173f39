"""Palms: a ringed stem and a head of feathered fronds."""

from __future__ import annotations

import numpy as np

from scenes.stage.mesh import MeshBuilder, Points
from scenes.stage.nature.branching import Skeleton, add_wood
from scenes.stage.nature.leaves import add_blades, tinted, unit
from scenes.stage.nature.tree_kinds import Tree

_FRONDS = 34
_JOINTS = 9
_LEAFLETS = 56


def grow_palm(builder: MeshBuilder, tree: Tree, height_m: float, rng: np.random.Generator) -> None:
    """Grow a palm: fronds from upright (young) to hanging (old), leaflets on both sides of each.

    Args:
        builder: where to; slot 0 is bark, 1 leaves.
        tree: its kind.
        height_m: of its highest frond.
        rng: the tree's generator.
    """
    head = height_m - 0.5 * tree.crown_radius_m
    z = np.concatenate([[0.0, 0.1, 0.3], np.linspace(0.7, head, 16)])
    lean = rng.normal(0, 0.05, 2)
    stem = np.column_stack([lean * (z[:, None] ** 2 / head), z])
    thick = 0.5 * tree.girth * min(height_m, 9.0)
    radii = thick * (1 + 0.5 * np.exp(-z / 0.25) - 0.25 * z / head)
    chain = Skeleton(nodes=stem, parents=np.arange(-1, len(z) - 1), radii_m=radii)
    add_wood(builder, chain, ((0.0, 14),))
    _add_fronds(builder, tree, stem[-1], rng)


def _add_fronds(builder: MeshBuilder, tree: Tree, head: Points, rng: np.random.Generator) -> None:
    age = (np.arange(_FRONDS) + rng.random(_FRONDS)) / _FRONDS
    angle = np.arange(_FRONDS) * 2.39996 + rng.normal(0, 0.15, _FRONDS)  # the golden angle
    rise = np.deg2rad(80 - 105 * age)
    length = tree.crown_radius_m * rng.uniform(0.9, 1.15, _FRONDS)
    along = np.linspace(0, 1, _JOINTS)
    pitch = rise[:, None] - (0.5 + 0.7 * age)[:, None] * along**1.5 * 1.2
    step = length[:, None] / (_JOINTS - 1)
    out = np.cumsum(np.cos(pitch) * step, axis=1) - np.cos(pitch[:, :1]) * step
    up = np.cumsum(np.sin(pitch) * step, axis=1) - np.sin(pitch[:, :1]) * step
    paths = head + np.stack([out * np.cos(angle)[:, None], out * np.sin(angle)[:, None], up], axis=-1)
    index = np.arange(_FRONDS * _JOINTS)
    ribs = Skeleton(
        nodes=paths.reshape(-1, 3),
        parents=np.where(index % _JOINTS == 0, -1, index - 1),
        radii_m=np.tile(np.linspace(0.03, 0.006, _JOINTS), _FRONDS),
    )
    add_wood(builder, ribs, ((0.0, 4),), 1)
    tinted(builder, np.tile([1.6, 1.3, 1.2, 0.7], ((_JOINTS - 1) * _FRONDS * 4, 1)))
    _add_leaflets(builder, tree, paths, age, rng)


def _add_leaflets(builder: MeshBuilder, tree: Tree, paths: Points, age: Points, rng: np.random.Generator) -> None:
    frond = np.repeat(np.arange(_FRONDS), _LEAFLETS)
    share = np.tile(0.12 + 0.87 * (np.arange(_LEAFLETS) // 2) / (_LEAFLETS / 2), _FRONDS)
    joint = np.minimum((share * (_JOINTS - 1)).astype(int), _JOINTS - 2)
    low, high = paths[frond, joint], paths[frond, joint + 1]
    feet = low + (share * (_JOINTS - 1) - joint)[:, None] * (high - low)
    along = unit(high - low)
    side = np.tile(np.where(np.arange(_LEAFLETS) % 2, 1.0, -1.0), _FRONDS)[:, None]
    level = unit(np.cross(along, [0.0, 0.0, 1.0]) + 1e-6)
    stalk = unit(0.75 * along + side * level + rng.normal(0, 0.08, feet.shape) - [0, 0, tree.leaf.droop])
    size = tree.leaf.length_m * (1.1 - 0.75 * np.abs(share - 0.35))[:, None] * rng.uniform(0.85, 1.1, (len(feet), 1))
    across = unit(np.cross(stalk, np.cross(level, along) + rng.normal(0, 0.2, feet.shape)))
    add_blades(builder, feet, stalk * size, across * tree.leaf.aspect * size, slot=1)
    light = np.exp(rng.normal(0, 0.15, (len(feet), 1)))
    tinted(builder, np.concatenate([np.tile(light, (1, 3)), (age[frond] ** 3)[:, None]], axis=1))
