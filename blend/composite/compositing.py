"""A composite: a real training picture with actors on its ground, labelled, with all that was estimated."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from blend.composite.canvas import Canvas
from blend.composite.colour import to_linear
from blend.composite.cutout import Cutout, sprite
from blend.composite.horizon import camera_of
from blend.composite.instance import Donor, Transplant, blended, transplant
from blend.composite.light import check_soft, light_at
from blend.composite.paste import paste
from blend.composite.place import Scene, place
from blend.composite.refusal import RefusalError
from blend.composite.road import road_mask, taken
from blend.composite.settings import CompositeSettings
from blend.picture import Picture, decode_rgb, sha256_of, tight_xywh
from scenes.seeds import child_seed, generator

PIPELINE = "composite"
_QUALITY = 92
_DONORS = 4
"""Donors that are tried for one actor."""


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What actors come from: traced cut-outs, and instances of other training pictures."""

    cutouts: Sequence[Cutout] = ()
    donors: Sequence[Donor] = ()


def compose(background: Picture, sources: Sources, folder: Path, settings: CompositeSettings, *, seed: int) -> Picture:
    """Write a composite of a picture into a folder and return it; the picture itself is only read.

    It is labelled if the picture is. In a picture that nobody has labelled, only the actors that were put in are known:
    a detector that took it for labelled would learn that all other objects in it are background. So its record holds
    their boxes and masks, for crops, checks and trainers that know of partial labels, and says `labelled: false`, by
    which training, evaluation and formats without that mark leave it out.

    Args:
        background: a real training picture.
        sources: of actors; a picture lends nothing to itself.
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
    check_soft(to_linear(rgb), road, ~taken(background.annotations, background.height, background.width))
    canvas = Canvas(rgb=rgb, camera=camera, boxes=list(background.annotations))
    others = [donor for donor in sources.donors if donor.picture.name != background.name]
    real = bool(others) and (not sources.cutouts or rng.random() < settings.pasted_share)
    for number in range(int(rng.integers(1, settings.actors + 1))):
        scene = Scene(camera=camera, road=road, boxes=canvas.boxes)
        try:
            if real:
                _add_instance(canvas, scene, others, settings, rng)
            else:
                _add_traced(canvas, scene, sources.cutouts, settings, rng)
        except RefusalError:
            if number == 0:
                raise
    return _written(background, canvas, folder / f"{name_of(background, seed=seed)}.jpg", own_seed)


def name_of(background: Picture, *, seed: int) -> str:
    """Return the name that the composite of a picture has under a seed."""
    return f"{background.name}-c{child_seed(seed, PIPELINE, background.name) % 16**6:06x}"


def _add_traced(
    canvas: Canvas, scene: Scene, cutouts: Sequence[Cutout], settings: CompositeSettings, rng: np.random.Generator
) -> None:
    others = [cutout for cutout in cutouts if cutout.scene not in canvas.scenes]  # no twins in one picture
    placed = place(scene, others, settings, rng)
    linear = to_linear(canvas.rgb)
    light = light_at(linear, canvas.rgb, scene.road, placed.xyxy)
    nearer = canvas.nearer(placed.xyxy, placed.depth_m)
    shrunk = sprite(placed.cutout, placed.scale)
    pasted = paste(canvas.rgb, linear, shrunk, foot_px=placed.foot_px, light=light, nearer=nearer, rng=rng)
    canvas.settle(
        pasted.rgb,
        [(told["category"], pasted.masks[int(told["instance"])]) for told in placed.cutout.objects],
        hidden=pasted.hidden,
        depth_m=placed.depth_m,
        parent=placed.cutout.name,
        told={
            "cutout": placed.cutout.name,
            "mirrored": placed.cutout.mirrored,
            "foot_px": list(placed.foot_px),
            "scale": round(placed.scale, 5),
            "light": light.record(),
        },
        settings=settings,
    )


def _add_instance(
    canvas: Canvas, scene: Scene, donors: Sequence[Donor], settings: CompositeSettings, rng: np.random.Generator
) -> None:
    donor, moved = _moved(scene, donors, settings, rng)
    x, y, w, h = (round(edge) for edge in tight_xywh(moved.mask))
    nearer = canvas.nearer((x, y, x + w, y + h), moved.depth_m)
    mask = moved.mask & ~nearer
    if not mask.any():
        raise RefusalError("too much of it is hidden")
    canvas.settle(
        blended(canvas.rgb, moved.rgb, mask, settings.seam),
        [(donor.box.category, mask)],
        hidden=1.0 - float(mask.sum() / moved.mask.sum()),
        depth_m=moved.depth_m,
        parent=donor.picture.name,
        told={"donor": donor.picture.name, "key": donor.box.key, "scale": round(moved.scale, 5), "seam": settings.seam},
        settings=settings,
    )


def _moved(
    scene: Scene, donors: Sequence[Donor], settings: CompositeSettings, rng: np.random.Generator
) -> tuple[Donor, Transplant]:
    """Draw donors until one has a place.

    Raises:
        RefusalError: none of a few has; the reason is that of the last.
    """
    drawn = [donors[at] for at in rng.permutation(len(donors))[:_DONORS].tolist()]
    for donor in drawn[:-1]:
        try:
            return donor, transplant(donor, scene, settings, rng)
        except RefusalError:
            continue
    return drawn[-1], transplant(drawn[-1], scene, settings, rng)


def _written(background: Picture, canvas: Canvas, path: Path, own_seed: int) -> Picture:
    path.write_bytes(encoded(canvas.rgb, background.path))
    return replace(
        background,
        name=path.stem,
        path=path,
        source="synthetic",
        sha256=sha256_of(path),
        annotations=tuple(canvas.boxes),
        parents=(background.name, *canvas.parents),
        facts={**background.facts, "scenario": PIPELINE},
        augment={
            "pipeline": PIPELINE,
            "seed": own_seed,
            "camera": canvas.camera.record(),
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
