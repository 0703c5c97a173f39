"""Fidelity: how far the features of synthetic pictures lie from those of real ones.

Both measures are the squared maximum mean discrepancy between two samples, estimated without bias over all pairs;
they differ in the kernel. One kernel matrix over both samples serves the estimate, its jackknife, its permutations
and its real-against-real null: each of these is a choice of rows, so that all of them are two matrix products.

Source: Gretton et al., A Kernel Two-Sample Test, JMLR 13, 2012; Bińkowski et al., Demystifying MMD GANs, ICLR 2018
(KID); Jayasumana et al., Rethinking FID, CVPR 2024 (why a bandwidth must fit its features).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eval import resample
from eval.resample import Bools, Floats, Ints


@dataclass(frozen=True, kw_only=True)
class Discrepancy:
    """A squared discrepancy with its uncertainty.

    Args:
        value: the unbiased estimate; may lie below 0.
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


def unit_rows(features: Floats) -> Floats:
    """Return the rows scaled to length 1."""
    return np.asarray(features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12))


def polynomial_kernel(features: Floats) -> Floats:
    """Return KID's kernel matrix (x·y / d + 1)³ of shape N x N for features of shape N x d.

    Source: Bińkowski et al., ICLR 2018, section 3.1.
    """
    scaled = features @ features.T / features.shape[1] + 1.0
    return np.asarray(scaled * scaled * scaled)


def gaussian_kernel(features: Floats) -> Floats:
    """Return exp(-|x - y|² / 2σ²) on rows scaled to length 1, with σ² half the median squared distance.

    Args:
        features: N x d, N at least 2.

    Source: the median heuristic of Gretton et al., JMLR 13, 2012, section 8.
    """
    rows = unit_rows(features)
    squared = np.maximum(2.0 - 2.0 * rows @ rows.T, 0.0)
    median = float(np.median(squared[np.triu_indices(len(rows), 1)]))
    return np.asarray(np.exp(-squared / max(median, 1e-12)))


def mmd_unbiased(kernel: Floats, left: Bools, right: Bools) -> Floats:
    """Return the unbiased squared discrepancy for many choices of two samples at once.

    Args:
        kernel: N x N, symmetric.
        left: P x N, the members of the first sample in each of the P choices, at least 2 each.
        right: P x N, the members of the second, none of them in the first.

    Returns:
        P values; 0 in expectation where both samples come from one distribution, negative values possible.

    Source: Gretton et al., JMLR 13, 2012, equation 3.
    """
    others = kernel - np.diag(np.diag(kernel))
    x, y = left.astype(np.float64), right.astype(np.float64)
    n_x, n_y = x.sum(1), y.sum(1)
    x_kernel = x @ others
    within_x = np.sum(x_kernel * x, axis=1) / (n_x * (n_x - 1))
    within_y = np.sum((y @ others) * y, axis=1) / (n_y * (n_y - 1))
    between = np.sum(x_kernel * y, axis=1) / (n_x * n_y)
    return np.asarray(within_x + within_y - 2.0 * between)


def discrepancy(
    kernel: Floats, synthetic: Bools, groups: Ints, *, rng: np.random.Generator, null_draws: int, permutations: int
) -> Discrepancy:
    """Compare synthetic with real pictures.

    Args:
        kernel: N x N over all pictures of both kinds.
        synthetic: N, which pictures are synthetic; the others are real.
        groups: N, the scene or clip of each; no group has pictures of both kinds.
        rng: draws the null and the permutations.
        null_draws: how many real-against-real draws.
        permutations: how many relabellings.
    """
    value = float(mmd_unbiased(kernel, synthetic[None], ~synthetic[None])[0])
    null = _null(kernel, synthetic, groups, rng, null_draws)
    return Discrepancy(
        value=value,
        interval=_interval(kernel, synthetic, groups, value),
        null_value=float(null.mean()),
        null_interval=resample.middle(null),
        p=_permutation_p(kernel, synthetic, groups, value=value, rng=rng, permutations=permutations),
    )


def _interval(kernel: Floats, synthetic: Bools, groups: Ints, value: float) -> tuple[float, float]:
    squared, fewest = 0.0, len(groups)
    for side in (synthetic, ~synthetic):
        members = np.flatnonzero(side)
        parts = [members[part] for part in resample.blocks(groups[members])]
        kept = np.repeat(side[None], len(parts), axis=0)
        for row, part in zip(kept, parts, strict=True):
            row[part] = False
        enough = kept.sum(1) >= 2
        other = np.repeat(~side[None], int(enough.sum()), axis=0)
        squared += resample.jackknife_error(mmd_unbiased(kernel, kept[enough], other)) ** 2
        fewest = min(fewest, int(enough.sum()))
    return resample.around(value, float(np.sqrt(squared)), fewest)


def _null(kernel: Floats, synthetic: Bools, groups: Ints, rng: np.random.Generator, draws: int) -> Floats:
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
    return mmd_unbiased(kernel, left, right)


def _permutation_p(
    kernel: Floats, synthetic: Bools, groups: Ints, *, value: float, rng: np.random.Generator, permutations: int
) -> float:
    _, dense = np.unique(groups, return_inverse=True)
    group_count = int(dense.max()) + 1
    chosen = len(np.unique(dense[synthetic]))
    label = np.zeros((permutations, group_count), dtype=bool)
    for row in label:
        row[rng.permutation(group_count)[:chosen]] = True
    left = label[:, dense]
    sizes = left.sum(1)
    valid = (sizes >= 2) & (sizes <= len(groups) - 2)
    values = mmd_unbiased(kernel, left[valid], ~left[valid])
    return float((1 + np.sum(values >= value)) / (1 + len(values)))
