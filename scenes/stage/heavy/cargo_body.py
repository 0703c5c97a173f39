"""Closed bodies of lorries and trailers: box, refrigerated box, curtain-sider, and the shapes painted on them."""

from __future__ import annotations

import numpy as np

from scenes.stage.heavy.coachwork import Coachwork, Slot, bevel_box, rod
from scenes.stage.heavy.lamp_cluster import contour_tape
from scenes.stage.heavy.load_bed import Bed
from scenes.stage.mesh import Points


def box_body(work: Coachwork, bed: Bed, rng: np.random.Generator) -> None:
    """Add a box of panels between aluminium profiles, with double doors at the rear."""
    builder = bed.builder(work)
    low, high = bed.deck_m, bed.top_m
    bevel_box(
        builder,
        (bed.rear_m + 0.03, -bed.half_m + 0.01, low),
        (bed.front_m - 0.01, bed.half_m - 0.01, high - 0.01),
        Slot.CARGO,
        bevel_m=0.03,
    )
    _profiles(work, bed)
    if rng.random() < 0.5:
        for x in np.arange(bed.rear_m + 1.2, bed.front_m - 0.4, 1.22):
            for side in (1, -1):
                y = side * (bed.half_m - 0.008)
                builder.box(
                    (x - 0.025, min(y, y - side * 0.03), low + 0.1),
                    (x + 0.025, max(y, y - side * 0.03), high - 0.1),
                    int(Slot.CARGO),
                )
    rear_doors(work, bed)
    company_shapes(work, bed, rng)
    if rng.random() < 0.35:
        _refrigeration(work, bed)
    if rng.random() < 0.5:
        _contour(work, bed)


def curtain_body(work: Coachwork, bed: Bed, rng: np.random.Generator) -> None:
    """Add a roof and a bulkhead with curtains of cloth along the flanks, held down by straps."""
    builder = bed.builder(work)
    low, high, half = bed.deck_m, bed.top_m, bed.half_m
    bevel_box(
        builder,
        (bed.rear_m + 0.03, -half + 0.01, high - 0.16),
        (bed.front_m, half - 0.01, high),
        Slot.CARGO,
        bevel_m=0.03,
    )
    bevel_box(builder, (bed.front_m - 0.06, -half + 0.01, low), (bed.front_m, half - 0.01, high - 0.05), Slot.CARGO)
    bevel_box(
        builder, (bed.rear_m + 0.03, -half + 0.02, low - 0.12), (bed.front_m, half - 0.02, low), Slot.DARK, bevel_m=0.02
    )
    bevel_box(
        builder, (bed.rear_m + 0.03, -half + 0.02, low), (bed.rear_m + 0.12, half - 0.02, high - 0.05), Slot.CARGO
    )
    ripple = float(rng.uniform(0.006, 0.014))
    pitch = float(rng.uniform(0.55, 0.75))
    for side in (1, -1):
        _curtain(work, bed, side, ripple, pitch)
    rear_doors(work, bed)
    company_shapes(work, bed, rng, out_m=0.012 + ripple)
    if rng.random() < 0.5:
        _contour(work, bed)


def _curtain(work: Coachwork, bed: Bed, side: int, ripple: float, pitch: float) -> None:
    builder = bed.builder(work)
    xs = np.linspace(bed.rear_m + 0.06, bed.front_m - 0.02, max(24, int(bed.length_m / 0.11)))
    zs = np.array([bed.deck_m - 0.10, bed.deck_m + 0.25, bed.deck_m + 1.1, bed.top_m - 0.5, bed.top_m - 0.12])
    sag = np.array([0.3, 1.0, 1.0, 0.8, 0.1])
    wave = np.cos(2 * np.pi * xs / pitch) + 0.5 * np.cos(5.1 * xs)
    y = bed.half_m - 0.014 + ripple * (wave[:, None] * sag - 1.5) / 1.5
    grid = np.stack([np.broadcast_to(xs[:, None], y.shape), side * y, np.broadcast_to(zs, y.shape)], axis=-1)
    builder.grid(grid[::-1] if side > 0 else grid, int(Slot.CURTAIN))
    for x in np.arange(bed.rear_m + 0.3, bed.front_m - 0.2, pitch):
        y0 = side * (bed.half_m - 0.004)
        ends = (min(y0, y0 - side * 0.012), max(y0, y0 - side * 0.012))
        builder.box((x - 0.022, ends[0], bed.deck_m - 0.11), (x + 0.022, ends[1], bed.deck_m + 0.42), int(Slot.DARK))
        builder.box(
            (x - 0.03, ends[0], bed.deck_m + 0.10), (x + 0.03, ends[1] + 0.004, bed.deck_m + 0.2), int(Slot.STEEL)
        )


