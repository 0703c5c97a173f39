"""Pictures that show nothing: black, flat, or exposed beyond use.

Bounds were set beside 1,224 real driving pictures by day and night (dashcams in Dhaka, highway cameras, crash footage):
at most 22 % of their pixels are clipped in all three channels (99.5 % of the pictures: 14 %), at most 83 % are dark
(99.5 %: 50 %), and their standard deviation is 12 to 92 of 255. What lies far beyond all of them is left out, so that
an unlit night and a sun in the lens stay in.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from render.checks.fault import Fault

BLACK_LEVEL = 4
"""A display image without one pixel above this is black to a viewer and a network."""
FLAT_SPREAD = 2.0
"""A display image whose standard deviation lies below this shows nothing."""
CLIPPED_LEVEL, CLIPPED_SHARE = 250, 0.5
"""A pixel is clipped if its darkest channel reaches this; a picture with a larger share of them is overexposed."""
DARK_LEVEL, DARK_SHARE = 8, 0.97
"""A pixel is dark if its brightest channel is no more than this; a picture with a larger share is underexposed."""


def picture_fault(rgb: npt.NDArray[Any]) -> Fault | None:
    """Return why a display image shows nothing, or None.

    Args:
        rgb: HxWx3, 0 to 255.
    """
    if not rgb.size:
        return Fault(name="empty", text="it has no pixel")
    if not np.isfinite(rgb).all():
        return Fault(name="not_finite", text=f"{int(np.count_nonzero(~np.isfinite(rgb)))} values are not finite")
    if float(rgb.max()) <= BLACK_LEVEL:
        return Fault(name="black", text="it is black")
    if float(rgb.std()) < FLAT_SPREAD:
        return Fault(name="flat", text=f"it is flat (standard deviation {rgb.std():.2f} of 255)")
    return _exposure_fault(rgb)


def _exposure_fault(rgb: npt.NDArray[Any]) -> Fault | None:
    dark = float(np.mean(rgb.max(axis=2) <= DARK_LEVEL))
    if dark > DARK_SHARE:
        return Fault(name="underexposed", text=f"it is underexposed ({100 * dark:.1f} % of its pixels are dark)")
    clipped = float(np.mean(rgb.min(axis=2) >= CLIPPED_LEVEL))
    if clipped > CLIPPED_SHARE:
        return Fault(name="overexposed", text=f"it is overexposed ({100 * clipped:.1f} % of its pixels are clipped)")
    return None
