"""The Fréchet distance: closed forms, its extrapolation, its null."""

import numpy as np
import pytest

from eval import frechet


def test_two_gaussians_on_a_line_by_hand():
    first, second = np.array([[0.0], [2.0]]), np.array([[3.0], [7.0]])
    expected = (5 - 1) ** 2 + (np.sqrt(8) - np.sqrt(2)) ** 2  # unbiased variances 2 and 8
    assert frechet.of_moments(frechet.moments(first), frechet.moments(second)) == pytest.approx(expected)


def test_few_rows_in_many_dimensions_take_another_way_to_the_same_value():
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(20, 50)), rng.normal(size=(25, 50)) + 0.3
    expected = frechet.of_moments(frechet.moments(first), frechet.moments(second))
    assert frechet.distance(first, second) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("counts", [(60, 600), (600, 60), (60, 190), (199, 600)])
def test_fewer_rows_than_dimensions_in_single_precision_equal_singular_values_in_double(counts):
    rng = np.random.default_rng(7)
    spread = np.arange(1, 201) ** -0.5
    sides = [(rng.normal(size=(count, 200)) * spread + 0.5).astype(np.float32) for count in counts]
    centred = [(side - side.mean(axis=0)) / np.sqrt(len(side) - 1) for side in (s.astype(np.float64) for s in sides)]
    gap = np.subtract(*(side.mean(axis=0, dtype=np.float64) for side in sides))
    root = np.linalg.svd(centred[0] @ centred[1].T, compute_uv=False).sum()
    expected = gap @ gap + sum(np.sum(side**2) for side in centred) - 2 * root
    assert frechet.distance(*sides) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("counts", [(300, 15), (15, 300), (12, 15)])
def test_singular_covariances_on_either_side_or_both_give_the_root_of_their_product(counts):
    rng = np.random.default_rng(8)
    sides = [rng.normal(size=(count, 20)) @ rng.normal(size=(20, 20)) for count in counts]
    found = frechet.of_moments(*(frechet.moments(side) for side in sides))
    covariances = [np.cov(side, rowvar=False) for side in sides]
    root = np.sqrt(np.linalg.eigvals(covariances[0] @ covariances[1]).astype(complex)).real.sum()
    gap = sides[0].mean(axis=0) - sides[1].mean(axis=0)
    assert found == pytest.approx(gap @ gap + sum(np.trace(side) for side in covariances) - 2 * root, rel=1e-6)


def test_a_feature_that_is_constant_on_one_side_adds_its_variance_on_the_other():
    rng = np.random.default_rng(9)
    first, second = rng.normal(size=(100, 3)), rng.normal(size=(120, 3))
    held = np.column_stack([first, np.full(100, 2.0)]), np.column_stack([second, np.tile([1.0, 3.0], 60)])
    expected = frechet.distance(first, second) + 120 / 119
    assert frechet.distance(*held) == pytest.approx(expected)
    assert frechet.distance(*reversed(held)) == pytest.approx(expected)


def test_moments_of_parts_add_up_and_read_single_precision():
    rows = np.random.default_rng(1).normal(size=(9000, 4)).astype(np.float32) + 5
    added, whole = frechet.moments(rows[:100]) + frechet.moments(rows[100:]), frechet.moments(rows)
    assert added.count == whole.count
    assert added.mean == pytest.approx(rows.astype(np.float64).mean(axis=0))
    assert added.scatter / 8999 == pytest.approx(np.cov(rows.astype(np.float64), rowvar=False), abs=1e-7)
    assert added.scatter == pytest.approx(whole.scatter, abs=1e-3)


def test_distance_is_symmetric_and_zero_on_itself():
    rng = np.random.default_rng(2)
    first, second = rng.normal(size=(80, 6)), rng.normal(size=(90, 6)) * 2
    assert frechet.distance(first, second) == pytest.approx(frechet.distance(second, first))
    assert frechet.distance(first, first) == pytest.approx(0, abs=1e-9)


def test_halves_take_the_bias_off():
    rng = np.random.default_rng(3)
    first, second = rng.normal(size=(2, 600, 40))
    plain = frechet.distance(first, second)
    assert plain > 1
    assert abs(frechet.extrapolated(first, second)) < 0.2 * plain


@pytest.mark.slow
@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0])
def test_known_gaussians_are_told_within_two_at_five_thousand(slope):
    rng = np.random.default_rng(4)
    spread = np.sqrt(100 ** min(slope, 1) * np.arange(1, 1281) ** -slope)
    other = spread * np.sqrt(np.clip(1 + 0.1 * rng.normal(size=1280), 0.3, None))
    shift = 0.02 * rng.normal(size=1280)
    truth = shift @ shift + np.sum((spread - other) ** 2)
    first, second = rng.normal(size=(2, 5000, 1280)) * np.stack([spread, other])[:, None]
    assert frechet.distance(first, second + shift) > truth + 20
    assert frechet.extrapolated(first, second + shift) == pytest.approx(truth, abs=2)


def test_comparison_sees_a_shift_beyond_its_null_and_draws_groups_whole():
    rng = np.random.default_rng(5)
    groups = np.repeat(np.arange(60), 4)
    real = rng.normal(size=(240, 8)) + 0.5 * rng.normal(size=(60, 8))[groups]
    like, unlike = rng.normal(size=(2, 100, 8)) + np.array([0, 1.5])[:, None, None]
    near = frechet.compare(like, np.arange(100), real, groups, rng=rng)
    far = frechet.compare(unlike, np.arange(100), real, groups, rng=rng)
    assert far.value > far.null_interval[1]
    assert far.interval[0] < 1.5**2 * 8 < far.interval[1] * 1.3
    assert far.p == pytest.approx(1 / 21)
    assert near.value < far.value / 4
