"""Bodies that carry or tow cars: the two decks of a transporter, a recovery lorry's deck, a wrecker's underlift.

The cars are vehicles of their own; `scenes.haulage` says where they stand, and gives the sources.
"""

from __future__ import annotations

import numpy as np

from scenes.haulage import LIFT_M, LIFT_REACH_M, LOWER_M, UPPER_M
from scenes.stage.heavy.coachwork import Coachwork, Slot, bevel_box, disc, rod, tank
from scenes.stage.heavy.load_bed import Bed

_TRACK_M = (0.42, 1.08)
"""Inner and outer edge of each of a deck's two runways, from its middle."""
_THICK_M, _BEAM_M = 0.04, 0.10
_RAIL_M, _STANCHION_M = 0.55, 1.7


def decks(work: Coachwork, bed: Bed, neck_m: float) -> None:
    """Add a transporter's decks, its posts, and the neck that lies on the tractor.

    Args:
        work: the lorry.
        bed: from the rear to the upper deck's front.
        neck_m: where the lower deck ends.
    """
    half = bed.half_m
    _deck(work, bed, (bed.rear_m, neck_m), LOWER_M)
    _deck(work, bed, (bed.rear_m, bed.front_m), UPPER_M)
    builder = bed.builder(work)
    bevel_box(builder, (neck_m, -half + 0.1, LOWER_M - 0.16), (neck_m + 0.12, half - 0.1, 1.32), Slot.PAINT)
    for side in (1, -1):
        y = side * 0.5
        bevel_box(builder, (neck_m, y - 0.07, 1.12), (bed.front_m - 0.1, y + 0.07, 1.30), Slot.PAINT)
        outer = side * (half - 0.09)
        for x in np.linspace(bed.rear_m + 0.25, neck_m - 0.1, 5):
            bevel_box(builder, (x - 0.06, outer - 0.05, LOWER_M - 0.1), (x + 0.06, outer + 0.05, UPPER_M), Slot.PAINT)
        bevel_box(
            builder, (bed.front_m - 0.24, outer - 0.05, 1.2), (bed.front_m - 0.1, outer + 0.05, UPPER_M), Slot.PAINT
        )
        bevel_box(builder, (bed.front_m - 0.24, y, 1.14), (bed.front_m - 0.1, outer, 1.28), Slot.PAINT)
        for foot, head in ((bed.rear_m + 0.35, bed.rear_m + 1.9), (neck_m - 0.2, neck_m - 1.7)):
            start, end = (foot, outer, LOWER_M + 0.15), (head, outer, UPPER_M - 0.12)
            rod(builder, [start, end], 0.045, Slot.CHROME, segments=10)
        _guard(work, bed, outer)
        bevel_box(
            builder, (bed.front_m - 0.1, outer - 0.05, UPPER_M), (bed.front_m, outer + 0.05, bed.top_m), Slot.PAINT
        )
    for z in (UPPER_M + 0.3, bed.top_m - 0.05):
        bevel_box(builder, (bed.front_m - 0.1, -half + 0.1, z - 0.05), (bed.front_m, half - 0.1, z + 0.05), Slot.PAINT)


def _deck(work: Coachwork, bed: Bed, span_m: tuple[float, float], top_m: float) -> None:
    """Lay two runways on cross beams between side beams."""
    builder, half = bed.builder(work), bed.half_m
    low = top_m - _THICK_M
    for side in (1, -1):
        y0, y1 = sorted(side * edge for edge in _TRACK_M)
        builder.box((span_m[0] + 0.04, y0, low), (span_m[1], y1, top_m), int(Slot.STEEL))
        for y in (y0, y1):
            builder.box((span_m[0] + 0.04, y - 0.015, low), (span_m[1], y + 0.015, top_m + 0.035), int(Slot.ALLOY))
        beam = side * (half - 0.06)
        bevel_box(builder, (span_m[0], beam - 0.05, top_m - 0.18), (span_m[1], beam + 0.05, top_m + 0.03), Slot.PAINT)
    for x in np.arange(span_m[0] + 0.15, span_m[1], 0.95):
        builder.box((x - 0.04, -half + 0.08, top_m - _BEAM_M), (x + 0.04, half - 0.08, low), int(Slot.DARK))


def _guard(work: Coachwork, bed: Bed, y_m: float) -> None:
    """Stretch two wires along a side of the upper deck."""
    builder = bed.builder(work)
    for x in np.arange(bed.rear_m + 0.3, bed.front_m, _STANCHION_M):
        rod(builder, [(x, y_m, UPPER_M), (x, y_m, UPPER_M + _RAIL_M)], 0.016, Slot.STEEL, segments=5)
    for height in (0.5 * _RAIL_M, _RAIL_M):
        z = UPPER_M + height
        rod(builder, [(bed.rear_m + 0.3, y_m, z), (bed.front_m - 0.1, y_m, z)], 0.008, Slot.STEEL, segments=4)


