"""Real pictures with CVAT's XML "for images" 1.1: boxes, turned boxes, polygons and masks.

Source: https://docs.cvat.ai/docs/manual/advanced/xml_format/
"""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from blend.candidate import Listing, RawBox
from blend.class_names import ClassNames
from blend.decode import MAX_PIXELS
from blend.picture import LeftOut, encode_mask
from blend.readers import records
from blend.readers.records import Record, polygon_box, xyxy_box
from blend.readers.tree import scan
from blend.readers.xml_file import Element, as_number, elements
from scenes.errors import InputError

SHAPES = ("box", "polygon", "mask")
NO_SHAPES = ("tag", "attribute")
CORNERS = ("xtl", "ytl", "xbr", "ybr")


def read(*, images: Path, annotations: Path, names: ClassNames) -> Listing:
    """List the pictures of a CVAT file.

    Raises:
        InputError: a folder or file is missing, the file is no CVAT XML for images, or most images have no picture.
    """
    tree = scan(images, "real.images")
    if not annotations.is_file():
        raise InputError("real.annotations", "must be a CVAT XML file that exists", got=str(annotations))
    left_out: list[LeftOut] = []
    others: Counter[str] = Counter()
    found = []
    try:
        for element in elements(annotations, ("image", "track")):
            if element.tag == "track":
                fix = "export the task as 'CVAT for images 1.1'"
                raise InputError(annotations, "must be CVAT XML for images", got="tracks of a video", fix=fix)
            found.append(_record(element, annotations.name, names, left_out, others))
    except ValueError as error:
        raise InputError(annotations, "must be CVAT XML for images", got=str(error)) from None
    left_out += [
        LeftOut(file=annotations.name, reason=f"{count} shapes of kind <{tag}> are not read", fault="not a box")
        for tag, count in sorted(others.items())
    ]
    return records.listing(tree, found, left_out, annotations.name)


def _record(image: Element, file: str, names: ClassNames, left_out: list[LeftOut], others: Counter[str]) -> Record:
    key = f"image {image.get('id')}"
    width, height = (int(as_number(image.get(side), f"{key} {side}")) for side in ("width", "height"))
    if width * height > MAX_PIXELS:
        raise ValueError(f"{key} claims {width}x{height} pixels; the limit is {MAX_PIXELS}")
    boxes = []
    for place, shape in enumerate((child for child in image if isinstance(child.tag, str)), start=1):
        if shape.tag in NO_SHAPES:
            continue
        category = names.ours(shape.get("label") or "")
        if shape.tag not in SHAPES:
            others[shape.tag] += 1
        elif category is not None:
            try:
                boxes.append(_shape(shape, category, f"shape {place}", width, height))
            except ValueError as error:
                left_out.append(LeftOut(file=file, reason=f"{key}, shape {place}: {error}"))
    return Record(name=image.get("name") or "", key=key, boxes=tuple(boxes), size_wh=(width, height))


def _shape(shape: Element, category: str, key: str, width: int, height: int) -> RawBox:
    facts = {"occluded": shape.get("occluded") == "1"}
    if shape.tag == "mask":
        window, rle = _mask(shape, width, height)
        return xyxy_box(category, window, key, segmentation=rle, facts=facts)
    if shape.tag == "polygon":
        points = [
            as_number(word, "points") for pair in (shape.get("points") or "").split(";") for word in pair.split(",")
        ]
        return polygon_box(category, [points], key, facts=facts)
    x0, y0, x1, y1 = (as_number(shape.get(corner), corner) for corner in CORNERS)
    turn_deg = as_number(shape.get("rotation") or "0", "rotation")
    return xyxy_box(category, _around_turned((x0, y0, x1, y1), turn_deg), key, facts=facts)


def _around_turned(xyxy: tuple[float, float, float, float], turn_deg: float) -> tuple[float, float, float, float]:
    """Return the upright box around one that is turned about its centre, so that nothing of the object is cut off."""
    x0, y0, x1, y1 = xyxy
    cosine, sine = abs(math.cos(math.radians(turn_deg))), abs(math.sin(math.radians(turn_deg)))
    half_w = ((x1 - x0) * cosine + (y1 - y0) * sine) / 2
    half_h = ((x1 - x0) * sine + (y1 - y0) * cosine) / 2
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    return (cx - half_w, cy - half_h, cx + half_w, cy + half_h) if turn_deg else xyxy


def _mask(shape: Element, width: int, height: int) -> tuple[tuple[int, int, int, int], dict[str, Any]]:
    """Read run lengths by rows inside a window of the picture, the first run without the object."""
    left, top, w, h = (int(as_number(shape.get(side), side)) for side in ("left", "top", "width", "height"))
    counts = np.array([as_number(word, "rle") for word in (shape.get("rle") or "").split(",")], dtype=np.int64)
    inside = left >= 0 and top >= 0 and w > 0 and h > 0 and left + w <= width and top + h <= height
    if not inside or counts.min() < 0 or counts.sum() != w * h:
        raise ValueError("its mask must lie in the picture, with runs that fill its window")
    whole = np.zeros((height, width), dtype=bool)
    whole[top : top + h, left : left + w] = np.repeat(np.arange(len(counts)) % 2 == 1, counts).reshape(h, w)
    return (left, top, left + w, top + h), encode_mask(whole)
