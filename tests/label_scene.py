"""Scenes of boxes and spheres whose ids, depth and labels are worked out in plain numpy: no Blender, no Embree.

Pixels are found by testing rays against every triangle (Möller and Trumbore, Journal of Graphics Tools 2 (1997), 21).
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

import numpy as np
import trimesh

from render.silhouette import Mesh, View

WIDTH, HEIGHT, HFOV_DEG = 160, 96, 60.0
CAMERA_M = np.array([0.0, 0.0, 1.5])
SKY_M = 1e10
_TO_CAMERA = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]])


def view(width=WIDTH, height=HEIGHT, hfov_deg=HFOV_DEG):
    """Return a camera 1.5 m over the ground that looks along +x."""
    focal_px = width / 2 / np.tan(np.radians(hfov_deg / 2))
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = _TO_CAMERA, -_TO_CAMERA @ CAMERA_M
    K = np.array([[focal_px, 0, (width - 1) / 2], [0, focal_px, (height - 1) / 2], [0, 0, 1]])
    return View(K=K, world_to_camera=pose, resolution_wh=(width, height))


@dataclass
class Actor:
    category: str
    center_m: tuple
    size_m: tuple
    heading_deg: float = 0.0
    speed_mps: float = 0.0
    sphere: bool = False

    def axes(self):
        cos, sin = np.cos(np.radians(self.heading_deg)), np.sin(np.radians(self.heading_deg))
        return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])

    def mesh(self):
        if self.sphere:
            shape = trimesh.creation.icosphere(subdivisions=2, radius=self.size_m[0] / 2)
        else:
            shape = trimesh.creation.box(extents=self.size_m)
        points = np.asarray(shape.vertices, np.float64) @ self.axes().T + self.center_m
        return Mesh(vertices_m=points, triangles=np.asarray(shape.faces, np.int64))

    def keypoints_m(self):
        """Wheels stand out by 5 cm, so that those on the near side are seen."""
        if self.category != "car":
            return {}
        length, width, height = self.size_m
        return {
            f"wheel_{end}_{side}": np.array(self.center_m)
            + self.axes() @ (i * length * 0.35, j * (width / 2), -height / 2 + 0.3)
            for end, i in (("front", 1), ("rear", -1))
            for side, j in (("left", 1), ("right", -1))
        }


@dataclass
class Scene:
    view: View
    actors: dict
    meshes: dict
    ids: np.ndarray
    depth_m: np.ndarray
    alone_m: dict
    labels: dict = field(default_factory=dict)

    def copy(self):
        return copy.deepcopy(self)


def rays(camera, columns, rows):
    pixels = np.stack([columns, rows, np.ones_like(columns)], axis=-1).astype(np.float64)
    return pixels @ np.linalg.inv(camera.K).T @ camera.world_to_camera[:3, :3]


def met_m(mesh, directions, near_m=0.05):
    """Return the depth along the axis at which rays from the camera meet a mesh first, inf for none."""
    first = np.full(len(directions), np.inf)
    for a, b, c in mesh.vertices_m[mesh.triangles]:
        along, across = b - a, c - a
        turned = np.cross(directions, across)
        volume = turned @ along
        flat = np.abs(volume) < 1e-12
        inverse = 1 / np.where(flat, 1, volume)
        offset = CAMERA_M - a
        u = (turned @ offset) * inverse
        over = np.cross(offset, along)
        v = (directions @ over) * inverse
        depth = (across @ over) * inverse
        hit = ~flat & (u >= 0) & (v >= 0) & (u + v <= 1) & (depth >= near_m)
        first[hit] = np.minimum(first[hit], depth[hit])
    return first


def depth_map(mesh, camera, canvas=0):
    """Return depth of a mesh by itself on the picture, or on three by three pictures with canvas=1."""
    width, height = camera.resolution_wh
    columns, rows = np.arange(-canvas * width, (1 + canvas) * width), np.arange(-canvas * height, (1 + canvas) * height)
    depth = np.full((len(rows), len(columns)), np.inf)
    x0, y0, x1, y1 = box_px(mesh, camera)
    across = np.flatnonzero((columns >= x0 - 1) & (columns <= x1 + 1))
    down = np.flatnonzero((rows >= y0 - 1) & (rows <= y1 + 1))
    if len(across) and len(down):
        grid = np.meshgrid(columns[across], rows[down])
        found = met_m(mesh, rays(camera, *(axis.ravel() for axis in grid)))
        depth[down[0] : down[-1] + 1, across[0] : across[-1] + 1] = found.reshape(grid[0].shape)
    return depth


def project(points_m, camera):
    """Return pixel edges."""
    pixels = (np.asarray(points_m) @ camera.world_to_camera[:3, :3].T + camera.world_to_camera[:3, 3]) @ camera.K.T
    return pixels[:, :2] / pixels[:, 2:] + 0.5


def box_px(mesh, camera):
    depth = mesh.vertices_m @ camera.world_to_camera[2, :3] + camera.world_to_camera[2, 3]
    if (depth < 0.05).any():
        return (-1e6, -1e6, 1e6, 1e6)
    pixels = project(mesh.vertices_m, camera)
    return (*pixels.min(axis=0), *pixels.max(axis=0))


def render(actors, camera, still=()):
    """Trace actors, ground and what stands still; ids, depth and a right record."""
    width, height = camera.resolution_wh
    directions = rays(camera, *(axis.ravel() for axis in np.meshgrid(np.arange(width), np.arange(height))))
    down = directions[:, 2]
    depth = np.where(down < -1e-9, CAMERA_M[2] / np.maximum(-down, 1e-9), SKY_M).reshape(height, width)
    for mesh in still:
        depth = np.minimum(depth, depth_map(mesh, camera))
    ids = np.zeros((height, width), np.uint16)
    meshes = {instance: actor.mesh() for instance, actor in actors.items()}
    alone = {instance: depth_map(mesh, camera) for instance, mesh in meshes.items()}
    for instance, own in alone.items():
        nearer = own < depth
        ids[nearer], depth[nearer] = instance, own[nearer]
    scene = Scene(camera, actors, meshes, ids, depth.astype(np.float32), alone)
    return told(scene)


def told(scene):
    """Write the record anew from the scene's ids."""
    camera = scene.view
    width, height = camera.resolution_wh
    scene.labels = {
        "schema": 2,
        "scene": "boxes",
        "view": "0",
        "width": width,
        "height": height,
        "camera": {
            "K": camera.K.tolist(),
            "world_to_camera": camera.world_to_camera.tolist(),
            "hfov_deg": float(np.degrees(2 * np.arctan(width / 2 / camera.K[0, 0]))),
        },
        "time_s": 0.0,
        "lanes": [],
        "objects": [_object(scene, instance) for instance in scene.actors if (scene.ids == instance).any()],
    }
    return scene


