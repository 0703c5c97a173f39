"""Which scenes and which light the config asks for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rareblend import traffic
from rareblend.job import Job
from render.agenda import Wish
from render.develop import atlas as looks
from scenes.atlas import Atlas, chosen
from scenes.camera import CameraSettings
from scenes.cells import CoverageSettings
from scenes.clip import ClipSettings
from scenes.draws import check_weights


@dataclass(frozen=True, kw_only=True)
class Mix:
    """The `scenario` section: relative weight of each scenario, >= 0; a `script` of the user's own replaces them."""

    mix: dict[str, float]
    script: Path | None = None
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        check_weights("scenario.mix", self.mix)


def atlas(job: Job) -> Atlas:
    """Return the lightings and weathers of the config, each of which makes a look.

    Raises:
        InputError: a section breaks a rule, or no chosen pair is possible.
    """
    told = chosen(job.config["lighting"], job.config["weather"])
    looks.check(told)
    return told


def wish(job: Job) -> Wish:
    """Return which scenes the config asks for.

    Raises:
        InputError: a section breaks a rule, or two of them contradict each other.
    """
    told, scenario = job.round, job.section("scenario", Mix)
    return Wish(
        mix=scenario.mix,
        script=scenario.script,
        atlas=atlas(job),
        cameras=job.section("camera", CameraSettings),
        coverage=job.section("coverage", CoverageSettings),
        seed=told.seed,
        count=told.count,
        workers=told.workers,
        tracked=job.section("clip", ClipSettings).frames > 0,
        like=traffic.style(job),
    )
