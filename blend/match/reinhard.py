"""Means and spreads of L*, a*, b* brought to a real picture's.

Source: Reinhard, Ashikhmin, Gooch and Shirley, Color Transfer between Images, IEEE CG&A 21(5) (2001), 34; there in
lαβ, here in CIE L*a*b*.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blend.match.display import Picture, lab_of, rgb_of
from blend.match.reference import Reference

GAINS = (0.6, 1.4)
"""Bounds of a channel's stretch: beyond them fog would lift that is in the labels, and the steps of 8 bits show."""
CHROMA_GAINS = (0.5, 1.7)
"""Bounds of the stretch of a* and b*, which lift no fog; cameras differ more in saturation than in contrast."""
MOST_CAST = 4.0
"""Most by which mean a* and b* move, either way: the error of a white balance; more would paint grey roads blue."""


def reinhard(rgb: Picture, reference: Reference, strength: float) -> Picture:
    """Transfer colour.

    Args:
        rgb: display RGB (H, W, 3) in [0, 1].
        reference: of the real picture.
        strength: share of the way, [0, 1].
    """
    lab = lab_of(rgb)
    mean, spread = lab.mean(axis=(0, 1)), lab.std(axis=(0, 1))
    wanted = np.sqrt(np.diag(reference.covariance))
    lowest, highest = np.array([GAINS, CHROMA_GAINS, CHROMA_GAINS], np.float32).T
    gain = np.clip(wanted / np.maximum(spread, 1e-3), lowest, highest)
    moved = (lab - mean) * gain + mean + shift(mean, reference)
    return rgb_of(lab + np.float32(strength) * (moved - lab))


def shift(mean: NDArray[np.float32], reference: Reference) -> NDArray[np.float32]:
    """Return by how much mean L*, a*, b* go to a reference's, within bounds."""
    apart = np.asarray(reference.mean, np.float32) - mean
    return np.asarray([apart[0], *np.clip(apart[1:], -MOST_CAST, MOST_CAST)], np.float32)
