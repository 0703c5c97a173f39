"""The last word of a fitted camera: lightness, colour, detail and grain of its 8-bit pictures, by light level.

Cameras of one fleet, and moods of one camera, differ from picture to picture. So a fitted camera keeps several
profiles, each the statistics of one real picture (never its pixels), and every frame draws one that is about as bright.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from render.develop.match import sharpness
from render.develop.match.noise_level import LEVELS, noise
from render.develop.match.statistics import SHARES, planes
from scenes.errors import InputError

Plane = NDArray[np.float32]
Bytes = NDArray[np.uint8]
_STRICT = ConfigDict(extra="forbid")

_SLOPES = (0.3, 3.0)  # of the tone curve: beyond them noise and steps of 8 bits would show
_SPREAD_GAINS = (0.35, 2.5)
_OCTAVE_GAINS = (0.4, 2.2)
_NEUTRAL_ENDS = 12.0  # L* over which a cast fades out towards black and white
_GRAIN_PX = 0.6  # width of grain that demosaicing and codec have smoothed
_CHROMA_GRAIN_PX = 1.2
_GRAIN_REMAINS = (0.45, 0.25)  # share of grain of those widths that passes the mask of the noise level


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What one picture of the camera measures.

    Args:
        lightness: CIE L* at the quantiles `statistics.SHARES`, rising, in [0, 100].
        cast: mean a* and b*; spread: their standard deviations, > 0.
        octaves: mean magnitude of the three finest octaves of L*, > 0.
        grain: noise deviation of L* in dark, mid and bright flat patches; chroma_grain: of a* and b*.
    """

    lightness: tuple[float, ...]
    cast: tuple[float, float] = (0.0, 0.0)
    spread: tuple[float, float]
    octaves: tuple[float, float, float]
    grain: tuple[float, float, float] = (0.0, 0.0, 0.0)
    chroma_grain: float = 0.0
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        rising = all(low <= high for low, high in itertools.pairwise(self.lightness))
        if len(self.lightness) != len(SHARES) or not rising or not 0 <= self.lightness[0] <= self.lightness[-1] <= 100:
            rule = f"must be {len(SHARES)} rising values in [0, 100]"
            raise InputError("sensor.finish.profiles.lightness", rule, got=self.lightness)
        if not (min(self.spread) > 0 and min(self.octaves) > 0):
            raise InputError(
                "sensor.finish.profiles", "spread and octaves must be > 0", got=(self.spread, self.octaves)
            )
        if min(*self.grain, self.chroma_grain) < 0:
            raise InputError("sensor.finish.profiles.grain", "must be >= 0", got=(*self.grain, self.chroma_grain))


@dataclass(frozen=True, kw_only=True)
class Finish:
    """Profiles to draw from; none leaves pictures as they are.

    Args:
        profiles: of real pictures.
        strength: share of the way to the profile that is gone, [0, 1].
        nearest: how many profiles of like brightness a frame draws from, >= 1.
    """

    profiles: tuple[Profile, ...] = ()
    strength: float = 1.0
    nearest: int = 6
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not 0 <= self.strength <= 1:
            raise InputError("sensor.finish.strength", "must lie in [0, 1]", got=self.strength)
        if self.nearest < 1:
            raise InputError("sensor.finish.nearest", "must be >= 1", got=self.nearest)


def finished(rgb: Bytes, finish: Finish, rng: np.random.Generator) -> Bytes:
    """Bring a picture, HxWx3 uint8, to a profile of like brightness; the same generator gives the same bytes.

    Source: Reinhard et al., IEEE CG&A 21(5) (2001), 34 (colour by means and spreads in an opponent space).
    """
    if not finish.profiles or not finish.strength:
        return rgb
    lightness, a, b = planes(rgb)
    profile = drawn(lightness, finish, rng)
    lightness = detailed(toned(lightness, profile, finish.strength), profile, finish.strength)
    a, b = (
        coloured(plane, lightness, profile.cast[index], profile.spread[index], finish.strength)
        for index, plane in enumerate((a, b))
    )
    lightness, a, b = grained(lightness, a, b, profile=profile, strength=finish.strength, rng=rng)
    lab = cv2.merge([np.clip(lightness, 0, 100), a, b])
    display = cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)
    return np.asarray(np.round(np.clip(display, 0, 1) * 255), np.uint8)


