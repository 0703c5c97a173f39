"""Places: lanes on the carriageway, walks on the pavement, houses on free ground, left as the mirror of right."""

import time
from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes.site.kinds import PLANS
from scenes.site.layout import PLACE_SHARES, draw_place, layout
from scenes.site.plan import Lane, Row, offset, straight
from scenes.spec.place import PLAIN_PLACES
from scenes.stage.furniture.catalogue import FURNITURE
from scenes.stage.mesh import MeshBuilder
from scenes.stage.site.frontage import _footprint, plots
from scenes.stage.site.polygons import boundaries, ground_of, has_kerbs, lay, polygons, wall

SIDES = ("right", "left")
CASES = [(kind, side) for kind in PLANS for side in SIDES]
SEEDS = range(5)
NEAR_M = 120.0
ON_THE_ROAD = {  # what lies in the road, or stands in it because the road is closed or parted there
    "cone",
    "barrel",
    "trench_plates",
    "works_barrier",
    "works_lamp",
    "excavator",
    "sand_heap",
    "manhole_cover",
    "drain_gully",
    "traffic_island_bollard",
}


@cache
def places(kind, side):
    """Return streets of a kind with their plans and their ground."""
    drawn = [draw_place(np.random.default_rng([7, seed]), kinds={kind: 1.0}) for seed in SEEDS]
    streets = [replace(street, drive_on=side) for street in drawn]
    return [(street, layout(street), ground_of(street, layout(street))) for street in streets]


@cache
def houses(kind, side):
    return [[_footprint(plot) for plot in plots(street, plan, ground)] for street, plan, ground in places(kind, side)]


def sampled(path, step_m=2.0):
    line = shapely.LineString(path)
    return shapely.get_coordinates(line.interpolate(np.arange(0.0, line.length, step_m)))


def outside(area, points):
    shapely.prepare(area)
    return points[~shapely.contains_xy(area, points)]


def items(plan):
    return [*plan.items, *(item for row in plan.rows for item in row.items())]


def standing(plan):
    return [item for item in items(plan) if item.name not in ON_THE_ROAD]


def mirrored(path):
    return tuple((x, -y) for x, y in path)


def test_a_path_of_two_equal_offsets_stays_and_a_row_shorter_than_a_step_is_empty():
    path = straight(0.0, 10.0, 2.0)
    assert offset(path, 0.0) == path
    assert Row(name="guard_rail", path_m=straight(0, 1, 0), step_m=4.0).items() == []
    assert len(Row(name="guard_rail", path_m=straight(0, 12, 0), step_m=4.0).items()) == 3


def test_a_lane_tells_where_one_is_after_a_way_and_goes_on_beyond_its_end():
    lane = Lane(path_m=((0.0, 0.0), (3.0, 0.0), (3.0, 4.0)), width_m=3.0, role="same")
    assert lane.length_m == pytest.approx(7.0)
    assert lane.at(0.0) == pytest.approx((0.0, 0.0, 0.0))
    assert lane.at(5.0) == pytest.approx((3.0, 2.0, 90.0))
    assert lane.at(9.0) == pytest.approx((3.0, 6.0, 90.0))


def test_an_offset_to_the_left_of_a_road_along_x_has_a_larger_y():
    assert offset(straight(0.0, 10.0, 1.0), 2.0) == pytest.approx(np.array(straight(0.0, 10.0, 3.0)))


