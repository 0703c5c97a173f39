"""What a lorry's body stands on: rails, axles, tanks, guards, mudguards and the rear with its lamps.

Sources:
    UNECE R73 (side guards: lower edge at most 0.55 m up, gaps at most 0.3 m), UNECE R58 (rear underrun bar at most
    0.5 m up at manufacture, at most 0.1 m narrower than the axle), R48 (lamps 0.35 to 1.5 m up).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenes.stage.heavy.coachwork import Coachwork, Slot, bevel_box, moved, rod, tank
from scenes.stage.heavy.lamp_cluster import lamp_board, number_plate
from scenes.stage.heavy.truck_wheel import Axle


def rails(work: Coachwork, x_m: tuple[float, float], top_m: float, *, mesh: str = "body") -> None:
    """Add the two rails of a ladder frame, 0.24 m high, and its cross members."""
    builder = work.part("chassis", mesh)
    for side in (1, -1):
        builder.box((x_m[0], side * 0.42 - 0.04, top_m - 0.24), (x_m[1], side * 0.42 + 0.04, top_m), int(Slot.DARK))
    for x in np.arange(x_m[0] + 0.1, x_m[1], 1.1):
        builder.box((x - 0.04, -0.4, top_m - 0.2), (x + 0.04, 0.4, top_m - 0.05), int(Slot.DARK))


def axle_beams(work: Coachwork, axles: Sequence[Axle], half_m: float, radius_m: float, *, mesh: str = "body") -> None:
    """Add axle tubes, a differential on twin-tyred axles, and springs."""
    builder = work.part("chassis", mesh)
    for axle in axles:
        reach = half_m - 0.28
        tank(builder, (axle.x_m, -reach, radius_m), (axle.x_m, reach, radius_m), 0.075, Slot.DARK, segments=10)
        if axle.twin:
            tank(
                builder,
                (axle.x_m - 0.24, 0, radius_m),
                (axle.x_m + 0.28, 0, radius_m),
                0.2,
                Slot.DARK,
                segments=12,
                dome=0.9,
            )
        for side in (1, -1):
            y = side * 0.47
            builder.box(
                (axle.x_m - 0.55, y - 0.04, radius_m + 0.08),
                (axle.x_m + 0.55, y + 0.04, radius_m + 0.14),
                int(Slot.DARK),
            )


def mudguard(
    work: Coachwork,
    x_m: float,
    half_m: float,
    radius_m: float,
    *,
    wide_m: float = 0.62,
    mesh: str = "body",
    flap: bool = True,
) -> None:
    """Add plastic mudguards over a pair of wheels and flaps behind them."""
    builder = work.part("chassis", mesh)
    angles = np.linspace(0.12, np.pi - 0.05, 14)
    for side in (1, -1):
        outer, inner = side * (half_m - 0.015), side * (half_m - wide_m)
        ys = (outer, inner) if side < 0 else (inner, outer)
        for radius, order in ((radius_m + 0.09, 1), (radius_m + 0.065, -1)):
            arc = np.stack([x_m + radius * np.cos(angles), 0 * angles, radius_m + radius * np.sin(angles)], axis=-1)
            strip = np.stack([moved(arc, 0.0, y, 0.0) for y in ys[::order]])
            builder.grid(strip, int(Slot.DARK))
        if flap:
            x = x_m - radius_m - 0.10
            builder.box((x - 0.012, min(outer, inner), 0.22), (x, max(outer, inner), radius_m + 0.1), int(Slot.RUBBER))


def side_guards(work: Coachwork, x_m: tuple[float, float], half_m: float, top_m: float, *, mesh: str = "body") -> None:
    """Add underrun rails along both flanks."""
    if x_m[1] - x_m[0] < 0.5:
        return
    builder = work.part("chassis", mesh)
    for side in (1, -1):
        y = side * (half_m - 0.05)
        for z in (0.45, 0.72, 0.97):
            if z + 0.12 < top_m:
                low, high = (x_m[0], y - 0.018, z), (x_m[1], y + 0.018, z + 0.10)
                bevel_box(builder, low, high, Slot.ALLOY, bevel_m=0.012)
        for x in np.linspace(x_m[0] + 0.15, x_m[1] - 0.15, max(2, int((x_m[1] - x_m[0]) / 1.2) + 1)):
            builder.box(
                (x - 0.03, min(y, y - side * 0.07), 0.45), (x + 0.03, max(y, y - side * 0.07), top_m), int(Slot.DARK)
            )


def side_boxes(
    work: Coachwork, x_m: tuple[float, float], half_m: float, top_m: float, rng: np.random.Generator
) -> None:
    """Hang fuel tanks, batteries, air tanks and the exhaust box on the frame behind the cab."""
    first, last = x_m
    if last - first < 0.5:
        return
    builder = work.part("chassis")
    round_tank = rng.random() < 0.35
    long = min(last - first, float(rng.uniform(0.8, 1.5)))
    outer, low = half_m - 0.06, 0.36
    if round_tank:
        radius = (top_m - low) / 2.1
        at = (outer - radius, low + radius)
        tank(builder, (last - long, *at), (last, *at), radius, Slot.ALLOY, segments=24, dome=0.25)
    else:
        bevel_box(builder, (last - long, outer - 0.62, low), (last, outer, top_m - 0.06), Slot.ALLOY, bevel_m=0.10)
    for x in (last - 0.8 * long, last - 0.2 * long):
        rod(
            builder,
            [
                (x, outer - 0.5, top_m - 0.05),
                (x, outer + 0.004, top_m - 0.12),
                (x, outer + 0.004, low + 0.1),
                (x, outer - 0.3, low - 0.005),
            ],
            0.012,
            Slot.STEEL,
            segments=5,
        )
    box = min(last - first, 0.7)
    bevel_box(builder, (last - box, -outer, low + 0.05), (last, -outer + 0.55, top_m - 0.08), Slot.DARK, bevel_m=0.04)
    if last - first > 1.4:
        for row in (0, 1):
            z = low + 0.18 + 0.3 * row
            tank(
                builder, (last - 1.35, -outer + 0.2, z), (last - 0.78, -outer + 0.2, z), 0.125, Slot.STEEL, segments=14
            )


def rear_end(work: Coachwork, x_m: float, half_m: float, *, deck_m: float, mesh: str = "body") -> None:
    """Add the underrun bar, the lamps above it and the plate; nothing stands out behind `x_m`."""
    builder = work.part("bumper", mesh)
    bevel_box(builder, (x_m + 0.02, -half_m + 0.1, 0.40), (x_m + 0.12, half_m - 0.1, 0.53), Slot.STEEL, bevel_m=0.015)
    for side in (1, -1):
        builder.box(
            (x_m + 0.06, side * 0.45 - 0.05, 0.45), (x_m + 0.14, side * 0.45 + 0.05, deck_m - 0.1), int(Slot.DARK)
        )
    z = min(0.86, deck_m - 0.16)
    builder.box((x_m + 0.075, -half_m + 0.12, z - 0.05), (x_m + 0.12, half_m - 0.12, z + 0.05), int(Slot.DARK))
    lamp_board(work, x_m + 0.01, y_m=half_m - 0.42, z_m=z, mesh=mesh)
    number_plate(work, x_m + 0.012, y_m=0.0, z_m=z, front=False, mesh=mesh)
