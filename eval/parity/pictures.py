"""The labelled pictures of a blend as a detector takes them, with what evaluation must know of their boxes."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blend.picture import Kind, kind_of
from scenes.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Box:
    """One labelled object.

    Args:
        category: its class name.
        xyxy: px of the picture.
        area: px, of its mask where there is one; it says whether the object is small.
        ignored: neither to be found nor counted as a false alarm, as too hard to see.
    """

    category: str
    xyxy: tuple[float, float, float, float]
    area: float
    ignored: bool = False


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One labelled picture of a blend.

    Args:
        file: its path.
        sha256: of its bytes.
        size_wh: px.
        split: "train", "val" or "test".
        kind: what the blend counts it as.
        group: scene or clip.
        weight: how often it is drawn, relative to others.
        boxes: its objects.
    """

    file: Path
    sha256: str
    size_wh: tuple[int, int]
    split: str
    kind: Kind
    group: str
    weight: float
    boxes: tuple[Box, ...]

    @property
    def real(self) -> bool:
        """Whether a camera took it as it is."""
        return self.kind == "real"

    def arrays(self, classes: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return boxes (n x 4, xyxy px) and labels (n, places in `classes`) to train on; what is ignored is not."""
        told = [(box.xyxy, classes.index(box.category)) for box in self.boxes if self._taught(box, classes)]
        xyxy = np.array([box for box, _ in told], dtype=np.float32).reshape(-1, 4)
        return xyxy, np.array([label for _, label in told], dtype=np.int64)

    def _taught(self, box: Box, classes: Sequence[str]) -> bool:
        x0, y0, x1, y1 = box.xyxy
        return box.category in classes and not box.ignored and x1 > x0 and y1 > y0


def read(folder: Path) -> list[Picture]:
    """Read the labelled pictures of a blend's folder.

    Raises:
        InputError: there is no blend, or it does not follow the schema.
    """
    path = folder / "annotations.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        names = {category["id"]: str(category["name"]) for category in content["categories"]}
        boxes: dict[int, list[Box]] = defaultdict(list)
        for annotation in content["annotations"]:
            boxes[annotation["image_id"]].append(_box(annotation, names))
        images = [image for image in content["images"] if image.get("labelled") is not False]
        return [_picture(folder, image, tuple(boxes[image["id"]])) for image in images]
    except OSError as error:
        raise InputError(path, "must be readable", got=error.strerror, fix="run `rareblend blend` first") from error
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(path, "must be a blend as rareblend writes it", got=repr(error)) from error


def box_counts(pictures: Iterable[Picture]) -> Counter[str]:
    """Count the boxes of each class that are not ignored."""
    return Counter(box.category for picture in pictures for box in picture.boxes if not box.ignored)


def fingerprint(pictures: Iterable[Picture]) -> str:
    """Hash pictures, their boxes and weights: what was trained or tested on."""
    digest = hashlib.sha256()
    for picture in pictures:
        told = [(box.category, box.xyxy, box.area, box.ignored) for box in picture.boxes]
        digest.update(repr((picture.sha256, picture.size_wh, picture.group, picture.weight, told)).encode())
    return digest.hexdigest()[:16]


def _box(annotation: Mapping[str, Any], names: Mapping[int, str]) -> Box:
    x, y, width, height = (float(value) for value in annotation["bbox"])
    return Box(
        category=names[annotation["category_id"]],
        xyxy=(x, y, x + width, y + height),
        area=float(annotation.get("area", width * height)),
        ignored=bool(annotation.get("iscrowd") or annotation.get("ignore")),
    )


def _picture(folder: Path, image: Mapping[str, Any], boxes: tuple[Box, ...]) -> Picture:
    file = folder / str(image["file_name"])
    return Picture(
        file=file,
        sha256=str(image.get("sha256") or hashlib.sha256(file.read_bytes()).hexdigest()),
        size_wh=(int(image["width"]), int(image["height"])),
        split=str(image["split"]),
        kind=kind_of(image["source"], image.get("augment")),
        group=str(image["group"]),
        weight=float(image.get("weight", 1.0)),
        boxes=boxes,
    )
