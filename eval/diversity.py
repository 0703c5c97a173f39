"""Diversity: how many different pictures there are, and how much of the real variety they reach.

Every measure here depends on the number of pictures, so real and synthetic are compared at equal n.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from eval import neighbours, resample
from eval.kernel import Matrix, lengths
from eval.resample import Bools, Floats, Ints

_CHUNK = 4096


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A value with its interval and what real pictures give at equal n.

    Args:
        value: the estimate.
        interval: 95 %, by a jackknife over groups and the spread over draws of real pictures.
        null_value: mean over draws of real pictures.
        null_interval: 2.5 % and 97.5 % quantiles over these.
        count: pictures on each side.
    """

    value: float
    interval: tuple[float, float]
    null_value: float
    null_interval: tuple[float, float]
    count: int

    def over_null(self) -> Estimate:
        """Return the same in units of what real pictures give."""
        unit = self.null_value
        return Estimate(
            value=self.value / unit,
            interval=(self.interval[0] / unit, self.interval[1] / unit),
            null_value=1.0,
            null_interval=(self.null_interval[0] / unit, self.null_interval[1] / unit),
            count=self.count,
        )


def vendi(features: Matrix) -> float:
    """Return the effective number of different rows: 1 for copies of one, n for n orthogonal ones.

    The exponential of the entropy of the eigenvalues of the cosine kernel over n; they are those of the d x d dual,
    which is smaller where n > d.

    Args:
        features: n x d, n at least 1; read in parts.

    Source: Friedman and Dieng, The Vendi Score, TMLR 2023.
    """
    norms = lengths(features)[:, None]
    if len(features) <= features.shape[1]:
        rows = features.astype(np.float64) / norms
        gram = rows @ rows.T
    else:
        gram = np.zeros((features.shape[1], features.shape[1]))
        for low in range(0, len(features), _CHUNK):
            part = features[low : low + _CHUNK] / norms[low : low + _CHUNK]
            gram += part.T @ part  # in the rows' own precision: single moves the value by about 1e-7 of itself
    eigenvalues = np.linalg.eigvalsh(gram / len(features))
    positive = eigenvalues[eigenvalues > 1e-12]
    return float(np.exp(-np.sum(positive * np.log(positive))))


def mean_cosine_distance(features: Matrix) -> float:
    """Return the mean of 1 - cosine over all pairs of different rows, in [0, 2]; 0 for copies.

    Args:
        features: n x d, n at least 2.
    """
    rows = features.astype(np.float64) / lengths(features)[:, None]
    count, total = len(rows), rows.sum(axis=0)
    return float(1 - (total @ total - count) / (count * (count - 1)))


def effective_number(groups: Ints) -> float:
    """Return the exponential of the entropy of the shares of the groups: their number where all are of one size.

    Source: Hill, Diversity and Evenness, Ecology 54, 1973 (order 1).
    """
    shares = np.unique(groups, return_counts=True)[1] / len(groups)
    return float(np.exp(-np.sum(shares * np.log(shares))))


