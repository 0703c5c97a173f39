"""What lies about: papers, bottles, cans, leaves, and a shopping trolley that somebody left."""

from __future__ import annotations

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.furniture.draft import Draft, opaque, regular
from scenes.stage.furniture.item import Furniture
from scenes.stage.furniture.palette import plain_finish
from scenes.stage.mesh import Points

_LEAVES = ((0.3, 0.14, 0.02), (0.2, 0.07, 0.015), (0.36, 0.24, 0.03), (0.12, 0.07, 0.03))


def litter(variant: int) -> Asset:
    """Return a patch of litter, 1.6 m wide: papers (0), bottles and cans (1), leaves (2), or all of it (3)."""
    draft, rng = Draft(), np.random.default_rng([121, variant])
    kind = variant % 4
    counts = {0: (9, 0, 8), 1: (2, 5, 5), 2: (1, 0, 150), 3: (4, 2, 60)}[kind]
    for _ in range(counts[0]):
        _paper(draft, rng)
    for _ in range(counts[1]):
        _bottle(draft, rng)
    _leaves(draft, rng, counts[2])
    return draft.asset("litter")


def _spot(rng: np.random.Generator, spread_m: float = 0.55) -> tuple[float, float]:
    x, y = np.clip(rng.normal(0, spread_m, 2), -0.72, 0.72)
    return float(x), float(y)


def _paper(draft: Draft, rng: np.random.Generator) -> None:
    """A sheet or wrapper, crumpled: a 5 by 4 grid that lies on its lowest points."""
    size = rng.uniform(0.06, 0.16, 2)
    u, v = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(-1, 1, 4))
    z = rng.normal(0, 0.16 * size.min(), u.shape) + 0.1 * size.min() * (u * rng.normal() + v * rng.normal()) ** 2
    points = np.stack([u * size[0], v * size[1], np.maximum(z - z.min() - 0.02, 0.0) + 0.002], axis=-1)
    tone = rng.uniform(0.35, 0.75) * (np.ones(3) if rng.random() < 0.6 else rng.uniform(0.3, 1.0, 3))
    with draft.moved(*_spot(rng), 0.0, float(rng.uniform(0, 360))):
        work = draft.use("tinted")
        index = np.arange(20).reshape(4, 5)
        quads = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], axis=-1).reshape(-1, 4)
        work.add(points.reshape(-1, 3), quads, tint=opaque(tone))


def _bottle(draft: Draft, rng: np.random.Generator) -> None:
    """A bottle (65 by 230 mm) or can (66 by 115 mm) on its side."""
    can = rng.random() < 0.4
    rows = (
        [(0.0, 0.0), (0.028, 0.0), (0.033, 0.008), (0.033, 0.105), (0.027, 0.115), (0.0, 0.113)]
        if can
        else [(0.0, 0.0), (0.032, 0.0), (0.033, 0.01), (0.033, 0.14), (0.014, 0.185), (0.013, 0.22), (0.0, 0.222)]
    )
    slot = (
        ("aluminium", "plastic_red", "plastic_blue")[int(rng.integers(3))]
        if can
        else ("glass_dark", "lens_green", "lens_clear")[int(rng.integers(3))]
    )
    with draft.moved(*_spot(rng), 0.034, float(rng.uniform(0, 360))), draft.tilted(90):
        draft.use(slot).turned(rows, segments=12)


def _leaves(draft: Draft, rng: np.random.Generator, count: int) -> None:
    for _ in range(count):
        x, y = _spot(rng, 0.35)
        size, angle = rng.uniform(0.025, 0.05), rng.uniform(0, 2 * np.pi)
        ahead = np.array([np.cos(angle), np.sin(angle), 0.0]) * size
        side = np.array([-ahead[1], ahead[0], 0.0]) * rng.uniform(0.5, 0.8)
        lift = rng.uniform(0.001, 0.02, 4)
        corners = np.array([-ahead, side, ahead, -side]) + np.array([x, y, 0.0])
        corners[:, 2] += lift
        tone = np.array(_LEAVES[int(rng.integers(4))]) * rng.uniform(0.6, 1.2)
        draft.use("plant").quad(corners[::-1], tint=opaque(tone))


def trolley(variant: int) -> Asset:
    """Return a shopping trolley, 0.9 by 0.55 by 1.0 m, of wire; variant 1 lies on its side."""
    draft = Draft()
    if variant % 2 == 0:
        _wires(draft)
    else:
        with draft.moved(0.0, -0.45, 0.278), draft.tilted(-90, "x"):
            _wires(draft)
    return draft.asset("shopping trolley")


def _wires(draft: Draft) -> None:
    for y in (-0.24, 0.24):
        draft.use("galvanised", "frame").pipe(
            [(0.38, y, 0.16), (-0.38, y, 0.18), (-0.42, y, 0.95), (-0.5, y, 0.99)], 0.012, segments=6
        )
    draft.use("plastic_red").bar((-0.5, -0.26, 0.99), (-0.5, 0.26, 0.99), 0.017)
    low = _ring(-0.3, 0.33, 0.2, 0.45)
    top = _ring(-0.4, 0.48, 0.27, 0.9, rise=-0.05)
    work = draft.use("galvanised", "frame")
    for share in np.linspace(0, 1, 6):
        ring = low + (top - low) * share
        work.pipe(np.vstack([ring, ring[:1]]), 0.0035, segments=4)
    for number in range(len(low)):
        work.bar(low[number], top[number], 0.003, segments=4)
    for number in range(1, 7):
        work.bar(low[0] + (low[8] - low[0]) * number / 7, low[22] + (low[14] - low[22]) * number / 7, 0.003, segments=4)
    for x in (-0.36, 0.36):
        for y in (-0.22, 0.22):
            draft.use("rubber", "wheel").extrude(
                regular(12, 0.06, centre=(0.06, x)), y - 0.015, y + 0.015, axis="y", bevel_m=0.004
            )
            draft.use("galvanised", "frame").block((x - 0.02, y - 0.025, 0.05), (x + 0.02, y + 0.025, 0.17), 0.004)


def _ring(back: float, front: float, half: float, z: float, *, rise: float = 0.0) -> Points:
    """28 points around a basket's level rectangle: 8 along each long side, 6 along each short one."""
    xs, ys = np.linspace(back, front, 9)[:-1], np.linspace(-half, half, 7)[:-1]
    flat = np.concatenate(
        [
            np.column_stack([xs, np.full(8, -half)]),
            np.column_stack([np.full(6, front), ys]),
            np.column_stack([np.linspace(front, back, 9)[:-1], np.full(8, half)]),
            np.column_stack([np.full(6, back), np.linspace(half, -half, 7)[:-1]]),
        ]
    )
    return np.column_stack([flat, z + rise * (flat[:, 0] - back) / (front - back)])


LITTER = {
    "litter": Furniture(geometry=litter, finish=plain_finish, footprint_m=(1.8, 1.8), variants=12),
    "shopping_trolley": Furniture(geometry=trolley, finish=plain_finish, footprint_m=(1.0, 1.05), variants=2),
}
