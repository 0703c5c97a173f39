"""OpenSCENARIO files: the example becomes the script that it tells, the unknown is listed, bad files are refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rareblend import main as cli
from scenes.checks import breach
from scenes.errors import InputError
from scenes.openscenario.document import Document
from scenes.openscenario.expression import valued
from scenes.openscenario.position import beside
from scenes.openscenario.road import roads
from scenes.openscenario.scenario import read
from scenes.road import lane_y_m
from scenes.scenario import sample
from scenes.spec.scene import dumps

FOLDER = Path(__file__).parents[1] / "docs" / "scripts"
EXAMPLE, ROAD = FOLDER / "pull_out.xosc", FOLDER / "road.xodr"


def written(tmp_path, *changes, road=()):
    """Copy the example and its road with texts replaced; each must be there."""
    for source, pairs in ((EXAMPLE, changes), (ROAD, road)):
        text = source.read_text()
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / source.name).write_text(text)
    return tmp_path / EXAMPLE.name


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is no XML"),
        ("<OpenSCENARIO>", "is no XML"),
        ("sentence: a", "is no XML"),
        ("<OpenDRIVE/>", "root element OpenSCENARIO; got OpenDRIVE"),
        ("<OpenSCENARIO/>", "must have a vehicle in a lane"),
        ('<!DOCTYPE OpenSCENARIO SYSTEM "file:///etc/hostname"><OpenSCENARIO/>', "must have no DOCTYPE"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "must have no DOCTYPE"),
    ],
)
def test_what_is_no_scenario_is_refused_in_one_line(tmp_path, text, told):
    path = tmp_path / "mine.xosc"
    path.write_text(text)
    with pytest.raises(InputError, match=told) as line:
        read(path)
    assert "\n" not in str(line.value)
    assert "mine.xosc" in str(line.value)


@pytest.mark.parametrize("place", ["<a>&z;</a>", '<a b="&z;"/>'])
def test_an_xml_bomb_is_refused(tmp_path, place):
    levels = "".join(f'<!ENTITY {to} "{f"&{of};" * 50}">' for of, to in zip("abcdefg", "bcdefgz", strict=True))
    path = tmp_path / "bomb.xosc"
    path.write_text(f'<!DOCTYPE a [<!ENTITY a "{"a" * 50}">{levels}]>{place}')
    with pytest.raises(InputError, match=r"must have no DOCTYPE|is no XML") as line:
        read(path)
    assert "\n" not in str(line.value)


def test_a_file_that_is_not_there_ends_the_command_with_2_and_one_line(tmp_path, capsys):
    words = ["render", f"out={tmp_path / 'out'}", f"scenario.script={tmp_path / 'none.xosc'}"]
    assert cli.main(words) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "none.xosc: must be a file" in told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("road.xodr", "none.xodr"), r"none\.xodr: must be a file"),
        (('s="100"', 's="near"'), r"pull_out\.xosc: line \d+: LanePosition\.s: must be a number; got near"),
        (('s="100"', 's="inf"'), "must be a number; got inf"),
        (('value="$OncomingSpeed"', 'value="$Nobody"'), r"AbsoluteTargetSpeed\.value: must be a number; got \$Nobody"),
        (('value="11"', 'value="-11"'), r"Oncoming\.speed_kmh_range: must be \[lo, hi\] inside \[0, 250\]"),
        (('roadId="1"', 'roadId="9"'), "roadId: there is no such road; got 9"),
        (
            ('<LanePosition roadId="1" laneId="-1" s="128"/>', '<RelativeLanePosition entityRef="Van" dLane="0"/>'),
            "must not be placed by each other; got Van",
        ),
    ],
)
def test_a_broken_rule_is_one_line(tmp_path, change, told):
    with pytest.raises(InputError, match=told) as line:
        read(written(tmp_path, change))
    assert "\n" not in str(line.value)


def test_the_example_is_the_script_that_it_tells():
    script = read(EXAMPLE).script
    assert (script.name, script.ego) == ("pull_out", "Ego")
    assert script.sentence == "A cyclist pulls out around a standing van, and an oncoming car brakes for it."
    assert (script.place.kinds, script.place.drive_on) == (("street",), "right")
    assert (script.place.lanes, script.place.lane_width_m) == (1, pytest.approx(3.4))
    told = {name: (actor.kinds[0], actor.lane, actor.speed_kmh_range[0]) for name, actor in script.actors.items()}
    assert told == {
        "Ego": ("sedan", 1, 14.4),
        "Van": ("van", 1, 0.0),
        "Cyclist": ("bicycle", 1, 18.0),
        "Oncoming": ("sedan", -1, 39.6),
        "Waiting": ("person", 1, 0.0),
    }
    # from the ego's front axle, 2.7 m before its rear axle at 100 m, to the middles of the others
    ahead = {name: actor.ahead_m_range for name, actor in script.actors.items() if actor.ahead_m_range}
    expected = {"Ego": 0.0, "Van": 128 + 1.7 - 102.7, "Cyclist": 119 + 0.5 - 102.7, "Oncoming": 160 - 1.4 - 102.7}
    for name, at in {**expected, "Waiting": 122 - 102.7}.items():
        assert ahead[name] == pytest.approx((at, at))
    assert script.actors["Waiting"].aside_m_range == (-5.2, -5.2)
    assert script.actors["Waiting"].heading_deg == pytest.approx(90, abs=0.01)
    pulls, brakes = script.events["PullsOut"], script.events["Brakes"]
    assert (pulls.actor, pulls.does, pulls.at_s_range, pulls.to_lane) == ("Cyclist", "change_lane", (0.4, 0.4), -1)
    assert (brakes.actor, brakes.does, brakes.after) == ("Oncoming", "brake", "PullsOut")
    assert (brakes.delay_s_range, brakes.mps2_range, brakes.to_kmh) == ((0.5, 0.5), (6.0, 6.0), 0.0)
    assert (pulls.over_s, script.moment_s_range) == (1.8, (0.4, 2.2))


def test_the_example_is_staged_with_a_moving_ego_and_repeats_itself():
    script = read(EXAMPLE).script
    for index in range(8):
        spec = sample(script.name, seed=2, index=index, script=script)
        van, cyclist, oncoming = spec.vehicles
        moment_s = (27.0 - van.x_m) / 4.0  # the ego comes nearer at 4 m/s
        assert 0.4 <= moment_s <= 2.2
        assert cyclist.velocity_mps[0] > 3
        assert ("brake" in oncoming.lamps) == (moment_s >= 0.9)
        assert spec.cameras[0].speed_mps == pytest.approx(4.0)
        assert (spec.street.lanes_per_direction, spec.street.lane_width_m) == (1, pytest.approx(3.4))
        assert breach(spec) is None
        assert dumps(spec) == dumps(sample(script.name, seed=2, index=index, script=read(EXAMPLE).script))


def test_all_that_is_not_understood_is_listed_and_counted_and_what_hangs_on_it_is_left_out(tmp_path):
    condition = '<SimulationTimeCondition value="0.4" rule="greaterThan"/>'
    path = written(
        tmp_path,
        (condition, '<UserDefinedValueCondition name="a" value="1" rule="equalTo"/>'),
        ("<CatalogLocations/>", '<CatalogLocations/><Unheard of="this"><Deeper a="1"/></Unheard><Unheard of="it"/>'),
        ('vehicleCategory="van"', 'vehicleCategory="train"'),
        ('<WorldPosition x="122" y="-5.2" z="0" h="1.5708"/>', '<GeoPosition latitude="0.1" longitude="0.2"/>'),
        road=(("</lanes>", '</lanes><objects><object id="1"/></objects>'),),
    )
    imported = read(path)
    missed = {what.removeprefix("pull_out.xosc: "): times for what, times in imported.missed.items()}
    assert missed["Unheard"] == 2
    assert "Deeper" not in missed
    assert missed["UserDefinedValueCondition"] == 1
    assert missed["Event PullsOut"] == 1
    assert missed["Event Brakes, which waits for PullsOut"] == 1
    assert missed["ScenarioObject Van"] == 1
    assert missed["GeoPosition"] == missed["place of Waiting"] == 1
    assert missed["road.xodr: objects"] == 1
    assert "not understood: pull_out.xosc: Unheard (2)" in imported.lines
    assert set(imported.script.actors) == {"Ego", "Cyclist", "Oncoming"}  # the van's place is known, the van is not
    assert not imported.script.events


def test_the_command_prints_the_list_and_round_json_keeps_it(tmp_path, capsys, monkeypatch):
    from render import farm

    class Done:
        traced, resumed, shared, device = 1, 0, 0, ""
        unfit = failed = ()

    monkeypatch.setattr(farm, "trace", lambda *_args, **_kwargs: Done)  # the list is told before anything is traced
    words = ["render", f"out={tmp_path}", "count=1", f"scenario.script={EXAMPLE}"]
    assert cli.main(words) == 0
    assert "not understood: pull_out.xosc: EnvironmentAction (1)" in capsys.readouterr().out
    kept = json.loads((tmp_path / "round.json").read_text())["left_out"]
    assert kept["pull_out.xosc: EnvironmentAction"] == "not understood (1)"


def test_on_the_left_with_the_ego_against_the_road_everybody_is_mirrored(tmp_path):
    """Lane -1 of a road with traffic on the left runs against it, so what has a smaller s is ahead."""
    script = read(
        written(tmp_path, ('s="128"', 's="72"'), ('x="122"', 'x="78"'), road=(('rule="RHT"', 'rule="LHT"'),))
    ).script
    assert script.place.drive_on == "left"
    assert script.actors["Van"].lane == 1
    assert script.actors["Van"].ahead_m_range == pytest.approx((28 + 1.7 - 2.7,) * 2)
    assert script.actors["Waiting"].aside_m_range == (5.2, 5.2)
    assert script.events["PullsOut"].to_lane == -1
    assert lane_y_m(sample(script.name, seed=1, index=0, script=script).street, 1) > 0


def test_an_event_after_the_end_of_another_waits_as_long_as_that_lasts(tmp_path):
    ends = written(tmp_path, ('state="startTransition"', 'state="completeState"'))
    assert read(ends).script.events["Brakes"].delay_s_range == pytest.approx((0.5 + 1.8,) * 2)
    action = written(tmp_path, ('storyboardElementRef="PullsOut"', 'storyboardElementRef="Across"'))
    assert read(action).script.events["Brakes"].after == "PullsOut"


@pytest.mark.parametrize(
    ("value", "dimension", "mps2"),
    [("6", "rate", 6.0), ("2", "time", 5.5), ("20", "distance", 121 / 40), ("0", "time", 10.0), ("50", "rate", 10.0)],
)
def test_a_change_of_speed_is_as_hard_as_it_is_told(tmp_path, value, dimension, mps2):
    told = ('value="6" dynamicsDimension="rate"', f'value="{value}" dynamicsDimension="{dimension}"')
    imported = read(written(tmp_path, told))
    assert imported.script.events["Brakes"].mps2_range == pytest.approx((mps2, mps2))
    assert any("held there" in line for line in imported.lines) == (mps2 == 10.0)


@pytest.mark.parametrize(("value", "to_lane"), [("1", -1), ("-1", None)])
def test_a_lane_that_is_told_against_the_vehicle_itself_counts_to_its_left(tmp_path, value, to_lane):
    there = f'<RelativeTargetLane entityRef="Cyclist" value="{value}"/>'
    events = read(written(tmp_path, ('<AbsoluteTargetLane value="1"/>', there))).script.events
    assert (events["PullsOut"].to_lane if to_lane else events.get("PullsOut")) == to_lane  # -2 is a pavement


@pytest.mark.parametrize(
    ("arms", "kind", "place"),
    [
        (0, "town", "street"),
        (0, "rural", "rural_road"),
        (0, "motorway", "dual_carriageway"),
        (3, "town", "t_junction"),
        (4, "town", "crossroads"),
    ],
)
def test_a_road_is_the_nearest_kind_of_place(tmp_path, arms, kind, place):
    link = '<link><successor elementType="junction" elementId="7"/></link>' if arms else ""
    others = "".join(f'<road id="{at}" length="9" junction="-1">{link}</road>' for at in range(2, arms + 1))
    type_ = f'<type s="0" type="{kind}"/>'
    path = written(
        tmp_path, road=(('<type s="0" type="town"/>', link + type_), ("</OpenDRIVE>", f"{others}</OpenDRIVE>"))
    )
    assert read(path).script.place.kinds == (place,)


def test_without_a_road_file_plain_lanes_are_taken_and_that_is_told(tmp_path):
    imported = read(
        written(
            tmp_path,
            ('<LogicFile filepath="road.xodr"/>', ""),
            ('<WorldPosition x="122" y="-5.2" z="0" h="1.5708"/>', '<LanePosition roadId="1" laneId="-1" s="120"/>'),
        )
    )
    assert (imported.script.place.lanes, imported.script.place.lane_width_m) == (None, None)
    assert imported.missed["pull_out.xosc: no road file: plain lanes are taken"] == 1


def test_a_change_of_lanes_against_somebody_unknown_is_left_out(tmp_path):
    there = '<RelativeTargetLane entityRef="Moon" value="1"/>'
    imported = read(written(tmp_path, ('<AbsoluteTargetLane value="1"/>', there)))
    assert imported.missed["pull_out.xosc: Event PullsOut"] == 1
    assert not imported.script.events


def test_a_place_across_the_road_is_the_lane_there(tmp_path):
    road = '<RoadPosition roadId="1" s="128" t="-1.2"/>'
    van = read(written(tmp_path, ('<LanePosition roadId="1" laneId="-1" s="128"/>', road))).script.actors["Van"]
    assert (van.lane, van.aside_m_range) == (1, (0.5, 0.5))


def test_a_parameter_may_stand_on_another_and_a_lane_too_wide_is_held(tmp_path):
    more = '<ParameterDeclaration name="Half" parameterType="double" value="${$OncomingSpeed / 2}"/></ParameterDecl'
    wide = ('type="driving" level="false"><width sOffset="0" a="3.4"', 'type="driving"><width sOffset="0" a="9"')
    changes = ("</ParameterDecl", more), ('"$OncomingSpeed"', '"$Half"'), ('y="-5.2"', 'y="-10"')
    imported = read(written(tmp_path, *changes, road=(wide,)))
    assert imported.script.actors["Oncoming"].speed_kmh_range == pytest.approx((5.5 * 3.6,) * 2)
    assert imported.script.place.lane_width_m == 4.5
    assert imported.missed["pull_out.xosc: lanes outside 2.5 to 4.5 m: held there"] == 1


def test_an_ego_beside_the_middle_of_its_lane_is_put_there_and_that_is_told(tmp_path):
    imported = read(written(tmp_path, ('laneId="-1" s="100"', 'laneId="-1" s="100" offset="0.4"')))
    assert imported.missed["pull_out.xosc: offset of Ego in its lane"] == 1


def test_who_is_too_far_away_is_told_and_left_out(tmp_path):
    imported = read(written(tmp_path, ('s="128"', 's="390"')))
    assert set(imported.script.actors) == {"Ego", "Waiting"}
    assert imported.missed["pull_out.xosc: place of Van, which is too far from Ego"] == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", ""),
        ("plain", "plain"),
        ("$v", "36"),
        ("$w", "$w"),
        ("${$v / 3.6}", "10.0"),
        ("${-(2 + $v) * 0.5}", "-19.0"),
        ("${7 % 4}", "3.0"),
        ("${$w + 1}", "${$w + 1}"),
        ("${1 / 0}", "${1 / 0}"),
        ("${9 ** 9 ** 9}", "${9 ** 9 ** 9}"),
        ("${__import__('os')}", "${__import__('os')}"),
    ],
)
def test_parameters_and_sums_become_numbers_and_nothing_else_is_done(text, value):
    assert valued(text, {"v": "36"}) == value


@given(lane=st.sampled_from([-3, -2, -1, 1, 2, 3]), steps=st.integers(-6, 6))
def test_steps_between_lanes_pass_over_the_middle_and_lead_back(lane, steps):
    there = beside(lane, steps)
    assert there != 0
    assert beside(there, -steps) == lane


def test_lanes_are_measured_from_the_middle():
    road = roads(Document(ROAD, "OpenDRIVE"))["1"]
    assert [road.across_m(lane) for lane in (-2, -1, 1, 2)] == pytest.approx([-4.9, -1.7, 1.7, 4.9])
    assert [road.order(lane) for lane in (-2, -1, 1, 2, 5)] == [None, 1, 1, None, None]
    assert [road.lane_at(across) for across in (-6, -1, 2, 9)] == [-2, -1, 1, None]
