"""City buses and coaches.

Sources:
    Directive 96/53/EC: at most 2.55 m wide, 13.5 m long with two axles (15 m with more), 4 m high.
    A 12 m low-floor bus (Mercedes-Benz Citaro, MAN Lion's City data sheets): wheelbase 5.9 m, front overhang 2.7 m,
    rear overhang 3.4 m, height 3.1 m with roof units, floor at 0.32 m, doors 1.25 m wide and 2.0 m high.
    Touring coaches (Setra S 515 HD, MAN Lion's Coach): 12.3 to 13.2 m, 3.6 to 3.8 m high, luggage bays between axles.
"""

from __future__ import annotations

import numpy as np

from scenes.spec.vehicle import Vehicle
from scenes.stage.heavy.bodyshell import FLANKS, Arch, Bodyshell, Patch
from scenes.stage.heavy.bus_details import destination_signs, engine_bay, roof_units
from scenes.stage.heavy.bus_layout import ARCH_M, TYRE_M, Layout
from scenes.stage.heavy.bus_side import dress_flanks
from scenes.stage.heavy.coachwork import Coachwork, Slot, bevel_box
from scenes.stage.heavy.lamp_cluster import HEADLAMP_STYLES, headlamps, number_plate, rear_lamps
from scenes.stage.heavy.saloon import ceiling_lamps, cockpit, floor_and_ceiling, mirror, poles, seat_rows, wipers
from scenes.stage.heavy.truck_wheel import Axle, heavy_wheels


def build_bus(vehicle: Vehicle, rng: np.random.Generator) -> Coachwork:
    """Build a low-floor city bus or a coach, as the vehicle's kind says."""
    work = Coachwork()
    coach = vehicle.kind == "coach"
    layout = _coach_layout(vehicle, rng) if coach else _city_layout(vehicle, rng)
    shell = _shell(vehicle, layout, rng, coach=coach)
    _front(work, shell, vehicle, layout, rng, coach=coach)
    dress_flanks(work, shell, layout, vehicle.kind, rng)
    _rear(work, shell, layout, rng, coach=coach)
    arches = [Arch(x, TYRE_M, ARCH_M) for x in layout.axles]
    shell.mesh(work.part("body"), rows_m=[1.0], arches=arches, bands=_bands(shell, vehicle, layout, rng))
    _inside(work, vehicle, layout, coach=coach)
    _underside(work, vehicle, layout)
    roof_units(work, vehicle, layout.roof_m, rng, coach=coach)
    axles = [Axle(layout.axles[0], steered=True), Axle(layout.axles[1], twin=True)]
    rim = Slot.ALLOY if coach or rng.random() < 0.4 else Slot.STEEL
    work.wheels += heavy_wheels(vehicle, axles, radius_m=TYRE_M, width_m=0.275, rim=rim)
    return work


def _axles(vehicle: Vehicle) -> tuple[float, float]:
    front = vehicle.length_m * (0.5 - 0.225)
    return front, front - vehicle.wheelbase_m


def _city_layout(vehicle: Vehicle, rng: np.random.Generator) -> Layout:
    front, rear = axles = _axles(vehicle)
    nose = vehicle.length_m / 2
    roof = vehicle.height_m - float(rng.uniform(0.16, 0.28))
    belt = float(rng.uniform(1.06, 1.18))
    wide = float(rng.uniform(1.2, 1.32))
    doors = [((nose - 0.32 + front + ARCH_M) / 2 - 0.05, min(wide, nose - 0.42 - front - ARCH_M))]
    doors.append((front - vehicle.wheelbase_m * float(rng.uniform(0.46, 0.56)), wide))
    if rng.random() < 0.55 and rear - ARCH_M + nose > 1.9:
        doors.append(((rear - ARCH_M - nose) / 2 + 0.15, wide))
    return Layout(
        roof_m=roof,
        skirt_m=float(rng.uniform(0.27, 0.33)),
        belt_m=belt,
        cant_m=roof - float(rng.uniform(0.44, 0.54)),
        floor_m=0.36,
        doors=tuple(doors),
        screen_m=float(rng.uniform(0.86, 1.12)),
        axles=axles,
    )


def _coach_layout(vehicle: Vehicle, rng: np.random.Generator) -> Layout:
    front, _ = axles = _axles(vehicle)
    nose = vehicle.length_m / 2
    roof = vehicle.height_m - float(rng.uniform(0.10, 0.18))
    belt = float(rng.uniform(1.62, 1.78))
    doors = [((nose - 0.30 + front + ARCH_M) / 2, 0.95)]
    if rng.random() < 0.7:
        doors.append((front - vehicle.wheelbase_m * float(rng.uniform(0.55, 0.66)), 0.8))
    return Layout(
        roof_m=roof,
        skirt_m=float(rng.uniform(0.28, 0.34)),
        belt_m=belt,
        cant_m=roof - float(rng.uniform(0.42, 0.52)),
        floor_m=1.25,
        doors=tuple(doors),
        screen_m=float(rng.uniform(0.98, 1.2)),
        axles=axles,
    )


