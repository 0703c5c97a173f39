"""How far frames of ours are from real pictures in low-level statistics, light level by light level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from render.develop.match.classifier import auc, crossed, folds, robust_spread
from render.develop.match.statistics import GROUPS, LEVELS, NAMES, Measured, matrix
from scenes.errors import InputError

Floats = NDArray[np.float64]

FEWEST = 5
"""Pictures of a light level that both sets need for it to count."""
_FOLDS = 5
_TRIALS = 4


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A picture as the distance sees it.

    Args:
        measured: its statistics.
        level: night, dim or day.
        group: what it shares with its like (scene, take); a group never lies on both sides of a fold.
    """

    measured: Measured
    level: str
    group: str


@dataclass(frozen=True, kw_only=True)
class Distance:
    """How far two sets are apart; 0 is the same.

    Args:
        separability: 2·AUC - 1 of a two-sample classifier, cross-validated over groups; 0 where below chance.
        standardised: per statistic, the Wasserstein distance over the real set's spread, in deviations, >= 0.
        levels: light levels that both sets have.
    """

    separability: float
    standardised: Mapping[str, float]
    levels: tuple[str, ...]

    def of_group(self, group: str) -> float:
        """Return the mean standardised distance of a group of statistics."""
        return float(np.mean([self.standardised[name] for name in GROUPS[group]]))

    @property
    def mean(self) -> float:
        """Mean of the groups, each as weighty as the others."""
        return float(np.mean([self.of_group(group) for group in GROUPS]))


def distance(ours: Sequence[Sample], real: Sequence[Sample], *, seed: int = 0) -> Distance:
    """Compare two sets, each light level with its like.

    Args:
        ours: frames of ours.
        real: real pictures.
        seed: draws the folds.

    Raises:
        InputError: no light level has five pictures on both sides.
    """
    levels = common_levels(ours, real)
    if not levels:
        raise InputError("match", f"both sets need {FEWEST} pictures of one light level", got=_counts(ours, real))
    return Distance(
        separability=separability(ours, real, levels, seed=seed),
        standardised=standardised(ours, real, levels),
        levels=levels,
    )


def common_levels(ours: Sequence[Sample], real: Sequence[Sample]) -> tuple[str, ...]:
    """Return the light levels of which both sets have five pictures."""
    return tuple(level for level in LEVELS if min(len(_of(ours, level)), len(_of(real, level))) >= FEWEST)


def standardised(ours: Sequence[Sample], real: Sequence[Sample], levels: Sequence[str]) -> dict[str, float]:
    """Return each statistic's Wasserstein-1 distance in units of the real set's robust spread, mean over levels.

    Levels count as often as the smaller set has them. It is biased upwards in small sets, on both sides alike.

    Source: Vallender, Theory of Probability 18 (1974), 784 (W1 as the area between quantile functions).
    """
    spread = robust_spread(matrix([sample.measured for sample in real]))
    weights = [min(len(_of(ours, level)), len(_of(real, level))) for level in levels]
    apart = [_between(matrix(_of(ours, level)), matrix(_of(real, level))) / spread for level in levels]
    mean = np.average(apart, axis=0, weights=weights)
    return {name: float(value) for name, value in zip(NAMES, mean, strict=True)}


def separability(ours: Sequence[Sample], real: Sequence[Sample], levels: Sequence[str], *, seed: int) -> float:
    """Return 2·AUC - 1 of a ridge logistic regression on statistics and their squares, tested on groups unseen.

    Levels weigh alike on both sides, so that more nights in one set tell nothing. Header fields are left out: they
    would tell the files apart at once. See `classifier`.
    """
    kept = [(sample, label) for label, side in enumerate((ours, real)) for sample in side if sample.level in levels]
    label = np.array([side for _, side in kept], float)
    weight = _level_weights([sample.level for sample, _ in kept], label)
    raw = matrix([sample.measured for sample, _ in kept])
    groups = [f"{side}/{sample.group}" for sample, side in kept]
    tried = [
        auc(crossed(raw, label, weight, folds(groups, _FOLDS, seed + trial)), label, weight) for trial in range(_TRIALS)
    ]
    return max(2 * float(np.mean(tried)) - 1, 0.0)


def _level_weights(levels: Sequence[str], label: Floats) -> Floats:
    told = np.array(levels)
    weight = np.zeros(len(told))
    for level in set(levels):
        sides = [(told == level) & (label == side) for side in (0, 1)]
        fewest = min(int(side.sum()) for side in sides)
        for side in sides:
            weight[side] = fewest / side.sum()
    return np.asarray(weight * (len(weight) / weight.sum()), float)


def _between(ours: Floats, real: Floats) -> Floats:
    shares = (np.arange(50) + 0.5) / 50
    return np.asarray(np.abs(np.quantile(ours, shares, axis=0) - np.quantile(real, shares, axis=0)).mean(axis=0))


def _of(samples: Sequence[Sample], level: str) -> list[Measured]:
    return [sample.measured for sample in samples if sample.level == level]


def _counts(ours: Sequence[Sample], real: Sequence[Sample]) -> str:
    return ", ".join(f"{level} {len(_of(ours, level))} of ours, {len(_of(real, level))} real" for level in LEVELS)
