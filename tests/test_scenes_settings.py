"""Config: what an override may say, and how a section becomes settings."""

from dataclasses import dataclass
from typing import ClassVar

import pytest

from render.settings import RenderSettings
from scenes.draws import check_weights
from scenes.errors import InputError
from scenes.settings import compose, validated


@dataclass(frozen=True, kw_only=True)
class Lamp:
    power_w: float = 60.0
    colours: tuple[str, ...] = ()
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}


def test_no_overrides_give_the_defaults_and_empty_settings_are_whole():
    assert compose("doctor", ())["seed"] == 7
    assert validated("lamp", Lamp, {}) == Lamp()


def test_a_list_of_the_yaml_becomes_a_tuple():
    assert validated("lamp", Lamp, {"colours": ["red"]}).colours == ("red",)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ({"power": 3}, "lamp.power: there is no such key; got 3"),
        ({"power_w": "much"}, "lamp.power_w: Input should be a valid number"),
        ({"colours": [1]}, "lamp.colours.0: Input should be a valid string"),
    ],
)
def test_the_first_broken_rule_is_named_with_its_key(value, line):
    with pytest.raises(InputError) as refusal:
        validated("lamp", Lamp, value)
    assert str(refusal.value).startswith(line)


def test_a_dotted_key_sets_what_the_yaml_leaves_out():
    assert compose("render", ["render.view_seconds=9"])["render"]["view_seconds"] == 9


def test_a_mapping_replaces_the_one_of_the_yaml_and_a_single_key_does_not():
    assert compose("render", ["scenario.mix={low_sun_traffic: 1}"])["scenario"]["mix"] == {"low_sun_traffic": 1}
    mix = compose("render", ["scenario.mix.low_sun_traffic=9"])["scenario"]["mix"]
    assert len(mix) > 1
    assert mix["low_sun_traffic"] == 9


def test_a_group_is_chosen_by_name():
    told = compose("render", ["render=draft", "render.spp=2"])["render"]
    assert (told["resolution"], told["spp"]) == ([160, 96], 2)


@pytest.mark.parametrize("words", [["seed"], ["=3"], ["nothing=3"], ["+nothing=3"], ["render=none"], ["out=${none}"]])
def test_what_no_config_can_be_is_refused_in_one_line(words):
    with pytest.raises(InputError) as refusal:
        compose("render", words)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("override", ["weather=[]", "lighting=[dusk,noon]", "~camera"])
def test_a_group_is_one_file_and_cannot_be_taken_away(override):
    with pytest.raises(InputError, match="must be one file of conf/"):
        compose("render", [override])


@pytest.mark.parametrize("weights", [{}, {"a": float("nan")}, {"a": -1.0, "b": 2.0}, {"a": 0.0}])
def test_weights_that_cannot_be_drawn_by_are_refused(weights):
    with pytest.raises(InputError, match="weights must be >= 0"):
        check_weights("mix", weights)


@pytest.mark.parametrize("table", [{"dawn": 4}, {"day": 10**12}])
def test_a_table_of_samples_names_families_and_counts_that_there_are(table):
    with pytest.raises(InputError, match=r"render\.auto_spp"):
        RenderSettings(spp="auto", auto_spp=table)
