"""Hard negatives: old wrecks and pictures of cars, in which nothing has crashed."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from scenes.checks import breach, footprint, touches
from scenes.decoys import decoyed, wrecked
from scenes.scenario import sample
from scenes.site.layout import layout
from scenes.spec.scene import dumps, loads
from scenes.spec.vehicle import Vehicle
from scenes.stage.furniture.pictures import hoarding_car
from scenes.stage.stuff import classed
from scenes.vehicle import draw_body

DRAWS = 40


@cache
def drawn(index):
    return sample("hard_negatives", seed=8, index=index)


def wrecks_of(spec):
    return [vehicle for vehicle in spec.vehicles if vehicle.dents]


def test_a_scene_in_town_where_nobody_is_parked_stays_as_it_is():
    spec = next(spec for spec in map(drawn, range(DRAWS)) if spec.street.kind == "street")
    moving = tuple(vehicle for vehicle in spec.vehicles if any(vehicle.velocity_mps))
    empty = replace(spec, vehicles=moving)
    assert decoyed(empty, np.random.default_rng(0)) == empty


@pytest.mark.parametrize("kind", ["sedan", "hatchback", "estate", "suv", "van"])
def test_a_wreck_is_damaged_dark_and_empty_and_has_no_crash(kind):
    body = draw_body(kind, np.random.default_rng(3))
    whole = Vehicle(actor_id=1, x_m=0.0, y_m=0.0, heading_deg=0.0, lamps=("head",), driver=True, **body)
    wreck = wrecked(whole, np.random.default_rng(4))
    assert wreck.dents
    assert wreck.severity > 0
    assert (wreck.lamps, wreck.driver, wreck.crash, wreck.kind) == ((), False, None, kind)
    for dent in wreck.dents:
        assert abs(dent.point_m[0]) <= wreck.length_m / 2 + 1e-3
        assert abs(dent.point_m[1]) <= wreck.width_m / 2 + 1e-3
        assert np.dot(dent.point_m[:2], dent.direction[:2]) < 0  # pushed inward


def test_every_scene_holds_something_and_nothing_has_crashed():
    for spec in map(drawn, range(DRAWS)):
        assert wrecks_of(spec) or spec.obstacles
        assert breach(spec) is None
        assert not any(actor.crash for actor in (*spec.vehicles, *spec.people, *spec.animals))
        assert not any(any(wreck.velocity_mps) or wreck.lamps for wreck in wrecks_of(spec))
        assert len({actor.actor_id for actor in (*spec.vehicles, *spec.people)}) == len(spec.vehicles) + len(
            spec.people
        )


def test_there_are_wrecks_in_town_and_in_yards_and_pictures_of_cars_and_nights():
    specs = [drawn(index) for index in range(DRAWS)]
    assert any(wrecks_of(spec) and spec.street.kind == "street" for spec in specs)
    yards = [spec for spec in specs if spec.street.kind == "rural_road" and len(wrecks_of(spec)) >= 5]
    assert yards
    assert all(abs(v.y_m) > spec.street.road_half_width_m for spec in yards for v in wrecks_of(spec))
    assert any(obstacle.kind == "hoarding_car" for spec in specs for obstacle in spec.obstacles)
    assert {spec.lighting for spec in specs} == {"day", "night"}


def test_no_wreck_of_a_yard_stands_on_a_post_of_the_place():
    for spec in (spec for spec in map(drawn, range(DRAWS)) if spec.street.kind == "rural_road"):
        posts = [footprint(item.x_m, item.y_m, 0.0, 0.2, 0.2) for item in layout(spec.street).items]
        for wreck in wrecks_of(spec):
            body = footprint(wreck.x_m, wreck.y_m, wreck.heading_deg, wreck.length_m, wreck.width_m)
            assert not touches(body, posts)


def test_the_same_seed_gives_the_same_bytes_and_they_read_back():
    for index in range(4):
        assert dumps(sample("hard_negatives", seed=8, index=index)) == dumps(drawn(index))
        assert loads(dumps(drawn(index))) == drawn(index)


@pytest.mark.parametrize("variant", range(12))
def test_a_picture_of_a_car_is_flat_and_all_of_it_is_fence(variant):
    asset = classed(hoarding_car(variant), "hoarding_car")
    assert {piece.solid.stuff for piece in asset.pieces} == {"fence"}
    points = asset.points()
    assert points[:, 0].max() < 0.03  # the print has no depth that a car has
    assert np.ptp(points[:, 1]) > 4.0
