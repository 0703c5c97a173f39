"""Amplitudes of the lowest frequencies swapped for a real picture's, phases kept.

Source: Yang and Soatto, FDA: Fourier Domain Adaptation for Semantic Segmentation, CVPR 2020. Their window of 0.01 of a
side is about three cycles a picture; wider ones leave halos.
"""

from __future__ import annotations

import numpy as np
from scipy import fft

from blend.match.display import Picture
from blend.match.reference import CYCLES, Reference

GAINS = (0.33, 3.0)
"""Bounds of an amplitude's change: nothing is made of a frequency that is not there."""
_ROWS = np.arange(-CYCLES, CYCLES + 1)[:, None]
_COLUMNS = np.arange(CYCLES + 1)


def fourier(rgb: Picture, reference: Reference, strength: float) -> Picture:
    """Swap amplitudes; arguments as in `reinhard`."""
    spectrum = fft.rfft2(rgb, axes=(0, 1))
    own = np.abs(spectrum[_ROWS, _COLUMNS]) / (rgb.shape[0] * rgb.shape[1])
    gain = np.clip(np.asarray(reference.amplitudes) / np.maximum(own, 1e-9), *GAINS)
    spectrum[_ROWS, _COLUMNS] *= (1 + strength * (gain - 1)).astype(np.float32)
    return np.asarray(np.clip(fft.irfft2(spectrum, s=rgb.shape[:2], axes=(0, 1)), 0, 1), np.float32)
