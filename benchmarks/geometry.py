"""Do our boxes lie where a real set's do? Aim: a distance of 0.15 or less of area, aspect, lower edge and count.

Figures are Wasserstein distances over the real interquartile range: of traffic fitted to the whole set against that
set, of traffic fitted to one half of its pictures against the other half, and, as the floor, between both halves.
Halves are runs of 25 pictures in turn, in the order of the annotations: frames of a sequence mostly stay together.
Boxes of ours come from scene specs without tracing: hulls of the vehicles' outlines are painted far to near, and a
vehicle's box is that of its pixels that stay, as our labels are. Houses, trees and people hide nothing here. Vehicles
alone count on both sides.

    OMP_NUM_THREADS=1 python benchmarks/geometry.py REAL [--scenes 800]     REAL holds images/ and annotations.json
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))  # before this folder, whose blend.py is no package

from blend.real import RealSettings, read
from scenes.image_box import projected
from scenes.likeness import CLASSES, Box, Likeness, fit
from scenes.mix import plan
from scenes.ontology import KIND_CATEGORY
from scenes.outline import outline_of

_SIZE = 640, 384
_LEAST_PX, _LEAST_SHARE = 5, 0.15
"""As `labels.ignore_under_px`; and the share of a hull that has to be seen for an annotator to draw it."""
_BESIDE_M = 8.0
_RUN = 25


class Seen(NamedTuple):
    """A box: class, left, top, right and bottom as shares of its picture, and width over height in pixels."""

    category: str
    left: float
    top: float
    right: float
    bottom: float
    aspect: float

    @property
    def area(self) -> float:
        """Share of the picture."""
        return (self.right - self.left) * (self.bottom - self.top)


def main() -> None:
    """Print distances of our traffic, of fitted traffic, and of the two halves of the real set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("real", type=Path)
    parser.add_argument("--scenes", type=int, default=800)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    real = _real(options.real)
    first, second = _halves(real)
    print(f"real: {len(real)} pictures, {sum(map(len, real))} vehicles")
    _tell("real, one half against the other", first, second)
    for name, seen, against in (
        ("traffic=ours", None, real),
        ("traffic=like_real", real, real),
        ("traffic=like_real, fitted to one half, against the other", first, second),
    ):
        start = time.process_time()
        like = fit([[_as_box(box) for box in picture] for picture in seen]) if seen else None
        ours = _ours(options.scenes, options.seed, like)
        _tell(name, ours, against)
        print(f"  {len(ours)} scenes, {time.process_time() - start:.0f} CPU-s")


def _halves(real: list[list[Seen]]) -> tuple[list[list[Seen]], list[list[Seen]]]:
    """Split pictures by runs in the order of their files, so that a sequence mostly stays in one half."""
    halves: tuple[list[list[Seen]], list[list[Seen]]] = ([], [])
    for at, picture in enumerate(real):
        halves[at // _RUN % 2].append(picture)
    return halves


def _real(folder: Path) -> list[list[Seen]]:
    settings = RealSettings(
        kind="coco", images=str(folder / "images"), annotations=str(folder / "annotations.json"), count=None
    )
    return [
        [
            Seen(a.category, x / p.width, y / p.height, (x + w) / p.width, (y + h) / p.height, w / h)
            for a in p.annotations
            for x, y, w, h in [a.xywh]
            if a.category in CLASSES
        ]
        for p in read(settings, seed=0).pictures
    ]


def _as_box(seen: Seen) -> Box:
    wide, high = seen.right - seen.left, seen.bottom - seen.top
    middle, taller_by = (seen.left + seen.right) / 2, wide / high / seen.aspect
    return Box(seen.category, middle, seen.bottom, seen.area, seen.aspect, taller_by)


def _ours(count: int, seed: int, like: Likeness | None) -> list[list[Seen]]:
    return [
        _seen(spec) for spec in plan({"day_traffic": 1.0, "low_sun_traffic": 1.0}, seed=seed, count=count, like=like)
    ]


def _seen(spec) -> list[Seen]:
    """Return the boxes of what can be seen of a scene's vehicles."""
    camera, owner, whole = spec.cameras[0], np.zeros(_SIZE[::-1], np.uint8), {}
    open_m = spec.street.road_half_width_m + _BESIDE_M
    order = sorted(spec.vehicles, key=lambda v: -np.hypot(v.x_m - camera.x_m, v.y_m - camera.y_m))
    for number, vehicle in enumerate((v for v in order if abs(v.y_m) < open_m), start=1):
        place_m, taller_by = (vehicle.x_m, vehicle.y_m), _SIZE[1] / _SIZE[0]
        found = projected(camera, place_m, vehicle.heading_deg, outline_of(vehicle), taller_by=taller_by)
        if found is None:
            continue
        hull = np.clip(found, 0, 1) * _SIZE
        alone = cv2.fillConvexPoly(np.zeros_like(owner), _convex(found), 1)
        owner[alone > 0] = number
        whole[number] = KIND_CATEGORY[vehicle.kind], int(alone.sum()), (*hull.min(axis=0), *hull.max(axis=0))
    boxes = (_box(owner == number, *told) for number, told in whole.items())
    return [box for box in boxes if box is not None]


def _convex(found: np.ndarray) -> np.ndarray:
    """Return the convex hull of points of a picture, in pixels whose middles are whole numbers."""
    return cv2.convexHull(np.clip(found * _SIZE - 0.5, -4000, 4000).round().astype(np.int32))


def _box(mask: np.ndarray, category: str, whole_px: int, hull_xyxy: tuple[float, ...]) -> Seen | None:
    """Return the box of what is seen of a hull, no larger than the hull's: painted edges are up to a pixel wide."""
    rows, columns = np.nonzero(mask)
    if len(rows) < max(_LEAST_SHARE * whole_px, 1):
        return None
    left, top = max(columns.min(), hull_xyxy[0]), max(rows.min(), hull_xyxy[1])
    right, bottom = min(columns.max() + 1, hull_xyxy[2]), min(rows.max() + 1, hull_xyxy[3])
    if max(right - left, bottom - top) < _LEAST_PX or min(right - left, bottom - top) < 1:
        return None
    (width, height), aspect = _SIZE, float((right - left) / (bottom - top))
    return Seen(category, left / width, top / height, right / width, bottom / height, aspect)


def _tell(name: str, ours: list[list[Seen]], real: list[list[Seen]]) -> None:
    figures = {
        what: _distance(of(ours), of(real))
        for what, of in {
            "area": lambda side: [box.area for boxes in side for box in boxes],
            "aspect": lambda side: [box.aspect for boxes in side for box in boxes],
            "lower edge": lambda side: [box.bottom for boxes in side for box in boxes],
            "boxes a picture": lambda side: [len(boxes) for boxes in side],
        }.items()
    }
    shares = [Counter(box.category for boxes in side for box in boxes) for side in (ours, real)]
    apart = sum(abs(shares[0][c] / shares[0].total() - shares[1][c] / shares[1].total()) for c in CLASSES) / 2
    told = ", ".join(f"{what} {figure:.3f}" for what, figure in figures.items())
    print(f"{name}: {told}; class shares apart by {apart:.3f}")


def _distance(ours: list[float], real: list[float]) -> float:
    """Return the Wasserstein distance over the real interquartile range: the mean gap of quantiles."""
    steps = (np.arange(2000) + 0.5) / 2000
    low, high = np.quantile(real, [0.25, 0.75])
    return float(np.abs(np.quantile(ours, steps) - np.quantile(real, steps)).mean() / (high - low))


if __name__ == "__main__":
    main()
