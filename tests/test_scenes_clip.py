"""Clips as data: what moves, how, and that nothing meets; a frame at the impact is the still of the impact."""

import json
from dataclasses import replace
from functools import cache

import cube_scenes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes import gait
from scenes.checks import footprint, overlap_m
from scenes.clearance import ego_body
from scenes.clip import BLINK_HZ, Clip, ClipSettings, at, blinks
from scenes.errors import InputError
from scenes.mix import plan
from scenes.scenario import sample
from scenes.spec.living import Animal, Person
from scenes.spec.scene import dumps, loads
from scenes.spec.view import Camera
from scenes.spinout import slide
from scenes.trajectory import moment
from scenes.vibration import shake

CRASHES = ("night_rear_end", "night_intersection")
DRAWN = (*CRASHES, "low_sun_traffic", "day_traffic")
SEEDS = range(4)


@cache
def crash(name, index=0):
    return sample(name, seed=11, index=index, tracked=True)


@cache
def frames_of(name, index, count=40, rate_hz=12.0):
    spec = crash(name, index)
    clip = ClipSettings(frames=count, rate_hz=rate_hz).of(spec)
    return clip, [at(spec, clip, frame) for frame in range(count)]


def bodies(spec):
    made = {v.actor_id: footprint(v.x_m, v.y_m, v.heading_deg, v.length_m, v.width_m) for v in spec.vehicles}
    made |= {p.actor_id: footprint(p.x_m, p.y_m, 0.0, 0.6, 0.6) for p in spec.people if p.mount is None}
    made |= {a.actor_id: footprint(a.x_m, a.y_m, a.heading_deg, 1.4, 0.6) for a in spec.animals}
    return {0: ego_body(spec.cameras[0].x_m, spec.cameras[0].y_m), **made}


def parked(count=0, **fields):
    """Boxes of the cube scenes, the first of them with other fields."""
    spec = cube_scenes.spec()
    camera = replace(spec.cameras[0], x_m=-8.0, z_m=1.4)
    first = replace(spec.vehicles[0], heading_deg=0.0, y_m=1.75, **fields)
    return replace(spec, cameras=(camera,), vehicles=(first, *spec.vehicles[1 : 1 + count]))


def test_no_frames_are_stills():
    assert ClipSettings().of(parked()) is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"frames": 1}, "clip.frames: must lie in"),
        ({"frames": 121}, "clip.frames: must lie in"),
        ({"frames": 24, "rate_hz": 0}, "clip.rate_hz"),
        ({"frames": 24, "start_s": 99}, "clip.start_s"),
        ({"flow": True}, "clip.flow: needs clip.frames"),
    ],
)
def test_a_clip_out_of_range_is_refused_in_one_line(fields, told):
    with pytest.raises(InputError, match=told):
        ClipSettings(**fields)


def test_a_frame_that_is_not_there_is_refused():
    with pytest.raises(InputError, match=r"clip.frame: must lie in \[0, 23\]"):
        Clip(frames=24, rate_hz=12).time_s(24)


def test_scenes_of_stills_keep_their_bytes():
    mix = dict.fromkeys(DRAWN, 1.0)
    text = "".join(dumps(spec) for spec in plan(mix, seed=7, count=8))
    for name in ("track", "rolled_m", "stride", "times_s", "thrown_from_m"):
        assert f'"{name}"' not in text
    people = [person for line in plan(mix, seed=7, count=4) for person in json.loads(dumps(line))["people"]]
    assert people
    assert not any("velocity_mps" in person for person in people)


def test_a_spec_with_tracks_comes_back_from_json():
    spec = crash("night_rear_end")
    assert any(vehicle.track for vehicle in spec.vehicles)
    assert loads(dumps(spec)) == spec


@pytest.mark.parametrize("name", CRASHES)
@pytest.mark.parametrize("index", SEEDS)
def test_the_frame_at_the_impact_is_the_impact_still(name, index):
    spec = crash(name, index)
    clip, frames = frames_of(name, index)
    impact = frames[round(-clip.start_s * clip.rate_hz)]
    for told, shown in zip(spec.vehicles, impact.vehicles, strict=True):
        if told.track:
            assert (shown.x_m, shown.y_m) == pytest.approx((told.x_m, told.y_m), abs=6e-4)
            assert shown.velocity_mps == pytest.approx(told.velocity_mps, abs=6e-4)
            same = replace(
                shown, x_m=told.x_m, y_m=told.y_m, heading_deg=told.heading_deg, track=told.track,
                velocity_mps=told.velocity_mps,
            )  # fmt: skip
            assert same == told
    camera, shown = spec.cameras[0], impact.cameras[0]
    assert replace(shown, speed_mps=camera.speed_mps) == camera


