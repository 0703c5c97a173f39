"""What the judging and the training of parity detectors cost, against counting again with pycocotools.

    python benchmarks/parity.py [--pictures 2000] [--replicates 1000]

Pictures are drawn ones (rectangles on noise): speed does not depend on what they show. CPU-seconds of one thread.
A study's cost is extrapolated from the step that was measured; its search for a ratio and the maps are told apart.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import io
import resource
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

sys.path.insert(0, str(Path(__file__).parents[1]))  # before this folder, whose blend.py is no package

from eval.parity import arms, evaluate, features, train
from eval.parity.bootstrap import Tally, draw
from eval.parity.pictures import Box, Picture
from eval.parity.settings import ParitySettings
from eval.parity.views import views_of
from scenes.settings import compose, validated

CLASSES = ("bicycle", "bus", "car", "motorcycle", "three_wheeler", "truck")
BOXES, FALSE_ALARMS = 8, 40
PEER_REPLICATES = 2
STUDY_ARMS, STUDY_SEEDS, STUDY_PICTURES = 5, 5, 240
TESTED = 40


def main() -> None:
    """Print both parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=2000)
    parser.add_argument("--replicates", type=int, default=1000)
    told = parser.parse_args()
    torch.set_num_threads(1)
    _judging(told.pictures, told.replicates)
    with tempfile.TemporaryDirectory() as folder:
        _training(Path(folder))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


def _judging(count: int, replicates: int) -> None:
    rng = np.random.default_rng(0)
    pictures = [_described(place, rng) for place in range(count)]
    found = _found(pictures, rng)
    print(f"{count} pictures, {count * BOXES} boxes, {len(found)} detections")
    begun = time.process_time()
    rankings = evaluate.match(pictures, CLASSES, found)
    print(f"matching, once, 4 sizes: {time.process_time() - begun:.1f} s")
    draws = draw(np.arange(count), seeds=2, replicates=replicates, rng=rng)
    begun = time.process_time()
    by_class = [evaluate.average_precision(ranking, draws.pictures) for ranking in rankings["all"]]
    values = np.mean(by_class, axis=(0, 2))
    spent = time.process_time() - begun
    print(f"mAP (10 IoUs) of {replicates} replicates: {spent:.1f} s, {1000 * spent / (1 + replicates):.1f} ms each")
    begun = time.process_time()
    lights = {f"light:{name}": np.arange(count) % 3 == i for i, name in enumerate(("day", "dim", "night"))}
    Tally(rankings, draws.pictures, lights)
    print(f"with 3 sizes and 3 lights too: {time.process_time() - begun:.1f} s")
    peer, each = _peer(pictures, found, draws.pictures[1 : 1 + PEER_REPLICATES])
    print(f"pycocotools again: {each:.1f} s a replicate, {each * replicates / spent:.0f} times as long")
    print(f"largest difference to it, all drawn once: {abs(values[0] - peer):.1e}")


def _described(place: int, rng: np.random.Generator) -> Picture:
    x, y, side = rng.uniform(0, 500, BOXES), rng.uniform(0, 250, BOXES), np.exp(rng.uniform(2, 5, BOXES))
    boxes = tuple(
        Box(category=CLASSES[rng.integers(len(CLASSES))], xyxy=(a, b, a + s, b + s), area=s * s)
        for a, b, s in zip(x.tolist(), y.tolist(), side.tolist(), strict=True)
    )
    return Picture(
        file=Path(f"{place}.png"), sha256=f"{place}", size_wh=(640, 360), split="test", kind="real", group=f"{place}",
        weight=1.0, boxes=boxes,
    )  # fmt: skip


def _found(pictures: list[Picture], rng: np.random.Generator) -> list[evaluate.Detection]:
    found = []
    for image, picture in enumerate(pictures, start=1):
        for box in picture.boxes:
            x0, y0, x1, y1 = np.array(box.xyxy) + rng.normal(0, 0.08 * (box.xyxy[2] - box.xyxy[0]), 4)
            found.append((image, CLASSES.index(box.category) + 1, [x0, y0, x1 - x0, y1 - y0], rng.beta(3, 2)))
        for x, y, side, score in rng.uniform([0, 0, 8, 0], [500, 250, 90, 0.7], (FALSE_ALARMS, 4)).tolist():
            found.append((image, int(rng.integers(len(CLASSES))) + 1, [x, y, side, side], score))
    keys = ("image_id", "category_id", "bbox", "score")
    return [dict(zip(keys, row, strict=True)) for row in found]


