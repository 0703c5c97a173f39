"""How sharp a picture is: energy by octave, slope of its spectrum, width of its edges."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

OCTAVES = 3
_SPECTRUM_PX = 256
_SLOPE_RANGE = (0.04, 0.4)  # cycles a pixel
_EDGE_SHARE = 0.02
_FINE_PX, _COARSE_PX = 0.8, 2.0


def octaves(plane: Plane) -> list[Plane]:
    """Split a plane into band-pass layers, finest first, and what is left; their sum is the plane.

    Source: Burt and Adelson, IEEE Transactions on Communications 31 (1983), 532, without decimation.
    """
    layers: list[Plane] = []
    rest = plane
    for octave in range(OCTAVES):
        wider = cv2.GaussianBlur(rest, (0, 0), 0.8 * 2.0**octave)
        layers.append(np.asarray(rest - wider, np.float32))
        rest = np.asarray(wider, np.float32)
    return [*layers, rest]


def energy(layer: Plane) -> float:
    """Return the mean magnitude of a band."""
    return float(np.abs(layer).mean())


def spectrum_slope(plane: Plane) -> float:
    """Return the exponent of power against frequency over the middle of the picture; about -2 for sharp streets.

    Source: Field, JOSA A 4 (1987), 2379.
    """
    side = min(_SPECTRUM_PX, *plane.shape)
    top, left = (plane.shape[0] - side) // 2, (plane.shape[1] - side) // 2
    window = np.hanning(side).astype(np.float32)
    piece = plane[top : top + side, left : left + side]
    power = np.abs(np.fft.rfft2((piece - piece.mean()) * window[:, None] * window[None, :])) ** 2
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :])
    edges = np.geomspace(*_SLOPE_RANGE, 13)
    which = np.digitize(frequency, edges)
    rings = np.array([power[which == ring].mean() for ring in range(1, len(edges)) if (which == ring).any()])
    if rings.max(initial=0.0) <= 0:
        return 0.0
    centres = np.array([np.sqrt(edges[r - 1] * edges[r]) for r in range(1, len(edges)) if (which == r).any()])
    return float(np.polyfit(np.log(centres), np.log(rings + 1e-9), 1)[0])


def edge_ratio(plane: Plane) -> float:
    """Return how much steeper the strongest edges are at a fine scale than at a coarse one, >= 1; 1 is a soft edge.

    Source: Zhuo and Sim, Pattern Recognition 44 (2011), 1852 (edge width from the ratio of gradients).
    """
    fine, coarse = (_gradient(plane, width) for width in (_FINE_PX, _COARSE_PX))
    strong = coarse >= np.quantile(coarse, 1 - _EDGE_SHARE)
    return float(np.median(fine[strong] / np.maximum(coarse[strong], 1e-6)))


def _gradient(plane: Plane, width_px: float) -> Plane:
    smooth = cv2.GaussianBlur(plane, (0, 0), width_px)
    return np.asarray(np.hypot(cv2.Sobel(smooth, -1, 1, 0), cv2.Sobel(smooth, -1, 0, 1)), np.float32)
