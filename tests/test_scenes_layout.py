import itertools
from dataclasses import replace

import numpy as np
import pytest

from scenes.checks import footprint, overlap_m
from scenes.layout import PLACES, drivable, ground_height_m, inside, layout
from scenes.places.drawing import KIND_WEIGHTS, draw_place
from scenes.road import lane_y_m
from scenes.spec import Street


def _places(kind: str, count: int = 3, **changed) -> list[Street]:
    drawn = [
        draw_place(np.random.default_rng([3, seed]), wetness=(0.0, 1.0), weights={kind: 1.0}) for seed in range(count)
    ]
    return [replace(place, **changed) for place in drawn]


def _walked(path, step_m=1.0) -> np.ndarray:
    points = np.array(path)
    steps = np.hypot(*np.diff(points, axis=0).T)
    stations = np.concatenate([[0.0], np.cumsum(steps)])
    where = np.arange(step_m / 2, stations[-1], step_m)
    return np.stack([np.interp(where, stations, points[:, axis]) for axis in (0, 1)], axis=-1)


def test_a_place_for_every_kind_of_the_spec():
    assert set(PLACES) == set(KIND_WEIGHTS)


def test_a_thousand_places_draw_without_error():
    rng = np.random.default_rng(11)
    kinds = set()
    for _ in range(1000):
        place = draw_place(rng, wetness=(0.0, 1.0), winter_share=0.2)
        kinds.add(place.kind)
        assert layout(place, dressed=False).lanes
    assert kinds == set(PLACES)


@pytest.mark.parametrize("kind", PLACES)
def test_the_ego_drives_along_its_lane_past_the_origin(kind):
    for place in _places(kind):
        ego = [lane for lane in layout(place).lanes if lane.role == "ego"]
        near = np.vstack([_walked(lane.path_m) for lane in ego])
        at_start = near[np.abs(near[:, 0]).argmin()]
        assert at_start == pytest.approx([0.0, lane_y_m(place, 1)], abs=0.6)
        assert (at_start[1] < 0) == (place.drive_on == "right")


@pytest.mark.parametrize("kind", ["street", "crossroads"])
def test_streets_of_crashes_are_straight_around_the_ego(kind):
    for place in _places(kind):
        for lane in layout(place).lanes:
            if lane.role in ("ego", "same", "oncoming"):
                points = _walked(lane.path_m)
                near = points[(points[:, 0] > -20) & (points[:, 0] < 60)]
                assert np.ptp(near[:, 1]) < 1e-3


@pytest.mark.parametrize("kind", PLACES)
def test_lanes_stay_on_the_carriageway(kind):
    for place in _places(kind):
        plan = layout(place)
        for lane in plan.lanes:
            for x, y in _walked(lane.path_m, 3.0):
                assert any(inside(area, x, y) for area in plan.carriageways), (kind, lane.role, x, y)


@pytest.mark.parametrize("kind", PLACES)
def test_houses_keep_off_carriageways_and_pavements(kind):
    for place in _places(kind):
        plan = layout(place)
        for front in plan.frontages:
            start, end = np.array(front.start_m), np.array(front.end_m)
            for share, back in itertools.product((0.02, 0.5, 0.98), (0.1, 6.0)):
                x, y = start + share * (end - start) - back * np.array(front.facing)
                assert not any(inside(area, x, y) for area in plan.carriageways), (kind, x, y)
                assert not any(inside(area, x, y) for area, _ in plan.pavements), (kind, x, y)


@pytest.mark.parametrize("kind", PLACES)
def test_furniture_never_stands_on_open_lanes(kind):
    for place in _places(kind, clutter=1.0):
        plan = layout(place)
        lanes = [(_walked(lane.path_m), lane) for lane in plan.lanes if not lane.closed]
        for item in plan.furniture:
            if any(inside(area, item.x_m, item.y_m) for area in plan.closed):
                continue
            on_island = any(inside(area.outline_m, item.x_m, item.y_m) for area in plan.islands)
            for points, lane in lanes:
                away = np.hypot(*(points - (item.x_m, item.y_m)).T).min()
                assert on_island or away > lane.width_m / 2 + 0.1, (kind, item)


@pytest.mark.parametrize("kind", PLACES)
def test_people_walk_on_pavements(kind):
    for place in _places(kind):
        plan = layout(place)
        for path in plan.walk_lines:
            for x, y in _walked(path, 4.0):
                on_verge = kind == "rural_road" and any(inside(area, x, y) for area in plan.verges)
                assert on_verge or any(inside(area, x, y) for area, _ in plan.pavements), (kind, x, y)


@pytest.mark.parametrize("kind", PLACES)
def test_left_hand_traffic_is_the_mirror_image(kind):
    right, left = (_places(kind, 2, drive_on=side) for side in ("right", "left"))
    for one, other in zip(right, left, strict=True):
        here, there = layout(one), layout(other)
        for lane, mirrored in zip(here.lanes, there.lanes, strict=True):
            assert np.array(lane.path_m) * (1, -1) == pytest.approx(np.array(mirrored.path_m))
        for item, mirrored in zip(here.furniture, there.furniture, strict=True):
            assert (item.name, item.x_m, -item.y_m) == pytest.approx((mirrored.name, mirrored.x_m, mirrored.y_m))
            assert (item.heading_deg + mirrored.heading_deg) % 360 == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("kind", PLACES)
def test_the_same_street_has_the_same_layout(kind):
    place = _places(kind, 1)[0]
    assert layout.__wrapped__(place) == layout.__wrapped__(place)


@pytest.mark.parametrize("kind", PLACES)
def test_samplers_get_the_same_ways_without_the_dressing(kind):
    place = _places(kind, 1)[0]
    bare, full = layout(place, dressed=False), layout(place)
    assert (bare.lanes, bare.walk_lines, bare.parking_bays) == (full.lanes, full.walk_lines, full.parking_bays)
    assert (bare.crossings, bare.stop_lines, bare.carriageways) == (full.crossings, full.stop_lines, full.carriageways)


def test_bays_do_not_overlap_and_lie_off_the_driving_lanes():
    for place in _places("car_park", 2):
        bays = layout(place).parking_bays
        shapes = [footprint(bay.x_m, bay.y_m, bay.heading_deg, bay.length_m, bay.width_m) for bay in bays]
        for one, other in itertools.combinations(shapes, 2):
            assert overlap_m(one, other) < 1e-3


def test_pavements_are_as_high_as_their_kerb_and_islands_stop_cars():
    place = _places("roundabout", 1, drive_on="right")[0]
    middle = place.feature_x_m
    assert not drivable(place, middle, 0.0)
    assert drivable(place, 0.0, lane_y_m(place, 1))
    assert ground_height_m(place, 0.0, lane_y_m(place, 1)) == 0.0
    x, y = layout(place).walk_lines[0][0]
    assert ground_height_m(place, x, y) >= place.kerb_height_m


def test_works_close_the_lane_that_they_stand_on():
    for place in _places("road_works"):
        plan = layout(place)
        x = place.feature_x_m + 30
        assert any(lane.closed for lane in plan.lanes)
        assert not drivable(place, x, lane_y_m(place, place.lanes_per_direction))
        assert drivable(place, x, lane_y_m(place, -1))
