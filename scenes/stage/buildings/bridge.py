"""Bridges: what makes the road itself a bridge, with arches or trusses above it, and a bridge across the road."""

from __future__ import annotations

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.buildings.fabric import GROUND, Fabric, Side
from scenes.stage.buildings.window import fences

_DECK_M = 1.1


def bridge(length_m: float, half_width_m: float, model: int, clear_below_m: float = 6.0) -> Asset:
    """Return what makes a road a bridge from x = 0 to length_m.

    Args:
        length_m: of the deck.
        half_width_m: from the middle to the inside of the parapets, pavements included.
        model: draws girder, truss or tied arch, and the parapets.
        clear_below_m: from the deck to the water or ground below.
    """
    fabric = Fabric()
    rail = "wall" if model % 3 == 1 else "bars"
    for way in (1, -1):
        _edge(fabric, length_m, half_width_m, way)
        _parapet(fabric, length_m, half_width_m, way, rail)
    _joints(fabric, length_m, half_width_m)
    _below(fabric, length_m, half_width_m, clear_below_m)
    (_girder, _truss, _arch)[model % 3](fabric, length_m, half_width_m)
    return fabric.asset("bridge")


def _edge(fabric: Fabric, length_m: float, half_m: float, way: int) -> None:
    inner, outer = way * half_m, way * (half_m + 0.5)
    low, high = min(inner, outer), max(inner, outer)
    fabric.boxes(GROUND, (0.0, low, -0.28), (length_m, high, 0.2), "edge", skip=())
    web = sorted((way * (half_m - 0.1), way * (half_m + 0.25)))
    fabric.boxes(GROUND, (0.0, web[0], -_DECK_M), (length_m, web[1], -0.28), "girder", skip=())


def _line(length_m: float, at_m: float, way: int) -> Side:
    """Return the vertical plane at y = way * at_m, seen from the road."""
    axes = np.array([(float(way), 0, 0), (0, 0, 1.0), (0, -float(way), 0)])
    origin = np.array([0.0 if way > 0 else length_m, way * at_m, 0.0])
    return Side(origin=origin, axes=axes, width_m=length_m)


def _parapet(fabric: Fabric, length_m: float, half_m: float, way: int, rail: str) -> None:
    where = _line(length_m, half_m + 0.25, way)
    posts = np.append(np.arange(0.0, length_m - 0.5, 2.0), length_m - 0.1)
    one = np.ones(len(posts))
    if rail == "bars":
        fabric.block(
            where, np.column_stack([posts, posts + 0.09, 0.2 * one, 1.3 * one]), (-0.05, 0.05), "rail", skip=()
        )
        fabric.block(where, [(0.0, length_m, 1.25, 1.33)], (-0.06, 0.06), "rail", skip=())
        fences(fabric, where, np.array([(0.1, length_m - 0.1, 0.28, 1.2)]), -0.01, spacing_m=0.16, slot="rail")
        return
    fabric.block(where, [(0.0, length_m, 0.2, 0.95)], (-0.14, 0.14), "edge", skip=())
    fabric.block(where, [(0.0, length_m, 0.95, 1.03)], (-0.18, 0.18), "coping", skip=())
    fabric.block(where, np.column_stack([posts, posts + 0.06, 1.03 * one, 1.3 * one]), (-0.03, 0.03), "rail", skip=())
    fabric.tubes(where, [(0.0, 1.3, 0.0), (length_m, 1.3, 0.0)], 0.04, "rail")


def _joints(fabric: Fabric, length_m: float, half_m: float) -> None:
    """Lay finger joints across the road at both ends, 4 mm proud of the asphalt."""
    for x in (0.15, length_m - 0.55):
        fabric.boxes(GROUND, (x, -half_m, -0.05), (x + 0.4, half_m, 0.004), "joint", skip=("back",))
        teeth = np.arange(-half_m, half_m - 0.1, 0.24)
        low = np.column_stack([np.full(len(teeth), x + 0.08), teeth, np.full(len(teeth), 0.004)])
        fabric.boxes(GROUND, low, np.add(low, (0.24, 0.12, 0.004)), "steel_worn", skip=("back",))


