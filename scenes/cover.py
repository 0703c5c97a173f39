"""A pairwise cover: few cases that together meet every possible pair of values, beside those that are met already.

Each case begins with a pair that is not met, of the two factors that lack most, and is completed by the best of all
completions: with two values given, so few cells are left that they can be scored at once. So every case is possible,
and the first ones bring most. Libraries cover pairs as well (`benchmarks/coverage.py` has one in the same run); here
the cells are at hand for the ledger anyway, and a budget needs the best cases first.
Source: greedy one-row-at-a-time covering, Cohen et al., The AETG System, IEEE TSE 23 (1997), 437.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from scenes.coverage import Bools, Case, Ledger, Space

Cell = tuple[int, ...]
Scores = NDArray[np.int16]


class Cover:
    """The pairs that are still to be met; `cells` yields cases that meet them, best first."""

    def __init__(self, space: Space, met: Iterable[Case] = ()) -> None:
        held = Ledger(space, tuple(met))
        self.space = space
        self.valid = space.valid.copy()
        self.need = {
            axes: space.possible(axes) & (held.counts(axes) == 0) for axes in combinations(range(len(space.factors)), 2)
        }

    def __bool__(self) -> bool:
        return any(missing.any() for missing in self.need.values())

    @property
    def missing(self) -> int:
        """Number of pairs that are still to be met."""
        return sum(int(missing.sum()) for missing in self.need.values())

    def best(self) -> Cell | None:
        """Return the cell that meets most missing pairs among those that begin with the scarcest one, or None."""
        while self:
            axes = max(self.need, key=lambda pair: int(self.need[pair].sum()))
            missing = self.need[axes]
            wanted = np.where(missing, missing.sum(axis=1, keepdims=True) + missing.sum(axis=0, keepdims=True), -1)
            first, second = (int(at) for at in np.unravel_index(int(wanted.argmax()), wanted.shape))
            found = self._completed(axes, (first, second))
            if found is not None:
                return found
            missing[first, second] = False  # what was possible has been ruled out since
        return None

    def meet(self, cell: Cell) -> None:
        """Count the pairs of a cell as met."""
        for (first, second), missing in self.need.items():
            missing[cell[first], cell[second]] = False

    def rule_out(self, axes: Sequence[int], values: Sequence[int]) -> None:
        """Take a combination of values for impossible: it has turned out that it cannot be had."""
        cut: list[int | slice] = [slice(None)] * len(self.space.factors)
        for axis, value in zip(axes, values, strict=True):
            cut[axis] = value
        self.valid[tuple(cut)] = False
        for pair in self.need:
            self.need[pair] &= self.valid.any(axis=tuple(set(range(self.valid.ndim)) - set(pair)))

    def _completed(self, axes: tuple[int, int], values: tuple[int, int]) -> Cell | None:
        """Return the best possible cell that has two given values."""
        others = [axis for axis in range(len(self.space.factors)) if axis not in axes]
        cut: list[int | slice] = [slice(None)] * len(self.space.factors)
        cut[axes[0]], cut[axes[1]] = values
        possible = self.valid[tuple(cut)]
        if not possible.any():
            return None
        score = np.zeros(possible.shape, np.int16)
        for place, axis in enumerate(others):
            for given, value in zip(axes, values, strict=True):
                score += _along(self._missing(given, axis)[value], (place,), score.ndim)
        for one, other in combinations(range(len(others)), 2):
            score += _along(self.need[others[one], others[other]], (one, other), score.ndim)
        best = np.unravel_index(int(np.where(possible, score, -1).argmax()), score.shape)
        found = dict(zip((*axes, *others), (*values, *(int(at) for at in best)), strict=True))
        return tuple(found[axis] for axis in range(len(self.space.factors)))

    def _missing(self, first: int, second: int) -> Bools:
        """Return the missing pairs of two factors, the first one's values down."""
        return np.asarray(self.need[first, second] if first < second else self.need[second, first].T)


def _along(values: Bools, places: Sequence[int], dimensions: int) -> Scores:
    shape = [1] * dimensions
    for place, size in zip(places, values.shape, strict=True):
        shape[place] = size
    return values.reshape(shape).astype(np.int16)


def cover(space: Space, met: Iterable[Case] = (), *, most: int | None = None) -> Iterator[dict[str, str]]:
    """Yield cases that meet all possible pairs that `met` does not, the most useful first.

    Args:
        space: factors and rules.
        met: cases that are there already.
        most: no more cases than that; None for all.
    """
    wanted, count = Cover(space, met), 0
    while (most is None or count < most) and (cell := wanted.best()) is not None:
        wanted.meet(cell)
        count += 1
        yield space.case(cell)
