"""What a labelled set of driving pictures says of traffic: how many, which classes, how large, under what horizon.

The camera is found by least squares: on level ground a vehicle of height H whose box is h high (as a share of the
picture's height) has its lower edge z·h/H below the horizon, z the height of the lens. One z holds for the set, a
horizon for each picture. The field of view cannot be told from boxes and stays the dashcam's.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
import yaml
from pydantic import ConfigDict

from scenes.errors import InputError
from scenes.ontology import KIND_CATEGORY
from scenes.settings import validated
from scenes.vehicle import typical_height_m

_STEPS = 101
BANDS, _FEW = 4, 8
"""Bands of pictures by their number of vehicles; with fewer boxes of a class in one, it takes those of all bands."""
_CUT = 0.985
"""Boxes that reach below are cut by the picture's edge: their lower edge is not where wheels stand."""
_LENS_M = (1.18, 1.48)
"""As `conf/camera/dashcam.yaml`."""
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
    """A labelled vehicle; lower edge and height as shares of the picture's height, `taller_by` that over its width."""

    category: str
    bottom: float
    height: float
    taller_by: float

    @property
    def size(self) -> float:
        """Height as a share of the square root of the picture's area, so that pictures of other shapes compare."""
        return self.height * sqrt(self.taller_by)


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """Traffic of a set; each tuple holds quantiles at even steps from the least to the greatest.

    Args:
        shares: class to its share of all boxes.
        counts: vehicles in a picture.
        sizes: class to `Box.size` of its boxes, one tuple for each of four equal bands of pictures from the emptiest
            to the fullest: boxes in full pictures are smaller.
        horizons: of pictures, as a share of the picture's height from above.
        lens_m: height of the lens.
    """

    shares: dict[str, float]
    counts: tuple[float, ...]
    sizes: dict[str, tuple[tuple[float, ...], ...]]
    horizons: tuple[float, ...]
    lens_m: float
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if unknown := [name for name in self.shares if name not in CLASSES]:
            raise InputError("traffic.shares", f"must name classes of {', '.join(CLASSES)}", got=unknown[0])
        if min(self.shares.values(), default=0) < 0 or sum(self.shares.values()) <= 0:
            raise InputError("traffic.shares", "must be >= 0 and one of them > 0", got=self.shares)
        if missing := [name for name in self.shares if name not in self.sizes]:
            raise InputError("traffic.sizes", "must hold each class that has a share", got=f"no {missing[0]}")
        if short := [name for name, bands in self.sizes.items() if len(bands) != BANDS]:
            raise InputError(f"traffic.sizes.{short[0]}", f"must hold {BANDS} bands", got=len(self.sizes[short[0]]))
        bands = [(f"sizes.{name}", band) for name, told in self.sizes.items() for band in told]
        for name, told in [("counts", self.counts), ("horizons", self.horizons), *bands]:
            if not told or list(told) != sorted(told) or told[0] < 0:
                raise InputError(f"traffic.{name}", "must be quantiles that are >= 0 and never fall", got=told)
        if not _LENS_M[0] <= self.lens_m <= _LENS_M[1]:
            raise InputError("traffic.lens_m", f"must lie in {list(_LENS_M)}", got=self.lens_m)


def labelled(category: str, xywh: tuple[float, float, float, float], picture_wh: tuple[int, int]) -> Box:
    """Return a box of a picture in px."""
    (_, top, _, high), (width, height) = xywh, picture_wh
    return Box(category, (top + high) / height, high / height, taller_by=height / width)


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
    many = Counter(box.category for box in boxes)
    lens_m = _lens_m(pictures)
    return Likeness(
        shares={name: round(many[name] / len(boxes), 6) for name in CLASSES if many[name]},
        counts=_quantiles([len(picture) for picture in pictures]),
        sizes={name: _sizes(pictures, name) for name in CLASSES if many[name]},
        horizons=_quantiles(_horizons(pictures, lens_m)),
        lens_m=lens_m,
    )


def write(path: Path, likeness: Likeness) -> None:
    """Write a profile as YAML."""
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = json.loads(json.dumps(asdict(likeness)))  # YAML has no tuples
    path.write_text(yaml.safe_dump(plain, sort_keys=False, default_flow_style=None), encoding="utf-8")


def read(path: Path) -> Likeness:
    """Read a profile.

    Raises:
        InputError: there is no such file, it is no YAML, or a rule is broken.
    """
    try:
        return validated(path.name, Likeness, yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as missing:
        raise InputError(f"traffic.profile={path}", "must be a file", got=missing.strerror or "nothing") from missing
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        raise InputError(str(path), f"is no YAML in UTF-8: {' '.join(str(broken).split())}") from broken


def _sizes(pictures: Sequence[Sequence[Box]], name: str) -> tuple[tuple[float, ...], ...]:
    order = sorted(range(len(pictures)), key=lambda at: len(pictures[at]))
    found: list[list[float]] = [[] for _ in range(BANDS)]
    for rank, at in enumerate(order):
        found[rank * BANDS // len(order)] += [box.size for box in pictures[at] if box.category == name]
    everywhere = [size for band in found for size in band]
    return tuple(_quantiles(band if len(band) >= _FEW else everywhere) for band in found)


def _lens_m(pictures: Sequence[Sequence[Box]]) -> float:
    """Return the lens's height: least squares inside pictures, held to where dashcams are."""
    above = below = 0.0
    for picture in pictures:
        nearness, bottom = _standing(picture)
        if len(bottom) > 1:
            apart = nearness - nearness.mean()
            above, below = above + float(apart @ (bottom - bottom.mean())), below + float(apart @ apart)
    low, high = _LENS_M
    return round(min(max(above / below, low), high), 4) if below > 0 else (low + high) / 2


def _horizons(pictures: Sequence[Sequence[Box]], lens_m: float) -> list[float]:
    pairs = [_standing(picture) for picture in pictures]
    found = [float((bottom - lens_m * nearness).mean()) for nearness, bottom in pairs if len(bottom)]
    return [min(max(at, 0.0), 1.0) for at in found] or [0.5]


def _standing(picture: Sequence[Box]) -> tuple[np.ndarray, np.ndarray]:
    """Return h/H (per metre) and lower edges of the boxes that no edge cuts."""
    whole = [box for box in picture if box.bottom < _CUT]
    nearness = [box.height / _TYPICAL_M[box.category] for box in whole]
    return np.asarray(nearness, float), np.asarray([box.bottom for box in whole], float)


def _quantiles(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(float(at), 5) for at in np.quantile(values, np.linspace(0, 1, _STEPS)))


_TYPICAL_M: Mapping[str, float] = MappingProxyType({name: typical_height_m(name) for name in CLASSES})
