"""Each twin against the CPU's step, on torch's own CPU device; a GPU that is there is tried as well."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from small_bundle import VIEWPOINT, bundle, settings

from render.develop import atmosphere, isp, lens, motion, precipitation, streaks
from render.develop.camera import capture, exposed, process
from render.develop.develop import develop, landed, relit
from render.develop.gpu import air, colours, filters, twins
from render.develop.gpu import isp as gpu_isp
from render.develop.gpu import lens as gpu_lens
from render.develop.gpu import motion as gpu_motion
from render.develop.gpu import streaks as gpu_streaks
from render.develop.gpu.tensors import fetched, sent
from render.develop.hydrometeors import Precipitation, population
from render.develop.preset import draw
from render.develop.sensor import BAYER
from render.develop.steps import CPU
from render.develop.view import prepare
from render.develop.viewpoint import Viewpoint
from scenes.seeds import generator

HERE = torch.device("cpu")
DEVICES = [HERE, *([torch.device("cuda")] if torch.cuda.is_available() else [])]
ROWS, COLUMNS = 54, 86
SAME = 1e-3
on_each_device = pytest.mark.parametrize("where", DEVICES, ids=str)


def scene(seed=1, shape=(ROWS, COLUMNS)):
    """A street at night: four decades of light, a few lamps of 1e4 cd/m², walls at several depths, sky above."""
    rng = np.random.default_rng(seed)
    image = (10 ** rng.uniform(-2, 2, (*shape, 3))).astype(np.float32)
    image = np.asarray(cv2.GaussianBlur(image, (0, 0), 1.2), np.float32)
    image[rng.random(shape) < 0.004] = 1e4
    depth = np.repeat(np.repeat(rng.uniform(3, 90, (6, 8)), 9, axis=0), 11, axis=1)[: shape[0], : shape[1]]
    depth[: shape[0] // 3] = 1e10
    return image, np.ascontiguousarray(depth, np.float32)


def off(got, wanted):
    """Return the largest difference against the value itself, or against a thousandth of the picture's mean."""
    assert got.shape == wanted.shape
    assert got.dtype == wanted.dtype
    return float((np.abs(got - wanted) / np.maximum(np.abs(wanted), 1e-3 * np.abs(wanted).mean() + 1e-9)).max())


@on_each_device
def test_nothing_that_moves_and_no_haze_leave_the_picture_as_it_is(where):
    image, depth = scene()
    still, dark = np.zeros((ROWS, COLUMNS, 2), np.float32), np.zeros(3, np.float32)
    clear = {"sky_rgb": dark, "sun_rgb_lux": dark, "cos_sun": depth, "focal_px": 70.0, "device": where}
    assert gpu_motion.blur_along(image, depth, still, device=where) is image
    assert air.through_air(image, depth, atmosphere.Air(), **clear) is image


@on_each_device
@pytest.mark.parametrize("border", [cv2.BORDER_DEFAULT, cv2.BORDER_CONSTANT])
@pytest.mark.parametrize("sigma_px", [0.45, 1.1, 7.3])
def test_blurs_are_opencvs(where, sigma_px, border):
    image, _ = scene()
    wanted = cv2.GaussianBlur(image, (0, 0), sigma_px, borderType=border)
    assert off(fetched(filters.blurred(sent(image, where), sigma_px, border)), wanted) < 1e-5


