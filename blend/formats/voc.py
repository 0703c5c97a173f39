"""Pascal VOC: one XML a picture, lists a split, and instance and class masks where every box has one.

Pixels count from 1 and both edges belong to the box (VOC2012 development kit, section 3.6).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import cv2
import numpy as np
from numpy.typing import NDArray

from blend.formats.blended import SPLITS, UNLABELLED, Blended, LeftOut, write_lines
from blend.picture import Annotation, Picture, decode_mask
from blend.split import Split
from scenes.ontology import CATEGORIES

CANNOT_HOLD = (
    "masks of pictures where a box has none, or of more than 254 boxes",
    "degrees of occlusion and truncation (a yes or no)",
    "3D boxes, keypoints, crash and all other labels of a box",
    "sources, parents and weights of pictures",
    "pictures that nobody has labelled",
)
TRUNCATED_FROM, OCCLUDED_FROM = 0.15, 0.05
"""Share outside of the picture, and share hidden, from which VOC's annotators marked an object (their guidelines)."""
MOST_MASKS = 254
"""Of an 8-bit picture whose 0 is background and whose 255 is void."""


def write(blended: Blended, folder: Path) -> LeftOut:
    """Write `JPEGImages/`, `Annotations/`, `ImageSets/`, `SegmentationObject/` and `SegmentationClass/`."""
    left_out: LeftOut = {}
    for name in ("JPEGImages", "Annotations", "SegmentationObject", "SegmentationClass"):
        (folder / name).mkdir(parents=True)
    lists: dict[tuple[str, Split], list[str]] = {
        (kind, split): [] for kind in ("Main", "Segmentation") for split in SPLITS
    }
    for picture, split in blended:
        if not picture.labelled:
            left_out[picture.name] = UNLABELLED
            continue
        segmented = _write_masks(picture, folder)
        lists["Main", split].append(picture.name)
        lists["Segmentation", split] += [picture.name] if segmented else []
        file = blended.put(picture, folder / "JPEGImages")
        _tree(picture, file, segmented=segmented).write(folder / "Annotations" / f"{picture.name}.xml", "utf-8")
    for kind in ("Main", "Segmentation"):
        both = sorted(lists[kind, "train"] + lists[kind, "val"])
        write_lines(folder / "ImageSets" / kind / "trainval.txt", both)
        for split in SPLITS:
            write_lines(folder / "ImageSets" / kind / f"{split}.txt", lists[kind, split])
    return left_out


def _tree(picture: Picture, file: str, *, segmented: bool) -> ET.ElementTree[ET.Element]:
    root = ET.Element("annotation")
    _add(root, folder="JPEGImages", filename=file)
    _add(ET.SubElement(root, "source"), database="rareblend", annotation=picture.source)
    _add(ET.SubElement(root, "size"), width=picture.width, height=picture.height, depth=3)
    _add(root, segmented=int(segmented))
    for box in picture.annotations:
        _add_object(root, box)
    ET.indent(root)
    return ET.ElementTree(root)


def _add_object(root: ET.Element, box: Annotation) -> None:
    x, y, w, h = box.xywh
    told = ET.SubElement(root, "object")
    _add(told, name=box.category, pose="Unspecified")
    _add(told, truncated=int((box.facts.get("truncation") or 0.0) >= TRUNCATED_FROM))
    _add(told, occluded=int((box.facts.get("occlusion") or 0.0) >= OCCLUDED_FROM))
    _add(told, difficult=int(bool(box.facts.get("ignore") or box.facts.get("iscrowd"))))
    edges = {"xmin": x + 1, "ymin": y + 1, "xmax": x + w, "ymax": y + h}
    _add(ET.SubElement(told, "bndbox"), **{name: f"{round(edge, 3):.10g}" for name, edge in edges.items()})


def _add(parent: ET.Element, **texts: object) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = str(text)


def _write_masks(picture: Picture, folder: Path) -> bool:
    masks = [decode_mask(box.rle) for box in picture.annotations if box.rle is not None]
    if not masks or len(masks) < len(picture.annotations) or len(masks) > MOST_MASKS:
        return False
    classes = [CATEGORIES[box.category] for box in picture.annotations]
    for name, numbers in (("SegmentationObject", range(1, len(masks) + 1)), ("SegmentationClass", classes)):
        painted = _painted(masks, numbers)
        cv2.imwrite(str(folder / name / f"{picture.name}.png"), painted)
    return True


def _painted(masks: Sequence[NDArray[np.bool_]], numbers: Sequence[int]) -> NDArray[np.uint8]:
    painted = np.zeros(masks[0].shape, np.uint8)
    for mask, number in zip(masks, numbers, strict=True):
        painted[mask] = number
    return painted
