"""Lorry cabs: cab-over with and without sleeper and high roof, crew cab, and bonneted.

Sources:
    Mercedes-Benz Atego, MAN TGL (7.5 to 12 t): cab 1.75 to 2.2 m long, 2.3 m wide, roof at 2.5 to 2.8 m.
    Mercedes-Benz Actros, Volvo FH, DAF XF tractors: cab 2.25 m long, 2.5 m wide, floor at 1.3 to 1.5 m, roof at 3.4 to
    3.85 m; front overhang 1.37 to 1.43 m.
    Tata SE 1613 and Bedford TJ for the bonneted ones: bonnet 1.0 to 1.3 m long before the screen.
"""

from __future__ import annotations

import numpy as np

from scenes.stage.heavy.bodyshell import FLANKS, Arch, Bodyshell, Patch
from scenes.stage.heavy.cab_face import cab_bonnet, cab_face
from scenes.stage.heavy.cab_plan import CabPlan
from scenes.stage.heavy.coachwork import Coachwork, Slot, bevel_box, rod, tank
from scenes.stage.heavy.saloon import cockpit, floor_and_ceiling, mirror, wipers


def build_cab(work: Coachwork, plan: CabPlan, rng: np.random.Generator) -> Bodyshell:
    """Add a cab with everything on and in it; returns its shell."""
    shell = _shell(plan, rng)
    _screen(work, shell, plan, rng)
    _doors(work, shell, plan)
    if plan.bonnet_m:
        cab_bonnet(work, plan, rng)
    else:
        cab_face(work, shell, plan, rng)
        _steps(work, shell, plan)
    arches = [] if plan.bonnet_m else [Arch(plan.axle_m, plan.tyre_m, plan.tyre_m + 0.10)]
    shell.mesh(work.part("body"), arches=arches, bands=_bands(shell, plan, rng))
    _inside(work, plan)
    _liner(work, plan)
    _mirrors(work, shell, plan, rng)
    return shell


def _shell(plan: CabPlan, rng: np.random.Generator) -> Bodyshell:
    low, high = plan.screen_m
    lean = float(rng.uniform(0.12, 0.34)) if not plan.bonnet_m else 0.12
    cap = lean * (plan.roof_m - low) / (high - low) + (0.35 if plan.roof_m - high > 0.7 else 0.0)
    bottom = plan.skirt_m if not plan.bonnet_m else plan.skirt_m + 0.35
    flat = bool(rng.random() < 0.35)
    return Bodyshell(
        x_m=(plan.rear_m, plan.front_m),
        half_m=plan.half_m,
        z_m=(bottom, plan.roof_m),
        front_radius_m=0.14 if flat else float(rng.uniform(0.2, 0.38)),
        rear_radius_m=0.08,
        bow_m=0.03 if flat else float(rng.uniform(0.06, 0.16)),
        lean=(
            (bottom, 0.03),
            (bottom + 0.2, 0.0),
            (0.95, 0.0),
            (low, 0.05),
            (high, 0.05 + lean),
            (plan.roof_m, 0.05 + cap),
        ),
        tuck=((bottom, 0.03), (bottom + 0.25, 0.0), (low, 0.0), (high, 0.07), (plan.roof_m, 0.16)),
        roof_radius_m=float(rng.uniform(0.14, 0.24)),
        hinge_m=0.9,
        rear_hinge_m=0.2,
    )


def _bands(shell: Bodyshell, plan: CabPlan, rng: np.random.Generator) -> list[tuple[Patch, Slot]]:
    style = int(rng.integers(4))
    whole = (0.0, shell.length_s)
    bottom, waist = shell.z_m[0], plan.screen_m[0] - 0.16
    if style == 1:
        return [(Patch(*whole, bottom, waist - 0.35), Slot.PAINT_SECOND)]
    if style == 2:
        return [(Patch(*whole, waist - 0.22, waist - 0.06), Slot.PAINT_SECOND)]
    lower = [(Patch(*whole, bottom, bottom + 0.28), Slot.DARK)]
    return lower if style == 3 else []


def _screen(work: Coachwork, shell: Bodyshell, plan: CabPlan, rng: np.random.Generator) -> None:
    low, high = plan.screen_m
    wrap = plan.half_m - 0.05
    shell.window(work.part("glass"), shell.patch("front", (-wrap, wrap), (low, high)), radius_m=0.10, border_m=0.055)
    width = plan.half_m
    wipers(work, shell, [(0.75 * width, 0.12 * width), (0.05, -0.6 * width)], low + 0.05, 0.05)
    if rng.random() < 0.38:
        _visor(work, shell, plan, tinted=bool(rng.random() < 0.5))


