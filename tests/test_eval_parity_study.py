"""A study end to end on toy pictures: arms, training, resume, the user's own trainer, bad input."""

import dataclasses
import json
import sys
import textwrap
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
import torch

from eval import scores
from eval.parity import arms, canvas, pictures, runs, study, told, train, trainer, verb
from eval.parity.parts import parts_of
from eval.parity.settings import ParitySettings
from eval.parity.views import Crops
from scenes.errors import InputError, RareblendError

TOY = ParitySettings(
    ratios=(0.5,), seeds=2, search_seeds=2, steps=12, batch=4, long_side_px=128, min_boxes=5, replicates=100
)
CATEGORIES = [{"id": 1, "name": "car"}, {"id": 3, "name": "bus"}]


@pytest.fixture(autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def _picture(path, rng):
    rgb = np.full((96, 128, 3), rng.integers(60, 200), np.uint8)
    boxes = []
    for left in (4, 68):
        category = int(rng.choice([1, 3]))
        w, h = (44, 30) if category == 1 else (30, 60)
        x, y = left + int(rng.integers(0, 14)), int(rng.integers(2, 30))
        colour = (220, 30, 30) if category == 1 else (30, 220, 30)
        cv2.rectangle(rgb, (x, y), (x + w, y + h), colour, -1)
        boxes.append((category, [x, y, w, h]))
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), rgb[..., ::-1])
    return boxes


def _blend(out, *, real=12, synthetic=6, test=12, val=0, boxes=True):
    rng = np.random.default_rng(5)
    images, annotations = [], []
    for split, source, count in (
        ("train", "real", real), ("train", "synthetic", synthetic), ("val", "real", val), ("test", "real", test)
    ):  # fmt: skip
        for place in range(count):
            number = len(images)
            name = f"images/{source}-{number}.png"
            drawn = _picture(out / "blend" / name, rng)
            images.append(
                {"id": number, "file_name": name, "width": 128, "height": 96, "source": source, "split": split}
                | {"group": f"{split}/{place // 2}", "labelled": True, "augment": None}
            )
            for category, box in drawn if boxes else []:
                told = {"id": len(annotations), "image_id": number, "category_id": category, "bbox": box}
                annotations.append({**told, "area": box[2] * box[3], "iscrowd": 0})
    document = {"images": images, "annotations": annotations, "categories": CATEGORIES}
    (out / "blend" / "annotations.json").write_text(json.dumps(document))
    return out


def _training(out, settings=TOY, arm=arms.REAL, seed=1):
    parts = parts_of(pictures.read(out / "blend"))
    made = study.Study(out, parts, settings, workers=1, seed=seed, say=lambda _: None)
    training = made._training(arm, 0, parts.test, steps=settings.steps)
    made._compute_maps([training])
    return training


def test_arms_draw_their_share_equally_often_and_pair_by_seed(tmp_path):
    read = parts_of(pictures.read(_blend(tmp_path) / "blend")).train
    real = np.array([picture.real for picture in read])
    for arm, share in ((arms.REAL, 0), (arms.SYNTHETIC, 1), (arms.blend(0.25), 0.25)):
        drawn = arms.draws(arm, read, 480, seed=3)
        assert np.mean(~real[drawn]) == pytest.approx(share)
        assert np.mean(~real[drawn[:40]]) == pytest.approx(share), "every stretch holds the share"
        counts = np.bincount(drawn, minlength=len(read))
        assert share == 1 or np.ptp(counts[real]) <= 1
    assert np.array_equal(arms.draws(arms.REAL, read, 99, seed=3), arms.draws(arms.REAL, read, 99, seed=3))
    assert not np.array_equal(arms.draws(arms.REAL, read, 99, seed=3), arms.draws(arms.AGAIN_ARM, read, 99, seed=3))


def test_half_real_takes_half_in_whole_groups_and_another_half_for_another_seed(tmp_path):
    read = parts_of(pictures.read(_blend(tmp_path) / "blend")).train
    halves = [frozenset(arms.draws(arms.HALF, read, 600, seed=seed).tolist()) for seed in range(6)]
    assert {len(half) for half in halves} == {6}
    assert len(set(halves)) > 1
    for half in halves:
        assert len({read[place].group for place in half}) == 3


