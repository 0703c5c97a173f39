"""Lighting and weather go together, or a reason is told; rounds draw pairs by weight."""

import pytest

from scenes.atlas import chosen, draw_pairs, impossible, shipped
from scenes.choosing import able_to_choose
from scenes.errors import InputError
from scenes.mix import plan
from scenes.pairing import broken
from scenes.scenario import sample
from scenes.settings import compose
from scenes.spec.scene import dumps

NOTHING = {"mix": {}}
ALL_LIGHT, ALL_WEATHER = ({"mix": dict.fromkeys(known, 1.0)} for known in (shipped().lightings, shipped().weathers))


def section(group, name):
    return compose("render", [f"{group}={name}"])[group]


def test_nothing_is_chosen_by_default():
    config = compose("run", ())
    made = chosen(config["lighting"], config["weather"])
    assert not made.chosen
    assert draw_pairs(made, 0, seed=1) == ([], {})


@pytest.mark.parametrize(
    ("lighting", "weather", "reason"),
    [
        ("noon", "dense_fog", "no hard sun"),
        ("low_sun_ahead", "cloudburst", "no hard sun"),
        ("full_moon", "blizzard", "no hard sun or moon"),
        ("noon", "rain", "falls from a cloud that hides a sun"),
        ("full_moon", "drizzle", "falls from a cloud that hides"),
        ("wet_night", "clear", "needs a wet road"),
        ("wet_night", "lying_snow", "needs a wet road"),
        ("night_fog", "clear", "is fog, and clear is none"),
        ("backlit_fog", "dense_fog", "no sun can be told"),
        ("lightning", "dust", "needs a thundercloud"),
        ("tunnel_exit", "ice", "stands in a tunnel"),
    ],
)
def test_impossible_pairs_have_a_reason(lighting, weather, reason):
    assert reason in impossible(lighting, weather)


@pytest.mark.parametrize(
    ("lighting", "weather"),
    [
        ("low_sun_ahead", "drizzle"),
        ("low_sun_ahead", "rain"),
        ("noon", "lying_snow"),
        ("unlit_night", "cloudburst"),
        ("backlit_fog", "fog"),
        ("night_fog", "dense_fog"),
        ("lightning", "cloudburst"),
        ("tunnel_exit", "clear"),
        ("overcast", "snowfall"),
    ],
)
def test_what_drivers_meet_is_possible(lighting, weather):
    assert impossible(lighting, weather) is None


def test_every_lighting_and_every_weather_can_be_drawn_with_something():
    for lighting in shipped().lightings:
        assert any(impossible(lighting, weather) is None for weather in shipped().weathers), lighting
    for weather in shipped().weathers:
        assert sum(impossible(lighting, weather) is None for lighting in shipped().lightings) > 5, weather


@pytest.mark.parametrize("names", [("moonrise", "rain"), ("noon", "frogs")])
def test_an_unknown_name_is_told_with_the_known_ones(names):
    with pytest.raises(InputError, match="must be one of"):
        impossible(*names)


def test_a_forbidden_pair_is_refused_in_one_line():
    with pytest.raises(InputError) as refusal:
        chosen(section("lighting", "noon"), section("weather", "dense_fog"))
    line = "weather: must go with lighting=noon; got dense_fog; no hard sun or moon: dense_fog lets at most 5% of it"
    assert str(refusal.value) == f"{line} through"


def test_weights_of_unknown_files_and_negative_weights_are_refused():
    with pytest.raises(InputError, match=r"lighting\.mix: must name files of backlit_fog"):
        chosen({"mix": {"moonrise": 1}}, NOTHING)
    with pytest.raises(InputError, match=r"^weather\.mix: weights must be >= 0 .*; got \{.rain.: -1.*\}$"):
        chosen(NOTHING, {"mix": {"rain": -1}})


def test_mixed_files_weigh_everything_there_is():
    made = chosen(section("lighting", "mixed"), section("weather", "mixed"))
    assert set(made.lighting_mix) == set(shipped().lightings)
    assert set(made.weather_mix) == set(shipped().weathers)


