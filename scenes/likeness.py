"""What a labelled set of driving pictures says of traffic: from where each was taken, and which boxes it holds.

A profile is the set's empirical distribution. A scene takes the vantage and the number of vehicles of one picture, and
its vehicles from a group of pictures that are alike, whose boxes are shuffled and dealt: so lens, horizon, number,
class, size and shape vary together as in the set, and no picture is drawn again as it is.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from math import log, sqrt
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import ConfigDict

from scenes.errors import InputError
from scenes.ontology import KIND_CATEGORY
from scenes.seeds import generator
from scenes.settings import validated
from scenes.vantage import Standing, Vantage, vantages
from scenes.vehicle import typical_height_m

MOST_PICTURES = 1000
"""Pictures that a profile holds; of larger sets it takes every so many, in the order of their numbers of vehicles."""
_ALIKE = 7
"""Pictures at most whose boxes a scene draws from."""
_CUT = 0.985
"""Boxes that reach below are cut by the picture's edge: their lower edge is not where wheels stand."""
_GOLDEN = (sqrt(5) - 1) / 2
CLASSES = tuple(dict.fromkeys(KIND_CATEGORY.values()))


@dataclass(frozen=True, kw_only=True)
class TrafficSettings:
    """The `traffic` section of the config: ours, or like that of the real set or of a profile fitted earlier."""

    kind: Literal["ours", "like_real"] = "ours"
    profile: Path | None = None
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if self.kind == "ours" and self.profile is not None:
            raise InputError("traffic.profile", "must not be given with traffic=ours", fix="add traffic=like_real")


class Box(NamedTuple):
    """A labelled vehicle.

    `middle` is across the picture and `bottom` down it, as shares of its width and height; `area` is a share of the
    picture, `aspect` width over height in pixels, `taller_by` the picture's height over its width.
    """

    category: str
    middle: float
    bottom: float
    area: float
    aspect: float
    taller_by: float

    @property
    def height(self) -> float:
        """Share of the picture's height."""
        return sqrt(self.area / (self.aspect * self.taller_by))


class Picture(NamedTuple):
    """From where it was taken, and the vehicles that are labelled in it."""

    vantage: Vantage
    boxes: tuple[Box, ...]


