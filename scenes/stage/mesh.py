"""A mesh under construction: numpy patches that become one solid of an asset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.stage.asset import Solid
from scenes.stage.pose import turn
from scenes.stage.stuff import by_class

Points = NDArray[np.float64]
Indices = NDArray[np.int64]
_WHITE = (1.0, 1.0, 1.0, 1.0)
_QUAD = np.array([[0, 1, 2, 3]])
_UNIT = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
_BOX = np.array([[3, 2, 1, 0], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]])


@dataclass
class MeshBuilder:
    """Collects vertices and faces with a slot, a part id, UVs and a tint.

    `part` is the part id (`scenes.ontology.PARTS`) of all faces that are added without their own.
    """

    vertices: list[Points] = field(default_factory=list)
    uvs: list[Points] = field(default_factory=list)
    loops: list[Indices] = field(default_factory=list)
    sizes: list[Indices] = field(default_factory=list)
    slots: list[Indices] = field(default_factory=list)
    parts: list[Indices] = field(default_factory=list)
    tints: list[Points] = field(default_factory=list)
    part: int = 0
    count: int = 0

    def __bool__(self) -> bool:
        return bool(self.vertices)

    def add(
        self,
        points: Points,
        faces: Sequence[Sequence[int]] | Indices,
        slot: int | Indices = 0,
        *,
        uv: Points | None = None,
        tint: tuple[float, float, float, float] = _WHITE,
        part: int | Indices | None = None,
    ) -> None:
        """Add a patch.

        Args:
            points: (N, 3) metres.
            faces: indices into `points`, counter-clockwise from outside; an (M, K) array if all have K corners.
            slot: material slot, one for all faces or one for each.
            uv: (N, 2), default zeros.
            tint: colour and a free fourth value for the faces' materials.
            part: part id, one for all faces or one for each; default `self.part`.
        """
        points = np.asarray(points, dtype=np.float64).reshape(-1, 3)
        if isinstance(faces, np.ndarray):
            loops, sizes = faces.ravel(), np.full(len(faces), faces.shape[1])
        else:
            sizes = np.array([len(face) for face in faces])
            loops = np.array([index for face in faces for index in face])
        self.vertices.append(points)
        self.uvs.append(np.zeros((len(points), 2)) if uv is None else uv)
        self.loops.append(loops + self.count)
        self.sizes.append(sizes)
        self.slots.append(np.full(len(sizes), slot) if isinstance(slot, int) else np.asarray(slot).ravel())
        part = self.part if part is None else part
        self.parts.append(np.full(len(sizes), part) if isinstance(part, int) else np.asarray(part).ravel())
        self.tints.append(np.broadcast_to(np.array(tint), (len(sizes), 4)))
        self.count += len(points)

    def merge(self, other: MeshBuilder, points: Points, slot: int) -> None:
        """Add another builder's faces over moved `points`, all in one slot."""
        splits = np.split(np.concatenate(other.loops), np.cumsum(np.concatenate(other.sizes))[:-1])
        self.add(points, [part.tolist() for part in splits], slot)

    def grid(
        self,
        points: Points,
        slots: int | NDArray[np.int64] = 0,
        *,
        closed: bool = False,
        part: int | Indices | None = None,
    ) -> None:
        """Add a (rows, columns, 3) grid of quads; `closed` joins the last row to the first."""
        rows, columns = points.shape[:2]
        index = np.arange(rows * columns).reshape(rows, columns)
        below = np.vstack([index, index[:1]]) if closed else index
        quads = np.stack([below[:-1, :-1], below[1:, :-1], below[1:, 1:], below[:-1, 1:]], axis=-1).reshape(-1, 4)
        self.add(points, quads, slots, part=part)

    def quad(self, corners: object, slot: int = 0, *, tint: tuple[float, float, float, float] = _WHITE) -> None:
        """Add one quad with UVs that run over it once."""
        self.add(np.asarray(corners, dtype=np.float64), _QUAD, slot, uv=_UNIT, tint=tint)

    def box(self, low: Sequence[float], high: Sequence[float], slot: int = 0, *, heading_deg: float = 0.0) -> None:
        """Add an axis-aligned box, turned about its own vertical axis."""
        lo, hi = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
        pick = np.array([[x, y, z] for z in (0, 1) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))])
        points = lo + pick * (hi - lo)
        if heading_deg:
            centre = (lo + hi) / 2
            points = (points - centre) @ turn(heading_deg).T + centre
        self.add(points, _BOX, slot)

    def lathe(self, profile: Points, *, segments: int, slot: int | Sequence[int] = 0, axis: str = "z") -> None:
        """Turn a (K, 2) profile of (radius, height) about an axis."""
        angles = np.linspace(0, 2 * np.pi, segments, endpoint=False)
        ring = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
        points = np.empty((segments, len(profile), 3))
        points[..., :2] = ring[:, None, :] * profile[None, :, :1]
        points[..., 2] = profile[None, :, 1]
        if axis == "y":
            points = points[..., [0, 2, 1]] * np.array([1.0, -1.0, 1.0])
        slots = slot if isinstance(slot, int) else np.tile(np.asarray(slot), (segments, 1))
        self.grid(points, slots, closed=True)

    def tube(self, path: Points, radii: Sequence[float], *, segments: int = 8, slot: int = 0) -> None:
        """Sweep a circle of changing radius along a (K, 3) path."""
        tangents = np.gradient(path, axis=0)
        tangents /= np.linalg.norm(tangents, axis=1, keepdims=True) + 1e-12
        helper = np.where(np.abs(tangents[:, 2:]) > 0.9, [[1.0, 0.0, 0.0]], [[0.0, 0.0, 1.0]])
        side = np.cross(tangents, helper)
        side /= np.linalg.norm(side, axis=1, keepdims=True)
        up = np.cross(side, tangents)
        angles = np.linspace(0, 2 * np.pi, segments, endpoint=False)[:, None, None]
        rings = path + np.asarray(radii)[:, None] * (np.cos(angles) * side + np.sin(angles) * up)
        self.grid(rings, slot, closed=True)

    def solid(
        self,
        name: str,
        slot_names: Sequence[str],
        *,
        smooth: bool = False,
        crease_deg: float = 180.0,
        light_group: str = "",
    ) -> Solid:
        """Return the finished mesh; `slot_names[i]` is what faces of slot i show."""
        return Solid(
            name=name,
            vertices=np.concatenate(self.vertices).astype(np.float32),
            loops=np.concatenate(self.loops).astype(np.int32),
            sizes=np.concatenate(self.sizes).astype(np.int32),
            slots=np.concatenate(self.slots).astype(np.int16),
            parts=np.concatenate(self.parts).astype(np.uint8),
            tints=np.concatenate(self.tints).astype(np.float32),
            uvs=np.concatenate(self.uvs).astype(np.float32),
            slot_names=tuple(slot_names),
            smooth=smooth,
            crease_deg=crease_deg,
            light_group=light_group,
        )

    def build(
        self,
        name: str,
        materials: Sequence[Any],
        *,
        stuff: str | Sequence[str] = "other",
        smooth: bool = False,
        **options: Any,
    ) -> Any:
        """Make the Blender object at once, for meshes that no other scene can use; see `place.place_mesh`.

        `stuff` is the class of all faces or one for each slot, and then each class is an object: the first is returned.
        """
        from scenes.stage.place import mesh_of, place_mesh

        solid = self.solid(name, [material.name for material in materials], smooth=smooth)
        parts = by_class(solid, [stuff] * len(materials) if isinstance(stuff, str) else stuff)
        made = [place_mesh(name, mesh_of(part, list(materials)), stuff=part.stuff, **options) for part in parts]
        return made[0]
