"""Scenes for gaps: what is registered makes the factors, and drawn scenes fall into the cells that are wanted."""

import contextlib
from dataclasses import replace
from typing import get_args

import pytest

from scenes.camera import CameraSettings
from scenes.cells import CoverageSettings, air_state, frame_case, frame_space, road_state, scene_case, scene_space
from scenes.coverage import Impossible, ledger, lower_bound
from scenes.errors import RareblendError
from scenes.filling import fill
from scenes.mix import spelt_out
from scenes.scenario import SCENARIOS, sample
from scenes.settings import compose, validated
from scenes.spec.party import Phase
from scenes.spec.place import PlaceKind
from scenes.spec.scene import dumps

CONFIG = compose("render", ["coverage=pairwise"])
CAMERAS = validated("camera", CameraSettings, CONFIG["camera"])
COVERAGE = validated("coverage", CoverageSettings, CONFIG["coverage"])
FAMILIES = ("day", "night", "low_sun")
WHOLE = scene_space(SCENARIOS, CAMERAS.rigs, FAMILIES, COVERAGE.impossible)


def narrow(scenarios=("day_traffic", "night_rear_end"), cameras=("dashcam", "drone")):
    return scene_space(scenarios, cameras, FAMILIES, COVERAGE.impossible)


def filled(space, held=(), **changes):
    return fill(space, held, **{"cameras": CAMERAS, "seed": 3, "most": 500, "tries": 300, **changes})


def test_nothing_is_drawn_where_nothing_is_wanted_or_allowed():
    whole = filled(narrow())
    assert whole.missing == 0
    held = [scene_case(spec, narrow()) for spec in whole.specs]
    assert filled(narrow(), held).specs == ()
    assert filled(narrow(), most=0).specs == ()


def test_the_factors_are_what_is_registered():
    values = {factor.name: set(factor.values) for factor in WHOLE.factors}
    assert values["place"] == set(get_args(PlaceKind))
    assert values["phase"] == {"none", *get_args(Phase)}
    assert values["pre_crash"] == set(SCENARIOS)
    assert values["camera"] == set(CAMERAS.rigs)
    assert set(FAMILIES) <= values["light"]


def test_every_rule_names_values_that_there_are():
    known = {factor.name: set(factor.values) for factor in WHOLE.factors}
    for rule in COVERAGE.impossible:
        for name, told in {**rule.when, **rule.only}.items():
            assert set(told) <= known[name], (rule.reason, name)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_scene_that_is_drawn_is_called_impossible(scenario):
    cases = []
    for rig in CAMERAS.rigs:
        one = CameraSettings(weights={rig: 1.0}, rigs=CAMERAS.rigs)
        for index in range(4):
            with contextlib.suppress(RareblendError):  # a rig may see too little of a crash
                cases.append(scene_case(sample(scenario, seed=2, index=index, cameras=one), WHOLE))
    assert len(cases) > len(CAMERAS.rigs)
    told = ledger(WHOLE, cases)
    assert told.contradictions() == {}
    assert told.strangers() == {}


def test_gaps_are_filled_with_few_scenes_whose_cells_are_those_wanted():
    space = narrow()
    done = filled(space)
    cases = [scene_case(spec, space) for spec in done.specs]
    assert ledger(space, cases).gaps() == []
    assert done.given_up == {}
    assert len(done.specs) <= 1.5 * lower_bound(space)


def test_the_same_seed_fills_alike_and_another_does_not():
    first, again, other = filled(narrow(), most=4), filled(narrow(), most=4), filled(narrow(), most=4, seed=4)
    assert [dumps(spec) for spec in first.specs] == [dumps(spec) for spec in again.specs]
    assert [dumps(spec) for spec in first.specs] != [dumps(spec) for spec in other.specs]


def test_what_never_comes_is_given_up_with_its_reason_and_not_asked_for_again():
    rules = [rule for rule in COVERAGE.impossible if "tunnel" not in rule.reason]
    space = scene_space(("day_traffic",), ("dashcam",), ("day",), [*rules])
    done = filled(space, tries=12)
    assert any("never drew place tunnel" in why for why in done.given_up.values())
    assert sum("place tunnel" in why for why in done.given_up.values()) == 1
    assert done.missing == 0  # of what can be had


def test_every_stands_for_all_scenarios_and_a_weight_beside_it_stays():
    assert spelt_out({"day_traffic": 2.0}) == {"day_traffic": 2.0}
    assert spelt_out({"every": 1.0, "day_traffic": 0.0}) == {**dict.fromkeys(SCENARIOS, 1.0), "day_traffic": 0.0}


@pytest.mark.parametrize(("wetness", "snow", "state"), [(0, 0, "dry"), (0.31, 0, "wet"), (0.9, 0.3, "snowy")])
def test_a_road_has_a_state(wetness, snow, state):
    assert road_state(wetness, snow) == state


@pytest.mark.parametrize(
    ("conditions", "state"),
    [
        ({}, "clear"),
        ({"visibility_m": 300.0}, "fog"),
        ({"visibility_m": 30000.0, "precipitation": {"kind": "rain"}}, "rain"),
        ({"visibility_m": 200.0, "precipitation": {"kind": "snow"}}, "snow"),
    ],
)
def test_a_frame_has_an_air(conditions, state):
    assert air_state(conditions) == state


def test_a_frame_counts_by_its_light_its_air_and_its_own_camera():
    spec = sample("day_traffic", seed=1, index=0)
    second = replace(spec.cameras[0], name="drone", station="air", speed_mps=0.0, z_m=20.0)
    spec = replace(spec, cameras=(*spec.cameras, second))
    space = frame_space(SCENARIOS, CAMERAS.rigs, FAMILIES, COVERAGE.impossible)
    record = {"look": {"name": "day_fog"}, "conditions": {"visibility_m": 100.0}, "view": "1t003"}
    case = frame_case(record, spec, space)
    assert (case["light"], case["weather"], case["camera"]) == ("day", "fog", "drone")
    assert case["place"] == spec.street.kind


def test_a_rule_about_the_road_says_of_frames_only_what_is_left_of_it():
    rule = Impossible(reason="x", when={"pre_crash": ("day_traffic",)}, only={"weather": ("dry",), "phase": ("none",)})
    of_roads = Impossible(reason="y", when={"weather": ("snowy",)})
    (kept,) = frame_space(SCENARIOS, ("dashcam",), FAMILIES, [rule, of_roads]).rules
    assert kept.only == {"phase": ("none",)}
