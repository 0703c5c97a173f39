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
