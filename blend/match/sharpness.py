"""Detail of L* brought to a real picture's, octave by octave.

Source: Burt and Adelson, IEEE Transactions on Communications 31 (1983), 532, without decimation.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from blend.match.display import Picture, Plane, lab_of, rgb_of

GAINS = (0.4, 1.7)
"""Bounds of an octave's change: a softer picture is a wider blur, a sharper one shows halos soon."""
LEAST_PX = 32
_WIDTHS_PX = (0.8, 1.6, 3.2)
_FLAT = 0.5
"""Share of an octave's mean magnitude below which a patch is flat: nothing is sharpened there but noise."""


def bands(plane: Plane) -> list[Plane]:
    """Split a plane into three band-pass layers, finest first, and what is left; their sum is the plane."""
    layers: list[Plane] = []
    rest = plane
    for width in _WIDTHS_PX:
        wider = np.asarray(cv2.GaussianBlur(rest, (0, 0), width), np.float32)
        layers.append(rest - wider)
        rest = wider
    return [*layers, rest]


def octaves(lightness: Plane) -> list[float]:
    """Return the mean magnitude of the three finest octaves of L*."""
    return [float(np.abs(layer).mean()) for layer in bands(lightness)[:-1]]


def sharpened(rgb: Picture, octaves_wanted: Sequence[float], strength: float) -> Picture:
    """Soften or sharpen.

    Args:
        rgb: display RGB (H, W, 3) in [0, 1].
        octaves_wanted: as `octaves` measures them on the real picture.
        strength: share of the way, [0, 1].
    """
    lab = lab_of(rgb)
    *layers, rest = bands(lab[..., 0])
    for layer, wanted in zip(layers, octaves_wanted, strict=True):
        own = max(float(np.abs(layer).mean()), 1e-3)
        change = np.float32(strength * (np.clip(wanted / own, *GAINS) - 1))
        rest = rest + layer * (1 + change * (_busy(layer, own) if change > 0 else np.float32(1)))
    lab[..., 0] = np.clip(rest, 0, 100)
    return rgb_of(lab)


def _busy(layer: Plane, own: float) -> Plane:
    """Return how far a pixel lies in texture or at an edge, [0, 1]."""
    magnitude = np.square(cv2.GaussianBlur(np.abs(layer), (0, 0), 3.0) / np.float32(own))
    return np.asarray(magnitude / (magnitude + _FLAT**2), np.float32)
