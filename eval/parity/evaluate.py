"""Average precision as COCO counts it, matched once and then counted again under any weights of the pictures.

Matching is that of pycocotools. What follows it, a cumulative sum over detections in order of score, is done here for
many weightings at once, which is what a bootstrap needs; with all weights 1 it gives pycocotools' numbers.

Source: Lin et al., Microsoft COCO, ECCV 2014; https://cocodataset.org/#detection-eval.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from eval.parity.pictures import Picture

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Detection = dict[str, Any]
"""As in COCO's results: image_id and category_id (places of picture and class, from 1), bbox (xywh px), score."""

IOUS = np.linspace(0.5, 0.95, 10)
SIZES = ("all", "small", "medium", "large")
"""Areas as COCO has them: small under 32², large from 96² px of the picture as it is on disk."""
_RECALLS = np.linspace(0.0, 1.0, 101)
_ROW_BYTES = 2**21  # weightings that are counted at once fill a cache


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Detections of one class and size, best first, with what matching said of them.

    Args:
        owner: D, the place of the picture that each was found on.
        hits: for each IoU, which of them found an object.
        passed: for each IoU, which of them count neither as found nor as false.
        objects: pictures, how many objects there are to find.
    """

    owner: Ints
    hits: tuple[Ints, ...]
    passed: tuple[Ints, ...]
    objects: Floats

    def within(self, pictures: NDArray[np.bool_]) -> Ranking:
        """Return what was found on some of the pictures alone."""
        kept = pictures[self.owner]
        place = np.cumsum(kept) - 1
        return Ranking(
            owner=self.owner[kept],
            hits=tuple(place[at[kept[at]]] for at in self.hits),
            passed=tuple(place[at[kept[at]]] for at in self.passed),
            objects=self.objects * pictures,
        )


Rankings = dict[str, list[Ranking]]
"""By size, one for each class."""


def match(pictures: Sequence[Picture], classes: Sequence[str], detections: Sequence[Detection]) -> Rankings:
    """Match detections with objects, by class, size and IoU.

    Args:
        pictures: tested on.
        classes: names; objects of others are ignored.
        detections: of these pictures and classes.
    """
    with contextlib.redirect_stdout(io.StringIO()):  # it prints how long each part took
        truth = _coco(truth_of(pictures, classes))
        found = (
            truth.loadRes([dict(detection) for detection in detections])
            if detections
            else _coco({**truth.dataset, "annotations": []})
        )
        judged = COCOeval(truth, found, "bbox")
        judged.evaluate()
    told = np.reshape(np.array(judged.evalImgs, dtype=object), (len(classes), len(SIZES), len(pictures)))
    return {size: [_ranking(by_class[column]) for by_class in told] for column, size in enumerate(SIZES)}


def average_precision(ranking: Ranking, weights: Floats) -> Floats:
    """Return the average precision by weighting and IoU, (R, 10) in [0, 1]; NaN where there is nothing to find.

    Args:
        ranking: of one class.
        weights: R x pictures, how often each was drawn.
    """
    chunk = max(1, _ROW_BYTES // (8 * max(1, len(ranking.owner))))
    parts = [_counted(ranking, weights[at : at + chunk]) for at in range(0, len(weights), chunk)]
    return np.concatenate(parts) if parts else np.zeros((0, len(IOUS)))


def truth_of(pictures: Sequence[Picture], classes: Sequence[str]) -> dict[str, Any]:
    """Return the objects of pictures as a COCO document; what is ignored is a crowd."""
    boxes = [
        {
            "image_id": place,
            "category_id": classes.index(box.category) + 1,
            "bbox": [box.xyxy[0], box.xyxy[1], box.xyxy[2] - box.xyxy[0], box.xyxy[3] - box.xyxy[1]],
            "area": box.area,
            "iscrowd": int(box.ignored),
        }
        for place, picture in enumerate(pictures, start=1)
        for box in picture.boxes
        if box.category in classes
    ]
    return {
        "info": {},
        "images": images_of(pictures),
        "annotations": [{"id": number, **box} for number, box in enumerate(boxes, start=1)],
        "categories": [{"id": place, "name": name} for place, name in enumerate(classes, start=1)],
    }


def images_of(pictures: Sequence[Picture]) -> list[dict[str, Any]]:
    """Return the `images` of a COCO document, whose ids are places from 1."""
    return [
        {"id": place, "file_name": str(p.file), "width": p.size_wh[0], "height": p.size_wh[1]}
        for place, p in enumerate(pictures, start=1)
    ]


def _coco(document: dict[str, Any]) -> Any:
    coco = COCO()
    coco.dataset = document
    coco.createIndex()
    return coco


def _ranking(by_picture: Sequence[dict[str, Any] | None]) -> Ranking:
    told = [(place, entry) for place, entry in enumerate(by_picture) if entry is not None]
    objects = np.zeros(len(by_picture))
    for place, entry in told:
        objects[place] = np.count_nonzero(entry["gtIgnore"] == 0)
    scores = np.concatenate([np.zeros(0), *(entry["dtScores"] for _, entry in told)])
    owner = np.concatenate([np.zeros(0, np.int64), *(np.full(len(e["dtScores"]), place) for place, e in told)])
    order = np.argsort(-scores, kind="stable")
    nothing = np.zeros((len(IOUS), 0), dtype=bool)
    passed = np.concatenate([nothing, *(entry["dtIgnore"].astype(bool) for _, entry in told)], axis=1)[:, order]
    found = np.concatenate([nothing, *(entry["dtMatches"] > 0 for _, entry in told)], axis=1)[:, order] & ~passed
    last = np.flatnonzero(found.any(axis=0))
    kept = ~passed.all(axis=0) & (np.arange(len(order)) <= (last[-1] if len(last) else -1))
    return Ranking(
        owner=owner[order][kept],
        hits=tuple(np.flatnonzero(row[kept]) for row in found),
        passed=tuple(np.flatnonzero(row[kept]) for row in passed),
        objects=objects,
    )


def _counted(ranking: Ranking, weights: Floats) -> Floats:
    drawn = weights[:, ranking.owner]
    seen = np.cumsum(drawn, axis=1)
    objects = weights @ ranking.objects
    columns = [_interpolated(drawn, seen, objects, h, p) for h, p in zip(ranking.hits, ranking.passed, strict=True)]
    return np.stack(columns, axis=1)


def _interpolated(drawn: Floats, seen: Floats, objects: Floats, hits: Ints, passed: Ints) -> Floats:
    """Return the mean precision at 101 recalls; only a hit can raise recall, so only hits are looked at."""
    counted = seen[:, hits]
    if len(passed):
        before = np.pad(np.cumsum(drawn[:, passed], axis=1), ((0, 0), (1, 0)))
        counted = counted - before[:, np.searchsorted(passed, hits)]
    found = np.cumsum(drawn[:, hits], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = np.where(counted > 0, found / counted, 0.0)
        recall = np.where(objects[:, None] > 0, found / objects[:, None], 0.0)
    best_from_here = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    reached = np.searchsorted(_RECALLS, recall, side="right")
    newly = np.diff(reached, axis=1, prepend=0)
    return np.where(objects > 0, (best_from_here * newly).sum(axis=1) / len(_RECALLS), np.nan)