def _peer(pictures: list[Picture], found: list[evaluate.Detection], weights: np.ndarray) -> tuple[float, float]:
    """Return the mAP of pycocotools on everything, and its seconds for a replicate, matching and counting."""
    spent = []
    for row in [np.ones(len(pictures)), *weights]:
        copies = np.repeat(np.arange(len(pictures)), row.astype(int))
        by_picture: dict[int, list[evaluate.Detection]] = {}
        for detection in found:
            by_picture.setdefault(detection["image_id"] - 1, []).append(detection)
        begun = time.process_time()
        with contextlib.redirect_stdout(io.StringIO()):
            truth = COCO()
            truth.dataset = evaluate.truth_of([pictures[c] for c in copies], CLASSES)
            truth.createIndex()
            again = [{**d, "image_id": i} for i, c in enumerate(copies, start=1) for d in by_picture.get(int(c), [])]
            judged = COCOeval(truth, truth.loadRes(again), "bbox")
            judged.params.areaRng, judged.params.areaRngLbl = judged.params.areaRng[:1], ["all"]
            judged.evaluate()
            judged.accumulate()
        spent.append(time.process_time() - begun)
        if len(spent) == 1:
            everything = float(judged.eval["precision"][..., 0, 2].mean())
    return everything, float(np.mean(spent[1:]))


def _training(folder: Path) -> None:
    rng = np.random.default_rng(1)
    pictures = [_drawn(folder, place, rng) for place in range(STUDY_PICTURES)]
    quick = validated("parity", ParitySettings, compose("eval_parity", [])["parity"])
    fine = validated("parity", ParitySettings, compose("eval_parity", ["parity=fine"])["parity"])
    for settings, steps in ((quick, 20), (fine, 6)):
        views = views_of(settings, CLASSES, [p.size_wh for p in pictures])
        maps = features.pair(pictures, pictures[:TESTED], folder / "maps", views, settings.mode)
        begun = time.process_time()
        for one, part in zip(maps, (pictures, pictures[:TESTED]), strict=True):
            features.compute(one, part)
        of_maps = time.process_time() - begun
        megabytes = sum(one.megabytes for one in maps)
        print(f"{settings.mode}: maps of {len(pictures)} + {TESTED} pictures, {megabytes:.0f} MB: {of_maps:.0f} s")
        training = train.Training(
            arm=arms.REAL, seed=0, steps=steps, train=pictures, test=pictures[:TESTED], classes=CLASSES,
            settings=settings, maps=maps,
        )  # fmt: skip
        each = train.seconds_a_step(training, steps - 1)
        begun = time.process_time()
        train.detect(dataclasses.replace(training, steps=1))
        tested = (time.process_time() - begun - each) / TESTED
        _told(settings, each, tested, of_maps)


def _told(settings: ParitySettings, each: float, tested: float, of_maps: float) -> None:
    test = STUDY_PICTURES // 2
    minutes = STUDY_ARMS * STUDY_SEEDS * (settings.steps * each + test * tested) / 60 + 1.5 * of_maps / 60
    search = (1 + settings.screen_keep) * settings.search_seeds * settings.search_steps * each / 60
    print(f"{settings.mode}: {each:.3f} s a step of {settings.batch} pictures, {tested:.3f} s a test picture")
    print(
        f"{settings.mode}: {STUDY_ARMS} arms x {STUDY_SEEDS} seeds x {settings.steps} steps, {STUDY_PICTURES} train, "
        f"{test} test pictures: {minutes:.0f} CPU-minutes (extrapolated); a search for a ratio adds {search:.0f}"
    )


def _drawn(folder: Path, place: int, rng: np.random.Generator) -> Picture:
    picture = _described(place, rng)
    rgb = rng.integers(0, 255, (360, 640, 3), dtype=np.uint8)
    for box in picture.boxes:
        x0, y0, x1, y1 = (int(side) for side in box.xyxy)
        cv2.rectangle(rgb, (x0, y0), (x1, y1), rng.integers(0, 255, 3).tolist(), -1)
    file = folder / f"{place}.jpg"
    cv2.imwrite(str(file), rgb)
    return dataclasses.replace(picture, file=file)


if __name__ == "__main__":
    main()
