"""The pictures of a round as review shows them: files, fields and boxes, read without fiftyone."""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from blend.picture import decode_mask, kind_of
from eval.table import IMAGES_FILE
from scenes.errors import InputError

FIELDS: Mapping[str, type] = MappingProxyType(
    {
        "key": str, "stage": str, "source": str, "split": str, "labelled": bool, "augmented": bool, "composite": bool,
        "crash": bool, "frame": str, "scene": str, "view": str, "look": str, "look_name": str, "scenario": str,
        "lighting": str,
        "take": str, "parents": list, "augment": str, "sha256": str,
        "nearest_real": str, "nearest_real_cosine": float, "uniqueness": float, "luminance": float, "contrast": float,
    }
)  # fmt: skip
"""Fields of a picture, in the order in which the App lists them."""
BOX_FIELDS: Mapping[str, type] = MappingProxyType(
    {
        "instance_number": int, "occlusion": float, "truncation": float, "distance_m": float,
        "crash_delta_v_mps": float, "crash_pdof_deg": float, "crash_phase": str,
    }
)  # fmt: skip
"""Fields of a box; FiftyOne keeps `instance` and `instance_id` for itself."""
_COPIED = ("frame", "scene", "view", "look", "look_name", "scenario", "lighting", "sha256")
_SCORED = ("nearest_real", "nearest_real_cosine", "uniqueness", "luminance", "contrast")


