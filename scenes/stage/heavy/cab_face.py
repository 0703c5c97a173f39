"""The faces of lorry cabs: grilles, bumpers and lamps of cab-overs, and the bonnets of others."""

from __future__ import annotations

import numpy as np

from scenes.stage.heavy.bodyshell import Bodyshell, Patch
from scenes.stage.heavy.cab_plan import CabPlan
from scenes.stage.heavy.coachwork import Coachwork, Slot, disc, prism
from scenes.stage.heavy.lamp_cluster import HEADLAMP_STYLES, headlamps, number_plate, stick


def cab_face(work: Coachwork, shell: Bodyshell, plan: CabPlan, rng: np.random.Generator) -> None:
    """Add grille, bumper, headlamps, badge and plate to a cab-over."""
    half, bottom, low = plan.half_m, plan.skirt_m, plan.screen_m[0]
    bumper = Patch(shell.s("front", -half - 0.25), shell.s("front", half + 0.25), bottom, bottom + 0.36)
    tone = (Slot.PAINT, Slot.DARK, Slot.STEEL, Slot.PAINT_SECOND)[int(rng.integers(4))]
    shell.pane(work.part("bumper"), bumper, tone, out_m=0.018, radius_m=0.04)
    intake = shell.patch("front", (-0.42 * half, 0.42 * half), (bottom + 0.08, bottom + 0.26))
    shell.pane(work.part("bumper"), intake, Slot.DARK, out_m=0.024, radius_m=0.04)
    _grille(work, shell, (bottom + 0.42, low - 0.14), half * float(rng.uniform(0.42, 0.82)), rng)
    style = HEADLAMP_STYLES[int(rng.integers(3))]
    size = {"round": (0.42, 0.19), "slim": (0.40, 0.2), "tall": (0.24, 0.36)}[style]
    high = rng.random() < 0.4
    z = bottom + 0.52 if high else bottom + 0.20 + (0.05 if style == "tall" else 0.0)
    headlamps(work, shell, y_m=half - 0.13 - size[0] / 2, z_m=z, size_m=size, style=style)
    number_plate(work, plan.front_m + 0.032, y_m=0.0, z_m=bottom + 0.12, front=True)
    _corners(work, shell, plan, rng)
    for side in (1, -1):
        step = shell.patch("front", (side * (half - 0.62), side * (half - 0.38)), (low - 0.1, low - 0.07))
        shell.pane(work.part("body"), step, Slot.DARK, out_m=0.025, radius_m=0.012)


def _grille(
    work: Coachwork, shell: Bodyshell, z_m: tuple[float, float], half_m: float, rng: np.random.Generator
) -> None:
    """Add one of five grilles: slots in the panel, barred, arrow-shaped, split in two, or a mesh with a name bar."""
    builder = work.part("grille")
    low, high = z_m
    style, bars = int(rng.integers(5)), int(rng.integers(3, 8))
    slat = (Slot.CHROME, Slot.PAINT, Slot.DARK)[int(rng.choice(3, p=[0.3, 0.5, 0.2]))]
    step = (high - low) / bars
    if style == 0:
        for row in range(bars):
            slit = shell.patch("front", (-half_m, half_m), (low + step * (row + 0.2), low + step * (row + 0.7)))
            shell.pane(builder, slit, Slot.DARK, radius_m=0.03)
    elif style == 3:
        for z0, z1, share in ((low, low + 0.42 * (high - low), 1.0), (high - 0.3 * (high - low), high, 0.7)):
            opening = shell.patch("front", (-half_m * share, half_m * share), (z0, z1))
            shell.pane(builder, opening, Slot.DARK, radius_m=0.06)
            bar = Patch(opening.s0 + 0.05, opening.s1 - 0.05, (z0 + z1) / 2 - 0.018, (z0 + z1) / 2 + 0.018)
            shell.pane(builder, bar, slat, out_m=0.02, radius_m=0.015)
    else:
        shell.pane(builder, shell.patch("front", (-half_m, half_m), (low, high)), Slot.DARK, radius_m=0.07)
        _bars(work, shell, z_m, half_m, bars=bars if style < 4 else 2, slat=slat, pointed=style == 2)
    at = shell.at(np.array([shell.s("front", 0.0)]), np.array([high + 0.02]), 0.03)[0]
    if rng.random() < 0.6:
        disc(builder, at, (1.0, 0.0, 0.1), float(rng.uniform(0.05, 0.085)), Slot.CHROME, sides=20)
    else:
        name = shell.patch("front", (-0.2, 0.2), (high - 0.06, high + 0.01))
        shell.pane(builder, name, Slot.CHROME, out_m=0.024, radius_m=0.01)


