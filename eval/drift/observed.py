"""Pictures as drift sees them: features, low-level attributes and the take that each belongs to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from blend.picture import Picture
from eval import encoder, resample
from eval.appearance import SHORT_SIDE_PX, Appearance
from eval.embed import Features, embed
from eval.resample import Floats, Ints
from render.develop.match.statistics import NAMES

ATTRIBUTES = (
    *("lightness_5", "lightness_50", "lightness_95", "local_contrast"),
    *("octave_1", "spectrum_slope", "noise_mid", "noise_chroma"),
    *("a_mean", "b_mean", "vivid", "blockiness"),
)
"""Which of a picture's low-level statistics are watched; more of them would ask for more of each."""
_COLUMNS = [NAMES.index(name) for name in ATTRIBUTES]


@dataclass(frozen=True, kw_only=True)
class Observed:
    """Pictures of one kind.

    Args:
        keys: n, SHA-256 of each picture's bytes.
        takes: n, its clip or run of file numbers.
        features: n x 1280.
        attributes: n x 12, in the order of `ATTRIBUTES`.
        unreadable: how many pictures could not be decoded or are too small.
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


def observe(pictures: Sequence[Picture], *, workers: int = 1) -> Observed:
    """Return what drift needs of some pictures; what cannot be decoded or is too small is counted and left out.

    Args:
        pictures: of a reference or a window.
        workers: pictures in work at once; changes no result.
    """
    usable = [picture for picture in pictures if min(picture.width, picture.height) >= SHORT_SIDE_PX]
    paths = [picture.path for picture in usable]
    seen = embed(paths, encoder.load("whole"), workers=workers)
    low = embed(paths, Appearance(), workers=workers)
    kept = [(p, s, a) for p, s, a in zip(usable, seen, low, strict=True) if s and a and a.arrays["pooled"].size]
    return Observed(
        keys=tuple(features.digest for _, features, _ in kept),
        takes=tuple(picture.group for picture, _, _ in kept),
        features=_rows([features for _, features, _ in kept], 1280),
        attributes=_rows([low_level for _, _, low_level in kept], len(NAMES))[:, _COLUMNS],
        unreadable=len(pictures) - len(kept),
    )


def _rows(found: Sequence[Features], width: int) -> Floats:
    return np.array([one.arrays["pooled"] for one in found], dtype=np.float64).reshape(-1, width)
