"""Colour of a finished picture: saturation about its grey, then the white balance that gives the grey a cast.

What is grey takes the cast, not the mean of all: trees and sky of another place are no matter of the camera. White
balance acts on linear red and blue, so black stays black and saturated things keep their hue; where the sensor was
blown out, white stays white.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from render.develop.match.neutral import neutral

Plane = NDArray[np.float32]
Image = NDArray[np.float32]
Planes = tuple[Plane, Plane, Plane]

_SPREAD_GAINS = (0.45, 1.4)
_HUE_GAIN = 1.15  # how far the gain of a* or b* may lie from what both have in common
_BLOWN = (88.0, 97.0)  # L* between which white balance fades out
_MOST_GAIN = 0.7  # logarithm of red or blue against green
_PROBE = 0.05
_STEPS = 3
_THIN = 4


def coloured(
    picture: Planes,
    *,
    cast: tuple[float, float],
    spread: tuple[float, float],
    most: float,
    blown: Plane,
    strength: float,
) -> tuple[Plane, Plane]:
    """Give grey a cast, and a* and b* their spreads, within bounds.

    Args:
        picture: L*, a*, b*, HxW each.
        cast: wanted a* and b* of what is grey, see `neutral.neutral`.
        spread: wanted standard deviations.
        most: how far grey may be moved in a* and b*.
        blown: how much a pixel was blown out, HxW in [0, 1], from `blown`.
        strength: share of the way, [0, 1].

    Source: von Kries (1902), adaptation by gains; Buchsbaum, Journal of the Franklin Institute 310 (1980), 1.
    """
    lightness, *ab = picture
    wanted = np.clip([to / max(float(plane.std()), 1e-3) for to, plane in zip(spread, ab, strict=True)], *_SPREAD_GAINS)
    common = float(np.sqrt(wanted.prod()))  # gains that differ much would turn yellow into orange
    gains = 1 + strength * (np.clip(wanted, common / _HUE_GAIN, common * _HUE_GAIN) - 1)
    thin = (slice(_THIN // 2, None, _THIN),) * 2
    own = neutral(*(plane[thin] for plane in picture))
    vivid = [(plane - now) * np.float32(gain) + now for plane, now, gain in zip(ab, own.cast, gains, strict=True)]
    rgb_linear = np.asarray(cv2.cvtColor(cv2.merge([lightness, *vivid]), cv2.COLOR_LAB2LRGB), np.float32)
    goal = own.cast + strength * np.clip(np.subtract(cast, own.cast), -most, most)
    weight = 1 - blown
    _, a, b = _balanced(rgb_linear, weight, _solved(rgb_linear[thin], weight[thin], own.weight, goal))
    return a, b


def blown(lightness: Plane) -> Plane:
    """Return how much pixels are blown out, [0, 1], by CIE L*."""
    low, high = _BLOWN
    return np.asarray(np.clip((lightness - low) / (high - low), 0, 1), np.float32)


def _solved(rgb_linear: Image, weight: Plane, grey: Plane, goal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return logarithms of red and blue gains that bring grey to a goal in a* and b*, by Newton's method."""

    def cast_of(gains: NDArray[np.float64]) -> NDArray[np.float64]:
        _, *ab = _balanced(rgb_linear, weight, gains)
        return np.array([float((plane * grey).sum() / grey.sum()) for plane in ab])

    gains = np.zeros(2)
    for _ in range(_STEPS):
        now = cast_of(gains)
        slopes = [(cast_of(gains + probe) - now) / _PROBE for probe in _PROBE * np.eye(2)]
        step = np.linalg.lstsq(np.transpose(slopes), goal - now, rcond=1e-3)[0]
        gains = np.clip(gains + step, -_MOST_GAIN, _MOST_GAIN)
    return gains


def _balanced(rgb_linear: Image, weight: Plane, gains: NDArray[np.float64]) -> Planes:
    """Return L*, a*, b* after gains of red and blue at equal luminance."""
    red, green, blue = cv2.split(rgb_linear)
    more = red * np.exp(np.float32(gains[0]) * weight), green, blue * np.exp(np.float32(gains[1]) * weight)
    before, after = (0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in ((red, green, blue), more))
    scale = before / np.maximum(after, np.float32(1e-6))
    lightness, a, b = cv2.split(cv2.cvtColor(cv2.merge([channel * scale for channel in more]), cv2.COLOR_LRGB2LAB))
    return np.asarray(lightness), np.asarray(a), np.asarray(b)