def _profiles(work: Coachwork, bed: Bed) -> None:
    """Add the rounded corner and edge profiles of a box."""
    builder = bed.builder(work)
    low, high, half = bed.deck_m, bed.top_m, bed.half_m
    for side in (1, -1):
        y, inner = side * half, side * (half - 0.06)
        for z0, z1 in ((low - 0.10, low + 0.05), (high - 0.09, high)):
            bevel_box(builder, (bed.rear_m + 0.02, inner, z0), (bed.front_m, y, z1), Slot.ALLOY, bevel_m=0.025)
        for x0, x1 in ((bed.rear_m + 0.02, bed.rear_m + 0.09), (bed.front_m - 0.09, bed.front_m)):
            bevel_box(builder, (x0, inner, low), (x1, y, high - 0.02), Slot.ALLOY, bevel_m=0.025)
    bevel_box(
        builder, (bed.front_m - 0.06, -half, high - 0.09), (bed.front_m + 0.004, half, high), Slot.ALLOY, bevel_m=0.025
    )


def rear_doors(work: Coachwork, bed: Bed) -> None:
    """Add a steel frame with two door leaves, hinges and locking bars."""
    frame, leaf = bed.builder(work), bed.builder(work, "door")
    x, low, high, half = bed.rear_m, bed.deck_m, bed.top_m, bed.half_m
    for side in (1, -1):
        bevel_box(
            frame,
            (x, side * (half - 0.09), low - 0.10),
            (x + 0.09, side * half, high - 0.01),
            Slot.STEEL,
            bevel_m=0.015,
        )
        bevel_box(
            leaf,
            (x + 0.012, side * 0.008, low + 0.05),
            (x + 0.06, side * (half - 0.10), high - 0.13),
            Slot.CARGO,
            bevel_m=0.01,
        )
        for y in (0.16, half * 0.55):
            rod(
                leaf,
                [(x + 0.008, side * y, low + 0.02), (x + 0.008, side * y, high - 0.10)],
                0.014,
                Slot.STEEL,
                segments=6,
            )
            leaf.box(
                (x - 0.002, side * y - 0.14, low + 0.92), (x + 0.012, side * y + 0.03, low + 0.955), int(Slot.STEEL)
            )
        for z in np.linspace(low + 0.2, high - 0.3, 4):
            leaf.box(
                (x + 0.002, side * (half - 0.12) - 0.08, z - 0.03),
                (x + 0.02, side * (half - 0.12) + 0.05, z + 0.03),
                int(Slot.STEEL),
            )
    for z0, z1 in ((low - 0.12, low + 0.03), (high - 0.12, high)):
        bevel_box(frame, (x, -half, z0), (x + 0.09, half, z1), Slot.STEEL, bevel_m=0.015)
    for side in (1, -1):
        lit = work.part("tail_lamp", bed.mesh)
        lit.box(
            (x - 0.004, side * (half - 0.06) - 0.03, high - 0.07),
            (x + 0.01, side * (half - 0.06) + 0.03, high - 0.04),
            int(Slot.REFLECTOR),
        )


def _refrigeration(work: Coachwork, bed: Bed) -> None:
    builder = bed.builder(work)
    x, z, half = bed.front_m, bed.top_m - 0.06, min(0.9, bed.half_m - 0.2)
    bevel_box(builder, (x - 0.01, -half, z - 0.75), (x + 0.36, half, z), Slot.CARGO, bevel_m=0.08)
    for side in (1, -1):
        ends = sorted((side * 0.12, side * (half - 0.15)))
        for row in range(6):
            z0 = z - 0.62 + 0.08 * row
            builder.box((x + 0.355, ends[0], z0), (x + 0.363, ends[1], z0 + 0.045), int(Slot.DARK))


