"""A round's files against each other, without meshes: records, masks, pictures and the COCO document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from render import manifest
from render.checks.boxes import box_faults
from render.checks.coco import coco_faults
from render.checks.fault import Fault
from render.checks.keypoints import placed_faults
from render.checks.pictures import picture_fault
from render.checks.record import camera_faults, record_faults, size_faults, unreadable
from render.checks.solids import solid_faults
from render.silhouette import DAMAGED, View
from scenes.errors import InputError

Record = Mapping[str, Any]
Found = tuple[str, Fault]


def view_record_faults(out: Path, path: Path) -> Iterator[Fault]:
    """Read one view record again and compare it with its stored mask."""
    try:
        labels = manifest.read_record(path)
    except InputError as broken:
        yield Fault(name="broken_record", text=str(broken))
        return
    if (labels.get("scene"), labels.get("view")) != (path.parent.name, path.stem):
        text = f"says it is view {labels.get('view')} of scene {labels.get('scene')}"
        yield Fault(name="broken_record", text=text)
        return
    yield from labels_against_mask(labels, manifest.mask_path(out, path.parent.name, path.stem))


def frame_record_faults(out: Path, path: Path, *, pictures: bool = True) -> Iterator[Fault]:
    """Read one frame record again and compare it with its mask and its picture."""
    try:
        record = manifest.read_record(path)
    except InputError as broken:
        yield Fault(name="broken_record", text=str(broken))
        return
    names = [record.get(name) for name in ("image", "mask")]
    if record.get("frame") != path.stem or not all(isinstance(name, str) for name in names):
        yield Fault(name="broken_record", text=f"says it is frame {record.get('frame')}")
        return
    yield from labels_against_mask(record, out / record["mask"])
    yield from _damage_faults(out, record)
    if pictures:
        yield from _shown(out / record["image"], record)


def labels_against_mask(labels: Record, mask: Path) -> Iterator[Fault]:
    """Compare a record that stands on disk with the mask beside it."""
    faults = record_faults(labels)
    yield from faults
    if unreadable(faults):
        return
    yield from camera_faults(labels)
    yield from _geometry_faults(labels)
    ids = cv2.imread(str(mask), cv2.IMREAD_UNCHANGED)
    if ids is None or ids.dtype != np.uint16 or ids.ndim != 2:
        yield Fault(name="broken_mask_file", text=f"{mask.name} is no 16-bit picture of instance ids")
        return
    wrong_size = size_faults(labels, ids.shape)
    yield from wrong_size or box_faults(labels["objects"], np.asarray(ids, np.uint16))


def _damage_faults(out: Path, record: Record) -> Iterator[Fault]:
    """Count damaged pixels again in the part map that the record names."""
    name = record.get("maps", {}).get("parts")
    ids, parts = (
        cv2.imread(str(out / file), cv2.IMREAD_UNCHANGED) if file else None for file in (record["mask"], name)
    )
    if ids is None or parts is None or ids.shape != parts.shape:
        return
    for told in record.get("objects") or []:
        counted = int(np.count_nonzero((ids == told.get("instance")) & (parts >= DAMAGED)))
        if told.get("damaged_px", counted) != counted:
            text = f"says {told['damaged_px']} damaged pixels, the part map has {counted}"
            yield Fault(name="wrong_damage", text=text, instance=int(told["instance"]))


def _geometry_faults(labels: Record) -> Iterator[Fault]:
    """Check 3D labels against each other and the camera; a lens or shutter that bends pixels moves keypoints too."""
    camera, objects = labels["camera"], labels["objects"]
    view = View(
        K=np.array(camera["K"], dtype=np.float64),
        world_to_camera=np.array(camera["world_to_camera"], dtype=np.float64),
        resolution_wh=(labels["width"], labels["height"]),
    )
    yield from solid_faults(objects, {}, view)
    if "mask" not in labels or labels["mask"] == f"masks/{labels['scene']}-{labels['view']}.png":
        yield from placed_faults(objects, view)


def coco_document_faults(path: Path) -> Iterator[Found]:
    """Read a COCO document by the reference reader."""
    try:
        document = manifest.read_record(path)
        yield from coco_faults(document)
    except (InputError, KeyError, TypeError) as broken:
        yield path.name, Fault(name="broken_coco", text=f"cannot be read: {broken}")


def _shown(path: Path, record: Record) -> Iterator[Fault]:
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None:
        yield Fault(name="empty", text=f"{path.name} is no picture")
        return
    if sha256(path.read_bytes()).hexdigest() != record.get("sha256"):
        yield Fault(name="changed_picture", text=f"{path.name} is not the picture that was developed")
    picture: npt.NDArray[np.uint8] = np.asarray(bgr, np.uint8)
    yield from size_faults(record, picture.shape)
    fault = picture_fault(picture)
    if fault is not None:
        yield fault
