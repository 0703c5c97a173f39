"""Drift: valid p-values over takes, an error rate that all windows share, and a watch that remembers."""

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from eval import history, resample
from eval.drift import shift, watch
from eval.drift.family import level
from eval.drift.observed import ATTRIBUTES, Observed
from eval.drift.permutation import p_value, smallest_p
from eval.drift.watch import DriftSettings
from rareblend.main import main
from scenes.errors import InputError

DHAKA = Path(__file__).parents[2] / "shared/real/dev_dhaka_drive/images"


def observed(rng, takes, each, *, lightness=0.0, spread=1.0):
    """Make pictures whose takes differ, as real ones do."""

    def drawn(width):
        return np.repeat(rng.normal(size=(takes, width)), each, axis=0) * 0.6 + rng.normal(size=(takes * each, width))

    attributes = drawn(len(ATTRIBUTES))
    attributes[:, 1] = spread * attributes[:, 1] + lightness
    keys = tuple(f"{rng.integers(1 << 62):x}" for _ in range(takes * each))
    return Observed(
        keys=keys,
        takes=tuple(f"take{index // each}" for index in range(takes * each)),
        features=drawn(24),
        attributes=attributes,
    )


def _sides(takes=(10, 6), each=4):
    window = np.arange(sum(takes) * each) >= takes[0] * each
    return window, np.arange(sum(takes) * each) // each


def test_p_values_of_takes_are_uniform_without_a_shift():
    rng, (window, groups) = np.random.default_rng(1), _sides()
    hits = 0
    for _ in range(500):
        values = np.repeat(rng.normal(size=16), 4) + 0.5 * rng.normal(size=64)
        hits += shift.of_attribute(values, window, groups, rng=rng, most=200).p <= 0.05
    assert 0.03 <= hits / 500 <= 0.07


def test_taking_pictures_for_independent_would_raise_false_alarms():
    rng, (window, groups) = np.random.default_rng(1), _sides()
    alone = np.arange(len(groups))
    hits = 0
    for _ in range(100):
        values = np.repeat(rng.normal(size=16), 4) + 0.5 * rng.normal(size=64)
        hits += shift.of_attribute(values, window, alone, rng=rng, most=200).p <= 0.05
    assert hits > 15


def test_p_value_stops_early_and_reaches_its_floor():
    window, groups = _sides()
    rng, drawn = np.random.default_rng(0), []

    def never(label):
        drawn.append(len(label))
        return np.where(np.all(label == window, axis=1), 1.0, 0.0)

    assert p_value(never, window, groups, rng=rng, most=3000) == pytest.approx(1 / 3001)
    assert sum(drawn) == 3001
    drawn.clear()
    assert (
        p_value(lambda label: drawn.append(len(label)) or np.zeros(len(label)), window, groups, rng=rng, most=3000) == 1
    )
    assert sum(drawn) == 1001


def test_smallest_p_counts_the_ways_to_choose_takes():
    window, groups = _sides((4, 2))
    assert smallest_p(window, groups, 10_000) == pytest.approx(1 / 15)
    assert smallest_p(window, groups, 9) == pytest.approx(0.1)


