"""Labels of a view, from instance ids, rendered meshes and the spec; no Blender in here.

Everything in the picture is in pixel edges: the first pixel covers [0, 1]. Intrinsics put pixel centres at whole
numbers (OpenCV). `docs/labels.md` defines every label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from render.keypoints import Point, keypoint_records
from render.lanes import lane_records
from render.silhouette import DAMAGED, Mesh, Silhouette, View, silhouette
from scenes.gait import speed_mps
from scenes.ontology import KIND_CATEGORY
from scenes.own import Placed
from scenes.spec.living import Animal, Person
from scenes.spec.party import CrashParty
from scenes.spec.remains import Spill
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Vehicle

LABEL_SCHEMA = 2
Ids = npt.NDArray[np.uint16]
Actor = Vehicle | Person | Animal | Placed


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was rendered of a view, and what labels are made from.

    Args:
        ids: HxW instance ids.
        depth_m: HxW, along the optical axis.
        meshes: instance id to mesh in the world.
        view: the camera.
        keypoints_m: instance id to named places in the world.
        parts: HxW part ids, see `render.part_map`; None where parts are not known.
        pieces_m: number of a piece of debris to its middle in the world.
    """

    ids: Ids
    depth_m: npt.NDArray[np.float32]
    meshes: Mapping[int, Mesh]
    view: View
    keypoints_m: Mapping[int, Mapping[str, Point]] = field(default_factory=dict)
    parts: npt.NDArray[np.uint8] | None = None
    pieces_m: Mapping[int, Point] = field(default_factory=dict)


def view_labels(
    spec: SceneSpec, view_index: int, seen: Seen, *, placed: Sequence[Placed] = (), in_clip: bool = False
) -> dict[str, Any]:
    """Label every actor that shows at least one pixel.

    Args:
        spec: what the picture shows.
        view_index: which of the spec's cameras.
        seen: what was rendered.
        placed: what a scene script added.
        in_clip: whether the spec is a moment of a clip, which knows how fast people go; in a still, their gait tells.

    Returns:
        The view record: occlusion is the share of the outline inside the picture that something hides; truncation the
        share of the whole outline outside of the picture; distance runs from the camera to the 3D box's centre.
    """
    everybody: list[Actor] = [*spec.vehicles, *spec.people, *spec.animals, *placed]
    actors = sorted(everybody, key=lambda actor: actor.actor_id)
    shown = set(np.unique(seen.ids).tolist())
    width, height = seen.view.resolution_wh
    moving = velocities(spec, in_clip=in_clip)
    return {
        "schema": LABEL_SCHEMA,
        "scene": spec.scene_id,
        "view": str(view_index),
        "width": width,
        "height": height,
        "camera": camera_record(seen.view),
        "time_s": 0.0,
        "lanes": lane_records(spec.street, seen.view),
        **near_miss_record(spec),
        "objects": [
            _object(actor, seen, moving.get(actor.actor_id, (0.0, 0.0)), spec.spills)
            for actor in actors
            if actor.actor_id in shown and actor.actor_id in seen.meshes
        ],
        **({"debris": debris_records(spec, seen.pieces_m)} if seen.pieces_m else {}),
    }


def debris_records(spec: SceneSpec, pieces_m: Mapping[int, Point]) -> list[dict[str, Any]]:
    """Return every loose piece and where its middle has come to lie, world xyz; those that flew off are left out."""
    return [
        {"kind": spec.debris[number].kind, "size_m": spec.debris[number].size_m, "where_m": np.round(place, 3).tolist()}
        for number, place in sorted(pieces_m.items())
    ]


def near_miss_record(spec: SceneSpec) -> dict[str, Any]:
    """Return the measures of a near miss under their name; nothing for other scenes."""
    return {"near_miss": asdict(spec.near_miss)} if spec.near_miss else {}


def velocities(spec: SceneSpec, *, in_clip: bool) -> dict[int, tuple[float, float]]:
    """Return how fast every actor of a spec moves, world xy in m/s; riders as their mounts."""
    found = {vehicle.actor_id: vehicle.velocity_mps for vehicle in spec.vehicles}
    on_foot: list[Person | Animal] = [*spec.people, *spec.animals]
    for actor in on_foot:
        if isinstance(actor, Person) and actor.mount is not None:
            found[actor.actor_id] = found[actor.mount]
        elif in_clip or any(actor.velocity_mps):
            found[actor.actor_id] = actor.velocity_mps
        else:
            angle, speed = np.radians(actor.heading_deg), speed_mps(actor)
            found[actor.actor_id] = (float(speed * np.cos(angle)), float(speed * np.sin(angle)))
    return found


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


