"""A user's scenario file: every broken rule is one line with its key, and what is written is what is staged."""

from math import hypot
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from render.agenda import imported
from scenes.checks import breach
from scenes.drive import Onset, advance
from scenes.errors import InputError, RareblendError
from scenes.road import lane_y_m
from scenes.scenario import sample
from scenes.script import Actor, Event, read
from scenes.site.layout import draw_place
from scenes.spec.scene import dumps

EXAMPLE = Path(__file__).parents[1] / "docs" / "scripts" / "pull_out.yaml"
STREET = draw_place(np.random.default_rng(3), kinds={"street": 1.0})
CAR = Actor(kinds=("sedan",), ahead_m_range=(10.0, 10.0))


def written(tmp_path, change):
    told = yaml.safe_load(EXAMPLE.read_text())
    change(told)
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(told, sort_keys=False))
    return path


@pytest.mark.parametrize("text", ["", "- 1", "{", "\xff", "[" * 5000, "a: &a [1]\nb: *a\n"])
def test_what_is_no_mapping_is_refused_in_one_line(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError) as told:
        read(path)
    assert "\n" not in str(told.value)
    assert "mine.yaml" in str(told.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"scenario\.script=.*must be a file"):
        read(tmp_path / "none.yaml")


def _set(*path):
    *keys, last, value = path

    def change(told):
        for key in keys:
            told = told[key]
        told[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_set("colour", 1), r"mine\.yaml: colour: there is no such key"),
        (_set("actors", {}), "at least one actor"),
        (_set("actors", "van", "kinds", ["submarine"]), r"actors\.van\.kinds: must be of .*got submarine"),
        (_set("actors", "van", "kinds", ["van", "person"]), "a person alone"),
        (_set("actors", "van", "lane", 0), r"actors\.van\.lane: must be 1 to 3"),
        (_set("actors", "van", "ahead_m_range", None), "either ahead_m_range or relative_to"),
        (
            _set("actors", "cyclist", "speed_kmh_range", [-5, 10]),
            r"speed_kmh_range: must be \[lo, hi\] inside \[0, 250\]",
        ),
        (_set("actors", "cyclist", "relative_to", "actor", "moon"), r"relative_to\.actor: must name an actor of van"),
        (_set("place", "wetness_range", [0, 1.5]), r"place\.wetness_range"),
        (_set("place", "kinds", ["swamp"]), r"place\.kinds"),
        (_set("place", "lanes", 4), r"place\.lanes: must be 1 to 3"),
        (_set("place", "lane_width_m", 9), r"place\.lane_width_m: must lie in \[2.5, 4.5\]"),
        (_set("ego", "moon"), r"ego: must name an actor that is a vehicle; got moon"),
        (_set("ego", "waiting"), r"ego: must name an actor that is a vehicle; got waiting"),
        (_set("ego", "van"), r"ego: must have ahead_m_range: \[0, 0\]"),
        (_set("light", "noon"), r"light"),
        (_set("moment_s_range", [3, 1]), "moment_s_range"),
        (_set("events", "pulls_out", "actor", "moon"), r"events\.pulls_out\.actor: must be of van"),
        (_set("events", "pulls_out", "actor", "waiting"), "must be a vehicle: people do not change_lane"),
        (_set("events", "pulls_out", "to_lane", None), r"to_lane: must be told of a change of lanes"),
        (_set("events", "pulls_out", "to_lane", 4), r"to_lane: must be 1 to 3"),
        (_set("events", "brakes", "after", "nothing"), r"events\.brakes\.after: must be of pulls_out"),
        (_set("events", "brakes", "at_s_range", [0, 1]), "either at_s_range or after"),
        (_set("events", "brakes", "mps2_range", [5, 50]), r"mps2_range: must be \[lo, hi\] inside \[0.1, 10\]"),
        (_set("events", "brakes", "does", "fly"), r"events\.brakes\.does"),
        (_set("crowd", "parked_share", 2), "crowd"),
        (_set("crowd", "people", 10**5), "crowd: counts must lie in"),
        (_set("place", "kinds", []), r"place\.kinds: must name"),
        (_set("actors", "waiting", "heading_deg", float("nan")), r"heading_deg: must be"),
    ],
)
def test_a_broken_rule_is_one_line_with_its_key(tmp_path, change, told):
    with pytest.raises(InputError, match=told) as line:
        read(written(tmp_path, change))
    assert "\n" not in str(line.value)
    assert str(line.value).startswith(f"{tmp_path / 'mine.yaml'}: ")


def test_a_name_of_its_own_is_refused_since_a_scenario_is_named_as_its_file(tmp_path):
    with pytest.raises(InputError, match=r"mine\.yaml: name: must not be told: .*; got rollover"):
        read(written(tmp_path, _set("name", "rollover")))


@pytest.mark.parametrize("name", ["rollover.yaml", "day_traffic.xosc", "every.yaml"])
def test_a_file_that_has_the_name_of_a_scenario_of_ours_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_text(EXAMPLE.read_text())
    with pytest.raises(InputError, match=rf"{name}: must not have the name of a scenario of ours.*rename the file"):
        imported(path)


