"""The clips of a round on disk: `scenes/<scene>/clip.json`, and views named `<camera>t<frame>`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from render import durable, manifest
from scenes.clip import Clip, at
from scenes.errors import InputError
from scenes.settings import validated
from scenes.spec.scene import SceneSpec

_VIEW = re.compile(r"(\d+)(?:t(\d{3}))?")


def view_name(camera: int, frame: int | None) -> str:
    """Return the name of a view: "0", or "0t007" for a frame of a clip."""
    return str(camera) if frame is None else f"{camera}t{frame:03d}"


def camera_and_frame(view: str) -> tuple[int, int | None]:
    """Return which camera and frame a view's name tells; the frame is None for a still.

    Raises:
        InputError: it is no view's name.
    """
    told = _VIEW.fullmatch(view)
    if not told:
        raise InputError("view", "must be named like 0 or 0t007", got=view)
    return int(told[1]), int(told[2]) if told[2] else None


def path(out: Path, scene: str) -> Path:
    """Where a scene's clip is told."""
    return out / "scenes" / scene / "clip.json"


def keep(out: Path, scene: str, clip: Clip) -> None:
    """Write down when a scene's frames are taken.

    Raises:
        InputError: frames of another clip are there.
    """
    file = path(out, scene)
    if file.is_file():
        there = read(out, scene)
        if there != clip and any(file.parent.glob("*t*.exr")):
            told = f"{there.frames} frames at {there.rate_hz:g} Hz from {there.start_s:g} s"
            fix = "choose another folder with out=DIR, or the clip as it was"
            raise InputError("clip", f"{file.parent} holds {told}", got=asdict(clip), fix=fix)
    durable.write_json(file, asdict(clip))


def read(out: Path, scene: str) -> Clip:
    """Read a scene's clip.

    Raises:
        InputError: it has none, or the file is broken.
    """
    file = path(out, scene)
    return validated(str(file), Clip, manifest.read_record(file))


def moment_of(out: Path, spec: SceneSpec, scene: str, view: str) -> tuple[SceneSpec, int, float]:
    """Return the still that a view shows, the index of its camera, and its time in seconds.

    Args:
        out: the round's folder.
        spec: of the scene.
        scene: its id.
        view: the view's name.
    """
    camera, frame = camera_and_frame(view)
    if frame is None:
        return spec, camera, 0.0
    clip = read(out, scene)
    return at(spec, clip, frame), camera, clip.time_s(frame)


def in_order(views: Iterable[tuple[str, str]]) -> list[tuple[tuple[str, str], ...]]:
    """Group (scene, view) names: the frames of a clip in their order, every still alone."""
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for scene, view in sorted(views):
        camera, frame = camera_and_frame(view)
        key = view if frame is None else f"{camera}t"
        groups.setdefault((scene, key), []).append((scene, view))
    return [tuple(group) for group in groups.values()]
