"""Candidates for near-duplicates, among a few pictures or a million, in bounded memory.

Two searches that complement each other: the perceptual hash knows brightness, size and compression, the embedding knows
crops and pasted objects. Both give each picture's nearest neighbours only (`MOST_NEIGHBOURS`), so that a fixed camera
does not yield the square of its pictures; links are closed over neighbours of neighbours later.

Long embeddings are searched by a shadow of 257 numbers: the part along the set's main directions, and the length of the
rest. The inner product of two shadows is never below their cosine (Cauchy-Schwarz), so nothing is lost before cosines
are computed in full. Up to `EXACT_COUNT` pictures both searches are exhaustive; above, hashes are found by three
substrings (exhaustive too, by the pigeonhole principle), shadows by an inverted file, which may miss some.

Sources: Douze et al., The Faiss library, arXiv 2401.08281 (2024); Norouzi et al., Fast Search in Hamming Space with
Multi-Index Hashing, CVPR 2012.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

MOST_NEIGHBOURS = 32
EXACT_COUNT = 50_000
SHADOW_LENGTH = 256
_BLOCK, _SAMPLE = 4096, 8192
_SUBSTRINGS, _SUBSTRING_BITS, _MOST_FLIPS = 3, 21, 3
_PROBES, _ROWS_PER_CELL, _TRAINING_ROUNDS, _HALF_FLOAT_SLACK = 16, 40, 10, 2e-3

Places = NDArray[np.int64]
Vectors = NDArray[np.float32]


def by_hash(hashes: NDArray[np.uint64], mirrors: NDArray[np.uint64], max_bits: int) -> Places:
    """Find pairs whose hashes differ by few bits, as they are or one of them mirrored.

    Args:
        hashes: 64-bit hash of each picture, (n,).
        mirrors: those of the mirrored pictures.
        max_bits: largest Hamming distance.

    Returns:
        places (m, 2), the lower first, in order, no pair twice.
    """
    if len(hashes) < 2:
        return np.empty((0, 2), np.int64)
    index = _hash_index(len(hashes), max_bits)
    index.add(_codes(hashes))
    found = []
    for queries in (hashes, mirrors):
        for rows in _blocks(len(hashes)):
            bits, places = index.search(_codes(queries[rows]), _reach(len(hashes)))
            found.append(_neighbours(rows, places, bits <= max_bits))
    return union(*found)


def _codes(hashes: NDArray[np.uint64]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(hashes).view(np.uint8).reshape(-1, 8)


def _hash_index(count: int, max_bits: int) -> Any:
    flips = max_bits // _SUBSTRINGS
    if count <= EXACT_COUNT or flips > _MOST_FLIPS:
        return faiss.IndexBinaryFlat(64)
    index = faiss.IndexBinaryMultiHash(64, _SUBSTRINGS, _SUBSTRING_BITS)
    index.nflip = flips
    return index


def by_cosine(
    vectors: Vectors, cosine_min: float, *, nearest: int = 0, groups: NDArray[np.int64] | None = None
) -> Places:
    """Find pairs of embeddings that point the same way, and those that point most nearly so.

    Args:
        vectors: (n, d), of any length but 0; may be mapped from a file, as it is read by blocks.
        cosine_min: least cosine.
        nearest: so many neighbours of each are given whatever their cosine, as far as they are among its 32 nearest.
        groups: (n,) neighbours of one group are not among those; None where each is a group of its own.

    Returns:
        places (m, 2), the lower first, in order, no pair twice.
    """
    if len(vectors) < 2:
        return np.empty((0, 2), np.int64)
    basis = _basis(vectors)
    index = _shadow_index(vectors, basis)
    least = cosine_min - _HALF_FLOAT_SLACK
    groups = np.arange(len(vectors)) if groups is None else groups
    found, closest = [], []
    for rows in _blocks(len(vectors)):
        bounds, places = index.search(_shadow(vectors[rows], basis), _reach(len(vectors)))
        found.append(_neighbours(rows, places, bounds >= least))
        torn = (places >= 0) & (groups[places] != groups[rows, None])
        closest.append(_neighbours(rows, places, torn & (torn.cumsum(axis=1) <= nearest)))
    pairs = union(*found)
    return union(pairs[_cosines(vectors, pairs) >= cosine_min], *closest)


def _basis(vectors: Vectors) -> Vectors | None:
    """Return the main directions of a sample, (d, 256); None where the vectors are no longer than that."""
    if vectors.shape[1] <= SHADOW_LENGTH:
        return None
    sample = _unit(vectors[:: max(1, len(vectors) // _SAMPLE)])
    return np.ascontiguousarray(np.linalg.eigh(sample.T @ sample)[1][:, -SHADOW_LENGTH:])


def _shadow(vectors: Vectors, basis: Vectors | None) -> Vectors:
    rows = _unit(vectors)
    if basis is None:
        return rows
    along = rows @ basis
    rest = np.sqrt(np.maximum(0, 1 - (along**2).sum(axis=1, keepdims=True)))
    return np.ascontiguousarray(np.hstack([along, rest]))


def _unit(vectors: Vectors) -> Vectors:
    rows = np.asarray(vectors, dtype=np.float32)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), dtype=np.float32)


def _shadow_index(vectors: Vectors, basis: Vectors | None) -> Any:
    count, length = len(vectors), vectors.shape[1] if basis is None else SHADOW_LENGTH + 1
    index: Any = faiss.IndexFlatIP(length)
    if count > EXACT_COUNT:
        cells = int(4 * np.sqrt(count))
        index = faiss.index_factory(length, f"IVF{cells},SQfp16", faiss.METRIC_INNER_PRODUCT)
        index.cp.niter = _TRAINING_ROUNDS
        index.train(_training(vectors, basis, _ROWS_PER_CELL * cells))
        index.nprobe = _PROBES
    for rows in _blocks(count):
        index.add(_shadow(vectors[rows], basis))
    return index


def _training(vectors: Vectors, basis: Vectors | None, most: int) -> Vectors:
    """Return the shadows of evenly spread vectors, no more than so many; read by blocks, as a file may be long."""
    count = min(most, len(vectors))
    places = np.arange(count) * len(vectors) // count
    return np.concatenate([_shadow(vectors[places[rows]], basis) for rows in _blocks(len(places))])


def _cosines(vectors: Vectors, pairs: Places) -> Vectors:
    parts = [
        np.einsum("ij,ij->i", _unit(vectors[pairs[rows, 0]]), _unit(vectors[pairs[rows, 1]]))
        for rows in _blocks(len(pairs))
    ]
    return np.concatenate([np.empty(0, np.float32), *parts])


def union(*pairs: Places) -> Places:
    """Put lists of pairs (m, 2) together, in order and each pair once."""
    together = np.concatenate([np.empty((0, 2), np.int64), *pairs])
    keys = np.unique(together[:, 0] << 32 | together[:, 1])
    return np.stack([keys >> 32, keys & 0xFFFFFFFF], axis=1)


def _neighbours(rows: slice, places: Places, near: NDArray[np.bool_]) -> Places:
    own = np.arange(rows.start, rows.stop)[:, None]
    kept = near & (places >= 0) & (places != own)
    return np.sort(np.stack([np.broadcast_to(own, places.shape)[kept], places[kept]], axis=1), axis=1)


def _reach(count: int) -> int:
    return min(count, MOST_NEIGHBOURS + 1)


def _blocks(count: int) -> Iterator[slice]:
    return (slice(start, min(start + _BLOCK, count)) for start in range(0, count, _BLOCK))
