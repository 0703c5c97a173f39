"""Exact silhouettes: a mesh is projected, clipped at the near plane, and sampled at pixel centres.

Cycles takes instance ids from its first sample, which goes through the pixel's centre; so a silhouette sampled at
centres agrees with the ids pixel by pixel wherever nothing stands in front.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scenes.errors import InputError

Float64 = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
DAMAGED = 128
"""Bit of a part that is damaged."""
NEAR_M = 0.1
"""What is nearer to the camera than this is cut off, as the renderer does."""


@dataclass(frozen=True, kw_only=True)
class Mesh:
    """Triangles in the world.

    Args:
        vertices_m: Nx3.
        triangles: Mx3 vertex indices.
        parts: (M,) part of each triangle (`scenes.ontology.PARTS`), plus `DAMAGED` where a blow or a fire changed it.
        clear: (M,) whether ids and depth show what is behind a triangle, as behind clear glass.
    """

    vertices_m: Float64
    triangles: npt.NDArray[np.int64]
    parts: npt.NDArray[np.uint8] | None = None
    clear: npt.NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        for name, values in (("parts", self.parts), ("clear", self.clear)):
            if values is not None and values.shape != (len(self.triangles),):
                raise InputError(f"mesh.{name}", "must have one value for each triangle", got=values.shape)

    @classmethod
    def joined(cls, meshes: list[Mesh]) -> Mesh:
        """Put several meshes into one; one that tells no parts has part 0, and one that does not tell is not clear."""
        starts = np.cumsum([0, *(len(mesh.vertices_m) for mesh in meshes)])
        return cls(
            vertices_m=np.concatenate([mesh.vertices_m for mesh in meshes]),
            triangles=np.concatenate([m.triangles + start for m, start in zip(meshes, starts, strict=False)]),
            parts=_of_triangles(meshes, [mesh.parts for mesh in meshes], np.dtype(np.uint8)),
            clear=_of_triangles(meshes, [mesh.clear for mesh in meshes], np.dtype(np.bool_)),
        )


def _of_triangles(meshes: list[Mesh], told: Sequence[npt.NDArray[Any] | None], kind: np.dtype[Any]) -> Any:
    """Join what meshes tell of their triangles, 0 where one tells nothing; None if all do."""
    if all(values is None for values in told):
        return None
    missing = (np.zeros(len(mesh.triangles), kind) for mesh in meshes)
    return np.concatenate([none if one is None else one for one, none in zip(told, missing, strict=True)])


@dataclass(frozen=True, kw_only=True)
class View:
    """A pinhole camera with OpenCV axes (x right, y down, z forward) and pixel centres at whole numbers.

    Args:
        K: 3x3 intrinsics.
        world_to_camera: 4x4.
        resolution_wh: pixels.
    """

    K: Float64
    world_to_camera: Float64
    resolution_wh: tuple[int, int]

    @property
    def hfov_deg(self) -> float:
        """Horizontal field of view."""
        return float(np.degrees(2 * np.arctan(self.resolution_wh[0] / (2 * self.K[0, 0]))))


@dataclass(frozen=True, kw_only=True)
class Silhouette:
    """The outline of a mesh on a canvas of three by three frames, the picture in the middle.

    Args:
        in_frame: HxW bool, pixels of the picture inside the outline.
        total_px: pixels on the whole canvas.
        xyxy: outline's box in pixel edges, unclipped up to the canvas; None if nothing is in front of the camera.
    """

    in_frame: npt.NDArray[np.bool_]
    total_px: int
    xyxy: tuple[float, float, float, float] | None

    @property
    def truncation(self) -> float:
        """Share of the outline that lies outside of the picture."""
        return 1.0 - int(self.in_frame.sum()) / self.total_px if self.total_px else 0.0


def silhouette(mesh: Mesh, view: View) -> Silhouette:
    """Draw a mesh's outline as if nothing stood in front of it."""
    width, height = view.resolution_wh
    corners_px = _projected(mesh, view)
    in_frame = np.zeros((height, width), dtype=np.bool_)
    if not len(corners_px):
        return Silhouette(in_frame=in_frame, total_px=0, xyxy=None)
    lowest, highest = _bounds(corners_px)
    edges = np.concatenate([lowest.min(axis=0), highest.max(axis=0)]) + 0.5
    x0, y0, x1, y1 = np.clip(edges, np.tile((-width, -height), 2), np.tile((2 * width, 2 * height), 2))
    left, top, right, low = (int(edge) for edge in (np.floor(x0), np.floor(y0), np.ceil(x1), np.ceil(y1)))
    canvas = filled(corners_px - np.array([left, top]), (right - left, low - top))
    inside = canvas[max(-top, 0) : max(height - top, 0), max(-left, 0) : max(width - left, 0)]
    row, column = max(top, 0), max(left, 0)
    in_frame[row : row + inside.shape[0], column : column + inside.shape[1]] = inside
    return Silhouette(in_frame=in_frame, total_px=int(canvas.sum()), xyxy=(float(x0), float(y0), float(x1), float(y1)))


