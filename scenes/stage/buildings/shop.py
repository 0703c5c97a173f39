"""Shops: fronts with a display behind glass, open fronts, roller shutters, doors, awnings and signs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.stage.buildings.fabric import Fabric, Rects, Side
from scenes.stage.buildings.plan import Plan
from scenes.stage.buildings.window import WindowStyle, frames, reveals
from scenes.stage.lamps import TRACE_GAIN

_GOODS = np.array(
    [
        *((0.5, 0.05, 0.04), (0.05, 0.12, 0.4), (0.55, 0.4, 0.05), (0.5, 0.5, 0.48), (0.05, 0.3, 0.12)),
        *((0.35, 0.16, 0.06), (0.6, 0.25, 0.3), (0.08, 0.08, 0.09), (0.45, 0.32, 0.2), (0.1, 0.35, 0.4)),
    ]
)
_ROOMS = np.array([(0.6, 0.57, 0.52), (0.5, 0.4, 0.3), (0.35, 0.36, 0.38), (0.62, 0.6, 0.45), (0.2, 0.25, 0.3)])
_LAMPS = np.array([(1.0, 0.78, 0.55), (1.0, 0.9, 0.78), (0.95, 0.98, 1.0)])
_SHOP_CD_M2 = 95.0  # 600 lux on goods of reflectance 0.5; EN 12464-1 asks for 300 lux in sales areas, 500 at tills
SIGNS = ("sign_a", "sign_b", "sign_c")


@dataclass(frozen=True, kw_only=True)
class Shop:
    """One shop in a facade.

    Args:
        span_m: u from and to.
        top_m: lintel; the fascia stands above.
        fascia_m: height of the fascia, 0 for none.
        kind: "glazed", "open" or "closed" (roller shutter).
        riser_m: of the wall below the glass.
        stocked: whether goods stand inside; a lobby has none.
    """

    span_m: tuple[float, float]
    top_m: float
    fascia_m: float
    kind: str
    riser_m: float = 0.4
    stocked: bool = True

    @property
    def hole(self) -> Rects:
        """The opening as (1, 4)."""
        return np.array([[self.span_m[0] + 0.16, self.span_m[1] - 0.16, 0.0, self.top_m]])


def draw_shop(plan: Plan, span_m: tuple[float, float], top_m: float, *, closed: float, opened: float) -> Shop:
    """Return a shop; `closed` and `opened` are the shares of shutters and of open fronts."""
    chance = plan.rng.random()
    kind = "closed" if chance < closed else "open" if chance < closed + opened else "glazed"
    riser = float(plan.rng.choice([0.12, 0.4, 0.6]))
    return Shop(span_m=span_m, top_m=top_m, fascia_m=plan.pick(0.5, 0.75), kind=kind, riser_m=riser)


def build_shop(fabric: Fabric, plan: Plan, where: Side, shop: Shop) -> None:
    """Fill the opening that a shop has in the wall, and dress the front."""
    lit = plan.chance(min(0.92, 1.5 * plan.lit_share)) and shop.kind != "closed"
    reveals(fabric, where, shop.hole, 0.25, "reveal")
    if shop.kind == "closed":
        _shutter(fabric, where, shop, down_m=shop.top_m)
    else:
        _inside(fabric, plan, where, shop, lit=lit)
        if shop.kind == "glazed":
            _glazing(fabric, plan, where, shop)
        else:
            _shutter(fabric, where, shop, down_m=plan.pick(0.25, 0.6))
    if shop.fascia_m:
        _fascia(fabric, plan, where, shop)


def _shutter(fabric: Fabric, where: Side, shop: Shop, *, down_m: float) -> None:
    u0, u1, _, z1 = shop.hole[0]
    fabric.rects(where, [(u0, u1, z1 - down_m, z1)], -0.14, "roller")
    fabric.block(where, [(u0, u1, z1 - down_m, z1 - down_m + 0.08)], (-0.16, -0.11), "metal", skip=())
    fabric.block(where, [(u0, u0 + 0.07, 0.0, z1), (u1 - 0.07, u1, 0.0, z1)], (-0.16, -0.08), "metal")
    fabric.block(where, [(u0, u1, z1 - 0.22, z1)], (-0.2, -0.02), "metal")


def _glazing(fabric: Fabric, plan: Plan, where: Side, shop: Shop) -> None:
    """Put the display windows in front, and a door set back at one end."""
    u0, u1, _, z1 = shop.hole[0]
    left = plan.chance(0.5)
    door = 1.0 if u1 - u0 > 2.2 else 0.0
    d0, d1 = (u0, u0 + door) if left else (u1 - door, u1)
    w0, w1 = (d1, u1) if left else (u0, d0)
    head = z1 - 0.5 if plan.chance(0.5) else z1 - 0.06
    style = WindowStyle(recess_m=0.12, bar_m=0.06, mullions=max(0, int((w1 - w0) / 1.8)), transoms=())
    if shop.riser_m > 0.15:
        fabric.block(where, [(w0, w1, 0.0, shop.riser_m)], (-0.25, -0.06), "riser")
    pane = np.array([[w0, w1, shop.riser_m, z1]])
    fabric.rects(where, pane, -0.12, "shop_glass", uv="once")
    frames(fabric, where, pane, style, "shop_frame")
    fabric.block(where, [(w0 + 0.06, w1 - 0.06, head - 0.05, head)], (-0.12, -0.075), "shop_frame")
    if door:
        leaf = np.array([[d0, d1, 0.0, z1]])
        fabric.rects(where, leaf, -0.2, "shop_glass", uv="once")
        frames(fabric, where, leaf, WindowStyle(recess_m=0.2, bar_m=0.09, mullions=0, transoms=(0.8,)), "shop_frame")
        at = d1 - 0.18 if left else d0 + 0.13
        fabric.block(where, [(at, at + 0.035, 0.85, 1.35)], (-0.15, -0.1), "chrome", skip=())
        edge = d1 if left else d0
        fabric.block(where, [(edge - 0.03, edge + 0.03, 0.0, z1)], (-0.24, -0.07), "shop_frame")


def _inside(fabric: Fabric, plan: Plan, where: Side, shop: Shop, *, lit: bool) -> None:
    """Build a shallow room with shelves, goods and figures; a lit one glows by itself."""
    u0, u1, _, z1 = shop.hole[0]
    rng = plan.rng
    deep = -plan.pick(1.6, 2.6)
    glow = (
        _SHOP_CD_M2 * TRACE_GAIN["windows"] * float(rng.lognormal(0, 0.35)) * (1.0 if shop.stocked else 0.5)
        if lit
        else 0.0
    )
    lamp = _LAMPS[rng.integers(len(_LAMPS))]
    group = "windows" if lit else ""
    slot = "shop_lit" if lit else "goods"
    room = _ROOMS[rng.integers(len(_ROOMS))]

    def tint(colour: object, share: float) -> Rects:
        colour = np.asarray(colour, dtype=float).reshape(-1, 3) * (lamp if lit else 1.0)
        return np.column_stack([colour, np.full(len(colour), glow * share)])

    corners = np.array([(u0, 0.02, deep), (u1, 0.02, deep), (u1, z1, deep), (u0, z1, deep)])
    near = corners * (1, 1, 0) + (0, 0, -0.25)
    fabric.quads(where, corners, slot, uv="once", tint=tint(room, 1.0), group=group)
    walls = [[near[a], corners[a], corners[b], near[b]] for a, b in ((3, 0), (1, 2))]
    fabric.quads(where, [w[::-1] for w in walls], slot, tint=tint([room, room], 0.8), group=group)
    fabric.quads(where, [near[0], near[1], corners[1], corners[0]], slot, tint=tint(room * 0.5, 0.8), group=group)
    ceiling = "shop_lamp" if lit else slot
    fabric.quads(
        where,
        [corners[3], corners[2], near[2], near[3]],
        ceiling,
        uv="once",
        tint=tint((0.8, 0.8, 0.8), 1.8),
        group=group,
    )
    low, high, tone = _stock(plan, (u0, u1), deep, z1) if shop.stocked else _lobby(plan, (u0, u1), deep)
    fabric.boxes(where, low, high, slot, tint=tint(tone, 1.3), group=group)


def _stock(plan: Plan, span: tuple[float, float], deep: float, top: float) -> tuple[Rects, ...]:
    """Return boxes (low, high, colour): shelf boards and goods at the back, a display in front."""
    rng = plan.rng
    u0, u1 = span
    boards = np.array([(u0 + 0.1, z, deep) for z in (0.5, 1.0, 1.5, 2.0) if z < top - 0.4])
    ends = np.add(boards, (u1 - u0 - 0.2, 0.03, 0.4))
    count = int((u1 - u0) * 9)
    shelf = boards[rng.integers(len(boards), size=count)]
    size = np.column_stack(
        [rng.uniform(0.08, 0.4, count), rng.uniform(0.1, 0.4, count), rng.uniform(0.15, 0.35, count)]
    )
    low = np.column_stack([rng.uniform(u0 + 0.1, u1 - 0.5, count), shelf[:, 1] + 0.03, np.full(count, deep + 0.02)])
    front = int((u1 - u0) * 2.2)
    stand = np.column_stack([rng.uniform(u0 + 0.2, u1 - 0.7, front), np.full(front, 0.02), np.full(front, -0.95)])
    heap = np.column_stack([rng.uniform(0.2, 0.5, front), rng.uniform(0.5, 1.3, front), rng.uniform(0.2, 0.5, front)])
    tones = _GOODS[rng.integers(len(_GOODS), size=count + front)] * rng.uniform(0.35, 0.9, (count + front, 1))
    lows, highs = np.concatenate([boards, low, stand]), np.concatenate([ends, low + size, stand + heap])
    return lows, highs, np.concatenate([np.full((len(boards), 3), 0.3), tones])


def _lobby(plan: Plan, span: tuple[float, float], deep: float) -> tuple[Rects, ...]:
    """Return boxes of a lobby: a desk, seats, and a dado along the back wall."""
    u0, u1 = span
    desk = plan.pick(u0 + 0.5, max(u0 + 0.6, u1 - 3.0))
    seats = np.linspace(u0 + 0.8, u1 - 1.6, max(1, int((u1 - u0) / 3.0)))
    low = np.array([(desk, 0.02, deep + 0.6), (u0, 0.02, deep), *((u, 0.02, -1.0) for u in seats)])
    high = np.array([(desk + 2.4, 1.1, deep + 1.1), (u1, 1.0, deep + 0.03), *((u + 0.75, 0.7, -0.4) for u in seats)])
    tone = np.array([(0.2, 0.12, 0.07), (0.16, 0.11, 0.08), *((0.06, 0.07, 0.09) for _ in seats)])
    return low, high, tone


def _fascia(fabric: Fabric, plan: Plan, where: Side, shop: Shop) -> None:
    u0, u1 = shop.span_m
    board(fabric, plan, where, (u0 + 0.05, u1 - 0.05, shop.top_m + 0.06, shop.top_m + shop.fascia_m), 0.14)


def board(fabric: Fabric, plan: Plan, where: Side, rect: tuple[float, float, float, float], out_m: float) -> None:
    """Hang a sign board over a rectangle; its letters keep their height."""
    u0, u1, z0, z1 = rect
    fabric.block(where, [rect], (0.0, out_m), "shop_frame")
    lit = plan.chance(min(0.9, 1.3 * plan.lit_share))
    name = SIGNS[int(plan.rng.integers(len(SIGNS)))]
    long, start = (u1 - u0) / (z1 - z0), float(plan.rng.integers(40))
    uv = np.array([[start, 0], [start + long, 0], [start + long, 1], [start, 1]])
    seed = (1.0, 1.0, 1.0, float(plan.rng.random()))
    face = np.array([[u0 + 0.03, u1 - 0.03, z0 + 0.03, z1 - 0.03]])
    slot, group = (f"{name}_lit", "windows") if lit else (name, "")
    fabric.rects(where, face, out_m + 0.006, slot, uv=uv, tint=seed, group=group)


def blade(fabric: Fabric, plan: Plan, where: Side, place: tuple[float, float, float], deep_m: float) -> None:
    """Hang a sign that stands out from the wall at (u, z0, z1) and shows both its faces along the street."""
    u_m, z0, z1 = place
    along, up, out = where.axes
    near = 0.22
    fabric.block(where, [(u_m - 0.06, u_m + 0.06, z0, z1)], (near, near + deep_m), "shop_frame", skip=())
    arms = [(u_m - 0.02, u_m + 0.02, z, z + 0.04) for z in (z0 + 0.15, z1 - 0.2)]
    fabric.block(where, arms, (0.0, near), "metal", skip=())
    lit = plan.chance(min(0.9, 1.3 * plan.lit_share))
    name = SIGNS[int(plan.rng.integers(len(SIGNS)))]
    slot, group = (f"{name}_lit", "windows") if lit else (name, "")
    start, long = float(plan.rng.integers(40)), (z1 - z0) / deep_m
    seed = (1.0, 1.0, 1.0, float(plan.rng.random()))
    uv = np.array([[start, 1], [start, 0], [start + long, 0], [start + long, 1]])
    origin = where.origin + along * u_m + out * near
    for way in (1, -1):
        shift = along * (0.066 * way)
        axes = np.stack([-out, up, along]) if way > 0 else np.stack([out, up, -along])
        plane = Side(origin=origin + shift, axes=axes, width_m=deep_m)
        rect = (-deep_m + 0.03, -0.03, z0 + 0.03, z1 - 0.03) if way > 0 else (0.03, deep_m - 0.03, z0 + 0.03, z1 - 0.03)
        fabric.rects(plane, [rect], 0.0, slot, uv=uv, tint=seed, group=group)


def awning(fabric: Fabric, plan: Plan, where: Side, shop: Shop) -> None:
    """Stretch cloth in two colours of stripes over the pavement."""
    u0, u1 = shop.span_m[0] + 0.1, shop.span_m[1] - 0.1
    high, reach = shop.top_m - 0.02, plan.pick(0.9, 1.5)
    low = max(2.15, high - 0.55)
    strips = max(2, int((u1 - u0) / 0.42)) // 2 * 2 + 1
    edges = np.linspace(u0, u1, strips + 1)
    a, b = edges[:-1], edges[1:]
    full = np.ones(strips)
    cloth = _strip(a, b, (high * full, 0.16 * full), (low * full, reach * full))
    hem = _strip(a, b, (low * full, reach * full), ((low - 0.22) * full, (reach + 0.01) * full))
    for first, slot in ((0, "awning"), (1, "awning_second")):
        fabric.quads(where, np.concatenate([cloth[first::2], hem[first::2]]), slot)
    for u, order in ((u0, 1), (u1, -1)):
        fabric.polygon(where, [(u, high, 0.16), (u, low, 0.16), (u, low, reach)][::order], "awning")
        fabric.tubes(where, [(u, low - 0.1, 0.02), (u, low, reach)], 0.015, "metal", segments=4)


def _strip(a: Rects, b: Rects, top: tuple[Rects, ...], foot: tuple[Rects, ...]) -> Rects:
    rows = [(a, *foot), (b, *foot), (b, *top), (a, *top)]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=1)
