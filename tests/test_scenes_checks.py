"""Drawn scenes against geometry worked out here, and the laws of crush and impact on any input."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.crash import pdof_deg
from scenes.crashes.registry import CRASH_TYPES
from scenes.crush import STIFFNESS, share
from scenes.scenario import SCENARIOS, sample

GRID = np.stack(np.meshgrid(np.linspace(-0.5, 0.5, 25), np.linspace(-0.5, 0.5, 13)), axis=-1).reshape(-1, 2)


@pytest.fixture(scope="module", params=SCENARIOS)
def specs(request):
    return [sample(request.param, seed=77, index=index) for index in range(50)]


def local(vehicle, points):
    angle = np.deg2rad(vehicle.heading_deg)
    away = points - (vehicle.x_m, vehicle.y_m)
    return away @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def depth_inside(body, other):
    """How deep the deepest of a grid of points of one body lies in the other; negative outside."""
    angle = np.deg2rad(body.heading_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    points = GRID * (body.length_m, body.width_m) @ turn + (body.x_m, body.y_m)
    return (np.array([other.length_m, other.width_m]) / 2 - abs(local(other, points))).min(axis=1).max()


def test_hulls_overlap_only_from_the_impact_on_and_by_its_crush(specs):
    """Parties that are solved with all their impacts stay pressed; the two older scenarios part them at rest."""
    for spec in specs:
        phases = ("impact", "after", "aftermath") if spec.scenario in CRASH_TYPES else ("impact",)
        for first, second in combinations(spec.vehicles, 2):
            if first.actor_id == second.carried_by or (first.carried_by and first.carried_by == second.carried_by):
                continue  # a car on or behind its lorry, or another of its cars
            pressed = all(v.crash and v.crash.phase in phases for v in (first, second))
            crushed = sum(dent.depth_m for v in (first, second) for dent in v.dents) if pressed else 0.0
            assert max(depth_inside(first, second), depth_inside(second, first)) < 0.03 + crushed


def test_people_stand_outside_vehicles_and_before_the_walls(specs):
    for spec in specs:
        for person in (one for one in spec.people if one.mount is None and one.crash is None):
            if spec.street.kind == "street":  # elsewhere pavements follow side roads
                assert abs(person.y_m) < spec.street.road_half_width_m + spec.street.sidewalk_width_m
            for vehicle in spec.vehicles:
                beside = abs(local(vehicle, np.array([person.x_m, person.y_m])))
                assert (beside > np.array([vehicle.length_m, vehicle.width_m]) / 2).any()


def test_the_first_parties_of_a_crash_are_before_the_camera(specs):
    for spec in specs:
        camera, many = spec.cameras[0], 1 if spec.scenario in CRASH_TYPES else 2
        for party in [v for v in spec.vehicles if v.crash][:many]:
            away = np.array([party.x_m - camera.x_m, party.y_m - camera.y_m])
            bearing = np.rad2deg(np.arctan2(away[1], away[0])) - camera.yaw_deg
            assert abs(bearing) < camera.hfov_deg / 2 + 5
            assert 5 < np.hypot(*away) < (47 if spec.scenario in CRASH_TYPES else 27)


def test_a_low_sun_stands_over_the_road_ahead(specs):
    for spec in (spec for spec in specs if spec.lighting == "low_sun"):
        assert 3 <= spec.sun.elevation_deg <= 12
        assert abs(spec.sun.azimuth_deg) <= 8


@given(
    st.floats(0, 1e6),
    st.sampled_from(sorted(STIFFNESS)),
    st.sampled_from(sorted(STIFFNESS)),
    st.floats(0.3, 2.5),
    st.floats(-90, 90),
)
def test_crush_energies_are_shares_of_what_was_absorbed(absorbed_j, one, other, width_m, oblique_deg):
    first, second = STIFFNESS[one], STIFFNESS[other]
    split = share(absorbed_j, first, second, width_m=width_m, oblique_deg=oblique_deg)
    assert sum(energy for energy, _ in split) == pytest.approx(absorbed_j, rel=1e-9, abs=1e-6)
    assert all(energy >= 0 and crush >= 0 for energy, crush in split)


@given(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5), st.floats(-10, 10), st.floats(-10, 10))
def test_pdof_turns_with_the_heading(x, y, heading_rad, turn_rad):
    impulse = np.array([x, y])
    found = pdof_deg(impulse, heading_rad)
    assert 0 <= found < 360
    apart = pdof_deg(impulse, heading_rad + turn_rad) - found - np.rad2deg(turn_rad)
    assert (apart + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)
