"""Crash types: valid, repeatable, solved by the laws, and told truly at every phase."""

import dataclasses
import hashlib
import json
from collections import Counter
from functools import cache
from math import hypot

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.checks import breach, footprint, overlap_m
from scenes.clip import ClipSettings, at
from scenes.crashes import contact, crossing_paths, pile_up, rear_end
from scenes.crashes.composition import LIGHTINGS, compose
from scenes.crashes.crash_type import NHTSA_SCENARIOS, Ground
from scenes.crashes.event import Event, Fixed, Loose, Party, mirrored
from scenes.crashes.outcome import courses_of, outcome
from scenes.crashes.registry import CRASH_TYPES
from scenes.crashes.sight import seen_share
from scenes.crashes.solver import solve_event
from scenes.draws import Refused
from scenes.driver import Braking
from scenes.errors import InputError, RareblendError
from scenes.road import draw_street
from scenes.scenario import SCENARIOS, sample
from scenes.seeds import generator
from scenes.settings import compose as compose_config
from scenes.spec.scene import dumps, loads
from scenes.spec.view import Camera
from scenes.spinout import GRAVITY_MPS2
from scenes.trajectory import moment
from scenes.vehicle import draw_body
from scenes.wreckage import party_at

DRAWS, PHASES = 24, ("approach", "braking", "impact", "after", "aftermath")
CAR = {
    "kind": "sedan", "length_m": 4.6, "width_m": 1.8, "height_m": 1.45, "wheelbase_m": 2.7, "mass_kg": 1500.0,
    "model": 1, "paint_rgb_linear": (0.1, 0.1, 0.1), "seed": 4,
}  # fmt: skip


@cache
def drawn(name, index):
    try:
        return sample(name, seed=8, index=index)
    except RareblendError as never:
        return str(never)


def ground(**state):
    street = draw_street(np.random.default_rng(1), wetness=(0.0, 0.0), feature_x_m=None)
    return Ground(street=dataclasses.replace(street, **state))


def rolls(speed):
    return Braking(cruise_mps=speed, impact_mps=speed)


def parties_of(spec):
    return [actor for actor in (*spec.vehicles, *spec.people, *spec.animals) if actor.crash]


def test_an_event_of_nobody_is_refused():
    with pytest.raises(InputError, match=r"event\.parties"):
        Event(parties=(), y_m=0.0, width_m=1.0, friction=0.7)


def test_there_are_at_least_24_numbers_of_the_37_and_every_type_has_its_sentence():
    numbers = {kind.nhtsa for kind in CRASH_TYPES.values()}
    assert len(numbers) >= 24
    assert numbers <= set(range(1, NHTSA_SCENARIOS + 1))
    assert len({kind.sentence for kind in CRASH_TYPES.values()}) == len(CRASH_TYPES)
    assert set(CRASH_TYPES) < set(SCENARIOS)


@pytest.mark.parametrize("name", CRASH_TYPES)
def test_nearly_all_draws_find_a_valid_scene(name):
    specs = [drawn(name, index) for index in range(DRAWS)]
    failed = Counter(spec for spec in specs if isinstance(spec, str))
    assert len(specs) - failed.total() >= 0.95 * DRAWS, failed
    valid = [spec for spec in specs if not isinstance(spec, str)]
    assert [breach(spec) for spec in valid] == [None] * len(valid)
    assert len({spec.scene_id for spec in valid}) == len(valid)


@pytest.mark.parametrize("name", CRASH_TYPES)
def test_the_same_seed_gives_the_same_bytes_and_they_read_back(name):
    spec = drawn(name, 2)
    assert dumps(sample(name, seed=8, index=2)) == dumps(spec)
    assert loads(dumps(spec)) == spec


def test_all_phases_come_by_day_and_by_night():
    seen = Counter(
        (parties_of(drawn(n, i))[0].crash.phase, drawn(n, i).lighting) for n in CRASH_TYPES for i in range(12)
    )
    assert {phase for phase, _ in seen} == set(PHASES)
    assert {light for _, light in seen} == set(LIGHTINGS)


@pytest.mark.parametrize("light", LIGHTINGS)
def test_a_lighting_can_be_asked_for(light):
    assert sample("pile_up", seed=1, index=0, lighting=light).lighting == light


