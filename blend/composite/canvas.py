"""A picture being composited: its pixels, its labels, and who made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blend.composite.horizon import GroundCamera
from blend.composite.labels import annotation, mended, region
from blend.composite.refusal import RefusalError
from blend.composite.settings import CompositeSettings
from blend.picture import Annotation

_LEAST_PART = 0.1
"""A rider of whom less is seen than this share of the whole actor has no label of its own."""
_LEAST_PX = 16
Mask = NDArray[np.bool_]


@dataclass(kw_only=True)
class Canvas:
    """A picture being composited.

    Args:
        rgb: uint8 (H, W, 3) as it is now.
        camera: over its ground.
        boxes: what its labels are now.
        depths_m: how far away the foot of each box is.
        told: what the record says of each actor.
        parents: cut-outs and donors.
        dropped: labels that were dropped since too much was hidden.
    """

    rgb: NDArray[np.uint8]
    camera: GroundCamera
    boxes: list[Annotation]
    depths_m: list[float] = field(init=False)
    told: list[dict[str, Any]] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    dropped: int = 0

    def __post_init__(self) -> None:
        self.depths_m = [self.camera.depth_m(box.xywh[1] + box.xywh[3]) for box in self.boxes]

    @property
    def scenes(self) -> set[str]:
        """Scenes whose cut-outs are in it."""
        return {parent.partition("-")[0] for parent in self.parents}

    def nearer(self, xyxy: Sequence[int], depth_m: float) -> Mask:
        """Return pixels of objects that stand before what goes into a box at a depth.

        Raises:
            RefusalError: one that would hide some of it has a box and no mask.
        """
        nearer = np.zeros(self.rgb.shape[:2], dtype=bool)
        x0, y0, x1, y1 = xyxy
        for box, depth in zip(self.boxes, self.depths_m, strict=True):
            x, y, w, h = box.xywh
            if depth > depth_m or x >= x1 or x + w <= x0 or y >= y1 or y + h <= y0:
                continue
            if box.rle is None:
                raise RefusalError("behind a real object of unknown outline")
            nearer |= region(box, nearer.shape)
        return nearer

    def settle(
        self,
        rgb: NDArray[np.uint8],
        parts: Sequence[tuple[str, Mask]],
        *,
        hidden: float,
        depth_m: float,
        parent: str,
        told: dict[str, Any],
        settings: CompositeSettings,
    ) -> None:
        """Take over a picture with one actor more, label it, and mend the labels of what it hides.

        Args:
            rgb: the new picture.
            parts: class and visible mask of the actor and of its rider.
            hidden: share of the actor that is hidden.
            depth_m: where it stands.
            parent: what it was made from.
            told: what the record says of it.
            settings: what is too much hidden.

        Raises:
            RefusalError: too much of it is hidden; nothing is taken over.
        """
        cover = np.any([mask for _, mask in parts], axis=0)
        if hidden > settings.most_hidden or not cover.any():
            raise RefusalError("too much of it is hidden")
        behind = [depth > depth_m for depth in self.depths_m]
        boxes, dropped = mended(self.boxes, cover, behind, settings.most_hidden)
        kept = {box.key for box in boxes}
        self.depths_m = [d for box, d in zip(self.boxes, self.depths_m, strict=True) if box.key in kept]
        self.rgb, self.boxes, self.dropped = rgb, boxes, self.dropped + dropped
        self.parents.append(parent)
        self.told.append({**told, "depth_m": round(depth_m, 3)})
        facts = {"occlusion": round(hidden, 4), "truncation": 0.0, "distance_m": round(depth_m, 3)}
        for part, (category, mask) in enumerate(parts, 1):
            if mask.sum() >= max(_LEAST_PX, _LEAST_PART * cover.sum()):
                key = f"composite-{len(self.told)}-{part}"
                self.boxes.append(annotation(mask, category=category, key=key, facts=facts))
                self.depths_m.append(depth_m)
