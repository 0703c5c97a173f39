"""Copies of real pictures in which found faces and plates are blurred; the real files are only read.

A copy holds nothing but pixels: where and when it was taken is left behind with the other metadata.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from blend.picture import Picture, decode_rgb
from eval.privacy.recall import Recall
from eval.privacy.sensitive import Box, Finder, Kind, methods
from render.durable import write_bytes
from scenes.errors import InputError

BLUR_VERSION = 1
CELLS = 4  # a region is averaged down to so many cells a side, too few to know a face or a plate by
_KEPT = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True, kw_only=True)
class BlurSettings:
    """How faces and plates are found and hidden.

    Args:
        faces_model: YuNet's ONNX file; null takes OpenCV's cascades.
        score: of YuNet, from which on a face counts, (0, 1).
        votes: overlapping hits of a cascade from which on something counts; fewer hide more, rightly or not.
        min_px: smallest side of a face or plate.
        max_share: largest height of one, as a share of the picture's, (0, 1]; what is larger is mostly a false find.
        grow: by which share of its size a box is widened on each side.
        quality: of JPEG copies, 1 to 100.
        labels: COCO file with faces and plates of some pictures, on which recall is measured.
    """

    faces_model: Path | None = None
    score: float = 0.5
    votes: int = 3
    min_px: int = 12
    max_share: float = 0.2
    grow: float = 0.2
    quality: int = 95
    labels: Path | None = None
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if not 0 < self.score < 1:
            raise InputError("blur.score", "must lie in (0, 1)", got=self.score)
        for key, low in {"votes": 1, "min_px": 4, "grow": 0}.items():
            if getattr(self, key) < low:
                raise InputError(f"blur.{key}", f"must be at least {low}", got=getattr(self, key))
        if not 0 < self.max_share <= 1:
            raise InputError("blur.max_share", "must lie in (0, 1]", got=self.max_share)
        if not 1 <= self.quality <= 100:
            raise InputError("blur.quality", "must lie in [1, 100]", got=self.quality)

    def finder(self) -> Finder:
        """Return what finds faces and plates."""
        return Finder(
            faces_model=self.faces_model,
            score=self.score,
            votes=self.votes,
            min_px=self.min_px,
            max_share=self.max_share,
        )


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A blurred copy.

    Args:
        file: below the folder of copies.
        source_sha256: of the real file.
        boxes: that were hidden, as widened.
        size_wh: px.
    """

    file: str
    source_sha256: str
    boxes: tuple[Box, ...]
    size_wh: tuple[int, int]


def check(out: Path, root: Path | None) -> None:
    """Refuse copies among the real pictures.

    Raises:
        InputError: `out` lies in `root`.
    """
    if root is not None and out.resolve().is_relative_to(root.resolve()):
        raise InputError("out", "must lie outside the real pictures, which stay as they are", got=str(out))


def copies(
    pictures: Sequence[Picture], folder: Path, settings: BlurSettings, *, root: Path | None, workers: int
) -> Iterator[Copy]:
    """Write a copy of each picture.

    Args:
        pictures: read from `root`.
        folder: of the copies; a picture keeps its path below `root`.
        settings: how to find and hide.
        root: folder of the real pictures; None or elsewhere puts copies into `folder` by name.
        workers: pictures in work at once; changes no result.

    Raises:
        InputError: two copies would have one name.
    """
    names = [_name(picture, root) for picture in pictures]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError("real", "must not hold two pictures whose copies have one name", got=", ".join(twice[:3]))
    own = threading.local()
    settings.finder()  # a weight file that cannot be used is told before anything is written

    def write(picture: Picture, name: str) -> Copy:
        if not hasattr(own, "finder"):
            own.finder = settings.finder()
        return _copied(picture.path, folder, name, own.finder, settings)

    with ThreadPoolExecutor(max_workers=workers) as pool:
        yield from pool.map(write, pictures, names)


def hidden(bgr: NDArray[np.uint8], boxes: Sequence[Box]) -> NDArray[np.uint8]:
    """Return a picture with boxes averaged down to few cells and smoothly filled; never the same array."""
    result = bgr.copy()
    for _, (x0, y0, x1, y1) in boxes:
        cells = cv2.resize(bgr[y0:y1, x0:x1], (CELLS, CELLS), interpolation=cv2.INTER_AREA)
        result[y0:y1, x0:x1] = cv2.resize(cells, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)
    return result


def grown(box: Box, share: float, size_wh: tuple[int, int]) -> Box:
    """Return a box widened by a share of its size on each side, inside the picture."""
    kind, (x0, y0, x1, y1) = box
    dx, dy = int(np.ceil(share * (x1 - x0))), int(np.ceil(share * (y1 - y0)))
    return kind, (max(x0 - dx, 0), max(y0 - dy, 0), min(x1 + dx, size_wh[0]), min(y1 + dy, size_wh[1]))


def record(done: Sequence[Copy], settings: BlurSettings, recalls: Mapping[Kind, Recall | str]) -> dict[str, Any]:
    """Return what was done: method, settings, counts, recall or why it is not known, hash of the inputs."""
    inputs = "\n".join(sorted(copy.source_sha256 for copy in done))
    told = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(settings).items()}
    return {
        "schema": BLUR_VERSION,
        "methods": methods(settings.faces_model),
        "settings": told,
        "counts": counts(done),
        "recall": {
            kind: {"not_measured": found} if isinstance(found, str) else {**asdict(found), "value": found.value}
            for kind, found in recalls.items()
        },
        "inputs_sha256": hashlib.sha256(inputs.encode()).hexdigest(),
        "pictures": [asdict(copy) for copy in done],
    }


def counts(done: Sequence[Copy]) -> dict[str, int]:
    """Return how many pictures, faces and plates; a face that several cascades see counts for each."""
    kinds = [kind for copy in done for kind, _ in copy.boxes]
    blurred = sum(bool(copy.boxes) for copy in done)
    return {"pictures": len(done), "blurred": blurred, "faces": kinds.count("face"), "plates": kinds.count("plate")}


def _name(picture: Picture, root: Path | None) -> str:
    below = root is not None and picture.path.resolve().is_relative_to(root.resolve())
    kept = picture.path.resolve().relative_to(root.resolve()) if below and root else Path(picture.path.name)
    return str(kept if kept.suffix.lower() in _KEPT else kept.with_suffix(".png"))


def _copied(path: Path, folder: Path, name: str, finder: Finder, settings: BlurSettings) -> Copy:
    content = path.read_bytes()
    bgr = np.ascontiguousarray(decode_rgb(path)[..., ::-1])
    size_wh = (bgr.shape[1], bgr.shape[0])
    boxes = tuple(grown(box, settings.grow, size_wh) for box in finder.find(bgr))
    options = [] if name.lower().endswith(".png") else [cv2.IMWRITE_JPEG_QUALITY, settings.quality]
    written, encoded = cv2.imencode(Path(name).suffix, hidden(bgr, boxes), options)
    assert written
    write_bytes(folder / name, encoded.tobytes())
    return Copy(file=name, source_sha256=hashlib.sha256(content).hexdigest(), boxes=boxes, size_wh=size_wh)