@pytest.mark.parametrize(("name", "light"), [("pile_up", "moon"), ("day_traffic", "night")])
def test_a_lighting_that_there_is_not_is_told(name, light):
    with pytest.raises(InputError, match="lighting"):
        sample(name, seed=1, index=0, lighting=light)


@pytest.mark.parametrize("name", CRASH_TYPES)
def test_damage_marks_and_shards_come_with_the_impact(name):
    for index in range(DRAWS):
        spec = drawn(name, index)
        phases = {party.crash.phase for party in parties_of(spec)}
        if phases <= {"approach", "braking"}:
            assert not any(vehicle.dents or vehicle.airbags or vehicle.tipped_deg for vehicle in spec.vehicles)
            assert not any(piece.kind in ("glass", "plastic", "trim") for piece in spec.debris)
        if phases == {"aftermath"}:
            hurt = [v for v in spec.vehicles if v.crash and (v.dents or v.articulation_deg)]
            assert hurt
            assert all(hypot(*party.velocity_mps) == 0 for party in parties_of(spec))


@pytest.mark.parametrize("name", ["pedestrian_crossing", "cyclist_crossing", "animal_crossing", "motorcycle_left_turn"])
def test_who_was_struck_lies_at_rest_and_is_labelled(name):
    seen = 0
    for index in range(DRAWS):
        spec = drawn(name, index)
        struck = [actor for actor in (*spec.people, *spec.animals) if actor.crash]
        assert len(struck) == 1
        assert struck[0].crash.throw_m > 0
        if struck[0].crash.phase == "aftermath":
            seen += 1
            assert struck[0].pose == "lying"
            assert struck[0].raised_m == 0
    assert seen


def test_a_vehicle_that_has_rolled_lies_on_a_side_or_its_roof():
    tipped = [v.tipped_deg for i in range(DRAWS) for v in drawn("rollover", i).vehicles if v.crash and v.dents]
    at_rest = [angle for angle in tipped if angle % 90 == 0 and angle]
    assert at_rest
    assert all(angle % 360 for angle in at_rest)


def head_on(speed=15.0, *, restitution_seed=0, friction=0.7, second_mass=1500.0):
    first = Party(body=CAR, heading_deg=0.0, braking=rolls(speed), point_m=(2.3, 0.0), grips=1.0)
    other = {**CAR, "mass_kg": second_mass}
    second = Party(body=other, heading_deg=180.0, braking=rolls(speed), point_m=(2.3, 0.0), grips=1.0)
    event = Event(parties=(first, second), y_m=0.0, width_m=1.6, friction=friction)
    return solve_event(event, np.random.default_rng(restitution_seed))


def test_equals_that_meet_head_on_lose_nearly_all_their_speed():
    solved = head_on()
    hits = [slider.hits[0] for slider in solved.sliders]
    assert hits[0].closing_mps == pytest.approx(30)
    assert hits[0].delta_v_mps == pytest.approx(hits[1].delta_v_mps)
    assert 15.0 <= hits[0].delta_v_mps <= 15.0 * 1.25
    assert hits[0].pdof_deg % 360 == pytest.approx(0, abs=1e-6)


def test_the_lighter_one_has_the_greater_delta_v_by_the_ratio_of_masses():
    first, second = (slider.hits[0] for slider in head_on(second_mass=3000.0).sliders)
    assert first.delta_v_mps == pytest.approx(2 * second.delta_v_mps)


def test_after_the_impact_locked_wheels_slide_v_squared_over_two_mu_g():
    wall = Fixed(against="rail", x_m=0.0, y_m=-50.0, faces=1)
    party = Party(body=CAR, heading_deg=0.0, braking=rolls(12.0), point_m=(2.3, 0.0), grips=1.0)
    thing = Loose(against="object", told={"kind": "box"}, mass_kg=1e-6, centre_m=0.3)
    event = Event(parties=(party,), y_m=0.0, width_m=1.0, friction=0.7, struck=thing, fixed=(wall,))
    rows = solve_event(event, np.random.default_rng(0)).sliders[0].rows
    assert rows[-1][1] - rows[0][1] == pytest.approx(12.0**2 / (2 * 0.7 * GRAVITY_MPS2), rel=0.02)


