"""Real pictures with BDD100K JSON: the 2018 files, one a picture, and the Scalabel lists that came after.

Source: Yu et al., BDD100K: A Diverse Driving Dataset for Heterogeneous Multitask Learning, CVPR 2020;
https://doc.bdd100k.com/format.html
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blend.candidate import Listing, RawBox
from blend.class_names import ClassNames
from blend.picture import LeftOut
from blend.readers import records
from blend.readers.json_file import load
from blend.readers.records import Record, polygon_box, xyxy_box
from blend.readers.tree import files_below, scan
from scenes.errors import InputError

CONDITIONS = {"weather": "weather", "timeofday": "time_of_day", "scene": "place"}
"""Their attributes of a frame, and what ours are called; "undefined" is left out."""


def read(*, images: Path, annotations: Path, names: ClassNames) -> Listing:
    """List the pictures of a BDD100K set.

    Args:
        images: folder of pictures.
        annotations: a Scalabel list, or a folder of JSON files with one picture each.
        names: maps and counts the classes.

    Raises:
        InputError: a folder or file is missing, a list is not BDD100K JSON, or most frames have no picture.
    """
    tree = scan(images, "real.images")
    left_out: list[LeftOut] = []
    found: list[Record] = []
    for path in _files(annotations, left_out):
        for place, frame in enumerate(_frames(path)):
            record = _record(frame, f"{path.name} frame {place}", names, left_out)
            found += [] if record is None else [record]
    return records.listing(tree, found, left_out, annotations.name)


def _files(annotations: Path, left_out: list[LeftOut]) -> list[Path]:
    if not annotations.is_dir():
        return [annotations]
    files = files_below(annotations, frozenset({".json"}), left_out)
    if not files:
        raise InputError("real.annotations", "must hold JSON files", got=f"none in {annotations}")
    return files


def _frames(path: Path) -> list[Any]:
    """Return frames in Scalabel's form, whichever of the three forms the file has."""
    document = load(path, "real.annotations")
    if isinstance(document, list):
        return document
    frames = document.get("frames") if isinstance(document, dict) else None
    if not isinstance(frames, list):
        raise InputError(path, "must be a list of frames, or have 'frames'", got=type(document).__name__)
    if "name" not in document:
        return frames
    first = frames[0] if frames and isinstance(frames[0], dict) else {}
    return [{"attributes": document.get("attributes"), "labels": first.get("objects"), "name": _jpg(document["name"])}]


def _jpg(name: object) -> str:
    return str(name) if Path(str(name)).suffix else f"{name}.jpg"


def _record(frame: Any, key: str, names: ClassNames, left_out: list[LeftOut]) -> Record | None:
    if not isinstance(frame, dict) or not isinstance(frame.get("name"), str):
        left_out.append(LeftOut(file=key, reason="must have a name"))
        return None
    labels = frame.get("labels") or []
    if not isinstance(labels, list):
        left_out.append(LeftOut(file=key, reason="labels must be a list"))
        return None
    attributes = frame.get("attributes")
    told = attributes if isinstance(attributes, dict) else {}
    known = {ours: told.get(theirs) for theirs, ours in CONDITIONS.items()}
    facts = {name: value for name, value in known.items() if isinstance(value, str) and value != "undefined"}
    video = frame.get("videoName", frame.get("video_name"))
    boxes = [box for place, label in enumerate(labels) if (box := _box(label, place, key, names, left_out)) is not None]
    return Record(
        name=frame["name"],
        key=key,
        boxes=tuple(boxes),
        group=f"video/{video}" if isinstance(video, str) else None,
        facts=facts,
    )


def _box(label: Any, place: int, key: str, names: ClassNames, left_out: list[LeftOut]) -> RawBox | None:
    name = f"label {label.get('id', place)}" if isinstance(label, dict) else f"label at place {place}"
    try:
        category = names.ours(label["category"])
        return None if category is None else _shaped(label, category, name)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        left_out.append(LeftOut(file=key, reason=f"{name}: cannot be read ({error!r})"))
        return None


def _shaped(label: Mapping[str, Any], category: str, key: str) -> RawBox | None:
    """Make a box of `box2d`, of polygons or of run lengths; lanes and other open lines are no objects."""
    attributes = label.get("attributes") or {}
    facts = {flag: bool(attributes[flag]) for flag in ("occluded", "truncated") if flag in attributes}
    polygons = [_corners(line) for line in label.get("poly2d") or [] if _closed(line)]
    box2d = label.get("box2d")
    if box2d is not None:
        corners = [float(box2d[corner]) for corner in ("x1", "y1", "x2", "y2")]
        return xyxy_box(category, corners, key, segmentation=polygons or label.get("rle"), facts=facts)
    if polygons:
        return polygon_box(category, polygons, key, facts=facts)
    raise ValueError("it has no box2d and no closed poly2d")


def _closed(line: Any) -> bool:
    return bool(line["closed"]) if isinstance(line, dict) else False


def _corners(line: Mapping[str, Any]) -> list[float]:
    return [float(value) for corner in line["vertices"] for value in corner[:2]]
