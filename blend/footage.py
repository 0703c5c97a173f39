"""Sample dashcam frames: stills out of the six clips of the `dashcam` pack, unlabelled, made once a machine."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.progress import track

import packs
from blend.candidate import Candidate, Listing
from blend.duplicates import Fingerprint, fingerprint, match
from scenes.errors import InputError

STEP_FRAMES = 10
"""One frame in 10 is looked at, 0.4 s at 25 frames/s: closer ones are near-identical on a motorway."""

LIKE_BITS, LIKE_CORRELATION = 10, 0.88
"""Looser than the blend's own rule, so that what JPEG changes makes no pair of two stills."""

BLOCK_FRAMES = 150
"""Frames of a clip that make one group: 5 to 6 s, so that neighbours stay in one split."""

JPEG_QUALITY = 95
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
    return Listing(candidates=tuple(Candidate(file=f.name, path=f, group=_group(f.stem)) for f in files))


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
            extract(clip, partial, kept)
        if not kept:
            raise InputError(pack, "must hold clips that can be decoded", got=f"{len(clips)} mp4 files")
        _publish(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _publish(partial: Path, folder: Path) -> None:
    try:
        partial.replace(folder)
    except OSError:
        if not folder.is_dir():  # else another process has just finished the same work
            raise


def extract(clip: Path, folder: Path, kept: list[Fingerprint]) -> None:
    """Write every still of a clip that differs from those in `kept`, and add it there."""
    for number, rgb in _stills(clip):
        still = fingerprint(rgb)
        if not any(match(still, other, phash_max_bits=LIKE_BITS, correlation_min=LIKE_CORRELATION) for other in kept):
            kept.append(still)
            _write(folder / f"{clip.stem}-{number:05d}.jpg", rgb)


def _stills(clip: Path) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    video = cv2.VideoCapture(os.fspath(clip))
    number = 0
    while video.grab():
        if number % STEP_FRAMES == 0:
            readable, bgr = video.retrieve()
            if readable:
                yield number, np.ascontiguousarray(bgr[..., ::-1]).astype(np.uint8, copy=False)
        number += 1
    video.release()


def _write(path: Path, rgb: NDArray[np.uint8]) -> None:
    _, data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    path.write_bytes(data.tobytes())
