"""YOLO segments: the outline of each mask as one polygon, in a folder of its own that Ultralytics trains on."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from blend.formats import yolo
from blend.formats.blended import Blended, LeftOut
from blend.picture import Annotation, Picture, Rle, decode_mask
from scenes.ontology import CATEGORIES

CANNOT_HOLD = (
    "holes in masks",
    "gaps between the pieces of a mask, which hair lines join",
    "crowd and ignore marks",
    "3D boxes, keypoints, crash and all other labels of a box",
    "sources, parents and weights of pictures",
    "pictures that nobody has labelled",
)
NO_MASK = "not every box of it has a mask"


def write(blended: Blended, folder: Path) -> LeftOut:
    """Write `images/`, `labels/`, lists and `data.yaml`; a picture with a box without a mask is left out."""
    (folder / "images").mkdir(parents=True)
    left_out = yolo.write_labels(blended, folder, _lines)
    for picture, _ in blended:
        if picture.name not in left_out:
            blended.put(picture, folder / "images")
    return left_out


def _lines(picture: Picture) -> list[str] | str:
    if any(box.rle is None for box in picture.annotations):
        return NO_MASK
    return [_line(box, box.rle, picture) for box in picture.annotations if box.rle is not None]


def _line(box: Annotation, rle: Rle, picture: Picture) -> str:
    shares = (outline(decode_mask(rle)) + 0.5) / (picture.width, picture.height)
    return " ".join([str(CATEGORIES[box.category] - 1), *(f"{share:.6f}" for share in shares.ravel())])


def outline(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return one polygon (N, 2) through the centres of a mask's outermost pixels, x and y in px, at least 3 points.

    Pieces are joined where they are nearest, there and back, as Ultralytics does with COCO's. Filled with its border,
    which is what Ultralytics does, it gives the mask again but for its holes and these hair lines.

    Args:
        mask: (H, W), with at least one pixel.
    """
    found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    pieces = sorted((piece[:, 0].astype(np.int64) for piece in found), key=lambda piece: piece.tolist())
    whole = pieces[0]
    for piece in pieces[1:]:
        whole = _joined(whole, piece)
    return np.resize(whole, (max(3, len(whole)), 2))


def _joined(whole: NDArray[np.int64], piece: NDArray[np.int64]) -> NDArray[np.int64]:
    away = ((whole[:, None] - piece[None]) ** 2).sum(axis=-1)
    here, there = np.unravel_index(int(away.argmin()), away.shape)
    loop = np.roll(piece, -int(there), axis=0)
    return np.concatenate([whole[: here + 1], loop, loop[:1], whole[here:]])
