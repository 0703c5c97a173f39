"""Average precision against pycocotools, and the bootstrap of it."""

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from eval.parity import bootstrap, evaluate
from eval.parity.pictures import Box, Picture
from eval.parity.probe import verdict

CLASSES = ("car", "bus")


def pictures_of(count, rng, *, classes=CLASSES, most=6, groups=None):
    """Pictures of 640 x 360 with up to `most` boxes each, some of them ignored."""
    return [
        Picture(
            file=Path(f"{place}.png"),
            sha256=f"{place}",
            size_wh=(640, 360),
            split="test",
            kind="real",
            group=f"{place if groups is None else place % groups}",
            weight=1.0,
            boxes=tuple(_box(rng, classes) for _ in range(rng.integers(most + 1))),
        )
        for place in range(count)
    ]


def _box(rng, classes):
    x, y, side = rng.uniform(0, 400), rng.uniform(0, 200), np.exp(rng.uniform(2, 5))
    xyxy = (x, y, x + side, y + side * rng.uniform(0.5, 1.5))
    area = (xyxy[2] - x) * (xyxy[3] - y) * rng.uniform(0.6, 1)
    return Box(category=classes[rng.integers(len(classes))], xyxy=xyxy, area=area, ignored=rng.random() < 0.15)


def found_on(pictures, rng, *, classes=CLASSES, skill=0.8, noise=4):
    """Detections: objects that were found, shifted, and false alarms; scores have ties."""
    found = []
    for place, picture in enumerate(pictures, start=1):
        for box in picture.boxes:
            if rng.random() < skill:
                x0, y0, x1, y1 = np.array(box.xyxy) + rng.normal(0, 0.06 * (box.xyxy[2] - box.xyxy[0]), 4)
                found.append((place, classes.index(box.category) + 1, (x0, y0, x1 - x0, y1 - y0), rng.beta(3, 2)))
        for _ in range(rng.integers(noise + 1)):
            x, y, side = rng.uniform(0, 400), rng.uniform(0, 200), np.exp(rng.uniform(2, 5))
            found.append((place, int(rng.integers(len(classes))) + 1, (x, y, side, side), rng.beta(2, 3)))
    return [
        {"image_id": image, "category_id": category, "bbox": [float(v) for v in box], "score": round(float(score), 2)}
        for image, category, box, score in found
    ]


def _peer(pictures, detections, kept=None):
    """Precision of pycocotools: 10 IoUs x classes x 4 sizes; NaN where there is nothing to find."""
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = evaluate.truth_of(pictures, CLASSES)
        truth.createIndex()
        judged = COCOeval(truth, truth.loadRes([dict(d) for d in detections]), "bbox")
        if kept is not None:
            judged.params.imgIds = [place + 1 for place in np.flatnonzero(kept)]
        judged.evaluate()
        judged.accumulate()
    precision = judged.eval["precision"][..., 2]
    return np.where((precision < 0).all(axis=1), np.nan, precision.mean(axis=1))


def _ours(pictures, detections, weights):
    rankings = evaluate.match(pictures, CLASSES, detections)
    return np.stack(
        [np.stack([evaluate.average_precision(r, weights) for r in rankings[size]], axis=2) for size in evaluate.SIZES],
        axis=3,
    )


def test_nothing_found_and_nothing_to_find():
    pictures = pictures_of(5, np.random.default_rng(0))
    assert np.all(_ours(pictures, [], np.ones((1, 5)))[0, :, :, 0] == 0)
    empty = pictures_of(3, np.random.default_rng(0), most=0)
    assert np.isnan(_ours(empty, [], np.ones((1, 3)))).all()


@pytest.mark.parametrize("seed", range(6))
def test_average_precision_equals_that_of_pycocotools_by_class_size_and_iou(seed):
    rng = np.random.default_rng(seed)
    pictures = pictures_of(60, rng)
    detections = found_on(pictures, rng, skill=rng.uniform(0.2, 1))
    peer = _peer(pictures, detections)
    assert np.nanmax(np.abs(_ours(pictures, detections, np.ones((1, 60)))[0] - peer)) <= 1e-9
    assert 0 < np.nanmean(peer) < 1


def test_a_weight_of_nought_leaves_a_picture_out():
    rng = np.random.default_rng(7)
    pictures = pictures_of(50, rng)
    detections = found_on(pictures, rng)
    kept = rng.random((4, 50)) < 0.5
    ours = _ours(pictures, detections, kept.astype(float))
    for row, chosen in zip(ours, kept, strict=True):
        assert np.nanmax(np.abs(row - _peer(pictures, detections, chosen))) <= 1e-9


def test_all_weights_doubled_change_nothing():
    rng = np.random.default_rng(8)
    pictures = pictures_of(30, rng)
    detections = found_on(pictures, rng)
    once, twice = _ours(pictures, detections, np.array([[1.0], [2.0]]) * np.ones(30))
    assert np.allclose(once, twice, equal_nan=True)


