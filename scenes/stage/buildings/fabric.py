"""The fabric of a building: quads and boxes laid on its sides many at a time, in slots that are named as they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.stage.asset import Asset, Beam, Piece
from scenes.stage.mesh import MeshBuilder, Points

Rects = NDArray[Any]
"""(K, 4) rectangles on a side: u0, u1, z0, z1 in metres."""

_UNIT = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
_PICK = np.array([[x, y, z] for z in (0, 1) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))], dtype=float)
_FACES = {
    "back": (3, 2, 1, 0),
    "front": (4, 5, 6, 7),
    "bottom": (0, 1, 5, 4),
    "right": (1, 2, 6, 5),
    "top": (2, 3, 7, 6),
    "left": (3, 0, 4, 7),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """A plane to build on: u runs to the right as seen from outside, z up, and the third coordinate outward.

    Args:
        origin: xyz of u = z = 0.
        axes: (3, 3), rows along, up and outward.
        width_m: how far u runs.
    """

    origin: Points
    axes: Points
    width_m: float

    def place(self, points: Points) -> Points:
        """Return (..., 3) local points in the asset's frame."""
        return np.asarray(self.origin + np.asarray(points, dtype=float) @ self.axes)


def side(name: str, width_m: float, depth_m: float) -> Side:
    """Return a wall of the block that spans x from -depth_m to 0: "front" (+x), "back", "left" (-y) or "right"."""
    half = width_m / 2
    corner, along = {
        "front": ((0.0, -half), (0.0, 1.0)),
        "right": ((0.0, half), (-1.0, 0.0)),
        "back": ((-depth_m, half), (0.0, -1.0)),
        "left": ((-depth_m, -half), (1.0, 0.0)),
    }[name]
    axes = np.array([[*along, 0.0], [0.0, 0.0, 1.0], [along[1], -along[0], 0.0]])
    return Side(origin=np.array([*corner, 0.0]), axes=axes, width_m=width_m if name in ("front", "back") else depth_m)


GROUND = Side(origin=np.zeros(3), axes=np.eye(3), width_m=0.0)
"""The asset's own frame: u is x, z is y, and outward is up."""


