"""The Fréchet distance between Gaussians fitted to two samples of features, without its bias in their sizes.

The plain distance grows with 1/n on both sides: of two halves of one real set it is far above 0. Both halves of each
sample tell that growth, and it is taken off jointly. What stays is good to about 2 where both sides have some
thousand rows; below, compare it with its null.

Sources: Heusel et al., GANs Trained by a Two Time-Scale Update Rule, NeurIPS 2017 (the distance); Chong and Forsyth,
Effectively Unbiased FID, CVPR 2020 (the bias is linear in 1/n; they extrapolate one side); Richardson, Philosophical
Transactions A 210, 1911 (extrapolation from two sizes).
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import numpy as np
import scipy.linalg

from eval import resample
from eval.choices import Discrepancy
from eval.kernel import Matrix
from eval.resample import Floats, Ints

_CHUNK = 4096
_BLOCKS = 10  # of the jackknife; one distance of 1280 dimensions takes a second
_NULL_DRAWS = 20


@dataclass(frozen=True, kw_only=True)
class Moments:
    """Count, mean (d) and scatter (d x d, the sum of squares about the mean) of rows."""

    count: int
    mean: Floats
    scatter: Floats

    def __add__(self, other: Moments) -> Moments:
        """Return the moments of the rows of both (Chan et al., COMPSTAT 1982)."""
        count = self.count + other.count
        gap = other.mean - self.mean
        return Moments(
            count=count,
            mean=self.mean + gap * (other.count / count),
            scatter=self.scatter + other.scatter + np.outer(gap, gap) * (self.count * other.count / count),
        )


def moments(rows: Matrix) -> Moments:
    """Return the moments of n x d rows, n at least 1.

    Rows are read in parts. Products are taken in the rows' own precision and added up in double precision: of single
    precision, as networks give, a distance is right to about 1e-7 of its value.
    """
    mean = rows.mean(axis=0, dtype=np.float64)
    scatter = np.zeros((rows.shape[1], rows.shape[1]))
    for low in range(0, len(rows), _CHUNK):
        part = rows[low : low + _CHUNK] - mean.astype(rows.dtype)
        scatter += part.T @ part
    return Moments(count=len(rows), mean=mean, scatter=scatter)


def distance(first: Matrix, second: Matrix) -> float:
    """Return the plain squared Fréchet distance |μ₁ - μ₂|² + tr(Σ₁ + Σ₂ - 2 (Σ₁ Σ₂)^½) of n x d and m x d rows.

    It is at least 0, in squared units of the features, and biased upwards by about a constant times 1/n + 1/m.
    """
    if min(len(first), len(second)) <= first.shape[1]:
        return _of_few(*sorted((first, second), key=len))
    return of_moments(moments(first), moments(second))


def of_moments(first: Moments, second: Moments) -> float:
    """Return the plain squared Fréchet distance of two samples of which the moments are known."""
    covariances = [side.scatter / (side.count - 1) for side in (first, second)]
    traces = sum(float(np.trace(covariance)) for covariance in covariances)
    return _put_together(first.mean - second.mean, traces, _trace_of_root(*covariances))


def extrapolated(first: Matrix, second: Matrix) -> float:
    """Return the squared Fréchet distance at infinite size, from both samples and their halves; may lie below 0.

    Rows are taken in their order: shuffle them, or their groups, before. D(n) = D + c / n gives D = 2 D(n) - D(n / 2),
    with n / 2 averaged over the two pairs of halves.

    Args:
        first: n x d, n at least 4.
        second: m x d, m at least 4.
    """
    halves = [(rows[: len(rows) // 2], rows[len(rows) // 2 :]) for rows in (first, second)]
    if min(len(first), len(second)) // 2 <= first.shape[1]:
        pairs = [distance(left, right) for left, right in zip(*halves, strict=True)]
        return 2 * distance(first, second) - float(np.mean(pairs))
    told = [(moments(low), moments(high)) for low, high in halves]
    pairs = [of_moments(left, right) for left, right in zip(*told, strict=True)]
    return 2 * of_moments(told[0][0] + told[0][1], told[1][0] + told[1][1]) - float(np.mean(pairs))


def compare(
    synthetic: Matrix, synthetic_groups: Ints, real: Matrix, real_groups: Ints, *, rng: np.random.Generator
) -> Discrepancy:
    """Return the extrapolated distance with a jackknife over blocks of groups and a null of real against real.

    Args:
        synthetic: n x d, n at least 20.
        synthetic_groups: n, the scene of each.
        real: m x d, m at least 2 n or else halves of it make the null.
        real_groups: m, the scene or clip of each.
        rng: shuffles groups, draws the null and relabels groups.
    """
    count = min(len(synthetic), len(real) // 2)
    null = np.array([_real_against_real(real, real_groups, count, rng) for _ in range(_NULL_DRAWS)])
    ours, theirs = (_shuffled(groups, rng) for groups in (synthetic_groups, real_groups))
    value = extrapolated(synthetic[ours], real[theirs])
    left_out = np.array([
        extrapolated(synthetic[ours[mine]], real[theirs[yours]])
        for mine, yours in zip(_kept(synthetic_groups[ours]), _kept(real_groups[theirs]), strict=False)
    ])  # fmt: skip
    hits = int(np.sum(null >= value))
    return Discrepancy(
        value=value,
        interval=resample.around(value, resample.jackknife_error(left_out), len(left_out)),
        null_value=float(null.mean()),
        null_interval=resample.middle(null),
        p=(1 + hits) / (1 + len(null)),
    )


def _real_against_real(real: Matrix, groups: Ints, count: int, rng: np.random.Generator) -> float:
    drawn, rest = resample.draw_by_group(groups, count, rng)
    if len(rest) < count // 2:  # one clip fills the real set
        drawn, rest = np.split(rng.permutation(len(real)), [count])
    return extrapolated(real[drawn], real[rest])


def _shuffled(groups: Ints, rng: np.random.Generator) -> Ints:
    return resample.draw_by_group(groups, len(groups), rng)[0]


def _kept(groups: Ints) -> list[Ints]:
    everyone = np.arange(len(groups))
    return [np.setdiff1d(everyone, part) for part in resample.blocks(groups, limit=_BLOCKS)]


def _trace_of_root(first: Floats, second: Floats) -> float:
    """Return tr (Σ₁ Σ₂)^½, the sum of the roots of the eigenvalues of Σ₁ Σ₂."""
    return float(np.sqrt(_positive(_eigenvalues_of_product(first, second))).sum())


def _eigenvalues_of_product(first: Floats, second: Floats) -> Floats:
    """Return those of Σ₁ Σ₂: with Σ₂ = F Fᵀ, those of the symmetric Fᵀ Σ₁ F; F is triangular where Σ₂ is regular."""
    for left, right in ((first, second), (second, first)):
        with contextlib.suppress(np.linalg.LinAlgError):  # singular: fewer rows than dimensions, or a constant feature
            return np.asarray(scipy.linalg.eigh(left, right, type=2, eigvals_only=True, driver="gv"))
    values, vectors = np.linalg.eigh(second)
    factor = vectors * np.sqrt(_positive(values))
    return np.asarray(np.linalg.eigvalsh(factor.T @ first @ factor))


def _positive(values: Matrix) -> Floats:
    """Take what rounding left of zeros for zeros."""
    return np.where(values > len(values) * np.finfo(np.float64).eps * values.max(initial=0.0), values, 0.0)


def _of_few(few: Matrix, others: Matrix) -> float:
    """Take tr (Σ₁ Σ₂)^½ from F Σ₂ Fᵀ with Σ₁ = Fᵀ F: of the size of the few rows, and of full rank as Σ₁ is not."""
    mean, factor = _factor(few)
    if len(others) > others.shape[1]:
        told = moments(others)
        other_mean, covariance = told.mean, told.scatter / (told.count - 1)
        product, trace = factor @ covariance @ factor.T, float(np.trace(covariance))
    else:
        other_mean, other_factor = _factor(others)
        half = factor @ other_factor.T
        product, trace = half @ half.T, float(np.sum(other_factor**2))
    root = float(np.sqrt(_positive(np.linalg.eigvalsh(product))).sum())
    return _put_together(mean - other_mean, float(np.sum(factor**2)) + trace, root)


def _factor(rows: Matrix) -> tuple[Floats, Floats]:
    """Return the mean and F (n x d) with Fᵀ F the covariance."""
    mean = rows.mean(axis=0, dtype=np.float64)
    return mean, (rows - mean) / np.sqrt(len(rows) - 1)


def _put_together(gap: Floats, traces: float, trace_of_root: float) -> float:
    return float(gap @ gap) + traces - 2 * trace_of_root
