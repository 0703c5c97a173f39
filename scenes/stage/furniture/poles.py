"""Poles that carry wires, and the wires between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.furniture.draft import Draft
from scenes.stage.furniture.item import Furniture
from scenes.stage.furniture.palette import plain_finish

POLE_M = 9.0
HOOKS_M = ((0.0, -0.75, 8.75), (0.0, 0.75, 8.75), (0.0, 0.0, 9.1), (0.0, 0.14, 6.6))
"""Where cables hang on a utility pole: three insulators and one bracket for telephone lines."""


def utility_pole(variant: int) -> Asset:
    """Return a pole 9 m high whose cross arm lies along y: plain, with a transformer, with two arms, or of concrete."""
    draft = Draft()
    kind = variant % 4
    slot = "concrete" if kind == 3 else "wood_tarred"
    draft.use(slot, "frame").turned(
        [(0.15, 0.0), (0.14, 0.4), (0.1, POLE_M - 0.05), (0.06, POLE_M), (0.0, POLE_M)], segments=14
    )
    for z in (8.55,) if kind != 2 else (8.55, 7.7):
        _arm(draft, z, slot)
    draft.use("porcelain").turned(_insulator(POLE_M), segments=10)
    draft.use("galvanised", "frame").block((-0.03, 0.08, 6.55), (0.03, 0.16, 6.65), 0.01)
    if kind in (1, 3):
        _transformer(draft)
    draft.use("sheet_yellow", "plate").block((0.13, -0.06, 1.8), (0.142, 0.06, 2.0), 0.003)
    draft.use("cable").pipe([(-0.13, 0.03, 0.0), (-0.12, 0.03, 4.0), (-0.11, 0.03, 8.4)], 0.012, segments=5)
    return draft.asset("utility pole")


def _insulator(foot_m: float) -> list[tuple[float, float]]:
    rows = ((0.02, 0.0), (0.02, 0.03), (0.06, 0.04), (0.035, 0.08), (0.05, 0.09), (0.025, 0.13), (0.0, 0.14))
    return [(radius, foot_m + z) for radius, z in rows]


def _arm(draft: Draft, z: float, slot: str) -> None:
    draft.use("galvanised" if slot == "concrete" else slot, "frame").block(
        (0.1, -0.95, z - 0.06), (0.2, 0.95, z + 0.06), 0.01
    )
    for side in (-1, 1):
        draft.use("galvanised", "frame").strip((0.12, side * 0.6, z - 0.05), (0.1, side * 0.05, z - 0.6), 0.01, 0.04)
        with draft.moved(0.15, side * 0.75):
            draft.use("porcelain").turned(_insulator(z + 0.06), segments=10)


def _transformer(draft: Draft) -> None:
    with draft.moved(0.36, 0.0):
        draft.use("enamel_grey").turned(
            [(0.0, 6.9), (0.24, 6.9), (0.25, 6.94), (0.25, 7.7), (0.27, 7.72), (0.2, 7.8), (0.0, 7.82)], segments=20
        )
        for angle in range(0, 360, 30):
            with draft.moved(0, 0, 0, angle):
                draft.use("enamel_grey").block((0.24, -0.008, 7.0), (0.29, 0.008, 7.6), 0.003)
        for y in (-0.1, 0.1):
            with draft.moved(0.0, y):
                draft.use("porcelain").turned(
                    [(0.03, 7.8), (0.045, 7.85), (0.03, 7.9), (0.045, 7.95), (0.02, 8.02), (0.0, 8.03)], segments=8
                )
            draft.use("cable").pipe([(0.0, y, 8.02), (-0.1, y * 2, 8.3), (-0.2, y * 5, 8.5)], 0.008, segments=4)
    for z in (7.05, 7.55):
        draft.use("galvanised", "frame").block((0.05, -0.12, z), (0.16, 0.12, z + 0.05), 0.005)


def cable(start_m: Sequence[float], end_m: Sequence[float], sag_m: float, radius_m: float = 0.012) -> Asset:
    """Return one wire in the frame of its ends: a parabola, close to a catenary at such sags.

    Args:
        start_m: xyz of one end.
        end_m: xyz of the other.
        sag_m: drop below the chord at midspan, >= 0.
        radius_m: of the wire with its insulation.
    """
    share = np.linspace(0, 1, 13)[:, None]
    path = np.asarray(start_m, dtype=np.float64) * (1 - share) + np.asarray(end_m, dtype=np.float64) * share
    path[:, 2] -= 4 * sag_m * (share * (1 - share))[:, 0]
    draft = Draft()
    draft.use("cable").pipe(path, radius_m, segments=4)
    return draft.asset("cable")


POLES = {
    "utility_pole": Furniture(geometry=utility_pole, finish=plain_finish, footprint_m=(0.8, 1.9), variants=4),
}
