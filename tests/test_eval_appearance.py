"""Low-level statistics of pictures: their scale, what is too small, and that drift watches the same ones."""

import cv2
import numpy as np
import pytest

from blend.picture import Picture
from eval import encoder
from eval.appearance import Appearance
from eval.drift import observed
from render.develop.match.statistics import NAMES, measure


class _Ones:
    label = "ones"

    def run(self, _):
        return {"pooled": np.ones(1280, np.float32)}


def _rgb(width, height, seed=0):
    noise = np.random.default_rng(seed).normal(size=(height, width, 3)) * 30
    return np.clip(cv2.GaussianBlur(noise, (0, 0), 1.5) * 3 + 110, 0, 255).astype(np.uint8)


def _picture(path, width, height):
    cv2.imwrite(str(path), _rgb(width, height, seed=width)[..., ::-1])
    return Picture(
        name=path.stem, path=path, source="real", group=path.stem, width=width, height=height, sha256=path.stem
    )


@pytest.mark.parametrize(("width", "height"), [(95, 400), (400, 95)])
def test_sides_under_96_px_give_nothing(width, height):
    assert Appearance().run(_rgb(width, height))["pooled"].shape == (0,)


@pytest.mark.parametrize(
    ("shape", "scaled"),
    [
        ((640, 360), (640, 360)),
        ((320, 200), (320, 200)),
        ((1280, 720), (640, 360)),
        ((720, 1280), (360, 640)),
        ((1600, 120), (1280, 96)),
    ],
)
def test_pictures_are_measured_at_a_long_side_of_640_px_and_a_short_one_of_96_at_least(shape, scaled):
    rgb = _rgb(*shape)
    expected = measure(rgb if shape == scaled else cv2.resize(rgb, scaled, interpolation=cv2.INTER_AREA))
    found = Appearance().run(rgb)["pooled"]
    assert found == pytest.approx([expected[name] for name in NAMES], rel=1e-6)


@pytest.mark.usefixtures("own_cache")
def test_drift_watches_some_of_the_same_statistics_and_counts_small_pictures(tmp_path, monkeypatch):
    monkeypatch.setattr(encoder, "load", lambda _: _Ones())
    pictures = [_picture(tmp_path / f"{w}.png", w, h) for w, h in ((700, 500), (90, 200), (200, 300))]
    told = observed.observe(pictures)
    assert told.unreadable == 1
    assert told.takes == ("700", "200")
    assert told.attributes.shape == (2, len(observed.ATTRIBUTES))
    for row, picture in zip(told.attributes, (pictures[0], pictures[2]), strict=True):
        rgb = np.asarray(cv2.imread(str(picture.path))[..., ::-1])
        whole = dict(zip(NAMES, Appearance().run(rgb)["pooled"], strict=True))
        assert row == pytest.approx([whole[name] for name in observed.ATTRIBUTES])


@pytest.mark.usefixtures("own_cache")
def test_a_picture_that_turns_out_smaller_than_listed_is_left_out_of_drift(tmp_path, monkeypatch):
    monkeypatch.setattr(encoder, "load", lambda _: _Ones())
    cv2.imwrite(str(tmp_path / "small.png"), _rgb(80, 80))
    path = tmp_path / "small.png"
    picture = Picture(name="small", path=path, source="real", group="a", width=200, height=200, sha256="0")
    told = observed.observe([picture])
    assert (told.unreadable, told.attributes.shape) == (1, (0, len(observed.ATTRIBUTES)))
