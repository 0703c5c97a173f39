"""Falling bodies as a camera draws them: points along the way that each takes while the shutter is open.

Source: Garg and Nayar, IJCV 75 (2007), 3, a streak's share of the exposure; Tokay and Beard, Journal of Applied
Meteorology 35 (1996), 1671, oscillation of drops, which makes streaks uneven.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from render.develop.hydrometeors import Population, Precipitation

Image = NDArray[np.float32]
Floats = NDArray[np.float64]

DEPTHS_M = np.geomspace(0.45, 90.0, 30)
"""Bounds of the depth shells, from just before the glass."""
_DRAWN = 11_000  # the most that are drawn singly; the rest is veil
_FAINTEST = 1e-4  # a share of a pixel's exposure below which nobody sees a single drop
DISCS_PX = np.array([1.0, 2.0, 3.2, 5.0, 8.0, 13.0, 21.0])


@dataclass(frozen=True, kw_only=True)
class Eye:
    """The camera as falling bodies meet it; camera axes are right, down, ahead.

    Args:
        shape: height and width in pixels.
        focal_px: focal length.
        shutter_s: exposure time.
        speed_mps: how fast it drives ahead.
        aperture_mm: entrance pupil; what is near shows as discs of that size.
        heading_px: where it drives to, pixels right and down of the centre.
    """

    shape: tuple[int, int]
    focal_px: float
    shutter_s: float
    speed_mps: float
    aperture_mm: float
    heading_px: tuple[float, float]

    @property
    def motion_mps(self) -> Floats:
        """Velocity of the camera."""
        right, down = self.heading_px
        return self.speed_mps * np.array([right / self.focal_px, down / self.focal_px, 1.0])


@dataclass(frozen=True)
class Streaks:
    """Points along what single bodies draw: place, depth, pixels' worth of exposure, and disc in pixels; all (N,)."""

    x: Floats
    y: Floats
    z: Floats
    weight: Floats
    disc_px: Floats


def drawn(bodies: Population, eye: Eye) -> Floats:
    """Return how many bodies of each size and depth shell to draw, sizes x shells: the most visible ones, 0 elsewhere.

    The frustum is half as wide and high again, as long streaks come in from outside.
    """
    rows, columns = eye.shape
    z = np.sqrt(DEPTHS_M[1:] * DEPTHS_M[:-1])
    volume_m3 = 2.25 * rows * columns / eye.focal_px**2 * np.diff(DEPTHS_M**3) / 3
    count = bodies.count_m3[:, None] * volume_m3
    size = eye.focal_px * bodies.diameter_mm[:, None] * 1e-3 / z
    width = np.sqrt(size**2 + (eye.focal_px * eye.aperture_mm * 1e-3 / z) ** 2 + 1)
    apart = np.hypot(eye.focal_px * bodies.speed_mps[:, None], 0.3 * columns * abs(eye.speed_mps))
    covers = np.pi / 4 * size**2 / (width * (width + apart * eye.shutter_s / z))
    order = np.argsort(-covers, axis=None, kind="stable")
    fits = np.zeros(count.size, bool)
    fits[order] = np.cumsum(count.ravel()[order]) <= _DRAWN
    return np.asarray(np.where(fits.reshape(count.shape) & (covers > _FAINTEST), count, 0.0), np.float64)


@dataclass(frozen=True, kw_only=True)
class Flights:
    """Bodies in the air while the shutter is open, in camera axes: right, down, ahead.

    Args:
        place_m: (3, N) in the middle of the exposure; velocity_mps: (3, N) against the camera.
        diameter_mm: (N,).
        wobble_hz: (N,) oscillation of a drop, 0 for none; phase_rad, depth: (N,) of the oscillation.
    """

    place_m: Floats
    velocity_mps: Floats
    diameter_mm: Floats
    wobble_hz: Floats
    phase_rad: Floats
    depth: Floats


def flights(
    bodies: Population, single: Floats, eye: Eye, precipitation: Precipitation, rng: np.random.Generator
) -> Flights:
    """Draw bodies in their shells."""
    number = rng.poisson(single)
    size_index, shell = (np.repeat(index, number.ravel()) for index in np.indices(number.shape).reshape(2, -1))
    total = size_index.size
    rows, columns = eye.shape
    cubes = DEPTHS_M**3
    z = np.cbrt(cubes[shell] + rng.random(total) * (cubes[shell + 1] - cubes[shell]))
    x, y = (rng.random(total) * 1.5 - 0.75) * columns, (rng.random(total) * 1.5 - 0.75) * rows
    gust = rng.standard_normal((3, total)) * precipitation.gust_mps
    right, ahead = precipitation.wind_mps
    wind = np.array([right, 0.0, ahead]) - eye.motion_mps
    velocity = gust * np.array([1.0, 0.4, 1.0])[:, None] + wind[:, None]
    velocity[1] += bodies.speed_mps[size_index]
    wobble_hz = bodies.wobble_hz[size_index]
    return Flights(
        place_m=np.array([x * z / eye.focal_px, y * z / eye.focal_px, z]),
        velocity_mps=velocity,
        diameter_mm=bodies.diameter_mm[size_index],
        wobble_hz=wobble_hz,
        phase_rad=rng.random(total) * 2 * np.pi,
        depth=rng.random(total) * 0.8 * (wobble_hz > 0),
    )


