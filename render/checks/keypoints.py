"""Keypoints of labels: where they project, whether they are seen, and that left is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from render.checks.fault import Fault
from render.checks.solids import WHEELED, upright
from render.checks.survey import Survey
from render.keypoints import PART_OF
from render.silhouette import DAMAGED, View
from scenes.ontology import PARTS

Record = Mapping[str, Any]
Float64 = npt.NDArray[np.float64]
GROWN_PX, PROJECTED_PX = 2.0, 1.0
"""How far a keypoint may lie outside of the amodal box, and from its own projection."""
OUTSIDE, HIDDEN, SEEN = 0, 1, 2
SIDED_M = 0.05
"""Pairs of left and right that are less than this apart say nothing."""
DEEP_M = 0.5
"""A point that is told as seen may lie this far behind the actor's own surface: joints, hubs."""
_AT_SURFACE_M = 0.01
_ROUNDED_M = 0.001
"""Places stand in records with three decimals."""
_TRUNK = ("shoulder", "hip")
_AROUND = np.array([(x, y) for y in (-1, 0, 1) for x in (-1, 0, 1)])


def keypoint_faults(
    objects: Sequence[Record], view: View, surveyed: Survey, ids: npt.NDArray[np.uint16]
) -> list[Fault]:
    """Check the keypoints of every label that has some."""
    index = _Index(surveyed)
    seen = [
        fault
        for told in objects
        for point in told.get("keypoints") or []
        for fault in _seen(told, point, view, index, ids)
    ]
    return [*placed_faults(objects, view), *seen]


def placed_faults(objects: Sequence[Record], view: View) -> list[Fault]:
    """Check where keypoints project and that left is left; no pixels are needed."""
    faults: list[Fault] = []
    for told in objects:
        points = told.get("keypoints") or []
        flipped = _flipped(told, points, view)
        faults += flipped
        for point in points:
            faults += _placed(told, point, view, told_flipped=bool(flipped))
    return faults


def keypoint_pixels(objects: Sequence[Record], frame_wh: tuple[int, int]) -> npt.NDArray[np.int64]:
    """Return the pixels around all keypoints inside the picture, (N, 2)."""
    points = [point["xy"] for told in objects for point in told.get("keypoints") or [] if point.get("xy")]
    nearest = np.floor(np.array(points, dtype=np.float64).reshape(-1, 1, 2)).astype(np.int64) + _AROUND
    pixels = nearest.reshape(-1, 2)
    return np.asarray(pixels[((pixels >= 0) & (pixels < frame_wh)).all(axis=1)])


class _Index:
    """Looks up surveyed pixels by column and row."""

    def __init__(self, surveyed: Survey) -> None:
        self.surveyed = surveyed
        width, height = surveyed.frame_wh
        self._row = np.full((height, width), -1, np.int64)
        inside = np.flatnonzero(surveyed.in_frame)
        columns, rows = surveyed.positions[inside].T
        self._row[rows, columns] = inside

    def around(self, xy: Sequence[float]) -> npt.NDArray[np.int64]:
        width, height = self.surveyed.frame_wh
        pixels = np.floor(np.array(xy)).astype(np.int64) + _AROUND
        columns, rows = pixels[((pixels >= 0) & (pixels < (width, height))).all(axis=1)].T
        found = self._row[rows, columns]
        return np.asarray(found[found >= 0])


def _projected(points_m: Float64, view: View) -> tuple[Float64, Float64]:
    """Return (N, 2) pixel edges and (N,) depth."""
    in_camera = points_m @ view.world_to_camera[:3, :3].T + view.world_to_camera[:3, 3]
    depth_m = in_camera[:, 2]
    image = in_camera @ view.K.T
    return np.asarray(image[:, :2] / np.where(depth_m > 0, depth_m, np.nan)[:, None] + 0.5), depth_m


def _flipped(told: Record, points: Sequence[Record], view: View) -> list[Fault]:
    """Find pairs whose left point lies right of the right one or whose front lies behind the rear, also in xy."""
    named = {point["name"]: point for point in points}
    pairs = [pair for pair in _pairs(told, named) if pair[0] in named and pair[1] in named]
    axes = upright(told["box3d"]["heading_deg"])
    wrong = []
    for first, second, axis in pairs:
        both_m = np.array([named[first]["xyz_m"], named[second]["xyz_m"]], dtype=np.float64)
        apart_m = float((both_m[0] - both_m[1]) @ axes[:, axis])
        if apart_m < -SIDED_M or _swapped(named[first], named[second], _projected(both_m, view)[0]):
            wrong.append(f"{first} and {second}")
    if not wrong or (told["category"] not in WHEELED and 2 * len(wrong) <= len(pairs)):
        return []
    return [Fault(name="flipped_keypoints", text=f"has {wrong[0]} the wrong way round", instance=told["instance"])]


