"""Every sample is valid, repeatable and says what it is."""

import dataclasses
import json

import pytest

from scenes.checks import breach, footprint, overlap_m
from scenes.errors import InputError
from scenes.mix import plan
from scenes.scenario import SCENARIOS, sample
from scenes.spec.scene import SceneSpec, dumps, loads
from scenes.spec.vehicle import Vehicle
from scenes.spec.view import Sun

SAMPLES = {name: [sample(name, seed=5, index=index) for index in range(12)] for name in SCENARIOS}


def test_an_unknown_scenario_is_told_with_the_known_ones():
    with pytest.raises(InputError, match=r"scenario\.mix: must name scenarios of night_rear_end.*got moon"):
        plan({"moon": 1.0}, seed=1, count=1)


@pytest.mark.parametrize("name", SCENARIOS)
def test_samples_keep_every_rule_and_differ(name):
    specs = SAMPLES[name]
    assert [breach(spec) for spec in specs] == [None] * len(specs)
    assert len({spec.scene_id for spec in specs}) == len(specs)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_same_seed_gives_the_same_bytes_and_they_read_back(name):
    again = sample(name, seed=5, index=3)
    assert dumps(again) == dumps(SAMPLES[name][3])
    assert loads(dumps(again)) == again


@pytest.mark.parametrize("name", ["night_rear_end", "night_intersection"])
def test_crash_parties_are_solved_and_near(name):
    for spec in SAMPLES[name]:
        parties = [vehicle for vehicle in spec.vehicles if vehicle.crash]
        assert len(parties) == 2
        for party in parties:
            assert party.dents
            assert party.crash.delta_v_mps > 1
            assert party.crash.absorbed_energy_j > 0
            assert 6.5 < party.x_m < 24
        first, second = parties
        momenta = [party.mass_kg * party.crash.delta_v_mps for party in parties]
        assert momenta[0] == pytest.approx(momenta[1], rel=1e-3)  # equal and opposite impulses
        assert (first.crash.partner, second.crash.partner) == (second.actor_id, first.actor_id)


def test_a_rear_end_collision_pushes_from_behind_and_from_the_front():
    striking, struck = SAMPLES["night_rear_end"][0].vehicles[:2]
    assert min(striking.crash.pdof_deg, 360 - striking.crash.pdof_deg) < 45
    assert abs(struck.crash.pdof_deg - 180) < 45


def test_a_plan_keeps_the_shares_and_its_beginning():
    mix = {"night_rear_end": 3.0, "night_intersection": 2.0, "low_sun_traffic": 3.0}
    eight = plan(mix, seed=2, count=8)
    assert [sum(spec.scenario == name for spec in eight) for name in mix] == [3, 2, 3]
    assert [spec.scene_id for spec in plan(mix, seed=2, count=3)] == [spec.scene_id for spec in eight[:3]]


def test_quads_overlap_as_deep_as_they_are_pushed():
    still = footprint(0, 0, 0, 4, 2)
    assert overlap_m(still, footprint(3.9, 0, 0, 4, 2)) == pytest.approx(0.1)
    assert overlap_m(still, footprint(4.1, 0, 0, 4, 2)) == 0
    assert overlap_m(still, footprint(0, 2.2, 45, 4, 2)) > 0


@pytest.mark.parametrize(("key", "value", "told"), [("colour", 1, "colour"), ("version", 99, "version")])
def test_a_broken_spec_file_names_the_key(key, value, told):
    broken = json.loads(dumps(SAMPLES["low_sun_traffic"][0])) | {key: value}
    with pytest.raises(InputError, match=told):
        loads(json.dumps(broken))


def test_impossible_vehicles_are_refused():
    good = dataclasses.asdict(SAMPLES["low_sun_traffic"][0].vehicles[0])
    for change in ({"kind": "submarine"}, {"mass_kg": 0.0}, {"wheelbase_m": 99.0}):
        with pytest.raises(InputError):
            Vehicle(**(good | change))
    assert isinstance(SAMPLES["low_sun_traffic"][0], SceneSpec)


def test_a_scene_keeps_its_id_when_read_back_whatever_type_its_numbers_had():
    plain = SAMPLES["low_sun_traffic"][0]
    whole = dataclasses.replace(plain, sun=Sun(elevation_deg=5, azimuth_deg=0))
    assert loads(dumps(whole)).scene_id == whole.scene_id


def test_a_long_plan_is_the_same_for_any_number_of_processes(monkeypatch):
    monkeypatch.setattr("scenes.mix._LONG_PLAN", 30)
    monkeypatch.setattr("scenes.mix._PART", 8)
    mix = {"low_sun_traffic": 2.0, "night_rear_end": 1.0}
    assert plan(mix, seed=2, count=30, workers=2) == plan(mix, seed=2, count=30)
