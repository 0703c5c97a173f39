"""A triangulated surface that is cut along curves, so that windows, lamps and doors have smooth borders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.stage.mesh import Indices, Points

Mask = NDArray[np.bool_]
_NEAR_M = 2e-4  # a vertex so near a curve counts as outside of it, which keeps slivers away


@dataclass
class Sheet:
    """Triangles with labels, and vertices with coordinates that cutting interpolates.

    Args:
        points: (N, 3) metres.
        attrs: (N, K) coordinates in the sheet, named by `names`.
        tris: (M, 3) corners, counter-clockwise from outside.
        slot, part, group: (M,) labels.
        names: of the columns of attrs.
    """

    points: Points
    attrs: Points
    tris: Indices
    slot: Indices
    part: Indices
    group: Indices
    names: tuple[str, ...]

    @classmethod
    def of_grid(cls, points: Points, attrs: dict[str, Points], *, slot: int, part: int, closed: bool = False) -> Sheet:
        """Return the sheet of a (rows, columns, 3) grid; `closed` joins the last row to the first."""
        rows, columns = points.shape[:2]
        index = np.arange(rows * columns).reshape(rows, columns)
        below = np.vstack([index, index[:1]]) if closed else index
        first = np.stack([below[:-1, :-1], below[1:, :-1], below[1:, 1:]], axis=-1).reshape(-1, 3)
        second = np.stack([below[:-1, :-1], below[1:, 1:], below[:-1, 1:]], axis=-1).reshape(-1, 3)
        tris = np.concatenate([first, second])
        columns_of = [np.broadcast_to(value, (rows, columns)).ravel() for value in attrs.values()]
        full = np.full(len(tris), 0)
        return cls(
            points=points.reshape(-1, 3).astype(np.float64),
            attrs=np.stack(columns_of, axis=-1).astype(np.float64),
            tris=tris,
            slot=full + slot,
            part=full + part,
            group=full.copy(),
            names=tuple(attrs),
        )

    def __getitem__(self, name: str) -> Points:
        """Return a coordinate of every vertex: x, y, z or an attribute."""
        if name in "xyz":
            return np.asarray(self.points[:, "xyz".index(name)])
        return np.asarray(self.attrs[:, self.names.index(name)])

    def at(self, name: str) -> Points:
        """Return the mean of a coordinate over each triangle."""
        return self.mean(self[name])

    def mean(self, values: Points) -> Points:
        """Return the mean of vertex values over each triangle."""
        a, b, c = self.tris.T
        return np.asarray((values[a] + values[b] + values[c]) / 3)

    def cut(self, field: Field, where: Mask | None = None) -> Mask:
        """Insert the curve field = 0 and return which triangles lie where the field is negative.

        Args:
            field: sheet to (N,) signed values, negative inside, about metres.
            where: triangles that may be cut and returned; default all.
        """
        allowed = np.ones(len(self.tris), dtype=bool) if where is None else where
        values = self._values(field, allowed)
        values = np.where(np.abs(values) < _NEAR_M, _NEAR_M, values)
        inner = (values < 0)[self.tris]
        count = inner[:, 0].astype(np.int8) + inner[:, 1] + inner[:, 2]
        crossing = np.flatnonzero(((count == 1) | (count == 2)) & allowed)
        inside: Mask = (count == 3) & allowed
        if not len(crossing):
            return inside
        return self._split(values, crossing, inner[crossing], inside)

    def _values(self, field: Field, allowed: Mask) -> Points:
        """Return the field at the vertices of allowed triangles, 1 elsewhere."""
        used = np.zeros(len(self.points), dtype=bool)
        used[self.tris[allowed]] = True
        few = replace(self, points=self.points[used], attrs=self.attrs[used])
        values = np.ones(len(self.points))
        values[used] = field(few)
        return values

    def _split(self, values: Points, crossing: Indices, inner: Mask, inside: Mask) -> Mask:
        lone_inside = inner.sum(axis=1) == 1
        lone = np.argmax(np.where(lone_inside[:, None], inner, ~inner), axis=1)
        turned = (lone[:, None] + np.arange(3)) % 3
        a, b, c = np.take_along_axis(self.tris[crossing], turned, axis=1).T
        low, high = np.minimum([a, a], [b, c]), np.maximum([a, a], [b, c])
        keys, number = np.unique(low * len(self.points) + high, return_inverse=True)
        low, high = keys // len(self.points), keys % len(self.points)
        share = (values[low] / (values[low] - values[high]))[:, None]
        ab, ac = number.reshape(2, -1) + len(self.points)
        self.points = np.concatenate([self.points, self.points[low] + share * (self.points[high] - self.points[low])])
        self.attrs = np.concatenate([self.attrs, self.attrs[low] + share * (self.attrs[high] - self.attrs[low])])
        fresh = [np.stack(corners, axis=-1) for corners in ((a, ab, ac), (ab, b, c), (ab, c, ac))]
        kept = np.ones(len(self.tris), dtype=bool)
        kept[crossing] = False
        self.tris = np.concatenate([self.tris[kept], *fresh])
        for name in ("slot", "part", "group"):
            label = getattr(self, name)
            setattr(self, name, np.concatenate([label[kept], np.tile(label[crossing], 3)]))
        return np.concatenate([inside[kept], lone_inside, ~lone_inside, ~lone_inside])

    def paint(
        self,
        field: Field,
        slot: int,
        where: Mask | None = None,
        *,
        part: int | None = None,
        group: int | None = None,
    ) -> Mask:
        """Cut, and label what lies inside."""
        inside = self.cut(field, where)
        self.slot[inside] = slot
        if part is not None:
            self.part[inside] = part
        if group is not None:
            self.group[inside] = group
        return inside

    def seam(self, field: Field, slot: int, where: Callable[[Sheet], Mask], *, half_m: float = 0.0035) -> None:
        """Draw the curve field = 0 as a dark line of width 2 * half_m."""
        self.cut(lambda sheet: field(sheet) - half_m, where(self))
        self.cut(lambda sheet: field(sheet) + half_m, where(self))
        allowed = where(self)
        line = (np.abs(self.mean(self._values(field, allowed))) < half_m) & allowed
        self.slot[line] = slot

    def recess(self, mask: Mask, offset: Points, *, slot: int, part: int | None = None) -> Indices:
        """Push triangles in by `offset`, (3,) or (N, 3), and join them to what stays by a rim; return the new vertices.

        Args:
            mask: which triangles.
            offset: metres, inwards for a recess, outwards for a raised part.
            slot: of the rim.
            part: of the rim, default that of the pushed triangles' first.
        """
        if not mask.any():
            return np.zeros(0, dtype=np.int64)
        border = borders(self.tris[mask])
        moved = np.unique(self.tris[mask])
        fresh = np.full(len(self.points), -1)
        fresh[moved] = len(self.points) + np.arange(len(moved))
        push = np.broadcast_to(offset, self.points.shape)[moved]
        self.tris[mask] = fresh[self.tris[mask]]
        self.points = np.concatenate([self.points, self.points[moved] + push])
        self.attrs = np.concatenate([self.attrs, self.attrs[moved]])
        a, b = border.T
        rim = np.concatenate([np.stack([a, b, fresh[b]], axis=-1), np.stack([a, fresh[b], fresh[a]], axis=-1)])
        first = int(np.argmax(mask))
        self.extend(rim, slot, int(self.part[first]) if part is None else part, int(self.group[first]))
        return fresh[moved]

    def extend(self, tris: Indices, slot: int, part: int, group: int) -> None:
        """Add triangles over vertices that exist."""
        self.tris = np.concatenate([self.tris, tris])
        for name, value in (("slot", slot), ("part", part), ("group", group)):
            setattr(self, name, np.concatenate([getattr(self, name), np.full(len(tris), value)]))

    def liner(self, mask: Mask, push: Points, *, slot: int, part: int) -> None:
        """Cut a hole and line its border with a wall along `push`."""
        border = borders(self.tris[mask])
        self.keep(~mask)
        a, b = border.T
        moved = len(self.points) + np.arange(len(border) * 2).reshape(-1, 2)
        self.points = np.concatenate([self.points, (self.points[border] + push).reshape(-1, 3)])
        self.attrs = np.concatenate([self.attrs, self.attrs[border].reshape(-1, self.attrs.shape[1])])
        rim = np.concatenate([np.stack([a, b, moved[:, 1]], axis=-1), np.stack([a, moved[:, 1], moved[:, 0]], axis=-1)])
        self.extend(rim, slot, part, 0)

    def keep(self, mask: Mask) -> None:
        """Drop all other triangles."""
        self.tris, self.slot, self.part, self.group = (
            value[mask] for value in (self.tris, self.slot, self.part, self.group)
        )

    def normals(self) -> Points:
        """Return unit vertex normals, (N, 3)."""
        corner = self.points[self.tris]
        face = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
        total = np.zeros_like(self.points)
        for column in range(3):
            for axis in range(3):
                total[:, axis] += np.bincount(self.tris[:, column], face[:, axis], minlength=len(self.points))
        return np.asarray(total / (np.linalg.norm(total, axis=1, keepdims=True) + 1e-12))


Field = Callable[[Sheet], Points]


def borders(tris: Indices) -> Indices:
    """Return the directed edges (K, 2) that only one of the triangles has."""
    edges = np.concatenate([tris[:, [0, 1]], tris[:, [1, 2]], tris[:, [2, 0]]])
    size = int(edges.max()) + 1
    forward, backward = edges[:, 0] * size + edges[:, 1], edges[:, 1] * size + edges[:, 0]
    return np.asarray(edges[~np.isin(forward, backward)])


def meet(*fields: Any, round_m: float = 0.015) -> Points:
    """Return the intersection of regions (the largest value) with corners rounded by about 2 * round_m."""
    total = fields[0]
    for field in fields[1:]:
        total = np.maximum(total, field) + round_m * np.log1p(np.exp(-np.abs(total - field) / round_m))
    return np.asarray(total)


def polygon(corners: Any, u: Points, v: Points, *, round_m: float = 0.0) -> Points:
    """Return the signed distance of (u, v) to a polygon, negative inside; rounding grows it by round_m."""
    corner = np.asarray(corners, dtype=np.float64)
    following = np.roll(corner, -1, axis=0)
    where = np.stack([u, v], axis=-1)
    best = np.full(len(where), np.inf)
    odd = np.zeros(len(where), dtype=bool)
    for start, end in zip(corner, following, strict=True):
        edge, offset = end - start, where - start
        along = np.clip(offset @ edge / (edge @ edge + 1e-12), 0, 1)
        best = np.minimum(best, np.linalg.norm(offset - along[:, None] * edge, axis=1))
        spans = (start[1] <= where[:, 1]) != (end[1] <= where[:, 1])
        rise = edge[1] if abs(edge[1]) > 1e-12 else 1e-12
        odd ^= spans & (where[:, 0] < start[0] + edge[0] * offset[:, 1] / rise)
    return np.where(odd, -best, best) - round_m
