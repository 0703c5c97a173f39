"""The shapes of broken and lost pieces; built for a size of 1 m unless the docstring gives a true size."""

from __future__ import annotations

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.furniture.draft import Draft, inset, on_axis, regular, rounded
from scenes.stage.mesh import Points

Colour = tuple[float, float, float]


def _rng(kind: int, model: int) -> np.random.Generator:
    return np.random.default_rng([600 + kind, model])


def _flake(rng: np.random.Generator, radius: float, thick: float) -> Points:
    """Return two rings of a jagged flat piece that leans a little, lowest point on the ground."""
    count = int(rng.integers(5, 8))
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False) + rng.uniform(-0.25, 0.25, count)
    reach = radius * rng.uniform(0.45, 1.0, count)
    flat = np.column_stack([reach * np.cos(angle), reach * np.sin(angle) * rng.uniform(0.4, 1.0)])
    low = np.column_stack([flat, flat @ rng.normal(0, 0.18, 2)])
    low[:, 2] -= low[:, 2].min()
    return np.stack([low, low + np.array([0, 0, thick])])


def crumbs(model: int) -> Asset:
    """Return toughened glass: 70 crumbs of 5 to 15 mm around a few larger clumps."""
    draft, rng = Draft(), _rng(0, model)
    work = draft.use("crumbs", "glass")
    for number in range(70):
        at = rng.normal(0, 0.22, 2)
        size = 0.04 if number < 6 else float(rng.uniform(0.012, 0.026))
        work.loft(_flake(rng, size, size * 0.7) + np.append(at, 0.0))
    for _ in range(2 + model % 3):
        draft.use("broken_lamp", "tail_lamp").loft(_flake(rng, 0.09, 0.01) + np.append(rng.normal(0, 0.2, 2), 0.0))
    return draft.asset("glass debris")


def shard(model: int) -> Asset:
    """Return a cracked piece of black plastic with a folded edge and ribs."""
    draft, rng = Draft(), _rng(1, model)
    across = np.linspace(-0.5, 0.5, 7)
    profile = np.array([(-0.26, 0.02), (-0.1, 0.0), (0.12, 0.03), (0.2, 0.1), (0.22, 0.2)])
    rows = []
    for x in across:
        ragged = 1 + rng.uniform(-0.35, 0.15)
        bend = 0.25 * x * x
        rows.append(
            np.column_stack([np.full(5, x) + rng.uniform(-0.04, 0.04, 5), profile[:, 0] * ragged, profile[:, 1] + bend])
        )
    _sheet(draft, "plastic_black", np.stack(rows), 0.02)
    for x in (-0.3, 0.0, 0.3):
        draft.use("plastic_black").block((x - 0.01, -0.12, 0.03), (x + 0.01, 0.12, 0.1), 0.003, 0)
    return _grounded(draft, "plastic debris")


def trim(model: int) -> Asset:
    """Return a bent strip of bright trim, or a piece of a grille."""
    draft, rng = Draft(), _rng(2, model)
    along = np.linspace(-0.5, 0.5, 12)
    bend, twist = rng.uniform(0.1, 0.5), rng.uniform(-0.6, 0.6)
    rows = []
    for x in along:
        lean = twist * x
        side = np.array([0.0, np.cos(lean), np.sin(lean)]) * 0.045
        middle = np.array([x, bend * x * x, 0.12 * abs(x) ** 1.5])
        rows.append([middle - side, middle + np.array([0, 0, 0.012]), middle + side])
    _sheet(draft, "mirror" if model % 2 else "plastic_black", np.array(rows), 0.008)
    return _grounded(draft, "trim debris")


