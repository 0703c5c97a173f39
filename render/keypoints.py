"""Keypoints of actors in a picture: where they project, and whether something hides them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from render.silhouette import NEAR_M, View

Point = tuple[float, float, float]
OUTSIDE, HIDDEN, SEEN = 0, 1, 2
"""As in COCO: not in the picture, in it but behind something, to be seen."""
_SKIN_M = {"wheel": 0.16, "head": 0.1, "tail": 0.1, "plate": 0.06}
_FLESH_M = 0.22
"""How far below the surface a point may lie and still count as seen: a hub in its tyre, a joint in its flesh."""


def keypoint_records(
    named_m: Mapping[str, Point],
    *,
    view: View,
    depth_m: npt.NDArray[np.float32],
    ids: npt.NDArray[np.uint16],
    instance: int,
) -> list[dict[str, Any]]:
    """Return the keypoints of one actor as they stand in its label.

    A point is seen where one of the four pixels around it shows a surface that is its own actor's and not much nearer
    than the point; who stands in front may be the actor itself.

    Args:
        named_m: name to place in the world.
        view: the camera as rendered.
        depth_m: HxW, along the optical axis.
        ids: HxW instance ids.
        instance: of the actor.

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
    records, mine = [], ids == instance
    for name, point, at, true_m, before in zip(named_m, points, xy, in_camera[:, 2], ahead, strict=True):
        visibility = _visibility(name, at, float(true_m), depth_m, mine) if before else OUTSIDE
        records.append(
            {
                "name": name,
                "xy": [float(value) for value in at] if before else None,
                "xyz_m": [round(float(value), 3) for value in point],
                "visibility": visibility,
            }
        )
    return records


def _visibility(
    name: str, xy: npt.NDArray[np.float64], true_m: float, depth_m: npt.NDArray[np.float32], mine: npt.NDArray[np.bool_]
) -> int:
    height, width = depth_m.shape
    if not (0 <= xy[0] < width and 0 <= xy[1] < height):
        return OUTSIDE
    column, row = int(np.floor(xy[0] - 0.5)), int(np.floor(xy[1] - 0.5))
    skin_m = _SKIN_M.get(name.partition("_")[0], _FLESH_M)
    around = slice(max(row, 0), row + 2), slice(max(column, 0), column + 2)
    return SEEN if bool((mine[around] & (depth_m[around] >= true_m - skin_m)).any()) else HIDDEN
