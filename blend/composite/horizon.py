"""Horizon and camera height of a real picture, from its own boxes and the lines of its road."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import atan, degrees, log, radians, tan
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blend.composite.lines import VanishingPoint, segments, vanishing_column, vanishing_point
from blend.composite.refusal import RefusalError
from blend.picture import Annotation

HEIGHT_M = MappingProxyType(
    {
        "car": (1.52, 0.10),
        "truck": (2.6, 0.25),
        "bus": (3.0, 0.12),
        "motorcycle": (1.5, 0.16),
        "bicycle": (1.6, 0.12),
        "three_wheeler": (1.75, 0.10),
        "person": (1.68, 0.09),
    }
)
"""Class to the mean height of what a box holds, riders included, and its spread as a share."""
LENGTH_M = MappingProxyType(
    {
        "car": 4.5,
        "truck": 7.0,
        "bus": 11.0,
        "motorcycle": 2.0,
        "bicycle": 1.8,
        "three_wheeler": 2.7,
        "person": 0.6,
        "animal": 1.8,
    }
)
"""Class to a length on the ground."""
HFOV_DEG = 65.0
"""Taken where nothing is known; it decides under which angle an actor is seen, not how large it is."""
_BOX_NOISE_PX = 2.0
_CAP = 3.0
"""A box counts at most as one that is so many spreads off."""
_INLIER = 2.2
_LEAST_INLIERS = 3
_LEAST_SHARE = 0.55
_MOST_HORIZON_SD = 0.035
_MOST_HEIGHT_SD = 0.17
_ANY_CAMERA_M = (1.7, 0.45)
_DASHCAM_M = (1.35, 0.12)
_DISAGREE = 0.1
"""Share of the picture's height."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class GroundCamera:
    """A level camera over level ground.

    Args:
        horizon_px: row of the horizon.
        height_m: of the camera over the ground.
        focal_px: focal length.
        centre_px: column of the principal point.
        vanish_x_px: column in which the road vanishes; the middle where `road_known` is False.
        road_known: whether lines tell where the road goes.
        evidence: what it was estimated from.
    """

    horizon_px: float
    height_m: float
    focal_px: float
    centre_px: float
    vanish_x_px: float
    road_known: bool
    evidence: dict[str, Any]

    def px_per_m(self, row_px: float) -> float:
        """Return the scale of what stands on the ground at a row."""
        return (row_px - self.horizon_px) / self.height_m

    def depth_m(self, row_px: float) -> float:
        """Return how far away the ground at a row is; infinite at the horizon and above."""
        scale = self.px_per_m(row_px)
        return self.focal_px / scale if scale > 0 else float("inf")

    def row_px(self, depth_m: float) -> float:
        """Return the row of the ground at a depth > 0."""
        return self.horizon_px + self.focal_px * self.height_m / depth_m

    def aside_m(self, column_px: float, row_px: float) -> float:
        """Return how far to the right of the camera the ground at a pixel is."""
        return (column_px - self.centre_px) / self.px_per_m(row_px)

    def elevation_deg(self, row_px: float) -> float:
        """Return how high the camera stands, seen from the ground at a row."""
        return degrees(atan((row_px - self.horizon_px) / self.focal_px))

    def record(self) -> dict[str, Any]:
        """Return what a composite's record says of it."""
        figures = ("horizon_px", "height_m", "focal_px", "vanish_x_px")
        told = {name: round(getattr(self, name), 3) for name in figures}
        return {**told, "road_known": self.road_known, **self.evidence}

    def off_road_deg(self, column_px: float) -> float:
        """Return the angle between the road's direction and the view of a column, positive to the right."""
        return degrees(
            atan((column_px - self.centre_px) / self.focal_px)
            - atan((self.vanish_x_px - self.centre_px) / self.focal_px)
        )


def camera_of(rgb: NDArray[np.uint8], boxes: Iterable[Annotation]) -> GroundCamera:
    """Estimate the camera of a picture, uint8 (H, W, 3), with its boxes; see `estimate`.

    Raises:
        RefusalError: there is too little evidence, or it disagrees.
    """
    height, width = rgb.shape[:2]
    lines = segments(rgb)
    camera = estimate(boxes, vanishing_point(lines, width, height), width, height)
    column = None if camera.road_known else vanishing_column(lines, width, camera.horizon_px)
    return camera if column is None else replace(camera, vanish_x_px=column, road_known=True)


def usable(boxes: Iterable[Annotation], width: int, height: int) -> list[Annotation]:
    """Return boxes of known height that the picture does not cut."""
    return [
        box
        for box in boxes
        if box.category in HEIGHT_M
        and box.xywh[0] > 2
        and box.xywh[1] > 2
        and box.xywh[0] + box.xywh[2] < width - 2
        and box.xywh[1] + box.xywh[3] < height - 2
        and box.xywh[3] >= 10
    ]


