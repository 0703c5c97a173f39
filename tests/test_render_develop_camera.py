from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from render.develop import codec, isp
from render.develop.exposure import ExposureSettings, expose, key, meter
from render.develop.isp import IspSettings
from render.develop.sensor import ChipSettings, expected_electrons, mosaic, read_out
from scenes.errors import InputError

CHIP = ChipSettings()


def flat(cd_m2, shape=(64, 96)):
    return np.full((*shape, 3), cd_m2, np.float32)


def exposed(cd_m2, **changes):
    settings = ExposureSettings(**changes)
    scale = CHIP.electrons_per_cd_s / CHIP.well_e
    clip = CHIP.well_e / CHIP.electrons_per_lux_s
    return expose(cd_m2, settings, ev_bias=0.0, scale_per_cd_s=scale, f_number=CHIP.f_number, clip_lux_s=clip)


def test_the_meter_reads_a_flat_picture_and_survives_a_black_one():
    assert meter(flat(10.0)) == pytest.approx(10, rel=0.01)
    assert 0 < meter(flat(0.0)) < 1e-3


def test_the_meter_is_not_blinded_by_one_lamp():
    lamp = flat(0.1)
    lamp[30:34, 40:44] = 1e5
    assert meter(lamp) < 0.2


def test_a_night_stays_darker_than_a_day():
    settings = ExposureSettings()
    assert key(0.01, settings) == pytest.approx(settings.night_key)
    assert key(500.0, settings) == pytest.approx(settings.day_key)
    assert key(0.02, settings) < key(1.0, settings) < key(30.0, settings)


def test_shutter_and_gain_keep_their_limits():
    dark, bright = exposed(1e-4), exposed(1e6)
    assert dark.shutter_s == pytest.approx(1 / 30)
    assert dark.gain == 48
    assert bright.gain == 1
    assert bright.shutter_s == pytest.approx(1 / 16_000)
    assert dark.ev100 < 2
    assert bright.ev100 > 14


def test_below_the_limits_the_picture_gets_darker_with_the_scene():
    dim, dark = exposed(0.002), exposed(0.0002)
    assert (dim.gain, dim.shutter_s) == (dark.gain, dark.shutter_s)


def test_exposure_meets_its_key_between_the_limits():
    told = exposed(100.0)
    share = 100.0 * told.shutter_s * told.gain * CHIP.electrons_per_cd_s / CHIP.well_e
    assert share == pytest.approx(ExposureSettings().day_key, rel=1e-6)


def test_photon_transfer_is_a_line_of_slope_one():
    chip = replace(CHIP, prnu=0.0, adc_bits=16, read_noise_base_e=0.0)
    rng = np.random.default_rng(4)
    means = np.array([200.0, 800.0, 3000.0, 9000.0, 20000.0])
    signals = [read_out(np.full((200, 200), mean, np.float32), chip, 1.0, rng) * chip.well_e for mean in means]
    slope, offset = np.polyfit(means, [signal.var() for signal in signals], 1)
    assert slope == pytest.approx(1, rel=0.03)
    assert [signal.mean() for signal in signals] == pytest.approx(means.tolist(), rel=0.01)
    assert abs(offset) < 200


def test_read_noise_is_what_remains_in_the_dark():
    chip = replace(CHIP, adc_bits=16, read_noise_base_e=0.0)
    dark = read_out(np.zeros((200, 200), np.float32), chip, 16.0, np.random.default_rng(5)) * chip.well_e / 16
    assert dark.mean() == pytest.approx(0, abs=0.2)
    assert dark.std() == pytest.approx(chip.read_noise_e * chip.binning, rel=0.03)


def test_a_full_well_clips():
    full = read_out(np.full((32, 32), 1e9, np.float32), CHIP, 4.0, np.random.default_rng(6))
    assert np.array_equal(full, np.ones((32, 32)))


def test_electrons_follow_the_camera_equation():
    chip = replace(CHIP, prnu=0.0)
    electrons = expected_electrons(flat(10.0), chip, 0.01)
    lux = np.pi * 10.0 * chip.transmission / (4 * chip.f_number**2)
    assert electrons[0, 1] == pytest.approx(lux * 0.01 * chip.electrons_per_lux_s, rel=1e-5)
    assert electrons[0, 0] / electrons[0, 1] == pytest.approx(chip.raw_response[0])
    assert electrons[1, 1] / electrons[0, 1] == pytest.approx(chip.raw_response[2])


