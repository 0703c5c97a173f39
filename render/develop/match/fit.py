"""Fit a camera to real pictures: what files and corners tell directly, then a bounded search, then the finish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from render.develop.camera import SensorSettings, exposed
from render.develop.match import profiles
from render.develop.match.distance import FEWEST, Distance, Sample, distance
from render.develop.match.finish import Finish
from render.develop.match.negatives import Negative, printed, sampled
from render.develop.match.pictures import RealPicture
from render.develop.match.search import RANGE, TURNS, Knob, Switch, searched
from render.develop.match.statistics import LEVELS
from render.develop.match.vignette import falloff

_MOST_FRAMES = 48
_SEARCH_FRAMES = 36
_CORRECTIONS = 3
_DAY_CD_M2 = 10.0
_KEY_BOUNDS = (0.4, 2.5)
_KEY_SHARE = 0.7  # of the way: part of the difference is what the pictures show


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A camera like the one that took the real pictures.

    Args:
        camera, finish: settings.
        before, after: distance of our frames to the pictures, on the pictures that it was fitted to.
        pictures: number of real pictures.
        resolution_wh: their commonest size.
    """

    camera: SensorSettings
    finish: Finish
    before: Distance
    after: Distance
    pictures: int
    resolution_wh: tuple[int, int]


def fit(
    real: Sequence[RealPicture],
    frames: Sequence[Negative],
    camera: SensorSettings,
    *,
    seed: int = 0,
    turns: Sequence[Knob | Switch] = TURNS,
) -> Fitted:
    """Fit a camera.

    Args:
        real: pictures of the camera, 20 or more.
        frames: our negatives, 30 or more, of the light levels that the pictures have.
        camera: where to begin.
        seed: draws the folds of the distance.
        turns: what of the camera is searched, in this order, after the range of its sensor.

    Nights are left out where the pictures have none: their darkest are days in the shade.

    Raises:
        InputError: no light level has five pictures on both sides.
    """
    if not has_nights(real):
        frames = [frame for frame in frames if not frame.night]
        turns = [turn for turn in turns if turn.name != "night_saturation"]
    frames = [frames[place] for place in _even(len(frames), _MOST_FRAMES)]
    first = [sampled(frame, camera, Finish()) for frame in frames]
    before = distance(first, real, seed=seed)
    finish = profiles.chosen(real)
    few = [frames[place] for place in _spread(first, _SEARCH_FRAMES)]
    fitted = _keyed(real, frames, first, _darkened(real, frames, _stored(real, camera)))
    fitted = searched(fitted, few, real, finish=finish, turns=(RANGE,))
    if fitted.hdr != camera.hdr:  # merged exposures leave other means
        fitted = _keyed(real, frames, [sampled(frame, fitted, Finish()) for frame in frames], fitted)
    start = profiles.corrected(finish, [sampled(frame, fitted, finish) for frame in frames], real, first=finish)
    fitted = searched(fitted, few, real, finish=start, turns=turns)
    finish, after = _closed(finish, fitted, frames, real, seed=seed)
    sizes = [picture.size_wh for picture in real]
    common = max(sorted(set(sizes)), key=sizes.count)
    return Fitted(camera=fitted, finish=finish, before=before, after=after, pictures=len(real), resolution_wh=common)


def has_nights(real: Sequence[Sample]) -> bool:
    """Tell whether pictures show what the camera makes of a night."""
    return sum(sample.level == "night" for sample in real) >= FEWEST


def _closed(
    finish: Finish, camera: SensorSettings, frames: Sequence[Negative], real: Sequence[RealPicture], *, seed: int
) -> tuple[Finish, Distance]:
    """Correct a finish by what comes out after the codec, a few times, and return the nearest with its distance."""
    first, tried = finish, list[tuple[Finish, Distance]]()
    for _ in range(_CORRECTIONS + 1):
        ours = [sampled(frame, camera, finish) for frame in frames]
        tried.append((finish, distance(ours, real, seed=seed)))
        finish = profiles.corrected(finish, ours, real, first=first)
    return min(tried, key=lambda one: one[1].mean)


def _spread(first: Sequence[Sample], count: int) -> list[int]:
    """Pick frames of all light levels alike, evenly over brightness, so that the search sees each of them."""
    by_level = [[place for place, sample in enumerate(first) if sample.level == level] for level in LEVELS]
    seen = [sorted(places, key=lambda place: first[place].measured["lightness_50"]) for places in by_level if places]
    return [places[at] for places in seen for at in _even(len(places), count // len(seen))]


def _even(total: int, count: int) -> list[int]:
    return [int(place) for place in np.unique(np.linspace(0, total - 1, min(count, total)).round())]


def _stored(real: Sequence[RealPicture], camera: SensorSettings) -> SensorSettings:
    qualities = [picture.header.quality for picture in real if picture.header]
    if not qualities:
        return camera
    low, high = (int(value) for value in np.quantile(qualities, (0.05, 0.95)).round())
    return replace(camera, codec=replace(camera.codec, jpeg_quality_range=(low, high)))


def _darkened(real: Sequence[RealPicture], frames: Sequence[Negative], camera: SensorSettings) -> SensorSettings:
    theirs = float(np.median([picture.falloff for picture in real]))
    ours = float(np.median([falloff(printed(frame, camera, Finish())) for frame in frames[::2]]))
    strength = float(np.clip(camera.lens.vignette + theirs - ours, 0, 2))
    return replace(camera, lens=replace(camera.lens, vignette=round(strength, 3)))


def _keyed(
    real: Sequence[RealPicture], frames: Sequence[Negative], first: Sequence[Sample], camera: SensorSettings
) -> SensorSettings:
    """Bring the median lightness of days and of nights towards that of the pictures; a dusk is neither."""
    keys = camera.exposure
    bright = [exposed(frame.light, frame.look, camera).metered_cd_m2 > _DAY_CD_M2 for frame in frames]
    day, night = keys.day_key, keys.night_key
    for by_day, counts in ((True, bright), (False, [frame.night for frame in frames])):
        ours = [one.measured["lightness_50"] for one, count in zip(first, counts, strict=True) if count]
        theirs = _lightness(real, ("day", "dim") if by_day else ("night",))
        if min(len(ours), len(theirs)) < FEWEST:
            continue
        change = (_luminance(float(np.median(theirs))) / _luminance(float(np.median(ours)))) ** _KEY_SHARE
        factor = float(np.clip(change, *_KEY_BOUNDS))
        day, night = (min(day * factor, 0.5), night) if by_day else (day, night * factor)
    exposure = replace(keys, day_key=round(max(day, night), 4), night_key=round(night, 4))
    return replace(camera, exposure=exposure)


def _lightness(real: Sequence[Sample], levels: Sequence[str]) -> list[float]:
    """Return the median lightness of pictures of the first level, or of all told where it has few."""
    own, both = ([one.measured["lightness_50"] for one in real if one.level in levels[:end]] for end in (1, 2))
    return own if len(own) >= FEWEST else both


def _luminance(lightness: float) -> float:
    """Return relative luminance of CIE L*."""
    return max(((lightness + 16) / 116) ** 3, 0.002)