def recovery(work: Coachwork, bed: Bed) -> None:
    """Add a flat deck of chequered plate with side rails, a headboard and amber beacons."""
    builder, half, deck = bed.builder(work), bed.half_m, bed.deck_m
    builder.box(
        (bed.rear_m + 0.03, -half + 0.05, deck - 0.05), (bed.front_m - 0.05, half - 0.05, deck), int(Slot.ALLOY)
    )
    for side in (1, -1):
        y = side * (half - 0.05)
        bevel_box(builder, (bed.rear_m + 0.02, y - 0.05, deck - 0.2), (bed.front_m, y + 0.05, deck + 0.07), Slot.PAINT)
    bevel_box(builder, (bed.rear_m, -half + 0.1, deck - 0.17), (bed.rear_m + 0.08, half - 0.1, deck), Slot.PAINT)
    _mast(work, bed)
    tank(builder, (bed.front_m - 0.2, -0.25, deck + 0.14), (bed.front_m - 0.2, 0.25, deck + 0.14), 0.1, Slot.STEEL)


def wrecker(work: Coachwork, bed: Bed) -> None:
    """Add lockers, a boom, and behind the body the arm that lifts an axle."""
    builder, half, deck = bed.builder(work), bed.half_m, bed.deck_m
    top = deck + 0.62
    bevel_box(builder, (bed.rear_m + 0.02, -half, deck - 0.3), (bed.front_m, half, top), Slot.PAINT, bevel_m=0.05)
    for side in (1, -1):
        for x in np.linspace(bed.rear_m + 0.3, bed.front_m - 1.1, 3):
            face = side * (half + 0.004)
            bevel_box(builder, (x, face, deck - 0.22), (x + 0.8, face - side * 0.02, top - 0.1), Slot.ALLOY)
    foot, head = np.array([bed.front_m - 0.5, 0.0, top + 0.1]), np.array([bed.rear_m + 0.1, 0.0, top + 1.15])
    for side in (1, -1):
        rod(builder, np.add([foot, head], [(0, 0.3 * side, 0), (0, 0.12 * side, 0)]), 0.09, Slot.PAINT, segments=8)
        middle = np.add((foot + head) / 2, (0, 0.21 * side, 0))
        rod(builder, [(bed.rear_m + 0.9, 0.25 * side, top), middle], 0.05, Slot.CHROME, segments=8)
    disc(builder, np.add(head, (-0.02, 0.0, 0.0)), (-1.0, 0.0, 0.0), 0.16, Slot.DARK)
    tank(builder, np.add(foot, (0.2, -0.4, 0.05)), np.add(foot, (0.2, 0.4, 0.05)), 0.16, Slot.STEEL)
    _mast(work, bed)
    _underlift(work, bed)


def _underlift(work: Coachwork, bed: Bed) -> None:
    builder, x = bed.builder(work), bed.rear_m - LIFT_REACH_M + 0.12
    bevel_box(builder, (x, -0.1, LIFT_M - 0.16), (bed.rear_m + 0.8, 0.1, LIFT_M - 0.02), Slot.DARK)
    bevel_box(builder, (x - 0.06, -0.92, LIFT_M - 0.12), (x + 0.06, 0.92, LIFT_M - 0.02), Slot.DARK)
    for side in (1, -1):
        y = side * 0.78
        for ahead in (-0.3, 0.3):
            bevel_box(
                builder,
                (x + ahead - 0.03, y - 0.14, LIFT_M - 0.1),
                (x + ahead + 0.03, y + 0.14, LIFT_M + 0.04),
                Slot.STEEL,
            )
        bevel_box(builder, (x - 0.3, y + side * 0.14, LIFT_M - 0.1), (x + 0.3, y + side * 0.18, LIFT_M), Slot.STEEL)


def _mast(work: Coachwork, bed: Bed) -> None:
    """Stand a frame behind the cab, with amber beacons on it, up to the body's height."""
    builder, half, x, top = bed.builder(work), bed.half_m, bed.front_m - 0.05, bed.top_m
    for side in (1, -1):
        y = side * (half - 0.12)
        bevel_box(builder, (x - 0.05, y - 0.05, bed.deck_m), (x + 0.05, y + 0.05, top - 0.12), Slot.PAINT)
        bevel_box(
            builder,
            (x - 0.1, side * 0.12, top - 0.12),
            (x + 0.1, side * (half - 0.12), top),
            Slot.MARKER,
            bevel_m=0.04,
        )
    for z in (bed.deck_m + 0.5, top - 0.18):
        bevel_box(builder, (x - 0.04, -half + 0.12, z - 0.04), (x + 0.04, half - 0.12, z + 0.04), Slot.PAINT)
