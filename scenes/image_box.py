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
    found = _corners(camera, np.array([place_m]), np.array([heading_deg]), extent, taller_by)[0]
    return None if np.isnan(found).any() else found


def _corners(
    camera: Camera,
    places_m: NDArray[np.float64],
    headings_deg: NDArray[np.float64],
    extent: Extent,
    taller_by: float,
) -> NDArray[np.float64]:
    """Return the corners at each place, (n, 8, 2), NaN behind the camera."""
    signs = np.array([[i, j, k] for i in (-0.5, 0.5) for j in (-0.5, 0.5) for k in (0.0, 1.0)])
    long, wide, up = (signs * extent).T
    yaw, pitch, roll = (radians(v) for v in (camera.yaw_deg, camera.pitch_deg, camera.roll_deg))
    turn = np.radians(headings_deg)[:, None]
    x = places_m[:, :1] + long * np.cos(turn) - wide * np.sin(turn) - camera.x_m
    y = places_m[:, 1:] + long * np.sin(turn) + wide * np.cos(turn) - camera.y_m
    level, right, over = x * cos(yaw) + y * sin(yaw), x * sin(yaw) - y * cos(yaw), up - camera.z_m
    ahead, above = level * cos(pitch) + over * sin(pitch), over * cos(pitch) - level * sin(pitch)
    right, above = right * cos(roll) - above * sin(roll), right * sin(roll) + above * cos(roll)
    scale = 0.5 / tan(radians(camera.hfov_deg / 2)) / np.maximum(ahead, _NEAR_M)
    found = np.stack([0.5 + right * scale, 0.5 - above * scale / taller_by], axis=2)
    found[ahead.mean(axis=1) <= _NEAR_M] = np.nan
    return found


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


def image_boxes(
    camera: Camera,
    places_m: NDArray[np.float64],
    headings_deg: NDArray[np.float64],
    extent: Extent,
    *,
    taller_by: float,
) -> NDArray[np.float64]:
    """Return the boxes (n, 4) that a vehicle would have at n places (n, 2), as `ImageBox`; NaN out of the picture."""
    found = _corners(camera, places_m, headings_deg, extent, taller_by)
    boxes: NDArray[np.float64] = np.clip(np.concatenate([found.min(axis=1), found.max(axis=1)], axis=1), 0, 1)
    boxes[(boxes[:, 2] <= boxes[:, 0]) | (boxes[:, 3] <= boxes[:, 1])] = np.nan
    return boxes


def hidden_share(box: ImageBox, nearer: Sequence[ImageBox]) -> float:
    """Return the share of a box that lies behind others, by 12 x 12 points in it."""
    steps = (np.arange(_POINTS) + 0.5) / _POINTS
    x = (box.left + (box.right - box.left) * steps)[None, :]
    y = (box.top + (box.bottom - box.top) * steps)[:, None]
    hidden = np.zeros((_POINTS, _POINTS), dtype=np.bool_)
    for other in nearer:
        hidden |= (x > other.left) & (x < other.right) & (y > other.top) & (y < other.bottom)
    return float(hidden.mean())
