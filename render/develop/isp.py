"""The camera's own processing: white balance, demosaic, tone, colour and sharpening."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from render.develop.colour import luminance
from render.develop.noise_reduction import clean_luma, smear_colour
from render.develop.sensor import BAYER, SITES, ChipSettings
from scenes.errors import InputError

Image = NDArray[np.float32]
_STRICT = ConfigDict(extra="forbid")
_LUT_STEPS = 4096
PEDESTAL = 0.05  # keeps the lower half of the noise in unsigned integers
ROOT_NOISE = (
    1.4  # a square root at 5 % of full scale, after white balance and interpolation, makes noise so much larger
)
_TO_RGB = {
    "RGGB": cv2.COLOR_BayerRGGB2RGB_EA,
    "BGGR": cv2.COLOR_BayerBGGR2RGB_EA,
    "GRBG": cv2.COLOR_BayerGRBG2RGB_EA,
    "GBRG": cv2.COLOR_BayerGBRG2RGB_EA,
}


@dataclass(frozen=True, kw_only=True)
class IspSettings:
    """Tuning of a camera's processor.

    Args:
        wb_strength: share of the illuminant's cast that white balance removes, in [0, 1].
        wb_error: standard deviation of its gains.
        wb_range: smallest and largest correction of red or blue against daylight.
        shadow_lift: strength of the local tone mapping that opens shadows, in [0, 1].
        contrast: of the S-curve; black_lift: display value of black.
        saturation: of the colour matrix by day; night_saturation: at full gain.
        shadow_cast: what black stands off by in red, green and blue at full gain, share of full scale (dark signal
            that the black level misses: why cheap night pictures are green or purple).
        luma_denoise, chroma_denoise: strength against the noise that the gain predicts.
        sharpen: amount of the unsharp mask; sharpen_px: its radius; halo: largest step it makes, display values.
    """

    wb_strength: float = 0.75
    wb_error: float = 0.03
    wb_range: tuple[float, float] = (0.5, 1.9)
    shadow_lift: float = 0.3
    contrast: float = 0.35
    black_lift: float = 0.025
    saturation: float = 1.15
    night_saturation: float = 0.85
    shadow_cast: tuple[float, float, float] = (0.0, 0.0, 0.0)
    luma_denoise: float = 1.0
    chroma_denoise: float = 2.0
    sharpen: float = 0.6
    sharpen_px: float = 1.1
    halo: float = 0.12
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not 0 <= self.wb_strength <= 1:
            raise InputError("sensor.isp.wb_strength", "must lie in [0, 1]", got=self.wb_strength)
        if not 0 < self.wb_range[0] <= 1 <= self.wb_range[1]:
            raise InputError("sensor.isp.wb_range", "must be [lo, hi] around 1", got=self.wb_range)
        for name, low, high in _BOUNDS:
            if not low <= getattr(self, name) <= high:
                raise InputError(f"sensor.isp.{name}", f"must lie in [{low:g}, {high:g}]", got=getattr(self, name))
        if not max(abs(part) for part in self.shadow_cast) <= 0.1:
            raise InputError("sensor.isp.shadow_cast", "must lie in [-0.1, 0.1]", got=self.shadow_cast)

    def saturation_at(self, dark: float) -> float:
        """Return the saturation at a gain's share of its range."""
        return self.saturation + (self.night_saturation - self.saturation) * dark

    def sharpen_at(self, dark: float) -> float:
        """Return the amount of sharpening at a gain's share of its range: noise is not sharpened."""
        return self.sharpen * (1 - 0.5 * dark)


_BOUNDS = (
    ("wb_error", 0, 0.5), ("shadow_lift", 0, 2), ("contrast", 0, 1), ("black_lift", 0, 0.3), ("saturation", 0, 3),
    ("night_saturation", 0, 3), ("luma_denoise", 0, 10), ("chroma_denoise", 0, 10), ("sharpen", 0, 5),
    ("sharpen_px", 0.3, 10), ("halo", 0, 1),
)  # fmt: skip


def sites(raw: Image, bayer: str) -> list[tuple[int, Image]]:
    """Return (channel, quarter-size view) of each site of a Bayer pattern."""
    views = (raw[row::2, column::2] for row, column in SITES)
    return list(zip(BAYER[bayer], views, strict=True))


