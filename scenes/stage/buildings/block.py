"""Houses of a city block: European terraces, modern flats, offices, and high-street shop houses."""

from __future__ import annotations

import numpy as np

from scenes.stage.buildings import balcony, roof, shop
from scenes.stage.buildings.entrance import door, steps
from scenes.stage.buildings.fabric import Fabric, Rects, Side
from scenes.stage.buildings.plan import Plan
from scenes.stage.buildings.window import WindowStyle, fences, grid, panes, wall, windows


def plain_sides(fabric: Fabric, plan: Plan, top_m: float, *, columns: int, floors: Rects, slot: str = "gable") -> None:
    """Close the sides with few windows, and the back without any."""
    style = WindowStyle(recess_m=0.12, sill_m=0.05, mullions=0, transoms=(0.5,))
    for name in ("left", "right"):
        where = plan.side(name)
        holes = grid((1.0, where.width_m - 1.0), columns, (0.85, 1.25), floors) if columns else np.zeros((0, 4))
        wall(fabric, where, (0.0, where.width_m, 0.0, top_m), holes, slot)
        windows(fabric, plan, where, holes, style)
    where = plan.side("back")
    wall(fabric, where, (0.0, where.width_m, 0.0, top_m), np.zeros((0, 4)), slot)


def storeys(plan: Plan, ground_m: float, crown_m: float, typical_m: float) -> tuple[int, float]:
    """Return how many floors fit between ground floor and crown, and the height of each."""
    room = plan.height_m - ground_m - crown_m
    count = max(0, round(room / typical_m))
    return count, room / count if count else 0.0


def terrace(fabric: Fabric, plan: Plan) -> None:
    """Build a house of a European street: shops or a plinth, floors of tall windows, a cornice, and a steep roof."""
    ground, crown = min(plan.pick(3.6, 4.2), plan.height_m - 0.6), 0.55
    floors, floor = storeys(plan, ground, crown, plan.pick(3.0, 3.5))
    where, bays = plan.side("front"), max(2, round(plan.width_m / plan.pick(2.3, 3.1)))
    bay = plan.width_m / bays
    wide = float(np.clip(bay * plan.pick(0.36, 0.48), 0.85, 1.4))
    surround = str(plan.rng.choice(["none", "band", "hood", "lintel", "band"]))
    shutters = plan.chance(0.3) and surround in ("none", "lintel") and bay > 2.3 * wide
    style = WindowStyle(
        recess_m=plan.pick(0.14, 0.26),
        transoms=[(0.7,), (0.5,), (0.33, 0.66), ()][int(plan.rng.integers(4))],
        surround=surround,
        shutters=shutters,
    )
    high = min(plan.pick(1.65, 2.15), floor - 1.05) if floors else 0.0
    sills = ground + np.arange(floors) * floor + (floor - high) * 0.62
    holes = grid((0, plan.width_m), bays, (wide, high), sills)
    wall(fabric, where, (0.0, plan.width_m, ground, plan.height_m), holes, "wall")
    windows(fabric, plan, where, holes, style)
    _ground_floor(fabric, plan, where, ground, bays)
    _orders(fabric, plan, where, ground, floor)
    if floors > 1:
        _terrace_balconies(fabric, plan, where, holes.reshape(floors, bays, 4), bay)
    plain_sides(fabric, plan, plan.height_m, columns=2 if plan.chance(0.5) else 0, floors=sills)
    balcony.drainpipes(fabric, where, [0.25] if plan.chance(0.5) else [plan.width_m - 0.25], plan.height_m - crown)
    _terrace_roof(fabric, plan, bays)


