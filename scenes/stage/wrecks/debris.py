"""What lies on a road: what an impact leaves, what fell off a lorry, and what rescuers and workers set out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from scenes.spec.remains import Debris
from scenes.spec.scene import SceneSpec
from scenes.stage.asset import Array, Asset
from scenes.stage.furniture import works
from scenes.stage.furniture.palette import PALETTE
from scenes.stage.pose import pose
from scenes.stage.surface import Surface, surface
from scenes.stage.wrecks import debris_parts as parts
from scenes.stage.wrecks.debris_parts import Colour

PIECE = "piece"
"""Property of an object that is a piece of debris: its number in the spec."""
_MODELS = 6
_FIXED_M = MappingProxyType({"cone": 0.75, "triangle": 0.5, "barrier": 1.6, "barrel": 1.0, "wheel": 0.63, "tyre": 0.8})
"""Size at which a kind is built; others are built for a size of 1 m and scaled."""

_HOUSING = surface("plain", colour=(0.5, 0.5, 0.48), roughness=0.2, coat=0.5)
_SET_OUT = ("cone", "triangle", "barrier", "barrel")

_PAINTS: tuple[Colour, ...] = (
    (0.5, 0.5, 0.5),
    (0.02, 0.02, 0.022),
    (0.6, 0.6, 0.58),
    (0.12, 0.13, 0.14),
    (0.3, 0.01, 0.01),
)

_SHAPES: Mapping[str, Callable[[int], Asset]] = MappingProxyType(
    {
        "glass": parts.crumbs,
        "plastic": parts.shard,
        "trim": parts.trim,
        "bumper": parts.bumper,
        "wheel": parts.wheel,
        "tyre": parts.carcass,
        "box": parts.carton,
        "cone": lambda model: works.cone(model, 0.75),
        "triangle": parts.triangle,
        "barrier": works.barrier,
        "barrel": works.barrel,
    }
)


def model_of(piece: Debris) -> int:
    """Return which of a few shapes a piece has, so that many pieces share meshes."""
    return piece.seed % _MODELS


def geometry(kind: str, model: int) -> Asset:
    """Return a piece of debris on the ground at its origin.

    Args:
        kind: one of `scenes.spec.remains.Debris`.
        model: of the few shapes of this kind.
    """
    return _SHAPES[kind](model)


def finish(piece: Debris) -> dict[str, Surface]:
    """Return surfaces; the seed draws the paint of what came off a car, unless its vehicle tells it."""
    paint = piece.paint_rgb_linear or _PAINTS[piece.seed // _MODELS % len(_PAINTS)]
    painted = surface("plain", colour=paint, roughness=0.35, coat=0.8)
    return {
        **PALETTE,
        **works.lamp_finish(0, "off" if piece.seed % 2 else "lit"),
        "crumbs": surface("plain", colour=(0.42, 0.5, 0.48), roughness=0.06, coat=1.0),
        "broken_lamp": surface("plain", colour=((0.45, 0.02, 0.015), (0.5, 0.5, 0.5))[piece.seed % 2], roughness=0.12),
        "paint": painted,
        "carton": surface("planks", colour=(0.34, 0.22, 0.12)),
        "tape": surface("plain", colour=(0.36, 0.26, 0.14), roughness=0.25),
        "alloy": surface("galvanised", dirt=0.6, bright=0.42),
        **({"plastic_black": _shell(piece.seed, painted)} if piece.launch and piece.kind == "plastic" else {}),
    }


def _shell(seed: int, painted: Surface) -> Surface:
    """Return what a piece of a hull is of: a painted skin, a lamp's housing, or black plastic."""
    return (painted, painted, _HOUSING, PALETTE["plastic_black"])[seed // _MODELS % 4]


def scale_of(piece: Debris) -> float:
    """Return how many times its built size a piece has."""
    return piece.size_m / _FIXED_M.get(piece.kind, 1.0)


def matrix_of(piece: Debris) -> Array:
    """Return where a piece lies, scaled to its size."""
    return pose(piece.x_m, piece.y_m, 0.0, piece.heading_deg, scale_of(piece))


def build_debris(spec: SceneSpec) -> None:
    """Place all pieces; those of one kind and shape share a mesh, and rigid bodies carry those that came off hulls."""
    import bpy

    from scenes.stage.place import place_asset
    from scenes.stage.wrecks.rigid import settled

    assets = [geometry(piece.kind, model_of(piece)) for piece in spec.debris]
    loose = {
        number: (piece, scale_of(piece) * asset.points())
        for number, (piece, asset) in enumerate(zip(spec.debris, assets, strict=True))
        if piece.launch
    }
    kerbs = [item.data for item in bpy.data.objects if item.name.startswith("pavement")]
    lies = settled(loose, spec, kerbs)
    for number, (piece, asset) in enumerate(zip(spec.debris, assets, strict=True)):
        if number in loose and number not in lies:
            continue
        matrix = lies[number] @ np.diag([*[scale_of(piece)] * 3, 1.0]) if number in lies else matrix_of(piece)
        key, stuff = f"debris-{piece.kind}-{model_of(piece)}", "furniture" if piece.kind in _SET_OUT else "debris"
        made = place_asset(f"debris {number}", key, asset, finish(piece), matrix, stuff=stuff)
        made[0][PIECE] = number
