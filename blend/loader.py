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
from torch.utils.data import DataLoader, Dataset, Sampler, WeightedRandomSampler
from torchvision import tv_tensors
from torchvision.transforms.v2 import functional

from blend.picture import decode_mask
from blend.samples import Sample, Samples, read
from blend.split import Split
from scenes.errors import InputError
from scenes.ontology import CATEGORIES
from scenes.seeds import child_seed

Target: TypeAlias = dict[str, Any]
Box: TypeAlias = dict[str, Any]
Pair: TypeAlias = tuple[torch.Tensor, Target]
Draw: TypeAlias = tuple[int, int]
"""Place of a picture in the dataset, and which draw of the run this is, so that its variety is another every time."""


class BlendDataset(Dataset[Pair]):
    """The labelled pictures of one split.

    An item is a float32 picture (3, H, W) in [0, 1] and a target for torchvision's detectors: `boxes` (N, 4) xyxy px,
    `labels` (N,) COCO category ids, 0 is background, `area` (N,) px, `iscrowd` (N,), `image_id`, and `masks`
    (N, H, W) uint8 if asked for. Boxes that transforms leave without a pixel are dropped.

    Args:
        folder: of a blend (`annotations.json`), or of its shards (`webdataset/`).
        split: `train`, `val` or `test`.
        transforms: of torchvision v2, called with the uint8 picture, boxes, labels and masks as `tv_tensors`; they are
            drawn anew for each draw.
        masks: also give masks; pictures with a box without one are left out then, and counted in `left_out`.
        ignored: `drop` boxes that are marked `iscrowd` or `ignore`, as training wants it, or `keep` them with
            `iscrowd` 1, as pycocotools wants it.
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
        ignored: Literal["drop", "keep"] = "drop",
        seed: int = 0,
    ) -> None:
        self.samples: Samples = read(Path(folder), split, masks=masks)
        self.left_out = self.samples.left_out
        self.classes = ("background", *CATEGORIES)
        self.seed = seed
        self._transforms, self._masks, self._ignored = transforms, masks, ignored

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, draw: int | Draw) -> Pair:
        place, number = draw if isinstance(draw, tuple) else (draw, 0)
        sample = self.samples[place]
        boxes = [box for box in sample.boxes if self._ignored == "keep" or not _is_ignored(box)]
        image = tv_tensors.Image(_picture(sample))
        geometry = _geometry(boxes, (image.shape[-2], image.shape[-1]), masks=self._masks)
        if self._transforms is not None:
            with torch.random.fork_rng(devices=[]):
                torch.default_generator.manual_seed(child_seed(self.seed, "loader", sample.name, number))
                image, geometry = self._transforms(image, geometry)
        picture = functional.to_dtype(image, torch.float32, scale=True).as_subclass(torch.Tensor)
        return picture, {**_target(boxes, geometry), "image_id": sample.image_id}

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


def _is_ignored(box: Box) -> bool:
    return bool(box.get("iscrowd") or box.get("ignore"))


def _picture(sample: Sample) -> torch.Tensor:
    try:
        return decoded(sample.data)
    except InputError as broken:
        raise InputError(f"{sample.name} in {sample.path}", broken.rule) from None


def decoded(data: bytes) -> torch.Tensor:
    """Decode a picture to uint8 RGB (3, H, W), whatever its mode and depth; in memory, channels come last.

    Raises:
        InputError: it is no picture.
    """
    rgb = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR_RGB) if data else None
    if rgb is None:
        raise InputError("picture", "must be one that can be decoded", got=f"{len(data)} bytes")
    return torch.from_numpy(rgb).permute(2, 0, 1)


def _geometry(boxes: Sequence[Box], canvas_hw: tuple[int, int], *, masks: bool) -> Target:
    """Return what transforms move; `labels` are rows of `boxes`, so that a transform may drop some."""
    xywh = torch.tensor([box["bbox"] for box in boxes], dtype=torch.float32).reshape(-1, 4)
    xyxy = torch.cat([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]], dim=1)
    placed = tv_tensors.BoundingBoxes(xyxy, format=tv_tensors.BoundingBoxFormat.XYXY, canvas_size=canvas_hw)
    moved: Target = {"boxes": placed, "labels": torch.arange(len(boxes))}
    if masks:
        found = [decode_mask(box["segmentation"]) for box in boxes]
        stacked = np.stack(found) if found else np.zeros((0, *canvas_hw), dtype=bool)
        moved["masks"] = tv_tensors.Mask(torch.from_numpy(stacked.astype(np.uint8)))
    return moved


def _target(boxes: Sequence[Box], geometry: Target) -> Target:
    """Clip boxes to the picture, drop those without a pixel, and say what each is; areas grow and shrink with boxes."""
    xyxy = functional.clamp_bounding_boxes(geometry["boxes"]).as_subclass(torch.Tensor)
    box_area = (xyxy[:, 2:] - xyxy[:, :2]).prod(dim=1)
    kept = box_area > 0
    if "masks" in geometry:
        kept &= (geometry["masks"] > 0).flatten(1).any(dim=1)
    chosen = [boxes[row] for row in geometry["labels"][kept].tolist()]
    filled = torch.tensor([box["area"] / (box["bbox"][2] * box["bbox"][3]) for box in chosen], dtype=torch.float32)
    return {
        "boxes": xyxy[kept],
        "labels": torch.tensor([box["category_id"] for box in chosen], dtype=torch.int64),
        "area": filled * box_area[kept],
        "iscrowd": torch.tensor([int(_is_ignored(box)) for box in chosen], dtype=torch.int64),
        **({"masks": geometry["masks"][kept].as_subclass(torch.Tensor)} if "masks" in geometry else {}),
    }


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
