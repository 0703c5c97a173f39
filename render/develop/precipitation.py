"""Rain, snow and hail between street and windscreen: near ones are drawn, far ones are a veil.

A falling drop shows the wide field that it refracts, a flake the mean of what shines on it, both for the share of the
exposure in which they cover a pixel. So rain is all but unseen at 1/30 s, and shows near lamps and in headlights.
Source: Garg and Nayar, IJCV 75 (2007), 3, "Vision and rain"; Atlas, Journal of Meteorology 10 (1953), 486, for the
extinction by rain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from render.develop.colour import luminance
from render.develop.hydrometeors import Population, Precipitation, population
from render.develop.streaks import DEPTHS_M, Eye, Flights, drawn, flights, followed, hidden, splat

Image = NDArray[np.float32]
Floats = NDArray[np.float64]

_VEIL_M = 1_500.0  # a shaft of rain has an end: what the sky lies behind
_STREET_M = 40.0  # how far the lamps that a picture shows light the air between them and the camera
_FAR_M = 120.0  # what lies beyond tells the light of the air far off
LAMPS_AHEAD_M, LAMPS_BELOW_M, LAMPS_ASIDE_M = 1.4, 0.6, 0.7  # from the camera behind the mirror to the headlights
CUT_OFF_RAD = 0.01  # a low beam ends one per cent below the horizon (UN Regulation 112)
ABOVE_CUT_OFF = 0.03  # of the hot spot's candela
_BACKSCATTER = {"rain": 0.05, "snow": 0.55, "hail": 0.4}  # of light from behind the viewer; rain lets it by
_EXTINCTION = 2.0  # bodies far larger than a wavelength take out twice their area (van de Hulst 1957)


@dataclass(frozen=True)
class Veil:
    """What is not drawn singly: extinction in each depth shell, 1/m, and the light that it shows near and far off."""

    extinction_per_m: Floats
    field: Image
    far_rgb: Image
    patchy: float

    @property
    def thickness(self) -> Floats:
        """Optical thickness up to each bound of the shells."""
        return np.concatenate([[0.0], np.cumsum(self.extinction_per_m * np.diff(DEPTHS_M))])


def headlight(x: Floats, y: Floats, z: Floats, eye: Eye) -> Floats:
    """Return the illuminance that headlights of 1 cd throw on bodies seen at pixel (x, y) in depth z, lux."""
    ahead = np.maximum(z - LAMPS_AHEAD_M, 1.0)  # lamps are no points: nothing is lit as from nought
    aside = np.maximum(np.abs(x - eye.shape[1] / 2) / eye.focal_px * z - LAMPS_ASIDE_M, 0) / ahead
    below = ((y - eye.shape[0] / 2) / eye.focal_px * z - LAMPS_BELOW_M) / ahead
    low = ABOVE_CUT_OFF + (1 - ABOVE_CUT_OFF) / (1 + np.exp(np.clip((CUT_OFF_RAD - below) / 0.006, -40, 40)))
    fade = np.exp(-((aside / 0.4) ** 2) - (np.maximum(below, 0) / 0.18) ** 2)
    return np.asarray(low * fade / ahead**2 * (z > LAMPS_AHEAD_M), np.float64)


def cover(falling: Flights, eye: Eye, depth_m: Image, *, lit: bool) -> tuple[Image, Image]:
    """Return how thickly single bodies cover each pixel, and that times the lux that headlights of 1 cd throw on them.

    Args:
        falling: the bodies.
        eye: the camera.
        depth_m: HxW, what may stand before them.
        lit: whether headlights are on; else the second is 0.
    """
    points = hidden(followed(falling, eye), depth_m)
    covered = splat(points, points.weight, eye.shape)
    if not lit:
        return covered, np.zeros_like(covered)
    return covered, splat(points, points.weight * headlight(points.x, points.y, points.z, eye), eye.shape)


Drawing = Callable[..., tuple[Image, Image]]


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
    draw: Drawing = cover,
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
        draw: `cover`, or its twin for a GPU.
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
    field = surroundings(rgb_linear, refracting=precipitation.kind == "rain")
    beam = np.asarray(ego_rgb_cd, np.float32) * np.float32(_BACKSCATTER[precipitation.kind] / np.pi)
    veil = Veil(_outside(bodies, single), field, _far_rgb(rgb_linear, depth_m), precipitation.patchy)
    image = _veiled(rgb_linear, depth_m, veil, rng) + _glow(depth_m, veil, eye) * beam
    falling = flights(bodies, single, eye, precipitation, rng)
    covered, lit = (part[..., None] for part in draw(falling, eye, depth_m, lit=bool(beam.any())))
    opaque = 1 - np.exp(-covered)
    share = opaque / np.maximum(covered, np.float32(1e-9))
    return np.asarray(image * (1 - opaque) + opaque * field + lit * share * beam, np.float32)


def surroundings(rgb_linear: Image, *, refracting: bool) -> Image:
    """Return the light that bodies in front of each pixel show, HxWx3 cd/m².

    Both show light from parts of the sky outside the picture; its upper half stands for that. A drop bends
    most of its light by less than 40 degrees; a flake or stone is white all around.
    """
    rows, columns = rgb_linear.shape[:2]
    small = cv2.resize(rgb_linear, (max(columns // 8, 4), max(rows // 8, 4)), interpolation=cv2.INTER_AREA)
    width = small.shape[1]
    near, wide = (
        cv2.GaussianBlur(small, (0, 0), width * share, borderType=cv2.BORDER_REFLECT) for share in (0.06, 0.25)
    )
    above = small[: max(small.shape[0] // 2, 1)].mean(axis=(0, 1))
    shares = (0.35, 0.35, 0.24) if refracting else (0.1, 0.25, 0.5)  # passed or thrown back: 0.94 and 0.85 in all
    mixed = np.float32(shares[0]) * near + np.float32(shares[1]) * wide + np.float32(shares[2]) * above
    return np.asarray(cv2.resize(mixed, (columns, rows), interpolation=cv2.INTER_LINEAR), np.float32)


def _outside(bodies: Population, single: Floats) -> Floats:
    """Return the extinction per metre of what is not drawn singly, one value a depth shell."""
    area_m2 = bodies.count_m3 * np.pi / 4 * (bodies.diameter_mm * 1e-3) ** 2
    return np.asarray(_EXTINCTION * (area_m2[:, None] * (single == 0)).sum(axis=0), np.float64)


def _far_rgb(rgb_linear: Image, depth_m: Image) -> Image:
    """Return the light of the air far off: what most of the far picture shows, be it sky or a dark street's end."""
    far = rgb_linear[depth_m > _FAR_M]
    if far.shape[0] < rgb_linear.shape[0]:  # a closed view: the air there is as bright as what it hides
        far = rgb_linear.reshape(-1, 3)
    light = luminance(far)
    return np.asarray(far[light <= np.quantile(light, 0.8)].mean(axis=0), np.float32)


