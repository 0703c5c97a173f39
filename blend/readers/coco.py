"""Real pictures with a COCO annotation file: boxes, polygons and run lengths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blend.candidate import Listing, RawBox
from blend.class_names import ClassNames
from blend.picture import LeftOut
from blend.readers import records
from blend.readers.json_file import load
from blend.readers.tree import scan
from scenes.errors import InputError

TAKE_FIELDS = ("group", "clip", "video", "video_id", "sequence", "scene")
"""Image fields that name the take a picture belongs to, first match wins; else the file name is read."""


def read(*, images: Path, annotations: Path, names: ClassNames) -> Listing:
    """List the pictures of a COCO file.

    Raises:
        InputError: a folder or file is missing, the file is not COCO, or most records have no picture.
    """
    tree = scan(images, "real.images")
    document = _load(annotations)
    boxes, left_out = _boxes(document, names, annotations.name)
    found = [_record(image, boxes.get(image["id"], ())) for image in document["images"]]
    return records.listing(tree, found, left_out, annotations.name)


def _load(path: Path) -> dict[str, Any]:
    document = load(path, "real.annotations")
    try:
        for key, fields in (("images", {"id", "file_name"}), ("annotations", set()), ("categories", {"id", "name"})):
            if not all(fields <= set(entry) for entry in document[key]):
                raise InputError(path, f"every entry of '{key}' must have {sorted(fields)}")
        if not all(isinstance(entry["id"], int | str) for entry in (*document["images"], *document["categories"])):
            raise InputError(path, "ids must be numbers or words")
        _refuse_twins(document["images"], path)
    except (KeyError, TypeError) as error:
        raise InputError(path, "must be COCO JSON with images, annotations and categories", got=str(error)) from None
    return dict(document)


def _refuse_twins(images: list[dict[str, Any]], path: Path) -> None:
    if not images:
        raise InputError(path, "must list at least one image")
    image_id, count = Counter(str(image["id"]) for image in images).most_common(1)[0]
    if count > 1:
        raise InputError(path, "image ids must be unique", got=f"id {image_id} {count} times")


def _boxes(document: Mapping[str, Any], names: ClassNames, file: str) -> tuple[dict[Any, list[RawBox]], list[LeftOut]]:
    known = {image["id"] for image in document["images"]}
    classes = {entry["id"]: entry["name"] for entry in document["categories"]}
    boxes: dict[Any, list[RawBox]] = {}
    left_out: list[LeftOut] = []
    for place, entry in enumerate(document["annotations"]):
        key = f"annotation {entry.get('id', f'at place {place}') if isinstance(entry, dict) else f'at place {place}'}"
        fault = _fault(entry, known, classes)
        if fault:
            left_out.append(LeftOut(file=file, reason=f"{key}: {fault}"))
        elif (category := names.ours(classes[entry["category_id"]])) is not None:
            boxes.setdefault(entry["image_id"], []).append(_raw(entry, category, key))
    return boxes, left_out


def _fault(entry: Any, known: set[Any], classes: Mapping[Any, Any]) -> str:
    if not isinstance(entry, dict) or not {"image_id", "category_id", "bbox"} <= set(entry):
        return "must have image_id, category_id and bbox"
    for field, ids, place in (("image_id", known, "images"), ("category_id", classes, "categories")):
        if not isinstance(entry[field], int | str) or entry[field] not in ids:
            return f"{field} {entry[field]!r} is not in '{place}'"
    bbox = entry["bbox"]
    if not isinstance(bbox, list) or len(bbox) != 4 or not all(isinstance(v, int | float) for v in bbox):
        return f"bbox must be four numbers x, y, width, height; got {bbox!r}"
    return ""


def _raw(entry: Mapping[str, Any], category: str, key: str) -> RawBox:
    x, y, w, h = map(float, entry["bbox"])
    facts = {"iscrowd": int(bool(entry.get("iscrowd")))}
    return RawBox(category=category, xywh=(x, y, w, h), key=key, segmentation=entry.get("segmentation"), facts=facts)


def _record(image: Mapping[str, Any], boxes: list[RawBox] | tuple[()]) -> records.Record:
    light = image.get("lighting", image.get("light"))
    has_size = isinstance(image.get("width"), int) and isinstance(image.get("height"), int)
    return records.Record(
        name=str(image["file_name"]),
        key=f"image {image['id']}",
        boxes=tuple(boxes),
        group=take_of(image),
        size_wh=(image["width"], image["height"]) if has_size else None,
        facts={"lighting": light} if isinstance(light, str) else {},
    )


def take_of(fields: Mapping[str, Any]) -> str | None:
    """Name the take of a picture by the first of `TAKE_FIELDS` that it has."""
    return next((f"{name}/{fields[name]}" for name in TAKE_FIELDS if fields.get(name) is not None), None)
