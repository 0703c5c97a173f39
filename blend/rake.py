"""Weights that match wished shares and stay as near to equal as they can.

Of all weights with the wished shares, those with the least relative entropy against the starting weights are
w = w0 exp(A λ), with λ found by Newton's method on the convex dual. Sources: Deville and Särndal, Calibration
Estimators in Survey Sampling, JASA 87 (1992) 376-382 (raking); Hainmueller, Entropy Balancing, Political Analysis 20
(2012) 25-46.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_STEPS, _ROUNDS, _RIDGE, _REACH, _EXACT = 60, 25, 1e-9, 40.0, 1e-9


def rake(inside: NDArray[np.bool_], shares: Floats, *, least: Floats, most: float) -> Floats:
    """Return weights, mean 1, whose weighted shares come as near to the wished ones as bounds allow.

    Args:
        inside: (n, k) whether a picture is in a cell; cells may overlap.
        shares: (k,) wished share of the total weight of each cell, 0 to 1.
        least: (n,) smallest weight of each picture, below 1.
        most: largest weight of a picture, above 1.
    """
    count = len(inside)
    weights: Floats = np.ones(count)
    free = np.ones(count, np.bool_)
    for _ in range(_ROUNDS):
        rest = count - float(weights[~free].sum())
        owed = shares * count - inside[~free].T.astype(np.float64) @ weights[~free]
        weights[free] = _balanced(inside[free], np.clip(owed / max(rest, 1e-12), 0.0, 1.0), max(rest, 0.0))
        low, high = free & (weights < least), free & (weights > most)
        if not (low | high).any():
            break
        weights[low], weights[high] = least[low], most
        free &= ~(low | high)
        if not free.any():
            break
    return np.asarray(weights * count / weights.sum())


def _balanced(inside: NDArray[np.bool_], shares: Floats, total: float) -> Floats:
    """Return weights of a given sum and the wished shares; shares that cannot all be had are met in between."""
    centred = inside.astype(np.float64) - shares
    slopes = np.zeros(inside.shape[1])
    weights, cost = _tilted(centred, slopes)
    for _ in range(_STEPS):
        mean = centred.T @ weights
        gradient = mean + _RIDGE * slopes
        if np.abs(gradient).max(initial=0.0) < _EXACT:
            break
        hessian = (centred * weights[:, None]).T @ centred - np.outer(mean, mean)
        step = np.linalg.lstsq(hessian + 10 * _RIDGE * np.eye(len(slopes)), gradient, rcond=None)[0]
        length = 1.0
        while length > 1e-6:
            tried = np.clip(slopes - length * step, -_REACH, _REACH)
            new_weights, new_cost = _tilted(centred, tried)
            if new_cost < cost:
                break
            length /= 2
        else:
            break
        slopes, weights, cost = tried, new_weights, new_cost
    return np.asarray(weights * total)


def _tilted(centred: Floats, slopes: Floats) -> tuple[Floats, float]:
    """Return weights of sum 1 and the dual's cost, the logarithm of the sum of exponentials."""
    height = centred @ slopes
    peak = float(height.max(initial=0.0))
    raw = np.exp(height - peak)
    cost = peak + float(np.log(raw.sum())) + _RIDGE / 2 * float(slopes @ slopes)
    return raw / raw.sum(), cost
