"""What JPEG left in a picture: the tables of its header, its chroma subsampling, and the grid of its blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

Plane = NDArray[np.float32]

_LUMA_SUM = 3679
"""Sum of the example luma table of ITU-T T.81 (1992), annex K; quality 50 is that table as it stands."""
_BLOCK_PX = 8


@dataclass(frozen=True, kw_only=True)
class Header:
    """What a JPEG file says of its compression.

    Args:
        quality: on the scale of the IJG library, [1, 100], that gives luma steps as coarse as the file's.
        subsampling: `4:4:4`, `4:2:2`, `4:2:0` or `other`.
    """

    quality: int
    subsampling: str


def quality_of(luma_table: Sequence[int]) -> int:
    """Return the IJG quality whose luma table has the sum nearest to that of a file's, [1, 100].

    Source: IJG libjpeg 6b, jcparam.c, jpeg_quality_scaling.
    """
    wanted = sum(luma_table)
    qualities = np.arange(1, 101)
    scale = np.where(qualities < 50, 5000 / qualities, 200 - 2 * qualities)
    sums = np.maximum(_LUMA_SUM * scale / 100, 64)
    return int(qualities[int(np.argmin(np.abs(sums - wanted)))])


def header(path: Path) -> Header | None:
    """Return what a file's header tells; None if it is no JPEG or cannot be opened."""
    try:
        with Image.open(path) as file:
            tables = getattr(file, "quantization", None)
            layers = getattr(file, "layer", None)
    except (OSError, UnidentifiedImageError):
        return None
    if not tables:
        return None
    return Header(quality=quality_of(list(tables[min(tables)])), subsampling=_subsampling(layers))


def _subsampling(layers: Sequence[Sequence[int]] | None) -> str:
    if not layers or len(layers) != 3:
        return "other"
    (_, wide, high, *_), *colours = layers
    if any(tuple(colour[1:3]) != (1, 1) for colour in colours):
        return "other"
    return {(1, 1): "4:4:4", (2, 1): "4:2:2", (2, 2): "4:2:0"}.get((wide, high), "other")


def blockiness(plane: Plane) -> float:
    """Return the logarithm of the steps across the 8-pixel grid over the steps elsewhere; 0 without a grid.

    Args:
        plane: HxW float32 whose origin lies on the grid.

    Source: Wang, Sheikh and Bovik, ICIP 2002, 477 (blockiness as differences across block boundaries).
    """
    ratios = []
    for axis in (0, 1):
        steps = np.abs(np.diff(plane, axis=axis)).mean(axis=1 - axis)
        on_grid = np.arange(1, len(steps) + 1) % _BLOCK_PX == 0
        ratios.append(np.log((steps[on_grid].mean() + 0.02) / (steps[~on_grid].mean() + 0.02)))
    return float(np.mean(ratios))


def still_share(plane: Plane) -> float:
    """Return the share of neighbours that do not differ, [0, 1]: coefficients that quantisation set to zero."""
    return float((np.abs(np.diff(plane, axis=1)) < 0.05).mean())
