"""What is painted on and mounted to a car by its owner: taxi, police, ambulance and company liveries, roof loads."""

from __future__ import annotations

import numpy as np

from scenes.ontology import PARTS
from scenes.stage.cars.cabin import Cabin
from scenes.stage.cars.car_shape import Shape
from scenes.stage.cars.car_slots import Slot
from scenes.stage.cars.car_trim import surface_at
from scenes.stage.cars.sheet import Sheet, polygon
from scenes.stage.mesh import MeshBuilder, Points


def dress_livery(shape: Shape, wall: Sheet, cabin: Sheet, decks: list[Sheet]) -> None:
    """Cut the livery's plain shapes into the paint."""
    livery = shape.vehicle.livery
    if livery == "police":
        _blocks(shape, wall)
    elif livery == "ambulance":
        _band(shape, [wall, cabin], shape.belt_front_m - 0.27, 0.10)
    elif livery == "company":
        _logo(shape, [wall, cabin])
    elif livery == "taxi" and shape.rng.random() < 0.5:
        for sheet in (cabin, *decks):
            sheet.slot[(sheet.slot == Slot.PAINT) & (sheet.part == PARTS["roof"])] = Slot.PAINT_SECOND
    elif livery == "taxi":
        _band(shape, [wall], shape.sill_m + 0.36, 0.05)


def _blocks(shape: Shape, wall: Sheet) -> None:
    """Paint two rows of blocks along the flanks, out of step."""
    size = shape.vehicle.length_m / 13
    level = shape.sill_m + 0.56 * (shape.belt_front_m - shape.sill_m)
    for row in (0, 1):
        low, high = (level, level + 0.14) if row else (level - 0.14, level)
        for number in range(-6, 7):
            if (number + row) % 2:
                continue
            x = number * size

            def block(sheet: Sheet, x: float = x, middle: float = (low + high) / 2) -> Points:
                return np.maximum(np.abs(sheet["x"] - x) - size / 2, np.abs(sheet["z"] - middle) - 0.07)

            sides = (np.abs(wall.at("ny")) > 0.6) & (wall.slot == Slot.PAINT)
            wall.paint(block, Slot.PAINT_SECOND, sides & (np.abs(wall.at("x") - x) < size))


def _band(shape: Shape, sheets: list[Sheet], middle_m: float, half_m: float) -> None:
    """Paint a band along the flanks."""
    rise = float(shape.rng.uniform(-0.02, 0.05))
    for sheet in sheets:
        around = (sheet.slot == Slot.PAINT) & (np.abs(sheet.at("y")) > 0.75 * shape.half_m)
        sheet.paint(lambda sheet: np.abs(sheet["z"] - middle_m - rise * sheet["x"]) - half_m, Slot.PAINT_SECOND, around)


def _logo(shape: Shape, sheets: list[Sheet]) -> None:
    """Paint a sweep, a disc or a slanted stripe on a van's panels."""
    design = int(shape.rng.integers(3))
    x, z = -0.18 * shape.vehicle.length_m, 0.52 * shape.high_m
    size = 0.17 * shape.high_m
    slant = [(x - 4 * size, z - size), (x + size, z - size), (x + 2.4 * size, z + size), (x - 4 * size, z + 0.3 * size)]
    for sheet in sheets:
        around = (sheet.slot == Slot.PAINT) & (np.abs(sheet.at("y")) > 0.75 * shape.half_m)
        if design == 0:
            sheet.paint(lambda sheet: polygon(slant, sheet["x"], sheet["z"]), Slot.PAINT_SECOND, around)
        elif design == 1:
            sheet.paint(
                lambda sheet: np.abs(np.hypot(sheet["x"] - x, sheet["z"] - z) - 0.8 * size) - 0.35 * size,
                Slot.PAINT_SECOND,
                around,
            )
        else:
            sheet.paint(
                lambda sheet: 0.5 * size - np.abs(sheet["z"] - z - 0.25 * (sheet["x"] - x)) - size * 0.9 + 0.0,
                Slot.PAINT_SECOND,
                around & (sheet.at("x") < x - 0.5),
            )


def furnish_livery(shape: Shape, cabin: Cabin, builder: MeshBuilder) -> None:
    """Add roof sign, light bar, rack and what it carries."""
    where = surface_at(cabin.sheet, np.array([cabin.top_along_m + 0.45]), np.array([0.0]))[0]
    if shape.vehicle.livery == "taxi":
        _block(builder, where, (0.07, 0.22, 0.11), Slot.SIGN, "light_bar")
    elif shape.vehicle.livery in ("police", "ambulance", "fire"):
        _light_bar(builder, where, 0.56 * shape.half_m if not shape.boxed else 0.7 * shape.half_m)
    if shape.vehicle.load in ("roof_rack", "roof_box", "pipes"):
        _rack(shape, cabin, builder)
    if shape.kind == "pickup" and shape.vehicle.load != "none":
        _bed_load(shape, builder)


