"""Where a vehicle's box lies in a camera's picture, without tracing: the points of its outline through the pinhole."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin, tan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenes.outline import Outline
from scenes.spec.view import Camera

_NEAR_M = 0.3
_POINTS = 12


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


def projected(
    camera: Camera, place_m: tuple[float, float], heading_deg: float, outline: Outline, *, taller_by: float
) -> NDArray[np.float64] | None:
    """Return points in shares of the picture, (m, 2), whose hull is a vehicle's picture, or None behind the camera.

    Args:
        camera: the view; its roll is about the lens's axis.
        place_m: middle of the vehicle on the ground.
        heading_deg: counter-clockwise from +x.
        outline: its points and edges; what is nearer than 0.3 m is cut off.
        taller_by: height of the picture over its width.
    """
    seen = _seen_from(camera, np.array([place_m]), np.array([heading_deg]), outline, taller_by)[:, 0]
    ends = seen[:, outline.edges]
    near = (ends[0] - _NEAR_M) / np.where(ends[0, :, :1] == ends[0, :, 1:], np.inf, ends[0, :, :1] - ends[0, :, 1:])
    cut = ends[:, (near[:, 0] > 0) & (near[:, 0] < 1)]
    share = near[(near[:, 0] > 0) & (near[:, 0] < 1), 0]
    points = np.concatenate([seen[:, seen[0] >= _NEAR_M], cut[..., 0] + (cut[..., 1] - cut[..., 0]) * share], axis=1)
    return (0.5 + points[1:] / points[0] / 2).T if points.size else None


def image_box(
    camera: Camera, place_m: tuple[float, float], heading_deg: float, outline: Outline, *, taller_by: float
) -> ImageBox | None:
    """Return a vehicle's box, or None where it is out of the picture; arguments as of `projected`."""
    found = image_boxes(camera, np.array([place_m]), np.array([heading_deg]), outline, taller_by=taller_by)[0]
    if np.isnan(found).any():
        return None
    left, top, right, bottom = map(float, found)
    away_m = float(np.hypot(place_m[0] - camera.x_m, place_m[1] - camera.y_m))
    return ImageBox(left, top, right, bottom, away_m)


def image_boxes(
    camera: Camera,
    places_m: NDArray[np.float64],
    headings_deg: NDArray[np.float64],
    outline: Outline,
    *,
    taller_by: float,
) -> NDArray[np.float64]:
    """Return the boxes (n, 4) that a vehicle would have at n places (n, 2), as `ImageBox`; NaN out of the picture."""
    ahead, right, below = _seen_from(camera, places_m, headings_deg, outline, taller_by)
    across, down = _span(right, below, ahead, outline.edges), _span(below, right, ahead, outline.edges)
    boxes: NDArray[np.float64] = np.clip(0.5 + np.stack([across[0], down[0], across[1], down[1]], axis=1) / 2, 0, 1)
    boxes[~((boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1]))] = np.nan
    return boxes


def _seen_from(
    camera: Camera,
    places_m: NDArray[np.float64],
    headings_deg: NDArray[np.float64],
    outline: Outline,
    taller_by: float,
) -> NDArray[np.float64]:
    """Return ahead, right and below (3, n, m), scaled: the picture is where neither is farther from 0 than ahead."""
    long, wide, up = outline.points_m.T
    yaw, pitch, roll = (radians(v) for v in (camera.yaw_deg, camera.pitch_deg, camera.roll_deg))
    turn = np.radians(headings_deg)[:, None]
    x = places_m[:, :1] + long * np.cos(turn) - wide * np.sin(turn) - camera.x_m
    y = places_m[:, 1:] + long * np.sin(turn) + wide * np.cos(turn) - camera.y_m
    level, right, over = x * cos(yaw) + y * sin(yaw), x * sin(yaw) - y * cos(yaw), up - camera.z_m
    ahead, above = level * cos(pitch) + over * sin(pitch), over * cos(pitch) - level * sin(pitch)
    right, above = right * cos(roll) - above * sin(roll), right * sin(roll) + above * cos(roll)
    scale = 1 / tan(radians(camera.hfov_deg / 2))
    return np.stack([ahead, right * scale, -above * scale / taller_by])


def _span(
    along: NDArray[np.float64], across: NDArray[np.float64], ahead: NDArray[np.float64], edges: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return from where to where `along` over `ahead` goes, (2, n), in what two edges of the picture leave of hulls.

    These are the edges that `across` meets. Looked at are points (n, m) between them, and where edges of a hull cross
    them; NaN where nothing is left.
    """
    slope = np.where((np.abs(across) <= ahead) & (ahead > 0), along / np.where(ahead > 0, ahead, 1.0), np.nan)
    low, high = np.fmin.reduce(slope, axis=1), np.fmax.reduce(slope, axis=1)
    partly = np.isnan(slope).any(axis=1) & (across <= ahead).any(axis=1) & (across >= -ahead).any(axis=1)
    cut = np.flatnonzero(partly)
    for side in (-1, 1):
        first, last = ((ahead - side * across)[cut][:, end] for end in edges.T)
        row, edge = np.nonzero((first < 0) != (last < 0))
        share = first[row, edge] / (first - last)[row, edge]
        (l0, l1), (a0, a1) = ([part[cut[row], edges[edge, end]] for end in (0, 1)] for part in (along, ahead))
        where = a0 + (a1 - a0) * share
        row, found = cut[row][where > 0], ((l0 + (l1 - l0) * share) / np.where(where > 0, where, 1.0))[where > 0]
        np.fmin.at(low, row, found)
        np.fmax.at(high, row, found)
    return np.stack([low, high])


def hidden_share(box: ImageBox, nearer: Sequence[ImageBox]) -> float:
    """Return the share of a box that lies behind others, by 12 x 12 points in it."""
    steps = (np.arange(_POINTS) + 0.5) / _POINTS
    x = (box.left + (box.right - box.left) * steps)[None, :]
    y = (box.top + (box.bottom - box.top) * steps)[:, None]
    hidden = np.zeros((_POINTS, _POINTS), dtype=np.bool_)
    for other in nearer:
        hidden |= (x > other.left) & (x < other.right) & (y > other.top) & (y < other.bottom)
    return float(hidden.mean())
