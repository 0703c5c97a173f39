"""People and vehicles as drawn: always valid, of one size for each model, and as often as streets have them."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes import person as people
from scenes import vehicle as fleet
from scenes.ontology import KIND_CATEGORY
from scenes.person import STROLLERS, draw_person, draw_pose
from scenes.spec.living import Outfit, Person, Pose
from scenes.spec.vehicle import Livery, Load, Vehicle
from scenes.vehicle import CARS, FLEET, MODELS, TWO_WHEELERS, draw_body, draw_kind, model_size

POSES = get_args(Pose)
DRAWS = 500


def drawn_people(pose, count=DRAWS, wetness=0.0):
    rng = np.random.default_rng([5, POSES.index(pose)])
    mount = 9 if pose in ("riding", "cycling") else None
    place = {"actor_id": 1, "x_m": 0.0, "y_m": 0.0, "heading_deg": 0.0, "mount": mount}
    return [Person(**place, **draw_person(rng, pose=pose, wetness=wetness)) for _ in range(count)]


def drawn_vehicles(kind, count=DRAWS):
    rng = np.random.default_rng([6, list(FLEET).index(kind)])
    place = {"actor_id": 1, "x_m": 0.0, "y_m": 0.0, "heading_deg": 0.0}
    return [Vehicle(**place, **draw_body(kind, rng)) for _ in range(count)]


def share(found):
    found = list(found)
    return sum(found) / len(found)


def test_shares_of_poses_kinds_and_colours_sum_to_one():
    assert sum(people._STROLLER_SHARES.values()) == pytest.approx(1.0)
    assert sum(fleet._SHARES.values()) == pytest.approx(1.0)
    assert sum(fleet._COLOUR_SHARES) == pytest.approx(1.0)
    assert sum(fleet._FLEET_SHARES) == pytest.approx(1.0)


@pytest.mark.parametrize("column", [1, 2])
def test_shares_of_outfits_sum_to_one_for_women_and_for_men(column):
    assert sum(row[column] for row in people._OUTFITS) == pytest.approx(1.0)


@pytest.mark.parametrize("table", [fleet._LIVERIES, fleet._LOADS], ids=["liveries", "loads"])
def test_rare_finishes_leave_a_share_of_plain_vehicles(table):
    for kind, choices in table.items():
        assert kind in FLEET
        assert 0 < sum(part for _, part in choices) < 1


def test_tables_name_only_what_the_spec_knows():
    assert {name for choices in fleet._LIVERIES.values() for name, _ in choices} < set(get_args(Livery))
    assert {name for choices in fleet._LOADS.values() for name, _ in choices} < set(get_args(Load))
    assert {name for name, *_ in people._OUTFITS} < set(get_args(Outfit))
    assert set(STROLLERS) < set(POSES)
    assert set(FLEET) == set(KIND_CATEGORY)
    assert {*CARS, *TWO_WHEELERS, *fleet._SHARES} <= set(FLEET)


@pytest.mark.parametrize("pose", POSES)
def test_what_is_drawn_makes_a_person(pose):
    for wetness in (0.0, 1.0):
        for person in drawn_people(pose, DRAWS // 2, wetness):
            assert person.pose == pose
            assert len(person.carries) <= 1


@pytest.mark.parametrize("kind", FLEET)
def test_what_is_drawn_makes_a_vehicle_within_its_fleet_s_ranges(kind):
    ranges = FLEET[kind]
    for vehicle in drawn_vehicles(kind):
        assert vehicle.kind == kind
        for name in ("length_m", "width_m", "height_m", "mass_kg"):
            low, high = getattr(ranges, name)
            assert low - 0.5 * (name == "mass_kg") <= getattr(vehicle, name) <= high + 0.5 * (name == "mass_kg")
        low, high = ranges.wheelbase_share
        assert low - 1e-3 <= vehicle.wheelbase_m / vehicle.length_m <= high + 1e-3
        assert min(vehicle.paint_rgb_linear) >= 0
        assert max(vehicle.paint_rgb_linear) <= 1
        assert 0 <= vehicle.model < MODELS


@given(kind=st.sampled_from(list(FLEET)), model=st.integers(0, MODELS - 1))
@settings(max_examples=60)
def test_a_model_has_the_same_size_every_time(kind, model):
    assert model_size.__wrapped__(kind, model) == model_size.__wrapped__(kind, model) == model_size(kind, model)


@pytest.mark.parametrize("kind", FLEET)
def test_vehicles_of_one_model_have_one_size_and_those_of_two_have_two(kind):
    sizes = {}
    for vehicle in drawn_vehicles(kind):
        size = (vehicle.length_m, vehicle.width_m, vehicle.height_m, vehicle.wheelbase_m, vehicle.mass_kg)
        assert sizes.setdefault(vehicle.model, size) == size
    assert len(set(sizes.values())) == len(sizes) == MODELS


@given(seed=st.integers(0, 2**32), pose=st.sampled_from(POSES), kind=st.sampled_from(list(FLEET)))
@settings(max_examples=40)
def test_the_same_seed_draws_the_same(seed, pose, kind):
    first, again = (np.random.default_rng(seed) for _ in range(2))
    assert draw_person(first, pose=pose) == draw_person(again, pose=pose)
    assert draw_body(kind, first) == draw_body(kind, again)
    assert draw_kind(first) == draw_kind(again)
    assert draw_pose(first) == draw_pose(again)


def test_kinds_and_poses_are_drawn_by_their_shares():
    rng = np.random.default_rng(1)
    kinds, poses = [draw_kind(rng) for _ in range(6000)], [draw_pose(rng) for _ in range(6000)]
    for kind, part in fleet._SHARES.items():
        assert share(one == kind for one in kinds) == pytest.approx(part, abs=0.02)
    for pose, part in people._STROLLER_SHARES.items():
        assert share(one == pose for one in poses) == pytest.approx(part, abs=0.02)
    assert set(kinds) == set(fleet._SHARES)


def test_children_are_small_and_grow_up_like_others():
    walkers = drawn_people("walking", 4000)
    children = [person for person in walkers if person.age_years < 15]
    grown = [person for person in walkers if person.age_years >= 15]
    assert 0.06 < len(children) / len(walkers) < 0.12
    assert all(0.95 <= child.height_m <= 1.75 for child in children)
    small, tall = ([child.height_m for child in children if low <= child.age_years < low + 4] for low in (5, 11))
    assert np.mean(small) == pytest.approx(1.10 + 0.053 * 2, abs=0.05)
    assert np.mean(tall) > np.mean(small) + 0.25
    assert np.mean([person.height_m for person in grown]) > np.mean(tall) + 0.1


def test_men_are_taller_than_women_and_both_are_as_often():
    grown = [person for person in drawn_people("walking", 3000) if person.age_years >= 16]
    women, men = ([person.height_m for person in grown if person.sex == sex] for sex in ("female", "male"))
    assert np.mean(women) == pytest.approx(1.62, abs=0.015)
    assert np.mean(men) == pytest.approx(1.75, abs=0.015)
    assert len(women) / len(grown) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("pose", ["riding", "driving", "directing", "pushing"])
def test_those_who_drive_direct_or_push_are_grown_up(pose):
    assert min(person.age_years for person in drawn_people(pose)) >= 16


def test_riders_wear_helmets_mostly_cyclists_at_times_and_walkers_never():
    shares = {pose: share(person.helmet for person in drawn_people(pose)) for pose in ("riding", "cycling", "walking")}
    assert shares["riding"] > 0.75
    assert 0.2 < shares["cycling"] < 0.6
    assert shares["walking"] == 0


def test_riders_wear_what_riders_wear_and_nobody_else_does():
    assert {person.outfit for person in drawn_people("riding")} == {"rider", "casual"}
    for pose in POSES:
        if pose != "riding":
            assert "rider" not in {person.outfit for person in drawn_people(pose)}


def test_men_wear_no_dresses_and_children_no_suits():
    for person in drawn_people("walking", 3000):
        if person.sex == "male":
            assert person.outfit not in ("dress", "sari")
        if person.age_years < 15:
            assert person.outfit in ("casual", "shorts")


@pytest.mark.parametrize("pose", ["walking", "standing", "crossing"])
def test_umbrellas_open_in_the_wet(pose):
    dry, wet = (
        share("umbrella" in person.carries for person in drawn_people(pose, 1500, wetness)) for wetness in (0.0, 1.0)
    )
    assert wet > dry + 0.2
    assert dry < 0.08


def test_whoever_pushes_pushes_a_pram_and_nobody_else_does():
    for pose in POSES:
        carried = {item for person in drawn_people(pose) for item in person.carries}
        assert ("pram" in carried) == (pose == "pushing")


@pytest.mark.parametrize("pose", ["riding", "cycling", "running"])
def test_those_who_need_both_hands_carry_a_backpack_at_most(pose):
    for wetness in (0.0, 1.0):
        assert {item for person in drawn_people(pose, 300, wetness) for item in person.carries} == {"backpack"}


def test_liveries_and_loads_stay_with_their_kinds():
    for kind in FLEET:
        vehicles = drawn_vehicles(kind)
        assert {vehicle.livery for vehicle in vehicles} <= {"none", *(n for n, _ in fleet._LIVERIES.get(kind, ()))}
        assert {vehicle.load for vehicle in vehicles} <= {"none", *(n for n, _ in fleet._LOADS.get(kind, ()))}


def test_fire_engines_are_red_and_few_vehicles_rust():
    trucks = drawn_vehicles("truck", 1500)
    engines = [vehicle for vehicle in trucks if vehicle.livery == "fire"]
    assert engines
    assert all(vehicle.paint_rgb_linear[0] > 10 * vehicle.paint_rgb_linear[1] for vehicle in engines)
    assert 0.02 < share(vehicle.rust > 0 for vehicle in trucks) < 0.12
