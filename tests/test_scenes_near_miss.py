"""Near misses: nobody ever touches, the least distance is the one that is told, and nothing says that it crashed."""

import re
from functools import cache
from itertools import combinations
from math import hypot, inf, pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.checks import breach, footprint, overlap_m
from scenes.clearance import body_at
from scenes.clip import ClipSettings, at
from scenes.crashes.gap import gap_m, least_gap
from scenes.crashes.manoeuvre import Goer, Pace, Path
from scenes.crashes.near_miss import NEAR_MISSES
from scenes.errors import InputError, RareblendError
from scenes.lookalikes import LOOKALIKES
from scenes.scenario import SCENARIOS, sample
from scenes.settings import compose as compose_config
from scenes.spec.scene import dumps, loads
from scenes.trajectory import moment

DRAWS, CLIPS = 20, 6
PERSON_M = 0.6


@cache
def drawn(name, index, *, tracked=False):
    try:
        return sample(name, seed=8, index=index, tracked=tracked)
    except RareblendError as never:
        return str(never)


def bodies_of(spec, time_s):
    """Return the ground under everybody who has a track, worked out from the tracks alone."""
    made = [body_at(vehicle, time_s) for vehicle in spec.vehicles if vehicle.track]
    for person in spec.people:
        if person.track:
            where = moment(person.track, time_s)
            made.append(footprint(where.x_m, where.y_m, where.heading_deg, PERSON_M, PERSON_M))
    return made


def times_of(spec):
    tracks = [actor.track for actor in (*spec.vehicles, *spec.people) if actor.track]
    return np.arange(min(t.times_s[0] for t in tracks), max(t.times_s[-1] for t in tracks), 0.013)


def test_bodies_that_overlap_have_no_gap():
    assert gap_m(footprint(0, 0, 0, 4, 2), footprint(3.9, 0, 0, 4, 2)) == 0


@pytest.mark.parametrize(("x", "y", "gap"), [(5.0, 0.0, 1.0), (0.0, 3.5, 1.5), (7.0, 6.0, 5.0)])
def test_the_gap_is_that_of_sides_or_corners(x, y, gap):
    assert gap_m(footprint(0, 0, 0, 4, 2), footprint(x, y, 0, 4, 2)) == pytest.approx(gap)


@given(x=st.floats(-8, 8), y=st.floats(-8, 8), heading=st.floats(0, 360))
def test_the_gap_is_that_of_the_nearest_points_of_both_outlines(x, y, heading):
    first, second = footprint(0, 0, 20, 4, 2), footprint(x, y, heading, 4, 2)
    outlines = []
    for body in (first, second):
        corners = np.array(body.corners_m())
        share = np.linspace(0, 1, 60)[:, None]
        outlines.append(
            np.concatenate([a + share * (b - a) for a, b in zip(corners, np.roll(corners, -1, 0), strict=True)])
        )
    apart = np.linalg.norm(outlines[0][:, None] - outlines[1][None], axis=2).min()
    if overlap_m(first, second) > 0:
        assert gap_m(first, second) == 0
    else:
        assert gap_m(first, second) == pytest.approx(apart, abs=0.05)
    assert gap_m(first, second) == pytest.approx(gap_m(second, first))


def test_the_least_gap_is_found_when_it_is():
    still = footprint(0.0, 0.0, 0.0, 4.0, 2.0)
    gap, when = least_gap(lambda t: (still, footprint(-10.0 + 10.0 * t, 3.0, 0.0, 4.0, 2.0)), 0.0, 2.0, 0.01)
    assert gap == pytest.approx(1.0)
    assert when == pytest.approx(0.6, abs=0.02)


def test_a_pace_without_deceleration_is_refused():
    with pytest.raises(InputError, match="pace"):
        Pace(cruise_mps=3.0, brakes_s=0.0, slows_mps2=0.0)


def test_who_brakes_stops_after_v_squared_over_two_a():
    pace = Pace(cruise_mps=12.0, brakes_s=-2.0, slows_mps2=6.0)
    assert pace.way_m(50.0) - pace.way_m(-2.0) == pytest.approx(12.0**2 / 12.0)
    assert pace.speed_mps(pace.rests_s) == pytest.approx(0.0)


def test_a_quarter_turn_leads_to_a_right_angle_and_back_again():
    path = Path(through=(0.0, 0.0, 0.0), ahead=((0.1, 5 * pi),), behind=((0.1, 5 * pi),))
    assert path.at(5 * pi) == pytest.approx((10.0, 10.0, pi / 2))
    assert path.at(5 * pi + 3) == pytest.approx((10.0, 13.0, pi / 2))
    assert path.at(-5 * pi) == pytest.approx((-10.0, 10.0, -pi / 2))


