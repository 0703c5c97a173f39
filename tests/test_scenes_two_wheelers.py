"""Two- and three-wheelers: true size, wheels on the ground, every slot covered, and seats where people fit."""

import dataclasses

import numpy as np
import pytest

from scenes.ontology import PARTS
from scenes.spec.vehicle import Vehicle
from scenes.stage.mounts import bicycle, motorcycle, three_wheeler
from scenes.stage.mounts.mount_model import mount
from scenes.stage.mounts.seat import seats
from scenes.vehicle import MODELS, model_size

BUILDERS = {
    "motorcycle": motorcycle,
    "scooter": motorcycle,
    "bicycle": bicycle,
    "three_wheeler": three_wheeler,
}
STYLES = {
    "motorcycle": {"commuter", "sports", "cruiser", "tourer"},
    "scooter": {"step", "maxi"},
    "bicycle": {"city", "cargo", "mountain", "road"},
    "three_wheeler": {"auto", "cycle", "battery"},
}


def vehicle(kind, model=0, **fields):
    size = model_size(kind, model)
    place = {"actor_id": 1, "x_m": 0.0, "y_m": 0.0, "heading_deg": 0.0, "seed": model}
    return Vehicle(kind=kind, model=model, paint_rgb_linear=(0.3, 0.02, 0.02), **place, **size, **fields)


def one_of_each_style(**fields):
    found = {}
    for kind in BUILDERS:
        for model in range(MODELS):
            made = vehicle(kind, model, **fields)
            found.setdefault((kind, mount(made).style), made)
    return list(found.values())


def build(made):
    return BUILDERS[made.kind].geometry(made)


def points_of(asset, wanted=None, without=()):
    chosen = []
    for piece in asset.pieces:
        solid = piece.solid
        parts = np.repeat(solid.parts, solid.sizes)
        keep = np.isin(parts, [PARTS[name] for name in wanted]) if wanted else np.full(len(parts), fill_value=True)
        keep &= ~np.isin(parts, [PARTS[name] for name in without])
        vertices = solid.vertices[np.unique(solid.loops[keep])]
        chosen.extend(vertices @ matrix[:3, :3].T + matrix[:3, 3] for matrix in piece.matrices)
    return np.concatenate(chosen)


def nearest_m(cloud, point):
    return float(np.linalg.norm(cloud - np.asarray(point), axis=1).min())


@pytest.mark.parametrize("kind", BUILDERS)
def test_every_style_occurs_among_the_models(kind):
    assert {mount(vehicle(kind, model)).style for model in range(MODELS)} == STYLES[kind]


@pytest.mark.parametrize("kind", BUILDERS)
def test_models_have_the_size_of_their_spec(kind):
    for model in range(0, MODELS, 3):
        made = vehicle(kind, model)
        points = points_of(build(made), without=("mirror",))
        size = np.ptp(points, axis=0)
        wanted = (made.length_m, made.width_m, made.height_m)
        got = (size[0], size[1], points[:, 2].max())
        assert got == pytest.approx(wanted, rel=0.02), (kind, model, mount(made).style)
        assert (points[:, 0].max() + points[:, 0].min()) / 2 == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize("steer_deg", [0.0, 35.0])
def test_wheels_stand_on_the_ground_and_nothing_is_below_it(steer_deg):
    for made in one_of_each_style(steer_deg=steer_deg):
        asset = build(made)
        assert points_of(asset)[:, 2].min() == pytest.approx(0.0, abs=0.01), made
        for piece in asset.pieces:
            if piece.solid.name == "wheel":
                for matrix in piece.matrices:
                    low = (piece.solid.vertices @ matrix[:3, :3].T + matrix[:3, 3])[:, 2].min()
                    assert low == pytest.approx(0.0, abs=0.01), made


def test_the_finish_covers_every_slot_and_every_face_has_a_part():
    for made in one_of_each_style():
        asset = build(made)
        assert asset.slot_names <= set(BUILDERS[made.kind].finish(made))
        assert all((piece.solid.parts > 0).all() for piece in asset.pieces)


def test_meshes_are_finite_and_within_the_budget():
    for made in one_of_each_style():
        asset = build(made)
        assert np.isfinite(asset.points()).all()
        triangles = sum(piece.solid.triangles * len(piece.matrices) for piece in asset.pieces)
        assert 6_000 < triangles < 18_000, made


