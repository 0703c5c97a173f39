"""Diversity: how many different pictures there are, and how much of the real variety they reach.

Every measure here depends on the number of pictures, so real and synthetic are compared at equal n.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from eval import resample
from eval.fidelity import unit_rows
from eval.resample import Bools, Floats, Ints


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


def vendi(features: Floats) -> float:
    """Return the effective number of different rows: 1 for copies of one, n for n orthogonal ones.

    The exponential of the entropy of the eigenvalues of the cosine kernel over n; they are those of the d x d dual,
    which is smaller where n > d.

    Args:
        features: n x d, n at least 1.

    Source: Friedman and Dieng, The Vendi Score, TMLR 2023.
    """
    rows = unit_rows(features)
    gram = rows.T @ rows if rows.shape[0] > rows.shape[1] else rows @ rows.T
    eigenvalues = np.linalg.eigvalsh(gram / len(rows))
    positive = eigenvalues[eigenvalues > 1e-12]
    return float(np.exp(-np.sum(positive * np.log(positive))))


def coverage(real: Floats, synthetic: Floats, *, k: int = 5) -> float:
    """Return the share of real rows with a synthetic row nearer than their k-th real neighbour, in [0, 1].

    Args:
        real: n x d, n above k.
        synthetic: m x d; use m = n, the value grows with m / n.
        k: which neighbour sets the radius.

    Source: Naeem et al., Reliable Fidelity and Diversity Metrics for Generative Models, ICML 2020.
    """
    among = _squared_distances(real, real)
    np.fill_diagonal(among, -1.0)  # a row is its own neighbour number 0
    radius = np.partition(among, k, axis=1)[:, k]
    nearest = _squared_distances(real, synthetic).min(axis=1)
    return float(np.mean(nearest <= radius))


def vendi_ratio(synthetic: Floats, groups: Ints, real: Floats, *, rng: np.random.Generator, draws: int) -> Estimate:
    """Return the Vendi score of the synthetic pictures over that of as many real ones.

    The null is a draw of real pictures over the mean of the draws.
    """
    count = min(len(synthetic), len(real))
    reference = np.array([vendi(real[rng.permutation(len(real))[:count]]) for _ in range(draws)])
    centre = float(reference.mean())
    kept = np.sort(rng.permutation(len(synthetic))[:count])
    value = vendi(synthetic[kept]) / centre
    left_out = _leave_one_out(groups[kept], lambda keep: vendi(synthetic[kept][keep]) / centre)
    interval = resample.around(value, resample.jackknife_error(left_out), len(left_out))
    return Estimate(
        value=value,
        interval=_within(interval, 0.0, float(count)),
        null_value=1.0,
        null_interval=resample.middle(reference / centre),
        count=count,
    )


def coverage_at_equal_n(
    synthetic: Floats, groups: Ints, real: Floats, *, k: int, rng: np.random.Generator, draws: int
) -> Estimate:
    """Return how much of the real variety as many synthetic pictures reach; the null is other real pictures.

    Raises:
        ValueError: if there are fewer than k + 2 pictures a side.
    """
    count = min(len(synthetic), len(real) // 2)
    if count < k + 2:
        raise ValueError(f"coverage needs {k + 2} pictures a side, got {count}")
    kept = np.sort(rng.permutation(len(synthetic))[:count])
    ours, null = np.empty(draws), np.empty(draws)
    for draw in range(draws):
        order = rng.permutation(len(real))
        first, second = real[order[:count]], real[order[count : 2 * count]]
        ours[draw] = coverage(first, synthetic[kept], k=k)
        null[draw] = coverage(first, second, k=k)
    reference = real[rng.permutation(len(real))[:count]]
    left_out = _leave_one_out(groups[kept], lambda keep: coverage(reference, synthetic[kept][keep], k=k))
    error = float(np.hypot(resample.jackknife_error(left_out), ours.std()))
    interval = resample.around(float(ours.mean()), error, len(left_out))
    return Estimate(
        value=float(ours.mean()),
        interval=_within(interval, 0.0, 1.0),
        null_value=float(null.mean()),
        null_interval=resample.middle(null),
        count=count,
    )


def has_twin(features: Floats, *, cosine: float) -> Bools:
    """Return for each row whether another row's cosine similarity to it reaches `cosine`."""
    rows = unit_rows(features)
    similarity = rows @ rows.T
    np.fill_diagonal(similarity, -1.0)
    return np.asarray(similarity.max(axis=1, initial=-1.0) >= cosine)


def uniqueness(features: Floats, *, k: int = 3) -> Floats:
    """Return 1 minus the mean cosine similarity to the k most similar other rows: 0 for copies, near 1 for loners."""
    rows = unit_rows(features)
    similarity = rows @ rows.T
    np.fill_diagonal(similarity, -np.inf)
    near = min(k, len(rows) - 1)
    if near < 1:
        return np.ones(len(rows))
    return np.asarray(1.0 - np.partition(similarity, -near, axis=1)[:, -near:].mean(axis=1))


def _squared_distances(left: Floats, right: Floats) -> Floats:
    square = (left**2).sum(1)[:, None] + (right**2).sum(1)[None] - 2.0 * left @ right.T
    return np.asarray(np.maximum(square, 0.0))


def _leave_one_out(groups: Ints, estimate: Callable[[Ints], float]) -> Floats:
    parts = resample.blocks(groups)
    everyone = np.arange(len(groups))
    kept = [np.setdiff1d(everyone, part) for part in parts]
    return np.array([estimate(keep) for keep in kept if len(keep)])


def _within(interval: tuple[float, float], low: float, high: float) -> tuple[float, float]:
    return float(np.clip(interval[0], low, high)), float(np.clip(interval[1], low, high))
