from __future__ import annotations

import numpy as np
import pytest

from benchmarks.photons import PATCH_PX, odd_one, patches


def drawn(seed, spread=1.0):
    return spread * np.random.default_rng(seed).standard_normal((8, 40, 23))


def test_the_other_half_itself_is_no_odd_one():
    near, far = drawn(0), drawn(1)
    assert (odd_one(far, near, far) == 0.5).all()


def test_another_trace_like_the_halves_is_the_odd_one_as_often_as_not():
    assert odd_one(drawn(2), drawn(0), drawn(1)).mean() == pytest.approx(0.5, abs=0.08)


def test_the_odd_one_is_one_sided():
    near, far = drawn(0), drawn(1)
    assert odd_one(drawn(2, spread=3.0), near, far).mean() > 0.95
    assert odd_one(near + 0.1 * drawn(2), near, far).mean() < 0.05
    assert odd_one(drawn(2) + 1.5, near, far).mean() > 0.9


def test_a_statistic_that_two_halves_agree_on_weighs_more_than_one_that_they_do_not():
    near, far = drawn(0), drawn(1)
    far[..., 0] = near[..., 0] + 0.001 * far[..., 0]
    ours = drawn(2)
    ours[..., 0] = near[..., 0] + 0.5
    assert odd_one(ours, near, far).mean() > 0.95


def test_patches_of_a_black_picture_are_finite_and_their_number_is_that_of_whole_squares():
    told = patches(np.zeros((2 * PATCH_PX + 5, 3 * PATCH_PX + 9, 3), np.uint8))
    assert told.shape[0] == 6
    assert np.isfinite(told).all()


def test_noise_in_one_patch_changes_that_patch_alone():
    rgb = np.full((3 * PATCH_PX, 3 * PATCH_PX, 3), 120, np.uint8)
    noisy = rgb.copy()
    middle = slice(PATCH_PX + 12, 2 * PATCH_PX - 12)
    noisy[middle, middle] += np.random.default_rng(0).integers(0, 30, (8, 8, 3), np.uint8)
    change = np.abs(patches(noisy) - patches(rgb)).max(axis=1)
    assert change.argmax() == 4
    assert change[4] > 1.0
    assert np.delete(change, 4).max() < 0.2 * change[4]
