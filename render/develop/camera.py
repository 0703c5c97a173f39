"""A camera: what it is, what it exposes for, and what its sensor and processing make of the light on it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from render.develop import hdr, isp
from render.develop.chromatic import Chromatic
from render.develop.codec import CodecSettings
from render.develop.defocus import Focus
from render.develop.denoise import Quality
from render.develop.distortion import Distortion
from render.develop.exposure import Exposure, ExposureSettings, expose, meter
from render.develop.hdr import HdrSettings
from render.develop.isp import IspSettings
from render.develop.look import Look
from render.develop.match.finish import Finish
from render.develop.sensor import ChipSettings, expected_electrons
from render.develop.steps import CPU, Steps
from scenes.seeds import generator

Image = NDArray[np.float32]
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True)
class LensSettings:
    """What a lens does to a picture.

    Args:
        vignette: 0 none, 1 natural.
        soften: blur of a moulded lens and the low-pass filter, px.
        star_lines: lines of the aperture's star.
        distortion, focus, chromatic: geometry, depth of field and colour fringes; off by default.
        readout_s: time from the first row to the last of a rolling shutter; 0 is a global one.
    """

    vignette: float = 0.6
    soften: float = 0.45
    star_lines: tuple[int, int] = (3, 4)
    distortion: Distortion = field(default_factory=Distortion)
    focus: Focus = field(default_factory=Focus)
    chromatic: Chromatic = field(default_factory=Chromatic)
    readout_s: float = 0.0
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, kw_only=True)
class SensorSettings:
    """A camera as a whole: `source` tells where its figures come from; a camera fitted to pictures has a `finish`."""

    name: str = "dashcam"
    source: str = ""
    denoise: Quality = "fast"
    lens: LensSettings = field(default_factory=LensSettings)
    chip: ChipSettings = field(default_factory=ChipSettings)
    hdr: HdrSettings = field(default_factory=HdrSettings)
    exposure: ExposureSettings = field(default_factory=ExposureSettings)
    isp: IspSettings = field(default_factory=IspSettings)
    finish: Finish = field(default_factory=Finish)
    codec: CodecSettings = field(default_factory=CodecSettings)
    __pydantic_config__ = _STRICT


def exposed(rgb_linear: Image, look: Look, camera: SensorSettings, *, before_cd_m2: float | None = None) -> Exposure:
    """Return what the camera's exposure chooses for a picture, HxWx3 cd/m²; `before_cd_m2` is what it went by."""
    chip = camera.chip
    return expose(
        meter(rgb_linear),
        camera.exposure,
        ev_bias=look.ev_bias,
        scale_per_cd_s=chip.electrons_per_cd_s / chip.well_e,
        f_number=chip.f_number,
        clip_lux_s=chip.well_e / chip.electrons_per_lux_s,
        before_cd_m2=before_cd_m2,
        deviate=float(generator(look.seed, "metering").standard_normal()),
    )


def capture(rgb_linear: Image, camera: SensorSettings, exposure: Exposure, rng: np.random.Generator) -> Image:
    """Read the sensor out, HxW mosaic in [0, 1]."""
    electrons = expected_electrons(rgb_linear, camera.chip, exposure.shutter_s)
    gain, shutter_s = exposure.gain, exposure.shutter_s
    merged = hdr.read_out_merged(electrons, camera.chip, gain, camera.hdr, rng, shutter_s=shutter_s)
    return hdr.compress(merged, camera.chip, camera.hdr.top)


def process(
    raw: Image, look: Look, camera: SensorSettings, gain: float, steps: Steps = CPU
) -> tuple[NDArray[np.uint8], Image]:
    """Run the camera's own processing: mosaic to 8-bit RGB, and the white balance that it used."""
    tuning, chip = camera.isp, camera.chip
    error = generator(look.seed, "white balance").standard_normal(2)
    gains = isp.balance_gains(raw, chip.raw_response, tuning, np.asarray(error, np.float32), chip.bayer)
    dark = math.log(gain) / math.log(camera.exposure.gain_max) if camera.exposure.gain_max > 1 else 0.0
    noise = isp.noise_share(chip, gain)
    return steps.picture(raw, gains, tuning, bayer=chip.bayer, noise=noise, dark=dark), gains
