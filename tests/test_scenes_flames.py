"""Flames: none without a fire, in a light group of their own, never an actor; and a few hard-hit wrecks burn."""

from dataclasses import replace

import numpy as np
import pytest

from scenes.errors import InputError
from scenes.leak import BARRIER_MPS, burning
from scenes.spec.party import CrashParty
from scenes.spec.vehicle import Vehicle
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


HARD = CrashParty(
    partner=2,
    phase="after",
    delta_v_mps=16.0,
    pdof_deg=0.0,
    closing_speed_mps=30.0,
    impact_point_m=(2.0, 0.0),
    absorbed_energy_j=1.2 * 0.5 * CAR.mass_kg * BARRIER_MPS**2,
    crush_m=0.6,
)


def test_of_those_hit_harder_than_the_fuel_barrier_as_many_burn_as_in_fatal_crashes():
    share = sum(bool(burning(HARD, CAR.mass_kg, seed)) for seed in range(6000)) / 6000
    assert 0.019 < share < 0.034


def test_nothing_burns_without_a_crash_or_below_the_barriers_energy():
    light = replace(HARD, absorbed_energy_j=0.7 * HARD.absorbed_energy_j)
    assert not any(burning(light, CAR.mass_kg, seed) or burning(None, CAR.mass_kg, seed) for seed in range(600))