def test_holm_is_as_published():
    assert resample.holm(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_all_windows_for_ever_spend_no_more_than_alpha():
    spent = np.cumsum([level(0.05, window, 100) for window in range(1, 200_000)])
    assert spent[99] == pytest.approx(0.025)
    assert 0.0499 < spent[-1] <= 0.05


@pytest.mark.parametrize("change", [{"lightness": 2.5}, {"spread": 6.0}])
def test_a_shift_of_place_or_spread_is_found_in_its_attribute(change):
    rng = np.random.default_rng(5)
    found = watch.judge(
        observed(rng, 30, 6),
        observed(rng, 24, 6, **change),
        level=level(0.05, 1, 100),
        settings=DriftSettings(),
        seed=1,
    )
    assert found["drifted"]
    assert found["tests"]["lightness_50"]["p"] <= found["level"]
    assert found["tests"]["vivid"]["p"] > found["level"]


def test_the_classifier_tells_a_shift_that_no_attribute_shows():
    rng = np.random.default_rng(6)
    reference, window = observed(rng, 24, 5), observed(rng, 24, 5)
    features = np.concatenate([reference.features, window.features + 0.6])
    inside = np.arange(240) >= 120
    groups = np.concatenate([reference.groups, window.groups + 120])
    told = shift.told_apart(features, inside, groups, rng=rng, most=2000)
    assert told.p < 0.01
    assert told.interval[0] < told.value < told.interval[1]
    assert told.value > 0.7


def test_false_alarms_of_a_hundred_windows_stay_within_alpha():
    rng, alarms = np.random.default_rng(7), 0
    reference = observed(rng, 20, 2)
    for window in range(100):
        found = watch.judge(
            reference, observed(rng, 12, 2), level=level(0.05, window + 1, 100), settings=DriftSettings(), seed=window
        )
        alarms += found["drifted"]
    assert alarms <= 1  # two would come in one of 800 such watches


def test_too_few_pictures_or_takes_are_told():
    rng, settings = np.random.default_rng(8), DriftSettings()
    few = watch.judge(observed(rng, 30, 2), observed(rng, 3, 4), level=0.01, settings=settings, seed=1)
    assert few == {"not_measured": "insufficient: 12 of 20 pictures"}
    takes = watch.judge(observed(rng, 10, 4), observed(rng, 1, 40), level=0.01, settings=settings, seed=1)
    assert "1 takes against 10" in takes["not_measured"]


def test_frames_that_fall_behind_the_real_set_are_told():
    rng = np.random.default_rng(9)
    frames = rng.normal(size=(60, 16))
    features = np.concatenate([rng.normal(size=(80, 16)), rng.normal(size=(80, 16)) + 0.8])
    inside = np.arange(160) >= 80
    grown = shift.relative(frames, np.arange(60) // 3, features, inside, np.arange(160) // 4)
    still = shift.relative(frames, np.arange(60) // 3, rng.normal(size=(160, 16)), inside, np.arange(160) // 4)
    assert grown.interval[0] > 0
    assert grown.p < 0.01 < still.p


@pytest.mark.parametrize(
    ("change", "key"),
    [({"alpha": 0.0}, "drift.alpha"), ({"planned": 0}, "drift.planned"), ({"size": 5}, "drift.size")],
)
def test_settings_that_cannot_be_are_refused(change, key):
    with pytest.raises(InputError, match=key):
        DriftSettings(**change)


def _street(path, seed, quality=95):
    rng = np.random.default_rng(seed)
    rgb = cv2.resize(rng.integers(0, 255, (12, 16, 3), dtype=np.uint8), (192, 128), interpolation=cv2.INTER_CUBIC)
    rgb = np.clip(rgb + rng.normal(0, 6, rgb.shape), 0, 255).astype(np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), rgb, [cv2.IMWRITE_JPEG_QUALITY, quality])


@pytest.fixture
def inbox(tmp_path, own_cache):
    for number in range(120):
        _street(tmp_path / f"reference/{number // 5}/a{number:04d}.jpg", number)
    for number in range(40):
        _street(tmp_path / f"inbox/2026-01/{number // 5}/b{number:04d}.jpg", 500 + number)
        _street(tmp_path / f"inbox/2026-02/{number // 5}/c{number:04d}.jpg", 700 + number, quality=20)
    return tmp_path


def _watch(folder, *words):
    told = [f"out={folder}/out", f"real={folder}/reference", f"drift.windows=['{folder}/inbox/2026-*']"]
    return main(["eval", "drift", *told, "drift.planned=10", *words])


def test_the_watch_judges_each_window_once_and_remembers(inbox, capsys):
    shutil.move(inbox / "inbox/2026-02", inbox / "later")
    assert _watch(inbox) == 0
    assert "2026-01: no drift shown" in capsys.readouterr().out
    shutil.move(inbox / "later", inbox / "inbox/2026-02")
    assert _watch(inbox) == 1
    told = capsys.readouterr().out
    assert "2026-01: no drift shown, as judged before" in told
    assert "2026-02: DRIFTED in" in told
    found = json.loads((inbox / "out/drift/drift.json").read_text())
    assert [window["number"] for window in found["windows"]] == [1, 2]
    assert found["scores"][0]["value"] == 1
    assert _watch(inbox) == 1
    assert "2026-02: DRIFTED" in capsys.readouterr().out
    with history.opened(inbox / "out/history.sqlite") as past:
        assert [point.value for point in past.trend("drifted_windows")] == [0, 1, 1]


def test_pictures_that_fill_no_window_wait(inbox, capsys):
    assert _watch(inbox, "drift.size=30") in (0, 1)
    assert "waiting: 2026-01: 10 of 30 pictures wait for more" in capsys.readouterr().out


def test_a_pattern_without_folders_is_one_line(inbox, capsys):
    words = ["eval", "drift", f"out={inbox}/out", f"real={inbox}/reference", f"drift.windows=['{inbox}/nothing/*']"]
    assert main(words) == 2
    assert "drift.windows: must name folders of pictures" in capsys.readouterr().err
    assert main(words[:-1]) == 2
    assert "add drift.windows=[DIR]" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(not DHAKA.is_dir(), reason="the real set dev_dhaka_drive is not here")
def test_stronger_compression_is_found_within_two_windows_of_100(tmp_path):
    files = sorted(DHAKA.glob("*.jpg"))
    takes = [files[start : start + 10] for start in range(0, len(files), 10)]
    order = np.random.default_rng(3).permutation(len(takes))
    for place, take in enumerate(order[:60]):
        folder = tmp_path / ("reference" if place < 40 else f"inbox/window-{place // 10 - 3}") / f"{take}"
        folder.mkdir(parents=True)
        for file in takes[take]:
            if place < 40:
                shutil.copy(file, folder)
            else:
                cv2.imwrite(str(folder / file.name), cv2.imread(str(file)), [cv2.IMWRITE_JPEG_QUALITY, 30])
    words = ["eval", "drift", f"out={tmp_path}/out", f"real={tmp_path}/reference", "real.count=null"]
    assert main([*words, f"drift.windows=['{tmp_path}/inbox/*']"]) == 1
    found = json.loads((tmp_path / "out/drift/drift.json").read_text())
    assert any(window["drifted"] for window in found["windows"])
