"""Fidelity: kernels, the unbiased estimate, its null, and the calibration of its test."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist, pdist

from eval import fidelity, resample
from eval.choices import choose
from eval.kernel import median_gaussian


def _naive_mmd(kernel, x, y):
    xx = np.mean([kernel(a, b) for i, a in enumerate(x) for j, b in enumerate(x) if i != j])
    yy = np.mean([kernel(a, b) for i, a in enumerate(y) for j, b in enumerate(y) if i != j])
    return xx + yy - 2 * np.mean([kernel(a, b) for a in x for b in y])


def _sides(left, count):
    synthetic = np.arange(count) < left
    return synthetic[None], ~synthetic[None]


def _compare(features, left, groups=None, seed=0, permutations=100):
    groups = np.arange(len(features)) if groups is None else groups
    return fidelity.discrepancy(
        fidelity.gaussian_kernel(features),
        np.arange(len(features)) < left,
        groups,
        rng=np.random.default_rng(seed),
        null_draws=20,
        permutations=permutations,
    )


def test_two_points_against_two_points_by_hand():
    features = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    value = fidelity.mmd_unbiased(features @ features.T, *_sides(2, 4))
    assert value == pytest.approx([2.0])


def test_unbiased_mmd_equals_a_loop_over_all_pairs_under_kids_kernel():
    x, y = np.split(np.random.default_rng(1).normal(size=(17, 6)), [7])
    kernel = fidelity.polynomial_kernel(np.concatenate([x, y]))
    expected = _naive_mmd(lambda a, b: (a @ b / 6 + 1) ** 3, x, y)
    assert fidelity.mmd_unbiased(kernel, *_sides(7, 17))[0] == pytest.approx(expected)


def test_permuted_estimates_and_p_equal_those_of_permuted_indices_over_several_tiles():
    features = np.random.default_rng(13).normal(size=(1100, 8)).astype(np.float32) + 0.5
    features[:400] *= np.float32(1.02)
    choices = choose(
        np.arange(1100) < 400, np.arange(1100), rng=np.random.default_rng(14), null_draws=5, permutations=40
    )
    kernel = fidelity.gaussian_kernel(features.astype(np.float64))
    np.fill_diagonal(kernel, 0)
    sides = [
        (np.flatnonzero(left), np.flatnonzero(right)) for left, right in zip(choices.left, choices.right, strict=True)
    ]
    within = [sum(kernel[np.ix_(s, s)].sum() / (len(s) * (len(s) - 1)) for s in pair) for pair in sides]
    expected = np.array(within) - [2 * kernel[np.ix_(x, y)].mean() for x, y in sides]
    from_matrix = fidelity.mmd_unbiased(kernel, choices.left, choices.right)
    (from_features,) = fidelity.mmds(features, [(median_gaussian(features), choices)])
    assert from_matrix == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert from_features == pytest.approx(expected, abs=0.01 * expected[choices.permuted].std())
    assert choices.conclude(from_matrix).p == choices.conclude(expected).p


@pytest.mark.parametrize("count", [7, 8])
def test_median_bandwidth_is_the_same_in_single_precision_for_odd_and_even_counts_of_pairs(count):
    features = np.random.default_rng(15).normal(size=(count, 5)) + 1
    rows = features / np.linalg.norm(features, axis=1, keepdims=True)
    expected = np.median(pdist(rows, "sqeuclidean")) / 2
    assert median_gaussian(features).variance == pytest.approx(expected, rel=1e-12)
    assert median_gaussian(features.astype(np.float32)).variance == pytest.approx(expected, rel=1e-5)


def test_gaussian_kernel_equals_scipy_on_unit_rows_with_the_median_heuristic():
    features = np.random.default_rng(2).normal(size=(12, 5))
    rows = features / np.linalg.norm(features, axis=1, keepdims=True)
    sigma_squared = np.median(pdist(rows, "sqeuclidean")) / 2
    expected = np.exp(-cdist(rows, rows, "sqeuclidean") / (2 * sigma_squared))
    assert np.allclose(fidelity.gaussian_kernel(features), expected)


def test_mmd_is_zero_on_average_between_samples_of_one_distribution():
    features = np.random.default_rng(3).normal(size=(60, 4))
    rng = np.random.default_rng(4)
    left = np.array([rng.permutation(60) < 20 for _ in range(400)])
    values = fidelity.mmd_unbiased(fidelity.polynomial_kernel(features), left, ~left)
    assert abs(values.mean()) < 3 * values.std() / 20
    assert values.min() < 0


def test_more_noise_means_more_distance():
    rng = np.random.default_rng(5)
    real, frames = rng.normal(size=(2, 50, 8)) + 1
    values = []
    for noise in (0.0, 0.5, 1.0, 2.0, 4.0):
        both = np.concatenate([frames + noise * rng.normal(size=frames.shape), real])
        values.append(fidelity.mmd_unbiased(fidelity.polynomial_kernel(both), *_sides(50, 100))[0])
    assert values == sorted(values)


def test_null_is_about_the_real_side_and_not_the_synthetic_one():
    rng = np.random.default_rng(6)
    real = rng.normal(size=(60, 4)) + 3
    torn = np.concatenate([np.full((15, 4), 1.0), np.full((15, 4), -1.0)])
    found = _compare(np.concatenate([torn, real]), 30, np.arange(90) // 5)
    assert abs(found.null_value) < 0.2 < found.value
    assert found.null_interval[1] < found.value


def test_permutation_test_sees_a_shift_and_its_p_is_never_zero():
    rng = np.random.default_rng(7)
    found = _compare(np.concatenate([rng.normal(size=(30, 4)) + 2, rng.normal(size=(30, 4))]), 30)
    assert found.p == pytest.approx(1 / 101)
    assert found.interval[0] > 0


def test_permutation_test_raises_false_alarms_as_often_as_it_says():
    rng = np.random.default_rng(8)
    alarms = [_compare(rng.normal(size=(50, 4)), 20, seed=trial).p <= 0.1 for trial in range(200)]
    assert 0.04 < np.mean(alarms) < 0.17


def test_permutation_test_holds_when_pictures_of_a_scene_are_alike():
    rng = np.random.default_rng(9)
    groups = np.repeat(np.arange(12), 4)
    alarms = []
    for trial in range(100):
        features = rng.normal(size=(12, 4))[groups] + 0.1 * rng.normal(size=(48, 4))
        alarms.append(_compare(features, 16, groups, seed=trial).p <= 0.1)
    assert np.mean(alarms) < 0.2


def test_interval_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(10)
    hits = 0
    for _ in range(60):
        x, y = rng.normal(size=(30, 2)) + 1.0, rng.normal(size=(30, 2))
        features = np.concatenate([x, y])
        found = fidelity.discrepancy(
            features @ features.T, _sides(30, 60)[0][0], np.arange(60), rng=rng, null_draws=10, permutations=2
        )
        hits += found.interval[0] <= 2.0 <= found.interval[1]  # |difference of means|^2 under the linear kernel
    assert hits >= 52


def test_groups_are_drawn_whole_and_the_cut_one_is_left_out():
    groups = np.repeat(np.arange(5), 4)
    drawn, rest = resample.draw_by_group(groups, 6, np.random.default_rng(0))
    assert len(drawn) == 6
    assert not set(groups[drawn]) & set(groups[rest])
    assert len(rest) == 12


def test_jackknife_error_of_a_mean_is_the_textbook_error():
    values = np.random.default_rng(11).normal(size=25)
    left_out = np.array([np.delete(values, i).mean() for i in range(25)])
    assert resample.jackknife_error(left_out) == pytest.approx(values.std(ddof=1) / 5)


@pytest.mark.parametrize(("hits", "count", "expected"), [(0, 32, (0.0, 0.1089)), (32, 32, (0.8911, 1.0))])
def test_share_interval_is_exact(hits, count, expected):
    assert resample.share_interval(hits, count) == pytest.approx(expected, abs=1e-4)