@pytest.mark.parametrize("name", CRASHES)
def test_a_tracked_crash_shows_all_phases_and_its_damage_from_the_impact_on(name):
    _, frames = frames_of(name, 0)
    seen = [frame.vehicles[0].crash.phase for frame in frames]
    order = [phase for number, phase in enumerate(seen) if phase not in seen[:number]]
    assert [phase for phase in order if phase != "braking"] == ["approach", "impact", "after"]
    for frame in frames:
        for party in frame.vehicles[:2]:
            whole = party.crash.phase in ("approach", "braking")
            assert (party.dents == ()) == whole
            assert not (whole and (party.severity or party.airbags or party.lost or party.opened))
        if frame.vehicles[0].crash.phase in ("approach", "braking"):
            assert not frame.skid_marks
            assert not any(piece.kind in ("glass", "plastic", "trim") for piece in frame.debris)
    assert len(frames[-1].debris) > 10


def test_skid_marks_only_grow():
    lengths = []
    for index in SEEDS:
        _, frames = frames_of("night_intersection", index)
        grown = [sum(len(mark.points_m) for mark in frame.skid_marks) for frame in frames]
        assert grown == sorted(grown)
        lengths.append(grown[-1])
    assert max(lengths) > 10


def test_debris_comes_to_the_place_that_the_scene_tells():
    spec = crash("night_rear_end")
    clip = Clip(frames=2, rate_hz=0.1, start_s=0.0)
    first, last = (at(spec, clip, frame).debris for frame in (0, 1))
    for told, shown in zip(spec.debris, first, strict=True):
        assert (shown.x_m, shown.y_m) == pytest.approx(told.thrown_from_m)
    for told, shown in zip(spec.debris, last, strict=True):
        assert (shown.x_m, shown.y_m, shown.heading_deg) == pytest.approx((told.x_m, told.y_m, told.heading_deg))


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("index", SEEDS)
def test_nobody_meets_in_any_frame_but_the_parties_of_the_crash(name, index):
    _, frames = frames_of(name, index)
    parties = {vehicle.actor_id for vehicle in frames[0].vehicles if vehicle.crash}
    for frame in frames:
        ground = bodies(frame)
        for first in ground:
            for second in ground:
                if first < second and not {first, second} <= parties:
                    assert overlap_m(ground[first], ground[second]) < 0.02, (first, second)


@pytest.mark.parametrize("name", DRAWN)
def test_velocity_is_the_derivative_of_position(name):
    """Within a step of the timeline, which begins at whole tenths of a second."""
    spec, little_s = crash(name, 1), 0.002
    checked = 0
    for tenth in range(-8, 20):
        clip = Clip(frames=3, rate_hz=1 / little_s, start_s=tenth / 10 + 0.04)
        if name not in CRASHES and tenth < 0:
            continue
        before, now, after = (at(spec, clip, frame) for frame in range(3))
        for key in ("vehicles", "people", "animals"):
            for first, middle, last in zip(*(getattr(s, key) for s in (before, now, after)), strict=True):
                moved = np.array([last.x_m - first.x_m, last.y_m - first.y_m]) / (2 * little_s)
                assert moved == pytest.approx(middle.velocity_mps, abs=0.05 + 0.02 * np.hypot(*moved))
                checked += any(middle.velocity_mps)
        gone = (after.cameras[0].x_m - before.cameras[0].x_m) / (2 * little_s)
        assert gone == pytest.approx(now.cameras[0].speed_mps, abs=0.01)
    assert checked > 20


