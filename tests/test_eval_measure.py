"""Measuring a round end to end on small pictures, and the feature cache."""

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

from eval import encoder, scores
from eval.embed import embed
from eval.gate import GateRule, GateSettings
from eval.measure import EvalSettings, measure
from eval.parity.probe import ProbeSettings
from scenes.errors import InputError

QUICK = EvalSettings(
    null_draws=10, permutations=100, workers=1, parity=ProbeSettings(min_boxes=2, resamples=2, replicates=10)
)
CATEGORIES = [{"id": 1, "name": "car"}, {"id": 7, "name": "person"}]


pytestmark = pytest.mark.usefixtures("own_cache")


def _picture(path, seed, *, dark=False):
    rng = np.random.default_rng(seed)
    picture = np.full((60, 80, 3), rng.integers(90, 200), np.uint8)
    x, y = rng.integers(5, 40), rng.integers(5, 30)
    cv2.rectangle(picture, (int(x), int(y)), (int(x) + 24, int(y) + 16), rng.integers(0, 255, 3).tolist(), -1)
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), picture // 4 if dark else picture)
    return [float(x), float(y), 24.0, 16.0]


def _coco(folder, images, boxes, labelled):
    annotations = [{"id": i, "image_id": i, "category_id": 1, "bbox": box} for i, box in enumerate(boxes)]
    for image in images:
        image.update(width=80, height=60)
    kept = [a for a, image in zip(annotations, images, strict=True) if labelled or image["source"] == "synthetic"]
    payload = {"images": images, "annotations": kept, "categories": CATEGORIES}
    (folder / "annotations.json").write_text(json.dumps(payload))


def _round(out, *, frame_count=8, real_count=20, labelled=True):
    names = [f"scene{i // 4}-0-{i:06d}" for i in range(frame_count)]
    boxes = [_picture(out / f"images/{name}.png", i, dark=True) for i, name in enumerate(names)]
    frames = [
        {"id": i, "file_name": f"images/{name}.png", "frame": name, "scene": name[:6], "scenario": "night"}
        | {"source": "synthetic"}
        for i, name in enumerate(names)
    ]
    _coco(out, frames, boxes, labelled)
    mixed = [
        {"id": i, "file_name": f"images/{name}.png", "source": "synthetic", "split": "train", "group": name[:6]}
        | {"augment": None, "parents": []}
        for i, name in enumerate(names)
    ]
    blended = [_picture(out / f"blend/images/{name}.png", i, dark=True) for i, name in enumerate(names)]
    for i in range(real_count):
        blended.append(_picture(out / f"blend/images/r{i}.png", 100 + i))
        mixed.append(
            {"id": len(mixed), "file_name": f"images/r{i}.png", "source": "real", "group": f"clip{i // 2}"}
            | {"split": "test" if i % 4 == 0 else "train", "augment": None, "labelled": labelled}
        )
    _coco(out / "blend", mixed, blended, labelled)
    (out / "blend/blend.json").write_text(json.dumps({"schema": 1, "leaks": 0}))
    return out


def _run(out, *rules):
    return measure(out, settings=QUICK, gates=GateSettings(rules=rules), seed=7)


def _by_name(out):
    return {(score.name, score.condition): score for score in scores.read(out)}


def test_a_second_run_embeds_nothing_and_the_number_of_workers_changes_nothing(tmp_path):
    paths = [tmp_path / f"{i}.png" for i in range(3)]
    for i, path in enumerate(paths):
        _picture(path, 1000 + i)
    network = encoder.load("whole")
    first, second = embed(paths, network), embed(paths, network, workers=3)
    assert [f.fresh for f in first] == [True] * 3
    assert [f.fresh for f in second] == [False] * 3
    assert all(np.array_equal(a.arrays["pooled"], b.arrays["pooled"]) for a, b in zip(first, second, strict=True))


def test_a_broken_cache_file_is_made_again(tmp_path, cache):
    _picture(tmp_path / "a.png", 2000)
    network = encoder.load("whole")
    (first,) = embed([tmp_path / "a.png"], network)
    store = next(cache.glob(f"features/{network.label}/*/{first.digest}.npz"))
    store.write_bytes(store.read_bytes()[:100])
    (again,) = embed([tmp_path / "a.png"], network)
    assert again.fresh
    assert np.array_equal(first.arrays["pooled"], again.arrays["pooled"])


def test_what_is_no_picture_has_no_features(tmp_path):
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "text.jpg").write_bytes(b"not a picture")
    paths = [tmp_path / "empty.jpg", tmp_path / "text.jpg", tmp_path / "absent.jpg"]
    assert embed(paths, encoder.load("whole")) == [None, None, None]


def test_the_exported_graph_equals_the_network(tmp_path):
    import torch

    rgb = np.random.default_rng(0).integers(0, 255, (224, 224, 3), dtype=np.uint8)
    with torch.no_grad():
        expected = encoder.network("whole")(torch.from_numpy(rgb[None]))[0].numpy()
    assert np.allclose(encoder.load("whole").run(rgb)["pooled"], expected, atol=1e-4)


def test_a_labelled_round_has_every_score_and_the_same_bytes_again(tmp_path):
    out = _round(tmp_path)
    rule = GateRule(gate="leaks", score="leaks", rule="<= 0")
    assert _run(out, rule) == 0
    found = _by_name(out)
    assert found["parity_difference", "all"].interval is not None
    assert found["kid", "all"].value > found["kid", "all"].null.value
    assert found["kid", "scenario:night"].n["synthetic"] == 8
    assert found["unlabelled_frames", "all"].value == 0
    before = {path.name: path.read_bytes() for path in (out / "eval").iterdir()}
    _run(out, rule)
    assert before == {path.name: path.read_bytes() for path in (out / "eval").iterdir()}


