"""What ordinary traffic is to be like: ours, without lanes, or like a labelled real set's."""

from __future__ import annotations

from blend.real import RealSettings, read
from eval.review.lent import database_of
from rareblend.job import Job
from scenes import likeness
from scenes.errors import InputError
from scenes.likeness import Likeness
from scenes.mixed_traffic import MixedTraffic
from scenes.ordinary_traffic import Style


def style(job: Job) -> Style | None:
    """Return what the `traffic` section asks for; ours if None.

    Raises:
        InputError: a section breaks a rule, or the real set cannot be used.
    """
    if job.config["traffic"].get("kind") == "mixed":
        return job.section("traffic", MixedTraffic)
    told, real = job.section("traffic", likeness.TrafficSettings), job.section("real", RealSettings)
    if told.kind == "ours":
        return None
    return likeness.read(told.profile) if told.profile is not None else _fitted(job, real)


def _fitted(job: Job, real: RealSettings) -> Likeness:
    """Return traffic like a real set's; it is written to <out>/traffic.yaml."""
    if not real.labelled:
        fix = "add real=coco real.images=DIR real.annotations=FILE, or another labelled kind of conf/real"
        raise InputError("traffic=like_real", "needs a labelled real set", got=f"real={real.kind}", fix=fix)
    with database_of(real):
        pictures = [picture for picture in read(real, seed=job.round.seed).pictures if picture.labelled]
    fitted = likeness.fit(
        [
            [
                likeness.labelled(a.category, a.xywh, (picture.width, picture.height))
                for a in picture.annotations
                if a.category in likeness.CLASSES
            ]
            for picture in pictures
        ]
    )
    likeness.write(job.round.out / "traffic.yaml", fitted)
    return fitted