def test_a_pole_stops_a_car_that_a_free_road_would_not():
    post = Fixed(against="pole", x_m=0.1, y_m=0.0, radius_m=0.1)
    party = Party(body=CAR, heading_deg=0.0, braking=rolls(14.0), point_m=(2.3, 0.0), grips=0.5)
    solved = solve_event(
        Event(parties=(party,), y_m=0.0, width_m=0.5, friction=0.7, struck=post), np.random.default_rng(0)
    )
    hit = solved.sliders[0].hits[0]
    assert hit.absorbed_j == pytest.approx(0.5 * 1500 * 14**2, rel=0.08)  # all but what restitution gives back
    assert hit.crush_m > head_on(7.0).sliders[0].hits[0].crush_m  # a narrow contact goes deeper
    assert abs(solved.sliders[0].rows[-1][1] + 2.3) < 2.0


def test_a_rail_turns_a_car_back_and_keeps_it_on_its_side():
    rail = Fixed(against="rail", x_m=0.0, y_m=-1.0, faces=1)
    party = Party(body=CAR, heading_deg=-10.0, braking=rolls(25.0), point_m=(2.3, -0.9), grips=0.4)
    solved = solve_event(
        Event(parties=(party,), y_m=-1.0, width_m=0.8, friction=0.7, struck=rail), np.random.default_rng(0)
    )
    ends = [footprint(x, y, np.rad2deg(h), 4.6, 1.8).corners_m() for _, x, y, h, _, _ in solved.sliders[0].rows]
    assert min(y for corners in ends for _, y in corners) > -1.0 - 0.9  # no deeper than crushed, within a step
    assert solved.sliders[0].rows[-1][1] > 10.0  # it glances off and goes on


def test_parties_that_part_are_no_event():
    leads = Party(body=CAR, heading_deg=0.0, braking=rolls(5.0), point_m=(2.3, 0.0))
    flees = Party(body=CAR, heading_deg=0.0, braking=rolls(15.0), side="rear", point_m=(-2.3, 0.0))
    event = Event(parties=(leads, flees), y_m=0.0, width_m=1.6, friction=0.7)
    assert solve_event(event, np.random.default_rng(0)) is None


def test_in_a_pile_up_those_behind_strike_later_and_momentum_never_grows():
    rng, struck = np.random.default_rng(11), 0
    for _ in range(60):
        try:
            event = pile_up.pile_up(ground(lanes_per_direction=1), rng)
        except Refused:
            continue
        solved = solve_event(event, rng)
        for slider in solved.sliders[2:]:
            for hit in slider.hits:
                struck += 1
                assert hit.seconds > 0
        for slider in solved.sliders:
            speeds = [hypot(vx, vy) for *_, vx, vy in slider.rows]
            assert max(speeds) < 45
    assert struck > 20


@given(seed=st.integers(0, 10_000))
def test_no_event_ever_gains_energy(seed):
    rng = np.random.default_rng(seed)
    solved = solve_event(rear_end.lead_slower(ground(), rng), rng)
    before = sum(body.kinetic_j for body in solved.before)
    after = 0.0
    for slider in solved.sliders:
        at_zero = slider.rows[0]
        after += 0.5 * slider.party.body["mass_kg"] * (at_zero[4] ** 2 + at_zero[5] ** 2)
    assert after <= before * (1 + 1e-9)


@given(seed=st.integers(0, 10_000))
def test_a_mirrored_event_is_solved_to_the_mirror_image(seed):
    event = crossing_paths.left_turn(ground(kind="crossroads", feature_x_m=0.0), np.random.default_rng(seed))
    there, here = (solve_event(one, np.random.default_rng(1)) for one in (event, mirrored(event)))
    assert (there is None) == (here is None)
    if there is None:
        return
    for one, other in zip(there.sliders, here.sliders, strict=True):
        first, second = one.hits[0], other.hits[0]
        assert first.delta_v_mps == pytest.approx(second.delta_v_mps, rel=1e-9)
        assert (first.pdof_deg + second.pdof_deg) % 360 == pytest.approx(0, abs=1e-6) or first.pdof_deg % 360 < 1e-6


