"""Uncertainty: what may be drawn again, and what follows for an interval.

Pictures of one scene or one clip resemble each other, so groups are drawn and never single pictures of a group.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, t

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MAX_BLOCKS = 50  # more blocks sharpen a jackknife error by under 1 % and cost time


def codes(names: list[str]) -> Ints:
    """Return an integer per name, equal for equal names, in order of first appearance."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], dtype=np.int64)


def blocks(groups: Ints, *, limit: int = MAX_BLOCKS) -> list[Ints]:
    """Return the members of each jackknife block: one group each, or several where there are more than `limit`.

    A single group is taken apart into its members, which says too little about how groups differ but more than nothing.
    """
    _, dense = np.unique(groups, return_inverse=True)
    dense = np.arange(len(groups)) if dense.max(initial=0) == 0 else dense
    labels = dense % limit
    return [np.flatnonzero(labels == label) for label in np.unique(labels)]


def draw_by_group(groups: Ints, count: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Draw `count` members in whole groups; return them and the members of the groups that were not touched.

    The last group is cut to reach `count` exactly; what is cut off belongs to neither side.
    """
    order = rng.permutation(np.unique(groups))
    rank = np.empty(order.max(initial=-1) + 1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    members = np.argsort(rank[groups], kind="stable")
    drawn = members[:count]
    rest = ~np.isin(groups, groups[drawn])
    return drawn, np.flatnonzero(rest)


def jackknife_error(left_out: Floats) -> float:
    """Return the standard error from the estimates with one block left out each.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, equation 11.5.
    """
    count = len(left_out)
    if count < 2:
        return float("inf")
    spread = left_out - left_out.mean()
    return float(np.sqrt((count - 1) / count * np.sum(spread**2)))


def around(value: float, error: float, block_count: int) -> tuple[float, float]:
    """Return the 95 % interval of an estimate whose error was found from `block_count` blocks (Student's t)."""
    half = float(t.ppf(0.975, max(block_count - 1, 1))) * error
    return value - half, value + half


def share_interval(hits: int, count: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a share.

    Source: Clopper and Pearson, Biometrika 26, 1934.
    """
    low = 0.0 if hits == 0 else float(beta.ppf(0.025, hits, count - hits + 1))
    high = 1.0 if hits == count else float(beta.ppf(0.975, hits + 1, count - hits))
    return low, high


def middle(values: Floats) -> tuple[float, float]:
    """Return the 2.5 % and 97.5 % quantiles."""
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def holm(p_values: Floats) -> Floats:
    """Return the p-values adjusted so that all of them together err at the level at which one is read.

    Source: Holm, A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian Journal of Statistics 6, 1979.
    """
    order = np.argsort(p_values, kind="stable")
    steps = p_values[order] * np.arange(len(p_values), 0, -1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
