"""Rigs: who carries the camera, where it stands, and that what it sees is of use."""

import json
from dataclasses import replace
from math import hypot

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.camera import DASHCAM, CameraSettings, Rig, draw_camera, draw_dashcam
from scenes.checks import breach
from scenes.clip import Clip, at
from scenes.errors import InputError
from scenes.lens import LensShape
from scenes.mix import plan
from scenes.road import lane_y_m
from scenes.scenario import SCENARIOS, sample
from scenes.settings import compose, validated
from scenes.sight import clearings, places_seen, seen_from, sight_breach
from scenes.site.layout import draw_place
from scenes.spec.scene import dumps, loads
from scenes.station import STANDS, stand_of
from scenes.vibration import sway

MIXED = validated("camera", CameraSettings, compose("render", ["camera=mixed"])["camera"])
STANDING = [name for name, rig in MIXED.rigs.items() if not STANDS[rig.station].rides]
RIDING = [name for name in MIXED.rigs if name not in STANDING]
DASHCAM_JSON_KEYS = {"hfov_deg", "name", "pitch_deg", "roll_deg", "speed_mps", "x_m", "y_m", "yaw_deg", "z_m"}


def only(name):
    return CameraSettings(weights={name: 1.0}, rigs=MIXED.rigs)


def test_no_weight_at_all_is_refused():
    with pytest.raises(InputError, match=r"camera\.weights: weights must be >= 0 and one of them > 0"):
        CameraSettings(weights={"dashcam": 0.0})


def test_a_weight_for_an_unknown_rig_is_told_with_the_known_ones():
    with pytest.raises(InputError, match=r"must name rigs of dashcam; got submarine"):
        CameraSettings(weights={"submarine": 1.0})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"height_m_range": (0.1, 1.0)}, "height_m_range: must begin at 0.25"),
        ({"height_m_range": (2.0, 1.0)}, r"height_m_range: must be \[lo, hi\]"),
        ({"roll_deg_normal": (0.0, -1.0)}, "roll_deg_normal"),
        ({"hfov_deg_range": (60.0, 170.0)}, r"hfov_deg: must lie in \[5, 150\]"),
        ({"speed_mps_range": (2.0, 90.0)}, "speed_mps"),
        ({"station": "pole", "away_m_range": (9.0, 9.0)}, r"speed_mps_range: must be .0, 0. at the station pole"),
        ({"station": "pole", "speed_mps_range": (0.0, 0.0)}, "away_m_range: must be > 0"),
        ({"away_m_range": (3.0, 9.0)}, r"away_m_range: must be \[0, 0\]"),
        ({"shake": 11.0}, "shake"),
        ({"pitch_deg_normal": (4000.0, 1.0)}, r"pitch_deg_normal: must be .*the mean in \[-90, 90\]"),
        ({"pitch_deg_normal": (0.0, 500.0)}, "the deviation at most 20"),
        ({"yaw_deg_normal": (float("nan"), 1.0)}, "yaw_deg_normal"),
        ({"roll_deg_normal": (0.0, float("inf"))}, "roll_deg_normal"),
        ({"aside_m_normal": (-900.0, 0.0)}, "aside_m_normal"),
        ({"ahead_m": 90.0}, r"ahead_m: must lie in \[-5, 5\]"),
        ({"height_m_range": (1.0, 9000.0)}, "height_m_range: must end at 150 or below"),
        (
            {"station": "pole", "speed_mps_range": (0.0, 0.0), "away_m_range": (5.0, 2000.0)},
            "away_m_range: must end at 200 or below",
        ),
    ],
)
def test_an_impossible_rig_is_refused_with_its_key(change, told):
    with pytest.raises(InputError, match=told):
        Rig(**change)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("rigs.dashcam.height_m_range=[3,1]", r"camera\.rigs\.dashcam\.height_m_range: must be \[lo, hi\]"),
        ("rigs.drone.pitch_deg_normal=[400,1]", r"camera\.rigs\.drone\.pitch_deg_normal: must be"),
        ("rigs.drone.lens={model: fisheye, k: [1,1,1,1,1]}", r"camera\.rigs\.drone\.lens\.k: must have <= 4 numbers"),
    ],
)
def test_a_fault_of_a_rig_tells_whose_it_is(change, told):
    section = compose("render", ["camera=mixed", f"camera.{change}"])["camera"]
    with pytest.raises(InputError, match=told):
        validated("camera", CameraSettings, section)


def test_the_yaml_of_the_default_says_what_the_code_says():
    config = compose("render", [])["camera"]
    assert validated("camera", CameraSettings, config) == CameraSettings()
    assert MIXED.rigs["dashcam"] == DASHCAM


