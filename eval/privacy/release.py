"""Statistics of the real pictures with differential privacy, as tables of counts with discrete Laplace noise by OpenDP.

Neighbours are lists of pictures that differ by one picture. The noise comes from the system's entropy, so no two
releases are alike, and each one is charged to the ledger.
Source: Ghosh, Roughgarden and Sundararajan 2012, arXiv 0811.2841; https://docs.opendp.org.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
from pydantic import ConfigDict

from eval.privacy.accounting import Bounded
from eval.resample import Floats
from eval.samples import Sample
from scenes.errors import InputError, MissingPieceError
from scenes.ontology import CATEGORIES

LIGHT_EDGES = (0, 32, 64, 96, 128, 160, 192, 224, 256)  # of the mean luma of a picture, 0 to 255


@dataclass(frozen=True, kw_only=True)
class ReleaseSettings:
    """What is released of the real pictures.

    Args:
        epsilon: of all tables together; null releases nothing.
        max_boxes: boxes of a picture beyond these are not counted, so that one picture can only change so much.
    """

    epsilon: float | None = None
    max_boxes: int = 20
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if self.epsilon is not None and not self.epsilon > 0:
            raise InputError("privacy.release.epsilon", "must be above 0, or null to release nothing", got=self.epsilon)
        if self.max_boxes < 1:
            raise InputError("privacy.release.max_boxes", "must be at least 1", got=self.max_boxes)


@dataclass(frozen=True, kw_only=True)
class Table:
    """Counts, and by how much one picture can change them in sum.

    Args:
        name: of the table.
        counts: by name of the row; the rows are fixed beforehand and do not depend on the pictures.
        sensitivity: largest change of all counts together by one picture.
    """

    name: str
    counts: Mapping[str, int]
    sensitivity: int


@dataclass(frozen=True, kw_only=True)
class Released:
    """A table as it may be shown.

    Args:
        counts: with noise; never below 0.
        scale: of the noise.
        error: 95 % of counts are off by at most so much.
        epsilon: what it cost.
    """

    name: str
    counts: Mapping[str, int]
    scale: float
    error: int
    epsilon: float


def tables(pictures: Sequence[Sample], mean_luma: Floats, settings: ReleaseSettings) -> list[Table]:
    """Count boxes by class, pictures by their number of boxes, and pictures by their light.

    Args:
        pictures: n of them; one without labels has no boxes.
        mean_luma: (n,), 0 to 255.
        settings: how many boxes of a picture count.
    """
    most = settings.max_boxes
    boxes = Counter(name for picture in pictures for name, _ in picture.boxes[:most])
    per_picture = Counter(min(len(picture.boxes), most) for picture in pictures)
    light, _ = np.histogram(mean_luma, LIGHT_EDGES)
    rows = [str(number) if number < most else f"{most} or more" for number in range(most + 1)]
    bins = [f"{low} to {high}" for low, high in pairwise(LIGHT_EDGES)]
    return [
        Table(name="boxes_by_class", counts={name: boxes[name] for name in CATEGORIES}, sensitivity=most),
        Table(
            name="pictures_by_boxes",
            counts={row: per_picture[number] for number, row in enumerate(rows)},
            sensitivity=1,
        ),
        Table(name="pictures_by_mean_luma", counts=dict(zip(bins, map(int, light), strict=True)), sensitivity=1),
    ]


def mechanisms(count: int, epsilon: float) -> tuple[Bounded, ...]:
    """Return what `count` tables cost if they share ε evenly."""
    return tuple(Bounded(epsilon=epsilon / count) for _ in range(count))


def check() -> None:
    """Refuse before anything is charged where OpenDP is not installed.

    Raises:
        MissingPieceError: it is not.
    """
    _opendp()


def released(table: Table, epsilon: float) -> Released:
    """Return a table with noise; charge the ledger before calling this."""
    scale = table.sensitivity / epsilon
    noisy = _laplace(scale)(list(table.counts.values()))
    return Released(
        name=table.name,
        counts={row: max(int(value), 0) for row, value in zip(table.counts, noisy, strict=True)},
        scale=scale,
        error=math.ceil(scale * math.log(1 / 0.05)),
        epsilon=epsilon,
    )


def epsilon_by_opendp(table: Table, scale: float) -> float:
    """Return what OpenDP says that the noise of a table costs."""
    return float(_laplace(scale).map(table.sensitivity))


def _laplace(scale: float) -> Any:
    opendp = _opendp()
    space = (opendp.vector_domain(opendp.atom_domain(T="i64")), opendp.l1_distance(T="i64"))
    return opendp.m.make_laplace(*space, scale)


@cache
def _opendp() -> Any:
    try:
        opendp = import_module("opendp.prelude")
    except ModuleNotFoundError as missing:
        raise MissingPieceError("opendp", "statistics are released", "pip install 'rareblend[privacy]'") from missing
    opendp.enable_features("contrib")
    return opendp