def test_every_kind_of_place_has_a_plan_and_a_share():
    assert set(PLANS) == set(PLACE_SHARES)
    assert sum(PLACE_SHARES.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(("kind", "side"), CASES)
def test_the_ego_s_lane_passes_it_ahead(kind, side):
    for street, plan, _ in places(kind, side):
        ego = shapely.Point(0.0, street.lane_width_m / 2 * (-1 if side == "right" else 1))
        same = [lane for lane in plan.lanes if lane.role == "same"]
        lane = min(same, key=lambda lane: shapely.LineString(lane.path_m).distance(ego))
        line = shapely.LineString(lane.path_m)
        assert line.distance(ego) < 0.6
        assert lane.at(line.project(ego)).heading_deg == pytest.approx(0.0, abs=1.0)


@pytest.mark.parametrize(("kind", "side"), CASES)
def test_lanes_lie_on_the_carriageway(kind, side):
    for _, plan, ground in places(kind, side):
        road = ground.carriageway.buffer(0.3)
        for lane in plan.lanes:
            points = sampled(lane.path_m)
            near = points[np.hypot(*points.T) < NEAR_M]
            assert not len(outside(road, near)), lane.role


@pytest.mark.parametrize(("kind", "side"), CASES)
def test_oncoming_lanes_go_the_other_way(kind, side):
    for _, plan, _ in places(kind, side):
        for lane in plan.lanes:
            if lane.role in ("same", "oncoming"):
                ahead = lane.path_m[-1][0] - lane.path_m[0][0]
                assert (ahead > 0) == (lane.role == "same")


@pytest.mark.parametrize("kind", PLANS)
def test_traffic_on_the_left_is_the_mirror_image(kind):
    for (_, right, ground), (_, left, reflected) in zip(places(kind, "right"), places(kind, "left"), strict=True):
        for name in ("lanes", "roads", "stripes"):
            for one, other in zip(getattr(right, name), getattr(left, name), strict=True):
                assert replace(one, path_m=mirrored(one.path_m)) == other
        for name in ("islands", "walks", "crossings", "patches"):
            assert [mirrored(path) for path in getattr(right, name)] == list(getattr(left, name))
        assert [(x, -y, -heading) for x, y, heading in right.bays] == list(left.bays)
        assert [(x0, -y1, x1, -y0) for x0, y0, x1, y1 in right.blocked_m] == list(left.blocked_m)
        for one, other in zip(items(right), items(left), strict=True):
            assert (one.name, one.x_m, one.state) == (other.name, pytest.approx(other.x_m), other.state)
            assert other.y_m == pytest.approx(-one.y_m)
        area = shapely.transform(ground.carriageway, lambda points: points * (1, -1))
        assert area.buffer(0.06).contains(reflected.carriageway)  # GEOS rounds a buffer to 1 % of its 6 m
        assert reflected.carriageway.buffer(0.06).contains(area)


@pytest.mark.parametrize("kind", PLANS)
def test_mirrored_furniture_faces_where_its_image_does(kind):
    for (_, right, _), (_, left, _) in zip(places(kind, "right"), places(kind, "left"), strict=True):
        for one, other in zip(right.items, left.items, strict=True):
            if one.name != "level_crossing_barrier":  # has no front, but an arm, and that has a test
                assert (one.heading_deg + other.heading_deg) % 360 == pytest.approx(0.0)


@pytest.mark.parametrize("kind", PLANS)
def test_the_same_street_has_the_same_plan_and_ground(kind):
    street, plan, ground = places(kind, "right")[0]
    again = layout.__wrapped__(street)
    assert again == plan
    assert ground_of(street, again).built.equals(ground.built)
    assert list(plots(street, plan, ground)) == list(plots(street, again, ground))


@pytest.mark.parametrize(("kind", "side"), [case for case in CASES if case[0] != "car_park"])
def test_people_walk_on_pavements_or_kerbs_except_behind_parked_cars_of_a_car_park(kind, side):
    for street, plan, ground in places(kind, side):
        assert has_kerbs(street) or not plan.walks
        paved = ground.pavement.union(ground.kerb).buffer(0.05)
        for walk in plan.walks:
            assert not len(outside(paved, sampled(walk, 0.5)))


@pytest.mark.parametrize(("kind", "side"), CASES)
def test_crossings_lead_from_pavement_to_pavement(kind, side):
    for _, plan, ground in places(kind, side):
        paved = ground.pavement.union(ground.kerb).buffer(0.05)
        for crossing in plan.crossings:
            ends = np.array([crossing[0], crossing[-1]])
            assert not len(outside(paved, ends))
            assert ground.carriageway.intersects(shapely.LineString(crossing))


@pytest.mark.parametrize(("kind", "side"), CASES)
def test_houses_stand_on_free_ground(kind, side):
    for feet, (_, _, ground) in zip(houses(kind, side), places(kind, side), strict=True):
        built = shapely.union_all([ground.built, ground.river])
        assert all(foot.intersection(built).area < 0.6 for foot in feet)
        assert all(one.intersection(other).area < 0.6 for one, other in combinations(feet, 2))


@pytest.mark.parametrize("kind", ["street", "crossroads", "t_junction", "roundabout", "road_works"])
def test_towns_have_houses_on_both_sides(kind):
    for feet in houses(kind, "right"):
        sides = [foot.centroid.y > 0 for foot in feet]
        assert any(sides)
        assert not all(sides)


@pytest.mark.parametrize(("kind", "side"), CASES)
def test_no_furniture_stands_in_a_house(kind, side):
    for feet, (_, plan, _) in zip(houses(kind, side), places(kind, side), strict=True):
        if feet:
            inside = shapely.union_all(feet)
            spots = np.array([(item.x_m, item.y_m) for item in items(plan)]).reshape(-1, 2)
            assert not shapely.contains_xy(inside, spots).any()


@pytest.mark.parametrize(("kind", "side"), CASES)
def test_furniture_stands_beside_the_carriageway_and_not_in_a_lane(kind, side):
    for _, plan, ground in places(kind, side):
        spots = np.array([(item.x_m, item.y_m) for item in standing(plan)]).reshape(-1, 2)
        hit = shapely.contains_xy(ground.carriageway, spots)
        assert not hit.any(), [item.name for item, bad in zip(standing(plan), hit, strict=True) if bad]
        for lane in plan.lanes:
            away_m = shapely.distance(shapely.LineString(lane.path_m), shapely.points(spots))
            assert (away_m >= lane.width_m / 2).all()


@pytest.mark.parametrize("side", SIDES)
def test_signals_and_signs_for_the_ego_face_it(side):
    for kind in ("crossroads", "rural_road", "tunnel"):
        for _, plan, _ in places(kind, side):
            ours = [i for i in plan.items if i.name in ("traffic_signal", "sign_warning") and abs(i.heading_deg) == 180]
            assert ours
            assert all((item.y_m < 0) == (side == "right") for item in ours)


def arm_tip(item):
    points = FURNITURE[item.name].geometry(item.variant % FURNITURE[item.name].variants).points()
    x, y = points[np.abs(points[:, 1]).argmax(), :2]
    y = -y if item.mirrored else y
    turn = np.deg2rad(item.heading_deg)
    return shapely.Point(item.x_m + x * np.cos(turn) - y * np.sin(turn), item.y_m + x * np.sin(turn) + y * np.cos(turn))


@pytest.mark.parametrize("side", SIDES)
def test_barriers_of_a_level_crossing_are_down_over_the_road_where_it_is_blocked(side):
    states = set()
    for street, plan, ground in places("level_crossing", side):
        barriers = [item for item in plan.items if item.name == "level_crossing_barrier"]
        lights = [item for item in plan.items if item.name == "level_crossing_lights"]
        high_m = max(FURNITURE[item.name].geometry(item.variant).points()[:, 2].max() for item in barriers)
        down = bool(plan.blocked_m)
        states.add(down)
        assert len(barriers) == 2
        assert (high_m < 2) == down
        assert {item.state for item in lights} == {"on" if down else "off"}
        for item in barriers:
            if down:
                assert ground.carriageway.contains(arm_tip(item))
                near = 1 if (item.y_m < 0) == (side == "right") else -1
                assert near * (item.x_m - street.feature_x_m) < 0
    assert states == {True, False}


@pytest.mark.parametrize("side", SIDES)
def test_the_arm_of_a_signal_gantry_reaches_over_the_road(side):
    for street, _, _ in places("crossroads", side):
        wide = replace(street, lanes_per_direction=2)
        plan = layout(wide)
        (gantry,) = [item for item in plan.items if item.name == "signal_gantry"]
        assert ground_of(wide, plan).carriageway.contains(arm_tip(gantry))


@pytest.mark.parametrize("side", SIDES)
def test_a_roundabout_goes_around_an_island(side):
    for street, plan, ground in places("roundabout", side):
        middle = shapely.Point(street.feature_x_m, 0.0)
        assert not ground.carriageway.intersects(middle.buffer(6.0))
        assert ground.islands.contains(middle.buffer(6.0))
        (ring,) = [lane for lane in plan.lanes if lane.role == "ring"]
        turn = shapely.LinearRing(ring.path_m[:-1]).is_ccw
        assert turn == (side == "right")
        assert not len(outside(ground.carriageway, sampled(ring.path_m)))


@pytest.mark.parametrize("side", SIDES)
def test_a_dual_carriageway_has_a_median_without_houses_or_asphalt(side):
    for feet, (street, _, ground) in zip(
        houses("dual_carriageway", side), places("dual_carriageway", side), strict=True
    ):
        way = 1 if side == "right" else -1
        median = shapely.LineString([(0.0, 2.0 * way), (80.0, 2.0 * way)])
        assert not ground.carriageway.intersects(median)
        assert len(polygons(ground.carriageway)) == 2
        assert not any(foot.intersects(median) for foot in feet)
        assert street.surroundings in ("rural", "industrial")


def test_the_ego_s_works_lane_is_open():
    for side in SIDES:
        for street, plan, _ in places("road_works", side):
            y = street.lane_width_m / 2 * (-1 if side == "right" else 1)
            assert plan.blocked_m
            assert not any(y0 < y < y1 for _, y0, _, y1 in plan.blocked_m)


def test_a_thousand_places_draw_and_plan_in_seconds():
    began, rng, kinds, sides = time.process_time(), np.random.default_rng(2), set(), set()
    for _ in range(1000):
        street = draw_place(rng, wetness=(0.0, 1.0), left_share=0.4)
        assert layout(street).lanes
        assert (street.feature_x_m is None) == (street.kind in PLAIN_PLACES)
        kinds.add(street.kind)
        sides.add(street.drive_on)
    assert time.process_time() - began < 10
    assert kinds == set(PLANS)
    assert sides == set(SIDES)


def test_weights_of_one_kind_draw_that_kind_on_the_asked_side():
    drawn = [draw_place(np.random.default_rng(i), kinds={"tunnel": 0.5}, left_share=1.0) for i in range(20)]
    assert {(street.kind, street.drive_on) for street in drawn} == {("tunnel", "left")}


def laid(area, z_m=0.2):
    """Return the triangles that `lay` makes of an area, (N, 3, 3)."""
    builder = MeshBuilder(part=1)
    lay(builder, area, z_m)
    solid = builder.solid("ground", ("ground",))
    return solid.vertices[solid.loops.reshape(-1, 3)].astype(np.float64)


def signed_areas(triangles):
    return np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])[:, 2] / 2


