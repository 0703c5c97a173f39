"""Effects on pixels: what they must never do to a picture, and what they must do."""

import numpy as np
import pytest
from fake_round import backdrop

from blend.effects import EFFECTS, Glare, Haze, Nightfall, Precipitation, Vignette
from blend.lens import Lens

HEIGHT, WIDTH = 96, 160


def grey(value=100):
    return np.full((HEIGHT, WIDTH, 3), value, np.uint8)


def run(effect, rgb, seed=3):
    effect.set_random_seed(seed)
    return effect(image=rgb, force_apply=True)["image"]


@pytest.mark.parametrize("kind", EFFECTS)
def test_every_effect_keeps_size_and_depth_and_follows_its_seed_only(kind):
    rgb = backdrop(1)
    first, again, other = run(kind(p=1.0), rgb), run(kind(p=1.0), rgb), run(kind(p=1.0), rgb, seed=4)
    assert (first.shape, first.dtype) == (rgb.shape, np.uint8)
    assert first.tobytes() == again.tobytes() != other.tobytes()


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Haze, {"density_range": (0.5, 0.1)}),
        (Vignette, {"strength_range": (-0.1, 0.1)}),
        (Glare, {"threshold": 255}),
        (Precipitation, {"kind": "hail"}),
    ],
)
def test_parameters_out_of_range_are_refused(kind, values):
    with pytest.raises(ValueError, match="must"):
        kind(**values)


def test_haze_takes_contrast_at_the_horizon_and_leaves_the_road_before_the_car():
    stripes = np.where(np.arange(WIDTH)[None, :, None] // 4 % 2, 60, 180) * np.ones((HEIGHT, 1, 3))
    hazy = run(Haze(density_range=(0.6, 0.6), horizon_range=(0.45, 0.45)), stripes.astype(np.uint8)).astype(float)
    at_horizon, at_bottom = hazy[43].std(), hazy[-1].std()
    assert at_horizon == pytest.approx(60 * 0.4, abs=3)
    assert at_bottom == pytest.approx(60, abs=1)


@pytest.mark.parametrize("kind", ["rain", "snow"])
def test_precipitation_is_faint_and_covers_a_small_share(kind):
    fallen = run(Precipitation(kind=kind, amount_range=(0.3, 0.3), strength_range=(0.2, 0.2)), grey())
    brighter = fallen.mean(axis=-1) - np.median(fallen)
    assert 0.003 < (brighter > 2).mean() < 0.25
    assert brighter.max() <= 0.2 * 155 + 1


def test_rain_falls_in_streaks_and_snow_does_not():
    def uprightness(kind):
        fallen = run(Precipitation(kind=kind, amount_range=(0.3, 0.3), strength_range=(0.5, 0.5)), grey()).astype(float)
        return np.abs(np.diff(fallen, axis=1)).mean() / np.abs(np.diff(fallen, axis=0)).mean()

    assert uprightness("rain") > 2
    assert uprightness("snow") == pytest.approx(1, abs=0.2)


def test_glare_adds_light_around_lamps_only():
    lamp = grey(20)
    lamp[50:54, 80:84] = 255
    lit = run(Glare(), lamp).astype(int)
    assert (lit >= lamp).all()
    assert lit[50, 86].mean() > 25
    assert lit[5, 5].mean() == 20
    assert run(Glare(), grey(150)).tobytes() == grey(150).tobytes()


def test_nightfall_darkens_the_sky_most_and_spares_lamps():
    street = grey(180)
    street[60:64, 40:44] = (255, 30, 30)
    night = run(Nightfall(darkening_range=(0.6, 0.6)), street).astype(int)
    assert night[5, 100].mean() < night[90, 100].mean() < 100
    assert np.abs(night[62, 42] - (255, 30, 30)).max() <= 1


def test_a_vignette_darkens_corners_by_its_strength_and_spares_the_middle():
    dark = run(Vignette(strength_range=(0.4, 0.4)), grey(200)).astype(float)
    assert dark[0, 0].mean() == pytest.approx(120, abs=1)
    assert dark[HEIGHT // 2, WIDTH // 2].mean() == pytest.approx(200, abs=1)


@pytest.mark.parametrize("bend", [-0.25, 0.12])
def test_keypoints_of_a_bent_picture_lie_in_the_middle_of_their_pixels(bend):
    spots = [(30, 20), (80, 48), (130, 70), (25, 80), (120, 25)]
    dots = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for x, y in spots:
        dots[y - 2 : y + 3, x - 2 : x + 3] = 255
    lens = Lens(distort_limit=(bend, bend), p=1.0)
    points = np.column_stack([np.array(spots, np.float32), np.zeros((5, 3), np.float32)])
    done = lens(image=dots, keypoints=points)
    for x, y in done["keypoints"][:, :2]:
        column, row = round(float(x)), round(float(y))
        near = done["image"][max(row - 6, 0) : row + 7, max(column - 6, 0) : column + 7, 0].astype(float)
        rows, columns = np.mgrid[max(row - 6, 0) : row + 7, max(column - 6, 0) : column + 7]
        rows, columns = rows[: near.shape[0], : near.shape[1]], columns[: near.shape[0], : near.shape[1]]
        middle = (columns * near).sum() / near.sum(), (rows * near).sum() / near.sum()
        assert np.abs(np.subtract(middle, (x, y))).max() < 0.2
