"""Where a vehicle's box lies in a camera's picture, without tracing: eight corners through the pinhole."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin, tan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenes.spec import Camera

_NEAR_M = 0.3
_POINTS = 12


class Extent(NamedTuple):
    """Length, width and height of a vehicle."""

    length_m: float
    width_m: float
    height_m: float


class ImageBox(NamedTuple):
    """A box cut to the picture, in shares of its width and height from above left, and how far away its middle is."""

    left: float
    top: float
    right: float
    bottom: float
    away_m: float

    @property
    def area(self) -> float:
        """Share of the picture."""
        return (self.right - self.left) * (self.bottom - self.top)


def corners(
    camera: Camera, place_m: tuple[float, float], heading_deg: float, extent: Extent, *, taller_by: float
) -> NDArray[np.float64] | None:
    """Return the corners in shares of the picture, (8, 2), or None behind the camera; roll is about the lens's axis.

    Corners nearer than 0.3 m are held there, so that what stands beside the lens stays finite.

    Args:
        camera: the view.
        place_m: middle of the vehicle on the ground.
        heading_deg: counter-clockwise from +x.
        extent: its size.
        taller_by: height of the picture over its width.
    """
    signs = np.array([[i, j, k] for i in (-0.5, 0.5) for j in (-0.5, 0.5) for k in (0.0, 1.0)])
    long, wide, up = (signs * extent).T
    turn, yaw, pitch, roll = (radians(v) for v in (heading_deg, camera.yaw_deg, camera.pitch_deg, camera.roll_deg))
    x = place_m[0] + long * cos(turn) - wide * sin(turn) - camera.x_m
    y = place_m[1] + long * sin(turn) + wide * cos(turn) - camera.y_m
    level, right, over = x * cos(yaw) + y * sin(yaw), x * sin(yaw) - y * cos(yaw), up - camera.z_m
    ahead, above = level * cos(pitch) + over * sin(pitch), over * cos(pitch) - level * sin(pitch)
    if ahead.mean() <= _NEAR_M:
        return None
    right, above = right * cos(roll) - above * sin(roll), right * sin(roll) + above * cos(roll)
    scale = 0.5 / tan(radians(camera.hfov_deg / 2)) / np.maximum(ahead, _NEAR_M)
    return np.stack([0.5 + right * scale, 0.5 - above * scale / taller_by], axis=1)


def image_box(
    camera: Camera, place_m: tuple[float, float], heading_deg: float, extent: Extent, *, taller_by: float
) -> ImageBox | None:
    """Return a vehicle's box, or None where it is out of the picture; arguments as of `corners`."""
    found = corners(camera, place_m, heading_deg, extent, taller_by=taller_by)
    if found is None:
        return None
    (left, top), (right, bottom) = np.clip(found.min(axis=0), 0, 1), np.clip(found.max(axis=0), 0, 1)
    if right <= left or bottom <= top:
        return None
    away_m = float(np.hypot(place_m[0] - camera.x_m, place_m[1] - camera.y_m))
    return ImageBox(float(left), float(top), float(right), float(bottom), away_m)


def hidden_share(box: ImageBox, nearer: Sequence[ImageBox]) -> float:
    """Return the share of a box that lies behind others, by 12 x 12 points in it."""
    steps = (np.arange(_POINTS) + 0.5) / _POINTS
    x = (box.left + (box.right - box.left) * steps)[None, :]
    y = (box.top + (box.bottom - box.top) * steps)[:, None]
    hidden = np.zeros((_POINTS, _POINTS), dtype=np.bool_)
    for other in nearer:
        hidden |= (x > other.left) & (x < other.right) & (y > other.top) & (y < other.bottom)
    return float(hidden.mean())
