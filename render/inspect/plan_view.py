"""The scene from above: boxes, headings, velocities, lanes, the camera and its field of view on a metre grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from render.inspect.boxes import colour_of, tie
from render.inspect.canvas import Canvas, tag_size, text_size
from render.inspect.colours import DIM, LINE, Colour, of_lane
from render.inspect.frame import Frame
from render.inspect.panel import Key, Panel
from render.inspect.placement import Box, Placement, gap
from render.inspect.projection import CORNERS
from render.inspect.solids import lane_keys, lane_lines

Floats = NDArray[np.float64]
_BACK_M = 8.0
_SPARE_M = 6.0
_LEAST_M, _MOST_M = 30.0, 150.0
_GRID_M = (5, 10, 20, 50)
_GRID_FROM_PX = 45
_FOOT = [0, 1, 5, 4]
_SLOW_MPS = 0.05
_GROUND: Colour = (30, 33, 37)


@dataclass(frozen=True)
class _Ground:
    """From the world to the panel: the camera's way of looking is up."""

    eye_m: Floats
    ahead: Floats
    px_per_m: float
    origin_px: Floats

    def px(self, world_m: Floats) -> Floats:
        """Return panel pixels of points (..., 2+) in the world."""
        own = np.asarray(world_m, np.float64)[..., :2] - self.eye_m
        forward = own @ self.ahead
        left = own @ np.array([-self.ahead[1], self.ahead[0]])
        return np.asarray(self.origin_px + self.px_per_m * np.stack([-left, -forward], axis=-1), np.float64)


def plan_panel(frame: Frame, width_px: int, height_px: int) -> Panel:
    """Draw the scene from above."""
    ground = _ground(frame, width_px, height_px)
    canvas = Canvas.blank(width_px, height_px, _GROUND)
    _draw_grid(canvas, ground)
    _draw_camera(canvas, frame, ground)
    for kind, points in lane_lines(frame):
        canvas.line(ground.px(points), of_lane(kind))
    placed = [labelled for labelled in frame.objects if "box3d" in labelled]
    boxes = {labelled["instance"]: _draw_object(canvas, labelled, ground) for labelled in placed}
    beyond = _draw_numbers(canvas, {labelled["instance"]: labelled for labelled in reversed(placed)}, boxes)
    notes = [
        f"outside this map: {', '.join(map(str, beyond))}" if beyond else "",
        "" if any("velocity_mps" in labelled for labelled in frame.objects) else "not in this record: velocities",
    ]
    keys = [
        Key(colour=(255, 255, 255), words="box on the ground, thick line = front", mark="outline"),
        Key(colour=(255, 255, 255), words="way in 1 s", mark="arrow"),
        Key(colour=DIM, words="field of view", mark="line"),
        *lane_keys(frame),
    ]
    return Panel(
        title="From above; the camera looks up the page",
        rgb=canvas.rgb,
        keys=keys,
        note="; ".join(note for note in notes if note),
    )


def _ground(frame: Frame, width_px: int, height_px: int) -> _Ground:
    rotation, shift = frame.projection.world_to_camera[:3, :3], frame.projection.world_to_camera[:3, 3]
    eye, forward = -rotation.T @ shift, rotation[2, :2]
    ahead = forward / max(float(np.hypot(*forward)), 1e-9)
    centres = [labelled["box3d"]["center_m"][:2] for labelled in frame.objects if "box3d" in labelled]
    own = np.asarray(centres, np.float64).reshape(-1, 2) - eye[:2]
    farthest = float(np.clip((own @ ahead).max(initial=0.0) + _SPARE_M, _LEAST_M, _MOST_M))
    px_per_m = height_px / (farthest + _BACK_M)
    aside = own @ np.array([-ahead[1], ahead[0]])
    half_m = width_px / px_per_m / 2
    middle = float(np.clip((aside.max(initial=0.0) + aside.min(initial=0.0)) / 2, 3 - half_m, half_m - 3))
    origin = np.array([width_px / 2 + middle * px_per_m, height_px - _BACK_M * px_per_m])
    return _Ground(eye[:2], ahead, px_per_m, origin)


