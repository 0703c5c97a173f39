"""Cars that others carry or tow: where they stand, how they move, and that they are cars without a crash."""

from dataclasses import replace
from functools import cache
from itertools import combinations
from math import cos, hypot, radians, sin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from render.label import _box3d, _crash_records
from render.silhouette import Mesh
from scenes.checks import breach, footprint, overlap_m
from scenes.clip import Clip, at
from scenes.errors import InputError
from scenes.haulage import HAULS, LIFT_M, extent_m, haul, rope_ends_m, roped
from scenes.ontology import KIND_CATEGORY
from scenes.scenario import sample
from scenes.spec.scene import dumps, loads
from scenes.spec.view import Camera
from scenes.stage.pose import lifted, pose
from scenes.stage.rope import rope
from scenes.stage.vehicle import model_of

DRAWS = 24
CARRIERS = ("transporter", "recovery")


@cache
def drawn(index):
    return sample("hauled_cars", seed=8, index=index)


def cars_of(spec):
    return [vehicle for vehicle in spec.vehicles if vehicle.carried_by is not None]


def world_points(vehicle):
    matrix = pose(vehicle.x_m, vehicle.y_m, vehicle.raised_m, vehicle.heading_deg) @ lifted(vehicle.lifted_deg)
    return model_of(vehicle).points() @ matrix[:3, :3].T + matrix[:3, 3]


@given(st.sampled_from(HAULS), st.integers(0, 10_000))
@settings(max_examples=60)
def test_hauled_cars_lie_within_what_carries_them_and_do_not_meet(name, seed):
    hauler, *cars = haul(name, np.random.default_rng(seed))
    assert cars
    assert all(car.carried_by == hauler.actor_id and KIND_CATEGORY[car.kind] == "car" for car in cars)
    for first, second in combinations(cars, 2):
        apart = abs(first.x_m - second.x_m) - (first.length_m + second.length_m) / 2
        assert apart > 0.1 or abs(first.raised_m - second.raised_m) > min(first.height_m, second.height_m)
    if name in CARRIERS:
        assert all(abs(car.x_m) + car.length_m / 2 < hauler.length_m / 2 for car in cars)
        assert all(car.raised_m + car.height_m <= 4.0 and not car.lifted_deg for car in cars)


def test_a_transporter_carries_four_to_seven_cars_on_two_decks():
    for seed in range(20):
        cars = haul("transporter", np.random.default_rng(seed))[1:]
        assert 4 <= len(cars) <= 7
        assert len({car.raised_m for car in cars}) == 2


@pytest.mark.parametrize("name", CARRIERS)
@pytest.mark.parametrize("seed", [1, 2])
def test_no_part_of_a_carried_car_lies_in_its_lorry(name, seed):
    hauler, *cars = haul(name, np.random.default_rng(seed))
    lorry = np.concatenate([piece.solid.vertices for piece in model_of(hauler).pieces if piece.solid.name != "wheel"])
    for car in cars:
        low, high = world_points(car).min(axis=0), world_points(car).max(axis=0)
        margin = np.array([0.05, 0.1, 0.03])
        inside = ((lorry > low + margin) & (lorry < high - margin)).all(axis=1)
        assert not inside.any()


def test_a_lifted_car_stands_on_its_rear_wheels_with_its_front_ones_in_the_air():
    _, car = haul("underlift", np.random.default_rng(4))
    matrix = pose(0.0, 0.0, car.raised_m, 0.0) @ lifted(car.lifted_deg)
    rear, front = (matrix @ (side * car.wheelbase_m / 2, 0.0, 0.0, 1.0) for side in (-1, 1))
    assert rear[2] == pytest.approx(0.0, abs=1e-4)
    assert front[2] == pytest.approx(LIFT_M, abs=1e-4)


def test_a_rope_reaches_from_rear_to_front_and_both_flash():
    train = haul("rope", np.random.default_rng(2))
    assert [roped(one) for one in train] == [False, True]
    start, end = rope_ends_m(*train)
    assert 2.5 < hypot(start[0] - end[0], start[1] - end[1]) < 5.0
    assert rope(start, end).points()[:, 2].min() > 0.05
    assert all({"indicator_left", "indicator_right"} <= set(one.lamps) for one in train)


def test_every_scene_is_valid_and_nobody_has_crashed():
    for spec in map(drawn, range(DRAWS)):
        assert cars_of(spec)
        assert breach(spec) is None
        assert not any(vehicle.crash for vehicle in spec.vehicles)
        assert loads(dumps(spec)) == spec
        haulers = {vehicle.actor_id: vehicle for vehicle in spec.vehicles}
        assert all(car.velocity_mps == haulers[car.carried_by].velocity_mps for car in cars_of(spec))


