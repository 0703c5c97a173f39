"""Road tunnels: a lined tube with lamps, walkways and emergency equipment, and the portal in front of it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.buildings.fabric import GROUND, Fabric, Rects, Side
from scenes.stage.buildings.window import fences

_WALK_M, _KERB_M = 0.95, 0.16
"""Emergency walkway and its kerb; assumed, tunnels have about a metre."""
_LAMP_M = (1.3, 0.22)
_REACH_M = 25.0
_STEP_M = 8.0


def section(half_width_m: float, height_m: float, model: int) -> Rects:
    """Return the inner outline, (K, 2) of y and z from the right walkway over the crown to the left one."""
    half = half_width_m + _WALK_M
    if model % 3 == 2:  # a box under a road or a river
        return np.array(
            [(-half, 0.0), (-half, 3.0), (-half, height_m + 0.5), (half, height_m + 0.5), (half, 3.0), (half, 0.0)]
        )
    crown = height_m + 0.28 * half
    angles = np.linspace(0, np.pi, 15)
    foot = 2.9
    arch = np.stack([-half * np.cos(angles), foot + (crown - foot) * np.sin(angles) ** 0.8], axis=-1)
    return np.concatenate([[(-half, 0.0)], arch, [(half, 0.0)]])


def tunnel(length_m: float, half_width_m: float, height_m: float, model: int, lumen: float = 9000.0) -> Asset:
    """Return the tube of a tunnel from x = 0 to length_m, lined and lit; its carriageway is the road builder's.

    Args:
        length_m: of the tube.
        half_width_m: from the middle of the road to the kerb; a walkway and the wall follow.
        height_m: clear height at the walls' top; a vault rises above it.
        model: draws the section, lining and spacing of lamps.
        lumen: flux of each of the luminaires, which hang in two rows.
    """
    rng = np.random.default_rng([41, model])
    fabric = Fabric()
    outline = section(half_width_m, height_m, model)
    _tube(fabric, outline, length_m)
    for way in (1, -1):
        _walkway(fabric, half_width_m, length_m, way)
        _wall_equipment(fabric, half_width_m + _WALK_M, length_m, way, rng)
    _lamps(fabric, outline, (length_m, half_width_m), float(rng.choice([6.0, 8.0])), lumen)
    _fans(fabric, outline, length_m)
    return fabric.asset("tunnel")


def _tube(fabric: Fabric, outline: Rects, length_m: float) -> None:
    """Line the walls with panels up to 3 m and leave the vault bare."""
    x = np.append(np.arange(0.0, length_m, _STEP_M), length_m)
    for (y0, z0), (y1, z1) in pairwise(outline):
        low = max(z0, z1) < 3.05
        a, b = x[:-1], x[1:]
        full = np.ones(len(a))
        corners = [(a, y0, z0), (b, y0, z0), (b, y1, z1), (a, y1, z1)]
        quads = np.stack([np.stack([u, v * full, w * full], axis=-1) for u, v, w in corners], axis=1)
        fabric.quads(GROUND, quads[:, ::-1], "lining" if low else "vault")


def _walkway(fabric: Fabric, half_m: float, length_m: float, way: int) -> None:
    low, high = sorted((way * half_m, way * (half_m + _WALK_M)))
    fabric.boxes(GROUND, (0.0, low, 0.0), (length_m, high, _KERB_M), "kerb")
    x = np.arange(3.0, length_m, 12.0)
    line = np.column_stack([x, np.full(len(x), way * half_m - 0.06), np.full(len(x), 0.0)])
    fabric.boxes(GROUND, line, np.add(line, (0.12, 0.12, 0.08)), "reflector", skip=())


def _wall(at_m: float, way: int) -> Side:
    """Return the inner face of a side wall: u along the tunnel as seen from its road."""
    along, out = np.array([float(way), 0.0, 0.0]), np.array([0.0, -float(way), 0.0])
    return Side(origin=np.array([0.0, way * at_m, 0.0]), axes=np.stack([along, (0.0, 0.0, 1.0), out]), width_m=0.0)


def _wall_equipment(fabric: Fabric, at_m: float, length_m: float, way: int, rng: np.random.Generator) -> None:
    """Hang cable trays and pipes, emergency boxes every 50 m, exits every 100 m, and lit signs above them."""
    where = _wall(at_m, way)
    ends = (0.0, length_m) if way > 0 else (-length_m, 0.0)
    fabric.block(where, [(*ends, 2.95, 3.03)], (0.0, 0.06), "trim")
    fabric.block(where, [(*ends, 3.2, 3.3), (*ends, 3.42, 3.5)], (0.0, 0.32), "tray", skip=())
    for z, out in ((3.34, 0.12), (3.34, 0.2), (3.56, 0.14)):
        fabric.tubes(where, [(ends[0], z, out), (ends[1], z, out)], 0.03, "cable", segments=5)
    fabric.tubes(where, [(ends[0], 0.75, 0.12), (ends[1], 0.75, 0.12)], 0.06, "pipe", segments=6)
    first = float(rng.uniform(12, 24))
    boxes = ends[0] + np.arange(first, length_m - 3, 50.0)
    one = np.ones(len(boxes))
    fabric.block(where, np.column_stack([boxes, boxes + 1.1, 0.25 * one, 2.35 * one]), (0.0, 0.3), "sos")
    fabric.block(where, np.column_stack([boxes + 0.12, boxes + 0.98, 0.4 * one, 1.5 * one]), (0.3, 0.33), "trim")
    exits = ends[0] + np.arange(first + 20, length_m - 3, 100.0)
    one = np.ones(len(exits))
    fabric.block(where, np.column_stack([exits - 0.25, exits + 1.75, 0.16 * one, 2.75 * one]), (0.0, 0.1), "exit")
    fabric.block(where, np.column_stack([exits + 0.15, exits + 1.35, 0.18 * one, 2.3 * one]), (0.1, 0.14), "trim")
    for u in (*boxes + 0.3, *exits + 0.5):
        fabric.block(where, [(u, u + 0.5, 2.42, 2.92)], (0.0, 0.34), "trim", skip=())
        plate = Side(origin=where.place(np.array([u, 2.42, 0.34])), axes=where.axes, width_m=0.5)
        fabric.rects(plate, [(0.03, 0.47, 0.03, 0.47)], 0.004, "safety_sign", group="street")


def _lamps(fabric: Fabric, outline: Rects, size_m: tuple[float, float], pitch_m: float, lumen: float) -> None:
    """Hang two rows of linear luminaires; within 40 m of the portals they stand twice as close."""
    length, half = size_m
    x = np.arange(2.0, length - 2.0, pitch_m)
    edge = np.arange(2.0 + pitch_m / 2, min(40.0, length / 2), pitch_m)
    x = np.concatenate([x, edge, length - edge])
    for y in (-0.5 * half, 0.5 * half):
        z = float(np.interp(y, outline[1:-1, 0], outline[1:-1, 1])) - 0.35
        low = np.column_stack([x - _LAMP_M[0] / 2, np.full(len(x), y - _LAMP_M[1] / 2), np.full(len(x), z)])
        fabric.boxes(GROUND, low, np.add(low, (*_LAMP_M, 0.12)), "housing", skip=())
        face = np.array(
            [(0.02, 0.02), (0.02, _LAMP_M[1] - 0.02), (_LAMP_M[0] - 0.02, _LAMP_M[1] - 0.02), (_LAMP_M[0] - 0.02, 0.02)]
        )
        area = (_LAMP_M[0] - 0.04) * (_LAMP_M[1] - 0.04)
        quads = low[:, None] + np.column_stack([face, np.full(4, -0.004)])
        luminance = lumen / (np.pi * area)
        fabric.quads(GROUND, quads, "lamp", tint=(1.0, 1.0, 1.0, luminance), group="street")
        hangers = np.concatenate([np.add(low, (0.1, 0.08, 0.12)), np.add(low, (_LAMP_M[0] - 0.14, 0.08, 0.12))])
        fabric.boxes(GROUND, hangers, np.add(hangers, (0.03, 0.03, 0.5)), "housing", skip=("front", "back"))
        fabric.boxes(GROUND, (0.0, y + 0.16, z + 0.1), (length, y + 0.26, z + 0.16), "tray", skip=())


def _fans(fabric: Fabric, outline: Rects, length_m: float) -> None:
    """Hang pairs of jet fans under the crown every 90 m where the vault leaves room."""
    crown = float(outline[:, 1].max())
    if crown < 6.2:
        return
    for x in np.arange(60.0, length_m - 20, 90.0):
        for y in (-0.75, 0.75):
            path = [(x, y, crown - 0.75), (x + 3.6, y, crown - 0.75)]
            fabric.tubes(GROUND, path, 0.48, "duct", segments=14)
            fabric.tubes(GROUND, [(x + 0.02, y, crown - 0.75), (x + 0.03, y, crown - 0.75)], 0.02, "dark")
            fabric.boxes(GROUND, (x + 0.6, y - 0.05, crown - 0.3), (x + 0.7, y + 0.05, crown + 0.1), "housing", skip=())


def portal(half_width_m: float, height_m: float, model: int) -> Asset:
    """Return a tunnel's headwall in the plane x = 0, seen from -x, with wings of 25 m and a hill on top of it.

    Args:
        half_width_m: of the tunnel, so that the opening fits the tube.
        height_m: of the tunnel.
        model: of the tunnel.
    """
    fabric = Fabric()
    outline = section(half_width_m, height_m, model)
    half = half_width_m + _WALK_M
    crest = float(outline[:, 1].max()) + (1.6 if model % 2 else 2.6)

    def top(y: Rects) -> Rects:
        fall = np.clip((np.abs(y) - half - 3.0) / (_REACH_M - 3.0), 0, 1)
        return crest - (crest - 1.2) * fall

    span = half + _REACH_M
    y = np.unique(np.concatenate([outline[:, 0], np.linspace(-span, -half, 12), np.linspace(half, span, 12)]))
    inside = np.interp(y, outline[1:-1, 0], outline[1:-1, 1])
    floor = np.where(np.abs((y[:-1] + y[1:]) / 2) < half, 1.0, 0.0)
    strips = [
        [(0, b, low_b), (0, a, low_a), (0, a, top_a), (0, b, top_b)]
        for a, b, low_a, low_b, top_a, top_b in zip(
            *(y[:-1], y[1:], inside[:-1] * floor - 0.3 * (1 - floor), inside[1:] * floor - 0.3 * (1 - floor)),
            *(top(y[:-1]), top(y[1:])),
            strict=True,
        )
    ]
    fabric.quads(GROUND, strips, "headwall")
    _ring(fabric, outline)
    _coping(fabric, y, top(y))
    _hill(fabric, span, top)
    rail = Side(
        origin=np.array([0.2, half + 3.0, crest]), axes=np.array([(0, -1.0, 0), (0, 0, 1.0), (-1.0, 0, 0)]), width_m=0.0
    )
    fences(fabric, rail, np.array([(0.0, 2 * half + 6.0, 0.12, 1.2)]), 0.0, spacing_m=0.15)
    return fabric.asset("portal")


def _ring(fabric: Fabric, outline: Rects) -> None:
    """Frame the opening with a ring of dressed stone that stands out 0.3 m."""
    centre = np.array([0.0, 2.5])
    away = outline - centre
    outer = centre + away * (1 + 0.65 / np.linalg.norm(away, axis=1, keepdims=True))
    outer[[0, -1], 1] = 0.0
    out, back = -0.3, 0.02
    for number in range(len(outline) - 1):
        a, b, c, d = outline[number], outline[number + 1], outer[number + 1], outer[number]
        fabric.quads(GROUND, [[(out, *p) for p in (a, b, c, d)][::-1]], "voussoir")
        fabric.quads(GROUND, [[(out, *d), (out, *c), (back, *c), (back, *d)][::-1]], "voussoir")
        fabric.quads(GROUND, [[(out, *a), (back, *a), (back, *b), (out, *b)][::-1]], "voussoir")


def _coping(fabric: Fabric, y: Rects, z: Rects) -> None:
    for a, b, low, high in zip(y[:-1], y[1:], z[:-1], z[1:], strict=True):
        base = np.array([(-0.18, a, low), (-0.18, b, high), (0.45, b, high), (0.45, a, low)])
        lid = np.add(base, (0, 0, 0.3))
        faces = [lid[::-1], [base[1], base[0], lid[0], lid[1]], [base[0], base[1], base[2], base[3]]]
        fabric.quads(GROUND, [np.array(face)[::-1] for face in faces], "coping")


def _hill(fabric: Fabric, span_m: float, top: object) -> None:
    """Raise land behind the wall: it meets the coping, rises over the tube, and falls away beside the wings."""
    rng = np.random.default_rng(5)
    x = np.array([0.3, 2.0, 5.0, 9.0, 14.0, 20.0, 28.0, 38.0, 50.0, 70.0, 95.0])
    y = np.concatenate(
        [
            [-span_m - 30, -span_m - 14, -span_m - 5],
            np.linspace(-span_m, span_m, 25),
            [span_m + 5, span_m + 14, span_m + 30],
        ]
    )
    wall = np.where(np.abs(y) <= span_m + 0.01, top(np.clip(y, -span_m, span_m)), 0.0)  # type: ignore[operator]
    wall = np.where(np.abs(y) > span_m + 0.01, 1.0 - (np.abs(y) - span_m) / 12, wall)
    rise = 9.0 * (1 - np.exp(-x / 26.0))[:, None] * np.clip(1.25 - (np.abs(y) / (span_m + 30)) ** 2, 0, 1)[None, :]
    z = wall[None, :] + rise + rng.normal(0, 0.35, (len(x), len(y))) * np.clip(x / 8, 0, 1)[:, None]
    z[:, [0, -1]] = -1.0
    z[0] = np.minimum(z[0], wall)
    points = np.stack([*np.broadcast_arrays(x[:, None], y[None, :]), z], axis=-1)
    fabric.builder().grid(points, fabric.slot("earth"))
