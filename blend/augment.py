"""Variety for finished frames: named Albumentations pipelines that can be replayed and keep masks and boxes right.

These act on 8-bit display pictures, so they add variety and not physics: fog, rain, glare and noise belong to the
develop stage, in linear light. Masks go through the same geometry as pixels, and boxes are measured on the masks.
A replay needs the picture, the pipeline's name and the seed; the applied transforms are recorded to be read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from blend.picture import Annotation, Picture, decode_mask, decode_rgb, encode_mask, sha256_of, tight_xywh
from scenes.errors import InputError
from scenes.seeds import child_seed, generator

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"  # it asks the network for a newer version at import otherwise
import albumentations as alb


def _none() -> list[Any]:
    return []


def _light() -> list[Any]:
    return [
        alb.HorizontalFlip(p=0.5),
        # At 1.10 and more the turned and shifted picture still covers the frame up to 16:9, so no pixel is invented.
        alb.Affine(scale=(1.10, 1.25), rotate=(-2, 2), translate_percent=(-0.01, 0.01), keep_ratio=True, p=0.5),
        alb.RandomBrightnessContrast(brightness_limit=0.12, contrast_limit=0.12, p=0.7),
        alb.HueSaturationValue(hue_shift_limit=4, sat_shift_limit=15, val_shift_limit=0, p=0.4),
        alb.GaussianBlur(blur_limit=(3, 3), p=0.15),
        alb.ImageCompression(quality_range=(55, 90), p=0.4),
    ]


def _heavy() -> list[Any]:
    return [
        alb.HorizontalFlip(p=0.5),
        alb.Affine(scale=(1.10, 1.7), rotate=(-2, 2), translate_percent=(-0.01, 0.01), keep_ratio=True, p=0.8),
        alb.RandomBrightnessContrast(brightness_limit=0.25, contrast_limit=0.25, p=0.8),
        alb.RandomGamma(gamma_limit=(75, 135), p=0.4),
        alb.HueSaturationValue(hue_shift_limit=8, sat_shift_limit=30, val_shift_limit=0, p=0.6),
        alb.ToGray(p=0.05),
        alb.OneOf(
            [alb.MotionBlur(blur_limit=(3, 7)), alb.Defocus(radius=(1, 3)), alb.GaussianBlur(blur_limit=(3, 5))], p=0.35
        ),
        alb.GaussNoise(std_range=(0.01, 0.04), p=0.35),
        alb.CoarseDropout(
            num_holes_range=(1, 3), hole_height_range=(0.05, 0.18), hole_width_range=(0.04, 0.12), fill_mask=0, p=0.25
        ),
        alb.ImageCompression(quality_range=(35, 85), p=0.5),
    ]


PIPELINES: Mapping[str, Callable[[], list[Any]]] = MappingProxyType({"none": _none, "light": _light, "heavy": _heavy})


@dataclass(frozen=True, kw_only=True)
class AugmentSettings:
    """How synthetic frames are varied.

    Args:
        pipeline: `none`, `light` or `heavy`.
        probability: share of frames that get one variety beside them, [0, 1].
        min_visible_share: an object is dropped if less than this share of its mask is left, [0, 1].
        min_area_px: and if its mask is smaller than this.
        jpeg_quality: of the written varieties, 1 to 100.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    pipeline: str = "light"
    probability: float = 0.5
    min_visible_share: float = 0.25
    min_area_px: int = 16
    jpeg_quality: int = 92

    def __post_init__(self) -> None:
        if self.pipeline not in PIPELINES:
            raise InputError("augment.pipeline", f"must be one of {', '.join(PIPELINES)}", got=self.pipeline)
        for key in ("probability", "min_visible_share"):
            if not 0 <= getattr(self, key) <= 1:
                raise InputError(f"augment.{key}", "must lie in [0, 1]", got=getattr(self, key))
        if self.min_area_px < 1:
            raise InputError("augment.min_area_px", "must be at least 1", got=self.min_area_px)
        if not 1 <= self.jpeg_quality <= 100:
            raise InputError("augment.jpeg_quality", "must lie in [1, 100]", got=self.jpeg_quality)


@dataclass(frozen=True, kw_only=True)
class Variety:
    """A varied picture.

    Args:
        rgb: uint8 (H, W, 3).
        ids: instance ids, uint16 (H, W), 0 where there is no object.
        applied: name and parameters of each transform that was drawn, in order.
    """

    rgb: NDArray[np.uint8]
    ids: NDArray[np.uint16]
    applied: list[dict[str, Any]]