def _veiled(rgb_linear: Image, depth_m: Image, veil: Veil, rng: np.random.Generator) -> Image:
    """Fade the picture into all that falls too far off, or too small, to be seen singly."""
    rows, columns = depth_m.shape
    thick = veil.thickness
    reach = np.append(DEPTHS_M, _VEIL_M)
    thick = np.append(thick, thick[-1] + veil.extinction_per_m[-1] * (_VEIL_M - DEPTHS_M[-1]))
    clouds = cv2.resize(rng.standard_normal((6, 9)).astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC)
    patches = np.exp(clouds * np.float32(veil.patchy))
    optical = np.interp(depth_m.ravel(), reach, thick).astype(np.float32).reshape(rows, columns) * patches
    street = np.minimum(optical, np.float32(np.interp(_STREET_M, reach, thick)) * patches)
    kept, near = np.exp(-optical)[..., None], np.exp(-street)[..., None]
    return np.asarray(rgb_linear * kept + veil.field * (1 - near) + veil.far_rgb * (near - kept), np.float32)


def _glow(depth_m: Image, veil: Veil, eye: Eye) -> Image:
    """Return what the veil throws back of headlights of 1 cd, HxWx1, on a grid an eighth as fine."""
    rows, columns = depth_m.shape
    grid = (max(columns // 8, 2), max(rows // 8, 2))
    small = cv2.resize(np.minimum(depth_m, 200.0), grid, interpolation=cv2.INTER_AREA)
    y, x = np.indices(small.shape) + 0.5
    z = np.sqrt(DEPTHS_M[1:] * DEPTHS_M[:-1])[:, None, None]
    light = headlight(x[None] * (columns / grid[0]), y[None] * (rows / grid[1]), z, eye) * (z < small)
    shells = veil.extinction_per_m * np.diff(DEPTHS_M) * np.exp(-2 * veil.thickness[:-1]) / _EXTINCTION
    glow = (light * shells[:, None, None]).sum(axis=0).astype(np.float32)
    smooth = cv2.GaussianBlur(glow, (0, 0), 1.5, borderType=cv2.BORDER_REPLICATE)  # no shell shows its edge
    return np.asarray(cv2.resize(smooth, (columns, rows), interpolation=cv2.INTER_LINEAR), np.float32)[..., None]
