"""The low-level statistics of a picture: what a camera leaves in it, whatever it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from render.develop.match import quantisation, sharpness
from render.develop.match.neutral import neutral
from render.develop.match.noise_level import noise
from scenes.errors import InputError

Floats = NDArray[np.float64]
Plane = NDArray[np.float32]
Measured = Mapping[str, float]
"""Statistic to value, in the order of `NAMES`."""

SHARES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
"""Quantiles of lightness that are measured."""
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "noise": ("noise_dark", "noise_mid", "noise_bright", "noise_chroma"),
        "sharpness": ("octave_1", "octave_2", "octave_3", "spectrum_slope", "edge_ratio"),
        "luminance": (*(f"lightness_{round(100 * share)}" for share in SHARES), "local_contrast"),
        "chroma": ("a_grey", "b_grey", "a_mean", "b_mean", "a_spread", "b_spread", "vivid"),
        "JPEG": ("blockiness", "still_share"),
    }
)
NAMES = tuple(name for names in GROUPS.values() for name in names)
LEVELS = ("night", "dim", "day")
_NIGHT_LIGHTNESS = (30.0, 45.0)
_DAY_LUMA = 90.0
_FLOOR = 0.02  # L*, a*, b* below which differences cannot be seen
_THIN = 2  # every other pixel of both axes tells light and cast
_MARGIN = 24  # borders carry captions and bonnets; a multiple of 8 keeps the grid of JPEG


def planes(rgb: NDArray[np.uint8]) -> tuple[Plane, Plane, Plane]:
    """Return L* in [0, 100], a* and b* of a picture, HxWx3 uint8."""
    lab = cv2.cvtColor(rgb.astype(np.float32) * np.float32(1 / 255), cv2.COLOR_RGB2LAB)
    lightness, a, b = cv2.split(lab)
    return np.asarray(lightness), np.asarray(a), np.asarray(b)


def light_level(rgb: NDArray[np.uint8], *, night: bool | None = None) -> str:
    """Tell night, dim or day.

    By night three quarters of a picture lie below L* 30, or nine tenths below 45, however bright its lamps; by day
    trees or a cab may darken most of it, but sky or road are seen. The rest is day from a mean luma of 90 of 255.

    Args:
        rgb: HxWx3 uint8.
        night: where it is known from the scene; None tells it by the picture.
    """
    if night is None:
        lightness = planes(rgb[::_THIN, ::_THIN])[0]
        night = bool((np.quantile(lightness, (0.75, 0.9)) < _NIGHT_LIGHTNESS).any())
    if night:
        return "night"
    return "day" if float(rgb.reshape(-1, 3).mean(axis=0) @ (0.299, 0.587, 0.114)) >= _DAY_LUMA else "dim"


def measure(rgb: NDArray[np.uint8]) -> Measured:
    """Measure a picture, HxWx3 uint8 with sides of at least 96 pixels; magnitudes are logarithms.

    Raises:
        InputError: it is no such array.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or min(rgb.shape[:2]) < 96:
        raise InputError("picture", "must be HxWx3 uint8 with sides >= 96", got=f"{rgb.shape} {rgb.dtype}")
    lightness, a, b = planes(rgb[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN])
    return {
        **_noise(lightness, a, b),
        **_sharpness(lightness),
        **_light(lightness),
        **_colour(lightness, a, b),
        **_file(lightness),
    }


def matrix(pictures: Sequence[Measured]) -> Floats:
    """Return pictures as rows and statistics as columns, in the order of `NAMES`."""
    return np.array([[picture[name] for name in NAMES] for picture in pictures], float).reshape(-1, len(NAMES))


def magnitude(logarithm: float) -> float:
    """Return the magnitude whose logarithm a statistic holds."""
    return max(float(np.exp(logarithm)) - _FLOOR, 0.0)


def _log(value: float) -> float:
    return float(np.log(value + _FLOOR))


def _noise(lightness: Plane, a: Plane, b: Plane) -> dict[str, float]:
    (dark, mid, bright), in_a, in_b = noise(lightness, a, b)
    chroma = float(np.mean([*in_a, *in_b]))
    return {
        "noise_dark": _log(dark),
        "noise_mid": _log(mid),
        "noise_bright": _log(bright),
        "noise_chroma": _log(chroma),
    }


def _sharpness(lightness: Plane) -> dict[str, float]:
    layers = sharpness.octaves(lightness)[: sharpness.OCTAVES]
    told = {f"octave_{index}": _log(sharpness.energy(layer)) for index, layer in enumerate(layers, 1)}
    slope = sharpness.spectrum_slope(lightness)
    return told | {"spectrum_slope": slope, "edge_ratio": sharpness.edge_ratio(lightness)}


def _light(lightness: Plane) -> dict[str, float]:
    values = np.quantile(lightness, SHARES)
    told = {name: float(value) for name, value in zip(GROUPS["luminance"], values, strict=False)}
    mean, square = (cv2.blur(plane, (16, 16)) for plane in (lightness, lightness * lightness))
    return told | {"local_contrast": _log(float(np.sqrt(np.maximum(square - mean * mean, 0)).mean()))}


def _colour(lightness: Plane, a: Plane, b: Plane) -> dict[str, float]:
    a_grey, b_grey = neutral(*(plane[::_THIN, ::_THIN] for plane in (lightness, a, b))).cast
    vivid = float(np.quantile(np.hypot(a, b), 0.95))
    spread_a, spread_b = _log(float(a.std())), _log(float(b.std()))
    means = {"a_grey": a_grey, "b_grey": b_grey, "a_mean": float(a.mean()), "b_mean": float(b.mean())}
    return means | {"a_spread": spread_a, "b_spread": spread_b, "vivid": _log(vivid)}


def _file(lightness: Plane) -> dict[str, float]:
    return {"blockiness": quantisation.blockiness(lightness), "still_share": quantisation.still_share(lightness)}
