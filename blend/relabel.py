"""Labels of a picture whose pixels have moved: measured again, null where they cannot be, dropped by a stated rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from blend.picture import Annotation, Picture, decode_mask, encode_mask, tight_xywh
from blend.variety import MIRRORED, Ids, Joints, Variety
from scenes.errors import InputError

HIDDEN, SEEN = 1, 2
UNKNOWN = MappingProxyType(
    {
        "truncation": "the border has moved",
        "amodal_xyxy": "the outline behind others is not transformed",
        "distance_m": "a zoom changes what a metre spans",
        "box3d": "a mirror or zoom has no camera that would show it",
        "box3d_camera": "a mirror or zoom has no camera that would show it",
        "velocity_mps": "a mirror has no world in which it holds",
        "visibility": "contrast and noise are other ones",
    }
)
"""Facts that are null in a variety, and why."""


@dataclass(frozen=True, kw_only=True)
class DropRule:
    """What becomes of objects of which little is left: `min_visible_share` of the mask, or `min_area_px`."""

    min_visible_share: float
    min_area_px: int

    def why(self, before_px: float, after_px: int) -> str:
        """Say why an object is dropped, "" if it is kept."""
        if after_px < self.min_area_px:
            return f"{after_px} px of it are left, fewer than {self.min_area_px}"
        if after_px < self.min_visible_share * before_px:
            return f"{after_px} of {before_px:.0f} px are left, a smaller share than {self.min_visible_share:g}"
        return ""


def instance_ids(frame: Picture) -> Ids:
    """Paint the masks of a frame: annotation at place n gets id n + 1."""
    ids = np.zeros((frame.height, frame.width), dtype=np.uint16)
    for place, box in enumerate(frame.annotations, 1):
        if box.rle is None:
            raise InputError(frame.name, "must have a mask for every box to be varied", got=box.key)
        ids[decode_mask(box.rle)] = place
    return ids


def joints_of(annotations: Sequence[Annotation]) -> Joints:
    """Return the joints of annotations (N, 17, 3), all zero for those that have none."""
    none = [0.0] * (3 * len(MIRRORED))
    flat = [box.facts.get("keypoints") or none for box in annotations]
    return np.array(flat, dtype=np.float64).reshape(-1, len(MIRRORED), 3)


def boxes(ids: Ids, count: int) -> tuple[list[tuple[float, float, float, float] | None], list[int]]:
    """Measure the tight box, xywh in pixel edges, and the area of ids 1 to `count`, in one pass over the picture."""
    found: list[tuple[float, float, float, float] | None] = [None] * count
    areas = [0] * count
    for place, slices in enumerate(ndimage.find_objects(ids.astype(np.int32), max_label=count)):
        if slices is not None:
            rows, columns = slices
            size = (columns.stop - columns.start, rows.stop - rows.start)
            found[place] = (float(columns.start), float(rows.start), float(size[0]), float(size[1]))
            areas[place] = int(np.count_nonzero(ids[slices] == place + 1))
    return found, areas


def relabelled(
    annotations: Sequence[Annotation], variety: Variety, rule: DropRule
) -> tuple[list[Annotation], list[dict[str, str]]]:
    """Measure objects again in a varied picture.

    Args:
        annotations: before; the one at place n has id n + 1 in the picture, and joints n.
        variety: the picture afterwards.
        rule: what is dropped.

    Returns:
        those that are kept, and key and reason of those that are dropped. Occlusion stays what it was.
    """
    xywh, areas = boxes(variety.ids, len(annotations))
    kept, dropped = [], []
    for place, (box, tight, area_px) in enumerate(zip(annotations, xywh, areas, strict=True)):
        why = rule.why(box.area_px, area_px)
        if why or tight is None:
            dropped.append({"key": box.key, "why": why})
            continue
        mask = variety.ids == place + 1
        facts = {key: None if key in UNKNOWN else value for key, value in box.facts.items()}
        facts |= _joint_facts(box.facts, variety.joints[place], mask)
        kept.append(replace(box, xywh=tight, area_px=float(area_px), rle=encode_mask(mask), facts=facts))
    return kept, dropped


def covered(box: Annotation, mask: NDArray[np.bool_]) -> Annotation:
    """Measure an object that something may cover now; of its outline, more is hidden in proportion."""
    area_px = float(mask.sum())
    if area_px == box.area_px:
        return box
    facts, hidden = dict(box.facts), box.facts.get("occlusion")
    if hidden is not None:
        facts["occlusion"] = round(1 - (1 - hidden) * area_px / box.area_px, 4)
    return replace(box, xywh=tight_xywh(mask), area_px=area_px, rle=encode_mask(mask), facts=facts)


def _joint_facts(before: Mapping[str, Any], joints: Joints, mask: Any) -> dict[str, Any]:
    """Return joints as COCO has them; a seen one stays so if one of the nine pixels around shows its object."""
    if "keypoints" not in before:
        return {}
    flat: list[float] = []
    for x, y, visibility in joints.tolist():
        inside = visibility > 0 and 0 <= x < mask.shape[1] and 0 <= y < mask.shape[0]
        if inside:
            row, column = int(y), int(x)
            near = mask[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2].any()
            shown = SEEN if visibility == SEEN and near else HIDDEN
            flat += [round(x, 2), round(y, 2), shown]
        else:
            flat += [0, 0, 0]
    return {"keypoints": flat, "num_keypoints": sum(value > 0 for value in flat[2::3])}