def test_sizes_of_a_study_tell_varieties_and_composites_apart(tmp_path):
    path = _blend(tmp_path) / "blend" / "annotations.json"
    document = json.loads(path.read_text())
    made = [image for image in document["images"] if image["source"] == "synthetic"]
    made[0]["augment"] = {"pipeline": "composite", "actors": []}
    made[1]["augment"] = made[2]["augment"] = {"pipeline": "light"}
    path.write_text(json.dumps(document))
    sizes = told._sizes(parts_of(pictures.read(path.parent)), [])
    assert {key: sizes[key] for key in sizes if key.startswith("added")} == {
        "added": 6,
        "added_varieties": 2,
        "added_composites": 1,
    }


def test_weights_of_a_blend_decide_how_often_a_picture_is_drawn(tmp_path):
    read = parts_of(pictures.read(_blend(tmp_path) / "blend")).train
    heavy = [dataclasses.replace(p, weight=3.0 if place == 0 else 1.0) for place, p in enumerate(read)]
    counts = np.bincount(arms.draws(arms.REAL, heavy, 1400, seed=0))
    assert counts[0] == pytest.approx(3 * counts[1], abs=3)


def test_a_crop_moves_boxes_with_the_picture():
    rng = np.random.default_rng(0)
    rgb = np.zeros((90, 160, 3), np.uint8)
    rgb[30:60, 50:110] = 255
    xyxy = np.array([[50, 30, 110, 60]], np.float32)
    seen = 0
    for _ in range(60):
        part = canvas.window((160, 90), xyxy, size_wh=(128, 96), scale=float(rng.uniform(0.6, 2)), rng=rng)
        shown = canvas.cut(rgb, part, (128, 96), rng)
        assert shown.shape == (96, 128, 3)
        assert len(part.xyxy) == part.kept.sum()
        for x0, y0, x1, y1 in np.round(part.xyxy).astype(int):
            seen += 1
            assert shown[y0:y1, x0:x1].mean() > 150
            assert x0 >= 0 <= y0
            assert (x1 <= 128) & (y1 <= 96)
    assert seen > 30


def test_a_canvas_fits_most_pictures_and_is_filled_with_grey():
    assert canvas.canvas_wh([(1280, 720)] * 9 + [(640, 480)], 320) == (320, 192)
    out, scale = canvas.fitted(np.zeros((100, 400, 3), np.uint8), (320, 192))
    assert scale == pytest.approx(0.8)
    assert out[79].max() == 0
    assert out[81].min() == canvas.GREY


def test_the_body_is_the_encoders_and_its_batch_norm_stays(tmp_path):
    from eval.parity.detector import Body

    body = Body().train()
    assert not any(module.training for module in body.modules())
    maps = body(torch.randint(0, 255, (1, 64, 96, 3), dtype=torch.uint8))
    assert [tuple(m.shape) for m in maps] == [(1, 40, 8, 12), (1, 112, 4, 6), (1, 320, 2, 3)]
    assert {p.requires_grad for p in body.low.parameters()} == {False}


@pytest.mark.slow
def test_a_quick_detector_learns_a_toy_set_and_its_boxes_are_not_empty(tmp_path):
    training = _training(_blend(tmp_path, real=16), dataclasses.replace(TOY, steps=100, batch=8))
    found = train.detect(training)
    from eval.parity.bootstrap import Tally
    from eval.parity.evaluate import match

    tally = Tally(match(training.test, training.classes, found), np.ones((1, len(training.test))), {})
    assert tally.values("ap50")[0] > 0.8
    assert min(detection["bbox"][2] for detection in found if detection["score"] > 0.3) > 10
    assert train.seconds_a_step(training) > 0


@pytest.mark.slow
def test_a_fine_detector_trains_its_body_and_not_its_first_stages(tmp_path):
    settings = dataclasses.replace(
        TOY, mode="fine", steps=8, batch=2, crops=2, crop_wh=(96, 64), long_side_px=128, test_long_side_px=128
    )
    training = _training(_blend(tmp_path), settings)
    model = train.fit(training)
    from eval.parity.detector import Body

    fresh = Body()
    same = {n: torch.equal(p, dict(fresh.named_parameters())[n]) for n, p in model.body.named_parameters()}
    assert all(equal for name, equal in same.items() if name.startswith("low"))
    assert not any(equal for name, equal in same.items() if name.startswith("high") and name.endswith("conv_pw.weight"))
    assert train.detect(training)


