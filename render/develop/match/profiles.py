"""Profiles of real pictures for a camera's finish: which are kept, and what codec and clipping take from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from render.develop.match.distance import Sample, common_levels
from render.develop.match.finish import Finish, Profile
from render.develop.match.statistics import GROUPS, LEVELS, SHARES, Measured, magnitude

MOST_PER_LEVEL = 16
_BOUNDS = (0.5, 2.0)
_OCTAVES = GROUPS["sharpness"][:3]
_GRAIN = GROUPS["noise"][:3]


def profile(measured: Measured) -> Profile:
    """Return a picture's statistics as a finish takes them."""
    names = GROUPS["luminance"][: len(SHARES)]
    rising = np.clip(np.maximum.accumulate([measured[name] for name in names]), 0, 100)
    one, two, three = (_short(magnitude(measured[name])) for name in _OCTAVES)
    dark, mid, bright = (_short(magnitude(measured[name])) for name in _GRAIN)
    return Profile(
        lightness=tuple(_short(float(value)) for value in rising),
        cast=(_short(measured["a_mean"]), _short(measured["b_mean"])),
        spread=(_seen(magnitude(measured["a_spread"])), _seen(magnitude(measured["b_spread"]))),
        octaves=(_seen(one), _seen(two), _seen(three)),
        edge_ratio=_short(measured["edge_ratio"]),
        grain=(dark, mid, bright),
        chroma_grain=_short(magnitude(measured["noise_chroma"])),
    )


def chosen(real: Sequence[Sample]) -> Finish:
    """Keep up to 16 pictures of every light level, spread evenly over their brightness."""
    kept: list[Profile] = []
    for level in LEVELS:
        of_level = sorted(
            (sample.measured for sample in real if sample.level == level), key=lambda told: told["lightness_50"]
        )
        places = np.unique(np.linspace(0, len(of_level) - 1, min(MOST_PER_LEVEL, len(of_level))).round().astype(int))
        kept += [profile(of_level[place]) for place in places if of_level]
    return Finish(profiles=tuple(kept))


def corrected(finish: Finish, ours: Sequence[Sample], real: Sequence[Sample]) -> Finish:
    """Aim detail and grain as much higher or lower as frames of ours came out too low or too high, within bounds.

    Args:
        finish: with which the frames were made.
        ours: frames, measured after the codec.
        real: pictures to be like.
    """
    levels = common_levels(ours, real)
    if not levels:
        return finish
    octave = [_ratio(name, ours, real, levels) for name in _OCTAVES]
    grain = [_ratio(name, ours, real, levels) for name in _GRAIN]
    chroma = _ratio("noise_chroma", ours, real, levels)
    spread = [_ratio(name, ours, real, levels) for name in ("a_spread", "b_spread")]
    return replace(finish, profiles=tuple(_scaled(one, octave, grain, chroma, spread) for one in finish.profiles))


def _scaled(
    one: Profile, octave: Sequence[float], grain: Sequence[float], chroma: float, spread: Sequence[float]
) -> Profile:
    fine, middle, coarse = (_seen(value * by) for value, by in zip(one.octaves, octave, strict=True))
    dark, mid, bright = (_short(value * by) for value, by in zip(one.grain, grain, strict=True))
    a, b = (_seen(value * by) for value, by in zip(one.spread, spread, strict=True))
    return replace(
        one,
        octaves=(fine, middle, coarse),
        grain=(dark, mid, bright),
        chroma_grain=_short(one.chroma_grain * chroma),
        spread=(a, b),
    )


def _ratio(name: str, ours: Sequence[Sample], real: Sequence[Sample], levels: Sequence[str]) -> float:
    """Return real over ours of a magnitude, by medians, mean over levels."""
    apart = [
        np.median([sample.measured[name] for sample in real if sample.level == level])
        - np.median([sample.measured[name] for sample in ours if sample.level == level])
        for level in levels
    ]
    return float(np.clip(np.exp(np.mean(apart)), *_BOUNDS))


def _short(value: float) -> float:
    return round(value, 3)


def _seen(value: float) -> float:
    return max(_short(value), 1e-3)
