"""Can a classifier tell two sets apart? Ridge logistic regression on statistics, tested on groups that it has not seen.

Source: Lopez-Paz and Oquab, ICLR 2017 (classifier two-sample tests).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]
Whole = NDArray[np.int_]

_RIDGE = 3.0
_STEPS = 12
_BOUND = 4.0  # deviations beyond which a statistic tells no more


def folds(groups: Sequence[str], count: int, seed: int) -> Whole:
    """Return a fold in [0, count) for each row; rows of one group share theirs."""
    names = sorted(set(groups))
    place = dict(zip(names, np.random.default_rng(seed).permutation(len(names)) % count, strict=True))
    return np.array([place[group] for group in groups], int)


def crossed(rows: Floats, label: Floats, weight: Floats, fold: Whole) -> Floats:
    """Return each row's chance of label 1, from a classifier that did not see its fold.

    Args:
        rows: NxK statistics; what can be said in no fold (one label is missing in all others) is 0.
        label: N, 0 or 1.
        weight: N, > 0.
        fold: N, from `folds`.
    """
    score = np.zeros(len(rows))
    for one in sorted(set(fold.tolist())):
        test = fold == one
        if len(set(label[~test])) == 2:
            score[test] = _classified(rows[~test], label[~test], weight[~test], rows[test])
    return score


def auc(score: Floats, label: Floats, weight: Floats) -> float:
    """Return the weighted chance that a row of label 1 scores above one of label 0, ties halved; 0.5 tells nothing."""
    _, rank = np.unique(score, return_inverse=True)
    low, high = (np.bincount(rank, np.where(label == side, weight, 0.0)) for side in (0, 1))
    below = np.cumsum(low) - low
    return float((high * (below + low / 2)).sum() / (low.sum() * high.sum()))


def robust_spread(rows: Floats) -> Floats:
    """Return half the distance between the 16 and 84 % quantiles of each column, at least 0.001."""
    low, high = np.quantile(rows, (0.16, 0.84), axis=0)
    return np.asarray(np.maximum((high - low) / 2, 1e-3), float)


def _classified(train: Floats, label: Floats, weight: Floats, test: Floats) -> Floats:
    centre, spread = np.median(train, axis=0), robust_spread(train)
    design, asked = (_design((side - centre) / spread) for side in (train, test))
    beta = np.zeros(design.shape[1])
    penalty = np.full(len(beta), _RIDGE)
    penalty[0] = 1e-6
    for _ in range(_STEPS):
        chance = expit(design @ beta)
        curve = weight * np.maximum(chance * (1 - chance), 1e-4)
        slope = design.T @ (weight * (label - chance)) - penalty * beta
        beta += np.linalg.solve((design.T * curve) @ design + np.diag(penalty), slope)
    return np.asarray(expit(asked @ beta), float)


def _design(standard: Floats) -> Floats:
    bounded = np.clip(standard, -_BOUND, _BOUND)
    return np.hstack([np.ones((len(bounded), 1)), bounded, 0.5 * bounded**2])
