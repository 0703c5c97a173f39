from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image
from small_bundle import settings, traced

from render.develop import lens
from render.develop.match import cast, detail, finish, pictures, profiles, quantisation, search, sharpness
from render.develop.match.distance import Sample, distance
from render.develop.match.finish import Finish, Profile, finished
from render.develop.match.fit import fit
from render.develop.match.fitted_camera import FITTED, camera_of
from render.develop.match.negatives import Negative, sampled
from render.develop.match.neutral import neutral
from render.develop.match.noise_level import noise
from render.develop.match.statistics import GROUPS, NAMES, SHARES, light_level, matrix, measure, planes
from render.develop.match.vignette import falloff
from render.develop.preset import draw
from scenes.errors import InputError
from scenes.seeds import generator


def street(seed=0, shape=(120, 160), brightness=1.0):
    """Return blobs, edges and texture that make a picture of no particular thing."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((*shape, 3), np.float32)
    for width, height in ((30, 90.0), (9, 60.0), (3, 25.0)):
        layer = cv2.GaussianBlur(rng.standard_normal((*shape, 3), np.float32), (0, 0), width)
        grey = layer.mean(axis=2, keepdims=True)
        picture += height * (grey + 0.25 * (layer - grey)) / grey.std()
    picture[shape[0] // 2 :, :: shape[1] // 4] += 60
    return np.clip(brightness * (110 + 0.5 * picture), 0, 255).astype(np.uint8)


def samples(seeds, change=lambda rgb: rgb):
    return [Sample(measured=measure(change(street(s))), level="day", group=str(s // 2)) for s in seeds]


def profile_of(rgb):
    return profiles.profile(Sample(measured=measure(rgb), level=light_level(rgb), group="a"))


def noisy(rgb, deviation=9.0):
    grain = np.random.default_rng(int(rgb[0, 0, 0])).normal(0, deviation, rgb.shape)
    return np.clip(rgb + grain, 0, 255).astype(np.uint8)


def folder_of(tmp_path, count, quality=80):
    for index in range(count):
        Image.fromarray(street(index)).save(tmp_path / f"{index:03}.jpg", quality=quality)
    return tmp_path


@pytest.mark.parametrize(
    ("top", "bottom", "left", "right"), [(16, 16, 0, 0), (12, 15, 0, 0), (0, 0, 24, 20), (8, 8, 16, 16)]
)
def test_a_letterbox_is_cut_off_along_blocks(top, bottom, left, right):
    rgb = np.maximum(street(), 30)
    barred = cv2.copyMakeBorder(rgb, top, bottom, left, right, cv2.BORDER_CONSTANT, value=(3, 3, 3))
    kept = pictures.unbarred(barred)
    down, aside = -top % 8, -left % 8
    np.testing.assert_array_equal(kept, rgb[down:, aside:])


def test_what_is_black_on_one_side_is_no_letterbox():
    night = np.maximum(street(), 30)
    night[:60] = 0
    np.testing.assert_array_equal(pictures.unbarred(night), night)
    np.testing.assert_array_equal(pictures.unbarred(np.zeros_like(night)), np.zeros_like(night))


def test_bars_do_not_darken_what_a_camera_is_fitted_to(tmp_path):
    for index in range(20):
        rgb = np.maximum(street(index), 30)
        for name, bars in (("plain", 0), ("barred", 24)):
            (tmp_path / name).mkdir(exist_ok=True)
            Image.fromarray(np.pad(rgb, ((bars, bars), (0, 0), (0, 0)))).save(tmp_path / name / f"{index:03}.png")
    plain, barred = (pictures.read(tmp_path / name).pictures for name in ("plain", "barred"))
    for one, other in zip(plain, barred, strict=True):
        assert (one.measured, one.level, one.falloff) == (other.measured, other.level, other.falloff)


def test_an_empty_folder_is_told_in_one_line(tmp_path):
    with pytest.raises(InputError, match=r"at least 20 pictures.*got 0") as told:
        pictures.read(tmp_path)
    assert "\n" not in str(told.value)
    with pytest.raises(InputError, match="folder that exists"):
        pictures.read(tmp_path / "none")


def test_pictures_that_cannot_be_read_are_left_out_and_too_few_of_them_are_refused(tmp_path):
    folder_of(tmp_path, 21)
    for name in ("000.jpg", "001.jpg"):
        (tmp_path / name).write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"can be read; got 19 \(000.jpg cannot be decoded\)"):
        pictures.read(tmp_path)
    (tmp_path / "000.jpg").write_bytes((tmp_path / "002.jpg").read_bytes())
    (tmp_path / "sub").mkdir()
    assert pictures.read(tmp_path).left_out == {"001.jpg": "cannot be decoded"}


def test_real_pictures_carry_what_their_files_tell(tmp_path):
    read = pictures.read(folder_of(tmp_path, 24, quality=80), count=22)
    assert len(read.pictures) == 22
    assert {picture.header.quality for picture in read.pictures} == {80}
    assert {picture.header.subsampling for picture in read.pictures} == {"4:2:0"}
    assert {picture.size_wh for picture in read.pictures} == {(160, 120)}


@pytest.mark.parametrize("quality", [35, 50, 75, 92])
def test_the_quality_of_a_file_is_read_from_its_tables(tmp_path, quality):
    path = tmp_path / "a.jpg"
    Image.fromarray(street()).save(path, quality=quality, subsampling=0)
    assert quantisation.header(path) == quantisation.Header(quality=quality, subsampling="4:4:4")
    assert quantisation.header(tmp_path / "none.jpg") is None


def test_a_picture_that_is_none_is_refused():
    for bad in (np.zeros((40, 40, 3), np.uint8), np.zeros((200, 200), np.uint8), np.zeros((200, 200, 3), np.float32)):
        with pytest.raises(InputError, match="HxWx3 uint8"):
            measure(bad)


def test_every_statistic_is_finite_even_of_black_and_white():
    for value in (0, 255):
        told = measure(np.full((120, 160, 3), value, np.uint8))
        assert tuple(told) == NAMES
        assert np.isfinite(matrix([told])).all()
    assert matrix([]).shape == (0, len(NAMES))


def test_noise_of_a_known_deviation_is_measured_whatever_the_slope_under_it():
    rng = np.random.default_rng(3)
    ramp = np.linspace(5, 95, 320, dtype=np.float32)[None, :] + np.zeros((240, 1), np.float32)
    for deviation in (0.5, 2.0):
        ((dark, mid, bright),) = noise(ramp + deviation * rng.standard_normal(ramp.shape, np.float32))
        assert [dark, mid, bright] == pytest.approx([deviation] * 3, rel=0.12)


def test_more_noise_in_the_dark_is_told_as_such():
    rng = np.random.default_rng(3)
    plane = np.repeat(np.array([15.0, 50.0, 85.0], np.float32), 80)[None, :] + np.zeros((240, 1), np.float32)
    ((dark, mid, bright),) = noise(plane + (plane < 33) * rng.standard_normal(plane.shape, np.float32))
    assert dark > 5 * max(mid, bright)


def test_octaves_add_up_and_blur_lowers_every_measure_of_sharpness():
    plane = planes(street())[0]
    assert np.sum(sharpness.octaves(plane), axis=0) == pytest.approx(plane, abs=1e-3)
    blurred = cv2.GaussianBlur(plane, (0, 0), 1.5)
    assert sharpness.edge_ratio(blurred) < sharpness.edge_ratio(plane)
    assert sharpness.spectrum_slope(blurred) < sharpness.spectrum_slope(plane)


def test_the_grid_of_a_coarse_jpeg_is_seen(tmp_path):
    path = tmp_path / "a.jpg"
    Image.fromarray(street()).save(path, quality=8)
    coarse = planes(np.asarray(Image.open(path)))[0]
    fine = planes(street())[0]
    assert quantisation.blockiness(coarse) > quantisation.blockiness(fine) + 0.2
    assert quantisation.still_share(coarse) > quantisation.still_share(fine)


def test_a_vignette_is_told_up_to_what_the_pictures_show():
    told = []
    for strength in (0.0, 1.0):
        smooth = [cv2.GaussianBlur(street(s), (0, 0), 6).astype(np.float32) / 255 for s in range(9)]
        dark = [lens.vignette(one**2.2, 0.87 * 160, strength) ** (1 / 2.2) for one in smooth]
        told.append(np.median([falloff((255 * one).astype(np.uint8)) for one in dark]))
    assert told[1] - told[0] == pytest.approx(1.0, abs=0.4)


def test_a_night_is_told_by_how_little_is_bright_and_a_dim_day_by_its_mean():
    night = np.full((96, 96, 3), 20, np.uint8)
    night[:8, :60] = 255  # lamps
    cab = np.full((96, 96, 3), 10, np.uint8)
    cab[:40] = 140  # what is seen from it
    assert [light_level(one) for one in (night, cab, np.full_like(cab, 150))] == ["night", "dim", "day"]
    assert [light_level(cab, night=known) for known in (True, False)] == ["night", "dim"]


def test_a_set_is_near_to_its_like_and_far_from_a_noisy_one():
    real = samples(range(24))
    near, far = distance(samples(range(100, 118)), real), distance(samples(range(100, 118), noisy), real)
    assert near.separability < 0.5
    assert far.separability > 0.9
    assert near.mean < far.mean
    assert far.of_group("noise") > 5 * near.of_group("noise")
    assert distance(real, real).mean == pytest.approx(0)


def test_sets_without_a_common_light_level_are_refused():
    night = [replace(sample, level="night") for sample in samples(range(6))]
    with pytest.raises(InputError, match="night 6 of ours, 0 real"):
        distance(night, samples(range(6)))


def test_a_finish_without_profiles_and_one_of_no_strength_change_nothing():
    rgb = street()
    profile = profile_of(street(5))
    for idle in (Finish(), Finish(profiles=(profile,), strength=0.0)):
        assert (finished(rgb, idle, generator(1, "finish")) == rgb).all()


def test_a_finish_brings_light_colour_and_noise_to_its_profile():
    like = noisy(np.clip(street(5) * np.array([0.8, 0.7, 0.6]) + 10, 0, 255).astype(np.uint8), 2.0)
    wanted, finish = measure(like), Finish(profiles=(profile_of(like),))
    own = measure(street(6))
    got = measure(finished(street(6), finish, generator(1, "finish")))
    for group in ("noise", "luminance", "chroma"):  # detail hangs on what is shown: see benchmarks/sensor_match.py
        before, after = (sum(abs(side[name] - wanted[name]) for name in GROUPS[group]) for side in (own, got))
        assert after < 0.75 * before, group


def wooded_road(tint=(1.0, 1.0, 1.0)):
    """Return a picture of a sky, trees over most of it, and a grey road, under a light of a tint."""
    rng = np.random.default_rng(4)
    picture = rng.uniform(60, 160, (120, 160, 1)) + rng.normal(0, 4, (120, 160, 3))
    picture[:20] = (130, 170, 235)
    picture[20:90] = picture[20:90] * (0.5, 0.8, 0.25)
    return np.clip(picture * tint, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("tint", [(1.0, 1.0, 1.0), (1.08, 1.0, 0.85), (0.92, 1.0, 1.1)])
def test_the_grey_of_a_picture_is_told_whatever_else_it_shows(tint):
    picture = planes(wooded_road(tint))
    road, every = ([plane[rows].mean() for plane in picture[1:]] for rows in (slice(90, None), slice(None)))
    assert neutral(*picture).cast == pytest.approx(road, abs=1.5)
    assert np.abs(np.subtract(every, road)).max() > 10


def test_white_balance_gives_grey_a_cast_and_leaves_black_and_what_is_blown_out():
    shown = wooded_road()
    shown[:10], shown[10:20] = 0, 255
    lightness, a, b = planes(shown)
    white = cast.blown(lightness)
    told = {
        "cast": (3.0, 6.0),
        "spread": (float(a.std()), float(b.std())),
        "most": 10.0,
        "blown": white,
        "strength": 1.0,
    }
    warm = np.array(cast.coloured((lightness, a, b), **told))
    assert warm[:, 90:].mean((1, 2)) == pytest.approx([3.0, 6.0], abs=0.7)
    assert np.abs(warm[:, :20]).max() < 0.1
    assert warm[0, 20:90].mean() < -10, "trees stay green"


def test_a_frame_draws_profiles_of_its_own_light_level_and_a_day_any_but_nights():
    day, dim, night = (replace(profile_of(street(1)), level=level) for level in ("day", "dim", "night"))
    assert finish.of_level((day, dim, night), "day") == [day]
    assert finish.of_level((dim, night), "day") == [dim]
    assert finish.of_level((day, dim), "night") == []
    assert finish.of_level((night,), "dim") == []


def test_a_night_keeps_what_its_camera_made_of_it_where_the_set_has_none():
    days = Finish(profiles=(profile_of(street(1)),))
    assert (finished(street(2), days, generator(1, "finish"), night=True) == street(2)).all()
    assert (finished(street(2), days, generator(1, "finish")) != street(2)).any()


def test_a_frame_draws_from_the_profiles_that_are_most_like_it():
    vivid = np.clip(2.2 * street(1) - 1.2 * street(1).mean(axis=2, keepdims=True), 0, 255).astype(np.uint8)
    profiles_of = [profile_of(street(1)), profile_of(vivid), profile_of(street(1, brightness=0.5))]
    for picture, wanted in zip((street(2), vivid, street(2, brightness=0.5)), profiles_of, strict=True):
        assert finish.drawn(planes(picture), profiles_of, 1, generator(1, "a")) == wanted


def test_one_night_among_days_is_no_profile():
    days, nights = ([replace(one, level=level) for one in samples(range(6))] for level in ("day", "night"))
    assert {one.level for one in profiles.chosen([*days, nights[0]]).profiles} == {"day"}
    assert {one.level for one in profiles.chosen([*days, *nights]).profiles} == {"day", "night"}


def test_a_brighter_tone_keeps_black_and_blown_white_where_they_are():
    lightness = planes(street(2))[0].copy()
    lightness[:6], lightness[6:30] = 1.0, 99.0
    own = np.quantile(lightness, SHARES)
    bright = replace(profile_of(street(1)), lightness=tuple(own[0] + (95 - own[0]) * ((own - own[0]) / 99) ** 0.6))
    mapped = finish.toned(lightness, bright, 1.0)
    assert np.median(mapped) > np.median(lightness) + 3
    assert mapped[:6].max() < 4
    assert mapped[6:30].min() == pytest.approx(99.0)


def test_the_curve_brings_back_what_detail_drove_below_black_and_leaves_a_picture_that_fits():
    lightness = planes(street(2))[0].copy()
    wanted = replace(profile_of(street(2)), lightness=tuple(np.quantile(lightness, SHARES)))
    assert finish.toned(lightness, wanted, 1.0) == pytest.approx(lightness, abs=0.01)
    crushed = lightness - 20 * np.exp(-np.square(lightness / 20))
    assert crushed.min() < 0
    mapped = finish.toned(crushed, wanted, 1.0, slopes=(0.5, 1.5))
    assert mapped.min() >= 0
    off, before = (np.abs(np.quantile(plane, SHARES) - wanted.lightness).max() for plane in (mapped, crushed))
    assert off < 0.3 * before


def test_grain_fades_where_values_are_clipped():
    plane = np.repeat(np.array([0.2, 50.0, 99.8], np.float32), 80)[None, :] + np.zeros((240, 1), np.float32)
    flat = np.zeros_like(plane)
    got, _, _ = detail.grained((plane, flat, flat), (2.0, 2.0, 2.0), 0.0, strength=1.0, rng=generator(1, "finish"))
    black, mid, white = (float((got - plane)[:, first : first + 70].std()) for first in (5, 85, 165))
    assert mid > 1
    assert max(black, white) < 0.1 * mid


def test_profiles_are_corrected_light_level_by_light_level():
    real = [replace(one, level=level) for level in ("day", "night") for one in samples(range(6))]
    ours = [*real[:6], *(replace(one, level="night") for one in samples(range(6), noisy))]
    day, night = (replace(profile_of(street(1)), level=level) for level in ("day", "night"))
    first = Finish(profiles=(day, night))
    bright, dark = profiles.corrected(first, ours, real, first=first).profiles
    assert bright == day
    assert dark.grain[1] < night.grain[1]


def test_grain_that_a_codec_swallows_is_not_chased():
    real, ours = samples(range(6), noisy), samples(range(6))
    first = finish = Finish(profiles=(replace(profile_of(noisy(street(1))), level="day"),))
    for _ in range(4):
        finish = profiles.corrected(finish, ours, real, first=first)
    (own,), (last,) = first.profiles, finish.profiles
    most = pytest.approx([1.4 * value for value in (*own.grain, own.chroma_grain)], abs=2e-3)
    assert [*last.grain, last.chroma_grain] == most
    assert max(np.divide(last.octaves, own.octaves)) > 1.6


def test_a_finish_keeps_hues_where_spreads_differ():
    picture = np.full((96, 160, 3), (110, 112, 115), np.uint8)
    picture[20:70, 20:70] = (220, 180, 30)
    picture[20:70, 90:140] = (60, 90, 180)
    _, a, b = (plane[22:68, 22:68].mean() for plane in planes(picture))
    spread = (2 * planes(picture)[1].std(), 0.5 * planes(picture)[2].std())
    profile = Profile(lightness=tuple(np.linspace(10, 90, len(SHARES))), spread=spread, octaves=(0.1, 0.1, 0.1))
    done = finished(picture, Finish(profiles=(profile,)), generator(1, "finish"))
    _, a_after, b_after = (plane[22:68, 22:68].mean() for plane in planes(done))
    assert np.degrees(np.arctan2(b_after, a_after)) == pytest.approx(np.degrees(np.arctan2(b, a)), abs=12)


def test_the_same_generator_finishes_to_the_same_bytes_and_another_may_draw_another_profile():
    finish = Finish(profiles=tuple(profile_of(street(s, brightness=0.8 + 0.1 * s)) for s in range(4)))
    once, again, other = (finished(street(9), finish, generator(seed, "finish")) for seed in (1, 1, 2))
    assert (once == again).all()
    assert (once != other).any()


def test_impossible_profiles_are_refused():
    good = {"lightness": tuple(range(10, 80, 10)), "spread": (5.0, 5.0), "octaves": (1.0, 1.0, 1.0)}
    assert len(good["lightness"]) == len(SHARES)
    Profile(**good)
    for bad in (
        {"lightness": (50, 40, 30, 20, 10, 5, 1)},
        {"spread": (0.0, 1.0)},
        {"grain": (-1.0, 0.0, 0.0)},
        {"level": "dusk"},
    ):
        with pytest.raises(InputError, match=r"sensor\.finish\.profiles"):
            Profile(**{**good, **bad})
    for bad in ({"strength": 2.0}, {"nearest": 0}):
        with pytest.raises(InputError, match=r"sensor\.finish"):
            Finish(**bad)


def test_knobs_stay_within_their_bounds():
    _, camera = settings()
    for knob in (turn for turn in search.TURNS if isinstance(turn, search.Knob)):
        for step in (-1e3, 1e3):
            value = getattr(getattr(search.turned(camera, knob, step), knob.section), knob.name)
            low, high = value if isinstance(value, tuple) else (value, value)
            assert knob.low - 10 <= low <= high <= knob.high + 10


def test_a_switch_offers_every_other_kind():
    _, camera = settings()
    assert [trial.hdr.exposures for trial in search.switched(camera, search.RANGE)] == [2, 3]
    assert search.switched(camera, replace(search.RANGE, kinds=(1,))) == []


def test_the_search_finds_the_kind_and_the_figure_of_least_cost(monkeypatch):
    def apart(trials, _):
        return abs(trials[0].isp.sharpen - 1.1) + abs(trials[0].hdr.exposures - 2) + trials[0].lens.soften

    monkeypatch.setattr(search, "sampled", lambda _, trial, finish: replace(trial, finish=finish))
    monkeypatch.setattr(search, "cost", apart)
    _, camera = settings()
    found = search.searched(camera, [None], [], finish=Finish(), turns=(search.RANGE, *search.TURNS))
    assert (found.hdr.exposures, found.isp.sharpen, found.lens.soften) == (2, 1.1, 0.0)
    assert (found.codec, found.isp.luma_denoise) == (camera.codec, camera.isp.luma_denoise)


def test_lamps_that_a_plain_sensor_blows_out_are_seen_to_need_merged_exposures():
    looks, camera = settings()
    look = draw(looks, "night", 1, seed=3, scene="a")[0]
    frames = []
    for seed in range(6):
        light = 0.3 * (street(seed) / 255).astype(np.float32) ** 2.2
        light[40:70, 60:90] *= 40  # lit by a lamp, and not blown out by a sensor of a wide range
        frames.append(Negative(light=light, look=replace(look, seed=seed), focal_px=140.0, scene=str(seed)))
    wide = replace(camera, hdr=replace(camera.hdr, exposures=3))
    real = [sampled(replace(frame, look=replace(frame.look, seed=90)), wide, Finish()) for frame in frames]
    assert search.searched(camera, frames, real, finish=Finish(), turns=(search.RANGE,)).hdr.exposures == 3


def test_a_fit_takes_the_files_quality_and_comes_nearer(tmp_path):
    looks, camera = settings()
    look = draw(looks, "day", 1, seed=3, scene="a")[0]
    frames = [
        Negative(
            light=300 * (street(s) / 255).astype(np.float32) ** 2.2,
            look=replace(look, seed=s),
            focal_px=140.0,
            scene=str(s // 2),
        )
        for s in range(100, 110)
    ]
    for index in range(20):
        picture = noisy(np.clip(street(index) * np.array([1.0, 0.9, 0.7]) + 20, 0, 255).astype(np.uint8), 4.0)
        Image.fromarray(picture).save(tmp_path / f"{index}.jpg", quality=66)
    fitted = fit(pictures.read(tmp_path).pictures, frames, camera, turns=search.TURNS[3:4])
    assert fitted.camera.codec.jpeg_quality_range == (66, 66)
    assert fitted.resolution_wh == (160, 120)
    assert fitted.after.mean < 0.6 * fitted.before.mean


def day_frames(look):
    return [
        Negative(light=300 * (street(s) / 255).astype(np.float32) ** 2.2, look=look, focal_px=140.0, scene=str(s))
        for s in range(100, 106)
    ]


def test_dim_pictures_of_nights_do_not_darken_days(tmp_path):
    looks, camera = settings()
    look = draw(looks, "day", 1, seed=3, scene="a")[0]
    frames = day_frames(look)
    for index in range(20):
        Image.fromarray(street(index, brightness=1.3)).save(tmp_path / f"{index}.jpg")
    days = pictures.read(tmp_path).pictures
    dim = [replace(days[0], level="dim", measured=measure(street(s, brightness=0.65))) for s in range(30)]
    mixed, alone = (fit(some, frames, camera, turns=()).camera.exposure.day_key for some in ([*days, *dim], days))
    assert mixed == pytest.approx(alone, rel=0.1)


def test_nights_have_no_part_in_a_fit_to_days(tmp_path):
    looks, camera = settings()
    look = draw(looks, "day", 1, seed=3, scene="a")[0]
    days = day_frames(look)
    nights = [replace(frame, light=frame.light / 300, night=True) for frame in days]
    real = pictures.read(folder_of(tmp_path, 20)).pictures
    assert fit(real, [*days, *nights], camera, turns=()) == fit(real, days, camera, turns=())
    alike = [replace(one, level="night") for one in real]
    assert fit([*real, *alike], [*days, *nights], camera, turns=()).after.levels == ("night", "day")


def test_a_round_of_nights_cannot_be_fitted_to_days(tmp_path, capsys):
    looks, camera = settings()
    dark = replace(looks, night=tuple(preset for preset in looks.night if preset.sky_lux_range[1] < 1))
    traced(tmp_path / "round")
    (tmp_path / "days").mkdir()
    real = folder_of(tmp_path / "days", 20)
    with pytest.raises(InputError, match=r"scenes: must hold days, as the real pictures do; got none; add real nights"):
        camera_of(tmp_path / "round", real, looks=dark, sensor=replace(camera, name=FITTED), seed=1)
    assert "days has fewer than 5 nights" in capsys.readouterr().out