@given(time_s=st.floats(-3, 4))
def test_velocity_is_the_derivative_of_the_way(time_s):
    path = Path(through=(1.0, 2.0, 0.4), ahead=((-0.1, 6.0),), behind=((0.05, 9.0),))
    goer = Goer(path=path, pace=Pace(cruise_mps=9.0, brakes_s=-1.0, slows_mps2=4.0), length_m=4.0, width_m=2.0)
    before, now, after = (goer.row(time_s + step) for step in (-1e-4, 0.0, 1e-4))
    for axis in (1, 2):
        assert (after[axis] - before[axis]) / 2e-4 == pytest.approx(now[axis + 3], abs=3e-3)


def test_all_kinds_are_scenarios_and_the_config_names_just_them():
    assert set(NEAR_MISSES) <= set(SCENARIOS)
    mix = compose_config("render", ["scenario=near_misses"])["scenario"]["mix"]
    assert set(mix) == {*NEAR_MISSES, "hard_negatives", *LOOKALIKES}


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_nearly_all_draws_find_a_valid_scene(name):
    specs = [drawn(name, index) for index in range(DRAWS)]
    valid = [spec for spec in specs if not isinstance(spec, str)]
    assert len(valid) >= 0.95 * DRAWS
    assert [breach(spec) for spec in valid] == [None] * len(valid)
    assert len({spec.scene_id for spec in valid}) == len(valid)


@pytest.mark.parametrize("tracked", [False, True])
@pytest.mark.parametrize("name", NEAR_MISSES)
def test_the_same_seed_gives_the_same_bytes_and_they_read_back(name, tracked):
    spec = drawn(name, 2, tracked=tracked)
    assert dumps(sample(name, seed=8, index=2, tracked=tracked)) == dumps(spec)
    assert loads(dumps(spec)) == spec


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_nobody_ever_touches_and_the_least_gap_is_the_one_that_the_sentence_tells(name):
    low, high = NEAR_MISSES[name].gap_m
    for index in range(CLIPS):
        spec, least = drawn(name, index, tracked=True), inf
        for time_s in times_of(spec).tolist():
            first, second = bodies_of(spec, time_s)
            assert overlap_m(first, second) == 0
            least = min(least, gap_m(first, second))
        told = float(re.search(r"(\d\.\d\d) m", spec.sentence).group(1))
        assert least == pytest.approx(told, abs=0.02)
        assert low - 0.01 <= least <= high + 0.01


@pytest.mark.parametrize("tracked", [False, True])
@pytest.mark.parametrize("name", NEAR_MISSES)
def test_nothing_says_that_there_was_a_crash(name, tracked):
    for index in range(CLIPS if tracked else DRAWS):
        spec = drawn(name, index, tracked=tracked)
        assert not any(actor.crash for actor in (*spec.vehicles, *spec.people, *spec.animals))
        assert not any(v.dents or v.severity or v.airbags or v.lost or v.tipped_deg for v in spec.vehicles)
        assert not any(piece.kind in ("glass", "plastic", "trim", "triangle") for piece in spec.debris)
        assert not any(person.pose == "lying" for person in spec.people)


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_a_clip_has_no_crash_in_any_frame_and_hulls_stay_apart(name):
    spec = drawn(name, 1, tracked=True)
    clip = ClipSettings(frames=40, rate_hz=8.0).of(spec)
    for number in range(40):
        frame = at(spec, clip, number)
        assert not any(actor.crash for actor in (*frame.vehicles, *frame.people))
        assert not any(person.pose == "lying" for person in frame.people)
        pairs = combinations([footprint(v.x_m, v.y_m, v.heading_deg, v.length_m, v.width_m) for v in frame.vehicles], 2)
        assert max((overlap_m(one, other) for one, other in pairs), default=0.0) < 0.03


@pytest.mark.parametrize("name", ["near_miss_rear_end", "near_miss_crossing", "near_miss_pedestrian"])
def test_who_brakes_in_time_shows_brake_lamps_and_leaves_marks(name):
    specs = [drawn(name, index, tracked=True) for index in range(CLIPS)]
    assert all(spec.vehicles[0].track.brakes_s < 0 for spec in specs)
    assert all("brake" in spec.vehicles[0].lamps for spec in specs)
    assert any(spec.skid_marks for spec in specs)
    for spec in specs:
        assert hypot(*moment(spec.vehicles[0].track, spec.vehicles[0].track.times_s[-1]).velocity_mps) < 0.05


def test_somebody_who_stops_in_fright_stands_in_the_end():
    halted = 0
    for index in range(CLIPS):
        spec = drawn("near_miss_pedestrian", index, tracked=True)
        walker = next(person for person in spec.people if person.track)
        clip = ClipSettings(frames=60, rate_hz=8.0).of(spec)
        last = next(person for person in at(spec, clip, 59).people if person.actor_id == walker.actor_id)
        assert last.pose in ("standing", walker.pose)
        halted += last.pose == "standing"
    assert halted


@pytest.mark.parametrize("light", ["day", "night", "low_sun"])
def test_a_lighting_can_be_asked_for(light):
    assert sample("near_miss_crossing", seed=1, index=0, lighting=light).lighting == light
