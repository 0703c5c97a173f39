"""The cast of a picture: the colour of what is grey in it (roads, walls, cloud), whatever else it shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

_WIDTHS = (14.0, 10.0, 8.0, 6.0, 6.0, 6.0, 6.0)
"""Deviation of the window in a* and b*: the first sees from grey to strong casts, the last one surface's colours."""
_SEEN = (15.0, 95.0)  # L* outside of which colour is noise or clipped
_FAINT = 1e-6


@dataclass(frozen=True, kw_only=True)
class Neutral:
    """What is grey.

    Args:
        cast: its mean a* and b*.
        weight: how much each pixel counts as grey, HxW in [0, 1].
    """

    cast: tuple[float, float]
    weight: Plane


def neutral(lightness: Plane, a: Plane, b: Plane) -> Neutral:
    """Find the densest colour near grey by mean shift, from a wide window to a narrow one.

    Args:
        lightness: CIE L*, HxW.
        a: CIE a*, HxW.
        b: CIE b*, HxW.

    Source: Comaniciu and Meer, IEEE TPAMI 24 (2002), 603; that greys tell the light: Yang, Gao and Li, CVPR 2015.
    """
    seen = ((lightness > _SEEN[0]) & (lightness < _SEEN[1])).astype(np.float32) + np.float32(_FAINT)
    centre, weight = (0.0, 0.0), seen
    for width in _WIDTHS:
        apart = np.square(a - np.float32(centre[0])) + np.square(b - np.float32(centre[1]))
        weight = seen * np.exp(apart * np.float32(-0.5 / width**2))
        total = max(float(weight.sum()), _FAINT)
        centre = float((weight * a).sum()) / total, float((weight * b).sum()) / total
    return Neutral(cast=centre, weight=weight)
