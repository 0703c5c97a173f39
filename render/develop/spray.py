"""Spray behind vehicles on a wet road: mist that their wheels throw up, which hides what drives behind it.

Source: Weir, Strange and Heffley, FHWA-RD-78-37 (1978), reduction of adverse aerodynamic effects of large trucks: spray
needs standing water and some speed, and grows with about the square of it; a truck's hides a car behind it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scenes.errors import InputError

Image = NDArray[np.float32]
Floats = NDArray[np.float64]

SLOWEST_MPS = 8.0
"""Below this tyres throw no mist."""
_AT_25_MPS = 1.1  # optical thickness just behind a car at 90 km/h on a wet road
_PUFFS = 26
_NEAREST_M = 2.0  # what is nearer has gone past the glass
_COARSE = 4  # mist is smooth: a quarter of the picture's resolution


@dataclass(frozen=True, kw_only=True)
class Wakes:
    """Moving vehicles as the camera sees them; axes are right, down, ahead.

    Args:
        rear_m: (N, 3) middle of the rear axle on the road.
        velocity_mps: (N, 3) over the ground.
        width_m: (N,) of the vehicle.
    """

    rear_m: Floats
    velocity_mps: Floats
    width_m: Floats

    def __post_init__(self) -> None:
        number = self.width_m.size
        if self.rear_m.shape != (number, 3) or self.velocity_mps.shape != (number, 3):
            rule = f"rear_m and velocity_mps must have shape {(number, 3)}, as width_m has {number}"
            raise InputError("spray.wakes", rule, got=(self.rear_m.shape, self.velocity_mps.shape))
        if not all(np.isfinite(part).all() for part in (self.rear_m, self.velocity_mps, self.width_m)):
            raise InputError("spray.wakes", "must be finite")
        if not (self.width_m > 0).all():
            raise InputError("spray.wakes.width_m", "must be > 0", got=float(self.width_m.min()))


def thickness(speed_mps: float, width_m: float, wetness: float) -> float:
    """Return the optical thickness of the mist just behind a vehicle, seen along its wake."""
    if speed_mps <= SLOWEST_MPS:
        return 0.0
    size = (width_m / 1.8) ** 3  # a truck of 2.5 m throws three times as much as a car
    return float(_AT_25_MPS * wetness * size * (speed_mps**2 - SLOWEST_MPS**2) / (25.0**2 - SLOWEST_MPS**2))


def spray(
    rgb_linear: Image,
    depth_m: Image,
    wakes: Wakes,
    *,
    wetness: float,
    focal_px: float,
    center_px: tuple[float, float],
    ambient_rgb: tuple[float, float, float],
    rng: np.random.Generator,
) -> Image:
    """Return the picture with spray behind its vehicles, HxWx3 cd/m².

    Args:
        rgb_linear: HxWx3, cd/m².
        depth_m: HxW, 1e10 in the sky.
        wakes: the vehicles.
        wetness: of the road, 0 dry to 1 standing water.
        focal_px: focal length.
        center_px: principal point.
        ambient_rgb: luminance of a white cloud there, cd/m²: sky illuminance over pi.
        rng: draws the eddies.

    Raises:
        InputError: wetness lies outside [0, 1].
    """
    if not 0 <= wetness <= 1:
        raise InputError("spray.wetness", "must lie in [0, 1]", got=wetness)
    speeds = np.linalg.norm(wakes.velocity_mps, axis=1) if wakes.width_m.size else np.zeros(0)
    image = rgb_linear
    for index in np.argsort(-wakes.rear_m[:, 2], kind="stable"):  # the farthest first
        dense = thickness(float(speeds[index]), float(wakes.width_m[index]), wetness)
        if dense > 0:
            puffs = _puffs(wakes, int(index), dense, rng)
            optical = _optical(puffs, depth_m, focal_px, center_px)
            image = _misted(image, optical, np.asarray(ambient_rgb, np.float32)) if optical.any() else image
    return image


def _puffs(wakes: Wakes, index: int, dense: float, rng: np.random.Generator) -> Floats:
    """Return a wake as round puffs, rows x, y, z, radius in metres and optical thickness: wider, higher, thinner."""
    rear, width = wakes.rear_m[index], float(wakes.width_m[index])
    speed = float(np.linalg.norm(wakes.velocity_mps[index]))
    back = -wakes.velocity_mps[index] / speed
    side = np.array([back[2], 0.0, -back[0]])
    behind = (np.arange(_PUFFS) // 2 + rng.random(_PUFFS)) / (_PUFFS / 2)
    along = behind * 0.6 * speed  # it hangs for about half a second before it thins out
    wheel = np.where(np.arange(_PUFFS) % 2, 0.4, -0.4) * width
    aside = wheel * (1 - 0.5 * behind) + 0.12 * width * rng.standard_normal(_PUFFS) * (1 + behind)
    radius = width * (0.22 + 0.42 * behind) * np.exp(0.2 * rng.standard_normal(_PUFFS))
    height = radius * 0.7 + 0.35 * behind * width * rng.random(_PUFFS)
    x, y, z = (rear[axis] + along * back[axis] + aside * side[axis] for axis in range(3))
    share = np.exp(-1.6 * behind) / np.exp(-1.6 * behind).sum() * np.exp(0.3 * rng.standard_normal(_PUFFS))
    return np.array([x, y - height, z, radius, 1.6 * dense * share * (0.4 * width / radius) ** 0.5])


def _optical(puffs: Floats, depth_m: Image, focal_px: float, center_px: tuple[float, float]) -> Image:
    """Return the optical thickness of puffs before what the picture shows, HxW: Gaussians, each tested for depth."""
    rows, columns = depth_m.shape
    x, y, z, radius, dense = puffs[:, puffs[2] > _NEAREST_M].astype(np.float32)
    grid = (max(columns // _COARSE, 4), max(rows // _COARSE, 4))
    if not z.size:
        return np.zeros((rows, columns), np.float32)
    depth = cv2.resize(depth_m, grid, interpolation=cv2.INTER_NEAREST)
    across = (np.arange(grid[0], dtype=np.float32) + np.float32(0.5)) * np.float32(columns / grid[0])
    along = (np.arange(grid[1], dtype=np.float32) + np.float32(0.5)) * np.float32(rows / grid[1])
    middle = center_px[0] + focal_px * x / z, center_px[1] + focal_px * y / z
    size = np.maximum(focal_px * radius / z, _COARSE)[:, None]
    right = np.exp(-(((across - middle[0][:, None]) / size) ** 2)) * dense[:, None]
    down = np.exp(-(((along - middle[1][:, None]) / size) ** 2))
    total = np.zeros(grid[::-1], np.float32)
    for puff in range(z.size):
        columns_seen, rows_seen = right[puff] > 0.03 * dense[puff], down[puff] > 0.03
        part = np.ix_(rows_seen, columns_seen)
        before = np.clip((depth[part] - z[puff]) / (2 * radius[puff]) + 0.5, 0, 1)  # half of it may be before a wall
        body = down[puff][rows_seen, None] * right[puff][columns_seen] - 0.03 * dense[puff]  # mist has an end
        total[part] += np.maximum(body, 0) * before
    return np.asarray(cv2.resize(total, (columns, rows), interpolation=cv2.INTER_LINEAR), np.float32)


def _misted(image: Image, optical: Image, ambient_rgb: Image) -> Image:
    """Lay mist over a picture: lit by the sky, and by lamps around it that it scatters forward."""
    rows, columns = optical.shape
    small = cv2.resize(image, (max(columns // 8, 4), max(rows // 8, 4)), interpolation=cv2.INTER_AREA)
    around = cv2.resize(cv2.GaussianBlur(small, (0, 0), small.shape[1] * 0.03), (columns, rows))
    kept = np.exp(-optical)[..., None]
    light = np.float32(0.6) * around + np.float32(0.35) * ambient_rgb
    return np.asarray(image * kept + light * (1 - kept), np.float32)
