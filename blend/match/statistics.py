"""The low-level statistics by which two sets of pictures are compared: what a camera leaves in what it takes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from blend.match.display import Lab, Plane, as_float, lab_of
from blend.match.noise import grain
from blend.match.sharpness import octaves

Floats = NDArray[np.float64]
NAMES = (
    *("lightness_5", "lightness_25", "lightness_50", "lightness_75", "lightness_95", "contrast"),
    *("a_mean", "b_mean", "a_spread", "b_spread"),
    *("octave_1", "octave_2", "octave_3", "noise", "chroma_noise", "blocks"),
)
"""Columns of `measure`; magnitudes are logarithms."""
_SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
_FLOOR = 0.02  # L*, a*, b* below which differences cannot be seen


def measure(rgb: NDArray[np.uint8]) -> Floats:
    """Measure a picture, uint8 (H, W, 3), as `NAMES` says."""
    lab = lab_of(as_float(rgb))
    plane = np.ascontiguousarray(lab[..., 0])
    magnitudes = np.log(np.add([_contrast(plane), *octaves(plane), *grain(lab)], _FLOOR))
    colour = _colour(lab)
    return np.array([*_quantiles(plane), magnitudes[0], *colour, *magnitudes[1:], _blocks(plane)])


def lightness(rgb: NDArray[np.uint8]) -> list[float]:
    """Measure the quantiles of L* that `measure` begins with."""
    return _quantiles(lab_of(as_float(rgb))[..., 0])


def _quantiles(plane: Plane) -> list[float]:
    return [float(value) for value in np.quantile(plane, _SHARES)]


def _contrast(plane: Plane) -> float:
    """Return the mean deviation of L* in patches of 16 px."""
    mean, square = (cv2.blur(side, (16, 16)) for side in (plane, plane * plane))
    return float(np.sqrt(np.maximum(square - mean * mean, 0)).mean())


def _colour(lab: Lab) -> list[float]:
    mean, spread = lab[..., 1:].mean(axis=(0, 1)), lab[..., 1:].std(axis=(0, 1))
    return [*map(float, mean), *map(float, np.log(spread + _FLOOR))]


def _blocks(plane: Plane) -> float:
    """Return the logarithm of steps across the 8-pixel grid over steps elsewhere; 0 without a grid.

    Source: Wang, Sheikh and Bovik, ICIP 2002, 477.
    """
    ratios = []
    for axis in (0, 1):
        steps = np.abs(np.diff(plane, axis=axis)).mean(axis=1 - axis)
        on_grid = np.arange(1, len(steps) + 1) % 8 == 0
        ratios.append(np.log((steps[on_grid].mean() + _FLOOR) / (steps[~on_grid].mean() + _FLOOR)))
    return float(np.mean(ratios))
