"""What a drawn scene must satisfy before it counts; each breach is a reason, never a silent skip."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from scenes.spec import Camera, SceneSpec, Vehicle

Points = np.ndarray[Any, np.dtype[np.float64]]
_PERSON_M = 0.6
_NEAREST_M, _FARTHEST_M = 6.5, 24.0


def footprint(x_m: float, y_m: float, heading_deg: float, length_m: float, width_m: float) -> Points:
    """Return the four corners of a rectangle on the ground, (4, 2), counter-clockwise."""
    angle = np.deg2rad(heading_deg)
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    signs = ((1, 1), (-1, 1), (-1, -1), (1, -1))
    return np.array([[x_m, y_m] + i * along * length_m / 2 + j * across * width_m / 2 for i, j in signs])


def overlap_m(first: Points, second: Points) -> float:
    """Return how deep two convex quads overlap (separating axes); 0 if they do not."""
    if _apart(first, second):
        return 0.0
    depth = np.inf
    for quad in (first, second):
        edges = np.roll(quad, -1, axis=0) - quad
        axes = np.stack([edges[:, 1], -edges[:, 0]], axis=-1)
        axes /= np.linalg.norm(axes, axis=1, keepdims=True)
        a, b = first @ axes.T, second @ axes.T
        depth = min(depth, float((np.minimum(a.max(0), b.max(0)) - np.maximum(a.min(0), b.min(0))).min()))
    return max(0.0, depth)


def _apart(first: Points, second: Points) -> bool:
    """Tell most pairs apart by their upright bounds, in plain floats: a tenth of the time of the axes."""
    return any(max(a) < min(b) or max(b) < min(a) for a, b in zip(first.T.tolist(), second.T.tolist(), strict=True))


def visible_share(camera: Camera, vehicle: Vehicle) -> float:
    """Return the share of a vehicle's ground corners inside the camera's horizontal field of view."""
    corners = footprint(vehicle.x_m, vehicle.y_m, vehicle.heading_deg, vehicle.length_m, vehicle.width_m)
    offset = corners - (camera.x_m, camera.y_m)
    bearing = np.rad2deg(np.arctan2(offset[:, 1], offset[:, 0])) - camera.yaw_deg
    return float(np.mean((np.abs(bearing) < camera.hfov_deg / 2) & (offset[:, 0] > 0)))


def breach(spec: SceneSpec) -> str | None:
    """Return the first rule that a scene breaks, or None."""
    quads = [
        (f"vehicle {v.actor_id}", footprint(v.x_m, v.y_m, v.heading_deg, v.length_m, v.width_m), _may_touch(v))
        for v in spec.vehicles
    ]
    quads += [(f"person {p.actor_id}", footprint(p.x_m, p.y_m, 0.0, _PERSON_M, _PERSON_M), 0.0) for p in spec.people]
    for (name, quad, crushed), (other, second, also) in combinations(quads, 2):
        if overlap_m(quad, second) > 0.02 + (crushed + also if crushed and also else 0.0):
            return f"{name} and {other} overlap"
    camera = spec.cameras[0]
    for name, quad, _ in quads:
        if overlap_m(quad, footprint(camera.x_m - 1.3, camera.y_m, 0.0, 6.5, 1.9)) > 0:
            return f"{name} stands in the ego vehicle"
    for party in (v for v in spec.vehicles if v.crash):
        if visible_share(camera, party) < 0.5:
            return "a crash party is out of view"
        if abs(party.y_m) > spec.street.road_half_width_m + 1.0:
            return "a crash party left the road"
        if not _NEAREST_M < party.x_m < _FARTHEST_M:
            return "a crash party is too near or too far"
    return None


def _may_touch(vehicle: Vehicle) -> float:
    """At the impact, hulls may overlap by what it crushed; where they came to rest, they may not."""
    pressed = vehicle.crash is not None and vehicle.crash.phase == "impact"
    return sum(dent.depth_m for dent in vehicle.dents) if pressed else 0.0
