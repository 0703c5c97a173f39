"""What is fixed to a car's body: mirrors, handles, wipers, plates, roof rails, aerial."""

from __future__ import annotations

import numpy as np

from scenes.ontology import PARTS
from scenes.stage.cars.cabin import Cabin
from scenes.stage.cars.car_front import Face
from scenes.stage.cars.car_rear import PLATE_M, Tail
from scenes.stage.cars.car_shape import Shape
from scenes.stage.cars.car_side import doors_of
from scenes.stage.cars.car_slots import Slot
from scenes.stage.cars.hull import Wall
from scenes.stage.cars.sheet import Sheet
from scenes.stage.mesh import MeshBuilder, Points

Groups = dict[int, MeshBuilder]


def furnish_trim(shape: Shape, wall: Wall, cabin: Cabin, groups: Groups, *, face: Face, tail: Tail) -> None:
    """Add all trim; what sits on a door goes to the door's group."""
    painted = Slot.PAINT if shape.rng.random() < 0.8 - 0.4 * shape.boxy else Slot.DARK
    chrome = shape.rng.random() < 0.2
    for side in (1, -1):
        _mirror(shape, wall, side, groups[1 + (side < 0)], painted)
        for door in doors_of(shape):
            builder = groups[door.group + (side < 0) if door.group else 0]
            _handle(shape, wall, door.rear_m, side, builder, slot=Slot.CHROME if chrome else painted)
    _plates(wall, face, tail, groups)
    _wipers(shape, cabin, groups[0])
    _roof(shape, cabin, groups[0])