def _pairs(told: Record, named: Mapping[str, Record]) -> list[tuple[str, str, int]]:
    """Return names of points of which the first must lie further to the left (axis 1) or to the front (axis 0).

    Limbs cross when people walk, so that only trunks have sides; and who lies on the ground has none. Corners of plates
    are named as they are read: the left ones of a front plate lie on the right. A vehicle that has rolled over
    has ends, but no sides.
    """
    sides = [(name, name.replace("left", "right"), 1) for name in named if "left" in name]
    sides = [
        (right, left, axis) if left.startswith("plate_front") else (left, right, axis) for left, right, axis in sides
    ]
    if told["category"] in WHEELED:
        sides = [] if told.get("tipped_deg") else sides
        return sides + [(name, name.replace("front", "rear"), 0) for name in named if "front" in name]
    width, height = told["box3d"]["size_m"][1:]
    return [pair for pair in sides if height > width and any(part in pair[0] for part in _TRUNK)]


def _swapped(left: Record, right: Record, true_xy: Float64) -> bool:
    given = np.array([left.get("xy") or (np.nan,) * 2, right.get("xy") or (np.nan,) * 2], dtype=np.float64)
    if not np.isfinite(given).all() or np.abs(true_xy[0] - true_xy[1]).max() <= 2 * PROJECTED_PX:
        return False
    return bool(np.abs(given[::-1] - true_xy).max() <= PROJECTED_PX)


def _placed(told: Record, point: Record, view: View, *, told_flipped: bool) -> Iterator[Fault]:
    xy = point.get("xy")
    if xy is None:
        return
    true_xy, depth_m = _projected(np.array([point["xyz_m"]], dtype=np.float64), view)
    off_px = float(np.abs(true_xy[0] - xy).max()) if depth_m[0] > 0 else 0.0
    if off_px > PROJECTED_PX + _rounding_px(true_xy[0], float(depth_m[0]), view) and not told_flipped:
        text = f"has {point['name']} {off_px:.2f} px from where it projects"
        yield Fault(name="keypoint_projection", text=text, instance=told["instance"])
    x0, y0, x1, y1 = told["amodal_xyxy"]
    over = max(x0 - xy[0], y0 - xy[1], xy[0] - x1, xy[1] - y1)
    if over > GROWN_PX and point["visibility"] != OUTSIDE:
        text = f"has {point['name']} {over:.1f} px outside of its amodal box"
        yield Fault(name="keypoint_outside_box", text=text, instance=told["instance"])


def _rounding_px(xy: Float64, depth_m: float, view: View) -> float:
    """Return how far the rounding of a place moves its projection: far off to the side of the lens, by many pixels."""
    off_axis_px = float(np.abs(xy - 0.5 - view.K[:2, 2]).max())
    return _ROUNDED_M / max(depth_m, _ROUNDED_M) * (float(view.K[0, 0]) + off_axis_px)


def _seen(told: Record, point: Record, view: View, index: _Index, ids: npt.NDArray[np.uint16]) -> Iterator[Fault]:
    width, height = index.surveyed.frame_wh
    xy, visibility = point.get("xy"), point["visibility"]
    inside = xy is not None and 0 <= xy[0] < width and 0 <= xy[1] < height
    if inside != (visibility != OUTSIDE):
        text = f"has {point['name']} at {xy} with visibility {visibility}"
        yield Fault(name="keypoint_visibility", text=text, instance=told["instance"])
    if not inside or visibility == OUTSIDE or xy is None:
        return
    around = index.around(xy)
    own = index.surveyed.instance[around] == told["instance"]
    true_m = float(_projected(np.array([point["xyz_m"]], dtype=np.float64), view)[1][0])
    met_m = index.surveyed.depth_m[around]
    mine = np.asarray(index.surveyed.at(ids, around)) == told["instance"]
    met = own & (met_m > true_m - DEEP_M)
    if visibility == SEEN and len(around) and not (met | (mine & ~own)).any():  # edges differ by a pixel; masks tell
        text = f"has {point['name']} as seen, and no ray to it meets the actor there"
        yield Fault(name="keypoint_visibility", text=text, instance=told["instance"])
    plain = len(around) == len(_AROUND) and bool((own & mine).all()) and true_m <= np.median(met_m) + _AT_SURFACE_M
    if visibility == HIDDEN and plain and _may_show(point["name"], index.surveyed.part[around]):
        text = f"has {point['name']} as hidden, and most rays to it meet it"
        yield Fault(name="keypoint_visibility", text=text, instance=told["instance"])


def _may_show(name: str, met: npt.NDArray[np.uint8]) -> bool:
    """Tell whether rays that met these parts may have met what a keypoint is on: a plate may lie under dented metal."""
    part = PARTS.get(PART_OF.get(name.partition("_")[0], ""), 0)
    return not part or not met.any() or bool(((met & ~np.uint8(DAMAGED)) == part).any())