@on_each_device
@pytest.mark.parametrize("shape", [(27, 43), (13, 21), (120, 200), (60, 30)])
def test_resizes_are_opencvs(where, shape):
    image, _ = scene()
    interpolation = cv2.INTER_AREA if shape < (ROWS, COLUMNS) else cv2.INTER_LINEAR
    wanted = cv2.resize(image, shape[::-1], interpolation=interpolation)
    assert off(fetched(filters.resized(sent(image, where), shape, interpolation)), wanted) < 1e-5
    eighth = cv2.resize(image, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    assert off(fetched(filters.scaled(sent(image, where), 0.125)), eighth) < 1e-5


@on_each_device
def test_boxes_and_extremes_are_opencvs(where):
    plane = scene()[0][..., 0].copy()
    window = np.ones((5, 5), np.uint8)
    assert off(fetched(filters.box(sent(plane, where), 5)), cv2.blur(plane, (5, 5))) < 1e-5
    np.testing.assert_array_equal(fetched(filters.highest(sent(plane, where), 5)), cv2.dilate(plane, window))
    np.testing.assert_array_equal(fetched(filters.lowest(sent(plane, where), 5)), cv2.erode(plane, window))


@on_each_device
def test_remaps_are_opencvs_inside_and_outside_the_picture(where):
    image, _ = scene()
    rng = np.random.default_rng(2)
    x = rng.uniform(-9, COLUMNS + 9, (ROWS, COLUMNS)).astype(np.float32)
    y = rng.uniform(-9, ROWS + 9, (ROWS, COLUMNS)).astype(np.float32)
    x[0] = np.arange(COLUMNS) + 0.5
    planes, at = sent(image, where), (sent(x, where), sent(y, where))
    nearest, linear = (
        cv2.remap(image, x, y, how, borderMode=cv2.BORDER_REPLICATE) for how in (cv2.INTER_NEAREST, cv2.INTER_LINEAR)
    )
    np.testing.assert_array_equal(fetched(filters.at_nearest(planes, *at)), nearest)
    assert off(fetched(filters.at_linear(planes, *at)), linear) < 1e-4


@on_each_device
@pytest.mark.parametrize("code", [cv2.COLOR_RGB2YCrCb, cv2.COLOR_YCrCb2RGB])
def test_colour_differences_are_opencvs(where, code):
    image = np.random.default_rng(3).random((ROWS, COLUMNS, 3), np.float32)
    assert np.abs(fetched(colours.converted(sent(image, where), code)) - cv2.cvtColor(image, code)).max() < 1e-6


@on_each_device
@pytest.mark.parametrize("visibility_m", [60.0, 900.0, 30_000.0])
@pytest.mark.parametrize("lit", [False, True], ids=["day", "headlights"])
def test_air_is_the_cpus(where, visibility_m, lit):
    image, depth = scene()
    haze = atmosphere.Air(visibility_m=visibility_m, layer_m=40.0, tint_rgb=(1.0, 0.9, 0.8))
    told = {
        "sky_rgb": np.array([2.0, 3.0, 4.0], np.float32) * (0.01 if lit else 1000),
        "sun_rgb_lux": np.zeros(3, np.float32) if lit else np.array([2e4, 2e4, 1e4], np.float32),
        "cos_sun": np.random.default_rng(4).uniform(-1, 1, depth.shape).astype(np.float32),
        "focal_px": 70.0,
        "ego_rgb_cd": (3e4, 3e4, 2e4) if lit else (0.0, 0.0, 0.0),
        "high_rgb_cd": (9e4, 8e4, 7e4) if lit else (0.0, 0.0, 0.0),
        "rays": atmosphere.level_rays(depth.shape, 70.0, up=(0.1, -1.0, 0.05)),
    }
    wanted = atmosphere.through_air(image, depth, haze, **told)
    assert off(air.through_air(image, depth, haze, device=where, **told), wanted) < SAME


@on_each_device
@pytest.mark.parametrize("longest_px", [0.9, 6.0, 80.0])
def test_motion_blur_is_the_cpus(where, longest_px):
    image, depth = scene()
    rng = np.random.default_rng(5)
    flow = np.repeat(np.repeat(rng.uniform(-1, 1, (6, 8, 2)), 9, axis=0), 11, axis=1)[:ROWS, :COLUMNS]
    flow = np.ascontiguousarray(flow * longest_px, np.float32)
    wanted = motion.blur_along(image, depth, flow)
    assert not np.array_equal(wanted, image)
    assert off(gpu_motion.blur_along(image, depth, flow, device=where), wanted) < SAME


@on_each_device
@pytest.mark.parametrize("kind", ["rain", "snow"])
@pytest.mark.parametrize("lit", [False, True], ids=["dark", "headlights"])
def test_what_falls_is_the_cpus(where, kind, lit):
    _, depth = scene()
    eye = streaks.Eye(
        shape=depth.shape, focal_px=70.0, shutter_s=0.02, speed_mps=14.0, aperture_mm=2.0, heading_px=(3.0, -2.0)
    )
    weather = Precipitation(kind=kind, rate_mm_h=20.0 if kind == "rain" else 3.0, gust_mps=1.0)
    bodies = population(weather)
    falling = streaks.flights(bodies, streaks.drawn(bodies, eye), eye, weather, np.random.default_rng(9))
    got = gpu_streaks.cover(falling, eye, depth, lit=lit, device=where)
    for part, wanted in zip(got, precipitation.cover(falling, eye, depth, lit=lit), strict=True):
        assert off(part, wanted) < SAME
    assert got[0].any()
    assert got[1].any() == lit


@on_each_device
@pytest.mark.parametrize(
    "sun", [None, (0.1, -0.2, 0.97), (0.9, -0.3, 0.3)], ids=["none", "in the picture", "beside it"]
)
@pytest.mark.parametrize("focal_px", [75.0, 700.0, 4000.0])
def test_the_lens_is_the_cpus(where, sun, focal_px):
    image, depth = scene()
    glare = lens.Glare(veil=0.03, bloom=0.02, spikes=0.01, wiper=0.01, ghosts=0.004, lines=4)
    told = {
        "eye": Viewpoint(focal_px=focal_px, center_px=(COLUMNS / 2, ROWS / 2), sun=sun or (0.0, -1.0, -1.0)),
        "sun_rgb_lux": np.array([2e3, 2e3, 1e3] if sun else [0, 0, 0], np.float32),
        "sky": depth > 1e9,
        "film": np.random.default_rng(6).uniform(0.5, 1.5, (ROWS // 2, COLUMNS // 2)).astype(np.float32),
        "corners": 0.6,
        "soften_px": 0.45,
    }
    wanted = lens.through_lens(image, glare, **told)
    assert off(gpu_lens.through_lens(image, glare, device=where, **told), wanted) < SAME


@on_each_device
@pytest.mark.parametrize("bayer", BAYER)
def test_the_demosaiced_mosaic_is_the_cpus_to_a_step_of_16_bits(where, bayer):
    raw = np.random.default_rng(7).uniform(-0.06, 1, (ROWS, COLUMNS)).astype(np.float32)
    gains = np.array([1.8, 1.0, 1.4], np.float32)
    got = fetched(gpu_isp.demosaic(sent(raw, where), gains, bayer))
    assert np.abs(got - isp.demosaic(raw, gains, bayer)).max() < 2.5 / 65535


@on_each_device
@pytest.mark.parametrize("noise", [0.0, 0.004, 0.1])
def test_what_the_processor_makes_is_the_cpus(where, noise):
    smooth = cv2.GaussianBlur(np.random.default_rng(8).random((ROWS, COLUMNS), np.float32) ** 2, (0, 0), 1.5)
    raw = np.asarray(np.clip(smooth * 2.5 - 0.1, -0.06, 1), np.float32)
    tuning = isp.IspSettings(shadow_cast=(0.002, 0.0, 0.003))
    told = {"bayer": "GRBG", "noise": noise, "dark": 0.4}
    gains = np.array([1.8, 1.0, 1.4], np.float32)
    wanted = isp.picture(raw, gains, tuning, **told).astype(int)
    got = gpu_isp.picture(raw, gains, tuning, device=where, **told)
    assert got.dtype == np.uint8
    apart = np.abs(got.astype(int) - wanted)
    assert apart.max() <= 1
    assert (apart > 0).mean() < 0.01


def looks():
    drawn, camera = settings()
    chosen = [look for family in ("low_sun", "night") for look in draw(drawn, family, 12, seed=3, scene="a")]
    return chosen, replace(camera, lens=replace(camera.lens, readout_s=0.02))


def moving_view():
    return prepare(bundle(), replace(VIEWPOINT, velocity_mps=(0.0, 0.0, 14.0)))


@on_each_device
def test_the_light_on_the_sensor_is_the_cpus_under_every_look(where):
    there, view, (every, camera) = twins.on(where, "here"), moving_view(), looks()
    for look in every:
        clean = relit(view, look, camera.denoise)
        wanted, got = (landed(clean, view, look, camera, steps)[0] for steps in (CPU, there))
        assert off(got, wanted) < SAME, look.name


@on_each_device
def test_of_the_same_mosaic_a_frame_is_the_cpus_but_for_single_levels(where):
    there, view, (every, camera) = twins.on(where, "here"), moving_view(), looks()
    for look in every[:12:3] + every[12::3]:
        light = landed(relit(view, look, camera.denoise), view, look, camera)[0]
        exposure = exposed(light, look, camera)
        raw = capture(light, camera, exposure, generator(look.seed, "noise"))
        wanted, got = (process(raw, look, camera, exposure.gain, steps)[0].astype(int) for steps in (CPU, there))
        assert np.abs(got - wanted).max() <= 1
        assert (got != wanted).mean() < 0.01


def test_a_frame_by_day_is_the_cpus_as_a_whole_and_says_who_made_it():
    view, (every, camera) = moving_view(), looks()
    day = next(look for look in every if look.sun_lux > 0)
    wanted, got = develop(view, day, camera), develop(view, day, camera, steps=twins.on(HERE, "here"))
    apart = np.abs(got.rgb.astype(int) - wanted.rgb.astype(int))
    assert (apart <= 1).mean() > 0.99
    assert "device" not in wanted.facts
    assert got.facts["device"] == "here"


@on_each_device
def test_the_same_look_has_the_same_bytes_on_a_device(where):
    there, view, (every, camera) = twins.on(where, "here"), moving_view(), looks()
    once, again = (develop(view, every[0], camera, steps=there) for _ in range(2))
    assert once.jpeg == again.jpeg
