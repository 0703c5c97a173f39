"""Open bodies and what lies on them: flatbed, dropsides, tipper; boxes, logs, pipes, heaps and covered loads."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scenes.stage.heavy.coachwork import Coachwork, Slot, bevel_box, rod, tank
from scenes.stage.heavy.container import container
from scenes.stage.heavy.load_bed import Bed, tint_last
from scenes.stage.mesh import Points

Rgb = tuple[float, float, float]


def flatbed(work: Coachwork, bed: Bed, rng: np.random.Generator, load: str) -> None:
    """Add a platform with a headboard and what it carries; an empty one has a folded loading crane."""
    builder = bed.builder(work)
    half, deck = bed.half_m, bed.deck_m
    bevel_box(
        builder, (bed.rear_m + 0.02, -half, deck - 0.14), (bed.front_m, half, deck - 0.03), Slot.STEEL, bevel_m=0.02
    )
    builder.box(
        (bed.rear_m + 0.06, -half + 0.05, deck - 0.04), (bed.front_m - 0.05, half - 0.05, deck), int(Slot.TIMBER)
    )
    head = min(bed.top_m, deck + (1.0 if load in ("none", "tarpaulin", "boxes") else 1.5))
    _headboard(work, bed, head)
    if load == "containers":
        container(work, bed, rng)
    elif load in ("timber", "pipes"):
        _stakes(work, bed)
        _logs(work, bed, rng, pipes=load == "pipes")
    elif load == "tarpaulin":
        covered(work, bed, rng)
    else:
        _dropsides(work, bed)
        if load == "boxes":
            _stacks(work, bed, rng)
        else:
            _crane(work, bed)


def _headboard(work: Coachwork, bed: Bed, top_m: float) -> None:
    builder, half, x = bed.builder(work), bed.half_m, bed.front_m
    for z0, z1 in ((bed.deck_m, bed.deck_m + 0.08), (top_m - 0.08, top_m)):
        bevel_box(builder, (x - 0.07, -half + 0.02, z0), (x, half - 0.02, z1), Slot.STEEL)
    for y in np.linspace(-half + 0.06, half - 0.06, 7):
        builder.box((x - 0.06, y - 0.03, bed.deck_m), (x - 0.01, y + 0.03, top_m - 0.02), int(Slot.STEEL))
    builder.box((x - 0.04, -half + 0.06, bed.deck_m + 0.05), (x - 0.025, half - 0.06, top_m - 0.05), int(Slot.ALLOY))


def _dropsides(work: Coachwork, bed: Bed) -> None:
    builder, half, top = bed.builder(work), bed.half_m, bed.deck_m + 0.42
    count = max(2, round(bed.length_m / 2.4))
    edges = np.linspace(bed.rear_m + 0.04, bed.front_m - 0.08, count + 1)
    for side in (1, -1):
        for first, last in pairwise(edges):
            for row in range(3):
                z = bed.deck_m - 0.02 + 0.147 * row
                bevel_box(
                    builder,
                    (first + 0.04, side * (half - 0.035), z),
                    (last - 0.04, side * half, z + 0.14),
                    Slot.ALLOY,
                    bevel_m=0.012,
                )
        for x in edges:
            builder.box(
                (x - 0.035, min(side * half, side * (half - 0.05)), bed.deck_m - 0.1),
                (x + 0.035, max(side * half, side * (half - 0.05)), top + 0.03),
                int(Slot.STEEL),
            )
    bevel_box(
        builder,
        (bed.rear_m + 0.005, -half + 0.05, bed.deck_m - 0.02),
        (bed.rear_m + 0.04, half - 0.05, top),
        Slot.ALLOY,
    )


def _stakes(work: Coachwork, bed: Bed) -> None:
    builder = bed.builder(work)
    for x in np.arange(bed.rear_m + 0.5, bed.front_m - 0.3, 1.35):
        for side in (1, -1):
            y = side * (bed.half_m - 0.05)
            bevel_box(
                builder,
                (x - 0.05, y - 0.04, bed.deck_m - 0.1),
                (x + 0.05, y + 0.04, bed.top_m),
                Slot.STEEL,
                bevel_m=0.012,
            )


def _logs(work: Coachwork, bed: Bed, rng: np.random.Generator, *, pipes: bool) -> None:
    """Stack logs or pipes between the stakes, in rows that lie in each other's gaps."""
    radius = float(rng.uniform(0.14, 0.24) if pipes else rng.uniform(0.15, 0.21))
    inner = bed.half_m - 0.10
    columns = int(2 * inner / (2 * radius))
    pitch = 2 * inner / columns
    level, row = bed.deck_m + radius, 0
    tint = ((0.42, 0.12, 0.03), (0.25, 0.27, 0.29), (0.03, 0.12, 0.30), (0.5, 0.5, 0.48))[int(rng.integers(4))]
    while level + radius < bed.top_m - 0.06:
        for place in range(columns - row % 2):
            y = -inner + pitch * (place + 0.5 + 0.5 * (row % 2))
            jitter = rng.normal(0, 0.012 if pipes else 0.05, 3)
            size = radius * (1.0 if pipes else float(rng.uniform(0.86, 1.0)))
            first, last = bed.rear_m + 0.15 + abs(jitter[0]), bed.front_m - 0.2 - abs(jitter[1])
            _log(work, bed, (first, last), (y, level), radius=size, tint=tint if pipes else None)
        level += 0.89 * 2 * radius
        row += 1