def _ground_floor(fabric: Fabric, plan: Plan, where: Side, ground_m: float, bays: int) -> None:
    """Divide the ground floor into shops and an entrance, or windows over a plinth."""
    slot = "wall_ground" if plan.chance(0.65) else "wall"
    entrance = int(plan.rng.integers(bays))
    edges = np.linspace(0, plan.width_m, bays + 1)
    shops = plan.chance(0.7) and ground_m > 3.2
    _entrance(fabric, plan, where, (edges[entrance], edges[entrance + 1], ground_m), slot)
    for low, high in ((0, entrance), (entrance + 1, bays)):
        for start in range(low, high, 2):
            area = (edges[start], edges[min(start + 2, high)], ground_m)
            _front(fabric, plan, where, area, slot, shops=shops)


def _front(
    fabric: Fabric, plan: Plan, where: Side, area: tuple[float, float, float], slot: str, *, shops: bool
) -> None:
    u0, u1, top = area
    if not shops:
        count = max(1, round((u1 - u0) / 2.8))
        holes = grid((u0, u1), count, (min(1.15, 0.6 * (u1 - u0)), min(1.7, top - 1.6)), np.array([1.15]))
        wall(fabric, where, (u0, u1, 0.0, top), holes, slot)
        windows(fabric, plan, where, holes, WindowStyle(transoms=(0.7,), grille=plan.chance(0.3)))
        fabric.block(where, [(u0, u1, 0.0, 0.75)], (0.0, 0.05), "stone")
        return
    made = shop.draw_shop(plan, (u0, u1), min(2.9, top - 0.85), closed=0.2, opened=0.0)
    wall(fabric, where, (u0, u1, 0.0, top), made.hole, slot)
    shop.build_shop(fabric, plan, where, made)
    if made.kind != "closed" and plan.chance(0.35):
        shop.awning(fabric, plan, where, made)
    if plan.chance(0.35):
        shop.blade(fabric, plan, where, (u1 - 0.3, made.top_m + 0.75, made.top_m + 1.4), 0.6)


def _entrance(fabric: Fabric, plan: Plan, where: Side, area: tuple[float, float, float], slot: str) -> None:
    u0, u1, top = area
    wide, high = min(1.3, u1 - u0 - 0.5), min(2.75, top - 0.5)
    middle = (u0 + u1) / 2
    hole = np.array([[middle - wide / 2, middle + wide / 2, 0.15, 0.15 + high]])
    wall(fabric, where, (u0, u1, 0.0, top), hole, slot)
    door(fabric, plan, where, hole[0], recess_m=0.32, fanlight=True)
    steps(fabric, where, hole[0], count=1)
    trim = (hole[0, 0] - 0.18, hole[0, 1] + 0.18)
    fabric.block(
        where, [(trim[0], hole[0, 0], 0.0, hole[0, 3]), (hole[0, 1], trim[1], 0.0, hole[0, 3])], (0, 0.06), "stone"
    )
    fabric.block(where, [(trim[0], trim[1], hole[0, 3], hole[0, 3] + 0.2)], (0.0, 0.08), "stone")


def _orders(fabric: Fabric, plan: Plan, where: Side, ground_m: float, floor_m: float) -> None:
    """Put string courses, quoins or pilasters, and the cornice on the front."""
    w, top = plan.width_m, plan.height_m
    fabric.block(where, [(0.0, w, ground_m - 0.22, ground_m)], (0.0, 0.11), "stone")
    fabric.block(where, [(0.0, w, ground_m - 0.06, ground_m)], (0.11, 0.17), "stone")
    for low, high, out in ((0.55, 0.32, 0.1), (0.32, 0.14, 0.26), (0.14, 0.0, 0.38)):
        fabric.block(where, [(0.0, w, top - low, top - high)], (0.0, out), "stone", skip=("back",))
    if plan.chance(0.4):
        teeth = np.arange(0.1, w - 0.2, 0.42)
        rect = np.column_stack([teeth, teeth + 0.18, 0 * teeth + top - 0.42, 0 * teeth + top - 0.32])
        fabric.block(where, rect, (0.1, 0.22), "stone")
    if plan.chance(0.4) and floor_m:
        lines = np.arange(ground_m + floor_m, top - 1.0, floor_m)
        fabric.block(where, [(0.0, w, z - 0.06, z + 0.06) for z in lines], (0.0, 0.07), "stone")
    choice = plan.rng.random()
    if choice < 0.35:
        z = np.arange(ground_m, top - 0.95, 0.38)
        wide = np.where(np.arange(len(z)) % 2, 0.34, 0.52)
        fabric.block(where, np.column_stack([0 * z, wide, z, z + 0.36]), (0.0, 0.035), "stone")
        fabric.block(where, np.column_stack([w - wide, 0 * z + w, z, z + 0.36]), (0.0, 0.035), "stone")
    elif choice < 0.55:
        fabric.block(where, [(u, u + 0.42, ground_m, top - 0.55) for u in (0.0, w - 0.42)], (0.0, 0.07), "stone")


