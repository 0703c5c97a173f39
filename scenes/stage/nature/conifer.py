"""Spruces: a straight stem with whorls of hanging boughs."""

from __future__ import annotations

import numpy as np

from scenes.stage.mesh import MeshBuilder, Points
from scenes.stage.nature.branching import Skeleton, add_wood
from scenes.stage.nature.leaves import Leaf, Twigs, add_blades, add_leaves, tinted, unit
from scenes.stage.nature.tree_kinds import Tree

_WHORLS = 32
_BOUGHS = 6
_JOINTS = 5
_BRUSH_M = 0.14
_SPRAYS_M = 5.7
_SIDES = ((0.05, 12), (0.0, 3))


def grow_whorled(builder: MeshBuilder, tree: Tree, height_m: float, rng: np.random.Generator) -> None:
    """Grow a spruce: boughs in whorls, shorter towards the top, that sag and turn up at their ends.

    Args:
        builder: where to; slot 0 is bark, 1 needles.
        tree: its kind.
        height_m: of its tip.
        rng: the tree's generator.
    """
    scale = height_m / (0.5 * sum(tree.height_m))
    boughs = _boughs(tree, height_m, tree.crown_radius_m * scale, rng)
    stem_z = np.concatenate([[0.0, 0.12, 0.35], np.linspace(0.8, height_m, 12)])
    stem = np.column_stack([0.0 * stem_z, 0.0 * stem_z, stem_z])
    flare = 1 + 0.5 * np.exp(-stem_z / 0.2)
    radii = 0.5 * tree.girth * height_m * np.clip(1 - stem_z / height_m, 0.01, 1) ** 0.85 * flare
    chain = Skeleton(nodes=stem, parents=np.arange(-1, len(stem) - 1), radii_m=radii)
    add_wood(builder, chain, ((0.0, 12),))
    _add_boughs(builder, boughs, rng, tree.leaf)


def _boughs(tree: Tree, height_m: float, radius_m: float, rng: np.random.Generator) -> Points:
    """Return (boughs, joints, 3) paths."""
    share, out = np.array(tree.profile).T
    level = np.repeat(np.linspace(0.0, 0.985, _WHORLS) ** 1.08, _BOUGHS) + rng.normal(0, 0.02, _WHORLS * _BOUGHS)
    level = np.clip(level, 0, 0.99)
    angle = np.tile(np.arange(_BOUGHS) / _BOUGHS * 2 * np.pi, _WHORLS) + rng.normal(0, 0.16, len(level))
    angle += np.repeat(rng.uniform(0, 2 * np.pi, _WHORLS), _BOUGHS)
    length = (np.interp(level, share, out) * radius_m + 0.12) * rng.uniform(0.72, 1.1, len(level))
    foot = tree.stem_share * height_m
    z = foot + level * (height_m - foot)
    along = np.linspace(0, 1, _JOINTS)
    rise = (0.55 * level - 0.22)[:, None] * along - 0.5 * ((1 - level)[:, None] * (along - along**2) * 0.9)
    flat = length[:, None] * along
    return np.stack(
        [flat * np.cos(angle)[:, None], flat * np.sin(angle)[:, None], z[:, None] + length[:, None] * rise], axis=-1
    )


def _add_boughs(builder: MeshBuilder, boughs: Points, rng: np.random.Generator, leaf: Leaf) -> None:
    """Add the wood of boughs and flat sprays of needles on both sides of them."""
    count = len(boughs)
    reach = np.linalg.norm(boughs[:, -1] - boughs[:, 0], axis=1)
    nodes = boughs.reshape(-1, 3)
    index = np.arange(len(nodes)).reshape(count, _JOINTS)
    parents = np.where(index % _JOINTS == 0, -1, index - 1).ravel()
    taper = 0.011 * reach[:, None] ** 0.8 * np.linspace(1, 0.25, _JOINTS)
    skeleton = Skeleton(nodes=nodes, parents=parents, radii_m=taper.ravel())
    add_wood(builder, skeleton, ((0.0, 3),), 2)
    sprays = np.maximum(3, np.round(reach * _SPRAYS_M)).astype(int)
    bough = np.repeat(np.arange(count), sprays)
    share = rng.uniform(0.12, 1.0, len(bough))
    joint = np.minimum((share * (_JOINTS - 1)).astype(int), _JOINTS - 2)
    low, high = boughs[bough, joint], boughs[bough, joint + 1]
    feet = low + (share * (_JOINTS - 1) - joint)[:, None] * (high - low)
    along = unit(high - low)
    side = rng.choice([-1.0, 1.0], len(bough))[:, None] * unit(np.cross(along, [0.0, 0.0, 1.0]))
    headings = unit(along + 0.85 * side + rng.normal(0, 0.12, feet.shape) - [0, 0, 0.22])
    lengths = (0.2 + 0.34 * reach[bough] * (1 - share) ** 0.6) * rng.uniform(0.7, 1.1, len(bough))
    headings[:, 2] = np.maximum(headings[:, 2], (0.25 - feet[:, 2]) / (lengths + 0.5))  # keep off the ground
    _add_needles(builder, Twigs(feet=feet, headings=headings, lengths_m=lengths), leaf, rng)


def _add_needles(builder: MeshBuilder, twigs: Twigs, leaf: Leaf, rng: np.random.Generator) -> None:
    """Clothe each twig in two crossed brushes, with needles that stand out of them."""
    along = twigs.headings * (twigs.lengths_m + 0.12)[:, None]
    side = unit(np.cross(twigs.headings, [0.0, 0.0, 1.0]) + rng.normal(0, 0.25, along.shape))
    light = np.exp(rng.normal(-0.1, 0.22, (len(along), 1)))
    tints = np.concatenate([np.tile(light, (1, 3)), rng.beta(1, 3, (len(along), 1))], axis=1)
    for across in (side, unit(np.cross(side, twigs.headings))):
        add_blades(builder, twigs.feet, along, across * _BRUSH_M * rng.uniform(0.7, 1.3, (len(along), 1)), slot=1)
        tinted(builder, tints)
    add_leaves(builder, twigs, leaf, 6, rng, slot=1, coarse=True)