def _log(
    work: Coachwork, bed: Bed, x_m: tuple[float, float], at: tuple[float, float], *, radius: float, tint: Rgb | None
) -> None:
    builder = bed.builder(work, "load")
    path = np.array([[x, *at] for x in (x_m[0], x_m[1])])
    pipes = tint is not None
    slot = int(Slot.LOAD if pipes else Slot.TIMBER)
    builder.tube(path, [radius * (1.0 if pipes else 1.06), radius * (1.0 if pipes else 0.94)], segments=10, slot=slot)
    if tint is not None:
        tint_last(builder, tint)
    angles = np.linspace(0, 2 * np.pi, 10, endpoint=False)
    ring = np.stack([0 * angles, np.cos(angles), np.sin(angles)], axis=-1)
    inner = 0.86 if pipes else 1.0
    for x, order in ((x_m[0], -1), (x_m[1], 1)):
        face = Slot.DARK if pipes else Slot.TIMBER
        builder.add(np.array([x, *at]) + ring[::order] * radius * inner, [tuple(range(10))], int(face))


def _stacks(work: Coachwork, bed: Bed, rng: np.random.Generator) -> None:
    """Set pallets with cartons, crates or wrapped goods; the highest reach the body's height."""
    builder = bed.builder(work, "load")
    tones = ((0.33, 0.20, 0.10), (0.42, 0.29, 0.16), (0.55, 0.56, 0.58), (0.05, 0.12, 0.28), (0.16, 0.10, 0.05))
    first = True
    for x in np.arange(bed.rear_m + 0.12, bed.front_m - 1.1, 1.02):
        for side in (1, -1):
            if not first and rng.random() < 0.12:
                continue
            tall = bed.top_m - bed.deck_m if first else float(rng.uniform(0.7, 1.0)) * (bed.top_m - bed.deck_m)
            first = False
            tone = tones[int(rng.integers(len(tones)))]
            y0, y1 = sorted((side * 0.03, side * (bed.half_m - 0.08)))
            builder.box((x, y0, bed.deck_m), (x + 0.96, y1, bed.deck_m + 0.12), int(Slot.TIMBER))
            layers = max(2, round((tall - 0.12) / 0.42))
            step = (tall - 0.12) / layers
            for layer in range(layers):
                z = bed.deck_m + 0.12 + layer * step
                for half in (0, 1):
                    low = (x + 0.48 * half + 0.006, y0 + 0.01, z)
                    high = (x + 0.48 * half + 0.474, y1 - 0.01, z + step - 0.008)
                    shade = np.clip(np.array(tone) * float(rng.uniform(0.85, 1.12)), 0, 1)
                    bevel_box(
                        builder,
                        low,
                        high,
                        Slot.LOAD,
                        bevel_m=0.008,
                        tint=(float(shade[0]), float(shade[1]), float(shade[2]), 1.0),
                    )
    for x in np.arange(bed.rear_m + 0.6, bed.front_m - 0.6, 2.04):
        rod(
            builder,
            [
                (x, -bed.half_m + 0.04, bed.deck_m + 0.1),
                (x, 0.0, bed.deck_m + 0.16),
                (x, bed.half_m - 0.04, bed.deck_m + 0.1),
            ],
            0.012,
            Slot.DECAL,
            segments=5,
        )


def covered(work: Coachwork, bed: Bed, rng: np.random.Generator) -> None:
    """Spread a tarpaulin over a lumpy load and rope it down."""
    builder = bed.builder(work, "load")
    xs = np.linspace(bed.rear_m + 0.06, bed.front_m - 0.1, 44)
    across = np.linspace(-1, 1, 29)
    lumps = 0.5 + 0.5 * np.sin(xs * rng.uniform(1.1, 1.9) + rng.uniform(0, 6)) * np.sin(xs * 0.7 + rng.uniform(0, 6))
    crest = bed.top_m - 0.02 - 0.42 * lumps * (bed.top_m - bed.deck_m)
    crest += bed.top_m - 0.02 - crest.max()
    ends = np.minimum(1.0, np.minimum(np.arange(44), np.arange(44)[::-1]) / 2.0) ** 0.5
    crest = bed.deck_m + (crest - bed.deck_m) * np.where(ends < 0.1, 0.05, np.maximum(ends, 0.6))
    profile = np.clip((1.0 - np.abs(across) ** 5) / (1.0 - 0.8**5), 0, 1)
    wave = 0.035 * np.sin(xs[:, None] * 9 + 7 * across + 3 * np.sin(2 * xs[:, None])) * (1 - np.abs(across) ** 4)
    z = bed.deck_m + (crest - bed.deck_m)[:, None] * profile + wave * (ends[:, None] > 0.9)
    half = bed.half_m - 0.015
    y = np.sign(across) * half * (1 - (1 - np.abs(across)) ** 1.25)
    y = y * (1 - 0.04 * (z - bed.deck_m) / (bed.top_m - bed.deck_m)) + 0.01 * np.sin(xs[:, None] * 6.0 + 2)
    y = np.clip(y, -half, half)
    grid = np.stack([np.broadcast_to(xs[:, None], z.shape), y, np.minimum(z, bed.top_m)], axis=-1)
    builder.grid(grid, int(Slot.TARPAULIN))
    for index in range(5, 42, 9):
        path = grid[index] + np.array([0.0, 0.0, 0.012])
        rod(builder, path, 0.013, Slot.DARK, segments=5)


