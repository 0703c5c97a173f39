"""A car's front: bumper, grille, intakes and the openings of the headlamps, in a design that its model draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.ontology import PARTS
from scenes.stage.cars.car_shape import Shape
from scenes.stage.cars.car_slots import Slot
from scenes.stage.cars.hull import Wall
from scenes.stage.cars.sheet import Mask, Sheet, meet, polygon
from scenes.stage.mesh import MeshBuilder, Points


@dataclass(frozen=True, kw_only=True)
class Face:
    """Where things are on the front: heights, and outlines in (length from the nose's middle, height).

    Args:
        low_m, top_m: of the front wall.
        lamp: corners of the left headlamp.
        round_m: rounding of the lamp's corners.
        led: slim with LED modules, or a big reflector.
        grille: corners of the right-left symmetric grille's left half; empty for none.
        intake: corners of the lower intake's left half.
        pod: corners of the left side intake; empty for none.
        bars: heights of the grille's bars.
        chrome: whether grille frame and bars shine.
        bumper_m: height of the bumper's upper edge.
    """

    low_m: float
    top_m: float
    lamp: Points
    round_m: float
    led: bool
    grille: Points
    intake: Points
    pod: Points
    bars: Points
    chrome: bool
    bumper_m: float


def draw_face(shape: Shape) -> Face:
    """Draw the front's design."""
    rng, half = shape.rng, shape.half_m
    low, top = shape.sill_m * 0.94, shape.nose_m + 0.01
    tall = top - low
    led = shape.boxy < 0.5
    inner = half * float(rng.uniform(0.52, 0.62))
    outer = half * float(rng.uniform(0.98, 1.10))
    upper = top - 0.045 - (0.02 if shape.boxed else 0.0)
    if led:
        slim = float(rng.uniform(0.085, 0.125))
        sweep = float(rng.uniform(0.0, 0.05))
        lamp = [(inner, upper - slim - sweep), (inner + 0.02, upper - sweep - 0.02), (outer + 0.08, upper + 0.015)]
        lamp += [(outer, upper - 0.6 * slim), (outer - 0.12, upper - slim - 0.015)]
    else:
        high = float(rng.uniform(0.14, 0.18))
        lamp = [(inner, upper - high), (inner + 0.01, upper - 0.01), (outer, upper), (outer - 0.03, upper - high)]
    if shape.boxed:
        lamp = [(q, z + (0.10 if q > inner + 0.05 and z > upper - 0.05 else 0.0) * (q / outer)) for q, z in lamp]
    grille, bars = _grille(shape, low, upper, inner)
    wide = half * float(rng.uniform(0.42, 0.72))
    intake = [(0.0, low + 0.045), (wide * 0.92, low + 0.045), (wide, low + 0.23 * tall), (0.0, low + 0.23 * tall)]
    pods = rng.random() < 0.7
    edge = max(wide + 0.07, half * 0.62)
    pod = [(edge, low + 0.12 * tall), (half * 0.92, low + 0.16 * tall), (half * 0.96, low + 0.36 * tall)]
    pod += [(edge + 0.06, low + 0.30 * tall)]
    return Face(
        low_m=low,
        top_m=top,
        lamp=np.array(lamp),
        round_m=0.012 if led else 0.02,
        led=led,
        grille=np.array(grille),
        intake=np.array(intake),
        pod=np.array(pod if pods else []),
        bars=bars,
        chrome=bool(rng.random() < 0.45),
        bumper_m=low + 0.56 * tall,
    )


def _grille(shape: Shape, low: float, upper: float, inner: float) -> tuple[list[tuple[float, float]], Points]:
    """Draw the grille's left half between the lamps, and its bars."""
    rng, tall = shape.rng, upper - low
    design = str(rng.choice(["slot", "shield", "wide", "trapeze", "none"], p=[0.22, 0.26, 0.22, 0.2, 0.1]))
    wide = inner - 0.05
    count = int(rng.integers(2, 7))
    foot = low + 0.36 * tall
    top = upper - 0.012
    corners = {
        "slot": [(0.0, top - 0.10), (wide - 0.03, top - 0.09), (wide, top - 0.01), (0.0, top)],
        "shield": [(0.0, foot), (wide * 0.55, foot + 0.02), (wide * 0.85, top - 0.1), (wide * 0.8, top), (0.0, top)],
        "wide": [(0.0, top - 0.15), (wide * 0.9, top - 0.15), (wide, top - 0.05), (wide, top - 0.005), (0.0, top)],
        "trapeze": [(0.0, foot + 0.04), (wide * 0.8, foot + 0.04), (wide * 0.6, top), (0.0, top)],
        "none": [],
    }[design]
    if not corners:
        return [], np.zeros(0)
    base = min(z for _, z in corners)
    return corners, np.linspace(base, top, count + 2)[1:-1]


def _ahead(sheet: Sheet) -> Mask:
    return np.asarray((sheet.at("nx") > 0.02) & (sheet.at("x") > 0))


def dress_front(shape: Shape, face: Face, wall: Sheet) -> None:
    """Cut lamps, grille, intakes and bumper into the wall."""
    _bumper(shape, face, wall)
    for corners, depth in ((face.grille, 0.035), (face.intake, 0.05), (face.pod, 0.03)):
        if len(corners):
            _opening(wall, corners, depth, chrome=face.chrome and corners is face.grille)
    cover = wall.paint(
        lambda sheet: polygon(face.lamp, sheet["front"], sheet["z"], round_m=face.round_m),
        Slot.LAMP_COVER,
        _ahead(wall),
        part=PARTS["headlamp"],
    )
    for side in (1, -1):
        mine = np.zeros(len(wall.tris), dtype=bool)
        mine[: len(cover)] = cover & (wall.at("y")[: len(cover)] * side > 0)
        lens = wall.tris[mine].copy()
        wall.slot[mine] = Slot.LAMP_HOUSING
        push = np.array([-0.065, -side * 0.03, 0.0])
        wall.recess(mine, push, slot=Slot.LAMP_HOUSING)
        wall.extend(lens, Slot.LAMP_COVER, PARTS["headlamp"], 0)


def _opening(wall: Sheet, corners: Points, depth_m: float, *, chrome: bool) -> None:
    def field(grow: float, sheet: Sheet) -> Points:
        return polygon(corners, sheet["front"], sheet["z"], round_m=0.012 + grow)

    if chrome:
        wall.paint(lambda sheet: field(0.014, sheet), Slot.CHROME, _ahead(wall), part=PARTS["grille"])
    hole = wall.paint(lambda sheet: field(0.0, sheet), Slot.UNDERSIDE, _ahead(wall), part=PARTS["grille"])
    wall.recess(hole, np.array([-depth_m, 0.0, 0.0]), slot=Slot.DARK)


def _bumper(shape: Shape, face: Face, wall: Sheet) -> None:
    rear = shape.axles_m[0] + shape.arch_m * 0.75

    def field(sheet: Sheet) -> Points:
        return meet(sheet["z"] - face.bumper_m, rear - sheet["x"], round_m=0.02)

    wall.seam(field, Slot.UNDERSIDE, lambda sheet: (sheet.at("ny") ** 2 > 0.3) & (sheet.at("x") > 0), half_m=0.0028)
    below = (wall.at("z") < face.bumper_m) & (wall.at("x") > rear) & (wall.part == PARTS["body"])
    wall.part[below] = PARTS["bumper"]


def furnish_front(face: Face, wall: Wall, builder: MeshBuilder) -> None:
    """Add bars in grille and intake, the badge and the holder of the number plate."""
    builder.part = PARTS["grille"]
    tone = Slot.CHROME if face.chrome else Slot.DARK
    for z in face.bars:
        thick = 0.011 if len(face.bars) < 4 else 0.007
        _bar(wall, face.grille, z, builder, inside_m=0.018, slot=tone, thick_m=thick)
    low, high = face.intake[:, 1].min(), face.intake[:, 1].max()
    for z in np.linspace(low, high, 5)[1:-1]:
        _bar(wall, face.intake, z, builder, inside_m=0.03, slot=Slot.DARK, thick_m=0.006)
    centre = wall.at(np.array([0.0]), np.array([float(face.grille[:, 1].max()) - 0.06 if len(face.grille) else
                                                face.top_m - 0.11]))[0]  # fmt: skip
    disc = MeshBuilder(part=PARTS["grille"])
    profile = np.array([(0.048, -0.04), (0.048, 0.0), (0.043, 0.005), (0.032, 0.002), (0.0, 0.004)])
    disc.lathe(profile, segments=20, slot=(Slot.CHROME, Slot.CHROME, Slot.CHROME, Slot.FRIT))
    builder.add(facing(disc.vertices[0], 1) + centre + (0.004, 0.0, 0.0), disc.loops[0].reshape(-1, 4), disc.slots[0])


def facing(points: Points, way: int) -> Points:
    """Turn points about z so that z becomes x ahead (way 1) or back (way -1)."""
    return points[:, [2, 0, 1]] * (1.0, 1.0, 1.0) if way > 0 else points[:, [2, 0, 1]] * (-1.0, -1.0, 1.0)


def _bar(
    wall: Wall, corners: Points, z: float, builder: MeshBuilder, *, inside_m: float, slot: Slot, thick_m: float
) -> None:
    """Lay a bar across an opening at a height, just inside the wall."""
    reach = np.linspace(0, corners[:, 0].max(), 40)
    inside = reach[polygon(corners, reach, np.full(40, z)) < 0]
    if len(inside) < 2:
        return
    around = np.linspace(-inside[-1], inside[-1], 13)
    path = wall.at(around, np.full(13, z)) - (inside_m, 0.0, 0.0)
    builder.tube(path, [thick_m] * len(path), segments=4, slot=slot)
