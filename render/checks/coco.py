"""Annotations of a COCO document by the reference reader: masks decode to their area and box, ids point somewhere."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from render.checks.fault import Fault

Record = Mapping[str, Any]


def coco_faults(document: Record) -> Iterator[tuple[str, Fault]]:
    """Yield the file name of a picture and what is wrong with it or one of its annotations."""
    if not all(isinstance(document.get(key), list) for key in ("images", "annotations", "categories")):
        yield "", Fault(name="broken_coco", text="lacks images, annotations or categories")
        return
    images = {image["id"]: image for image in document["images"]}
    classes = {category["id"] for category in document["categories"]}
    if len(images) != len(document["images"]):
        yield "", Fault(name="broken_coco", text="has image ids twice")
    known: set[int] = set()
    for told in document["annotations"]:
        image = images.get(told["image_id"])
        instance = int(told.get("instance", 0))
        if told["id"] in known:
            yield (
                _name(image),
                Fault(name="broken_coco", text=f"has annotation id {told['id']} twice", instance=instance),
            )
        known.add(told["id"])
        if image is None:
            yield "", Fault(name="broken_coco", text=f"annotation {told['id']} is of no picture", instance=instance)
        elif told["category_id"] not in classes:
            yield (
                _name(image),
                Fault(name="unknown_class", text=f"is of class {told['category_id']}", instance=instance),
            )
        else:
            yield from ((_name(image), fault) for fault in _annotation_faults(told, image, instance))


def _annotation_faults(told: Record, image: Record, instance: int) -> Iterator[Fault]:
    size = [image["height"], image["width"]]
    segmentation = told.get("segmentation")
    if not isinstance(segmentation, Mapping) or list(segmentation.get("size", ())) != size:
        yield Fault(name="broken_coco", text=f"has no mask of {size}", instance=instance)
        return
    try:
        area, box = _decoded({"size": size, "counts": str(segmentation["counts"]).encode("ascii")})
    except (KeyError, ValueError, TypeError) as refused:
        yield Fault(name="broken_coco", text=f"has a mask that cannot be read ({refused})", instance=instance)
        return
    if area != told["area"] or area == 0:
        yield Fault(name="wrong_area", text=f"has area {told['area']}, its mask {area}", instance=instance)
    if box != [float(edge) for edge in told["bbox"]]:
        text = f"has box {told['bbox']}, its mask {box}"
        yield Fault(name="box_not_tight", text=text, instance=instance)
    if min(told["bbox"][2:]) <= 0:
        yield Fault(name="box_not_tight", text=f"has an empty box {told['bbox']}", instance=instance)


def _decoded(run_length: Record) -> tuple[int, list[float]]:
    """Return pixels and box (xywh) of a run-length mask."""
    from pycocotools import mask as reader  # noqa: PLC0415  # only checks need it

    with warnings.catch_warnings():  # its arrays have not learnt NumPy 2's copy keyword
        warnings.simplefilter("ignore", DeprecationWarning)
        pixels = int(np.count_nonzero(reader.decode(run_length)))
        return pixels, [float(edge) for edge in reader.toBbox(run_length)]


def _name(image: Record | None) -> str:
    return str(image["file_name"]) if image else ""