def _below(fabric: Fabric, length_m: float, half_m: float, clear_m: float) -> None:
    """Stand piers and abutments under the deck, and close its underside."""
    half = half_m + 0.25
    fabric.quads(GROUND, [[(0, -half, -0.9), (0, half, -0.9), (length_m, half, -0.9), (length_m, -half, -0.9)]], "edge")
    count = max(1, int(length_m // 26))
    for x in np.linspace(0, length_m, count + 2)[1:-1]:
        fabric.boxes(GROUND, (x - 0.9, -half, -1.9), (x + 0.9, half, -0.9), "edge", skip=())
        for y in np.linspace(-half + 1.2, half - 1.2, max(2, round(half / 2.5))):
            fabric.tubes(GROUND, [(x, y, -clear_m - 1.5), (x, y, -1.9)], 0.6, "edge", segments=14)
    for x0, x1 in ((-1.2, 0.0), (length_m, length_m + 1.2)):
        fabric.boxes(GROUND, (x0, -half - 0.6, -clear_m - 1.5), (x1, half + 0.6, -0.28), "abutment", skip=("back",))


def _girder(fabric: Fabric, length_m: float, half_m: float) -> None:
    """Leave the sky free; lamp brackets stand on the edges."""
    for way in (1, -1):
        x = np.arange(6.0 if way > 0 else 18.0, length_m, 24.0)
        low = np.column_stack([x - 0.2, np.full(len(x), way * (half_m + 0.25) - 0.2), np.full(len(x), 0.2)])
        fabric.boxes(GROUND, low, np.add(low, (0.4, 0.4, 0.35)), "edge", skip=("back",))


def _bar(fabric: Fabric, start: tuple[float, ...], end: tuple[float, ...], half_m: float, slot: str = "steel") -> None:
    """Run a square bar between two points."""
    a, b = np.array(start), np.array(end)
    ahead = (b - a) / np.linalg.norm(b - a)
    side = np.cross(ahead, (0, 1.0, 0) if abs(ahead[1]) < 0.9 else (0, 0, 1.0))
    side /= np.linalg.norm(side)
    over = np.cross(side, ahead)
    where = Side(
        origin=a,
        axes=np.stack([side, over, ahead])
        if np.dot(np.cross(side, over), ahead) > 0
        else np.stack([over, side, ahead]),
        width_m=0.0,
    )
    fabric.boxes(where, (-half_m, -half_m, 0.0), (half_m, half_m, float(np.linalg.norm(b - a))), slot, skip=())


def _truss(fabric: Fabric, length_m: float, half_m: float) -> None:
    """Stand a Warren truss with posts on each side and brace the two above the road."""
    panels, high = max(4, round(length_m / 6.0)), 6.4
    x = np.linspace(0, length_m, panels + 1)
    y = half_m + 0.75
    for way in (1, -1):
        at = way * y
        _bar(fabric, (x[1], at, high), (x[-2], at, high), 0.22)
        _bar(fabric, (0.0, at, 0.1), (length_m, at, 0.1), 0.22)
        for number in range(panels):
            up = number % 2 == 0
            start, end = (0.1, high) if up else (high, 0.1)
            _bar(fabric, (x[number], at, start), (x[number + 1], at, end), 0.16)
            if number:
                _bar(fabric, (x[number], at, 0.1), (x[number], at, high), 0.09)
    for number in range(1, panels):
        _bar(fabric, (x[number], -y, high), (x[number], y, high), 0.14)
        if number < panels - 1:
            _bar(fabric, (x[number], -y, high), (x[number + 1], y, high), 0.06)
            _bar(fabric, (x[number], y, high), (x[number + 1], -y, high), 0.06)


def _arch(fabric: Fabric, length_m: float, half_m: float) -> None:
    """Tie the deck to an arch on each side by hangers; the rise is a sixth of the span."""
    t = np.linspace(0, 1, 25)
    rise, y = length_m / 6.0, half_m + 0.75
    z = 0.2 + 4 * rise * t * (1 - t)
    for way in (1, -1):
        for a, b in zip(range(24), range(1, 25), strict=True):
            _bar(fabric, (t[a] * length_m, way * y, z[a]), (t[b] * length_m, way * y, z[b]), 0.34)
        for number in range(2, 23, 2):
            x = t[number] * length_m
            fabric.tubes(GROUND, [(x, way * y, 0.0), (x, way * y, z[number])], 0.05, "steel", segments=6)
    for number in range(6, 19, 3):
        if z[number] > 5.6:
            _bar(fabric, (t[number] * length_m, -y, z[number]), (t[number] * length_m, y, z[number]), 0.18)


def overpass(half_width_m: float, model: int, clearance_m: float = 5.2) -> Asset:
    """Return a bridge that crosses the road at x = 0, with abutments, a pier-free span and a sign of its clearance.

    Args:
        half_width_m: from the middle of the road to where the abutments may stand.
        model: draws its width and parapets.
        clearance_m: from the road to the girders.
    """
    rng = np.random.default_rng([43, model])
    fabric = Fabric()
    half, wide = half_width_m + 1.2, float(rng.uniform(4.0, 6.0))
    reach = half + 16.0
    top = clearance_m + 1.25
    fabric.boxes(GROUND, (-wide, -reach, clearance_m + 0.85), (wide, reach, top), "edge", skip=())
    for x in np.linspace(-wide + 0.8, wide - 0.8, 5):
        fabric.boxes(GROUND, (x - 0.25, -half, clearance_m), (x + 0.25, half, clearance_m + 0.85), "girder", skip=())
    for way in (1, -1):
        low, high = sorted((way * half, way * (half + 1.4)))
        fabric.boxes(
            GROUND, (-wide + 0.2, low, -0.3), (wide - 0.2, high, clearance_m + 0.85), "abutment", skip=("back",)
        )
        _ramp(fabric, (wide - 0.2, half + 1.4, reach), clearance_m + 0.85, way)
    for way in (1, -1):
        axes = np.array([(0, -float(way), 0), (0, 0, 1.0), (-float(way), 0, 0)])
        where = Side(origin=np.array([way * (wide - 0.2), way * reach, top]), axes=axes, width_m=2 * reach)
        fabric.block(where, [(0.0, 2 * reach, 0.0, 0.35)], (-0.2, 0.2), "edge", skip=())
        fences(fabric, where, np.array([(0.0, 2 * reach, 0.35, 1.3)]), 0.0, spacing_m=0.2, slot="rail")
    _clearance_sign(fabric, wide, clearance_m)
    return fabric.asset("overpass")


def _ramp(fabric: Fabric, size_m: tuple[float, float, float], high_m: float, way: int) -> None:
    """Slope earth down on both sides of the approach."""
    half, start, end = size_m
    foot = half + 1.6 * high_m
    y0, y1 = way * start, way * end
    for sign in (1, -1):
        quad = [(sign * half, y0, high_m), (sign * foot, y0, -0.1), (sign * foot, y1, -0.1), (sign * half, y1, high_m)]
        fabric.quads(GROUND, [quad if sign * way > 0 else quad[::-1]], "earth")
        wing = [(sign * half, y0, high_m), (sign * foot, y0, -0.1), (sign * half, y0, -0.1)]
        fabric.polygon(GROUND, wing if sign * way < 0 else wing[::-1], "abutment")


def _clearance_sign(fabric: Fabric, wide_m: float, clearance_m: float) -> None:
    """Hang a round plate with a red rim on the side that traffic meets, and hazard stripes on the girder's edge."""
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    for radius, x, slot in ((0.45, -wide_m - 0.03, "sign_red"), (0.34, -wide_m - 0.036, "sign_white")):
        disc = np.stack(
            [0 * angles + x, -radius * np.cos(angles) - 2.0, radius * np.sin(angles) + clearance_m + 1.0], axis=-1
        )
        fabric.polygon(GROUND, disc, slot)
    where = Side(
        origin=np.array([-wide_m - 0.04, -2.0, clearance_m + 1.0]),
        axes=np.array([(0, -1.0, 0), (0, 0, 1.0), (-1.0, 0, 0)]),
        width_m=0.0,
    )
    strokes = [
        (-0.2, -0.05, 0.0, 0.05),
        (-0.2, -0.15, 0.0, 0.16),
        (0.0, 0.04, -0.16, -0.1),
        (0.1, 0.2, -0.03, 0.03),
        (0.08, 0.13, -0.15, 0.15),
    ]
    fabric.block(where, strokes, (0.0, 0.005), "dark")
