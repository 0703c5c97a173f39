"""How near a near miss was: time to collision and post-encroachment time."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.checks import footprint, overlap_m
from scenes.crashes.conflict import post_encroachment_s, time_to_collision_s
from scenes.crashes.near_miss import NEAR_MISSES
from scenes.errors import InputError
from scenes.scenario import sample
from scenes.spec.scene import Conflict, dumps, loads

CAR = (4.0, 2.0)


def body(x, y, heading=0.0):
    return footprint(x, y, heading, *CAR)


def test_bodies_that_overlap_have_no_time_left():
    assert time_to_collision_s(body(0, 0), body(3, 1), ((0, 0), (0, 0))) == 0


@pytest.mark.parametrize(
    ("place", "velocities", "seconds"),
    [
        ((14, 0), ((10, 0), (5, 0)), 2.0),  # follows with 10 m between the bumpers
        ((14, 0), ((5, 0), (10, 0)), inf),  # falls behind
        ((14, 3), ((10, 0), (0, 0)), inf),  # passes beside
        ((24, 0), ((10, 0), (-10, 0)), 1.0),  # both come on
        ((0, 7), ((0, 2), (0, -3)), 1.0),  # from the side
        ((10, 0), ((3, 0), (3, 0)), inf),
    ],
)
def test_time_to_collision_is_gap_over_closing_speed(place, velocities, seconds):
    assert time_to_collision_s(body(0, 0), body(*place), velocities) == pytest.approx(seconds)
    assert time_to_collision_s(body(*place), body(0, 0), velocities[::-1]) == pytest.approx(seconds)


@given(
    x=st.floats(-30, 30), y=st.floats(-30, 30), heading=st.floats(0, 360), vx=st.floats(-15, 15), vy=st.floats(-15, 15)
)
def test_bodies_touch_just_after_the_time_to_collision_and_not_before(x, y, heading, vx, vy):
    left = time_to_collision_s(body(0, 0), body(x, y, heading), ((vx, vy), (0, 0)))
    for share in (0.0, 0.5, 0.98):
        time_s = share * min(left, 20.0)
        if left > 0:
            assert overlap_m(body(vx * time_s, vy * time_s), body(x, y, heading)) < 1e-6
    if 0 < left < 100:
        assert time_to_collision_s(body(vx * left, vy * left), body(x, y, heading), ((vx, vy), (0, 0))) < 1e-6


def test_post_encroachment_is_from_the_rear_of_the_first_to_the_front_of_the_second():
    """The first leaves when its rear is 1 m past the crossing, the second comes when its front is 1 m before it."""
    pair = lambda t: (body(10 * t, 0), body(0, 5 * (t - 2), 90))  # noqa: E731
    assert post_encroachment_s(pair, -1.0, 5.0) == pytest.approx((2 - 3 / 5) - 3 / 10, abs=0.06)


def test_who_stops_before_the_others_ground_never_encroaches():
    pair = lambda t: (body(10 * t, 0), body(0, min(5 * t, 5) - 10, 90))  # noqa: E731
    assert post_encroachment_s(pair, -1.0, 5.0) == inf


def test_a_gap_of_nothing_is_refused():
    with pytest.raises(InputError, match=r"near_miss\.gap_m"):
        Conflict(kind="x", between=(1, 2), gap_m=0.0, time_to_collision_s=None, post_encroachment_s=None)


@pytest.mark.parametrize("tracked", [False, True])
@pytest.mark.parametrize("name", NEAR_MISSES)
def test_every_near_miss_tells_its_measures_and_they_are_read_back(name, tracked):
    spec = sample(name, seed=3, index=0, tracked=tracked)
    told = spec.near_miss
    assert told.kind == name
    assert f"{told.gap_m:.2f} m" in spec.sentence
    assert set(told.between) <= {actor.actor_id for actor in (*spec.vehicles, *spec.people)}
    times = [told.time_to_collision_s, told.post_encroachment_s]
    assert any(time is not None for time in times)
    assert all(time is None or 0 < time < 10 for time in times)
    assert loads(dumps(spec)) == spec


def test_scenes_without_a_near_miss_do_not_know_the_field():
    assert "near_miss" not in dumps(sample("day_traffic", seed=3, index=0))
