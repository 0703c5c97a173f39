"""Real pictures with a COCO annotation file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blend.candidate import Candidate, Listing, RawBox, group_of, picture_files
from blend.picture import LeftOut
from scenes.errors import InputError
from scenes.ontology import CATEGORIES

TAKE_FIELDS = ("group", "clip", "video", "video_id", "sequence", "scene")
"""Image fields that name the take a picture belongs to, first match wins; else the file name is read."""


def mapped(name: object, rename: Mapping[str, str]) -> str | None:
    """Map a class name onto ours: by the user's `real.rename`, else by equal name; None where there is none."""
    text = str(name).strip()
    plain = text.lower().replace(" ", "_").replace("-", "_")
    found = rename.get(text, rename.get(plain, plain))
    return found if found in CATEGORIES else None


def unmapped_lines(unmapped: Mapping[str, int], file: str) -> list[LeftOut]:
    """Tell each class that is not ours with its count and the way to map it."""
    return [
        LeftOut(file=file, reason=f"class '{name}' is not one of ours: {count} boxes (map it: +real.rename.{name}=car)")
        for name, count in sorted(unmapped.items())
    ]


def read(images: Path, annotations: Path, rename: Mapping[str, str]) -> Listing:
    """List the pictures of a COCO file.

    Raises:
        InputError: a folder or file is missing, the file is not COCO, or records have no picture.
    """
    picture_files(images, "real.images")
    document = _load(annotations)
    names = {entry["id"]: entry["name"] for entry in document["categories"]}
    boxes, left_out, unmapped = _boxes(document, names, rename, annotations.name)
    candidates = [_candidate(image, images, boxes.get(image["id"], [])) for image in document["images"]]
    _refuse_absent(candidates, annotations)
    lines = (*left_out, *unmapped_lines(unmapped, annotations.name))
    return Listing(candidates=tuple(candidates), left_out=lines, unmapped=unmapped)


def _load(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise InputError("real.annotations", "must be a COCO file that exists", got=str(path))
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        for key, fields in (("images", {"id", "file_name"}), ("annotations", set()), ("categories", {"id", "name"})):
            if not all(fields <= set(entry) for entry in document[key]):
                raise InputError(path, f"every entry of '{key}' must have {sorted(fields)}")
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(path, "must be COCO JSON with images, annotations and categories", got=str(error)) from None
    _refuse_twins(document["images"], path)
    return dict(document)


def _refuse_twins(images: list[dict[str, Any]], path: Path) -> None:
    if not images:
        raise InputError(path, "must list at least one image")
    image_id, count = Counter(str(image["id"]) for image in images).most_common(1)[0]
    if count > 1:
        raise InputError(path, "image ids must be unique", got=f"id {image_id} {count} times")


def _boxes(
    document: Mapping[str, Any], names: Mapping[Any, Any], rename: Mapping[str, str], file: str
) -> tuple[dict[Any, list[RawBox]], list[LeftOut], Counter[str]]:
    known = {image["id"] for image in document["images"]}
    boxes: dict[Any, list[RawBox]] = {}
    left_out: list[LeftOut] = []
    unmapped: Counter[str] = Counter()
    for place, entry in enumerate(document["annotations"]):
        key = f"annotation {entry.get('id', f'at place {place}') if isinstance(entry, dict) else f'at place {place}'}"
        fault = _fault(entry, known, names)
        if fault:
            left_out.append(LeftOut(file=file, reason=f"{key}: {fault}"))
        elif (category := mapped(names[entry["category_id"]], rename)) is None:
            unmapped[str(names[entry["category_id"]])] += 1
        else:
            boxes.setdefault(entry["image_id"], []).append(_raw(entry, category, key))
    return boxes, left_out, unmapped


def _fault(entry: Any, known: set[Any], names: Mapping[Any, Any]) -> str:
    if not isinstance(entry, dict) or not {"image_id", "category_id", "bbox"} <= set(entry):
        return "must have image_id, category_id and bbox"
    if entry["image_id"] not in known:
        return f"image_id {entry['image_id']!r} is not in 'images'"
    if entry["category_id"] not in names:
        return f"category_id {entry['category_id']!r} is not in 'categories'"
    bbox = entry["bbox"]
    if not isinstance(bbox, list) or len(bbox) != 4 or not all(isinstance(v, int | float) for v in bbox):
        return f"bbox must be four numbers x, y, width, height; got {bbox!r}"
    return ""


def _raw(entry: Mapping[str, Any], category: str, key: str) -> RawBox:
    x, y, w, h = map(float, entry["bbox"])
    facts = {"iscrowd": int(entry.get("iscrowd", 0) or 0)}
    return RawBox(category=category, xywh=(x, y, w, h), key=key, segmentation=entry.get("segmentation"), facts=facts)


def _candidate(image: Mapping[str, Any], folder: Path, boxes: list[RawBox]) -> Candidate:
    file = str(image["file_name"])
    take = next((f"{name}/{image[name]}" for name in TAKE_FIELDS if image.get(name) is not None), None)
    light = image.get("lighting", image.get("light"))
    has_size = isinstance(image.get("width"), int) and isinstance(image.get("height"), int)
    return Candidate(
        file=file,
        path=_inside(folder, file),
        group=take or group_of(file),
        boxes=tuple(boxes),
        labelled=True,
        size_wh=(image["width"], image["height"]) if has_size else None,
        facts={"lighting": light} if isinstance(light, str) else {},
    )


def _inside(folder: Path, file: str) -> Path:
    """Find a record's picture below the folder; many files write `images/x.jpg` for what lies in `images`."""
    direct = folder / file
    return direct if direct.is_file() and not Path(file).is_absolute() else folder / Path(file).name


def _refuse_absent(candidates: list[Candidate], annotations: Path) -> None:
    escaping = [c.file for c in candidates if ".." in Path(c.file).parts]
    if escaping:
        raise InputError(annotations, "file_name must stay inside real.images", got=escaping[0])
    absent = [c.file for c in candidates if not c.path.is_file()]
    if absent:
        got = f"{len(absent)} of {len(candidates)} are not there, first {absent[0]}"
        raise InputError("real.images", f"must hold every picture that {annotations.name} lists", got=got)
