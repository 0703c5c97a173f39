"""A linear probe on frozen features: does training on the blend find real objects as well as training on the real set?

Each cell of the feature map is asked which classes it shows, by ridge regression. What an arm needs from its training
pictures is a sum (XᵀX and XᵀY), so the sums of real and synthetic pictures simply add, and drawing the training set
anew costs one solve. It is a screen: it ranks training sets in seconds and is no detector.

Source: linear probes after Alain and Bengio, ICLR workshop 2017; paired bootstrap over seeds and scenes after
Bouthillier et al., Accounting for Variance in Machine Learning Benchmarks, MLSys 2021.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from eval.parity.precision import Ranking, average_precision, rank
from scenes.errors import InputError

ARMS = ("real", "blend", "synthetic", "real again")
Floats = NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class ProbeSettings:
    """How the probe is trained and judged.

    Args:
        margin: largest loss of mean average precision that still counts as non-inferior, said before measuring.
        min_boxes: boxes of a class in the real test set below which it is "insufficient".
        ridge: penalty as a share of each feature's own power.
        resamples: draws of the training set.
        replicates: draws of the test set; each takes one of the training draws.
        folds: parts, made of whole groups, that a training draw takes with replacement.
    """

    margin: float = 0.02
    min_boxes: int = 50
    ridge: float = 0.01
    resamples: int = 5
    replicates: int = 200
    folds: int = 10
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if not 0 < self.margin < 1:
            raise InputError("eval.parity.margin", "must lie between 0 and 1", got=self.margin)
        if self.ridge <= 0:
            raise InputError("eval.parity.ridge", "must be above 0", got=self.ridge)
        for name in ("min_boxes", "resamples", "replicates", "folds"):
            if getattr(self, name) < 2:
                raise InputError(f"eval.parity.{name}", "must be at least 2", got=getattr(self, name))


@dataclass(frozen=True, kw_only=True)
class Moments:
    """What a ridge regression needs from its data.

    Args:
        gram: D x D, the sum of x xᵀ over cells.
        cross: D x C, the sum of x yᵀ.
    """

    gram: Floats
    cross: Floats


Cells = tuple[NDArray[np.float32], NDArray[np.bool_]]
"""Features (cells x D) and shown classes (cells x C) of one picture."""


@dataclass(frozen=True, kw_only=True)
class ArmScore:
    """Average precision of one training set on the real test set, per class and on average over the classes."""

    per_class: Floats
    mean: float
    interval: Interval


@dataclass(frozen=True, kw_only=True)
class Parity:
    """Outcome of the probe.

    Args:
        arms: score of each of `ARMS`.
        difference: blend minus real, mean over the classes, with its interval.
        null: "real again" (real, and as many real pictures a second time) minus real: what pure repetition does.
        class_differences: blend minus real per class, with intervals.
        verdict: "non-inferior", "inferior" or "inconclusive" against the margin.
    """

    arms: dict[str, ArmScore]
    difference: tuple[float, Interval]
    null: tuple[float, Interval]
    class_differences: list[tuple[float, Interval]]
    verdict: str


def moments(pictures: Iterable[Cells], folds: NDArray[np.int64], fold_count: int) -> list[Moments]:
    """Return the sums over the pictures of each fold.

    Args:
        pictures: at least one; read one by one, so that not all need fit in memory.
        folds: the fold of each picture, in [0, fold_count).
        fold_count: length of the result.
    """
    sums: list[list[Floats]] = []
    for (x, y), fold in zip(pictures, folds, strict=True):
        if not sums:
            shapes = (x.shape[1], x.shape[1]), (x.shape[1], y.shape[1])
            sums = [[np.zeros(shape) for shape in shapes] for _ in range(fold_count)]
        sums[fold][0] += x.T @ x
        sums[fold][1] += x.T @ y.astype(np.float32)
    return [Moments(gram=gram, cross=cross) for gram, cross in sums]


def solve(parts: Sequence[tuple[Floats, Sequence[Moments]]], ridge: float) -> Floats:
    """Return the D x C weights of the ridge regression on weighted folds of one or several sources.

    Args:
        parts: for each source, a weight per fold, and its folds.
        ridge: penalty as a share of each feature's power; the last feature is the offset and pays nothing.
    """
    pairs = [(w, m) for weights, folds in parts for w, m in zip(weights, folds, strict=True)]
    gram = np.sum([w * m.gram for w, m in pairs], axis=0)
    cross = np.sum([w * m.cross for w, m in pairs], axis=0)
    penalty = ridge * np.diag(gram) + 1e-6 * np.trace(gram) / len(gram)
    penalty[-1] = 0.0
    return np.asarray(np.linalg.solve(gram + np.diag(penalty), cross))


def fold_of(groups: NDArray[np.int64], fold_count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Deal whole groups to folds at random."""
    _, dense = np.unique(groups, return_inverse=True)
    deal = rng.permutation(int(dense.max()) + 1) % fold_count
    return np.asarray(deal[dense], dtype=np.int64)