def _shell(vehicle: Vehicle, layout: Layout, rng: np.random.Generator, *, coach: bool) -> Bodyshell:
    roof, half = layout.roof_m, vehicle.width_m / 2
    lean = float(rng.uniform(0.30, 0.75) if coach else rng.uniform(0.04, 0.30))
    tail = float(rng.uniform(0.05, 0.30) if coach else rng.uniform(0.0, 0.10))
    bow = float(rng.uniform(0.10, 0.26) if coach else rng.uniform(0.05, 0.22))
    return Bodyshell(
        x_m=(-vehicle.length_m / 2, vehicle.length_m / 2),
        half_m=half,
        z_m=(layout.skirt_m, roof),
        front_radius_m=float(rng.uniform(0.22, 0.42)),
        rear_radius_m=float(rng.uniform(0.12, 0.24)),
        bow_m=bow,
        lean=((0.3, 0.05), (0.55, 0.0), (0.9, 0.01), (1.25, 0.03), (layout.cant_m, 0.8 * lean), (roof, lean)),
        rear_lean=((0.3, 0.04), (0.6, 0.0), (1.3, 0.02), (roof, tail)),
        tuck=((0.3, 0.035), (0.6, 0.0), (layout.belt_m, 0.0), (layout.cant_m, 0.03), (roof, 0.07)),
        roof_radius_m=float(rng.uniform(0.14, 0.26)),
        hinge_m=1.3,
    )


def _bands(shell: Bodyshell, vehicle: Vehicle, layout: Layout, rng: np.random.Generator) -> list[tuple[Patch, Slot]]:
    """Return the livery's second colour, then the glass band between the side windows."""
    nose = vehicle.length_m / 2
    bands: list[tuple[Patch, Slot]] = []
    style = int(rng.integers(4))
    whole = (0.0, shell.length_s)
    if style == 1:
        bands.append((Patch(*whole, layout.skirt_m, float(rng.uniform(0.55, 0.8))), Slot.PAINT_SECOND))
    if style == 2:
        bands.append((Patch(*whole, layout.cant_m + 0.04, layout.roof_m), Slot.PAINT_SECOND))
    if style == 3:
        end = float(rng.uniform(-0.25, 0.1)) * nose
        back = (-nose + shell.rear_radius_m, end)
        bands += [(shell.patch(face, back, (layout.skirt_m, 9.0)), Slot.PAINT_SECOND) for face in FLANKS]
        bands.append((shell.patch("rear", (-2.0, 2.0), (layout.skirt_m, 9.0)), Slot.PAINT_SECOND))
    rear, front = -nose + 0.22, nose - 0.3
    for face in FLANKS:
        band = shell.patch(face, (rear, front), (layout.belt_m - 0.03, layout.cant_m + 0.04))
        bands.append((band, Slot.GLASS_DARK))
    return bands


def _front(
    work: Coachwork, shell: Bodyshell, vehicle: Vehicle, layout: Layout, rng: np.random.Generator, *, coach: bool
) -> None:
    half, nose = vehicle.width_m / 2, vehicle.length_m / 2
    top = layout.roof_m - float(rng.uniform(0.10, 0.18))
    eye = top - (0.42 if not coach else 0.25)
    wrap = half - float(rng.uniform(0.04, 0.16))
    glass = work.part("glass")
    screen = shell.patch("front", (-wrap, wrap), (layout.screen_m, top))
    shell.window(glass, Patch(screen.s0, screen.s1, layout.screen_m, eye), radius_m=0.10, border_m=0.06)
    shell.pane(glass, Patch(screen.s0, screen.s1, eye - 0.03, top), Slot.GLASS_DARK, out_m=0.004, radius_m=0.08)
    destination_signs(work, shell, rng, z_m=(eye + 0.02, top - 0.05), cant_m=None if coach else layout.cant_m)
    style = HEADLAMP_STYLES[int(rng.integers(3))]
    size = {"round": (0.46, 0.2), "slim": (0.42, 0.17), "tall": (0.24, 0.38)}[style]
    lamp_z = float(rng.uniform(0.62, 0.72)) + (0.06 if style == "tall" else 0.0)
    headlamps(work, shell, y_m=half - 0.20 - size[0] / 2, z_m=lamp_z, size_m=size, style=style)
    if rng.random() < 0.5:
        mask = shell.patch("front", (-half + 0.75, half - 0.75), (lamp_z - 0.08, lamp_z + 0.08))
        shell.pane(work.part("grille"), mask, Slot.DARK, out_m=0.005, radius_m=0.03)
    bumper = Patch(shell.s("front", -half - 0.1), shell.s("front", half + 0.1), layout.skirt_m, 0.46)
    shell.pane(work.part("bumper"), bumper, Slot.DARK if rng.random() < 0.6 else Slot.PAINT, out_m=0.012, radius_m=0.03)
    number_plate(work, nose + 0.005, y_m=0.0, z_m=0.43 + 0.06, front=True)
    if rng.random() < 0.5:
        wipers(work, shell, [(0.75, 0.05), (-0.05, -0.8)], layout.screen_m + 0.06, 0.05)
    else:
        wipers(work, shell, [(0.12, 0.22), (-0.12, -0.22)], layout.screen_m + 0.05, 0.85)
    for side in (1, -1):
        ahead = 0.34 if coach else 0.2
        head = (nose + ahead - 0.12, side * (half + 0.16), layout.roof_m - (1.0 if coach else 0.85))
        mount = np.array([shell.s("front", side * (half - 0.15))])
        root = shell.at(mount, np.array([layout.roof_m - 0.32]), -0.02)[0]
        mirror(work, root, head, high_m=0.46 if coach else 0.36, wide_m=0.22)


