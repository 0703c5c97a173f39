"""Real pictures with KITTI label files: 15 columns a line, boxes in px, 3D boxes in the camera's frame.

Source: Geiger et al., Are we ready for autonomous driving? The KITTI vision benchmark suite, CVPR 2012; devkit readme.
"""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path
from typing import Any

from blend.candidate import Listing, RawBox
from blend.class_names import ClassNames
from blend.picture import LeftOut
from blend.readers import beside
from blend.readers.records import xyxy_box
from blend.readers.tree import scan


def read(*, images: Path, labels: Path, names: ClassNames) -> Listing:
    """List the pictures of a KITTI set; a picture without a label file counts as unlabelled.

    Raises:
        InputError: a folder is missing or holds no picture or no label file.
    """
    return beside.read(scan(images, "real.images"), labels, partial(_boxes, names))


def _boxes(names: ClassNames, text: str, file: str, left_out: list[LeftOut]) -> list[RawBox]:
    boxes = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            name, values = _parse_line(line)
        except ValueError as error:
            left_out.append(LeftOut(file=file, reason=f"line {number}: {error}"))
            continue
        category = names.ours(name)
        if category is not None:
            boxes.append(xyxy_box(category, values[3:7], f"line {number}", facts=_facts(values)))
    return boxes


def _parse_line(line: str) -> tuple[str, list[float]]:
    name, *words = line.split()
    if len(words) not in {14, 15}:
        raise ValueError(f"must have 15 columns, or 16 with a score; got {len(words) + 1}")
    try:
        values = [float(word) for word in words]
    except ValueError:
        values = [math.nan]
    if not all(map(math.isfinite, values)):
        raise ValueError(f"must be a class and numbers; got {line.strip()[:60]!r}")
    return name, values


def _facts(values: list[float]) -> dict[str, Any]:
    """Keep what KITTI knows beyond the box; -1, -10 and -1000 stand for "not known" there."""
    truncated, occluded, alpha, *_ = values
    facts: dict[str, Any] = {"truncation": truncated if truncated >= 0 else None, "kitti_occluded": int(occluded)}
    if min(values[7:10]) > 0:
        facts["kitti_3d"] = {
            "alpha_rad": alpha,
            "size_hwl_m": values[7:10],
            "bottom_centre_camera_m": values[10:13],
            "rotation_y_rad": values[13],
        }
    return facts