def at_equal_n(
    ours: Callable[[Ints], float],
    theirs: Callable[[Ints], float],
    groups: Ints,
    real_count: int,
    *,
    rng: np.random.Generator,
    draws: int,
    high: float = np.inf,
) -> Estimate:
    """Return a measure of one sample of the synthetic pictures, and of as many real ones as its null.

    At most half of the real pictures are drawn at a time, since draws of all of them would be one and the same.

    Args:
        ours: gives the measure of some synthetic pictures, told by their rows.
        theirs: the same of real pictures.
        groups: scene of each synthetic picture.
        real_count: real pictures there are.
        rng: draws pictures of both sides.
        draws: of real pictures.
        high: the measure lies in [0, high].
    """
    count = min(len(groups), real_count // 2)
    reference = np.array([theirs(rng.permutation(real_count)[:count]) for _ in range(draws)])
    kept = np.sort(rng.permutation(len(groups))[:count])
    value = ours(kept)
    parts = resample.blocks(groups[kept])
    left_out = np.array([ours(np.delete(kept, part)) for part in parts if len(kept) - len(part) >= 2])
    interval = resample.around(value, resample.jackknife_error(left_out), len(left_out))
    return Estimate(
        value=value,
        interval=_within(interval, 0.0, high),
        null_value=float(reference.mean()),
        null_interval=resample.middle(reference),
        count=count,
    )


def vendi_ratio(synthetic: Matrix, groups: Ints, real: Matrix, *, rng: np.random.Generator, draws: int) -> Estimate:
    """Return the Vendi score of the synthetic pictures over that of as many real ones.

    The null is a draw of real pictures over the mean of the draws.
    """
    high = float(min(len(synthetic), len(real) // 2))
    return at_equal_n(
        lambda rows: vendi(synthetic[rows]),
        lambda rows: vendi(real[rows]),
        groups,
        len(real),
        rng=rng,
        draws=draws,
        high=high,
    ).over_null()


def reach(
    synthetic: Matrix, groups: Ints, real: Matrix, *, k: int, rng: np.random.Generator, draws: int
) -> tuple[Estimate, Estimate]:
    """Return density and coverage of as many synthetic as real pictures; the null is other real pictures.

    Raises:
        ValueError: if there are fewer than k + 2 pictures a side.
    """
    count = min(len(synthetic), len(real) // 2)
    if count < k + 2:
        raise ValueError(f"density and coverage need {k + 2} pictures a side, got {count}")
    kept = np.sort(rng.permutation(len(synthetic))[:count])
    parts = resample.blocks(groups[kept])
    ours, null = np.empty((2, draws, 2))
    left_out = np.empty((0, 2))
    for draw in range(draws):
        order = rng.permutation(len(real))
        first, second = real[order[:count]], real[order[count : 2 * count]]
        radii = neighbours.radii(first, k=k)
        hits = np.stack([neighbours.within(first, synthetic[kept[part]], radii) for part in parts])
        ours[draw] = _density_and_coverage(hits.sum(axis=0), count, k)
        null[draw] = _density_and_coverage(neighbours.within(first, second, radii), count, k)
        if draw == 0:
            sizes = [count - len(part) for part in parts]
            left_out = np.array([
                _density_and_coverage(hits.sum(axis=0) - hit, size, k)
                for hit, size in zip(hits, sizes, strict=True) if size
            ])  # fmt: skip
    density, coverage = (
        _drawn(ours[:, at], null[:, at], left_out[:, at], count, high) for at, high in ((0, np.inf), (1, 1.0))
    )
    return density, coverage


def has_twin(features: Matrix, *, cosine: float) -> Bools:
    """Return for each row whether another row's cosine similarity to it reaches `cosine`."""
    if len(features) < 2:
        return np.zeros(len(features), dtype=bool)
    return np.asarray(neighbours.most_similar_others(features, k=1)[:, 0] >= cosine)


def uniqueness(features: Matrix, *, k: int = 3) -> Floats:
    """Return 1 minus the mean cosine similarity to the k most similar other rows: 0 for copies, near 1 for loners."""
    if len(features) < 2:
        return np.ones(len(features))
    return np.asarray(1.0 - neighbours.most_similar_others(features, k=k).mean(axis=1))


def _density_and_coverage(hits: Ints, count: int, k: int) -> tuple[float, float]:
    return float(hits.sum() / (k * count)), float(np.mean(hits > 0))


def _drawn(ours: Floats, null: Floats, left_out: Floats, count: int, high: float) -> Estimate:
    value = float(ours.mean())
    error = float(np.hypot(resample.jackknife_error(left_out), ours.std()))
    return Estimate(
        value=value,
        interval=_within(resample.around(value, error, len(left_out)), 0.0, high),
        null_value=float(null.mean()),
        null_interval=resample.middle(null),
        count=count,
    )


def _within(interval: tuple[float, float], low: float, high: float) -> tuple[float, float]:
    return float(np.clip(interval[0], low, high)), float(np.clip(interval[1], low, high))
