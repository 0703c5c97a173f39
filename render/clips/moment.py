"""What sets a clip's frame apart from the others under the same look: its time, its noise, and what was metered before.

Drawn values and the look's seed stay, and with them dirt on the glass, the lens and the sky. Noise, rain and spray are
drawn anew for each frame; strobes and wipers go on; the automatic exposure lags behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from math import exp
from pathlib import Path
from typing import Any, TypeVar

from render import manifest
from render.clips.stored import camera_and_frame, read
from render.develop.camera import SensorSettings
from render.develop.exposure import lagged
from render.develop.look import Look
from render.develop.preset import LookSettings, strobes
from render.develop.view import View
from scenes.clip import Clip
from scenes.seeds import generator

_STROBE_HZ = 2.2
"""UNECE R65 asks for 2 to 4 Hz."""
_WIPES_HZ = 0.75
"""45 cycles a minute, the least of the higher speed by Commission Regulation (EU) No 1008/2010."""
_SETTLES_S = 0.4
"""Time constant of the automatic exposure of a camera that states no lag."""
_LAG_HZ = 30.0
"""A camera's `lag` is the past's share after one frame at this rate."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One frame of a clip.

    Args:
        clip: all its frames.
        frame: number of this one.
        before_cd_m2: look's id to what the camera went by a frame earlier, cd/m²; empty for the first frame.
    """

    clip: Clip
    frame: int
    before_cd_m2: Mapping[str, float] = field(default_factory=dict)

    def taken(self, view: View, look: Look, camera: SensorSettings) -> tuple[View, Look, SensorSettings]:
        """Return view, look and camera as they are at this frame."""
        lag = frame_lag(camera.exposure.lag, self.clip.rate_hz)
        return (
            replace(view, when=(self.frame,), before_cd_m2=self.before_cd_m2.get(look.look_id)),
            look_at(look, self.clip.time_s(self.frame)),
            replace(camera, exposure=replace(camera.exposure, lag=lag)),
        )


J = TypeVar("J", bound=Any)


def frame_lag(lag: float, rate_hz: float) -> float:
    """Return the share of the past that remains from one frame of a clip to the next."""
    return float(lag ** (_LAG_HZ / rate_hz)) if lag else exp(-1 / (rate_hz * _SETTLES_S))


def steady(looks: LookSettings) -> LookSettings:
    """Return presets whose flashing lamps are not caught at a random moment: a clip tells when they shine."""
    families = {
        item.name: tuple(replace(preset, flashes=False) for preset in getattr(looks, item.name))
        for item in fields(looks)
    }
    return LookSettings(**families)


def look_at(look: Look, time_s: float) -> Look:
    """Return a look at a time: strobes flash and wipers wipe."""
    begun = float(generator(look.seed, "strobe").random())
    shine = strobes((begun + time_s * _STROBE_HZ) % 1.0)
    weights = {group: weight * shine.get(group, 1.0) for group, weight in look.weights.items()}
    glass = look.windscreen
    if glass.wiper > 0:
        glass = replace(glass, wiper=max((glass.wiper + time_s * _WIPES_HZ) % 1.0, 1e-3))
    return replace(look, weights=weights, windscreen=glass)


def with_past(jobs: tuple[J, ...]) -> Iterator[J]:
    """Yield a group's jobs one after another, those of a clip with their moment; each is developed before the next."""
    metered: dict[str, float] = {}
    for job in jobs:
        frame = camera_and_frame(job.view)[1]
        if frame is None:
            yield job
            continue
        clip = read(job.out, job.scene)
        yield replace(job, moment=Moment(clip=clip, frame=frame, before_cd_m2=dict(metered)))
        lag = frame_lag(job.sensor.exposure.lag, clip.rate_hz)
        for look, now in _metered(job.out, f"{job.scene}-{job.view}"):
            metered[look] = lagged(now, metered.get(look), lag)


def _metered(out: Path, view: str) -> Iterator[tuple[str, float]]:
    """Yield the look and the metered luminance of each frame of a view."""
    for path in sorted((out / "frames").glob(f"{view}-*.json")):
        record = manifest.read_record(path)
        yield record["look"]["id"], record["develop"]["exposure"]["metered_cd_m2"]
