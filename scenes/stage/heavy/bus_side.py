"""The flanks of buses and coaches: windows, doors, flaps."""

from __future__ import annotations

import numpy as np

from scenes.stage.heavy.bodyshell import FLANKS, Bodyshell, Patch
from scenes.stage.heavy.bus_details import advert
from scenes.stage.heavy.bus_layout import Layout
from scenes.stage.heavy.coachwork import Coachwork, Slot
from scenes.stage.heavy.lamp_cluster import marker_row


def _spans(taken: list[tuple[float, float]], low: float, high: float) -> list[tuple[float, float]]:
    """Return what of [low, high] the taken intervals leave."""
    spans, begin = [], low
    for first, last in sorted(taken):
        if first - begin > 0.3:
            spans.append((begin, first))
        begin = max(begin, last)
    return [*spans, (begin, high)] if high - begin > 0.3 else spans


def dress_flanks(work: Coachwork, shell: Bodyshell, layout: Layout, kind: str, rng: np.random.Generator) -> None:
    """Add windows, doors, flaps, adverts and reflectors to both flanks."""
    nose = shell.x_m[1]
    pitch = float(rng.uniform(1.35, 1.85))
    hopper = rng.random() < 0.5
    doors = [(x - wide / 2 - 0.05, x + wide / 2 + 0.05) for x, wide in layout.doors]
    low, high = -nose + 0.35, nose - 0.75
    for face, taken in zip(FLANKS, ([], doors), strict=True):
        for first, last in _spans(taken, low, high):
            count = max(1, round((last - first) / pitch))
            for place in range(count):
                a = first + (last - first) * place / count + 0.02
                b = first + (last - first) * (place + 1) / count - 0.02
                patch = shell.patch(face, (a, b), (layout.belt_m, layout.cant_m))
                shell.window(work.part("glass"), patch)
                if hopper and b - a > 0.8:
                    z = layout.cant_m - 0.33
                    bar = shell.patch(face, (a + 0.04, b - 0.04), (z, z + 0.035))
                    shell.pane(work.part("glass"), bar, Slot.DARK, out_m=0.012, radius_m=0.01)
    for number, (x, wide) in enumerate(layout.doors):
        _door(work, shell, layout, (x, wide), double=number > 0 or wide > 1.1)
    _flank_details(work, shell, layout, kind, rng)


def _door(work: Coachwork, shell: Bodyshell, layout: Layout, door: tuple[float, float], *, double: bool) -> None:
    x, wide = door
    builder = work.part("door")
    top = min(layout.cant_m, layout.skirt_m + 2.15)
    frame = shell.patch("right", (x - wide / 2 - 0.03, x + wide / 2 + 0.03), (layout.skirt_m + 0.02, top + 0.05))
    shell.pane(builder, Patch(frame.s0, frame.s1, top - 0.06, top + 0.05), Slot.DARK, out_m=0.003, radius_m=0.02)
    leaves = 2 if double else 1
    for leaf in range(leaves):
        a = x - wide / 2 + wide * leaf / leaves + 0.008
        b = x - wide / 2 + wide * (leaf + 1) / leaves - 0.008
        patch = shell.patch("right", (a, b), (layout.skirt_m + 0.04, top))
        shell.window(builder, patch, radius_m=0.05, border_m=0.075)
        handle = shell.patch("right", ((a + b) / 2 - 0.2, (a + b) / 2 + 0.2), (1.0, 1.04))
        shell.pane(builder, handle, Slot.DARK, out_m=0.02, radius_m=0.018)


def _flank_details(work: Coachwork, shell: Bodyshell, layout: Layout, kind: str, rng: np.random.Generator) -> None:
    nose = shell.x_m[1]
    front, rear = layout.axles
    lockers = np.arange(rear + 0.75, front - 0.75, float(rng.uniform(1.0, 1.4)))
    top = layout.belt_m - 0.12
    for face in FLANKS:
        doors = [(x - w / 2 - 0.1, x + w / 2 + 0.1) for x, w in layout.doors] if face == "right" else []
        for x in lockers:
            if any(a - 0.02 < x < b + 0.02 for a, b in doors):
                continue
            seam = shell.patch(face, (x - 0.006, x + 0.006), (layout.skirt_m, top))
            shell.pane(work.part("body"), seam, Slot.DARK, out_m=0.002, radius_m=0.001)
        for first, last in _spans(doors, rear + 0.7, front - 0.7):
            line = shell.patch(face, (first, last), (top, top + 0.012))
            shell.pane(work.part("body"), line, Slot.DARK, out_m=0.002, radius_m=0.001)
    if kind == "bus" and rng.random() < 0.5:
        advert(work, shell, (rear + 0.8, front - 0.8), (layout.skirt_m + 0.14, layout.belt_m - 0.1), rng)
    marker_row(work, (-nose + 0.9, rear + 0.9, 0.4, front - 0.95), half_m=shell.half_m, z_m=0.62)
