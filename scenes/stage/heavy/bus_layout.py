"""The proportions of a bus, which all its builders share."""

from __future__ import annotations

from dataclasses import dataclass

TYRE_M, ARCH_M = 0.48, 0.56
"""Radius of a 275/70 R22.5 tyre and of the arch over it."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A bus's proportions, in metres.

    Args:
        roof_m: height of the body without roof units.
        skirt_m: lower edge of the body.
        belt_m, cant_m: lower and upper edge of the side windows.
        floor_m: of the saloon.
        doors: (x centre, width) on the right side.
        screen_m: lower edge of the windscreen.
    """

    roof_m: float
    skirt_m: float
    belt_m: float
    cant_m: float
    floor_m: float
    doors: tuple[tuple[float, float], ...]
    screen_m: float
    axles: tuple[float, float]
