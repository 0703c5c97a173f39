"""Labelled objects cut out of their pictures, with features of their own."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from eval import feature_cache
from eval.encoder import Network
from eval.launcher import Launcher, run_each
from eval.resample import Floats
from eval.samples import Sample

Box = tuple[float, float, float, float]
CONTEXT = 0.1  # of a side, added all around: a network tells little from an object without any ground
LEAST_PX = 24  # shorter side; below, a crop is mostly the resizing


@dataclass(frozen=True, kw_only=True)
class Crop:
    """One object of one picture.

    Args:
        sample: the picture.
        category: class name.
        xyxy: px.
    """

    sample: Sample
    category: str
    xyxy: Box


def draw(samples: Sequence[Sample], *, most: int, rng: np.random.Generator) -> list[Crop]:
    """Return the objects of labelled pictures that are large enough, at most `most` of a class, drawn at random."""
    by_class: dict[str, list[Crop]] = defaultdict(list)
    for sample in samples:
        for category, xyxy in sample.boxes if sample.labelled else ():
            if min(xyxy[2] - xyxy[0], xyxy[3] - xyxy[1]) >= LEAST_PX:
                by_class[category].append(Crop(sample=sample, category=category, xyxy=xyxy))
    kept = []
    for _, crops in sorted(by_class.items()):
        kept += [crops[place] for place in np.sort(rng.permutation(len(crops))[:most])]
    return kept


def cut(rgb: NDArray[np.uint8], xyxy: Box) -> NDArray[np.uint8]:
    """Return an object with `CONTEXT` around it, as far as the picture goes; at least one pixel."""
    left, top, right, bottom = xyxy
    beside, above = CONTEXT * (right - left), CONTEXT * (bottom - top)
    height, width = rgb.shape[:2]
    x0, y0 = (min(max(int(low), 0), size - 1) for low, size in ((left - beside, width), (top - above, height)))
    x1, y1 = max(int(np.ceil(right + beside)), x0 + 1), max(int(np.ceil(bottom + above)), y0 + 1)
    return rgb[y0:y1, x0:x1]


def embed(
    crops: Sequence[Crop], network: Network, *, workers: int = 1, launcher: Launcher = "local"
) -> list[Floats | None]:
    """Return the vector of each object, in order; None where its picture cannot be decoded or it is not finite.

    Each is kept in the feature cache under the hashes of its picture and its box.
    """
    boxes: dict[Path, list[int]] = defaultdict(list)
    for place, crop in enumerate(crops):
        boxes[crop.sample.path].append(place)
    wanted = [(path, [crops[place].xyxy for place in places]) for path, places in boxes.items()]
    found = run_each(partial(_of_picture, network=network), wanted, workers=workers, launcher=launcher)
    vectors: list[Floats | None] = [None] * len(crops)
    for places, rows in zip(boxes.values(), found, strict=True):
        for place, row in zip(places, rows, strict=True):
            vectors[place] = row
    return vectors


def _of_picture(wanted: tuple[Path, list[Box]], network: Network) -> list[Floats | None]:
    path, boxes = wanted
    try:
        content = path.read_bytes()
    except OSError:
        return [None] * len(boxes)
    digest = hashlib.sha256(content).hexdigest()
    digests = [hashlib.sha256(f"{digest} {box} {CONTEXT}".encode()).hexdigest() for box in boxes]
    kept = [feature_cache.read(network.label, name) for name in digests]
    lacking = [place for place, known in enumerate(kept) if known is None]
    bgr = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR) if lacking and content else None
    for place in lacking if bgr is not None else ():
        rgb = np.ascontiguousarray(cut(np.asarray(bgr, dtype=np.uint8), boxes[place])[..., ::-1])
        arrays = {"pooled": network.run(rgb)["pooled"]}
        if feature_cache.finite(arrays):
            feature_cache.write(network.label, digests[place], arrays)
            kept[place] = arrays
    return [None if known is None else known["pooled"].astype(np.float64) for known in kept]
