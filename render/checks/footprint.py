"""Where a mesh falls on the image plane, and which of its triangles a set of pixels can see at all.

Most triangles of a far actor lie between pixel centres; leaving them out before Embree's tree is built makes a check
of thousands of pixels cheap. What is left out in error shows as a fault that is not there, never the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from render.silhouette import NEAR_M, Mesh, View

Float64 = npt.NDArray[np.float64]
Float32 = npt.NDArray[np.float32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
_ROUNDING_PX = 0.01


@dataclass(frozen=True, kw_only=True, eq=False)
class Footprint:
    """A projected mesh.

    Args:
        pixels: column and row of its vertices, (N,) each, pixel centres at whole numbers; nonsense where not in front.
        in_front: (N,) bool, beyond the near plane.
        xyxy: box of what is opaque, in pixel edges, not clipped; None if nothing is in front.
        whole_xyxy: likewise with clear triangles.
        cut: whether the near plane cuts it, so that the boxes are too small.
    """

    pixels: tuple[Float32, Float32]
    in_front: Bool
    xyxy: Float64 | None
    whole_xyxy: Float64 | None
    cut: bool

    def within(self, low: tuple[float, float], high: tuple[float, float]) -> bool:
        """Say whether it may reach into a box of pixel edges."""
        if self.cut:
            return True
        box = self.whole_xyxy
        return box is not None and bool((box[:2] < high).all() and (box[2:] > low).all())


def footprint(mesh: Mesh, view: View) -> Footprint:
    """Project a mesh."""
    depth_m, x, y = _projected(mesh, view)
    in_front = depth_m >= NEAR_M
    used = _used(mesh, mesh.triangles)
    opaque = used if mesh.clear is None else _used(mesh, mesh.triangles[~mesh.clear])
    whole = _box(x, y, used & in_front)
    return Footprint(
        pixels=(x.astype(np.float32), y.astype(np.float32)),
        in_front=in_front,
        xyxy=whole if opaque is used else _box(x, y, opaque & in_front),
        whole_xyxy=whole,
        cut=not in_front.all() and bool((used & in_front).any() and (used & ~in_front).any()),
    )


def _projected(mesh: Mesh, view: View) -> tuple[Float64, Float64, Float64]:
    """Return depth and pixel column and row of the vertices, each on its own, since that is what is fast."""
    projection = view.K @ view.world_to_camera[:3]
    across, down, depth_m = (mesh.vertices_m @ row[:3] + row[3] for row in projection)
    inverse = 1.0 / np.where(depth_m >= NEAR_M, depth_m, 1.0)
    return depth_m, across * inverse, down * inverse


class Canvas:
    """Pixels that somebody asks for, in the picture or around it.

    Args:
        positions: (N, 2) column and row, in any order, repeated or not.
    """

    def __init__(self, *positions: Int64) -> None:
        asked = np.concatenate([*positions, np.zeros((0, 2), np.int64)])
        self.origin = asked.min(axis=0) if len(asked) else np.zeros(2, np.int64)
        self.size_wh = (asked.max(axis=0) - self.origin + 1) if len(asked) else np.ones(2, np.int64)
        self.wanted = np.zeros((self.size_wh[1], self.size_wh[0]), np.bool_)
        columns, rows = (asked - self.origin).T
        self.wanted[rows, columns] = True

    @cached_property
    def positions(self) -> Int64:
        """(N, 2) columns and rows, each once, row by row."""
        rows, columns = np.nonzero(self.wanted)
        return np.stack([columns, rows], axis=-1) + self.origin

    @cached_property
    def counted(self) -> npt.NDArray[np.int32]:
        """How many wanted pixels lie above and left of each corner."""
        table = np.zeros((self.size_wh[1] + 1, self.size_wh[0] + 1), np.int32)
        np.cumsum(np.cumsum(self.wanted, axis=0, dtype=np.int32), axis=1, out=table[1:, 1:])
        return table


def window(x0: int, y0: int, x1: int, y1: int) -> Int64:
    """Return all pixels of a box, (N, 2) row by row."""
    return np.stack(np.meshgrid(np.arange(x0, x1), np.arange(y0, y1)), axis=-1).reshape(-1, 2)


def relevant(mesh: Mesh, seen: Footprint, canvas: Canvas, *, grown_px: float = 0.0) -> Mesh | None:
    """Return the mesh with only the triangles that a ray through a wanted pixel may meet; None if there is none.

    Args:
        mesh: the whole.
        seen: its footprint.
        canvas: what is wanted.
        grown_px: how far from the pixel's centre rays may go.
    """
    corners = [mesh.triangles[:, corner] for corner in range(3)]
    first, last = _whole_pixels(seen.pixels, corners, canvas, grown_px + _ROUNDING_PX)
    some, whole = _fronts(seen, corners)
    around = (first <= last).all(axis=0) & whole
    keep = some & ~whole
    counted, (x0, y0), (x1, y1) = canvas.counted, first[:, around], last[:, around] + 1
    keep[around] = counted[y1, x1] - counted[y0, x1] - counted[y1, x0] + counted[y0, x0] > 0
    return _part(mesh, keep) if keep.any() else None


def _whole_pixels(
    pixels: tuple[Float32, Float32], corners: list[Int64], canvas: Canvas, grown_px: float
) -> tuple[Int64, Int64]:
    """Return first and last pixel centre in each triangle's box, (2, M) in the canvas' count."""
    firsts, lasts = [], []
    for axis in range(2):
        a, b, c = (pixels[axis][corner] for corner in corners)
        start, side = np.float32(canvas.origin[axis]), int(canvas.size_wh[axis])
        first = np.ceil(np.minimum(np.minimum(a, b), c) - np.float32(grown_px)) - start
        last = np.floor(np.maximum(np.maximum(a, b), c) + np.float32(grown_px)) - start
        firsts.append(np.clip(first, 0, side).astype(np.int32))
        lasts.append(np.clip(last, -1, side - 1).astype(np.int32))
    return np.stack(firsts), np.stack(lasts)


def _fronts(seen: Footprint, corners: list[Int64]) -> tuple[Bool, Bool]:
    """Say which triangles have some corner in front, and which have all."""
    if not seen.cut:
        reach = np.full(len(corners[0]), seen.whole_xyxy is not None)
        return reach, reach
    a, b, c = (seen.in_front[corner] for corner in corners)
    return a | b | c, a & b & c


def _part(mesh: Mesh, keep: Bool) -> Mesh:
    return replace(
        mesh,
        triangles=mesh.triangles[keep],
        parts=None if mesh.parts is None else mesh.parts[keep],
        clear=None if mesh.clear is None else mesh.clear[keep],
    )


def _used(mesh: Mesh, triangles: Int64) -> Bool:
    used = np.zeros(len(mesh.vertices_m), np.bool_)
    used[triangles] = True
    return used


def _box(x: Float64, y: Float64, chosen: Bool) -> Float64 | None:
    if not chosen.any():
        return None
    if not chosen.all():
        x, y = x[chosen], y[chosen]
    return np.array([x.min(), y.min(), x.max(), y.max()]) + 0.5