def test_no_area_lays_nothing():
    builder = MeshBuilder(part=1)
    for area in (shapely.Polygon(), shapely.MultiPolygon(), shapely.Point(0, 0)):
        lay(builder, area, 0.0)
        wall(builder, area, 0.0)
        assert boundaries(area) == []
    assert not builder


@given(seed=st.integers(0, 10**6), corners=st.integers(3, 40), hole=st.booleans(), clockwise=st.booleans())
@settings(max_examples=60)
def test_a_polygon_is_laid_with_its_area_and_faces_up(seed, corners, hole, clockwise):
    rng = np.random.default_rng(seed)
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)[:: -1 if clockwise else 1]
    radii = rng.uniform(3.0, 20.0, corners)
    ring = np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=-1)
    area = shapely.Polygon(ring)
    if hole:
        area = area.difference(shapely.Point(*ring[0] * 0.5).buffer(0.8, quad_segs=3))
    areas = signed_areas(laid(area))
    assert (areas > -1e-9).all()
    assert areas.sum() == pytest.approx(area.area, rel=1e-5)  # vertices are float32


@pytest.mark.parametrize("kind", PLANS)
def test_the_ground_of_a_place_is_laid_with_its_area_and_faces_up(kind):
    street, _, ground = places(kind, "right")[0]
    for name in ("carriageway", "pavement", "kerb", "islands", "earth"):
        area = getattr(ground, name)
        if area.is_empty:
            assert name in ("islands", "river") or not has_kerbs(street)
            continue
        builder = MeshBuilder()
        lay(builder, area, 0.0)
        corners = np.concatenate(builder.vertices)[np.concatenate(builder.loops)].reshape(-1, 3, 3)
        areas = signed_areas(corners)
        assert areas.sum() == pytest.approx(area.area, rel=1e-6), name
        assert (areas > -1e-9).all(), name


