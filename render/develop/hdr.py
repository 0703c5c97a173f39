"""High dynamic range as automotive sensors have it: exposures merged on the chip, then brought to one scale.

Each exposure goes through the whole pixel model, so noise is that of the exposure used: where the long one hands over
to the short one the signal-to-noise ratio drops by about the square root of the ratio, the well-known dip. Movement
between the exposures is not modelled. Lamps that pulse (LED at about 90 Hz and more) need an exposure of at least
11 ms to be seen in every frame: sensors with split pixels give all exposures that time and differ in sensitivity
instead, which is what is meant here, so the shutter of the long exposure holds for flicker and motion blur alike.

Source: Debevec and Malik, SIGGRAPH 1997, 369 (merging); Solhusvik et al., International Image Sensor Workshop (2013),
and IEEE P2020 white paper (2018), for ratios, hand-over and LED flicker.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from render.develop.sensor import BAYER, SITES, ChipSettings, read_out
from scenes.errors import InputError

Image = NDArray[np.float32]
_STRICT = ConfigDict(extra="forbid")
_KNEE = 0.3  # share of full scale below which the compressed picture is what the long exposure saw


@dataclass(frozen=True, kw_only=True)
class HdrSettings:
    """How many exposures are merged.

    Args:
        exposures: 1 (off), 2 or 3.
        ratio: sensitivity of one exposure against the next shorter, in (1, 64].
        hand_over: share of full scale above which the shorter exposure is used, in [0.5, 0.98].
    """

    exposures: int = 1
    ratio: float = 16.0
    hand_over: float = 0.9
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        bounds = (("exposures", 1, 3), ("ratio", 1.0 + 1e-9, 64.0), ("hand_over", 0.5, 0.98))
        for name, low, high in bounds:
            if not low <= getattr(self, name) <= high:
                rule = f"must lie in [{low:g}, {high:g}]" if name != "ratio" else "must lie in (1, 64]"
                raise InputError(f"sensor.hdr.{name}", rule, got=getattr(self, name))

    @property
    def top(self) -> float:
        """Largest value of the merged picture, in full scales of the long exposure."""
        return float(self.ratio ** (self.exposures - 1))


def merge(frames: list[Image], hdr: HdrSettings) -> Image:
    """Merge exposures, longest first, each HxW in [0, 1], to HxW in [0, top] of the long exposure's scale.

    A longer exposure fades into the next shorter one between 90 and 100 % of the hand-over.
    """
    merged = frames[-1] * np.float32(hdr.ratio ** (len(frames) - 1))
    for index in range(len(frames) - 2, -1, -1):
        start = 0.9 * hdr.hand_over
        shorter = np.clip((frames[index] - start) / (hdr.hand_over - start), 0, 1)
        merged = shorter * merged + (1 - shorter) * (frames[index] * np.float32(hdr.ratio**index))
    return np.asarray(merged, np.float32)


def read_out_merged(
    electrons: Image, chip: ChipSettings, gain: float, hdr: HdrSettings, rng: np.random.Generator, *, shutter_s: float
) -> Image:
    """Read out all exposures and merge them, HxW in [0, top] of the long exposure's full scale.

    Args:
        electrons: HxW float32, mean photo-electrons of the long exposure.
        chip: the sensor.
        gain: amplification after the pixel.
        hdr: exposures; one is a plain read-out.
        rng: draws the noise.
        shutter_s: exposure time of the long exposure.
    """
    if hdr.exposures == 1:
        return read_out(electrons, chip, gain, rng, shutter_s=shutter_s)
    frames = [read_out(electrons, chip, gain, rng, shutter_s=shutter_s)]
    bright = replace(chip, row_noise_e=0.0, dsnu_e=0.0, hot_share=0.0)  # shot noise hides these in what is bright
    for index in range(1, hdr.exposures):
        used = frames[-1] > 0.9 * hdr.hand_over  # elsewhere the longer exposure serves, so no photons are drawn
        shorter = electrons[used] * np.float32(hdr.ratio**-index)
        frames.append(np.zeros_like(electrons))
        frames[-1][used] = read_out(shorter, bright, gain, rng, shutter_s=shutter_s)
    return merge(frames, hdr)


def compress(raw: Image, chip: ChipSettings, top: float) -> Image:
    """Bring a merged mosaic from [0, top] to [0, 1]: shadows stay, highlights follow their logarithm.

    Every site is compressed by itself, as the curves in such sensors do, so nothing rings around lamps; what is white
    to the chip stays white, and strong colours grow pale, which is what these cameras' tail lamps look like.

    Args:
        raw: HxW float32 mosaic.
        chip: tells the pattern and its answer to white.
        top: largest value; 1 returns the input.
    """
    if top <= 1:
        return raw
    out = raw.copy()
    slope = (1 / _KNEE - 1) / math.log(top / _KNEE)
    for (row, column), channel in zip(SITES, BAYER[chip.bayer], strict=True):
        response = np.float32(chip.raw_response[channel])
        view = out[row::2, column::2]
        white = view / response
        told = _KNEE * (1 + slope * np.log(np.maximum(white / _KNEE, 1)))
        np.copyto(view, response * np.where(white > _KNEE, np.minimum(told, 1 / response), white))
    return out
