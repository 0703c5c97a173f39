"""Exposure: metering, a key that lets a night stay a night, limits of shutter and gain, and what is set by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from render.develop.colour import luminance
from scenes.errors import InputError

Image = NDArray[np.float32]
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True)
class ExposureSettings:
    """How the camera meters.

    Args:
        shutter_min_s, shutter_max_s: limits of the shutter; the longest is one video frame.
        gain_max: largest amplification after the pixel.
        day_key, night_key: share of full scale that the metered mean is brought to, by day (above 50 cd/m²)
            and in the dark (below 0.05 cd/m²); between them the key follows the logarithm of the mean.
        shutter_s, iso: set by hand; 0 leaves the choice to the automatic. Both set: manual.
        error_stops: standard deviation of what the automatic misses by.
        lag: share of the metering that still is the past's (out of a tunnel, into headlights), in [0, 1).
    """

    shutter_min_s: float = 1 / 16_000
    shutter_max_s: float = 1 / 30
    gain_max: float = 48.0
    day_key: float = 0.16
    night_key: float = 0.045
    shutter_s: float = 0.0
    iso: float = 0.0
    error_stops: float = 0.0
    lag: float = 0.0
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not 0 < self.shutter_min_s <= self.shutter_max_s:
            raise InputError("sensor.exposure.shutter_min_s", "must lie in (0, shutter_max_s]", got=self.shutter_min_s)
        if self.gain_max < 1:
            raise InputError("sensor.exposure.gain_max", "must be >= 1", got=self.gain_max)
        if not 0 < self.night_key <= self.day_key < 1:
            raise InputError(
                "sensor.exposure.night_key", "must lie in (0, day_key] with day_key < 1", got=self.night_key
            )
        for name in ("shutter_s", "iso", "error_stops"):
            if not 0 <= getattr(self, name) < math.inf:
                raise InputError(f"sensor.exposure.{name}", "must be >= 0 and finite", got=getattr(self, name))
        if not 0 <= self.lag < 1:
            raise InputError("sensor.exposure.lag", "must lie in [0, 1)", got=self.lag)


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """What the camera chose: shutter, gain, the mean it metered (cd/m²), and EV at ISO 100."""

    shutter_s: float
    gain: float
    iso: float
    metered_cd_m2: float
    ev100: float


def meter(rgb_linear: Image) -> float:
    """Return the centre-weighted logarithmic mean of luminance, cd/m²; very bright cells count as 8 times the median.

    As in cameras, it is taken over the means of cells, 24 across the short side: noise averages out and sways nothing.

    Source: log-mean after Reinhard et al., ACM TOG 21(3) (2002), 267.
    """
    cell = max(min(rgb_linear.shape[:2]) // 24, 1)
    rows, columns = (side // cell for side in rgb_linear.shape[:2])
    luma = cv2.resize(luminance(rgb_linear), (columns, rows), interpolation=cv2.INTER_AREA)
    luma = np.clip(luma, 1e-4, max(8 * float(np.median(luma)), 1e-3))
    y = (np.arange(rows) + 0.5) / rows - 0.55
    x = (np.arange(columns) + 0.5) / columns - 0.5
    weight = 0.25 + np.exp(-(y[:, None] ** 2 + x[None, :] ** 2) / (2 * 0.22**2))
    return math.exp(float((np.log(luma) * weight).sum() / weight.sum()))


def key(metered_cd_m2: float, settings: ExposureSettings) -> float:
    """Return the share of full scale that the mean is brought to."""
    share = min(max(math.log10(max(metered_cd_m2, 1e-6) / 0.05) / 3.0, 0.0), 1.0)
    return float(settings.night_key * (settings.day_key / settings.night_key) ** share)


def expose(
    metered_cd_m2: float,
    settings: ExposureSettings,
    *,
    ev_bias: float,
    scale_per_cd_s: float,
    f_number: float,
    clip_lux_s: float,
    before_cd_m2: float | None = None,
    deviate: float = 0.0,
) -> Exposure:
    """Choose shutter first and gain last, within limits; what is set by hand stands.

    Args:
        metered_cd_m2: mean luminance.
        settings: limits and keys.
        ev_bias: stops added to the metering.
        scale_per_cd_s: share of full scale per cd/m² and second at gain 1.
        f_number: of the lens.
        clip_lux_s: exposure on the sensor that saturates a pixel at gain 1.
        before_cd_m2: what was metered a moment ago, of which `lag` remains.
        deviate: standard normal number that scales `error_stops`.

    Raises:
        InputError: the ISO set lies below the chip's lowest.

    Source: ISO 12232:2019, saturation-based speed S = 78 / H_sat; EV100 = log2(N² / t · 100 / S).
    """
    told = lagged(metered_cd_m2, before_cd_m2, settings.lag)
    stops = ev_bias + settings.error_stops * deviate
    wanted_s = key(told, settings) * 2.0**stops / (max(told, 1e-6) * scale_per_cd_s)
    base_iso = 78.0 / clip_lux_s
    fixed_gain = manual_gain(settings.iso, base_iso)
    free_s = wanted_s / fixed_gain if fixed_gain else wanted_s
    shutter_s = settings.shutter_s or min(max(free_s, settings.shutter_min_s), settings.shutter_max_s)
    gain = fixed_gain or min(max(wanted_s / shutter_s, 1.0), settings.gain_max)
    iso = base_iso * gain
    ev100 = math.log2(f_number**2 / shutter_s * 100.0 / iso)
    return Exposure(shutter_s=shutter_s, gain=gain, iso=iso, metered_cd_m2=metered_cd_m2, ev100=ev100)


def lagged(now_cd_m2: float, before_cd_m2: float | None, lag: float) -> float:
    """Return the metering that the automatic acts on: between past and present, in stops."""
    if before_cd_m2 is None or not lag:
        return now_cd_m2
    return float(max(now_cd_m2, 1e-6) ** (1 - lag) * max(before_cd_m2, 1e-6) ** lag)


def manual_gain(iso: float, base_iso: float) -> float:
    """Return the gain of an ISO set by hand, 0 for the automatic.

    Raises:
        InputError: it lies below the chip's lowest.
    """
    if iso and iso < base_iso * (1 - 1e-9):
        raise InputError("sensor.exposure.iso", f"must be 0 or >= {base_iso:.0f}, the chip's base ISO", got=iso)
    return iso / base_iso
