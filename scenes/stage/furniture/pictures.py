"""Pictures that stand by the road and show a car: flat prints, which no detector should take for one."""

from __future__ import annotations

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.furniture.draft import Draft, Outline, regular, rounded_box
from scenes.stage.furniture.item import Furniture
from scenes.stage.furniture.palette import plain_finish
from scenes.stage.furniture.signs import Layer

_LAYER_M = 0.0012
_PAINTS = ("sheet_red", "sheet_blue", "sheet_white", "sheet_green", "print_black", "sheet_orange")
_GROUNDS = ("sheet_yellow", "plastic_sky", "enamel_grey", "sheet_white")


def hoarding_car(variant: int) -> Asset:
    """Return a billboard 6 by 3 m (or 4 by 3) with a car from its side on it, lower edge at 1.6 m, front to +x."""
    draft = Draft()
    half, low, up = (3.0, 1.6, 4.6) if variant % 2 == 0 else (2.0, 1.6, 4.6)
    for y in (-half * 0.6, half * 0.6):
        draft.use("galvanised", "frame").block((-0.35, y - 0.08, 0.0), (-0.17, y + 0.08, up - 0.2), 0.01)
        draft.use("galvanised", "frame").bar((-1.6, y, 0.03), (-0.3, y, low + 1.6), 0.05)
    draft.use("enamel_grey").block((-0.17, -half - 0.12, low - 0.12), (0.0, half + 0.12, up + 0.12), 0.03)
    panel = np.array([(-half, low), (half, low), (half, up), (-half, up)])
    floor = np.array([(-half, low), (half, low), (half, low + 0.75), (-half, low + 0.75)])
    ground = _GROUNDS[variant // 2 % 4]
    paint = _PAINTS[(variant + 1) % 6]
    layers = [(panel, ground), (floor, "enamel_anthracite"), *_car(half * 0.72, low + 0.5, paint)]
    for level, (shape, slot) in enumerate(layers, 1):
        draft.use(slot, "plate").face(shape, _LAYER_M * level)
    return draft.asset("hoarding car")


def _car(half_m: float, foot_m: float, paint: str) -> list[Layer]:
    """Return the side of a car as convex layers, (y, z) on the print; it is `2 * half_m` long."""
    scale = half_m / 2.2
    shapes: list[tuple[Outline, str]] = [
        (rounded_box(-2.2, 2.2, 0.25, 0.9, 0.2), paint),
        ([(-1.95, 0.8), (1.5, 0.8), (0.55, 1.45), (-1.25, 1.45)], paint),
        ([(-1.6, 0.88), (-0.3, 0.88), (-0.3, 1.37), (-1.18, 1.37)], "plastic_black"),
        ([(-0.2, 0.88), (1.15, 0.88), (0.5, 1.37), (-0.2, 1.37)], "plastic_black"),
        (rounded_box(1.95, 2.18, 0.6, 0.75, 0.05), "sheet_white"),
        (rounded_box(-2.19, -2.05, 0.6, 0.8, 0.04), "sheet_red"),
    ]
    for y in (-1.35, 1.35):
        shapes += [(regular(24, 0.34, centre=(y, 0.33)), "rubber"), (regular(24, 0.2, centre=(y, 0.33)), "aluminium")]
    return [(np.asarray(shape, float) * scale + (0.0, foot_m), slot) for shape, slot in shapes]


PICTURES = {"hoarding_car": Furniture(geometry=hoarding_car, finish=plain_finish, footprint_m=(2.2, 6.3), variants=12)}
"""Pictures of cars."""
