"""Trees: one asset for each kind, model and leafy or bare; finishes for four seasons."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenes.errors import InputError
from scenes.stage.asset import Asset, Piece
from scenes.stage.mesh import MeshBuilder, Points
from scenes.stage.nature.branching import Skeleton, add_wood, bent, reach
from scenes.stage.nature.conifer import grow_whorled
from scenes.stage.nature.leaves import Leaf, Twigs, add_leaves, add_twigs, forked, hung, unit
from scenes.stage.nature.palm import grow_palm
from scenes.stage.nature.season import SEASONS, Season
from scenes.stage.nature.tree_kinds import TREES, Colour, Tree
from scenes.stage.surface import Surface, surface

KINDS = (*TREES, "bare_winter")
_BARE = ("lime", "maple", "oak", "birch")
_SEED = 900
_THIN_M = 0.02
_SIDES = ((0.09, 14), (0.04, 7), (_THIN_M, 5))
_FINE, _COARSE = 8, 10  # leaves on a twig
_LARGEST_M = 0.23
BARK, LEAF, TWIG, STAKE = range(4)
_SLOTS = ("bark", "leaf", "twig", "stake")
_FINE_COVER, _COARSE_COVER = 1.3, 2.5  # leaf area over the crown's silhouette; free-standing trees have 3 to 5


def geometry(kind: str, model: int, season: Season = "summer") -> Asset:
    """Return a tree that stands on the ground, 8,000 to 25,000 triangles.

    Args:
        kind: one of `KINDS`; "bare_winter" is a broadleaf that the model picks, without leaves.
        model: draws its shape and height.
        season: one of `SEASONS`; broadleaves are bare in winter and under snow.

    Raises:
        InputError: no such kind or season.
    """
    kind, season = _known(kind, model, season)
    tree = TREES[kind]
    rng = np.random.default_rng([_SEED, list(TREES).index(kind), model])
    height = float(rng.uniform(*tree.height_m))
    builder = MeshBuilder()
    bare = season in ("winter", "snow") and not tree.evergreen
    if tree.growth == "whorled":
        grow_whorled(builder, tree, height, rng)
    elif tree.growth == "palm":
        grow_palm(builder, tree, height, rng)
    else:
        _grow_broad(builder, tree, height, rng, bare=bare)
    if tree.stake:
        _add_stakes(builder, tree.stem_share * height)
    return Asset(pieces=(Piece(solid=hung(builder.solid("tree", _SLOTS, smooth=True, crease_deg=50.0))),))


def finish(kind: str, model: int, season: Season = "summer") -> dict[str, Surface]:
    """Return what bark, leaves and stakes show.

    Args:
        kind: as for `geometry`.
        model: as for `geometry`.
        season: as for `geometry`.

    Raises:
        InputError: no such kind or season.
    """
    kind, season = _known(kind, model, season)
    tree = TREES[kind]
    rng = np.random.default_rng([_SEED + 1, list(TREES).index(kind), model])
    light = float(rng.uniform(0.85, 1.15))
    young: Colour = (tree.leaf_rgb[0] * light, tree.leaf_rgb[1] * light, tree.leaf_rgb[2] * light)
    old: Colour = (young[0] * 1.35, young[1] * 1.2, young[2])
    if season == "autumn":
        young, old = _turned(tree, young, rng)
    snow = 0.8 if season == "snow" else 0.0
    return {
        "bark": surface("bark", colour=tree.bark_rgb, style=tree.bark, snow=snow),
        "leaf": surface("leaf", colour=young, second=old, snow=snow),
        "twig": surface("plain", colour=_twig_rgb(tree), roughness=0.9),
        "stake": surface("plain", colour=(0.24, 0.17, 0.1), roughness=0.9),
    }


def _twig_rgb(tree: Tree) -> Colour:
    """Return the tone of young wood: a darker bark, brown where the bark is white."""
    return (
        (0.07, 0.045, 0.035)
        if tree.bark == "white"
        else (tree.bark_rgb[0] * 0.6, tree.bark_rgb[1] * 0.55, tree.bark_rgb[2] * 0.5)
    )


def _known(kind: str, model: int, season: Season) -> tuple[str, Season]:
    if kind not in KINDS:
        raise InputError("tree.kind", f"must be one of {', '.join(KINDS)}", got=kind)
    if season not in SEASONS:
        raise InputError("tree.season", f"must be one of {', '.join(SEASONS)}", got=season)
    if kind != "bare_winter":
        return kind, season
    return _BARE[model % len(_BARE)], season if season == "snow" else "winter"


def _turned(tree: Tree, young: Colour, rng: np.random.Generator) -> tuple[Colour, Colour]:
    """Return the colours between which leaves lie in autumn: how far a tree has turned differs."""
    if tree.evergreen:
        return young, tree.autumn_rgb
    far = float(rng.uniform(0.35, 1.0))
    first = tuple(near * (1 - far) + late * far for near, late in zip(young, tree.autumn_rgb, strict=True))
    return (first[0], first[1], first[2]), (tree.autumn_rgb[0] * 0.8, tree.autumn_rgb[1] * 0.55, tree.autumn_rgb[2])


def _grow_broad(builder: MeshBuilder, tree: Tree, height_m: float, rng: np.random.Generator, *, bare: bool) -> None:
    scale = height_m / (0.5 * sum(tree.height_m))
    radius = tree.crown_radius_m * scale
    foot = max(tree.stem_share * height_m, 2.4 if height_m > 7 else 0.0)
    goals = _crown_points(tree, foot, height_m - 0.35 * tree.twig_m, radius, rng)
    trunk = _trunk(height_m, foot, rng)
    first = int(np.searchsorted(trunk[:, 2], foot * 0.9))
    thick = 0.5 * tree.girth * height_m
    skeleton = bent(reach(trunk, goals, first=first, balance=tree.balance, thick_m=thick, thin_m=0.008), 0.02)
    _add_roots(skeleton)
    add_wood(builder, skeleton, _SIDES, BARK)
    add_wood(builder, skeleton, ((0.0, 3),), TWIG, below_m=_THIN_M)
    twigs = _twigs(tree, skeleton, foot, height_m, rng)
    if bare:
        add_twigs(builder, twigs, 0.007, TWIG)
        add_twigs(builder, forked(twigs, 4, rng), 0.004, TWIG)
        return
    add_twigs(builder, twigs, 0.005, TWIG)
    _add_foliage(builder, tree, twigs, 1.6 * radius**2 + 0.8 * radius * (height_m - foot), rng)


def _add_foliage(builder: MeshBuilder, tree: Tree, twigs: Twigs, seen_m2: float, rng: np.random.Generator) -> None:
    """Hang fine leaves on the twigs and coarse ones behind them, so many square metres in all."""
    area = 0.5 * tree.leaf.aspect * _FINE * len(twigs.feet)
    long = min(1.25 * tree.leaf.length_m, float(np.sqrt(_FINE_COVER * seen_m2 / area)))
    add_leaves(builder, twigs, replace(tree.leaf, length_m=max(long, tree.leaf.length_m)), _FINE, rng, slot=LEAF)
    inner = Twigs(feet=twigs.feet - 0.35 * twigs.headings, headings=twigs.headings, lengths_m=1.2 * twigs.lengths_m)
    wide = max(tree.leaf.aspect, 0.6)
    long = float(np.sqrt(_COARSE_COVER * seen_m2 / (0.5 * wide * _COARSE * len(twigs.feet))))
    large = Leaf(length_m=min(long, _LARGEST_M), aspect=wide, droop=0.4, spread=1.0)
    add_leaves(builder, inner, large, _COARSE, rng, slot=LEAF, coarse=True)
    builder.tints[-1] = builder.tints[-1] * np.array([0.8, 0.8, 0.8, 1.0])  # the inside of a crown is darker


def _trunk(height_m: float, foot_m: float, rng: np.random.Generator) -> Points:
    """Return a path from the ground to most of the height, dense at the roots."""
    low = np.array([0.0, 0.12, 0.3, 0.6, 1.1, 1.8])
    high = np.arange(2.4, foot_m + 0.55 * (height_m - foot_m), 0.7)
    z = np.concatenate([low[low < 0.8 * foot_m], high[high > 0.8 * foot_m]])
    phases, lean = rng.uniform(0, 2 * np.pi, (2, 2)), rng.normal(0, 0.02, 2)
    sway = 0.012 * height_m * np.sin(z[:, None] / height_m * np.array([5.0, 6.5]) + phases[0])
    sway -= sway[0]
    return np.column_stack([sway + lean * z[:, None], z])


def _crown_points(tree: Tree, foot_m: float, top_m: float, radius_m: float, rng: np.random.Generator) -> Points:
    """Draw points in the crown, mostly in its shell, in clumps with gaps between them."""
    count = 12 * tree.goals
    share, reach_r = np.array(tree.profile).T
    level = rng.random(count)
    angle = rng.uniform(0, 2 * np.pi, count)
    out = np.sqrt(rng.uniform(0.12, 1.0, count)) * np.interp(level, share, reach_r) * radius_m
    points = np.column_stack([out * np.cos(angle), out * np.sin(angle), foot_m + level * (top_m - foot_m)])
    grain = _clumps(points, 0.42 * radius_m + 0.3, rng)
    bulge = 1 + 0.13 * tree.lobes * _clumps(points, 0.9 * radius_m, rng)[:, None]
    points = points * np.where([True, True, False], bulge, 1.0)
    weight = np.interp(level, share, reach_r) + 0.08  # area of the crown's shell at this level
    kept = np.flatnonzero((grain > 0.6 * tree.lobes - 1.0) & (rng.random(count) < weight))
    return points[kept[: tree.goals]]


def _clumps(points: Points, size_m: float, rng: np.random.Generator) -> Points:
    """Return smooth noise of about unit spread whose clumps are `size_m` wide."""
    waves = unit(rng.normal(size=(9, 3))) * rng.uniform(0.7, 1.5, (9, 1)) * (np.pi / size_m)
    return np.asarray(np.sin(points @ waves.T + rng.uniform(0, 2 * np.pi, 9)).sum(axis=1) / 2.1)


def _add_roots(skeleton: Skeleton) -> None:
    """Flare the trunk towards its roots."""
    z = skeleton.nodes[:, 2]
    skeleton.radii_m[:] = skeleton.radii_m * (1 + 0.75 * np.exp(-np.maximum(z, 0) / 0.22) * (z < 1.2))


def _twigs(tree: Tree, skeleton: Skeleton, foot_m: float, top_m: float, rng: np.random.Generator) -> Twigs:
    thin = np.flatnonzero((skeleton.radii_m < 0.022) & (skeleton.nodes[:, 2] > 0.7 * foot_m))
    chosen = np.concatenate([thin, rng.choice(thin, max(0, tree.sprays - len(thin)))])[: tree.sprays]
    share = rng.uniform(0.3, 1.0, (len(chosen), 1))
    nodes, above = skeleton.nodes[chosen], skeleton.nodes[skeleton.parents[chosen]]
    feet = above + share * (nodes - above)
    centre = np.array([0.0, 0.0, foot_m + 0.35 * (top_m - foot_m)])
    outward = unit(feet - centre)
    headings = unit(
        0.6 * skeleton.headings()[chosen] + 0.6 * outward + 0.55 * rng.normal(size=feet.shape) - [0, 0, tree.weep]
    )
    return Twigs(feet=feet, headings=headings, lengths_m=tree.twig_m * rng.uniform(0.6, 1.25, len(feet)))


def _add_stakes(builder: MeshBuilder, stem_m: float) -> None:
    """Add two stakes and the ties between them and the stem."""
    high = min(1.5, 0.8 * stem_m)
    for side in (-0.32, 0.32):
        path = np.array([[0.0, side, 0.0], [0.0, side, high]])
        builder.tube(path, [0.035, 0.035], segments=8, slot=STAKE)
        builder.tube(np.array([[0.0, side, high], [0.0, side, high + 0.01]]), [0.035, 0.001], segments=8, slot=STAKE)
    builder.box((-0.006, -0.32, high - 0.16), (0.006, 0.32, high - 0.11), STAKE)
