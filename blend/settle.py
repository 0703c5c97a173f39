"""From candidates to pictures: decoded to their end, boxes and masks checked against the pixels."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pycocotools import mask as coco_mask

import packs
from blend.candidate import Candidate, RawBox
from blend.decode import Decoded, decode, write_plain
from blend.picture import Annotation, Fault, LeftOut, Picture, sha256_of

MAX_BOXES = 10_000
"""More boxes than that on one picture are no labels: the densest public sets have some hundreds."""

FAR_SIDES = 4
"""Corners of polygons may lie outside by so many times the longer side."""

PLAIN_FOLDER = "plain-pictures-1"
"""In the cache; the number goes up when the conversion changes."""


class BoxFaultError(ValueError):
    """A box that cannot be used; `fault` says what it counts as."""

    def __init__(self, fault: Fault, reason: str) -> None:
        self.fault = fault
        super().__init__(reason)


def settle(candidate: Candidate) -> tuple[Picture | None, list[LeftOut], int]:
    """Decode a candidate and check its boxes against the pixels.

    A picture that tools read differently (16 bits, CMYK, transparent, turned by EXIF) is used as a plain copy in the
    cache; boxes are those of the upright picture, as labelling tools draw them. The original is not touched.

    Returns:
        the picture (None if it cannot be used), what was left out, and how many boxes were clipped to the picture.
    """
    try:
        decoded = decode(candidate.path)
    except ValueError as error:
        return None, [LeftOut(file=candidate.file, reason=str(error), fault="broken picture")], 0
    height, width = decoded.rgb.shape[:2]
    refused = _refusal(candidate, decoded)
    if refused is not None:
        return None, [refused], 0
    annotations, left_out, clipped = _settle_boxes(candidate, width, height)
    sha256 = sha256_of(candidate.path)
    path = _plain(candidate.path, decoded, sha256) if decoded.oddities else candidate.path
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(candidate.file).stem)[:80]
    converted = {"converted": ", ".join(decoded.oddities)} if decoded.oddities else {}
    picture = Picture(
        name=f"real-{stem}-{sha256[:8]}",
        path=path,
        source="real",
        group=f"real/{candidate.group}",
        width=width,
        height=height,
        sha256=sha256_of(path) if decoded.oddities else sha256,
        annotations=tuple(annotations),
        labelled=candidate.labelled,
        facts={"original": candidate.file, **converted, **candidate.facts},
    )
    return picture, left_out, clipped


def _plain(path: Path, decoded: Decoded, sha256: str) -> Path:
    return write_plain(decoded, path, packs.cache_dir() / PLAIN_FOLDER / sha256)


def _refusal(candidate: Candidate, decoded: Decoded) -> LeftOut | None:
    if len(candidate.boxes) > MAX_BOXES:
        reason = f"has {len(candidate.boxes)} boxes; more than {MAX_BOXES} are not believed"
        return LeftOut(file=candidate.file, reason=reason, fault="too many boxes")
    found = decoded.rgb.shape[1], decoded.rgb.shape[0]
    if candidate.size_wh is None or candidate.size_wh == found:
        return None
    told, seen = ("x".join(map(str, wh)) for wh in (candidate.size_wh, found))
    reason = f"is {seen} but its record says {told}, so its boxes cannot be trusted"
    if candidate.size_wh == decoded.stored_wh:
        reason = f"is {seen} once turned as its EXIF says, but its boxes are for {told}; turn its pixels or its boxes"
    return LeftOut(file=candidate.file, reason=reason, fault="size differs from record")


def _settle_boxes(candidate: Candidate, width: int, height: int) -> tuple[list[Annotation], list[LeftOut], int]:
    annotations: list[Annotation] = []
    left_out: list[LeftOut] = []
    clipped = 0
    for box in candidate.boxes:
        try:
            annotation, was_clipped = settle_box(box, width, height)
        except BoxFaultError as error:
            left_out.append(LeftOut(file=candidate.file, reason=f"{box.key}: {error}", fault=error.fault))
        else:
            annotations.append(annotation)
            clipped += was_clipped
    return annotations, left_out, clipped


def settle_box(box: RawBox, width: int, height: int) -> tuple[Annotation, bool]:
    """Clip a box to its picture.

    Raises:
        BoxFaultError: it has no positive size, or lies wholly outside, or its mask cannot be read.
    """
    x, y, w, h = _in_px(box, width, height)
    if not all(map(math.isfinite, (x, y, w, h))) or w <= 0 or h <= 0:
        raise BoxFaultError("not a box", f"a box must be finite and of positive size; got {list(box.xywh)}")
    x0, y0, x1, y1 = max(x, 0.0), max(y, 0.0), min(x + w, float(width)), min(y + h, float(height))
    if x1 <= x0 or y1 <= y0:
        raise BoxFaultError(
            "outside the picture", f"the box {list(box.xywh)} lies outside the picture ({width}x{height})"
        )
    rle = _read_mask(box, width, height)
    area_px = (x1 - x0) * (y1 - y0) if rle is None else float(coco_mask.area(rle))
    xywh = (x0, y0, x1 - x0, y1 - y0)
    annotation = Annotation(category=box.category, xywh=xywh, area_px=area_px, key=box.key, rle=rle, facts=box.facts)
    # Half a pixel of overhang is the habit of tools that count pixel centres, not a fault worth counting.
    return annotation, max(x0 - x, y0 - y, x + w - x1, y + h - y1) > 0.5


def _in_px(box: RawBox, width: int, height: int) -> Sequence[float]:
    if not box.relative:
        return box.xywh
    return [share * side for share, side in zip(box.xywh, (width, height) * 2, strict=True)]


def _read_mask(box: RawBox, width: int, height: int) -> dict[str, Any] | None:
    segmentation = box.segmentation
    if not segmentation:
        return None
    try:
        if isinstance(segmentation, list):
            polygons = [_scaled(polygon, width, height) for polygon in segmentation] if box.relative else segmentation
            _refuse_far(polygons, width, height)
            rle = coco_mask.merge(coco_mask.frPyObjects(polygons, height, width))
        elif isinstance(segmentation["counts"], list):
            rle = coco_mask.frPyObjects(segmentation, height, width)
        else:
            rle = {"size": segmentation["size"], "counts": segmentation["counts"].encode("ascii")}
        fits = list(rle["size"]) == [height, width] and coco_mask.area(rle) > 0
    except Exception:  # noqa: BLE001 - pycocotools raises bare Exception and others on a bad polygon
        fits = False
    if not fits:
        raise BoxFaultError("unreadable mask", "its segmentation cannot be read at the size of the picture")
    return {"size": [height, width], "counts": rle["counts"].decode("ascii")}


def _scaled(polygon: Sequence[float], width: int, height: int) -> list[float]:
    return [share * (height if place % 2 else width) for place, share in enumerate(polygon)]


def _refuse_far(polygons: Sequence[Sequence[float]], width: int, height: int) -> None:
    """Refuse corners far outside, for which pycocotools would take memory without bound."""
    limit = FAR_SIDES * max(width, height)
    if not all(abs(value) <= limit for polygon in polygons for value in polygon):
        raise ValueError("a corner lies far outside the picture")
