"""The hierarchical paired bootstrap: seeds of training and scenes of the test set are drawn again, alike for all arms.

Source: Bouthillier et al., Accounting for Variance in Machine Learning Benchmarks, MLSys 2021; of few seeds one less is
drawn than there are, since drawing all makes the spread of their mean too small: Rao and Wu, JASA 83, 1988.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.parity.evaluate import SIZES, Ranking, Rankings, average_precision

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Interval = tuple[float, float]
METRICS = ("ap", "ap50")


@dataclass(frozen=True, kw_only=True)
class Draws:
    """What is drawn again, the same for all arms; row 0 draws everything once.

    Args:
        pictures: (1 + R) x pictures, how often each counts.
        seeds: (1 + R) x seeds, how much each counts; rows sum to 1.
    """

    pictures: Floats
    seeds: Floats


def draw(groups: Ints, *, seeds: int, replicates: int, rng: np.random.Generator) -> Draws:
    """Draw whole groups of test pictures, and seeds.

    Args:
        groups: the group of each test picture.
        seeds: trainings of an arm, at least 2.
        replicates: R.
        rng: draws.
    """
    _, dense = np.unique(groups, return_inverse=True)
    return Draws(
        pictures=_counts(int(dense.max(initial=-1)) + 1, replicates, rng)[:, dense],
        seeds=_means(_counts(seeds, replicates, rng, fewer=1)),
    )


def _counts(count: int, replicates: int, rng: np.random.Generator, fewer: int = 0) -> Floats:
    """Return a row of ones, and how often each of `count` came among `count - fewer` draws."""
    drawn = rng.multinomial(count - fewer, np.full(count, 1 / count), size=replicates) if count else np.zeros((0, 0))
    return np.concatenate([np.ones((1, count)), drawn]) if count else np.ones((1 + replicates, 0))


def _means(counts: Floats) -> Floats:
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A value with its 95 % interval."""

    value: float
    interval: Interval


class Tally:
    """Average precision of one training under all draws of the pictures.

    Args:
        rankings: of the training, see `evaluate.match`.
        draws: of pictures, (1 + R) x pictures.
        slices: pictures of each part of the test set that is also told alone, by name.
    """

    def __init__(self, rankings: Rankings, draws: Floats, slices: Mapping[str, NDArray[np.bool_]]) -> None:
        everywhere = rankings["all"]
        parts = {f"size:{size}": rankings[size] for size in SIZES if size != "all"} | {"all": everywhere}
        parts |= {name: [ranking.within(inside) for ranking in everywhere] for name, inside in slices.items()}
        self._table = {name: _precisions(ranked, draws) for name, ranked in parts.items()}

    def values(self, metric: str, part: str = "all", class_: int | None = None) -> Floats:
        """Return the metric under each draw, (1 + R,): of one class, or the mean over classes that have objects."""
        by_class = self._table[part][METRICS.index(metric)]
        return np.asarray(_mean(by_class) if class_ is None else by_class[:, class_])


def _precisions(rankings: Sequence[Ranking], draws: Floats) -> tuple[Floats, Floats]:
    by_iou = np.stack([average_precision(ranking, draws) for ranking in rankings], axis=1)
    return by_iou.mean(axis=2), by_iou[:, :, 0]


def _mean(by_class: Floats) -> Floats:
    known = ~np.isnan(by_class)
    sums = np.where(known, by_class, 0.0).sum(axis=1)
    counts = known.sum(axis=1)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def estimate(trainings: Sequence[Floats], draws: Draws, *, against: Sequence[Floats] | None = None) -> Estimate | None:
    """Return the mean over seeds, or its difference to another arm's, with its interval.

    Args:
        trainings: values of each seed under all draws, (1 + R,).
        draws: of seeds.
        against: the same of another arm, paired by seed.

    Returns:
        None where the value is not known, as nothing was there to find.
    """
    values = np.array(trainings) - (np.array(against) if against is not None else 0.0)
    drawn = np.einsum("rs,sr->r", draws.seeds, values)
    value, others = float(drawn[0]), drawn[1:][~np.isnan(drawn[1:])]
    if np.isnan(value) or not len(others):
        return None
    low, high = np.quantile(others - others.mean(), [0.025, 0.975])
    return Estimate(value=value, interval=(value + float(low), value + float(high)))
