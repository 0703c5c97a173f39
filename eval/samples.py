"""The pictures of a round as the measures see them, read from its COCO files."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from blend.picture import kind_of
from scenes.errors import InputError

Source = Literal["real", "synthetic"]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One picture.

    Args:
        key: the frame's name, or the file name inside the blend.
        path: the file.
        stage: "frame" as developed, or "blend" as it stands in the training set.
        source: real or synthetic.
        split: "train", "val" or "test"; "" for a frame.
        group: scene or clip; pictures of one group are never told apart by chance alone.
        condition: scenario of a frame, else "".
        size_wh: px.
        boxes: class name and xyxy in px.
        labelled: False where nobody has looked for objects.
        augmented: whether the blend made it from others: a variety or a composite.
        composite: which of the two it is.
    """

    key: str
    path: Path
    stage: Literal["frame", "blend"]
    source: Source
    split: str
    group: str
    condition: str
    size_wh: tuple[int, int]
    boxes: tuple[tuple[str, tuple[float, float, float, float]], ...]
    labelled: bool
    augmented: bool
    composite: bool = False


@dataclass(frozen=True, kw_only=True)
class Round:
    """All pictures of a round and what the blend said of itself.

    Args:
        samples: frames first, then the blend's pictures, each in file order.
        blend: the content of `blend/blend.json`.
    """

    samples: tuple[Sample, ...]
    blend: Mapping[str, Any]


def read(out: Path) -> Round:
    """Read the pictures of a round.

    Raises:
        InputError: if a file is missing or does not follow the schema.
    """
    mixed = _samples(out / "blend", "blend")
    return Round(samples=tuple(frames(out) + mixed), blend=_load(out / "blend" / "blend.json"))


def frames(out: Path) -> list[Sample]:
    """Read the developed frames of a round.

    Raises:
        InputError: if their list is missing or does not follow the schema.
    """
    return _samples(out, "frame")


def _load(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(path, "must be readable", got=error.strerror, fix="run `rareblend blend` first") from error
    except ValueError as error:
        raise InputError(path, "must be JSON", got=str(error)) from error
    if not isinstance(content, dict):
        raise InputError(path, "must hold one JSON object", got=type(content).__name__)
    return content


def _samples(folder: Path, stage: Literal["frame", "blend"]) -> list[Sample]:
    path = folder / "annotations.json"
    content = _load(path)
    try:
        names = {category["id"]: str(category["name"]) for category in content["categories"]}
        boxes = defaultdict(list)
        for annotation in content["annotations"]:
            x, y, width, height = (float(value) for value in annotation["bbox"])
            boxes[annotation["image_id"]].append((names[annotation["category_id"]], (x, y, x + width, y + height)))
        return [_sample(folder, stage, image, tuple(boxes[image["id"]])) for image in content["images"]]
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(path, "must be COCO with images, annotations and categories", got=repr(error)) from error


def _sample(folder: Path, stage: Literal["frame", "blend"], image: Mapping[str, Any], boxes: tuple[Any, ...]) -> Sample:
    frame = stage == "frame"
    return Sample(
        key=str(image["frame"] if frame else image["file_name"]),
        path=folder / str(image["file_name"]),
        stage=stage,
        source="synthetic" if frame or image["source"] == "synthetic" else "real",
        split="" if frame else str(image["split"]),
        group=str(image["scene"] if frame else image["group"]),
        condition=str(image.get("scenario") or "") if frame else "",
        size_wh=(int(image["width"]), int(image["height"])),
        boxes=boxes,
        labelled=image.get("labelled") is not False,
        augmented=image.get("augment") is not None,
        composite=kind_of("synthetic", image.get("augment")) == "composite",
    )
