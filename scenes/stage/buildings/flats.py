"""Modern blocks of flats: concrete and plaster, stacked balconies, air conditioners, a flat roof."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scenes.stage.buildings import balcony, roof, shop
from scenes.stage.buildings.block import plain_sides, storeys
from scenes.stage.buildings.entrance import door, garage_door, steps
from scenes.stage.buildings.fabric import Fabric, Rects, Side
from scenes.stage.buildings.plan import Plan
from scenes.stage.buildings.window import WindowStyle, grid, wall, windows


def apartment(fabric: Fabric, plan: Plan) -> None:
    """Build a block of flats in columns of balconies and windows over an entrance floor."""
    ground = min(plan.pick(2.9, 3.5), plan.height_m - 0.4)
    floors, floor = storeys(plan, ground, 0.5, 2.85)
    where, columns = plan.side("front"), max(2, round(plan.width_m / plan.pick(3.1, 3.9)))
    edges = np.linspace(0, plan.width_m, columns + 1)
    hung = np.arange(columns) % 2 == int(plan.rng.integers(2)) if plan.chance(0.7) else np.ones(columns, dtype=bool)
    rail = str(plan.rng.choice(["bars", "panel", "glass"]))
    second = plan.chance(0.6)
    sills = ground + np.arange(floors) * floor
    for index in range(columns):
        area = (edges[index], edges[index + 1], ground, plan.height_m)
        slot = "wall_second" if second and hung[index] else "wall"
        build = _balcony_column if hung[index] else _window_column
        build(fabric, plan, where, area, (sills, slot, rail))
    _street_floor(fabric, plan, where, edges, ground)
    _sides(fabric, plan, sills)
    lines = np.array([(0.0, plan.width_m, z - 0.09, z + 0.03) for z in sills])
    if plan.chance(0.5) and floors:
        fabric.block(where, lines, (0.0, 0.05), "slab")
    balcony.drainpipes(fabric, where, [edges[1]] if columns > 2 else [0.2], plan.height_m - 0.3)
    roof.flat(fabric, plan, top_m=plan.height_m, deck_m=plan.height_m - 0.5, cap="metal")
    roof.boxes_on_roof(fabric, plan, deck_m=plan.height_m - 0.5, count=4)


def _balcony_column(
    fabric: Fabric, plan: Plan, where: Side, area: tuple[float, float, float, float], how: tuple[Rects, str, str]
) -> None:
    u0, u1, _, _ = area
    sills, slot, rail = how
    door_holes = grid((u0, u1), 1, (min(2.1, u1 - u0 - 0.7), 2.15), sills + 0.08)
    wall(fabric, where, area, door_holes, slot)
    style = WindowStyle(recess_m=0.14, bar_m=0.07, mullions=1, sill_m=0.0, roller=True)
    windows(fabric, plan, where, door_holes, style)
    inset = 0.12
    rects = np.column_stack([0 * sills + u0 + inset, 0 * sills + u1 - inset, sills + 0.04, sills + 1.06])
    balcony.balconies(fabric, plan, where, rects, deep_m=plan.pick(1.1, 1.6), rail=rail)
    some = plan.rng.random(len(sills)) < 0.3
    balcony.air_conditioners(fabric, where, np.column_stack([0 * sills + u1 - 1.05, sills + 2.0])[some])
    some = plan.rng.random(len(sills)) < 0.2
    balcony.dishes(fabric, plan, where, np.column_stack([0 * sills + u0 + 0.35, sills + 1.5])[some])


def _window_column(
    fabric: Fabric, plan: Plan, where: Side, area: tuple[float, float, float, float], how: tuple[Rects, str, str]
) -> None:
    u0, u1, _, _ = area
    sills, slot, _ = how
    wide = min(float(plan.rng.choice([1.2, 1.6, 2.1])), u1 - u0 - 0.6)
    holes = grid((u0, u1), 1, (wide, 1.4), sills + 0.92)
    wall(fabric, where, area, holes, slot)
    windows(fabric, plan, where, holes, WindowStyle(recess_m=0.12, bar_m=0.06, mullions=int(wide > 1.3), roller=True))
    some = plan.rng.random(len(sills)) < 0.3
    spots = np.column_stack([np.full(len(sills), (u0 + u1) / 2 - 0.4), sills + 0.2])[some]
    balcony.air_conditioners(fabric, where, spots)


def _street_floor(fabric: Fabric, plan: Plan, where: Side, edges: Rects, ground_m: float) -> None:
    """Put an entrance under a canopy in the middle, and shops, garages or flats beside it."""
    entrance, use = len(edges) // 2 - 1, str(plan.rng.choice(["shops", "garages", "flats", "flats"]))
    for index, (u0, u1) in enumerate(pairwise(edges)):
        area = (u0, u1, 0.0, ground_m)
        if index == entrance:
            _hall_door(fabric, plan, where, area)
        elif use == "shops":
            made = shop.draw_shop(plan, (u0, u1), min(2.6, ground_m - 0.5), closed=0.3, opened=0.0)
            made = shop.Shop(span_m=made.span_m, top_m=made.top_m, fascia_m=0.45, kind=made.kind, riser_m=0.12)
            wall(fabric, where, area, made.hole, "wall_ground")
            shop.build_shop(fabric, plan, where, made)
        elif use == "garages":
            hole = np.array([u0 + 0.35, u1 - 0.35, 0.0, 2.2])
            wall(fabric, where, area, hole[None], "wall_ground")
            garage_door(fabric, where, hole)
        else:
            holes = grid((u0, u1), 1, (min(1.5, u1 - u0 - 0.7), 1.35), np.array([1.1]))
            wall(fabric, where, area, holes, "wall_ground")
            windows(fabric, plan, where, holes, WindowStyle(recess_m=0.12, roller=True, grille=True))


def _hall_door(fabric: Fabric, plan: Plan, where: Side, area: tuple[float, float, float, float]) -> None:
    u0, u1, _, _ = area
    middle = (u0 + u1) / 2
    hole = np.array([middle - 0.65, middle + 0.65, 0.16, 2.4])
    wall(fabric, where, area, hole[None], "wall_ground")
    door(fabric, plan, where, hole, recess_m=0.3)
    steps(fabric, where, hole, count=1, tread_m=0.5)
    fabric.block(where, [(u0 + 0.3, u1 - 0.3, 2.55, 2.7)], (0.0, 1.3), "slab")


def _sides(fabric: Fabric, plan: Plan, sills: Rects) -> None:
    if plan.chance(0.4):
        plain_sides(fabric, plan, plan.height_m, columns=0, floors=sills)
        return
    columns = max(1, int((plan.depth_m - 1.5) / 3.4))
    plain_sides(fabric, plan, plan.height_m, columns=columns, floors=sills + 0.92, slot="gable")
