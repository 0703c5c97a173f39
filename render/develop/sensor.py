"""From luminance to digital numbers: photons, electrons, noise, Bayer mosaic, full well and converter.

Source: EMVA Standard 1288, release 4.0 (2021), linear camera model; Janesick, Photon Transfer (2007).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from scenes.errors import InputError
from scenes.seeds import generator

Image = NDArray[np.float32]
_STRICT = ConfigDict(extra="forbid")
PHOTONS_PER_LUX_S_UM2 = 4090.0  # 1 lux of 555 nm: 1 W / 683 lm over 3.58e-19 J a photon
BLACK = 1 / 16  # where black stands while converting, so that noise is not cut off at zero
DARK_DOUBLES_K = 7.0  # dark current doubles per 6 to 8 K (Janesick 2007, section 11)
DARK_RATED_CELSIUS = 25.0
BAYER = {"RGGB": (0, 1, 1, 2), "BGGR": (2, 1, 1, 0), "GRBG": (1, 0, 2, 1), "GBRG": (1, 2, 0, 1)}
"""Channel of the sites (0, 0), (0, 1), (1, 0) and (1, 1) of each pattern."""
SITES = ((0, 0), (0, 1), (1, 0), (1, 1))


@dataclass(frozen=True, kw_only=True)
class ChipSettings:
    """An image sensor behind its lens; every `_e` is electrons of one pixel of the chip.

    Args:
        pixel_um: pitch; binning: pixels on a side that one pixel of our frame stands for (a recording is scaled down).
        bayer: RGGB, BGGR, GRBG or GBRG.
        quantum_efficiency: electrons per photon in green, at 555 nm.
        full_well_e: saturation of one pixel.
        read_noise_e: standard deviation of one pixel at high gain.
        read_noise_base_e: part that gain suppresses (converter), at gain 1.
        row_noise_e: standard deviation that a whole row shares, new in every frame.
        prnu: relative standard deviation of the pixels' sensitivity; dsnu_e: standard deviation of their offset.
        dark_e_s: dark current at 25 °C, per second; celsius: temperature of the chip.
        hot_share: share of hot pixels; hot_e_s: their mean dark current at 25 °C.
        adc_bits: of the converter.
        raw_response: red, green and blue against green for white light, before white balance.
        f_number, transmission: of lens and windscreen.
        serial: seed of the fixed pattern.
    """

    pixel_um: float = 2.9
    binning: int = 2
    bayer: str = "RGGB"
    quantum_efficiency: float = 0.6
    full_well_e: float = 12_000.0
    read_noise_e: float = 1.8
    read_noise_base_e: float = 6.0
    row_noise_e: float = 0.0
    prnu: float = 0.008
    dsnu_e: float = 0.0
    dark_e_s: float = 0.0
    celsius: float = 40.0
    hot_share: float = 0.0
    hot_e_s: float = 1000.0
    adc_bits: int = 12
    raw_response: tuple[float, float, float] = (0.55, 1.0, 0.65)
    f_number: float = 1.8
    transmission: float = 0.75
    serial: int = 1
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        for name in ("pixel_um", "binning", "quantum_efficiency", "full_well_e", "f_number", "transmission"):
            if not 0 < getattr(self, name) < math.inf:
                raise InputError(f"sensor.chip.{name}", "must be > 0 and finite", got=getattr(self, name))
        for name in ("read_noise_e", "read_noise_base_e", "row_noise_e", "prnu", "dsnu_e", "dark_e_s", "hot_e_s"):
            if not 0 <= getattr(self, name) < math.inf:
                raise InputError(f"sensor.chip.{name}", "must be >= 0 and finite", got=getattr(self, name))
        for name, low, high in _BOUNDS:
            if not low <= getattr(self, name) <= high:
                raise InputError(f"sensor.chip.{name}", f"must lie in [{low}, {high}]", got=getattr(self, name))
        if self.bayer not in BAYER:
            raise InputError("sensor.chip.bayer", f"must be one of {', '.join(BAYER)}", got=self.bayer)
        if not 0 < min(self.raw_response) <= max(self.raw_response) < math.inf:
            raise InputError("sensor.chip.raw_response", "must be > 0 and finite", got=self.raw_response)

    @property
    def well_e(self) -> float:
        """Saturation of one pixel of our frame."""
        return self.full_well_e * self.binning**2

    @property
    def electrons_per_lux_s(self) -> float:
        """Green electrons per pixel of our frame for one lux second on the sensor."""
        area_um2 = (self.pixel_um * self.binning) ** 2
        return PHOTONS_PER_LUX_S_UM2 * area_um2 * self.quantum_efficiency

    @property
    def electrons_per_cd_s(self) -> float:
        """Green electrons per pixel for one cd/m² in the scene and one second: E = π·L·T / (4·N²)."""
        return self.electrons_per_lux_s * math.pi * self.transmission / (4 * self.f_number**2)

    @property
    def warmth(self) -> float:
        """Dark current at the chip's temperature against that at 25 °C."""
        return float(2.0 ** ((self.celsius - DARK_RATED_CELSIUS) / DARK_DOUBLES_K))

    def noise_e(self, gain: float) -> float:
        """Return the read noise of one pixel of our frame."""
        return self.binning * math.hypot(self.read_noise_e, self.read_noise_base_e / gain)

    def dark_e(self, shutter_s: float) -> float:
        """Return the mean dark signal of one pixel of our frame."""
        return self.dark_e_s * self.warmth * shutter_s * self.binning**2