@dataclass
class Fabric:
    """Faces under construction, one mesh for each light group ("" for what does not glow)."""

    part: int = 0
    builders: dict[str, MeshBuilder] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    beams: list[Beam] = field(default_factory=list)

    def slot(self, name: str, group: str = "") -> int:
        """Return the number of a slot, new names first come first served."""
        names = self.names.setdefault(group, [])
        if name not in names:
            names.append(name)
        return names.index(name)

    def builder(self, group: str = "") -> MeshBuilder:
        """Return the mesh of a light group."""
        return self.builders.setdefault(group, MeshBuilder(part=self.part))

    def quads(self, where: Side, corners: Any, slot: str, *, uv: Any = None, tint: Any = None, group: str = "") -> None:
        """Lay (K, 4, 3) quads, counter-clockwise from outside; `uv` (4 K, 2) is 0 unless given.

        Args:
            where: the frame of the corners.
            corners: u, z and outward of each corner.
            slot: what they show.
            uv: the UVs, or "once" if they run over each quad once.
            tint: one colour and free value, or (K, 4).
            group: light group of the mesh that they join.
        """
        corners = np.asarray(corners, dtype=float).reshape(-1, 4, 3)
        count = len(corners)
        if not count:
            return
        if isinstance(uv, str):
            uv = np.tile(_UNIT, (count, 1))
        uv = np.zeros((4 * count, 2)) if uv is None else np.asarray(uv, dtype=float).reshape(-1, 2)
        self.builder(group).add(
            where.place(corners.reshape(-1, 3)),
            np.arange(4 * count).reshape(-1, 4),
            self.slot(slot, group),
            uv=uv,
            tint=(1.0, 1.0, 1.0, 1.0) if tint is None else tint,
        )

    def rects(
        self, where: Side, rects: Any, out_m: Any, slot: str, *, uv: Any = None, tint: Any = None, group: str = ""
    ) -> None:
        """Lay rectangles (K, 4) at a distance `out_m`, one or (K,), in front of the side."""
        rects = np.asarray(rects, dtype=float).reshape(-1, 4)
        out = np.broadcast_to(np.asarray(out_m, dtype=float), len(rects))
        u0, u1, z0, z1 = rects.T
        corners = np.stack([np.stack(c, axis=-1) for c in ((u0, z0, out), (u1, z0, out), (u1, z1, out), (u0, z1, out))])
        self.quads(where, corners.transpose(1, 0, 2), slot, uv=uv, tint=tint, group=group)

    def boxes(
        self,
        where: Side,
        low: Any,
        high: Any,
        slot: str,
        *,
        skip: Sequence[str] = ("back",),
        tint: Any = None,
        group: str = "",
    ) -> None:
        """Stand boxes from `low` to `high`, (K, 3) of u, z and outward, without the faces in `skip`."""
        low, high = (np.asarray(value, dtype=float).reshape(-1, 3) for value in (low, high))
        points = low[:, None] + _PICK * (high - low)[:, None]
        faces = np.array([corner for name, corner in _FACES.items() if name not in skip])
        tint = None if tint is None else np.repeat(np.broadcast_to(tint, (len(low), 4)), len(faces), axis=0)
        self.quads(where, points[:, faces], slot, tint=tint, group=group)

    def block(self, where: Side, rects: Any, out_m: tuple[float, float], slot: str, **options: Any) -> None:
        """Stand boxes over rectangles, from `out_m[0]` to `out_m[1]` outward."""
        rects = np.asarray(rects, dtype=float).reshape(-1, 4)
        low = np.stack([rects[:, 0], rects[:, 2], np.full(len(rects), out_m[0])], axis=-1)
        high = np.stack([rects[:, 1], rects[:, 3], np.full(len(rects), out_m[1])], axis=-1)
        self.boxes(where, low, high, slot, **options)

    def polygon(self, where: Side, corners: Any, slot: str, *, group: str = "") -> None:
        """Lay one flat convex face with (K, 3) corners, counter-clockwise from outside."""
        corners = np.asarray(corners, dtype=float)
        self.builder(group).add(where.place(corners), [list(range(len(corners)))], self.slot(slot, group))

    def prism(self, where: Side, outline: Any, out_m: tuple[float, float], slot: str, *, back: bool = False) -> None:
        """Stand a convex outline (K, 2) of u and z, counter-clockwise, from `out_m[0]` to `out_m[1]` outward."""
        outline = np.asarray(outline, dtype=float)
        count = len(outline)
        near = np.column_stack([outline, np.full(count, out_m[1])])
        far = np.column_stack([outline, np.full(count, out_m[0])])
        ring = np.arange(count)
        after = np.roll(ring, -1)
        faces = [ring.tolist(), *np.stack([ring + count, after + count, after, ring], axis=-1).tolist()]
        if back:
            faces.append((ring[::-1] + count).tolist())
        self.builder().add(where.place(np.concatenate([near, far])), faces, self.slot(slot))

    def tubes(self, where: Side, path: Any, radius_m: float, slot: str, *, segments: int = 6) -> None:
        """Sweep a round bar along a (K, 3) path."""
        path = where.place(np.asarray(path, dtype=float))
        self.builder().tube(path, [radius_m] * len(path), segments=segments, slot=self.slot(slot))

    def join(self, other: Fabric, shift_m: tuple[float, float, float]) -> None:
        """Take over another fabric's faces, moved."""
        for group, builder in other.builders.items():
            mine, names = self.builder(group), other.names[group]
            number = np.array([self.slot(name, group) for name in names])
            mine.vertices += [points + np.array(shift_m) for points in builder.vertices]
            mine.loops += [loops + mine.count for loops in builder.loops]
            mine.slots += [number[slots] for slots in builder.slots]
            for name in ("uvs", "sizes", "parts", "tints"):
                getattr(mine, name).extend(getattr(builder, name))
            mine.count += builder.count
        self.beams += other.beams

    def asset(self, name: str) -> Asset:
        """Return all faces as an asset."""
        pieces = [
            Piece(solid=builder.solid(f"{name} {group}".strip(), self.names[group], light_group=group))
            for group, builder in sorted(self.builders.items())
            if builder
        ]
        return Asset(pieces=tuple(pieces), beams=tuple(self.beams))
