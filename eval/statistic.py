"""One number of many pictures or boxes, compared between two kinds of pictures whose owners are relabelled whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from eval.resample import Bools, Floats, Ints
from eval.samples import Sample
from render.develop.match.statistics import NAMES

Kind = Literal["label geometry", "low level"]
GRID = 129  # quantiles of both sides together at which distribution functions are compared


@dataclass(frozen=True, kw_only=True)
class Statistic:
    """Values with the pictures that they belong to.

    Args:
        name: what was measured.
        kind: of labels or of pixels.
        values: v.
        owners: v, row of the picture of each value.
    """

    name: str
    kind: Kind
    values: Floats
    owners: Ints

    def of_side(self, side: Bools) -> Floats:
        """Return the values of the pictures that are in (N, True where in)."""
        return self.values[side[self.owners]]

    def per_picture(self, count: int) -> Floats:
        """Return the mean value of each of `count` pictures, NaN where a picture has none."""
        sums, sizes = (np.bincount(self.owners, weights, minlength=count) for weights in (self.values, None))
        return np.asarray(np.where(sizes > 0, sums / np.maximum(sizes, 1), np.nan))


def wasserstein(statistic: Statistic, left: Bools, right: Bools) -> Floats:
    """Return the first Wasserstein distance of many choices of two samples of pictures, P values of at least 0.

    The area between both distribution functions over a grid of quantiles; exact where there are few different values.
    Where a side of a choice has no value, the distance is 0.

    Args:
        statistic: values of N pictures.
        left: P x N, the first sample's pictures.
        right: P x N, the second's.

    Source: Vallender, Theory of Probability 18, 1974.
    """
    grid = np.unique(np.quantile(statistic.values, np.linspace(0, 1, GRID)))
    if len(grid) < 2:
        return np.zeros(len(left))
    counts = np.zeros((left.shape[1], len(grid)), dtype=np.float32)
    np.add.at(counts, (statistic.owners, np.searchsorted(grid, statistic.values)), 1)
    counts = counts.cumsum(axis=1)
    below = [side.astype(np.float32) @ counts for side in (left, right)]
    shares = [part[:, :-1] / np.maximum(part[:, -1:], 1) for part in below]
    apart = np.abs(shares[0] - shares[1]) @ np.diff(grid).astype(np.float32)
    told = (below[0][:, -1] > 0) & (below[1][:, -1] > 0)
    return np.asarray(np.where(told, apart, 0.0), dtype=np.float64)


def of_labels(samples: Sequence[Sample]) -> list[Statistic]:
    """Return what boxes say: area, aspect, place, height beyond what their lower edge implies, number, classes, pairs.

    Args:
        samples: labelled pictures, of both kinds together.
    """
    owners = np.array([row for row, sample in enumerate(samples) for _ in sample.boxes], dtype=np.int64)
    shares = np.array([_share(sample, box) for sample in samples for _, box in sample.boxes]).reshape(-1, 4)
    x0, y0, x1, y1 = shares.T
    sizes = np.array([samples[owner].size_wh for owner in owners]).reshape(-1, 2)
    height = np.maximum(y1 - y0, 1e-4)
    boxes = {
        "box area (log share of picture)": np.log10(np.maximum((x1 - x0) * height, 1e-8)),
        "box aspect (log width over height)": np.log2(np.maximum(x1 - x0, 1e-4) * sizes[:, 0] / (height * sizes[:, 1])),
        "box middle, from the left": (x0 + x1) / 2,
        "box lower edge, from the top": y1,
        "box height for its lower edge (log)": _beyond(np.log2(height), y1),
    }
    found = [
        Statistic(name=name, kind="label geometry", values=values, owners=owners) for name, values in boxes.items()
    ]
    return found + _of_contents(samples)


def of_pixels(values: Floats) -> list[Statistic]:
    """Return the low-level statistics of pictures, n x 22 in the order of `NAMES`; rows that are NaN have none."""
    told = np.flatnonzero(np.isfinite(values).all(axis=1))
    return [
        Statistic(name=name.replace("_", " "), kind="low level", values=values[told, place], owners=told)
        for place, name in enumerate(NAMES)
    ]


def _of_contents(samples: Sequence[Sample]) -> list[Statistic]:
    everyone = np.arange(len(samples))
    held = [{category for category, _ in sample.boxes} for sample in samples]
    classes = sorted(set().union(*held))
    columns = {"boxes a picture": np.array([len(sample.boxes) for sample in samples])}
    columns |= {f"has {name}": np.array([name in some for some in held]) for name in classes}
    columns |= {
        f"has {first} and {second}": np.array([first in some and second in some for some in held])
        for first, second in combinations(classes, 2)
    }
    return [
        Statistic(name=name, kind="label geometry", values=values.astype(np.float64), owners=everyone)
        for name, values in columns.items()
    ]


def _share(sample: Sample, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    (width, height), (x0, y0, x1, y1) = sample.size_wh, box
    return x0 / width, y0 / height, x1 / width, y1 / height


def _beyond(values: Floats, place: Floats) -> Floats:
    """Take off a straight line in place: what is nearer stands lower and is larger."""
    if len(values) < 3 or np.ptp(place) == 0:
        return values - values.mean() if len(values) else values
    return np.asarray(values - np.polyval(np.polyfit(place, values, 1), place))
