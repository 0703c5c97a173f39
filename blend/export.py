"""The blend on disk: COCO for every tool, YOLO lists beside it, pictures in one folder that can be moved."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import yaml

from blend.picture import Annotation, Picture, stable_id
from blend.split import Split
from scenes.ontology import CATEGORIES

Link = Literal["hardlink", "symlink", "copy"]
"""How pictures get into the blend's folder.

`hardlink` (default) takes no space and goes on working when the folder is moved or the source is deleted; where the
file system refuses it, the picture is copied. `symlink` shows where a picture comes from but breaks when the source
moves. `copy` is for pictures that some later tool edits in place: the other two would edit the original.
"""

NO_LINK = frozenset({errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.EACCES})
"""Other file system, protected or foreign file, no such feature, too many links."""


def write(folder: Path, pictures: Sequence[Picture], splits: Sequence[Split], *, link: Link, yolo: bool) -> None:
    """Write pictures, `annotations.json` and, if wanted, YOLO lists and labels into an empty folder."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    for picture in pictures:
        place(picture.path, folder / picture.file_name, link)
    write_json(folder / "annotations.json", coco(pictures, splits))
    if yolo:
        write_yolo(folder, pictures, splits)


def place(source: Path, target: Path, link: Link) -> None:
    """Put a picture at its place in the blend without changing it."""
    if target.exists():  # a variety is written where it belongs
        return
    if link == "symlink":
        target.symlink_to(source.resolve())
        return
    if link == "hardlink" and _linked(source.resolve(), target):
        return
    shutil.copyfile(source, target)


def _linked(source: Path, target: Path) -> bool:
    try:
        target.hardlink_to(source)
    except OSError as refused:
        if refused.errno not in NO_LINK:
            raise
        return False
    return True


def coco(pictures: Sequence[Picture], splits: Sequence[Split]) -> dict[str, Any]:
    """Make the COCO document; ids are hashes of names, so they stay when pictures come or go."""
    ordered = sorted(zip(pictures, splits, strict=True), key=lambda entry: entry[0].name)
    return {
        "info": {"description": "rareblend", "version": "1"},
        "images": [_image(picture, split) for picture, split in ordered],
        "annotations": [_box(picture, box) for picture, _ in ordered for box in picture.annotations],
        "categories": [{"id": number, "name": name} for name, number in CATEGORIES.items()],
    }


def _image(picture: Picture, split: Split) -> dict[str, Any]:
    return {
        "frame": picture.name,
        **picture.facts,
        "id": stable_id(picture.name),
        "file_name": picture.file_name,
        "width": picture.width,
        "height": picture.height,
        "source": picture.source,
        "split": split,
        "group": picture.group,
        "parents": list(picture.parents),
        "sha256": picture.sha256,
        "labelled": picture.labelled,
        "augment": picture.augment,
        **({"weight": picture.weight, "copies": picture.copies} if split == "train" else {}),
        **({"frame": picture.name} if picture.augment else {}),
    }


def _box(picture: Picture, box: Annotation) -> dict[str, Any]:
    return {
        "iscrowd": 0,
        **box.facts,
        "id": stable_id(f"{picture.name}/{box.key}"),
        "image_id": stable_id(picture.name),
        "category_id": CATEGORIES[box.category],
        "bbox": [round(value, 3) for value in box.xywh],
        "area": round(box.area_px, 3),
        "segmentation": [] if box.rle is None else dict(box.rle),
        "key": box.key,
    }


def write_yolo(folder: Path, pictures: Sequence[Picture], splits: Sequence[Split]) -> None:
    """Write `labels/`, one list of pictures a split and `data.yaml`; unlabelled pictures stay out of the lists."""
    (folder / "labels").mkdir(exist_ok=True)
    lists: dict[str, list[str]] = {"train": [], "val": [], "test": []}
    for picture, split in zip(pictures, splits, strict=True):
        if picture.labelled:
            lists[split] += [f"./{picture.file_name}"] * (picture.copies if split == "train" else 1)
            lines = "".join(f"{_yolo_line(box, picture)}\n" for box in picture.annotations)
            (folder / "labels" / f"{picture.name}.txt").write_text(lines, encoding="utf-8")
    for name, files in lists.items():
        (folder / f"{name}.txt").write_text("".join(f"{file}\n" for file in sorted(files)), encoding="utf-8")
    names = {number - 1: name for name, number in CATEGORIES.items()}
    record = {"path": ".", **{name: f"{name}.txt" for name in lists}, "names": names}
    (folder / "data.yaml").write_text(yaml.safe_dump(record, sort_keys=False), encoding="utf-8")


def _yolo_line(box: Annotation, picture: Picture) -> str:
    x, y, w, h = box.xywh
    shares = ((x + w / 2) / picture.width, (y + h / 2) / picture.height, w / picture.width, h / picture.height)
    return " ".join([str(CATEGORIES[box.category] - 1), *(f"{share:.6f}" for share in shares)])


def write_json(path: Path, record: Mapping[str, Any]) -> None:
    """Write JSON whole or not at all, keys in the order given."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_text(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def swap(partial: Path, folder: Path) -> None:
    """Put a finished folder in the place of an older one; a kill between leaves no half-written folder."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        os.replace(folder, old)  # noqa: PTH105 - the pair of renames reads as one
    os.replace(partial, folder)  # noqa: PTH105 - likewise
    shutil.rmtree(old, ignore_errors=True)
