"""A tripwire, and not a proof: is a synthetic picture nearer to a real one than real pictures are to each other?"""

from __future__ import annotations

from eval import neighbours
from eval.kernel import Matrix
from eval.resample import Bools, Floats, Ints


def nearest(queries: Matrix, references: Matrix) -> tuple[Ints, Floats]:
    """Return the most similar reference of each query and its cosine similarity.

    Args:
        queries: n x d.
        references: m x d, m at least 1.
    """
    found, cosine = neighbours.most_similar(queries, references)
    return found[:, 0], cosine[:, 0]


def copies(queries: Matrix, references: Matrix, *, cosine: float) -> Bools:
    """Return which queries reach the similarity to a reference from which on two pictures count as one."""
    return nearest(queries, references)[1] >= cosine
