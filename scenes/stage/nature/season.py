"""Which season a place shows."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from scenes.spec.place import Street

Season = Literal["summer", "autumn", "winter", "snow"]
SEASONS: Final[tuple[Season, ...]] = ("summer", "autumn", "winter", "snow")
"""Broadleaves turn in autumn and are bare in winter and under snow; snow lies only in the last."""

_SHARES = (0.66, 0.18, 0.16)
_SNOWED = 0.15  # less snow than this melts off trees first
_FALLEN = 0.1  # share of a road under leaves from which on it is autumn


def season_of(street: Street) -> Season:
    """Return the season of a street: snow or fallen leaves where they lie, or one that its seed draws."""
    if street.snow > _SNOWED:
        return "snow"
    if street.leaves > _FALLEN:
        return "autumn"
    return SEASONS[int(np.random.default_rng([street.seed, 61]).choice(3, p=_SHARES))]
