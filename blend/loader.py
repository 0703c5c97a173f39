"""A blend for training with torch: pictures and targets as torchvision's detectors take them.

    data = BlendDataset("out/round/blend", transforms=v2.RandomHorizontalFlip(), seed=7)
    for images, targets in batches(data, size=4, workers=2):
        losses = model(images, targets)

It reads the blend's folder or its WebDataset shards, holds no more than file offsets in memory, and gives the same
pictures for the same seed whatever the number of workers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset, Sampler, WeightedRandomSampler
from torchvision.transforms.v2 import functional

from blend.samples import Ignored, Sample, Samples, read
from blend.split import Split
from blend.target import Target, geometry, target, told, untouched
from scenes.errors import InputError
from scenes.ontology import CATEGORIES
from scenes.seeds import child_seed

Pair: TypeAlias = tuple[torch.Tensor, Target]
Draw: TypeAlias = tuple[int, int]
"""Place of a picture in the dataset, and which draw of the run this is, so that its variety is another every time."""


class BlendDataset(Dataset[Pair]):
    """The labelled pictures of one split.

    An item is a picture (3, H, W), float32 in [0, 1] or uint8, and a target for torchvision's detectors: `boxes` (N, 4)
    xyxy px, `labels` (N,) COCO category ids, 0 is background, `area` (N,) px, `iscrowd` (N,), `image_id`, and `masks`
    (N, H, W) uint8 if asked for. Boxes that transforms leave without a pixel are dropped.

    Args:
        folder: of a blend (`annotations.json`), or of its shards (`webdataset/`).
        split: `train`, `val` or `test`.
        transforms: of torchvision v2, called with the uint8 picture, boxes, labels and masks as `tv_tensors`; they are
            drawn anew for each draw.
        masks: also give masks; pictures with a box without one are left out then, and counted in `left_out`.
        ignored: `drop` boxes that are marked `iscrowd` or `ignore`, as training wants it, or `keep` them with
            `iscrowd` 1, as pycocotools wants it.
        dtype: of pictures; uint8 passes a quarter of the bytes from worker to device, where they are to be scaled.
        seed: of transforms and sampler.

    Raises:
        InputError: the folder is no blend, or the split has no labelled picture.
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        split: Split = "train",
        transforms: Any = None,
        masks: bool = False,
        ignored: Ignored = "drop",
        dtype: Literal["float32", "uint8"] = "float32",
        seed: int = 0,
    ) -> None:
        self.samples: Samples = read(Path(folder), split, masks=masks, ignored=ignored)
        self.left_out = self.samples.left_out
        self.classes = ("background", *CATEGORIES)
        self.seed = seed
        self._transforms, self._masks, self._scaled = transforms, masks, dtype == "float32"

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, draw: int | Draw) -> Pair:
        place, number = draw if isinstance(draw, tuple) else (draw, 0)
        sample = self.samples[place]
        picture = _picture(sample)
        if self._transforms is None and not self._masks:
            found = untouched(sample.boxes)
        else:
            moved = geometry(sample.boxes, picture.shape[-2:], masks=self._masks)
            picture, moved = self._transformed(picture, moved, child_seed(self.seed, "loader", sample.name, number))
            found = target(sample.boxes, moved, picture.shape[-2:])
        return scaled(picture) if self._scaled else picture, {**found, "image_id": sample.image_id}

    def _transformed(self, picture: torch.Tensor, moved: Target, seed: int) -> tuple[torch.Tensor, Target]:
        if self._transforms is None:
            return picture, moved
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(seed)
            picture, moved = self._transforms(*told(picture, moved))
        return picture.as_subclass(torch.Tensor), moved

    @property
    def num_classes(self) -> int:
        """Classes that a detector has to tell apart, with the background."""
        return len(self.classes)

    def weights(self, progress: float | None = None) -> torch.Tensor:
        """Return how much more often than others each picture is to be drawn, float64 (N,): `weight` in COCO, or 1.

        Args:
            progress: share of all epochs that is over, [0, 1), for the stages of a curriculum; None takes their mean.

        Raises:
            InputError: a weight is negative or no number, or all are 0.
        """
        found = self.samples.weights if progress is None else self.samples.weights_at(progress)
        if not np.isfinite(found).all() or found.min() < 0 or found.sum() == 0:
            raise InputError("weight", "must be finite and at least 0, and not 0 for all", got=f"min {found.min()}")
        return torch.from_numpy(found)


def _picture(sample: Sample) -> torch.Tensor:
    try:
        return decoded(sample.data)
    except InputError as broken:
        raise InputError(f"{sample.name} in {sample.path}", broken.rule) from None


def decoded(data: NDArray[np.uint8]) -> torch.Tensor:
    """Decode a picture to uint8 RGB (3, H, W), whatever its mode and depth; in memory, channels come last.

    Args:
        data: bytes of the file, uint8 (n,).

    Raises:
        InputError: it is no picture.
    """
    rgb = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB) if len(data) else None
    if rgb is None:
        raise InputError("picture", "must be one that can be decoded", got=f"{len(data)} bytes")
    return torch.from_numpy(rgb).permute(2, 0, 1)


def scaled(picture: torch.Tensor) -> torch.Tensor:
    """Return a uint8 picture as float32 in [0, 1], one that is float already as it is; the layout in memory stays."""
    if picture.dtype != torch.uint8:
        found: torch.Tensor = functional.to_dtype(picture, torch.float32, scale=True)
        return found
    return torch.from_numpy(np.multiply(picture.numpy(), np.float32(1 / 255)))  # in one pass where torch takes two


class WeightedDraws(Sampler[Draw]):
    """Draws of pictures by weight, with replacement, another series in every epoch.

    Args:
        data: what to draw from.
        size: draws an epoch; as many as there are pictures if None.
        epochs: of the whole training, for the stages of a curriculum; None draws by their mean.
    """

    def __init__(self, data: BlendDataset, size: int | None = None, epochs: int | None = None) -> None:
        self._data, self._seed, self._size, self._epochs, self.epoch = data, data.seed, size or len(data), epochs, 0
        data.weights()  # told now if they cannot be drawn by

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Draw]:
        chance = torch.Generator().manual_seed(child_seed(self._seed, "loader-epoch", self.epoch))
        weights = self._data.weights(None if self._epochs is None else self.epoch / self._epochs)
        first, self.epoch = self.epoch * self._size, self.epoch + 1
        places = WeightedRandomSampler(weights.tolist(), self._size, replacement=True, generator=chance)
        yield from ((place, first + number) for number, place in enumerate(places))


def batches(
    data: BlendDataset, *, size: int, workers: int = 0, pin: bool = False, epochs: int | None = None
) -> DataLoader[Pair]:
    """Return a loader for training: weighted draws, pictures and targets as the lists that detectors take.

    With the number of `epochs` of the whole training, a curriculum's stages follow one another.
    """
    return DataLoader(
        data,
        batch_size=size,
        sampler=WeightedDraws(data, epochs=epochs),
        num_workers=workers,
        collate_fn=collate,
        pin_memory=pin,
        persistent_workers=workers > 0,
    )


def collate(pairs: Sequence[Pair]) -> tuple[list[torch.Tensor], list[Target]]:
    """Make a batch of pictures of any size: lists, not stacks."""
    return [image for image, _ in pairs], [target for _, target in pairs]
