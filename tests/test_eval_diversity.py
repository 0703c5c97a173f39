"""Diversity: Vendi, coverage, near-duplicates, and the nearest-neighbour tripwire."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree
from scipy.stats import entropy

from eval import diversity, neighbours
from eval.privacy import tripwire


@given(st.integers(1, 12))
@settings(max_examples=12)
def test_vendi_counts_orthogonal_rows(count):
    assert diversity.vendi(np.eye(12)[:count]) == pytest.approx(count)
    assert diversity.vendi(np.repeat(np.eye(12)[:count], 3, axis=0)) == pytest.approx(count)


def test_vendi_of_copies_is_one():
    assert diversity.vendi(np.ones((9, 4))) == pytest.approx(1.0)


@pytest.mark.parametrize("shape", [(40, 6), (6, 40)])
def test_vendi_by_the_dual_equals_the_entropy_of_the_kernel(shape):
    features = np.random.default_rng(0).normal(size=shape)
    rows = features / np.linalg.norm(features, axis=1, keepdims=True)
    eigenvalues = np.clip(np.linalg.eigvalsh(rows @ rows.T / shape[0]), 0, None)
    assert diversity.vendi(features) == pytest.approx(np.exp(entropy(eigenvalues)))


def test_vendi_ratio_tells_poor_frames_from_poor_real_pictures():
    rng = np.random.default_rng(1)
    rich, poor = rng.normal(size=(60, 16)), np.ones(16) + 0.1 * rng.normal(size=(60, 16))
    low = diversity.vendi_ratio(poor[:20], np.arange(20) // 4, rich, rng=rng, draws=10)
    high = diversity.vendi_ratio(rich[:20], np.arange(20) // 4, poor, rng=rng, draws=10)
    assert low.value < 0.3
    assert high.value > 3
    assert low.count == 20
    assert low.null_interval[0] <= 1 <= low.null_interval[1]


def test_coverage_is_one_on_itself_and_zero_far_away():
    real = np.random.default_rng(2).normal(size=(30, 3))
    assert neighbours.coverage(real, real, k=5) == 1.0
    assert neighbours.coverage(real, real + 100, k=5) == 0.0


def test_coverage_is_one_sided():
    rng = np.random.default_rng(3)
    wide, one_corner = rng.normal(size=(40, 2)) * 10, rng.normal(size=(40, 2)) * 0.1
    assert neighbours.coverage(wide, one_corner, k=5) < 0.3
    assert neighbours.coverage(one_corner, np.concatenate([one_corner[:20], wide[:20]]), k=5) > 0.8


def test_coverage_equals_a_tree_search():
    rng = np.random.default_rng(4)
    real, fake = rng.normal(size=(50, 3)), rng.normal(size=(50, 3)) + 0.7
    radius = cKDTree(real).query(real, k=6)[0][:, 5]  # the row itself comes first
    expected = np.mean(cKDTree(fake).query(real)[0] <= radius)
    assert neighbours.coverage(real, fake, k=5) == pytest.approx(expected)


def test_coverage_at_equal_n_has_a_null_near_one_and_refuses_too_few():
    rng = np.random.default_rng(5)
    real = rng.normal(size=(60, 3))
    _, found = diversity.reach(real[:20] + 50, np.arange(20), real, k=5, rng=rng, draws=10)
    assert (found.value, found.interval[0], found.count) == (0.0, 0.0, 20)
    assert found.null_value > 0.9
    with pytest.raises(ValueError, match="need 7"):
        diversity.reach(real[:5], np.arange(5), real, k=5, rng=rng, draws=10)


def test_twins_and_uniqueness_find_the_copy():
    features = np.eye(5)[[0, 1, 2, 0]]
    assert diversity.has_twin(features, cosine=0.99).tolist() == [True, False, False, True]
    assert diversity.uniqueness(features, k=1).tolist() == [0.0, 1.0, 1.0, 0.0]
    assert diversity.has_twin(features[:1], cosine=0.5).tolist() == [False]


def test_tripwire_asks_frames_for_their_nearest_real_picture():
    frames, real = np.eye(4)[[3, 1]], np.eye(4)[[0, 1, 2]]
    best, cosine = tripwire.nearest(frames, real)
    assert (best[1], cosine.tolist()) == (1, [0.0, 1.0])
    assert tripwire.copies(frames, real, cosine=0.9).tolist() == [False, True]
