"""ISO containers as a load: corrugated walls between corner posts."""

from __future__ import annotations

import numpy as np

from scenes.stage.heavy.coachwork import Coachwork, Slot, bevel_box, rod
from scenes.stage.heavy.load_bed import Bed, tint_last


def container(work: Coachwork, bed: Bed, rng: np.random.Generator) -> None:
    """Add an ISO container: corrugated walls between corner posts, in one of the usual colours.

    Source: ISO 668 and 1496-1: 2.438 m wide, 2.591 or 2.896 m high; corrugations of 36 mm at 278 mm pitch.
    """
    tones = ((0.30, 0.05, 0.02), (0.02, 0.08, 0.22), (0.04, 0.16, 0.07), (0.36, 0.37, 0.38), (0.42, 0.14, 0.02))
    tone = tones[int(rng.integers(len(tones)))]
    builder = bed.builder(work, "load")
    half, low, high = min(1.219, bed.half_m), bed.deck_m, bed.top_m
    rear, front = bed.rear_m + 0.02, bed.front_m - 0.05
    for side in (1, -1):
        _corrugated(work, bed, (rear + 0.12, front - 0.12), side * (half - 0.03), tone)
        for x in (rear, front - 0.14):
            bevel_box(
                builder, (x, side * (half - 0.12), low), (x + 0.14, side * half, high), Slot.LOAD, tint=(*tone, 1.0)
            )
        for z0, z1 in ((low, low + 0.14), (high - 0.09, high)):
            bevel_box(builder, (rear, side * (half - 0.07), z0), (front, side * half, z1), Slot.LOAD, tint=(*tone, 1.0))
    builder.box((rear + 0.05, -half + 0.05, high - 0.06), (front - 0.05, half - 0.05, high - 0.02), int(Slot.LOAD))
    tint_last(builder, tone)
    builder.box((front - 0.05, -half + 0.05, low + 0.05), (front - 0.02, half - 0.05, high - 0.02), int(Slot.LOAD))
    tint_last(builder, tone)
    for side in (1, -1):
        bevel_box(
            builder,
            (rear + 0.03, side * 0.01, low + 0.12),
            (rear + 0.08, side * (half - 0.12), high - 0.10),
            Slot.LOAD,
            tint=(*tone, 1.0),
        )
        for y in (0.25, half - 0.4):
            rod(
                builder,
                [(rear + 0.02, side * y, low + 0.08), (rear + 0.02, side * y, high - 0.06)],
                0.018,
                Slot.STEEL,
                segments=6,
            )
    for z0, z1 in ((low, low + 0.12), (high - 0.12, high)):
        bevel_box(builder, (rear, -half, z0), (rear + 0.1, half, z1), Slot.LOAD, tint=(*tone, 1.0))


def _corrugated(
    work: Coachwork, bed: Bed, x_m: tuple[float, float], y_m: float, tone: tuple[float, float, float]
) -> None:
    waves = max(3, int((x_m[1] - x_m[0]) / 0.278))
    share = np.concatenate([wave + np.array([0.0, 0.25, 0.5, 0.75]) for wave in range(waves)])
    xs = np.append(x_m[0] + share / waves * (x_m[1] - x_m[0]), x_m[1])
    depth = np.append(np.tile([0.0, 0.0, 0.036, 0.036], waves), 0.0)
    ys = y_m - np.sign(y_m) * depth
    zs = (bed.deck_m + 0.1, bed.top_m - 0.05)
    grid = np.stack([np.stack([xs, ys, np.full_like(xs, z)], axis=-1) for z in zs], axis=1)
    builder = bed.builder(work, "load")
    builder.grid(grid[::-1] if y_m > 0 else grid, int(Slot.LOAD))
    tint_last(builder, tone)
