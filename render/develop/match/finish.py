"""The last word of a fitted camera: lightness, colour, detail and grain of its 8-bit pictures, by light level.

Cameras of one fleet, and moods of one camera, differ from picture to picture. So a fitted camera keeps several
profiles, each the statistics of one real picture (never its pixels), and every frame draws one of its own light level.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from render.develop.match import sharpness
from render.develop.match.cast import blown, coloured
from render.develop.match.detail import detailed, edged, grained
from render.develop.match.statistics import LEVELS, SHARES, light_level, planes
from scenes.errors import InputError

Plane = NDArray[np.float32]
Bytes = NDArray[np.uint8]
_STRICT = ConfigDict(extra="forbid")

_SLOPES = (0.45, 2.2)  # of the tone curve: beyond them noise and steps of 8 bits would show
_TOUCHES = (0.5, 1.5)  # of a second one: detail, edges and tone move each other, and detail crushes black
_ANCHORED = np.array([0.0, 0.0, 0.25, 0.75, 1.0, 1.0, 1.0, 1.0, 1.0])  # exposure moves black the least
_APART_LIGHTNESS, _APART_DETAIL, _APART_SPREAD = 12.0, 0.5, 0.5  # L*, and logarithms of magnitudes, that count alike
_MOST_CAST = {"day": 10.0, "dim": 10.0, "night": 8.0}  # a night's lamps have colours of their own
_FAINT = 0.02


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What one picture of the camera measures.

    Args:
        lightness: CIE L* at the quantiles `statistics.SHARES`, rising, in [0, 100].
        grey: a* and b* of what is grey, see `neutral.neutral`; spread: standard deviations of a* and b*, > 0.
        octaves: mean magnitude of the three finest octaves of L*, > 0.
        edge_ratio: steepness of the strongest edges, see `sharpness.edge_ratio`; 0 leaves them.
        grain: noise deviation of L* in dark, mid and bright flat patches; chroma_grain: of a* and b*.
        level: night, dim or day, see `statistics.light_level`.
    """

    lightness: tuple[float, ...]
    grey: tuple[float, float] = (0.0, 0.0)
    spread: tuple[float, float]
    octaves: tuple[float, float, float]
    edge_ratio: float = 0.0
    grain: tuple[float, float, float] = (0.0, 0.0, 0.0)
    chroma_grain: float = 0.0
    level: str = "day"
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
        if self.level not in LEVELS:
            raise InputError("sensor.finish.profiles.level", f"must be one of {', '.join(LEVELS)}", got=self.level)
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
        nearest: how many of the likest profiles a frame draws from, >= 1.
    """

    profiles: tuple[Profile, ...] = ()
    strength: float = 1.0
    nearest: int = 12
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not 0 <= self.strength <= 1:
            raise InputError("sensor.finish.strength", "must lie in [0, 1]", got=self.strength)
        if self.nearest < 1:
            raise InputError("sensor.finish.nearest", "must be >= 1", got=self.nearest)


def finished(rgb: Bytes, finish: Finish, rng: np.random.Generator, *, night: bool = False) -> Bytes:
    """Bring a picture, HxWx3 uint8, to a profile of like light; the same generator gives the same bytes.

    A night is left as it is where the finish knows no nights, and a day where it knows nothing else.

    Source: Reinhard et al., IEEE CG&A 21(5) (2001), 34 (pictures alike by means and spreads).
    """
    if not finish.profiles or not finish.strength:
        return rgb
    among = of_level(finish.profiles, light_level(rgb, night=night))
    if not among:
        return rgb
    lightness, a, b = planes(rgb)
    profile = drawn((lightness, a, b), among, finish.nearest, rng)
    strength = finish.strength
    white = blown(lightness)
    for slopes in (_SLOPES, _TOUCHES):
        lightness = toned(lightness, profile, strength, slopes=slopes)
        lightness = detailed(lightness, profile.octaves, strength)
        lightness = edged(lightness, profile.edge_ratio, strength)
    lightness = np.asarray(np.clip(lightness, 0, 100), np.float32)
    lab, most = (lightness, a, b), _MOST_CAST[profile.level]
    a, b = coloured(lab, cast=profile.grey, spread=profile.spread, most=most, blown=white, strength=strength)
    lightness, a, b = grained((lightness, a, b), profile.grain, profile.chroma_grain, strength=strength, rng=rng)
    display = cv2.cvtColor(cv2.merge([np.clip(lightness, 0, 100), a, b]), cv2.COLOR_LAB2RGB)
    return np.asarray(np.round(np.clip(display, 0, 1) * 255), np.uint8)


def of_level(profiles: Sequence[Profile], level: str) -> list[Profile]:
    """Return the profiles of a light level; a day without any is brought to dim ones, and the other way round."""
    by_night = level == "night"
    own = [profile for profile in profiles if profile.level == level]
    return own or [profile for profile in profiles if (profile.level == "night") == by_night]


def drawn(
    picture: tuple[Plane, Plane, Plane], among: Sequence[Profile], nearest: int, rng: np.random.Generator
) -> Profile:
    """Draw one of the profiles that are most like the picture, L*, a*, b*, in light, detail and colourfulness."""
    lightness, *ab = picture
    own = np.quantile(lightness, SHARES)
    detail = np.log([sharpness.energy(layer) + _FAINT for layer in sharpness.octaves(lightness)[: sharpness.OCTAVES]])
    spread = np.log([float(plane.std()) + _FAINT for plane in ab])
    apart = [
        np.square((own - profile.lightness) / _APART_LIGHTNESS).mean()
        + np.square((detail - np.log(np.add(profile.octaves, _FAINT))) / _APART_DETAIL).mean()
        + np.square((spread - np.log(np.add(profile.spread, _FAINT))) / _APART_SPREAD).mean()
        for profile in among
    ]
    order = np.argsort(apart, kind="stable")[:nearest]
    return among[int(order[rng.integers(len(order))])]


def toned(lightness: Plane, profile: Profile, strength: float, *, slopes: tuple[float, float] = _SLOPES) -> Plane:
    """Map quantiles of lightness to the profile's, piecewise straight, with slopes within bounds."""
    ends = min(float(lightness.min()), 0.0), max(float(lightness.max()), 100.0)
    own = np.concatenate([ends[:1], np.quantile(lightness, SHARES), ends[1:]])
    wanted = np.concatenate([[0.0], profile.lightness, [100.0]])
    steps = np.diff(np.maximum.accumulate(own))
    rises = np.clip(np.diff(wanted), slopes[0] * steps, slopes[1] * steps)
    curve = np.concatenate([[0.0], np.cumsum(rises)])
    curve += _ANCHORED * np.median((wanted - curve)[1:-1])  # where slopes had to be cut, most quantiles still fit
    mapped = np.interp(lightness, own, np.clip(np.maximum.accumulate(curve), 0, 100))
    keep = blown(lightness)  # what is blown out is white in any camera
    return np.asarray(lightness + strength * (1 - keep) * (mapped - lightness), np.float32)
