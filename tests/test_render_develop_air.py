from time import process_time

import numpy as np
import pytest

from render.develop.atmosphere import KOSCHMIEDER, Air, beam_glow, guided, level_rays, path_m, through_air, unmixed
from render.develop.smoke import Plume, noise_block, through_smoke
from scenes.errors import InputError

SHAPE = (96, 160)
FOCAL = 130.0
DARK = np.zeros(3, np.float32)
LIT = np.full(3, 100.0, np.float32)
AWAY = np.zeros(SHAPE, np.float32)


def seen(image, depth_m, air, sky=DARK, **lamps):
    depth = np.full(SHAPE, depth_m, np.float32)
    return through_air(image, depth, air, sky_rgb=sky, sun_rgb_lux=DARK, cos_sun=AWAY, focal_px=FOCAL, **lamps)


def test_clear_air_changes_nothing():
    image = np.random.default_rng(0).random((*SHAPE, 3), np.float32)
    assert seen(image, 50, Air()) is image


@pytest.mark.parametrize("visibility_m", [0.0, -5.0, float("nan")])
def test_no_visibility_is_refused_in_one_line(visibility_m):
    with pytest.raises(InputError, match=r"^air\.visibility_m: must be > 0; got \S+$"):
        Air(visibility_m=visibility_m)


