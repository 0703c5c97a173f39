"""Real pictures with YOLO label files: one text file a picture, `class cx cy w h` in shares of the picture."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import yaml

from blend.candidate import Candidate, Listing, RawBox, group_of, picture_files
from blend.coco import mapped, unmapped_lines
from blend.picture import LeftOut
from scenes.errors import InputError


def read(images: Path, labels: Path, classes: Path, rename: Mapping[str, str]) -> Listing:
    """List the pictures of a YOLO set.

    An empty label file means "nothing there"; a picture without a label file counts as unlabelled.

    Raises:
        InputError: a folder or file is missing, or the class names cannot be read.
    """
    files = picture_files(images, "real.images")
    if not labels.is_dir():
        raise InputError("real.labels", "must be a folder that exists", got=str(labels))
    names = class_names(classes)
    left_out: list[LeftOut] = []
    unmapped: Counter[str] = Counter()
    candidates = []
    for path in files:
        file = path.relative_to(images).as_posix()
        label = (labels / file).with_suffix(".txt")
        boxes = _boxes(label, names, rename, left_out, unmapped) if label.is_file() else []
        group = group_of(file)
        candidates.append(Candidate(file=file, path=path, group=group, boxes=tuple(boxes), labelled=label.is_file()))
    if not any(candidate.labelled for candidate in candidates):
        raise InputError("real.labels", "must hold a label file for at least one picture", got=f"none in {labels}")
    lines = (*left_out, *unmapped_lines(unmapped, labels.name))
    return Listing(candidates=tuple(candidates), left_out=lines, unmapped=unmapped)


def class_names(path: Path) -> dict[int, str]:
    """Read class names from `data.yaml` (key `names`, list or mapping) or from a text file, one a line.

    Raises:
        InputError: the file is missing or names no class.
    """
    if not path.is_file():
        raise InputError("real.classes", "must be a data.yaml or a text file of class names", got=str(path))
    try:
        names = _parse_names(path)
    except (yaml.YAMLError, UnicodeDecodeError, TypeError, ValueError, KeyError) as error:
        raise InputError(path, "must name the classes under 'names'", got=str(error)) from None
    if not names:
        raise InputError(path, "must name at least one class")
    return names


def _parse_names(path: Path) -> dict[int, str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix.lower() not in {".yaml", ".yml"}:
        return {index: line.strip() for index, line in enumerate(text.splitlines()) if line.strip()}
    names = yaml.safe_load(text)["names"]
    pairs = names.items() if isinstance(names, dict) else enumerate(names)
    return {int(index): str(name) for index, name in pairs}


def _boxes(
    label: Path, names: Mapping[int, str], rename: Mapping[str, str], left_out: list[LeftOut], unmapped: Counter[str]
) -> list[RawBox]:
    boxes = []
    for number, line in enumerate(label.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            index, xywh = _parse_line(line, names)
        except ValueError as error:
            left_out.append(LeftOut(file=label.name, reason=f"line {number}: {error}"))
            continue
        category = mapped(names[index], rename)
        if category is None:
            unmapped[names[index]] += 1
        else:
            boxes.append(RawBox(category=category, xywh=xywh, key=f"line {number}", relative=True))
    return boxes


def _parse_line(line: str, names: Mapping[int, str]) -> tuple[int, tuple[float, float, float, float]]:
    words = line.split()
    if len(words) != 5:
        raise ValueError(f"must be five numbers `class cx cy w h`; got {len(words)}")
    try:
        index, (cx, cy, w, h) = int(words[0]), map(float, words[1:])
    except ValueError:
        raise ValueError(f"must be five numbers `class cx cy w h`; got {line.strip()[:60]!r}") from None
    if index not in names:
        raise ValueError(f"class {index} has no name; known are 0 to {max(names)}")
    if not all(map(math.isfinite, (cx, cy, w, h))) or max(abs(cx), abs(cy), w, h) > 2:
        raise ValueError(f"cx cy w h must be shares of the picture; got {line.strip()[:60]!r}")
    return index, (cx - w / 2, cy - h / 2, w, h)
