"""KITTI's object benchmark: labels with 3D boxes where they are known, calibration, lists a split.

Labels are in a frame at the camera that looks where the camera looks but stands level, since KITTI's boxes turn about
the vertical only; `P2` takes this frame to pixels (intrinsics times the camera's pitch and roll), so the boxes are
exact for every camera. Format: Geiger, Lenz, Urtasun, CVPR 2012, readme of the development kit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blend.formats.blended import SPLITS, UNLABELLED, Blended, LeftOut, stem, write_lines
from blend.formats.frame import Frame, frame_of
from blend.picture import Annotation, Picture

Floats = NDArray[np.float64]

CANNOT_HOLD = (
    "3D boxes of real pictures and of varieties, whose space is not known (written as -1, -1000, -10)",
    "masks, keypoints, velocities, crash and other labels of a box",
    "the distortion of a lens",
    "laser points",
    "riders as one with their two-wheeler (Cyclist): person and two-wheeler stay two boxes",
    "sources, parents and weights of pictures",
    "pictures that nobody has labelled",
)
TYPES = MappingProxyType({"car": "Car", "truck": "Truck", "person": "Pedestrian"})
"""Our class to KITTI's; the others keep their names with a capital, which KITTI's own evaluation skips."""
KINDS = MappingProxyType({"van": "Van", "sitting": "Person_sitting"})
"""Kind of a car or pose of a person that KITTI has a class of its own for."""
PARTLY_FROM, LARGELY_FROM, UNKNOWN = 0.1, 0.5, 3
"""Share of the outline that is hidden, from which an object is partly (1) and largely (2) occluded."""
NO_SPACE = (-1.0, -1.0, -1.0, -1000.0, -1000.0, -1000.0, -10.0)
VELODYNE_TO_CAMERA = "0 -1 0 0 0 0 -1 0 1 0 0 0"
"""Axes ahead, left, up to right, down, ahead, at the same place: there is no laser scanner."""


def write(blended: Blended, folder: Path) -> LeftOut:
    """Write `training/image_2`, `label_2` and `calib`, and `ImageSets/`; all splits are below `training`."""
    left_out: LeftOut = {}
    for name in ("image_2", "label_2", "calib"):
        (folder / "training" / name).mkdir(parents=True)
    lists: dict[str, list[str]] = {split: [] for split in SPLITS}
    for picture, split in blended:
        if not picture.labelled:
            left_out[picture.name] = UNLABELLED
            continue
        name, frame = stem(picture), frame_of(blended.round_folder, picture)
        lists[split].append(name)
        blended.put(picture, folder / "training" / "image_2", name)
        known = None if isinstance(frame, str) else frame
        write_lines(folder / "training" / "label_2" / f"{name}.txt", label_lines(picture, known))
        if known is not None:
            write_lines(folder / "training" / "calib" / f"{name}.txt", calibration(known))
    for name, names in lists.items():
        write_lines(folder / "ImageSets" / f"{name}.txt", names)
    return left_out


def label_lines(picture: Picture, frame: Frame | None) -> list[str]:
    """Return the lines of a picture: its boxes, then what is to be ignored, as DontCare."""
    objects = {} if frame is None else frame.objects
    lines, ignored = [], []
    for box in picture.annotations:
        if box.facts.get("iscrowd") or box.facts.get("ignore"):
            ignored.append(_corners(box.xywh))
            continue
        labelled = objects.get(box.facts.get("instance", 0))
        space = NO_SPACE if frame is None or labelled is None else in_space(labelled["box3d"], level_camera(frame))
        lines.append(_line(_type(box, labelled), _shares(box), _alpha(space), _corners(box.xywh), space))
    ours = {box.facts.get("instance") for box in picture.annotations}
    unseen = [o for number, o in objects.items() if number not in ours and o.get("visibility", {}).get("ignore")]
    ignored += [tuple(map(float, labelled["bbox_xyxy"])) for labelled in unseen]
    return [*lines, *(_line("DontCare", (-1.0, -1), -10.0, corners, NO_SPACE) for corners in ignored)]


def _type(box: Annotation, labelled: Mapping[str, Any] | None) -> str:
    kind = "" if labelled is None else str(labelled.get("kind"))
    return KINDS.get(kind) or TYPES.get(box.category, box.category.capitalize())


def _shares(box: Annotation) -> tuple[float, int]:
    truncated, hidden = box.facts.get("truncation"), box.facts.get("occlusion")
    occluded = UNKNOWN if hidden is None else int(hidden >= PARTLY_FROM) + int(hidden >= LARGELY_FROM)
    return (-1.0 if truncated is None else float(truncated)), occluded


def _corners(xywh: tuple[float, float, float, float]) -> tuple[float, ...]:
    x, y, w, h = xywh
    return (x, y, x + w, y + h)


def _alpha(space: tuple[float, ...]) -> float:
    """Return the angle at which the object is seen: its heading less that of the ray to it."""
    if space == NO_SPACE:
        return NO_SPACE[-1]
    x_m, _, z_m, rotation_y = space[3:]
    return _wrapped(rotation_y - math.atan2(x_m, z_m))


def _wrapped(angle: float) -> float:
    return (angle + math.pi) % (2 * math.pi) - math.pi


def _line(
    kind: str, shares: tuple[float, int], alpha: float, corners: tuple[float, ...], space: tuple[float, ...]
) -> str:
    truncated, occluded = shares
    numbers = " ".join(f"{number:.2f}" for number in (*corners, *space))
    return f"{kind} {truncated:.2f} {occluded} {alpha:.2f} {numbers}"


def level_camera(frame: Frame) -> Floats:
    """Return the 4x4 that takes the world to a level frame at the camera: x right, y down, z ahead over the ground."""
    world_to_camera = np.array(frame.record["camera"]["world_to_camera"], dtype=np.float64)
    turned = world_to_camera[:3, :3]
    ahead = turned[2] if np.hypot(*turned[2, :2]) > 1e-6 else -turned[1]  # straight down: where its upper edge points
    z = np.array([*(ahead[:2] / np.hypot(*ahead[:2])), 0.0])
    y = np.array([0.0, 0.0, -1.0])
    level = np.stack([np.cross(y, z), y, z])
    eye = -turned.T @ world_to_camera[:3, 3]
    return np.block([[level, (-level @ eye)[:, None]], [np.zeros((1, 3)), np.ones((1, 1))]])


def in_space(box3d: Mapping[str, Any], world_to_level: Floats) -> tuple[float, ...]:
    """Return a 3D box as KITTI has it.

    Args:
        box3d: `center_m`, `size_m` (length, width, height), `heading_deg` in the world.
        world_to_level: 4x4, see `level_camera`.

    Returns:
        height, width, length; x, y, z of the middle of its underside; rotation about y (0: faces right). m and rad.
    """
    length_m, width_m, height_m = box3d["size_m"]
    x_m, y_m, z_m = box3d["center_m"]
    bottom = (world_to_level @ [x_m, y_m, z_m - height_m / 2, 1.0])[:3]
    heading = math.radians(box3d["heading_deg"])
    facing = world_to_level[:3, :3] @ [math.cos(heading), math.sin(heading), 0.0]
    rotation_y = math.atan2(-facing[2], facing[0])
    return (height_m, width_m, length_m, *(float(value) for value in bottom), rotation_y)


def calibration(frame: Frame) -> list[str]:
    """Return the lines of a calibration file; all four cameras of the rig are the one that there is."""
    to_camera = np.array(frame.record["camera"]["world_to_camera"], dtype=np.float64)[:3, :3]
    tilt = to_camera @ level_camera(frame)[:3, :3].T
    projection = np.hstack([np.array(frame.record["camera"]["K"]) @ tilt, np.zeros((3, 1))])
    numbers = " ".join(f"{number:.9e}" for number in projection.ravel())
    return [
        *(f"P{camera}: {numbers}" for camera in range(4)),
        "R0_rect: 1 0 0 0 1 0 0 0 1",
        f"Tr_velo_to_cam: {VELODYNE_TO_CAMERA}",
        "Tr_imu_to_velo: 1 0 0 0 0 1 0 0 0 0 1 0",
    ]