def _visor(work: Coachwork, shell: Bodyshell, plan: CabPlan, *, tinted: bool) -> None:
    """Add a sun visor before the upper edge of the screen."""
    high = plan.screen_m[1]
    ys = np.linspace(-plan.half_m + 0.1, plan.half_m - 0.1, 17)
    s = np.array([shell.s("front", y) for y in ys])
    outs = ((high + 0.16, 0.01), (high + 0.10, 0.11), (high - 0.06, 0.17), (high - 0.08, 0.155), (high + 0.08, 0.09))
    rows = [shell.at(s, np.full(len(s), z), out) for z, out in outs]
    work.part("body").grid(np.stack(rows, axis=1), int(Slot.GLASS_DARK if tinted else Slot.PAINT))


def _doors(work: Coachwork, shell: Bodyshell, plan: CabPlan) -> None:
    """Glaze the doors and draw their shut lines, handles and mouldings."""
    low, high = plan.screen_m
    spans = [(plan.front_m - 1.22, plan.front_m - 0.30)]
    if plan.crew:
        spans.append((plan.front_m - 2.30, plan.front_m - 1.34))
    bottom = shell.z_m[0] + (0.42 if not plan.bonnet_m else 0.03)
    for face in FLANKS:
        for first, last in spans:
            builder = work.part("door")
            window = shell.patch(face, (first + 0.07, last - 0.03), (low - 0.06, high - 0.02))
            shell.window(builder, window, radius_m=0.10, border_m=0.04)
            _outline(work, shell, shell.patch(face, (first, last + 0.03), (bottom, high + 0.05)))
            handle = shell.patch(face, (first + 0.08, first + 0.28), (low - 0.22, low - 0.17))
            shell.pane(builder, handle, Slot.DARK, out_m=0.025, radius_m=0.02)


def _outline(work: Coachwork, shell: Bodyshell, patch: Patch) -> None:
    line = 0.012
    builder = work.part("door")
    for strip in (
        Patch(patch.s0, patch.s0 + line, patch.z0, patch.z1),
        Patch(patch.s1 - line, patch.s1, patch.z0, patch.z1),
        Patch(patch.s0, patch.s1, patch.z0, patch.z0 + line),
        Patch(patch.s0, patch.s1, patch.z1 - line, patch.z1),
    ):
        shell.pane(builder, strip, Slot.DARK, out_m=0.003, radius_m=0.002)


def _steps(work: Coachwork, shell: Bodyshell, plan: CabPlan) -> None:
    """Add the two steps below each door, ahead of the wheel."""
    first = plan.axle_m + plan.tyre_m + 0.14
    last = plan.front_m - 0.30
    if last - first < 0.22:
        return
    for face, side in zip(FLANKS, (1, -1), strict=True):
        for z in (plan.skirt_m + 0.10, plan.skirt_m + 0.44):
            well = shell.patch(face, (first, last), (z, z + 0.24))
            shell.pane(work.part("body"), well, Slot.DARK, out_m=0.004, radius_m=0.03)
            y = side * plan.half_m
            bevel_box(
                work.part("body"),
                (first + 0.02, y - side * 0.08, z),
                (last - 0.02, y + side * 0.012, z + 0.03),
                Slot.STEEL,
            )


def _inside(work: Coachwork, plan: CabPlan) -> None:
    low = plan.screen_m[0]
    floor_and_ceiling(
        work, (plan.rear_m + 0.06, plan.front_m - 0.42), plan.half_m - 0.1, (plan.floor_m, plan.roof_m - 0.22)
    )
    builder = work.part("interior", "saloon")
    bevel_box(
        builder,
        (plan.front_m - 0.62, -plan.half_m + 0.12, plan.floor_m),
        (plan.front_m - 0.30, plan.half_m - 0.12, low),
        Slot.DARK,
        bevel_m=0.06,
    )
    back = plan.front_m - 1.32
    cockpit(work, back, 0.5 * plan.half_m, plan.floor_m + 0.02, driver=plan.driver)
    bevel_box(
        builder,
        (back, -0.7 * plan.half_m, plan.floor_m + 0.3),
        (back + 0.5, -0.25 * plan.half_m, plan.floor_m + 0.5),
        Slot.SEAT,
        bevel_m=0.05,
    )
    bevel_box(
        builder,
        (back - 0.14, -0.7 * plan.half_m, plan.floor_m + 0.4),
        (back, -0.25 * plan.half_m, plan.floor_m + 1.1),
        Slot.SEAT,
        bevel_m=0.05,
    )


