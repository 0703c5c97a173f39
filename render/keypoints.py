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
_PART = {"wheel": "wheel", "headlamp": "headlamp", "tail": "tail_lamp", "plate": "plate"}
"""First word of a keypoint's name to the part that it is on."""
_PART_M = 0.45
"""How far from the point its part may be seen: a hub lies in its tyre, and a tyre seen from ahead is long."""
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

    A point is seen where one of the four pixels around it shows the part that it is on. Where the actor shows that part
    nowhere, or the point is on none, any surface of the actor will do that is not much nearer than the point; who
    stands in front may be the actor itself.

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
    own = _Own(ids, depth_m, np.zeros_like(ids, dtype=np.uint8) if parts is None else parts, instance)
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


_AT_SURFACE_M, _TINY_PX = 0.01, 16
"""A part that shows fewer pixels may miss its own point: then the point is seen if it lies on the surface around it."""


class _Own:
    """The surface that one actor shows, and which points of it can be seen."""

    def __init__(
        self,
        ids: npt.NDArray[np.uint16],
        depth_m: npt.NDArray[np.float32],
        parts: npt.NDArray[np.uint8],
        instance: int,
    ) -> None:
        self._ids, self._depth_m, self._parts, self._instance = ids, depth_m, parts, instance
        own, count = np.unique(parts[ids == instance] & ~np.uint8(DAMAGED), return_counts=True)
        self._shown = dict(zip(own.tolist(), count.tolist(), strict=True))

    def visibility(self, name: str, xy: npt.NDArray[np.float64], true_m: float) -> int:
        height, width = self._ids.shape
        if not (0 <= xy[0] < width and 0 <= xy[1] < height):
            return OUTSIDE
        column, row = int(np.floor(xy[0] - 0.5)), int(np.floor(xy[1] - 0.5))
        around = slice(max(row, 0), row + 2), slice(max(column, 0), column + 2)
        mine, behind_m = self._ids[around] == self._instance, self._depth_m[around] - true_m
        part = PARTS.get(_PART.get(name.partition("_")[0], ""), 0)
        if part and part in self._shown:
            of_part = self._parts[around] & ~np.uint8(DAMAGED) == part
            seen = bool((mine & of_part & (np.abs(behind_m) <= _PART_M)).any())
            tiny = self._shown[part] < _TINY_PX
            return SEEN if seen or (tiny and self._at_surface(xy, true_m)) else HIDDEN
        return SEEN if (mine & (behind_m >= -_FLESH_M)).any() else HIDDEN

    def _at_surface(self, xy: npt.NDArray[np.float64], true_m: float) -> bool:
        """Tell whether a point lies on, or before, what the actor shows all around it."""
        column, row = int(np.floor(xy[0])), int(np.floor(xy[1]))
        around = slice(max(row - 1, 0), row + 2), slice(max(column - 1, 0), column + 2)
        mine, met_m = self._ids[around] == self._instance, self._depth_m[around]
        return bool(mine.all()) and true_m <= float(np.median(met_m)) + _AT_SURFACE_M
