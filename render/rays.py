"""Rays against triangles by Embree, for checks that must not trust what traced the picture.

Embree computes in float32, so meshes are moved to where the rays start before they are rounded: a few µm at 100 m.
Distances are then computed again in float64 from the plane of the triangle that was hit.
Source: Wald et al., Embree, ACM Transactions on Graphics 33 (2014), 143, in the binding `embreex`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore import EmbreeDevice
from embreex.rtcore_scene import EmbreeScene

from render.silhouette import Mesh

Float64 = npt.NDArray[np.float64]
_FLATTEST = 1e-12


@dataclass(frozen=True, kw_only=True)
class Hits:
    """What N rays meet first.

    Args:
        instance: (N,) uint16, 0 for nothing.
        triangle: (N,) int64, number of the triangle in its instance's mesh, -1 for nothing.
        distance_m: (N,) float64 from the ray's origin, inf for nothing.
    """

    instance: npt.NDArray[np.uint16]
    triangle: npt.NDArray[np.int64]
    distance_m: Float64


class Rays:
    """Meshes that rays can be sent at; what is clear lets them pass.

    Args:
        meshes: instance id to mesh.
        around_m: where the rays start, xyz, best the camera; distances are the more exact the nearer they start.
    """

    def __init__(self, meshes: Mapping[int, Mesh], around_m: tuple[float, float, float] | Float64 = (0, 0, 0)) -> None:
        self._around_m = np.asarray(around_m, dtype=np.float64)
        self._targets = {
            instance: target
            for instance, mesh in meshes.items()
            if (target := _Target.of(mesh, self._around_m)) is not None
        }
        spheres = [(*target.center_m, target.radius_m) for target in self._targets.values()]
        self._spheres = np.array(spheres, dtype=np.float64).reshape(-1, 4)

    def first(self, origins_m: Float64, directions: Float64) -> Hits:
        """Say what each ray meets first.

        Args:
            origins_m: (N, 3) in the world.
            directions: (N, 3), of any length but zero.
        """
        count = len(origins_m)
        hits = Hits(
            instance=np.zeros(count, np.uint16),
            triangle=np.full(count, -1, np.int64),
            distance_m=np.full(count, np.inf),
        )
        for instance, sphere in zip(self._targets, self._spheres, strict=True):
            near = np.flatnonzero(_meets(sphere, origins_m - self._around_m, directions))
            if len(near):
                triangle, distance_m = self.alone(instance, origins_m[near], directions[near])
                first = distance_m < hits.distance_m[near]
                better = near[first]
                hits.instance[better] = instance
                hits.triangle[better], hits.distance_m[better] = triangle[first], distance_m[first]
        return hits

    def alone(self, instance: int, origins_m: Float64, directions: Float64) -> tuple[npt.NDArray[np.int64], Float64]:
        """Say where rays meet one instance, as if nothing else stood there: triangle (-1 none), distance (inf none)."""
        target = self._targets.get(instance)
        if target is None:
            return np.full(len(origins_m), -1, np.int64), np.full(len(origins_m), np.inf)
        unit = directions / np.linalg.norm(directions, axis=1, keepdims=True)
        return target.met(origins_m - self._around_m, unit)


class _Target:
    """One instance: its triangles, moved to where rays start; Embree's tree over them is built when first asked for."""

    def __init__(self, vertices_m: Float64, triangles: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64]) -> None:
        self._vertices_m, self._triangles, self._numbers = vertices_m, triangles, numbers
        low, high = vertices_m.min(axis=0), vertices_m.max(axis=0)
        self.center_m = (low + high) / 2
        self.radius_m = float(np.linalg.norm(high - low)) / 2 + 1e-3
        self._scene: Any = None

    @classmethod
    def of(cls, mesh: Mesh, around_m: Float64) -> _Target | None:
        """Take what is opaque of a mesh; None if nothing is."""
        numbers = np.arange(len(mesh.triangles)) if mesh.clear is None else np.flatnonzero(~mesh.clear)
        triangles = mesh.triangles[numbers]
        if not len(triangles):
            return None
        used = np.zeros(len(mesh.vertices_m), dtype=np.bool_)
        used[triangles] = True
        return cls(mesh.vertices_m[used] - around_m, (np.cumsum(used) - 1)[triangles], numbers)

    def met(self, origins_m: Float64, unit: Float64) -> tuple[npt.NDArray[np.int64], Float64]:
        if self._scene is None:
            self._scene = EmbreeScene(_device(), robust=True)
            TriangleMesh(self._scene, self._vertices_m.astype(np.float32), self._triangles.astype(np.int32))
        hit = self._scene.run(origins_m.astype(np.float32), unit.astype(np.float32), output=1)
        found = hit["primID"].astype(np.int64)
        some = found >= 0
        distance_m = np.full(len(found), np.inf)
        distance_m[some] = self._exact(found[some], origins_m[some], unit[some], hit["tfar"][some])
        return np.where(some, self._numbers[np.where(some, found, 0)], -1), distance_m

    def _exact(self, found: npt.NDArray[np.int64], origins_m: Float64, unit: Float64, rough_m: Any) -> Float64:
        """Return the distance to the plane of the triangle; Embree's own where the ray runs along that plane."""
        a, b, c = (self._vertices_m[self._triangles[found, corner]] for corner in range(3))
        normal = np.cross(b - a, c - a)
        along = (unit * normal).sum(axis=1)
        steep = np.abs(along) > np.maximum(1e-4 * np.linalg.norm(normal, axis=1), _FLATTEST)
        exact_m = ((a - origins_m) * normal).sum(axis=1) / np.where(steep, along, 1.0)
        return np.asarray(np.where(steep, exact_m, rough_m), np.float64)


@lru_cache(maxsize=1)
def _device() -> Any:
    """Return Embree's device; one does for a process, and making it takes longer than a small tree."""
    return EmbreeDevice()


def _meets(sphere: Float64, origins_m: Float64, directions: Float64) -> npt.NDArray[np.bool_]:
    to_center = sphere[:3] - origins_m
    squared = (directions**2).sum(axis=1)
    along = np.maximum((to_center * directions).sum(axis=1) / squared, 0.0)
    nearest = to_center - along[:, None] * directions
    return np.asarray((nearest**2).sum(axis=1) <= sphere[3] ** 2)