def _object(actor: Actor, seen: Seen, velocity_mps: tuple[float, float], spills: Sequence[Spill]) -> dict[str, Any]:
    instance, view, mesh = actor.actor_id, seen.view, seen.meshes[actor.actor_id]
    visible = seen.ids == instance
    outline = silhouette(mesh, view)
    box = visible_xyxy(visible)
    box3d = _box3d(actor, mesh)
    named_m = seen.keypoints_m.get(instance, {})
    return {
        "instance": instance,
        "category": _category(actor),
        "kind": _kind(actor),
        "bbox_xyxy": list(box),
        "amodal_xyxy": [round(edge, 2) for edge in outline.xyxy or box],
        "area_px": int(visible.sum()),
        "occlusion": round(occlusion(visible, outline), 4),
        "truncation": round(outline.truncation, 4),
        "distance_m": round(_distance_m(box3d["center_m"], view), 3),
        "box3d": box3d,
        "box3d_camera": _box3d_camera(box3d, view),
        "velocity_mps": [round(velocity_mps[0], 3), round(velocity_mps[1], 3), 0.0],
        "keypoints": keypoint_records(
            named_m, view=view, depth_m=seen.depth_m, ids=seen.ids, instance=instance, parts=seen.parts
        ),
        **_crash_records(actor, spills),
        "damaged_px": 0 if seen.parts is None else int((visible & (seen.parts >= DAMAGED)).sum()),
    }


def _left_behind(vehicle: Vehicle, spills: Sequence[Spill]) -> dict[str, Any]:
    """Return what a vehicle leaks, boils off and burns, empty if nothing: litres by liquid, else shares in [0, 1]."""
    fluid_l = {spill.liquid: spill.litres for spill in spills if spill.actor_id == vehicle.actor_id}
    if not (fluid_l or vehicle.steam or vehicle.flames):
        return {}
    return {"fluid_l": fluid_l, "steam": vehicle.steam, "smoke": vehicle.flames, "fire": vehicle.flames}


def _crash_records(actor: Actor, spills: Sequence[Spill]) -> dict[str, Any]:
    """Return the hardest impact of a party and its other ones; what the fewest parties have is left out of the rest."""
    crash = None if isinstance(actor, Placed) else actor.crash
    told: dict[str, Any] = {"crash": _impact_record(crash) if crash else None}
    if isinstance(actor, Vehicle) and actor.further:
        told["crash_further"] = [_impact_record(impact) for impact in actor.further]
    if isinstance(actor, Vehicle) and actor.carried_by is not None:
        told["carried"] = True
    if isinstance(actor, Vehicle) and actor.tipped_deg:
        told["tipped_deg"] = round(actor.tipped_deg, 2)
    if isinstance(actor, Vehicle) and (left := _left_behind(actor, spills)):
        told["aftermath"] = left
    if isinstance(actor, Vehicle) and actor.articulation_deg:
        told["articulation_deg"] = round(actor.articulation_deg, 2)
    return told


def _impact_record(crash: CrashParty) -> dict[str, Any]:
    told = asdict(crash)
    spared = {"against": "vehicle", "throw_m": 0.0}
    return {name: value for name, value in told.items() if name not in spared or value != spared[name]}


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
    """Return the upright box in the world; a vehicle's is that of its undamaged body.

    Those of people, animals, vehicles on their side or roof, with their front lifted, and folded lorries are measured.
    """
    center_m: tuple[float, ...]
    size_m: tuple[float, ...]
    heading_deg = 0.0 if isinstance(actor, Placed) else actor.heading_deg
    if isinstance(actor, Vehicle) and not (actor.tipped_deg or actor.articulation_deg or actor.lifted_deg):
        size_m = (actor.length_m, actor.width_m, actor.height_m)
        center_m = (actor.x_m, actor.y_m, actor.raised_m + actor.height_m / 2)
    else:
        center_m, size_m = _measured_box(mesh, heading_deg)
    return {
        "center_m": [round(float(value), 3) for value in center_m],
        "size_m": [round(float(value), 3) for value in size_m],
        "heading_deg": round(heading_deg, 3),
    }


def _box3d_camera(box3d: Mapping[str, Any], view: View) -> dict[str, Any]:
    """Return the box in the camera's frame: its centre, and its axes ahead, left and up as columns."""
    turned = view.world_to_camera[:3, :3]
    cos, sin = np.cos(np.radians(box3d["heading_deg"])), np.sin(np.radians(box3d["heading_deg"]))
    own_to_world = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    center_m = turned @ np.array(box3d["center_m"]) + view.world_to_camera[:3, 3]
    return {"center_m": np.round(center_m, 3).tolist(), "rotation": np.round(turned @ own_to_world, 6).tolist()}


def _measured_box(mesh: Mesh, heading_deg: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    cos, sin = np.cos(np.radians(heading_deg)), np.sin(np.radians(heading_deg))
    own_to_world = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    own = mesh.vertices_m @ own_to_world
    low, high = own.min(axis=0), own.max(axis=0)
    return tuple(own_to_world @ ((low + high) / 2)), tuple(high - low)


def _distance_m(center_m: list[float], view: View) -> float:
    homogeneous = np.array([*center_m, 1.0])
    return float(np.linalg.norm((view.world_to_camera @ homogeneous)[:3]))
