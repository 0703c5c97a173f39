"""Pictures as drift sees them: features, low-level attributes and the take that each belongs to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from blend.picture import Picture
from eval import encoder, resample
from eval.embed import Features, embed
from eval.encoder import Outputs
from eval.resample import Floats, Ints
from render.develop.match import statistics

ATTRIBUTES = (
    *("lightness_5", "lightness_50", "lightness_95", "local_contrast"),
    *("octave_1", "spectrum_slope", "noise_mid", "noise_chroma"),
    *("a_mean", "b_mean", "vivid", "blockiness"),
)
"""Which of a picture's low-level statistics are watched; more of them would ask for more of each."""
_LONG_SIDE_PX = 640


@dataclass(frozen=True, kw_only=True)
class Observed:
    """Pictures of one kind.

    Args:
        keys: n, SHA-256 of each picture's bytes.
        takes: n, its clip or run of file numbers.
        features: n x 1280.
        attributes: n x 12, in the order of `ATTRIBUTES`.
        unreadable: how many pictures could not be decoded.
    """

    keys: tuple[str, ...]
    takes: tuple[str, ...]
    features: Floats
    attributes: Floats
    unreadable: int = 0

    @property
    def digest(self) -> str:
        """What these pictures are known by: a hash of their bytes, whatever their order."""
        return hashlib.sha256("".join(sorted(self.keys)).encode()).hexdigest()[:16]

    @property
    def groups(self) -> Ints:
        """Return a number for each picture, equal within a take."""
        return resample.codes(list(self.takes))

    def take(self, rows: Ints) -> Observed:
        """Return some of the pictures, in order."""
        keys, takes = tuple(self.keys[row] for row in rows), tuple(self.takes[row] for row in rows)
        return replace(self, keys=keys, takes=takes, features=self.features[rows], attributes=self.attributes[rows])


@dataclass(frozen=True)
class _LowLevel:
    """The low-level statistics in the form of an encoder, so that the feature cache keeps them too."""

    label: str = "low_level_1"

    def run(self, rgb: NDArray[np.uint8]) -> Outputs:
        """Return the watched statistics of a picture, scaled down to a long side of 640 px."""
        height, width = rgb.shape[:2]
        scale = max(_LONG_SIDE_PX / max(height, width), 96 / min(height, width))
        if scale < 1:
            size = round(width * scale), round(height * scale)
            rgb = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
        found = statistics.measure(rgb)
        return {"attributes": np.array([found[name] for name in ATTRIBUTES], dtype=np.float32)}


def observe(pictures: Sequence[Picture], *, workers: int = 1) -> Observed:
    """Return what drift needs of some pictures; those that cannot be decoded are counted and left out.

    Args:
        pictures: of a reference or a window.
        workers: pictures in work at once; changes no result.
    """
    usable = [picture for picture in pictures if min(picture.width, picture.height) >= 96]
    paths = [picture.path for picture in usable]
    seen = embed(paths, encoder.load("whole"), workers=workers)
    low = embed(paths, _LowLevel(), workers=workers)
    kept = [(p, s, a) for p, s, a in zip(usable, seen, low, strict=True) if s is not None and a is not None]
    return Observed(
        keys=tuple(features.digest for _, features, _ in kept),
        takes=tuple(picture.group for picture, _, _ in kept),
        features=_rows([features for _, features, _ in kept], "pooled", 1280),
        attributes=_rows([attributes for _, _, attributes in kept], "attributes", len(ATTRIBUTES)),
        unreadable=len(pictures) - len(kept),
    )


def _rows(found: Sequence[Features], name: str, width: int) -> Floats:
    return np.array([one.arrays[name] for one in found], dtype=np.float64).reshape(-1, width)
