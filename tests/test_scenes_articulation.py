"""A lorry that folds: closed forms, ground that it takes, and meshes that stay joined at the king pin."""

from math import cosh, hypot, sqrt

import numpy as np
import pytest

from scenes.articulation import FULLY_FOLDED_DEG, fold_deg, pin_m
from scenes.checks import overlap_m, units
from scenes.errors import InputError
from scenes.spec.vehicle import Vehicle
from scenes.stage.heavy.folding import folded
from scenes.stage.vehicle import model_of
from scenes.vehicle import draw_body

TOLD = {"mass_kg": 25_000.0, "friction": 0.3, "unbraked": 0.4}


def lorry(degrees=0.0, kind="articulated_truck"):
    body = draw_body(kind, np.random.default_rng(3))
    return Vehicle(actor_id=1, x_m=10.0, y_m=2.0, heading_deg=30.0, articulation_deg=degrees, **body)


def test_a_straight_lorry_is_one_rectangle_and_its_meshes_are_left_alone():
    (body,) = units(lorry())
    assert (2 * body.half_length_m, 2 * body.half_width_m) == pytest.approx((lorry().length_m, lorry().width_m))
    asset = model_of(lorry())
    assert folded(asset, lorry()) is asset


@pytest.mark.parametrize(("kind", "degrees"), [("sedan", 10.0), ("articulated_truck", 120.0)])
def test_what_has_no_trailer_or_folds_too_far_is_refused(kind, degrees):
    with pytest.raises(InputError, match="articulation_deg"):
        lorry(degrees, kind)


def test_a_small_fold_grows_as_a_hyperbolic_cosine():
    square = (25_000 - 7500) * 0.4 * 0.3 * 9.80665 * 1.9 / (7500 * (1.7**2 + 1.9**2))
    for seconds in (0.5, 1.0, 1.5):
        expected = 0.5 * cosh(sqrt(square) * seconds)
        assert fold_deg(seconds, first_deg=0.5, **TOLD) == pytest.approx(expected, rel=0.02)


def test_a_fold_keeps_its_side_and_ends_where_the_cab_meets_the_trailer():
    assert fold_deg(60.0, first_deg=-3.0, **TOLD) == -FULLY_FOLDED_DEG
    assert fold_deg(0.0, first_deg=3.0, **TOLD) == 3.0
    assert fold_deg(60.0, first_deg=3.0, mass_kg=25_000.0, friction=0.3, unbraked=0.0) == 3.0  # both brake alike


@pytest.mark.parametrize("degrees", [-80.0, -30.0, 45.0, 82.0])
def test_both_units_meet_at_the_king_pin(degrees):
    truck = lorry(degrees)
    trailer, tractor = units(truck)
    angle, pin = np.deg2rad(30.0), pin_m(truck.length_m)
    x, y = 10.0 + pin * np.cos(angle), 2.0 + pin * np.sin(angle)
    for body in (trailer, tractor):
        across = (y - body.y_m) * body.along[0] - (x - body.x_m) * body.along[1]
        assert across == pytest.approx(0, abs=1e-9)
        assert hypot(x - body.x_m, y - body.y_m) < body.half_length_m
    assert overlap_m(trailer, tractor) > 0


def test_the_trailers_meshes_stay_and_the_tractors_turn_about_the_pin():
    straight, bent = model_of(lorry()), model_of(lorry(60.0))
    pin = np.array([pin_m(lorry().length_m), 0.0])
    before = {piece.solid.name: piece for piece in straight.pieces}
    after = {piece.solid.name: piece for piece in bent.pieces}
    assert np.array_equal(before["trailer"].solid.vertices, after["trailer"].solid.vertices)
    places = [piece.solid.vertices @ piece.matrices[0][:3, :3].T + piece.matrices[0][:3, 3]
              for piece in (before["body"], after["body"])]  # fmt: skip
    away = [np.linalg.norm(points[:, :2] - pin, axis=1) for points in places]
    assert away[0] == pytest.approx(away[1], abs=1e-4)
    assert places[1][:, 1].max() > 3.5  # the cab has swung to the left
    heads = [next(point for point in asset.keypoints if point.name == "headlamp_left") for asset in (straight, bent)]
    assert heads[1].where_m[1] > heads[0].where_m[1] + 2
    assert [beam.heading_deg for beam in bent.beams] == [beam.heading_deg + 60.0 for beam in straight.beams]
