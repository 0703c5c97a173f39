"""Frames that show what an earlier frame showed: nothing moved, and the same lamps shine. They share its bundle."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

from render import durable, manifest
from scenes.clip import Clip, at
from scenes.spec.scene import SceneSpec


def repeats(spec: SceneSpec, clip: Clip, camera: int) -> dict[int, int]:
    """Return for each frame that equals an earlier one, as its camera sees it, the first such frame."""
    first: dict[SceneSpec, int] = {}
    found = {}
    for frame in range(clip.frames):
        shown = at(spec, clip, frame)
        still = replace(shown, cameras=(shown.cameras[camera],))
        if still in first:
            found[frame] = first[still]
        else:
            first[still] = frame
    return found


def share(out: Path, scene: str, view: str, again: str, time_s: float) -> None:
    """Commit a view that equals a traced one; its label file comes last.

    Args:
        out: the round's folder.
        scene: id of the scene.
        view: name of the traced view.
        again: name of the new one.
        time_s: when that is.
    """
    labels = manifest.read_record(manifest.view_path(out, scene, view))
    bundle = manifest.view_path(out, scene, view).with_suffix(".exr")
    _link(bundle, manifest.view_path(out, scene, again).with_suffix(".exr"))
    for file in manifest.map_files(out, scene, view).values():
        _link(out / file, (out / file).with_name(f"{scene}-{again}.png"))
    durable.write_json(manifest.view_path(out, scene, again), {**labels, "view": again, "time_s": time_s})


def _link(there: Path, here: Path) -> None:
    with durable.replacing(here) as temporary:
        temporary.unlink(missing_ok=True)
        try:
            os.link(there, temporary)
        except OSError:
            shutil.copyfile(there, temporary)