def train(
    sources: dict[str, list[Moments]], settings: ProbeSettings, rng: np.random.Generator
) -> dict[str, list[Floats]]:
    """Return the weights of each arm: first on all pictures, then on each draw of the folds.

    Args:
        sources: folds of "real" and "synthetic" pictures, and of those "repeated" for the arm "real again".
        settings: how many draws, and the penalty.
        rng: draws the folds.
    """
    needs = {"real": ["real"], "blend": ["real", "synthetic"], "synthetic": ["synthetic"]}
    needs["real again"] = ["real", "repeated"]
    result: dict[str, list[Floats]] = {arm: [] for arm in ARMS}
    for draw in range(1 + settings.resamples):
        weights = {name: _fold_weights(len(folds), draw, rng) for name, folds in sources.items()}
        for arm in ARMS:
            result[arm].append(solve([(weights[name], sources[name]) for name in needs[arm]], settings.ridge))
    return result


def judge(
    weights: dict[str, list[Floats]],
    test: Iterable[Cells],
    groups: NDArray[np.int64],
    *,
    settings: ProbeSettings,
    rng: np.random.Generator,
) -> Parity:
    """Test all arms on the same real pictures and compare them by a paired bootstrap over training draws and groups.

    Args:
        weights: of each arm, D x C, on all pictures first.
        test: cells of the real test pictures.
        groups: the group of each test picture.
        settings: margin and number of replicates.
        rng: draws the replicates.
    """
    rankings = _rankings(weights, test)
    full = {arm: _precisions(rankings[arm][0], np.ones(len(groups))) for arm in ARMS}
    draws: dict[str, list[Floats]] = {arm: [] for arm in ARMS}
    for replicate in range(settings.replicates):
        drawn = _draw_groups(groups, rng)
        for arm in ARMS:
            draws[arm].append(_precisions(rankings[arm][1 + replicate % settings.resamples], drawn))
    stacked = {arm: np.array(draws[arm]) for arm in ARMS}
    return _compare(full, stacked, settings.margin)


def _compare(full: dict[str, Floats], draws: dict[str, Floats], margin: float) -> Parity:
    def against_real(arm: str, pick: Callable[[Floats], Floats]) -> tuple[float, Interval]:
        value = float(pick(full[arm] - full["real"]))
        return value, _around(value, pick(draws[arm] - draws["real"]))

    difference = against_real("blend", lambda a: np.asarray(a.mean(axis=-1)))
    class_count = len(full["real"])
    return Parity(
        arms={
            arm: ArmScore(per_class=full[arm], mean=float(full[arm].mean()), interval=_share(full[arm], draws[arm]))
            for arm in ARMS
        },
        difference=difference,
        null=against_real("real again", lambda a: np.asarray(a.mean(axis=-1))),
        class_differences=[against_real("blend", lambda a, c=c: a[..., c]) for c in range(class_count)],  # type: ignore[misc]  # a default argument binds the class
        verdict=verdict(difference[1], margin),
    )


def verdict(interval: Interval, margin: float) -> str:
    """Say what an interval of (blend - real) means for a margin of non-inferiority."""
    if interval[0] >= -margin:
        return "non-inferior"
    return "inferior" if interval[1] < -margin else "inconclusive"


def _around(value: float, draws: Floats) -> Interval:
    # a drawn training set holds fewer different pictures, which shifts the draws but hardly widens them
    low, high = np.quantile(draws - draws.mean(), [0.025, 0.975])
    return value + float(low), value + float(high)


def _share(full: Floats, draws: Floats) -> Interval:
    low, high = _around(float(full.mean()), np.asarray(draws.mean(axis=1)))
    return max(low, 0.0), min(high, 1.0)


def _fold_weights(fold_count: int, draw: int, rng: np.random.Generator) -> Floats:
    if draw == 0:
        return np.ones(fold_count)
    return np.bincount(rng.integers(fold_count, size=fold_count), minlength=fold_count).astype(np.float64)


def _draw_groups(groups: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    _, dense = np.unique(groups, return_inverse=True)
    count = int(dense.max()) + 1
    return np.bincount(rng.integers(count, size=count), minlength=count).astype(np.float64)[dense]


def _precisions(rankings: Sequence[Ranking], weights: Floats) -> Floats:
    return np.array([average_precision(ranking, weights) for ranking in rankings])


def _rankings(weights: dict[str, list[Floats]], test: Iterable[Cells]) -> dict[str, list[list[Ranking]]]:
    models = [w for arm in ARMS for w in weights[arm]]
    class_count = models[0].shape[1]
    everything = np.concatenate(models, axis=1).astype(np.float32)
    scored = [(x @ everything, y) for x, y in test]
    owner = np.repeat(np.arange(len(scored)), [len(y) for _, y in scored])
    scores = np.concatenate([s for s, _ in scored])
    hits = np.concatenate([y for _, y in scored])
    ranked = [rank(scores[:, column], hits[:, column % class_count], owner) for column in range(scores.shape[1])]
    models_ranked = [ranked[at : at + class_count] for at in range(0, len(ranked), class_count)]
    per_arm = len(weights[ARMS[0]])
    return {arm: models_ranked[i * per_arm : (i + 1) * per_arm] for i, arm in enumerate(ARMS)}
