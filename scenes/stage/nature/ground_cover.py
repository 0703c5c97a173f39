"""What grows and lies on the ground, in patches of 2 x 2 m that are instanced near the camera."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from scenes.errors import InputError
from scenes.stage.asset import Asset, Piece
from scenes.stage.mesh import MeshBuilder, Points
from scenes.stage.nature.leaves import add_blades, hung, tinted, unit
from scenes.stage.nature.season import Season
from scenes.stage.surface import Surface, surface

PATCH_M = 2.0
"""A patch lies within half of this about its middle; weeds, reeds and flower beds are narrow along y."""

LEAF, PETAL, SOIL = range(3)
_SLOTS = ("leaf", "petal", "soil")
_SEED = 920
_BLOSSOMS = ((0.7, 0.05, 0.06), (0.75, 0.5, 0.03), (0.6, 0.58, 0.55), (0.32, 0.08, 0.42), (0.75, 0.2, 0.3))
_GREEN, _STRAW = (0.042, 0.078, 0.018), (0.15, 0.12, 0.05)
_FALLEN, _ROTTEN = (0.2, 0.1, 0.025), (0.06, 0.035, 0.02)
_UP = np.array([0.0, 0.0, 1.0])
Grow = Callable[[MeshBuilder, np.random.Generator], None]


def geometry(kind: str, model: int) -> Asset:
    """Return a patch of ground cover; ivy covers the plane y = 0 up to 2 m instead and looks to -y.

    Args:
        kind: one of `COVERS`.
        model: draws it.

    Raises:
        InputError: no such kind.
    """
    if kind not in COVERS:
        raise InputError("ground_cover.kind", f"must be one of {', '.join(COVERS)}", got=kind)
    builder = MeshBuilder()
    COVERS[kind](builder, np.random.default_rng([_SEED, list(COVERS).index(kind), model]))
    return Asset(pieces=(Piece(solid=hung(builder.solid(kind, _SLOTS))),))


def finish(kind: str, model: int, season: Season = "summer") -> dict[str, Surface]:
    """Return what a patch shows.

    Args:
        kind: one of `COVERS`.
        model: tells how dry the grass is.
        season: one of `season.SEASONS`.
    """
    dry = {"summer": 0.12, "autumn": 0.3, "winter": 0.5, "snow": 0.6}[season] + 0.05 * (model % 4)
    young = tuple(a * (1 - dry) + b * dry for a, b in zip(_GREEN, _STRAW, strict=True))
    first, second = (_FALLEN, _ROTTEN) if kind == "leaf_litter" else (young, _STRAW)
    snow = 0.7 if season == "snow" else 0.0
    return {
        "leaf": surface("leaf", colour=first, second=second, snow=snow),
        "petal": surface("leaf", colour=(1.0, 1.0, 1.0), second=(0.8, 0.7, 0.6), snow=snow),
        "soil": surface("field", colour=(0.075, 0.055, 0.04), patchy=0.4, snow=snow),
    }


def _grass(builder: MeshBuilder, rng: np.random.Generator) -> None:
    _blades(builder, rng, 1300, height_m=(0.05, 0.16), width_m=0.009, tufts=90)


def _meadow(builder: MeshBuilder, rng: np.random.Generator) -> None:
    _blades(builder, rng, 900, height_m=(0.12, 0.34), width_m=0.01, tufts=60)
    tips = _blades(builder, rng, 130, height_m=(0.35, 0.65), width_m=0.006, tufts=50, age=0.85)
    _brush(builder, tips, 0.07, 0.014, rng)
    if rng.random() < 0.5:
        colour = _BLOSSOMS[int(rng.integers(len(_BLOSSOMS)))]
        _blossoms(builder, _spots(30, rng, 0.9) + _UP * rng.uniform(0.15, 0.4, (30, 1)), 0.03, [colour], rng)


def _weeds(builder: MeshBuilder, rng: np.random.Generator) -> None:
    _blades(builder, rng, 160, height_m=(0.04, 0.22), width_m=0.008, tufts=14, deep_m=0.06)
    centres = _spots(9, rng, 0.95) * [1.0, 0.06, 1.0]
    plant = np.repeat(np.arange(9), 12)
    angle = rng.uniform(0, 2 * np.pi, len(plant))
    stalk = unit(np.column_stack([np.cos(angle), np.sin(angle), rng.uniform(0.2, 1.1, len(plant))]))
    size = rng.uniform(0.04, 0.12, (len(plant), 1))
    across = unit(np.cross(stalk, _UP)) * size * 0.3
    _add(builder, centres[plant], stalk * size, across, rng, age=0.15)


def _leaf_litter(builder: MeshBuilder, rng: np.random.Generator) -> None:
    feet = _spots(260, rng, 1.0) + 0.008 * _UP
    stalk = unit(rng.normal(size=feet.shape) * [1, 1, 0.12])
    size = rng.uniform(0.05, 0.13, (len(feet), 1))
    across = unit(np.cross(_UP + rng.normal(0, 0.22, feet.shape), stalk)) * size * 0.8
    _add(builder, feet, stalk * size, across, rng, age=0.45)


def _reeds(builder: MeshBuilder, rng: np.random.Generator) -> None:
    _blades(builder, rng, 420, height_m=(0.7, 1.8), width_m=0.022, tufts=70, deep_m=0.5, age=0.4)
    tips = _blades(builder, rng, 60, height_m=(1.5, 2.2), width_m=0.014, tufts=40, deep_m=0.5, age=0.8)
    _brush(builder, tips, 0.22, 0.06, rng)


def _flower_bed(builder: MeshBuilder, rng: np.random.Generator) -> None:
    x, y = np.meshgrid(np.linspace(-1, 1, 9), np.linspace(-0.5, 0.5, 5), indexing="ij")
    high = 0.09 * (1 - (x**4)) * (1 - (2 * y) ** 4) + 0.012 * rng.random(x.shape)
    builder.grid(np.stack([x, y, high], axis=-1), SOIL)
    plants = _spots(46, rng, 0.9) * [1.0, 0.45, 1.0]
    plant = np.repeat(np.arange(46), 14)
    stalk = unit(rng.normal(size=(len(plant), 3)) * [1, 1, 0.4] + [0, 0, 0.9])
    size = rng.uniform(0.06, 0.14, (len(plant), 1))
    across = unit(np.cross(stalk, _UP)) * size * 0.45
    _add(builder, plants[plant] + [0, 0, 0.06], stalk * size, across, rng, age=0.1)
    chosen = [_BLOSSOMS[int(rng.integers(len(_BLOSSOMS)))] for _ in range(2)]
    heads = plants[rng.integers(0, 46, 90)] + np.column_stack(
        [rng.normal(0, 0.05, (90, 2)), rng.uniform(0.16, 0.27, 90)]
    )
    _blossoms(builder, heads, 0.045, chosen, rng)


def _ivy(builder: MeshBuilder, rng: np.random.Generator) -> None:
    count = 1100
    x = rng.uniform(-1, 1, count)
    top = 1.35 + 0.55 * np.sin(2.3 * x + rng.uniform(0, 6)) * np.cos(5.1 * x)
    z = top * np.sqrt(rng.random(count)) + 0.08
    feet = np.column_stack([x, rng.uniform(-0.09, -0.01, count), z])
    stalk = unit(np.column_stack([rng.normal(0, 0.5, count), rng.uniform(-0.6, -0.1, count), np.full(count, -0.8)]))
    size = rng.uniform(0.06, 0.12, (count, 1))
    facing = rng.normal((0.0, -1.0, 0.25), 0.25, feet.shape)
    across = unit(np.cross(stalk, facing)) * size * 0.9
    _add(builder, feet, stalk * size, across, rng, age=0.05)


COVERS: Mapping[str, Grow] = MappingProxyType(
    {
        "grass": _grass,
        "meadow": _meadow,
        "weeds": _weeds,
        "leaf_litter": _leaf_litter,
        "reeds": _reeds,
        "flower_bed": _flower_bed,
        "ivy": _ivy,
    }
)
"""Kind to what grows it."""


def _spots(count: int, rng: np.random.Generator, share: float) -> Points:
    return np.column_stack([rng.uniform(-share, share, (count, 2)) * PATCH_M / 2, np.zeros(count)])


def _blades(
    builder: MeshBuilder,
    rng: np.random.Generator,
    count: int,
    *,
    height_m: tuple[float, float],
    width_m: float,
    tufts: int,
    deep_m: float = 1.0,
    age: float = 0.13,
) -> Points:
    """Add bent blades in tufts and return their tips."""
    centres = _spots(tufts, rng, 0.98) * [1.0, deep_m, 1.0]
    loose = 0.05 + 0.25 * rng.random((count, 1)) ** 3
    feet = centres[rng.integers(0, tufts, count)] + rng.normal(size=(count, 3)) * [1, min(1.0, deep_m), 0] * loose
    feet[:, :2] = np.clip(feet[:, :2], -PATCH_M / 2, PATCH_M / 2)
    size = rng.uniform(*height_m, (count, 1))
    lean = min(0.45, 0.4 / height_m[1])
    along = unit(rng.normal(size=(count, 3)) * [lean, lean, 0.0] + _UP) * size
    across = unit(np.cross(along, rng.normal(size=(count, 3)))) * width_m * rng.uniform(0.6, 1.3, (count, 1))
    _add(builder, feet, along, across, rng, age=age)
    return np.asarray(feet + along)


def _brush(builder: MeshBuilder, tips: Points, long_m: float, wide_m: float, rng: np.random.Generator) -> None:
    along = unit(rng.normal(0, 0.25, tips.shape) + _UP) * long_m * rng.uniform(0.7, 1.2, (len(tips), 1))
    across = unit(np.cross(along, rng.normal(size=tips.shape))) * wide_m
    _add(builder, tips - 0.3 * along, along, across, rng, age=0.95)


def _blossoms(
    builder: MeshBuilder,
    heads: Points,
    size_m: float,
    colours: list[tuple[float, float, float]],
    rng: np.random.Generator,
) -> None:
    """Add five petals round each head."""
    head = np.repeat(np.arange(len(heads)), 5)
    angle = np.tile(np.arange(5) / 5 * 2 * np.pi, len(heads)) + np.repeat(rng.uniform(0, 6, len(heads)), 5)
    along = size_m * np.column_stack([np.cos(angle), np.sin(angle), rng.uniform(0.1, 0.6, len(angle))])
    across = size_m * 0.75 * np.column_stack([-np.sin(angle), np.cos(angle), np.zeros(len(angle))])
    add_blades(builder, heads[head], along, across, slot=PETAL)
    rgb = np.array(colours)[rng.integers(0, len(colours), len(heads))] * rng.uniform(0.8, 1.1, (len(heads), 1))
    tinted(builder, np.concatenate([rgb[head], np.zeros((len(head), 1))], axis=1))


def _add(
    builder: MeshBuilder, feet: Points, along: Points, across: Points, rng: np.random.Generator, *, age: float
) -> None:
    add_blades(builder, feet, along, across, slot=LEAF)
    light = np.exp(rng.normal(0, 0.25, (len(feet), 1)))
    old = np.clip(rng.normal(age, 0.22, (len(feet), 1)), 0, 1)
    tinted(builder, np.concatenate([np.tile(light, (1, 3)), old], axis=1))