def steps_of(flights: Flights, eye: Eye) -> NDArray[np.int64]:
    """Return in how many points each body is drawn, (N,): so many that its discs touch."""
    ends = [flights.place_m + flights.velocity_mps * (eye.shutter_s * part) for part in (-0.5, 0.5)]
    pixels = [end[:2] / np.maximum(end[2], DEPTHS_M[0]) * eye.focal_px for end in ends]
    disc = eye.focal_px * np.hypot(flights.diameter_mm, eye.aperture_mm) * 1e-3 / flights.place_m[2]
    steps = np.clip(np.hypot(*(pixels[1] - pixels[0])) / np.maximum(0.8, 0.35 * disc), 1, 64)
    return np.asarray(steps, np.int64)


def followed(flights: Flights, eye: Eye) -> Streaks:
    """Follow each body through the exposure."""
    steps, diameter_mm = steps_of(flights, eye), flights.diameter_mm
    which = np.repeat(np.arange(steps.size), steps)
    part = (np.arange(which.size) - np.repeat(np.cumsum(steps) - steps, steps) + 0.5) / steps[which] - 0.5
    x, y, z = flights.place_m[:, which] + flights.velocity_mps[:, which] * (eye.shutter_s * part)
    seen = z > DEPTHS_M[0]
    z = np.maximum(z, DEPTHS_M[0])
    turned = flights.phase_rad[which] + 2 * np.pi * (flights.wobble_hz[which] * eye.shutter_s) * part
    wobble = 1 + flights.depth[which] * np.cos(turned)
    scale = eye.focal_px / z
    return Streaks(
        x * scale + eye.shape[1] / 2,
        y * scale + eye.shape[0] / 2,
        z,
        np.pi / 4 * (diameter_mm[which] * 1e-3 * scale) ** 2 / steps[which] * wobble * seen,
        np.hypot(diameter_mm[which], eye.aperture_mm) * 1e-3 * scale,
    )


def hidden(points: Streaks, depth_m: Image) -> Streaks:
    """Leave out what is off the picture or behind what stands there."""
    rows, columns = depth_m.shape
    inside = (points.x >= 0) & (points.y >= 0) & (points.x < columns) & (points.y < rows) & (points.weight > 0)
    index = np.flatnonzero(inside)
    before = points.z[index] < depth_m[points.y[index].astype(np.intp), points.x[index].astype(np.intp)]
    index = index[before]
    return Streaks(points.x[index], points.y[index], points.z[index], points.weight[index], points.disc_px[index])


def splat(points: Streaks, weight: Floats, shape: tuple[int, int]) -> Image:
    """Add up weights as discs of a few sizes, HxW; the sum is kept but for what leaves the picture."""
    total = np.zeros(shape, np.float32)
    sizes = np.searchsorted(np.sqrt(DISCS_PX[1:] * DISCS_PX[:-1]), points.disc_px)
    for size in range(DISCS_PX.size):
        of_size = np.flatnonzero(sizes == size)
        if of_size.size:
            dots = _dots(points.x[of_size], points.y[of_size], weight[of_size], shape)
            total += cv2.filter2D(dots, -1, spot(DISCS_PX[size]), borderType=cv2.BORDER_CONSTANT) if size else dots
    return total


def _dots(x: Floats, y: Floats, weight: Floats, shape: tuple[int, int]) -> Image:
    """Share each weight among the four pixels around its place."""
    rows, columns = shape[0] + 2, shape[1] + 2  # a rim takes what falls half outside
    left, top = np.floor(x + 0.5), np.floor(y + 0.5)
    right_share, low_share = x + 0.5 - left, y + 0.5 - top
    corner = (top * columns + left).astype(np.int64)
    total = np.zeros(rows * columns)
    for step, share in (
        (0, (1 - right_share) * (1 - low_share)),
        (1, right_share * (1 - low_share)),
        (columns, (1 - right_share) * low_share),
        (columns + 1, right_share * low_share),
    ):
        total += np.bincount(corner + step, weight * share, rows * columns)
    return total.reshape(rows, columns)[1:-1, 1:-1].astype(np.float32)


def spot(diameter_px: float) -> Image:
    """Return a soft-edged disc of sum 1."""
    half = int(np.ceil(diameter_px / 2 + 0.5))
    y, x = np.mgrid[-half : half + 1, -half : half + 1]
    soft = np.clip((diameter_px / 2 + 0.25 - np.hypot(x, y)) / (0.5 + 0.15 * diameter_px) + 0.5, 0, 1)
    return np.asarray(soft / soft.sum(), np.float32)
