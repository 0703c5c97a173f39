"""The film on a windscreen: arcs that wipers leave and smears, which light up when light falls on them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from scenes.errors import InputError

Image = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Windscreen:
    """What sticks to the glass: dirt is the contrast of its film, in [0, 1]."""

    dirt: float = 0.0
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if not 0 <= self.dirt <= 1:
            raise InputError("windscreen.dirt", "must lie in [0, 1]", got=self.dirt)


def film(shape: tuple[int, int], contrast: float, rng: np.random.Generator) -> Image:
    """Return how much each pixel's piece of glass scatters, HxW, mean 1.

    Args:
        shape: height and width in pixels.
        contrast: 0 an even film, 1 a film of smears.
        rng: draws the smears.
    """
    if contrast <= 0:
        return np.ones(shape, np.float32)
    rows, columns = shape
    pivot = np.array([columns * rng.uniform(0.2, 0.8), rows * rng.uniform(1.5, 2.2)], np.float32)
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    radius = np.hypot(x - pivot[0], y - pivot[1])
    grooves = np.interp(radius.ravel(), np.arange(0, int(radius.max()) + 2), _groove_profile(radius, rng)).reshape(
        shape
    )
    smears = cv2.resize(rng.standard_normal((5, 8)).astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC)
    texture = np.exp(np.float32(contrast) * (0.14 * grooves.astype(np.float32) + 0.5 * smears))
    return np.asarray(texture / texture.mean(), np.float32)


def _groove_profile(radius: Image, rng: np.random.Generator) -> Image:
    """Return the depth of the wiper's grooves by distance from its pivot."""
    length = int(radius.max()) + 2
    fine = cv2.GaussianBlur(rng.standard_normal((1, length)).astype(np.float32), (0, 0), 0.8) * 1.4
    coarse = cv2.GaussianBlur(rng.standard_normal((1, length)).astype(np.float32), (0, 0), 18.0) * 3.0
    return np.asarray((fine + coarse)[0], np.float32)
