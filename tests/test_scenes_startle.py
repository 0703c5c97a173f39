"""People who see a vehicle come: they walk on, freeze, hurry or jump back."""

from functools import cache
from math import cos, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.crashes.event import Loose
from scenes.crashes.startle import GAINS_MPS2, NEARLY, STRUCK, Rhythm, draw_reaction, goal_mps, rhythm
from scenes.errors import InputError
from scenes.scenario import sample
from scenes.trajectory import moment
from scenes.wreckage import thrown_at


@cache
def struck(name, index):
    spec = sample(name, seed=6, index=index, tracked=True)
    return next(person for person in spec.people if person.track and person.mount is None)


def along_mps(person, time_s):
    """Return the speed along the way that somebody faces; negative backward."""
    angle, (vx, vy) = radians(person.heading_deg), moment(person.track, time_s).velocity_mps
    return vx * cos(angle) + vy * sin(angle)


def before_after(person):
    return along_mps(person, person.track.times_s[0] + 0.01), along_mps(person, person.track.contact_s)


@pytest.mark.parametrize(("times", "speeds"), [((1.0,), (0.0,)), ((1.0, 0.5), (1.0, 0.0)), ((0.0, 1.0), (1.0, 0.5))])
def test_a_rhythm_that_does_not_end_or_goes_back_in_time_is_refused(times, speeds):
    with pytest.raises(InputError, match="rhythm"):
        Rhythm(times_s=times, speeds_mps=speeds)


@given(walks=st.floats(0.8, 3.2), reaction=st.sampled_from([*NEARLY]), seed=st.integers(0, 99), time_s=st.floats(-3, 6))
def test_speed_is_the_derivative_of_the_way_and_gains_are_bounded(walks, reaction, seed, time_s):
    made = rhythm(walks, reaction, np.random.default_rng(seed))
    assert (made.way_m(time_s + 1e-4) - made.way_m(time_s - 1e-4)) / 2e-4 == pytest.approx(
        made.speed_mps(time_s), abs=2e-3
    )
    assert abs(made.speed_mps(time_s + 0.1) - made.speed_mps(time_s)) <= GAINS_MPS2 * 0.1 + 1e-6
    assert made.way_m(made.brakes_s) == pytest.approx(walks * made.brakes_s)
    assert made.speed_mps(made.rests_s + 1) == 0


def test_reactions_lead_where_their_names_say():
    rng = np.random.default_rng(1)
    assert goal_mps("walks_on", 1.3, rng) == 1.3
    assert goal_mps("freezes", 1.3, rng) == 0
    assert goal_mps("hurries", 1.3, rng) > 2
    assert goal_mps("jumps_back", 1.3, rng) < -0.7
    assert {draw_reaction(NEARLY, rng) for _ in range(60)} == set(NEARLY) == set(STRUCK)


@given(came=st.floats(0.8, 3.0), goes=st.floats(-1.5, 4.0), time_s=st.floats(-3, -0.001))
def test_the_way_before_a_contact_has_the_speed_of_before_and_of_the_contact(came, goes, time_s):
    loose = Loose(against="person", told={}, mass_kg=70.0, centre_m=1.0, speed_mps=goes, came_mps=came)
    slope = (loose.way_m(time_s + 1e-5) - loose.way_m(time_s - 1e-5)) / 2e-5
    low, high = sorted((came, goes))
    assert low - 1e-3 <= slope <= high + 1e-3
    if time_s < -loose.startled_s - 1e-3:
        assert slope == pytest.approx(came, abs=1e-3)
    assert loose.way_m(-1e-9) == pytest.approx(0.0, abs=1e-7)


@pytest.mark.parametrize("name", ["pedestrian_crossing", "pedestrian_turning"])
def test_some_who_are_struck_freeze_or_jump_back_and_some_hurry(name):
    found = [before_after(struck(name, index)) for index in range(16)]
    changed = [after - before for before, after in found]
    assert any(abs(after) < 0.05 for _, after in found) or any(after < -0.3 for _, after in found)
    assert any(change > 0.5 for change in changed)
    assert any(abs(change) < 0.05 for change in changed)


def test_who_freezes_stands_at_the_contact_and_walked_before():
    frozen = [p for index in range(16) if abs(before_after(p := struck("pedestrian_crossing", index))[1]) < 0.05]
    assert frozen
    for person in frozen:
        assert thrown_at(person, person.track, person.track.contact_s).pose == "standing"
        assert thrown_at(person, person.track, person.track.times_s[0]).pose == person.pose


def test_some_who_are_missed_go_backward_and_some_hurry():
    people = [struck("near_miss_pedestrian", index) for index in range(16)]
    speeds = [[along_mps(p, t) for t in np.arange(-1.4, 2.0, 0.05)] for p in people]
    assert any(min(one) < -0.3 for one in speeds)
    assert any(max(one) > one[0] + 0.5 for one in speeds)
    assert any(abs(one[-1]) < 0.05 and min(one) > -0.1 for one in speeds)
