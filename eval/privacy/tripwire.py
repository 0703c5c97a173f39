"""A tripwire, and not a proof: is a synthetic picture nearer to a real one than real pictures are to each other?"""

from __future__ import annotations

from eval.fidelity import unit_rows
from eval.resample import Bools, Floats, Ints


def nearest(queries: Floats, references: Floats) -> tuple[Ints, Floats]:
    """Return the most similar reference of each query and its cosine similarity.

    Args:
        queries: n x d.
        references: m x d, m at least 1.
    """
    similarity = unit_rows(queries) @ unit_rows(references).T
    best = similarity.argmax(axis=1)
    return best.astype("int64"), similarity.max(axis=1)


def copies(queries: Floats, references: Floats, *, cosine: float) -> Bools:
    """Return which queries reach the similarity to a reference from which on two pictures count as one."""
    return nearest(queries, references)[1] >= cosine
