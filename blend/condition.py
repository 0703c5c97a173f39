"""Which light a picture was taken in, by the rule of the profile: a night is matched to nights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blend.profile import light_of, luma_of

CONDITIONS = ("day", "dim", "night")


def condition(rgb: NDArray[np.uint8]) -> str:
    """Return `day`, `dim` or `night` of a picture, uint8 (H, W, 3)."""
    return light_of(luma_of(rgb))
