"""Display windows of shops that stand before a wall: a lit case behind clear glass, for dolls or toys."""

from __future__ import annotations

from scenes.stage.asset import Asset
from scenes.stage.furniture.draft import Draft
from scenes.stage.furniture.item import Furniture
from scenes.stage.furniture.palette import PALETTE, glowing
from scenes.stage.furniture.signs import words
from scenes.stage.surface import Surface

DEEP_M, HIGH_M, FLOOR_M = 1.0, 2.42, 0.18
"""Depth from the back wall to the glass at x = 0, height with the fascia, and the floor that goods stand on."""
_FASCIA_M, _BAR_M = 0.34, 0.06
_CEILING_CD_M2 = 6_000.0
"""Gives some 3,500 lux at a metre and a half, as shops need in windows that shall be seen by day as well."""


def display(draft: Draft, wide_m: float, name: str, frame: str) -> None:
    """Add a case whose glass looks along +x, with lamps in its ceiling and a name over it."""
    half, top = wide_m / 2, HIGH_M - _FASCIA_M
    back = -DEEP_M
    draft.use(frame).block((back, -half, 0.0), (0.0, half, FLOOR_M - 0.02), 0.015)
    draft.use("enamel_white").block((back, -half, FLOOR_M - 0.02), (0.0, half, FLOOR_M), 0.004)
    draft.use("enamel_white").block((back - 0.04, -half, 0.0), (back, half, top), 0.005)
    draft.use(frame).block((back - 0.04, -half, top), (0.0, half, HIGH_M), 0.02)
    for y in (-half, half):
        low, high = sorted((y, y - (0.05 if y > 0 else -0.05)))
        middle = (low + high) / 2
        draft.use("glass").face([(FLOOR_M, back), (top, back), (top, -0.02), (FLOOR_M, -0.02)], middle, axis="y")
        draft.use(frame).block((back, low, 0.0), (back + _BAR_M, high, top), 0.008)
        draft.use(frame).block((-_BAR_M, low, 0.0), (0.01, high, top), 0.008)
    draft.use("glass").face([(-half, FLOOR_M), (half, FLOOR_M), (half, top), (-half, top)], -0.02)
    for y in (-half / 3, half / 3):
        draft.use(frame).block((-0.045, y - 0.02, FLOOR_M), (0.005, y + 0.02, top), 0.006)
    words(draft, name, 0.2, "sheet_white", 0.003, centre=(0.0, top + _FASCIA_M / 2))
    inner = [(back + 0.1, -half + 0.1), (-0.15, -half + 0.1), (-0.15, half - 0.1), (back + 0.1, half - 0.1)]
    draft.use("ceiling_lamp", group="windows").face(inner[::-1], top - 0.012, axis="z")


def display_finish(variant: int) -> dict[str, Surface]:  # noqa: ARG001  # a finish takes its variant
    """Return the palette, with the lamps of a display window."""
    return {**PALETTE, "ceiling_lamp": glowing("white", _CEILING_CD_M2, "windows")}


def doll_window(variant: int) -> Asset:
    """Return an empty display window of a clothes shop; dolls are placed in it (`scenes.stage.people.mannequin`)."""
    draft = Draft()
    display(
        draft, 4.2, ("MODE", "MODA")[variant % 2], ("enamel_anthracite", "enamel_green", "enamel_brown")[variant % 3]
    )
    return draft.asset("doll window")


DISPLAYS = {
    "doll_window": Furniture(geometry=doll_window, finish=display_finish, footprint_m=(DEEP_M + 0.06, 4.2), variants=6)
}
"""Display windows."""
