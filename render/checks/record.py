"""A view record by itself: its schema, its numbers, its classes, its camera. No pixels and no meshes."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from render.checks.fault import Fault, FaultName
from render.silhouette import View
from scenes.ontology import CATEGORIES

Record = Mapping[str, Any]
SCHEMAS = (1, 2)
"""Versions that the checks read; a record of version 1 lacks what version 2 brought, and is checked for the rest."""
_OF_VIEW = {"scene": str, "view": str, "width": int, "height": int, "camera": dict, "objects": list}
_OF_CAMERA: dict[str, type | tuple[type, ...]] = {"K": list, "world_to_camera": list, "hfov_deg": (int, float)}
_OF_OBJECT: dict[str, type | tuple[type, ...]] = {
    "instance": int,
    "category": str,
    "bbox_xyxy": list,
    "amodal_xyxy": list,
    "area_px": int,
    "occlusion": (int, float),
    "truncation": (int, float),
    "distance_m": (int, float),
    "box3d": dict,
}
HFOV_DEG, K_PX, POSE = 0.02, 1e-3, 1e-6
"""By how much a field of view, an intrinsic and an element of the pose may differ: the rounding of records."""


def record_faults(labels: Record) -> list[Fault]:
    """Say what is wrong with the form of a record; what is broken cannot be checked further."""
    faults = list(_form_faults(labels))
    if not faults:
        faults += _instance_faults(labels["objects"])
    return faults


def unreadable(faults: Sequence[Fault]) -> bool:
    """Say whether a record cannot be checked further."""
    return any(fault.name in ("broken_record", "older_version", "newer_version") for fault in faults)


def camera_faults(labels: Record, view: View | None = None) -> list[Fault]:
    """Compare the intrinsics with the field of view, and both with the camera that was traced, if it is known."""
    camera = labels["camera"]
    K, pose = np.array(camera["K"], dtype=np.float64), np.array(camera["world_to_camera"], dtype=np.float64)
    if K.shape != (3, 3) or pose.shape != (4, 4):
        return [Fault(name="broken_record", text=f"K is {K.shape} and world_to_camera {pose.shape}")]
    faults = _hfov_faults(K, camera["hfov_deg"], labels["width"]) if not camera.get("distortion") else []
    rotation = pose[:3, :3]
    if not np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-5) or np.linalg.det(rotation) < 0:
        faults.append(Fault(name="wrong_extrinsics", text="world_to_camera is no rotation and shift"))
    if view is not None and np.abs(K - view.K).max() > K_PX:
        text = f"K is off by up to {np.abs(K - view.K).max():.3f} from the traced camera"
        faults.append(Fault(name="wrong_intrinsics", text=text))
    if view is not None and np.abs(pose - view.world_to_camera).max() > POSE:
        text = f"world_to_camera is off by up to {np.abs(pose - view.world_to_camera).max():.2e}"
        faults.append(Fault(name="wrong_extrinsics", text=text))
    return faults


def size_faults(labels: Record, shape: tuple[int, ...]) -> list[Fault]:
    """Compare the record's size with that of a picture (height, width)."""
    told, true = (labels["width"], labels["height"]), (shape[1], shape[0])
    if told == true:
        return []
    name: FaultName = "swapped_size" if told == true[::-1] else "broken_record"
    return [Fault(name=name, text=f"says {told[0]} x {told[1]} px, the picture has {true[0]} x {true[1]}")]


def _hfov_faults(K: Any, hfov_deg: float, width: int) -> list[Fault]:
    wide_deg = math.degrees(2 * math.atan(width / (2 * K[0, 0]))) if K[0, 0] > 0 else math.nan
    if abs(wide_deg - hfov_deg) <= HFOV_DEG:
        return []
    text = f"K gives {wide_deg:.3f} deg of horizontal view, hfov_deg says {hfov_deg}"
    return [Fault(name="wrong_intrinsics", text=text)]


def _form_faults(labels: Record) -> Iterator[Fault]:
    schema = labels.get("schema")
    if not isinstance(schema, int) or schema < min(SCHEMAS):
        yield Fault(name="older_version", text=f"schema {schema!r} is older than {min(SCHEMAS)}; render the view again")
        return
    if schema > max(SCHEMAS):
        yield Fault(
            name="newer_version", text=f"schema {schema} is newer than {max(SCHEMAS)}; install a newer rareblend"
        )
        return
    yield from _field_faults(labels, _OF_VIEW, "the record")
    if isinstance(labels.get("camera"), Mapping):
        yield from _field_faults(labels["camera"], _OF_CAMERA, "the camera")
    for number, labelled in enumerate(labels["objects"] if isinstance(labels.get("objects"), list) else ()):
        if isinstance(labelled, Mapping):
            yield from _field_faults(labelled, _OF_OBJECT, f"object {number}")
            yield from _shape_faults(labelled, number)
        else:
            yield Fault(name="broken_record", text=f"object {number} is no object")
    try:
        json.dumps(labels, allow_nan=False)
    except ValueError as refused:
        yield Fault(name="broken_record", text=f"holds a number that is none ({refused})")


def _field_faults(told: Record, fields: Mapping[str, type | tuple[type, ...]], where: str) -> Iterator[Fault]:
    for name, kind in fields.items():
        value = told.get(name)
        if not isinstance(value, kind) or isinstance(value, bool):
            yield Fault(name="broken_record", text=f"{name} of {where} is {value!r}"[:160])


def _shape_faults(labelled: Record, number: int) -> Iterator[Fault]:
    box3d = labelled.get("box3d")
    lists = {name: (labelled.get(name), 4) for name in ("bbox_xyxy", "amodal_xyxy")}
    if isinstance(box3d, Mapping):
        lists |= {name: (box3d.get(name), 3) for name in ("center_m", "size_m")}
        lists["heading_deg"] = ([box3d.get("heading_deg")], 1)
    for name, (values, count) in lists.items():
        if not (isinstance(values, list) and len(values) == count and all(_is_number(value) for value in values)):
            yield Fault(name="broken_record", text=f"{name} of object {number} must be {count} finite numbers")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _instance_faults(objects: Sequence[Record]) -> Iterator[Fault]:
    for instance, count in Counter(labelled["instance"] for labelled in objects).items():
        if count > 1:
            yield Fault(name="duplicate_instance", text=f"is labelled {count} times", instance=instance)
        if not 0 < instance <= np.iinfo(np.uint16).max:
            yield Fault(name="broken_record", text=f"instance {instance} is no id")
    for labelled in objects:
        if labelled["category"] not in CATEGORIES:
            text = f"is a {labelled['category']!r}, which the ontology does not know"
            yield Fault(name="unknown_class", text=text, instance=labelled["instance"])
        shares: tuple[tuple[FaultName, Any], ...] = (
            ("wrong_occlusion", labelled["occlusion"]),
            ("wrong_truncation", labelled["truncation"]),
        )
        for name, share in shares:
            if not 0 <= share <= 1:
                yield Fault(name=name, text=f"has a share of {share}, outside of [0, 1]", instance=labelled["instance"])