def drawn(lightness: Plane, finish: Finish, rng: np.random.Generator) -> Profile:
    """Draw one of the profiles whose median lightness is nearest to the picture's."""
    middle = len(SHARES) // 2
    medians = np.array([profile.lightness[middle] for profile in finish.profiles])
    order = np.argsort(np.abs(medians - np.median(lightness)), kind="stable")[: finish.nearest]
    return finish.profiles[int(order[rng.integers(len(order))])]


def toned(lightness: Plane, profile: Profile, strength: float) -> Plane:
    """Map quantiles of lightness to the profile's, piecewise straight, with slopes within [0.3, 3]."""
    own = np.concatenate([[0.0], np.quantile(lightness, SHARES), [100.0]])
    wanted = np.concatenate([[0.0], profile.lightness, [100.0]])
    steps = np.diff(np.maximum.accumulate(own))
    rises = np.clip(np.diff(wanted), _SLOPES[0] * steps, _SLOPES[1] * steps)
    curve = np.concatenate([[0.0], np.cumsum(rises)])
    curve += float(np.median((wanted - curve)[1:-1]))  # where slopes had to be cut, most quantiles still fit
    mapped = np.interp(lightness, own, np.clip(curve, 0, 100))
    return np.asarray(lightness + strength * (mapped - lightness), np.float32)


def coloured(plane: Plane, lightness: Plane, mean: float, spread: float, strength: float) -> Plane:
    """Give a* or b* the profile's mean and spread; black and white stay neutral."""
    gain = 1 + strength * (np.clip(spread / max(float(plane.std()), 1e-3), *_SPREAD_GAINS) - 1)
    own = float(plane.mean())
    ends = np.clip(np.minimum(lightness, 100 - lightness) / np.float32(_NEUTRAL_ENDS), 0, 1)
    fade = ends / max(float(ends.mean()), 0.25)
    shift = np.float32(strength * (mean - own)) * fade
    return np.asarray((plane - own) * np.float32(gain) + np.float32(own) + shift, np.float32)


def detailed(lightness: Plane, profile: Profile, strength: float) -> Plane:
    """Scale the three finest octaves to the profile's magnitudes, within bounds."""
    *layers, rest = sharpness.octaves(lightness)
    for layer, wanted in zip(layers, profile.octaves, strict=True):
        gain = np.clip(wanted / max(sharpness.energy(layer), 1e-3), *_OCTAVE_GAINS)
        rest = rest + layer * np.float32(1 + strength * (gain - 1))
    return np.asarray(rest, np.float32)


def grained(
    lightness: Plane, a: Plane, b: Plane, *, profile: Profile, strength: float, rng: np.random.Generator
) -> tuple[Plane, Plane, Plane]:
    """Add the grain that flat patches lack against the profile; nothing is taken away."""
    own, in_a, in_b = noise(lightness, a, b)
    lacks = [strength * _lack(has, wants) / _GRAIN_REMAINS[0] for has, wants in zip(own, profile.grain, strict=True)]
    centres = [(low + high) / 2 for low, high in itertools.pairwise(LEVELS)]
    deviation = np.interp(lightness, centres, lacks).astype(np.float32)
    lightness = lightness + deviation * _grain(lightness.shape, _GRAIN_PX, rng)
    lack = strength * _lack(float(np.mean([*in_a, *in_b])), profile.chroma_grain) / _GRAIN_REMAINS[1]
    a, b = (plane + np.float32(lack) * _grain(plane.shape, _CHROMA_GRAIN_PX, rng) for plane in (a, b))
    return lightness, a, b


def _lack(has: float, wants: float) -> float:
    return float(np.sqrt(max(wants**2 - has**2, 0.0)))


def _grain(shape: tuple[int, ...], width_px: float, rng: np.random.Generator) -> Plane:
    """Return smoothed normal noise of deviation 1."""
    white = cv2.GaussianBlur(rng.standard_normal(shape, np.float32), (0, 0), width_px)
    return np.asarray(white / np.float32(white.std()), np.float32)
