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

from render.develop.match.detail import detailed, edged, grained
from render.develop.match.statistics import SHARES, planes
from scenes.errors import InputError

Plane = NDArray[np.float32]
Bytes = NDArray[np.uint8]
_STRICT = ConfigDict(extra="forbid")

_SLOPES = (0.45, 2.2)  # of the tone curve: beyond them noise and steps of 8 bits would show
_SPREAD_GAINS = (0.45, 1.9)
_HUE_GAIN = 1.15  # how far the gain of a* or b* may lie from what both have in common
_MOST_CAST = 15.0
_NEUTRAL_ENDS = 12.0  # L* over which a cast fades out towards black and white


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What one picture of the camera measures.

    Args:
        lightness: CIE L* at the quantiles `statistics.SHARES`, rising, in [0, 100].
        cast: mean a* and b*; spread: their standard deviations, > 0.
        octaves: mean magnitude of the three finest octaves of L*, > 0.
        edge_ratio: steepness of the strongest edges, see `sharpness.edge_ratio`; 0 leaves them.
        grain: noise deviation of L* in dark, mid and bright flat patches; chroma_grain: of a* and b*.
    """

    lightness: tuple[float, ...]
    cast: tuple[float, float] = (0.0, 0.0)
    spread: tuple[float, float]
    octaves: tuple[float, float, float]
    edge_ratio: float = 0.0
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
        if min(*self.grain, self.chroma_grain, self.edge_ratio) < 0:
            raise InputError(
                "sensor.finish.profiles", "grain and edge_ratio must be >= 0", got=(*self.grain, self.edge_ratio)
            )


@dataclass(frozen=True, kw_only=True)
class Finish:
    """Profiles to draw from; none leaves pictures as they are.

    Args:
        profiles: of real pictures.
        strength: share of the way to the profile that is gone, [0, 1].
        nearest: how many profiles of like lightness a frame draws from, >= 1.
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
    strength = finish.strength
    lightness = detailed(toned(lightness, profile, strength), profile.octaves, strength)
    lightness = edged(lightness, profile.edge_ratio, strength)
    a, b = coloured((a, b), lightness, profile, strength)
    lightness, a, b = grained((lightness, a, b), profile.grain, profile.chroma_grain, strength=strength, rng=rng)
    lab = cv2.merge([np.clip(lightness, 0, 100), a, b])
    display = cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)
    return np.asarray(np.round(np.clip(display, 0, 1) * 255), np.uint8)


def drawn(lightness: Plane, finish: Finish, rng: np.random.Generator) -> Profile:
    """Draw one of the profiles whose lightness is spread most like the picture's: a day never becomes a night."""
    own = np.quantile(lightness, SHARES)
    apart = [float(np.linalg.norm(own - profile.lightness)) for profile in finish.profiles]
    order = np.argsort(apart, kind="stable")[: finish.nearest]
    return finish.profiles[int(order[rng.integers(len(order))])]


def toned(lightness: Plane, profile: Profile, strength: float) -> Plane:
    """Map quantiles of lightness to the profile's, piecewise straight, with slopes within bounds."""
    own = np.concatenate([[0.0], np.quantile(lightness, SHARES), [100.0]])
    wanted = np.concatenate([[0.0], profile.lightness, [100.0]])
    steps = np.diff(np.maximum.accumulate(own))
    rises = np.clip(np.diff(wanted), _SLOPES[0] * steps, _SLOPES[1] * steps)
    curve = np.concatenate([[0.0], np.cumsum(rises)])
    curve += float(np.median((wanted - curve)[1:-1]))  # where slopes had to be cut, most quantiles still fit
    mapped = np.interp(lightness, own, np.clip(curve, 0, 100))
    return np.asarray(lightness + strength * (mapped - lightness), np.float32)


def coloured(ab: tuple[Plane, Plane], lightness: Plane, profile: Profile, strength: float) -> tuple[Plane, Plane]:
    """Give a* and b* the profile's means and spreads; black and white stay neutral, and hues nearly what they are."""
    wanted = [spread / max(float(plane.std()), 1e-3) for spread, plane in zip(profile.spread, ab, strict=True)]
    gains = np.clip(wanted, *_SPREAD_GAINS)
    common = float(np.sqrt(gains.prod()))  # gains that differ much would turn yellow into orange
    gains = 1 + strength * (np.clip(gains, common / _HUE_GAIN, common * _HUE_GAIN) - 1)
    ends = np.clip(np.minimum(lightness, 100 - lightness) / np.float32(_NEUTRAL_ENDS), 0, 1)
    fade = np.asarray(strength * ends / max(float(ends.mean()), 0.25), np.float32)
    a, b = (
        _moved(plane, float(gain), np.float32(np.clip(mean - plane.mean(), -_MOST_CAST, _MOST_CAST)) * fade)
        for plane, gain, mean in zip(ab, gains, profile.cast, strict=True)
    )
    return a, b


def _moved(plane: Plane, gain: float, shift: Plane) -> Plane:
    own = np.float32(plane.mean())
    return np.asarray((plane - own) * np.float32(gain) + own + shift, np.float32)
