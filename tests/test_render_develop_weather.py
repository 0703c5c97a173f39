from __future__ import annotations

import numpy as np
import pytest

from render.develop import streaks as streaks_of
from render.develop.droplets import blots, refracted
from render.develop.hydrometeors import Precipitation, population, terminal_mps
from render.develop.precipitation import fall, surroundings
from render.develop.spray import SLOWEST_MPS, Wakes, spray, thickness
from render.develop.streaks import Eye, drawn, flights, followed, hidden, splat
from render.develop.windscreen import Windscreen, drop_share, through_windscreen
from scenes.errors import InputError

SHAPE = (96, 160)
SKY_M = 1e10


def street(sky=1000.0, road=100.0):
    image = np.full((*SHAPE, 3), road, np.float32)
    image[: SHAPE[0] // 2] = sky
    return image


def depths(far=SKY_M):
    return np.full(SHAPE, far, np.float32)


def fallen(image, precipitation, *, depth=None, seed=1, shutter_s=1 / 30, **changes):
    return fall(
        image,
        depths() if depth is None else depth,
        precipitation,
        focal_px=120.0,
        shutter_s=shutter_s,
        speed_mps=10.0,
        rng=np.random.default_rng(seed),
        **changes,
    )


def eye(shutter_s=1 / 30, speed_mps=10.0, aperture_mm=2.0):
    return Eye(
        shape=SHAPE,
        focal_px=120.0,
        shutter_s=shutter_s,
        speed_mps=speed_mps,
        aperture_mm=aperture_mm,
        heading_px=(0.0, 0.0),
    )


def points(precipitation, camera, seed=1):
    bodies = population(precipitation)
    rng = np.random.default_rng(seed)
    return followed(flights(bodies, drawn(bodies, camera), camera, precipitation, rng), camera)


def test_dry_air_changes_nothing():
    image = street()
    assert fallen(image, Precipitation()) is image
    assert fallen(image, Precipitation(kind="rain", rate_mm_h=0.0)) is image


def test_drops_fall_as_fast_as_gunn_and_kinzer_measured():
    measured = terminal_mps("rain", np.array([1.0, 2.0, 3.0, 5.0]))
    assert measured == pytest.approx([4.03, 6.49, 8.06, 9.09], rel=0.05)


@pytest.mark.parametrize("rate_mm_h", [2.0, 10.0, 50.0])
def test_the_drops_in_the_air_bring_about_the_rate_of_rain_that_was_asked_for(rate_mm_h):
    bodies = population(Precipitation(kind="rain", rate_mm_h=rate_mm_h))
    volume_m3 = np.pi / 6 * (bodies.diameter_mm * 1e-3) ** 3
    assert 3.6e6 * (bodies.count_m3 * volume_m3 * bodies.speed_mps).sum() == pytest.approx(rate_mm_h, rel=0.3)


@pytest.mark.parametrize(("rate_mm_h", "visibility_m"), [(10.0, 2700.0), (100.0, 640.0)])
def test_visibility_in_rain_is_what_atlas_found(rate_mm_h, visibility_m):
    area = population(Precipitation(kind="rain", rate_mm_h=rate_mm_h)).area_per_m
    assert 3.912 / (2 * area) == pytest.approx(visibility_m, rel=0.35)


def test_one_millimetre_of_snow_hides_more_than_one_of_rain():
    rain, snow = (population(Precipitation(kind=kind, rate_mm_h=1.0)).area_per_m for kind in ("rain", "snow"))
    assert snow > 3 * rain


def test_points_keep_their_weight_when_they_become_discs():
    inside = np.array([80.3]), np.array([48.7]), np.array([1.0])
    for disc_px in (0.5, 2.0, 6.0, 20.0):
        dots = splat(streaks_of.Streaks(*inside, np.array([0.4]), np.array([disc_px])), np.array([0.4]), SHAPE)
        assert dots.sum() == pytest.approx(0.4, rel=1e-5)


def test_a_longer_exposure_spreads_the_same_cover_over_longer_streaks():
    short, long = (points(Precipitation(kind="rain", rate_mm_h=20.0), eye(shutter)) for shutter in (1e-4, 1 / 30))
    assert long.x.size > 5 * short.x.size
    assert long.weight.max() < short.weight.max()


def test_streaks_leave_the_vanishing_point():
    still = Precipitation(kind="snow", rate_mm_h=1.0, gust_mps=0.0)
    camera = eye(shutter_s=1 / 500, speed_mps=30.0, aperture_mm=0.1)
    fast = points(still, camera)
    x, y = fast.x - SHAPE[1] / 2, fast.y - SHAPE[0] / 2
    step = np.flatnonzero((np.diff(fast.z) < 0) & (np.diff(fast.z) > -0.03) & (np.hypot(x, y)[1:] > 30))
    outward = (np.diff(x)[step] * x[step] + np.diff(y)[step] * y[step]) > 0
    assert outward.mean() > 0.9


def test_what_stands_in_front_hides_what_falls_behind():
    assert not hidden(points(Precipitation(kind="rain", rate_mm_h=50.0), eye()), depths(0.1)).x.size
    wall = street()
    assert fallen(wall, Precipitation(kind="rain", rate_mm_h=50.0), depth=depths(0.1)) == pytest.approx(wall, rel=1e-3)


def test_harder_rain_hides_more_of_what_is_far():
    pole = street()
    pole[:, 78:82] = 0.0
    depth = depths()
    depth[:, 78:82] = 400.0
    seen = [
        fallen(pole, Precipitation(kind="rain", rate_mm_h=rate), depth=depth)[20:40, 79:81].mean()
        for rate in (1, 10, 100)
    ]
    assert 0 < seen[0] < seen[1] < seen[2] < 1000


def test_flakes_by_day_are_darker_than_the_sky_and_brighter_than_the_road():
    light = surroundings(street(), refracting=False)
    assert light[:40].max() < 1000
    assert light[56:].min() > 100


def test_headlights_show_the_snow_and_less_the_rain():
    night = street(0.01, 0.01)
    dark, snow, rain = (
        fallen(night, Precipitation(kind=kind, rate_mm_h=2.0), ego_rgb_cd=lamps)[60:].mean()
        for kind, lamps in (
            ("snow", (0.0, 0.0, 0.0)),
            ("snow", (2e4, 2e4, 2e4)),
            ("rain", (2e4, 2e4, 2e4)),
        )
    )
    assert dark <= 0.011
    assert dark < rain < snow


def test_the_same_seed_falls_alike_and_another_does_not():
    blizzard = Precipitation(kind="snow", rate_mm_h=5.0, wind_mps=(8.0, -2.0))
    assert np.array_equal(fallen(street(), blizzard), fallen(street(), blizzard))
    assert not np.array_equal(fallen(street(), blizzard), fallen(street(), blizzard, seed=2))


@pytest.mark.parametrize("kind", ["rain", "snow", "hail"])
@pytest.mark.parametrize("rate_mm_h", [0.01, 300.0])
def test_the_lightest_and_hardest_fall_stay_finite(kind, rate_mm_h):
    image = fallen(street(), Precipitation(kind=kind, rate_mm_h=rate_mm_h), ego_rgb_cd=(1e4, 1e4, 1e4))
    assert image.shape == (*SHAPE, 3)
    assert image.dtype == np.float32
    assert np.isfinite(image).all()
    assert image.min() >= 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "frogs"}, "kind"),
        ({"rate_mm_h": -1.0}, "rate_mm_h"),
        ({"rate_mm_h": float("nan")}, "rate_mm_h"),
        ({"size_mm": 0.0}, "size_mm"),
        ({"wind_mps": (float("inf"), 0.0)}, "wind_mps"),
        ({"patchy": 2.0}, "patchy"),
    ],
)
def test_impossible_weather_is_refused_in_one_line(changes, field):
    with pytest.raises(InputError, match=f"precipitation.{field}: ") as refused:
        Precipitation(**changes)
    assert "\n" not in str(refused.value)


