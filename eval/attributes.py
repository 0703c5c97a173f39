"""What can be said of a picture in a word each: light, contrast, how many objects, which, how large and where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from eval.comparison import LIGHT_LUMA
from eval.resample import Floats, Ints
from eval.samples import Sample

CONTRAST_SD = (30.0, 50.0, 70.0)  # of luma, 0 to 255
BOXES = (1.0, 2.0, 4.0, 8.0)
LARGEST_SHARE = (0.003, 0.01, 0.03, 0.1)  # of the picture's area
THIRDS = (1 / 3, 2 / 3)


@dataclass(frozen=True, kw_only=True)
class Attributes:
    """Pictures in words.

    Args:
        codes: n x a, the value of each attribute, from 0.
        levels: a, how many values each attribute has.
        names: a.
    """

    codes: Ints
    levels: tuple[int, ...]
    names: tuple[str, ...]


def describe(samples: Sequence[Sample], light: Floats, classes: Sequence[str]) -> Attributes:
    """Describe labelled pictures.

    Args:
        samples: n pictures.
        light: n x 2, mean and standard deviation of luma, 0 to 255.
        classes: each makes an attribute, whether it is in the picture.
    """
    banded: list[tuple[str, Sequence[float], Floats]] = [
        ("light", LIGHT_LUMA, light[:, 0]),
        ("contrast", CONTRAST_SD, light[:, 1]),
        ("boxes", BOXES, _each(samples, lambda sample: len(sample.boxes))),
        ("largest", LARGEST_SHARE, _each(samples, lambda sample: _largest(sample)[0])),
        ("where", THIRDS, _each(samples, lambda sample: _largest(sample)[1])),
    ]
    columns = [np.digitize(values, edges) for _, edges, values in banded]
    columns += [
        np.array([any(name == category for category, _ in sample.boxes) for sample in samples]) for name in classes
    ]
    return Attributes(
        codes=np.stack(columns, axis=1).astype(np.int64),
        levels=(*(len(edges) + 1 for _, edges, _ in banded), *(2 for _ in classes)),
        names=(*(name for name, _, _ in banded), *(f"has {name}" for name in classes)),
    )


def entropy(codes: Ints, levels: Sequence[int]) -> float:
    """Return the mean over attributes of the entropy of their values over its maximum: 0 all alike, 1 all as frequent.

    Args:
        codes: n x a, n at least 1.
        levels: a, at least 2 each.

    Source: Shannon, A Mathematical Theory of Communication, 1948.
    """
    shares = [np.bincount(column, minlength=count) / len(codes) for column, count in zip(codes.T, levels, strict=True)]
    return float(np.mean([_entropy(share) / np.log(len(share)) for share in shares]))


def pairwise_coverage(codes: Ints, levels: Sequence[int]) -> float:
    """Return the share of all pairs of values of two attributes that at least one picture shows, in [0, 1].

    Args:
        codes: n x a, a at least 2.
        levels: a.

    Source: Kuhn, Kacker and Lei, NIST SP 800-142, Practical Combinatorial Testing, 2010.
    """
    seen = possible = 0
    for first, second in combinations(range(len(levels)), 2):
        seen += len(np.unique(codes[:, first] * levels[second] + codes[:, second]))
        possible += levels[first] * levels[second]
    return seen / possible


def _each(samples: Sequence[Sample], value: Callable[[Sample], float]) -> Floats:
    return np.array([value(sample) for sample in samples], dtype=np.float64)


def _largest(sample: Sample) -> tuple[float, float]:
    """Return the area of the largest box as a share of the picture, and its middle as a share of the width."""
    width, height = sample.size_wh
    boxes = [((x1 - x0) * (y1 - y0) / (width * height), (x0 + x1) / 2 / width) for _, (x0, y0, x1, y1) in sample.boxes]
    return max(boxes, default=(0.0, 0.5))


def _entropy(shares: Floats) -> float:
    some = shares[shares > 0]
    return float(-np.sum(some * np.log(some)))
