"""Labels of a composite: exact for what was placed, mended for what it hides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blend.picture import Annotation, decode_mask, encode_mask, tight_xywh

Mask = NDArray[np.bool_]


def annotation(mask: Mask, *, category: str, key: str, facts: Mapping[str, Any]) -> Annotation:
    """Label a visible mask that is not empty."""
    return Annotation(
        category=category,
        xywh=tight_xywh(mask),
        area_px=float(mask.sum()),
        key=key,
        rle=encode_mask(mask),
        facts=facts,
    )


def mended(
    boxes: Iterable[Annotation], cover: Mask, behind: Iterable[bool], most_hidden: float
) -> tuple[list[Annotation], int]:
    """Take what is covered from the labels of real objects.

    A mask loses what is covered, and its box follows. A box without a mask shrinks to the smallest box around what is
    not covered of it. Either is dropped where more than `most_hidden` is.

    Args:
        boxes: real objects.
        cover: pixels of actors that were placed.
        behind: whether each object stands behind them.
        most_hidden: share in [0, 1].

    Returns:
        the labels that stay, and how many were dropped.
    """
    kept: list[Annotation] = []
    dropped = 0
    for box, is_behind in zip(boxes, behind, strict=True):
        whole = region(box, cover.shape)
        seen = whole & ~cover
        if not is_behind or seen.sum() == whole.sum():
            kept.append(box)
        elif seen.sum() < (1 - most_hidden) * whole.sum():
            dropped += 1
        elif box.rle is not None:
            kept.append(replace(box, xywh=tight_xywh(seen), area_px=float(seen.sum()), rle=encode_mask(seen)))
        else:
            kept.append(_shrunk(box, tight_xywh(seen)))
    return kept, dropped


def region(box: Annotation, shape: tuple[int, ...]) -> Mask:
    """Return an object's mask, or its box as pixels, (H, W)."""
    if box.rle is not None:
        return decode_mask(box.rle)
    x, y, w, h = box.xywh
    inside = np.zeros(shape, dtype=bool)
    inside[int(y) : int(np.ceil(y + h)), int(x) : int(np.ceil(x + w))] = True
    return inside


def _shrunk(box: Annotation, seen_xywh: tuple[float, float, float, float]) -> Annotation:
    """Return a box cut to what is seen of it."""
    x, y, w, h = box.xywh
    left, top, across, down = seen_xywh
    x0, y0, x1, y1 = max(x, left), max(y, top), min(x + w, left + across), min(y + h, top + down)
    return replace(box, xywh=(x0, y0, x1 - x0, y1 - y0), area_px=(x1 - x0) * (y1 - y0))
