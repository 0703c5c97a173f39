"""The round's developed frames, read from its COCO file, and the turn in which its scenes are taken."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from blend.picture import Annotation, LeftOut, Picture, decode_rgb, sha256_of
from scenes.errors import InputError
from scenes.seeds import child_seed

OWN_KEYS = frozenset({"id", "file_name", "width", "height", "sha256", "source", "parents"})
BOX_KEYS = frozenset({"id", "image_id", "category_id", "bbox", "area", "segmentation"})


def read(out: Path) -> tuple[list[Picture], list[LeftOut]]:
    """Read the frames of a round; one whose picture is absent, broken or changed is listed and left out.

    Boxes that are marked `ignore` are no annotations: nobody who labels pictures could have seen what they hold.

    Raises:
        InputError: the round has no `annotations.json`, or it cannot be read.
    """
    path = out / "annotations.json"
    if not path.is_file():
        raise InputError(path, "must be there before blending", fix=f"run: rareblend develop out={out}")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        names = {entry["id"]: entry["name"] for entry in document["categories"]}
        boxes: dict[int, list[Annotation]] = defaultdict(list)
        for entry in (entry for entry in document["annotations"] if not entry.get("ignore")):
            boxes[entry["image_id"]].append(_annotation(entry, names))
        frames = [_frame(image, out, boxes[image["id"]]) for image in document["images"]]
    except (ValueError, KeyError, TypeError) as error:
        fix = f"run again: rareblend develop out={out}"
        raise InputError(path, "must be the COCO file of a round", got=repr(error), fix=fix) from None
    return _whole(frames)


def _annotation(entry: Mapping[str, Any], names: Mapping[int, str]) -> Annotation:
    x, y, w, h = map(float, entry["bbox"])
    return Annotation(
        category=names[entry["category_id"]],
        xywh=(x, y, w, h),
        area_px=float(entry["area"]),
        key=str(entry["instance"]),
        rle=entry["segmentation"],
        facts={key: value for key, value in entry.items() if key not in BOX_KEYS},
    )


def _frame(image: Mapping[str, Any], out: Path, boxes: Sequence[Annotation]) -> Picture:
    return Picture(
        name=image["frame"],
        path=out / image["file_name"],
        source="synthetic",
        group=f"scene/{image['scene']}",
        width=image["width"],
        height=image["height"],
        sha256=image["sha256"],
        annotations=tuple(boxes),
        parents=tuple(image.get("parents", ())),
        facts={key: value for key, value in image.items() if key not in OWN_KEYS},
    )


def _whole(frames: Iterable[Picture]) -> tuple[list[Picture], list[LeftOut]]:
    whole, left_out = [], []
    for frame in frames:
        fault = _fault(frame)
        if fault:
            left_out.append(LeftOut(file=frame.path.name, reason=fault))
        else:
            whole.append(frame)
    return sorted(whole, key=lambda frame: frame.name), left_out


def _fault(frame: Picture) -> str:
    try:
        height, width = decode_rgb(frame.path).shape[:2]
    except ValueError as error:
        return str(error)
    if (width, height) != (frame.width, frame.height):
        return f"is {width}x{height} but its record says {frame.width}x{frame.height}"
    return "" if sha256_of(frame.path) == frame.sha256 else "has changed since it was developed"


def turns(kinds: Mapping[str, str], *, seed: int) -> list[str]:
    """Return scenes in the order by which they are taken.

    Kinds (scenarios) take turns, so that a small share still holds every kind; inside a kind the order is shuffled by
    the seed.

    Args:
        kinds: scenario of each scene.
        seed: the run's seed.
    """
    turn: Counter[str] = Counter()
    ordered = []
    for scene in sorted(kinds, key=lambda s: child_seed(seed, "blend-scene", s)):
        ordered.append((turn[kinds[scene]], child_seed(seed, "blend-kind", kinds[scene]), scene))
        turn[kinds[scene]] += 1
    return [scene for _, _, scene in sorted(ordered)]
