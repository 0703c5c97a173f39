"""Lamps, reflectors and plates of heavy vehicles, on a body's wall or on a flat bracket."""

from __future__ import annotations

from typing import Literal

import numpy as np

from scenes.stage.asset import Beam
from scenes.stage.heavy.bodyshell import Bodyshell, Patch
from scenes.stage.heavy.coachwork import Coachwork, Slot, bevel_box, disc
from scenes.stage.mesh import MeshBuilder

HEADLAMP_CD = 20_000.0
"""Peak candela of one dipped beam; UNECE R112 allows 44,100 cd at most below the cut-off."""

_WHITE = (1.0, 0.95, 0.88)
HeadlampStyle = Literal["round", "slim", "tall"]
HEADLAMP_STYLES: tuple[HeadlampStyle, ...] = ("round", "slim", "tall")


def headlamps(
    work: Coachwork, shell: Bodyshell, *, y_m: float, z_m: float, size_m: tuple[float, float], style: HeadlampStyle
) -> None:
    """Add two headlamps with projectors, day lamp and indicator, and their beams.

    Args:
        work: takes the faces and beams.
        shell: whose front carries them.
        y_m: how far out the lamps stand.
        z_m: their height.
        size_m: width and height of the cover.
        style: a row of round units, a slim strip with a day lamp below, or units above each other.
    """
    wide, high = size_m
    for side in (1, -1):
        cover = shell.patch("front", (side * y_m - wide / 2, side * y_m + wide / 2), (z_m - high / 2, z_m + high / 2))
        rim = Patch(cover.s0 - 0.015, cover.s1 + 0.015, cover.z0 - 0.015, cover.z1 + 0.015)
        radius = 0.45 * high if style == "round" else 0.04
        shell.pane(work.part("headlamp"), rim, Slot.DARK, out_m=0.004, radius_m=radius)
        shell.pane(work.part("headlamp"), cover, Slot.LENS, out_m=0.012, radius_m=radius)
        _units(work, shell, (side * y_m, z_m), size_m, style)
        _front_indicator(work, shell, side, cover, style)
        where = shell.at(np.array([shell.s("front", side * y_m)]), np.array([z_m]), 0.05)[0]
        work.beams.append(Beam(where_m=_xyz(where), candela=HEADLAMP_CD, rgb=_WHITE, light_group="head"))


def _units(
    work: Coachwork,
    shell: Bodyshell,
    centre: tuple[float, float],
    size_m: tuple[float, float],
    style: HeadlampStyle,
) -> None:
    wide, high = size_m
    radius = min(0.30 * (wide if style == "tall" else high), 0.075)
    shift = (0.0, 0.22 * high) if style == "tall" else (0.2 * wide, 0.0)
    for sign in (1, -1):
        spot = (centre[0] + sign * shift[0], centre[1] + sign * shift[1])
        stick(work.part("headlamp"), shell, "front", spot, radius_m=radius * 1.25, slot=Slot.CHROME, out_m=0.014)
        lit = work.lit("head", "headlamp")
        stick(lit, shell, "front", spot, radius_m=radius, slot=Slot.LAMP_HEAD, out_m=0.018)


def _front_indicator(work: Coachwork, shell: Bodyshell, side: int, cover: Patch, style: HeadlampStyle) -> None:
    slot = Slot.LAMP_INDICATOR_LEFT if side > 0 else Slot.LAMP_INDICATOR_RIGHT
    lit = work.lit("indicator", "indicator")
    if style == "slim":
        shell.pane(lit, Patch(cover.s0 + 0.03, cover.s1 - 0.03, cover.z1 - 0.035, cover.z1 - 0.012), slot, out_m=0.018)
        return
    edge = cover.s1 + 0.03 if side > 0 else cover.s0 - 0.09
    shell.pane(lit, Patch(edge, edge + 0.06, cover.z0 + 0.02, cover.z1 - 0.02), slot, out_m=0.014, radius_m=0.02)


def stick(
    builder: MeshBuilder,
    shell: Bodyshell,
    face: Literal["front", "rear"],
    spot: tuple[float, float],
    *,
    radius_m: float,
    slot: Slot,
    out_m: float,
) -> None:
    """Add a disc to the wall at (y, z)."""
    s, z = np.array([shell.s(face, spot[0])]), np.array([spot[1]])
    inner, outer = shell.at(s, z, out_m)[0], shell.at(s, z, out_m + 0.1)[0]
    disc(builder, inner, outer - inner, radius_m, slot)


def _units_behind(side: int) -> tuple[tuple[Slot, str, str], ...]:
    """Return slot, light group and part of the rear lamps of a side (1 left, -1 right), from the outer or upper one."""
    turning = Slot.LAMP_INDICATOR_LEFT if side > 0 else Slot.LAMP_INDICATOR_RIGHT
    return (
        (turning, "indicator", "indicator"),
        (Slot.LAMP_BRAKE, "tail", "tail_lamp"),
        (Slot.LAMP_TAIL, "tail", "tail_lamp"),
        (Slot.LAMP_REVERSING, "tail", "tail_lamp"),
    )