def estimate(boxes: Iterable[Annotation], point: VanishingPoint | None, width: int, height: int) -> GroundCamera:
    """Estimate the camera of a picture.

    What stands on level ground and is H metres high has a box of H (v - horizon) / h pixels where v is its lower edge
    and h the camera's height. Horizon and height are the posterior mean over a grid, with a capped loss for each box,
    so that hidden feet and odd vehicles do not pull. A picture without boxes is taken for a dashcam's.

    Args:
        boxes: of the picture; empty where it has none.
        point: where its lines meet, if they do.
        width: of the picture in px.
        height: likewise.

    Raises:
        RefusalError: there is too little evidence, or it disagrees.

    Source:
        Hoiem, Efros and Hebert, "Putting Objects in Perspective" (IJCV 2008).
    """
    known = usable(boxes, width, height)
    if not known and point is None:
        raise RefusalError("no horizon: neither boxes nor lines of a road")
    rows, heights = np.linspace(0.05 * height, 0.8 * height, 151), np.geomspace(0.7, 14.0, 91)
    loss = _prior(rows, heights, height, point, labelled=bool(known)) + _box_loss(known, rows, heights)
    weight = np.exp(loss.min() - loss)
    weight /= weight.sum()
    horizon, horizon_sd = _moments(weight.sum(axis=1), rows)
    log_height, height_sd = _moments(weight.sum(axis=0), np.log(heights))
    if horizon_sd > _MOST_HORIZON_SD * height or height_sd > _MOST_HEIGHT_SD:
        raise RefusalError("no horizon: the evidence leaves it open")
    camera_m = float(np.exp(log_height))
    inliers = int((np.abs(_residuals(known, np.array([horizon]), np.array([camera_m]))) < _INLIER).sum())
    if known and ((inliers < _LEAST_INLIERS and point is None) or inliers < _LEAST_SHARE * len(known)):
        raise RefusalError("no horizon: boxes do not agree on a ground plane")
    if point is not None and abs(point.y - horizon) > _DISAGREE * height:
        raise RefusalError("no horizon: boxes and lines of the road disagree")
    return GroundCamera(
        horizon_px=horizon,
        height_m=camera_m,
        focal_px=0.5 * width / tan(radians(HFOV_DEG) / 2),
        centre_px=width / 2,
        vanish_x_px=point.x if point else width / 2,
        road_known=point is not None,
        evidence={
            "boxes": len(known),
            "agree": inliers,
            "vanishing_point": [round(point.x, 1), round(point.y, 1)] if point else None,
            "horizon_sd_px": round(horizon_sd, 2),
            "height_sd_share": round(height_sd, 3),
        },
    )


def _moments(weights: Floats, values: Floats) -> tuple[float, float]:
    mean = float(weights @ values)
    return mean, float(np.sqrt(weights @ (values - mean) ** 2))


def _prior(rows: Floats, heights: Floats, height: int, point: VanishingPoint | None, *, labelled: bool) -> Floats:
    """Return minus the log of what is believed before boxes are seen, (rows, heights)."""
    mean_m, spread = _ANY_CAMERA_M if labelled else _DASHCAM_M
    of_height = 0.5 * ((np.log(heights) - log(mean_m)) / spread) ** 2
    of_row = 0.5 * ((rows / height - 0.45) / 0.12) ** 2
    if point is not None:
        of_row = of_row + np.minimum(0.5 * ((rows - point.y) / (1.5 * point.sd_px)) ** 2, 0.5 * _CAP**2 * 2)
    return np.asarray(of_row[:, None] + of_height[None, :])


def _residuals(boxes: list[Annotation], rows: Floats, heights: Floats) -> Floats:
    """Return how many spreads each box is too high, (rows, heights, boxes)."""
    if not boxes:
        return np.zeros((len(rows), len(heights), 0))
    tall = np.array([box.xywh[3] for box in boxes])
    foot = np.array([box.xywh[1] + box.xywh[3] for box in boxes])
    mean, share = np.array([HEIGHT_M[box.category] for box in boxes]).T
    ahead = np.maximum(foot[None, None] - rows[:, None, None], 0.5)
    told = mean * ahead / heights[None, :, None]
    spread = np.hypot(np.hypot(share, 0.08), _BOX_NOISE_PX / tall)
    return np.asarray(np.log(tall / told) / spread)


def _box_loss(boxes: list[Annotation], rows: Floats, heights: Floats) -> Floats:
    capped = np.minimum(0.5 * _residuals(boxes, rows, heights) ** 2, 0.5 * _CAP**2)
    return np.asarray(capped.sum(axis=-1))