def _crane(work: Coachwork, bed: Bed) -> None:
    """Fold a loading crane behind the cab, up to the body's height."""
    builder, x, top = bed.builder(work), bed.front_m - 0.42, bed.top_m
    bevel_box(builder, (x - 0.3, -0.55, bed.deck_m), (x + 0.3, 0.55, bed.deck_m + 0.5), Slot.PAINT_SECOND, bevel_m=0.05)
    bevel_box(
        builder, (x - 0.16, -0.2, bed.deck_m + 0.4), (x + 0.16, 0.16, top - 0.25), Slot.PAINT_SECOND, bevel_m=0.04
    )
    bevel_box(builder, (x - 0.13, -0.95, top - 0.32), (x + 0.13, 0.85, top), Slot.PAINT_SECOND, bevel_m=0.04)
    bevel_box(
        builder, (x - 0.10, 0.55, bed.deck_m + 0.62), (x + 0.10, 0.85, top - 0.1), Slot.PAINT_SECOND, bevel_m=0.04
    )
    tank(builder, (x, -0.8, top - 0.45), (x, -0.2, bed.deck_m + 0.7), 0.06, Slot.CHROME, segments=12)
    rod(builder, [(x, 0.7, bed.deck_m + 0.6), (x, 0.7, bed.deck_m + 0.25)], 0.03, Slot.DARK)


def tipper(work: Coachwork, bed: Bed, rng: np.random.Generator, *, loaded: bool) -> None:
    """Add a ribbed steel skip with a canopy towards the cab, and perhaps a heap in it."""
    builder = bed.builder(work)
    half, low, top = bed.half_m, bed.deck_m, bed.top_m
    side_top = low + min(1.35, 0.62 * (top - low))
    rear, front = bed.rear_m + 0.04, bed.front_m
    slot = Slot.PAINT_SECOND if rng.random() < 0.5 else Slot.STEEL
    for side in (1, -1):
        bevel_box(
            builder, (rear, side * (half - 0.10), low), (front, side * (half - 0.055), side_top), slot, bevel_m=0.012
        )
        bevel_box(
            builder,
            (rear, side * (half - 0.13), side_top - 0.08),
            (front, side * half, side_top + 0.03),
            slot,
            bevel_m=0.02,
        )
        for x in np.arange(rear + 0.06, front - 0.05, float(rng.uniform(0.5, 0.75))):
            bevel_box(
                builder,
                (x, side * (half - 0.06), low + 0.02),
                (x + 0.09, side * (half - 0.004), side_top - 0.04),
                slot,
                bevel_m=0.02,
            )
    bevel_box(builder, (rear, -half + 0.08, low), (front, half - 0.08, low + 0.06), slot)
    bevel_box(
        builder,
        (bed.rear_m, -half + 0.04, low - 0.04),
        (bed.rear_m + 0.06, half - 0.04, side_top - 0.05),
        slot,
        bevel_m=0.02,
    )
    bevel_box(builder, (front - 0.06, -half + 0.02, low), (front, half - 0.02, top - 0.02), slot, bevel_m=0.02)
    bevel_box(builder, (front - 0.04, -half + 0.08, top - 0.07), (front + 0.55, half - 0.08, top), slot, bevel_m=0.025)
    tank(builder, (front - 0.25, 0.0, low - 0.25), (front - 0.1, 0.0, side_top - 0.1), 0.09, Slot.CHROME, segments=12)
    if loaded:
        builder = bed.builder(work, "load")
        builder.grid(_heap(bed, side_top, rng), int(Slot.GRAVEL))


def _heap(bed: Bed, rim_m: float, rng: np.random.Generator) -> Points:
    x = np.linspace(bed.rear_m + 0.06, bed.front_m - 0.06, 40)
    y = np.linspace(-bed.half_m + 0.10, bed.half_m - 0.10, 22)
    along, across = np.linspace(-1, 1, 40)[:, None], np.linspace(-1, 1, 22)[None, :]
    peaks = sum(np.exp(-(((along - at) / 0.45) ** 2) - (across / 0.6) ** 2) for at in rng.uniform(-0.5, 0.5, 2))
    z = rim_m - 0.22 + 0.5 * peaks / peaks.max() * (1 - across**4) + rng.normal(0, 0.012, (40, 22))
    return np.stack([x[:, None] + 0 * across, y[None, :] + 0 * along, np.minimum(z, bed.top_m - 0.05)], axis=-1)
