"""One picture on its way into a blend, with its boxes and where it came from."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco_mask

from blend.decode import decode
from scenes.errors import InputError
from scenes.ontology import CATEGORIES

Source = Literal["real", "synthetic"]
Kind = Literal["real", "synthetic", "augmented", "composite"]
KINDS: tuple[Kind, ...] = ("real", "synthetic", "augmented", "composite")
"""Pictures as they were taken, frames as they were rendered, varieties of frames, real ones with actors put in."""
Rle = Mapping[str, Any]
Fault = Literal[
    "broken picture",
    "size differs from record",
    "no such picture",
    "two of one name",
    "not labelled there",
    "unreadable record",
    "unknown class",
    "not a box",
    "outside the picture",
    "unreadable mask",
    "too many boxes",
    "labelled twice",
]
"""What can be wrong with a real set, as its profile counts it."""


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """One box, and its mask where there is one.

    Args:
        category: a name out of `scenes.ontology.CATEGORIES`.
        xywh: left, top, width, height in px; positive size.
        rle: compressed COCO run lengths of the visible mask, `counts` as `str`; None where only a box is known.
        area_px: area of the mask, or of the box where there is no mask.
        key: what names this annotation inside its picture, stable from run to run.
        facts: fields that are passed on unchanged (instance, occlusion, crash, iscrowd…).
    """

    category: str
    xywh: tuple[float, float, float, float]
    area_px: float
    key: str
    rle: Rle | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.category not in CATEGORIES:
            raise InputError("annotation.category", f"must be one of {', '.join(CATEGORIES)}", got=self.category)
        if not all(np.isfinite(self.xywh)) or min(self.xywh[2:]) <= 0:
            raise InputError("annotation.xywh", "must be finite and of positive size", got=self.xywh)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture that can be read whole.

    Args:
        name: unique in the blend; the stem of its file there.
        path: where its bytes are now.
        group: what must not be torn over splits: a scene, a clip's time block, a run of file numbers.
        labelled: False where nobody has looked for all objects, though some may be known, as those that were put into a
            picture; True with no annotations means "none there".
        parents: names of the pictures that it was made from.
        facts: image fields that are passed on unchanged (scene, view, look, lighting…).
        augment: pipeline, seed and applied transforms; None for an unchanged picture.
        weight: mean number of times it is drawn in an epoch of training.
        copies: the same in whole numbers, for trainers that read a list.
        stages: of a curriculum: the share of all epochs at which each ends, and the weight until then.
    """

    name: str
    path: Path
    source: Source
    group: str
    width: int
    height: int
    sha256: str
    annotations: tuple[Annotation, ...] = ()
    labelled: bool = True
    parents: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    augment: Mapping[str, Any] | None = None
    weight: float = 1.0
    copies: int = 1
    stages: tuple[tuple[float, float], ...] = ()

    @property
    def kind(self) -> Kind:
        """What it is counted as."""
        return kind_of(self.source, self.augment)

    @property
    def file_name(self) -> str:
        """Name of the picture relative to the blend's folder."""
        return f"images/{self.name}{self.path.suffix.lower()}"


def kind_of(source: Source, augment: Mapping[str, Any] | None) -> Kind:
    """Tell what a picture is counted as, from its entry in a blend's COCO file."""
    if augment is None:
        return source
    return "composite" if "actors" in augment else "augmented"


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Something that was not taken, and why.

    Args:
        file: the picture or annotation file.
        reason: one line, which names the box or line where it is one.
        fault: what it counts as in a profile, see `Fault`.
    """

    file: str
    reason: str
    fault: Fault = "unreadable record"

    def record(self) -> dict[str, str]:
        """Give the entry as it stands in `blend.json`."""
        return {"file": self.file, "reason": self.reason}


def stable_id(text: str) -> int:
    """Hash a name to a 52-bit id, which JSON and JavaScript hold exactly."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:13], 16)


def sha256_of(path: Path) -> str:
    """Hash a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def decode_rgb(path: Path) -> NDArray[np.uint8]:
    """Read a picture whole, uint8 RGB (H, W, 3), upright.

    Raises:
        ValueError: the file cannot be decoded to its end, or is too large; the text says which.
    """
    return decode(path).rgb


def encode_mask(mask: NDArray[np.bool_]) -> dict[str, Any]:
    """Compress a mask (H, W) to COCO run lengths with `counts` as text."""
    rle = coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))
    return {"size": [int(side) for side in rle["size"]], "counts": rle["counts"].decode("ascii")}


def decode_mask(rle: Rle) -> NDArray[np.bool_]:
    """Expand COCO run lengths to a mask (H, W)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pycocotools 2.0.11 has no numpy 2 copy keyword
        return np.asarray(coco_mask.decode(dict(rle)), dtype=bool)


def tight_xywh(mask: NDArray[np.bool_]) -> tuple[float, float, float, float]:
    """Return the smallest box around a mask that is not empty, in pixel edges."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    x, y = int(columns[0]), int(rows[0])
    return (float(x), float(y), float(columns[-1] + 1 - x), float(rows[-1] + 1 - y))
