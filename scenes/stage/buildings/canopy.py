"""Roofs on posts: over parked cars, over petrol pumps, and over a bus station's platform."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.buildings import shop
from scenes.stage.buildings.entrance import door
from scenes.stage.buildings.fabric import GROUND, Fabric, Rects, Side
from scenes.stage.buildings.plan import Plan
from scenes.stage.buildings.window import wall

_PANEL_LM = 6000.0  # recessed canopy luminaire of about 50 W


def _panels(fabric: Fabric, spots: Rects, z_m: float, lumen: float = _PANEL_LM) -> None:
    """Set square luminaires of 0.5 m into a ceiling at (K, 2) centres."""
    x, y = np.asarray(spots, dtype=float).T
    half = 0.25
    ring = ((-half, -half), (-half, half), (half, half), (half, -half))
    quads = np.stack([np.stack([x + dx, y + dy, 0 * x + z_m - 0.004], axis=-1) for dx, dy in ring], axis=1)
    level = lumen / (np.pi * (2 * half) ** 2)
    fabric.quads(GROUND, quads, "lamp", tint=(1.0, 1.0, 1.0, level), group="street")


def car_park_canopy(length_m: float, depth_m: float, model: int) -> Asset:
    """Return a roof on posts over parked cars: x along it from 0, depth towards +y, open towards -y.

    Args:
        length_m: of the row.
        depth_m: of a bay.
        model: draws sheet or solar panels, and the posts' pitch.
    """
    rng = np.random.default_rng([45, model])
    fabric = Fabric()
    pitch = float(rng.choice([5.0, 7.5]))
    low, high = 2.45, 2.45 + 0.12 * depth_m
    x = np.linspace(0.2, length_m - 0.2, max(2, round(length_m / pitch) + 1))
    for at in x:
        fabric.boxes(
            GROUND, (at - 0.09, depth_m * 0.8, 0.0), (at + 0.09, depth_m * 0.8 + 0.18, low + 0.05), "steel", skip=()
        )
        beam = Side(
            origin=np.array([at - 0.07, 0.0, 0.0]),
            axes=np.array([(0, -1.0, 0), (0, 0, 1.0), (-1.0, 0, 0)]),
            width_m=0.0,
        )
        outline = [
            (-depth_m, low - 0.02),
            (0.0, high - 0.02),
            (0.0, high - 0.14),
            (-depth_m * 0.8, low - 0.2),
            (-depth_m, low - 0.12),
        ]
        fabric.prism(beam, np.array(outline)[::-1], (-0.14, 0.0), "steel", back=True)
    cover = [(0.0, 0.0, high), (length_m, 0.0, high), (length_m, depth_m, low), (0.0, depth_m, low)]
    fabric.quads(GROUND, np.add(cover, (0, 0, 0.05)), "solar" if model % 2 else "roof_sheet")
    fabric.quads(GROUND, [np.array(cover)[::-1]], "steel")
    rim = [(0.0, length_m, -0.02, 0.07)]
    for y, z, way in ((0.0, high, 1.0), (depth_m, low, -1.0)):
        edge = Side(
            origin=np.array([0.0 if way > 0 else length_m, y, z]),
            axes=np.array([(way, 0, 0), (0, 0, 1.0), (0, -way, 0)]),
            width_m=length_m,
        )
        fabric.block(edge, rim, (-0.01, 0.03), "trim", skip=())
    spots = np.column_stack([(x[:-1] + x[1:]) / 2, np.full(len(x) - 1, depth_m * 0.45)])
    _panels(fabric, spots, low + 0.3 * (high - low), 3000.0)
    return fabric.asset("car park canopy")


def petrol_station(model: int) -> Asset:
    """Return a forecourt from x = -13 to 13, y from 0 (the road's side) to 18: canopy, pumps, kiosk, price board."""
    rng = np.random.default_rng([46, model])
    fabric = Fabric()
    half, deep, under, rise = 9.0, 9.0, 4.8, 0.9
    y0 = 2.5
    fabric.boxes(GROUND, (-half, y0, under), (half, y0 + deep, under + rise), "fascia", skip=("back", "front"))
    fabric.quads(
        GROUND,
        [[(-half, y0, under), (-half, y0 + deep, under), (half, y0 + deep, under), (half, y0, under)]],
        "ceiling",
    )
    fabric.rects(GROUND, [(-half, half, y0, y0 + deep)], under + rise, "trim")
    for low, high, slot in ((0.12, 0.3, "stripe"), (0.62, 0.7, "stripe_second")):
        fabric.boxes(
            GROUND,
            (-half - 0.02, y0 - 0.02, under + low),
            (half + 0.02, y0 + deep + 0.02, under + high),
            slot,
            skip=("back", "front"),
        )
    spots = [(x, y0 + y) for x in (-6.8, -3.4, 0.0, 3.4, 6.8) for y in (1.6, 4.5, 7.4)]
    _panels(fabric, np.array(spots), under, 9000.0)
    for x in (-5.0, 5.0):
        fabric.boxes(GROUND, (x - 0.2, y0 + deep / 2 - 0.2, 0.0), (x + 0.2, y0 + deep / 2 + 0.2, under), "trim")
        fabric.boxes(GROUND, (x - 2.6, y0 + deep / 2 - 0.6, 0.0), (x + 2.6, y0 + deep / 2 + 0.6, 0.15), "kerb")
        for shift in (-1.6, 1.6):
            _pump(fabric, x + shift, y0 + deep / 2)
        for end in (-2.5, 2.5):
            fabric.tubes(
                GROUND,
                [(x + end, y0 + deep / 2, 0.1), (x + end, y0 + deep / 2, 1.0)],
                0.08,
                "stripe_second",
                segments=8,
            )
    _kiosk(fabric, rng, y0 + deep + 1.5)
    _price_board(fabric, rng)
    return fabric.asset("petrol station")


def _pump(fabric: Fabric, x: float, y: float) -> None:
    fabric.boxes(GROUND, (x - 0.45, y - 0.28, 0.15), (x + 0.45, y + 0.28, 0.85), "pump", skip=("back",))
    fabric.boxes(GROUND, (x - 0.45, y - 0.24, 0.85), (x + 0.45, y + 0.24, 1.6), "trim", skip=("back",))
    fabric.boxes(GROUND, (x - 0.5, y - 0.3, 1.6), (x + 0.5, y + 0.3, 1.95), "stripe", skip=())
    for way in (1, -1):
        fabric.boxes(GROUND, *_sorted((x - 0.3, y + way * 0.24, 1.2), (x + 0.3, y + way * 0.26, 1.5)), "dark", skip=())
        for hose in (-0.3, -0.1, 0.1, 0.3):
            t = np.linspace(0, 1, 7)
            path = np.stack(
                [
                    x + hose + 0.04 * np.sin(3 * t),
                    y + way * (0.3 + 0.12 * np.sin(np.pi * t)),
                    1.55 - 1.3 * np.sin(np.pi * t * 0.75) * t,
                ],
                axis=-1,
            )
            fabric.tubes(GROUND, path, 0.018, "rubber", segments=5)
            nozzle = _sorted((x + hose - 0.03, y + way * 0.26, 0.9), (x + hose + 0.03, y + way * 0.36, 1.15))
            fabric.boxes(GROUND, *nozzle, "nozzle", skip=())


def _sorted(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[Rects, Rects]:
    return np.minimum(a, b), np.maximum(a, b)


def _kiosk(fabric: Fabric, rng: np.random.Generator, y_m: float) -> None:
    """Build the shop behind the canopy, its front towards the road."""
    plan = Plan(width_m=13.0, depth_m=6.0, height_m=3.6, lit_share=0.6, rng=rng)
    body = Fabric()
    where = plan.side("front")
    made = shop.Shop(span_m=(1.5, 11.5), top_m=2.7, fascia_m=0.0, kind="glazed", riser_m=0.35)
    wall(body, where, (0.0, 11.5, 0.0, 3.6), made.hole, "kiosk")
    shop.build_shop(body, plan, where, made)
    hole = np.array([11.9, 12.8, 0.02, 2.1])
    wall(body, where, (11.5, 13.0, 0.0, 3.6), hole[None], "kiosk")
    door(body, plan, where, hole)
    for name in ("left", "right", "back"):
        side = plan.side(name)
        wall(body, side, (0.0, side.width_m, 0.0, 3.6), np.zeros((0, 4)), "kiosk")
    body.rects(GROUND, [(-6.0, 0.0, -6.5, 6.5)], 3.6, "deck")
    body.block(where, [(-0.05, 13.05, 2.9, 3.65)], (0.0, 0.25), "fascia", skip=())
    shop.board(body, plan, where, (1.5, 7.0, 2.98, 3.58), 0.27)
    turned = Fabric()
    turned.join(body, (0.0, 0.0, 0.0))
    for builder in turned.builders.values():
        builder.vertices = [np.stack([p[:, 1], -p[:, 0] + y_m, p[:, 2]], axis=-1) for p in builder.vertices]
        builder.vertices = [p * (-1.0, 1.0, 1.0) for p in builder.vertices]
    fabric.join(_mirrored(turned), (0.0, 0.0, 0.0))


def _mirrored(fabric: Fabric) -> Fabric:
    """Turn all faces over: what was mirrored faces outward again."""
    for builder in fabric.builders.values():
        for number, (loops, sizes) in enumerate(zip(builder.loops, builder.sizes, strict=True)):
            order = np.concatenate([[0], np.cumsum(sizes)])
            builder.loops[number] = np.concatenate([loops[a:b][::-1] for a, b in pairwise(order.tolist())])
    return fabric


def _price_board(fabric: Fabric, rng: np.random.Generator) -> None:
    """Stand a pylon with prices beside the way in."""
    plan = Plan(width_m=2.0, depth_m=0.5, height_m=6.0, lit_share=0.6, rng=rng)
    fabric.boxes(GROUND, (11.3, 0.6, 0.0), (13.0, 0.95, 6.0), "fascia", skip=("back",))
    fabric.boxes(GROUND, (11.28, 0.58, 4.7), (13.02, 0.97, 5.8), "stripe", skip=("back",))
    for y, way in ((0.6, 1.0), (0.95, -1.0)):
        origin = np.array([11.3 if way > 0 else 13.0, y, 0.0])
        where = Side(origin=origin, axes=np.array([(way, 0, 0), (0, 0, 1.0), (0, -way, 0)]), width_m=1.7)
        for z in (1.5, 2.2, 2.9, 3.6):
            shop.board(fabric, plan, where, (0.15, 1.55, z, z + 0.55), 0.03)


def bus_station(length_m: float, model: int) -> Asset:
    """Return an island platform along x from 0, 4 m wide about y = 0, with a long roof, benches and timetables."""
    rng = np.random.default_rng([47, model])
    fabric = Fabric()
    half = 2.0
    fabric.boxes(GROUND, (0.0, -half, 0.0), (length_m, half, 0.18), "kerb")
    for y in (-half + 0.35, half - 0.75):
        fabric.rects(GROUND, [(0.2, length_m - 0.2, y, y + 0.4)], 0.184, "tactile")
    x = np.arange(3.0, length_m - 1.0, 6.0)
    for at in x:
        fabric.tubes(GROUND, [(at, 0.0, 0.18), (at, 0.0, 2.9)], 0.11, "steel", segments=12)
        fabric.boxes(GROUND, (at - 0.08, -half + 0.2, 2.9), (at + 0.08, half - 0.2, 3.05), "steel", skip=())
    wing = [(1.0, -half - 0.2, 3.3), (length_m - 1.0, -half - 0.2, 3.3), (length_m - 1.0, 0.0, 3.08), (1.0, 0.0, 3.08)]
    for way in (1, -1):
        quad = np.array(wing) * (1, way, 1)
        quad = quad if way > 0 else quad[::-1]
        fabric.quads(GROUND, [quad], "roof_sheet")
        fabric.quads(GROUND, [quad[::-1] - (0, 0, 0.06)], "ceiling")
        low, high = sorted((way * (half + 0.2), way * (half + 0.24)))
        fabric.boxes(GROUND, (1.0, low, 3.2), (length_m - 1.0, high, 3.38), "trim", skip=())
    spots = [(at + 3.0, way * 0.9) for at in x[:-1] for way in (1, -1)]
    _panels(fabric, np.array(spots or [(length_m / 2, 0.9)]), 3.09, 3500.0)
    for at in x[:-1]:
        fabric.boxes(GROUND, (at + 1.2, -0.25, 0.6), (at + 3.2, 0.25, 0.66), "bench", skip=())
        fabric.boxes(
            GROUND,
            [(at + 1.4, -0.2, 0.18), (at + 2.9, -0.2, 0.18)],
            [(at + 1.5, 0.2, 0.6), (at + 3.0, 0.2, 0.6)],
            "steel",
        )
        if rng.random() < 0.5:
            fabric.boxes(GROUND, (at + 4.2, -0.06, 0.7), (at + 5.2, 0.06, 2.3), "poster", skip=())
            fabric.boxes(
                GROUND,
                [(at + 4.2, -0.04, 0.18), (at + 5.12, -0.04, 0.18)],
                [(at + 4.28, 0.04, 0.7), (at + 5.2, 0.04, 0.7)],
                "steel",
            )
    return fabric.asset("bus station")
