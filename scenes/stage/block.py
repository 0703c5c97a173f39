"""Houses of a city block."""

from __future__ import annotations

import numpy as np

from scenes.stage.fabric import GROUND, Fabric
from scenes.stage.plan import Plan
from scenes.stage.window import WindowStyle, grid, wall, windows


def terrace(fabric: Fabric, plan: Plan) -> None:
    """Build a house of a European street."""
    floor = plan.pick(3.0, 3.5)
    floors = max(1, int((plan.height_m - 0.7) // floor))
    style = WindowStyle(surround=str(plan.rng.choice(["none", "band", "hood", "lintel"])))
    for name in ("front", "left", "right", "back"):
        where = plan.side(name)
        area = (0.0, where.width_m, 0.0, plan.height_m)
        sills = np.arange(floors) * floor + 0.9
        holes = grid((0, where.width_m), max(1, int(where.width_m / 2.8)), (1.1, min(1.7, floor - 1.2)), sills)
        if name == "back":
            holes = holes[:0]
        wall(fabric, where, area, holes, "wall")
        windows(fabric, where, holes, style, plan.rng, plan.lit_share)
    half = plan.width_m / 2
    fabric.rects(GROUND, [(-plan.depth_m, 0, -half, half)], plan.height_m, "roof")