def _block(builder: MeshBuilder, foot: Points, size: tuple[float, float, float], slot: Slot, part: str) -> None:
    """Add a box that narrows upwards, standing at a point."""
    builder.part = PARTS[part]
    rows = np.array([(1.0, 1.0, 0.0), (1.0, 1.0, 0.25), (0.8, 0.96, 1.0), (0.0, 0.0, 1.0)])
    square = np.array([(1, -1), (1, 1), (-1, 1), (-1, -1)])
    points = np.empty((4, 4, 3))
    points[..., :2] = square[:, None] * rows[:, :2] * (size[0] / 2, size[1])
    points[..., 2] = rows[:, 2] * size[2] - 0.01
    builder.grid(points + foot, np.tile([Slot.DARK, slot, slot], (4, 1)), closed=True)


def _light_bar(builder: MeshBuilder, foot: Points, half_m: float) -> None:
    _block(builder, foot, (0.26, half_m * 0.35, 0.085), Slot.DARK, "light_bar")
    for side in (1, -1):
        _block(
            builder,
            foot + np.array((0, side * half_m * 0.68, 0)),
            (0.28, half_m * 0.32, 0.10),
            Slot.LIGHT_BAR,
            "light_bar",
        )


def _rack(shape: Shape, cabin: Cabin, builder: MeshBuilder) -> None:
    builder.part = PARTS["load"]
    length = cabin.back_along_m - cabin.top_along_m
    along = cabin.top_along_m + length * np.array([0.22, 0.72])
    half = float(np.interp(along[0], cabin.sheet["along"][:300], cabin.sheet["half"][:300])) - 0.06
    centres: list[Points] = []
    for place in along:
        y = np.linspace(-half, half, 7)
        bar = surface_at(cabin.sheet, np.full(7, place), y)
        level = float(bar[:, 2].max()) + 0.06
        bar[:, 2] = level
        bar[[0, -1], 2] -= 0.10
        builder.tube(bar, [0.016] * 7, segments=6, slot=Slot.STEEL)
        centres.append(bar[3])
    middle = (centres[0] + centres[1]) / 2
    if shape.vehicle.load == "roof_box":
        _box(builder, middle + np.array((0.05, 0.18, 0.02)), (1.9, 0.72, 0.36))
    if shape.vehicle.load == "pipes":
        for number in range(7):
            aside = -0.4 + 0.13 * number
            pipe = np.array([(-1.7, aside, 0.06), (1.5, aside, 0.06)]) + middle
            builder.tube(pipe, [0.055, 0.055], segments=10, slot=Slot.LOAD)


def _box(builder: MeshBuilder, foot: Points, size: tuple[float, float, float]) -> None:
    """Add a roof box: pointed ahead, rounded."""
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    ring = np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    ring = np.sign(ring) * np.abs(ring) ** np.where(ring[:, :1] > 0, 0.7, 0.35)
    rows = np.array([(0.0, 0.0), (0.9, 0.0), (1.0, 0.25), (1.0, 0.5), (0.97, 0.8), (0.88, 0.97), (0.0, 1.0)])
    points = np.empty((24, 7, 3))
    points[..., :2] = ring[:, None] * rows[:, :1] * np.array(size[:2]) / 2
    points[..., 2] = rows[:, 1] * size[2]
    builder.grid(points + foot, Slot.LOAD, closed=True)


def _bed_load(shape: Shape, builder: MeshBuilder) -> None:
    """Add boxes, timber or a sheeted heap to a pickup's bed."""
    builder.part = PARTS["load"]
    floor = shape.belt_rear_m - 0.465
    front, rear = shape.cabin_end_m - 0.02, -shape.nose_x_m + 0.16
    rng, wide = shape.rng, shape.half_m - 0.20
    load = shape.vehicle.load
    if load == "timber":
        for number in range(10):
            y, z = -wide + 0.07 + (number % 5) * 0.30, floor + 0.06 + (number // 5) * 0.13
            builder.box((rear + 0.05 * rng.random(), y, z), (front, y + 0.22, z + 0.11), Slot.CARGO)
    elif load == "boxes":
        x = front
        while x > rear + 0.5:
            deep = float(rng.uniform(0.4, 0.6))
            for y in (-wide, 0.02):
                high = float(rng.uniform(0.3, 0.75))
                builder.box((x - deep + 0.02, y, floor), (x, y + wide - 0.04, floor + high), Slot.CARGO)
            x -= deep
    else:
        _box(builder, np.array([(front + rear) / 2, 0.0, floor + 0.1]), (front - rear, 2 * wide, 0.75))
