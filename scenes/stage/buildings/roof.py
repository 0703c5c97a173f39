"""Roofs: gables, mansards, flat roofs with parapets, and the chimneys, dormers and boxes that stand on them."""

from __future__ import annotations

import numpy as np

from scenes.stage.buildings.fabric import GROUND, Fabric, Side
from scenes.stage.buildings.plan import Plan
from scenes.stage.buildings.window import WindowStyle, frames, panes

_THICK_M = 0.16


def gable(
    fabric: Fabric,
    plan: Plan,
    *,
    eaves_m: float,
    pitch_deg: float,
    overhang_m: float = 0.4,
    wall: str = "wall",
    slot: str = "roof",
) -> float:
    """Cover the plan with two slopes whose ridge runs along the street, and return the ridge's height.

    Args:
        fabric: to build in.
        plan: of the house.
        eaves_m: height of the wall's top.
        pitch_deg: of the slopes.
        overhang_m: at the eaves; half of it at the gables.
        wall: slot of the gables.
        slot: of the slopes.
    """
    rise = plan.depth_m / 2 * np.tan(np.deg2rad(pitch_deg))
    half, middle, ridge = plan.width_m / 2, -plan.depth_m / 2, eaves_m + float(rise)
    over = overhang_m / 2
    y0, y1 = -half - over, half + over
    drop = overhang_m * np.tan(np.deg2rad(pitch_deg))
    for x, way in ((overhang_m, 1), (-plan.depth_m - overhang_m, -1)):
        low, top = eaves_m - drop + _THICK_M, ridge + _THICK_M
        slope = [(x, y0 * way, low), (x, y1 * way, low), (middle, y1 * way, top), (middle, y0 * way, top)]
        fabric.quads(GROUND, slope, slot)
        under = [(a, b, c - _THICK_M) for a, b, c in slope[::-1]]
        fabric.quads(GROUND, under, "soffit")
        verge = [[slope[i], under[3 - i], under[3 - j], slope[j]] for i, j in ((0, 1), (3, 0), (1, 2))]
        fabric.quads(GROUND, verge, "trim")
        out = x + way * 0.06
        fabric.tubes(GROUND, [(out, y0, low - 0.04), (out, y1, low - 0.04)], 0.065, "metal")
    for y, order in ((-half, 1), (half, -1)):
        triangle = [(-plan.depth_m, y, eaves_m), (0.0, y, eaves_m), (middle, y, ridge)]
        fabric.polygon(GROUND, triangle[::order], wall)
    fabric.tubes(GROUND, [(middle, y0, ridge + _THICK_M), (middle, y1, ridge + _THICK_M)], 0.09, slot)
    return ridge


def mansard(fabric: Fabric, plan: Plan, *, base_m: float, rise_m: float = 2.9, pitch_deg: float = 68.0) -> None:
    """Cover the plan with a steep storey towards street and yard and a low slope above it."""
    half, run = plan.width_m / 2, rise_m / np.tan(np.deg2rad(pitch_deg))
    top, ridge, middle = base_m + rise_m, base_m + rise_m + 0.9, -plan.depth_m / 2
    for x, way in ((0.05, 1), (-plan.depth_m - 0.05, -1)):
        y0, y1 = -half * way, half * way
        inner = x - way * run
        fabric.quads(GROUND, [(x, y0, base_m), (x, y1, base_m), (inner, y1, top), (inner, y0, top)], "roof")
        fabric.quads(GROUND, [(inner, y0, top), (inner, y1, top), (middle, y1, ridge), (middle, y0, ridge)], "deck")
        fabric.tubes(GROUND, [(inner, y0, top), (inner, y1, top)], 0.07, "metal")
        fabric.tubes(GROUND, [(x + way * 0.05, y0, base_m), (x + way * 0.05, y1, base_m)], 0.07, "metal")
    back = -plan.depth_m
    outline = [(back, base_m), (0.0, base_m), (-run, top), (middle, ridge), (back + run, top)]
    for y, order in ((-half, 1), (half, -1)):
        fabric.polygon(GROUND, [(x, y, z) for x, z in outline][::order], "gable")


def dormers(
    fabric: Fabric, plan: Plan, *, base_m: float, count: int, size_m: tuple[float, float], back_m: float
) -> None:
    """Stand `count` dormers along the front, their windows a little behind the wall below."""
    where = Side(
        origin=np.array([-back_m, -plan.width_m / 2, base_m]), axes=plan.side("front").axes, width_m=plan.width_m
    )
    wide, high = size_m
    centres = (np.arange(count) + 0.5) * plan.width_m / count
    box = np.stack([centres - wide / 2, centres + wide / 2, np.zeros(count), np.full(count, high)], axis=-1)
    deep = 2.2
    fabric.block(where, box, (-deep, 0.0), "cheek", skip=("back", "front", "bottom"))
    roof = box + np.array([-0.12, 0.12, high, 0.12])
    fabric.block(where, roof, (-deep, 0.15), "metal", skip=())
    rim = 0.12
    pane = box + np.array([rim, -rim, rim, -rim])
    for part in ((0, 0, 0, -1), (1, 1, 0, -1)):
        u = box[:, part[0]] + (0 if part[0] == 0 else -rim)
        fabric.block(where, np.stack([u, u + rim, box[:, 2], box[:, 3]], axis=-1), (-0.08, 0.0), "trim")
    for low in (box[:, 2], box[:, 3] - rim):
        fabric.block(where, np.stack([pane[:, 0], pane[:, 1], low, low + rim], axis=-1), (-0.08, 0.0), "trim")
    panes(fabric, plan, where, pane, -0.08)
    frames(fabric, where, pane, WindowStyle(recess_m=0.08, bar_m=0.05))