def bumper(model: int) -> Asset:
    """Return a painted bumper cover on its side: a curved shell with wings, a grille opening and a torn end."""
    draft, rng = Draft(), _rng(3, model)
    share = np.linspace(-1, 1, 25)
    keep = share < float(rng.uniform(0.55, 1.01))
    x = 0.5 * np.sin(share * 1.25) / np.sin(1.25)
    y = 0.2 * (np.abs(share) ** 3.2)
    section = np.array([(0.02, 0.0), (-0.03, 0.03), (-0.045, 0.09), (-0.035, 0.16), (0.0, 0.2), (0.03, 0.215)])
    rows = np.stack(
        [
            np.column_stack(
                [x[i] * (1 + 0 * section[:, 0]), y[i] + section[:, 0], section[:, 1] + 0.01 * rng.normal() * (i > 15)]
            )
            for i in np.nonzero(keep)[0]
        ]
    )
    rows[-1] += rng.uniform(-0.025, 0.025, rows[-1].shape)
    slots = ("paint", "plastic_black", "paint")
    for (first, last), slot in zip(((0, 3), (2, 4), (3, 6)), slots, strict=True):
        _sheet(draft, slot, rows[:, first:last], 0.004, part="bumper")
    return _grounded(draft, "bumper debris")


def wheel(model: int) -> Asset:
    """Return a wheel that lies flat: tyre 0.63 m across and 0.2 m wide (195/65 R15), rim and spokes."""
    draft = Draft()
    _tyre(draft, 0.315, 0.2, 0.195, 40)
    draft.use("alloy", "wheel").turned(
        [
            (0.19, 0.02),
            (0.185, 0.05),
            (0.165, 0.09),
            (0.165, 0.14),
            (0.185, 0.165),
            (0.2, 0.175),
            (0.2, 0.18),
            (0.18, 0.17),
            (0.155, 0.14),
        ],
        segments=32,
    )
    spokes = 5 + model % 3
    for number in range(spokes):
        with draft.moved(0, 0, 0.13, 360.0 * number / spokes):
            draft.use("alloy", "wheel").block(
                (0.03, -0.02 - 0.004 * (model % 4), 0.0), (0.17, 0.02 + 0.004 * (model % 4), 0.028), 0.01
            )
    draft.use("alloy", "wheel").turned([(0.06, 0.11), (0.065, 0.15), (0.04, 0.165), (0.0, 0.165)], segments=18)
    draft.use("steel_worn", "wheel").turned([(0.13, 0.06), (0.13, 0.085), (0.0, 0.085)], segments=24)
    return draft.asset("wheel debris")


def _tyre(draft: Draft, radius: float, wide: float, rim: float, segments: int) -> None:
    half = wide / 2
    rows = [
        (rim, 0.012),
        (rim + 0.02, 0.0),
        (radius - 0.045, 0.0),
        (radius - 0.008, 0.025),
        (radius, 0.05),
        (radius - 0.006, 0.052),
        (radius - 0.006, 0.06),
        (radius, 0.062),
        (radius, half - 0.006),
        (radius - 0.007, half - 0.004),
    ]
    other = [(r, wide - z) for r, z in rows[::-1]]
    draft.use("rubber", "wheel").turned(
        [*rows, *other, (rim - 0.004, wide - 0.02), (rim - 0.004, 0.02), (rim, 0.012)], segments=segments
    )


def carcass(model: int) -> Asset:
    """Return what is left of a lorry tyre: a torn tread strip 0.8 m long that curls, with frayed cords."""
    draft, rng = Draft(), _rng(5, model)
    sweep = float(rng.uniform(1.0, 1.9))
    angle = np.linspace(-sweep / 2, sweep / 2, 21)
    radius = 0.8 / sweep
    across = np.linspace(-0.13, 0.13, 8)
    rows = []
    for number, a in enumerate(angle):
        wide = across * (1 + 0.12 * rng.normal()) if 1 < number < 19 else across * rng.uniform(0.3, 0.9)
        groove = np.array([0.02, 0.0, 0.008, 0.0, 0.0, 0.008, 0.0, 0.02])
        rows.append(
            np.column_stack(
                [
                    radius * np.sin(a) + rng.normal(0, 0.006, 8),
                    wide,
                    radius * (1 - np.cos(a)) + groove * (1 + number % 2) + 0.35 * wide * np.sin(a),
                ]
            )
        )
    _sheet(draft, "rubber", np.stack(rows), 0.022, part="wheel")
    for end in (rows[0], rows[-1]):
        for point in end[::2]:
            out = np.array([np.sign(end[0, 0]) * 0.06, rng.normal(0, 0.02), rng.normal(0.01, 0.02)])
            draft.use("steel_worn", "wheel").bar(point, point + out, 0.003, segments=4)
    return _grounded(draft, "tyre debris")


