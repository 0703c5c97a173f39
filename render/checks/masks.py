"""What is wrong with a mask that rays contradict: it is shifted, belongs to another, shows a reflection, or else."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from render.checks.fault import Fault
from render.checks.footprint import Canvas, window
from render.checks.pixels import Traced
from render.checks.survey import survey

Bool = npt.NDArray[np.bool_]
Ids = npt.NDArray[np.uint16]
REACH_PX = 12
"""Shifts of up to so many pixels are told as shifts."""
SAME_IOU, LEFT_OVER = 0.8, 0.5
"""Two masks are the same from this overlap on; a shift explains a fault if it leaves less than this share of it."""
_APART_PX = 2


def mask_faults(traced: Traced, suspects: Iterable[int]) -> list[Fault]:
    """Name what is wrong with each suspect, from rays through every pixel around it."""
    faults = []
    for actor in suspects:
        (x0, y0, x1, y1) = _window(traced, actor)
        met = _met(traced, (x0, y0, x1, y1))
        faults.append(_named(actor, traced.ids[y0:y1, x0:x1], met))
    return faults


def _named(actor: int, ids: Ids, met: Ids) -> Fault:
    told, expected = ids == actor, met == actor
    other = _most_common(met[told])
    if other not in (0, actor) and _iou(told, met == other) >= max(SAME_IOU, _iou(told, expected)):
        return Fault(name="wrong_id", text=f"stands where rays meet instance {other}", instance=actor)
    taken = 0 if told.any() else _most_common(ids[expected])
    if taken and (ids[expected] == taken).mean() >= SAME_IOU:
        return Fault(name="wrong_id", text=f"is labelled as instance {taken} where rays meet it", instance=actor)
    (dx, dy), shifted = _best_shift(told, expected)
    plain = _iou(told, expected)
    if (dx, dy) != (0, 0) and shifted >= SAME_IOU and 1 - shifted <= LEFT_OVER * (1 - plain):
        text = f"is shifted by ({dx}, {dy}) px: it overlaps the rays' mask by {plain:.2f}, moved back by {shifted:.2f}"
        return Fault(name="shifted_mask", text=text, instance=actor)
    unseen = told & (met == 0) & ~_grown(expected)
    wrong = told != expected
    if unseen.sum() > max(wrong.sum() // 2, 1):
        text = f"is labelled in {int(unseen.sum())} pixels where no ray meets an actor"
        return Fault(name="reflection_label", text=text, instance=actor)
    if other not in (0, actor):
        text = f"is labelled in {int((told & (met == other)).sum())} pixels of instance {other}"
        return Fault(name="wrong_id", text=text, instance=actor)
    text = f"differs from the rays' mask in {int(wrong.sum())} pixels (overlap {plain:.2f})"
    return Fault(name="mask_against_rays", text=text, instance=actor)


def _window(traced: Traced, actor: int) -> tuple[int, int, int, int]:
    """Return the box around mask and footprint with room for a shift, in whole pixels of the picture."""
    height, width = traced.ids.shape
    rows, columns = np.nonzero(traced.ids == actor)
    boxes = [(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)] if len(rows) else []
    seen = traced.footprints.get(actor)
    if seen is not None and seen.cut:
        return 0, 0, width, height
    if seen is not None and seen.xyxy is not None:
        boxes.append(tuple(seen.xyxy))
    edges = np.array(boxes, dtype=np.float64).reshape(-1, 4)
    low, high = edges[:, :2].min(axis=0) - REACH_PX, edges[:, 2:].max(axis=0) + REACH_PX
    (x0, y0), (x1, y1) = (np.clip(side, 0, (width, height)).astype(np.int64) for side in (np.floor(low), np.ceil(high)))
    return int(x0), int(y0), int(x1), int(y1)


def _met(traced: Traced, box: tuple[int, int, int, int]) -> Ids:
    """Return the instance that the ray through each pixel meets and that nothing at the pixel's depth hides."""
    x0, y0, x1, y1 = box
    surveyed = survey(traced.meshes, traced.footprints, traced.view, Canvas(window(x0, y0, x1, y1)))
    shape = (y1 - y0, x1 - x0)
    depth_m = traced.depth_m[y0:y1, x0:x1].astype(np.float64)
    hidden = surveyed.depth_m.reshape(shape) > depth_m * (1 + 1e-3) + 1e-3
    unlabelled = traced.ids[y0:y1, x0:x1] == 0
    return np.where(hidden & unlabelled, 0, surveyed.instance.reshape(shape)).astype(np.uint16)


def _most_common(instances: Ids) -> int:
    return int(np.bincount(instances).argmax()) if len(instances) else 0


def _best_shift(told: Bool, expected: Bool) -> tuple[tuple[int, int], float]:
    """Return by how much the mask must be moved back, as its shift (dx, dy), and the overlap that is reached."""
    shifts = [(dx, dy) for dx in range(-REACH_PX, REACH_PX + 1) for dy in range(-REACH_PX, REACH_PX + 1)]
    scores = {(dx, dy): _iou(_moved(told, -dx, -dy), expected) for dx, dy in shifts}
    best = max(scores, key=lambda shift: (scores[shift], -abs(shift[0]) - abs(shift[1])))
    return best, scores[best]


def _moved(mask: Bool, dx: int, dy: int) -> Bool:
    moved = np.zeros_like(mask)
    height, width = mask.shape
    rows, columns = slice(max(dy, 0), height + min(dy, 0)), slice(max(dx, 0), width + min(dx, 0))
    from_rows, from_columns = slice(max(-dy, 0), height + min(-dy, 0)), slice(max(-dx, 0), width + min(-dx, 0))
    moved[rows, columns] = mask[from_rows, from_columns]
    return moved


def _grown(mask: Bool) -> Bool:
    import cv2  # noqa: PLC0415  # slow to load

    side = 2 * _APART_PX + 1
    return cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8)) > 0


def _iou(first: Bool, second: Bool) -> float:
    union = int((first | second).sum())
    return int((first & second).sum()) / union if union else 0.0
