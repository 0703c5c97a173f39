"""Colours carried to a real picture's by the optimal transport between two normal distributions.

Source: Pitié and Kokaram, The Linear Monge-Kantorovitch Linear Colour Mapping for Example-Based Colour Transfer,
CVMP 2007; a strength below 1 stops on McCann's geodesic between the two.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blend.match.display import Picture, lab_of, rgb_of
from blend.match.reference import Reference
from blend.match.reinhard import GAINS, shift

Matrix = NDArray[np.float64]
_LEAST = 1e-2
"""Variance added to both: a picture without colour has none to be stretched."""


def transport(rgb: Picture, reference: Reference, strength: float) -> Picture:
    """Transfer colour with its correlations; arguments as in `reinhard`."""
    lab = lab_of(rgb)
    pixels = lab.reshape(-1, 3)
    mean = pixels.mean(axis=0)
    plan = monge(np.cov(pixels[::7].T), np.asarray(reference.covariance))
    moved = (pixels - mean) @ plan.T.astype(np.float32) + mean + shift(mean, reference)
    return rgb_of(lab + np.float32(strength) * (moved.reshape(lab.shape) - lab))


def monge(own: Matrix, wanted: Matrix) -> Matrix:
    """Return the map A, symmetric 3x3, with A own Aᵀ = wanted, its stretches within bounds."""
    own, wanted = own + _LEAST * np.eye(len(own)), wanted + _LEAST * np.eye(len(own))
    root = _power(own, 0.5)
    inverse = _power(own, -0.5)
    values, axes = np.linalg.eigh(inverse @ _power(root @ wanted @ root, 0.5) @ inverse)
    return np.asarray((axes * np.clip(values, *GAINS)) @ axes.T)


def _power(matrix: Matrix, exponent: float) -> Matrix:
    values, axes = np.linalg.eigh((matrix + matrix.T) / 2)
    return np.asarray((axes * np.maximum(values, 1e-12) ** exponent) @ axes.T)