def test_the_same_vehicle_has_the_same_bytes_whatever_its_finish():
    for made in one_of_each_style():
        other = dataclasses.replace(made, seed=99, dirt=0.9, x_m=40.0, lean_deg=12.0)
        for first, second in zip(build(made).pieces, build(other).pieces, strict=True):
            assert first.solid.vertices.tobytes() == second.solid.vertices.tobytes()
            assert first.solid.loops.tobytes() == second.solid.loops.tobytes()


def test_only_lamps_that_burn_throw_a_beam():
    for made in one_of_each_style():
        assert not build(made).beams
        lit = dataclasses.replace(made, lamps=("head", "tail"))
        assert all(beam.light_group == "head" for beam in build(lit).beams)
        assert len(build(lit).beams) >= 1


def test_glowing_faces_lie_in_the_solid_of_their_light_group():
    groups = {"lamp_head": "head", "lamp_tail": "tail", "lamp_brake": "tail"}
    groups |= {"lamp_indicator_left": "indicator", "lamp_indicator_right": "indicator"}
    for made in one_of_each_style():
        for piece in build(made).pieces:
            for slot in piece.solid.slot_names:
                assert groups.get(slot, "") == piece.solid.light_group, (made, slot)


@pytest.mark.parametrize("fields", [{}, {"steer_deg": 25.0, "wheel_turn_deg": 200.0}])
def test_hands_are_on_the_grips_feet_on_the_pegs_and_hips_over_the_saddle(fields):
    for made in one_of_each_style(**fields):
        asset, rider = build(made), seats(made)[0]
        bars = points_of(asset, ("handlebar",))
        below = points_of(asset, ("frame", "body", "interior", "chassis"))
        saddle = points_of(asset, ("seat",))
        style = mount(made).style
        for hand in rider.hands_m:
            assert nearest_axis_m(bars, hand) < 0.03, style
        for foot in rider.feet_m:
            assert nearest_m(below, foot) < 0.04 or floor_gap_m(made, foot) < 0.04, style
        near = saddle[np.hypot(saddle[:, 0] - rider.hip_m[0], saddle[:, 1]) < 0.1]
        assert 0.04 < rider.hip_m[2] - near[:, 2].max() < 0.13, style


def nearest_axis_m(bars, hand):
    """Distance from a point to the middle of the bar around it: grips have few vertices along them."""
    side = bars[np.sign(bars[:, 1]) == np.sign(hand[1])]
    near = side[np.linalg.norm(side - hand, axis=1) < 0.09]
    assert len(near), hand
    centred = near - near.mean(axis=0)
    along = np.linalg.svd(centred, full_matrices=False)[2][0]
    away = np.asarray(hand) - near.mean(axis=0)
    return float(np.linalg.norm(away - (away @ along) * along))


def floor_gap_m(made, foot):
    """Distance to a flat floor, whose vertices are only at its edges."""
    return abs(foot[2] - mount(made).peg_m[2]) if mount(made).crank_m is None else 1.0


def test_pedals_follow_the_wheels():
    made = vehicle("bicycle")
    turned = dataclasses.replace(made, wheel_turn_deg=450.0)
    (left, right), (left_later, right_later) = seats(made)[0].feet_m, seats(turned)[0].feet_m
    assert left == pytest.approx((right_later[0], -right_later[1], right_later[2]), abs=1e-3)
    assert right == pytest.approx((left_later[0], -left_later[1], left_later[2]), abs=1e-3)


def test_passengers_sit_behind_the_rider_at_a_distance():
    for made in one_of_each_style():
        rider, *others = seats(made)
        for other in others:
            assert rider.hip_m[0] - other.hip_m[0] > 0.2, made


def test_steering_moves_the_hands_and_not_the_hips():
    for made in one_of_each_style():
        straight, turned = seats(made)[0], seats(dataclasses.replace(made, steer_deg=20.0))[0]
        assert straight.hip_m == turned.hip_m
        assert turned.hands_m[0][0] < straight.hands_m[0][0]
        assert turned.hands_m[1][0] > straight.hands_m[1][0]
