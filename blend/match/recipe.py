"""What is done to a picture, step by step: grid, colour, sharpness, noise, file; a pure function to the bytes kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from blend.match import jpeg
from blend.match.display import Picture, as_bytes, as_float, held
from blend.match.fourier import fourier
from blend.match.grid import smoothed
from blend.match.histogram import histogram
from blend.match.noise import noisy
from blend.match.reference import Reference
from blend.match.reinhard import reinhard
from blend.match.sharpness import sharpened
from blend.match.transport import transport
from scenes.seeds import generator

COLOUR: Mapping[str, Callable[[Picture, Reference, float], Picture]] = MappingProxyType(
    {"reinhard": reinhard, "histogram": histogram, "transport": transport, "fourier": fourier}
)
FINISH = ("grid", "sharpness", "noise", "jpeg")


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Strengths of the steps, [0, 1] each; all 0 leaves a picture as it is.

    Args:
        colour: a name in `COLOUR`.
        strength: of the colour transfer.
        grid: share of the picture's own compression grid that is smoothed away.
        sharpness: of the match of detail.
        noise: of the match of noise.
        jpeg: 1 for the real file's tables, 0 for fine ones.
    """

    colour: str = "reinhard"
    strength: float = 0.0
    grid: float = 0.0
    sharpness: float = 0.0
    noise: float = 0.0
    jpeg: float = 0.0

    @property
    def idle(self) -> bool:
        """Whether nothing is done."""
        return not any((self.strength, self.grid, self.sharpness, self.noise, self.jpeg))


def applied(rgb: NDArray[np.uint8], reference: Reference, recipe: Recipe, *, seed: int) -> bytes:
    """Match a picture and return it as a JPEG file; same arguments, same bytes.

    Args:
        rgb: uint8 (H, W, 3), sides of at least 32 px.
        reference: of the real picture.
        recipe: what is done.
        seed: all the randomness there is.
    """
    before = after = as_float(rgb)
    if recipe.grid:
        after = smoothed(after, recipe.grid)
    if recipe.strength:
        after = held(after, COLOUR[recipe.colour](after, reference, recipe.strength))
    if recipe.sharpness:
        after = sharpened(after, reference.octaves, recipe.sharpness)
    if recipe.noise:
        after = noisy(after, reference.grain, recipe.noise, generator(seed, "match-noise"))
    shown = rgb if after is before else as_bytes(after, generator(seed, "match-dither"))
    return jpeg.encode(shown, reference.tables if recipe.jpeg else None)
