"""What is seen through the windows of a heavy vehicle: floor, seats, poles, ceiling lamps, a driver; and mirrors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenes.stage.heavy.bodyshell import Bodyshell
from scenes.stage.heavy.coachwork import Coachwork, Point, Slot, bevel_box, moved, rod, tank
from scenes.stage.mesh import MeshBuilder

_YELLOW = (0.75, 0.42, 0.01, 1.0)


def floor_and_ceiling(work: Coachwork, x_m: tuple[float, float], half_m: float, z_m: tuple[float, float]) -> None:
    """Add floor and ceiling, which also close the view through the body from above and below."""
    builder = work.part("interior", "saloon")
    builder.box((x_m[0], -half_m, z_m[0] - 0.04), (x_m[1], half_m, z_m[0]), int(Slot.INTERIOR))
    builder.box((x_m[0], -half_m, z_m[1]), (x_m[1], half_m, z_m[1] + 0.03), int(Slot.INTERIOR))


def seat_rows(work: Coachwork, xs_m: Sequence[float], half_m: float, floor_m: float, *, back_m: float) -> None:
    """Add pairs of seats on both sides of an aisle; `back_m` is the height of their backs above the floor."""
    builder = work.part("interior", "saloon")
    for x in xs_m:
        for side in (1, -1):
            for place in (0.30, 0.74):
                y = side * (half_m - place)
                bevel_box(builder, (x - 0.05, y - 0.2, floor_m + 0.38), (x + 0.4, y + 0.2, floor_m + 0.48), Slot.SEAT)
                low, high = (x - 0.12, y - 0.2, floor_m + 0.42), (x - 0.02, y + 0.2, floor_m + back_m)
                bevel_box(builder, low, high, Slot.SEAT, bevel_m=0.04)


def poles(work: Coachwork, xs_m: Sequence[float], half_m: float, z_m: tuple[float, float]) -> None:
    """Add yellow grab poles beside the aisle."""
    builder = work.part("interior", "saloon")
    for number, x in enumerate(xs_m):
        y = (half_m - 1.0) * (1 if number % 2 else -1)
        builder.box((x - 0.017, y - 0.017, z_m[0]), (x + 0.017, y + 0.017, z_m[1]), int(Slot.DECAL))
        builder.tints[-1] = np.broadcast_to(np.array(_YELLOW), builder.tints[-1].shape)


def ceiling_lamps(work: Coachwork, x_m: tuple[float, float], half_m: float, z_m: float) -> None:
    """Add two strips of light along the ceiling; they burn in the group of lit windows."""
    builder = work.lit("windows", "interior")
    for side in (1, -1):
        y = side * (half_m - 0.55)
        corners = [[x_m[0], y - 0.05, z_m], [x_m[0], y + 0.05, z_m], [x_m[1], y + 0.05, z_m], [x_m[1], y - 0.05, z_m]]
        builder.quad(corners, int(Slot.SALOON_LAMP))


def cockpit(work: Coachwork, x_m: float, y_m: float, floor_m: float, *, driver: bool) -> None:
    """Add a seat, a steering wheel and perhaps a driver; `x_m` is the seat's back, `floor_m` its footing.

    A driver's eyes are about 1.27 m above the footing (SAE J941 gives 1.15 to 1.3 m for class B vehicles).
    """
    builder = work.part("interior", "saloon")
    bevel_box(
        builder, (x_m, y_m - 0.25, floor_m + 0.3), (x_m + 0.5, y_m + 0.25, floor_m + 0.5), Slot.SEAT, bevel_m=0.05
    )
    bevel_box(
        builder, (x_m - 0.14, y_m - 0.24, floor_m + 0.4), (x_m, y_m + 0.24, floor_m + 1.12), Slot.SEAT, bevel_m=0.05
    )
    wheel = np.array([x_m + 0.68, y_m, floor_m + 0.82])
    angles = np.linspace(0, 2 * np.pi, 21)
    ring = np.stack([-0.11 * np.sin(angles), 0.22 * np.cos(angles), 0.19 * np.sin(angles)], axis=-1)
    rod(builder, wheel + ring, 0.017, Slot.DARK, segments=6)
    rod(builder, [wheel, moved(wheel, 0.2, 0.0, -0.45)], 0.03, Slot.DARK)
    if driver:
        _bust(builder, np.array([x_m + 0.14, y_m, floor_m + 0.5]), wheel)


def _bust(builder: MeshBuilder, seat: np.ndarray, wheel: np.ndarray) -> None:
    tank(builder, moved(seat, 0.0, 0.0, -0.02), moved(seat, -0.02, 0.0, 0.56), 0.17, Slot.CLOTH_DRIVER, dome=0.6)
    tank(builder, moved(seat, -0.02, -0.24, 0.45), moved(seat, -0.02, 0.24, 0.45), 0.085, Slot.CLOTH_DRIVER, dome=1.0)
    tank(builder, moved(seat, 0.0, 0.0, 0.50), moved(seat, 0.0, 0.0, 0.66), 0.055, Slot.SKIN_DRIVER)
    tank(builder, moved(seat, 0.02, 0.0, 0.60), moved(seat, 0.02, 0.0, 0.86), 0.088, Slot.SKIN_DRIVER, dome=1.3)
    tank(builder, moved(seat, 0.0, 0.0, 0.71), moved(seat, 0.0, 0.0, 0.875), 0.097, Slot.DARK, dome=0.9)
    for side in (1, -1):
        shoulder = moved(seat, 0.0, side * 0.23, 0.42)
        elbow = moved(seat, 0.22, side * 0.27, 0.17)
        hand = moved(wheel, -0.03, side * 0.19, 0.06)
        rod(
            builder,
            [shoulder, (shoulder + elbow) / 2, elbow, (elbow + hand) / 2, hand],
            0.048,
            Slot.CLOTH_DRIVER,
            segments=8,
        )
        tank(builder, moved(hand, -0.05, 0, 0), moved(hand, 0.05, 0, 0.02), 0.042, Slot.SKIN_DRIVER)


def mirror(
    work: Coachwork, root: Point, head: Point, *, high_m: float, wide_m: float = 0.2, slot: int = Slot.DARK
) -> None:
    """Add a mirror on an arm that starts at `root`, with the glass facing backward, centred on `head`."""
    builder = work.part("mirror", "mirror")
    start, end = np.asarray(root, dtype=np.float64), np.asarray(head, dtype=np.float64)
    over = np.array([end[0], end[1], max(start[2], end[2] + 0.4 * high_m)])
    rod(builder, [start, start + 0.55 * (over - start), over, end], 0.018, Slot.DARK)
    half = np.array([0.055, wide_m / 2, high_m / 2])
    bevel_box(builder, end - half, end + half, slot, bevel_m=0.04)
    x = end[0] - 0.057
    dy, dz = wide_m / 2 - 0.03, high_m / 2 - 0.03
    y, z = end[1], end[2]
    corners = [[x, y + dy, z - dz], [x, y - dy, z - dz], [x, y - dy, z + dz], [x, y + dy, z + dz]]
    builder.quad(corners, int(Slot.CHROME))


def wipers(work: Coachwork, shell: Bodyshell, arms: Sequence[tuple[float, float]], z_m: float, rise_m: float) -> None:
    """Lay wipers on the windscreen, each from its pivot at y to the y of its tip."""
    builder = work.part("glass")
    for pivot, tip in arms:
        ys = np.linspace(pivot, tip, 6)
        zs = z_m + rise_m * np.linspace(0, 1, 6)
        s = np.array([shell.s("front", y) for y in ys])
        rod(builder, shell.at(s, zs, 0.03), 0.010, Slot.DARK, segments=5)
        blade = np.linspace(pivot + 0.35 * (tip - pivot), tip + 0.15 * (tip - pivot), 6)
        s = np.array([shell.s("front", y) for y in blade])
        rod(builder, shell.at(s, zs[-1] * 0.4 + zs * 0.6, 0.018), 0.009, Slot.DARK, segments=5)
