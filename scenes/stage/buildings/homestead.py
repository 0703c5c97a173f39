"""Houses that stand alone: one-family houses of a suburb, farmhouses and barns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenes.stage.buildings import balcony, roof
from scenes.stage.buildings.entrance import door, garage_door, steps
from scenes.stage.buildings.fabric import Fabric, Side
from scenes.stage.buildings.plan import Plan
from scenes.stage.buildings.window import WindowStyle, grid, wall, windows
from scenes.stage.mesh import Points

EAVES_M = 6.2
"""Homes have two floors at most."""


def detached(fabric: Fabric, plan: Plan) -> None:
    """Build a one-family house, with a garage beside it where there is room."""
    eaves = min(plan.height_m, EAVES_M)
    garage = plan.width_m >= 9 and plan.chance(0.75)
    wide = 3.4 if plan.width_m < 12 else min(5.6, plan.width_m - 8)
    body = replace(plan, width_m=plan.width_m - wide, height_m=eaves) if garage else replace(plan, height_m=eaves)
    shift = (-1 if plan.chance(0.5) else 1) * wide / 2 if garage else 0.0
    house = Fabric(part=fabric.part)
    _home(house, body, upper=eaves > 4.6)
    fabric.join(house, (0.0, shift, 0.0))
    if garage:
        side = Fabric(part=fabric.part)
        _garage(side, replace(plan, width_m=wide, depth_m=min(6.5, plan.depth_m), height_m=2.7))
        fabric.join(side, (-0.7 if plan.depth_m > 7 else 0.0, -np.sign(shift) * (plan.width_m - wide) / 2, 0.0))


def _home(fabric: Fabric, plan: Plan, *, upper: bool) -> None:
    where, w, eaves = plan.side("front"), plan.width_m, plan.height_m
    style = WindowStyle(
        recess_m=plan.pick(0.08, 0.14),
        mullions=int(plan.rng.integers(1, 3)),
        transoms=[(), (0.7,), (0.5,)][int(plan.rng.integers(3))],
        surround=str(plan.rng.choice(["none", "lintel", "band"])),
        shutters=plan.chance(0.25),
    )
    bays = max(2, round(w / 3.0))
    slot = "wall_second" if upper and plan.chance(0.4) else "wall"
    split = 2.85 if upper else eaves
    if upper:
        holes = grid((0, w), bays, (plan.pick(1.0, 1.4), 1.2), np.array([split + min(0.95, eaves - split - 1.5)]))
        wall(fabric, where, (0.0, w, split, eaves), holes, slot)
        windows(fabric, plan, where, holes, style)
    entrance = int(plan.rng.integers(bays))
    edges = np.linspace(0, w, bays + 1)
    for index in range(bays):
        area = (edges[index], edges[index + 1], 0.0, split)
        if index == entrance:
            _porch(fabric, plan, where, area)
            continue
        holes = grid(area[:2], 1, (min(1.9, (area[1] - area[0]) * 0.55), 1.35), np.array([0.95]))
        wall(fabric, where, area, holes, "wall")
        windows(fabric, plan, where, holes, style)
        if plan.chance(0.3):
            u0, u1, z0, _ = holes[0]
            balcony.flowers(fabric, plan, where, np.array([u0, u1, z0 - 0.14, 0.1]))
    fabric.block(where, [(0.0, w, 0.0, 0.35)], (0.0, 0.03), "plinth")
    _flanks(fabric, plan, style, split, slot)
    ridge = roof.gable(
        fabric, plan, eaves_m=eaves, pitch_deg=plan.pick(28, 45), overhang_m=plan.pick(0.35, 0.6), wall=slot
    )
    roof.chimneys(fabric, plan, foot_m=ridge - 1.2, top_m=ridge + plan.pick(0.5, 1.0), count=1)
    if plan.chance(0.4) and ridge - eaves > 2.6:
        roof.dormers(fabric, plan, base_m=eaves + 0.45, count=max(1, bays - 1), size_m=(1.2, 1.35), back_m=0.9)
    balcony.drainpipes(fabric, where, [0.12, w - 0.12], eaves - 0.25)


def _porch(fabric: Fabric, plan: Plan, where: Side, area: tuple[float, float, float, float]) -> None:
    u0, u1, _, top = area
    middle, rise = (u0 + u1) / 2, 0.34
    hole = np.array([middle - 0.5, middle + 0.5, rise, rise + 2.1])
    wall(fabric, where, area, hole[None], "wall")
    door(fabric, plan, where, hole)
    steps(fabric, where, hole, count=2)
    if not plan.chance(0.65):
        return
    reach, half, head = 1.3, min(1.2, (u1 - u0) / 2 - 0.05), min(2.6, top - 0.15)
    slope = [(middle - half, head, reach), (middle + half, head, reach)]
    slope += [(middle + half, head + 0.55, 0.0), (middle - half, head + 0.55, 0.0)]
    fabric.quads(where, slope, "roof")
    fabric.block(where, [(middle - half, middle + half, head - 0.14, head)], (0.0, reach), "trim", skip=("back",))
    for u, order in ((middle - half, 1), (middle + half, -1)):
        fabric.polygon(where, [(u, head, 0.0), (u, head, reach), (u, head + 0.55, 0.0)][::order], "trim")
    posts = np.array([middle - half + 0.03, middle + half - 0.15])
    rect = np.column_stack([posts, posts + 0.12, 0 * posts, 0 * posts + head - 0.14])
    fabric.block(where, rect, (reach - 0.15, reach - 0.03), "trim", skip=())


def _flanks(fabric: Fabric, plan: Plan, style: WindowStyle, split_m: float, slot: str) -> None:
    for name in ("left", "right", "back"):
        where = plan.side(name)
        levels = [(0.0, split_m, "wall")]
        if split_m < plan.height_m:
            levels.append((split_m, plan.height_m, slot))
        for low, high, shown in levels:
            holes = np.zeros((0, 4))
            if name != "back" and high - low > 2.2:
                holes = grid(
                    (0.8, where.width_m - 0.8), max(1, int(where.width_m / 4)), (1.0, 1.15), np.array([low + 0.95])
                )
            wall(fabric, where, (0.0, where.width_m, low, high), holes, shown)
            windows(fabric, plan, where, holes, replace(style, shutters=False))


def _garage(fabric: Fabric, plan: Plan) -> None:
    where, w, top = plan.side("front"), plan.width_m, plan.height_m
    doors = 2 if w > 5.2 else 1
    for u0, u1 in np.linspace(0, w, doors + 1)[[[i, i + 1] for i in range(doors)]]:
        hole = np.array([u0 + 0.3, u1 - 0.3, 0.0, 2.15])
        wall(fabric, where, (u0, u1, 0.0, top), hole[None], "wall")
        garage_door(fabric, where, hole)
    for name in ("left", "right", "back"):
        side = plan.side(name)
        wall(fabric, side, (0.0, side.width_m, 0.0, top), np.zeros((0, 4)), "wall")
    if plan.chance(0.5):
        roof.gable(fabric, plan, eaves_m=top, pitch_deg=24, overhang_m=0.3)
    else:
        roof.flat(fabric, plan, top_m=top + 0.2, deck_m=top - 0.02, cap="metal")
        for name in ("front", "left", "right", "back"):
            side = plan.side(name)
            fabric.rects(side, [(0.0, side.width_m, top, top + 0.2)], 0.0, "trim")


def farm(fabric: Fabric, plan: Plan) -> None:
    """Build a barn or a farmhouse."""
    plan = replace(plan, height_m=min(plan.height_m, EAVES_M))
    if plan.chance(0.45):
        _home(fabric, plan, upper=plan.height_m > 4.6)
        return
    where, w, eaves = plan.side("front"), plan.width_m, plan.height_m
    middle = w * plan.pick(0.35, 0.65)
    half, high = min(2.1, w * 0.2), min(4.2, eaves - 0.5)
    gate = np.array([middle - half, middle + half, 0.0, high])
    wall(fabric, where, (0.0, middle - half - 0.01, 0.0, eaves), _slits(0.4, middle - half - 0.4, eaves), "barn")
    wall(fabric, where, (middle + half + 0.01, w, 0.0, eaves), _slits(middle + half + 0.4, w - 0.4, eaves), "barn")
    wall(fabric, where, (middle - half - 0.01, middle + half + 0.01, 0.0, eaves), gate[None], "barn")
    for holes in (_slits(0.4, middle - half - 0.4, eaves), _slits(middle + half + 0.4, w - 0.4, eaves)):
        windows(fabric, plan, where, holes, WindowStyle(recess_m=0.12, mullions=1, transoms=(0.5,), sill_m=0.04))
    _barn_gate(fabric, plan, where, gate)
    for name in ("left", "right", "back"):
        side = plan.side(name)
        wall(fabric, side, (0.0, side.width_m, 0.0, eaves), np.zeros((0, 4)), "barn")
    roof.gable(fabric, plan, eaves_m=eaves, pitch_deg=plan.pick(32, 46), overhang_m=0.5, wall="barn")
    balcony.drainpipes(fabric, where, [0.15, w - 0.15], eaves - 0.3)


def _slits(u0: float, u1: float, eaves_m: float) -> Points:
    if u1 - u0 < 1.6 or eaves_m < 2.6:
        return np.zeros((0, 4))
    return grid((u0, u1), max(1, int((u1 - u0) / 2.6)), (0.9, 0.7), np.array([1.5]))


def _barn_gate(fabric: Fabric, plan: Plan, where: Side, gate: Points) -> None:
    """Hang two boarded leaves with braces on a rail; sometimes one is pushed aside and shows the dark inside."""
    u0, u1, z0, z1 = gate
    middle = (u0 + u1) / 2
    ajar = plan.pick(0.5, 0.9) * (middle - u0) if plan.chance(0.35) else 0.0
    fabric.rects(where, [gate], -0.6, "dark")
    for low, high in ((u0 - ajar, middle - ajar), (middle, u1)):
        fabric.block(where, [(low, high, z0 + 0.05, z1)], (0.05, 0.11), "barn_gate")
        rails = [(low, high, z, z + 0.16) for z in (0.25, (z0 + z1) / 2, z1 - 0.3)]
        fabric.block(where, rails, (0.11, 0.14), "trim", skip=("back",))
        fabric.block(
            where, [(low, low + 0.16, 0.25, z1 - 0.14), (high - 0.16, high, 0.25, z1 - 0.14)], (0.11, 0.145), "trim"
        )
    fabric.block(where, [(u0 - (middle - u0), u1, z1, z1 + 0.12)], (0.0, 0.16), "metal", skip=())
