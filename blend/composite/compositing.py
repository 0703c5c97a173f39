"""A composite: a real training picture with traced actors on its ground, labelled, with all that was estimated."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from blend.composite.colour import to_linear
from blend.composite.cutout import Cutout, sprite
from blend.composite.horizon import GroundCamera, camera_of
from blend.composite.labels import annotation, mended, region
from blend.composite.light import check_soft, light_at
from blend.composite.paste import paste
from blend.composite.place import Placement, Scene, place
from blend.composite.refusal import RefusalError
from blend.composite.road import road_mask
from blend.composite.settings import CompositeSettings
from blend.picture import Annotation, Picture, decode_rgb, sha256_of
from scenes.seeds import child_seed, generator

PIPELINE = "composite"
_QUALITY = 92
_LEAST_PART = 0.1
"""A rider of whom less is seen than this share of the whole actor has no label of its own."""
Mask = NDArray[np.bool_]


@dataclass(kw_only=True)
class Canvas:
    """A picture being composited.

    Args:
        rgb: uint8 (H, W, 3) as it is now.
        boxes: what its labels are now.
        depths_m: how far away the foot of each box is.
        told: what the record says of each actor.
        parents: cut-outs and donors.
        dropped: real labels that were dropped since too much was hidden.
    """

    rgb: NDArray[np.uint8]
    boxes: list[Annotation]
    depths_m: list[float]
    told: list[dict[str, Any]]
    parents: list[str]
    dropped: int = 0


def compose(background: Picture, cutouts: Sequence[Cutout], folder: Path, settings: CompositeSettings, *, seed: int) -> Picture:
    """Write a composite of a picture into a folder and return it; the picture itself is only read.

    Args:
        background: a real training picture.
        cutouts: the library.
        folder: where the new picture goes.
        settings: how.
        seed: the run's.

    Raises:
        RefusalError: it cannot be done without looking absurd.
    """
    own_seed = child_seed(seed, PIPELINE, background.name)
    rng = generator(own_seed, "place")
    rgb = decode_rgb(background.path)
    camera = camera_of(rgb, background.annotations)
    road = road_mask(rgb, camera, background.annotations)
    check_soft(to_linear(rgb), road)
    canvas = Canvas(
        rgb=rgb,
        boxes=list(background.annotations),
        depths_m=[camera.depth_m(box.xywh[1] + box.xywh[3]) for box in background.annotations],
        told=[],
        parents=[],
    )
    for number in range(int(rng.integers(1, settings.actors + 1))):
        try:
            placed = place(Scene(camera=camera, road=road, boxes=canvas.boxes), cutouts, settings, rng)
            _add(canvas, placed, camera, road, settings, rng)
        except RefusalError:
            if number == 0:
                raise
    return _written(background, canvas, camera, folder, own_seed)


def _add(
    canvas: Canvas, placed: Placement, camera: GroundCamera, road: Mask, settings: CompositeSettings, rng: np.random.Generator
) -> None:
    linear = to_linear(canvas.rgb)
    light = light_at(linear, canvas.rgb, road, placed.xyxy)
    behind = [depth > placed.depth_m for depth in canvas.depths_m]
    nearer = _nearer(canvas, behind, placed)
    pasted = paste(canvas.rgb, linear, sprite(placed.cutout, placed.scale), placed.foot_px, light, nearer, rng)
    if pasted.hidden > settings.most_hidden:
        raise RefusalError("too much of it is hidden")
    cover = np.any(list(pasted.masks.values()), axis=0)
    boxes, dropped = mended(canvas.boxes, cover, behind, settings.most_hidden)
    kept = {box.key for box in boxes}
    canvas.depths_m = [d for box, d in zip(canvas.boxes, canvas.depths_m, strict=True) if box.key in kept]
    canvas.rgb, canvas.boxes, canvas.dropped = pasted.rgb, boxes, canvas.dropped + dropped
    number = len(canvas.told) + 1
    for told in placed.cutout.objects:
        mask = pasted.masks[int(told["instance"])]
        if mask.sum() >= max(16, _LEAST_PART * cover.sum()):
            facts = {"occlusion": round(pasted.hidden, 4), "truncation": 0.0, "distance_m": round(placed.depth_m, 3)}
            key = f"composite-{number}-{told['instance']}"
            canvas.boxes.append(annotation(mask, category=told["category"], key=key, facts=facts))
            canvas.depths_m.append(placed.depth_m)
    canvas.parents.append(placed.cutout.name)
    canvas.told.append(
        {
            "cutout": placed.cutout.name,
            "mirrored": placed.cutout.mirrored,
            "foot_px": list(placed.foot_px),
            "scale": round(placed.scale, 5),
            "depth_m": round(placed.depth_m, 3),
            "light": light.record(),
        }
    )


def _nearer(canvas: Canvas, behind: Sequence[bool], placed: Placement) -> Mask:
    """Return pixels of real objects that stand before an actor.

    Raises:
        RefusalError: one that would hide some of it has a box and no mask.
    """
    nearer = np.zeros(canvas.rgb.shape[:2], dtype=bool)
    x0, y0, x1, y1 = placed.xyxy
    for box, is_behind in zip(canvas.boxes, behind, strict=True):
        x, y, w, h = box.xywh
        if is_behind or x >= x1 or x + w <= x0 or y >= y1 or y + h <= y0:
            continue
        if box.rle is None:
            raise RefusalError("behind a real object of unknown outline")
        nearer |= region(box, nearer.shape)
    return nearer


def _written(background: Picture, canvas: Canvas, camera: GroundCamera, folder: Path, own_seed: int) -> Picture:
    name = f"{background.name}-c{own_seed % 16**6:06x}"
    path = folder / f"{name}.jpg"
    path.write_bytes(encoded(canvas.rgb, background.path))
    return replace(
        background,
        name=name,
        path=path,
        source="synthetic",
        sha256=sha256_of(path),
        annotations=tuple(canvas.boxes),
        parents=(background.name, *canvas.parents),
        facts={**background.facts, "scenario": PIPELINE},
        augment={
            "pipeline": PIPELINE,
            "seed": own_seed,
            "camera": {
                "horizon_px": round(camera.horizon_px, 2),
                "height_m": round(camera.height_m, 3),
                "focal_px": round(camera.focal_px, 2),
                "vanish_x_px": round(camera.vanish_x_px, 2),
                "road_known": camera.road_known,
                **camera.evidence,
            },
            "actors": canvas.told,
            "dropped": canvas.dropped,
        },
    )


def encoded(rgb: NDArray[np.uint8], like: Path) -> bytes:
    """Encode a picture as JPEG with the quantisation of another file, so that it carries the same artefacts.

    Source:
        ITU-T T.81, tables of quantisation; a second round with the same tables changes next to nothing.
    """
    packed = io.BytesIO()
    with Image.open(like) as image:
        tables = getattr(image, "quantization", None)
    how: dict[str, Any] = {"qtables": tables, "subsampling": "4:2:0"} if tables else {"quality": _QUALITY}
    Image.fromarray(rgb).save(packed, "JPEG", **how)
    return packed.getvalue()
