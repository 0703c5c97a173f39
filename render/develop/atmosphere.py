"""Air between street and lens: haze and fog fade what is far, glow towards the sun, and spread the light of lamps.

Source: Koschmieder (1924), L = L0·t + A·(1-t), t = exp(-3.912 d / V). Airlight of the sun after Henyey and Greenstein,
Astrophysical Journal 93 (1941), 70; what is scattered n times has asymmetry g^n. Halos after Narasimhan and Nayar,
"Shedding light on the weather", CVPR 2003, here as a sum of Gaussians. Diffuse transmittance 2 / (2 + (1-g) tau):
Bohren, American Journal of Physics 55 (1987), 524. Edges after He, Sun and Tang, "Guided image filtering", ECCV 2010.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from scenes.errors import InputError

CLEAR_AIR_M = 40_000.0  # visibility above which haze within a street cannot be seen
KOSCHMIEDER = 3.912  # -ln(0.02): a black target is lost at 2 % contrast
CAMERA_M = 1.3  # a camera behind the mirror, above the road
SKY_M = 1_500.0  # depth from which on all is sky
ALONE, TWIG = 0.5, 0.1  # what has so much sky around it is thin, and as dark against it
OPEN = 0.9  # a pixel of the sky's depth with so much of the sky's light is nothing but sky
HORIZON_M = 3_000.0  # the traced sky holds the haze of what lies farther
_ASYMMETRY = 0.8
_SLANT = 2.0  # path of sunlight through a layer per height: a sun 30 degrees up
HALO_RAD = (0.02, 0.06, 0.18)  # single scattering falls as 1/angle: each ring of thrice the width holds more energy
BRIGHTER = 4.0  # than the airlight: what has a halo of its own
_BACKSCATTER = 0.02  # per steradian, fog drops some degrees off the glory (1/18.8 in it: O'Connor et al. 2004)
_LAMPS_AHEAD_M, _LAMP_HEIGHT_M, _LAMP_ASIDE_M = 1.4, 0.66, 0.65
_CUT_OFF_RAD = 0.01  # a low beam ends one per cent below the horizon (UN Regulation 112)
_ABOVE_CUT_OFF = 0.03  # of the hot spot's candela
_BEAM_M = np.geomspace(1.5, 120.0, 17)

Image = NDArray[np.float32]
Rgb = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Air:
    """What hangs in the air.

    Args:
        visibility_m: meteorological visibility (Koschmieder), > 0.
        tint_rgb: share of the light that the particles scatter on, in (0, 1]: white in fog, brown in dust and smog.
        asymmetry: mean cosine of scattering, in [0, 1): 0.7 dust, 0.8 haze, 0.85 fog.
        layer_m: height of the top of the layer above the road, > camera: 4 dust, 10 to 50 ground fog, 300 haze.
    """

    visibility_m: float = CLEAR_AIR_M
    tint_rgb: Rgb = (1.0, 1.0, 1.0)
    asymmetry: float = _ASYMMETRY
    layer_m: float = 300.0
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if not self.visibility_m > 0:
            raise InputError("air.visibility_m", "must be > 0", got=self.visibility_m)
        if not all(0 < share <= 1 for share in self.tint_rgb):
            raise InputError("air.tint_rgb", "must be three shares in (0, 1]", got=self.tint_rgb)
        if not 0 <= self.asymmetry < 1:
            raise InputError("air.asymmetry", "must lie in [0, 1)", got=self.asymmetry)
        if not CAMERA_M < self.layer_m < math.inf:
            raise InputError("air.layer_m", f"must be finite and > {CAMERA_M}, the camera's height", got=self.layer_m)

    @property
    def extinction_per_m(self) -> float:
        """Extinction per metre."""
        return KOSCHMIEDER / self.visibility_m


def phase(cos_angle: Image, asymmetry: float = _ASYMMETRY) -> Image:
    """Return the Henyey-Greenstein phase function, per steradian; it integrates to 1 over the sphere."""
    g = asymmetry
    return np.asarray((1 - g * g) / (4 * np.pi) / (1 + g * g - 2 * g * cos_angle) ** 1.5, np.float32)


def through_air(
    rgb_linear: Image,
    depth_m: Image,
    air: Air,
    *,
    sky_rgb: Image,
    sun_rgb_lux: Image,
    cos_sun: Image,
    focal_px: float,
    ego_rgb_cd: Rgb = (0.0, 0.0, 0.0),
    high_rgb_cd: Rgb = (0.0, 0.0, 0.0),
    rays: Image | None = None,
) -> Image:
    """Return the picture as it is seen through fog or haze, HxWx3 cd/m².

    Args:
        rgb_linear: HxWx3, cd/m².
        depth_m: HxW along the optical axis, 1e10 in the sky.
        air: visibility, colour and height of the layer.
        sky_rgb: radiance that comes from all round, cd/m²: the sky's lux / pi, at night with `ambient_rgb`.
        sun_rgb_lux: illuminance of the sun at normal incidence.
        cos_sun: HxW cosine between pixel and sun.
        focal_px: focal length.
        ego_rgb_cd: peak intensity of both own dipped beams together.
        high_rgb_cd: peak intensity of both own main beams together.
        rays: HxWx3 from `level_rays`; of a level camera if None.
    """
    if air.visibility_m >= CLEAR_AIR_M and not np.any(sun_rgb_lux):
        return rgb_linear
    aim = level_rays(depth_m.shape, focal_px) if rays is None else rays
    path = path_m(depth_m, air, focal_px, aim)
    tau = np.float32(air.extinction_per_m) * path
    kept, veil = unmixed(guided(np.exp(-tau), rgb_linear), np.exp(-tau), rgb_linear, depth_m >= SKY_M)
    tint = np.asarray(air.tint_rgb, np.float32)
    airlight = tint * (np.asarray(sky_rgb, np.float32) + sun_glow(air, cos_sun)[..., None] * sun_rgb_lux)
    seen = rgb_linear * kept[..., None]
    seen += airlight * veil[..., None]
    excess = rgb_linear - np.float32(BRIGHTER) * airlight
    if (excess > 0).any():
        seen += _halos(np.maximum(excess, 0) * tint, tau, air.asymmetry, focal_px)
    for candela, high in ((ego_rgb_cd, False), (high_rgb_cd, True)):
        if any(candela):
            seen += beam_glow(path, aim, air, high=high)[..., None] * (tint * np.asarray(candela, np.float32))
    return np.asarray(seen, np.float32)


def ambient_rgb(rgb_linear: Image) -> Image:
    """Return what lamps and lit surfaces shine from all round, cd/m²: a picture's mean without the brightest 1 %.

    The view ahead stands for all directions; lamps themselves have halos.
    """
    small = rgb_linear[::4, ::4].reshape(-1, 3)
    value = small.mean(axis=1)
    return np.asarray(small[value <= np.quantile(value, 0.99)].mean(axis=0), np.float32)


def level_rays(
    shape: tuple[int, ...],
    focal_px: float,
    center_px: tuple[float, float] | None = None,
    up: Rgb = (0.0, -1.0, 0.0),
) -> Image:
    """Return the unit ray of each pixel, HxWx3: right, down along gravity, ahead.

    Args:
        shape: height and width in pixels.
        focal_px: focal length.
        center_px: principal point; the picture's middle if None.
        up: the world's up in camera axes (x right, y down, z ahead).
    """
    rows, columns = shape[:2]
    middle = (columns / 2, rows / 2) if center_px is None else center_px
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    u, v = (x + 0.5 - middle[0]) / focal_px, (y + 0.5 - middle[1]) / focal_px
    down = -np.asarray(up, float) / np.linalg.norm(up)
    ahead = np.array([0.0, 0.0, 1.0]) - down * down[2]
    ahead /= np.linalg.norm(ahead)
    length = np.sqrt(1 + u * u + v * v)
    axes = (np.cross(down, ahead), down, ahead)
    return np.stack([(u * a[0] + v * a[1] + a[2]) / length for a in axes], axis=-1).astype(np.float32)


def path_m(depth_m: Image, air: Air, focal_px: float, rays: Image) -> Image:
    """Return how far each ray runs through the layer, HxW; depth is made distance along the ray."""
    rows, columns = depth_m.shape
    y, x = np.ogrid[:rows, :columns]
    slant = np.sqrt(1 + ((x + 0.5 - columns / 2) / focal_px) ** 2 + ((y + 0.5 - rows / 2) / focal_px) ** 2)
    rise = np.maximum(-rays[..., 1], np.float32(1e-6))
    leaves = np.minimum((air.layer_m - CAMERA_M) / rise, HORIZON_M)
    return np.asarray(np.minimum(depth_m * slant, leaves), np.float32)


def guided(kept: Image, rgb_linear: Image) -> Image:
    """Let a transmittance follow the picture at edges, HxW: pixels of mixed depth take the share that they show."""
    window = np.ones((5, 5), np.uint8)
    low, high = cv2.erode(kept, window), cv2.dilate(kept, window)
    guide = np.log(rgb_linear.mean(axis=2, dtype=np.float32) + np.float32(1e-4))
    of_guide, of_kept, product, square = (cv2.blur(p, (5, 5)) for p in (guide, kept, guide * kept, guide * guide))
    slope = (product - of_guide * of_kept) / (square - of_guide**2 + np.float32(0.01))
    fitted = cv2.blur(slope, (5, 5)) * guide + cv2.blur(of_kept - slope * of_guide, (5, 5))
    mixed = np.clip((high - low - 0.04) / 0.08, 0, 1)  # fog itself changes slowly from pixel to pixel
    return np.asarray(kept + mixed * (np.clip(fitted, low, high) - kept), np.float32)


def unmixed(kept: Image, raw: Image, rgb_linear: Image, sky: NDArray[np.bool_]) -> tuple[Image, Image]:
    """Tell what pixels keep of their own light and how much of the airlight lies before them, HxW each.

    Of a pixel at the rim of a crown, part is leaf and part the bright sky behind it, whatever its depth says. How much,
    tell the darkest surface and the brightest sky near by. Leaves keep what their depth keeps, the rest what the sky
    keeps; so crowns stay soft in fog, without bright rims and without holes.

    Args:
        kept: HxW transmittance of all other pixels.
        raw: HxW transmittance by depth alone.
        rgb_linear: HxWx3, cd/m².
        sky: HxW, what is open sky by its depth.
    """
    window = np.ones((5, 5), np.uint8)
    rim = (cv2.dilate(sky.astype(np.uint8), window) > 0) & (cv2.dilate((~sky).astype(np.uint8), window) > 0)
    if not rim.any():
        return kept, 1 - kept
    light = rgb_linear.mean(axis=2, dtype=np.float32)
    bright = cv2.dilate(np.where(sky, light, np.float32(0)), window)
    dark = np.minimum(cv2.erode(np.where(sky, np.float32(3e38), light), window), light)
    alone = cv2.blur(sky.astype(np.float32), (5, 5)) > ALONE
    dark = np.where(alone, np.minimum(dark, np.float32(TWIG) * bright), dark)
    share = np.clip((light - dark) / np.maximum(bright - dark, np.float32(1e-6)), 0, 1)
    surface = np.where(sky, cv2.dilate(np.where(sky, np.float32(0), raw), window), raw)
    beyond = cv2.erode(raw, window)
    leaf, behind = (1 - share) * dark, share * bright
    of_light = (leaf * surface + behind * beyond) / np.maximum(leaf + behind, np.float32(1e-6))
    of_air = 1 - (1 - share) * surface - share * beyond
    mixed = rim & (bright > 2 * dark) & (~sky | (share < OPEN))
    plain = np.where(sky, np.minimum(raw, kept), kept)
    return np.where(mixed, of_light, plain), np.where(mixed, of_air, 1 - plain)


def sun_glow(air: Air, cos_sun: Image) -> Image:
    """Return the sun's airlight per lux, HxW."""
    asymmetry, through = sun_through(air)
    return phase(cos_sun, asymmetry) * np.float32(through)


