"""Single statistics: their distance, Holm's correction, and the ranking with its pictures."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

from eval import differences, resample, statistic
from eval.comparison import Comparison, Gallery, PanelSettings
from eval.samples import Sample
from eval.statistic import Statistic
from render.develop.match.statistics import NAMES

SETTINGS = PanelSettings(null_draws=20, difference_permutations=2000)


def _sample(key, boxes, *, source, labelled=True):
    return Sample(
        key=key, path=Path(key), stage="frame" if source == "synthetic" else "blend", source=source, split="",
        group=key, condition="", size_wh=(100, 100), boxes=tuple(boxes), labelled=labelled, augmented=False,
    )  # fmt: skip


def _boxes(rng, count, low, high):
    return [("car", (10.0, 10.0, 10.0 + w, 10.0 + w)) for w in rng.uniform(low, high, count)]


def _comparison(frames, real):
    sides = [Gallery(samples=side, features=np.zeros((len(side), 2), np.float32)) for side in (frames, real)]
    return Comparison(frames=sides[0], real=sides[1], encoder="none", settings=SETTINGS, seed=3)


@pytest.fixture
def comparison():
    rng = np.random.default_rng(0)
    frames = [_sample(f"f{i}", _boxes(rng, 3, 30, 60), source="synthetic") for i in range(30)]
    real = [_sample(f"r{i}", _boxes(rng, 3, 10, 40), source="real") for i in range(60)]
    return _comparison(frames, real)


def test_distance_equals_scipy_where_values_are_few_and_nearly_where_they_are_many():
    rng = np.random.default_rng(1)
    side = np.arange(80) < 30
    for values, tolerance in ((rng.integers(0, 9, 80).astype(float), 1e-5), (rng.normal(size=80), 0.02)):
        one = Statistic(name="x", kind="low level", values=values, owners=np.arange(80))
        expected = wasserstein_distance(values[side], values[~side])
        assert statistic.wasserstein(one, side[None], ~side[None])[0] == pytest.approx(expected, abs=tolerance)


def test_a_side_without_values_and_values_all_alike_are_at_distance_zero():
    side = np.array([True, True, False, False])
    one = Statistic(name="x", kind="low level", values=np.array([1.0, 2.0]), owners=np.array([0, 1]))
    alike = Statistic(name="x", kind="low level", values=np.ones(4), owners=np.arange(4))
    assert statistic.wasserstein(one, side[None], ~side[None]).tolist() == [0]
    assert statistic.wasserstein(alike, side[None], ~side[None]).tolist() == [0]


def test_holm_steps_down_and_never_turns_around():
    assert resample.holm(np.array([0.01, 0.04, 0.03])).tolist() == pytest.approx([0.03, 0.06, 0.06])
    assert resample.holm(np.array([0.5, 0.9])).tolist() == [1.0, 1.0]
    assert resample.holm(np.zeros(0)).tolist() == []


def test_what_was_shifted_ranks_first_and_its_pictures_show_it(comparison, tmp_path):
    pixels = np.random.default_rng(2).normal(size=(90, len(NAMES)))
    pixels[:30, NAMES.index("vivid")] += 3
    pixels[7, NAMES.index("vivid")] += 9
    scores, listed, why = differences.compare(comparison, pixels)
    assert why == {}
    assert [score.name for score in scores] == ["label_geometry", "low_level"]
    assert all(score.p < 0.01 and score.value > score.null.interval[1] for score in scores)
    names = [one.name for one in listed]
    assert "vivid" in names[:4]
    assert {name.split(",")[0] for name in names[:4]} > {"box area (log share of picture)", "box lower edge"}
    vivid = listed[names.index("vivid")]
    assert vivid.p_holm < 0.05
    assert vivid.pictures["synthetic"][0] == "f7"
    assert all(key.startswith("r") for key in vivid.pictures["real"])
    unchanged = listed[names.index("noise dark")]
    assert unchanged.p_holm > 0.05
    differences.write(tmp_path, listed, why)
    told = json.loads((tmp_path / "eval/differences.json").read_text())
    assert [one["rank"] for one in told["differences"]] == list(range(1, len(listed) + 1))


def test_real_against_real_is_seldom_called_different():
    rng = np.random.default_rng(4)
    alarms = []
    for trial in range(20):
        frames = [_sample(f"f{trial}{i}", _boxes(rng, 2, 10, 40), source="synthetic") for i in range(20)]
        real = [_sample(f"r{trial}{i}", _boxes(rng, 2, 10, 40), source="real") for i in range(40)]
        _, listed, _ = differences.compare(_comparison(frames, real), rng.normal(size=(60, len(NAMES))))
        alarms.append(min(one.p_holm for one in listed) <= 0.05)
    assert sum(alarms) <= 3


def test_pictures_without_boxes_or_too_small_for_pixels_leave_the_other_kind_measured(comparison):
    nothing = np.full((90, len(NAMES)), np.nan)
    scores, listed, why = differences.compare(comparison, nothing)
    assert scores[1].not_measured == "insufficient: 0 of 8 frames of 96 px or more a side"
    assert {one.kind for one in listed} == {"label geometry"}
    assert set(why) == {"low level"}
    bare = [_sample(f"r{i}", [], source="real", labelled=False) for i in range(60)]
    pixels = np.random.default_rng(5).normal(size=(90, len(NAMES)))
    scores, listed, why = differences.compare(_comparison(comparison.frames.samples, bare), pixels)
    assert scores[0].not_measured == "the real pictures have no boxes"
    assert {one.kind for one in listed} == {"low level"}


def test_near_boxes_stand_lower_and_are_larger_and_that_is_taken_off():
    rng = np.random.default_rng(6)
    bottoms = rng.uniform(40, 95, 50)
    boxes = [("car", (0.0, bottom - 2 ** ((bottom - 40) / 20) * 4, 20.0, bottom)) for bottom in bottoms]
    found = statistic.of_labels([_sample(f"r{i}", [box], source="real") for i, box in enumerate(boxes)])
    beyond = next(one for one in found if one.name.startswith("box height"))
    assert np.abs(beyond.values).max() < 1e-9