def _contour(work: Coachwork, bed: Bed) -> None:
    builder = bed.builder(work)
    low, high, half = bed.deck_m + 0.05, bed.top_m - 0.12, bed.half_m
    contour_tape(builder, (bed.rear_m - 0.002, -half + 0.1, low), (bed.rear_m + 0.02, half - 0.1, high))
    for side in (1, -1):
        y = side * half
        builder.box(
            (bed.rear_m + 0.1, min(y, y - side * 0.03), low - 0.06),
            (bed.front_m - 0.1, max(y, y - side * 0.03) + 0.002, low - 0.01),
            int(Slot.CONTOUR),
        )


def company_shapes(work: Coachwork, bed: Bed, rng: np.random.Generator, *, out_m: float = 0.006) -> None:
    """Add plain shapes in the livery's colours to both flanks: a band, a sweep, a disc with bars, or nothing."""
    style = int(rng.integers(5))
    if style == 4:
        return
    low, high = bed.deck_m + 0.12, bed.top_m - 0.2
    tall, long = high - low, bed.length_m
    sketches: dict[int, list[tuple[Points, Slot]]] = {
        0: [(_rectangle(0.05, 0.95, 0.0, 0.30), Slot.PAINT_SECOND)],
        1: [
            (np.array([[0.03, 0.0], [0.42, 0.0], [0.62, 1.0], [0.03, 1.0]]), Slot.PAINT_SECOND),
            (np.array([[0.46, 0.0], [0.50, 0.0], [0.70, 1.0], [0.66, 1.0]]), Slot.PAINT),
        ],
        2: [
            (_ellipse(0.26, 0.5, 0.36 * tall / long, 0.36), Slot.PAINT_SECOND),
            (_ellipse(0.26, 0.5, 0.2 * tall / long, 0.2), Slot.PAINT),
        ],
        3: [(_rectangle(0.12, 0.88, 0.62, 0.86), Slot.PAINT_SECOND), (_rectangle(0.12, 0.60, 0.42, 0.52), Slot.PAINT)],
    }
    shapes = sketches[style]
    if style in (2, 3):
        shapes += [(_word(rng, 0.48, 0.44, 0.045 if style == 2 else 0.03), Slot.PAINT_SECOND)]
    for side in (1, -1):
        for layer, (shape, slot) in enumerate(shapes):
            for polygon in shape if shape.ndim == 3 else shape[None]:
                lift = out_m - 0.010 + 0.002 * layer
                _paste(work, bed, polygon, side=side, slot=slot, out_m=lift, z_m=(low, tall))


def _rectangle(x0: float, x1: float, z0: float, z1: float) -> Points:
    return np.array([[x0, z0], [x1, z0], [x1, z1], [x0, z1]])


def _ellipse(x: float, z: float, across: float, up: float) -> Points:
    angles = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    return np.stack([x + across * np.cos(angles), z + up * np.sin(angles)], axis=-1)


def _word(rng: np.random.Generator, x: float, z: float, wide: float) -> Points:
    """Return blocks that look like a line of big letters from afar and spell nothing."""
    blocks = []
    for place in range(int(rng.integers(5, 9))):
        begin = x + 1.25 * wide * place
        top = z + (0.2 if rng.random() < 0.7 else 0.13)
        blocks.append(_rectangle(begin, begin + 0.28 * wide, z, top))
        blocks.append(
            _rectangle(begin + 0.28 * wide, begin + wide, *((z, z + 0.04) if rng.random() < 0.5 else (top - 0.04, top)))
        )
        if rng.random() < 0.6:
            blocks.append(_rectangle(begin + 0.72 * wide, begin + wide, z, top))
    return np.clip(np.stack(blocks), 0.0, 0.97)


def _paste(
    work: Coachwork, bed: Bed, shape: Points, *, side: int, slot: Slot, out_m: float, z_m: tuple[float, float]
) -> None:
    x = bed.front_m - 0.1 - shape[:, 0] * (bed.length_m - 0.2)
    z = z_m[0] + shape[:, 1] * z_m[1]
    points = np.stack([x, np.full(len(x), side * (bed.half_m + out_m)), z], axis=-1)
    order = list(range(len(x))) if side > 0 else list(range(len(x)))[::-1]
    bed.builder(work).add(points, [tuple(order)], int(slot))
