"""Halls: workshops and factories of sheet metal and brick, and warehouses with loading docks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scenes.stage.buildings import balcony, roof, shop
from scenes.stage.buildings.entrance import door, roller_door, steps
from scenes.stage.buildings.fabric import GROUND, Fabric, Rects, Side
from scenes.stage.buildings.plan import Plan
from scenes.stage.buildings.window import WindowStyle, grid, wall, windows


def industrial(fabric: Fabric, plan: Plan) -> None:
    """Build a factory hall: roller doors, a band of windows, a low gable or saw-tooth roof, stacks and pipes."""
    where, w, eaves = plan.side("front"), plan.width_m, plan.height_m
    plinth = plan.pick(0.9, 1.4)
    bays = max(2, round(w / plan.pick(4.5, 6.0)))
    edges = np.linspace(0, w, bays + 1)
    high = min(4.0, eaves - 1.6)
    split = min(high + 0.5, eaves - 0.9)
    office = int(plan.rng.integers(bays))
    for index, (u0, u1) in enumerate(pairwise(edges)):
        area = (u0, u1, 0.0, split)
        if index == office:
            _office_bay(fabric, plan, where, area)
        elif plan.chance(0.55):
            half = min(2.0, (u1 - u0) / 2 - 0.5)
            hole = np.array([(u0 + u1) / 2 - half, (u0 + u1) / 2 + half, 0.0, high])
            wall(fabric, where, area, hole[None], "sheet")
            roller_door(fabric, plan, where, hole)
        else:
            holes = grid((u0, u1), 1, (u1 - u0 - 1.4, 1.3), np.array([plinth + 0.5]))
            wall(fabric, where, (u0, u1, plinth, split), holes, "sheet")
            wall(fabric, where, (u0, u1, 0.0, plinth), np.zeros((0, 4)), "plinth_wall")
            fabric.block(where, [(u0, u1, plinth - 0.06, plinth)], (0.0, 0.06), "trim")
            windows(fabric, plan, where, holes, WindowStyle(recess_m=0.08, mullions=4, transoms=(0.5,), bar_m=0.04))
    band = np.zeros((0, 4))
    if eaves - split > 1.5:
        band = grid((0.4, w - 0.4), bays, ((w - 0.8) / bays - 0.5, 0.8), np.array([split + 0.3]))
    wall(fabric, where, (0.0, w, split, eaves), band, "sheet")
    windows(fabric, plan, where, band, WindowStyle(recess_m=0.06, mullions=4, bar_m=0.035, sill_m=0.0))
    _flanks(fabric, plan, plinth)
    _industrial_roof(fabric, plan)
    balcony.drainpipes(fabric, where, edges[[0, -1]].tolist() if bays < 3 else [edges[1], edges[-2]], eaves - 0.1)
    if plan.chance(0.6):
        long = min(6.0, w * 0.4)
        at = plan.pick(0.5, w - long - 0.5)
        shop.board(fabric, plan, where, (at, at + long, eaves - 1.0, eaves - 0.25), 0.1)


def _office_bay(fabric: Fabric, plan: Plan, where: Side, area: tuple[float, float, float, float]) -> None:
    u0, u1, _, top = area
    middle = u0 + 1.0
    hole = np.array([middle - 0.5, middle + 0.5, 0.17, 2.3])
    wall(fabric, where, (u0, u0 + 2.0, 0.0, top), hole[None], "plinth_wall")
    door(fabric, plan, where, hole)
    steps(fabric, where, hole, count=1)
    fabric.block(where, [(u0 + 0.2, u0 + 1.8, 2.45, 2.55)], (0.0, 0.9), "trim", skip=())
    holes = grid((u0 + 2.0, u1), 1, (max(0.5, u1 - u0 - 2.7), 1.2), np.array([1.0]))
    wall(fabric, where, (u0 + 2.0, u1, 0.0, top), holes, "plinth_wall")
    windows(fabric, plan, where, holes, WindowStyle(recess_m=0.12, mullions=2, grille=True))


def _flanks(fabric: Fabric, plan: Plan, plinth_m: float) -> None:
    for name in ("left", "right", "back"):
        side = plan.side(name)
        holes = np.zeros((0, 4))
        if name != "back" and plan.height_m > 5:
            count = max(1, int(side.width_m / 5))
            holes = grid((0.5, side.width_m - 0.5), count, (2.4, 0.9), np.array([plan.height_m - 1.8]))
        wall(fabric, side, (0.0, side.width_m, plinth_m, plan.height_m), holes, "sheet")
        windows(fabric, plan, side, holes, WindowStyle(recess_m=0.06, mullions=2, sill_m=0.0, bar_m=0.04))
        wall(fabric, side, (0.0, side.width_m, 0.0, plinth_m), np.zeros((0, 4)), "plinth_wall")


def _industrial_roof(fabric: Fabric, plan: Plan) -> None:
    w, eaves = plan.width_m, plan.height_m
    if plan.chance(0.6):
        top = roof.gable(fabric, plan, eaves_m=eaves, pitch_deg=plan.pick(7, 16), wall="sheet", slot="roof_sheet")
    else:
        top = _saw_tooth(fabric, plan)
    for _ in range(int(plan.rng.integers(0, 4))):
        x, y = -plan.pick(1.5, plan.depth_m - 1.5), plan.pick(-0.42, 0.42) * w
        high = top + plan.pick(0.4, 1.6)
        fabric.tubes(GROUND, [(x, y, eaves - 0.5), (x, y, high)], 0.28, "duct", segments=10)
        fabric.tubes(GROUND, [(x, y, high + 0.1), (x, y, high + 0.35)], 0.42, "duct", segments=10)


def _saw_tooth(fabric: Fabric, plan: Plan) -> float:
    """Cover the hall with north lights that run from front to back, and return their height."""
    half, eaves = plan.width_m / 2, plan.height_m
    teeth = max(2, round(plan.width_m / 5.5))
    edges, rise = np.linspace(-half, half, teeth + 1), 1.9
    for y0, y1 in pairwise(edges):
        back, crest = -plan.depth_m, y0 + 0.35
        fabric.quads(
            GROUND,
            [(back, crest, eaves + rise), (0.0, crest, eaves + rise), (0.0, y1, eaves), (back, y1, eaves)][::-1],
            "roof_sheet",
        )
        light = [(back, y0, eaves), (0.0, y0, eaves), (0.0, crest, eaves + rise), (back, crest, eaves + rise)]
        fabric.quads(GROUND, light, "window", uv="once", tint=(0.3, 0.3, 0.3, 0.0))
        for x, order in ((0.0, 1), (back, -1)):
            fabric.polygon(GROUND, [(x, y0, eaves), (x, y1, eaves), (x, crest, eaves + rise)][::order], "sheet")
    return eaves + rise


def warehouse(fabric: Fabric, plan: Plan) -> None:
    """Build a warehouse: a big box of panels with a coloured band, loading docks with bumpers, and an office corner."""
    where, w, top = plan.side("front"), plan.width_m, plan.height_m
    sill = 1.15
    docks = max(1, int((w - 6.0) / plan.pick(4.2, 5.5)))
    edges = np.linspace(5.0, w - 0.6, docks + 1)
    high = min(4.4, top - 1.2)
    wall(fabric, where, (w - 0.6, w, 0.0, top), np.zeros((0, 4)), "panel_wall")
    for u0, u1 in pairwise(edges):
        middle, level = (u0 + u1) / 2, 0.0 if plan.chance(0.15) else sill
        hole = np.array([middle - 1.45, middle + 1.45, level, min(level + 3.1, high)])
        wall(fabric, where, (u0, u1, 0.0, top), hole[None], "panel_wall")
        roller_door(fabric, plan, where, hole)
        if level:
            _dock(fabric, where, hole)
    _corner_office(fabric, plan, where, top)
    for name in ("left", "right", "back"):
        side = plan.side(name)
        wall(fabric, side, (0.0, side.width_m, 0.0, top), np.zeros((0, 4)), "panel_wall")
        fabric.block(side, [(0.0, side.width_m, 0.0, 0.5)], (0.0, 0.03), "plinth")
    for name in ("front", "left", "right"):
        side = plan.side(name)
        fabric.block(side, [(0.0, side.width_m, top - 0.75, top - 0.35)], (0.0, 0.03), "stripe")
    roof.flat(fabric, plan, top_m=top, deck_m=top - 0.5, cap="trim")
    roof.boxes_on_roof(fabric, plan, deck_m=top - 0.5, count=5)
    balcony.drainpipes(fabric, where, [5.0, w - 0.3], top - 0.8)
    long = min(9.0, w * 0.45)
    shop.board(fabric, plan, where, (w - long - 1.2, w - 1.2, top - 1.9, top - 0.95), 0.08)


def _dock(fabric: Fabric, where: Side, hole: Rects) -> None:
    u0, u1, z0, z1 = hole
    fabric.block(
        where, [(u0 - 0.45, u0 - 0.12, z0, z1 + 0.55), (u1 + 0.12, u1 + 0.45, z0, z1 + 0.55)], (0.0, 0.5), "dark"
    )
    fabric.block(where, [(u0 - 0.12, u1 + 0.12, z1 + 0.36, z1 + 0.8)], (0.0, 0.5), "dark")
    fabric.block(
        where,
        [(u0 + 0.2, u0 + 0.45, z0 - 0.5, z0 - 0.02), (u1 - 0.45, u1 - 0.2, z0 - 0.5, z0 - 0.02)],
        (0.0, 0.14),
        "rubber",
    )
    fabric.block(where, [(u0 + 0.5, u1 - 0.5, z0 - 0.08, z0)], (-0.2, 0.3), "hazard", skip=())


def _corner_office(fabric: Fabric, plan: Plan, where: Side, top: float) -> None:
    floors = np.arange(1.0, top - 2.6, 3.0)
    holes = grid((1.9, 4.8), 1, (2.4, 1.4), floors)
    wall(fabric, where, (1.8, 5.0, 0.0, top), holes, "panel_wall")
    windows(fabric, plan, where, holes, WindowStyle(recess_m=0.1, mullions=2, sill_m=0.05))
    hole = np.array([0.5, 1.5, 0.17, 2.35])
    wall(fabric, where, (0.0, 1.8, 0.0, top), hole[None], "panel_wall")
    door(fabric, plan, where, hole)
    steps(fabric, where, hole, count=1)
    fabric.block(where, [(0.2, 2.0, 2.6, 2.7)], (0.0, 1.0), "trim", skip=())