def test_the_dashcam_draws_what_it_always_drew():
    street = draw_place(np.random.default_rng(3))
    by_rig = draw_camera(np.random.default_rng(8), "dashcam", DASHCAM, street)
    assert by_rig == draw_dashcam(np.random.default_rng(8), lane_y_m=lane_y_m(street, 1))
    rng = np.random.default_rng(8)
    expected_y = lane_y_m(street, 1) + rng.normal(0, 0.25)
    expected_z = rng.uniform(1.18, 1.48)
    assert (by_rig.y_m, by_rig.z_m) == (round(expected_y, 3), round(expected_z, 3))


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenes_of_a_dashcam_know_nothing_of_rigs(name):
    plain = sample(name, seed=5, index=0)
    assert dumps(sample(name, seed=5, index=0, cameras=only("dashcam"))) == dumps(plain)
    assert set(json.loads(dumps(plain))["cameras"][0]) == DASHCAM_JSON_KEYS


@pytest.mark.parametrize("rig", MIXED.rigs)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_rig_takes_every_scenario_and_the_spec_reads_back(rig, scenario):
    for index in range(3):
        spec = sample(scenario, seed=6, index=index, cameras=only(rig))
        (camera,) = spec.cameras
        assert (camera.name, camera.station) == (rig, MIXED.rigs[rig].station)
        assert breach(spec) is None
        assert list(places_seen(spec, camera))
        assert loads(dumps(spec)) == spec
        low, high = MIXED.rigs[rig].height_m_range
        assert low - 1e-3 <= camera.z_m <= high + 1e-3 or spec.street.kind == "tunnel"


@pytest.mark.parametrize("rig", STANDING)
def test_a_standing_camera_does_not_drive_has_no_lamps_and_looks_down_at_the_crash(rig):
    for index in range(4):
        spec = sample("night_rear_end", seed=9, index=index, cameras=only(rig))
        (camera,) = spec.cameras
        assert camera.speed_mps == 0
        assert not stand_of(camera).lamps_m
        assert camera.pitch_deg < -3
        seen = {vehicle.actor_id for vehicle in places_seen(spec, camera)}
        assert {1, 2} <= seen


def test_a_pole_stands_beside_the_road_and_a_helmet_has_one_lamp_and_a_truck_higher_ones():
    for index in range(10):
        spec = sample("day_traffic", seed=2, index=index, cameras=only("roadside_cctv"))
        if spec.street.kind != "car_park":
            assert abs(spec.cameras[0].y_m) > spec.street.road_half_width_m
    assert len(STANDS["helmet"].lamps_m) == 1
    assert min(z for *_, z in STANDS["cab"].lamps_m) > max(z for *_, z in STANDS["windscreen"].lamps_m)


def test_headlights_of_every_carrier_stand_at_its_own_front():
    for stand in STANDS.values():
        front = stand.middle_m + stand.length_m / 2
        assert all(front - 0.6 <= ahead <= front + 0.01 for ahead, _, _ in stand.lamps_m)
        assert all(abs(left) <= stand.width_m / 2 for _, left, _ in stand.lamps_m)


def test_a_mix_draws_rigs_by_weight_and_the_same_for_any_number_of_processes(monkeypatch):

    cameras = CameraSettings(weights={"dashcam": 3.0, "drone": 1.0, "roof": 0.0}, rigs=MIXED.rigs)
    specs = plan({"day_traffic": 1.0}, seed=1, count=60, cameras=cameras)
    drones = sum(spec.cameras[0].name == "drone" for spec in specs)
    assert 6 <= drones <= 25  # 15 expected; outside of it the chance is below 1 in 200
    assert not any(spec.cameras[0].name == "roof" for spec in specs)
    monkeypatch.setattr("scenes.mix._LONG_PLAN", 20)
    monkeypatch.setattr("scenes.mix._PART", 7)
    assert plan({"day_traffic": 1.0}, seed=1, count=60, workers=2, cameras=cameras) == specs


def test_a_camera_that_is_of_no_use_is_told_with_the_reason():
    spec = sample("day_traffic", seed=2, index=0, cameras=only("roadside_cctv"))
    (camera,) = spec.cameras
    car = spec.vehicles[0]

    def told(**change):
        return sight_breach(replace(spec, cameras=(replace(camera, **change),)))

    assert told() is None
    assert told(z_m=0.1) == "the camera is below the ground"
    assert told(x_m=car.x_m, y_m=car.y_m, z_m=car.height_m) == f"the camera is inside vehicle {car.actor_id}"
    assert told(pitch_deg=80.0) == "the camera sees no vehicle"
    assert told(y_m=0.3 * spec.street.road_half_width_m) == "the camera's pole stands on a road"


def test_a_post_and_a_tunnel_and_girders_are_no_place_for_a_camera():
    crossing = next(
        spec
        for index in range(60)
        if (spec := sample("day_traffic", seed=4, index=index, cameras=only("overhead_cctv"))).street.kind
        == "crossroads"
    )
    from scenes.site.layout import layout

    signal = next(item for item in layout(crossing.street).items if item.name == "traffic_signal")
    at_signal = replace(crossing.cameras[0], x_m=signal.x_m + 0.2, y_m=signal.y_m, z_m=3.0)
    assert sight_breach(replace(crossing, cameras=(at_signal,))) == "the camera is inside a post"
    rng = np.random.default_rng(1)
    for kind, reason in (("tunnel", "tunnel's wall"), ("bridge", "girders")):
        street = draw_place(rng, kinds={kind: 1.0})
        high = replace(crossing.cameras[0], x_m=street.feature_x_m + 8, y_m=0.0, z_m=12.0)
        assert reason in sight_breach(replace(crossing, street=street, cameras=(high,)))