def chimneys(fabric: Fabric, plan: Plan, *, foot_m: float, top_m: float, count: int) -> None:
    """Stand chimneys on the ridge, each with a cap and pots."""
    for number in range(count):
        y = (number + 0.5) / count * plan.width_m - plan.width_m / 2 + plan.pick(-0.6, 0.6)
        x, wide, deep = -plan.depth_m / 2 + plan.pick(-0.8, 1.2), plan.pick(0.5, 1.1), plan.pick(0.45, 0.6)
        low, high = np.array([x - deep / 2, y - wide / 2]), np.array([x + deep / 2, y + wide / 2])
        fabric.boxes(GROUND, (*low, foot_m), (*high, top_m), "chimney", skip=("back",))
        fabric.boxes(GROUND, (*(low - 0.06), top_m), (*(high + 0.06), top_m + 0.1), "stone", skip=())
        for pot in np.arange(y - wide / 2 + 0.18, y + wide / 2 - 0.1, 0.32):
            fabric.tubes(GROUND, [(x, pot, top_m + 0.05), (x, pot, top_m + 0.5)], 0.1, "pot")


def flat(fabric: Fabric, plan: Plan, *, top_m: float, deck_m: float, cap: str = "stone") -> None:
    """Lay a flat roof at `deck_m` behind parapets up to `top_m`, with a coping of slot `cap`."""
    half, back, thick = plan.width_m / 2, -plan.depth_m, 0.25
    fabric.rects(GROUND, [(back, 0.0, -half, half)], deck_m, "deck")
    hair = 0.02  # keeps the parapet's outer face behind the wall's
    rims = [(-thick, -hair, -half + hair, half - hair), (back + hair, back + thick, -half + hair, half - hair)]
    rims += [(back, 0.0, -half + hair, -half + thick), (back, 0.0, half - thick, half - hair)]
    rims = [(max(x0, back + hair), min(x1, -hair), y0, y1) for x0, x1, y0, y1 in rims]
    fabric.block(GROUND, rims, (deck_m, top_m), "parapet", skip=("back", "front"))
    caps = [(-thick, 0.035, -half, half), (back - 0.035, back + thick, -half, half)]
    caps += [(back + thick, -thick, -half, -half + thick), (back + thick, -thick, half - thick, half)]
    fabric.block(GROUND, caps, (top_m, top_m + 0.06), cap, skip=())


def boxes_on_roof(fabric: Fabric, plan: Plan, *, deck_m: float, count: int) -> None:
    """Stand a lift house and units of the air conditioning on a flat roof, away from its edges."""
    if plan.depth_m > 7 and plan.width_m > 7:
        x, y = -plan.depth_m * plan.pick(0.5, 0.65), plan.pick(-0.25, 0.25) * plan.width_m
        fabric.boxes(GROUND, (x - 1.6, y - 1.7, deck_m), (x + 1.6, y + 1.7, deck_m + 2.7), "gable")
        fabric.boxes(GROUND, (x - 1.75, y - 1.85, deck_m + 2.7), (x + 1.75, y + 1.85, deck_m + 2.85), "stone", skip=())
    for _ in range(count):
        x, y = -plan.pick(1.2, plan.depth_m - 1.2), plan.pick(-0.42, 0.42) * plan.width_m
        size = np.array([plan.pick(0.4, 0.9), plan.pick(0.4, 1.0), plan.pick(0.7, 1.3)])
        low = np.array([x, y, deck_m]) - size * (0.5, 0.5, 0.0)
        fabric.boxes(GROUND, low, low + size, "unit")
    for _ in range(int(plan.rng.integers(1, 4))):
        x, y = -plan.pick(0.8, 3.0), plan.pick(-0.4, 0.4) * plan.width_m
        high = deck_m + plan.pick(2.0, 3.8)
        fabric.tubes(GROUND, [(x, y, deck_m), (x, y, high)], 0.02, "metal", segments=5)
        bars = [(x - 0.02, y - 0.35, high - 0.15 * k) for k in range(1, 5)]
        fabric.boxes(GROUND, bars, np.add(bars, (0.02, 0.7, 0.02)), "metal", skip=())
