"""A lofted body of sheet metal: rounded in plan, leaning at the ends, with wheel arches, window holes and panes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np

from scenes.stage.heavy.coachwork import Slot
from scenes.stage.mesh import MeshBuilder, Points

Table = tuple[tuple[float, float], ...]
Face = Literal["left", "right", "front", "rear"]
FLANKS: tuple[Face, Face] = ("left", "right")
_ARC_STEPS = 7


class Patch(NamedTuple):
    """A rectangle on the wall: arc length from and to, height from and to."""

    s0: float
    s1: float
    z0: float
    z1: float


class Arch(NamedTuple):
    """A wheel arch: station and height of its centre, radius; on both flanks."""

    x_m: float
    z_m: float
    radius_m: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Bodyshell:
    """A closed wall between two heights, with a lid.

    Args:
        x_m: rear and front end.
        half_m: half width.
        z_m: lower edge and roof.
        front_radius_m, rear_radius_m: corners in plan.
        bow_m: how far the front's middle stands before its corners.
        lean: height to how far the front lies back.
        rear_lean: the same for the rear.
        tuck: height to how far the flanks lie in.
        roof_radius_m: of the edge between wall and roof.
        hinge_m: length over which the front's lean and bow fade out along the flanks.
    """

    x_m: tuple[float, float]
    half_m: float
    z_m: tuple[float, float]
    front_radius_m: float = 0.25
    rear_radius_m: float = 0.12
    bow_m: float = 0.1
    lean: Table = ((0.0, 0.0),)
    rear_lean: Table = ((0.0, 0.0),)
    tuck: Table = ((0.0, 0.0),)
    roof_radius_m: float = 0.16
    hinge_m: float = 1.1
    rear_hinge_m: float = 0.5
    holes: list[Patch] = field(default_factory=list)

    @cached_property
    def _ring(self) -> tuple[Points, Points]:
        (rear, front), half = self.x_m, self.half_m
        corners = (
            (front, -half, self.front_radius_m, -90),
            (front, half, self.front_radius_m, 0),
            (rear, half, self.rear_radius_m, 90),
            (rear, -half, self.rear_radius_m, 180),
        )
        points = [np.array([[rear + self.rear_radius_m, -half]])]
        for x, y, radius, begin in corners:
            angles = np.deg2rad(np.linspace(begin, begin + 90, 3 * _ARC_STEPS + 1))
            centre = np.array([x - np.sign(x - (rear + front) / 2) * radius, y - np.sign(y) * radius])
            points.append(centre + radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1))
        ring = np.concatenate(points)
        along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(ring, axis=0), axis=1))])
        return ring, along

    @cached_property
    def _corners_s(self) -> Points:
        """Arc lengths where the flanks, front and rear begin and end: 8 values."""
        along, steps = self._ring[1], 3 * _ARC_STEPS + 1
        return np.array([along[0], *(along[1 + k * steps + end] for k in range(4) for end in (0, steps - 1))])

    @property
    def length_s(self) -> float:
        """Length of the ring."""
        return float(self._ring[1][-1])

    def s(self, face: Face, along_m: float) -> float:
        """Return the arc length of a station: x on the flanks, y on the ends; past a corner it runs on round it."""
        marks = self._corners_s
        if face == "right":
            return float(along_m - self.x_m[0] - self.rear_radius_m)
        if face == "front":
            return float(marks[2] + along_m + self.half_m - self.front_radius_m)
        if face == "left":
            return float(marks[4] + self.x_m[1] - self.front_radius_m - along_m)
        return float(marks[6] + self.half_m - self.rear_radius_m - along_m)

    def patch(self, face: Face, along_m: tuple[float, float], z_m: tuple[float, float]) -> Patch:
        """Return a rectangle on a face of the body."""
        first, last = sorted(self.s(face, value) for value in along_m)
        return Patch(first, last, *z_m)

    def at(self, s: Points, z: Points, out_m: float = 0.0) -> Points:
        """Return points of the wall, (..., 3), moved outward by `out_m`."""
        if not out_m:
            return self._surface(s, z)
        step = 2e-3
        ahead = self._surface(s + step, z) - self._surface(s - step, z)
        upward = self._surface(s, z + step) - self._surface(s, z - step)
        normal = np.cross(ahead, upward)
        normal /= np.linalg.norm(normal, axis=-1, keepdims=True) + 1e-12
        return np.asarray(self._surface(s, z) + out_m * normal)

    def _surface(self, s: Points, z: Points) -> Points:
        ring, along = self._ring
        turned = np.mod(s, along[-1])
        x, y = (np.interp(turned, along, ring[:, axis]) for axis in (0, 1))
        rise = np.clip((z - self.z_m[1]) / self.roof_radius_m + 1, 0, 1)
        fold = self.roof_radius_m * (1 - np.sqrt(1 - rise**2))
        to_front = np.clip((x - self.x_m[1]) / self.hinge_m + 1, 0, 1)
        to_rear = np.clip((self.x_m[0] - x) / self.rear_hinge_m + 1, 0, 1)
        front = self.bow_m * (y / self.half_m) ** 2 + _value(self.lean, z) + fold
        x = x - to_front * front + to_rear * (_value(self.rear_lean, z) + fold)
        y = y * (self.half_m - _value(self.tuck, z) - fold) / self.half_m
        return np.stack([x, y, z + 0 * x], axis=-1)

    def mesh(
        self,
        builder: MeshBuilder,
        *,
        rows_m: Sequence[float] = (),
        stations_s: Sequence[float] = (),
        arches: Sequence[Arch] = (),
        bands: Sequence[tuple[Patch, Slot]] = (),
    ) -> None:
        """Add the wall and its lid.

        Args:
            builder: takes the faces.
            rows_m: further heights of grid lines.
            stations_s: further arc lengths of grid lines.
            arches: what to cut out for the wheels.
            bands: rectangles that show another slot than paint; later ones win.
        """
        patches = [*self.holes, *(patch for patch, _ in bands)]
        rows = self._rows([*rows_m, *(z for patch in patches for z in (patch.z0, patch.z1))])
        edges = [*stations_s, *(s for patch in patches for s in (patch.s0, patch.s1))]
        edges += [s for arch in arches for s in self._arch_stations(arch)]
        ring = self._stations(np.array(edges))
        grid = self._grid(ring, rows, arches)
        middle_s, middle_z = (ring[:-1] + ring[1:]) / 2, (rows[:-1] + rows[1:]) / 2
        slots = np.full((len(middle_s), len(middle_z)), int(Slot.PAINT))
        for patch, slot in bands:
            slots[_inside(patch, middle_s, middle_z)] = int(slot)
        for hole in self.holes:
            slots[_inside(hole, middle_s, middle_z)] = -1
        _add_kept(builder, grid, slots)
        builder.add(grid[:-1, -1], [tuple(range(len(ring) - 1))], int(Slot.PAINT))

    def _rows(self, wanted: Sequence[float]) -> Points:
        low, high = self.z_m
        angles = np.deg2rad(np.linspace(0, 90, 6))
        roof = high - self.roof_radius_m * (1 - np.sin(angles))
        tables = [z for table in (self.lean, self.rear_lean, self.tuck) for z, _ in table]
        inside = [z for z in (*wanted, *tables, *np.linspace(low, roof[0], 10)) if low <= z <= roof[0] + 1e-6]
        return _thinned(np.array([low, *inside, *roof]), 0.004)

    def _stations(self, edges: Points) -> Points:
        marks = [*self._corners_s, self.length_s]
        stations = [np.mod(edges, self.length_s)]
        for first, last in pairwise(marks):
            straight = marks.index(first) % 2 == 0
            count = max(2, int((last - first) / 0.45) + 1) if straight else _ARC_STEPS + 1
            stations.append(np.linspace(first, last, count))
        return _thinned(np.concatenate(stations), 0.004)

    def _arch_stations(self, arch: Arch) -> list[float]:
        steps = arch.x_m + arch.radius_m * np.cos(np.linspace(0, np.pi, 17))
        inside = [x for x in steps if self.x_m[0] + self.rear_radius_m < x < self.x_m[1] - self.front_radius_m]
        return [self.s(face, x) for face in ("left", "right") for x in inside]

    def _grid(self, ring: Points, rows: Points, arches: Sequence[Arch]) -> Points:
        base = self._surface(ring, np.full(len(ring), rows[0]))
        flank = np.abs(base[:, 1]) > 0.8 * self.half_m
        lowest = np.full(len(ring), rows[0])
        for arch in arches:
            reach = arch.radius_m**2 - (base[:, 0] - arch.x_m) ** 2
            rim = arch.z_m + np.sqrt(np.clip(reach, 0, None))
            lowest = np.where(flank & (reach > -1e-9), np.maximum(lowest, rim), lowest)
        return self._surface(np.broadcast_to(ring[:, None], (len(ring), len(rows))), np.maximum(rows, lowest[:, None]))

    def pane(
        self,
        builder: MeshBuilder,
        patch: Patch,
        slot: int,
        *,
        out_m: float = 0.006,
        radius_m: float = 0.05,
        border_m: float = 0.0,
        border: int = Slot.GLASS_DARK,
        tint: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0),
    ) -> None:
        """Add a rounded sheet that lies on the wall, with a border of another slot."""
        width, height = patch.s1 - patch.s0, patch.z1 - patch.z0
        radius = min(radius_m, 0.49 * width, 0.49 * height)
        v = _across(height, radius, border_m, 0.4)
        near = np.minimum(v, height - v)
        cut = radius - np.sqrt(np.clip(radius**2 - np.clip(radius - near, 0, None) ** 2, 0, None))
        u = _across(width, 0.0, border_m, 3.0 if self._flat(patch) else 0.16)
        share = np.clip((u[:, None] - cut) / np.maximum(width - 2 * cut, 1e-6), 0, 1)
        share = np.where((u[:, None] > 0) & (u[:, None] < width), share, (u > 0)[:, None])
        s = patch.s0 + cut + share * (width - 2 * cut)
        z = np.broadcast_to(patch.z0 + v, s.shape)
        quads = (len(u) - 1, len(v) - 1)
        slots = np.full(quads, int(slot))
        if border_m:
            mid_u, mid_v = (u[:-1] + u[1:]) / 2, (v[:-1] + v[1:]) / 2
            rim_u, rim_v = np.minimum(mid_u, width - mid_u) < border_m, np.minimum(mid_v, height - mid_v) < border_m
            slots[rim_u[:, None] | rim_v[None, :]] = int(border)
        points = self.at(s, z, out_m)
        index = np.arange(s.size).reshape(s.shape)
        faces = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], axis=-1).reshape(-1, 4)
        builder.add(points, faces, slots, tint=tint)

    def _flat(self, patch: Patch) -> bool:
        marks = self._corners_s
        flanks = ((marks[0], marks[1]), (marks[4], marks[5]))
        return any(first - 1e-6 <= patch.s0 and patch.s1 <= last + 1e-6 for first, last in flanks)

    def window(self, builder: MeshBuilder, patch: Patch, *, radius_m: float = 0.06, border_m: float = 0.045) -> None:
        """Cut a hole and glaze it; call it before `mesh`."""
        hole = border_m * 0.8
        self.holes.append(Patch(patch.s0 + hole, patch.s1 - hole, patch.z0 + hole, patch.z1 - hole))
        self.pane(builder, patch, Slot.GLASS, radius_m=radius_m, border_m=border_m)


def _value(table: Table, z: Points) -> Points:
    heights, values = zip(*table, strict=True)
    return np.asarray(np.interp(z, heights, values))


def _inside(patch: Patch, s: Points, z: Points) -> Points:
    within = (s > patch.s0) & (s < patch.s1)
    return np.asarray(within[:, None] & ((z > patch.z0) & (z < patch.z1))[None, :])


def _thinned(values: Points, apart: float) -> Points:
    ordered = np.unique(values)
    kept = np.concatenate([[True], np.diff(ordered) > apart])
    kept[-1] = True
    return np.asarray(ordered[kept])


def _across(length: float, radius: float, border: float, step: float) -> Points:
    arc = radius * (1 - np.cos(np.linspace(0, np.pi / 2, 4))) if radius else np.array([0.0])
    inner = np.linspace(0, length, max(2, int(length / step) + 2))
    rim = [border] if 0 < border < 0.45 * length else []
    edge = max(float(arc[-1]), *rim, 0.0)
    inner = inner[(inner > edge + 0.01) & (inner < length - edge - 0.01)]
    half = np.concatenate([arc, rim])
    return np.unique(np.round(np.concatenate([half, inner, length - half]), 6))


def _add_kept(builder: MeshBuilder, grid: Points, slots: Points) -> None:
    """Add the faces of a grid that are no holes and have an area."""
    index = np.arange(grid.shape[0] * grid.shape[1]).reshape(grid.shape[:2])
    quads = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], axis=-1).reshape(-1, 4)
    corners = grid.reshape(-1, 3)[quads]
    area = np.linalg.norm(np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1]), axis=1)
    keep = (area > 1e-7) & (slots.ravel() >= 0)
    builder.add(grid, quads[keep], slots.ravel()[keep])