@given(
    yaw=st.floats(-180, 180),
    pitch=st.floats(-89, 89),
    x=st.floats(-50, 50),
    y=st.floats(-50, 50),
    z=st.floats(-5, 50),
)
def test_a_place_keeps_its_distance_when_it_is_seen_from_a_camera(yaw, pitch, x, y, z):
    camera = replace(draw_dashcam(np.random.default_rng(1), lane_y_m=0.0), yaw_deg=yaw, pitch_deg=pitch)
    right, up, ahead = seen_from(camera, (x, y, z))
    away = np.linalg.norm([x - camera.x_m, y - camera.y_m, z - camera.z_m])
    assert np.linalg.norm([right, up, ahead]) == pytest.approx(away, abs=1e-6)


def test_a_place_straight_ahead_left_and_above_is_seen_there():
    camera = replace(draw_dashcam(np.random.default_rng(1), lane_y_m=0.0), yaw_deg=0.0, pitch_deg=0.0)
    right, up, ahead = seen_from(camera, (camera.x_m + 10, camera.y_m + 2, camera.z_m + 1))
    assert (right, up, ahead) == pytest.approx((-2, 1, 10))


def test_trees_are_cleared_along_the_sight_of_poles_and_nowhere_else():
    pole = sample("day_traffic", seed=2, index=0, cameras=only("roadside_cctv")).cameras[0]
    assert (clearings(pole)[0][0], clearings(pole)[0][1]) == pytest.approx((pole.x_m, pole.y_m))
    assert all(hypot(x - pole.x_m, y - pole.y_m) < 60 for x, y, _ in clearings(pole))
    assert clearings(replace(pole, station="air")) == []
    assert clearings(sample("day_traffic", seed=2, index=0).cameras[0]) == []


def test_in_a_clip_a_pole_sways_a_little_and_stays_and_a_helmet_shakes_more_than_a_car():
    clip = Clip(frames=12, rate_hz=12.0)
    spec = sample("day_traffic", seed=2, index=0, cameras=only("roadside_cctv"))
    still = spec.cameras[0]
    moved = [at(spec, clip, frame).cameras[0] for frame in range(12)]
    assert moved[0] == still
    assert {(camera.x_m, camera.y_m, camera.z_m) for camera in moved} == {(still.x_m, still.y_m, still.z_m)}
    tilts = [abs(camera.pitch_deg - still.pitch_deg) for camera in moved]
    assert 0 < max(tilts) <= 2 * STANDS["pole"].sway_deg
    shaken = {}
    for name in ("dashcam", "helmet"):
        ride = sample("day_traffic", seed=2, index=1, cameras=only(name))
        ride = replace(ride, vehicles=(), people=(), animals=(), cameras=(replace(ride.cameras[0], speed_mps=10.0),))
        shaken[name] = np.std([at(ride, clip, frame).cameras[0].pitch_deg for frame in range(12)])
    assert shaken["helmet"] > shaken["dashcam"] > 0


def test_sway_is_nothing_at_the_scenes_moment_and_the_same_for_the_same_seed():
    assert sway(0.0, seed=3, sway_deg=0.5, sway_hz=1.0) == (0.0, 0.0, 0.0)
    assert sway(0.4, seed=3, sway_deg=0.5, sway_hz=1.0) == sway(0.4, seed=3, sway_deg=0.5, sway_hz=1.0)
    assert sway(0.4, seed=3, sway_deg=0.5, sway_hz=1.0) != sway(0.4, seed=4, sway_deg=0.5, sway_hz=1.0)


@pytest.mark.parametrize("rig", [name for name in RIDING if name != "dashcam"])
def test_a_crash_clip_leaves_room_for_whatever_carries_the_camera(rig):
    spec = sample("night_rear_end", seed=3, index=0, tracked=True, cameras=only(rig))
    clip = Clip(frames=10, rate_hz=8.0, start_s=-0.5)
    for frame in range(10):
        assert breach_of_ego(at(spec, clip, frame)) is None


def breach_of_ego(spec):
    told = breach(spec)
    return told if told and "ego" in told else None


def test_a_lens_with_too_many_numbers_or_a_wrong_name_is_refused():
    with pytest.raises(InputError, match=r"distortion\.k: must have <= 4 numbers"):
        LensShape(model="fisheye", k=(0.1,) * 5)
    with pytest.raises(InputError, match=r"camera\.rigs\.dashcam\.lens\.model"):
        validated("camera", CameraSettings, compose("render", ["camera.rigs.dashcam.lens={model: sphere}"])["camera"])
