"""Rain, snow and hail between street and windscreen: near ones are drawn, far ones are a veil.

A falling drop shows the wide field that it refracts, a flake the mean of what shines on it, both for the share of the
exposure in which they cover a pixel. So rain is all but unseen at 1/30 s, and shows near lamps and in headlights.
Source: Garg and Nayar, IJCV 75 (2007), 3, "Vision and rain", for the light and the exposure.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from render.develop.hydrometeors import Population, Precipitation, population

Image = NDArray[np.float32]
Floats = NDArray[np.float64]

_DRAWN = 14_000  # the most that are drawn singly; the rest is veil
_FAINTEST = 1e-4  # a share of a pixel's exposure below which nobody sees a single drop
_DEPTHS_M = np.geomspace(0.45, 90.0, 30)  # from just before the glass
_VEIL_M = 1_500.0  # a shaft of rain has an end: what the sky lies behind
_DISCS_PX = np.array([1.0, 2.0, 3.2, 5.0, 8.0, 13.0, 21.0])
_LAMPS_AHEAD_M, _LAMPS_BELOW_M = 1.4, 0.6  # from the camera behind the mirror to the headlights
_CUT_OFF_RAD = 0.01  # a low beam ends one per cent below the horizon (UN Regulation 112)
_ABOVE_CUT_OFF = 0.03  # of the hot spot's candela
_BACKSCATTER = {"rain": 0.05, "snow": 0.85, "hail": 0.5}  # of light that comes from behind the viewer; rain lets it by
_EXTINCTION = 2.0  # bodies far larger than a wavelength take out twice their area (van de Hulst 1957)


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


def fall(
    rgb_linear: Image,
    depth_m: Image,
    precipitation: Precipitation,
    *,
    focal_px: float,
    shutter_s: float,
    speed_mps: float,
    rng: np.random.Generator,
    ego_rgb_cd: tuple[float, float, float] = (0.0, 0.0, 0.0),
    aperture_mm: float = 2.0,
    heading_px: tuple[float, float] = (0.0, 0.0),
) -> Image:
    """Return the picture with what falls in front of it, HxWx3 cd/m².

    Args:
        rgb_linear: HxWx3, cd/m².
        depth_m: HxW, 1e10 in the sky.
        precipitation: kind, rate, wind.
        focal_px: focal length.
        shutter_s: exposure time.
        speed_mps: speed of the camera's car.
        rng: draws the drops.
        ego_rgb_cd: luminous intensity of the own headlights at their brightest.
        aperture_mm: entrance pupil of the lens.
        heading_px: vanishing point of the drive, right and down of the centre.
    """
    if precipitation.kind == "none" or precipitation.rate_mm_h <= 0:
        return rgb_linear
    rows, columns = depth_m.shape
    eye = Eye(
        shape=(rows, columns),
        focal_px=focal_px,
        shutter_s=shutter_s,
        speed_mps=speed_mps,
        aperture_mm=aperture_mm,
        heading_px=heading_px,
    )
    bodies = population(precipitation)
    single = drawn(bodies, eye)
    field = surroundings(rgb_linear, refracting=precipitation.kind != "snow")
    beam = np.asarray(ego_rgb_cd, np.float32) * np.float32(_BACKSCATTER[precipitation.kind] / np.pi)
    image = _veil(rgb_linear, depth_m, field, beam, _outside(bodies, single), eye, precipitation.patchy, rng)
    points = _hidden(streaks(bodies, single, eye, precipitation, rng), depth_m)
    covered, lit = _splat(points, points.weight, eye.shape), np.zeros((rows, columns), np.float32)
    if beam.any():
        lit = _splat(points, points.weight * headlight(points.x, points.y, points.z, eye), eye.shape)
    opaque = 1 - np.exp(-covered)[..., None]
    share = opaque / np.maximum(covered, np.float32(1e-9))[..., None]
    return np.asarray(image * (1 - opaque) + opaque * field + (lit[..., None] * share) * beam, np.float32)


def surroundings(rgb_linear: Image, *, refracting: bool) -> Image:
    """Return the light that bodies in front of each pixel show, HxWx3 cd/m².

    A drop bends light by up to 80 degrees and shows the field around and above it; a flake shows the mean.
    """
    rows, columns = rgb_linear.shape[:2]
    small = cv2.resize(rgb_linear, (max(columns // 8, 4), max(rows // 8, 4)), interpolation=cv2.INTER_AREA)
    width = small.shape[1]
    near, wide = (
        cv2.GaussianBlur(small, (0, 0), width * share, borderType=cv2.BORDER_REFLECT) for share in (0.06, 0.25)
    )
    if refracting:
        up = small.shape[0] // 6
        wide = np.concatenate([np.repeat(wide[:1], up, axis=0), wide[: wide.shape[0] - up]])
    mixed = np.float32(0.94 if refracting else 0.85) * (np.float32(0.4) * near + np.float32(0.6) * wide)
    return np.asarray(cv2.resize(mixed, (columns, rows), interpolation=cv2.INTER_LINEAR), np.float32)


def headlight(x: Floats, y: Floats, z: Floats, eye: Eye) -> Floats:
    """Return the illuminance that headlights of 1 cd throw on bodies seen at pixel (x, y) in depth z, lux."""
    ahead = np.maximum(z - _LAMPS_AHEAD_M, 0.3)
    aside = (x - eye.shape[1] / 2) / eye.focal_px * z / ahead
    below = ((y - eye.shape[0] / 2) / eye.focal_px * z - _LAMPS_BELOW_M) / ahead
    low = _ABOVE_CUT_OFF + (1 - _ABOVE_CUT_OFF) / (1 + np.exp(np.clip((_CUT_OFF_RAD - below) / 0.006, -40, 40)))
    fade = np.exp(-((aside / 0.35) ** 2) - (np.maximum(below, 0) / 0.18) ** 2)
    return np.asarray(low * fade / ahead**2 * (z > _LAMPS_AHEAD_M + 0.3), np.float64)


def drawn(bodies: Population, eye: Eye) -> Floats:
    """Return how many bodies of each size and depth shell to draw, sizes x shells: the most visible ones, 0 elsewhere.

    The frustum is half as wide and high again, as long streaks come in from outside.
    """
    rows, columns = eye.shape
    z = np.sqrt(_DEPTHS_M[1:] * _DEPTHS_M[:-1])
    volume_m3 = 2.25 * rows * columns / eye.focal_px**2 * np.diff(_DEPTHS_M**3) / 3
    count = bodies.count_m3[:, None] * volume_m3
    size = eye.focal_px * bodies.diameter_mm[:, None] * 1e-3 / z
    width = np.sqrt(size**2 + (eye.focal_px * eye.aperture_mm * 1e-3 / z) ** 2 + 1)
    apart = np.hypot(eye.focal_px * bodies.speed_mps[:, None], 0.3 * columns * abs(eye.speed_mps))
    covers = np.pi / 4 * size**2 / (width * (width + apart * eye.shutter_s / z))
    order = np.argsort(-covers, axis=None, kind="stable")
    fits = np.zeros(count.size, bool)
    fits[order] = np.cumsum(count.ravel()[order]) <= _DRAWN
    return np.asarray(np.where(fits.reshape(count.shape) & (covers > _FAINTEST), count, 0.0), np.float64)


def streaks(
    bodies: Population, single: Floats, eye: Eye, precipitation: Precipitation, rng: np.random.Generator
) -> Streaks:
    """Draw bodies in their shells and follow each through the exposure."""
    number = rng.poisson(single)
    size_index, shell = (np.repeat(index, number.ravel()) for index in np.indices(number.shape).reshape(2, -1))
    total = size_index.size
    rows, columns = eye.shape
    cubes = _DEPTHS_M**3
    z = np.cbrt(cubes[shell] + rng.random(total) * (cubes[shell + 1] - cubes[shell]))
    x, y = (rng.random(total) * 1.5 - 0.75) * columns, (rng.random(total) * 1.5 - 0.75) * rows
    gust = rng.standard_normal((3, total)) * precipitation.gust_mps
    right, ahead = precipitation.wind_mps
    wind = np.array([right, 0.0, ahead]) - eye.motion_mps
    velocity = gust * np.array([1.0, 0.4, 1.0])[:, None] + wind[:, None]
    velocity[1] += bodies.speed_mps[size_index]
    place = np.array([x * z / eye.focal_px, y * z / eye.focal_px, z])
    return _followed(place, velocity, bodies.diameter_mm[size_index], eye, bodies.wobble_hz[size_index], rng)


def _followed(
    place: Floats, velocity: Floats, diameter_mm: Floats, eye: Eye, wobble_hz: Floats, rng: np.random.Generator
) -> Streaks:
    ends = [place + velocity * (eye.shutter_s * part) for part in (-0.5, 0.5)]
    pixels = [end[:2] / np.maximum(end[2], _DEPTHS_M[0]) * eye.focal_px for end in ends]
    disc = eye.focal_px * np.hypot(diameter_mm, eye.aperture_mm) * 1e-3 / place[2]
    steps = np.clip(np.hypot(*(pixels[1] - pixels[0])) / np.maximum(0.8, 0.35 * disc), 1, 80).astype(np.int64)
    which = np.repeat(np.arange(steps.size), steps)
    part = (np.arange(which.size) - np.repeat(np.cumsum(steps) - steps, steps) + 0.5) / steps[which] - 0.5
    x, y, z = place[:, which] + velocity[:, which] * (eye.shutter_s * part)
    seen = z > _DEPTHS_M[0]
    z = np.maximum(z, _DEPTHS_M[0])
    phase = rng.random(steps.size) * 2 * np.pi
    depth = rng.random(steps.size) * 0.8 * (wobble_hz > 0)
    wobble = 1 + depth[which] * np.cos(phase[which] + 2 * np.pi * (wobble_hz[which] * eye.shutter_s) * part)
    scale = eye.focal_px / z
    return Streaks(
        x * scale + eye.shape[1] / 2,
        y * scale + eye.shape[0] / 2,
        z,
        np.pi / 4 * (diameter_mm[which] * 1e-3 * scale) ** 2 / steps[which] * wobble * seen,
        np.hypot(diameter_mm[which], eye.aperture_mm) * 1e-3 * scale,
    )


def _hidden(points: Streaks, depth_m: Image) -> Streaks:
    """Leave out what is off the picture or behind what stands there."""
    rows, columns = depth_m.shape
    inside = (points.x >= 0) & (points.y >= 0) & (points.x < columns) & (points.y < rows) & (points.weight > 0)
    index = np.flatnonzero(inside)
    before = points.z[index] < depth_m[points.y[index].astype(np.intp), points.x[index].astype(np.intp)]
    index = index[before]
    return Streaks(points.x[index], points.y[index], points.z[index], points.weight[index], points.disc_px[index])


def _splat(points: Streaks, weight: Floats, shape: tuple[int, int]) -> Image:
    """Add up weights as discs of a few sizes, HxW; the sum is kept but for what leaves the picture."""
    total = np.zeros(shape, np.float32)
    sizes = np.searchsorted(np.sqrt(_DISCS_PX[1:] * _DISCS_PX[:-1]), points.disc_px)
    for size in range(_DISCS_PX.size):
        of_size = np.flatnonzero(sizes == size)
        if of_size.size:
            dots = _dots(points.x[of_size], points.y[of_size], weight[of_size], shape)
            total += cv2.filter2D(dots, -1, _disc(_DISCS_PX[size]), borderType=cv2.BORDER_CONSTANT) if size else dots
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


def _disc(diameter_px: float) -> Image:
    """Return a soft-edged disc of sum 1."""
    half = int(np.ceil(diameter_px / 2 + 0.5))
    y, x = np.mgrid[-half : half + 1, -half : half + 1]
    soft = np.clip((diameter_px / 2 + 0.25 - np.hypot(x, y)) / (0.5 + 0.15 * diameter_px) + 0.5, 0, 1)
    return np.asarray(soft / soft.sum(), np.float32)


def _outside(bodies: Population, single: Floats) -> Floats:
    """Return the extinction per metre of what is not drawn singly, one value a depth shell."""
    area_m2 = bodies.count_m3 * np.pi / 4 * (bodies.diameter_mm * 1e-3) ** 2
    return np.asarray(_EXTINCTION * (area_m2[:, None] * (single == 0)).sum(axis=0), np.float64)


def _veil(
    rgb_linear: Image,
    depth_m: Image,
    field: Image,
    beam: Image,
    extinction_per_m: Floats,
    eye: Eye,
    patchy: float,
    rng: np.random.Generator,
) -> Image:
    """Fade the picture into all that falls too far off, or too small, to be seen singly."""
    rows, columns = depth_m.shape
    thick = np.concatenate([[0.0], np.cumsum(extinction_per_m * np.diff(_DEPTHS_M))])
    reach = np.append(_DEPTHS_M, _VEIL_M)
    thick = np.append(thick, thick[-1] + extinction_per_m[-1] * (_VEIL_M - _DEPTHS_M[-1]))
    clouds = cv2.resize(
        rng.standard_normal((6, 9)).astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC
    ) * np.float32(patchy)
    optical = np.interp(depth_m.ravel(), reach, thick).astype(np.float32).reshape(rows, columns) * np.exp(clouds)
    kept = np.exp(-optical)[..., None]
    image = rgb_linear * kept + field * (1 - kept)
    if beam.any():
        image = image + _glow(depth_m, extinction_per_m, thick, eye)[..., None] * beam
    return np.asarray(image, np.float32)


def _glow(depth_m: Image, extinction_per_m: Floats, thick: Floats, eye: Eye) -> Image:
    """Return what the veil throws back of headlights of 1 cd, HxW, on a grid an eighth as fine."""
    rows, columns = depth_m.shape
    small = cv2.resize(np.minimum(depth_m, 200.0), (columns // 8, rows // 8), interpolation=cv2.INTER_AREA)
    y, x = ((np.indices(small.shape) + 0.5) * 8).astype(np.float64)
    z = np.sqrt(_DEPTHS_M[1:] * _DEPTHS_M[:-1])[:, None, None]
    light = headlight(x[None], y[None], z, eye) * (z < small)
    shells = extinction_per_m * np.diff(_DEPTHS_M) * np.exp(-2 * thick[: extinction_per_m.size]) / _EXTINCTION
    glow = (light * shells[:, None, None]).sum(axis=0).astype(np.float32)
    return np.asarray(cv2.resize(glow, (columns, rows), interpolation=cv2.INTER_LINEAR), np.float32)
