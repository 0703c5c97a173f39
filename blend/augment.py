"""Variety for finished frames: named pipelines, or a user's own, that keep masks, boxes and joints right.

These act on 8-bit display pictures, so they add variety and not physics: fog, rain, glare and noise belong to the
develop stage, in linear light. Ids and joints go through the same geometry as pixels, and boxes are measured on ids.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

import cv2
from pydantic import ConfigDict

from blend.integrity import check
from blend.paste import Donors, paste, unpasted
from blend.picture import Picture, decode_rgb, sha256_of
from blend.pipeline import Pipeline, named, read
from blend.relabel import DropRule, instance_ids, joints_of, relabelled
from blend.variety import apply, record
from scenes.errors import InputError
from scenes.seeds import child_seed, generator


@dataclass(frozen=True, kw_only=True)
class AugmentSettings:
    """How synthetic frames are varied.

    Args:
        pipeline: name of a file in `conf/augment/pipeline/`; `none` for no varieties.
        file: a pipeline of one's own instead, as `albumentations.save` writes it; JSON or YAML.
        probability: share of frames that get one variety beside them, [0, 1].
        not_for: lightings and looks (`lighting` and `look_name` of a frame) whose frames get none.
        pasted_most: objects of other frames that are pasted before the pipeline, at most; 0 for none.
        min_visible_share: an object is dropped if less than this share of its mask is left, [0, 1].
        min_area_px: and if its mask is smaller than this.
        jpeg_quality: of the written varieties, 1 to 100.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    pipeline: str = "light"
    file: str = ""
    probability: float = 0.5
    not_for: tuple[str, ...] = ()
    pasted_most: int = 0
    min_visible_share: float = 0.25
    min_area_px: int = 16
    jpeg_quality: int = 92

    def __post_init__(self) -> None:
        for key in ("probability", "min_visible_share"):
            if not 0 <= getattr(self, key) <= 1:
                raise InputError(f"augment.{key}", "must lie in [0, 1]", got=getattr(self, key))
        if self.min_area_px < 1:
            raise InputError("augment.min_area_px", "must be at least 1", got=self.min_area_px)
        if not 0 <= self.pasted_most <= 100:
            raise InputError("augment.pasted_most", "must lie in [0, 100]", got=self.pasted_most)
        if not 1 <= self.jpeg_quality <= 100:
            raise InputError("augment.jpeg_quality", "must lie in [1, 100]", got=self.jpeg_quality)
        steps = self.chosen()
        if self.file:
            check(steps)

    @property
    def active(self) -> bool:
        """Whether there are varieties at all."""
        return bool(self.file or self.pipeline != "none" or self.pasted_most)

    @property
    def rule(self) -> DropRule:
        """What becomes of objects of which little is left."""
        return DropRule(min_visible_share=self.min_visible_share, min_area_px=self.min_area_px)

    def chosen(self) -> Pipeline:
        """Read the pipeline.

        Raises:
            InputError: there is none of this name, or the file breaks a rule.
        """
        return read(Path(self.file)) if self.file else named(self.pipeline)


def fits(frame: Picture, settings: AugmentSettings) -> bool:
    """Tell whether varieties of a frame would not look absurd: rain with hard shadows, night made darker."""
    return not {str(frame.facts.get(key)) for key in ("lighting", "look_name")} & set(settings.not_for)


def drawn(frame: str, settings: AugmentSettings, *, seed: int) -> bool:
    """Tell whether a frame gets a variety; a function of its name and the seed only."""
    return settings.active and generator(seed, "augment-draw", frame).random() < settings.probability


def vary(
    frame: Picture, folder: Path, settings: AugmentSettings, *, seed: int, donors: Donors = MappingProxyType({})
) -> Picture:
    """Write one variety of a frame with masks into a folder and return it as a picture of its own.

    Args:
        frame: a synthetic frame.
        folder: where the picture goes.
        settings: how.
        seed: the run's.
        donors: objects that may be pasted, see `paste.offers`; all of the split of `frame`.
    """
    steps = settings.chosen()
    own_seed = child_seed(seed, "augment", frame.name, steps.name)
    before = unpasted(decode_rgb(frame.path), instance_ids(frame), frame)
    if settings.pasted_most:
        before = paste(before, donors, most=settings.pasted_most, rule=settings.rule, seed=own_seed)
    variety = apply(before.rgb, before.ids, joints_of(before.annotations), pipeline=steps, seed=own_seed)
    kept, dropped = relabelled(before.annotations, variety, settings.rule)
    name = f"{frame.name}-{own_seed % 16**6:06x}"
    path = folder / f"{name}.jpg"
    _, data = cv2.imencode(".jpg", variety.rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, settings.jpeg_quality])
    path.write_bytes(data.tobytes())
    height, width = variety.ids.shape
    pasting = {"pasted": before.pasted, "not_pasted": before.refused} if settings.pasted_most else {}
    return replace(
        frame,
        name=name,
        path=path,
        sha256=sha256_of(path),
        width=width,
        height=height,
        annotations=tuple(kept),
        parents=(frame.name, *sorted({str(one["frame"]) for one in before.pasted})),
        facts={key: value for key, value in frame.facts.items() if key != "mask"},
        augment=record(steps, own_seed, variety) | pasting | {"dropped": dropped},
    )
