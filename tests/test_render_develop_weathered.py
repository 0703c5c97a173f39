"""What the develop chain adds between trace and sensor: clouds, lamps kept, illuminance, motion and moved labels."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import cv2
import numpy as np
import pytest
from small_bundle import VIEWPOINT, bundle, scene, settings, traced

from render.develop import lamp_faces, sky
from render.develop.develop import develop, relit
from render.develop.distortion import Distortion
from render.develop.hydrometeors import Precipitation
from render.develop.look import EGO_BEAM_CD, EGO_HIGH_BEAM_CD, LEGAL_WEIGHTS, Look
from render.develop.match.fitted_camera import FITTED, camera_of
from render.develop.photometry import ground_lux, open_sky_lux
from render.develop.preset import LookPreset, LookSettings, draw
from render.develop.round import develop as develop_round
from render.develop.view import prepare
from render.develop.viewpoint import Viewpoint, viewpoint
from render.radiance import Radiance
from scenes.errors import InputError
from scenes.settings import compose
from scenes.spec.view import Sun
from scenes.stage.lamps import HEAD_CD_M2, HIGH_BEAM_CD

WHITE = (1.0, 1.0, 1.0)
LEVEL = [[0, -1, 0, 0], [0, 0, -1, 1.3], [1, 0, 0, 0], [0, 0, 0, 1]]
K = [[70, 0, 40], [0, 70, 24], [0, 0, 1]]


def look(**changes) -> Look:
    told = {"name": "plain", "sun_lux": 0.0, "sun_kelvin": 5000.0, "sky_lux": 100.0, "sky_tint_rgb": WHITE}
    return Look(**{**told, "weights": {}, **changes})


def rays(shape=(40, 60)):
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    ray = np.stack([(x - 30) / 50, (y - 20) / 50, np.ones(shape, np.float32)], axis=-1)
    return ray / np.linalg.norm(ray, axis=-1, keepdims=True)


def clouded(share):
    picture, open_sky = np.full((40, 60, 3), 7.0, np.float32), np.zeros((40, 60), bool)
    open_sky[:15] = True
    return picture, sky.clouded(picture, open_sky, share, rays=rays(), seed=3)


def test_no_cloud_changes_nothing():
    picture, same = clouded(0.0)
    assert same is picture


def test_clouds_of_uneven_thickness_change_the_sky_alone_and_not_its_mean():
    picture, covered = clouded(1.0)
    assert np.array_equal(covered[15:], picture[15:])
    assert covered[:15].std() > 0.1
    assert covered[:15].mean() == pytest.approx(7.0, rel=0.2)


def test_lamps_keep_the_light_that_was_traced():
    traced_light = np.full((20, 20, 3), 0.1, np.float32)
    albedo = np.full((20, 20, 3), 0.4, np.float32)
    albedo[9, 9], traced_light[9, 9] = 3.0, 5000.0
    lamps = lamp_faces.lamp_faces(albedo)
    without = lamp_faces.without(traced_light, lamps)
    assert lamps.sum() == 1
    assert without.max() == pytest.approx(0.1)
    assert np.array_equal(lamp_faces.put_back(without, traced_light, lamps), traced_light)


def test_a_lit_window_by_day_is_denoised_like_a_wall():
    daylight = np.random.default_rng(1).uniform(900, 1100, (20, 20, 3)).astype(np.float32)
    windows = np.zeros((20, 20), bool)
    windows[5:9, 5:9] = True
    assert not lamp_faces.shining(daylight, windows).any()
    assert lamp_faces.shining(np.where(windows[..., None], daylight, np.float32(1)), windows)[6, 6]


def test_level_ground_tells_its_illuminance():
    albedo, normal = np.full((20, 30, 3), 0.25, np.float32), np.zeros((20, 30, 3), np.float32)
    normal[10:, :, 2] = 1
    seen = np.full((20, 30, 3), 0.25 * 40 / np.pi, np.float32)
    ids = np.zeros((20, 30), np.uint16)
    assert ground_lux(seen, albedo, normal, ids) == pytest.approx((40, 40, 40), rel=1e-3)
    assert ground_lux(seen, albedo, 0 * normal, ids) is None
    assert ground_lux(1000 * seen, albedo, normal, ids, open_lux=20_000) == pytest.approx((22_000,) * 3)


def test_the_open_sky_adds_the_sun_by_the_sine_of_its_elevation():
    assert open_sky_lux(look(sun_lux=80_000.0, sky_lux=9_000.0), 30.0) == pytest.approx(49_000)
    assert open_sky_lux(look(sun_lux=80_000.0, sky_lux=3.0), -4.0) == pytest.approx(3)


def test_the_frame_of_a_known_lamp_tells_its_lux():
    """A white plate of albedo 0.5 under 20 lux of street light is measured within 10 %."""
    shape = (48, 80)
    flat = {"albedo": np.full((*shape, 3), 0.5, np.float32), "depth_m": np.full(shape, 15.0, np.float32)}
    up = np.zeros((*shape, 3), np.float32)
    up[..., 2] = 1
    dark = {group: np.zeros((*shape, 3), np.float32) for group in ("sky", "overcast", "sun", "ego", "ego_high")}
    street = np.full((*shape, 3), 0.5 * 20 / np.pi, np.float32)
    traced_view = Radiance(layers={**dark, "street": street}, normal=up, ids=np.zeros(shape, np.uint16), **flat)
    _, sensor = settings()
    done = develop(prepare(traced_view, VIEWPOINT), look(sky_lux=0.0, weights={"street": 1.0}), sensor)
    assert done.facts["ground_lux"][1] == pytest.approx(20, rel=0.1)


def test_the_chain_and_the_stage_mean_the_same_headlamps():
    assert (EGO_BEAM_CD, EGO_HIGH_BEAM_CD) == (HEAD_CD_M2, HIGH_BEAM_CD)
    assert 2 * HIGH_BEAM_CD * LEGAL_WEIGHTS["ego_high"] <= 215_000


def test_a_lamp_above_the_law_has_to_be_called_dazzling():
    with pytest.raises(InputError, match=r"weights\.ego: must be <= 1\.13"):
        look(weights={"ego": 2.0})
    assert look(weights={"ego": 2.0}, dazzling=True).weights["ego"] == 2.0


def test_rain_is_drawn_only_where_the_road_is_wet():
    rainy = LookPreset(name="rain", road="wet", sky_lux_range=(1, 2))
    clear = LookPreset(name="clear", sky_lux_range=(1, 2))
    drawn = {
        wetness: {
            one.name for one in draw(LookSettings(day=(rainy, clear)), "day", 4, seed=1, scene="a", street=street)
        }
        for wetness in (0.0, 0.9)
        for street in [replace(scene().street, wetness=wetness)]
    }
    assert drawn == {0.0: {"clear"}, 0.9: {"clear", "rain"}}


def test_both_halves_of_a_light_bar_flash_in_turn():
    preset = LookPreset(name="strobe", sky_lux_range=(1, 2))
    caught = {
        (one.weights["emergency"], one.weights["emergency_alternate"])
        for one in draw(LookSettings(night=(preset,)), "night", 60, seed=1, scene="a")
    }
    assert caught >= {(1.0, 0.0), (0.0, 1.0), (0.0, 0.0)}


def test_street_lamps_take_the_colour_that_a_look_asks_for():
    preset = LookPreset(name="led", sky_lux_range=(1, 2), lamps={"street": (1, 1)}, kelvins={"street": (2700, 2700)})
    street = replace(scene().street, lamp_kelvin=2700.0)
    (same,) = draw(LookSettings(night=(preset,)), "night", 1, seed=1, scene="a", street=street)
    assert same.tints["street"] == pytest.approx(WHITE, abs=1e-4)


def test_rain_changes_the_picture_and_clear_air_does_not():
    _, sensor = settings()
    view = prepare(bundle(), VIEWPOINT)
    dry, wet, again = (
        develop(view, look(precipitation=falling), sensor).rgb
        for falling in (
            Precipitation(),
            Precipitation(kind="rain", rate_mm_h=80),
            Precipitation(kind="rain", rate_mm_h=80),
        )
    )
    assert np.array_equal(wet, again)
    assert not np.array_equal(dry, wet)


def test_a_camera_that_drives_blurs_what_is_near():
    _, sensor = settings()
    near = bundle()
    near.depth_m[20:] = 3.0
    still = Viewpoint(focal_px=70.0, center_px=(40.0, 24.0), sun=(0.05, -0.2, 0.97))
    fast = replace(still, velocity_mps=(0.0, 0.0, 30.0))
    sharp, soft = (develop(prepare(near, eye), look(), sensor).rgb[20:].astype(float) for eye in (still, fast))
    assert np.abs(np.diff(soft, axis=1)).mean() < 0.9 * np.abs(np.diff(sharp, axis=1)).mean()


def test_a_lamp_layer_that_a_look_needs_has_to_be_there():
    old = bundle()
    del old.layers["ego_high"]
    view = prepare(old, VIEWPOINT)
    with pytest.raises(InputError, match="ego_high"):
        relit(view, look(weights={"ego_high": 1.0}), "fast")
    assert relit(view, look(), "fast").any()


def test_a_frame_that_is_refused_is_counted_and_the_others_are_made(tmp_path):
    traced(tmp_path)
    looks, sensor = settings()
    high = LookPreset(name="folded", sky_lux_range=(1, 2), lamps={"ego_high": (1, 1)})
    plain = LookPreset(name="plain", sky_lux_range=(1, 2))
    done = develop_round(
        tmp_path,
        looks=replace(looks, night=(high, plain)),
        sensor=replace(sensor, lens=replace(sensor.lens, distortion=Distortion(model="brown_conrady", k=(-3.0,)))),
        count=2,
        seed=1,
        workers=1,
    )
    assert not done.made
    assert len(done.quarantined) == 2
    assert all("distortion" in reason for reason in done.quarantined.values())


def test_under_distortion_the_mask_and_the_boxes_move_with_the_pixels(tmp_path):
    traced(tmp_path)
    looks, sensor = settings()
    bent = replace(sensor, lens=replace(sensor.lens, distortion=Distortion(model="brown_conrady", k=(-0.25, 0.05))))
    done = develop_round(tmp_path, looks=looks, sensor=bent, count=1, seed=1, workers=1)
    record = json.loads((tmp_path / "frames" / f"{done.made[0]}.json").read_text())
    mask = cv2.imread(str(tmp_path / record["mask"]), cv2.IMREAD_UNCHANGED)
    rows, columns = np.nonzero(mask == 1)
    box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    assert record["mask"] == f"masks/{done.made[0]}.png"
    assert record["objects"][0]["bbox_xyxy"] == box
    assert record["objects"][0]["area_px"] == len(rows) > 128  # the picture is a little nearer than the trace
    assert record["camera"]["distortion"]["k"] == [-0.25, 0.05]


def test_a_viewpoint_knows_up_and_where_it_drives_to():
    eye = viewpoint(K, LEVEL, Sun(elevation_deg=8, azimuth_deg=0), speed_mps=12.0)
    assert eye.up == pytest.approx((0, -1, 0))
    assert eye.speed_mps == pytest.approx(12)
    assert eye.heading_px == pytest.approx((0, 0))


def test_a_fitted_camera_needs_real_pictures_and_is_kept_with_its_round(tmp_path, capsys):
    looks, sensor = settings()
    wanted = replace(sensor, name=FITTED)
    assert camera_of(tmp_path, None, looks=looks, sensor=sensor, seed=1) is sensor
    with pytest.raises(InputError, match="real=DIR"):
        camera_of(tmp_path, None, looks=looks, sensor=wanted, seed=1)
    (tmp_path / "sensor.json").write_text(json.dumps(asdict(replace(sensor, name="mine"))))
    assert camera_of(tmp_path, None, looks=looks, sensor=wanted, seed=1).name == "mine"
    assert "sensor: mine, as it was in" in capsys.readouterr().out
    (tmp_path / "sensor.json").write_text('{"name": 3}')
    with pytest.raises(InputError, match=r"sensor\.json: must hold a camera"):
        camera_of(tmp_path, None, looks=looks, sensor=wanted, seed=1)


def test_a_folder_stands_for_a_real_set_without_labels():
    told = compose("develop", ["real=some/folder", "sensor=fitted"])
    assert (told["real"]["kind"], told["real"]["images"]) == ("folder", "some/folder")
    assert told["sensor"]["name"] == FITTED