def seen(image, glass, seed=1):
    return through_windscreen(image, glass, focal_px=120.0, rng=np.random.default_rng(seed))


def test_clean_glass_changes_nothing():
    image = street()
    assert seen(image, Windscreen()) is image
    assert seen(image, Windscreen(dirt=1.0, wiper=0.5)) is image


def test_no_density_gives_no_blots_and_a_density_covers_as_much_glass():
    rng = np.random.default_rng(3)
    assert not blots((400, 600), 6.0, np.zeros((400, 600), np.float32), rng).at.size
    for share in (0.03, 0.1):
        cover = blots((400, 600), 8.0, np.full((400, 600), share, np.float32), rng).cover.sum() / 240_000
        assert cover == pytest.approx(share, rel=0.2)


def test_drops_show_the_scene_upside_down():
    layer = blots(SHAPE, 12.0, np.full(SHAPE, 0.15, np.float32), np.random.default_rng(2))
    light = refracted(street(sky=1000.0, road=10.0), layer, 120.0)[:, 1]
    top, bottom = light[layer.down < -0.5], light[(layer.down > 0.5)]
    assert bottom.mean() > 3 * top.mean()


def test_drops_on_an_even_field_hardly_change_it():
    grey = np.full((*SHAPE, 3), 50.0, np.float32)
    wet = seen(grey, Windscreen(drops=0.3))
    assert wet.min() >= 0.4 * 50  # the darkest of a rim
    assert wet.max() < 50.01
    assert wet.mean() > 0.9 * 50


def test_the_wiper_leaves_fewer_drops():
    unwiped, wiped = (seen(street(), Windscreen(drops=0.4, wiper=phase)) for phase in (0.0, 0.5))
    assert np.abs(wiped - street()).mean() < 0.8 * np.abs(unwiped - street()).mean()


