"""Nearest neighbours among many rows: exact, and without a matrix over all pairs.

Candidates come from single-precision inner products; every distance that decides is computed again in double.
"""

from __future__ import annotations

import faiss
import numpy as np

from eval import pairs
from eval.kernel import Matrix, unit_rows
from eval.pairs import Singles
from eval.resample import Floats, Ints

_SPARE = 4  # candidates beyond those asked for, since single precision may order near ties wrongly
_TOLERANCE = 1e-5  # of the squared lengths: more than single precision can err by
_CHUNK = 4096


def radii(rows: Matrix, *, k: int) -> Floats:
    """Return the squared Euclidean distance of each row to its k-th nearest other row.

    Args:
        rows: n x d, n above k.
        k: at least 1.
    """
    single = _centred(rows, rows)[0]
    _, candidates = faiss.knn(single, single, min(k + 1 + _SPARE, len(rows)))
    exact = np.concatenate([
        _squared(rows[part][:, None], rows[candidates[part]]) for part in _parts(len(rows), _CHUNK // 16)
    ])  # fmt: skip
    exact[candidates == np.arange(len(rows))[:, None]] = -1.0  # a row is its own neighbour number 0
    lacks_itself = ~np.any(exact < 0, axis=1)
    exact[lacks_itself, exact[lacks_itself].argmax(axis=1)] = -1.0  # so many copies that it is not listed
    return np.asarray(np.partition(exact, k, axis=1)[:, k])


def within(real: Matrix, synthetic: Matrix, squared_radii: Floats) -> Ints:
    """Return for each of n real rows how many of m synthetic rows lie in the ball of its radius, its edge included."""
    left, right = _centred(real, synthetic)
    squares = [np.sum(side * side, axis=1) for side in (left, right)]
    offsets = (squares[0] - squared_radii.astype(np.float32)) / 2, squares[1] / 2
    margin = _TOLERANCE * float(max(square.max(initial=0.0) for square in squares))
    counts = np.zeros(len(real), dtype=np.int64)

    def count(rows: slice, columns: slice, inner: Singles) -> None:
        beyond = offsets[0][rows, None] - inner  # half of what the squared distance exceeds the squared radius by
        beyond += offsets[1][columns]
        i, j = np.nonzero(beyond <= margin)
        sure = beyond[i, j] < -margin
        counts[rows] += np.bincount(i[sure], minlength=len(inner))
        i, j = i[~sure] + rows.start, j[~sure] + columns.start
        for part in _parts(len(i), _CHUNK):
            np.add.at(counts, i[part], _squared(real[i[part]], synthetic[j[part]]) <= squared_radii[i[part]])

    pairs.sweep_between(left, right, count)
    return counts


def density(real: Matrix, synthetic: Matrix, *, k: int) -> float:
    """Return how many real balls a synthetic row lies in, over the k expected; 1 for like samples, no upper bound.

    Args:
        real: n x d, n above k; a ball reaches to the k-th other real row.
        synthetic: m x d.
        k: which neighbour sets the radius.

    Source: Naeem et al., Reliable Fidelity and Diversity Metrics for Generative Models, ICML 2020.
    """
    return float(within(real, synthetic, radii(real, k=k)).sum() / (k * len(synthetic)))


def coverage(real: Matrix, synthetic: Matrix, *, k: int) -> float:
    """Return the share of real rows with a synthetic row no farther than their k-th real neighbour, in [0, 1].

    Args:
        real: n x d, n above k.
        synthetic: m x d; use m = n, the value grows with m / n.
        k: which neighbour sets the radius.

    Source: Naeem et al., ICML 2020.
    """
    return float(np.mean(within(real, synthetic, radii(real, k=k)) > 0))


def most_similar(queries: Matrix, references: Matrix, *, k: int = 1) -> tuple[Ints, Floats]:
    """Return the k references of the highest cosine similarity to each query, best first, and the similarities.

    Args:
        queries: n x d.
        references: m x d.
        k: at most m.
    """
    left, right = (np.ascontiguousarray(unit_rows(rows), dtype=np.float32) for rows in (queries, references))
    cosine, found = faiss.knn(left, right, k, metric=faiss.METRIC_INNER_PRODUCT)
    return np.asarray(found, dtype=np.int64), np.asarray(cosine, dtype=np.float64)


def most_similar_others(rows: Matrix, *, k: int) -> Floats:
    """Return the k highest cosine similarities of each row to other rows, best first; n x min(k, n - 1)."""
    found, cosine = most_similar(rows, rows, k=min(k + 1, len(rows)))
    own = found == np.arange(len(rows))[:, None]
    own[~own.any(axis=1), -1] = True  # so many copies that the row itself is not listed
    return np.asarray(cosine[~own].reshape(len(rows), -1))


def _centred(left: Matrix, right: Matrix) -> list[Singles]:
    """Move both sides so that lengths, and with them rounding, are small."""
    middle = left.mean(axis=0, dtype=np.float64)
    return [np.ascontiguousarray(side - middle, dtype=np.float32) for side in (left, right)]


def _squared(left: Matrix, right: Matrix) -> Floats:
    gap = left.astype(np.float64) - right
    return np.asarray(np.einsum("...d,...d->...", gap, gap))


def _parts(count: int, size: int) -> list[slice]:
    return [slice(low, low + size) for low in range(0, count, size)]
