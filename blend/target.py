"""What torchvision's detectors are to find in a picture: boxes and masks on their way through transforms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torchvision import tv_tensors

from blend.picture import decode_mask
from blend.samples import Boxes

Target: TypeAlias = dict[str, Any]


def untouched(boxes: Boxes) -> Target:
    """Return the target of a picture that nothing has moved: `boxes`, `labels`, `area`, `iscrowd`."""
    found = (boxes.xyxy, boxes.labels, boxes.area, boxes.crowd)
    names = ("boxes", "labels", "area", "iscrowd")
    return {name: torch.from_numpy(np.array(rows)) for name, rows in zip(names, found, strict=True)}


def geometry(boxes: Boxes, canvas_hw: Sequence[int], *, masks: bool) -> Target:
    """Return what transforms move; `labels` are rows of `boxes`, so that a transform may drop some."""
    moved: Target = {"boxes": torch.from_numpy(boxes.xyxy.copy()), "labels": torch.arange(len(boxes))}
    if masks:
        found = [decode_mask(rle) for rle in boxes.rles]
        stacked = np.stack(found) if found else np.zeros((0, *canvas_hw), dtype=bool)
        moved["masks"] = torch.from_numpy(stacked.view(np.uint8))
    return moved


def told(picture: torch.Tensor, moved: Target) -> tuple[tv_tensors.Image, Target]:
    """Tell transforms which is the picture, which are boxes and which are masks."""
    form, canvas_hw = tv_tensors.BoundingBoxFormat.XYXY, (picture.shape[-2], picture.shape[-1])
    kinds = {"boxes": tv_tensors.BoundingBoxes(moved["boxes"], format=form, canvas_size=canvas_hw)}
    if "masks" in moved:
        kinds["masks"] = tv_tensors.Mask(moved["masks"])
    return tv_tensors.Image(picture), {**moved, **kinds}


def target(boxes: Boxes, moved: Target, canvas_hw: Sequence[int]) -> Target:
    """Clip boxes to the picture, drop those without a pixel, and say what each is; areas grow and shrink with boxes.

    Args:
        boxes: of the picture as it was.
        moved: what transforms have left, as `geometry` gives it.
        canvas_hw: height and width now, px.

    Returns:
        `boxes` (n, 4) xyxy px, `labels`, `area`, `iscrowd`, and `masks` if they were moved.
    """
    height, width = canvas_hw
    xyxy = np.clip(moved["boxes"].numpy(), 0, np.array([width, height, width, height], dtype=np.float32))
    area = _area(xyxy)
    kept, rows = area > 0, moved["labels"].numpy()
    if "masks" in moved:
        kept &= (moved["masks"] > 0).flatten(1).any(dim=1).numpy()
    rows = rows[kept]
    return {
        "boxes": torch.from_numpy(xyxy[kept]),
        "labels": torch.from_numpy(boxes.labels[rows]),
        "area": torch.from_numpy(boxes.area[rows] * (area[kept] / _area(boxes.xyxy[rows]))),
        "iscrowd": torch.from_numpy(boxes.crowd[rows]),
        **({"masks": moved["masks"][torch.from_numpy(kept)].as_subclass(torch.Tensor)} if "masks" in moved else {}),
    }


def _area(xyxy: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray((xyxy[:, 2] - xyxy[:, 0]) * (xyxy[:, 3] - xyxy[:, 1]), dtype=np.float32)
