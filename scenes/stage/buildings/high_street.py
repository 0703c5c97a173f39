"""Shop houses of a South or East Asian high street: shops that open wide, signs over signs, living floors above."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scenes.stage.buildings import balcony, roof, shop
from scenes.stage.buildings.block import plain_sides, storeys
from scenes.stage.buildings.fabric import GROUND, Fabric, Rects, Side
from scenes.stage.buildings.plan import Plan
from scenes.stage.buildings.window import WindowStyle, fences, grid, wall, windows


def shop_house(fabric: Fabric, plan: Plan) -> None:
    """Build two to four floors over a row of shops."""
    ground = min(plan.pick(3.5, 4.0), plan.height_m - 0.6)
    floors, floor = storeys(plan, ground, 0.9, 3.1)
    where, units = plan.side("front"), max(1, round(plan.width_m / plan.pick(3.2, 4.4)))
    edges = np.linspace(0, plan.width_m, units + 1)
    for u0, u1 in pairwise(edges):
        made = shop.draw_shop(plan, (u0, u1), 2.75, closed=0.25, opened=0.4)
        wall(fabric, where, (u0, u1, 0.0, ground), made.hole, "wall_ground")
        shop.build_shop(fabric, plan, where, made)
        if made.kind != "closed" and plan.chance(0.5):
            shop.awning(fabric, plan, where, made)
    sills = ground + np.arange(floors) * floor
    for u0, u1 in pairwise(edges):
        _unit(fabric, plan, where, (u0, u1, ground, plan.height_m), sills)
    _signs(fabric, plan, where, edges, sills)
    balcony.cables(fabric, plan, where, ground - 0.1)
    balcony.cables(fabric, plan, where, ground + 0.3)
    pipes = edges[1:-1][plan.rng.random(len(edges) - 2) < 0.6] if len(edges) > 2 else np.array([0.15])
    balcony.drainpipes(fabric, where, pipes.tolist(), plan.height_m - 0.2, foot_m=2.9 if len(edges) > 2 else 0.1)
    plain_sides(fabric, plan, plan.height_m, columns=0, floors=sills)
    roof.flat(fabric, plan, top_m=plan.height_m, deck_m=plan.height_m - 0.9, cap="slab")
    _roof_life(fabric, plan)


def _unit(fabric: Fabric, plan: Plan, where: Side, area: tuple[float, float, float, float], sills: Rects) -> None:
    """Build the floors above one shop, each owner's in a way of their own."""
    u0, u1, _, _ = area
    count = int(plan.rng.integers(1, 3))
    recessed = plan.chance(0.4)
    slot = str(plan.rng.choice(["wall", "wall", "wall_second", "gable"]))
    size = (min(1.9, (u1 - u0) / count - 0.5), 1.4)
    if recessed:
        size, count = (min(2.4, u1 - u0 - 0.6), 2.2), 1
    holes = grid((u0, u1), count, size, sills + (0.06 if recessed else 0.95))
    wall(fabric, where, area, holes, slot)
    grille = plan.chance(0.6)
    style = WindowStyle(recess_m=0.14, mullions=1 + int(size[0] > 1.4), transoms=(0.72,), sill_m=0.06, grille=grille)
    windows(fabric, plan, where, holes, style)
    if recessed:
        rects = np.column_stack([0 * sills + u0 + 0.15, 0 * sills + u1 - 0.15, sills + 0.05, sills + 1.0])
        balcony.balconies(fabric, plan, where, rects, deep_m=0.85, rail=str(plan.rng.choice(["bars", "panel"])))
    else:
        shade = np.column_stack([holes[:, 0] - 0.2, holes[:, 1] + 0.2, holes[:, 3] + 0.1, holes[:, 3] + 0.18])
        fabric.block(where, shade, (0.0, 0.5), "slab", skip=("back",))
        some = plan.rng.random(len(holes)) < 0.5
        balcony.air_conditioners(fabric, where, np.column_stack([holes[:, 0] + 0.1, holes[:, 2] - 0.85])[some])
    fabric.block(where, [(u0, u0 + 0.12, area[2], area[3])], (0.0, 0.1), slot)
    fabric.block(where, [(u0, u1, area[3] - 0.18, area[3])], (0.0, 0.12), "slab")


def _signs(fabric: Fabric, plan: Plan, where: Side, edges: Rects, sills: Rects) -> None:
    """Hang boards over the boards, and blades along the joints."""
    for u0, u1 in pairwise(edges):
        for z in sills[:2]:
            if plan.chance(0.35):
                high = plan.pick(0.6, 1.0)
                left, right = u0 + plan.pick(0.1, 0.5), u1 - plan.pick(0.1, 0.5)
                shop.board(fabric, plan, where, (left, right, z - 0.1, z - 0.1 + high), plan.pick(0.55, 0.7))
        if len(sills) and plan.chance(0.45):
            high = min(plan.pick(1.2, 3.2), plan.height_m - sills[0] - 0.3)
            shop.blade(fabric, plan, where, (u1 - 0.2, sills[0] + 0.1, sills[0] + 0.1 + high), plan.pick(0.5, 0.8))


def _roof_life(fabric: Fabric, plan: Plan) -> None:
    """Stand water tanks, a stair hut and starter bars for the next floor on the roof; rail its edge."""
    top, deck = plan.height_m, plan.height_m - 0.9
    for _ in range(int(plan.rng.integers(1, 4))):
        x, y = -plan.pick(1.5, plan.depth_m - 1.5), plan.pick(-0.4, 0.4) * plan.width_m
        fabric.boxes(GROUND, (x - 0.6, y - 0.6, deck), (x + 0.6, y + 0.6, top + 0.1), "gable")
        fabric.tubes(GROUND, [(x, y, top + 0.1), (x, y, top + 1.3)], 0.55, "tank", segments=12)
        angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
        lid = np.stack([x + 0.55 * np.cos(angles), y + 0.55 * np.sin(angles), 0 * angles + top + 1.3], axis=-1)
        fabric.polygon(GROUND, lid, "tank")
    if plan.chance(0.6) and plan.depth_m > 5:
        x, y = -plan.depth_m * 0.6, plan.pick(-0.3, 0.3) * plan.width_m
        fabric.boxes(GROUND, (x - 1.4, y - 1.4, deck), (x + 1.4, y + 1.4, deck + 2.6), "gable")
    if plan.chance(0.5):
        fences(
            fabric,
            plan.side("front"),
            np.array([(0.1, plan.width_m - 0.1, top + 0.06, top + 0.8)]),
            -0.15,
            spacing_m=0.3,
        )
    for y in np.linspace(-plan.width_m / 2 + 0.3, plan.width_m / 2 - 0.3, 4) if plan.chance(0.4) else ():
        for shift in (-0.09, 0.09):
            high = top + plan.pick(0.7, 1.1)
            fabric.tubes(GROUND, [(-0.4, y + shift, top), (-0.4, y + shift, high)], 0.012, "rust", segments=4)