def balance_gains(
    raw: Image, raw_response: tuple[float, float, float], isp: IspSettings, error: Image, bayer: str = "RGGB"
) -> Image:
    """Return white balance gains for red, green, blue, smallest 1.

    The illuminant is told from the grey world of pixels that are neither black nor clipped, and only partly removed.

    Args:
        raw: HxW Bayer mosaic, [0, 1].
        raw_response: the sensor's answer to white.
        isp: strength and limits.
        error: two normal deviates.
        bayer: pattern of the mosaic.

    Source: Buchsbaum, Journal of the Franklin Institute 310 (1980), 1 (grey world).
    """
    planes = sites(raw, bayer)
    red, blue = (next(view for channel, view in planes if channel == wanted) for wanted in (0, 2))
    green = np.mean([view for channel, view in planes if channel == 1], axis=0)
    good = (np.maximum(np.maximum(red, green), blue) < 0.9) & (green > 0.004)
    if good.sum() < 64:
        cast = np.ones(2)
    else:
        means = np.array([plane[good].mean() for plane in (red, green, blue)]) / np.asarray(raw_response)
        cast = np.maximum(means[[0, 2]], 1e-6) / max(means[1], 1e-6)
    fix = np.clip(cast**-isp.wb_strength, *isp.wb_range) * (1 + isp.wb_error * np.asarray(error, float))
    gains = np.array([fix[0] / raw_response[0], 1 / raw_response[1], fix[1] / raw_response[2]])
    return np.asarray(gains / gains.min(), np.float32)


def demosaic(raw: Image, gains: Image, bayer: str = "RGGB") -> Image:
    """Interpolate a mosaic to HxWx3 in [0, 1], edge-aware.

    Gains come first and everything is clipped at the same level, so a blown highlight is white before its
    neighbours are interpolated: no coloured fringe and no zipper around lamps.

    Args:
        raw: HxW float32, [0, 1].
        gains: white balance, smallest 1.
        bayer: pattern of the mosaic.
    """
    balanced = raw.copy()
    for channel, view in sites(balanced, bayer):
        np.multiply(view, gains[channel], out=view)
    coded = np.clip((balanced + PEDESTAL) / (1 + PEDESTAL), 0, 1) * 65535
    full = cv2.demosaicing(np.round(coded).astype(np.uint16), _TO_RGB[bayer])
    return np.asarray(full.astype(np.float32) * np.float32((1 + PEDESTAL) / 65535) - np.float32(PEDESTAL), np.float32)


def calm_fringes(rgb: Image) -> Image:
    """Take the colour out of the two pixels around a blown highlight, where interpolation invents it."""
    blown = (rgb.min(axis=2) >= 0.97).astype(np.uint8)
    if not blown.any():
        return rgb
    ring = cv2.dilate(blown, np.ones((5, 5), np.uint8)).astype(np.float32)[..., None]
    return np.asarray(rgb + (0.85 * ring) * (luminance(rgb)[..., None] - rgb), np.float32)


def cast_shadows(rgb: Image, isp: IspSettings, dark: float) -> Image:
    """Add the black level's error; dark is the gain's share of its range, in [0, 1]."""
    if not any(isp.shadow_cast) or dark <= 0:
        return rgb
    return np.asarray(rgb + np.asarray(isp.shadow_cast, np.float32) * np.float32(dark), np.float32)


def noise_share(chip: ChipSettings, gain: float, level: float = 0.05) -> float:
    """Return the standard deviation of raw values at a level, both as shares of full scale at that gain."""
    return float(math.sqrt(level * gain / chip.well_e + (gain * chip.noise_e(gain) / chip.well_e) ** 2))


def reduce_noise(rgb: Image, noise: float, isp: IspSettings) -> Image:
    """Smooth luma where it is flat, and colour more widely.

    Args:
        rgb: HxWx3, [0, 1] linear.
        noise: standard deviation of a mid-dark pixel, share of full scale.
        isp: strengths.
    """
    root = np.sqrt(np.maximum(rgb, 0))  # shot noise is even over the range of a square root
    coded = np.asarray(cv2.cvtColor(root, cv2.COLOR_RGB2YCrCb), np.float32)
    luma = clean_luma(np.ascontiguousarray(coded[..., 0]), noise * ROOT_NOISE, isp.luma_denoise)
    width_px = smear_px(isp, noise)
    red, blue = (smear_colour(np.ascontiguousarray(coded[..., plane]), width_px) for plane in (1, 2))
    root = np.asarray(cv2.cvtColor(cv2.merge([luma, red, blue]), cv2.COLOR_YCrCb2RGB), np.float32)
    return np.asarray(np.square(np.clip(root, 0, 1)), np.float32)


