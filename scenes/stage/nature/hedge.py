"""Hedges and bushes: a dark inside with a skin of leaves."""

from __future__ import annotations

import numpy as np

from scenes.stage.asset import Asset, Piece, Solid
from scenes.stage.mesh import MeshBuilder, Points
from scenes.stage.nature.leaves import Leaf, Twigs, add_blades, add_leaves, add_twigs, hung, tinted, unit
from scenes.stage.nature.season import Season
from scenes.stage.surface import Surface, surface

_SEED = 910
_UNIT_M = 4.0
_LEAVES_M2 = 190
LEAF, TWIG = range(2)
_SLOTS = ("leaf", "twig")
_LEAF_RGB = ((0.04, 0.078, 0.02), (0.03, 0.062, 0.02), (0.05, 0.088, 0.026), (0.06, 0.05, 0.022))
_EVERGREEN = (True, True, False, False)


def geometry(length_m: float, height_m: float, width_m: float, model: int) -> Asset:
    """Return a clipped hedge along x, centred; long ones repeat two units of about 4 m.

    Args:
        length_m: from end to end.
        height_m: of its top.
        width_m: at its foot.
        model: draws its leaves.
    """
    count = max(1, round(length_m / _UNIT_M))
    unit_m = length_m / count
    solids = [_unit(unit_m, height_m, width_m, model, number) for number in range(min(2, count))]
    places = -length_m / 2 + unit_m * (np.arange(count) + 0.5)
    return Asset(
        pieces=tuple(
            Piece(
                solid=solid, matrices=tuple(_at(x, turned=i % 4 > 1) for i, x in enumerate(places) if i % 2 == number)
            )
            for number, solid in enumerate(solids)
        )
    )


def bush(model: int) -> Asset:
    """Return a bush of 0.7 to 1.7 m, of several stems."""
    rng = np.random.default_rng([_SEED, 1, model])
    height, wide = float(rng.uniform(0.7, 1.7)), float(rng.uniform(0.4, 0.8))
    builder = MeshBuilder()
    feet = np.column_stack([rng.normal(0, 0.12, (14, 2)), np.zeros(14)])
    headings = unit(np.column_stack([rng.normal(0, wide * 0.4, (14, 2)), np.full(14, height * 0.8)]))
    stems = Twigs(feet=feet, headings=headings, lengths_m=height * rng.uniform(0.55, 0.8, 14))
    add_twigs(builder, stems, 0.012, TWIG)
    outward = unit(rng.normal(size=(260, 3)))
    outward[:, 2] = np.abs(outward[:, 2]) - 0.25
    reach = rng.uniform(0.3, 1.0, (260, 1)) ** 0.4 * (1 + 0.18 * np.sin(outward @ rng.normal(0, 3, (3, 1))))
    points = np.array([0, 0, 0.42 * height]) + outward * reach * [wide, wide, 0.5 * height]
    points[:, 2] = np.maximum(points[:, 2], 0.1)
    twigs = Twigs(feet=points, headings=unit(outward + np.array([0, 0, 0.5])), lengths_m=rng.uniform(0.15, 0.3, 260))
    add_twigs(builder, twigs, 0.003, TWIG)
    add_leaves(builder, twigs, Leaf(length_m=float(rng.uniform(0.06, 0.1)), aspect=0.6), 9, rng, slot=LEAF)
    inner = Twigs(feet=0.7 * points, headings=twigs.headings, lengths_m=twigs.lengths_m)
    add_leaves(builder, inner, Leaf(length_m=0.13, aspect=0.8, spread=1.0), 5, rng, slot=LEAF, coarse=True)
    return Asset(pieces=(Piece(solid=hung(builder.solid("bush", _SLOTS))),))