@pytest.mark.parametrize("wrong", [{"tint_rgb": (1, 1, 2)}, {"asymmetry": 1.0}, {"layer_m": 1.0}])
def test_impossible_air_is_refused(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        Air(**wrong)


@pytest.mark.parametrize("visibility_m", [50.0, 150.0, 400.0])
@pytest.mark.parametrize("halvings", [0.5, 1.0, 2.0])
def test_fog_contrast_halves_at_the_distance_koschmieder_says(visibility_m, halvings):
    distance = halvings * np.log(2) * visibility_m / KOSCHMIEDER
    sky = np.full(3, 100.0, np.float32)
    grey, white = (
        seen(np.full((*SHAPE, 3), value, np.float32), distance, Air(visibility_m=visibility_m), sky)[48, 80]
        for value in (40.0, 80.0)
    )
    assert (white - grey) / 40 == pytest.approx(0.5**halvings, rel=1e-3)


def test_distance_runs_along_the_ray():
    depth = np.full(SHAPE, 20.0, np.float32)
    path = path_m(depth, Air(), FOCAL, level_rays(SHAPE, FOCAL))
    assert path[95, 159] == pytest.approx(20 * np.sqrt(1 + (79.5 / FOCAL) ** 2 + (47.5 / FOCAL) ** 2), rel=1e-5)


def test_shallow_fog_hides_the_horizon_and_not_the_sky():
    rays = level_rays(SHAPE, FOCAL)
    kept = np.exp(-KOSCHMIEDER / 150 * path_m(np.full(SHAPE, 1e10, np.float32), Air(layer_m=12), FOCAL, rays))
    assert kept[47, 80] < 0.001
    assert kept[0, 80] > 0.3


def test_a_camera_that_looks_down_sees_the_horizon_higher():
    pitch = np.radians(5)
    rays = level_rays(SHAPE, FOCAL, up=(0.0, -np.cos(pitch), -np.sin(pitch)))
    assert np.argmin(np.abs(rays[:, 80, 1])) == pytest.approx(48 - FOCAL * np.tan(pitch), abs=1)
    assert np.allclose(np.linalg.norm(rays, axis=-1), 1, atol=1e-5)


def test_a_sky_pixel_with_a_branch_s_depth_fades_like_its_neighbours():
    kept, image = np.full(SHAPE, 0.02, np.float32), np.full((*SHAPE, 3), 100.0, np.float32)
    kept[40, 60] = 0.9
    assert guided(kept, image)[40, 60] < 0.15


def test_halos_spread_light_and_never_make_any():
    image = np.zeros((*SHAPE, 3), np.float32)
    image[46:50, 78:82] = 1e4
    foggy = seen(image, 40, Air(visibility_m=100, asymmetry=0.85))
    assert foggy[48, 90].min() > 1
    assert foggy[48, 80].max() < 1e4
    assert foggy.sum() < image.sum()


def test_fog_throws_back_main_beams_more_than_dipped_ones():
    path, rays = np.full(SHAPE, 100.0, np.float32), level_rays(SHAPE, FOCAL)
    low, high = (beam_glow(path, rays, Air(visibility_m=60), high=high) for high in (False, True))
    assert 1e5 * high[40:50].mean() > 1.5 * 4e4 * low[40:50].mean()
    assert low[80].mean() > low[20].mean()


def test_a_wall_close_by_leaves_less_fog_to_light_up():
    black = np.zeros((*SHAPE, 3), np.float32)
    near, far = (seen(black, m, Air(visibility_m=60), ego_rgb_cd=(4e4, 4e4, 4e4)).mean() for m in (5, 60))
    assert 0 < near < far


def test_night_fog_keeps_its_budget():
    image = np.random.default_rng(1).random((384, 640, 3), np.float32) * 30
    depth, away = np.full((384, 640), 40.0, np.float32), np.zeros((384, 640), np.float32)
    start = process_time()
    through_air(
        image,
        depth,
        Air(visibility_m=80),
        sky_rgb=DARK,
        sun_rgb_lux=DARK,
        cos_sun=away,
        focal_px=500.0,
        ego_rgb_cd=(4e4, 4e4, 4e4),
    )
    assert process_time() - start < 1.0  # budget 0.15; a shared core is noisy


def plume(**changed):
    return Plume(**{"center_m": (0, 0, 12), "radii_m": (2, 2, 2), "extinction_per_m": 2.0, **changed})


def smoky(image, depth_m, cloud, *, ambient=LIT, sun=DARK):
    shape = image.shape[:2]
    depth, cos_sun = np.full(shape, depth_m, np.float32), np.zeros(shape, np.float32)
    return through_smoke(image, depth, cloud, ambient_rgb=ambient, sun_rgb_lux=sun, cos_sun=cos_sun, focal_px=130.0)


def grey(value=40.0, shape=SHAPE):
    return np.full((*shape, 3), value, np.float32)


def test_a_plume_of_no_density_changes_nothing():
    image = grey()
    assert smoky(image, 50, plume(extinction_per_m=0.0)) is image


@pytest.mark.parametrize(
    "wrong",
    [
        {"center_m": (0, 0, -3)},
        {"radii_m": (1, 0, 1)},
        {"extinction_per_m": -1.0},
        {"albedo_rgb": (0, 0, 2)},
        {"asymmetry": 1.0},
    ],
)
def test_an_impossible_plume_is_refused_by_name(wrong):
    with pytest.raises(InputError, match=f"plume.{next(iter(wrong))}"):
        plume(**wrong)


def test_smoke_hides_what_is_behind_it_and_nothing_before_it():
    image = grey()
    assert np.array_equal(smoky(image, 5, plume()), image)
    soot = smoky(image, 50, plume(albedo_rgb=(0, 0, 0)))
    assert soot[48, 80].max() < 4
    assert np.array_equal(soot[0], image[0])


def test_smoke_gives_back_no_more_light_than_falls_on_it():
    white = plume(albedo_rgb=(1, 1, 1), extinction_per_m=5.0)
    assert smoky(grey(100.0), 50, white).max() <= 100.001


def test_smoke_at_night_is_dark_unless_something_lights_it():
    assert smoky(grey(), 50, plume(extinction_per_m=5.0), ambient=DARK)[48, 80].max() < 1
    assert smoky(grey(), 50, plume(), ambient=DARK, sun=np.full(3, 1e4, np.float32))[48, 80].min() > 1


def test_the_same_seed_gives_the_same_smoke_and_another_one_another():
    first, again, other = (smoky(grey(), 50, plume(seed=seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.allclose(first, other)


def test_noise_fills_its_range():
    block = noise_block(3)
    assert (block.min(), block.max()) == (0, 1)


def test_a_plume_keeps_its_budget():
    image = grey(shape=(384, 640))
    start = process_time()
    smoky(image, 50, plume(center_m=(0, 0, 6)))
    assert process_time() - start < 0.5  # budget 0.05; a shared core is noisy


def test_a_twig_before_a_bright_sky_keeps_no_more_of_the_skys_light_than_the_sky_does():
    depth, picture = np.full((21, 21), 1e10, np.float32), np.full((21, 21, 3), 5000, np.float32)
    depth[:, 10], picture[:, 10] = 20.0, 2000.0  # two thirds of its pixels are twig of a tenth of the sky's light
    raw = np.exp(-np.minimum(depth, 1000) / 50).astype(np.float32)
    kept, veil = unmixed(raw, raw, picture, depth > 1e9)
    assert kept[10, 10] == pytest.approx((333 * raw[10, 10] + 1667 * raw[10, 0]) / 2000, abs=0.01)
    assert veil[10, 10] == pytest.approx((2 * (1 - raw[10, 10]) + (1 - raw[10, 0])) / 3, abs=0.01)
    assert np.array_equal(kept[:, :10], raw[:, :10])
    assert np.array_equal(veil[:, :10], 1 - raw[:, :10])


def test_a_pixel_of_a_crown_looks_alike_in_fog_whichever_depth_it_was_given():
    leaf, sky = 100.0, 4000.0
    depth, picture = np.full((21, 21), 1e10, np.float32), np.full((21, 21, 3), sky, np.float32)
    depth[:, 10:], picture[:, 10:] = 30.0, leaf
    picture[:, 9:11] = (leaf + sky) / 2  # one half each; the depth says sky on the left and leaf on the right
    raw = np.exp(-np.minimum(depth, 3000) / 100).astype(np.float32)
    kept, veil = unmixed(raw, raw, picture, depth > 1e9)
    seen = (picture[..., 0] * kept + 2000.0 * veil)[10]
    by_area = ((leaf * raw[10, 12] + 2000.0 * (1 - raw[10, 12])) + (sky * raw[10, 0] + 2000.0 * (1 - raw[10, 0]))) / 2
    assert seen[9:11] == pytest.approx(by_area, rel=0.02)


def test_a_wall_without_sky_around_keeps_its_transmittance():
    kept, picture = np.full((9, 9), 0.7, np.float32), np.full((9, 9, 3), 30, np.float32)
    assert unmixed(kept, kept, picture, np.zeros((9, 9), bool))[0] is kept
