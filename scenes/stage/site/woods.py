"""Woods and hills seen from far, and pylons between them; no Blender."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scenes.stage.mesh import MeshBuilder, Points, turn

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


def hills(
    builder: MeshBuilder, rng: np.random.Generator, high_m: tuple[float, float], slot: int, *, near_m: float = 680.0
) -> None:
    """Add a ring of rolling land that rises beyond `near_m` and closes the horizon.

    Args:
        builder: what it is added to.
        rng: draws the heights.
        high_m: range of the crest.
        slot: of its faces.
        near_m: where it begins to rise.
    """
    angle = np.linspace(0, 2 * np.pi, 145)[:-1]
    away = near_m + np.array([0.0, 60.0, 150.0, 260.0, 400.0, 560.0, 800.0])
    crest = _waves(angle, rng, (2, 3, 5, 9, 17))
    crest = high_m[0] + (high_m[1] - high_m[0]) * crest
    rise = np.array([0.0, 0.08, 0.3, 0.55, 0.8, 1.0, 0.8])
    folds = 1 + 0.25 * (np.stack([_waves(angle, rng, (4, 7, 13)) for _ in away], axis=1) - 0.5)
    z = crest[:, None] * rise * folds - 0.4
    points = np.stack([away * np.cos(angle)[:, None], away * np.sin(angle)[:, None], z], axis=-1)
    builder.grid(points[:, ::-1], slot, closed=True)


def pylons(builder: MeshBuilder, start_m: Points, step_m: Points, many: int, slot: int) -> None:
    """Add lattice towers in a row with three cross arms each and wires between them.

    Args:
        builder: what they are added to.
        start_m: (2,) foot of the first.
        step_m: (2,) to the next.
        many: how many.
        slot: of their faces.
    """
    across = turn(90.0)[:2, :2] @ step_m / np.linalg.norm(step_m)
    for number in range(many):
        foot = start_m + number * step_m
        _tower(builder, foot, across, slot)
        for high, reach in ((22.0, 4.5), (27.0, 6.0), (32.0, 4.0)) if number else ():
            for side in (-1, 1):
                ends = foot + side * reach * across
                share = np.linspace(0, 1, 7)[:, None]
                flat = (ends - step_m) * (1 - share) + ends * share
                z = high - 1.5 - 28.0 * share * (1 - share)
                builder.tube(np.hstack([flat, z]), [0.03] * 7, segments=3, slot=slot)


def _tower(builder: MeshBuilder, foot: Points, across: Points, slot: int) -> None:
    along = np.array([across[1], -across[0]])
    for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        low, high = foot + 2.6 * (i * across + j * along), foot + 0.35 * (i * across + j * along)
        builder.tube(np.array([(*low, 0.0), (*high, 36.0)]), [0.12, 0.1], segments=3, slot=slot)
        other = foot + 2.6 * (-j * across + i * along)
        for z0, z1 in ((0.0, 9.0), (9.0, 17.0), (17.0, 24.0)):
            first, second = (foot + (spot - foot) * (1 - 0.024 * z) for spot, z in ((low, z0), (other, z1)))
            builder.tube(np.array([(*first, z0), (*second, z1)]), [0.07, 0.07], segments=3, slot=slot)
    for high_m, reach in ((22.0, 4.5), (27.0, 6.0), (32.0, 4.0)):
        ends = np.array([(*(foot - reach * across), high_m), (*foot, high_m + 0.8), (*(foot + reach * across), high_m)])
        builder.tube(ends, [0.08, 0.16, 0.08], segments=4, slot=slot)


def _waves(angle: Points, rng: np.random.Generator, periods: tuple[int, ...]) -> Points:
    total = sum(np.sin(n * angle + rng.uniform(0, 6)) * rng.uniform(0.5, 1.0) / n**0.6 for n in periods)
    low, high = np.min(total), np.max(total)
    return np.asarray((total - low) / (high - low))
