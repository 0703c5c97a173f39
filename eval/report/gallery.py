"""Which pictures the page shows, and how: scenes with their looks, one frame in parts, nearest real pictures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eval.report import drawing
from eval.report.drawing import Figure
from eval.report.inputs import Picture, RoundFolder
from eval.report.wording import number, spoken

SCENES_SHOWN = 8
LOOKS_SHOWN = 4
NEIGHBOURS_SHOWN = 4
_TILE_PX = 420  # 250 on the page, sharp on a dense screen
_PART_PX = 640
_CROWD = 10  # table rows below the frame in parts


@dataclass(frozen=True, kw_only=True)
class SceneStrip:
    """One scene under its looks.

    Args:
        scene: its id.
        scenario: name in words.
        sentence: what happens.
        tiles: pictures with the name of the look.
        more: further frames of the scene that are not shown.
    """

    scene: str
    scenario: str
    sentence: str
    tiles: tuple[tuple[str, Figure], ...]
    more: int


def strips(told: RoundFolder) -> list[SceneStrip]:
    """Return the first scenes of each scenario in turn, up to `SCENES_SHOWN`."""
    by_scene: dict[str, list[Picture]] = defaultdict(list)
    for picture in told.frames:
        by_scene[str(picture.facts.get("scene"))].append(picture)
    queues: dict[str, list[str]] = defaultdict(list)
    for scene, pictures in sorted(by_scene.items()):
        queues[str(pictures[0].facts.get("scenario"))].append(scene)
    turns = [scenes[turn] for turn in range(len(by_scene)) for scenes in queues.values() if turn < len(scenes)]
    shown = sorted(turns[:SCENES_SHOWN], key=lambda scene: str(by_scene[scene][0].facts.get("scenario")))
    return [_strip(told, scene, by_scene[scene]) for scene in shown]


def _strip(told: RoundFolder, scene: str, pictures: Sequence[Picture]) -> SceneStrip:
    ordered = sorted(pictures, key=lambda picture: picture.name)
    return SceneStrip(
        scene=scene,
        scenario=spoken(str(ordered[0].facts.get("scenario", ""))),
        sentence=str(told.record(ordered[0].name).get("sentence", "")),
        tiles=tuple((look(picture), tile(picture)) for picture in ordered[:LOOKS_SHOWN]),
        more=max(0, len(ordered) - LOOKS_SHOWN),
    )


def look(picture: Picture) -> str:
    """Name a picture's look in words."""
    return spoken(str(picture.facts.get("look_name", "")))


def tile(picture: Picture, *, boxes: bool = True) -> Figure:
    """Return a picture for a row of the page, with its boxes."""
    shown = picture.boxes if boxes else ()
    alt = f"{spoken(str(picture.facts.get('scenario', 'real picture')))} {look(picture)}".strip()
    return drawing.figure(drawing.read_rgb(picture.path), width_px=_TILE_PX, boxes=shown, alt=alt)


def parts(told: RoundFolder) -> dict[str, Any] | None:
    """Take one frame apart: picture, boxes, masks, nearest real picture, and the table of its objects.

    The frame with the largest crash party that is well lit is taken, else the one with the largest object.
    """
    readable = [picture for picture in told.frames if picture.boxes]
    if not readable:
        return None
    chosen = max(readable, key=_worth)
    rgb = drawing.read_rgb(chosen.path)
    name = f"frame {chosen.name}"
    figures = [
        ("the frame", drawing.figure(rgb, width_px=_PART_PX, alt=name)),
        ("boxes of what is seen", drawing.figure(rgb, width_px=_PART_PX, boxes=chosen.boxes, alt=f"{name}, boxes")),
    ]
    if rgb is not None:
        painted = drawing.figure(drawing.masked(rgb, chosen.boxes), width_px=_PART_PX, alt=f"{name}, instance masks")
        figures.append(("instance masks", painted))
    if (near := _neighbour(told, chosen)) is not None:
        near_figure = drawing.figure(drawing.read_rgb(near.path), width_px=_PART_PX, alt="its nearest real picture")
        figures.append((f"its nearest real picture (cosine {number(chosen.row['nearest_real_cosine'])})", near_figure))
    objects = sorted(chosen.boxes, key=lambda box: -float(box.get("area", 0)))
    record = told.record(chosen.name)
    return {
        "name": chosen.name,
        "look": look(chosen),
        "sentence": record.get("sentence", ""),
        "ev100": record.get("develop", {}).get("ev100"),
        "figures": figures,
        "objects": objects[:_CROWD],
        "more": max(0, len(objects) - _CROWD),
    }


def _worth(picture: Picture) -> tuple[bool, float, float, str]:
    crashed = [box for box in picture.boxes if box.get("crash")]
    largest = max((float(box.get("area", 0)) for box in crashed or picture.boxes), default=0.0)
    return bool(crashed), largest, float(picture.row.get("luminance") or 0.0), picture.name


def _neighbour(told: RoundFolder, picture: Picture) -> Picture | None:
    key = picture.row.get("nearest_real")
    return next((other for other in told.real if other.facts["file_name"] == key), None) if key else None


def neighbours(told: RoundFolder) -> list[dict[str, Any]]:
    """Return frames, one a scene, that lie nearest to a real picture, each beside it; nearest first."""
    measured = [picture for picture in told.frames if picture.row.get("nearest_real_cosine") is not None]
    ranked = sorted(measured, key=lambda picture: (-picture.row["nearest_real_cosine"], picture.name))
    best: dict[str, dict[str, Any]] = {}
    for picture in ranked:
        scene = str(picture.facts.get("scene"))
        if len(best) == NEIGHBOURS_SHOWN:
            break
        if scene not in best and (near := _neighbour(told, picture)) is not None:
            best[scene] = {
                "cosine": number(picture.row["nearest_real_cosine"]),
                "look": look(picture),
                "frame": tile(picture, boxes=False),
                "real": tile(near, boxes=False),
                "original": near.facts.get("original", near.name),
            }
    return list(best.values())
