"""Neighbours: exact in spite of single precision, at any tile, with copies."""

import numpy as np
import pytest

from eval import neighbours, pairs


def _plain(real, frames, k):
    among = np.linalg.norm(real[:, None] - real[None], axis=2)
    radii = np.sort(among, axis=1)[:, k]
    return np.linalg.norm(real[:, None] - frames[None], axis=2) <= radii[:, None]


def test_counts_equal_a_loop_where_single_precision_alone_would_err():
    rng = np.random.default_rng(0)
    real = 1000 + rng.integers(0, 3, size=(60, 4)) * 1e-3  # many distances are equal, all are tiny beside the lengths
    frames = 1000 + rng.integers(0, 3, size=(50, 4)) * 1e-3
    expected = _plain(real, frames, 3).sum(axis=1)
    squared = np.sort(np.sum((real[:, None] - real[None]) ** 2, axis=2), axis=1)[:, 3]
    assert neighbours.radii(real, k=3) == pytest.approx(squared)
    assert neighbours.within(real, frames, squared * (1 + 1e-9)).tolist() == expected.tolist()


def test_tiles_change_nothing(monkeypatch):
    rng = np.random.default_rng(1)
    real, frames = rng.normal(size=(41, 5)), rng.normal(size=(37, 5))
    radii = neighbours.radii(real, k=5)
    whole = neighbours.within(real, frames, radii)
    seen = np.zeros((41, 37))
    for tile in (7, 16):
        pairs.sweep_between(real, frames, lambda i, j, inner: seen.__setitem__((i, j), seen[i, j] + inner), tile=tile)
    assert seen / 2 == pytest.approx(real @ frames.T)
    assert whole.tolist() == _plain(real, frames, 5).sum(axis=1).tolist()


def test_a_sweep_shows_every_pair_once():
    seen = np.zeros((23, 23))
    rows = np.eye(23, dtype=np.float32)
    pairs.sweep(rows, lambda i, j, _: seen.__setitem__((i, j), seen[i, j] + 1), tile=5)
    assert np.all(np.triu(seen)[np.triu_indices(23)] == 1)
    assert np.all((seen + seen.T)[~np.eye(23, dtype=bool)] >= 1)


def test_density_of_like_samples_is_about_one_and_counts_depth():
    rng = np.random.default_rng(2)
    real, frames = rng.normal(size=(2, 400, 3))
    assert neighbours.density(real, frames, k=5) == pytest.approx(1, abs=0.1)
    assert neighbours.density(real, np.repeat(real[:1], 400, axis=0), k=5) > 1  # all in the middle of some balls
    assert neighbours.density(real, frames + 100, k=5) == 0


def test_many_copies_are_their_own_neighbours():
    rows = np.concatenate([np.ones((30, 4)), np.eye(4)])
    assert neighbours.radii(rows, k=2)[:30].tolist() == [0.0] * 30
    assert neighbours.most_similar_others(rows, k=2)[:30].min() == pytest.approx(1)
