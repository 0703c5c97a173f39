"""The camera's own processing: white balance, demosaic, noise reduction, tone, colour and sharpening."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from render.develop.colour import luminance
from scenes.errors import InputError

Image = NDArray[np.float32]
_STRICT = ConfigDict(extra="forbid")
_LUT_STEPS = 4096


@dataclass(frozen=True, kw_only=True)
class IspSettings:
    """Tuning of a dashcam's processor.

    Args:
        wb_strength: share of the illuminant's cast that white balance removes, in [0, 1].
        wb_error: standard deviation of its gains.
        wb_range: smallest and largest correction of red or blue against daylight.
        shadow_lift: strength of the local tone mapping that opens shadows, in [0, 1].
        contrast: of the S-curve; black_lift: display value of black.
        saturation: of the colour matrix by day; night_saturation: at full gain.
        luma_denoise, chroma_denoise: strength against the noise that the gain predicts.
        sharpen: amount of the unsharp mask; sharpen_px: its radius.
    """

    wb_strength: float = 0.75
    wb_error: float = 0.03
    wb_range: tuple[float, float] = (0.5, 1.9)
    shadow_lift: float = 0.3
    contrast: float = 0.35
    black_lift: float = 0.025
    saturation: float = 1.15
    night_saturation: float = 0.85
    luma_denoise: float = 1.0
    chroma_denoise: float = 2.0
    sharpen: float = 0.6
    sharpen_px: float = 1.1
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not 0 <= self.wb_strength <= 1:
            raise InputError("sensor.isp.wb_strength", "must lie in [0, 1]", got=self.wb_strength)
        if not 0 < self.wb_range[0] <= 1 <= self.wb_range[1]:
            raise InputError("sensor.isp.wb_range", "must be [lo, hi] around 1", got=self.wb_range)


def balance_gains(raw: Image, raw_response: tuple[float, float, float], isp: IspSettings, error: Image) -> Image:
    """Return white balance gains for red, green, blue, smallest 1.

    The illuminant is told from the grey world of pixels that are neither black nor clipped, and only partly removed.

    Args:
        raw: HxW Bayer mosaic, [0, 1].
        raw_response: the sensor's answer to white.
        isp: strength and limits.
        error: two normal deviates.

    Source: Buchsbaum, Journal of the Franklin Institute 310 (1980), 1 (grey world).
    """
    red, green, blue = raw[0::2, 0::2], (raw[0::2, 1::2] + raw[1::2, 0::2]) / 2, raw[1::2, 1::2]
    good = (np.maximum(np.maximum(red, green), blue) < 0.9) & (green > 0.004)
    if good.sum() < 64:
        cast = np.ones(2)
    else:
        means = np.array([plane[good].mean() for plane in (red, green, blue)]) / np.asarray(raw_response)
        cast = np.maximum(means[[0, 2]], 1e-6) / max(means[1], 1e-6)
    fix = np.clip(cast**-isp.wb_strength, *isp.wb_range) * (1 + isp.wb_error * np.asarray(error, float))
    gains = np.array([fix[0] / raw_response[0], 1 / raw_response[1], fix[1] / raw_response[2]])
    return np.asarray(gains / gains.min(), np.float32)


def demosaic(raw: Image, gains: Image) -> Image:
    """Interpolate an RGGB mosaic to HxWx3 in [0, 1], edge-aware.

    Gains come first and everything is clipped at the same level, so a blown highlight is white before its
    neighbours are interpolated: no coloured fringe and no zipper around lamps.
    """
    balanced = raw.copy()
    balanced[0::2, 0::2] *= gains[0]
    balanced[0::2, 1::2] *= gains[1]
    balanced[1::2, 0::2] *= gains[1]
    balanced[1::2, 1::2] *= gains[2]
    pedestal = 0.05  # keeps the lower half of the noise in unsigned integers
    coded = np.clip((balanced + pedestal) / (1 + pedestal), 0, 1) * 65535
    full = cv2.demosaicing(np.round(coded).astype(np.uint16), cv2.COLOR_BayerRGGB2RGB_EA)
    return np.asarray(full.astype(np.float32) * np.float32((1 + pedestal) / 65535) - np.float32(pedestal), np.float32)


def calm_fringes(rgb: Image) -> Image:
    """Take the colour out of the two pixels around a blown highlight, where interpolation invents it."""
    blown = (rgb.min(axis=2) >= 0.97).astype(np.uint8)
    if not blown.any():
        return rgb
    ring = cv2.dilate(blown, np.ones((5, 5), np.uint8)).astype(np.float32)[..., None]
    return np.asarray(rgb + (0.85 * ring) * (luminance(rgb)[..., None] - rgb), np.float32)


def reduce_noise(rgb: Image, noise: float, isp: IspSettings) -> Image:
    """Smooth luma where it is flat, and colour more widely.

    Args:
        rgb: HxWx3, [0, 1] linear.
        noise: standard deviation of a mid-dark pixel, share of full scale.
        isp: strengths.
    """
    root = np.sqrt(np.maximum(rgb, 0))  # shot noise is even over the range of a square root
    luma, red, blue = cv2.split(cv2.cvtColor(root, cv2.COLOR_RGB2YCrCb))
    spread = isp.luma_denoise * 3.0 * noise
    if spread > 0.004:
        luma = cv2.bilateralFilter(luma, 5, min(spread, 0.3), 1.6)
    width = min(isp.chroma_denoise * (0.4 + 25.0 * noise), 4.0)
    if isp.chroma_denoise > 0:
        red, blue = (cv2.GaussianBlur(plane, (0, 0), width) for plane in (red, blue))
    root = cv2.cvtColor(cv2.merge([luma, red, blue]), cv2.COLOR_YCrCb2RGB)
    return np.square(np.clip(root, 0, 1))


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


def sharpen(display: Image, amount: float, radius_px: float) -> Image:
    """Sharpen luma with an unsharp mask; halos are bounded, as cameras bound them."""
    if amount <= 0:
        return display
    luma = luminance(display)
    detail = np.clip(luma - cv2.GaussianBlur(luma, (0, 0), radius_px), -0.12, 0.12)
    return np.asarray(display + np.float32(amount) * detail[..., None], np.float32)


def finish(display: Image) -> NDArray[np.uint8]:
    """Quantise to 8 bits."""
    return np.asarray(np.round(np.clip(display, 0, 1) * 255), np.uint8)
