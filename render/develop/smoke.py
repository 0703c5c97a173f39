"""Smoke and dust as plumes: a soft ellipsoid with noise, hidden by what stands before it, lit by sky and sun.

Source: emission-absorption integral over depth (Max, "Optical models for direct volume rendering", IEEE TVCG 1 (1995),
99) with single scattering (Henyey and Greenstein 1941); noise is value noise of several octaves (Perlin 1985).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict
from scipy.ndimage import map_coordinates, zoom

from render.develop.atmosphere import phase
from scenes.errors import InputError

_CELLS = 48  # side of the noise block, which tiles
_OCTAVES = (4, 8, 16, 24)  # cells of noise per side
_BILLOWS = 0.45  # blocks of noise across a plume's radius
_WARP = 0.5  # how far noise pushes the outline, in radii
_STEPS = 10
_LONGEST_PX = 160  # a plume is computed at most so wide, and enlarged: smoke has no finer detail

Image = NDArray[np.float32]
Triple = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Plume:
    """One cloud of smoke or dust.

    Args:
        center_m: right, down and ahead of the camera; ahead > 0.
        radii_m: half-axes along right, down and ahead, > 0.
        extinction_per_m: in its midst, >= 0: 0.3 dust or thin smoke, 1 exhaust, 3 burning tyres; 0 is off.
        albedo_rgb: share of light that its particles scatter on, in [0, 1]: 0.9 steam, 0.6 dust, 0.15 soot.
        asymmetry: mean cosine of scattering, in [0, 1).
        lean: how far its top stands right of its foot, in radii.
        widens: how much wider it is at its top than at its middle, and narrower at its foot, in [0, 1); what rises
            thins out as it widens.
        seed: draws its shape.
    """

    center_m: Triple
    radii_m: Triple
    extinction_per_m: float = 0.0
    albedo_rgb: Triple = (0.5, 0.5, 0.5)
    asymmetry: float = 0.6
    lean: float = 0.0
    widens: float = 0.0
    seed: int = 0
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if not self.center_m[2] > 0:
            raise InputError("plume.center_m", "must lie ahead of the camera", got=self.center_m)
        if not min(self.radii_m) > 0:
            raise InputError("plume.radii_m", "must be > 0", got=self.radii_m)
        if not 0 <= self.extinction_per_m < math.inf:
            raise InputError("plume.extinction_per_m", "must be >= 0 and finite", got=self.extinction_per_m)
        if not all(0 <= share <= 1 for share in self.albedo_rgb):
            raise InputError("plume.albedo_rgb", "must lie in [0, 1]", got=self.albedo_rgb)
        if not 0 <= self.asymmetry < 1:
            raise InputError("plume.asymmetry", "must lie in [0, 1)", got=self.asymmetry)
        if not 0 <= self.widens < 1:
            raise InputError("plume.widens", "must lie in [0, 1)", got=self.widens)


def through_smoke(
    rgb_linear: Image,
    depth_m: Image,
    plume: Plume,
    *,
    ambient_rgb: Image,
    sun_rgb_lux: Image,
    cos_sun: Image,
    focal_px: float,
    center_px: tuple[float, float] | None = None,
) -> Image:
    """Return the picture behind and before a plume, HxWx3 cd/m²; of several plumes, the farthest comes first.

    Args:
        rgb_linear: HxWx3, cd/m².
        depth_m: HxW along the optical axis, 1e10 in the sky.
        plume: what hangs there.
        ambient_rgb: mean radiance that comes from all round, cd/m².
        sun_rgb_lux: illuminance of the sun at normal incidence.
        cos_sun: HxW cosine between pixel and sun.
        focal_px: focal length.
        center_px: principal point; the picture's middle if None.
    """
    rows, columns = depth_m.shape
    middle = (columns / 2, rows / 2) if center_px is None else center_px
    left, top, right, bottom = box = _box_px(plume, focal_px, middle, (rows, columns))
    if plume.extinction_per_m <= 0 or right - left < 2 or bottom - top < 2:
        return rgb_linear
    part = np.s_[top:bottom, left:right]
    kept, sky, sun = _marched(plume, depth_m[part], box, focal_px, middle)
    glow = phase(cos_sun[part], plume.asymmetry)[..., None] * np.asarray(sun_rgb_lux, np.float32)
    light = sky[..., None] * np.asarray(ambient_rgb, np.float32) + sun[..., None] * glow
    image = rgb_linear.copy()
    image[part] = rgb_linear[part] * kept[..., None] + light * np.asarray(plume.albedo_rgb, np.float32)
    return image


def noise_block(seed: int) -> Image:
    """Return value noise in a block that tiles, CxCxC in [0, 1]: each octave has half the strength of the last."""
    rng = np.random.default_rng(seed)
    total, strength = np.zeros((_CELLS,) * 3, np.float32), 1.0
    for cells in _OCTAVES:
        lattice = rng.random((cells,) * 3).astype(np.float32)
        total += np.float32(strength) * zoom(lattice, _CELLS / cells, order=1, mode="grid-wrap", grid_mode=True)
        strength /= 2
    return np.asarray((total - total.min()) / (total.max() - total.min()), np.float32)


def _box_px(
    plume: Plume, focal_px: float, middle: tuple[float, float], shape: tuple[int, int]
) -> tuple[int, int, int, int]:
    x, y, z = plume.center_m
    reach = 1 + _WARP
    near = max(z - reach * plume.radii_m[2], 0.3)
    wide = focal_px * reach * (plume.radii_m[0] * (1 + abs(plume.lean) + reach * plume.widens)) / near
    high = focal_px * reach * plume.radii_m[1] / near
    u, v = middle[0] + focal_px * x / z, middle[1] + focal_px * y / z
    columns = (int(np.clip(edge, 0, shape[1])) for edge in (u - wide, u + wide))
    rows = (int(np.clip(edge, 0, shape[0])) for edge in (v - high, v + high))
    (left, right), (top, bottom) = columns, rows
    return left, top, right, bottom


def _marched(
    plume: Plume, depth_m: Image, box: tuple[int, int, int, int], focal_px: float, middle: tuple[float, float]
) -> tuple[Image, Image, Image]:
    """Follow the rays of a box through the plume: what they keep, and what they gather per sky and per sun."""
    left, top, right, bottom = box
    shrink = max(1.0, max(right - left, bottom - top) / _LONGEST_PX)
    size = (max(round((right - left) / shrink), 2), max(round((bottom - top) / shrink), 2))
    u = (left + (np.arange(size[0]) + 0.5) * (right - left) / size[0] - middle[0]) / focal_px
    v = (top + (np.arange(size[1]) + 0.5) * (bottom - top) / size[1] - middle[1]) / focal_px
    slant = np.sqrt(1 + u[None, :] ** 2 + v[:, None] ** 2).astype(np.float32)
    block = noise_block(plume.seed)
    reach = plume.radii_m[2] * (1 + _WARP)
    edges = np.linspace(max(plume.center_m[2] - reach, 0.3), plume.center_m[2] + reach, _STEPS + 1)
    kept = np.ones(depth_m.shape, np.float32)
    sky, sun = np.zeros_like(kept), np.zeros_like(kept)
    for near, far in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        density, lit = _slice(plume, block, u, v, (near + far) / 2)
        full = (right - left, bottom - top)
        tau = cv2.resize(density * slant * np.float32(far - near), full, interpolation=cv2.INTER_LINEAR)
        tau *= np.clip((depth_m - np.float32(near)) * np.float32(1 / (far - near)), 0, 1)
        stopped = kept * (1 - np.exp(-tau))
        shadow = cv2.resize(lit, full, interpolation=cv2.INTER_LINEAR)
        sky += stopped * (np.float32(0.35) + np.float32(0.65) * shadow)
        sun += stopped * shadow
        kept -= stopped
    return kept, sky, sun


def _slice(plume: Plume, block: Image, u: NDArray[np.float64], v: NDArray[np.float64], z: float) -> tuple[Image, Image]:
    """Return density per metre and how much light reaches it from above, at one depth."""
    (x0, y0, z0), (a, b, c) = plume.center_m, plume.radii_m
    y, x = np.broadcast_arrays(((v * z - y0) / b)[:, None], ((u * z - x0) / a)[None, :])
    x = x + plume.lean * y  # down is positive, so the top leans right
    place = np.stack([y * b, x * a, np.full_like(x, z - z0)]) * (_CELLS * _BILLOWS / min(a, b, c))
    noise = map_coordinates(block, place, order=1, mode="grid-wrap", output=np.float32)
    wider = np.maximum(1 - plume.widens * y, 0.15)
    radius = np.sqrt((x * x + ((z - z0) / c) ** 2) / wider**2 + y * y)
    solid = np.clip((1 + _WARP * (2 * noise - 1) - radius) / 0.5, 0, 1)
    density = plume.extinction_per_m * solid * (0.3 + 1.4 * noise) / np.maximum(wider, 0.5) ** 2
    above = b * np.clip(np.sqrt(np.maximum(1 - (radius**2 - y * y), 0)) + y, 0, None)
    lit = np.exp(-0.4 * plume.extinction_per_m * above * (0.4 + 1.2 * noise))
    return np.asarray(density, np.float32), np.asarray(lit, np.float32)
