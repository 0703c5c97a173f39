"""Average precision of ranked cells, again and again under weights of the pictures that they come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Cells of the test pictures, best first.

    Args:
        owner: cells, the index of the picture that each comes from.
        hit: cells, whether each shows the class.
    """

    owner: NDArray[np.int64]
    hit: NDArray[np.bool_]


def rank(scores: NDArray[np.float32], hits: NDArray[np.bool_], owner: NDArray[np.int64]) -> Ranking:
    """Return the cells in falling order of score; equal scores keep their order.

    Args:
        scores: cells.
        hits: cells.
        owner: cells.
    """
    order = np.argsort(-scores, kind="stable")
    last = np.flatnonzero(hits[order])
    order = order[: last[-1] + 1] if len(last) else order[:0]  # what lies below the last hit changes nothing
    return Ranking(owner=owner[order], hit=hits[order])


def average_precision(ranking: Ranking, weights: Floats) -> float:
    """Return the area under the precision-recall steps, in [0, 1]; 0 where nothing weighs.

    Args:
        ranking: of one class.
        weights: pictures, how often each was drawn.

    Source: Manning et al., Introduction to Information Retrieval, 2008, chapter 8.4 (average precision).
    """
    weight = weights[ranking.owner]
    seen = np.cumsum(weight)
    found = weight * ranking.hit
    total = float(found.sum())
    if total == 0:
        return 0.0
    at = found > 0
    return float(np.sum(found[at] * np.cumsum(found)[at] / seen[at]) / total)