def drawn(frame: str, settings: AugmentSettings, *, seed: int) -> bool:
    """Tell whether a frame gets a variety; a function of its name and the seed only."""
    chance = generator(seed, "augment-draw", frame).random()
    return settings.pipeline != "none" and chance < settings.probability


def apply(rgb: NDArray[np.uint8], ids: NDArray[np.uint16], *, pipeline: str, seed: int) -> Variety:
    """Vary a picture and its instance ids; same arguments, same bytes.

    Args:
        rgb: uint8 (H, W, 3).
        ids: uint16 (H, W).
        pipeline: a name in `PIPELINES`.
        seed: any integer; it is all the randomness there is.
    """
    compose = alb.Compose(PIPELINES[pipeline](), save_applied_params=True)
    _seed(compose, seed)
    done = compose(image=np.ascontiguousarray(rgb), mask=np.ascontiguousarray(ids))
    applied = [{"name": name, **_readable(params)} for name, params in done["applied_transforms"]]
    return Variety(rgb=done["image"], ids=done["mask"].astype(np.uint16, copy=False), applied=applied)


def _seed(transform: Any, seed: int) -> None:
    """Seed every transform apart: `Compose(seed=...)` gives all the same draws, so all of them fire or none does."""
    transform.set_random_seed(seed % 2**32)
    for place, inner in enumerate(getattr(transform, "transforms", ())):
        _seed(inner, child_seed(seed, "transform", place))


def _readable(params: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the parameters that a record can hold: numbers, words and short lists, not noise maps."""
    return {key: value for key, raw in params.items() if key != "shape" and (value := _plain(raw)) is not None}


def _plain(raw: object) -> Any:
    if isinstance(raw, np.generic):
        raw = raw.item()
    if isinstance(raw, float):
        return round(raw, 6)
    if isinstance(raw, bool | int | str):
        return raw
    if isinstance(raw, Mapping):
        return {str(key): _plain(value) for key, value in raw.items()}
    if isinstance(raw, list | tuple) and len(raw) <= 8:
        return [_plain(value) for value in raw]
    return None


def vary(frame: Picture, folder: Path, settings: AugmentSettings, *, seed: int) -> Picture:
    """Write one variety of a frame with masks into a folder and return it as a picture of its own."""
    own_seed = child_seed(seed, "augment", frame.name, settings.pipeline)
    variety = apply(decode_rgb(frame.path), instance_ids(frame), pipeline=settings.pipeline, seed=own_seed)
    kept = [moved for place, box in enumerate(frame.annotations, 1) if (moved := _moved(box, place, variety, settings))]
    name = f"{frame.name}-{own_seed % 16**6:06x}"
    path = folder / f"{name}.jpg"
    _, data = cv2.imencode(".jpg", variety.rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, settings.jpeg_quality])
    path.write_bytes(data.tobytes())
    return replace(
        frame,
        name=name,
        path=path,
        sha256=sha256_of(path),
        annotations=tuple(kept),
        parents=(frame.name,),
        facts={key: value for key, value in frame.facts.items() if key != "mask"},
        augment={
            "pipeline": settings.pipeline,
            "seed": own_seed,
            "applied": variety.applied,
            "dropped": len(frame.annotations) - len(kept),
        },
    )


def instance_ids(frame: Picture) -> NDArray[np.uint16]:
    """Paint the masks of a frame: annotation at place n gets id n + 1."""
    ids = np.zeros((frame.height, frame.width), dtype=np.uint16)
    for place, box in enumerate(frame.annotations, 1):
        if box.rle is None:
            raise InputError(frame.name, "must have a mask for every box to be varied", got=box.key)
        ids[decode_mask(box.rle)] = place
    return ids


def _moved(box: Annotation, place: int, variety: Variety, settings: AugmentSettings) -> Annotation | None:
    """Measure an object again; occlusion stays its parent's, truncation and distance are no longer known."""
    mask = variety.ids == place
    area_px = int(mask.sum())
    if area_px < settings.min_area_px or area_px < settings.min_visible_share * box.area_px:
        return None
    facts = {key: None if key in {"truncation", "distance_m"} else value for key, value in box.facts.items()}
    return replace(box, xywh=tight_xywh(mask), area_px=float(area_px), rle=encode_mask(mask), facts=facts)
