"""Bodies of fire engines and ambulances."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scenes.stage.heavy.coachwork import Coachwork, Slot, bevel_box, rod
from scenes.stage.heavy.lamp_cluster import light_bar
from scenes.stage.heavy.load_bed import Bed


def fire_engine(work: Coachwork, bed: Bed, rng: np.random.Generator) -> None:
    """Add an engine's body: lockers with roller shutters, a stripe, and a ladder on the roof."""
    builder = bed.builder(work)
    half, low, top = bed.half_m, 0.62, bed.top_m - 0.22
    bevel_box(
        builder, (bed.rear_m, -half + 0.01, bed.deck_m - 0.1), (bed.front_m, half - 0.01, top), Slot.PAINT, bevel_m=0.05
    )
    count = 3
    edges = np.linspace(bed.rear_m + 0.15, bed.front_m - 0.12, count + 1)
    for side in (1, -1):
        for first, last in pairwise(edges):
            _shutter(work, bed, (first + 0.05, last - 0.05), side, (bed.deck_m + 0.02, top - 0.2))
        y = side * (half + 0.001)
        corners = [
            [bed.rear_m + 0.02, y, top - 0.16],
            [bed.front_m - 0.02, y, top - 0.16],
            [bed.front_m - 0.02, y, top - 0.06],
            [bed.rear_m + 0.02, y, top - 0.06],
        ]
        builder.quad(corners[::-side] if side > 0 else corners, int(Slot.PAINT_SECOND))
        for x0, x1 in ((bed.rear_m + 0.05, edges[1] - 0.35), (edges[2] + 0.25, bed.front_m - 0.05)):
            bevel_box(
                builder,
                (x0, side * (half - 0.5), low),
                (x1, side * (half - 0.01), bed.deck_m),
                Slot.PAINT,
                bevel_m=0.03,
            )
    _shutter_rear(work, bed, (bed.deck_m + 0.05, top - 0.25))
    _roof_ladder(work, bed, top, rng)


def _shutter(work: Coachwork, bed: Bed, x_m: tuple[float, float], side: int, z_m: tuple[float, float]) -> None:
    builder = bed.builder(work, "door")
    zs = np.linspace(*z_m, 2 * max(6, int((z_m[1] - z_m[0]) / 0.055)) + 1)
    y = bed.half_m - 0.004 + 0.004 * (np.arange(len(zs)) % 2)
    columns = [np.stack([np.full(len(zs), x), side * y, zs], axis=-1) for x in (x_m if side < 0 else x_m[::-1])]
    builder.grid(np.stack(columns), int(Slot.ALLOY))
    builder.box(
        (x_m[0] + 0.1, side * bed.half_m - 0.012, z_m[0] + 0.05),
        (x_m[1] - 0.1, side * bed.half_m + 0.012, z_m[0] + 0.09),
        int(Slot.DARK),
    )


def _shutter_rear(work: Coachwork, bed: Bed, z_m: tuple[float, float]) -> None:
    builder = bed.builder(work, "door")
    for z in np.arange(z_m[0], z_m[1], 0.06):
        builder.box((bed.rear_m - 0.012, -0.75, z), (bed.rear_m + 0.01, 0.75, z + 0.05), int(Slot.ALLOY))
    for side in (1, -1):
        for row in range(5):
            z = z_m[0] + 0.3 * row
            y0, y1 = sorted((side * 0.82, side * (bed.half_m - 0.06)))
            corners = [
                [bed.rear_m - 0.004, y1, z],
                [bed.rear_m - 0.004, y0, z],
                [bed.rear_m - 0.004, y0, z + 0.2],
                [bed.rear_m - 0.004, y1, z + 0.2],
            ]
            builder.quad(corners, int(Slot.PAINT_SECOND if row % 2 else Slot.CONTOUR))


def _roof_ladder(work: Coachwork, bed: Bed, roof_m: float, rng: np.random.Generator) -> None:
    builder = bed.builder(work)
    side = 0.35 if rng.random() < 0.5 else 0.0
    front = bed.front_m - 0.1
    for y in (side - 0.25, side + 0.25):
        rod(builder, [(bed.rear_m + 0.05, y, roof_m + 0.14), (front, y, roof_m + 0.17)], 0.03, Slot.ALLOY, segments=6)
    for x in np.arange(bed.rear_m + 0.2, front, 0.3):
        rod(
            builder, [(x, side - 0.25, roof_m + 0.155), (x, side + 0.25, roof_m + 0.155)], 0.018, Slot.ALLOY, segments=5
        )
    bevel_box(
        builder, (bed.rear_m + 0.5, -0.95, roof_m - 0.02), (front - 0.6, -0.5, bed.top_m), Slot.ALLOY, bevel_m=0.02
    )


def ambulance_box(work: Coachwork, bed: Bed) -> None:
    """Add an ambulance's box: windows, a side door, checked stripes and a light bar at the rear."""
    builder = bed.builder(work)
    half, low, top = bed.half_m, bed.deck_m, bed.top_m - 0.13
    bevel_box(builder, (bed.rear_m, -half, low), (bed.front_m, half, top), Slot.CARGO, bevel_m=0.08)
    for side in (1, -1):
        y = side * (half + 0.002)
        for row in (0, 1):
            for number, x in enumerate(np.arange(bed.rear_m + 0.1, bed.front_m - 0.4, 0.36)):
                slot = Slot.PAINT_SECOND if (number + row) % 2 else Slot.PAINT
                z = low + 0.55 + 0.22 * row
                corners = [[x, y, z], [x + 0.36, y, z], [x + 0.36, y, z + 0.22], [x, y, z + 0.22]]
                builder.quad(corners[::-1] if side > 0 else corners, int(slot))
        x = bed.front_m - 1.2
        corners = [[x, y, low + 1.15], [x + 0.8, y, low + 1.15], [x + 0.8, y, low + 1.65], [x, y, low + 1.65]]
        bed.builder(work, "glass").quad(corners[::-1] if side > 0 else corners, int(Slot.GLASS_DARK))
    door = bed.builder(work, "door")
    for side in (1, -1):
        bevel_box(
            door,
            (bed.rear_m - 0.015, side * 0.01, low + 0.08),
            (bed.rear_m + 0.02, side * (half - 0.15), top - 0.15),
            Slot.CARGO,
        )
        y0, y1 = sorted((side * 0.15, side * (half - 0.3)))
        x, z = bed.rear_m - 0.018, low + 1.15
        bed.builder(work, "glass").quad(
            [[x, y1, z], [x, y0, z], [x, y0, z + 0.5], [x, y1, z + 0.5]], int(Slot.GLASS_DARK)
        )
    light_bar(work, bed.rear_m + 0.25, top, half_m=half - 0.15)
