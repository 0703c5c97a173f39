"""Profiles of real pictures for a camera's finish: which are kept, and what codec and clipping take from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from render.develop.match.distance import FEWEST, Sample, common_levels
from render.develop.match.finish import Finish, Profile
from render.develop.match.statistics import GROUPS, LEVELS, SHARES, Measured, magnitude

MOST_PER_LEVEL = 48
_BOUNDS = (0.6, 1.6)
_MOST_GRAIN = 1.4  # of the pictures', however often it is corrected: chased through a codec, grain becomes coarse
_OCTAVES = GROUPS["sharpness"][:3]
_GRAIN = GROUPS["noise"][:3]
_SPREAD = ("a_spread", "b_spread")
_CORRECTED = (*_OCTAVES, *_GRAIN, *_SPREAD, "noise_chroma")


def profile(sample: Sample) -> Profile:
    """Return a picture's statistics as a finish takes them."""
    measured = sample.measured
    names = GROUPS["luminance"][: len(SHARES)]
    rising = np.clip(np.maximum.accumulate([measured[name] for name in names]), 0, 100)
    one, two, three = (_short(magnitude(measured[name])) for name in _OCTAVES)
    dark, mid, bright = (_short(magnitude(measured[name])) for name in _GRAIN)
    return Profile(
        lightness=tuple(_short(float(value)) for value in rising),
        grey=(_short(measured["a_grey"]), _short(measured["b_grey"])),
        spread=(_seen(magnitude(measured["a_spread"])), _seen(magnitude(measured["b_spread"]))),
        octaves=(_seen(one), _seen(two), _seen(three)),
        edge_ratio=_short(measured["edge_ratio"]),
        grain=(dark, mid, bright),
        chroma_grain=_short(magnitude(measured["noise_chroma"])),
        level=sample.level,
    )


def chosen(real: Sequence[Sample]) -> Finish:
    """Keep up to 48 pictures of every light level, spread evenly over their brightness, and nights from five on."""
    kept: list[Profile] = []
    for level in LEVELS:
        of_level = sorted(
            (sample for sample in real if sample.level == level), key=lambda told: told.measured["lightness_50"]
        )
        if level == "night" and len(of_level) < FEWEST:
            continue
        count = min(MOST_PER_LEVEL, len(of_level))
        kept += [profile(of_level[int((place + 0.5) * len(of_level) / count)]) for place in range(count)]
    return Finish(profiles=tuple(kept))


def corrected(finish: Finish, ours: Sequence[Sample], real: Sequence[Sample], *, first: Finish) -> Finish:
    """Aim detail and grain as much higher or lower as frames of ours came out too low or too high, within bounds.

    Args:
        finish: with which the frames were made.
        ours: frames, measured after the codec.
        real: pictures to be like.
        first: the finish before any correction; grain stays within a bound of it.
    """
    levels = common_levels(ours, real)
    if not levels:
        return finish
    scales = {level: _scales(_of(ours, level), _of(real, level)) for level in levels}
    both = zip(finish.profiles, first.profiles, strict=True)
    return replace(finish, profiles=tuple(_scaled(one, scales.get(one.level, {}), own) for one, own in both))


def _of(samples: Sequence[Sample], level: str) -> list[Measured]:
    return [sample.measured for sample in samples if sample.level == level]


def _scales(ours: Sequence[Measured], real: Sequence[Measured]) -> dict[str, float]:
    """Return real over ours of each magnitude that is corrected, by medians, within bounds."""
    apart = {name: np.median([r[name] for r in real]) - np.median([o[name] for o in ours]) for name in _CORRECTED}
    return {name: float(np.clip(np.exp(log), *_BOUNDS)) for name, log in apart.items()}


def _scaled(one: Profile, by: Mapping[str, float], first: Profile) -> Profile:
    def times(values: Sequence[float], names: Sequence[str]) -> list[float]:
        return [_seen(value * by.get(name, 1.0)) for value, name in zip(values, names, strict=True)]

    grain = times([*one.grain, one.chroma_grain], [*_GRAIN, "noise_chroma"])
    most = [_seen(_MOST_GRAIN * value) for value in (*first.grain, first.chroma_grain)]
    dark, mid, bright, chroma = map(min, grain, most)
    fine, middle, coarse = times(one.octaves, _OCTAVES)
    a, b = times(one.spread, _SPREAD)
    return replace(one, octaves=(fine, middle, coarse), grain=(dark, mid, bright), chroma_grain=chroma, spread=(a, b))


def _short(value: float) -> float:
    return round(value, 3)


def _seen(value: float) -> float:
    return max(_short(value), 1e-3)
