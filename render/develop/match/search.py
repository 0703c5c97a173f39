"""Which way a camera's parts and tuning move its frames nearer to real pictures: a bounded search, one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from render.develop.camera import SensorSettings
from render.develop.match.distance import Sample, common_levels, standardised
from render.develop.match.finish import Finish
from render.develop.match.negatives import Negative, sampled
from render.develop.match.statistics import GROUPS

Cost = Callable[[SensorSettings], float]


@dataclass(frozen=True, kw_only=True)
class Knob:
    """A figure of the camera that is searched: its section, name, bounds, and the first step."""

    section: str
    name: str
    low: float
    high: float
    step: float


@dataclass(frozen=True, kw_only=True)
class Switch:
    """A part that a camera has in one of few kinds: its section, name, and the kinds."""

    section: str
    name: str
    kinds: tuple[object, ...]


RANGE = Switch(section="hdr", name="exposures", kinds=(1, 2, 3))
"""Whether lamps are blown out is a matter of the sensor: no finish brings back what it clipped."""
TURNS: tuple[Knob | Switch, ...] = (  # tone and colour are the finish's; beyond these bounds sharpening draws halos
    Knob(section="codec", name="video_quality_range", low=25, high=95, step=20),
    Switch(section="codec", name="video", kinds=("jpeg", "h264")),
    Knob(section="lens", name="soften", low=0.0, high=2.0, step=0.4),
    Knob(section="isp", name="sharpen", low=0.0, high=1.2, step=0.5),
    Knob(section="isp", name="luma_denoise", low=0.0, high=4.0, step=0.8),
    Knob(section="isp", name="chroma_denoise", low=0.0, high=6.0, step=1.5),
    Knob(section="isp", name="night_saturation", low=0.4, high=1.45, step=0.3),
)
_MOST_STEPS = 2
_VIDEO_HALF_RANGE = 8


def searched(
    camera: SensorSettings,
    frames: Sequence[Negative],
    real: Sequence[Sample],
    *,
    finish: Finish,
    turns: Sequence[Knob | Switch],
) -> SensorSettings:
    """Turn each knob and each switch while the cost falls; trials share their noise."""

    def cost_of(trial: SensorSettings) -> float:
        return cost([sampled(frame, trial, finish) for frame in frames], real)

    best = cost_of(camera)
    for turn in turns:
        if isinstance(turn, Knob):
            camera, best = _turned_while_better(camera, best, turn, cost_of)
        else:
            for trial in switched(camera, turn):
                camera, best = _better(camera, best, trial, cost_of)
    return camera


def _better(camera: SensorSettings, best: float, trial: SensorSettings, cost_of: Cost) -> tuple[SensorSettings, float]:
    told = cost_of(trial)
    return (trial, told) if told < best else (camera, best)


def _turned_while_better(
    camera: SensorSettings, best: float, knob: Knob, cost_of: Cost
) -> tuple[SensorSettings, float]:
    """Go in the first direction that helps as long as it helps, two steps at most."""
    first = camera
    for step in (knob.step, -knob.step):
        for _ in range(_MOST_STEPS):
            trial = turned(camera, knob, step)
            if trial == camera:
                break
            camera, best = _better(camera, best, trial, cost_of)
            if camera != trial:
                break
        if camera != first:
            break
    return camera, best


def switched(camera: SensorSettings, switch: Switch) -> list[SensorSettings]:
    """Return the camera with each other kind of a switch."""
    section = getattr(camera, switch.section)
    now = getattr(section, switch.name)
    return [
        replace(camera, **{switch.section: replace(section, **{switch.name: kind})})
        for kind in switch.kinds
        if kind != now
    ]


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


def cost(ours: Sequence[Sample], real: Sequence[Sample]) -> float:
    """Return the root mean square of the standardised distances: one that is far off tells two sets apart."""
    levels = common_levels(ours, real)
    if not levels:
        return float("inf")
    apart = standardised(ours, real, levels)
    squares = [np.mean([apart[name] ** 2 for name in names]) for names in GROUPS.values()]
    return float(np.sqrt(np.mean(squares)))
