"""What rays meet at many pixels of a view: every actor first by itself, then who of them is in front."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from render.checks.footprint import Canvas, Footprint, relevant
from render.rays import Rays
from render.silhouette import NEAR_M, Mesh, View

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]
_NEXT_M = 1e-4
_LAYERS = 6


@dataclass(frozen=True, kw_only=True, eq=False)
class Survey:
    """N pixels and what stands behind their centres.

    Args:
        positions: (N, 2) column and row, also outside the frame.
        frame_wh: size of the frame.
        instance: (N,) uint16, the first actor, 0 for none.
        depth_m: (N,) along the optical axis, inf for none.
        part: (N,) uint8, part id of the triangle that was met, 0 where the mesh knows none.
        alone: instance to (indices into positions, depth there as if nothing else stood in front).
    """

    positions: Int64
    frame_wh: tuple[int, int]
    instance: npt.NDArray[np.uint16]
    depth_m: Float64
    part: npt.NDArray[np.uint8]
    alone: Mapping[int, tuple[Int64, Float64]]

    @cached_property
    def keys(self) -> Int64:
        """(N,) one rising number for each position."""
        return self.key_of(self.positions)

    def key_of(self, positions: Int64) -> Int64:
        """Return the numbers that pixels have among `keys`."""
        width, height = self.frame_wh
        return np.asarray((positions[:, 1] + height) * (3 * width) + positions[:, 0] + width)

    def places(self, positions: Int64) -> Int64:
        """Return where pixels that were surveyed stand among all."""
        return np.searchsorted(self.keys, self.key_of(positions))

    @property
    def in_frame(self) -> npt.NDArray[np.bool_]:
        """(N,) bool: which of them are pixels of the picture."""
        return np.asarray(((self.positions >= 0) & (self.positions < self.frame_wh)).all(axis=1))

    def alone_m(self, instance: int) -> Float64:
        """Return (N,) depth of one actor as if nothing else stood there, inf where it does not."""
        depth_m = np.full(len(self.positions), np.inf)
        index, met_m = self.alone.get(instance, (np.zeros(0, np.int64), np.zeros(0)))
        depth_m[index] = met_m
        return depth_m

    def at(self, image: npt.NDArray[Any], index: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the values of an HxW image at some of the positions, all inside the frame."""
        columns, rows = self.positions[index].T
        return np.asarray(image[rows, columns])


def survey(meshes: Mapping[int, Mesh], footprints: Mapping[int, Footprint], view: View, canvas: Canvas) -> Survey:
    """Send a ray through the centre of every wanted pixel, at every actor whose box it falls in."""
    positions = canvas.positions
    rows = np.ascontiguousarray(positions[:, 1])
    origins, directions = rays_of(view, positions.astype(np.float64))
    instance, depth_m = np.zeros(len(positions), np.uint16), np.full(len(positions), np.inf)
    part, alone = np.zeros(len(positions), np.uint8), {}
    for actor, mesh in meshes.items():
        seen = footprints[actor]
        index = _inside(positions, rows, seen)
        near = relevant(mesh, seen, canvas) if len(index) else None
        if near is None:
            continue
        triangle, met_m = _depths(Rays({actor: near}, origins[0]), actor, origins[index], directions[index], view)
        alone[actor] = (index, met_m)
        nearer = met_m < depth_m[index]
        instance[index[nearer]], depth_m[index[nearer]] = actor, met_m[nearer]
        part[index[nearer]] = _parts(near, triangle[nearer])
    return Survey(
        positions=positions, frame_wh=view.resolution_wh, instance=instance, depth_m=depth_m, part=part, alone=alone
    )