def test_a_train_keeps_off_everybody_else():
    for spec in map(drawn, range(DRAWS)):
        train = {car.actor_id for car in cars_of(spec)} | {car.carried_by for car in cars_of(spec)}
        bodies = {v.actor_id: footprint(v.x_m, v.y_m, v.heading_deg, v.length_m, v.width_m) for v in spec.vehicles}
        for mine in train:
            assert not any(overlap_m(bodies[mine], bodies[other]) > 0 for other in set(bodies) - train)


def test_there_are_wrecks_and_whole_cars_and_more_than_one_way_to_haul():
    specs = [drawn(index) for index in range(DRAWS)]
    assert {bool(car.dents) for spec in specs for car in cars_of(spec)} == {True, False}
    assert any(car.raised_m > 2 for spec in specs for car in cars_of(spec))
    assert any(roped(car) for spec in specs for car in cars_of(spec))
    assert any(car.lifted_deg for spec in specs for car in cars_of(spec))


def test_in_a_clip_hauled_cars_go_along_with_their_hauler():
    spec = next(spec for spec in map(drawn, range(DRAWS)) if any(cars_of(spec)[0].velocity_mps))
    clip = Clip(frames=12, rate_hz=6.0)
    for frame in range(12):
        now = at(spec, clip, frame)
        places = {vehicle.actor_id: vehicle for vehicle in now.vehicles}
        for car, first in zip(cars_of(now), cars_of(spec), strict=True):
            hauler, begun = places[car.carried_by], next(v for v in spec.vehicles if v.actor_id == car.carried_by)
            assert car.velocity_mps == hauler.velocity_mps
            away = hypot(car.x_m - hauler.x_m, car.y_m - hauler.y_m)
            assert away == pytest.approx(hypot(first.x_m - begun.x_m, first.y_m - begun.y_m), abs=1e-6)


def test_those_behind_brake_for_what_is_towed():
    hauler, car = haul("rope", np.random.default_rng(2))
    length, middle = extent_m(hauler, (hauler, car))
    assert length == pytest.approx(hauler.length_m / 2 - (car.x_m - car.length_m / 2))
    assert middle == pytest.approx((hauler.length_m - length) / 2)
    assert extent_m(hauler, (hauler,)) == (hauler.length_m, 0.0)


def test_labels_say_that_a_car_is_carried_and_where_its_box_is():
    hauler, *cars = haul("transporter", np.random.default_rng(1))
    assert "carried" not in _crash_records(hauler, ())
    for car in cars:
        assert _crash_records(car, ()) == {"crash": None, "carried": True}
        points = world_points(car)
        box = _box3d(car, Mesh(vertices_m=points, triangles=np.zeros((0, 3), int)))
        assert box["center_m"][2] == pytest.approx(car.raised_m + car.height_m / 2, abs=1e-3)
        assert points[:, 2].min() == pytest.approx(car.raised_m, abs=0.02)


def test_a_lifted_cars_box_is_the_upright_one_around_it():
    _, car = haul("underlift", np.random.default_rng(4))
    points = world_points(car)
    box = _box3d(car, Mesh(vertices_m=points, triangles=np.zeros((0, 3), int)))
    assert box["size_m"][2] == pytest.approx(np.ptp(points[:, 2]), abs=2e-3)
    assert box["size_m"][0] < car.length_m * cos(radians(car.lifted_deg)) + car.height_m * sin(radians(car.lifted_deg))


def test_what_carries_must_be_there_and_carried_cars_do_not_crash():
    spec = drawn(0)
    car = cars_of(spec)[0]
    with pytest.raises(InputError, match="carried_by"):
        replace(spec, vehicles=(car,))
    with pytest.raises(InputError, match="raised_m"):
        replace(car, carried_by=None, raised_m=1.0)
    with pytest.raises(InputError, match="raised_m >= 0"):
        replace(car, raised_m=-1.0)


def test_a_level_camera_still_says_so():
    told = {"name": "eye", "x_m": 0, "y_m": 0, "z_m": 1.3, "yaw_deg": 0, "roll_deg": 0, "hfov_deg": 60}
    level = replace(drawn(0), cameras=(Camera(pitch_deg=0.0, **told),))
    assert loads(dumps(level)).cameras[0].pitch_deg == 0.0
