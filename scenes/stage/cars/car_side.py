"""A car's flanks: wheel arches with liners, sills, doors with their shut lines, and the lower edge's plastics."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scenes.ontology import PARTS
from scenes.stage.cars.car_shape import Shape
from scenes.stage.cars.car_slots import Slot
from scenes.stage.cars.sheet import Mask, Sheet, meet
from scenes.stage.mesh import MeshBuilder, Points

GROUPS = ("", "door_front_left", "door_front_right", "door_rear_left", "door_rear_right", "bonnet", "boot")
"""What can stand open, by the group number of its faces."""
LINER_M = 0.30


class Door(NamedTuple):
    """A door's reach along x, and its group on the left; the right one's is higher by one. Group 0 is a panel."""

    front_m: float
    rear_m: float
    group: int


def doors_of(shape: Shape) -> tuple[Door, ...]:
    """Return the doors of one side, front first; sliding doors and cargo panels have no group."""
    hinge = min(shape.screen_base_m - 0.13, shape.axles_m[0] - shape.arch_m - 0.07)
    pillars = shape.pillars_m
    if shape.boxed:
        slide = Door(pillars[0] - 0.03, min(pillars[0] - 1.05, pillars[1]), 0)
        return Door(hinge, pillars[0], 1), slide
    if shape.kind == "pickup":
        return Door(hinge, pillars[0], 1), Door(pillars[0], shape.cabin_end_m + 0.10, 3)
    if shape.doors == 1:
        return (Door(hinge, pillars[0] - 0.14, 1),)
    return Door(hinge, pillars[0], 1), Door(pillars[0], pillars[1] - 0.03, 3)


def dress_flanks(shape: Shape, wall: Sheet) -> None:
    """Cut arches, plastics and doors into the wall."""
    _arches(shape, wall)
    _plastics(shape, wall)
    _fuel_flap(shape, wall)
    low = shape.sill_m + (0.16 if shape.boxed else 0.11)
    for door in doors_of(shape):
        for side in (1, -1):
            _door(shape, wall, door, side, low)


def _flank(sheet: Sheet, side: int) -> Mask:
    return np.asarray((sheet.at("ny") * side > 0.6) & (sheet.at("y") * side > 0.3))


def _over_arch(shape: Shape, sheet: Sheet) -> Points:
    """Return the distance to the nearer arch opening, negative inside."""
    x, z = sheet["x"], np.clip(sheet["z"] - shape.tyre_m, 0, None)
    return np.asarray(np.minimum(*(np.hypot(x - axle, z) for axle in shape.axles_m)) - shape.arch_m)


def _arches(shape: Shape, wall: Sheet) -> None:
    clad = shape.kind in ("suv", "pickup") and shape.rng.random() < 0.6
    for side in (1, -1):
        if clad:
            wall.paint(lambda sheet: _over_arch(shape, sheet) - 0.055, Slot.DARK, _flank(wall, side))
        hole = wall.cut(lambda sheet: _over_arch(shape, sheet), _flank(wall, side))
        wall.liner(hole, np.array([0.0, -side * LINER_M, 0.0]), slot=Slot.UNDERSIDE, part=PARTS["chassis"])


def _plastics(shape: Shape, wall: Sheet) -> None:
    rng, rugged = shape.rng, shape.kind in ("suv", "pickup")
    middle = shape.sill_m + 0.035 + (0.05 if rugged else 0.02) * float(rng.uniform(0, 1.2)) + 0.06 * shape.boxed
    front = 0.94 * shape.sill_m + 0.035 + 0.05 * float(rng.random()) + 0.05 * rugged
    if shape.boxy > 0.6 and rng.random() < 0.4:
        front = 0.94 * shape.sill_m + 0.48 * (shape.nose_m - 0.94 * shape.sill_m)
    rear = 1.25 * shape.sill_m + 0.05 + 0.09 * float(rng.random())

    def edge(sheet: Sheet) -> Points:
        x, axles = sheet["x"], shape.axles_m
        return np.asarray(sheet["z"] - np.where(x > axles[0], front, np.where(x < axles[1], rear, middle)))

    wall.paint(edge, Slot.DARK, np.isin(wall.slot, (Slot.PAINT, Slot.UNDERSIDE)))
    if shape.boxy > 0.6 and rng.random() < 0.6 and not rugged:
        _rubbing_strip(shape, wall, shape.sill_m + float(rng.uniform(0.24, 0.30)))


def _rubbing_strip(shape: Shape, wall: Sheet, middle_m: float) -> None:
    front, rear = (axle - way * (shape.arch_m + 0.06) for axle, way in zip(shape.axles_m, (1, -1), strict=True))

    def field(sheet: Sheet) -> Points:
        high = np.abs(sheet["z"] - middle_m) - 0.028
        return meet(high, sheet["x"] - front, rear - sheet["x"], round_m=0.003)

    for side in (1, -1):
        strip = wall.paint(field, Slot.DARK, _flank(wall, side))
        wall.recess(strip, 0.007 * wall.normals(), slot=Slot.DARK)


def _fuel_flap(shape: Shape, wall: Sheet) -> None:
    side = 1 if shape.rng.random() < 0.5 else -1
    x = shape.axles_m[1] - 0.06 if not shape.boxed else shape.pillars_m[0] + 0.12
    z = shape.belt_rear_m - 0.17 if not shape.boxed else shape.sill_m + 0.45

    def field(sheet: Sheet) -> Points:
        return meet(np.abs(sheet["x"] - x) - 0.085, np.abs(sheet["z"] - z) - 0.075, round_m=0.02)

    wall.seam(
        field, Slot.UNDERSIDE, lambda sheet: _flank(sheet, side) & (np.abs(sheet.at("x") - x) < 0.2), half_m=0.0025
    )


def _door(shape: Shape, wall: Sheet, door: Door, side: int, low_m: float) -> None:
    def field(sheet: Sheet) -> Points:
        ends = meet(sheet["x"] - door.front_m, door.rear_m - sheet["x"], low_m - sheet["z"], round_m=0.014)
        return meet(ends, 0.055 - _over_arch(shape, sheet), round_m=0.01)

    wall.seam(field, Slot.UNDERSIDE, lambda sheet: _flank(sheet, side) & (sheet.slot != Slot.UNDERSIDE))
    inside = (wall.mean(field(wall)) < 0) & _flank(wall, side) & (wall.slot != Slot.UNDERSIDE)
    wall.part[inside] = PARTS["door"]
    if door.group:
        wall.group[inside] = door.group + (side < 0)


def group_windows(shape: Shape, cabin: Sheet) -> None:
    """Give window frames and panes of the cabin's sides to the doors below them."""
    frames = (cabin.at("column") < 7.5) & (cabin.slot != Slot.PAINT)
    station, y = cabin.at("station"), cabin.at("y")
    for door in doors_of(shape):
        if door.group:
            reach = frames & (station < door.front_m + 0.4) & (station > door.rear_m)
            for side in (1, -1):
                cabin.group[reach & (y * side > 0)] = door.group + (side < 0)
    for door in doors_of(shape)[:1]:
        ahead = frames & (station > door.rear_m)
        for side in (1, -1):
            cabin.group[ahead & (y * side > 0)] = door.group + (side < 0)


def wells(shape: Shape, builder: MeshBuilder) -> None:
    """Add the inner walls of the wheel wells."""
    inner = shape.half_m - LINER_M - 0.02
    for axle in shape.axles_m:
        x, z = axle + shape.arch_m + 0.03, shape.tyre_m + shape.arch_m + 0.03
        for side in (1, -1):
            corners = np.array([[2 * axle - x, 0.12], [x, 0.12], [x, z], [2 * axle - x, z]])
            points = np.insert(corners, 1, side * inner, axis=1)
            builder.add(points[::-side], np.array([[0, 1, 2, 3]]), Slot.UNDERSIDE, part=PARTS["chassis"])