@pytest.mark.parametrize(("kind", "side"), CASES)
def test_carriageway_kerb_pavement_and_islands_do_not_overlap_and_earth_fills_the_rest(kind, side):
    for _, _, ground in places(kind, side):
        parts = (ground.carriageway, ground.kerb, ground.pavement, ground.islands, ground.earth, ground.river)
        dry = parts[:4]
        assert all(one.intersection(other).area < 1e-3 for one, other in combinations(dry, 2))
        assert ground.earth.intersection(ground.river).area < 1e-3
        assert ground.earth.intersection(shapely.union_all(dry)).area < 1e-3


def test_walls_of_a_raised_area_look_outward_and_those_of_its_holes_inward():
    builder = MeshBuilder(part=1)
    wall(builder, shapely.box(-5, -5, 5, 5).difference(shapely.box(-1, -1, 1, 1)), 0.15, deep_m=0.15)
    solid = builder.solid("kerb", ("kerb",))
    corners = solid.vertices[solid.loops.reshape(-1, 4)].astype(np.float64)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    centres = corners.mean(axis=1)
    outward = (normals[:, :2] * centres[:, :2]).sum(axis=1) > 0
    np.testing.assert_array_equal(outward, np.abs(centres[:, :2]).max(axis=1) > 3)
    assert len(corners) == 8
