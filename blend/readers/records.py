"""From what annotation files say to candidates: which picture is meant, by what right, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from blend.candidate import Candidate, Listing, RawBox, group_of
from blend.picture import LeftOut
from blend.readers.tree import PictureTree
from scenes.errors import InputError

MOST_ABSENT = 0.5
"""If more than this share of the named pictures is not there, it is the wrong folder."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """What an annotation file says of one picture.

    Args:
        name: of the picture, as written.
        key: names the record in messages, such as "image 3".
        group: the take it belongs to; None where only the file name can tell.
        size_wh: as stated.
    """

    name: str
    key: str
    boxes: tuple[RawBox, ...] = ()
    group: str | None = None
    size_wh: tuple[int, int] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def listing(tree: PictureTree, records: Sequence[Record], left_out: Sequence[LeftOut], file: str) -> Listing:
    """Match records with pictures.

    A record of no picture, and all records of a picture that has several, are left out by name. Pictures without a
    record are told in one line and not taken: nobody has looked at them.

    Args:
        tree: the pictures.
        records: what the annotation file says.
        left_out: what the reader left out of them.
        file: the annotation file, as messages call it.

    Raises:
        InputError: there is no record, or most name no picture.
    """
    found, lost = _found(tree, records, file)
    absent = [entry for entry in lost if entry.fault == "no such picture"]
    if not records:
        raise InputError(file, "must list at least one image")
    if len(absent) > MOST_ABSENT * len(records):
        got = f"{len(absent)} of {len(records)} are not there, first {absent[0].reason}"
        raise InputError("real.images", f"must hold the pictures that {file} lists", got=got)
    times = Counter(file for _, file in found)
    twins = [
        LeftOut(file=name, reason=f"has {count} records in {file}, so none can be trusted", fault="two of one name")
        for name, count in sorted(times.items())
        if count > 1
    ]
    candidates = [_candidate(record, tree.files[name], name) for record, name in found if times[name] == 1]
    beyond = _beyond(tree, set(times), file)
    return Listing(
        candidates=tuple(candidates), left_out=(*tree.left_out, *left_out, *lost, *twins, *beyond), file=file
    )


def _found(tree: PictureTree, records: Sequence[Record], file: str) -> tuple[list[tuple[Record, str]], list[LeftOut]]:
    found, lost = [], []
    for record in records:
        try:
            found.append((record, tree.find(record.name)))
        except ValueError as error:
            reason = f"{record.key}: {record.name} {error}"
            lost.append(LeftOut(file=file, reason=reason, fault="no such picture"))
    return found, lost


def _beyond(tree: PictureTree, named: set[str], file: str) -> list[LeftOut]:
    rest = [name for name in tree.files if name not in named]
    if not rest:
        return []
    reason = f"has no record of {len(rest)} of {len(tree.files)} pictures, first {rest[0]}"
    return [LeftOut(file=file, reason=reason, fault="not labelled there")]


def _candidate(record: Record, path: Path, file: str) -> Candidate:
    return Candidate(
        file=file,
        path=path,
        group=record.group or group_of(file),
        boxes=record.boxes,
        labelled=True,
        size_wh=record.size_wh,
        facts=record.facts,
    )


def xyxy_box(category: str, xyxy: Sequence[float], key: str, **more: Any) -> RawBox:
    """Make a box from its corners; `more` are further fields of `RawBox`."""
    x0, y0, x1, y1 = xyxy
    return RawBox(category=category, xywh=(x0, y0, x1 - x0, y1 - y0), key=key, **more)


def polygon_box(category: str, polygons: Sequence[Sequence[float]], key: str, **more: Any) -> RawBox:
    """Make a box around polygons (x, y, x, y, …), which become its mask; `more` are further fields of `RawBox`.

    Raises:
        ValueError: a polygon has fewer than three corners or half a corner.
    """
    if not polygons or any(len(polygon) < 6 or len(polygon) % 2 for polygon in polygons):
        raise ValueError("a polygon must have at least three corners of x and y")
    xs = [x for polygon in polygons for x in polygon[::2]]
    ys = [y for polygon in polygons for y in polygon[1::2]]
    outline = [list(map(float, polygon)) for polygon in polygons]
    return xyxy_box(category, (min(xs), min(ys), max(xs), max(ys)), key, segmentation=outline, **more)
