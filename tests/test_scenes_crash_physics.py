"""Brakes, throws, fixed things and rollovers against closed forms, and cases that swapped arguments would fail."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.crash import Mover, fixed, inertia_kg_m2, solve
from scenes.driver import Braking, brake, reaction_s, stopping_m
from scenes.errors import InputError
from scenes.friction import SURFACES, body_friction, mount_friction, tyre_friction
from scenes.road import draw_street
from scenes.rollover import Tripped, quarter_turns, rolled_m, tripped
from scenes.spinout import GRAVITY_MPS2
from scenes.throw import Throw, draw_throw, searle_m, searle_mps
from scenes.vehicle import draw_body

CAR = {"length_m": 4.5, "width_m": 1.8, "height_m": 1.45, "wheelbase_m": 2.7, "mass_kg": 1500.0}


DRY, WET, ICE = (SURFACES[name].mean for name in ("dry", "wet", "ice"))


def car(x=0.0, y=0.0, speed=15.0, heading=0.0):
    along = np.array([np.cos(heading), np.sin(heading)])
    return Mover(
        mass_kg=1500.0, inertia_kg_m2=inertia_kg_m2(1500.0, 2.7), position_m=np.array([x, y]), heading_rad=heading,
        velocity_mps=speed * along,
    )  # fmt: skip


def street(**state):
    drawn = draw_street(np.random.default_rng(1), wetness=(0.0, 0.0), feature_x_m=None)
    return type(drawn)(**{**vars(drawn), **state})


def test_who_stands_needs_no_way_to_stop():
    assert stopping_m(0.0, DRY) == 0


@pytest.mark.parametrize(("speed", "friction", "way"), [(10.0, 0.7, 7.2836), (20.0, 0.4, 50.986), (30.0, 0.1, 458.87)])
def test_stopping_distance_is_v_squared_over_two_mu_g(speed, friction, way):
    assert stopping_m(speed, friction) == pytest.approx(way, rel=1e-4)


@pytest.mark.parametrize(("speed", "friction", "told"), [(-1.0, 0.7, "speed_mps"), (10.0, 0.0, "friction")])
def test_impossible_speeds_and_roads_are_refused(speed, friction, told):
    with pytest.raises(InputError, match=told):
        stopping_m(speed, friction)


def test_a_friction_above_one_and_a_half_is_refused():
    with pytest.raises(InputError, match=r"friction: must lie in \(0, 1.5\]; got 1.6"):
        stopping_m(10.0, 1.6)


def test_nobody_brakes_before_they_have_reacted():
    rng = np.random.default_rng(2)
    assert brake(20.0, warned_s=0.3, friction=DRY, rng=rng) == Braking(cruise_mps=20.0, impact_mps=20.0)


def test_braking_takes_no_more_than_the_grip_and_leaves_what_it_says():
    rng = np.random.default_rng(3)
    for _ in range(200):
        told = brake(20.0, warned_s=2.2, friction=WET, rng=rng)
        assert told.slows_mps2 <= WET * GRAVITY_MPS2
        assert told.impact_mps == pytest.approx(20.0 - told.slows_mps2 * told.braked_s)
        assert told.impact_mps >= 0.35 * 20.0 - 1e-9


def test_reactions_have_the_median_of_their_source():
    rng = np.random.default_rng(4)
    drawn = [reaction_s(rng) for _ in range(4000)]
    assert np.median(drawn) == pytest.approx(1.2, abs=0.03)
    assert (min(drawn), max(drawn)) >= (0.5, 0.5)
    assert max(drawn) <= 3.0


def test_ice_grips_less_than_snow_and_snow_less_than_wet_and_dry():
    grips = [tyre_friction(street(**state)) for state in ({}, {"wetness": 1.0}, {"snow": 1.0}, {"ice": 1.0})]
    assert grips == sorted(grips, reverse=True)
    assert (grips[0], grips[1], grips[3]) == pytest.approx((DRY, WET, ICE))
    assert body_friction(DRY) > mount_friction(DRY)
    assert mount_friction(ICE) > ICE  # metal finds more on ice than rubber


@pytest.mark.parametrize("restitution", [0.0, 0.2, 1.0])
def test_a_head_on_impact_with_a_wall_gives_one_plus_e_of_the_speed_back(restitution):
    wall = fixed(np.array([2.25, 0.0]))
    hit = solve(
        car(), wall, point_m=wall.position_m, normal=np.array([-1.0, 0.0]), restitution=restitution, friction=0.5
    )
    assert hit.first.velocity_mps == pytest.approx([-restitution * 15, 0])
    assert hit.absorbed_j == pytest.approx(0.5 * 1500 * 15**2 * (1 - restitution**2))
    assert hit.second.velocity_mps == pytest.approx([0, 0])


def test_a_wall_is_the_limit_of_ever_heavier_partners():
    point, normal = np.array([2.25, 0.4]), np.array([-1.0, 0.0])
    told = {"point_m": point, "normal": normal, "restitution": 0.1, "friction": 0.5}
    heavy = Mover(
        mass_kg=1e12, inertia_kg_m2=1e12, position_m=point, heading_rad=0.0, velocity_mps=np.zeros(2)
    )  # fmt: skip
    limit, wall = solve(car(), heavy, **told), solve(car(), fixed(point), **told)
    assert wall.first.velocity_mps == pytest.approx(limit.first.velocity_mps, abs=1e-6)
    assert wall.first.yaw_rate_rad_s == pytest.approx(limit.first.yaw_rate_rad_s, abs=1e-6)


def test_an_off_centre_pole_turns_the_car_towards_the_struck_side():
    pole = np.array([2.25, 0.6])
    hit = solve(car(), fixed(pole), point_m=pole, normal=np.array([-1.0, 0.0]), restitution=0.1, friction=0.5)
    assert hit.first.yaw_rate_rad_s > 0  # struck on the left, the tail swings to the right


def test_a_glance_along_a_rail_keeps_most_of_the_speed():
    rail = np.array([2.0, -0.9])
    glancing = car(heading=-0.1, speed=25.0)
    hit = solve(glancing, fixed(rail), point_m=rail, normal=np.array([0.0, 1.0]), restitution=0.1, friction=0.3)
    assert np.linalg.norm(hit.first.velocity_mps) > 0.85 * 25.0
    assert hit.first.velocity_mps[1] > glancing.velocity_mps[1]


def impacts(count):
    """Random contacts, half of them with fixed things, many of which jam."""
    rng = np.random.default_rng(31)
    while count:
        mass = rng.uniform(80, 38000)
        body = Mover(
            mass_kg=mass, inertia_kg_m2=inertia_kg_m2(mass, rng.uniform(1.2, 8)), position_m=rng.normal(size=2),
            heading_rad=rng.uniform(-3, 3), velocity_mps=rng.normal(size=2) * 15, yaw_rate_rad_s=rng.normal() * 2,
        )  # fmt: skip
        point, angle = rng.normal(size=2) * 3, rng.uniform(0, 2 * np.pi)
        told = {"restitution": rng.uniform(0, 1), "friction": rng.uniform(0, 1.5)}
        try:
            yield (
                body,
                told,
                solve(body, fixed(point), point_m=point, normal=np.array([np.cos(angle), np.sin(angle)]), **told),
            )
        except ValueError:
            continue
        count -= 1


def test_2000_impacts_with_what_is_fixed_never_gain_energy_and_some_jam():
    jammed = 0
    for body, told, hit in impacts(2000):
        assert hit.first.kinetic_j <= body.kinetic_j * (1 + 1e-9)
        assert body.mass_kg * (hit.first.velocity_mps - body.velocity_mps) == pytest.approx(hit.impulse_ns, rel=1e-9)
        jammed += hit.restitution < told["restitution"]
    assert jammed > 10


@given(
    speed=st.floats(4, 40), launch=st.floats(0, 45), drop=st.floats(0, 1.2), friction=st.floats(0.3, 0.9)
)  # fmt: skip
def test_the_parts_of_a_throw_add_up_to_searles_formula(speed, launch, drop, friction):
    throw = Throw(speed_mps=speed, launch_deg=launch, drop_m=drop, friction=friction)
    if throw.slides_mps > 0:
        whole = searle_m(speed, launch_deg=launch, drop_m=drop, friction=friction)
        assert throw.distance_m == pytest.approx(whole, rel=1e-9)
    assert throw.at(throw.seconds + 9)[0] == pytest.approx(throw.distance_m)


def test_a_body_that_is_not_thrown_stays():
    assert Throw(speed_mps=0.0, launch_deg=0.0, drop_m=0.0, friction=0.6).distance_m == 0


def test_searles_bounds_hold_the_speed_that_made_the_distance():
    throw = Throw(speed_mps=14.0, launch_deg=12.0, drop_m=0.0, friction=0.66)
    least, greatest = searle_mps(throw.distance_m, 0.66)
    assert least <= 14.0 <= greatest
    assert searle_mps(20.0, 0.66)[0] == pytest.approx(np.sqrt(2 * 0.66 * GRAVITY_MPS2 * 20 / (1 + 0.66**2)))


def test_a_thrown_body_is_on_its_way_in_order():
    throw = Throw(speed_mps=12.0, launch_deg=10.0, drop_m=0.9, friction=0.66)
    ways = [throw.at(time)[0] for time in np.linspace(0, throw.seconds, 50)]
    assert ways == sorted(ways)
    assert throw.at(0.0) == (0.0, 0.9)
    assert throw.at(throw.flight_s)[1] == pytest.approx(0, abs=1e-9)


def test_a_lighter_body_is_thrown_faster_than_the_vehicle_would_be():
    rng = np.random.default_rng(5)
    throw = draw_throw(15.0, vehicle_kg=1500.0, body_kg=75.0, drop_m=0.9, friction=0.66, rng=rng)
    assert 0.6 * 15 < throw.speed_mps < 0.96 * 15


def test_the_critical_sliding_speed_just_lifts_the_centre_over_the_wheels():
    told = Tripped(track_m=1.5, centre_m=0.55, inertia_per_kg_m2=0.36)
    about_wheel = 0.36 + 0.75**2 + 0.55**2
    turns = told.critical_mps * 0.55 / about_wheel  # angular momentum about the wheels
    lift = np.hypot(0.75, 0.55) - 0.55
    assert 0.5 * about_wheel * turns**2 == pytest.approx(GRAVITY_MPS2 * lift)


def test_tall_vehicles_roll_sooner_than_low_ones():
    rng = np.random.default_rng(6)
    low, tall = (tripped(draw_body(kind, rng)).critical_mps for kind in ("sedan", "van"))
    assert tall < low
    assert 3.5 < low < 8.0  # Jones and NHTSA give about 4 to 6 m/s for passenger cars


def test_a_faster_roll_goes_further_and_turns_more():
    assert rolled_m(10.0) == pytest.approx(10**2 / (2 * 0.43 * GRAVITY_MPS2))
    assert quarter_turns(0.0, width_m=1.8, height_m=1.5) == 1
    assert quarter_turns(rolled_m(12.0), width_m=1.8, height_m=1.5) > quarter_turns(
        rolled_m(5.0), width_m=1.8, height_m=1.5
    )
