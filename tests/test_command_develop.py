"""`rareblend develop lighting=...`: honoured for scenes that were traced so, said or refused for all others."""

from dataclasses import replace

import pytest
import small_bundle

from rareblend import main as cli
from rareblend import traced_light
from rareblend.job import read
from rareblend.wish import atlas
from render import manifest
from scenes.spec.scene import Conditions

NIGHT = Conditions(lighting="street_lit_night", weather="rain", temperature_c=8.0, friction=0.55)
PLAIN, LIT = (replace(small_bundle.scene("night"), conditions=told) for told in (None, NIGHT))


def chosen(*words):
    return atlas(read("develop", words))


@pytest.mark.parametrize("words", [(), ("lighting=noon",), ("lighting=mixed", "weather=mixed")])
def test_a_round_without_scenes_is_not_refused_for_its_light(words):
    traced_light.check([], chosen(*words))
    assert traced_light.kept([], chosen(*words)) == []


def test_nothing_is_said_where_nothing_is_chosen_or_all_scenes_were_traced_so():
    for words in ((), ("lighting=street_lit_night", "weather=rain"), ("lighting=mixed", "weather=mixed")):
        traced_light.check([LIT, LIT], chosen(*words))
        assert traced_light.kept([LIT, LIT], chosen(*words)) == []
        assert traced_light.settled(chosen(*words)) == []


def test_scenes_that_keep_their_light_are_counted_by_what_they_have():
    told = traced_light.kept([PLAIN, LIT, LIT], chosen("lighting=street_lit_night", "weather=snowfall"))
    assert told == [
        "1 of 3 scenes keep the lighting that they were traced in: as_scenario (1)",
        "3 of 3 scenes keep the weather that they were traced in: as_look (1), rain (2)",
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("lighting=street_lit_night", "lighting.scene.wetness_range=[0.5,0.6]"), ["lighting.scene"]),
        (("weather=rain", "weather.road.puddles_range=[0.3,0.4]"), ["weather.road"]),
        (("lighting=street_lit_night", "lighting.look.ev_bias_range=[0,0]", "weather=rain"), []),
    ],
)
def test_what_acts_only_before_tracing_is_said_and_what_makes_looks_is_not(words, told):
    assert traced_light.settled(chosen(*words)) == [
        f"{key} stays as it was when the scenes were traced" for key in told
    ]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["lighting=noon"], "lighting=noon: is settled when scenes are traced, and none of the round was traced so"),
        (["weather=ice"], "weather=ice: is settled when scenes are traced, and none of the round was traced so"),
        (["lighting=mixed"], "lighting.mix: is settled when scenes are traced, and none of the round was traced so"),
    ],
)
def test_develop_refuses_a_light_that_no_scene_was_traced_in_and_makes_nothing(words, line, tmp_path, capsys):
    small_bundle.traced(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    assert cli.main(["develop", *words, f"out={tmp_path}", "looks=1", "workers=1"]) == 2
    (told,) = capsys.readouterr().err.splitlines()
    name = "as_look" if "weather" in line else "as_scenario"
    group = words[0].partition("=")[0]
    fix = f"trace some with rareblend render {group}=NAME, or develop other looks with look=NAME"
    assert told == f"rareblend: {line}; got {name} (1); {fix}"
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_develop_honours_it_where_a_scene_was_traced_so_and_says_which_were_not(tmp_path, capsys, monkeypatch):
    small_bundle.traced(tmp_path)
    monkeypatch.setattr(small_bundle, "scene", lambda _family: LIT)
    lit = small_bundle.traced(tmp_path)
    words = ["lighting=street_lit_night", "lighting.look.ev_bias_range=[0.3,0.3]", f"out={tmp_path}"]
    assert cli.main(["develop", *words, "looks=1", "workers=1"]) == 0
    said = "develop: 1 of 2 scenes keep the lighting that they were traced in: as_scenario (1)"
    assert said in capsys.readouterr().out.splitlines()
    looks = {record["scene"]: record["look"] for record in manifest.records(tmp_path)}
    assert len(looks) == 2
    assert looks[lit]["ev_bias"] == 0.3
