"""Maps of what is frozen of the body, computed once for each view of a picture, on disk for all trainings."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from eval.parity.canvas import Rgb
from eval.parity.detector import CHANNELS, STRIDES, Body, Maps
from eval.parity.pictures import Picture
from eval.parity.settings import Mode
from eval.parity.views import Views

VERSION = 2  # raise it whenever maps change
BATCH = 8


@dataclass(frozen=True, kw_only=True)
class FeatureSet:
    """Where the maps of pictures are.

    Args:
        folder: that holds them, one file a stride: pictures x views x C x rows x columns, float16.
        key: of pictures and views.
        views: what the body looks at.
        levels: the first so many strides; 1 where the rest of the body is trained and computed anew.
        count: pictures.
    """

    folder: Path
    key: str
    views: Views
    levels: int
    count: int

    @property
    def files(self) -> list[Path]:
        """One file a stride."""
        return [self.folder / f"{self.key}-{stride}.npy" for stride in STRIDES[: self.levels]]

    def shape(self, level: int) -> tuple[int, ...]:
        """Return the shape of one file."""
        width, height = self.views.size_wh
        return self.count, self.views.count, CHANNELS[level], height // STRIDES[level], width // STRIDES[level]

    @property
    def megabytes(self) -> float:
        """What all files take on the disk."""
        return sum(2.0 * math.prod(self.shape(level)) for level in range(self.levels)) / 1e6

    def open(self) -> list[NDArray[np.float16]]:
        """Return the maps, read from disk as they are asked for."""
        return [np.load(file, mmap_mode="r") for file in self.files]


def of(pictures: Sequence[Picture], folder: Path, views: Views, *, levels: int = len(STRIDES)) -> FeatureSet:
    """Name the maps of pictures."""
    told = repr((VERSION, levels, [views.key(picture) for picture in pictures]))
    key = hashlib.sha256(told.encode()).hexdigest()[:12]
    return FeatureSet(folder=folder, key=key, views=views, levels=levels, count=len(pictures))


def pair(
    train: Sequence[Picture], test: Sequence[Picture], folder: Path, views: tuple[Views, Views], mode: Mode
) -> tuple[FeatureSet, FeatureSet]:
    """Name the maps that trainings of a mode read: in "fine" the first map alone, as the others change."""
    levels = 1 if mode == "fine" else len(STRIDES)
    of_train, of_test = (of(part, folder, v, levels=levels) for part, v in zip((train, test), views, strict=True))
    return of_train, of_test


def missing(features: FeatureSet) -> bool:
    """Tell whether the maps are yet to be computed."""
    return not all(file.exists() for file in features.files)


def prune(folder: Path, kept: Sequence[FeatureSet]) -> None:
    """Remove the maps of pictures that a study no longer looks at."""
    wanted = {file for features in kept for file in features.files}
    for file in folder.glob("*.npy"):
        if file not in wanted:
            file.unlink()


def compute(features: FeatureSet, pictures: Sequence[Picture]) -> None:
    """Compute the maps; the files take their names when all are there.

    Raises:
        InputError: a picture cannot be decoded.
    """
    features.folder.mkdir(parents=True, exist_ok=True)
    parts = [file.with_name(f".{file.name}.part") for file in features.files]
    arrays: list[Any] = [
        np.lib.format.open_memmap(part, mode="w+", dtype=np.float16, shape=features.shape(level))
        for level, part in enumerate(parts)
    ]
    body = Body().eval()
    views = features.views
    waiting: list[tuple[int, int, Rgb]] = []
    for at, picture in enumerate(pictures):
        waiting += [(at, view, rgb) for view, rgb in enumerate(views.shown(picture))]
        if len(waiting) >= BATCH or at + 1 == len(pictures):
            places, sides, shown = zip(*waiting, strict=True)
            for array, values in zip(arrays, _maps(body, shown, features.levels), strict=True):
                array[list(places), list(sides)] = values.numpy().astype(np.float16)
            waiting.clear()
    for array, part, file in zip(arrays, parts, features.files, strict=True):
        array.flush()
        part.replace(file)


def batch_of(arrays: Sequence[NDArray[np.float16]], places: Sequence[int], views: Sequence[int]) -> Maps:
    """Return the maps of some views of pictures as the rest of the network takes them."""
    return [
        torch.from_numpy(np.stack([array[place, view] for place, view in zip(places, views, strict=True)]).astype("f4"))
        .contiguous(memory_format=torch.channels_last)
        for array in arrays
    ]  # fmt: skip


def _maps(body: Body, shown: Sequence[Rgb], levels: int) -> Maps:
    with torch.inference_mode():
        near = body.near(torch.from_numpy(np.stack(shown)))
        return [near] if levels == 1 else body.rest(near)
