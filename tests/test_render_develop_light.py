from __future__ import annotations

import numpy as np
import pytest

from render.develop import atmosphere, lens, relight, sun_disc, windscreen
from render.develop.denoise import clean_guides, denoise
from render.develop.lens import Glare, Spread
from render.develop.look import Look
from render.develop.viewpoint import Viewpoint, cos_to_sun, sky_mask, viewpoint
from render.radiance import Radiance
from scenes.errors import InputError
from scenes.spec.view import Sun

SHAPE = (48, 80)


def look(**changes) -> Look:
    told = {"name": "t", "sun_lux": 100.0, "sun_kelvin": 3000.0, "sky_lux": 5.0, "sky_tint_rgb": (0.5, 1.0, 2.0)}
    return Look(
        **{
            **told,
            "weights": {"street": 0.5, "head": 3.0},
            "tints": {"street": (2.0, 1.0, 0.25)},
            "dazzling": True,
            **changes,
        }
    )


def bundle(layers) -> Radiance:
    blank = np.zeros((*SHAPE, 3), np.float32)
    depth, ids = np.full(SHAPE, 1e10, np.float32), np.zeros(SHAPE, np.uint16)
    return Radiance(layers=layers, albedo=blank, normal=blank, depth_m=depth, ids=ids)


def test_relit_is_the_sum_of_weight_times_tint_times_layer():
    rng = np.random.default_rng(1)
    layers = {group: rng.random((*SHAPE, 3), np.float32) for group in ("sun", "sky", "street", "windows", "head")}
    factors = relight.gains(look())
    wanted = sum(layers[group].astype(float) * factors[group] for group in layers)
    assert np.allclose(relight.relight(bundle(layers), look()), wanted, rtol=1e-5)
    assert not factors["windows"].any()
    assert np.allclose(factors["street"], [1.0, 0.5, 0.125])


def test_a_layer_that_no_look_knows_is_refused():
    with pytest.raises(InputError, match="strobe"):
        relight.relight(bundle({"strobe": np.ones((*SHAPE, 3), np.float32)}), look())


def test_denoising_keeps_the_mean_and_lowers_the_noise():
    rng = np.random.default_rng(2)
    noisy = (50 * rng.gamma(4, 0.25, (64, 96, 1)) * np.ones(3)).astype(np.float32)
    guide = np.full((64, 96, 3), 0.5, np.float32)
    albedo, normal = clean_guides(guide, guide)
    clean = denoise(noisy, albedo, normal)
    assert clean.mean() == pytest.approx(50, rel=0.05)
    assert clean.std() < noisy.std() / 5
    assert np.array_equal(clean, denoise(noisy, albedo, normal))


def test_denoising_a_black_picture_leaves_it_black():
    black = np.zeros((64, 96, 3), np.float32)
    assert not denoise(black, black, black).any()


def test_the_phase_function_integrates_to_one():
    cosine = np.linspace(-1, 1, 200_001).astype(np.float32)
    assert 2 * np.pi * np.trapezoid(atmosphere.phase(cosine), cosine) == pytest.approx(1, rel=1e-3)


def test_glare_conserves_energy():
    glare = Glare(veil=0.03, bloom=0.05, spikes=0.01, wiper=0.005)
    spread = Spread(glare, (96, 160), 0.0036)
    kernel, _ = spread.kernel()
    assert kernel[..., 1].sum() == pytest.approx(glare.spread, rel=0.01)
    image = np.zeros((96, 160, 3), np.float32)
    image[48, 80] = 1e6
    inside = kernel[np.ix_([*range(-48, 48)], [*range(-80, 80)])][..., 1].sum()
    total = lens.convolve(image, kernel)[..., 1].sum() + image[..., 1].sum() * (1 - glare.spread)
    assert total == pytest.approx(1e6 * (1 - glare.spread + inside), rel=0.01)


def test_a_point_outside_the_picture_glares_like_one_inside():
    spread = Spread(Glare(veil=0.05, bloom=0.02), (40, 60), 0.004)
    kernel, norms = spread.kernel()
    image = np.zeros((40, 60, 3), np.float32)
    image[10, 20] = 1.0
    assert np.allclose(lens.convolve(image, kernel), spread.point(20.5, 10.5, norms), atol=1e-6)
    assert spread.point(-15.0, 10.0, norms)[10, 0, 0] > spread.point(-15.0, 10.0, norms)[10, 40, 0] > 0


def test_glare_of_a_flat_grey_stays_flat_in_the_middle():
    glare = Glare(veil=0.01, bloom=0.05)
    kernel, _ = Spread(glare, (96, 160), 0.0036).kernel()
    flat = np.full((96, 160, 3), 7.0, np.float32)
    middle = lens.convolve(flat, kernel)[40:56, 70:90]
    assert middle.std() / middle.mean() < 0.01