def _object(scene, instance):
    actor, camera = scene.actors[instance], scene.view
    mask = scene.ids == instance
    rows, columns = np.nonzero(mask)
    inside = np.isfinite(scene.alone_m[instance])
    width, height = camera.resolution_wh
    limits = (-width, -height, 2 * width, 2 * height)
    box = box_px(scene.meshes[instance], camera)
    amodal = [max(box[0], limits[0]), max(box[1], limits[1]), min(box[2], limits[2]), min(box[3], limits[3])]
    whole = inside.sum()
    if min(box[:2]) < 0 or box[2] > width or box[3] > height:
        whole = np.isfinite(depth_map(scene.meshes[instance], camera, canvas=1)).sum()
    center = (camera.world_to_camera @ (*actor.center_m, 1.0))[:3]
    velocity = actor.speed_mps * actor.axes()[:, 0]
    return {
        "instance": instance,
        "category": actor.category,
        "kind": "box",
        "bbox_xyxy": [int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1],
        "amodal_xyxy": [round(float(edge), 2) for edge in amodal],
        "area_px": int(mask.sum()),
        "occlusion": round(float((inside & ~mask).sum() / max(inside.sum(), 1)), 4),
        "truncation": round(float(1 - inside.sum() / whole), 4),
        "distance_m": round(float(np.linalg.norm(center)), 3),
        "box3d": {
            "center_m": [float(value) for value in actor.center_m],
            "size_m": [float(value) for value in actor.size_m],
            "heading_deg": actor.heading_deg,
        },
        "box3d_camera": {
            "center_m": center.tolist(),
            "rotation": (camera.world_to_camera[:3, :3] @ actor.axes()).tolist(),
        },
        "velocity_mps": velocity.tolist(),
        "keypoints": [_keypoint(scene, instance, name, point) for name, point in actor.keypoints_m().items()],
        "crash": None,
        "damaged_px": 0,
    }


def _keypoint(scene, instance, name, point_m):
    width, height = scene.view.resolution_wh
    x, y = project(point_m[None], scene.view)[0]
    visibility = 0
    if 0 <= x <= width and 0 <= y <= height:
        depth = (scene.view.world_to_camera @ (*point_m, 1.0))[2]
        column, row = min(int(x), width - 1), min(int(y), height - 1)
        seen = scene.ids[row, column] == instance and scene.depth_m[row, column] > depth - 0.3
        visibility = 2 if seen else 1
    return {
        "name": name,
        "xy": [round(float(x), 2), round(float(y), 2)],
        "xyz_m": point_m.tolist(),
        "visibility": visibility,
    }


def street():
    """Return a turned car, one half behind it, one that the picture cuts, a child, a post, a car behind the camera."""
    actors = {
        1: Actor("car", (12.0, 0.5, 0.75), (4.0, 1.8, 1.5), 20.0, 8.0),
        2: Actor("car", (18.0, -1.2, 0.75), (4.0, 1.8, 1.5), 0.0, 5.0),
        3: Actor("truck", (7.0, -3.8, 1.2), (5.0, 2.2, 2.4), 10.0, 3.0),
        4: Actor("person", (10.0, 3.0, 0.6), (1.2, 1.2, 1.2), 0.0, 0.0, sphere=True),
        5: Actor("car", (-9.0, 0.0, 0.75), (4.0, 1.8, 1.5), 0.0, 5.0),
    }
    post = Actor("post", (9.0, 2.2, 1.0), (0.1, 0.1, 2.0)).mesh()
    return render(actors, view(), still=(post,))