def smear_px(isp: IspSettings, noise: float) -> float:
    """Return how widely colour is smeared: more where there is more noise."""
    return min(isp.chroma_denoise * (0.4 + 25.0 * noise), 9.0) if isp.chroma_denoise > 0 else 0.0


def lift_shadows(rgb: Image, strength: float) -> Image:
    """Open shadows against their surroundings, as the camera's wide-dynamic-range mode does.

    Gain rises where a wide blur of luminance is dark; detail keeps its contrast.
    """
    if strength <= 0:
        return rgb
    luma = luminance(rgb)
    small = cv2.resize(luma, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    wide = cv2.GaussianBlur(np.sqrt(np.maximum(small, 0)), (0, 0), max(small.shape) / 14)
    wide = np.square(cv2.resize(wide, (luma.shape[1], luma.shape[0]), interpolation=cv2.INTER_LINEAR))
    gain = ((0.18 + 0.02) / (np.clip(wide, 0, 1) + 0.02)) ** np.float32(0.35 * strength)
    gain = np.clip(gain, 0.8, 2.2)
    weight = np.clip(1 - luma, 0, 1)  # highlights stay where they are
    return np.asarray(rgb * (1 + (gain - 1) * weight)[..., None], np.float32)


@lru_cache(maxsize=8)
def tone_table(contrast: float, black_lift: float) -> Image:
    """Return the display value, [0, 1], for `_LUT_STEPS` equal steps of the square root of linear light.

    A shoulder rolls highlights off, then the Rec. 709 curve, an S-curve, and the lifted black of a cheap camera.
    """
    linear = np.linspace(0, 1, _LUT_STEPS) ** 2
    rolled = linear * (1 + linear * (1 / 1.6**2)) / (1 + linear)
    rolled = rolled / rolled[-1]
    coded = np.where(rolled < 0.018, 4.5 * rolled, 1.099 * np.maximum(rolled, 1e-9) ** 0.45 - 0.099)
    curve = coded * coded * (3 - 2 * coded)
    shaped = (1 - contrast) * coded + contrast * curve
    return np.asarray(black_lift + (1 - black_lift) * shaped, np.float32)


def tone(rgb: Image, isp: IspSettings) -> Image:
    """Map linear [0, 1] to display [0, 1]."""
    table = tone_table(isp.contrast, isp.black_lift)
    return np.asarray(table[np.round(np.sqrt(np.clip(rgb, 0, 1)) * (_LUT_STEPS - 1)).astype(np.int32)], np.float32)


def saturate(display: Image, saturation: float) -> Image:
    """Push colours away from grey by a factor."""
    luma = luminance(display)[..., None]
    return np.asarray(luma + np.float32(saturation) * (display - luma), np.float32)


def sharpen(display: Image, amount: float, radius_px: float, halo: float = 0.12) -> Image:
    """Sharpen luma with an unsharp mask; halos are bounded, as cameras bound them."""
    if amount <= 0:
        return display
    luma = luminance(display)
    detail = np.clip(luma - cv2.GaussianBlur(luma, (0, 0), radius_px), -halo, halo)
    return np.asarray(display + np.float32(amount) * detail[..., None], np.float32)


def finish(display: Image) -> NDArray[np.uint8]:
    """Quantise to 8 bits."""
    return np.asarray(np.round(np.clip(display, 0, 1) * 255), np.uint8)


def picture(raw: Image, gains: Image, isp: IspSettings, *, bayer: str, noise: float, dark: float) -> NDArray[np.uint8]:
    """Make a mosaic, HxW in [0, 1], an 8-bit RGB picture.

    Args:
        raw: the mosaic.
        gains: white balance, smallest 1.
        isp: tuning.
        bayer: pattern of the mosaic.
        noise: standard deviation of a mid-dark pixel, share of full scale.
        dark: the gain's share of its range, in [0, 1].
    """
    rgb = calm_fringes(demosaic(raw, gains, bayer))
    rgb = reduce_noise(cast_shadows(rgb, isp, dark), noise, isp)
    display = tone(lift_shadows(rgb, isp.shadow_lift), isp)
    display = saturate(display, isp.saturation_at(dark))
    return finish(sharpen(display, isp.sharpen_at(dark), isp.sharpen_px, isp.halo))
