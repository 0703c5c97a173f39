"""The real pictures that a camera is fitted to: found, read, scaled to our frame and measured."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from render.develop.match.distance import Sample
from render.develop.match.quantisation import Header, header
from render.develop.match.statistics import light_level, measure
from render.develop.match.vignette import falloff
from scenes.errors import InputError

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})
FEWEST = 20
_SMALLEST_PX = 96
_BLACK, _BLOCK_PX = 16, 8
_MOST_BARRED = 0.5
_PER_TAKE = 10
"""Neighbours in the folder that count as one take, and so as one piece of evidence."""


@dataclass(frozen=True, kw_only=True)
class RealPicture(Sample):
    """A measured real picture.

    Args:
        size_wh: without the bars of a letterbox, px.
        header: of its JPEG file; None for other formats.
        falloff: see `vignette.falloff`.
    """

    size_wh: tuple[int, int]
    header: Header | None
    falloff: float


@dataclass(frozen=True, kw_only=True)
class RealPictures:
    """What a folder holds: measured pictures, and files that could not be used, with the reason."""

    folder: Path
    pictures: tuple[RealPicture, ...]
    left_out: dict[str, str]


def read(folder: Path, *, count: int = 200, width_px: int = 640) -> RealPictures:
    """Measure pictures of a folder, evenly spread over its sorted files.

    Args:
        folder: searched with its subfolders.
        count: most pictures to take.
        width_px: of our frames; wider pictures are scaled down to it, as our frames stand for recordings scaled down.

    Raises:
        InputError: no folder, or fewer than 20 pictures that can be read.
    """
    if not folder.is_dir():
        raise InputError("real", "must be a folder that exists", got=str(folder))
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    if len(files) < FEWEST:
        raise InputError(folder, f"must hold at least {FEWEST} pictures to fit a camera to", got=len(files))
    chosen = np.unique(np.linspace(0, len(files) - 1, min(count, len(files))).round().astype(int))
    pictures, left_out = [], {}
    for place in chosen:
        path = files[place]
        rgb = _decoded(path)
        rgb = None if rgb is None else unbarred(rgb)
        if rgb is None or min(rgb.shape[:2]) < _SMALLEST_PX:
            left_out[path.name] = "cannot be decoded" if rgb is None else f"is smaller than {_SMALLEST_PX} px"
            continue
        pictures.append(_measured(path, rgb, take=f"{path.parent.name}/{place // _PER_TAKE}", width_px=width_px))
    if len(pictures) < FEWEST:
        reason = next(iter(left_out.items()), ("", ""))
        rule = f"must hold at least {FEWEST} pictures that can be read"
        raise InputError(folder, rule, got=f"{len(pictures)} ({reason[0]} {reason[1]})")
    return RealPictures(folder=folder, pictures=tuple(pictures), left_out=left_out)


def unbarred(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Cut off the black bars of a letterbox, HxWx3 uint8; whole blocks of JPEG, so that its grid stays where it was.

    Bars come in pairs of about the same width. A night's black sky has no black road opposite; where it has, what is
    cut off could not be told from a bar.
    """
    bright = rgb.max(axis=2)
    (top, bottom), (left, right) = (_bars(bright.max(axis=axis)) for axis in (1, 0))
    return rgb[top : len(rgb) - bottom, left : rgb.shape[1] - right]


def _bars(brightest: NDArray[np.uint8]) -> tuple[int, int]:
    """Return how much a pair of bars takes at either end of a line's brightest pixels."""
    seen = np.flatnonzero(brightest > _BLACK)
    if not len(seen):
        return 0, 0
    first, last = int(seen[0]), len(brightest) - 1 - int(seen[-1])
    is_pair = min(first, last) >= max(first, last) / 2 > 0 and first + last < _MOST_BARRED * len(brightest)
    return (-(-first // _BLOCK_PX) * _BLOCK_PX, last) if is_pair else (0, 0)


def _decoded(path: Path) -> NDArray[np.uint8] | None:
    data = np.fromfile(path, np.uint8)
    rgb = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB) if data.size else None
    return None if rgb is None else np.asarray(rgb, np.uint8)


def _measured(path: Path, rgb: NDArray[np.uint8], *, take: str, width_px: int) -> RealPicture:
    height, width = rgb.shape[:2]
    level = light_level(rgb)
    shown = rgb
    if width > width_px:
        size = (width_px, max(round(height * width_px / width), _SMALLEST_PX))
        shown = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    return RealPicture(
        measured=measure(shown),
        level=level,
        group=take,
        size_wh=(width, height),
        header=header(path),
        falloff=falloff(rgb),
    )
