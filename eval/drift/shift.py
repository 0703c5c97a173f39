"""What may have shifted between a reference and a window: features as a whole, what tells them apart, one attribute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from eval import resample
from eval.drift.permutation import p_value, smallest_p
from eval.fidelity import gaussian_kernel, mmd_unbiased
from eval.kernel import unit_rows
from eval.resample import Bools, Floats, Ints

Comparison = Callable[..., Floats]
"""From the members of each side, P x N each, to P values."""

_RIDGE = 0.1


@dataclass(frozen=True, kw_only=True)
class Shift:
    """One shift with its doubt.

    Args:
        value: the size of the effect.
        interval: 95 %, by a jackknife over the takes of both sides.
        p: against the hypothesis that both sides come from one distribution; not yet adjusted for other tests.
        smallest_p: what p could have been at best with these takes and so many relabellings.
    """

    value: float
    interval: tuple[float, float]
    p: float
    smallest_p: float = 0.0


def of_features(features: Floats, window: Bools, groups: Ints, *, rng: np.random.Generator, most: int) -> Shift:
    """Return the squared maximum mean discrepancy between window and reference; about 0 without a shift.

    Args:
        features: N x d.
        window: N.
        groups: N, takes.
        rng: draws the relabellings.
        most: of them.

    Source: Gretton et al., A Kernel Two-Sample Test, JMLR 13, 2012.
    """
    kernel = gaussian_kernel(features)
    return _shift(lambda left, right: mmd_unbiased(kernel, left, right), window, groups, rng, most)


def told_apart(features: Floats, window: Bools, groups: Ints, *, rng: np.random.Generator, most: int) -> Shift:
    """Return how well a classifier tells the window from the reference, as its area under the curve; 0.5 is a coin.

    A ridge classifier learns on half of the takes of each side and is asked about the other half, so that the labels
    of that half may be permuted exactly.

    Args:
        features: N x d.
        window: N.
        groups: N, takes; at least four on each side.
        rng: halves the takes and draws the relabellings.
        most: of them.

    Source: Lopez-Paz and Oquab, Revisiting Classifier Two-Sample Tests, ICLR 2017.
    """
    asked = np.zeros(len(window), dtype=bool)
    for side in (window, ~window):
        takes = rng.permutation(np.unique(groups[side]))
        asked |= side & np.isin(groups, takes[: len(takes) // 2])
    rows = unit_rows(features)
    scores = rows[asked] @ _ridge(rows[~asked], window[~asked])
    return _shift(superiority(scores), window[asked], groups[asked], rng, most)


def of_attribute(values: Floats, window: Bools, groups: Ints, *, rng: np.random.Generator, most: int) -> Shift:
    """Return the chance that a picture of the window has the larger value; 0.5 without a shift of place.

    The p-value is of the largest gap between the two distribution functions, which sees a change of spread as well.

    Args:
        values: N, of one attribute.
        window: N.
        groups: N, takes.
        rng: draws the relabellings.
        most: of them.

    Source: Mann and Whitney, Annals of Mathematical Statistics 18, 1947, and the Kolmogorov-Smirnov statistic.
    """
    compare = superiority(values)
    order = np.argsort(values, kind="stable")
    last = np.append(np.diff(values[order]) > 0, True)  # of equal values, where both distribution functions have jumped
    return Shift(
        value=float(compare(window[None], ~window[None])[0]),
        interval=_interval(compare, (window, ~window), groups),
        p=p_value(lambda label: _gaps(label[:, order])[:, last].max(axis=1), window, groups, rng=rng, most=most),
        smallest_p=smallest_p(window, groups, most),
    )


def relative(frames: Floats, frame_groups: Ints, features: Floats, window: Bools, groups: Ints) -> Shift:
    """Return by how much frames lie farther from the window than from the reference; p is of no growth.

    Both distances are squared maximum mean discrepancies under one kernel, and a block of takes is left out of both.

    Args:
        frames: M x d, features of synthetic frames.
        frame_groups: M, scenes.
        features: N x d, of reference and window.
        window: N.
        groups: N, takes.

    Source: after Bounliphone et al., A Test of Relative Similarity for Model Selection, ICLR 2016, with a jackknife in
    place of the asymptotic variance.
    """
    kernel = gaussian_kernel(np.concatenate([frames, features]))
    synthetic = np.arange(len(kernel)) < len(frames)
    latest = np.concatenate([np.zeros(len(frames), dtype=bool), window])
    sides = synthetic, latest, ~synthetic & ~latest
    takes = np.concatenate([frame_groups, groups + frame_groups.max(initial=-1) + 1])

    def growth(ours: Bools, now: Bools, before: Bools) -> Floats:
        return np.asarray(mmd_unbiased(kernel, ours, now) - mmd_unbiased(kernel, ours, before))

    value, (error, fewest) = float(growth(*(side[None] for side in sides))[0]), _error(growth, sides, takes)
    p = float(t.sf(value / error, max(fewest - 1, 1))) if error else 1.0
    return Shift(value=value, interval=resample.around(value, error, fewest), p=p)


def superiority(values: Floats) -> Comparison:
    """Return what compares two sides by the chance that a member of the first has the larger value, ties half.

    Args:
        values: N.
    """
    larger = (values[:, None] > values).astype(np.float64) + 0.5 * (values[:, None] == values)

    def compare(left: Bools, right: Bools) -> Floats:
        wins = np.sum((left.astype(np.float64) @ larger) * right, axis=1)
        return np.asarray(wins / (left.sum(axis=1) * right.sum(axis=1)))

    return compare


def _shift(compare: Comparison, window: Bools, groups: Ints, rng: np.random.Generator, most: int) -> Shift:
    return Shift(
        value=float(compare(window[None], ~window[None])[0]),
        interval=_interval(compare, (window, ~window), groups),
        p=p_value(lambda label: compare(label, ~label), window, groups, rng=rng, most=most),
        smallest_p=smallest_p(window, groups, most),
    )


def _ridge(rows: Floats, label: Bools) -> Floats:
    """Return weights of a ridge regression of the label on the rows, by the n x n dual."""
    middle = rows.mean(axis=0)
    centred = rows - middle
    gram = centred @ centred.T
    gram[np.diag_indices_from(gram)] += _RIDGE * max(float(np.trace(gram)) / len(gram), 1e-12)
    goal = np.where(label, 0.5 / label.sum(), -0.5 / (~label).sum())
    return np.asarray(centred.T @ np.linalg.solve(gram, goal))


def _gaps(ordered: Bools) -> Floats:
    """Return the gaps between the two distribution functions after each of P x N members in order of value."""
    inside = np.cumsum(ordered, axis=1)
    outside = np.arange(1, ordered.shape[1] + 1) - inside
    return np.asarray(np.abs(inside / inside[:, -1:] - outside / outside[:, -1:]))


def _interval(compare: Comparison, sides: Sequence[Bools], groups: Ints) -> tuple[float, float]:
    value = float(compare(*(side[None] for side in sides))[0])
    return resample.around(value, *_error(compare, sides, groups))


def _error(compare: Comparison, sides: Sequence[Bools], groups: Ints) -> tuple[float, int]:
    """Return the jackknife error over the takes of every side, and the smallest number of blocks of a side."""
    squared, fewest = 0.0, len(groups)
    for index, side in enumerate(sides):
        members = np.flatnonzero(side)
        parts = [members[part] for part in resample.blocks(groups[members])]
        kept = np.repeat(side[None], len(parts), axis=0)
        for row, part in zip(kept, parts, strict=True):
            row[part] = False
        told = [np.repeat(other[None], len(parts), axis=0) for other in sides]
        told[index] = kept
        squared += resample.jackknife_error(compare(*told)) ** 2
        fewest = min(fewest, len(parts))
    return float(np.sqrt(squared)), fewest