_BOUNDS = (("adc_bits", 8, 16), ("celsius", -60.0, 125.0), ("hot_share", 0.0, 0.1), ("quantum_efficiency", 0.0, 1.0))


@dataclass(frozen=True)
class FixedPattern:
    """What one chip's pixels differ in, in every frame alike.

    Args:
        sensitivity: HxW float32 standard deviates of photo response.
        offset: HxW float32 standard deviates of black.
        hot: flat indices of hot pixels; heat: their dark current against the mean hot pixel's.
    """

    sensitivity: Image
    offset: Image
    hot: NDArray[np.int64]
    heat: Image


@lru_cache(maxsize=4)
def fixed_pattern(shape: tuple[int, int], hot_share: float, serial: int) -> FixedPattern:
    """Draw a chip: the same serial is the same chip."""
    rng = generator(serial, "fixed pattern")
    sensitivity, offset = rng.standard_normal((2, *shape), np.float32)
    hot = np.unique(rng.integers(0, shape[0] * shape[1], rng.poisson(hot_share * shape[0] * shape[1])))
    heat = rng.standard_exponential(hot.size, np.float32)  # few are very hot
    return FixedPattern(sensitivity, offset, hot, heat)


def mosaic(rgb: Image, bayer: str = "RGGB") -> Image:
    """Sample an HxWx3 picture through a Bayer pattern, HxW."""
    out = np.empty(rgb.shape[:2], np.float32)
    for (row, column), channel in zip(SITES, BAYER[bayer], strict=True):
        out[row::2, column::2] = rgb[row::2, column::2, channel]
    return out


def expected_electrons(rgb_linear: Image, chip: ChipSettings, shutter_s: float) -> Image:
    """Return the mean photo-electrons per pixel behind the Bayer pattern, HxW.

    Args:
        rgb_linear: HxWx3 float32, cd/m².
        chip: the sensor.
        shutter_s: exposure time.
    """
    electrons = np.maximum(mosaic(rgb_linear, chip.bayer), 0)
    for (row, column), channel in zip(SITES, BAYER[chip.bayer], strict=True):
        factor = chip.electrons_per_cd_s * shutter_s * chip.raw_response[channel]
        electrons[row::2, column::2] *= np.float32(factor)
    if chip.prnu:
        spread = np.float32(chip.prnu / chip.binning)  # pixels that are added average their differences
        electrons *= np.maximum(1 + spread * fixed_pattern(electrons.shape, chip.hot_share, chip.serial).sensitivity, 0)
    return np.asarray(electrons, np.float32)


def with_dark(electrons: Image, chip: ChipSettings, shutter_s: float) -> Image:
    """Add the mean of what collects in the dark, hot pixels included."""
    dark = np.float32(chip.dark_e(shutter_s))
    if not chip.hot_share:
        return np.asarray(electrons + dark, np.float32) if dark else electrons
    total = np.asarray(electrons + dark, np.float32)
    pattern = fixed_pattern(electrons.shape, chip.hot_share, chip.serial)
    # one pixel of the chip is hot, not all that are binned with it
    total.ravel()[pattern.hot] += pattern.heat * np.float32(chip.hot_e_s * chip.warmth * shutter_s)
    return total


def read_out(
    electrons: Image, chip: ChipSettings, gain: float, rng: np.random.Generator, *, shutter_s: float = 0.0
) -> Image:
    """Turn mean photo-electrons into digital numbers, HxW in [-1/15, 1] of full scale.

    Shot noise is Poisson, read noise Gaussian; full well clips before the gain, the converter after it. Black stands
    at 1/16 of the scale while converting and is taken away again, with the mean dark signal (optical black).

    Args:
        electrons: HxW float32, mean photo-electrons.
        chip: the sensor.
        gain: amplification after the pixel, > 0.
        rng: draws the noise of this frame.
        shutter_s: exposure time, for the dark current.
    """
    well = np.float32(chip.well_e)
    mean = np.minimum(with_dark(electrons, chip, shutter_s), 4 * well)
    charge = np.minimum(shot(mean, rng), well)
    charge += np.float32(chip.noise_e(gain)) * rng.standard_normal(charge.shape, np.float32)
    if chip.row_noise_e:
        spread = np.float32(
            chip.row_noise_e * chip.binning**1.5
        )  # pixels of a row share it, rows that are added do not
        charge += spread * rng.standard_normal((charge.shape[0], 1), np.float32)
    if chip.dsnu_e:
        spread = np.float32(chip.dsnu_e * chip.binning)
        charge += spread * fixed_pattern(charge.shape, chip.hot_share, chip.serial).offset
    return convert((charge - np.float32(chip.dark_e(shutter_s))) * np.float32(gain / well), chip.adc_bits)


def shot(mean: Image, rng: np.random.Generator) -> Image:
    """Draw Poisson counts around means, HxW; above 64 the normal law with half a count's rounding serves."""
    counts = mean + np.sqrt(mean) * rng.standard_normal(mean.shape, np.float32)
    few = mean < 64.0
    counts[few] = rng.poisson(mean[few])
    return np.asarray(np.maximum(counts, 0), np.float32)


def convert(signal: Image, bits: int) -> Image:
    """Quantise a signal whose full scale is 1, and take black away."""
    steps = 2**bits - 1
    code = np.round(np.clip(signal * (1 - BLACK) + BLACK, 0, 1) * steps)
    return np.asarray((code / steps - BLACK) / (1 - BLACK), np.float32)
