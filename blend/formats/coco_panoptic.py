"""Panoptic COCO of frames whose pixels are all known: a PNG of segment ids each, a JSON a split.

Things keep the category ids of `annotations.json`; stuff has 100 plus its class. Pictures stay in `images/`.
Format: cocodataset.org, "panoptic segmentation" (id = R + 256 G + 256² B).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from blend.export import write_json
from blend.formats.blended import SPLITS, Blended, LeftOut
from blend.formats.coco import image
from blend.formats.frame import STUFF_FROM, Frame, category_ids, frame_of
from blend.picture import Picture, stable_id
from scenes.ontology import CATEGORIES, STUFF, STUFF_INDEX

CANNOT_HOLD = (
    "real pictures and varieties, whose stuff is not known",
    "occlusion, 3D boxes, keypoints, crash and all other labels of a box",
)
NO_SEMANTIC = "the round has no semantic map of it"
Numbers = NDArray[np.int64]


def write(blended: Blended, folder: Path) -> LeftOut:
    """Write `panoptic_<split>.json` and `panoptic_<split>/`; a picture without maps is left out."""
    left_out: LeftOut = {}
    for split in SPLITS:
        (folder / f"panoptic_{split}").mkdir(parents=True)
        images, annotations = [], []
        for picture in (picture for picture, own in blended if own == split):
            frame = frame_of(blended.round_folder, picture)
            found = frame if isinstance(frame, str) else panoptic(frame, picture)
            if isinstance(found, str):
                left_out[picture.name] = found
                continue
            segments, ids = found
            cv2.imwrite(str(folder / f"panoptic_{split}" / f"{picture.name}.png"), coloured(ids)[..., ::-1])
            images.append(image(picture, split))
            told = {"image_id": stable_id(picture.name), "file_name": f"{picture.name}.png"}
            annotations.append({**told, "segments_info": segments})
        document = {"images": images, "annotations": annotations, "categories": categories()}
        write_json(folder / f"panoptic_{split}.json", document)
    return left_out


def categories() -> list[dict[str, Any]]:
    """List things and stuff with the ids that segments have."""
    things = [{"id": number, "name": name, "isthing": 1} for name, number in CATEGORIES.items()]
    stuff = [{"id": STUFF_FROM + number, "name": name, "isthing": 0} for name, number in STUFF.items() if number]
    return [*things, *stuff]


def panoptic(frame: Frame, picture: Picture) -> tuple[list[dict[str, Any]], Numbers] | str:
    """Return the segments of a frame and the id of each pixel; the reason why there are none.

    An actor's id is its instance, a class of stuff has `STUFF_INDEX` plus its number, 0 is unknown. Actors that are no
    annotation of the picture (marked `ignore`) are crowds, which COCO counts neither for nor against.
    """
    semantic = frame.semantic()
    if semantic is None:
        return NO_SEMANTIC
    instances, classes = frame.ids().astype(np.int64), category_ids(semantic).astype(np.int64)
    ids = np.where(instances > 0, instances, np.where(classes > STUFF_FROM, classes - STUFF_FROM + STUFF_INDEX, 0))
    ids[classes == 0] = 0
    ours = {box.facts.get("instance") for box in picture.annotations}
    numbers, first, dense = np.unique(ids, return_index=True, return_inverse=True)
    dense = dense.reshape(ids.shape)
    places, areas = ndimage.find_objects(dense + 1), np.bincount(dense.ravel())
    segments = [
        {
            "id": int(number),
            "category_id": int(classes.flat[first[place]]),
            "area": int(areas[place]),
            "bbox": _xywh(places[place]),
            "iscrowd": int(number < STUFF_INDEX and number not in ours),
        }
        for place, number in enumerate(numbers)
        if number
    ]
    return segments, ids


def _xywh(place: tuple[slice, slice]) -> list[int]:
    rows, columns = place
    return [columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start]


def coloured(ids: Numbers) -> NDArray[np.uint8]:
    """Spread ids over RGB, uint8 (H, W, 3)."""
    return np.stack([ids % 256, ids // 256 % 256, ids // 65536], axis=-1).astype(np.uint8)
