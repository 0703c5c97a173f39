"""Which pictures stand on which side: as they are, with a block left out, real against real, and relabelled.

A two-sample measure is computed for all of these choices at once; its value, interval, null and p-value follow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eval import resample
from eval.resample import Bools, Floats, Ints


@dataclass(frozen=True, kw_only=True)
class Discrepancy:
    """A distance between two samples with its uncertainty.

    Args:
        value: the estimate.
        interval: 95 %, by a jackknife over the groups of both sides.
        null_value: mean of real against real over random draws of whole groups, as many pictures as synthetic ones.
        null_interval: 2.5 % and 97.5 % quantiles of these.
        p: share of permutations of whole groups that reach the value, (1 + hits) / (1 + permutations).
    """

    value: float
    interval: tuple[float, float]
    null_value: float
    null_interval: tuple[float, float]
    p: float


@dataclass(frozen=True, kw_only=True)
class Choices:
    """Pairs of samples, one a row; the first is the comparison itself.

    Args:
        left: P x N, the members of the first sample in each choice.
        right: P x N, the members of the second, none of them in the first.
        left_out: rows with a block of the first side and rows with a block of the second side left out.
        null: rows of real against real.
        permuted: rows with relabelled groups.
    """

    left: Bools
    right: Bools
    left_out: tuple[slice, slice]
    null: slice
    permuted: slice

    def conclude(self, values: Floats) -> Discrepancy:
        """Return the result of a measure that gave P values, one a choice."""
        value = float(values[0])
        parts = [values[part] for part in self.left_out]
        error = float(np.sqrt(sum(resample.jackknife_error(part) ** 2 for part in parts)))
        permuted = values[self.permuted]
        return Discrepancy(
            value=value,
            interval=resample.around(value, error, min(len(part) for part in parts)),
            null_value=float(values[self.null].mean()),
            null_interval=resample.middle(values[self.null]),
            p=float((1 + np.sum(permuted >= value)) / (1 + len(permuted))),
        )


def choose(synthetic: Bools, groups: Ints, *, rng: np.random.Generator, null_draws: int, permutations: int) -> Choices:
    """Draw the choices.

    Args:
        synthetic: N, which pictures are synthetic; the others are real.
        groups: N, the scene or clip of each; no group has pictures of both kinds.
        rng: draws the null and the permutations.
        null_draws: how many real-against-real draws.
        permutations: how many relabellings.
    """
    ours = _without_blocks(synthetic, groups)
    theirs = _without_blocks(~synthetic, groups)
    drawn, rest = _null(synthetic, groups, rng, null_draws)
    permuted = _permuted(synthetic, groups, rng, permutations)
    left = [synthetic[None], ours, np.repeat(synthetic[None], len(theirs), axis=0), drawn, permuted]
    right = [~synthetic[None], np.repeat(~synthetic[None], len(ours), axis=0), theirs, rest, ~permuted]
    ends = np.cumsum([len(part) for part in left])
    _, first, second, null, relabelled = (
        slice(int(end) - len(part), int(end)) for part, end in zip(left, ends, strict=True)
    )
    return Choices(
        left=np.concatenate(left),
        right=np.concatenate(right),
        left_out=(first, second),
        null=null,
        permuted=relabelled,
    )


def _without_blocks(side: Bools, groups: Ints) -> Bools:
    members = np.flatnonzero(side)
    parts = resample.blocks(groups[members])
    kept = np.repeat(side[None], len(parts), axis=0)
    for row, part in zip(kept, parts, strict=True):
        row[members[part]] = False
    return np.asarray(kept[kept.sum(1) >= 2])


def _null(synthetic: Bools, groups: Ints, rng: np.random.Generator, draws: int) -> tuple[Bools, Bools]:
    real = np.flatnonzero(~synthetic)
    count = min(int(synthetic.sum()), len(real) // 2)
    left = np.zeros((draws, len(groups)), dtype=bool)
    right = np.zeros_like(left)
    for row in range(draws):
        drawn, rest = resample.draw_by_group(groups[real], count, rng)
        if len(rest) < 2:  # one clip fills the real set: its pictures are all there is to compare with
            drawn, rest = np.split(rng.permutation(len(real)), [count])
        left[row, real[drawn]] = True
        right[row, real[rest]] = True
    return left, right


def _permuted(synthetic: Bools, groups: Ints, rng: np.random.Generator, permutations: int) -> Bools:
    _, dense = np.unique(groups, return_inverse=True)
    group_count = int(dense.max()) + 1
    chosen = len(np.unique(dense[synthetic]))
    label = np.zeros((permutations, group_count), dtype=bool)
    for row in label:
        row[rng.permutation(group_count)[:chosen]] = True
    left = label[:, dense]
    sizes = left.sum(1)
    return np.asarray(left[(sizes >= 2) & (sizes <= len(groups) - 2)])
