"""YOLO boxes as Ultralytics reads them: `labels/`, one list of pictures a split and `data.yaml` beside `images/`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import yaml

from blend.formats.blended import SPLITS, UNLABELLED, Blended, LeftOut, write_lines
from blend.picture import Annotation, Picture
from scenes.ontology import CATEGORIES

CANNOT_HOLD = (
    "masks (see yolo_segments)",
    "crowd and ignore marks",
    "3D boxes, keypoints, crash and all other labels of a box",
    "sources and parents of pictures; weights but in whole numbers, as repeated lines",
    "pictures that nobody has labelled",
)


def write(blended: Blended, folder: Path) -> LeftOut:
    """Write labels and lists; unlabelled pictures stay out of them."""
    return write_labels(blended, folder, lambda picture: [box_line(box, picture) for box in picture.annotations])


def write_labels(blended: Blended, folder: Path, lines_of: Callable[[Picture], list[str] | str]) -> LeftOut:
    """Write what one function says of each picture: its lines, or the reason why there are none."""
    left_out: LeftOut = {}
    lists: dict[str, list[str]] = {split: [] for split in SPLITS}
    shutil.rmtree(folder / "labels", ignore_errors=True)
    (folder / "labels").mkdir(parents=True)
    for picture, split in blended:
        lines = lines_of(picture) if picture.labelled else UNLABELLED
        if isinstance(lines, str):
            left_out[picture.name] = lines
            continue
        lists[split] += [f"./{picture.file_name}"] * (picture.copies if split == "train" else 1)
        write_lines(folder / "labels" / f"{picture.name}.txt", lines)
    for name, files in lists.items():
        write_lines(folder / f"{name}.txt", sorted(files))
    names = {number - 1: name for name, number in CATEGORIES.items()}
    record = {"path": ".", **{name: f"{name}.txt" for name in lists}, "names": names}
    (folder / "data.yaml").write_text(yaml.safe_dump(record, sort_keys=False), encoding="utf-8")
    return left_out


def box_line(box: Annotation, picture: Picture) -> str:
    """Write class, centre and size, as shares of the picture."""
    x, y, w, h = box.xywh
    shares = ((x + w / 2) / picture.width, (y + h / 2) / picture.height, w / picture.width, h / picture.height)
    return " ".join([str(CATEGORIES[box.category] - 1), *(f"{share:.6f}" for share in shares)])
