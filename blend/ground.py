"""Where a frame's camera sees the ground, and what each of its pixels shows: from its record and its semantic map."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from blend.picture import Picture


@dataclass(frozen=True, kw_only=True)
class Camera:
    """A frame's camera over level ground.

    Args:
        focal_px: focal length.
        middle: principal point in pixel edges.
        up: the world's upward direction in the camera's frame (x right, y down, z ahead).
        height_m: above the ground.
    """

    focal_px: float
    middle: tuple[float, float]
    up: tuple[float, float, float]
    height_m: float

    def depth_m(self, x: float, y: float) -> float:
        """Return the depth of the ground at a place in the picture; infinite above the horizon."""
        ray = ((x - self.middle[0]) / self.focal_px, (y - self.middle[1]) / self.focal_px, 1.0)
        fall = -float(np.dot(self.up, ray))
        return self.height_m / fall if fall > 1e-6 else np.inf

    def row(self, x: float, depth_m: float) -> float:
        """Return the row in which column x shows ground of this depth."""
        across = (x - self.middle[0]) / self.focal_px
        down = (-self.height_m / depth_m - self.up[0] * across - self.up[2]) / self.up[1]
        return self.middle[1] + self.focal_px * down

    def aside_rad(self, x: float) -> float:
        """Return the angle between the optical axis and a column."""
        return float(np.arctan((x - self.middle[0]) / self.focal_px))

    def column(self, aside_rad: float) -> float:
        """Return the column at an angle from the optical axis."""
        return float(self.middle[0] + self.focal_px * np.tan(aside_rad))


def camera_of(frame: Picture) -> Camera | None:
    """Read the camera of a developed frame from its record; None where there is none."""
    return _read(frame.path.parents[1] / "frames" / f"{frame.name}.json")


@lru_cache(maxsize=256)
def _read(path: Path) -> Camera | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))["camera"]
        matrix, pose = np.array(told["K"], float).reshape(3, 3), np.array(told["world_to_camera"], float).reshape(4, 4)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    up_x, up_y, up_z = (float(value) for value in pose[:3, 2])
    height_m = -float(pose[:3, 2] @ pose[:3, 3])
    if abs(up_y) < 0.5 or height_m <= 0:
        return None
    middle = (float(matrix[0, 2]) + 0.5, float(matrix[1, 2]) + 0.5)
    return Camera(focal_px=float(matrix[0, 0]), middle=middle, up=(up_x, up_y, up_z), height_m=height_m)


def semantic_of(frame: Picture) -> NDArray[np.uint8] | None:
    """Read the semantic map of a developed frame, which has the name of its instance mask; None where there is none."""
    told = str(frame.facts.get("mask", ""))
    path = frame.path.parents[1] / "semantic" / Path(told).name
    if not told or not path.is_file():
        return None
    found = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    fits = found is not None and found.dtype == np.uint8 and found.shape == (frame.height, frame.width)
    return np.asarray(found, np.uint8) if fits else None
