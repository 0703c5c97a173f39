"""A car's rear: bumper, tail lamps with their chambers, boot lid, and the recess of the number plate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.ontology import PARTS
from scenes.stage.cars.car_shape import Shape
from scenes.stage.cars.car_slots import Slot
from scenes.stage.cars.hull import Wall
from scenes.stage.cars.sheet import Mask, Sheet, meet, polygon
from scenes.stage.mesh import MeshBuilder, Points

BOOT = 6
PLATE_M = (0.52, 0.112)
"""ISO 7591 class plates are up to 0.52 m x 0.12 m."""


@dataclass(frozen=True, kw_only=True)
class Tail:
    """Where things are on the rear: heights, and the tail lamp's outline in (length from the tail's middle, height).

    Args:
        lamp: corners of the left tail lamp.
        tall: chambers lie above each other instead of side by side.
        bumper_m: height of the bumper's upper edge.
        plate_z_m: height of the number plate's middle.
        lid_half_m: half the width of boot lid or tailgate.
    """

    lamp: Points
    tall: bool
    bumper_m: float
    plate_z_m: float
    lid_half_m: float


def draw_tail(shape: Shape) -> Tail:
    """Draw the rear's design."""
    rng, half = shape.rng, shape.half_m
    low, top = 1.25 * shape.sill_m, shape.belt_rear_m
    bumper = low + 0.5 * (top - low)
    upper = top - 0.055
    tall = shape.kind in ("pickup", "van", "minibus") or (
        shape.kind in ("hatchback", "estate", "suv") and rng.random() < 0.45
    )
    outer = half + float(rng.uniform(0.02, 0.12))
    if tall:
        inner = half * float(rng.uniform(0.80, 0.86)) + (0.04 if shape.boxed else 0.0)
        lamp = [(inner, bumper - 0.02), (outer, bumper), (outer, upper), (inner + 0.02, upper)]
    else:
        inner = half * float(rng.choice([0.0, 0.45, 0.55, 0.62], p=[0.15, 0.25, 0.35, 0.25]))
        slim = float(rng.uniform(0.09, 0.13) if shape.boxy < 0.5 else rng.uniform(0.13, 0.17))
        drop = float(rng.uniform(-0.02, 0.05)) * (shape.boxy < 0.5)
        lamp = [(inner, upper - 0.75 * slim), (half * 0.8, upper - slim - drop), (outer, upper - slim + 0.02)]
        lamp += [(outer + 0.05, upper - 0.01), (inner, upper - 0.005)]
        if not inner:
            lamp[0] = (0.0, upper - 0.06)
    on_lid = rng.random() < 0.75 or shape.boxed
    plate = min(bumper + 0.12, upper - 0.09) if on_lid else 0.5 * (low + bumper) + 0.02
    if not tall and on_lid:
        plate = min(plate, float(np.min(lamp, axis=0)[1]) - 0.02 + 0.08 * (inner > 0.4))
    return Tail(
        lamp=np.array(lamp),
        tall=tall,
        bumper_m=bumper,
        plate_z_m=plate,
        lid_half_m=half * float(rng.uniform(0.66, 0.74)) + 0.06 * (shape.kind != "sedan"),
    )


def _behind(sheet: Sheet) -> Mask:
    return np.asarray((sheet.at("nx") < -0.02) & (sheet.at("x") < 0))


def dress_tail(shape: Shape, tail: Tail, wall: Sheet) -> None:
    """Cut tail lamps, lid, plate recess and bumper into the wall."""
    rear = shape.axles_m[1] - shape.arch_m * 0.75

    def edge(sheet: Sheet) -> Points:
        return meet(sheet["z"] - tail.bumper_m, sheet["x"] - rear, round_m=0.02)

    wall.seam(edge, Slot.UNDERSIDE, lambda sheet: (sheet.at("x") < 0) & (sheet.at("ny") ** 2 > 0.2), half_m=0.0028)
    below = (wall.at("z") < tail.bumper_m) & (wall.at("x") < rear) & (wall.part == PARTS["body"])
    wall.part[below] = PARTS["bumper"]
    _lid(tail, wall)
    _plate_recess(tail, wall)
    _lamps(tail, wall)


