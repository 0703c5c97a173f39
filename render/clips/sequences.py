"""The developed clips of a round: the records of each camera and look, in the order of their frames."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from render import manifest
from render.clips.stored import camera_and_frame, read
from render.manifest import Record
from scenes.clip import Clip
from scenes.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Sequence:
    """One camera's clip under one look.

    Args:
        name: scene, camera and look.
        clip: when its frames are taken.
        records: of its frames, in order; none is missing.
    """

    name: str
    clip: Clip
    records: tuple[Record, ...]


def sequences(out: Path) -> tuple[list[Sequence], dict[str, str]]:
    """Return the clips of a round, and those that are left out because a frame is missing, with the reason.

    Raises:
        InputError: the round holds no frame of a clip.
    """
    groups: dict[tuple[str, int, str], dict[int, Record]] = {}
    for record in manifest.records(out):
        camera, frame = camera_and_frame(record["view"])
        if frame is not None:
            groups.setdefault((record["scene"], camera, record["look"]["id"]), {})[frame] = record
    if not groups:
        fix = "render with clip.frames=24 and develop"
        raise InputError(out / "frames", "must hold the frames of a clip", got="none", fix=fix)
    whole, left_out = [], {}
    for (scene, camera, look), frames in sorted(groups.items()):
        name, clip = f"{scene}-{camera}-{look}", read(out, scene)
        missing = [str(frame) for frame in range(clip.frames) if frame not in frames]
        if missing:
            left_out[name] = f"frames {', '.join(missing)} are not there"
        else:
            records = tuple(frames[frame] for frame in range(clip.frames))
            whole.append(Sequence(name=name, clip=clip, records=records))
    return whole, left_out
