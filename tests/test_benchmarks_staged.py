"""The planar impact against published crash tests: all that were found, none left out."""

import numpy as np
import pytest

from benchmarks.staged import OBLIQUE, SINGLE, SMALL_OVERLAP, errors, oblique, outcome, small_overlap

MPH_MPS = 0.44704


def as_published(test, **changed):
    return small_overlap(test, restitution=test.restitution, ratio_percent=test.ratio_percent, **changed)


def test_the_mean_error_of_delta_v_over_all_21_small_overlap_tests_is_at_most_5_percent():
    assert len(SMALL_OVERLAP) == len({test.test for test in SMALL_OVERLAP}) == 21
    of_delta_v, of_yaw_rate = np.abs(errors()).T
    assert of_delta_v.mean() <= 0.05
    assert of_delta_v.max() <= 0.08
    assert of_yaw_rate.mean() <= 0.05


def test_a_car_struck_at_its_left_front_is_slowed_pushed_right_and_turned_left():
    for test in SMALL_OVERLAP:
        after = as_published(test).first
        assert 0 < after.velocity_mps[0] < test.speed_ftps * 0.3048
        assert after.velocity_mps[1] < 0
        assert after.yaw_rate_rad_s > 0


def test_published_restitutions_need_no_backing_off():
    assert [as_published(test).restitution for test in SMALL_OVERLAP] == [test.restitution for test in SMALL_OVERLAP]


def test_masses_cancel_against_a_fixed_barrier():
    light, heavy = (outcome(as_published(SMALL_OVERLAP[4], mass_kg=mass), SMALL_OVERLAP[4]) for mass in (900.0, 4000.0))
    assert light == pytest.approx(heavy)


def test_one_setting_for_all_foretells_glancing_tests_only():
    of_delta_v = np.abs(errors(SINGLE))[:, 0]
    glances = np.array([test.glances for test in SMALL_OVERLAP])
    assert glances.sum() == 15
    assert of_delta_v[glances].mean() <= 0.05 < of_delta_v[~glances].mean()


@pytest.mark.parametrize("test", OBLIQUE, ids=lambda test: test.test)
def test_two_moving_cars_come_out_as_another_analysis_has_them(test):
    hit, *before = oblique(test)
    for party, old, new in zip((test.first, test.second), before, (hit.first, hit.second), strict=True):
        delta_v_mph = np.linalg.norm(new.velocity_mps - old.velocity_mps) / MPH_MPS
        assert delta_v_mph == pytest.approx(party.delta_v_mph, rel=0.006)
        assert abs(np.rad2deg(new.yaw_rate_rad_s)) == pytest.approx(party.yaw_rate_deg_s, abs=1.5)
