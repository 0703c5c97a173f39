"""Does the drift watch keep its word? False alarms over 100 windows of a real set, and how soon a change is found.

    python benchmarks/drift.py DIR [--families 10] [--windows 100] [--size 5]

Takes of the set are dealt at random into a reference and a pool; windows are takes drawn from the pool, so that nothing
has drifted. Then the same windows are stored as JPEG of quality 30, and are counted until the first alarm.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))  # before this folder, whose blend.py is no package

from blend.picture import Picture, decode_rgb
from blend.real import RealSettings, read
from eval.drift.family import level
from eval.drift.observed import Observed, observe
from eval.drift.watch import DriftSettings, judge
from eval.resample import share_interval

QUALITY = 30
REFERENCE_SHARE = 0.6


def main() -> None:
    """Print false alarms, power and cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images", type=Path)
    parser.add_argument("--families", type=int, default=10)
    parser.add_argument("--windows", type=int, default=100)
    parser.add_argument("--size", type=int, default=5, help="takes of a window")
    told = parser.parse_args()
    pictures = read(RealSettings(kind="folder", images=str(told.images), count=None), seed=1).pictures
    plain, squeezed = observe(pictures), _squeezed(pictures)
    rng, alarmed, alarms, waits, seconds = np.random.default_rng(1), 0, 0, [], []
    for family in range(told.families):
        takes = rng.permutation(sorted(set(plain.takes)))
        cut = round(REFERENCE_SHARE * len(takes))
        reference, pool = _of(plain, takes[:cut]), takes[cut:]
        false = 0
        for number in range(1, told.windows + 1):
            chosen = rng.choice(pool, told.size, replace=False)
            start = time.process_time()
            false += _drifted(reference, _of(plain, chosen), number, seed=family * 1000 + number)
            seconds.append(time.process_time() - start)
        alarms, alarmed = alarms + false, alarmed + (false > 0)
        waits.append(_wait(reference, squeezed, pool, told.size, rng))
        low, high = share_interval(alarmed, family + 1)
        print(
            f"{family + 1} watches of {told.windows} windows of {told.size} takes against {cut}: {alarmed} with a false"
            f" alarm ([{low:.3f}, {high:.3f}]), {alarms} in all; JPEG {QUALITY} found in window"
            f" {', '.join(str(wait) for wait in waits)}; {np.median(seconds):.2f} CPU-s a window",
            flush=True,
        )


def _drifted(reference: Observed, window: Observed, number: int, *, seed: int) -> bool:
    found = judge(reference, window, level=level(0.05, number, 100), settings=DriftSettings(), seed=seed)
    return bool(found["drifted"])


def _wait(reference: Observed, squeezed: Observed, pool: np.ndarray, size: int, rng: np.random.Generator) -> int:
    for number in range(1, 11):
        if _drifted(reference, _of(squeezed, rng.choice(pool, size, replace=False)), number, seed=number):
            return number
    return 11


def _of(pictures: Observed, takes: np.ndarray) -> Observed:
    return pictures.take(np.flatnonzero(np.isin(pictures.takes, takes)))


def _squeezed(pictures: tuple[Picture, ...]) -> Observed:
    with tempfile.TemporaryDirectory() as folder:
        stored = []
        for picture in pictures:
            path = Path(folder) / f"{picture.name}.jpg"
            cv2.imwrite(str(path), decode_rgb(picture.path)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
            stored.append(replace(picture, path=path))
        return observe(stored)


if __name__ == "__main__":
    main()
