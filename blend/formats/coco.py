"""COCO, the blend's canonical file: `annotations.json` beside `images/`. It holds everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from blend.export import write_json
from blend.formats.blended import Blended, LeftOut
from blend.picture import Annotation, Picture, stable_id
from blend.split import Split
from scenes.ontology import CATEGORIES

CANNOT_HOLD = ()


def write(blended: Blended, folder: Path) -> LeftOut:
    """Write `annotations.json`."""
    write_json(folder / "annotations.json", document(blended))
    return {}


def document(blended: Blended) -> dict[str, Any]:
    """Make the COCO document; ids are hashes of names, so they stay when pictures come or go."""
    return {
        "info": {"description": "rareblend", "version": "1"},
        "images": [image(picture, split) for picture, split in blended],
        "annotations": [annotation(picture, box) for picture, _ in blended for box in picture.annotations],
        "categories": [{"id": number, "name": name} for name, number in CATEGORIES.items()],
    }


def image(picture: Picture, split: Split) -> dict[str, Any]:
    """Make the entry of a picture."""
    return {
        **facts(picture),
        "id": stable_id(picture.name),
        "file_name": picture.file_name,
        "width": picture.width,
        "height": picture.height,
        "source": picture.source,
        "split": split,
        "group": picture.group,
        "parents": list(picture.parents),
        "sha256": picture.sha256,
        "labelled": picture.labelled,
        "augment": picture.augment,
        **({"weight": picture.weight, "copies": picture.copies} if split == "train" else {}),
        **({"stages": [list(stage) for stage in picture.stages]} if picture.stages else {}),
    }


def facts(picture: Picture) -> dict[str, Any]:
    """Return what is passed on of a picture, with its own name as `frame`, whatever its parent's was."""
    own = {"frame": picture.name}
    return {**own, **picture.facts, **(own if picture.augment else {})}


def annotation(picture: Picture, box: Annotation) -> dict[str, Any]:
    """Make the entry of a box."""
    return {
        "iscrowd": 0,
        **box.facts,
        "id": stable_id(f"{picture.name}/{box.key}"),
        "key": box.key,
        "image_id": stable_id(picture.name),
        "category_id": CATEGORIES[box.category],
        "bbox": [round(value, 3) for value in box.xywh],
        "area": round(box.area_px, 3),
        "segmentation": [] if box.rle is None else dict(box.rle),
    }
