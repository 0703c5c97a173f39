"""Frames of a round as one COCO document: boxes, run-length masks, joints of people, and what a blend may aim at."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from scenes.cells import NO_CRASH, air_state, road_state
from scenes.errors import InputError
from scenes.ontology import CATEGORIES

Record = dict[str, Any]
JOINTS = (
    *("nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow"),
    *("right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle"),
    "right_ankle",
)
"""Joints of a person, named and ordered as in COCO."""


def document(out: Path, frames: Sequence[Record]) -> Record:
    """Return frames as a COCO document with run-length masks and ids that never change.

    Args:
        out: the round's folder, which holds their masks.
        frames: their records.

    Raises:
        InputError: a mask cannot be read.
    """
    masks = _Masks(out)
    return {
        "info": {"description": "rareblend synthetic frames", "schema": 1},
        "images": [_image(frame) for frame in frames],
        "annotations": [
            _annotation(frame, labelled, masks.encoded(frame["mask"], labelled["instance"]))
            for frame in frames
            for labelled in frame["objects"]
        ],
        "categories": [_category(name, number) for name, number in CATEGORIES.items()],
    }


def stable_id(name: str) -> int:
    """Return a 52-bit id from a name, safe in every JSON reader."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:13], 16)


class _Masks:
    """Run-length masks of a round; the looks of one view share theirs."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._known: dict[tuple[str, int], Record] = {}
        self._ids: tuple[str, npt.NDArray[np.uint16]] | None = None

    def encoded(self, mask: str, instance: int) -> Record:
        if (mask, instance) not in self._known:
            self._known[mask, instance] = _run_length(self._instance_ids(mask) == instance)
        return self._known[mask, instance]

    def _instance_ids(self, mask: str) -> npt.NDArray[np.uint16]:
        if self._ids is None or self._ids[0] != mask:
            ids = cv2.imread(str(self._out / mask), cv2.IMREAD_UNCHANGED)
            if ids is None:
                raise InputError(self._out / mask, "must be a 16-bit PNG of instance ids")
            self._ids = (mask, ids.astype(np.uint16))
        return self._ids[1]


def _run_length(mask: npt.NDArray[np.bool_]) -> Record:
    from pycocotools import mask as coco_mask  # noqa: PLC0415  # only compaction needs it

    encoded = coco_mask.encode(np.asfortranarray(mask, dtype=np.uint8))
    return {"size": [int(side) for side in encoded["size"]], "counts": encoded["counts"].decode("ascii")}


def _image(frame: Record) -> Record:
    copied = ("width", "height", "frame", "scene", "view", "scenario", "lighting", "sha256", "mask")
    return {
        "id": stable_id(frame["frame"]),
        "file_name": frame["image"],
        "look": frame["look"]["id"],
        "look_name": frame["look"]["name"],
        "source": "synthetic",
        **{key: frame[key] for key in copied},
        **{key: frame[key] for key in ("near_miss",) if key in frame},
        "conditions": _conditions(frame),
    }


def _conditions(frame: Record) -> Record:
    """Return what a blend may aim at, in the words of the coverage ledger."""
    told = frame.get("conditions") or {}
    road = told.get("road") or {}
    phase = next((labelled["crash"]["phase"] for labelled in frame["objects"] if labelled.get("crash")), NO_CRASH)
    return {
        "light": frame["lighting"],
        "weather": air_state(told),
        "road": road_state(road.get("wetness", 0.0), road.get("snow", 0.0)),
        "pre_crash": frame["scenario"],
        "phase": phase,
    }


def _category(name: str, number: int) -> Record:
    joints = {"keypoints": list(JOINTS)} if name == "person" else {}
    return {"id": number, "name": name, "supercategory": "road user", **joints}


def _annotation(frame: Record, labelled: Record, segmentation: Record) -> Record:
    x0, y0, x1, y1 = labelled["bbox_xyxy"]
    copied = (
        "instance",
        "occlusion",
        "truncation",
        "distance_m",
        "velocity_mps",
        "box3d_camera",
        "visibility",
        "crash",
        "crash_further",
        "carried",
        "aftermath",
    )
    return {
        "id": stable_id(f"{frame['frame']}/{labelled['instance']}"),
        "image_id": stable_id(frame["frame"]),
        "category_id": CATEGORIES[labelled["category"]],
        "bbox": [x0, y0, x1 - x0, y1 - y0],
        "area": labelled["area_px"],
        "segmentation": segmentation,
        "iscrowd": 0,
        "ignore": int(labelled.get("visibility", {}).get("ignore", False)),
        **{key: labelled[key] for key in copied if key in labelled},
        **_keypoints(labelled),
    }


def _keypoints(labelled: Record) -> Record:
    """Return a person's joints as COCO has them, x, y and visibility of each in turn; other keypoints have no place."""
    points = {point["name"]: point for point in labelled.get("keypoints", ())}
    if labelled["category"] != "person" or not points:
        return {}
    flat: list[float] = []
    for name in JOINTS:
        point = points.get(name)
        shown = point is not None and point["visibility"] > 0
        flat += [*point["xy"], point["visibility"]] if point is not None and shown else [0, 0, 0]
    return {"keypoints": flat, "num_keypoints": sum(visibility > 0 for visibility in flat[2::3])}