def rear_lamps(work: Coachwork, shell: Bodyshell, *, y_m: float, z_m: float, unit_m: float, rounded: bool) -> None:
    """Add two stacks of lamps to a rear wall: indicator above, then brake, tail and reversing lamp."""
    for side in (1, -1):
        for row, (slot, group, part) in enumerate(_units_behind(side)):
            lit = work.lit(group, part)
            z = z_m + (1.5 - row) * (unit_m + 0.02)
            if rounded:
                stick(
                    work.part(part), shell, "rear", (side * y_m, z), radius_m=unit_m * 0.52, slot=Slot.DARK, out_m=0.006
                )
                stick(lit, shell, "rear", (side * y_m, z), radius_m=unit_m * 0.45, slot=slot, out_m=0.012)
                continue
            patch = shell.patch("rear", (side * y_m - 0.065, side * y_m + 0.065), (z - unit_m / 2, z + unit_m / 2))
            shell.pane(lit, patch, slot, out_m=0.012, radius_m=0.02)


def lamp_board(work: Coachwork, x_m: float, *, y_m: float, z_m: float, mesh: str = "body") -> None:
    """Add the two lamp units of a truck's or trailer's rear underrun bar: one row each, facing backward."""
    for side in (1, -1):
        centre = side * y_m
        bevel_box(
            work.part("tail_lamp", mesh),
            (x_m, centre - 0.24, z_m - 0.075),
            (x_m + 0.07, centre + 0.24, z_m + 0.075),
            Slot.DARK,
        )
        for place, (slot, group, part) in enumerate(_units_behind(side)):
            y = centre + side * (0.175 - 0.115 * place)
            _facing_back(work.lit(group, part), (x_m - 0.003, y, z_m), (0.052, 0.06), slot)
        _facing_back(
            work.part("tail_lamp", mesh), (x_m - 0.002, side * (y_m + 0.32), z_m), (0.04, 0.04), Slot.REFLECTOR
        )


def _facing_back(builder: MeshBuilder, at: tuple[float, float, float], half: tuple[float, float], slot: Slot) -> None:
    (x, y, z), (dy, dz) = at, half
    builder.quad([[x, y + dy, z - dz], [x, y - dy, z - dz], [x, y - dy, z + dz], [x, y + dy, z + dz]], int(slot))


def number_plate(work: Coachwork, x_m: float, *, y_m: float, z_m: float, front: bool, mesh: str = "body") -> None:
    """Add a plate of 520 x 110 mm that faces forward or backward; its UVs run over it once."""
    ahead = 1 if front else -1
    builder = work.part("plate", mesh)
    bevel_box(
        builder,
        (x_m - ahead * 0.012, y_m - 0.275, z_m - 0.065),
        (x_m, y_m + 0.275, z_m + 0.065),
        Slot.DARK,
        bevel_m=0.004,
    )
    left = y_m - ahead * 0.26
    right = y_m + ahead * 0.26
    x = x_m + ahead * 0.003
    low, high = z_m - 0.055, z_m + 0.055
    builder.quad([[x, left, low], [x, right, low], [x, right, high], [x, left, high]], int(Slot.PLATE))


def marker_row(work: Coachwork, xs_m: tuple[float, ...], *, half_m: float, z_m: float, mesh: str = "body") -> None:
    """Add amber side reflectors along both flanks (UNECE R48: at most 3 m apart on vehicles over 6 m)."""
    for x in xs_m:
        for side in (1, -1):
            y = side * half_m
            bevel_box(
                work.part("indicator", mesh),
                (x - 0.05, y - side * 0.02, z_m - 0.022),
                (x + 0.05, y + side * 0.008, z_m + 0.022),
                Slot.MARKER,
                bevel_m=0.005,
            )


def light_bar(work: Coachwork, x_m: float, z_m: float, *, half_m: float) -> None:
    """Add a roof beacon bar: lenses at both ends that flash in turn, so in a light group each, a speaker between."""
    base = work.part("light_bar")
    bevel_box(base, (x_m - 0.14, -half_m, z_m), (x_m + 0.14, half_m, z_m + 0.035), Slot.DARK)
    bevel_box(base, (x_m - 0.12, -0.18 * half_m, z_m + 0.03), (x_m + 0.12, 0.18 * half_m, z_m + 0.115), Slot.DARK)
    for side, group in ((1, "emergency"), (-1, "emergency_alternate")):
        lit = work.lit(group, "light_bar")
        for first, last in ((0.2, 0.58), (0.6, 0.99)):
            bevel_box(
                lit,
                (x_m - 0.13, side * first * half_m, z_m + 0.035),
                (x_m + 0.13, side * last * half_m, z_m + 0.13),
                Slot.LIGHT_BAR,
                bevel_m=0.025,
            )


def contour_tape(builder: MeshBuilder, low: tuple[float, float, float], high: tuple[float, float, float]) -> None:
    """Add retroreflective tape (UNECE R104) round a flank or a rear, as four strips 50 mm wide."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    wide = 0.05
    for a, b in ((z0, z0 + wide), (z1 - wide, z1)):
        builder.box((x0, y0, a), (x1, y1, b), int(Slot.CONTOUR))
    flank = x1 - x0 > y1 - y0
    for share in (0, 1):
        if flank:
            x = x0 + share * (x1 - x0 - wide)
            builder.box((x, y0, z0), (x + wide, y1, z1), int(Slot.CONTOUR))
        else:
            y = y0 + share * (y1 - y0 - wide)
            builder.box((x0, y, z0), (x1, y + wide, z1), int(Slot.CONTOUR))


def _xyz(point: object) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in point)  # type: ignore[attr-defined]  # a row of an array
    return x, y, z