def test_the_track_of_a_turning_party_comes_from_its_lane():
    turning = Party(
        body=CAR, heading_deg=60.0, braking=rolls(6.0), point_m=(0.0, -0.9), side="side", turned_deg=60.0, radius_m=8.0
    )
    straight = Party(body=CAR, heading_deg=180.0, braking=rolls(12.0), point_m=(2.3, 0.0))
    event = Event(parties=(straight, turning), y_m=1.7, width_m=1.5, friction=0.7)
    solved = solve_event(event, np.random.default_rng(2))
    told = outcome(solved, courses_of(solved), 12.0, np.random.default_rng(3))
    track = told.vehicles[1].track
    assert track.heading_deg[0] < 30.0 < track.heading_deg[track.times_s.index(0.0)]
    speeds = [hypot(*moment(track, time).velocity_mps) for time in np.linspace(-1.4, -0.2, 20)]
    assert np.allclose(speeds, 6.0, atol=0.35)


@pytest.mark.parametrize(
    "name", ["pile_up", "pedestrian_crossing", "cyclist_turning", "rollover", "departure_into_rail"]
)
def test_a_clip_shows_the_phases_in_order_and_the_impact_at_its_frame(name):
    spec = sample(name, seed=3, index=0, tracked=True)
    clip = ClipSettings(frames=40, rate_hz=12.0).of(spec)
    frames = [at(spec, clip, number) for number in range(40)]
    order = [PHASES.index(frame.vehicles[0].crash.phase) for frame in frames]
    assert order == sorted(order)
    impact = frames[round(-clip.start_s * clip.rate_hz)]
    assert impact.vehicles[0].crash.phase == "impact"
    assert (impact.vehicles[0].x_m, impact.vehicles[0].y_m) == pytest.approx(
        (spec.vehicles[0].x_m, spec.vehicles[0].y_m), abs=6e-4
    )
    assert loads(dumps(spec)) == spec


def test_a_rider_sits_until_the_impact_and_lies_apart_from_the_mount_after_it():
    spec = sample("motorcycle_left_turn", seed=3, index=1, tracked=True)
    clip = ClipSettings(frames=60, rate_hz=12.0).of(spec)
    rider = next(number for number, person in enumerate(spec.people) if person.crash)
    first, last = at(spec, clip, 0), at(spec, clip, 59)
    assert first.people[rider].mount == spec.people[rider].mount
    assert last.people[rider].mount is None
    assert last.people[rider].pose == "lying"
    assert next(v for v in last.vehicles if v.actor_id == spec.people[rider].mount).tipped_deg


def test_bodies_that_touch_are_told_depth_point_and_normal():
    first, second = footprint(0.0, 0.0, 0.0, 4.0, 2.0), footprint(3.9, 0.3, 0.0, 4.0, 2.0)
    touch = contact.between(first, second)
    assert touch.depth_m == pytest.approx(0.1)
    assert touch.normal == pytest.approx((-1.0, 0.0))
    assert touch.point_m[0] == pytest.approx(1.95)
    assert contact.side_of(first, touch.point_m, touch.normal) == "front"
    assert contact.side_of(second, touch.point_m, touch.normal) == "rear"
    assert contact.between(first, footprint(4.2, 0.0, 0.0, 4.0, 2.0)) is None


@given(x=st.floats(-3, 3), y=st.floats(-2, 2), heading=st.floats(0, 360))
def test_a_contact_is_as_deep_as_the_rectangles_overlap(x, y, heading):
    first, second = footprint(0.0, 0.0, 20.0, 4.0, 2.0), footprint(x, y, heading, 4.0, 2.0)
    touch, depth = contact.between(first, second), overlap_m(first, second)
    assert (touch.depth_m if touch else 0.0) == pytest.approx(depth, abs=1e-9)


