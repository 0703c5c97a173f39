"""Colour of thermal light, as linear Rec.709 tints of luminance 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.errors import InputError

REC709_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
KELVIN_LOWEST, KELVIN_HIGHEST = 1667.0, 25000.0
_XYZ_TO_REC709 = np.array(
    [[3.2404542, -1.5371385, -0.4985314], [-0.9692660, 1.8760108, 0.0415560], [0.0556434, -0.2040259, 1.0572252]]
)


def luminance(rgb_linear: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return Rec.709 luminance, HxW, in the unit of the HxWx3 image."""
    red, green, blue = REC709_LUMA  # no matrix product: its last bit may depend on the number of BLAS threads
    return np.asarray(red * rgb_linear[..., 0] + green * rgb_linear[..., 1] + blue * rgb_linear[..., 2], np.float32)


def unit_tint(rgb_linear: NDArray[np.float64] | tuple[float, float, float]) -> NDArray[np.float32]:
    """Scale a colour to luminance 1, so that a tint never changes how much light there is."""
    rgb = np.maximum(np.asarray(rgb_linear, np.float64), 0.0)
    luma = float(rgb @ REC709_LUMA)
    if not luma > 0:
        raise InputError("look.tint", "must hold light in at least one channel", got=rgb.tolist())
    return np.asarray(rgb / luma, np.float32)


def thermal_tint(kelvin: float) -> NDArray[np.float32]:
    """Return the tint of a black body against D65.

    Args:
        kelvin: colour temperature in [1667, 25000]; 2,000 sodium-like, 6,500 white, 15,000 blue sky.

    Raises:
        InputError: the temperature lies outside the fit.

    Source: Kim et al., US patent 7,024,034 (2002), cubic fit of the Planckian locus in CIE 1931 xy.
    """
    if not KELVIN_LOWEST <= kelvin <= KELVIN_HIGHEST:
        raise InputError("look.kelvin", f"must lie in [{KELVIN_LOWEST:.0f}, {KELVIN_HIGHEST:.0f}]", got=kelvin)
    x = _locus_x(1e3 / kelvin, cool=kelvin > 4000)
    y = _locus_y(x, kelvin)
    return unit_tint(_XYZ_TO_REC709 @ np.array([x / y, 1.0, (1 - x - y) / y]))


def _locus_x(inverse_kk: float, *, cool: bool) -> float:
    if cool:
        return float(np.polyval([-3.0258469, 2.1070379, 0.2226347, 0.240390], inverse_kk))
    return float(np.polyval([-0.2661239, -0.2343589, 0.8776956, 0.179910], inverse_kk))


def _locus_y(x: float, kelvin: float) -> float:
    if kelvin > 4000:
        return float(np.polyval([3.0817580, -5.87338670, 3.75112997, -0.37001483], x))
    if kelvin > 2222:
        return float(np.polyval([-0.9549476, -1.37418593, 2.09137015, -0.16748867], x))
    return float(np.polyval([-1.1063814, -1.34811020, 2.18555832, -0.20219683], x))
