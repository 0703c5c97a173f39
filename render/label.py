"""Labels of a view, from instance ids, rendered meshes and the spec; no Blender in here.

Boxes are `xyxy` in pixel edges: the first pixel covers [0, 1]. Intrinsics put pixel centres at whole numbers (OpenCV).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from render.silhouette import Mesh, Silhouette, View, silhouette
from scenes.ontology import KIND_CATEGORY
from scenes.own import Placed
from scenes.spec import Animal, Person, SceneSpec, Vehicle

LABEL_SCHEMA = 1
Ids = npt.NDArray[np.uint16]
Actor = Vehicle | Person | Animal | Placed


def view_labels(
    spec: SceneSpec,
    view_index: int,
    *,
    ids: Ids,
    meshes: Mapping[int, Mesh],
    view: View,
    placed: Sequence[Placed] = (),
) -> dict[str, Any]:
    """Label every actor that shows at least one pixel.

    Args:
        spec: what the picture shows.
        view_index: which of the spec's cameras.
        ids: HxW instance ids as rendered.
        meshes: instance id to rendered mesh in the world.
        view: the camera as rendered.
        placed: what a scene script added.

    Returns:
        The view record: occlusion is the share of the outline inside the picture that something hides; truncation the
        share of the whole outline outside of the picture; distance runs from the camera to the 3D box's centre.
    """
    everybody: list[Actor] = [*spec.vehicles, *spec.people, *spec.animals, *placed]
    actors = sorted(everybody, key=lambda actor: actor.actor_id)
    seen = set(np.unique(ids).tolist())
    width, height = view.resolution_wh
    return {
        "schema": LABEL_SCHEMA,
        "scene": spec.scene_id,
        "view": str(view_index),
        "width": width,
        "height": height,
        "camera": camera_record(view),
        "objects": [
            _object(actor, ids=ids, mesh=meshes[actor.actor_id], view=view)
            for actor in actors
            if actor.actor_id in seen and actor.actor_id in meshes
        ],
    }


def camera_record(view: View) -> dict[str, Any]:
    """Return the camera as it stands in a view record."""
    return {
        "K": np.round(view.K, 6).tolist(),
        "world_to_camera": np.round(view.world_to_camera, 9).tolist(),
        "hfov_deg": round(view.hfov_deg, 4),
    }


def visible_xyxy(mask: npt.NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Return the tight box of a mask that has at least one pixel."""
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def occlusion(visible: npt.NDArray[np.bool_], outline: Silhouette) -> float:
    """Return the share of the outline inside the picture that is hidden, in [0, 1]."""
    inside = int(outline.in_frame.sum())
    return int((outline.in_frame & ~visible).sum()) / inside if inside else 0.0


def _object(actor: Actor, *, ids: Ids, mesh: Mesh, view: View) -> dict[str, Any]:
    visible = ids == actor.actor_id
    outline = silhouette(mesh, view)
    box = visible_xyxy(visible)
    box3d = _box3d(actor, mesh)
    return {
        "instance": actor.actor_id,
        "category": _category(actor),
        "kind": _kind(actor),
        "bbox_xyxy": list(box),
        "amodal_xyxy": [round(edge, 2) for edge in outline.xyxy or box],
        "area_px": int(visible.sum()),
        "occlusion": round(occlusion(visible, outline), 4),
        "truncation": round(outline.truncation, 4),
        "distance_m": round(_distance_m(box3d["center_m"], view), 3),
        "box3d": box3d,
        "crash": asdict(actor.crash) if isinstance(actor, Vehicle) and actor.crash else None,
    }


def _category(actor: Actor) -> str:
    if isinstance(actor, Placed):
        return actor.category
    if isinstance(actor, Person):
        return "person"
    return "animal" if isinstance(actor, Animal) else KIND_CATEGORY[actor.kind]


def _kind(actor: Actor) -> str:
    if isinstance(actor, Placed):
        return actor.name
    if isinstance(actor, Person):
        return actor.pose
    return actor.asset.partition("@")[0] if isinstance(actor, Vehicle) and actor.asset else actor.kind


def _box3d(actor: Actor, mesh: Mesh) -> dict[str, Any]:
    """Return the upright box in the world; a vehicle's is that of its undamaged body, a person's is measured."""
    center_m: tuple[float, ...]
    size_m: tuple[float, ...]
    heading_deg = 0.0 if isinstance(actor, Placed) else actor.heading_deg
    if isinstance(actor, Vehicle):
        size_m = (actor.length_m, actor.width_m, actor.height_m)
        center_m = (actor.x_m, actor.y_m, actor.height_m / 2)
    else:
        center_m, size_m = _measured_box(mesh, heading_deg)
    return {
        "center_m": [round(float(value), 3) for value in center_m],
        "size_m": [round(float(value), 3) for value in size_m],
        "heading_deg": round(heading_deg, 3),
    }


def _measured_box(mesh: Mesh, heading_deg: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    cos, sin = np.cos(np.radians(heading_deg)), np.sin(np.radians(heading_deg))
    own_to_world = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    own = mesh.vertices_m @ own_to_world
    low, high = own.min(axis=0), own.max(axis=0)
    return tuple(own_to_world @ ((low + high) / 2)), tuple(high - low)


def _distance_m(center_m: list[float], view: View) -> float:
    homogeneous = np.array([*center_m, 1.0])
    return float(np.linalg.norm((view.world_to_camera @ homogeneous)[:3]))
