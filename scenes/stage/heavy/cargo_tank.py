"""Round and special bodies: tank, concrete mixer, refuse collector, painted lorry."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scenes.stage.heavy.coachwork import Coachwork, Slot, bevel_box, disc, prism, rod, tank
from scenes.stage.heavy.load_bed import Bed, tint_last


def tanker(work: Coachwork, bed: Bed, rng: np.random.Generator) -> None:
    """Add an elliptic tank with bands, a catwalk with manholes, a ladder and a pipe along the flank."""
    builder = bed.builder(work)
    top = bed.top_m - 0.16
    up, half = (top - bed.deck_m) / 2 + 0.06, bed.half_m - 0.03
    middle = bed.deck_m + up - 0.08
    slot = (Slot.ALLOY, Slot.CARGO, Slot.PAINT)[int(rng.integers(3))]
    dome = 0.22
    stations = [(0.0, 0.05), (0.03, 0.5), (0.09, 0.8), (dome, 1.0)]
    rear, front = bed.rear_m + 0.06, bed.front_m - 0.02
    xs = (
        [rear + d for d, _ in stations]
        + list(np.linspace(rear + 0.6, front - 0.6, 9))
        + [front - d for d, _ in stations[::-1]]
    )
    scale = [r for _, r in stations] + [1.0] * 9 + [r for _, r in stations[::-1]]
    size = (half, min(up, half), middle)
    _oval(work, bed, xs, scale, size=size, slot=slot)
    for x in np.linspace(rear + 0.45, front - 0.45, 5 if bed.length_m < 8 else 9):
        _oval(
            work,
            bed,
            [x - 0.03, x - 0.03, x + 0.03, x + 0.03],
            [0.99, 1.012, 1.012, 0.99],
            size=size,
            slot=Slot.ALLOY,
        )
    crown = middle + min(up, half)
    bevel_box(builder, (rear + 0.4, -0.32, crown - 0.03), (front - 0.4, 0.32, crown + 0.02), Slot.STEEL)
    for x in np.linspace(rear + 0.9, front - 0.9, 3 if bed.length_m < 8 else 5):
        tank(builder, (x, 0.0, crown - 0.1), (x, 0.0, bed.top_m), 0.26, Slot.ALLOY, segments=16, dome=0.15)
    _ladder(work, bed, rear + 0.16, crown)
    for side in (1, -1):
        bevel_box(
            builder,
            (rear + 0.3, side * (half - 0.28), bed.deck_m - 0.14),
            (front - 0.3, side * (half - 0.02), bed.deck_m + 0.02),
            Slot.DARK,
        )
        rod(
            builder,
            [
                (rear + 0.5, side * (half - 0.1), bed.deck_m - 0.05),
                (front - 0.5, side * (half - 0.1), bed.deck_m - 0.05),
            ],
            0.06,
            Slot.STEEL,
        )
    for x in np.linspace(rear + 0.8, front - 0.8, 4):
        builder.box(
            (x - 0.06, -0.5 * half, bed.deck_m - 0.14), (x + 0.06, 0.5 * half, bed.deck_m + 0.15), int(Slot.STEEL)
        )


def _oval(
    work: Coachwork, bed: Bed, xs: list[float], scale: list[float], *, size: tuple[float, float, float], slot: Slot
) -> None:
    half, up, middle = size
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)[::-1]
    power = 0.8  # between an ellipse and a box, as tanks of the road are
    y = half * np.sign(np.cos(angles)) * np.abs(np.cos(angles)) ** power
    z = up * np.sign(np.sin(angles)) * np.abs(np.sin(angles)) ** power
    rings = [np.stack([np.full(40, x), y * s, middle + z * s], axis=-1) for x, s in zip(xs, scale, strict=True)]
    builder = bed.builder(work)
    grid = np.stack(rings, axis=1)
    builder.grid(grid[::-1], int(slot), closed=True)
    builder.add(grid[:, 0], [tuple(range(40))], int(slot))
    builder.add(grid[:, -1], [tuple(range(39, -1, -1))], int(slot))


def _ladder(work: Coachwork, bed: Bed, x: float, top_m: float) -> None:
    builder = bed.builder(work)
    base = bed.rear_m + 0.03
    for y in (0.25, 0.6):
        rod(
            builder,
            [(base, y, bed.deck_m - 0.35), (base, y, top_m - 0.55), (x + 0.2, y, top_m + 0.01)],
            0.017,
            Slot.STEEL,
            segments=6,
        )
    for z in np.arange(bed.deck_m - 0.25, top_m - 0.55, 0.28):
        rod(builder, [(base, 0.25, z), (base, 0.6, z)], 0.013, Slot.STEEL, segments=5)


def mixer(work: Coachwork, bed: Bed, rng: np.random.Generator) -> None:
    """Add a concrete mixer's tilted drum with its spiral stripe, hopper, chute and water tank.

    Source: 8 m³ truck mixers (Liebherr HTM 804): drum 2.3 m across, tilted by about 12 degrees.
    """
    builder = bed.builder(work)
    tilt = np.deg2rad(12)
    long = bed.length_m - 0.75
    axis = np.array([-np.cos(tilt), 0.0, np.sin(tilt)])
    side = np.array([0.0, 1.0, 0.0])
    up = np.cross(axis, side)
    radius = min(bed.half_m - 0.04, 0.46 * (bed.top_m - bed.deck_m) + 0.12)
    share = np.array([0.0, 0.02, 0.10, 0.30, 0.50, 0.72, 0.90, 1.0])
    ring = np.array([0.05, 0.45, 0.80, 1.0, 1.0, 0.80, 0.52, 0.44]) * radius
    start = np.array([bed.front_m - 0.45, 0.0, bed.deck_m + radius * 0.86])
    angles = np.linspace(0, 2 * np.pi, 36, endpoint=False)[:, None, None]
    centre = start + share[:, None] * long * axis
    points = centre + ring[:, None] * (np.cos(angles) * side + np.sin(angles) * up)
    points[..., 2] = np.minimum(points[..., 2], bed.top_m - 0.12)
    slots = np.full((36, 7), int(Slot.CARGO))
    if rng.random() < 0.7:
        turn = (np.arange(36)[:, None] + 5 * np.arange(7)[None, :]) % 18
        slots[turn < 5] = int(Slot.PAINT_SECOND)
    builder.grid(points, slots, closed=True)
    bevel_box(
        builder,
        (bed.front_m - 0.4, -0.55, bed.deck_m - 0.1),
        (bed.front_m - 0.05, 0.55, bed.deck_m + 1.0),
        Slot.DARK,
        bevel_m=0.04,
    )
    tank(
        builder,
        (bed.front_m - 0.25, -0.9, bed.top_m - 0.55),
        (bed.front_m - 0.25, 0.9, bed.top_m - 0.55),
        0.28,
        Slot.CARGO,
    )
    tail = bed.rear_m
    prism(
        builder,
        np.array(
            [
                [tail + 0.12, bed.top_m - 0.62],
                [tail + 0.75, bed.top_m - 0.62],
                [tail + 0.62, bed.top_m],
                [tail + 0.02, bed.top_m],
            ]
        ),
        (-0.5, 0.5),
        Slot.PAINT_SECOND,
    )
    for y in (-0.62, 0.62):
        rod(builder, [(tail + 0.35, y, bed.deck_m - 0.1), (tail + 0.6, y * 0.7, bed.top_m - 0.5)], 0.06, Slot.STEEL)
    rod(
        builder,
        [(tail + 0.5, 0.0, bed.deck_m + 0.9), (tail + 0.12, 0.0, bed.deck_m - 0.2)],
        0.17,
        Slot.STEEL,
        segments=9,
    )
    builder.box(
        (tail + 0.1, -bed.half_m + 0.06, bed.deck_m - 0.16),
        (bed.front_m, bed.half_m - 0.06, bed.deck_m - 0.10),
        int(Slot.DARK),
    )
    for part in (0.2, 0.6):
        x = bed.rear_m + part * bed.length_m
        prism(
            builder,
            np.array(
                [
                    [x - 0.1, bed.deck_m - 0.1],
                    [x + 0.1, bed.deck_m - 0.1],
                    [x + 0.05, bed.deck_m + 0.5],
                    [x - 0.05, bed.deck_m + 0.5],
                ]
            ),
            (-0.7, 0.7),
            Slot.DARK,
        )


def refuse(work: Coachwork, bed: Bed, rng: np.random.Generator) -> None:
    """Add a refuse collector's ribbed body with its tailgate and loading mouth."""
    builder = bed.builder(work)
    half, low, top = bed.half_m, bed.deck_m, bed.top_m
    gate = bed.rear_m + 1.35
    slot = Slot.PAINT if rng.random() < 0.5 else Slot.CARGO
    bevel_box(builder, (gate, -half + 0.03, low), (bed.front_m, half - 0.03, top - 0.06), slot, bevel_m=0.14)
    for x in np.arange(gate + 0.15, bed.front_m - 0.1, 0.55):
        for side in (1, -1):
            bevel_box(
                builder, (x, side * (half - 0.10), low + 0.1), (x + 0.10, side * half, top - 0.2), slot, bevel_m=0.02
            )
    outline = np.array(
        [
            [gate, 1.0],
            [gate, top],
            [gate - 0.55, top],
            [bed.rear_m + 0.1, top - 0.75],
            [bed.rear_m + 0.1, 1.95],
            [bed.rear_m + 0.35, 1.85],
            [bed.rear_m + 0.35, 1.36],
            [bed.rear_m, 1.32],
            [bed.rear_m, 1.0],
        ]
    )[::-1]
    prism(builder, outline, (-half + 0.04, half - 0.04), slot)
    mouth = bed.rear_m + 0.34
    builder.box((mouth - 0.01, -half + 0.2, 1.38), (mouth + 0.02, half - 0.2, 1.83), int(Slot.DARK))
    for row in range(5):
        y = -half + 0.25 + row * (2 * half - 0.5) / 5
        builder.box(
            (bed.rear_m - 0.004, y, 0.95),
            (bed.rear_m + 0.01, y + 0.16, 1.07),
            int(Slot.CONTOUR if row % 2 else Slot.REFLECTOR),
        )
    for side in (1, -1):
        rod(
            builder,
            [(gate - 0.1, side * (half - 0.02), top - 0.3), (bed.rear_m + 0.55, side * (half - 0.02), 1.5)],
            0.045,
            Slot.CHROME,
        )
        builder.box(
            (bed.rear_m + 0.15, side * (half - 0.35) - 0.2, 0.45),
            (bed.rear_m + 0.55, side * (half - 0.35) + 0.2, 0.49),
            int(Slot.STEEL),
        )


