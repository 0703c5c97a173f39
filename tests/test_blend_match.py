"""Matching: each step reaches what it is told to, nothing else is touched, and nothing is done that does not help."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from fake_round import write_coco, write_round
from PIL import Image
from pydantic import TypeAdapter
from scipy import fft
from skimage.exposure import match_histograms
from skimage.metrics import structural_similarity

from blend.augment import AugmentSettings
from blend.condition import condition
from blend.match import jpeg, score
from blend.match.choose import Frame, choose, drawn
from blend.match.display import as_bytes, as_float, clipped, lab_of
from blend.match.fourier import fourier
from blend.match.grid import smoothed, spread
from blend.match.histogram import histogram
from blend.match.match import plan
from blend.match.noise import grain, noisy
from blend.match.recipe import COLOUR, FINISH, Recipe, applied
from blend.match.reference import chosen, reference
from blend.match.reinhard import reinhard
from blend.match.settings import MatchSettings
from blend.match.sharpness import octaves, sharpened
from blend.match.statistics import NAMES, measure
from blend.match.transport import monge, transport
from blend.mix import build
from blend.picture import decode_rgb
from blend.real import RealSettings
from blend.settings import BlendSettings
from scenes.errors import InputError
from scenes.settings import compose

WIDE, HIGH = 200, 120
AUTO = MatchSettings(colour=tuple(COLOUR), finish=FINISH)


def street(seed, level=0.5, contrast=0.2, grains=2.0, blur=0.0):
    """Paint a picture with broad shades, edges and noise, in the middle of the range."""
    rng = np.random.default_rng(seed)
    broad = cv2.resize(rng.normal(0, 1, (6, 9, 3)), (WIDE, HIGH), interpolation=cv2.INTER_CUBIC)
    broad[:, :, 1:] = 0.7 * broad[:, :, :1] + 0.3 * broad[:, :, 1:]
    for _ in range(12):
        x, y = int(rng.integers(WIDE - 30)), int(rng.integers(HIGH - 20))
        broad[y : y + 14, x : x + 24] += rng.normal(0, 0.8)
    rgb = 255 * (level + contrast * broad / 2) + rng.normal(0, grains, (HIGH, WIDE, 1))
    rgb = cv2.GaussianBlur(rgb, (0, 0), blur) if blur else rgb
    return np.clip(np.round(rgb), 0, 255).astype(np.uint8)


def of(rgb, name="one", group="one", tables=None):
    return reference(name, group, rgb, tables)


def moments(rgb):
    lab = lab_of(rgb).reshape(-1, 3)
    return lab.mean(axis=0), lab.std(axis=0), np.cov(lab.T)


def near_pair():
    """Return two pictures whose colours differ by less than the bounds of what is changed."""
    return as_float(street(1)), street(2, level=0.56, contrast=0.24)


def test_reinhard_reaches_the_means_and_deviations_of_the_real_picture():
    ours, real = near_pair()
    mean, spread, _ = moments(reinhard(ours, of(real), 1.0))
    wanted_mean, wanted_spread, _ = moments(as_float(real))
    assert mean == pytest.approx(wanted_mean, abs=0.5)
    assert spread == pytest.approx(wanted_spread, rel=0.05)


def test_transport_reaches_the_covariance_too_and_its_map_is_the_closed_form():
    ours, real = near_pair()
    assert moments(transport(ours, of(real), 1.0))[2] == pytest.approx(moments(as_float(real))[2], rel=0.2, abs=6)
    own, wanted = np.diag([4.0, 9.0, 1.0]), np.array([[5.0, 0.6, 0], [0.6, 8.0, 0.1], [0, 0.1, 1.2]])
    plan_ = monge(own, wanted)
    assert plan_ @ own @ plan_ == pytest.approx(wanted, abs=0.02)
    assert plan_ == pytest.approx(plan_.T)


def test_a_histogram_comes_as_near_as_that_of_scikit_image():
    ours, real = near_pair()
    got = lab_of(histogram(ours, of(real), 1.0))
    peer = match_histograms(lab_of(ours), lab_of(as_float(real)), channel_axis=2)
    apart = np.abs(np.quantile(got[..., 0], (0.1, 0.5, 0.9)) - np.quantile(peer[..., 0], (0.1, 0.5, 0.9)))
    assert apart.max() < 2
    assert np.abs(got[..., 0] - peer[..., 0]).mean() < 1.5


def test_fourier_takes_low_amplitudes_and_keeps_every_phase():
    ours, real = near_pair()
    after = fourier(ours, of(real), 1.0)
    assert after.min() > 0
    assert after.max() < 1
    before, now, theirs = (fft.rfft2(rgb, axes=(0, 1)) for rgb in (ours, after, as_float(real)))
    assert np.abs(now[0, 0]) == pytest.approx(np.abs(theirs[0, 0]), rel=0.01)
    assert np.abs(now[10:50, 10:]) == pytest.approx(np.abs(before[10:50, 10:]), rel=0.01, abs=0.1)
    low = (slice(0, 4), slice(0, 4))
    assert np.angle(now[low] / before[low]) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("name", COLOUR)
def test_a_picture_matched_to_itself_stays_as_it_is_and_strength_0_changes_nothing(name):
    rgb = as_float(street(3))
    other = of(street(4, level=0.62))
    assert np.abs(COLOUR[name](rgb, of(street(3)), 1.0) - rgb).max() < 1.5 / 255
    assert np.abs(COLOUR[name](rgb, other, 0.0) - rgb).max() < 1 / 255
    assert np.abs(COLOUR[name](rgb, other, 1.0) - rgb).mean() > 4 / 255


def test_the_grid_of_a_codec_goes_and_edges_and_pictures_without_a_grid_stay():
    plain = cv2.GaussianBlur(street(4, grains=3.0), (0, 0), 0.8)
    ok, file = cv2.imencode(".jpg", plain[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 25])
    assert ok
    coarse = cv2.imdecode(file, cv2.IMREAD_COLOR_RGB)
    gone = as_bytes(smoothed(as_float(coarse), 1.0), np.random.default_rng(0))
    blocks = [measure(rgb)[NAMES.index("blocks")] for rgb in (plain, gone, coarse)]
    assert blocks[2] > blocks[0] + 0.2
    assert abs(blocks[1] - blocks[0]) < 0.3 * (blocks[2] - blocks[0])
    assert np.abs(gone.astype(float) - plain).mean() < np.abs(coarse.astype(float) - plain).mean()
    halves = np.full((64, 64, 3), 0.3, np.float32)
    halves[:, 32:] = 0.7  # an edge on the grid
    assert np.abs(smoothed(halves, 1.0) - halves).max() < 2e-3  # half a level: OpenCV's L*a*b* is no nearer


def test_a_step_on_the_grid_becomes_a_ramp_of_eight_pixels():
    lightness = np.full((32, 32), 50.0, np.float32)
    lightness[8:] += 0.1
    spread(lightness, 8, 1.0)
    ramp = [0.0125, 0.025, 0.0375, 0.05, 0.05, 0.0625, 0.075, 0.0875]  # the two in the middle meet
    assert lightness[4:12, 5] - 50 == pytest.approx(ramp, abs=1e-4)


def test_detail_and_noise_reach_what_is_wanted():
    sharp, soft = as_float(street(5, grains=0.5)), as_float(street(5, grains=0.5, blur=0.7))
    wanted = octaves(lab_of(sharp)[..., 0])
    before, after = (octaves(lab_of(rgb)[..., 0]) for rgb in (soft, sharpened(soft, wanted, 1.0)))
    assert abs(after[0] - wanted[0]) < 0.6 * abs(before[0] - wanted[0])
    softened = octaves(lab_of(sharpened(sharp, octaves(lab_of(soft)[..., 0]), 1.0))[..., 0])
    assert softened == pytest.approx(before, rel=0.25)
    calm = np.full((HIGH, WIDE, 3), 0.5, np.float32)
    assert grain(lab_of(noisy(calm, (2.0, 1.0), 1.0, np.random.default_rng(1)))) == pytest.approx((2.0, 1.0), rel=0.25)


def test_files_are_written_with_the_tables_and_subsampling_of_the_real_ones(tmp_path):
    steps = list(range(3, 67))
    Image.fromarray(street(6)).save(tmp_path / "a.jpg", qtables=[steps, steps[::-1]], subsampling=1)
    tables = jpeg.tables_of(tmp_path / "a.jpg")
    (tmp_path / "b.jpg").write_bytes(applied(street(7), of(street(6), tables=tables), Recipe(jpeg=1.0), seed=1))
    assert jpeg.tables_of(tmp_path / "b.jpg") == tables
    assert (tables.luma, tables.chroma, tables.subsampling) == (steps, steps[::-1], 1)
    Image.fromarray(street(6)).save(tmp_path / "c.png")
    assert jpeg.tables_of(tmp_path / "c.png") is None


@pytest.mark.parametrize("name", COLOUR)
def test_lamps_and_blown_skies_are_not_tinted_and_a_grey_road_stays_grey(name):
    night = (street(8, level=0.15, contrast=0.05).astype(int) // 2).astype(np.uint8)
    night[:20] = 255
    cv2.circle(night, (60, 60), 8, (255, 40, 30), -1)
    amber = np.clip(street(9, level=0.3) * np.array([1.5, 1.0, 0.3]), 0, 255).astype(np.uint8)
    after = jpeg.decode(applied(night, of(amber), Recipe(colour=name, strength=1.0), seed=1)).astype(int)
    assert np.abs(after[:14] - 255).max() <= 3
    assert np.abs(after[57:64, 57:64] - night[57:64, 57:64]).mean() < 6
    grey = np.repeat(street(10)[..., :1], 3, axis=2)
    if name != "fourier":
        road = lab_of(COLOUR[name](as_float(grey), of(amber), 1.0))[..., 1:]
        assert np.abs(np.median(road, axis=(0, 1))).max() < 4.5
    assert clipped(as_float(night))[5, 5] == 1


def test_gradients_show_no_bands():
    ramp = np.tile(np.linspace(100, 130, WIDE)[None, :, None], (HIGH, 1, 3))
    smooth = as_float(np.round(ramp).astype(np.uint8)) * np.float32(0.97)
    shown = as_bytes(smooth, np.random.default_rng(1)).astype(float)
    assert np.abs(shown.mean(axis=0)[:, 0] / 255 - smooth[0, :, 0]).max() < 0.6 / 255
    assert (np.diff(shown, axis=1) != 0).mean() > 0.2


def test_the_score_is_0_between_halves_of_one_set_and_rises_with_the_distance():
    rng = np.random.default_rng(5)
    one, other = rng.normal(0, 1, (2, 60, 4))
    assert abs(score.energy(one, other)) < 0.04
    told = [score.energy(one + step, other) for step in (0.5, 1.0, 2.0)]
    assert told == sorted(told)
    assert told[0] > 0.03


def test_damage_counts_structure_as_ssim_does_and_not_tone():
    rgb = street(11)
    assert score.damage(rgb, rgb) == pytest.approx(0, abs=0.01)
    assert score.damage(rgb, (0.6 * rgb + 20).astype(np.uint8)) < 0.05
    rng = np.random.default_rng(1)
    noised = [np.clip(rgb + rng.normal(0, sigma, rgb.shape), 0, 255).astype(np.uint8) for sigma in (4, 12, 36)]
    grey = [cv2.cvtColor(one, cv2.COLOR_RGB2GRAY) for one in (rgb, *noised)]
    ssim = [structural_similarity(grey[0], one) for one in grey[1:]]
    lost = [score.damage(rgb, one) for one in noised]
    assert lost == sorted(lost)
    assert ssim == sorted(ssim, reverse=True)
    assert lost[-1] > 0.2
    assert score.damage(street(11, grains=20.0), street(12, grains=20.0)) > 0.5


def takes(first, count, **told):
    return [of(street(first + place, **told), f"real{place}", f"take{place}") for place in range(count)]


def frames(first, count, **told):
    return [Frame(rgb=street(first + place, **told), seed=place) for place in range(count)]


def test_nothing_is_done_to_pictures_that_are_like_the_real_ones_already():
    choice = choose(frames(0, 6), takes(100, 16), AUTO, seed=1)
    assert choice.recipe.idle
    assert choice.why == "nothing that was tried lowers the score"
    assert choice.before == choice.after < 0.1


def test_what_differs_is_matched_and_the_score_on_pictures_held_out_falls():
    choice = choose(frames(0, 8, level=0.42, contrast=0.14, blur=0.8), takes(100, 20, level=0.58), AUTO, seed=1)
    assert choice.recipe.strength > 0
    assert choice.after < 0.6 * choice.before
    assert 0 < choice.damage < 0.15
    assert json.loads(json.dumps(choice.record()))["recipe"]["strength"] == pytest.approx(
        choice.recipe.strength, abs=1e-4
    )


def test_too_few_real_pictures_or_takes_leave_all_as_it_is():
    assert choose(frames(0, 5), takes(100, 6), AUTO, seed=1).recipe.idle
    one_take = [replace(one, group="same") for one in takes(100, 20, level=0.6)]
    choice = choose(frames(0, 5), one_take, AUTO, seed=1)
    assert (choice.recipe.idle, choice.why) == (True, "20 real pictures of 1 takes are too few")


def test_a_given_strength_is_taken_as_it_is():
    told = MatchSettings(colour=("reinhard",), finish=("noise",), strength=0.4)
    assert choose(frames(0, 1), takes(100, 20), told, seed=1).recipe == Recipe(strength=0.4, noise=0.4)


def test_pictures_are_matched_to_pictures_of_like_lightness():
    dark, bright = takes(0, 20, level=0.35), takes(50, 20, level=0.65)
    both = [*dark, *bright]
    assert {drawn(street(99, level=0.65), both, seed=seed).measured[2] > 50 for seed in range(20)} == {True}
    assert len({drawn(street(99, level=0.65), both, seed=seed).measured[0] for seed in range(20)}) > 4


def test_every_statistic_has_a_name_and_conditions_are_the_profiles():
    assert len(measure(street(1))) == len(NAMES)
    assert np.isfinite(measure(np.zeros((HIGH, WIDE, 3), np.uint8))).all()
    assert [condition(np.full((90, 160, 3), level, np.uint8)) for level in (30, 70, 150)] == ["night", "dim", "day"]


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (
            {"colour": ["paint"]},
            r"match\.colour: must hold names out of reinhard, histogram, transport, fourier; got paint",
        ),
        ({"finish": ["blur"]}, r"match\.finish: must hold names out of grid, sharpness, noise, jpeg; got blur"),
        ({"colour": ["reinhard"], "strength": 1.2}, r"match\.strength: must lie in \[0, 1\]; got 1.2"),
        ({"colour": ["reinhard", "fourier"], "strength": 0.5}, r"match\.colour: must name one transfer"),
    ],
)
def test_settings_that_break_a_rule_are_refused_by_key(settings, line):
    with pytest.raises(InputError, match=line):
        TypeAdapter(MatchSettings).validate_python(settings)


def test_every_shipped_config_is_valid_and_none_does_nothing():
    files = sorted((Path(__file__).parents[1] / "conf" / "match").glob("*.yaml"))
    told = {
        f.stem: TypeAdapter(MatchSettings).validate_python(compose("blend", (f"match={f.stem}",))["match"])
        for f in files
    }
    assert [name for name, settings in told.items() if settings.idle] == ["none"]
    assert {*COLOUR, "auto", "camera"} < told.keys()


@pytest.fixture(scope="module")
def blended(tmp_path_factory):
    folder = tmp_path_factory.mktemp("matched")
    write_coco(folder / "real", count=60)
    for path in (folder / "real" / "images").iterdir():  # another camera: brighter, green, other tables
        rgb = decode_rgb(path).astype(float) * (0.7, 0.85, 0.7) + (50, 60, 40)
        Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8)).save(path, quality=60, subsampling=2)
    write_round(folder / "round", scenes=8)
    settings = MatchSettings(colour=("reinhard",), finish=("jpeg",), strength=1.0)
    augment = AugmentSettings(pipeline="light", probability=0.4)
    return folder, _build(folder, settings, augment), settings


def _build(folder, settings, augment):
    real = RealSettings(
        kind="coco", images=str(folder / "real/images"), annotations=str(folder / "real/annotations.json")
    )
    report = build(folder / "round", real=real, blend=BlendSettings(ratio=0.3), augment=augment, match=settings, seed=3)
    return report, json.loads((report.folder / "annotations.json").read_text())


def test_matched_pictures_stand_in_for_their_frames_with_labels_untouched(blended):
    folder, (report, document), _ = blended
    round_ = json.loads((folder / "round" / "annotations.json").read_text())
    told = {image["frame"]: image for image in round_["images"]}
    matched = [image for image in document["images"] if "match" in image and not image["augment"]]
    assert matched
    names = {Path(image["file_name"]).stem for image in document["images"]}
    for image in matched:
        (frame,) = image["parents"]
        assert frame in told
        assert frame not in names
        assert image["mask"] == told[frame]["mask"]
        assert image["group"] == f"scene/{told[frame]['scene']}"
        ours = [a for a in document["annotations"] if a["image_id"] == image["id"]]
        theirs = [a for a in round_["annotations"] if a["image_id"] == told[frame]["id"]]
        assert [(a["bbox"], a["segmentation"], a["area"]) for a in ours] == [
            (a["bbox"], a["segmentation"], a["area"]) for a in theirs
        ]
        before, after = (
            decode_rgb(p) for p in (folder / "round" / told[frame]["file_name"], report.folder / image["file_name"])
        )
        assert before.shape == after.shape
        assert np.abs(before.astype(int) - after).mean() > 4
    varied = [image for image in document["images"] if image["augment"]]
    assert varied
    assert all(image["parents"][0] in names for image in varied)
    assert report.record["leaks"] == 0


def test_a_matched_picture_can_be_made_again_from_its_record(blended):
    folder, (report, document), _ = blended
    image = next(image for image in document["images"] if "match" in image and not image["augment"])
    told = image["match"]
    recipe = Recipe(**{key: told[key] for key in ("colour", "strength", "grid", "sharpness", "noise", "jpeg")})
    path = next((folder / "real" / "images").glob(f"{told['reference'].split('/')[-1]}*"), None)
    path = path or next(report.folder.glob(f"images/{told['reference']}.*"))
    real = reference(told["reference"], _group(document, told["reference"]), decode_rgb(path), jpeg.tables_of(path))
    assert real.hash == told["reference_hash"]
    before = decode_rgb(folder / "round" / "images" / f"{image['parents'][0]}.jpg")
    assert applied(before, real, recipe, seed=told["seed"]) == (report.folder / image["file_name"]).read_bytes()


def _group(document, name):
    return next(image["group"] for image in document["images"] if Path(image["file_name"]).stem == name)


def test_only_real_training_pictures_are_ever_matched_to(blended):
    _, (report, document), _ = blended
    split = {Path(image["file_name"]).stem: (image["source"], image["split"]) for image in document["images"]}
    used = {image["match"]["reference"] for image in document["images"] if "match" in image}
    assert used
    assert {split[name] for name in used} == {("real", "train")}
    held = report.record["match"]["day"]
    assert held["references"] <= sum(place == ("real", "train") for place in split.values())


def test_the_same_inputs_give_the_same_bytes_in_another_process(blended, tmp_path):
    folder, (report, _), settings = blended
    for part in ("round", "real"):
        shutil.copytree(folder / part, tmp_path / part)
    code = (
        "import sys; from pathlib import Path; from blend.augment import AugmentSettings; "
        "from blend.match.settings import MatchSettings; from test_blend_match import _build; "
        f"_build(Path(sys.argv[1]), {settings!r}, AugmentSettings(pipeline='light', probability=0.4))"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, cwd=Path(__file__).parent)
    names = sorted(path.name for path in (report.folder / "images").iterdir())
    other = tmp_path / "round" / "blend" / "images"
    assert sorted(path.name for path in other.iterdir()) == names
    assert all((other / name).read_bytes() == (report.folder / "images" / name).read_bytes() for name in names)


def test_without_a_match_frames_are_in_as_they_were(blended, tmp_path):
    folder, _, _ = blended
    for part in ("round", "real"):
        shutil.copytree(folder / part, tmp_path / part)
    report, document = _build(tmp_path, MatchSettings(), AugmentSettings(pipeline="none"))
    assert report.record["match"] == {}
    assert not any("match" in image for image in document["images"])
    assert plan([], [], AUTO, seed=1).choices == {}
    assert chosen([], seed=1) == {"day": [], "dim": [], "night": []}
