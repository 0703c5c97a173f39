"""HDF5 containers with the keys of BlenderProc's writer, one a synthetic frame, for tools made for its output."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blend.formats.blended import Blended, LeftOut
from blend.formats.frame import STUFF_FROM, Frame, category_ids, frame_of
from blend.picture import decode_rgb
from scenes.ontology import CATEGORIES, STUFF

CANNOT_HOLD = (
    "real pictures and varieties, whose depth and instances are not known",
    "depth of frames that a lens or shutter bent",
    "splits, sources and weights of pictures",
)
OPENCV_TO_BLENDER = np.diag([1.0, -1.0, -1.0, 1.0])
"""Camera axes x right, y down, z ahead to x right, y up, z back."""
INSTANCE_FACTS = ("kind", "occlusion", "truncation", "distance_m", "box3d", "velocity_mps", "visibility", "crash")


def write(blended: Blended, folder: Path) -> LeftOut:
    """Write `<frame>.hdf5`; a picture that is no unchanged frame of the round is left out."""
    left_out: LeftOut = {}
    folder.mkdir(parents=True)
    for picture, _ in blended:
        frame = frame_of(blended.round_folder, picture)
        if isinstance(frame, str):
            left_out[picture.name] = frame
        else:
            _write(folder / f"{picture.name}.hdf5", contents(frame, decode_rgb(blended.path(picture))))
    return left_out


def contents(frame: Frame, rgb: NDArray[np.uint8]) -> dict[str, NDArray[Any] | np.bytes_]:
    """Return what the container of a frame holds, by BlenderProc's keys.

    `colors` uint8 (H, W, 3); `depth` float32 m (H, W) along the optical axis; `instance_segmaps`,
    `category_id_segmaps` (H, W), actors as in COCO, stuff from 100 up, where the round knows it;
    `instance_attribute_maps` and `campose` as JSON.
    """
    ids, semantic, depth_m = frame.ids(), frame.semantic(), frame.depth_m()
    classes = _actor_classes(frame, ids) if semantic is None else category_ids(semantic)
    held: dict[str, NDArray[Any] | np.bytes_] = {
        "colors": rgb,
        "instance_segmaps": ids,
        "category_id_segmaps": classes,
        "instance_attribute_maps": _json([_attributes(labelled) for labelled in frame.objects.values()]),
        "category_names": _json(_names()),
        "campose": _json([_campose(frame)]),
    }
    return held if depth_m is None else {**held, "depth": depth_m}


def _write(path: Path, held: Mapping[str, NDArray[Any] | np.bytes_]) -> None:
    import h5py  # noqa: PLC0415  # no other format needs it

    with h5py.File(path, "w") as file:
        for key, data in held.items():
            if isinstance(data, np.bytes_):
                file.create_dataset(key, data=data)
            else:
                file.create_dataset(key, data=data, compression="gzip")


def _attributes(labelled: Mapping[str, Any]) -> dict[str, Any]:
    name, instance = labelled["category"], labelled["instance"]
    facts = {key: labelled[key] for key in INSTANCE_FACTS if key in labelled}
    return {"idx": instance, "name": f"{name}.{instance}", "category_id": CATEGORIES[name], **facts}


def _actor_classes(frame: Frame, ids: NDArray[np.uint16]) -> NDArray[np.uint8]:
    classes = np.zeros(int(ids.max(initial=0)) + 1, np.uint8)
    for instance, labelled in frame.objects.items():
        if instance < len(classes):
            classes[instance] = CATEGORIES[labelled["category"]]
    return np.asarray(classes[ids])


def _names() -> dict[str, int]:
    return {**CATEGORIES, **{name: STUFF_FROM + number for name, number in STUFF.items() if number}}


def _campose(frame: Frame) -> dict[str, Any]:
    camera = frame.record["camera"]
    cam2world = np.linalg.inv(np.array(camera["world_to_camera"])) @ OPENCV_TO_BLENDER
    return {"cam_K": camera["K"], "cam2world_matrix": np.round(cam2world, 9).tolist()}


def _json(document: Any) -> np.bytes_:
    return np.bytes_(json.dumps(document).encode())