def test_a_joint_draw_keeps_its_beginning_and_counts_what_it_refused():
    made = chosen(ALL_LIGHT, ALL_WEATHER)
    pairs, refused = draw_pairs(made, 300, seed=3)
    assert [pair for pair in pairs if broken(pair.lighting, pair.weather)] == []
    assert draw_pairs(made, 20, seed=3)[0] == pairs[:20]
    assert sum(refused.values()) > 50
    assert any("thundercloud" in reason for reason in refused)
    assert {pair.lighting.name for pair in pairs} == set(shipped().lightings)
    assert {pair.weather.name for pair in pairs} == set(shipped().weathers)


def test_a_weather_alone_draws_lightings_that_go_with_it():
    pairs, _ = draw_pairs(chosen(NOTHING, section("weather", "cloudburst")), 40, seed=3)
    assert {pair.weather.name for pair in pairs} == {"cloudburst"}
    assert len({pair.lighting.name for pair in pairs}) > 4
    assert not any(pair.lighting.hard_sun for pair in pairs)
    by_day, _ = draw_pairs(chosen(NOTHING, section("weather", "cloudburst")), 10, seed=3, families={"day"})
    assert {pair.lighting.name for pair in by_day} == {"overcast"}


def test_a_weather_that_no_lighting_of_the_scenarios_goes_with_is_refused_in_one_line():
    with pytest.raises(
        InputError, match=r"weather: must go with a lighting of the scenarios; got cloudburst; .*choose"
    ):
        draw_pairs(chosen(NOTHING, section("weather", "cloudburst")), 1, seed=3, families={"low_sun"})


def test_lightings_keep_their_weights_however_few_weathers_go_with_them():
    made = chosen({"mix": {"night_fog": 1.0, "unlit_night": 1.0}}, ALL_WEATHER)
    pairs, _ = draw_pairs(made, 400, seed=3)
    assert sum(pair.lighting.name == "night_fog" for pair in pairs) == pytest.approx(200, abs=40)


def test_a_lighting_alone_leaves_weather_to_its_look():
    [pair], _ = draw_pairs(chosen(section("lighting", "dusk"), NOTHING), 1, seed=3)
    assert (pair.lighting.name, pair.weather) == ("dusk", None)


def test_an_override_of_a_lighting_reaches_the_scene():
    config = compose("render", ["lighting=low_sun_ahead", "lighting.scene.sun_bearing_deg_ranges=[[20,21]]"])
    pairs, _ = draw_pairs(chosen(config["lighting"], NOTHING), 2, seed=3)
    specs = plan({"day_traffic": 1.0}, seed=1, count=2, pairs=pairs)
    assert all(20 <= spec.sun.azimuth_deg <= 21 for spec in specs)


def test_a_plan_of_chosen_conditions_has_them_and_the_same_bytes_for_any_number_of_processes(monkeypatch):

    pairs, _ = draw_pairs(chosen(ALL_LIGHT, ALL_WEATHER), 24, seed=5)
    alone = plan({"low_sun_traffic": 1.0}, seed=5, count=24, pairs=pairs)
    for spec, pair in zip(alone, pairs, strict=True):
        assert (spec.conditions.lighting, spec.conditions.weather) == (pair.lighting.name, pair.weather.name)
        assert spec.scenario == "traffic"
        low, high = pair.weather.road.wetness_range
        assert low - 0.001 <= spec.street.wetness <= high + 0.001
    monkeypatch.setattr("scenes.mix._LONG_PLAN", 20)
    monkeypatch.setattr("scenes.mix._PART", 8)
    together = plan({"low_sun_traffic": 1.0}, seed=5, count=24, pairs=pairs, workers=2)
    assert [dumps(spec) for spec in together] == [dumps(spec) for spec in alone]


def test_scenarios_without_choice_are_left_out_by_name_or_refused():
    kept, left_out = able_to_choose({"night_rear_end": 3.0, "low_sun_traffic": 3.0, "night_intersection": 0.0})
    assert (kept, left_out) == ({"low_sun_traffic": 3.0}, {"night_rear_end": "it takes no lighting or weather"})
    [pair], _ = draw_pairs(chosen(section("lighting", "dusk"), NOTHING), 1, seed=3)
    with pytest.raises(InputError, match=r"scenario\.mix: only types of crash and low_sun_traffic, day_traffic take"):
        sample("night_rear_end", seed=1, index=0, pair=pair)
