"""Steps across the grid of a picture's own codec smoothed away, so that it has one compression to show: the real one's.

A set that was scaled down after its camera compressed it has lost that camera's grid; a picture compressed once more on
the same grid has two.

Source: List, Joch, Lainema, Bjontegaard and Karczewicz, Adaptive Deblocking Filter, IEEE Transactions on Circuits and
Systems for Video Technology 13 (2003), 614: what exceeds the slope on both sides is spread over the nearest pixels, and
steps that are too large for a codec to have made are edges and stay.
"""

from __future__ import annotations

import numpy as np

from blend.match.display import Picture, Plane, lab_of, rgb_of

SPACINGS_PX = (8, 16, 16)
"""Of L* and, as codecs halve colour, of a* and b*."""
_LARGEST_STEP = 4.0
"""L*, a*, b* beyond which a step is an edge of the picture."""
_SHARES = (0.5, 0.375, 0.25, 0.125)
"""Of a step that the pixels of either side take, from the grid outwards."""


def smoothed(rgb: Picture, strength: float) -> Picture:
    """Smooth the grid away.

    Args:
        rgb: display RGB (H, W, 3) in [0, 1].
        strength: share of each step that goes, [0, 1].
    """
    lab = lab_of(rgb)
    for channel, spacing_px in enumerate(SPACINGS_PX):
        for plane in (lab[..., channel], lab[..., channel].T):
            spread(plane, spacing_px, strength)
    lab[..., 0] = np.clip(lab[..., 0], 0, 100)
    return rgb_of(lab)


def spread(plane: Plane, spacing_px: int, strength: float) -> None:
    """Spread the steps between rows on the grid, in place.

    Args:
        plane: L*, a* or b* (H, W).
        spacing_px: rows from one line of the grid to the next.
        strength: share of each step that goes, [0, 1].
    """
    after = np.arange(spacing_px, len(plane) - len(_SHARES) + 1, spacing_px)
    before = after - 1
    slope = (plane[before] - plane[before - 1] + plane[after + 1] - plane[after]) / 2
    step = plane[after] - plane[before] - slope
    step *= np.float32(strength) * np.exp(-np.square(step / np.float32(_LARGEST_STEP)))
    for away, share in enumerate(_SHARES):
        plane[after + away] -= np.float32(share) * step
        plane[before - away] += np.float32(share) * step