def finish(model: int, season: Season = "summer") -> dict[str, Surface]:
    """Return what leaves and twigs of a hedge or bush show.

    Args:
        model: as for the geometry; two of four kinds keep their green.
        season: one of `season.SEASONS`.
    """
    kind = model % len(_LEAF_RGB)
    young, snow = _LEAF_RGB[kind], 0.8 if season == "snow" else 0.0
    old = (young[0] * 1.5, young[1] * 1.25, young[2])
    if season != "summer" and not _EVERGREEN[kind]:
        young, old = (0.1, 0.062, 0.022), (0.075, 0.04, 0.018)  # beech and hornbeam keep their brown leaves
    return {
        "leaf": surface("leaf", colour=young, second=old, snow=snow),
        "twig": surface("plain", colour=(0.06, 0.045, 0.035), roughness=0.9),
    }


def _at(x_m: float, *, turned: bool) -> Points:
    matrix = np.diag([-1.0, -1.0, 1.0, 1.0]) if turned else np.eye(4)
    matrix[0, 3] = x_m
    return matrix


def _unit(length_m: float, height_m: float, width_m: float, model: int, number: int) -> Solid:
    rng = np.random.default_rng([_SEED, 0, model, number])
    builder = MeshBuilder()
    _add_core(builder, length_m, height_m - 0.08, width_m - 0.14)
    area = 2 * length_m * height_m + length_m * width_m
    feet, outward = _skin(int(_LEAVES_M2 * area), (length_m, height_m, width_m), rng)
    stalk = unit(0.5 * outward + 0.9 * rng.normal(size=feet.shape) + [0, 0, 0.15])
    across = unit(np.cross(stalk, outward + 0.5 * rng.normal(size=feet.shape)))
    size = rng.uniform(0.06, 0.11, (len(feet), 1))
    add_blades(builder, feet, stalk * size, 0.62 * size * across, slot=LEAF)
    light = np.exp(rng.normal(0, 0.28, (len(feet), 1)))
    tinted(builder, np.concatenate([np.tile(light, (1, 3)), rng.beta(1.2, 2.5, (len(feet), 1))], axis=1))
    return hung(builder.solid("hedge", _SLOTS))


def _add_core(builder: MeshBuilder, length_m: float, height_m: float, width_m: float) -> None:
    x, y = length_m / 2, width_m / 2
    section = np.array([[-y, 0.0], [-0.92 * y, 0.9 * height_m], [-0.7 * y, height_m], [0.7 * y, height_m]])
    section = np.concatenate([section, [[0.92 * y, 0.9 * height_m], [y, 0.0]]])
    rows = np.stack([np.column_stack([np.full(6, end), section]) for end in (x, -x)])
    builder.grid(rows, LEAF)
    for end, order in ((0, range(6)), (1, range(5, -1, -1))):
        builder.add(rows[end], [tuple(order)], LEAF)
    for number in (-1, -2, -3):
        builder.tints[number] = np.broadcast_to([0.3, 0.3, 0.3, 0.2], builder.tints[number].shape)


def _skin(count: int, size_m: tuple[float, float, float], rng: np.random.Generator) -> tuple[Points, Points]:
    """Return points on the top and both flanks, and the way that each looks."""
    length, height, width = size_m
    along = rng.uniform(-length / 2, length / 2, count)
    around = rng.uniform(0, 2 * height + width, count)
    side = np.where(around < height, -1.0, np.where(around < 2 * height, 1.0, 0.0))
    z = np.where(side != 0, around % height, height)
    y = np.where(side != 0, side * width / 2, around - 2 * height - width / 2)
    waves = 0.035 * np.sin(2 * np.pi * along / length * 2) * np.cos(2.1 * z + 1.0)
    outward = np.column_stack([0 * z, side, side == 0]).astype(np.float64)
    points = (
        np.column_stack([along, y, np.maximum(z, 0.03)])
        + outward * (waves - np.abs(rng.normal(0, 0.05, count)))[:, None]
    )
    points[:, 2] = np.maximum(points[:, 2], 0.03)
    return points, outward