def _rear(work: Coachwork, shell: Bodyshell, layout: Layout, rng: np.random.Generator, *, coach: bool) -> None:
    half = shell.half_m
    low = layout.belt_m + (0.35 if coach else 0.25)
    if rng.random() < 0.8:
        window = shell.patch("rear", (-half + 0.2, half - 0.2), (low, layout.cant_m + 0.05))
        shell.window(work.part("glass"), window, radius_m=0.12, border_m=0.08)
    rear_lamps(
        work, shell, y_m=half - 0.17, z_m=float(rng.uniform(0.92, 1.1)), unit_m=0.13, rounded=bool(rng.random() < 0.5)
    )
    engine_bay(work, shell, (layout.skirt_m, low), rng)
    brake = shell.patch("rear", (-0.22, 0.22), (layout.cant_m + 0.12, layout.cant_m + 0.16))
    shell.pane(work.lit("tail", "tail_lamp"), brake, Slot.LAMP_BRAKE, out_m=0.01, radius_m=0.01)
    number_plate(work, shell.x_m[0] - 0.012, y_m=0.0, z_m=0.62, front=False)


def _inside(work: Coachwork, vehicle: Vehicle, layout: Layout, *, coach: bool) -> None:
    nose, half = vehicle.length_m / 2, vehicle.width_m / 2 - 0.09
    floor_and_ceiling(work, (-nose + 0.25, nose - 0.75), half, (layout.floor_m, layout.cant_m + 0.10))
    rows = np.arange(-nose + 0.8, nose - 2.9, 0.80)
    clear = [x for x in rows if coach or not any(abs(x + 0.1 - at) < wide / 2 + 0.3 for at, wide in layout.doors[1:])]
    base = layout.floor_m if coach else layout.floor_m + 0.18
    seat_rows(work, clear, half, base, back_m=1.15 if coach else 0.98)
    if not coach:
        poles(work, list(np.arange(-nose + 1.4, nose - 2.0, 1.5)), half, (layout.floor_m, layout.cant_m + 0.1))
    ceiling_lamps(work, (-nose + 0.5, nose - 1.9), half, layout.cant_m + 0.095)
    cockpit(work, nose - 1.55, 0.55, 0.70 if coach else 0.62, driver=vehicle.driver)
    builder = work.part("interior", "saloon")
    bevel_box(builder, (nose - 0.75, -half + 0.2, 0.5), (nose - 0.35, half - 0.15, layout.screen_m + 0.02), Slot.DARK)


def _underside(work: Coachwork, vehicle: Vehicle, layout: Layout) -> None:
    """Close the body below, and line the wheel arches."""
    nose, half = vehicle.length_m / 2, vehicle.width_m / 2
    front, rear = layout.axles
    builder = work.part("chassis")
    reach = ARCH_M + 0.02
    for first, last in ((-nose + 0.12, rear - reach), (rear + reach, front - reach), (front + reach, nose - 0.3)):
        builder.box(
            (first, -half + 0.06, layout.skirt_m + 0.01), (last, half - 0.06, layout.skirt_m + 0.04), int(Slot.DARK)
        )
    angles = np.linspace(0, np.pi, 13)
    for x in (front, rear):
        arc = np.stack([x + reach * np.cos(angles), TYRE_M + reach * np.sin(angles)], axis=-1)
        arc = np.vstack([[x + reach, layout.skirt_m], arc, [x - reach, layout.skirt_m]])
        for side in (1, -1):
            near, far = side * (half - 0.02), side * (half - 0.72)
            strip = np.stack([np.insert(arc, 1, y, axis=1) for y in ((near, far) if side > 0 else (far, near))])
            builder.grid(strip, int(Slot.DARK))
            builder.box(
                (x - reach, far - 0.01, layout.skirt_m), (x + reach, far + 0.01, TYRE_M + reach), int(Slot.DARK)
            )