def _terrace_balconies(fabric: Fabric, plan: Plan, where: Side, holes: Rects, bay_m: float) -> None:
    """Hang balconies on the first floor, on some columns, or nowhere."""
    habit = str(plan.rng.choice(["none", "first", "columns", "french"]))
    floors, bays = holes.shape[:2]
    if habit == "none":
        return
    if habit == "french":
        low = holes[..., 2].ravel()
        some = holes.reshape(-1, 4)
        rails = np.column_stack([some[:, 0], some[:, 1], low + 0.02, low + 0.75])
        fences(fabric, where, rails, 0.05, spacing_m=0.17)
        return
    columns = np.arange(bays) if habit == "first" else np.arange(int(plan.rng.integers(2)), bays, 2)
    levels = np.arange(1) if habit == "first" else np.arange(floors - 1)
    chosen = holes[np.ix_(levels, columns)].reshape(-1, 4)
    middle = chosen[:, :2].mean(axis=1)
    reach = min(0.46 * bay_m, 1.3)
    floor = chosen[:, 2] - 0.28
    rects = np.column_stack([middle - reach, middle + reach, floor, floor + 0.98])
    balcony.balconies(fabric, plan, where, rects, deep_m=plan.pick(0.6, 0.95), rail="bars")


def _terrace_roof(fabric: Fabric, plan: Plan, bays: int) -> None:
    choice, top = plan.rng.random(), plan.height_m
    if choice < 0.4 and plan.depth_m > 6:
        roof.mansard(fabric, plan, base_m=top)
        roof.dormers(fabric, plan, base_m=top + 0.35, count=max(1, bays - 1), size_m=(1.15, 1.75), back_m=0.25)
        roof.chimneys(fabric, plan, foot_m=top + 2.5, top_m=top + 4.9, count=2)
    elif choice < 0.8 and plan.depth_m > 5:
        ridge = roof.gable(fabric, plan, eaves_m=top, pitch_deg=plan.pick(30, 42), overhang_m=0.42, wall="gable")
        if plan.chance(0.5):
            roof.dormers(fabric, plan, base_m=top + 0.5, count=max(1, bays // 2), size_m=(1.1, 1.5), back_m=1.0)
        roof.chimneys(fabric, plan, foot_m=ridge - 1.4, top_m=ridge + 0.9, count=2)
    else:
        roof.flat(fabric, plan, top_m=top + 0.5, deck_m=top - 0.1)
        for name, slot in (("front", "wall"), ("left", "gable"), ("right", "gable"), ("back", "gable")):
            where = plan.side(name)
            fabric.rects(where, [(0.0, where.width_m, top, top + 0.5)], 0.0, slot)
        roof.boxes_on_roof(fabric, plan, deck_m=top - 0.1, count=3)


def office(fabric: Fabric, plan: Plan) -> None:
    """Build an office: a lobby, and a curtain wall of glass, of bands, or between fins."""
    kind = str(plan.rng.choice(["glass", "band", "fins"]))
    ground = min(4.4, plan.height_m - 0.8)
    floors, floor = storeys(plan, ground, 0.8, 3.6)
    pitch = plan.pick(1.35, 1.8) if kind != "fins" else plan.pick(1.0, 1.4)
    for name in ("front", "left", "right"):
        where = plan.side(name)
        _curtain(fabric, plan, where, (ground, floors, floor, pitch), kind)
    wall(fabric, plan.side("back"), (0.0, plan.width_m, 0.0, plan.height_m), np.zeros((0, 4)), "gable")
    where = plan.side("front")
    _lobby(fabric, plan, where, ground)
    roof.flat(fabric, plan, top_m=plan.height_m, deck_m=plan.height_m - 0.7, cap="mullion")
    roof.boxes_on_roof(fabric, plan, deck_m=plan.height_m - 0.7, count=5)


def _curtain(fabric: Fabric, plan: Plan, where: Side, sizes: tuple[float, int, float, float], kind: str) -> None:
    ground, floors, floor, pitch = sizes
    w, top = where.width_m, plan.height_m
    columns = max(1, round(w / pitch))
    pitch = w / columns
    spandrel = {"glass": 0.9, "band": 1.35, "fins": 0.7}[kind]
    sills = ground + np.arange(floors) * floor + spandrel
    holes = grid((0, w), columns, (pitch, floor - spandrel), sills)
    panes(fabric, plan, where, holes, -0.06, luminance_cd_m2=110.0)
    levels = np.append(ground + np.arange(floors) * floor, ground + floors * floor)
    bands = [(0.0, w, z, min(z + spandrel, top)) for z in levels[:-1]] + [(0.0, w, levels[-1], top)]
    front = where.width_m == plan.width_m and abs(where.axes[2, 0]) > 0.5
    if not front:
        bands.append((0.0, w, 0.0, ground))
    if kind == "band":
        fabric.block(where, bands, (-0.2, 0.12), "spandrel", skip=("back", "left", "right"))
    else:
        fabric.rects(where, bands, -0.05, "spandrel_glass" if kind == "glass" else "spandrel")
    lines = np.concatenate([sills, levels])
    rails = np.column_stack([0 * lines, 0 * lines + w, lines - 0.035, lines + 0.035])
    fabric.block(where, rails, (-0.06, 0.02 if kind != "band" else -0.02), "mullion")
    posts = np.linspace(0, w, columns + 1)
    reach, wide = (0.42, 0.07) if kind == "fins" else (0.055, 0.035)
    low = np.clip(posts - wide, 0, w)
    upright = np.column_stack([low, np.clip(posts + wide, 0, w), 0 * posts + ground, 0 * posts + top])
    if kind == "band":
        for sill in sills:
            part = np.column_stack([upright[:, :2], 0 * posts + sill, 0 * posts + sill + floor - spandrel])
            fabric.block(where, part, (-0.06, 0.0), "mullion")
    else:
        fabric.block(where, upright, (-0.06, reach), "spandrel" if kind == "fins" else "mullion")


def _lobby(fabric: Fabric, plan: Plan, where: Side, ground_m: float) -> None:
    """Glaze the ground floor between columns; the middle is the entrance under a canopy."""
    w = plan.width_m
    span = (0.3, w - 0.3)
    made = shop.Shop(span_m=span, top_m=ground_m - 0.6, fascia_m=0.0, kind="glazed", riser_m=0.1, stocked=False)
    wall(fabric, where, (0.0, w, 0.0, ground_m), made.hole, "spandrel")
    shop.build_shop(fabric, plan, where, made)
    posts = np.linspace(0.3, w - 0.75, max(2, round(w / 5)))
    fabric.block(where, np.column_stack([posts, posts + 0.45, 0 * posts, 0 * posts + ground_m]), (-0.1, 0.14), "stone")
    middle = w / 2 + plan.pick(-0.15, 0.15) * w
    fabric.block(where, [(middle - 1.9, middle + 1.9, 2.75, 2.95)], (0.0, 1.5), "mullion", skip=())
    shop.board(fabric, plan, where, (middle - 1.6, middle + 1.6, ground_m - 0.75, ground_m - 0.15), 0.12)