@pytest.mark.parametrize("name", CRASHES)
@pytest.mark.parametrize("index", SEEDS)
def test_tracks_are_continuous_and_their_velocity_is_the_derivative(name, index):
    for party in crash(name, index).vehicles[:2]:
        track, little = party.track, 1e-5
        for time in np.linspace(track.times_s[0] - 0.2, track.times_s[-1] + 0.2, 600):
            first, second = moment(track, time - little), moment(track, time + little)
            shift = np.array([second.x_m - first.x_m, second.y_m - first.y_m])
            assert np.hypot(*shift) < 60 * 2 * little + 1e-7
            inner = all(abs(time - knot) > 2 * little for knot in track.times_s)
            if inner:
                assert shift / (2 * little) == pytest.approx(moment(track, time).velocity_mps, abs=2e-3)


def test_the_slide_is_the_solvers_own():
    """The track's knots are the steps of `spinout.slide`, whose end is the rest."""
    spec = crash("night_intersection")
    for party in spec.vehicles[:2]:
        assert party.velocity_mps == pytest.approx(moment(party.track, 0.0).velocity_mps, abs=6e-4)
        assert moment(party.track, party.track.times_s[-1]).velocity_mps == (0.0, 0.0)
    from scenes.crash import Mover

    body = Mover(
        mass_kg=1400, inertia_kg_m2=2500, position_m=np.zeros(2), heading_rad=0.3, velocity_mps=np.array([9.0, 3.0]),
        yaw_rate_rad_s=1.0,
    )  # fmt: skip
    rest = slide(body, wheelbase_m=2.7, track_m=1.5, friction=0.4, braking=0.7)
    assert rest.path[0] == (0.0, 0.0, 0.0, 0.3, 9.0, 3.0)
    assert rest.path[-1][1:4] == pytest.approx((*rest.position_m, rest.heading_rad))
    assert rest.path[-1][0] == pytest.approx(rest.seconds)
    assert [len(track) for track in rest.marks_m] == [len(times) for times in rest.marks_s]


def test_a_party_that_brakes_before_the_impact_shows_it_and_comes_faster():
    found = 0
    for index in range(8):
        spec = crash("night_rear_end", index)
        for party in spec.vehicles[:2]:
            track = party.track
            if track.brakes_s < track.contact_s - 0.1:
                clip = Clip(frames=2, rate_hz=1000.0, start_s=(track.brakes_s + track.contact_s) / 2)
                shown = next(v for v in at(spec, clip, 0).vehicles if v.actor_id == party.actor_id)
                assert "brake" in shown.lamps
                fast, slow = (np.hypot(*moment(track, time).velocity_mps) for time in (-1.4, track.contact_s))
                assert fast > slow + 0.5
                found += 1
    assert found


def test_hazard_lights_blink_after_rest_and_not_before():
    spec = crash("night_rear_end")
    party = spec.vehicles[0]
    rest = party.track.times_s[-1]
    moving = at(spec, Clip(frames=2, rate_hz=10, start_s=0.2), 0).vehicles[0]
    assert "indicator_left" not in moving.lamps
    clip = Clip(frames=60, rate_hz=30, start_s=round(rest + 1, 3))
    shines = ["indicator_left" in at(spec, clip, frame).vehicles[0].lamps for frame in range(60)]
    assert 0.35 < np.mean(shines) < 0.65


def test_an_indicator_flashes_as_often_as_the_rule_asks():
    """UNECE R6: 90 ± 30 flashes a minute."""
    shines = np.array([blinks(time, 0.3) for time in np.arange(0, 60, 0.01)])
    assert 60 <= int((np.diff(shines.astype(int)) == 1).sum()) <= 120
    assert 60 <= BLINK_HZ * 60 <= 120


def test_wheels_roll_as_far_as_the_vehicle_goes():
    spec = parked(velocity_mps=(6.0, 0.0))
    clip = Clip(frames=10, rate_hz=10)
    for frame in (0, 3, 9):
        moved = at(spec, clip, frame).vehicles[0]
        assert moved.rolled_m == pytest.approx(moved.x_m - spec.vehicles[0].x_m)
        assert moved.rolled_m == pytest.approx(6.0 * frame / 10)


def test_who_brakes_slows_down_and_stops_and_its_lamp_burns():
    spec = parked(velocity_mps=(6.0, 0.0), lamps=("tail", "brake"))
    clip = Clip(frames=60, rate_hz=10)
    speeds = [np.hypot(*at(spec, clip, frame).vehicles[0].velocity_mps) for frame in range(60)]
    assert speeds == sorted(speeds, reverse=True)
    assert speeds[-1] == 0