def test_glass_nearer_to_the_lens_is_softer():
    def detail(glass_m):
        picture = seen(np.full((*SHAPE, 3), 50.0, np.float32), Windscreen(spots=1.0, glass_m=glass_m))[..., 1]
        return np.abs(np.diff(picture, axis=1)).max()

    assert detail(0.05) < 0.7 * detail(0.5)


def test_breath_takes_contrast_and_keeps_light():
    foggy = seen(street(), Windscreen(fog=1.0))
    assert foggy.mean() == pytest.approx(street().mean(), rel=0.1)
    assert np.diff(foggy[46:50, :, 1], axis=0).min() > -0.7 * 900


@pytest.mark.parametrize(
    "glass",
    [
        Windscreen(drops=0.7, drop_mm=12.0, runs=20, glass_m=0.03),
        Windscreen(crumbs=0.7, spots=1.0, haze=1.0, smear=1.0, fog=1.0, wiper=1.0),
    ],
)
def test_the_worst_glass_stays_finite_and_is_drawn_alike_from_one_seed(glass):
    image = seen(street(), glass)
    assert np.isfinite(image).all()
    assert image.min() >= 0
    assert image.dtype == np.float32
    assert np.array_equal(image, seen(street(), glass))


def test_more_rain_more_speed_and_more_time_wet_the_glass_more():
    assert drop_share(0.0, 20.0, 10.0) == drop_share(10.0, 20.0, 0.0) == 0
    assert 0 < drop_share(1.0, 10.0, 1.0) < drop_share(20.0, 10.0, 1.0) < drop_share(20.0, 30.0, 1.0)
    assert drop_share(20.0, 30.0, 1.0) < drop_share(20.0, 30.0, 5.0) <= 0.6


@pytest.mark.parametrize(
    ("changes", "field"), [({"drops": -0.1}, "drops"), ({"fog": 1.5}, "fog"), ({"glass_m": 0.0}, "glass_m")]
)
def test_impossible_glass_is_refused_in_one_line(changes, field):
    with pytest.raises(InputError, match=f"windscreen.{field}: "):
        Windscreen(**changes)


def wakes(speed_mps, z_m=12.0):
    return Wakes(
        rear_m=np.array([[0.0, 1.3, z_m]]), velocity_mps=np.array([[0.0, 0.0, speed_mps]]), width_m=np.array([1.8])
    )


def sprayed(behind, depth=None, wetness=1.0, ambient=800.0, image=None):
    return spray(
        np.full((*SHAPE, 3), 50.0, np.float32) if image is None else image,
        depths() if depth is None else depth,
        behind,
        wetness=wetness,
        focal_px=120.0,
        center_px=(80.0, 48.0),
        ambient_rgb=(ambient,) * 3,
        rng=np.random.default_rng(5),
    )


def test_no_vehicle_no_water_or_no_speed_gives_no_spray():
    image = street()
    nobody = Wakes(rear_m=np.zeros((0, 3)), velocity_mps=np.zeros((0, 3)), width_m=np.zeros(0))
    assert sprayed(nobody, image=image) is image
    assert sprayed(wakes(25.0), wetness=0.0, image=image) is image
    assert sprayed(wakes(SLOWEST_MPS), image=image) is image


def test_spray_grows_with_the_square_of_speed_and_with_water_and_width():
    fast, slow = (thickness(speed, 1.8, 1.0) for speed in (30.0, 15.0))
    assert fast / slow == pytest.approx((30.0**2 - 64) / (15.0**2 - 64))
    assert thickness(25.0, 1.8, 0.5) == pytest.approx(thickness(25.0, 1.8, 1.0) / 2)
    assert thickness(25.0, 2.5, 1.0) > 2 * thickness(25.0, 1.8, 1.0)


def test_spray_hangs_behind_the_car_and_is_hidden_by_what_stands_before_it():
    misty = sprayed(wakes(28.0))[..., 1] - 50
    assert misty[55:70, 70:90].mean() > 5
    assert misty[:20].mean() < 0.02 * misty[55:70, 70:90].mean()
    assert np.allclose(sprayed(wakes(28.0, z_m=30.0), depth=depths(3.0)), 50.0)


@pytest.mark.parametrize("wetness", [-0.1, 1.1, float("nan")])
def test_impossible_wetness_is_refused(wetness):
    with pytest.raises(InputError, match=r"spray\.wetness: "):
        sprayed(wakes(20.0), wetness=wetness)


def test_wakes_of_unlike_numbers_or_without_width_are_refused():
    with pytest.raises(InputError, match=r"spray\.wakes: "):
        Wakes(rear_m=np.zeros((2, 3)), velocity_mps=np.zeros((1, 3)), width_m=np.ones(2))
    with pytest.raises(InputError, match=r"spray\.wakes\.width_m: "):
        Wakes(rear_m=np.zeros((1, 3)), velocity_mps=np.zeros((1, 3)), width_m=np.zeros(1))