def _draw_grid(canvas: Canvas, ground: _Ground) -> None:
    width, height = canvas.size_wh
    step = next((metres for metres in _GRID_M if metres * ground.px_per_m >= _GRID_FROM_PX), _GRID_M[-1])
    x0, y0 = ground.origin_px
    for number in range(-40, 41):
        x, y = x0 + number * step * ground.px_per_m, y0 - number * step * ground.px_per_m
        if 0 <= x < width:
            canvas.fill((x, 0, x + 1, height), LINE)
        if 0 <= y < height:
            canvas.fill((0, y, width, y + 1), LINE)
            if number:
                canvas.text(4, y + 1, f"{number * step} m", DIM)
        if 40 <= x < width - 12 and number:
            words = f"{abs(number * step)}"
            canvas.text(x - text_size(words)[0] / 2, height - 17, words, DIM)


def _draw_camera(canvas: Canvas, frame: Frame, ground: _Ground) -> None:
    x, y = ground.origin_px
    half = np.radians(float(frame.record["camera"].get("hfov_deg", 60.0)) / 2)
    for side in (-half, half):
        end = np.array([x + 4000 * np.sin(side), y - 4000 * np.cos(side)])
        canvas.line(np.stack([ground.origin_px, end]), DIM)
    canvas.face(np.array([[x, y - 7], [x - 6, y + 6], [x + 6, y + 6]]), (255, 255, 255), 1.0)


def _draw_object(canvas: Canvas, labelled: Mapping[str, Any], ground: _Ground) -> Box:
    colour, box3d = colour_of(labelled), labelled["box3d"]
    corners = ground.px(_corners_m(box3d))
    canvas.face(corners, colour, 0.35)
    canvas.line(np.concatenate([corners, corners[:1]]), colour)
    canvas.line(corners[:2], colour, thick=3)
    velocity = np.asarray(labelled.get("velocity_mps") or (0, 0, 0), np.float64)[:2]
    centre = np.asarray(box3d["center_m"], np.float64)[:2]
    if np.hypot(*velocity) > _SLOW_MPS:
        canvas.arrow(ground.px(centre), ground.px(centre + velocity), colour)
    low, high = corners.min(axis=0), corners.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _corners_m(box3d: Mapping[str, Any]) -> Floats:
    """Return the front left, front right, rear right and rear left corners on the ground, 4x2."""
    angle = np.radians(float(box3d["heading_deg"]))
    own = CORNERS[_FOOT, :2] * np.asarray(box3d["size_m"][:2], np.float64) / 2
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(own @ turn.T + np.asarray(box3d["center_m"][:2], np.float64), np.float64)


def _draw_numbers(canvas: Canvas, objects: Mapping[int, Mapping[str, Any]], boxes: Mapping[int, Box]) -> list[int]:
    """Write every object's instance and speed beside it; return those that lie outside."""
    width, height = canvas.size_wh
    inside = {
        number: labelled
        for number, labelled in objects.items()
        if 0 <= sum(boxes[number][::2]) / 2 < width and 0 <= sum(boxes[number][1::2]) / 2 < height
    }
    places = Placement(canvas.size_wh, avoid=[boxes[number] for number in inside], inside=False)
    for number, labelled in inside.items():
        velocity = np.asarray(labelled.get("velocity_mps") or (0, 0, 0), np.float64)
        speed = float(np.linalg.norm(velocity))
        words = f"{number} {speed:.1f} m/s" if speed > _SLOW_MPS else str(number)
        spot = places.place(tag_size(words), boxes[number])
        if spot is None:
            continue
        if gap(spot, boxes[number]) > 6:
            tie(canvas, spot, boxes[number], colour_of(labelled))
        canvas.tag(spot[0], spot[1], words, colour_of(labelled))
    return sorted(set(objects) - set(inside))
