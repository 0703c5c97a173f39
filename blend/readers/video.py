"""Videos without labels: their stills, made once and kept in the cache; each video is one group."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from rich.progress import track

import packs
from blend.candidate import Candidate, Listing
from blend.picture import LeftOut
from blend.readers.stills import extract
from blend.readers.tree import files_below
from scenes.errors import InputError

SUFFIXES = frozenset({".mp4", ".mov", ".avi", ".mkv", ".m4v", ".webm", ".mpg", ".mpeg", ".ts", ".wmv"})
FOLDER = "video-stills-1"
"""Name in the cache; the number goes up when the choice of frames changes."""


def read(*, videos: Path) -> Listing:
    """List the stills of a video or of all videos below a folder.

    Raises:
        InputError: there is no video, or none can be decoded.
    """
    left_out: list[LeftOut] = []
    clips = _clips(videos, left_out)
    candidates: list[Candidate] = []
    for clip in track(clips, description="videos to stills"):
        name = clip.relative_to(videos).as_posix() if videos.is_dir() else clip.name
        stills = sorted(_extracted(clip).glob("*.jpg"))
        candidates += [Candidate(file=f"{name}/{still.name}", path=still, group=name) for still in stills]
        if not stills:
            left_out.append(LeftOut(file=name, reason="is not a video that can be decoded", fault="broken picture"))
    if not candidates:
        raise InputError("real.videos", "must hold a video that can be decoded", got=", ".join(c.name for c in clips))
    return Listing(candidates=tuple(candidates), left_out=tuple(left_out), file=videos.name)


def _clips(videos: Path, left_out: list[LeftOut]) -> list[Path]:
    if videos.is_file():
        return [videos]
    if not videos.is_dir():
        raise InputError("real.videos", "must be a video or a folder that exists", got=str(videos))
    clips = files_below(videos, SUFFIXES, left_out)
    if not clips:
        raise InputError("real.videos", f"must hold videos ({' '.join(sorted(SUFFIXES))})", got=f"none in {videos}")
    return clips


def _extracted(clip: Path) -> Path:
    """Return the folder of a video's stills, made on the first call; another size or date is another video."""
    status = clip.stat()
    identity = f"{clip.resolve()} {status.st_size} {status.st_mtime_ns}"
    folder = packs.cache_dir() / FOLDER / hashlib.sha256(identity.encode()).hexdigest()[:16]
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".stills-", dir=folder.parent))
        try:
            extract(clip, partial, [])
            publish(partial, folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return folder


def publish(partial: Path, folder: Path) -> None:
    """Put a finished folder at its place, where another process may have just finished the same work."""
    try:
        partial.replace(folder)
    except OSError:
        if not folder.is_dir():
            raise