def _liner(work: Coachwork, plan: CabPlan) -> None:
    """Close the cab below and line the arches, so that no light falls through."""
    builder = work.part("chassis")
    low = plan.skirt_m + 0.05
    builder.box(
        (plan.front_m - 0.7, -plan.half_m + 0.12, low),
        (plan.front_m - 0.16, plan.half_m - 0.12, plan.floor_m),
        int(Slot.DARK),
    )
    builder.box(
        (plan.rear_m + 0.1, -0.62 * plan.half_m, low + 0.1),
        (plan.front_m - 0.5, 0.62 * plan.half_m, plan.floor_m),
        int(Slot.DARK),
    )
    radius = plan.tyre_m + 0.12
    angles = np.linspace(0.0, np.pi, 13)
    arc = np.stack([plan.axle_m + radius * np.cos(angles), plan.tyre_m + radius * np.sin(angles)], axis=-1)
    for side in (1, -1):
        near, far = side * (plan.half_m - 0.03), side * 0.55 * plan.half_m
        ends = (near, far) if side > 0 else (far, near)
        builder.grid(np.stack([np.insert(arc, 1, y, axis=1) for y in ends]), int(Slot.DARK))


def _mirrors(work: Coachwork, shell: Bodyshell, plan: CabPlan, rng: np.random.Generator) -> None:
    low, high = plan.screen_m
    tall = float(rng.uniform(0.46, 0.66))
    slot = Slot.DARK if rng.random() < 0.6 else Slot.PAINT
    for side in (1, -1):
        head = (plan.front_m - 0.14, side * (plan.half_m + 0.2), low + 0.42 * (high - low))
        mount = np.array([shell.s("left" if side > 0 else "right", plan.front_m - 0.42)])
        root = shell.at(mount, np.array([high - 0.02]), -0.02)[0]
        mirror(work, root, head, high_m=tall, wide_m=0.24, slot=slot)
        arm = [(head[0], head[1], head[2] - tall / 2), (plan.front_m - 0.36, side * plan.half_m, low - 0.12)]
        rod(work.part("mirror", "mirror"), arm, 0.016, Slot.DARK)


def roof_deflector(work: Coachwork, plan: CabPlan, top_m: float) -> None:
    """Add a wind deflector from the cab's roof up to the body's height, and collars behind the doors."""
    base = plan.roof_m - 0.12
    if top_m - base < 0.3:
        return
    reach = min(0.9 * plan.length_m, 1.9)
    rear = plan.rear_m + 0.04
    shell = Bodyshell(
        x_m=(rear, rear + reach),
        half_m=plan.half_m - 0.22,
        z_m=(base, top_m),
        front_radius_m=0.3,
        rear_radius_m=0.05,
        bow_m=0.16,
        lean=((base, 0.0), (base + 0.15, 0.08), (top_m, 0.62 * reach)),
        tuck=((base, 0.0), (top_m, 0.08)),
        roof_radius_m=0.12,
        hinge_m=reach * 0.95,
    )
    shell.mesh(work.part("roof"))


def roof_fittings(work: Coachwork, plan: CabPlan, rng: np.random.Generator, *, top_m: float) -> None:
    """Add marker lamps, horns or a hatch on the roof, none above `top_m`."""
    x = plan.front_m - 0.62 - (0.25 if plan.roof_m - plan.screen_m[1] > 0.7 else 0.0)
    high = plan.roof_m
    if top_m < high + 0.08:
        return
    if rng.random() < 0.5:
        for y in np.linspace(-0.75, 0.75, 5) * plan.half_m:
            bevel_box(
                work.part("roof"), (x - 0.04, y - 0.06, high - 0.03), (x + 0.05, y + 0.06, high + 0.045), Slot.MARKER
            )
    if rng.random() < 0.35:
        for y in (-0.3, 0.3):
            tank(work.part("roof"), (x - 0.5, y, high + 0.06), (x - 0.1, y, high + 0.06), 0.05, Slot.CHROME)
