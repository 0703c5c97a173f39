"""Maps of the frozen body, computed once for each picture and its mirror image, on disk for all trainings."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from eval.parity import canvas
from eval.parity.detector import CHANNELS, STRIDES, Body, Maps
from eval.parity.pictures import Picture

VERSION = 1  # raise it whenever maps change
BATCH = 8


@dataclass(frozen=True, kw_only=True)
class FeatureSet:
    """Where the maps of pictures are.

    Args:
        folder: that holds them, one file a stride: pictures x 2 x C x rows x columns, float16, mirror images second.
        key: of pictures and size.
        size_wh: what the body sees, px.
        count: pictures.
    """

    folder: Path
    key: str
    size_wh: tuple[int, int]
    count: int

    @property
    def files(self) -> list[Path]:
        """One file a stride."""
        return [self.folder / f"{self.key}-{stride}.npy" for stride in STRIDES]

    def shape(self, level: int) -> tuple[int, ...]:
        """Return the shape of one file."""
        width, height = self.size_wh
        return self.count, 2, CHANNELS[level], height // STRIDES[level], width // STRIDES[level]

    @property
    def megabytes(self) -> float:
        """What all files take on the disk."""
        return sum(2 * np.prod(self.shape(level), dtype=float) for level in range(len(STRIDES))) / 1e6

    def open(self) -> list[NDArray[np.float16]]:
        """Return the maps, read from disk as they are asked for."""
        return [np.load(file, mmap_mode="r") for file in self.files]


def of(pictures: Sequence[Picture], folder: Path, size_wh: tuple[int, int]) -> FeatureSet:
    """Name the maps of pictures."""
    told = repr((VERSION, size_wh, [picture.sha256 for picture in pictures]))
    key = hashlib.sha256(told.encode()).hexdigest()[:12]
    return FeatureSet(folder=folder, key=key, size_wh=size_wh, count=len(pictures))


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
    for at in range(0, len(pictures), BATCH):
        batch = pictures[at : at + BATCH]
        for side, maps in enumerate(_both_sides(body, batch, features.size_wh)):
            for array, values in zip(arrays, maps, strict=True):
                array[at : at + len(batch), side] = values.numpy().astype(np.float16)
    for array, part, file in zip(arrays, parts, features.files, strict=True):
        array.flush()
        part.replace(file)


def batch_of(arrays: Sequence[NDArray[np.float16]], places: Sequence[int], sides: Sequence[int]) -> Maps:
    """Return the maps of some pictures as the head takes them, mirror images where `sides` is 1."""
    return [
        torch.from_numpy(np.stack([array[place, side] for place, side in zip(places, sides, strict=True)]).astype("f4"))
        .contiguous(memory_format=torch.channels_last)
        for array in arrays
    ]  # fmt: skip


def _both_sides(body: Body, pictures: Sequence[Picture], size_wh: tuple[int, int]) -> list[Maps]:
    rgb = [canvas.load(picture.file) for picture in pictures]
    with torch.inference_mode():
        return [
            body(torch.from_numpy(np.stack([canvas.fitted(one[:, ::step], size_wh)[0] for one in rgb])))
            for step in (1, -1)
        ]
