"""Flames: none without a fire, in a light group of their own, never an actor; and a few hard-hit wrecks burn."""

from dataclasses import replace

import numpy as np
import pytest

from scenes.collision import fire
from scenes.errors import InputError
from scenes.spec import Vehicle
from scenes.stage.vehicle import parameters
from scenes.stage.wrecks.flames import flames, flames_finish
from scenes.vehicle import model_size

CAR = Vehicle(
    actor_id=1,
    kind="sedan",
    x_m=0.0,
    y_m=0.0,
    heading_deg=0.0,
    paint_rgb_linear=(0.3, 0.02, 0.02),
    seed=3,
    **model_size("sedan", 3),
)


def test_a_vehicle_without_a_fire_has_no_flames():
    assert flames(CAR) is None


def test_flames_are_in_their_own_light_group_and_no_part_of_the_vehicle():
    asset = flames(replace(CAR, flames=0.7))
    assert {piece.solid.light_group for piece in asset.pieces} == {"fire"}
    assert {beam.light_group for beam in asset.beams} == {"fire"}
    assert not np.concatenate([piece.solid.parts for piece in asset.pieces]).any()
    assert asset.slot_names <= set(flames_finish(replace(CAR, flames=0.7)))


def test_a_larger_fire_is_taller_and_lights_more():
    small, large = flames(replace(CAR, flames=0.2)), flames(replace(CAR, flames=0.9))
    assert large.points()[:, 2].max() > small.points()[:, 2].max()
    assert sum(beam.candela for beam in large.beams) > sum(beam.candela for beam in small.beams)


def test_the_same_vehicle_burns_the_same():
    first, second = (flames(replace(CAR, flames=0.5)).points() for _ in range(2))
    assert np.array_equal(first, second)


def test_a_fire_leaves_the_vehicles_meshes_alone():
    assert parameters(replace(CAR, flames=0.5)) == parameters(CAR)


@pytest.mark.parametrize("value", [-0.1, 1.1])
def test_a_fire_beyond_its_range_is_refused(value):
    with pytest.raises(InputError, match="flames"):
        replace(CAR, flames=value)


def test_about_one_in_twenty_hard_hit_vehicles_at_rest_burns():
    burning = sum(bool(fire(0.8, "after", seed)) for seed in range(4000))
    assert 0.035 < burning / 4000 < 0.065


def test_nothing_burns_at_the_moment_of_impact_or_after_a_light_blow():
    assert not any(fire(0.9, "impact", seed) or fire(0.5, "after", seed) for seed in range(400))
