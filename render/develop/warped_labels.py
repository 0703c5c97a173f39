"""Labels that move with the pixels: distortion and rolling shutter change masks, boxes and areas alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from render.develop.sampling import Sampling
from render.keypoints import HIDDEN, OUTSIDE
from render.silhouette import DAMAGED

Floats = NDArray[np.float64]
Ids = NDArray[np.uint16]
Record = dict[str, Any]
_BEND_PX, _STRAIGHT_PX = 4.0, 0.1
_ALONG_EDGE = np.linspace(0, 1, 17)


@dataclass(frozen=True)
class Warped:
    """Labels after a warp: the objects still seen, the new mask HxW, and how many left the picture."""

    objects: list[Record]
    ids: Ids
    dropped: int


def warp_labels(objects: list[Record], ids: Ids, sampling: Sampling, moved: Callable[[int, Floats], Floats]) -> Warped:
    """Move the labels of a view.

    Visible boxes and areas are those of the new mask. An amodal box is the box round its old edges as they are moved,
    never less than the visible one: a little wide where lines bend. Truncation grows by the share of the visible
    pixels that left the picture; occlusion stays, since what is hidden leaves in the same proportion. A keypoint that
    was seen stays so where one of the nine pixels around its new place shows its actor.

    Args:
        objects: of a view record.
        ids: HxW instance ids of the old picture.
        sampling: where new pixels come from.
        moved: instance and points (N, 2), pixel centres at whole numbers, to their new places.
    """
    new_ids = np.asarray(sampling.nearest(ids), np.uint16)
    boxes, kept = _boxes(new_ids), sampling.kept(ids)
    alive = [labelled for labelled in objects if labelled["instance"] in boxes]
    warped = [
        {
            **_moved(labelled, *boxes[labelled["instance"]], kept, moved),
            **_keypoints(labelled, new_ids, moved),
        }
        for labelled in alive
    ]
    return Warped(warped, new_ids, len(objects) - len(alive))


def edge_points(xyxy: tuple[float, float, float, float]) -> Floats:
    """Return points along the edges of a box in pixel edges, (68, 2) with pixel centres at whole numbers."""
    x0, y0, x1, y1 = (edge - 0.5 for edge in xyxy)
    x, y = x0 + (x1 - x0) * _ALONG_EDGE, y0 + (y1 - y0) * _ALONG_EDGE
    sides = [(x, np.full_like(x, y0)), (x, np.full_like(x, y1)), (np.full_like(y, x0), y), (np.full_like(y, x1), y)]
    return np.concatenate([np.stack(side, axis=-1) for side in sides])


def _boxes(ids: Ids) -> dict[int, tuple[tuple[int, int, int, int], int]]:
    """Return tight box and area of every instance, in one pass over the labelled pixels."""
    rows, columns = np.nonzero(ids)
    instances, which = np.unique(ids[rows, columns], return_inverse=True)
    low, high = np.full((len(instances), 2), np.iinfo(np.int64).max), np.zeros((len(instances), 2), np.int64)
    points = np.stack([columns, rows], axis=-1)
    np.minimum.at(low, which, points)
    np.maximum.at(high, which, points + 1)
    areas = np.bincount(which, minlength=len(instances))
    return {
        int(i): ((int(a[0]), int(a[1]), int(b[0]), int(b[1])), int(area))
        for i, a, b, area in zip(instances, low, high, areas, strict=True)
    }


def _moved(
    labelled: Record,
    box: tuple[int, int, int, int],
    area: int,
    kept: dict[int, float],
    moved: Callable[[int, Floats], Floats],
) -> Record:
    instance = labelled["instance"]
    points = moved(instance, edge_points(labelled["amodal_xyxy"])) + 0.5
    low, high = np.minimum(points.min(axis=0), box[:2]), np.maximum(points.max(axis=0), box[2:])
    truncation = 1 - (1 - labelled["truncation"]) * kept.get(instance, 0.0)
    return {
        **labelled,
        "bbox_xyxy": list(box),
        "amodal_xyxy": [round(float(edge), 2) for edge in (*low, *high)],
        "area_px": area,
        "truncation": round(float(np.clip(truncation, 0, 1)), 4),
    }


def with_damage(objects: list[Record], ids: Ids, parts: NDArray[np.uint8]) -> list[Record]:
    """Return the labels with the damaged pixels that their maps show; labels of old rounds have none."""
    damaged = np.bincount(ids[parts >= DAMAGED], minlength=int(ids.max()) + 1)
    return [
        {**labelled, "damaged_px": int(damaged[labelled["instance"]])} if "damaged_px" in labelled else labelled
        for labelled in objects
    ]


def _keypoints(labelled: Record, ids: Ids, moved: Callable[[int, Floats], Floats]) -> Record:
    if "keypoints" not in labelled:
        return {}
    mine = np.pad(ids == labelled["instance"], 1)
    return {
        "keypoints": [_keypoint(point, mine, partial(moved, labelled["instance"])) for point in labelled["keypoints"]]
    }


def _keypoint(point: Record, mine: NDArray[np.bool_], moved: Callable[[Floats], Floats]) -> Record:
    """Move a keypoint; what was outside of the old picture, or leaves it, is outside.

    Args:
        point: of a label.
        mine: (H + 2)x(W + 2), the actor's pixels in the new picture with a border of one.
        moved: points (N, 2), pixel centres at whole numbers, to their new places.
    """
    if point["xy"] is None or not point["visibility"]:
        return point
    x, y = (float(value) + 0.5 for value in moved(np.array([point["xy"]], np.float64) - 0.5)[0])
    rows, columns = mine.shape
    visibility = point["visibility"]
    if not (0 <= x < columns - 2 and 0 <= y < rows - 2):
        visibility = OUTSIDE
    elif not mine[int(y) : int(y) + 3, int(x) : int(x) + 3].any():
        visibility = HIDDEN
    return {**point, "xy": [round(x, 2), round(y, 2)], "visibility": visibility}


def warp_line(line: Record, shape: tuple[int, ...], moved: Callable[[Floats], Floats]) -> list[Record]:
    """Move a polyline in the picture; return the pieces that stay in it."""
    old = shapely.get_coordinates(shapely.segmentize(shapely.LineString(line["xy"]), _BEND_PX))
    new = shapely.LineString(moved(old - 0.5) + 0.5)
    inside = shapely.intersection(shapely.simplify(new, _STRAIGHT_PX), shapely.box(0, 0, shape[1], shape[0]))
    pieces = [piece for piece in shapely.get_parts(inside) if piece.geom_type == "LineString" and not piece.is_empty]
    return [{**line, "xy": np.round(shapely.get_coordinates(piece), 2).tolist()} for piece in pieces]