def _bars(
    work: Coachwork,
    shell: Bodyshell,
    z_m: tuple[float, float],
    half_m: float,
    *,
    bars: int,
    slat: Slot,
    pointed: bool,
) -> None:
    low, high = z_m
    for row in range(bars):
        z = low + (high - low) * (row + 0.5) / bars
        inset = 0.03 + (0.6 * half_m * abs((row + 0.5) / bars - 0.5) if pointed else 0.0)
        bar = shell.patch("front", (-half_m + inset, half_m - inset), (z - 0.014, z + 0.014))
        shell.pane(work.part("grille"), bar, slat, out_m=0.02, radius_m=0.012)


def _corners(work: Coachwork, shell: Bodyshell, plan: CabPlan, rng: np.random.Generator) -> None:
    """Add what sets one cab's face off from another: corner vanes, a dark strip below the screen, fog lamps."""
    half, bottom, low = plan.half_m, plan.skirt_m, plan.screen_m[0]
    draws = rng.random(3)
    if draws[0] < 0.45:
        tone = Slot.DARK if draws[0] < 0.3 else Slot.PAINT_SECOND
        for side in (1, -1):
            vane = shell.patch("front", (side * (half - 0.14), side * (half + 0.06)), (bottom + 0.66, low - 0.04))
            shell.pane(work.part("body"), vane, tone, out_m=0.022, radius_m=0.05)
    if draws[1] < 0.4:
        strip = shell.patch("front", (-half + 0.1, half - 0.1), (low - 0.13, low + 0.02))
        shell.pane(work.part("body"), strip, Slot.GLASS_DARK, out_m=0.004, radius_m=0.04)
    if draws[2] < 0.5:
        for side in (1, -1):
            stick(
                work.part("headlamp"),
                shell,
                "front",
                (side * 0.62 * half, bottom + 0.1),
                radius_m=0.045,
                slot=Slot.LENS,
                out_m=0.026,
            )


def cab_bonnet(work: Coachwork, plan: CabPlan, rng: np.random.Generator) -> None:
    """Add bonnet, radiator, wings over the front wheels, bumper and lamps of a bonneted lorry."""
    half, top = 0.56 * plan.half_m, plan.screen_m[0] + 0.02
    bottom = plan.skirt_m + 0.22
    hood = Bodyshell(
        x_m=(plan.front_m - 0.25, plan.nose_m - 0.12),
        half_m=half,
        z_m=(bottom, top),
        front_radius_m=0.16,
        bow_m=0.06,
        lean=((bottom, 0.0), (top - 0.4, 0.02), (top, 0.12)),
        tuck=((bottom, 0.0), (top - 0.25, 0.02), (top, 0.10)),
        roof_radius_m=0.16,
    )
    hood.mesh(work.part("bonnet"))
    grille = work.part("grille")
    hood.pane(
        grille, hood.patch("front", (-half + 0.1, half - 0.1), (bottom + 0.05, top - 0.22)), Slot.DARK, radius_m=0.12
    )
    for y in np.linspace(-half + 0.16, half - 0.16, 11):
        bar = hood.patch("front", (float(y) - 0.012, float(y) + 0.012), (bottom + 0.08, top - 0.25))
        hood.pane(grille, bar, Slot.CHROME, out_m=0.02, radius_m=0.01)
    bumper = Bodyshell(
        x_m=(plan.nose_m - 0.5, plan.nose_m),
        half_m=plan.half_m,
        z_m=(plan.skirt_m, plan.skirt_m + 0.42),
        front_radius_m=0.12,
        bow_m=0.08,
        roof_radius_m=0.05,
    )
    bumper.mesh(
        work.part("bumper"),
        bands=[
            (
                Patch(0.0, bumper.length_s, plan.skirt_m, plan.skirt_m + 0.2),
                Slot.CHROME if rng.random() < 0.4 else Slot.DARK,
            )
        ],
    )
    headlamps(work, bumper, y_m=plan.half_m - 0.34, z_m=plan.skirt_m + 0.29, size_m=(0.4, 0.2), style="round")
    number_plate(work, plan.nose_m + 0.004, y_m=0.0, z_m=plan.skirt_m + 0.12, front=True)
    for side in (1, -1):
        _wing(work, plan, side, half)


def _wing(work: Coachwork, plan: CabPlan, side: int, inner_m: float) -> None:
    radius = plan.tyre_m + 0.10
    angles = np.linspace(0.1, np.pi - 0.1, 15)
    arc = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    ring = np.vstack([arc * (radius + 0.07), (arc * radius)[::-1]]) + np.array([plan.axle_m, plan.tyre_m])
    prism(work.part("body"), ring, (side * (inner_m - 0.04), side * (plan.half_m - 0.01)), Slot.PAINT)