@pytest.mark.parametrize(
    ("x", "y", "depth"), [(2.05, 0.0, 0.05), (0.0, 1.08, 0.02), (3.0, 0.0, None), (1.95, 0.0, 0.15)]
)
def test_a_post_is_met_as_deep_as_its_near_side_is_inside(x, y, depth):
    touch = contact.with_fixed(footprint(0.0, 0.0, 0.0, 4.0, 2.0), Fixed(against="pole", x_m=x, y_m=y, radius_m=0.1))
    assert (touch and touch.depth_m) == pytest.approx(depth) if depth else touch is None


def test_a_body_behind_another_is_not_seen_and_one_beside_it_is():
    camera = Camera(name="eye", x_m=0, y_m=0, z_m=1.4, yaw_deg=0, pitch_deg=0, roll_deg=0, hfov_deg=70)
    near = footprint(10.0, 0.0, 0.0, 4.0, 2.0)
    assert seen_share(camera, near, []) == 1
    assert seen_share(camera, footprint(20.0, 0.0, 0.0, 4.0, 1.8), [near]) == 0
    assert seen_share(camera, near, [footprint(20.0, 0.0, 0.0, 4.0, 1.8)]) == 1
    assert 0.2 < seen_share(camera, footprint(20.0, 2.5, 0.0, 4.0, 2.0), [near]) < 1


def test_a_type_on_ice_finds_less_grip_than_others():
    frictions = [Ground(street=drawn("control_loss_on_ice", index).street).friction for index in range(8)]
    assert max(frictions) < 0.5


def test_the_labels_of_an_old_scenario_do_not_know_the_new_fields():
    text = dumps(sample("night_rear_end", seed=1, index=0))
    for name in (
        "against",
        "further",
        "tipped_deg",
        "raised_m",
        "obstacles",
        "cleared_m",
        "made_s",
        "impact_s",
        "signals",
    ):
        assert f'"{name}"' not in text
    assert json.loads(text)["version"] == 2


def test_a_refusal_names_its_reason():
    reasons = Counter()
    for index in range(60):
        try:
            compose(CRASH_TYPES["running_stop_sign"], generator(1, "refusals", index), index)
        except Refused as why:
            reasons[str(why)] += 1
    assert reasons
    assert all(reason for reason in reasons)


def test_bodies_of_every_kind_have_a_grip_and_a_mass():
    rng = np.random.default_rng(0)
    assert all(draw_body(kind, rng)["mass_kg"] > 0 for kind in (*rear_end.FOLLOWERS, *rear_end.LEADERS))


@pytest.mark.parametrize(
    ("name", "expected"), [("night_rear_end", "12427e924f4f27c9"), ("night_intersection", "b3c2f4f91fa1b03c")]
)
def test_the_two_older_scenarios_keep_their_bytes(name, expected):
    text = "".join(dumps(sample(name, seed=3, index=index)) for index in range(12))
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == expected


@pytest.mark.parametrize("name", CRASH_TYPES)
def test_every_type_can_be_drawn_for_a_clip(name):
    spec = sample(name, seed=2, index=0, tracked=True)
    assert any(vehicle.track for vehicle in spec.vehicles)
    assert breach(spec) is None


def test_the_crash_mix_weighs_every_type_and_nothing_else():
    mix = compose_config("render", ["scenario=crashes"])["scenario"]["mix"]
    assert set(mix) == set(CRASH_TYPES)
    assert min(mix.values()) >= 20
    assert "pile_up" not in compose_config("render", [])["scenario"]["mix"]


def test_a_parked_car_is_dark_until_its_alarm_flashes():
    spec = sample("parked_vehicle", seed=3, index=0, tracked=True)
    parked = spec.vehicles[1]
    assert not parked.driver
    assert party_at(parked, parked.track, -0.5).lamps == ()
    assert party_at(parked, parked.track, parked.track.times_s[-1] + 1.0).lamps == ("indicator_left", "indicator_right")


def test_who_stands_at_the_wheel_holds_the_brake():
    spec = sample("lead_vehicle_stopped", seed=3, index=0, tracked=True)
    assert "brake" in party_at(spec.vehicles[1], spec.vehicles[1].track, -0.5).lamps


def test_who_backs_shows_the_reversing_lamps():
    spec = sample("backing_into_vehicle", seed=3, index=0, tracked=True)
    assert "reversing" in party_at(spec.vehicles[0], spec.vehicles[0].track, -0.5).lamps
