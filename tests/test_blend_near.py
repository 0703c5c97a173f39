"""Candidates: both searches against all pairs, and the approximate ones against the exact."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blend import near


def all_pairs(measure, holds):
    return np.argwhere(np.triu(holds(measure), 1))


def bits_apart(hashes, mirrors):
    return np.minimum(
        np.bitwise_count(hashes[:, None] ^ hashes[None]),
        np.minimum(
            np.bitwise_count(mirrors[:, None] ^ hashes[None]), np.bitwise_count(hashes[:, None] ^ mirrors[None])
        ),
    )


def hashes_with_neighbours(count, seed):
    rng = np.random.default_rng(seed)
    hashes = rng.integers(0, 2**64, count, dtype=np.uint64)
    for place in range(count // 2):
        flips = rng.choice(64, size=rng.integers(0, 13), replace=False).astype(np.uint64)
        hashes[count - 1 - place] = hashes[place] ^ np.bitwise_or.reduce(np.uint64(1) << flips, initial=np.uint64(0))
    return hashes, rng.permutation(hashes)


def embeddings(count, length, seed, noise=0.5):
    """Lie near a few directions, and every fifth near its forerunner."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(count, 40)) @ rng.normal(size=(40, length)) + noise * rng.normal(size=(count, length))
    rows[5::5] = rows[4:-1:5][: len(rows[5::5])] + rng.normal(size=(len(rows[5::5]), length)) * 2
    return rows.astype(np.float32)


@pytest.mark.parametrize("count", [0, 1])
def test_none_or_one_has_no_neighbour(count):
    hashes = np.zeros(count, np.uint64)
    assert near.by_hash(hashes, hashes, 8).shape == near.by_cosine(np.ones((count, 4)), 0.5).shape == (0, 2)


@pytest.mark.parametrize("exact_count", [0, 50_000])
@pytest.mark.parametrize("max_bits", [0, 5, 8, 11, 12])
def test_hashes_are_found_as_by_comparing_all_pairs(monkeypatch, exact_count, max_bits):
    monkeypatch.setattr(near, "EXACT_COUNT", exact_count)
    hashes, mirrors = hashes_with_neighbours(300, seed=max_bits)
    expected = all_pairs(bits_apart(hashes, mirrors), lambda bits: bits <= max_bits)
    assert near.by_hash(hashes, mirrors, max_bits).tolist() == expected.tolist()
    assert len(expected) > 10


@pytest.mark.parametrize("length", [8, 256, 600])
def test_embeddings_are_found_as_by_comparing_all_pairs(length):
    rows = embeddings(400, length, seed=length)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    found = near.by_cosine(rows, 0.9)
    assert found.tolist() == all_pairs(unit @ unit.T, lambda cosine: cosine >= 0.9).tolist()
    assert len(found) > 20


@pytest.mark.parametrize("nearest", [1, 3])
@pytest.mark.parametrize("grouped", [False, True])
def test_the_nearest_of_other_groups_are_given_whatever_their_cosine(nearest, grouped):
    rows = embeddings(200, 8, seed=1)
    groups = np.arange(200) // 5 if grouped else None
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    cosines = unit @ unit.T
    cosines[np.eye(200, dtype=bool) if groups is None else groups[:, None] == groups[None]] = -2
    best = np.argsort(-cosines, axis=1)[:, :nearest]
    expected = {tuple(sorted((place, int(other)))) for place in range(200) for other in best[place]}
    found = near.by_cosine(rows, 1.01, nearest=nearest, groups=groups)
    assert set(map(tuple, found.tolist())) == expected
    assert len(near.by_cosine(rows, 1.01)) == 0


@given(st.integers(0, 2**32 - 1))
def test_the_product_of_shadows_is_never_below_the_cosine(seed):
    rows = np.random.default_rng(seed).normal(size=(12, 300)).astype(np.float32)
    basis = np.linalg.qr(np.random.default_rng(seed + 1).normal(size=(300, 256)))[0].astype(np.float32)
    shadow, unit = near._shadow(rows, basis), near._unit(rows)
    assert np.all(shadow @ shadow.T >= unit @ unit.T - 1e-5)


def test_an_inverted_file_finds_nearly_all(monkeypatch):
    rows = embeddings(6000, 300, seed=3)
    exact = near.by_cosine(rows, 0.9)
    monkeypatch.setattr(near, "EXACT_COUNT", 0)
    found = near.by_cosine(rows, 0.9)
    assert len(exact) > 1000
    assert len(np.intersect1d(near_keys(found), near_keys(exact))) >= 0.98 * len(exact)
    assert len(np.setdiff1d(near_keys(found), near_keys(exact))) == 0


def near_keys(pairs):
    return pairs[:, 0] * 1_000_000 + pairs[:, 1]


def test_a_crowd_of_equals_is_bounded_and_still_hangs_together():
    from blend.duplicates import Pair, clusters

    count = 400
    found = near.by_cosine(np.ones((count, 4), np.float32), 0.9)
    assert len(found) <= count * (near.MOST_NEIGHBOURS + 1)
    links = [Pair(first=a, second=b, bits=0, correlation=1.0, level_difference=0.0) for a, b in found.tolist()]
    assert set(clusters(count, links)) == {0}


def test_a_file_that_is_mapped_gives_what_the_array_gives(tmp_path):
    rows = embeddings(300, 300, seed=4)
    np.save(tmp_path / "rows.npy", rows)
    mapped = np.load(tmp_path / "rows.npy", mmap_mode="r")
    assert near.by_cosine(mapped, 0.9).tolist() == near.by_cosine(rows, 0.9).tolist()