def test_crops_teach_what_they_show_and_are_the_same_for_every_training(tmp_path):
    picture = pictures.read(_blend(tmp_path) / "blend")[0]
    crops = Crops(size_wh=(96, 64), classes=("bus", "car"), count=4, long_side_px=128, zoom=(0.6, 2.0))
    shown = crops.shown(picture)
    assert all(np.array_equal(one, other) for one, other in zip(shown, crops.shown(picture), strict=True))
    assert len({one.tobytes() for one in shown}) == 4
    taught = 0
    for view, rgb in enumerate(shown):
        xyxy, labels = crops.taught(picture, view)
        for (x0, y0, x1, y1), label in zip(np.round(xyxy).astype(int), labels, strict=True):
            red, green, _ = rgb[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1].reshape(-1, 3).mean(axis=0)
            assert (green > red) == (label == 0)  # buses are drawn in green, cars in red
            taught += 1
    assert taught >= 3
    assert crops.key(picture) != dataclasses.replace(crops, count=5).key(picture)
    assert crops.key(picture) != crops.key(dataclasses.replace(picture, boxes=()))


def test_same_seed_same_boxes_and_another_arm_starts_alike(tmp_path):
    out = _blend(tmp_path)
    training = _training(out, dataclasses.replace(TOY, steps=3))
    assert train.detect(training) == train.detect(training)


def test_a_study_resumes_and_its_scores_stay_with_the_rounds(tmp_path, capsys, monkeypatch):
    out = _blend(tmp_path)
    rows = verb.measured(out, dataclasses.replace(TOY, steps=2), workers=1, seed=1)
    said = capsys.readouterr().out
    assert "cost: 0 short and 10 full trainings, 0 of them are done; 20 steps of" in said
    files = sorted((out / "eval/parity/runs").glob("*.json"))
    assert len(files) == 10
    stamps = [file.stat().st_mtime_ns for file in files]
    files[3].unlink()
    again = verb.measured(out, dataclasses.replace(TOY, steps=2), workers=1, seed=1)
    assert again == rows
    assert "9 of them are done; 2 steps of" in capsys.readouterr().out
    assert sum(a == b for a, b in zip(stamps, [f.stat().st_mtime_ns for f in files], strict=True)) == 9
    named = {(row.name, row.condition): row for row in rows}
    assert named["detector_ratio", "all"].not_measured == "one ratio was given"
    assert named["detector_difference", "all"].null is not None
    assert named["detector_difference", "arm:real again"].n["test"] == 12
    assert {"class:bus", "class:car", "size:small"} <= {c for n, c in named if n == "detector_difference"}
    assert named["detector_difference", "size:small"].not_measured == "insufficient: 0 of 5 test boxes"
    assert verb.kept(out) == rows
    assert scores.read(out) == rows


def test_maps_of_a_blend_that_has_changed_are_removed(tmp_path):
    told = dataclasses.replace(TOY, steps=1)
    verb.measured(_blend(tmp_path), told, workers=1, seed=1)
    before = set((tmp_path / "eval/parity/maps").iterdir())
    verb.measured(_blend(tmp_path, real=8), told, workers=1, seed=1)
    after = set((tmp_path / "eval/parity/maps").iterdir())
    assert len(before) == len(after) == 6
    assert before.isdisjoint(after), "the toy's test pictures change too"


def test_the_command_says_what_is_wrong_in_one_line(tmp_path, capsys):
    from rareblend.main import main

    for words, said in (
        ([f"out={tmp_path / 'none'}"], "must be the folder of a round"),
        (["parity.setps=3"], "parity.setps: there is no such key"),
        (["parity.seeds=1"], "parity.seeds: must be at least 2"),
        ([f"out={tmp_path}"], "run `rareblend blend` first"),
    ):
        assert main(["eval", "parity", *words]) == 2
        told = capsys.readouterr().err
        assert said in told
        assert told.count("\n") == 1


def test_scores_of_another_blend_are_not_kept(tmp_path):
    out = _blend(tmp_path)
    verb.measured(out, dataclasses.replace(TOY, min_boxes=500), workers=1, seed=1)
    assert len(verb.kept(out)) == 1
    _blend(out, real=11)
    (row,) = verb.kept(out)
    assert (row.name, row.not_measured) == ("detector_difference", verb.OLD_STUDY)


ORACLE = """
    import json

    def train(*, train, test, seed, steps, folder):
        taught, asked = json.loads(train.read_text()), json.loads(test.read_text())
        assert not asked["annotations"] and steps == 2
        assert all(image["weight"] > 0 for image in taught["images"])
        synthetic = sum("synthetic" in image["file_name"] for image in taught["images"])
        return [
            {"image_id": image["id"], "category_id": 1, "bbox": [synthetic, 1, 20, 20], "score": 0.5}
            for image in asked["images"]
        ]
"""


