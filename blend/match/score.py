"""How far a set of pictures is from a real one, and what matching has cost: lower is better."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

Floats = NDArray[np.float64]
_BOUND = 4.0
"""Deviations beyond which a statistic tells no more."""
_STRUCTURE_PX = 2.0
_LEAST_SPREAD = 0.05
_FAINT = (0.03 * 255) ** 2 / 2
"""C3 of SSIM: contrast of patches, squared, below which nobody sees a structure."""


def standardised(ours: Floats, theirs: Floats) -> tuple[Floats, Floats]:
    """Return both in deviations of the second from its median, within bounds; (n, k) and (m, k)."""
    middle = np.median(theirs, axis=0)
    spread = np.maximum(theirs.std(axis=0), _LEAST_SPREAD)
    both = (np.clip((side - middle) / spread, -_BOUND, _BOUND) for side in (ours, theirs))
    first, second = both
    return first, second


def energy(ours: Floats, theirs: Floats) -> float:
    """Return the energy coefficient of two samples, [0, 1]: 0 if they are alike, 1 if each is one point apart.

    Args:
        ours: statistics (n, k), n >= 2.
        theirs: statistics (m, k), m >= 2.

    Pairs of a picture with itself are left out, so samples of one set give 0 on average and may fall below.

    Source: Székely and Rizzo, Energy statistics, Journal of Statistical Planning and Inference 143 (2013), 1249; it is
    an MMD with the distance kernel (Sejdinovic et al., Annals of Statistics 41 (2013), 2263).
    """
    first, second = standardised(ours, theirs)
    between = cdist(first, second).mean()
    within = [cdist(side, side).sum() / (len(side) * (len(side) - 1)) for side in (first, second)]
    return float((2 * between - sum(within)) / max(2 * between, 1e-9))


def damage(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> float:
    """Return what is lost of a picture's structure, [0, 1]: 1 less the correlation of small patches of luma.

    Patches count by their contrast, so that noise on a flat wall counts little and a lost edge much. Tone and contrast
    may change at no cost.

    Args:
        before: uint8 (H, W, 3).
        after: likewise.

    Source: the structure term of SSIM, Wang et al., IEEE TIP 13 (2004), 600.
    """
    x, y = (cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32) for rgb in (before, after))
    x, y = (plane - _mean(plane) for plane in (x, y))
    along, across = np.sqrt(_mean(x * x)), np.sqrt(_mean(y * y))
    correlation = (_mean(x * y) + _FAINT) / (along * across + _FAINT)
    return float(np.clip(1 - (correlation * along).sum() / max(float(along.sum()), 1e-6), 0, 1))


def _mean(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), _STRUCTURE_PX), np.float32)