class Closely:
    """Rays anywhere near a few pixels, for a second look at what seems wrong.

    Args:
        meshes, footprints, view: of the scene.
        positions: (N, 2) column and row of pixels in the frame.
    """

    def __init__(
        self, meshes: Mapping[int, Mesh], footprints: Mapping[int, Footprint], view: View, positions: Int64
    ) -> None:
        canvas, self._meshes = Canvas(positions), dict[int, Mesh]()
        rows = canvas.positions[:, 1]
        for actor, mesh in meshes.items():
            close = len(_inside(canvas.positions, rows, footprints[actor], clear=True))
            near = relevant(mesh, footprints[actor], canvas, grown_px=1.0) if close else None
            if near is not None:
                self._meshes[actor] = near
        self._view = view
        self._eye_m = _camera_m(view)
        self._rays = Rays(self._meshes, self._eye_m)
        self._solid = dict[int, Rays]()

    def first(self, xy: Float64) -> tuple[npt.NDArray[np.uint16], Float64]:
        """Return first instance and depth along the axis at (N, 2) points within a pixel of a position."""
        origins, directions = rays_of(self._view, xy)
        hits = self._rays.first(origins, directions)
        return hits.instance, _along_axis(hits.distance_m, directions, self._view)

    def layers_m(self, instance: int, xy: Float64) -> Float64:
        """Return depths of the surfaces of one actor one behind the other, clear or not, (N, 6), inf for no further."""
        if instance not in self._solid:
            mesh = self._meshes.get(instance)
            self._solid[instance] = Rays({} if mesh is None else {instance: replace(mesh, clear=None)}, self._eye_m)
        origins, directions = rays_of(self._view, xy)
        unit = directions / np.linalg.norm(directions, axis=1, keepdims=True)
        gone_m, layers = np.zeros(len(xy)), []
        for _ in range(_LAYERS):
            on_the_way = np.isfinite(gone_m)
            start = origins + np.where(on_the_way, gone_m, 0.0)[:, None] * unit
            _, met_m = self._solid[instance].alone(instance, start, unit)
            gone_m = np.where(on_the_way, gone_m + met_m, np.inf)
            layers.append(_along_axis(gone_m, directions, self._view))
            gone_m = gone_m + _NEXT_M
        return np.stack(layers, axis=1)


def rays_of(view: View, xy: Float64) -> tuple[Float64, Float64]:
    """Return (N, 3) origins on the near plane and directions in the world, of length 1 along the optical axis."""
    in_camera = np.column_stack([xy, np.ones(len(xy))]) @ np.linalg.inv(view.K).T
    directions = in_camera @ view.world_to_camera[:3, :3]
    return _camera_m(view) + NEAR_M * directions, directions


def _camera_m(view: View) -> Float64:
    return np.asarray(-view.world_to_camera[:3, :3].T @ view.world_to_camera[:3, 3])


def _depths(rays: Rays, actor: int, origins: Float64, directions: Float64, view: View) -> tuple[Int64, Float64]:
    triangle, distance_m = rays.alone(actor, origins, directions)
    return triangle, _along_axis(distance_m, directions, view)


def _along_axis(distance_m: Float64, directions: Float64, view: View) -> Float64:
    forward = view.world_to_camera[2, :3]
    return np.asarray(NEAR_M + distance_m * (directions @ forward) / np.linalg.norm(directions, axis=1))


def _inside(positions: Int64, rows: Int64, seen: Footprint, *, clear: bool = False) -> Int64:
    """Return which positions, sorted by row, lie in the box of a footprint, with or without its clear triangles."""
    box = seen.whole_xyxy if clear else seen.xyxy
    if box is None:
        return np.zeros(0, np.int64)
    if seen.cut:
        return np.arange(len(positions))
    left, top, right, low = box + np.array((-1.0, -1.0, 1.0, 1.0))
    start, end = np.searchsorted(rows, (top, low))
    columns = positions[start:end, 0]
    return np.asarray(start + np.flatnonzero((columns >= left) & (columns <= right)), np.int64)


def _parts(mesh: Mesh, triangle: Int64) -> npt.NDArray[np.uint8]:
    return np.zeros(len(triangle), np.uint8) if mesh.parts is None else np.asarray(mesh.parts[triangle], np.uint8)