def painted_lorry(work: Coachwork, bed: Bed, rng: np.random.Generator, *, loaded: bool) -> None:
    """Add a high wooden body as on South Asian lorries: framed planks with bright fields, and a crown over the cab."""
    builder = bed.builder(work)
    half, low, top = bed.half_m, bed.deck_m, bed.top_m
    wall = top - (0.45 if loaded else 0.0)
    tones = rng.uniform(0.02, 0.75, (6, 3)) ** 1.4
    for side in (1, -1):
        builder.box(
            (bed.rear_m + 0.02, *sorted((side * (half - 0.08), side * (half - 0.03)))[:1], low),
            (bed.front_m, max(side * (half - 0.08), side * (half - 0.03)), wall),
            int(Slot.PAINT_SECOND),
        )
        for x in np.linspace(bed.rear_m + 0.05, bed.front_m - 0.05, 7):
            bevel_box(builder, (x - 0.04, side * (half - 0.06), low - 0.1), (x + 0.04, side * half, wall), Slot.PAINT)
        for z in np.linspace(low, wall - 0.08, 4):
            bevel_box(
                builder,
                (bed.rear_m + 0.02, side * (half - 0.06), z),
                (bed.front_m, side * (half - 0.005), z + 0.08),
                Slot.PAINT,
            )
        _fields(work, bed, side, wall, tones)
    builder.box((bed.rear_m + 0.02, -half + 0.05, low), (bed.rear_m + 0.07, half - 0.05, wall), int(Slot.PAINT_SECOND))
    builder.box((bed.front_m - 0.05, -half + 0.05, low), (bed.front_m, half - 0.05, wall), int(Slot.PAINT_SECOND))
    builder.box((bed.rear_m + 0.02, -half, low - 0.06), (bed.front_m, half, low), int(Slot.TIMBER))
    for row, tone in enumerate(tones[:4]):
        disc(builder, (bed.rear_m + 0.014, -0.75 + 0.5 * row, low + 0.9), (-1, 0, 0), 0.2, Slot.DECAL)
        tint_last(builder, (float(tone[0]), float(tone[1]), float(tone[2])))


def _fields(work: Coachwork, bed: Bed, side: int, wall_m: float, tones: np.ndarray) -> None:
    builder = bed.builder(work)
    xs = np.linspace(bed.rear_m + 0.05, bed.front_m - 0.05, 7)
    zs = np.linspace(bed.deck_m, wall_m - 0.08, 4)
    for column, (x0, x1) in enumerate(pairwise(xs)):
        for row, (z0, z1) in enumerate(pairwise(zs)):
            tone = tones[(column + 2 * row) % len(tones)]
            middle = np.array([(x0 + x1) / 2, side * (bed.half_m - 0.026), (z0 + z1) / 2 + 0.04])
            reach = 0.32 * min(x1 - x0, z1 - z0)
            sides = 4 if (column + row) % 2 else 14
            disc(builder, middle, (0, side, 0), reach, Slot.DECAL, sides=sides)
            tint_last(builder, (float(tone[0]), float(tone[1]), float(tone[2])))