def test_the_users_trainer_is_scored_as_ours(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(textwrap.dedent(ORACLE))
    told = dataclasses.replace(TOY, train=str(file), steps=2)
    rows = verb.measured(_blend(tmp_path / "round"), told, workers=1, seed=1)
    named = {(row.name, row.condition): row for row in rows}
    assert named["detector_ap50", "arm:real"].encoder == str(file)
    assert named["detector_difference", "arm:real again"].value == 0
    assert not (tmp_path / "round/eval/parity/maps").exists()


def test_a_command_trains_too(tmp_path):
    script = tmp_path / "t.py"
    script.write_text(
        "import json, sys\ntest = json.load(open(sys.argv[2]))\n"
        "json.dump([{'image_id': i['id'], 'category_id': 2, 'bbox': [1, 2, 3, 4], 'score': float(sys.argv[3])}"
        " for i in test['images']], open(sys.argv[4], 'w'))\n"
    )
    command = f"{sys.executable} {script} {{train}} {{test}} 0.5 {{results}}"
    training = _training(_blend(tmp_path / "round"), dataclasses.replace(TOY, train=command))
    found = trainer.detect(training, tmp_path / "one")
    assert found[0] == {"image_id": 1, "category_id": 2, "bbox": [1, 2, 3, 4], "score": 0.5}
    assert len(found) == 12


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return 3", "must give a list of COCO results; got int"),
        ("return [{'image_id': 1}]", "result 0: must have image_id, category_id, bbox and score"),
        ("return [{'image_id': 99, 'category_id': 1, 'bbox': [0, 0, 1, 1], 'score': 1}]", "must name a picture"),
        ("return [{'image_id': 1, 'category_id': 1, 'bbox': [0, 0, -1, 1], 'score': 1}]", "that are finite"),
        ("raise ValueError('no GPU')", "must train without an error; got ValueError('no GPU')"),
    ],
)
def test_a_trainer_that_gives_nonsense_is_told_in_one_line(tmp_path, body, said):
    file = tmp_path / "mine.py"
    file.write_text(f"def train(*, train, test, seed, steps, folder):\n    {body}\n")
    training = _training(_blend(tmp_path / "round"), dataclasses.replace(TOY, train=str(file)))
    with pytest.raises(RareblendError) as told:
        runs.run([training], tmp_path / "runs", workers=1, what="test")
    assert said in str(told.value)
    assert "\n" not in str(told.value)


def test_a_trainer_that_cannot_be_meant_is_refused_before_anything_runs(tmp_path):
    for train_, said in (
        ("nowhere.py", "must be a Python file that defines train()"),
        ("python t.py", "names {train}, {test} and {results}"),
    ):
        with pytest.raises(InputError) as told:
            study.check(dataclasses.replace(TOY, train=train_))
        assert said in str(told.value)


@pytest.mark.parametrize(
    ("made", "settings", "said"),
    [
        ({"synthetic": 0}, {}, "insufficient: 0 labelled added pictures"),
        ({"test": 0}, {}, "insufficient: 0 labelled test pictures"),
        ({"test": 2}, {}, "insufficient: 1 of 2 groups of real test pictures"),
        ({"boxes": False}, {}, "the real training pictures have no boxes"),
        ({}, {"min_boxes": 50}, r"insufficient: 1\d of 50 test boxes in the largest class"),
    ],
)
def test_too_little_is_not_measured_and_says_why(tmp_path, made, settings, said):
    (row,) = verb.measured(_blend(tmp_path, **made), dataclasses.replace(TOY, **settings), workers=1, seed=1)
    assert row.name == "detector_difference"
    assert __import__("re").fullmatch(said, row.not_measured)


def test_a_broken_training_file_says_what_to_do(tmp_path):
    path = tmp_path / "x.json"
    path.write_text("{")
    with pytest.raises(RareblendError, match="remove it and it is done again"):
        runs.read(path)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"ratios": (0.0,)}, "parity.ratios: must be shares in (0, 1)"),
        ({"ratios": (0.5, 0.5)}, "must differ"),
        ({"seeds": 1}, "parity.seeds: must be at least 2"),
        ({"margin": 0}, "parity.margin: must lie in (0, 1]"),
        ({"crop_wh": (100, 64)}, "multiples of 32"),
        ({"zoom": (2.0, 1.0)}, "parity.zoom"),
        ({"rate": 1.0}, "parity.rate"),
        ({"ema": 1.0}, "parity.ema"),
    ],
)
def test_settings_that_cannot_be_are_refused(keys, said):
    with pytest.raises(InputError) as told:
        ParitySettings(**keys)
    assert said in str(told.value)