def carton(model: int) -> Asset:
    """Return a cardboard box, 1 by 0.7 by 0.6 of its size, with open flaps or tape; odd ones are crushed."""
    draft, rng = Draft(), _rng(6, model)
    half = np.array([0.5, 0.35])
    lean = rng.normal(0, 0.02, (4, 2)) * (1 + model % 2)
    high = 0.6 - 0.22 * (model % 2)
    base = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half
    bulge = 1 + 0.08 * (model % 2)
    rings = [
        np.column_stack([base, np.zeros(4)]),
        np.column_stack([base * bulge + lean, np.full(4, high * 0.5)]),
        np.column_stack([base + lean, high + lean[:, 0]]),
    ]
    work = draft.use("carton")
    closed = model % 3 == 0
    work.loft(np.stack(rings), caps=closed)
    work.add(rings[0], [(3, 2, 1, 0)])
    if closed:
        top, lift = rings[-1], np.array([0, 0, 0.004])
        draft.use("tape").quad(
            [
                top[0] * 0.53 + top[3] * 0.47 + lift,
                top[1] * 0.53 + top[2] * 0.47 + lift,
                top[1] * 0.47 + top[2] * 0.53 + lift,
                top[0] * 0.47 + top[3] * 0.53 + lift,
            ]
        )
        return draft.asset("box debris")
    for number in range(4):
        first, second = rings[-1][number], rings[-1][(number + 1) % 4]
        out = (first + second) / 2 * (1, 1, 0)
        out = out / np.linalg.norm(out) * 0.3 + np.array([0, 0, rng.uniform(-0.22, 0.2)])
        work.add(np.array([first, second, second + out, first + out]), [(0, 1, 2, 3)])
    return draft.asset("box debris")


def triangle(model: int) -> Asset:
    """Return a warning triangle of 0.5 m sides on its feet, facing +x. Source: UNECE R27: 500 mm, open centre 70 mm."""
    draft = Draft()
    outline = rounded(regular(3, 0.5 / np.sqrt(3)), 0.03)
    with draft.moved(0.0, 0.0, 0.5 / np.sqrt(12) + 0.05), draft.tilted(-6.0 - 2 * (model % 3)):
        for side in (0.0, 180.0):
            with draft.moved(0, 0, 0, side):
                _frame(draft, outline, (0.0, 0.045), "sheet_red", 0.004)
                _frame(draft, outline, (0.045, 0.078), "plastic_orange", 0.004)
        _frame(draft, outline, (0.0, 0.078), "plastic_red", 0.0)
    for y in (-0.17, 0.17):
        draft.use("steel_worn", "frame").bar((-0.14, y, 0.006), (0.14, y, 0.006), 0.005, segments=6)
        draft.use("steel_worn", "frame").bar((0.0, y, 0.006), (0.0, y, 0.06), 0.005, segments=6)
    return draft.asset("warning triangle")


def _frame(draft: Draft, outline: Points, widths_m: tuple[float, float], slot: str, x_m: float) -> None:
    """Add a flat triangular ring that looks along +x."""
    rings = [inset(outline, width) for width in widths_m]
    work = draft.use(slot, "plate")
    work.grid(np.stack([on_axis(ring, x_m, "x") for ring in rings], axis=1), closed=True)


def _sheet(draft: Draft, slot: str, rows: Points, thick: float, *, part: str = "body") -> None:
    """Add a sheet with a back a little below it."""
    work = draft.use(slot, part)
    work.grid(rows)
    normal = np.cross(np.gradient(rows, axis=0), np.gradient(rows, axis=1))
    normal /= np.linalg.norm(normal, axis=2, keepdims=True) + 1e-9
    work.grid((rows - normal * thick)[::-1])


def _grounded(draft: Draft, name: str) -> Asset:
    """Return the asset with its lowest point on the ground."""
    lowest = min(float(points[:, 2].min()) for work in draft.works.values() for points in work.vertices)
    for work in draft.works.values():
        work.vertices = [points - (0.0, 0.0, lowest) for points in work.vertices]
    return draft.asset(name)