def test_actors_that_are_placed_by_each_other_and_events_that_wait_for_each_other_are_shown_as_a_circle(tmp_path):
    def circle(told):
        told["actors"]["van"] = {"kinds": ["van"], "relative_to": {"actor": "oncoming", "gap_m_range": [1, 2]}}

    with pytest.raises(InputError, match="must not be placed by each other; got van -> oncoming -> van"):
        read(written(tmp_path, circle))

    def waits(told):
        told["events"]["pulls_out"] = {"actor": "cyclist", "does": "brake", "after": "brakes"}

    with pytest.raises(InputError, match="must not wait for each other; got pulls_out -> brakes -> pulls_out"):
        read(written(tmp_path, waits))


def test_the_example_is_staged_as_it_is_written_and_repeats_itself():
    script = read(EXAMPLE)
    for index in range(12):
        spec = sample(script.name, seed=2, index=index, script=script)
        van, cyclist, oncoming = spec.vehicles[:3]
        assert (van.kind in ("van", "truck"), cyclist.kind) == (True, "bicycle")
        assert 16 <= van.x_m <= 21
        assert van.velocity_mps == (0, 0)
        assert "indicator_right" in van.lamps
        assert cyclist.velocity_mps[0] > 3
        assert oncoming.heading_deg == pytest.approx(180, abs=1)
        assert oncoming.velocity_mps[0] <= 0
        assert any(person.mount == cyclist.actor_id for person in spec.people)
        assert (spec.scenario, spec.sentence, spec.lighting) == ("pull_out", script.sentence, "day")
        assert breach(spec) is None
        assert dumps(spec) == dumps(sample(script.name, seed=2, index=index, script=script))


def test_an_ego_that_drives_comes_nearer_to_what_stands_and_brakes_as_it_is_told(tmp_path):
    def driven(told):
        told["actors"]["me"] = {"kinds": ["sedan"], "ahead_m_range": [0, 0], "speed_kmh_range": [18, 18]}
        told["events"]["stops"] = {"actor": "me", "does": "brake", "at_s_range": [0, 0], "mps2_range": [5, 5]}
        told |= {"ego": "me", "moment_s_range": [1.0, 1.0]}
        told["actors"]["van"]["ahead_m_range"] = [20, 20]

    script = read(written(tmp_path, driven))
    spec = sample(script.name, seed=1, index=0, script=script)
    assert len(spec.vehicles) >= 3
    assert spec.vehicles[0].x_m == pytest.approx(20 - 5**2 / (2 * 5), abs=0.01)  # 5 m/s, 5 m/s², a stand after 1 s
    assert spec.cameras[0].speed_mps == pytest.approx(0.0, abs=1e-6)


def test_a_scene_that_cannot_be_staged_is_told_with_counted_reasons(tmp_path):
    def wide(told):
        told["actors"]["van"]["lane"] = 3
        told["place"]["kinds"] = ["rural_road"]

    script = read(written(tmp_path, wide))
    with pytest.raises(RareblendError, match=r"no draw of 60 was valid: the place has 1 lanes a direction \(60\)"):
        sample(script.name, seed=1, index=0, script=script)


def onset(does, begins_s=0.0, mps2=4.0, **fields):
    return Onset(event=Event(actor="car", does=does, at_s_range=(0.0, 0.0), **fields), begins_s=begins_s, mps2=mps2)


def test_nothing_happens_without_events():
    at = advance(CAR, STREET, [], begins_m=10.0, speed_mps=8.0, moment_s=2.5)
    assert at.x_m == pytest.approx(30.0)
    assert (at.y_m, at.heading_deg, at.lamps) == (lane_y_m(STREET, 1), 0.0, ())


@given(speed=st.floats(1.0, 40.0), hard=st.floats(1.0, 9.0))
def test_a_brake_to_a_stand_takes_the_stopping_distance(speed, hard):
    at = advance(CAR, STREET, [onset("brake", mps2=hard)], begins_m=0.0, speed_mps=speed, moment_s=60.0)
    assert at.x_m == pytest.approx(speed**2 / (2 * hard), rel=1e-3, abs=0.02)
    assert at.speed_mps == pytest.approx(0.0, abs=1e-9)
    assert "brake" in at.lamps


def test_a_change_of_lanes_ends_in_the_other_lane_level_and_signals_while_it_lasts():
    change = onset("change_lane", begins_s=1.0, to_lane=-1, over_s=2.0)
    before, during, after = (
        advance(CAR, STREET, [change], begins_m=0.0, speed_mps=10.0, moment_s=moment) for moment in (0.2, 2.0, 3.5)
    )
    assert before.y_m == lane_y_m(STREET, 1)
    assert during.y_m == pytest.approx(0.0, abs=1e-9)
    assert after.y_m == pytest.approx(lane_y_m(STREET, -1))
    side = "indicator_left" if lane_y_m(STREET, -1) > lane_y_m(STREET, 1) else "indicator_right"
    assert (before.lamps, during.lamps, after.lamps) == ((side,), (side,), ())
    assert after.heading_deg == 0.0
    slope = np.tan(np.deg2rad(during.heading_deg))
    assert hypot(slope) == pytest.approx(1.5 * 2 * abs(lane_y_m(STREET, 1)) / 2.0 / 10.0, rel=1e-6)


def test_who_accelerates_keeps_the_speed_that_it_wants():
    faster = onset("accelerate", to_kmh=72.0)
    at = advance(CAR, STREET, [faster], begins_m=0.0, speed_mps=10.0, moment_s=5.0)
    assert at.speed_mps == pytest.approx(20.0)
    assert at.x_m == pytest.approx((20**2 - 10**2) / 8 + 20 * 2.5, rel=1e-3)
