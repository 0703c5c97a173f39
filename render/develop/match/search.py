"""Which way a camera's tuning moves its frames nearer to real pictures: a bounded search, one knob after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from render.develop.camera import SensorSettings
from render.develop.match.distance import Sample, common_levels, standardised
from render.develop.match.finish import Finish
from render.develop.match.negatives import Negative, sampled
from render.develop.match.statistics import GROUPS


@dataclass(frozen=True, kw_only=True)
class Knob:
    """A figure of the camera that is searched: its section, name, bounds, and the first step."""

    section: str
    name: str
    low: float
    high: float
    step: float


KNOBS = (  # tone and white balance are the finish's; above these bounds sharpening draws halos, and colour fringes
    Knob(section="lens", name="soften", low=0.0, high=2.0, step=0.4),
    Knob(section="isp", name="sharpen", low=0.0, high=1.2, step=0.5),
    Knob(section="codec", name="video_quality_range", low=25, high=95, step=20),
    Knob(section="isp", name="luma_denoise", low=0.0, high=4.0, step=0.8),
    Knob(section="isp", name="chroma_denoise", low=0.0, high=6.0, step=1.5),
    Knob(section="isp", name="saturation", low=0.4, high=1.45, step=0.3),
)
_MOST_STEPS = 2
_VIDEO_HALF_RANGE = 8


def searched(
    camera: SensorSettings, frames: Sequence[Negative], real: Sequence[Sample], *, finish: Finish, rounds: int = 1
) -> SensorSettings:
    """Turn each knob while the root mean square of the standardised distances falls; trials share their noise."""
    best = _cost(camera, frames, real, finish)
    for one in range(rounds):
        for knob in KNOBS:
            step = knob.step / 2**one
            for direction in (step, -step):
                turned, cost = _followed(camera, knob, direction, best, frames=frames, real=real, finish=finish)
                if cost < best:
                    camera, best = turned, cost
                    break
    return camera


def _followed(
    camera: SensorSettings,
    knob: Knob,
    step: float,
    best: float,
    *,
    frames: Sequence[Negative],
    real: Sequence[Sample],
    finish: Finish,
) -> tuple[SensorSettings, float]:
    """Go on in one direction as long as it helps, two steps at most."""
    for _ in range(_MOST_STEPS):
        trial = turned(camera, knob, step)
        if trial == camera:
            break
        cost = _cost(trial, frames, real, finish)
        if cost >= best:
            break
        camera, best = trial, cost
    return camera, best


def turned(camera: SensorSettings, knob: Knob, step: float) -> SensorSettings:
    """Return the camera with a knob moved by a step, within its bounds."""
    section = getattr(camera, knob.section)
    now = getattr(section, knob.name)
    if isinstance(now, tuple):
        middle = round(float(np.clip(sum(now) / 2 + step, knob.low, knob.high)))
        value: object = (max(middle - _VIDEO_HALF_RANGE, 1), min(middle + _VIDEO_HALF_RANGE, 100))
    else:
        value = round(float(np.clip(now + step, knob.low, knob.high)), 4)
    changed: SensorSettings = replace(camera, **{knob.section: replace(section, **{knob.name: value})})
    return changed


def _cost(camera: SensorSettings, frames: Sequence[Negative], real: Sequence[Sample], finish: Finish) -> float:
    ours = [sampled(frame, camera, finish) for frame in frames]
    levels = common_levels(ours, real)
    if not levels:
        return float("inf")
    apart = standardised(ours, real, levels)
    squares = [np.mean([apart[name] ** 2 for name in names]) for names in GROUPS.values()]
    return float(np.sqrt(np.mean(squares)))  # one statistic that is far off tells two sets apart
