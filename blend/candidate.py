"""A real picture as its reader found it: nothing decoded yet, boxes as they were written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from blend.picture import LeftOut

PER_BLOCK = 20
"""File numbers that count as one take: at 1 to 2 pictures a second about ten seconds of driving."""

ROBOFLOW_TAIL = re.compile(r"(_(jpe?g|png))?\.rf\.[0-9a-f]+$", re.IGNORECASE)
LAST_NUMBER = re.compile(r"(\d+)(?=\D*$)")


@dataclass(frozen=True, kw_only=True, slots=True)
class RawBox:
    """A box as the annotation file has it.

    Args:
        category: mapped name.
        xywh: left, top, width, height; px, or shares of the picture if `relative`.
        key: names the box in messages and for its id, such as "annotation 12".
        segmentation: COCO polygons (px, or shares if `relative`) or run lengths (px), unread.
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
    """What a reader found, and what it left out.

    Args:
        file: the annotation file or folder, as messages call it.
    """

    candidates: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...] = ()
    file: str = ""


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
