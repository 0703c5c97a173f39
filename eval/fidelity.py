"""Fidelity: how far the features of synthetic pictures lie from those of real ones.

Measures are the squared maximum mean discrepancy between two samples, estimated without bias over all pairs; they
differ in the kernel. One pass over the pairs serves the estimates, their jackknife, permutations and null.

Source: Gretton et al., A Kernel Two-Sample Test, JMLR 13, 2012.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eval import pairs
from eval.choices import Choices, Discrepancy, choose
from eval.kernel import Cubic, Kernel, Matrix, Pairings, lengths, median_gaussian
from eval.pairs import Consumer, Singles
from eval.resample import Bools, Floats, Ints


def polynomial_kernel(features: Floats) -> Floats:
    """Return KID's kernel matrix of shape N x N for features of shape N x d; for small N."""
    return _matrix(features, Cubic(dimension=features.shape[1]))


def gaussian_kernel(features: Floats) -> Floats:
    """Return the Gaussian kernel matrix of shape N x N on rows scaled to length 1, median bandwidth; for small N."""
    return _matrix(features, median_gaussian(features))


def mmd_unbiased(kernel: Floats, left: Bools, right: Bools) -> Floats:
    """Return the unbiased squared discrepancy for many choices of two samples at once.

    Args:
        kernel: N x N, symmetric; read on and above the diagonal, a tile at a time.
        left: P x N, the members of the first sample in each of the P choices, at least 2 each.
        right: P x N, the members of the second, none of them in the first.

    Returns:
        P values; 0 in expectation where both samples come from one distribution, negative values possible.
    """
    sums = Pairings(left, right)
    for rows, columns in pairs.tiles(len(kernel)):
        sums.add(rows, columns, kernel[rows, columns])
    return sums.discrepancies()


def mmds(features: Singles, tests: Sequence[tuple[Kernel, Choices]]) -> list[Floats]:
    """Return what `mmd_unbiased` returns, for each kernel and its choices, by one pass over tiles.

    Args:
        features: N x d.
        tests: kernels on these features, each with choices among N pictures.
    """
    norms = lengths(features)
    sums = [Pairings(choices.left, choices.right) for _, choices in tests]

    def consumer(kernel: Kernel, into: Pairings) -> Consumer:
        return lambda rows, columns, inner: into.add(rows, columns, kernel(inner, norms[rows], norms[columns]))

    pairs.sweep(features, *(consumer(kernel, into) for (kernel, _), into in zip(tests, sums, strict=True)))
    return [into.discrepancies() for into in sums]


def discrepancy(
    kernel: Floats, synthetic: Bools, groups: Ints, *, rng: np.random.Generator, null_draws: int, permutations: int
) -> Discrepancy:
    """Compare synthetic with real pictures by a kernel matrix (N x N) over all of them; see `choices.choose`."""
    choices = choose(synthetic, groups, rng=rng, null_draws=null_draws, permutations=permutations)
    return choices.conclude(mmd_unbiased(kernel, choices.left, choices.right))


def _matrix(features: Matrix, kernel: Kernel) -> Floats:
    norms = lengths(features)
    return np.asarray(kernel(features @ features.T, norms, norms))