def test_ghosts_carry_at_most_their_share():
    image = np.zeros((64, 96, 3), np.float32)
    image[20:22, 30:32] = 1000.0
    assert 0 < lens.ghosts(image, 0.01, 0.0036).sum() <= 0.0101 * image.sum()
    assert not lens.ghosts(image, 0.0, 0.0036).any()


def test_the_vignette_leaves_the_centre_and_darkens_corners():
    image = lens.vignette(np.ones((64, 96, 3), np.float32), 60.0, 1.0)
    assert image[32, 48, 0] == pytest.approx(1, abs=0.01)
    assert image[0, 0, 0] < image[0, 48, 0] < 1


def test_the_film_on_the_windscreen_has_mean_one():
    assert np.array_equal(windscreen.film(SHAPE, 0.0, np.random.default_rng(1)), np.ones(SHAPE))
    smeared = windscreen.film(SHAPE, 1.0, np.random.default_rng(1))
    assert smeared.mean() == pytest.approx(1, rel=1e-3)
    assert smeared.std() > 0.1


def test_the_sun_projects_where_the_camera_says():
    forward_x = [[0, -1, 0, 0], [0, 0, -1, 1.3], [1, 0, 0, 0], [0, 0, 0, 1]]  # looks along +x from 1.3 m
    K = [[100, 0, 40], [0, 100, 24], [0, 0, 1]]
    view = viewpoint(K, forward_x, Sun(elevation_deg=45.0, azimuth_deg=0.0))
    assert view.sun_px == pytest.approx((40.0, -76.0))
    left = viewpoint(K, forward_x, Sun(elevation_deg=0.0, azimuth_deg=20.0))
    assert left.sun_px is not None
    assert left.sun_px[0] < 40
    assert viewpoint(K, forward_x, Sun(elevation_deg=5.0, azimuth_deg=180.0)).sun_px is None


def test_the_cosine_to_the_sun_is_one_on_its_pixel():
    view = Viewpoint(focal_px=100.0, center_px=(40.0, 24.0), sun=(0.0, 0.0, 1.0))
    cosine = cos_to_sun(view, SHAPE)
    assert np.unravel_index(cosine.argmax(), SHAPE) in {(23, 39), (24, 40), (23, 40), (24, 39)}
    assert cosine.max() == pytest.approx(1, abs=1e-4)


def test_a_house_hides_the_sun():
    view = Viewpoint(focal_px=600.0, center_px=(40.0, 24.0), sun=(0.0, 0.0, 1.0))
    depth = np.full(SHAPE, 1e10, np.float32)
    assert sun_disc.seen_share(view, sky_mask(depth)) == 1
    depth[:, :40] = 20
    assert 0.3 < sun_disc.seen_share(view, sky_mask(depth)) < 0.7
    depth[:] = 20
    assert sun_disc.seen_share(view, sky_mask(depth)) == 0


def test_the_disc_carries_the_light_of_the_sun():
    for focal in (20.0, 100.0, 600.0):
        view = Viewpoint(focal_px=focal, center_px=(40.3, 24.1), sun=(0.0, 0.0, 1.0))
        flux = sun_disc.coverage(view, SHAPE, 1.0).sum() * sun_disc.DISC_CD_M2_PER_LUX / focal**2
        assert flux == pytest.approx(1, rel=0.12)


def test_the_traced_disc_leaves_an_even_sky():
    view = Viewpoint(focal_px=600.0, center_px=(40.0, 24.0), sun=(0.0, 0.0, 1.0))
    sky, sun = np.full((*SHAPE, 3), 2.0, np.float32), np.zeros((*SHAPE, 3), np.float32)
    disc = sun_disc.coverage(view, SHAPE, 1.0) > 0
    sky[disc], sun[disc] = 0, 14_000
    clean = sun_disc.without(bundle({"sky": sky, "sun": sun}), np.ones(SHAPE, bool), view)
    assert np.allclose(clean.layers["sky"], 2)
    assert not clean.layers["sun"].any()


def test_clouds_take_their_share_of_the_sky_and_none_is_lost():
    clear, half, closed = (relight.gains(look(overcast=share)) for share in (0.0, 0.4, 1.0))
    assert not clear["overcast"].any()
    assert not closed["sky"].any()
    assert np.allclose(half["overcast"], 0.4 * clear["sky"])
    assert np.allclose(half["sky"] + half["overcast"], clear["sky"])


def test_a_cloudy_look_refuses_a_bundle_from_before_clouds_were_traced():
    layers = {group: np.ones((*SHAPE, 3), np.float32) for group in ("sun", "sky")}
    assert relight.relight(bundle(layers), look()).shape == (*SHAPE, 3)
    with pytest.raises(InputError, match=r"must hold what look t lights \(overcast\); .*; trace the view again"):
        relight.relight(bundle(layers), look(overcast=0.5))
