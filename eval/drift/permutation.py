"""Permutation p-values over whole groups, drawn until the answer is clear.

Pictures of one take resemble each other, so takes change sides and never single pictures of a take.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import gammaln

from eval.resample import Bools, Floats, Ints

Statistic = Callable[[Bools], Floats]
"""From P x N, the members of the window in each of P relabellings, to P values of which large ones speak of a shift."""

_BATCH = 1000
_CLEAR = 20


def p_value(statistic: Statistic, window: Bools, groups: Ints, *, rng: np.random.Generator, most: int) -> float:
    """Return the share of relabellings whose statistic reaches the one seen.

    Drawing ends after `_CLEAR` hits, from where on the share is an unbiased answer, or after `most` draws, where it is
    (hits + 1) / (draws + 1). Either is a valid p-value.

    Args:
        statistic: what is compared.
        window: N, the members of the window; both sides have two groups at least.
        groups: N, the take of each picture; no take is on both sides.
        rng: draws the relabellings.
        most: draws at most; the smallest p is 1 / (most + 1).

    Source: Besag and Clifford, Sequential Monte Carlo p-values, Biometrika 78, 1991.
    """
    seen = float(statistic(window[None])[0])
    _, dense = np.unique(groups, return_inverse=True)
    chosen = len(np.unique(dense[window]))
    hits, drawn = 0, 0
    while drawn < most:
        values = statistic(relabelled(dense, chosen, min(_BATCH, most - drawn), rng))
        reached = np.cumsum(values >= seen - 1e-12 * abs(seen))
        if hits + reached[-1] >= _CLEAR:
            last = int(np.searchsorted(reached, _CLEAR - hits))
            return _CLEAR / (drawn + last + 1)
        hits, drawn = hits + int(reached[-1]), drawn + len(values)
    return (hits + 1) / (drawn + 1)


def relabelled(dense: Ints, chosen: int, count: int, rng: np.random.Generator) -> Bools:
    """Return `count` x N memberships of the window: `chosen` of the groups, which `dense` numbers from 0, each time."""
    order = rng.random((count, int(dense.max()) + 1)).argsort(axis=1)
    return np.asarray(order[:, dense] < chosen)


def smallest_p(window: Bools, groups: Ints, most: int) -> float:
    """Return the smallest p that relabelling these groups can give: one of all ways that there are, or of `most`."""
    total, chosen = len(np.unique(groups)), len(np.unique(groups[window]))
    ways = gammaln(total + 1) - gammaln(chosen + 1) - gammaln(total - chosen + 1)
    return float(max(np.exp(-ways), 1 / (most + 1)))
