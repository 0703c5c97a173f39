"""Keypoints of actors in a picture: where they project, and whether something hides them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from render.silhouette import DAMAGED, NEAR_M, View
from scenes.ontology import PARTS

Point = tuple[float, float, float]
OUTSIDE, HIDDEN, SEEN = 0, 1, 2
"""As in COCO: not in the picture, in it but behind something, to be seen."""
PART_OF = {"wheel": "wheel", "headlamp": "headlamp", "tail": "tail_lamp", "plate": "plate"}
"""First word of a keypoint's name to the part that it is on."""
_PART_M = 0.45
"""How far from the point its part may be seen: a hub lies in its tyre, and a tyre seen from ahead is long."""
_RESOLVED_M = 0.05
"""What a pixel spans where a lamp or a plate, of 10 cm and more, is sure to cover the middle of some."""
_FLESH_M = 0.22
"""How far below the surface a point may lie and still count as seen: a joint in its flesh, a far lamp."""


def keypoint_records(
    named_m: Mapping[str, Point],
    *,
    view: View,
    depth_m: npt.NDArray[np.float32],
    ids: npt.NDArray[np.uint16],
    instance: int,
    parts: npt.NDArray[np.uint8] | None = None,
) -> list[dict[str, Any]]:
    """Return the keypoints of one actor as they stand in its label.

    A point is seen where its pixel or one of the eight around it shows the part that it is on. Where that part may be
    too small for a pixel, and of actors without parts, any surface of the actor in the four pixels around will do that
    is near the point; where the point is on no part, as joints are, any that is not much nearer than the point.

    Args:
        named_m: name to place in the world.
        view: the camera as rendered.
        depth_m: HxW, along the optical axis.
        ids: HxW instance ids.
        instance: of the actor.
        parts: HxW part ids, if known.

    Returns:
        Name, xy in pixel edges (None for what lies behind the camera), xyz_m in the world, visibility.
    """
    if not named_m:
        return []
    points = np.array(list(named_m.values()), dtype=np.float64)
    in_camera = points @ view.world_to_camera[:3, :3].T + view.world_to_camera[:3, 3]
    ahead = in_camera[:, 2] > NEAR_M
    image = in_camera @ view.K.T
    xy = np.round(image[:, :2] / np.where(ahead, in_camera[:, 2], 1.0)[:, None] + 0.5, 2)
    own = _Own(ids, depth_m, np.zeros(ids.shape, np.uint8) if parts is None else parts, instance, view.K[0, 0])
    records = []
    for name, point, at, true_m, before in zip(named_m, points, xy, in_camera[:, 2], ahead, strict=True):
        visibility = own.visibility(name, at, float(true_m)) if before else OUTSIDE
        records.append(
            {
                "name": name,
                "xy": [float(value) for value in at] if before else None,
                "xyz_m": [round(float(value), 3) for value in point],
                "visibility": visibility,
            }
        )
    return records


class _Own:
    """The surface that one actor shows, and which points of it can be seen."""

    def __init__(
        self,
        ids: npt.NDArray[np.uint16],
        depth_m: npt.NDArray[np.float32],
        parts: npt.NDArray[np.uint8],
        instance: int,
        focal_px: float,
    ) -> None:
        self._ids, self._depth_m, self._parts, self._instance = ids, depth_m, parts, instance
        self._focal_px = focal_px
        self._shown = set((np.unique(parts[ids == instance]) & ~np.uint8(DAMAGED)).tolist())

    def visibility(self, name: str, xy: npt.NDArray[np.float64], true_m: float) -> int:
        height, width = self._ids.shape
        if not (0 <= xy[0] < width and 0 <= xy[1] < height):
            return OUTSIDE
        part = PARTS.get(PART_OF.get(name.partition("_")[0], ""), 0)
        if part and self._shown - {0}:
            around = _block(xy - 1.0, 3)
            of_part = self._parts[around] & ~np.uint8(DAMAGED) == part
            near = np.abs(self._depth_m[around] - true_m) <= _PART_M
            if ((self._ids[around] == self._instance) & of_part & near).any():
                return SEEN
            if true_m < _RESOLVED_M * self._focal_px:
                return HIDDEN
        around = _block(xy - 0.5, 2)
        deep_m = true_m - self._depth_m[around]
        at_surface = (deep_m <= _FLESH_M) & (deep_m >= (-_FLESH_M if part else -np.inf))
        return SEEN if ((self._ids[around] == self._instance) & at_surface).any() else HIDDEN


def _block(corner_px: npt.NDArray[np.float64], side: int) -> tuple[slice, slice]:
    """Return rows and columns of the pixels from the one that a point lies in."""
    column, row = (int(np.floor(value)) for value in corner_px)
    return slice(max(row, 0), row + side), slice(max(column, 0), column + side)
