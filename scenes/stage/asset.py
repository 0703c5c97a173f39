"""An asset: everything that one actor or piece of street furniture is made of, as arrays; no Blender in here.

An asset is geometry in its own frame (x forward, y left, z up, origin on the ground below its centre). Its faces name
slots ("paint", "glass"), and a finish says which surface each slot shows, so that two vehicles of one model share
meshes and differ in colour, dirt and load.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.errors import InputError
from scenes.ontology import LIGHT_GROUPS, STUFF
from scenes.stage.surface import Surface

Array = NDArray[Any]
Finish = Mapping[str, Surface]
KEYPOINTS = "rareblend_keypoints"
"""Custom property of an actor's first Blender object: JSON, name to xyz in that object's frame."""


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
        stuff: class of `scenes.ontology.STUFF` if it is no actor's and differs from what it is placed as, else "".
        damaged: (F,) bool, faces that a blow or a fire changed; None if there are none.
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
    stuff: str = ""
    damaged: Array | None = None

    def __post_init__(self) -> None:
        if self.light_group and self.light_group not in LIGHT_GROUPS:
            raise InputError(f"solid {self.name}", f"light groups are {', '.join(LIGHT_GROUPS)}", got=self.light_group)
        if self.stuff and self.stuff not in STUFF:
            raise InputError(f"solid {self.name}", f"classes of stuff are {', '.join(STUFF)}", got=self.stuff)
        if self.damaged is not None and self.damaged.shape != self.sizes.shape:
            raise InputError(f"solid {self.name}", "damaged must have one value for each face", got=self.damaged.shape)
        if not np.isfinite(self.vertices).all():
            raise InputError(f"solid {self.name}", "every vertex must be finite")
        if len(self.slots) and int(self.slots.max()) >= len(self.slot_names):
            raise InputError(f"solid {self.name}", f"has {len(self.slot_names)} slots", got=int(self.slots.max()))

    @property
    def triangles(self) -> int:
        """How many triangles it costs."""
        return int((self.sizes - 2).sum())

    def face_means(self, values: Array) -> Array:
        """Return the mean over each face's corners of (N, K) values of vertices, (F, K)."""
        starts = np.cumsum(self.sizes) - self.sizes
        return np.asarray(np.add.reduceat(values[self.loops], starts) / self.sizes[:, None])

    def kept(self, keep: Array) -> Solid | None:
        """Return the solid with the kept faces alone, (F,) bool; None if nothing is left."""
        if not keep.any():
            return None
        if keep.all():
            return self
        used, loops = np.unique(self.loops[np.repeat(keep, self.sizes)], return_inverse=True)
        return replace(
            self,
            vertices=self.vertices[used],
            uvs=self.uvs[used],
            loops=loops.astype(np.int32),
            sizes=self.sizes[keep],
            slots=self.slots[keep],
            parts=self.parts[keep],
            tints=self.tints[keep],
            damaged=None if self.damaged is None else self.damaged[keep],
        )


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


@dataclass(frozen=True, kw_only=True)
class Keypoint:
    """A named point of an actor ("wheel_front_left", "left_elbow"): xyz in the asset's frame, metres."""

    name: str
    where_m: tuple[float, float, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class Asset:
    """Pieces, the lamps among them that throw a beam, and keypoints for labels; names of keypoints are unique."""

    pieces: tuple[Piece, ...]
    beams: tuple[Beam, ...] = ()
    keypoints: tuple[Keypoint, ...] = ()

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
