"""Leaves and twigs: thousands of small faces at once, each with a tone of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scenes.stage.asset import Solid
from scenes.stage.mesh import MeshBuilder, Points

_UP = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, kw_only=True, eq=False)
class Twigs:
    """Twigs: (N, 3) feet and unit headings, (N,) lengths in metres."""

    feet: Points
    headings: Points
    lengths_m: Points


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A kind of leaf.

    Args:
        length_m: from stalk to tip.
        aspect: width over length.
        droop: 0 stands out from its twig, 1 hangs.
        spread: how far leaves turn at random, 0 to 1.
    """

    length_m: float
    aspect: float = 0.7
    droop: float = 0.3
    spread: float = 0.7


def unit(vectors: Points) -> Points:
    """Return vectors of length 1 along the last axis."""
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=-1, keepdims=True) + 1e-9))


def tinted(builder: MeshBuilder, tints: Points) -> None:
    """Give the faces of the last patch their own tints, (faces, 4)."""
    builder.tints[-1] = tints


def add_twigs(builder: MeshBuilder, twigs: Twigs, radius_m: float, slot: int = 0) -> None:
    """Add twigs as three-sided spikes."""
    across = unit(np.cross(twigs.headings, [0.31, 0.86, 0.41]))
    over = np.cross(twigs.headings, across)
    angles = np.arange(3) / 3 * 2 * np.pi
    around = np.cos(angles)[:, None] * across[:, None] + np.sin(angles)[:, None] * over[:, None]
    tips = twigs.feet + twigs.headings * twigs.lengths_m[:, None]
    points = np.concatenate([twigs.feet[:, None] + radius_m * around, tips[:, None]], axis=1)
    spike = np.array([[0, 1, 3], [1, 2, 3], [2, 0, 3]])
    faces = spike[None] + 4 * np.arange(len(points))[:, None, None]
    builder.add(points.reshape(-1, 3), faces.reshape(-1, 3), slot)


def forked(twigs: Twigs, count: int, rng: np.random.Generator) -> Twigs:
    """Return `count` side twigs for each twig."""
    parent = np.repeat(np.arange(len(twigs.feet)), count)
    share = rng.uniform(0.15, 0.85, len(parent))
    feet = twigs.feet[parent] + twigs.headings[parent] * (share * twigs.lengths_m[parent])[:, None]
    aside = unit(np.cross(twigs.headings[parent], rng.normal(size=(len(parent), 3))))
    headings = unit(twigs.headings[parent] + 0.9 * aside + 0.12 * _UP)
    lengths = twigs.lengths_m[parent] * rng.uniform(0.3, 0.6, len(parent)) * (1.15 - share)
    return Twigs(feet=feet, headings=headings, lengths_m=lengths)


def add_leaves(
    builder: MeshBuilder,
    twigs: Twigs,
    leaf: Leaf,
    count: int,
    rng: np.random.Generator,
    *,
    slot: int = 0,
    coarse: bool = False,
) -> None:
    """Hang `count` leaves on each twig, in turn on either side.

    Args:
        builder: where to.
        twigs: what they hang on.
        leaf: their kind.
        count: leaves a twig.
        rng: the tree's generator.
        slot: what they show.
        coarse: one larger triangle a leaf, for the inside of a crown.
    """
    twig = np.repeat(np.arange(len(twigs.feet)), count)
    along = twigs.headings[twig]
    share = (np.tile(np.arange(count), len(twigs.feet)) + rng.uniform(0.2, 1.0, len(twig))) / count
    side = np.where(np.tile(np.arange(count) % 2, len(twigs.feet)), 1.0, -1.0)
    level = unit(np.cross(along, _UP) + 0.35 * rng.normal(size=(len(twig), 3)))
    stalk = unit(0.55 * along + (side * 0.85)[:, None] * level + leaf.spread * rng.normal(size=(len(twig), 3)) * 0.6)
    stalk = unit(stalk - leaf.droop * _UP)
    feet = twigs.feet[twig] + along * (share * twigs.lengths_m[twig])[:, None] + 0.3 * leaf.length_m * stalk
    upward = unit(_UP + 0.45 * along + leaf.spread * rng.normal(size=(len(twig), 3)))
    across = unit(np.cross(stalk, upward))
    size = leaf.length_m * rng.uniform(0.75, 1.25, len(twig))[:, None]
    add_blades(builder, feet, stalk * size, across * size * leaf.aspect, slot=slot, coarse=coarse)
    tinted(builder, _tones(len(twigs.feet), count, rng))


def add_blades(
    builder: MeshBuilder, feet: Points, along: Points, across: Points, *, slot: int = 0, coarse: bool = False
) -> None:
    """Add a leaf at each foot: a kite folded at its midrib, or one triangle if `coarse`.

    Args:
        builder: where to.
        feet: (N, 3).
        along: (N, 3) foot to tip.
        across: (N, 3) from edge to edge.
        slot: what they show.
        coarse: one triangle a leaf.
    """
    if coarse:
        corners = np.stack([feet, feet + 0.8 * along + 0.6 * across, feet + 0.9 * along - 0.6 * across], axis=1)
    else:
        fold = 0.16 * np.cross(across, unit(along))
        middle = feet + 0.42 * along + fold
        corners = np.stack([feet, middle + 0.5 * across, feet + along, middle - 0.5 * across], axis=1)
    size = corners.shape[1]
    builder.add(corners.reshape(-1, 3), np.arange(len(feet) * size).reshape(-1, size), slot)


def _tones(twigs: int, count: int, rng: np.random.Generator) -> Points:
    """Return tints: lightness and hue in rgb about 1, age in [0, 1] as the fourth value, alike along a twig."""
    total = twigs * count
    light = np.repeat(rng.normal(0, 0.14, twigs), count) + rng.normal(0, 0.16, total)
    warm = np.repeat(rng.normal(0, 0.07, twigs), count) + rng.normal(0, 0.06, total)
    age = np.clip(np.repeat(rng.beta(1.2, 2.0, twigs), count) + rng.normal(0, 0.15, total), 0, 1)
    rgb = np.exp(light)[:, None] * np.exp(np.outer(warm, [1.0, 0.15, -0.6]))
    return np.concatenate([rgb, age[:, None]], axis=1)


def hung(solid: Solid) -> Solid:
    """Return a solid whose leaves hang no lower than the ground."""
    vertices = solid.vertices.copy()
    vertices[:, 2] = np.maximum(vertices[:, 2], 0.0)
    return replace(solid, vertices=vertices)
