"""A fault of a label or picture: a name from a fixed list, and a line that says where it is and by how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from scenes.errors import InputError

FaultName = Literal[
    "broken_record",
    "older_version",
    "newer_version",
    "swapped_size",
    "wrong_intrinsics",
    "wrong_extrinsics",
    "unknown_class",
    "duplicate_instance",
    "no_label",
    "lost_instance",
    "wrong_id",
    "shifted_mask",
    "reflection_label",
    "mask_against_rays",
    "stale_depth",
    "label_without_pixels",
    "id_without_object",
    "wrong_part",
    "box_not_tight",
    "box_outside_picture",
    "box_outside_amodal",
    "wrong_area",
    "wrong_damage",
    "wrong_amodal_box",
    "wrong_occlusion",
    "wrong_truncation",
    "wrong_distance",
    "wrong_box3d",
    "box3d_projection",
    "box3d_frames",
    "wrong_heading",
    "flipped_keypoints",
    "keypoint_projection",
    "keypoint_outside_box",
    "keypoint_visibility",
    "velocity_against_heading",
    "broken_mask_file",
    "broken_coco",
    "changed_picture",
    "not_finite",
    "empty",
    "black",
    "flat",
    "underexposed",
    "overexposed",
]
"""Every fault there is, causes before symptoms: a shifted mask also spoils boxes, so it is told first."""

_RANK = {name: rank for rank, name in enumerate(get_args(FaultName))}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is wrong.

    Args:
        name: which of the list.
        text: one line with numbers.
        instance: of the label that is wrong, 0 for the view as a whole.
    """

    name: FaultName
    text: str
    instance: int = 0

    def __post_init__(self) -> None:
        if self.name not in _RANK:
            raise InputError("fault.name", f"must be one of {', '.join(_RANK)}", got=self.name)

    def __str__(self) -> str:
        return f"{self.name}: instance {self.instance} {self.text}" if self.instance else f"{self.name}: {self.text}"


def ordered(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults by name, causes first, then by instance; equal ones once."""
    return sorted(set(faults), key=lambda fault: (_RANK[fault.name], fault.instance, fault.text))