def flank_at(wall: Wall, x: float, z: float, side: int) -> Points:
    """Return the point of a flank at station x and height z."""
    left = wall.points[: len(wall.points) // 2 + 1]
    order = np.argsort(left[:, 0, 0], kind="stable")
    column = np.interp(x, left[order, 0, 0], order)
    low = int(column)
    made = [np.interp(z, left[low][:, 2], left[low][:, axis]) for axis in (0, 1)]
    return np.array([x, side * made[1], z])


def _mirror(shape: Shape, wall: Wall, side: int, builder: MeshBuilder, slot: Slot) -> None:
    builder.part = PARTS["mirror"]
    x = shape.screen_base_m - (0.30 if not shape.boxed else 0.24)
    z = float(shape.belt_m(np.array([x]))[0]) + (0.075 if not shape.boxed else 0.16)
    big = (1.5, 0.85, 1.9) if shape.boxed else (1.0, 1.0, 1.0)
    root = flank_at(wall, x, z - 0.2, side)[1]
    centre = np.array([x - 0.01, root + side * (0.075 if not shape.boxed else 0.11), z])
    ring = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    square = np.stack([np.cos(ring), np.sin(ring)], axis=-1)
    square = np.sign(square) * np.abs(square) ** 0.62 * (0.108 * big[1], 0.072 * big[2])
    depth = np.array([0.055, 0.045, 0.02, -0.03, -0.055, -0.055, -0.047]) * big[0]
    size = np.array([0.02, 0.55, 0.86, 1.0, 0.97, 0.88, 0.86])
    points = np.empty((14, 7, 3))
    points[..., 0] = depth
    points[..., 1] = side * square[:, :1] * size
    points[..., 2] = square[:, 1:] * size
    points[..., 0] += -0.25 * np.abs(points[..., 1] * side + 0.05) * 0.3
    faces = np.full((14, 6), int(slot))
    faces[:, 4:] = Slot.DARK
    builder.grid((points + centre)[::side], faces[::side], closed=True)
    glass = points[:, -1] + centre
    builder.add(glass[::-side], [tuple(range(14))], Slot.MIRROR)
    foot = np.array([centre + np.array((0.0, -side * 0.06, -0.03)), [x + 0.02, root - side * 0.06, z - 0.06]])
    builder.tube(foot, [0.026, 0.03], segments=8, slot=Slot.DARK)
    if shape.boxy < 0.5 and not shape.boxed:
        lit = Slot.LAMP_INDICATOR_LEFT if side > 0 else Slot.LAMP_INDICATOR_RIGHT
        strip = (points[:, 2] * 1.004 + centre)[[13, 0, 1, 2]] + (0.008, 0.0, 0.0)
        low = strip - (0.004, 0.0, 0.014)
        builder.grid(np.stack([strip, low], axis=1)[::-side], lit)


def _handle(shape: Shape, wall: Wall, rear_m: float, side: int, builder: MeshBuilder, *, slot: Slot) -> None:
    builder.part = PARTS["door"]
    x = rear_m + 0.17
    z = float(shape.belt_m(np.array([x]))[0]) - (0.16 if not shape.boxed else 0.14)
    stations = np.linspace(-0.10, 0.10, 7)
    path = np.stack([flank_at(wall, x + step, z, side) for step in stations])
    path[:, 1] += side * np.array([-0.006, 0.008, 0.012, 0.012, 0.012, 0.008, -0.006])
    builder.tube(path, [0.010] * 7, segments=6, slot=slot)
    cup = np.stack([flank_at(wall, x + a * 0.075, z + b * 0.024, side) for a in (-1, 0, 1) for b in (-1, 1)])
    cup[:, 1] += side * 0.002
    builder.grid(cup.reshape(3, 2, 3)[::-side], Slot.UNDERSIDE)


def _plates(wall: Wall, face: Face, tail: Tail, groups: Groups) -> None:
    half, high = PLATE_M[0] / 2, PLATE_M[1] / 2
    low = max(float(face.intake[:, 1].max()) + 0.055, face.bumper_m - 0.10)
    ahead = float(wall.at(np.array([0.0]), np.array([low]))[0, 0]) + 0.008
    behind = float(wall.at(np.array([0.0]), np.array([tail.plate_z_m]), tail=True)[0, 0]) + 0.016
    for x, z, way, group in (
        (ahead, low, 1, 0),
        (behind, tail.plate_z_m, -1, 6 if tail.plate_z_m > tail.bumper_m else 0),
    ):
        corners = [(x, -way * half, z - high), (x, way * half, z - high), (x, way * half, z + high),
                   (x, -way * half, z + high)]  # fmt: skip
        builder = groups[group]
        builder.part = PARTS["plate"]
        builder.box((x - 0.012 if way > 0 else x + 0.001, -half - 0.008, z - high - 0.006),
                    (x - 0.001 if way > 0 else x + 0.012, half + 0.008, z + high + 0.006), Slot.DARK)  # fmt: skip
        builder.quad(np.array(corners), Slot.PLATE)


def surface_at(sheet: Sheet, along: Points, y: Points) -> Points:
    """Return points of the cabin's upper side, by length along its profile and lateral place."""
    top = np.flatnonzero((sheet["column"] > 9.5) & (sheet["column"] % 1 < 1e-6))
    where = np.stack([sheet["along"][top], 0.7 * sheet["y"][top]], axis=-1)
    wanted = np.stack([along, 0.7 * y], axis=-1)
    near = ((wanted[:, None] - where) ** 2).sum(axis=-1)
    pick = np.argsort(near, axis=1)[:, :4]
    weight = 1 / (np.take_along_axis(near, pick, axis=1) + 1e-5)
    weight /= weight.sum(axis=1, keepdims=True)
    return np.asarray((sheet.points[top[pick]] * weight[..., None]).sum(axis=1))


def _wipers(shape: Shape, cabin: Cabin, builder: MeshBuilder) -> None:
    builder.part = PARTS["body"]
    start = 0.085
    for y in (0.52, -0.02):
        wide = y * shape.half_m / 0.9
        across = np.linspace(wide, wide - 0.52, 7)
        blade = surface_at(cabin.sheet, start + np.linspace(0.06, 0.0, 7), across) + np.array((0.012, 0.0, 0.016))
        builder.tube(blade, [0.008] * 7, segments=4, slot=Slot.DARK)
        foot = np.array([0.07, -0.02, -0.02]) + blade[-1]
        arm = np.stack([blade[3], foot])
        builder.tube(arm + np.array((0.004, 0, 0.01)), [0.006, 0.01], segments=4, slot=Slot.DARK)


def _roof(shape: Shape, cabin: Cabin, builder: MeshBuilder) -> None:
    """Add rails, a shark's fin or a rod aerial."""
    builder.part = PARTS["roof"]
    length = cabin.back_along_m - cabin.top_along_m
    if shape.kind in ("estate", "suv") and shape.rng.random() < 0.7:
        slot = Slot.DARK if shape.rng.random() < 0.6 else Slot.STEEL
        along = cabin.top_along_m + length * np.array([0.12, 0.16, 0.3, 0.5, 0.7, 0.86, 0.9])
        half = float(np.interp(along[3], cabin.sheet["along"][:300], cabin.sheet["half"][:300]))
        for side in (1, -1):
            rail = surface_at(cabin.sheet, along, np.full(7, side * (half - 0.10)))
            rail[:, 1] = side * (half - 0.10)
            rail[:, 2] += np.array([-0.005, 0.022, 0.03, 0.03, 0.03, 0.022, -0.005])
            builder.tube(rail, [0.013] * 7, segments=6, slot=slot)
    where = surface_at(cabin.sheet, np.array([cabin.back_along_m - 0.10]), np.array([0.0]))[0]
    if shape.boxy < 0.5 and not shape.boxed:
        fin = np.array([(-0.07, 0, 0.0), (-0.06, 0, 0.05), (0.0, 0, 0.035), (0.09, 0, 0.0)])
        wide = np.array([0.022, 0.006, 0.012, 0.006])
        sides = np.stack([fin + np.outer(wide, (0, s, 0)) for s in (1, -1)])
        faces = [(3, 2, 1, 0), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6)]
        slot = Slot.PAINT if shape.rng.random() < 0.5 else Slot.DARK
        builder.add(np.concatenate(sides) + where - (0, 0, 0.006), faces, slot)