class Crowd(NamedTuple):
    """What one scene is to show: the first `many` of some boxes, or others of them for want of room, from a vantage."""

    vantage: Vantage
    many: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """Traffic of a set, by its pictures from the emptiest to the fullest; those of one number by the area of boxes."""

    pictures: tuple[Picture, ...]
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        boxes = [box for picture in self.pictures for box in picture.boxes]
        if not boxes:
            raise InputError("traffic.pictures", "must hold a box", got=f"{len(self.pictures)} pictures without any")
        if unknown := [box.category for box in boxes if box.category not in CLASSES]:
            raise InputError("traffic.boxes", f"must be of classes {', '.join(CLASSES)}", got=unknown[0])
        if broken := [box for box in boxes if not (0 < box.area <= 1 and box.aspect > 0 and box.taller_by > 0)]:
            raise InputError("traffic.boxes", "must have an area in (0, 1] and shapes > 0", got=tuple(broken[0]))
        if low := [at.vantage.lens_m for at in self.pictures if at.vantage.lens_m <= 0]:
            raise InputError("traffic.pictures", "must have lens_m > 0", got=low[0])
        counts = [len(picture.boxes) for picture in self.pictures]
        if counts != sorted(counts):
            raise InputError("traffic.pictures", "must be in the order of their numbers of boxes", got=counts[:9])

    @property
    def shares(self) -> dict[str, float]:
        """Class to its share of all boxes."""
        many = Counter(box.category for picture in self.pictures for box in picture.boxes)
        return {name: many[name] / many.total() for name in CLASSES if many[name]}

    def crowd(self, seed: int, name: str, index: int) -> Crowd:
        """Return what a scene of a run is to show.

        Any row of scenes runs evenly through the pictures (steps of the golden ratio), from a place of the seed's. The
        boxes of pictures that are alike are shuffled and dealt to them, so that each is wanted once.

        Args:
            seed: the run's seed.
            name: of the scenario.
            index: of the scene among those of that scenario.
        """
        rank = (generator(seed, "crowd", name).random() + index * _GOLDEN) % 1.0
        at = int(rank * len(self.pictures))
        group = next(group for group in self._groups if at in group)
        boxes = [box for one in group for box in self.pictures[one].boxes]
        deal = generator(seed, "deal", name, group[0], index // len(self.pictures)).permutation(len(boxes))
        first = sum(len(self.pictures[one].boxes) for one in group[: group.index(at)])
        picture = self.pictures[at]
        return Crowd(picture.vantage, len(picture.boxes), tuple(boxes[one] for one in np.roll(deal, -first)))

    @cached_property
    def _groups(self) -> list[list[int]]:
        """Return pictures that are alike in number, height of the lens and mean area, each in one group.

        As in a k-d tree: so the boxes of unusual pictures are wanted as often as those of others.
        """
        places = np.array(
            [
                (log(1 + len(boxes)), 2 * log(vantage.lens_m), log(_filled(boxes) / max(len(boxes), 1) + 1e-4) / 2)
                for vantage, boxes in self.pictures
            ]
        )
        return _halved(places, np.arange(len(places)))


def labelled(category: str, xywh: tuple[float, float, float, float], picture_wh: tuple[int, int]) -> Box:
    """Return a box of a picture in px."""
    (left, top, wide, high), (width, height) = xywh, picture_wh
    return Box(
        category,
        round((left + wide / 2) / width, 4),
        round((top + high) / height, 4),
        round(wide * high / (width * height), 9),
        round(wide / high, 4),
        round(height / width, 4),
    )


def fit(pictures: Sequence[Sequence[Box]]) -> Likeness:
    """Fit traffic to a set's boxes, one sequence for each picture, empty where there are none.

    Raises:
        InputError: there is no box, or a class that is no vehicle's.
    """
    boxes = [box for picture in pictures for box in picture]
    if not boxes:
        raise InputError(
            "traffic=like_real", "needs labelled vehicles", got="none in the real set", fix="see real.rename"
        )
    if unknown := [box.category for box in boxes if box.category not in CLASSES]:
        raise InputError("traffic=like_real", f"takes classes of {', '.join(CLASSES)}", got=unknown[0])
    found = vantages([_standing(picture) for picture in pictures])
    told = [Picture(vantage, tuple(picture)) for vantage, picture in zip(found, pictures, strict=True)]
    told.sort(key=lambda picture: (len(picture.boxes), _filled(picture.boxes)))
    kept = np.linspace(0, len(told) - 1, min(len(told), MOST_PICTURES)).round().astype(int)
    return Likeness(pictures=tuple(told[at] for at in kept))


def write(path: Path, likeness: Likeness) -> None:
    """Write a profile as YAML."""
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = json.loads(json.dumps(asdict(likeness)))  # YAML has no tuples
    path.write_text(yaml.dump(plain, Dumper=yaml.CSafeDumper, sort_keys=False, width=120), encoding="utf-8")


def read(path: Path) -> Likeness:
    """Read a profile.

    Raises:
        InputError: there is no such file, it is no YAML, or a rule is broken.
    """
    try:
        told = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except OSError as missing:
        raise InputError(f"traffic.profile={path}", "must be a file", got=missing.strerror or "nothing") from missing
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        raise InputError(str(path), f"is no YAML in UTF-8: {' '.join(str(broken).split())}") from broken
    return validated(path.name, Likeness, told)


def _halved(places: NDArray[np.float64], members: NDArray[np.intp]) -> list[list[int]]:
    """Return members in groups of at most `_ALIKE`, halved time and again along the coordinate that varies most."""
    if len(members) <= _ALIKE:
        return [members.tolist()]
    axis = int(np.ptp(places[members], axis=0).argmax())
    order = members[np.argsort(places[members, axis], kind="stable")]
    half = len(order) // 2
    return _halved(places, order[:half]) + _halved(places, order[half:])


def _filled(boxes: Sequence[Box]) -> float:
    """Return the sum of areas."""
    return sum(box.area for box in boxes)


def _standing(picture: Sequence[Box]) -> Standing:
    whole = [box for box in picture if box.bottom < _CUT]
    nearness = [box.height / _TYPICAL_M[box.category] for box in whole]
    return np.asarray(nearness, float), np.asarray([box.bottom for box in whole], float)


_TYPICAL_M = MappingProxyType({name: typical_height_m(name) for name in CLASSES})
