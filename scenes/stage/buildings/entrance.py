"""Ways in: doors with panels and lights, steps, garage and roller doors."""

from __future__ import annotations

import numpy as np

from scenes.stage.buildings.fabric import Fabric, Side
from scenes.stage.buildings.plan import Plan
from scenes.stage.buildings.window import WindowStyle, frames, panes, reveals
from scenes.stage.mesh import Points


def door(
    fabric: Fabric, plan: Plan, where: Side, hole: Points, *, recess_m: float = 0.15, fanlight: bool = False
) -> None:
    """Hang a panelled door in a hole (u0, u1, z0, z1), below a light if asked for."""
    u0, u1, z0, z1 = hole
    reveals(fabric, where, hole[None], recess_m, "reveal")
    head = z1 - 0.5 if fanlight and z1 - z0 > 2.5 else z1
    if head < z1:
        light = np.array([[u0, u1, head, z1]])
        panes(fabric, plan, where, light, -recess_m)
        frames(fabric, where, light, WindowStyle(recess_m=recess_m, mullions=0))
    fabric.rects(where, [(u0, u1, z0, head)], -recess_m, "door")
    rim = 0.09
    frame = [(u0, u0 + rim, z0, head), (u1 - rim, u1, z0, head), (u0, u1, head - rim, head)]
    fabric.block(where, frame, (-recess_m, -recess_m + 0.05), "frame")
    inner0, inner1 = u0 + rim + 0.12, u1 - rim - 0.12
    middle, gap = (inner0 + inner1) / 2, 0.06
    panels = [
        (a, b, low, high)
        for a, b in ((inner0, middle - gap), (middle + gap, inner1))
        for low, high in ((z0 + 0.18, z0 + 0.85), (z0 + 1.0, head - 0.25))
    ]
    fabric.block(where, panels, (-recess_m, -recess_m + 0.02), "door")
    knob = (u1 - rim - 0.09, u1 - rim - 0.05, z0 + 1.0, z0 + 1.14)
    fabric.block(where, [knob], (-recess_m, -recess_m + 0.07), "chrome", skip=())


def steps(fabric: Fabric, where: Side, hole: Points, *, count: int, tread_m: float = 0.3) -> None:
    """Lay steps in front of a door whose sill is at hole[2]."""
    u0, u1, z0, _ = hole
    rise = z0 / max(1, count)
    for number in range(count):
        out = tread_m * (count - number)
        rect = (u0 - 0.15, u1 + 0.15, rise * number, rise * (number + 1))
        fabric.block(where, [rect], (0.0, out), "step", skip=("back", "bottom"))
    fabric.block(
        where, [(u0, u1, z0 - 0.02, z0 + 0.005)], (-0.4, 0.0), "step", skip=("back", "left", "right", "bottom")
    )


def garage_door(fabric: Fabric, where: Side, hole: Points, *, recess_m: float = 0.18, sections: int = 4) -> None:
    """Close a hole with a sectional door."""
    u0, u1, z0, z1 = hole
    reveals(fabric, where, hole[None], recess_m, "reveal")
    edges = np.linspace(z0, z1, sections + 1)
    fabric.rects(where, [(u0, u1, z0, z1)], -recess_m, "dark")
    leaves = np.column_stack([0 * edges[1:] + u0, 0 * edges[1:] + u1, edges[:-1] + 0.008, edges[1:] - 0.008])
    fabric.block(where, leaves, (-recess_m, -recess_m + 0.035), "garage")
    ribs = np.column_stack([leaves[:, 0] + 0.1, leaves[:, 1] - 0.1, leaves[:, 2] + 0.12, leaves[:, 3] - 0.12])
    fabric.block(where, ribs, (-recess_m + 0.035, -recess_m + 0.045), "garage")


def roller_door(fabric: Fabric, plan: Plan, where: Side, hole: Points) -> None:
    """Close a hole of a hall with a roller door between guides, under its drum box; some stand open a little."""
    u0, u1, z0, z1 = hole
    reveals(fabric, where, hole[None], 0.3, "reveal")
    open_m = 0.0 if plan.chance(0.75) else plan.pick(0.3, 0.8) * (z1 - z0)
    fabric.rects(where, [(u0, u1, z0, z0 + open_m)] if open_m else [], -0.3, "dark")
    fabric.rects(where, [(u0, u1, z0 + open_m, z1)], -0.2, "roller")
    guides = [(u0 - 0.12, u0 + 0.06, z0, z1), (u1 - 0.06, u1 + 0.12, z0, z1), (u0 - 0.12, u1 + 0.12, z1, z1 + 0.35)]
    fabric.block(where, guides, (-0.05, 0.07), "trim", skip=("back",))
    bollards = [(u, 0.0, 0.5) for u in (u0 - 0.35, u1 + 0.35)]
    for u, low, out in bollards:
        fabric.tubes(where, [(u, low, out), (u, 1.0, out)], 0.09, "hazard", segments=8)
