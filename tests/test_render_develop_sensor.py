from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml
from pydantic import TypeAdapter

from render.develop import codec, hdr, isp, video
from render.develop.camera import SensorSettings
from render.develop.exposure import ExposureSettings, expose
from render.develop.hdr import HdrSettings
from render.develop.isp import IspSettings
from render.develop.noise_reduction import clean_luma, smear_colour
from render.develop.sensor import BAYER, ChipSettings, expected_electrons, mosaic, read_out
from scenes.errors import InputError

CAMERAS = Path(__file__).parents[1] / "conf" / "sensor"
PLAIN = ChipSettings(binning=1, prnu=0.0, read_noise_e=8.0, read_noise_base_e=0.0, adc_bits=16)
SHAPE = (128, 192)


def rng(seed=1):
    return np.random.default_rng(seed)


def field(electrons, shape=SHAPE):
    return np.full(shape, electrons, np.float32)


def camera(name):
    told = yaml.safe_load((CAMERAS / f"{name}.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(SensorSettings).validate_python(told)


NAMED = sorted(
    path.stem for path in CAMERAS.glob("*.yaml") if "defaults" not in yaml.safe_load(path.read_text(encoding="utf-8"))
)


def transfer(chip, gain, means):
    """Return slope and intercept of variance against mean, both in digital numbers of a 16-bit scale."""
    scale = 65535.0
    flats = [read_out(field(mean), chip, gain, rng(int(mean))) * scale for mean in means]
    variance = np.array([flat.var() for flat in flats])
    return np.polyfit([flat.mean() for flat in flats], variance, 1, w=1 / variance)  # a variance errs by its own share


@pytest.mark.parametrize("gain", [1.0, 4.0])
def test_variance_against_mean_is_a_line_whose_slope_is_the_gain_and_whose_start_is_the_read_noise(gain):
    means = np.array([0.0, 20, 60, 200, 600, 1500]) / gain * 4
    slope, start = transfer(PLAIN, gain, means)
    number_per_electron = 65535.0 * gain / PLAIN.well_e
    assert slope == pytest.approx(number_per_electron, rel=0.03)
    assert start == pytest.approx((number_per_electron * PLAIN.read_noise_e) ** 2, rel=0.03)


def test_noise_ends_at_full_well():
    near, full = (read_out(field(share * PLAIN.well_e), PLAIN, 1.0, rng(3)) for share in (0.8, 1.5))
    assert near.std() > 0.005
    assert full.std() < 0.2 * near.std()
    assert full.max() == 1


@pytest.mark.parametrize("name", NAMED)
def test_night_noise_of_every_camera_is_shot_and_read_noise(name):
    whole = camera(name).chip
    chip = replace(whole, prnu=0.0, dsnu_e=0.0, row_noise_e=0.0, hot_share=0.0, dark_e_s=0.0)
    mean = 0.02 * chip.well_e / 8
    flat = read_out(field(mean), chip, 8.0, rng(4)) * chip.well_e / 8
    step = chip.well_e / 8 / (2**chip.adc_bits - 1) * 16 / 15
    assert flat.mean() == pytest.approx(mean, rel=0.02)
    assert flat.var() == pytest.approx(mean + chip.noise_e(8.0) ** 2 + step**2 / 12, rel=0.05)


def test_no_light_and_no_noise_is_black():
    chip = replace(PLAIN, read_noise_e=0.0)
    assert np.allclose(read_out(field(0.0), chip, 1.0, rng()), 0, atol=1e-4)


def test_dark_current_doubles_every_seven_kelvin_and_its_mean_is_taken_away():
    cold, warm = (replace(PLAIN, dark_e_s=1000.0, read_noise_e=0.0, celsius=celsius) for celsius in (25.0, 32.0))
    assert warm.dark_e(0.1) == pytest.approx(2 * cold.dark_e(0.1)) == pytest.approx(200)
    dark = read_out(field(0.0), warm, 1.0, rng(), shutter_s=0.1) * warm.well_e
    assert dark.mean() == pytest.approx(0, abs=1)
    assert dark.var() == pytest.approx(200, rel=0.05)


def test_hot_pixels_are_the_same_in_every_frame_and_in_no_other_camera():
    chip = replace(PLAIN, hot_share=0.002, hot_e_s=1e5)
    first, second = (read_out(field(0.0), chip, 1.0, rng(seed), shutter_s=0.1) > 0.1 for seed in (1, 2))
    other = read_out(field(0.0), replace(chip, serial=9), 1.0, rng(), shutter_s=0.1) > 0.1
    assert 10 < first.sum() < 0.004 * first.size
    assert np.mean(first == second) > 0.9999
    assert (first & other).sum() < 5


def test_row_noise_is_shared_by_rows_and_not_by_columns():
    chip = replace(PLAIN, row_noise_e=20.0)
    signal = read_out(field(500.0), chip, 1.0, rng()) * chip.well_e
    assert signal.mean(axis=1).std() == pytest.approx(20, rel=0.2)
    assert signal.mean(axis=0).std() < 5


def test_offsets_and_sensitivity_stay_when_frames_are_averaged():
    chip = replace(PLAIN, prnu=0.02, dsnu_e=5.0)
    light = expected_electrons(np.full((*SHAPE, 3), 10.0, np.float32), chip, 0.001)
    assert (light[0::2, 1::2] / light[0::2, 1::2].mean()).std() == pytest.approx(0.02, rel=0.05)
    stack = np.mean([read_out(field(0.0), chip, 1.0, rng(seed)) for seed in range(40)], axis=0) * chip.well_e
    assert stack.std() == pytest.approx(np.hypot(5.0, 8.0 / np.sqrt(40)), rel=0.05)


@pytest.mark.parametrize("bayer", sorted(BAYER))
def test_every_bayer_pattern_gives_the_scene_its_colours_back(bayer):
    colour = np.array([0.5, 0.3, 0.1], np.float32)
    raw = mosaic(np.broadcast_to(colour, (32, 48, 3)), bayer)
    assert np.allclose(isp.demosaic(raw, np.ones(3, np.float32), bayer)[2:-2, 2:-2], colour, atol=1e-3)
    gains = isp.balance_gains(raw, (0.5, 0.3, 0.1), IspSettings(), np.zeros(2, np.float32), bayer)
    assert gains / gains.min() == pytest.approx([1 / 0.5 * 0.5, 1 / 0.3 * 0.5, 1 / 0.1 * 0.5], rel=1e-4)


@pytest.mark.parametrize("bayer", sorted(BAYER))
def test_a_bright_lamp_has_no_colour_beyond_two_pixels(bayer):
    scene = np.full((64, 64, 3), 0.05, np.float32)
    y, x = np.mgrid[:64, :64]
    scene[np.hypot(x - 31.3, y - 30.8) < 9] = 40.0
    scene = cv2.GaussianBlur(scene, (0, 0), 0.45)
    response = np.array([0.55, 1.0, 0.65], np.float32)
    raw = np.clip(mosaic(scene * response, bayer), 0, 1)
    rgb = isp.calm_fringes(isp.demosaic(raw, 1 / response, bayer))
    blown = (scene.min(axis=2) >= 1).astype(np.uint8)
    beyond = cv2.dilate(blown, np.ones((5, 5), np.uint8)) == 0
    assert (rgb.max(axis=2) - rgb.min(axis=2))[beyond].max() < 0.02


def test_one_exposure_is_a_plain_read_out():
    args = (field(300.0), PLAIN, 2.0)
    merged = hdr.read_out_merged(*args, HdrSettings(), rng(), shutter_s=0.01)
    assert np.array_equal(merged, read_out(*args, rng(), shutter_s=0.01))
    assert hdr.compress(merged, PLAIN, 1.0) is merged


def test_merged_exposures_are_linear_over_their_whole_range():
    told = HdrSettings(exposures=3, ratio=16.0)
    for share in (0.1, 0.5, 0.87, 5.0, 60.0, 200.0):
        merged = hdr.read_out_merged(field(share * PLAIN.well_e), PLAIN, 1.0, told, rng(), shutter_s=0.01)
        assert merged.mean() == pytest.approx(share, rel=0.01)


def test_the_signal_to_noise_ratio_dips_where_the_short_exposure_takes_over():
    told = HdrSettings(exposures=2, ratio=16.0)
    before, after = (
        hdr.read_out_merged(field(share * PLAIN.well_e), PLAIN, 1.0, told, rng(), shutter_s=0.01)
        for share in (0.75, 1.05)
    )
    assert 3.0 < (before.mean() / before.std()) / (after.mean() / after.std()) < 5.0  # square root of the ratio is 4


def test_compressed_white_is_white_rises_and_keeps_shadows():
    levels = np.repeat(np.geomspace(0.01, 256.0, 40, dtype=np.float32), 2)[None, :, None]
    scene = np.broadcast_to(levels, (4, 80, 3)) * np.asarray(PLAIN.raw_response, np.float32)
    out = hdr.compress(mosaic(scene), PLAIN, 256.0)
    green, red = out[0, 1::2], out[0, 0::2]
    assert np.all(np.diff(green) > 0)
    assert green[-1] == pytest.approx(1, abs=1e-4)
    assert np.allclose(red / PLAIN.raw_response[0], green, rtol=1e-4)
    assert green[0] == pytest.approx(0.01)


def exposed(cd_m2, settings, **more):
    return expose(
        cd_m2, settings, ev_bias=0.0, scale_per_cd_s=0.3, f_number=16.0, clip_lux_s=0.78, **more
    )  # base ISO is 100


def test_a_manual_camera_does_what_it_is_told():
    told = exposed(4000.0, ExposureSettings(shutter_s=0.01, iso=100.0))
    assert (told.shutter_s, told.iso) == (0.01, pytest.approx(100))
    assert told.ev100 == pytest.approx(14.64, abs=0.01)  # f/16, 1/100 s, ISO 100: sunny sixteen
    assert exposed(0.01, ExposureSettings(shutter_s=0.01, iso=400.0)).gain == pytest.approx(4)


def test_one_setting_by_hand_leaves_the_other_to_the_automatic():
    free = ExposureSettings()
    fixed = exposed(0.5, ExposureSettings(shutter_s=0.005))
    slow = exposed(2.0, ExposureSettings(iso=800.0))
    assert fixed.shutter_s == 0.005
    assert fixed.gain > exposed(0.5, free).gain
    assert slow.gain == pytest.approx(8)
    assert free.shutter_min_s <= slow.shutter_s <= free.shutter_max_s


def test_an_iso_below_the_chips_lowest_is_refused():
    with pytest.raises(InputError, match="base ISO"):
        exposed(10.0, ExposureSettings(iso=50.0))


def test_the_automatic_lags_and_errs_by_as_much_as_it_is_told():
    settings = ExposureSettings(lag=0.5, error_stops=0.5)
    right = exposed(100.0, settings)
    assert exposed(100.0, settings, deviate=1.0).ev100 == pytest.approx(right.ev100 - 0.5, abs=1e-6)
    out_of_tunnel = exposed(100.0, settings, before_cd_m2=10.0)
    assert out_of_tunnel.ev100 < right.ev100
    assert exposed(100.0, ExposureSettings(), before_cd_m2=1.0) == exposed(100.0, ExposureSettings())


def test_noise_reduction_that_is_off_returns_its_input():
    luma = rng().random(SHAPE, np.float32)
    assert clean_luma(luma, 0.02, 0.0) is luma
    assert smear_colour(luma, 0.0) is luma


def test_noise_goes_and_edges_stay():
    luma = field(0.3)
    luma[:, 96:] = 0.7
    noisy = (luma + 0.03 * rng().standard_normal(SHAPE)).astype(np.float32)
    clean = clean_luma(noisy, 0.03, 1.0)
    assert clean[:, 8:88].std() < 0.6 * noisy[:, 8:88].std()
    assert clean[:, 98:102].mean() - clean[:, 90:94].mean() > 0.37


def test_smeared_colour_keeps_its_sum_and_loses_its_grain():
    plane = rng().standard_normal(SHAPE).astype(np.float32)
    soft = smear_colour(plane, 4.0)
    assert soft.std() < 0.15
    assert soft.mean() == pytest.approx(plane.mean(), abs=0.01)


def test_a_shadow_cast_grows_with_gain_and_is_off_by_day():
    tuning = IspSettings(shadow_cast=(0.0, 0.01, 0.0))
    rgb = np.zeros((8, 8, 3), np.float32)
    assert isp.cast_shadows(rgb, tuning, 0.0) is rgb
    assert isp.cast_shadows(rgb, tuning, 0.5)[0, 0].tolist() == pytest.approx([0, 0.005, 0])


def picture(shape=(70, 106)):
    y, x = np.mgrid[: shape[0], : shape[1]]
    waves = 128 + 60 * np.sin(x / 9.0) + 40 * np.sin(y / 5.0) + 8 * rng().standard_normal(shape)
    return np.clip(np.stack([waves, 0.8 * waves, 0.5 * waves], axis=2), 0, 255).astype(np.uint8)


def test_a_flat_picture_survives_any_video_quality():
    flat = np.full((50, 70, 3), 90, np.uint8)
    assert np.abs(video.frame(flat, 38.0).astype(int) - 90).max() <= 3


def test_video_loses_more_with_every_step_and_the_same_every_time():
    shown = picture()
    losses = [np.mean((video.frame(shown, qp).astype(float) - shown) ** 2) for qp in (8.0, 22.0, 30.0, 40.0)]
    assert losses == sorted(losses)
    assert losses[-1] > 3 * losses[0]
    assert np.array_equal(video.frame(shown, 30.0), video.frame(shown, 30.0))


def test_h264_at_a_quality_loses_about_what_jpeg_does():
    shown = picture()
    losses = [np.mean((codec.video_frame(shown, 62, kind).astype(float) - shown) ** 2) for kind in ("jpeg", "h264")]
    assert 0.4 < losses[1] / losses[0] < 2.5
    assert np.array_equal(codec.video_frame(shown, 100, "h264"), shown)


@pytest.mark.parametrize("name", NAMED)
def test_every_named_camera_opens_and_tells_its_source(name):
    told = camera(name)
    assert told.name == name
    assert len(told.source) > 40
    assert (CAMERAS / f"{name}.yaml").read_text(encoding="utf-8").startswith("# Use ")


@pytest.mark.parametrize(
    ("build", "names"),
    [
        (lambda: ChipSettings(bayer="RGBG"), "bayer"),
        (lambda: ChipSettings(hot_share=0.5), "hot_share"),
        (lambda: ChipSettings(celsius=400), "celsius"),
        (lambda: ChipSettings(dark_e_s=-1), "dark_e_s"),
        (lambda: ChipSettings(full_well_e=float("nan")), "full_well_e"),
        (lambda: ChipSettings(raw_response=(0, 1, 1)), "raw_response"),
        (lambda: HdrSettings(exposures=4), "exposures"),
        (lambda: HdrSettings(ratio=1), "ratio"),
        (lambda: HdrSettings(hand_over=1), "hand_over"),
        (lambda: ExposureSettings(shutter_s=-1), "shutter_s"),
        (lambda: ExposureSettings(lag=1), "lag"),
        (lambda: IspSettings(halo=2), "halo"),
        (lambda: IspSettings(shadow_cast=(0, 0.5, 0)), "shadow_cast"),
        (lambda: codec.CodecSettings(video="av1"), "video"),
    ],
)
def test_impossible_values_are_refused_by_name(build, names):
    with pytest.raises(InputError, match=f"sensor.*{names}"):
        build()