def test_truth_and_detections_are_not_exchangeable():
    boxes = (
        Box(category="car", xyxy=(0, 0, 50, 50), area=2500),
        Box(category="car", xyxy=(100, 0, 150, 50), area=2500),
    )
    picture = Picture(
        file=Path("a.png"), sha256="a", size_wh=(640, 360), split="test", kind="real", group="a", weight=1, boxes=boxes
    )
    one = {"image_id": 1, "category_id": 1, "bbox": [0, 0, 50, 50], "score": 0.9}
    missed = _ours([picture], [one], np.ones((1, 1)))[0, 0, 0, 0]
    false = _ours([picture], [{**one, "bbox": [300, 0, 50, 50], "score": 0.99}, one], np.ones((1, 1)))[0, 0, 0, 0]
    assert missed == pytest.approx(51 / 101)
    assert false == pytest.approx(51 / 101 / 2)


def _arm(rng, *, seeds, skills, level=0.0):
    """Values of an arm's seeds as a bootstrap sees them: the metric is a mean over scenes of skill and noise."""
    return skills[None] + level + rng.normal(0, 0.02, (seeds, 1)) + rng.normal(0, 0.1, (seeds, len(skills)))


def _interval_of_difference(rng, *, seeds=5, scenes=80, level=0.0, replicates=300):
    draws = bootstrap.draw(np.arange(scenes), seeds=seeds, replicates=replicates, rng=rng)
    skills = rng.uniform(0, 1, scenes)
    share = draws.pictures / draws.pictures.sum(axis=1, keepdims=True)
    values = [_arm(rng, seeds=seeds, skills=skills, level=at) @ share.T for at in (0.0, level)]
    found = bootstrap.estimate(list(values[1]), draws, against=list(values[0]))
    assert found is not None
    return found


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(11)
    held = [(e := _interval_of_difference(rng, level=0.03).interval)[0] <= 0.03 <= e[1] for _ in range(400)]
    assert 0.86 <= np.mean(held) <= 0.985, "five seeds cost some coverage: 0.95 is for many"


def test_equal_arms_are_called_inferior_in_at_most_five_in_a_hundred():
    rng = np.random.default_rng(12)
    said = [verdict(_interval_of_difference(rng).interval, 0.01) for _ in range(400)]
    assert np.mean([word == "inferior" for word in said]) <= 0.05
    assert {"non-inferior", "inconclusive"} >= set(said) - {"inferior"}


def test_a_true_loss_beyond_the_margin_is_found():
    rng = np.random.default_rng(13)
    said = [verdict(_interval_of_difference(rng, level=-0.1).interval, 0.02) for _ in range(50)]
    assert np.mean([word == "inferior" for word in said]) >= 0.8


def test_scenes_are_drawn_whole_and_the_first_row_is_everything_once():
    groups = np.array([0, 0, 1, 2, 2, 2])
    draws = bootstrap.draw(groups, seeds=4, replicates=50, rng=np.random.default_rng(1))
    assert np.all(draws.pictures[0] == 1)
    assert np.allclose(draws.seeds[0], 0.25)
    for group in range(3):
        assert np.ptp(draws.pictures[:, groups == group], axis=1).max() == 0
    assert np.allclose(draws.seeds.sum(axis=1), 1)
    assert np.allclose(draws.seeds[1:] * 3, np.round(draws.seeds[1:] * 3)), "three of four seeds are drawn"


def test_a_tally_tells_slices_and_sizes_apart():
    rng = np.random.default_rng(3)
    pictures = pictures_of(40, rng)
    detections = found_on(pictures, rng)
    night = np.arange(40) < 20
    tally = bootstrap.Tally(evaluate.match(pictures, CLASSES, detections), np.ones((2, 40)), {"light:night": night})
    peer = _peer(pictures, detections)
    assert tally.values("ap")[0] == pytest.approx(np.nanmean(peer[:, :, 0]), abs=1e-9)
    assert tally.values("ap50", class_=1)[1] == pytest.approx(peer[0, 1, 0], abs=1e-9)
    assert tally.values("ap", "size:large")[0] == pytest.approx(np.nanmean(peer[:, :, 3]), abs=1e-9)
    dark = _peer(pictures, detections, night)
    assert tally.values("ap50", "light:night")[0] == pytest.approx(np.nanmean(dark[0, :, 0]), abs=1e-9)


def test_bootstrap_of_a_part_without_objects_is_not_known():
    values = [np.array([np.nan, np.nan])]
    draws = bootstrap.Draws(pictures=np.ones((2, 1)), seeds=np.ones((2, 1)))
    assert bootstrap.estimate(values, draws) is None
