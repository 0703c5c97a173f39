"""Real pictures with YOLO label files: `class cx cy w h` or `class x y x y x y …`, in shares of the picture."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import yaml

from blend.candidate import Listing, RawBox
from blend.class_names import ClassNames
from blend.picture import LeftOut
from blend.readers import beside
from blend.readers.records import polygon_box
from blend.readers.tree import scan
from scenes.errors import InputError

_SHAPES = "`class cx cy w h` or `class x y x y x y …`"


@dataclass(frozen=True, kw_only=True)
class Classes:
    """What `data.yaml` says.

    Args:
        names: class number to name.
        pose: lines are boxes with keypoints after them, which are not read.
    """

    names: Mapping[int, str]
    pose: bool = False


def read(*, images: Path, labels: Path, classes: Path, names: ClassNames) -> Listing:
    """List the pictures of a YOLO set.

    An empty label file means "nothing there"; a picture without a label file counts as unlabelled.

    Raises:
        InputError: a folder or file is missing, or the class names cannot be read.
    """
    return beside.read(scan(images, "real.images"), labels, partial(_boxes, class_names(classes), names.ours))


def class_names(path: Path) -> Classes:
    """Read class names from `data.yaml` (key `names`, list or mapping) or from a text file, one a line.

    Raises:
        InputError: the file is missing or names no class.
    """
    if not path.is_file():
        raise InputError("real.classes", "must be a data.yaml or a text file of class names", got=str(path))
    try:
        classes = _parse_names(path)
    except (yaml.YAMLError, UnicodeDecodeError, TypeError, ValueError, KeyError, RecursionError) as error:
        raise InputError(path, "must name the classes under 'names'", got=str(error)) from None
    if not classes.names:
        raise InputError(path, "must name at least one class")
    return classes


def _parse_names(path: Path) -> Classes:
    text = path.read_text(encoding="utf-8")
    if path.suffix.lower() not in {".yaml", ".yml"}:
        return Classes(names={index: line.strip() for index, line in enumerate(text.splitlines()) if line.strip()})
    document = yaml.safe_load(text)
    names = document["names"]
    pairs = names.items() if isinstance(names, dict) else enumerate(names)
    return Classes(names={int(index): _name(name) for index, name in pairs}, pose="kpt_shape" in document)


def _name(name: object) -> str:
    if not isinstance(name, str | int):
        raise TypeError(f"a class name must be a word, not a {type(name).__name__}")
    return str(name)


def _boxes(
    classes: Classes, ours: Callable[[str], str | None], text: str, file: str, left_out: list[LeftOut]
) -> list[RawBox]:
    boxes = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            index, shares = _parse_line(line, classes)
        except ValueError as error:
            left_out.append(LeftOut(file=file, reason=f"line {number}: {error}"))
            continue
        category = ours(classes.names[index])
        if category is not None:
            boxes.append(_raw(category, shares, f"line {number}"))
    return boxes


def _parse_line(line: str, classes: Classes) -> tuple[int, list[float]]:
    words = line.split()
    if classes.pose:
        words = words[:5]
    if len(words) != 5 and (len(words) < 7 or len(words) % 2 == 0):
        raise ValueError(f"must be {_SHAPES}; got {len(words)} numbers")
    try:
        index, shares = int(words[0]), [float(word) for word in words[1:]]
    except ValueError:
        raise ValueError(f"must be {_SHAPES}; got {line.strip()[:60]!r}") from None
    if index not in classes.names:
        raise ValueError(f"class {index} has no name; known are 0 to {max(classes.names)}")
    if not all(math.isfinite(share) and abs(share) <= 2 for share in shares):
        raise ValueError(f"must be shares of the picture; got {line.strip()[:60]!r}")
    return index, shares


def _raw(category: str, shares: Sequence[float], key: str) -> RawBox:
    if len(shares) > 4:
        return polygon_box(category, [shares], key, relative=True)
    cx, cy, w, h = shares
    return RawBox(category=category, xywh=(cx - w / 2, cy - h / 2, w, h), key=key, relative=True)
