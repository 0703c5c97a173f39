"""A real picture as its reader found it: nothing decoded yet, boxes as they were written."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pycocotools import mask as coco_mask

from blend.picture import Annotation, LeftOut, Picture, decode_rgb, sha256_of
from scenes.errors import InputError

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})
PER_BLOCK = 20
"""File numbers that count as one take: at 1 to 2 pictures a second about ten seconds of driving."""

ROBOFLOW_TAIL = re.compile(r"(_(jpe?g|png))?\.rf\.[0-9a-f]+$", re.IGNORECASE)
LAST_NUMBER = re.compile(r"(\d+)(?=\D*$)")


@dataclass(frozen=True, kw_only=True)
class RawBox:
    """A box as the annotation file has it.

    Args:
        category: mapped name.
        xywh: left, top, width, height; px, or shares of the picture if `relative`.
        key: names the box in messages and for its id, such as "annotation 12".
        segmentation: COCO polygons or run lengths, unread.
    """

    category: str
    xywh: tuple[float, float, float, float]
    key: str
    relative: bool = False
    segmentation: Any = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A picture file with what is written about it.

    Args:
        file: path relative to the folder of pictures; what messages call it.
        size_wh: the size that the annotation file states, if any.
    """

    file: str
    path: Path
    group: str
    boxes: tuple[RawBox, ...] = ()
    labelled: bool = False
    size_wh: tuple[int, int] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What a reader found: candidates, what it left out, and counts worth telling."""

    candidates: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...] = ()
    unmapped: Mapping[str, int] = field(default_factory=dict)


def picture_files(folder: Path, key: str) -> list[Path]:
    """List the pictures below a folder, sorted.

    Raises:
        InputError: the folder is missing or holds no picture.
    """
    if not folder.is_dir():
        raise InputError(key, "must be a folder that exists", got=str(folder))
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    if not files:
        raise InputError(key, f"must hold pictures ({' '.join(sorted(SUFFIXES))})", got=f"none in {folder}")
    return files


def group_of(file: str) -> str:
    """Guess the take that a picture belongs to from its file name, where nothing better is known.

    Numbered files of one folder and prefix are taken as frames in order: `PER_BLOCK` numbers make a group. A name
    without a number is a group of its own. Near-duplicates are joined over groups later, whatever their names.
    """
    path = Path(file)
    stem = ROBOFLOW_TAIL.sub("", path.stem)
    number = LAST_NUMBER.search(stem)
    name = stem if number is None else f"{stem[: number.start()]}#{int(number.group(1)) // PER_BLOCK}"
    return (path.parent / name).as_posix()


def settle(candidate: Candidate) -> tuple[Picture | None, list[LeftOut], int]:
    """Decode a candidate and check its boxes against the pixels.

    Returns:
        the picture (None if it cannot be used), what was left out, and how many boxes were clipped to the picture.
    """
    try:
        height, width = decode_rgb(candidate.path).shape[:2]
        _check_size(candidate.size_wh, (width, height))
    except ValueError as error:
        return None, [LeftOut(file=candidate.file, reason=str(error))], 0
    annotations, left_out, clipped = _settle_boxes(candidate, width, height)
    sha256 = sha256_of(candidate.path)
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(candidate.file).stem)[:80]
    picture = Picture(
        name=f"real-{stem}-{sha256[:8]}",
        path=candidate.path,
        source="real",
        group=f"real/{candidate.group}",
        width=width,
        height=height,
        sha256=sha256,
        annotations=tuple(annotations),
        labelled=candidate.labelled,
        facts={"original": candidate.file, **candidate.facts},
    )
    return picture, left_out, clipped


def _check_size(stated_wh: tuple[int, int] | None, found_wh: tuple[int, int]) -> None:
    if stated_wh is not None and stated_wh != found_wh:
        stated, found = ("x".join(map(str, wh)) for wh in (stated_wh, found_wh))
        raise ValueError(f"is {found} but its record says {stated}, so its boxes cannot be trusted")


def _settle_boxes(candidate: Candidate, width: int, height: int) -> tuple[list[Annotation], list[LeftOut], int]:
    annotations: list[Annotation] = []
    left_out: list[LeftOut] = []
    clipped = 0
    for box in candidate.boxes:
        try:
            annotation, was_clipped = settle_box(box, width, height)
        except ValueError as error:
            left_out.append(LeftOut(file=candidate.file, reason=f"{box.key}: {error}"))
        else:
            annotations.append(annotation)
            clipped += was_clipped
    return annotations, left_out, clipped


def settle_box(box: RawBox, width: int, height: int) -> tuple[Annotation, bool]:
    """Clip a box to its picture.

    Raises:
        ValueError: it has no positive size, or lies wholly outside, or its mask cannot be read.
    """
    x, y, w, h = _in_px(box, width, height)
    if not all(map(math.isfinite, (x, y, w, h))) or w <= 0 or h <= 0:
        raise ValueError(f"a box must be finite and of positive size; got {list(box.xywh)}")
    x0, y0, x1, y1 = max(x, 0.0), max(y, 0.0), min(x + w, float(width)), min(y + h, float(height))
    if x1 <= x0 or y1 <= y0:
        raise ValueError(f"the box {list(box.xywh)} lies outside the picture ({width}x{height})")
    rle = _read_mask(box.segmentation, width, height)
    area_px = (x1 - x0) * (y1 - y0) if rle is None else float(coco_mask.area(rle))
    xywh = (x0, y0, x1 - x0, y1 - y0)
    annotation = Annotation(category=box.category, xywh=xywh, area_px=area_px, key=box.key, rle=rle, facts=box.facts)
    # Half a pixel of overhang is the habit of tools that count pixel centres, not a fault worth counting.
    return annotation, max(x0 - x, y0 - y, x + w - x1, y + h - y1) > 0.5


def _in_px(box: RawBox, width: int, height: int) -> Sequence[float]:
    if not box.relative:
        return box.xywh
    return [share * side for share, side in zip(box.xywh, (width, height) * 2, strict=True)]


def _read_mask(segmentation: Any, width: int, height: int) -> dict[str, Any] | None:
    if not segmentation:
        return None
    try:
        if isinstance(segmentation, list):
            rle = coco_mask.merge(coco_mask.frPyObjects(segmentation, height, width))
        elif isinstance(segmentation["counts"], list):
            rle = coco_mask.frPyObjects(segmentation, height, width)
        else:
            rle = {"size": segmentation["size"], "counts": segmentation["counts"].encode("ascii")}
        fits = list(rle["size"]) == [height, width] and coco_mask.area(rle) > 0
    except Exception:  # noqa: BLE001 - pycocotools raises bare Exception and others on a bad polygon
        fits = False
    if not fits:
        raise ValueError("its segmentation cannot be read at the size of the picture")
    return {"size": [height, width], "counts": rle["counts"].decode("ascii")}
