"""What lies on a road: what an impact leaves, what fell off a lorry, and what rescuers and workers set out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from scenes.spec import Debris
from scenes.stage.asset import Array, Asset
from scenes.stage.furniture import works
from scenes.stage.furniture.palette import PALETTE
from scenes.stage.mesh import pose
from scenes.stage.surface import Surface, surface
from scenes.stage.wrecks import debris_parts as parts
from scenes.stage.wrecks.debris_parts import Colour

_MODELS = 6
_FIXED_M = MappingProxyType({"cone": 0.75, "triangle": 0.5, "barrier": 1.6, "barrel": 1.0, "wheel": 0.63, "tyre": 0.8})
"""Size at which a kind is built; others are built for a size of 1 m and scaled."""

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
        kind: one of `scenes.spec.Debris`.
        model: of the few shapes of this kind.
    """
    return _SHAPES[kind](model)


def finish(piece: Debris) -> dict[str, Surface]:
    """Return surfaces; the seed draws the paint of what came off a car."""
    paint = _PAINTS[piece.seed // _MODELS % len(_PAINTS)]
    return {
        **PALETTE,
        **works.lamp_finish(0, "off" if piece.seed % 2 else "lit"),
        "crumbs": surface("plain", colour=(0.42, 0.5, 0.48), roughness=0.06, coat=1.0),
        "broken_lamp": surface("plain", colour=((0.45, 0.02, 0.015), (0.5, 0.5, 0.5))[piece.seed % 2], roughness=0.12),
        "paint": surface("plain", colour=paint, roughness=0.35, coat=0.8),
        "carton": surface("planks", colour=(0.34, 0.22, 0.12)),
        "tape": surface("plain", colour=(0.36, 0.26, 0.14), roughness=0.25),
        "alloy": surface("galvanised", dirt=0.6, bright=0.42),
    }


def matrix_of(piece: Debris) -> Array:
    """Return where a piece lies, scaled to its size."""
    scale = piece.size_m / _FIXED_M.get(piece.kind, 1.0)
    return pose(piece.x_m, piece.y_m, 0.0, piece.heading_deg, scale)


def build_debris(pieces: tuple[Debris, ...]) -> None:
    """Place all pieces; those of one kind and shape share a mesh."""
    from scenes.stage.place import place_asset

    for number, piece in enumerate(pieces):
        model = model_of(piece)
        asset = geometry(piece.kind, model)
        key, stuff = f"debris-{piece.kind}-{model}", "furniture" if piece.kind in _SET_OUT else "debris"
        place_asset(f"debris {number}", key, asset, finish(piece), matrix_of(piece), stuff=stuff)
