"""Covers and grates in a road."""

from __future__ import annotations

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.furniture.draft import Draft
from scenes.stage.furniture.item import Furniture
from scenes.stage.furniture.palette import plain_finish


def manhole(variant: int) -> Asset:
    """Return a cover 0.7 m wide in its frame, 8 mm proud: round with a raised pattern, or square."""
    draft = Draft()
    if variant % 3 == 2:
        draft.use("iron").block((-0.32, -0.32, 0.0), (0.32, 0.32, 0.006), 0.002)
        for x in np.linspace(-0.24, 0.24, 7):
            for y in np.linspace(-0.24, 0.24, 7):
                draft.use("iron").block((x - 0.022, y - 0.022, 0.006), (x + 0.022, y + 0.022, 0.009), 0.002, 0)
        return draft.asset("manhole cover")
    draft.use("concrete" if variant % 3 else "iron").turned([(0.4, 0.0), (0.395, 0.004), (0.335, 0.004)], segments=32)
    draft.use("iron").turned([(0.33, 0.002), (0.328, 0.006), (0.0, 0.006)], segments=32)
    for count, radius in ((6, 0.08), (12, 0.17), (20, 0.26)):
        for angle in np.linspace(0, 360, count, endpoint=False):
            with draft.moved(0, 0, 0.006, float(angle)):
                draft.use("iron").block((radius - 0.03, -0.018, 0.0), (radius + 0.03, 0.018, 0.003), 0.002, 0)
    return draft.asset("manhole cover")


def drain(variant: int) -> Asset:
    """Return a gully grate 0.5 by 0.4 m with dark slots between bars, its long side along x."""
    draft = Draft()
    draft.use("print_black").face([(-0.24, -0.19), (0.24, -0.19), (0.24, 0.19), (-0.24, 0.19)], 0.001, axis="z")
    for low, high in (
        ((-0.26, -0.21), (0.26, -0.17)),
        ((-0.26, 0.17), (0.26, 0.21)),
        ((-0.26, -0.21), (-0.22, 0.21)),
        ((0.22, -0.21), (0.26, 0.21)),
        ((-0.26, -0.015), (0.26, 0.015)),
    ):
        draft.use("iron").block((*low, 0.0), (*high, 0.008), 0.002, 1)
    for x in np.arange(-0.195, 0.2, 0.047 if variant % 2 == 0 else 0.06):
        draft.use("iron").block((x - 0.011, -0.19, 0.0), (x + 0.011, 0.19, 0.007), 0.002, 0)
    return draft.asset("drain gully")


COVERS = {
    "drain_gully": Furniture(geometry=drain, finish=plain_finish, footprint_m=(0.52, 0.42), variants=2),
    "manhole_cover": Furniture(geometry=manhole, finish=plain_finish, footprint_m=(0.8, 0.8), variants=3),
}
