"""Sections of the report that show pictures: contact sheet, one frame in parts, nearest neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from eval.report import pictures
from eval.report.material import Material, Picture
from scenes.errors import InputError
from scenes.ontology import CATEGORIES

SHEET_MAX = 24
"""Frames on the contact sheet; with their bytes the page stays small enough to mail."""
NEIGHBOURS = 4
_SHEET_PX, _PART_PX, _NEIGHBOUR_PX = 400, 720, 400
_SIDES = ("front", "right", "rear", "left")
_KMH = 3.6


def contact_sheet(material: Material) -> dict[str, Any]:
    """Return frames evenly over scenes and looks, with boxes and captions."""
    frames = sorted(material.frames, key=lambda frame: frame.name)
    if not frames:
        raise InputError("annotations.json", "must hold a frame", got="none")
    shown = frames if len(frames) <= SHEET_MAX else [frames[place] for place in _even(len(frames), SHEET_MAX)]
    counts = Counter(box["category"] for frame in frames for box in frame.boxes)
    return {
        "frames": [_shown(material, frame, _SHEET_PX) for frame in shown],
        "total": len(frames),
        "classes": [(category, counts[category]) for category in CATEGORIES if counts[category]],
    }


def parts(material: Material) -> dict[str, Any]:
    """Return the frame whose crash fills the most pixels, with mask, crash labels and nearest real picture."""
    frame = max(material.frames, key=lambda each: _crash_rank(material, each), default=None)
    if frame is None:
        raise InputError("annotations.json", "must hold a frame", got="none")
    record = material.record(frame.name)
    mask = material.out / str(frame.facts["mask"])
    return {
        "frame": _shown(material, frame, _PART_PX),
        "mask": _or_why(lambda: pictures.coloured_mask(mask, frame.path, width_px=_PART_PX)),
        "instances": len(frame.boxes),
        "parties": [_party(thing) for thing in record["objects"] if thing.get("crash")],
        "nearest": _or_why(lambda: _nearest(material, frame, _PART_PX)),
    }


def neighbours(material: Material) -> dict[str, Any]:
    """Return the frames that lie nearest to a real picture, one of each scene, each beside that picture."""
    near = [frame for frame in material.frames if _cosine(material, frame) is not None]
    if not near:
        raise InputError("nearest real pictures", "need features of frames and of real pictures", got="none")
    best: dict[str, Picture] = {}
    for frame in sorted(near, key=lambda each: (-(_cosine(material, each) or 0), each.name)):
        best.setdefault(str(frame.facts.get("scene")), frame)
    chosen = list(best.values())[:NEIGHBOURS]
    return {
        "pairs": [
            {"frame": _shown(material, frame, _NEIGHBOUR_PX), **_nearest(material, frame, _NEIGHBOUR_PX)}
            for frame in chosen
        ]
    }


def _shown(material: Material, frame: Picture, width_px: int) -> dict[str, Any]:
    image = _or_why(lambda: pictures.thumbnail(frame.path, width_px=width_px))
    return {
        "name": frame.name,
        "image": image,
        "width": frame.size_wh[0],
        "height": frame.size_wh[1],
        "boxes": pictures.rectangles(frame.boxes),
        "sentence": _sentence(material, frame),
        "look": str(frame.facts.get("look_name", "")).replace("_", " "),
    }


def _sentence(material: Material, frame: Picture) -> str:
    try:
        return str(material.record(frame.name)["sentence"])
    except (InputError, KeyError):
        return str(frame.facts.get("scenario", "")).replace("_", " ")


def _nearest(material: Material, frame: Picture, width_px: int) -> dict[str, Any]:
    row = material.rows[frame.name]
    if row["nearest_real"] is None:
        raise InputError("nearest real picture", "needs a real picture that can be read", got="none")
    real = material.real(row["nearest_real"])
    return {
        "real": pictures.thumbnail(real.path, width_px=width_px),
        "real_name": real.path.name,
        "cosine": float(row["nearest_real_cosine"]),
    }


def _cosine(material: Material, frame: Picture) -> float | None:
    found = material.rows.get(frame.name, {}).get("nearest_real_cosine")
    return None if found is None else float(found)


def _crash_rank(material: Material, frame: Picture) -> tuple[bool, float, float, str]:
    areas = [float(box["area"]) for box in frame.boxes if box.get("crash")]
    return len(areas) > 1, sum(areas), _luminance(material, frame), frame.name


def _luminance(material: Material, frame: Picture) -> float:
    try:
        return float(material.rows[frame.name]["luminance"])
    except (InputError, KeyError):
        return 0.0


def _party(thing: Mapping[str, Any]) -> dict[str, Any]:
    crash = thing["crash"]
    return {
        "instance": thing["instance"],
        "kind": thing.get("kind", thing["category"]),
        "box": dict(zip(("left", "top", "right", "bottom"), thing["bbox_xyxy"], strict=True)),
        **crash,
        "delta_v_kmh": crash["delta_v_mps"] * _KMH,
        "closing_kmh": crash["closing_speed_mps"] * _KMH,
        "side": _SIDES[round(crash["pdof_deg"] / 90) % 4],
    }


def _even(total: int, count: int) -> Sequence[int]:
    return [int(place) for place in np.linspace(0, total - 1, count).round()]


def _or_why(make: Any) -> dict[str, Any]:
    try:
        return {"value": make(), "missing": None}
    except InputError as error:
        return {"value": None, "missing": str(error)}
    except KeyError as error:
        return {"value": None, "missing": f"no entry {error}"}