def _lid(tail: Tail, wall: Sheet) -> None:
    def lid(sheet: Sheet) -> Points:
        return meet(np.abs(sheet["y"]) - tail.lid_half_m, tail.bumper_m + 0.012 - sheet["z"], round_m=0.02)

    wall.seam(lid, Slot.UNDERSIDE, _behind, half_m=0.004)
    inside = (wall.mean(lid(wall)) < 0) & _behind(wall)
    wall.part[inside], wall.group[inside] = PARTS["boot"], BOOT


def _plate_recess(tail: Tail, wall: Sheet) -> None:
    wide, high = PLATE_M[0] / 2 + 0.03, PLATE_M[1] / 2 + 0.028
    corners = [(0, tail.plate_z_m - high), (wide, tail.plate_z_m - high), (wide - 0.03, tail.plate_z_m + high)]
    corners.append((0, tail.plate_z_m + high))
    hole = wall.cut(lambda sheet: polygon(corners, np.abs(sheet["y"]), sheet["z"], round_m=0.008), _behind(wall))
    wall.recess(hole, np.array([0.022, 0.0, 0.0]), slot=Slot.PAINT)


def _lamps(tail: Tail, wall: Sheet) -> None:
    """Cut the lamps, divide them into chambers and raise them a little."""
    part = PARTS["tail_lamp"]
    wall.paint(
        lambda sheet: polygon(tail.lamp, sheet["tail"], sheet["z"], round_m=0.012),
        Slot.LAMP_TAIL,
        _behind(wall),
        part=part,
    )
    axis = 1 if tail.tall else 0
    start, end = tail.lamp[:, axis].min(), tail.lamp[:, axis].max()
    name = "z" if tail.tall else "tail"
    shares = (0.0, 0.16, 0.36, 0.66) if tail.tall else (0.0, 0.16, 0.36, 0.68)
    slots = (Slot.LAMP_REVERSING, Slot.LAMP_INDICATOR_LEFT, Slot.LAMP_BRAKE)
    start = start if start > 0.1 or tail.tall else 0.5 * end
    for low, high, slot in zip(shares[:-1], shares[1:], slots, strict=True):
        lower, upper = start + low * (end - start) + 0.004, start + high * (end - start) - 0.004

        def chamber(sheet: Sheet, lower: float = lower, upper: float = upper) -> Points:
            return np.maximum(lower - sheet[name], sheet[name] - upper)

        def border(sheet: Sheet, lower: float = lower) -> Points:
            return sheet[name] - lower

        wall.cut(border, wall.slot == Slot.LAMP_TAIL)
        wall.paint(chamber, slot, wall.slot == Slot.LAMP_TAIL)
    right = (wall.slot == Slot.LAMP_INDICATOR_LEFT) & (wall.at("y") < 0)
    wall.slot[right] = Slot.LAMP_INDICATOR_RIGHT
    lamps = wall.part == part
    wall.group[lamps] = 0
    wall.recess(lamps, 0.010 * wall.normals(), slot=Slot.LAMP_HOUSING)


def furnish_tail(shape: Shape, wall: Wall, builder: MeshBuilder) -> None:
    """Add the reflectors, the exhaust, and sometimes a tow bar."""
    builder.part = PARTS["bumper"]
    z = 1.25 * shape.sill_m + 0.17
    for side in (1, -1):
        around = side * np.linspace(0.62, 0.80, 5) * shape.half_m
        strip = np.stack([wall.at(around, np.full(5, level), tail=True) for level in (z, z + 0.035)], axis=1)
        strip[..., 0] -= 0.004
        builder.grid(strip[::side], Slot.LAMP_TAIL, part=PARTS["tail_lamp"])
    if shape.rng.random() < 0.6:
        builder.part = PARTS["chassis"]
        for side in (1, -1) if shape.rng.random() < 0.3 else (1,):
            path = np.array([(-shape.nose_x_m + 0.42, 0.5, 0.0), (-shape.nose_x_m + 0.02, 0.5, 0.0)])
            path = path * (1, side, 1) + (0, 0, 1.18 * shape.sill_m)
            builder.tube(path, [0.03, 0.03], segments=12, slot=Slot.STEEL)
    if shape.rng.random() < 0.12:
        builder.part = PARTS["chassis"]
        tow = np.array([(0.2, 0.0, 0.0), (-0.02, 0.0, 0.0), (-0.07, 0.0, 0.03), (-0.075, 0.0, 0.09)])
        builder.tube(
            tow + np.array((-shape.nose_x_m + 0.02, 0, 1.3 * shape.sill_m)), [0.02, 0.02, 0.02, 0.025], slot=Slot.STEEL
        )
