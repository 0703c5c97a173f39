"""From the world to the finished picture: pinhole, then the lens, as the labels say it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from render.develop.distortion import Distortion, Lens, lens_of

Floats = NDArray[np.float64]
Pixels = tuple[int, int]
_NEAR_M = 0.2
_STEPS = 24
_ROUNDS = 25
"""Corners of a box in units of half its size: the front four first, counter-clockwise seen from ahead."""
CORNERS = np.array(
    [(1, 1, -1), (1, -1, -1), (1, -1, 1), (1, 1, 1), (-1, 1, -1), (-1, -1, -1), (-1, -1, 1), (-1, 1, 1)], np.float64
)
EDGES = ((0, 1), (1, 2), (2, 3), (3, 0), (4, 5), (5, 6), (6, 7), (7, 4), (0, 4), (1, 5), (2, 6), (3, 7))


@dataclass(frozen=True, kw_only=True)
class Projection:
    """A camera of a record.

    Args:
        K: 3x3 intrinsics of the pinhole before the lens, pixel centres at whole numbers.
        world_to_camera: 4x4.
        lens: what bends the pinhole's picture; None for nothing.
    """

    K: Floats
    world_to_camera: Floats
    lens: Lens | None = None

    def camera_m(self, world_m: Floats) -> Floats:
        """Return points (..., 3) in the camera's frame: x right, y down, z ahead."""
        return np.asarray(world_m @ self.world_to_camera[:3, :3].T + self.world_to_camera[:3, 3], np.float64)

    def picture_px(self, camera_m: Floats) -> Floats:
        """Return where points (..., 3) before the camera lie in the finished picture, pixel edges."""
        image = camera_m @ self.K.T
        pixels = image[..., :2] / image[..., 2:]
        return np.asarray(pixels if self.lens is None else self.lens.distort_points(pixels), np.float64) + 0.5

    def px(self, world_m: Floats) -> Floats:
        """Return where points (N, 3) of the world lie in the picture, NaN for what is behind the camera."""
        points = self.camera_m(np.asarray(world_m, np.float64).reshape(-1, 3))
        ahead = points[:, 2] > _NEAR_M
        placed = self.picture_px(np.where(ahead[:, None], points, (0.0, 0.0, 1.0)))
        return np.where(ahead[:, None], placed, np.nan)

    def lines_px(self, world_m: Floats) -> list[Floats]:
        """Return a polyline (N, 3) of the world as it bends in the picture, cut where it goes behind the camera."""
        points = self.camera_m(np.asarray(world_m, np.float64).reshape(-1, 3))
        pieces: list[list[Floats]] = []
        last: Floats | None = None
        for start, end in pairwise(points):
            ends = _before_camera(start, end)
            if ends is None:
                last = None
                continue
            placed = self.picture_px(_even_steps(*ends))
            if last is None or not np.array_equal(last, start):
                pieces.append([])
            pieces[-1].append(placed)
            last = end if np.array_equal(ends[1], end) else None
        return [np.concatenate(piece) for piece in pieces]


def box_corners_m(box3d: Mapping[str, Any]) -> Floats:
    """Return the eight corners of a 3D box in the world, in the order of `CORNERS`."""
    angle = np.radians(float(box3d["heading_deg"]))
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    own = CORNERS * np.asarray(box3d["size_m"], np.float64) / 2
    return np.asarray(own @ turn.T + np.asarray(box3d["center_m"], np.float64), np.float64)


def projection_of(camera: Mapping[str, Any], size_wh: Pixels, traced_focal_px: float | None) -> Projection:
    """Return the camera of a record.

    Args:
        camera: of a frame record, with or without `distortion`.
        size_wh: of the picture.
        traced_focal_px: of the view that was traced; None looks it up from the lens.

    Raises:
        InputError: the distortion is none that we know, or folds the picture.
    """
    K, pose = np.asarray(camera["K"], np.float64), np.asarray(camera["world_to_camera"], np.float64)
    told = camera.get("distortion") or {"model": "none"}
    if told["model"] == "none":
        return Projection(K=K, world_to_camera=pose)
    distortion = Distortion(model=told["model"], k=tuple(told.get("k", ())), p=tuple(told.get("p", ())))
    focal = traced_focal_px or _traced_focal_px(distortion, K, size_wh)
    traced = (focal, focal * K[1, 1] / K[0, 0], K[0, 2], K[1, 2])
    lens = Lens(distortion, traced, size_wh, float(K[0, 0] / focal))
    pinhole = np.array([[traced[0], 0, traced[2]], [0, traced[1], traced[3]], [0, 0, 1.0]])
    return Projection(K=pinhole, world_to_camera=pose, lens=lens)


def _traced_focal_px(distortion: Distortion, K: Floats, size_wh: Pixels) -> float:
    """Return the focal length that a view had if this is the one it was developed to."""
    focal = float(K[0, 0])
    for _ in range(_ROUNDS):
        focal = float(K[0, 0]) / lens_of(distortion, (focal, focal, float(K[0, 2]), float(K[1, 2])), size_wh).zoom
    return focal


def _before_camera(start: Floats, end: Floats) -> tuple[Floats, Floats] | None:
    if start[2] <= _NEAR_M and end[2] <= _NEAR_M:
        return None
    if start[2] > _NEAR_M and end[2] > _NEAR_M:
        return start, end
    cut = start + (_NEAR_M - start[2]) / (end[2] - start[2]) * (end - start)
    return (start, cut) if start[2] > _NEAR_M else (cut, end)


def _even_steps(start: Floats, end: Floats) -> Floats:
    """Return points on a segment that lie evenly in the picture."""
    share = np.linspace(0, 1, _STEPS + 1)
    along = share * start[2] / (share * start[2] + (1 - share) * end[2])
    return np.asarray(start + along[:, None] * (end - start), np.float64)
