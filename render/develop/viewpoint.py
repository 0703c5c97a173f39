"""Where the camera looks and where the sun stands in its picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenes.errors import InputError
from scenes.spec.view import Sun

_SKY_M = 1_500.0  # streets end before; the traced sun disc hangs at 3 km, and 1e10 is nothing at all


@dataclass(frozen=True, kw_only=True)
class Viewpoint:
    """Pinhole intrinsics, and directions in the camera's frame (x right, y down, z forward).

    Args:
        focal_px, center_px: intrinsics.
        sun: direction to the sun; sun_elevation_deg: its height above the horizon.
        up: the way up.
        velocity_mps: of the camera itself.
    """

    focal_px: float
    center_px: tuple[float, float]
    sun: tuple[float, float, float]
    sun_elevation_deg: float = 0.0
    up: tuple[float, float, float] = (0.0, -1.0, 0.0)
    velocity_mps: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        if not self.focal_px > 0:
            raise InputError("camera.K", "focal length must be > 0", got=self.focal_px)

    @property
    def sun_px(self) -> tuple[float, float] | None:
        """Where the sun projects, in or out of the frame; None if it stands behind the camera."""
        x, y, z = self.sun
        if z <= 0.05:
            return None
        return self.center_px[0] + self.focal_px * x / z, self.center_px[1] + self.focal_px * y / z

    @property
    def speed_mps(self) -> float:
        """How fast the camera moves."""
        return math.hypot(*self.velocity_mps)

    @property
    def heading_px(self) -> tuple[float, float]:
        """Vanishing point of the camera's own motion, right and down of the centre; the centre if it stands."""
        x, y, z = self.velocity_mps
        return (self.focal_px * x / z, self.focal_px * y / z) if z > 0.1 * self.speed_mps > 0 else (0.0, 0.0)


def viewpoint(
    K: Sequence[Sequence[float]], world_to_camera: Sequence[Sequence[float]], sun: Sun, *, speed_mps: float = 0.0
) -> Viewpoint:
    """Build the viewpoint from the labels of a view, the sun of its scene and the ego's speed along +x."""
    elevation, azimuth = np.radians([sun.elevation_deg, sun.azimuth_deg])
    flat = np.cos(elevation)
    world = np.array([flat * np.cos(azimuth), flat * np.sin(azimuth), np.sin(elevation)])
    rotation = np.asarray(world_to_camera, float)[:3, :3]
    return Viewpoint(
        focal_px=float(K[0][0]),
        center_px=(float(K[0][2]), float(K[1][2])),
        sun=_triple(rotation @ world),
        sun_elevation_deg=sun.elevation_deg,
        up=_triple(rotation @ np.array([0.0, 0.0, 1.0])),
        velocity_mps=_triple(rotation @ np.array([speed_mps, 0.0, 0.0])),
    )


def _triple(vector: NDArray[np.float64]) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in vector)
    return x, y, z


def cos_to_sun(view: Viewpoint, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Return the cosine between each pixel's ray and the sun, HxW in [-1, 1]."""
    y, x = np.ogrid[: shape[0], : shape[1]]
    u = ((x + 0.5 - view.center_px[0]) / view.focal_px).astype(np.float32)
    v = ((y + 0.5 - view.center_px[1]) / view.focal_px).astype(np.float32)
    dot = u * np.float32(view.sun[0]) + v * np.float32(view.sun[1]) + np.float32(view.sun[2])
    return np.asarray(np.clip(dot / np.sqrt(1 + u * u + v * v), -1, 1), np.float32)


def sky_mask(depth_m: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Tell which pixels see the sky."""
    return np.asarray(depth_m > _SKY_M, np.bool_)
