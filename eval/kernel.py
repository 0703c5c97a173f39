"""Kernels on features, and the unbiased discrepancy of many choices of two samples from tiles of a kernel matrix.

Sources: Gretton et al., A Kernel Two-Sample Test, JMLR 13, 2012; Bińkowski et al., Demystifying MMD GANs, ICLR 2018
(KID); Jayasumana et al., Rethinking FID, CVPR 2024 (CMMD, and why a bandwidth must fit its features).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.resample import Bools, Floats

Matrix = NDArray[Any]
Kernel = Callable[[Matrix, Matrix, Matrix], Matrix]
"""Turns inner products (n x m) of rows of the given lengths (n and m) into kernel values (n x m)."""

MEDIAN_ROWS = 2000
"""Rows whose pairs give the median distance; its error is then under 1 %."""
CMMD_SIGMA = 10.0


@dataclass(frozen=True, kw_only=True)
class Cubic:
    """KID's kernel (x·y / d + 1)³; Bińkowski et al., ICLR 2018, section 3.1.

    Args:
        dimension: d.
    """

    dimension: int

    def __call__(self, inner: Matrix, left: Matrix, right: Matrix) -> Matrix:  # noqa: ARG002 (needs no lengths)
        """Return the kernel's values."""
        scaled = inner / self.dimension
        scaled += 1
        square = scaled * scaled
        square *= scaled
        return np.asarray(square)


@dataclass(frozen=True, kw_only=True)
class Gaussian:
    """exp(-|x - y|² / 2σ²) on rows scaled to length 1.

    Args:
        variance: σ².
    """

    variance: float

    def __call__(self, inner: Matrix, left: Matrix, right: Matrix) -> Matrix:
        """Return the kernel's values."""
        cosine = inner * (1 / left)[:, None]
        cosine *= (1 / right)[None]
        np.minimum(cosine, 1, out=cosine)
        cosine -= 1
        cosine *= 1 / self.variance
        return np.asarray(np.exp(cosine, out=cosine))


def lengths(rows: Matrix) -> Matrix:
    """Return the length of each row, at least 1e-12."""
    return np.asarray(np.maximum(np.linalg.norm(rows, axis=1), 1e-12))


def unit_rows(features: Floats) -> Floats:
    """Return the rows scaled to length 1."""
    return np.asarray(features / lengths(features)[:, None])


def median_gaussian(features: Matrix) -> Gaussian:
    """Return the Gaussian kernel whose σ² is half the median squared distance of rows scaled to length 1.

    Args:
        features: N x d, N at least 2; of more than `MEDIAN_ROWS`, evenly spread ones are taken.

    Source: the median heuristic of Gretton et al., JMLR 13, 2012, section 8.
    """
    some = np.linspace(0, len(features) - 1, min(len(features), MEDIAN_ROWS)).round().astype(np.int64)
    rows = unit_rows(features[some])
    cosines = (rows @ rows.T)[np.tri(len(rows), k=-1, dtype=bool)]
    median = 2.0 - 2.0 * float(np.median(cosines, overwrite_input=True))
    return Gaussian(variance=max(median, 1e-12) / 2)


class Pairings:
    """Sums of kernel values within and between both samples of many choices, gathered tile by tile."""

    def __init__(self, left: Bools, right: Bools) -> None:
        """Take P choices of two samples among N pictures (P x N each)."""
        self._complement = np.all(left ^ right, axis=1)
        self._sizes = left.sum(1, dtype=np.float64), right.sum(1, dtype=np.float64)
        self._left = np.ascontiguousarray(left.T, dtype=np.uint8)
        self._right = np.ascontiguousarray(right[~self._complement].T, dtype=np.uint8)
        self._within_left, self._within_right, self._between = np.zeros((3, len(left)))
        self._row_sums = np.zeros(left.shape[1])

    def add(self, rows: slice, columns: slice, values: Matrix) -> None:
        """Take a tile on or above the diagonal; the diagonal itself is left out."""
        on_diagonal = rows == columns
        if on_diagonal:
            values = values.copy()
            np.fill_diagonal(values, 0)
        else:
            self._row_sums[columns] += values.sum(axis=0)
        self._row_sums[rows] += values.sum(axis=1)
        weight = 1.0 if on_diagonal else 2.0
        x, y = (side[rows].astype(values.dtype) for side in (self._left, self._right))
        kernel_x, kernel_y = (values @ side[columns].astype(values.dtype) for side in (self._left, self._right))
        others = ~self._complement
        self._within_left += weight * _dots(x, kernel_x)
        self._within_right[others] += weight * _dots(y, kernel_y)
        crossed = _dots(x[:, others], kernel_y)
        self._between[others] += crossed if on_diagonal else crossed + _dots(y, kernel_x[:, others])

    def discrepancies(self) -> Floats:
        """Return the unbiased squared discrepancy of each choice, once every tile was taken.

        Where the second sample is all that is not in the first, its sums follow from those of the rows.

        Source: Gretton et al., JMLR 13, 2012, equation 3.
        """
        whole = self._complement
        left, right, between = self._within_left, self._within_right.copy(), self._between.copy()
        totals_left = self._row_sums @ self._left[:, whole]
        totals_right = self._row_sums.sum() - totals_left
        between[whole] = totals_left - left[whole]
        right[whole] = totals_right - between[whole]
        n_left, n_right = self._sizes
        within = left / (n_left * (n_left - 1)) + right / (n_right * (n_right - 1))
        return np.asarray(within - 2.0 * between / (n_left * n_right))


def _dots(left: Matrix, right: Matrix) -> Floats:
    return np.asarray((left * right).sum(axis=0, dtype=np.float64))