@dataclass(frozen=True, kw_only=True)
class Box:
    """One labelled object.

    Args:
        label: class name.
        bounding_box: left, top, width and height, as fractions of the picture.
        mask: of the pixels under the box, (h, w); None where only the box is known.
        fields: see `BOX_FIELDS`.
    """

    label: str
    bounding_box: tuple[float, float, float, float]
    mask: NDArray[np.bool_] | None
    fields: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture.

    Args:
        path: absolute, for the App serves files by path.
        size_wh: px.
        fields: see `FIELDS`; what is not known is left out.
        boxes: None where nobody has looked for objects.
        xy: place on the map of features; None if it was not measured.
    """

    path: Path
    size_wh: tuple[int, int]
    fields: Mapping[str, Any]
    boxes: Sequence[Box] | None
    xy: tuple[float, float] | None

    @property
    def identity(self) -> tuple[str, str]:
        """What a decision about the picture holds on to: its stage and key."""
        return self.fields["stage"], self.fields["key"]


def sources(out: Path) -> list[Path]:
    """Return the files that a review is made of, as far as they are there.

    Raises:
        InputError: if there is neither a developed round nor a blend.
    """
    labels = [out / "blend" / "annotations.json", out / "annotations.json"]
    if not any(path.is_file() for path in labels):
        raise InputError(out, "must hold pictures to review", got="none", fix="run `rareblend run` first")
    return [path for path in (*labels, out / IMAGES_FILE) if path.is_file()]


def fingerprint(out: Path) -> str:
    """Return the SHA-256 of everything that `read` reads."""
    digest = hashlib.sha256()
    for path in sources(out):
        digest.update(path.relative_to(out).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def read(out: Path) -> list[Picture]:
    """Return the blend's pictures, then the frames that the blend left out.

    Args:
        out: the round's folder; without a blend all frames come, without an evaluation there are no scores.

    Raises:
        InputError: if there are no pictures, or a file does not follow its schema.
    """
    found, scores = sources(out), _scores(out / IMAGES_FILE)
    blended: list[Picture] = []
    frames: list[Picture] = []
    if out / "blend" / "annotations.json" in found:
        blended = _pictures(out / "blend", "blend", scores)
    if out / "annotations.json" in found:
        frames = _pictures(out, "frame", scores)
    inside = {picture.fields.get("frame") for picture in blended}
    return blended + [picture for picture in frames if picture.fields["frame"] not in inside]


def _load(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(path, "must be readable JSON", got=str(error)) from error
    if not isinstance(content, dict):
        raise InputError(path, "must hold one JSON object", got=type(content).__name__)
    return content


def _scores(path: Path) -> dict[tuple[str, str], Mapping[str, Any]]:
    if not path.is_file():
        return {}
    try:
        return {(row["stage"], row["key"]): row for row in _load(path)["images"]}
    except (KeyError, TypeError) as error:
        raise InputError(path, "must list images with stage and key", got=repr(error)) from error


def _pictures(
    folder: Path, stage: Literal["frame", "blend"], scores: Mapping[tuple[str, str], Mapping[str, Any]]
) -> list[Picture]:
    path = folder / "annotations.json"
    content = _load(path)
    try:
        names = {category["id"]: str(category["name"]) for category in content["categories"]}
        of_image = defaultdict(list)
        for annotation in content["annotations"]:
            of_image[annotation["image_id"]].append(annotation)
        pictures = []
        for image in content["images"]:
            key = str(image["frame"] if stage == "frame" else image["file_name"])
            row = scores.get((stage, key), {})
            pictures.append(_picture(folder, {**image, "stage": stage, "key": key}, of_image[image["id"]], names, row))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(path, "must be COCO with images, annotations and categories", got=repr(error)) from error
    return pictures


def _picture(
    folder: Path, image: Mapping[str, Any], annotations: Sequence[Any], names: Mapping[int, str], row: Mapping[str, Any]
) -> Picture:
    size_wh, kind = (int(image["width"]), int(image["height"])), kind_of(image["source"], image.get("augment"))
    labelled = image.get("labelled") is not False
    boxes = [_box(annotation, names[annotation["category_id"]], size_wh) for annotation in annotations]
    fields = {
        **{name: str(image[name]) for name in _COPIED if image.get(name) is not None},
        **{name: row[name] for name in _SCORED if row.get(name) is not None},
        "key": image["key"],
        "stage": image["stage"],
        "source": str(image["source"]),
        "split": str(image.get("split", "left out")),
        "labelled": labelled,
        "augmented": kind == "augmented",
        "composite": kind == "composite",
        "crash": any("crash_delta_v_mps" in box.fields for box in boxes),
        "take": str(image.get("group") or image.get("scene")),
        "parents": [str(name) for name in image.get("parents", ())],
    }
    if image.get("augment") is not None:
        fields["augment"] = json.dumps(image["augment"], sort_keys=True)
    return Picture(
        path=(folder / str(image["file_name"])).resolve(),
        size_wh=size_wh,
        fields=fields,
        boxes=boxes if labelled else None,
        xy=(float(row["xy"][0]), float(row["xy"][1])) if row else None,
    )


def _box(annotation: Mapping[str, Any], label: str, size_wh: tuple[int, int]) -> Box:
    width, height = size_wh
    x, y, w, h = (float(value) for value in annotation["bbox"])
    crash = annotation.get("crash") or {}
    told = {
        **{name: annotation.get(name) for name in ("occlusion", "truncation", "distance_m")},
        "instance_number": annotation.get("instance"),
        "crash_delta_v_mps": crash.get("delta_v_mps"),
        "crash_pdof_deg": crash.get("pdof_deg"),
        "crash_phase": crash.get("phase"),
    }
    return Box(
        label=label,
        bounding_box=(x / width, y / height, w / width, h / height),
        mask=_mask_under(annotation.get("segmentation"), (x, y, w, h)),
        fields={name: BOX_FIELDS[name](value) for name, value in told.items() if value is not None},
    )


def _mask_under(rle: Any, xywh: tuple[float, float, float, float]) -> NDArray[np.bool_] | None:
    if not rle:
        return None
    x, y, w, h = xywh
    rows = slice(math.floor(y), max(math.ceil(y + h), math.floor(y) + 1))
    columns = slice(math.floor(x), max(math.ceil(x + w), math.floor(x) + 1))
    return np.ascontiguousarray(decode_mask(rle)[rows, columns])