def test_a_flat_grey_comes_through_mosaic_and_balance_as_flat_grey():
    raw = mosaic(flat(0.4) * np.asarray(CHIP.raw_response, np.float32))
    gains = isp.balance_gains(raw, CHIP.raw_response, IspSettings(), np.zeros(2, np.float32))
    assert np.allclose(isp.demosaic(raw, gains), 0.4, atol=1e-4)


def test_a_blown_highlight_has_no_coloured_fringe():
    scene = flat(0.05)
    scene[24:40, 40:56] = 50.0
    scene = cv2.GaussianBlur(scene, (0, 0), 0.6)
    raw = np.clip(mosaic(scene * np.asarray(CHIP.raw_response, np.float32)), 0, 1)
    rgb = isp.calm_fringes(isp.demosaic(raw, 1 / np.asarray(CHIP.raw_response, np.float32)))
    inside = rgb[26:38, 42:54]
    assert np.allclose(inside, 1, atol=1e-3)
    assert (rgb.max(axis=2) - rgb.min(axis=2)).max() < 0.25


def test_white_balance_removes_part_of_a_cast():
    warm = flat(0.3) * np.array([1.4, 1.0, 0.5], np.float32)
    raw = mosaic(warm * np.asarray(CHIP.raw_response, np.float32))
    rgb = isp.demosaic(raw, isp.balance_gains(raw, CHIP.raw_response, IspSettings(), np.zeros(2, np.float32)))
    red, green, blue = rgb.mean(axis=(0, 1))
    assert 1 < red / green < 1.4
    assert 0.5 < blue / green < 1


def test_white_balance_of_a_black_picture_is_daylight():
    gains = isp.balance_gains(np.zeros((32, 32), np.float32), CHIP.raw_response, IspSettings(), np.zeros(2, np.float32))
    assert np.allclose(gains * CHIP.raw_response, (gains * CHIP.raw_response)[1])


def test_tone_rises_from_lifted_black_to_white():
    tuning = IspSettings()
    ramp = np.repeat(np.linspace(0, 1, 100, dtype=np.float32)[None, :, None], 3, axis=2)
    shown = isp.tone(ramp, tuning)[0, :, 0]
    assert np.all(np.diff(shown) >= 0)
    assert shown[0] == pytest.approx(tuning.black_lift, abs=1e-6)
    assert shown[-1] == pytest.approx(1, abs=1e-6)


def test_flat_pictures_stay_flat_through_every_display_step():
    grey = flat(0.2)
    for step in (
        lambda image: isp.reduce_noise(image, 0.05, IspSettings()),
        lambda image: isp.lift_shadows(image, 0.5),
        lambda image: isp.saturate(image, 1.3),
        lambda image: isp.sharpen(image, 0.8, 1.1),
    ):
        assert np.ptp(step(grey)) < 2e-3


def test_noise_reduction_reduces_noise():
    noisy = np.clip(flat(0.1) + 0.03 * np.random.default_rng(7).standard_normal((64, 96, 3)), 0, 1).astype(np.float32)
    assert isp.reduce_noise(noisy, 0.03, IspSettings()).std() < 0.7 * noisy.std()


def test_jpeg_decodes_to_what_was_stored():
    rgb = np.zeros((32, 48, 3), np.uint8)
    rgb[..., 0] = 200
    shown = cv2.imdecode(np.frombuffer(codec.jpeg(rgb, 92), np.uint8), cv2.IMREAD_COLOR_RGB)
    assert shown.shape == rgb.shape
    assert np.abs(shown.astype(int) - rgb).max() < 6
    assert np.array_equal(codec.video_frame(rgb, 100), rgb)


@pytest.mark.parametrize(
    "broken",
    [
        lambda: ChipSettings(pixel_um=0),
        lambda: ChipSettings(adc_bits=4),
        lambda: ExposureSettings(gain_max=0.5),
        lambda: ExposureSettings(shutter_min_s=1.0),
        lambda: IspSettings(wb_strength=2),
        lambda: codec.CodecSettings(jpeg_quality_range=(90, 101)),
    ],
)
def test_impossible_cameras_are_refused(broken):
    with pytest.raises(InputError, match="sensor"):
        broken()
