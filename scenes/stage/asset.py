"""An asset: everything that one actor or piece of street furniture is made of, as arrays; no Blender in here.

An asset is geometry in its own frame (x forward, y left, z up, origin on the ground below its centre). Its faces name
slots ("paint", "glass"), and a finish says which surface each slot shows, so that two vehicles of one model share
meshes and differ in colour, dirt and load.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.errors import InputError
from scenes.ontology import LIGHT_GROUPS
from scenes.stage.surface import Surface

Array = NDArray[Any]
Finish = Mapping[str, Surface]


@dataclass(frozen=True, kw_only=True, eq=False)
class Solid:
    """One mesh.

    Args:
        name: what it is ("body", "wheel").
        vertices: (N, 3) float32 metres.
        loops: (L,) int32 vertex of each face corner.
        sizes: (F,) int32 corners of each face.
        slots: (F,) int16 index into `slot_names`.
        parts: (F,) uint8 part ids, see `scenes.ontology.PARTS`.
        tints: (F, 4) float32, a colour and a free value for materials that read them.
        uvs: (N, 2) float32.
        slot_names: what the faces may show.
        smooth: shading; faces that meet at more than `crease_deg` stay sharp.
        crease_deg: (0, 180].
        light_group: group that its glowing faces belong to, "" if none glow.
    """

    name: str
    vertices: Array
    loops: Array
    sizes: Array
    slots: Array
    parts: Array
    tints: Array
    uvs: Array
    slot_names: tuple[str, ...]
    smooth: bool = False
    crease_deg: float = 180.0
    light_group: str = ""

    def __post_init__(self) -> None:
        if self.light_group and self.light_group not in LIGHT_GROUPS:
            raise InputError(f"solid {self.name}", f"light groups are {', '.join(LIGHT_GROUPS)}", got=self.light_group)
        if not np.isfinite(self.vertices).all():
            raise InputError(f"solid {self.name}", "every vertex must be finite")
        if len(self.slots) and int(self.slots.max()) >= len(self.slot_names):
            raise InputError(f"solid {self.name}", f"has {len(self.slot_names)} slots", got=int(self.slots.max()))

    @property
    def triangles(self) -> int:
        """How many triangles it costs."""
        return int((self.sizes - 2).sum())


@dataclass(frozen=True, kw_only=True, eq=False)
class Piece:
    """A solid where it stands in its asset: (4, 4) local matrices, one for each copy."""

    solid: Solid
    matrices: tuple[Array, ...] = (np.eye(4),)


@dataclass(frozen=True, kw_only=True)
class Beam:
    """A lamp that throws a pattern: place and heading in the asset's frame.

    Args:
        where_m: xyz.
        heading_deg: counter-clockwise from the asset's +x.
        candela: peak intensity.
        rgb: colour, luminance about 1.
        light_group: one of `LIGHT_GROUPS`.
        pattern: "low" (dipped, with cut-off), "high" (main beam) or "all" (equal in all directions).
    """

    where_m: tuple[float, float, float]
    heading_deg: float = 0.0
    candela: float
    rgb: tuple[float, float, float]
    light_group: str
    pattern: str = "low"


@dataclass(frozen=True, kw_only=True, eq=False)
class Asset:
    """Pieces, and the lamps among them that throw a beam."""

    pieces: tuple[Piece, ...]
    beams: tuple[Beam, ...] = ()

    @property
    def slot_names(self) -> frozenset[str]:
        """Every slot that a finish must cover."""
        return frozenset(name for piece in self.pieces for name in piece.solid.slot_names)

    def points(self) -> Array:
        """Return all vertices in the asset's frame, (N, 3)."""
        return np.concatenate(
            [
                piece.solid.vertices @ matrix[:3, :3].T + matrix[:3, 3]
                for piece in self.pieces
                for matrix in piece.matrices
            ]
        )