def sun_through(air: Air) -> tuple[float, float]:
    """Return asymmetry and share of sunlight in the layer: a thick one scatters again, so the glow widens and dims."""
    tau = air.extinction_per_m * (air.layer_m - CAMERA_M) * _SLANT
    return air.asymmetry ** (1 + tau), 2 / (2 + (1 - air.asymmetry) * tau)


def _halos(bright: Image, tau: Image, asymmetry: float, focal_px: float) -> Image:
    """Return what fog scatters forward out of bright things: never more than they lose on their way."""
    rows, columns = tau.shape
    through = 2 / (2 + np.float32(1 - asymmetry) * tau) - np.exp(-tau)
    size = (max(columns // 4, 1), max(rows // 4, 1))
    light = cv2.resize(bright * through[..., None], size, interpolation=cv2.INTER_AREA)
    ratio = 1.5 + 0.5 * cv2.resize(np.minimum(tau, 5), size, interpolation=cv2.INTER_AREA)[..., None]
    total: Image = np.zeros_like(light)
    for ring, sigma_rad in enumerate(HALO_RAD):
        part = np.ascontiguousarray(light * (ratio**ring / (1 + ratio + ratio**2)), np.float32)
        total += cv2.GaussianBlur(part, (0, 0), sigma_rad * focal_px / 4, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(cv2.resize(total, (columns, rows), interpolation=cv2.INTER_LINEAR), np.float32)


def beam_glow(path: Image, rays: Image, air: Air, *, high: bool) -> Image:
    """Return what fog throws back of the own beams of 1 cd peak in all, HxW cd/m²: single scattering along each ray."""
    rows, columns = path.shape
    glow = np.zeros_like(path)
    for near, far, back in beam_shells(rays, air, high=high):
        share = np.clip((path - np.float32(near)) * np.float32(1 / (far - near)), 0, 1)
        glow += share * cv2.resize(back, (columns, rows))
    return glow


def beam_shells(rays: Image, air: Air, *, high: bool) -> Iterator[tuple[float, float, Image]]:
    """Yield where shells of air begin and end, and what they throw back of the own beams, on an eighth of the grid."""
    rows, columns = rays.shape[:2]
    coarse = cv2.resize(rays, (max(columns // 8, 1), max(rows // 8, 1)), interpolation=cv2.INTER_AREA)
    for near, far in itertools.pairwise(_BEAM_M.tolist()):
        along = math.sqrt(near * far)
        lux = sum(_beam_lux(coarse * np.float32(along), side, air, high=high) for side in (-1, 1))
        back = air.extinction_per_m * _BACKSCATTER * (far - near) * math.exp(-air.extinction_per_m * along)
        yield near, far, np.asarray(lux * np.float32(back), np.float32)


def _beam_lux(place: Image, side: int, air: Air, *, high: bool) -> Image:
    """Return the illuminance of one lamp, half of 1 cd at its peak, at places right, down and ahead of the camera."""
    right, down = place[..., 0] - side * _LAMP_ASIDE_M, place[..., 1] - (CAMERA_M - _LAMP_HEIGHT_M)
    ahead = place[..., 2] - _LAMPS_AHEAD_M
    before = np.maximum(ahead, 0.2)
    square = right**2 + down**2 + before**2
    aside, below = right / before, down / before
    if high:  # the second term is stray light of the reflector
        pattern = 0.92 * np.exp(-((aside / 0.2) ** 2) - (below / 0.08) ** 2)
        pattern += 0.08 * np.exp(-((aside / 0.45) ** 2) - (below / 0.25) ** 2)
    else:
        edge = 1 / (1 + np.exp(np.clip((_CUT_OFF_RAD - below) / 0.006, -40, 40)))
        fall_off = np.exp(-((aside / 0.35) ** 2) - (np.maximum(below, 0) / 0.18) ** 2)
        pattern = (_ABOVE_CUT_OFF + (1 - _ABOVE_CUT_OFF) * edge) * fall_off
    fade = np.exp(np.float32(-air.extinction_per_m) * np.sqrt(square))
    return np.asarray(0.5 * pattern * fade / square * (ahead > 0.2), np.float32)
