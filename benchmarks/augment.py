"""What does keeping labels right cost over bare Albumentations, per picture of 640x384, on one core?

The peer is `albumentations.Compose` of the same transforms with the same picture, id map, boxes and keypoints, in the
same run, picture by picture in turns, with the same draws. Ours also seeds each transform, checks the mirror, measures
boxes and areas on the ids, and tells what was drawn; seeding the peer is not counted. Aim: heavy within 10 %. CPU time,
so that other processes matter less: the median of the rounds' ratios, with the least and the most.

    OMP_NUM_THREADS=1 python benchmarks/augment.py [--pictures 60] [--rounds 7] [--pipeline heavy]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
WIDTH, HEIGHT, OBJECTS, PEOPLE = 640, 384, 12, 4


def main() -> None:
    """Time both and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--pipeline", default="heavy")
    options = parser.parse_args()
    print(augment(pictures=options.pictures, rounds=options.rounds, pipeline=options.pipeline))


def augment(*, pictures: int = 60, rounds: int = 7, pipeline: str = "heavy") -> str:
    """Time augmenting against bare Albumentations; return one line.

    Args:
        pictures: a round.
        rounds: of both in turns.
        pipeline: a name in `conf/augment/pipeline/`.
    """
    from blend.pipeline import named
    from blend.relabel import boxes
    from blend.variety import apply, seed_apart

    cv2.setNumThreads(1)
    rgb, ids, joints = _picture()
    steps, bare = named(pipeline), _bare(pipeline)
    xyxy = [[x, y, x + w, y + h, place] for place, (x, y, w, h) in enumerate(filter(None, boxes(ids, OBJECTS)[0]))]
    targets = np.array(xyxy, np.float32)
    points = joints[..., :2].reshape(-1, 2)

    def ours(seed: int) -> float:
        begin = time.process_time()
        boxes(apply(rgb, ids, joints, pipeline=steps, seed=seed).ids, OBJECTS)
        return time.process_time() - begin

    def theirs(seed: int) -> float:
        seed_apart(bare, seed)
        begin = time.process_time()
        bare(image=rgb, mask=ids, bboxes=targets, keypoints=points)
        return time.process_time() - begin

    _round(ours, theirs, range(5))
    pairs = [_round(ours, theirs, range(pictures)) for _ in range(rounds)]
    ratios = sorted(mine / peer for mine, peer in pairs)
    mine_ms, peer_ms = (1000 * statistics.median(column) / pictures for column in zip(*pairs, strict=True))
    return (
        f"augment {pipeline}: {mine_ms:.2f} CPU-ms a picture, bare Albumentations {peer_ms:.2f}; "
        f"ratio {statistics.median(ratios):.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f})"
    )


def _bare(pipeline: str) -> Any:
    """Put the same transforms together as the library's users do."""
    import albumentations as alb

    from blend.pipeline import named

    made = alb.from_dict({"transform": json.loads(named(pipeline).text)})
    boxes = alb.BboxParams(format="pascal_voc", min_area=16, min_visibility=0.25)
    points = alb.KeypointParams(format="xy", remove_invisible=False)
    return alb.Compose(list(made.transforms), bbox_params=boxes, keypoint_params=points)


def _picture() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    small = rng.integers(20, 230, (24, 40, 3), dtype=np.uint8)
    rgb = cv2.resize(small, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    ids = np.zeros((HEIGHT, WIDTH), np.uint16)
    for place in range(1, OBJECTS + 1):
        x, y, w, h = rng.integers((0, 120, 20, 20), (540, 280, 100, 100)).tolist()
        ids[y : y + h, x : x + w] = place
    joints = np.zeros((OBJECTS, 17, 3))
    joints[:PEOPLE, :, :2] = rng.uniform((50, 50), (590, 330), (PEOPLE, 17, 2))
    joints[:PEOPLE, :, 2] = 2
    return rgb, ids, joints


def _round(ours: Callable[[int], float], theirs: Callable[[int], float], seeds: range) -> tuple[float, float]:
    """Return the CPU seconds of both over the same seeds."""
    both = [(ours(seed), theirs(seed)) for seed in seeds]
    return sum(mine for mine, _ in both), sum(peer for _, peer in both)


if __name__ == "__main__":
    main()