def test_a_vehicle_stops_behind_what_stands_in_its_way_with_its_brake_lamps_on():
    spec = parked(velocity_mps=(10.0, 0.0))
    obstacle = replace(spec.vehicles[0], actor_id=9, x_m=spec.vehicles[0].x_m + 22, velocity_mps=(0.0, 0.0))
    spec = replace(spec, vehicles=(*spec.vehicles, obstacle))
    clip = Clip(frames=60, rate_hz=10)
    frames = [at(spec, clip, frame).vehicles[0] for frame in range(60)]
    assert frames[-1].velocity_mps == (0.0, 0.0)
    assert 0 < obstacle.x_m - frames[-1].x_m - 4.0 < 4.0
    assert any("brake" in frame.lamps for frame in frames)


def test_everything_stands_in_a_scene_without_motion():
    spec = parked(count=2)
    clip = Clip(frames=4, rate_hz=5)
    assert all(at(spec, clip, frame) == spec for frame in range(4))


def person(**fields):
    told = {"actor_id": 50, "x_m": 9.0, "y_m": -3.6, "heading_deg": 5.0, "height_m": 1.75, "pose": "walking", "seed": 3}
    return Person(**{**told, **fields})


def test_a_walker_goes_without_sliding_feet():
    spec = replace(parked(), people=(person(),))
    clip = Clip(frames=40, rate_hz=20)
    frames = [at(spec, clip, frame).people[0] for frame in range(40)]
    gone = np.hypot(frames[-1].x_m - frames[0].x_m, frames[-1].y_m - frames[0].y_m)
    assert gone == pytest.approx(gait.speed_mps(person()) * 39 / 20, rel=0.01)
    strides = np.unwrap([2 * np.pi * frame.stride for frame in frames]) / (2 * np.pi)
    assert strides[-1] - strides[0] == pytest.approx(gone / gait.cycle_m(person()), abs=0.03)
    assert 0.7 < gait.cycle_m(person()) < 1.8


def test_who_only_stands_does_not_slide():
    spec = replace(parked(), people=(person(pose="standing"), person(actor_id=51, pose="phoning", x_m=12.0)))
    assert at(spec, Clip(frames=20, rate_hz=10), 19).people == spec.people


def test_a_rider_stays_on_the_mount():
    mount = replace(
        parked().vehicles[0], kind="bicycle", length_m=1.8, width_m=0.6, height_m=1.1, wheelbase_m=1.1, mass_kg=90.0,
        velocity_mps=(5.0, 0.0),
    )  # fmt: skip
    rider = person(pose="cycling", mount=mount.actor_id, x_m=mount.x_m, y_m=mount.y_m, heading_deg=0.0)
    spec = replace(parked(), vehicles=(mount,), people=(rider,))
    shown = at(spec, Clip(frames=11, rate_hz=10), 10)
    assert (shown.people[0].x_m, shown.people[0].y_m) == (shown.vehicles[0].x_m, shown.vehicles[0].y_m)
    assert shown.people[0].velocity_mps == shown.vehicles[0].velocity_mps
    assert shown.vehicles[0].wheel_turn_deg % 45 == 0
    assert shown.vehicles[0].wheel_turn_deg > 0


def test_an_animal_walks_at_the_pace_of_its_legs():
    deer = Animal(actor_id=60, kind="deer", x_m=20.0, y_m=8.0, heading_deg=90.0, height_m=0.9, pose="walking", seed=2)
    spec = replace(parked(), animals=(deer,))
    shown = at(spec, Clip(frames=11, rate_hz=10), 10).animals[0]
    assert shown.y_m - deer.y_m == pytest.approx(gait.speed_mps(deer), rel=0.02)
    assert 0 <= shown.stride < 1


def test_a_crash_at_its_impact_without_a_track_is_refused():
    spec = next(
        spec
        for spec in plan({"night_rear_end": 1.0}, seed=7, count=8)
        if spec.vehicles[0].crash.phase == "impact" and any(spec.vehicles[0].velocity_mps)
    )
    with pytest.raises(InputError, match="needs the solver's track"):
        at(spec, Clip(frames=4, rate_hz=5), 0)