def test_every_picture_has_a_row_and_a_nearest_real_picture(tmp_path):
    out = _round(tmp_path)
    _run(out)
    rows = json.loads((out / "eval/images.json").read_text())["images"]
    assert [row["key"] for row in rows[:8]] == [f"scene{i // 4}-0-{i:06d}" for i in range(8)]
    assert len(rows) == 8 + 8 + 20
    assert all(row["nearest_real"].startswith("images/r") and row["nearest_real"] != row["key"] for row in rows)
    assert rows[0]["luminance"] < rows[-1]["luminance"]
    with np.load(out / "eval/features.npz") as features:
        assert features["embedding"].shape == (36, 1280)
        assert features["keys"].tolist() == [row["key"] for row in rows]


def test_a_real_set_without_boxes_has_no_parity_and_says_why(tmp_path):
    out = _round(tmp_path, labelled=False)
    assert _run(out, GateRule(gate="parity", score="parity_difference", rule=">= -0.02")) == 0
    assert _by_name(out)["parity_difference", "all"].not_measured == "the real set has no boxes"


def test_a_round_without_a_study_of_detectors_says_so_and_fails_only_where_one_is_required(tmp_path):
    out = _round(tmp_path, frame_count=4, labelled=False)
    rule = GateRule(gate="detectors", score="detector_difference", rule=">= -0.02")
    assert _run(out, rule) == 0
    assert _by_name(out)["detector_difference", "all"].not_measured == "no study yet: rareblend eval parity"
    assert _run(out, replace(rule, required=True)) == 1


def test_too_few_frames_are_insufficient_and_the_rest_is_still_measured(tmp_path):
    out = _round(tmp_path, frame_count=4, labelled=False)
    _run(out)
    assert _by_name(out)["kid", "all"].not_measured == "insufficient: 4 of 8 frames"
    assert _by_name(out)["leaks", "all"].value == 0


def test_every_score_says_what_it_is_or_why_it_is_not(tmp_path):
    out = _round(tmp_path)
    _run(out)
    found = _by_name(out)
    names = {name for name, _ in found}
    assert names > {
        *("kid", "mmd", "fd", "cmmd", "vendi_ratio", "density", "coverage", "near_duplicate_share"),
        *("effective_scenes", "attribute_entropy", "pairwise_coverage", "label_geometry", "low_level"),
    }
    assert found["fd", "all"].not_measured == "insufficient: 8 of 200 frames"
    assert found["cmmd", "all"].not_measured == "needs CLIP's features: encoder=clip"
    assert found["low_level", "all"].not_measured.startswith("insufficient: 0 of 8 frames of 96 px")
    assert found["kid", "light:night"].not_measured == "insufficient: 0 of 16 real pictures"
    assert found["vendi_ratio", "scenario:night"].n["each_side"] == 8
    assert found["effective_scenes", "all"].value == pytest.approx(2)
    assert found["label_geometry", "all"].null is not None
    assert (out / "eval/differences.json").exists()


def test_objects_are_compared_class_by_class(tmp_path):
    out = _round(tmp_path)
    for path in (out / "annotations.json", out / "blend/annotations.json"):
        told = json.loads(path.read_text())
        for annotation in told["annotations"]:
            annotation["bbox"] = [0.0, 0.0, 60.0, 50.0]
        path.write_text(json.dumps(told))
    _run(out)
    found = _by_name(out)
    assert found["kid", "class:car"].value > found["kid", "class:car"].null.interval[1]
    assert found["intra_class_distance", "class:car"].n["each_side"] == 8


def test_features_that_are_no_numbers_are_counted_and_the_rest_is_measured(tmp_path, monkeypatch):
    out = _round(tmp_path, labelled=False)
    run = encoder.Encoder.run

    def broken(self, rgb):
        arrays = run(self, rgb)
        return {name: value * (np.nan if rgb.mean() < 35 else 1) for name, value in arrays.items()}

    monkeypatch.setattr(encoder.Encoder, "run", broken)
    monkeypatch.setenv("RAREBLEND_CACHE", str(tmp_path / "cache"))
    dark = sum(cv2.imread(str(path)).mean() < 35 for path in (out / "images").iterdir())
    assert dark
    _run(out)
    found = _by_name(out)
    assert found["unusable_features", "all"].value == 2 * dark
    assert found["kid", "all"].not_measured == f"insufficient: {8 - dark} of 8 frames"
    assert found["leaks", "all"].value == 0


def test_an_unreadable_picture_is_counted_and_left_out(tmp_path):
    out = _round(tmp_path, labelled=False)
    (out / "blend/images/r3.png").write_bytes(b"cut")
    assert _run(out, GateRule(gate="readable", score="unreadable_pictures", rule="<= 0")) == 1
    assert _by_name(out)["kid", "all"].n["real"] == 19


def test_a_round_without_a_blend_is_refused_in_one_line(tmp_path):
    with pytest.raises(InputError, match=r"annotations\.json: must be readable"):
        _run(tmp_path)
    out = _round(tmp_path)
    (out / "blend/annotations.json").write_text('{"images": []}')
    with pytest.raises(InputError, match="must be COCO"):
        _run(out)


@pytest.mark.parametrize(
    ("key", "value"), [("workers", 0), ("near_duplicate_cosine", 1.5), ("null_draws", 1), ("coverage_k", 7)]
)
def test_settings_that_make_no_sense_are_refused(key, value):
    with pytest.raises(InputError, match=rf"eval\.{key}"):
        EvalSettings(**{key: value})