def _coloured(pictures_):
    """Dense features that show the colours of cells, in place of the encoder's."""
    found = []
    for picture in pictures_:
        small = cv2.resize(canvas.load(picture.file), (28, 20)).transpose(2, 0, 1).astype(np.float32)
        found.append(SimpleNamespace(arrays={"middle": small, "deep": small[:, ::2, ::2]}))
    return found


def test_a_search_on_val_pictures_recommends_a_ratio_with_an_interval(tmp_path):
    from eval.parity import plot, told

    out = _blend(tmp_path, val=12)
    settings = dataclasses.replace(TOY, ratios=(0.6, 0.3, 0.8), screen_keep=2, steps=4, search_share=0.5)
    parts, said = parts_of(pictures.read(out / "blend")), []
    outcome = study.Study(out, parts, settings, workers=1, seed=1, say=said.append).run(_coloured)
    assert said[0].startswith("screen, linear probe on val: 0: ")
    assert set(outcome.screened) == {0.0, 0.3, 0.6, 0.8}
    assert len(outcome.found.gains) == 2
    rows = {(row.name, row.condition): row for row in told.rows(outcome, settings)}
    best = rows["detector_ratio", "all"]
    assert best.value in {0.0, *outcome.found.gains}
    assert best.interval[0] <= best.value <= best.interval[1]
    assert rows["detector_difference", "all"].note.startswith(f"blend {outcome.found.best_blend:g}: ")
    plot.draw(tmp_path / "p.png", list(rows.values()), settings)
    assert cv2.imread(str(tmp_path / "p.png")).std() > 1


def test_the_curve_finds_a_clear_best_and_none_without_objects():
    from eval.parity.bootstrap import Draws
    from eval.parity.curve import curve

    rng = np.random.default_rng(0)
    draws = Draws(pictures=np.ones((101, 1)), seeds=np.full((101, 2), 0.5))
    noisy = {ratio: [level + rng.normal(0, 0.01, 101) for _ in range(2)] for ratio, level in ((0.0, 0.3), (0.2, 0.5))}
    found = curve(noisy, draws)
    assert (found.best, found.interval) == (0.2, (0.2, 0.2))
    worse = curve({**noisy, 0.2: [values - 0.4 for values in noisy[0.2]]}, draws)
    assert (worse.best, worse.best_blend) == (0.0, 0.2)
    equal = curve({**noisy, 0.2: [values + rng.normal(0, 0.01, 101) for values in noisy[0.0]]}, draws)
    assert equal.interval == (0.0, 0.2)
    assert curve({ratio: [np.full(101, np.nan)] * 2 for ratio in noisy}, draws) is None


def test_the_screen_prefers_right_labels_to_wrong_ones(tmp_path):
    from eval.parity import screen

    parts = parts_of(pictures.read(_blend(tmp_path, real=4, synthetic=12, val=12) / "blend"))
    other = {"bus": "car", "car": "bus"}
    wrong = [
        dataclasses.replace(p, boxes=tuple(dataclasses.replace(b, category=other[b.category]) for b in p.boxes))
        for p in parts.added
    ]
    ratios, classes = [0.5, 0.9], ["bus", "car"]
    told = {"real": parts.real, "added": parts.added, "val": parts.val}
    right = screen.scores(told, ratios, classes, _coloured)
    misled = screen.scores({**told, "added": wrong}, ratios, classes, _coloured)
    assert right[0.0] == misled[0.0]
    assert right[0.9] > misled[0.9] + 0.2
    assert screen.kept({0.0: 1.0, 0.1: 0.2, 0.5: 0.9, 0.7: 0.5}, 2) == [0.5, 0.7]


@pytest.mark.slow
def test_two_processes_give_what_one_gives(tmp_path):
    settings = dataclasses.replace(TOY, steps=2)
    out = _blend(tmp_path)
    first, second = _training(out, settings), _training(out, settings, arm=arms.SYNTHETIC)
    one = runs.run([first, second], tmp_path / "one", workers=1, what="test")
    two = runs.run([first, second], tmp_path / "two", workers=2, what="test")
    assert [done.detections for done in one] == [done.detections for done in two]
