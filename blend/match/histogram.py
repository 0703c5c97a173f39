"""Histograms of L*, a*, b* brought to a real picture's, channel by channel.

Source: Gonzalez and Woods, Digital Image Processing, 3.3.2 (histogram specification).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blend.match.display import Lab, Picture, Plane, lab_of, rgb_of
from blend.match.reference import SHARES, Reference
from blend.match.reinhard import MOST_CAST

SLOPES = (0.5, 1.5)
"""Bounds of the mapping's slope: flatter ones swallow detail, steeper ones show bands and noise."""


def histogram(rgb: Picture, reference: Reference, strength: float) -> Picture:
    """Map quantiles to a reference's; arguments as in `reinhard`."""
    lab = lab_of(rgb)
    most = (np.inf, MOST_CAST, MOST_CAST)
    moved = [_mapped(lab[..., c], np.asarray(reference.quantiles[c]), most[c]) for c in range(3)]
    after: Lab = np.stack(moved, axis=2)
    return rgb_of(lab + np.float32(strength) * (after - lab))


def _mapped(plane: Plane, wanted: NDArray[np.float64], most: float) -> Plane:
    """Map piecewise straight with slopes in bounds; the medians meet, or come nearer by what is allowed at most."""
    own = np.quantile(plane, SHARES)
    steps = np.diff(own)
    rises = np.clip(np.diff(wanted), SLOPES[0] * steps, SLOPES[1] * steps)
    curve = np.concatenate([[0.0], np.cumsum(rises)])
    middle = len(SHARES) // 2
    curve += own[middle] + np.clip(wanted[middle] - own[middle], -most, most) - curve[middle]
    known = np.concatenate([[True], steps > 0])
    mapped = np.interp(plane, own[known], curve[known])
    beyond = plane - np.clip(plane, own[0], own[-1])
    return np.asarray(mapped + beyond, np.float32)
