"""From luminance to digital numbers: photons, electrons, noise, Bayer mosaic, full well and converter."""

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


@dataclass(frozen=True, kw_only=True)
class ChipSettings:
    """An image sensor behind its lens.

    Args:
        pixel_um: pitch; binning: pixels on a side that one pixel of our frame stands for (a recording is scaled down).
        quantum_efficiency: electrons per photon in green, at 555 nm.
        full_well_e: saturation of one pixel.
        read_noise_e: standard deviation of one pixel at high gain.
        read_noise_base_e: part that gain suppresses (converter), at gain 1.
        prnu: relative standard deviation of the pixels' sensitivity.
        adc_bits: of the converter.
        raw_response: red, green and blue against green for white light, before white balance.
        f_number, transmission: of lens and windscreen.
        serial: seed of the fixed pattern.
    """

    pixel_um: float = 2.9
    binning: int = 2
    quantum_efficiency: float = 0.6
    full_well_e: float = 12_000.0
    read_noise_e: float = 1.8
    read_noise_base_e: float = 6.0
    prnu: float = 0.008
    adc_bits: int = 12
    raw_response: tuple[float, float, float] = (0.55, 1.0, 0.65)
    f_number: float = 1.8
    transmission: float = 0.75
    serial: int = 1
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        for name in ("pixel_um", "binning", "quantum_efficiency", "full_well_e", "f_number", "transmission"):
            if not getattr(self, name) > 0:
                raise InputError(f"sensor.chip.{name}", "must be > 0", got=getattr(self, name))
        if min(self.read_noise_e, self.read_noise_base_e, self.prnu) < 0:
            raise InputError("sensor.chip", "noise must be >= 0", got=(self.read_noise_e, self.prnu))
        if not 8 <= self.adc_bits <= 16:
            raise InputError("sensor.chip.adc_bits", "must lie in [8, 16]", got=self.adc_bits)

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


def mosaic(rgb: Image) -> Image:
    """Sample an HxWx3 picture through an RGGB Bayer pattern, HxW."""
    out = rgb[..., 1].copy()
    out[0::2, 0::2] = rgb[0::2, 0::2, 0]
    out[1::2, 1::2] = rgb[1::2, 1::2, 2]
    return out


@lru_cache(maxsize=4)
def fixed_pattern(shape: tuple[int, int], prnu: float, serial: int) -> Image:
    """Return each pixel's sensitivity, mean 1: the same in every frame of one camera."""
    rng = generator(serial, "prnu")
    return np.asarray(np.maximum(1 + np.float32(prnu) * rng.standard_normal(shape, np.float32), 0), np.float32)


def expected_electrons(rgb_linear: Image, chip: ChipSettings, shutter_s: float) -> Image:
    """Return the mean electrons per pixel behind the Bayer pattern, HxW."""
    scale = np.asarray(chip.raw_response, np.float32) * np.float32(chip.electrons_per_cd_s * shutter_s)
    electrons = mosaic(np.maximum(rgb_linear, 0)) * mosaic(np.broadcast_to(scale, rgb_linear.shape))
    return np.asarray(electrons * fixed_pattern(electrons.shape, chip.prnu, chip.serial), np.float32)


def read_out(electrons: Image, chip: ChipSettings, gain: float, rng: np.random.Generator) -> Image:
    """Turn mean electrons into digital numbers, HxW in [0, 1] of full scale.

    Shot noise is Poisson, read noise Gaussian; full well clips before the gain, the converter after it. Black stands
    at 1/16 of the scale while converting, so that noise is not cut off at zero, and is taken away again.

    Source: EMVA Standard 1288, release 4.0 (2021), linear camera model; Janesick, Photon Transfer (2007).
    """
    well = np.float32(chip.well_e)
    mean = np.minimum(electrons, 4 * well)
    charge = np.minimum(rng.poisson(mean).astype(np.float32), well)
    noise_e = chip.binning * math.hypot(chip.read_noise_e, chip.read_noise_base_e / gain)
    signal = (charge + np.float32(noise_e) * rng.standard_normal(charge.shape, np.float32)) * np.float32(gain / well)
    steps = 2**chip.adc_bits - 1
    black = 1 / 16
    code = np.round(np.clip(signal * (1 - black) + black, 0, 1) * steps)
    return np.asarray((code / steps - black) / (1 - black), np.float32)
