"""The frame with everything that has depth: 3D boxes, keypoints and lanes, bent as the lens bends them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from render.inspect.boxes import colour_of
from render.inspect.canvas import Canvas, text_size
from render.inspect.colours import PAPER, Colour, of_class, of_lane
from render.inspect.frame import Frame
from render.inspect.panel import Key, Panel, fitted
from render.inspect.projection import EDGES, box_corners_m

Floats = NDArray[np.float64]
_SEEN, _HIDDEN = 2, 1
_FRONT = [(0, 1), (1, 2), (2, 3), (3, 0)]
_DIAGONALS = [(0, 2), (1, 3)]
_NUMBER_FROM_PX = 14.0


def solids_panel(frame: Frame, width_px: int, tallest_px: int) -> Panel:
    """Draw 3D boxes, keypoints and lanes over the frame."""
    rgb, scale = fitted(np.asarray(frame.rgb * 0.75, np.uint8), width_px, tallest_px=tallest_px, smooth=True)
    canvas = Canvas(rgb)
    for kind, points in lane_lines(frame):
        for piece in frame.projection.lines_px(points):
            canvas.line(piece * scale, of_lane(kind), thick=1)
    for lane in frame.lanes:
        for x, y in _points(lane.get("xy")) * scale:
            canvas.dot(x, y, 1.5, of_lane(str(lane["kind"])))
    shifts = {labelled["instance"]: rolled_px(frame, labelled["instance"]) for labelled in frame.objects}
    for labelled in frame.objects:
        if "box3d" in labelled:
            _draw_box(canvas, frame, labelled, scale, shifts[labelled["instance"]])
    for labelled in frame.objects:
        _draw_keypoints(canvas, labelled, scale)
    _number(canvas, frame, scale)
    return Panel(
        title="3D boxes, keypoints, lanes: projected from the world, bent like the lens",
        rgb=canvas.rgb,
        keys=_keys(frame),
        note=_lacking(frame),
    )


def lane_lines(frame: Frame) -> list[tuple[str, Floats]]:
    """Return kind and points (N, 3) in the world of every lane line, once though several pieces of it are seen."""
    lines = {
        (str(lane["kind"]), json.dumps(lane["xyz_m"])): _on_ground(np.asarray(lane["xyz_m"], np.float64))
        for lane in frame.lanes
    }
    return [(kind, points) for (kind, _), points in lines.items()]


def lane_keys(frame: Frame) -> list[Key]:
    """Return the legend of the lane lines that there are."""
    kinds = sorted({str(lane["kind"]) for lane in frame.lanes})
    return [Key(colour=of_lane(kind), words=f"lane {kind}", mark="line") for kind in kinds]


def box_lines_px(frame: Frame, labelled: Mapping[str, Any], edges: list[tuple[int, int]]) -> list[Floats]:
    """Return edges of a 3D box as they run in the picture, pixel edges."""
    corners = box_corners_m(labelled["box3d"])
    return [piece for first, last in edges for piece in frame.projection.lines_px(corners[[first, last]])]


def rolled_px(frame: Frame, instance: int) -> Floats:
    """Return how far a rolling shutter has moved an object in the mean, (2,) px; zero for a global one."""
    rolled = frame.geometry.rolled
    mine = frame.ids == instance
    if rolled is None or not mine.any():
        return np.zeros(2)
    rows, columns = np.nonzero(mine)
    return np.array([float((columns - rolled.x[mine]).mean()), float((rows - rolled.y[mine]).mean())])


def _draw_box(canvas: Canvas, frame: Frame, labelled: Mapping[str, Any], scale: float, shift: Floats) -> None:
    colour = colour_of(labelled)
    front = frame.projection.px(box_corners_m(labelled["box3d"])[:4])
    if np.isfinite(front).all():
        canvas.face((front + shift) * scale, colour, 0.22)
    for edges, thick in (([edge for edge in EDGES if edge not in _FRONT], 1), (_DIAGONALS, 1), (_FRONT, 2)):
        for piece in box_lines_px(frame, labelled, edges):
            canvas.line((piece + shift) * scale, colour, thick=thick)


def _draw_keypoints(canvas: Canvas, labelled: Mapping[str, Any], scale: float) -> None:
    high = (labelled["bbox_xyxy"][3] - labelled["bbox_xyxy"][1]) * scale
    radius = float(np.clip(high / 40, 1.5, 4.0))
    colour = _lighter(of_class(labelled["category"]))
    for point in labelled.get("keypoints") or ():
        if point["visibility"] in (_SEEN, _HIDDEN):
            x, y = (float(value) * scale for value in point["xy"])
            canvas.dot(x, y, radius, colour, filled=point["visibility"] == _SEEN)


def _number(canvas: Canvas, frame: Frame, scale: float) -> None:
    """Write the instance into the middle of every object that is large enough."""
    for labelled in frame.objects:
        x0, y0, x1, y1 = (float(edge) * scale for edge in labelled["bbox_xyxy"])
        words = str(labelled["instance"])
        width, height = text_size(words)
        if min(x1 - x0 - width, y1 - y0) > _NUMBER_FROM_PX:
            x, y = (x0 + x1 - width) / 2, (y0 + y1 - height) / 2
            canvas.fill((x - 3, y, x + width + 3, y + height), PAPER, 0.7)
            canvas.text(x, y, words)


def _on_ground(points: Floats) -> Floats:
    """Return points (N, 2 or 3) as (N, 3), at height 0 where none is told."""
    return points if points.shape[1] == 3 else np.column_stack([points, np.zeros(len(points))])


def _keys(frame: Frame) -> list[Key]:
    keys = [Key(colour=(255, 255, 255), words="front face: thick, crossed, tinted", mark="outline")]
    if any(labelled.get("keypoints") for labelled in frame.objects):
        keys.append(Key(colour=(255, 255, 255), words="keypoint seen", mark="dot"))
        keys.append(Key(colour=(255, 255, 255), words="keypoint hidden", mark="ring"))
    return [*keys, *lane_keys(frame)]


def _lacking(frame: Frame) -> str:
    lacking = [
        *([] if any("box3d" in labelled for labelled in frame.objects) or not frame.objects else ["3D boxes"]),
        *([] if any("keypoints" in labelled for labelled in frame.objects) or not frame.objects else ["keypoints"]),
        *([] if "lanes" in frame.record else ["lanes"]),
    ]
    return f"not in this record: {', '.join(lacking)}" if lacking else ""


def _points(told: Any) -> Floats:
    return np.asarray(told or np.zeros((0, 2)), np.float64).reshape(-1, 2)


def _lighter(colour: Colour) -> Colour:
    red, green, blue = ((part + 255) // 2 for part in colour)
    return red, green, blue