def test_a_clip_that_begins_before_the_track_is_refused():
    with pytest.raises(InputError, match=r"clip\.start_s: must be >= -1\.5"):
        at(crash("night_rear_end"), Clip(frames=4, rate_hz=5, start_s=-3.0), 0)


def test_the_same_frame_is_the_same_whoever_asks_first():
    spec = crash("day_traffic", 2)
    clip = Clip(frames=12, rate_hz=12)
    assert at(spec, clip, 7) == at(loads(dumps(spec)), clip, 7)


@given(st.floats(0, 400), st.floats(0.5, 30), st.integers(0, 1000))
def test_a_road_shakes_a_camera_by_centimetres_and_tenths_of_a_degree(gone_m, speed_mps, seed):
    shaken = shake(gone_m, speed_mps, seed=seed)
    assert abs(shaken.height_m) < 0.12
    assert abs(shaken.pitch_deg) < 1.5
    assert abs(shaken.roll_deg) < 1.5


def test_vibration_begins_at_nothing_and_is_smooth():
    assert shake(0.0, 9.0, seed=1) == (0.0, 0.0, 0.0)
    ways = np.arange(0, 30, 0.02)
    heights = np.array([shake(way, 9.0, seed=1) for way in ways])
    assert np.abs(heights).max() > 1e-3
    assert np.abs(np.diff(heights, axis=0)).max() < 0.05
    assert np.std([shake(way, 9.0, seed=2).height_m for way in ways]) == pytest.approx(0.005, abs=0.005)


def test_a_camera_on_a_pole_stands():
    spec = parked(velocity_mps=(3.0, 0.0))
    pole = Camera(name="pole", x_m=-5.0, y_m=6.0, z_m=5.0, yaw_deg=0.0, pitch_deg=-20.0, roll_deg=0.0, hfov_deg=60.0)
    assert at(replace(spec, cameras=(pole,)), Clip(frames=5, rate_hz=5), 4).cameras == (pole,)


@pytest.mark.parametrize("pose", ["walking", "crossing", "running"])
def test_a_foot_that_stands_stays_where_it_is(pose):
    import packs
    from scenes.stage.people import person as human
    from scenes.stage.people.body import load_base
    from scenes.stage.people.poses import posed
    from scenes.stage.people.shape import shaped

    folder = packs.find("people")
    if folder is None:
        pytest.skip("the people pack is not there: python -m packs fetch people")
    base, walker = load_base(folder), person(pose=pose)
    rest = human._rest(base, shaped(base, folder, walker))
    ways = []
    for step in range(48):
        stance = posed(rest, pose, np.random.default_rng([walker.seed, 4]), gone=step / 48)
        ahead, _, height = stance.place("foot_l")
        ways.append((height, ahead + gait.cycle_m(walker) * step / 48))
    lowest = min(ways)[0]
    stands = [way for height, way in ways if height < lowest + 0.012]
    if max(stands) - min(stands) > gait.cycle_m(walker) / 2:  # the cycle's end falls into the stance
        stands = [way % gait.cycle_m(walker) for way in stands]
        stands = [(way - stands[0] + 0.3) % gait.cycle_m(walker) for way in stands]
    assert len(stands) > 5
    assert max(stands) - min(stands) < 0.05


@pytest.mark.parametrize("pose", ["walking", "running"])
def test_an_animals_feet_stand_and_swing_in_turn(pose):
    from scenes.stage.animals.animal_gait import going

    steps = np.array([going(pose, phase).steps for phase in np.linspace(0, 1, 200, endpoint=False)])
    ground = steps[:, :, 1] == 0
    assert ground.mean(axis=0) == pytest.approx(np.full(4, ground.mean()), abs=0.02)
    assert (ground.sum(axis=1) >= (2 if pose == "walking" else 0)).all()
    deer = Animal(actor_id=1, kind="deer", x_m=0, y_m=0, heading_deg=0, height_m=1.0, pose=pose, seed=1)
    speed = -np.diff(steps[:, 0, 0])[ground[:-1, 0] & ground[1:, 0]] * 200
    assert speed == pytest.approx(gait.cycle_m(deer), rel=0.02), "a foot on the ground goes back as the body goes ahead"