def filled(triangles_px: Float64, canvas_wh: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """Fill the union of triangles, exactly: a pixel is set if its centre lies in any of them.

    Args:
        triangles_px: Nx3x2, pixel centres at whole numbers.
        canvas_wh: width and height of the result.

    Returns:
        HxW bool.
    """
    width, height = canvas_wh
    around_a_centre = near_centres(triangles_px)
    _, row, first, after = spans(triangles_px[around_a_centre], canvas_wh)
    stride = width + 1
    begins = np.bincount(row * stride + first, minlength=height * stride)
    ends = np.bincount(row * stride + after, minlength=height * stride)
    depth = np.cumsum((begins - ends).reshape(height, stride), axis=1)
    return np.ascontiguousarray(depth[:, :width] > 0)


def near_centres(triangles_px: Float64) -> npt.NDArray[np.bool_]:
    """Say which triangles may hold the centre of a pixel: most of a fine mesh lie between."""
    low, high = _bounds(triangles_px)
    return np.asarray((np.ceil(low) <= np.floor(high)).all(axis=1))


def spans(triangles_px: Float64, canvas_wh: tuple[int, int]) -> tuple[Whole, Whole, Whole, Whole]:
    """Return the runs of pixels whose centres triangles hold: number of the triangle, row, first and one past the last.

    Args:
        triangles_px: Nx3x2, pixel centres at whole numbers.
        canvas_wh: width and height that runs are cut to.
    """
    width, height = canvas_wh
    owner, row, left, right = _rows(triangles_px, height)
    first = np.clip(np.ceil(left), 0, width).astype(np.int64)
    after = np.clip(np.floor(right) + 1, 0, width).astype(np.int64)
    some = first < after
    return owner[some], row[some], first[some], after[some]


def _rows(triangles_px: Float64, height: int) -> tuple[Whole, Whole, Float64, Float64]:
    """Cut every triangle into the rows that it crosses: its number, row, left and right end."""
    lowest, highest = _bounds(triangles_px)
    top = np.clip(np.ceil(lowest[:, 1]), 0, height).astype(np.int64)
    below = np.clip(np.floor(highest[:, 1]) + 1, 0, height).astype(np.int64)
    rows = np.maximum(below - top, 0)
    owner = np.repeat(np.arange(len(triangles_px)), rows)
    row = np.arange(len(owner)) - np.repeat(np.cumsum(rows) - rows, rows) + top[owner]
    start, end = triangles_px[owner], np.roll(triangles_px, -1, axis=1)[owner]
    rise = end[..., 1] - start[..., 1]
    flat = rise == 0
    along = (row[:, None] - start[..., 1]) / np.where(flat, 1.0, rise)
    x = start[..., 0] + along * (end[..., 0] - start[..., 0])
    crossed = (along >= 0) & (along <= 1) & ~flat
    left = np.where(crossed, x, np.inf).min(axis=1, initial=np.inf)
    right = np.where(crossed, x, -np.inf).max(axis=1, initial=-np.inf)
    hit = left <= right
    return owner[hit], row[hit], left[hit], right[hit]


def _bounds(triangles_px: Float64) -> tuple[Float64, Float64]:
    """Lowest and highest corner of each triangle's box (three times faster here than numpy's own reduction)."""
    a, b, c = triangles_px[:, 0], triangles_px[:, 1], triangles_px[:, 2]
    return np.minimum(np.minimum(a, b), c), np.maximum(np.maximum(a, b), c)


def _projected(mesh: Mesh, view: View) -> Float64:
    rotation, shift = view.world_to_camera[:3, :3], view.world_to_camera[:3, 3]
    points = mesh.vertices_m @ rotation.T + shift
    in_front = points[:, 2] >= NEAR_M
    a, b, c = (in_front[mesh.triangles[:, corner]] for corner in range(3))
    whole, some = a & b & c, a | b | c
    pixels = _onto_image(np.where(in_front[:, None], points, (0.0, 0.0, 1.0)), view)[mesh.triangles[whole]]
    cut = [clipped(points[triangle]) for triangle in mesh.triangles[some & ~whole]]
    return np.concatenate([pixels, *(_onto_image(piece, view) for piece in cut)])


def _onto_image(points: Float64, view: View) -> Float64:
    image = points @ view.K.T
    return np.asarray(image[..., :2] / image[..., 2:], dtype=np.float64)


def clipped(triangle: Float64) -> Float64:
    """Cut one triangle at the near plane and return what is left as one or two triangles."""
    kept: list[Float64] = []
    for start, end in zip(triangle, np.roll(triangle, -1, axis=0), strict=True):
        if start[2] >= NEAR_M:
            kept.append(start)
        if (start[2] >= NEAR_M) != (end[2] >= NEAR_M):
            kept.append(start + (NEAR_M - start[2]) / (end[2] - start[2]) * (end - start))
    return np.array([(kept[0], kept[i], kept[i + 1]) for i in range(1, len(kept) - 1)])
