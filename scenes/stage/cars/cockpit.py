"""What is seen through a car's windows: floor, seats, head restraints, dashboard, steering wheel and driver."""

from __future__ import annotations

import numpy as np

from scenes.ontology import PARTS
from scenes.stage.cars.car_shape import Shape
from scenes.stage.cars.car_slots import Slot
from scenes.stage.mesh import MeshBuilder, Points

_DRIVER_SIDE = 1


def furnish_cockpit(shape: Shape, builder: MeshBuilder) -> None:
    """Add the interior; with a driver if the vehicle has one."""
    builder.part = PARTS["interior"]
    floor = shape.sill_m + 0.05
    inner = shape.half_m - 0.13
    rear = (shape.cabin_end_m if shape.kind in ("sedan", "pickup") else -shape.nose_x_m + 0.12) + 0.02
    builder.box((rear, -inner, floor - 0.06), (shape.nose_x_m - 0.25, inner, floor), Slot.UNDERSIDE)
    cowl = shape.belt_front_m
    builder.box((shape.screen_base_m - 0.62, -inner, cowl - 0.20), (shape.screen_base_m - 0.06, inner, cowl - 0.02),
                Slot.INTERIOR)  # fmt: skip
    builder.box((shape.screen_base_m - 0.1, -inner, floor), (shape.screen_base_m, inner, cowl - 0.03), Slot.INTERIOR)
    hip = _hip(shape, floor)
    rows = _rows(shape, hip[0], rear)
    for number, x in enumerate(rows):
        for y in (0.38 * shape.half_m / 0.9, -0.38 * shape.half_m / 0.9):
            _seat(builder, np.array([x, y, hip[2]]), bench=number > 0)
    if shape.kind == "sedan":
        level = shape.belt_rear_m - 0.02
        builder.box((rear, -inner, level - 0.03), (rear + 0.45, inner, level), Slot.INTERIOR)
    if shape.kind == "van":
        wall = shape.pillars_m[0] - 0.05
        builder.box((wall - 0.02, -inner, floor), (wall, inner, shape.high_m - 0.12), Slot.INTERIOR)
    _wheel(builder, hip + np.array((0.46, 0.0, 0.30)), 0.185)
    if shape.vehicle.driver:
        _driver(builder, hip)


def _hip(shape: Shape, floor: float) -> Points:
    """Return the driver's hip point: behind the windscreen's upper end, low enough for the head to fit."""
    x = shape.screen_top_m - (0.28 if not shape.boxed else 0.12)
    z = max(floor + 0.18, min(shape.high_m - 1.02, floor + 0.50))
    return np.array([x, _DRIVER_SIDE * 0.38 * shape.half_m / 0.9, z])


def _rows(shape: Shape, first: float, rear: float) -> list[float]:
    if shape.kind == "van":
        return [first]
    if shape.kind == "minibus":
        return [float(x) for x in np.arange(first, rear + 0.6, -0.82)]
    return [first, max(first - 0.86, rear + 0.30)]


def _cushion(builder: MeshBuilder, centre: Points, size: tuple[float, float, float], lean_deg: float) -> None:
    """Add a rounded block that leans back about y."""
    turn = np.linspace(0, 2 * np.pi, 10, endpoint=False)
    ring = np.sign(np.stack([np.cos(turn), np.sin(turn)], axis=-1))
    ring *= np.abs(np.stack([np.cos(turn), np.sin(turn)], axis=-1)) ** 0.5
    levels = np.array([-1.0, -0.9, 0.8, 1.0, 1.0])
    shrink = np.array([0.7, 0.97, 0.96, 0.7, 0.0])
    points = np.empty((10, 5, 3))
    points[..., 0] = ring[:, :1] * shrink * size[0] / 2
    points[..., 1] = ring[:, 1:] * shrink * size[1] / 2
    points[..., 2] = levels * size[2] / 2
    angle = np.deg2rad(lean_deg)
    turned = points @ np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    builder.grid(turned + centre, Slot.SEAT, closed=True, part=PARTS["seat"])


def _seat(builder: MeshBuilder, hip: Points, *, bench: bool) -> None:
    wide = 0.50 if not bench else 0.56
    _cushion(builder, hip + np.array((0.10, 0, -0.06)), (0.50, wide, 0.16), 0.0)
    _cushion(builder, hip + np.array((-0.20, 0, 0.27)), (0.13, wide - 0.02, 0.60), 14.0)
    _cushion(builder, hip + np.array((-0.275, 0, 0.66)), (0.09, 0.27, 0.17), 10.0)


def _wheel(builder: MeshBuilder, centre: Points, radius: float) -> None:
    turn = np.linspace(0, 2 * np.pi, 17)
    flat = np.stack([np.zeros(17), np.cos(turn) * radius, np.sin(turn) * radius], axis=-1)
    angle = np.deg2rad(25)
    lean = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    builder.tube(flat @ lean.T + centre, [0.015] * 17, segments=5, slot=Slot.INTERIOR)
    spoke = np.array([0.02, radius, 0.025])
    builder.box((centre - spoke).tolist(), (centre + spoke).tolist(), Slot.INTERIOR)


def _ball(builder: MeshBuilder, centre: Points, size: tuple[float, float, float], slot: Slot, part: str) -> None:
    angle = np.linspace(-np.pi / 2, np.pi / 2, 8)
    made = MeshBuilder(part=PARTS[part])
    made.lathe(np.stack([np.cos(angle), np.sin(angle)], axis=-1), segments=12, slot=slot)
    builder.add(made.vertices[0] * size + centre, made.loops[0].reshape(-1, 4), slot, part=PARTS[part])


def _driver(builder: MeshBuilder, hip: Points) -> None:
    """Add a seated figure from the hip up with both hands at the wheel."""
    chest = hip + np.array((-0.10, 0.0, 0.34))
    _ball(builder, chest, (0.13, 0.20, 0.30), Slot.CLOTH_DRIVER, "torso")
    _ball(builder, chest + np.array((-0.02, 0, 0.16)), (0.10, 0.225, 0.09), Slot.CLOTH_DRIVER, "torso")
    head = chest + np.array((0.03, 0.0, 0.42))
    _ball(builder, head, (0.10, 0.078, 0.125), Slot.SKIN_DRIVER, "head")
    _ball(builder, head + np.array((-0.022, 0, 0.035)), (0.10, 0.084, 0.105), Slot.HAIR_DRIVER, "hair")
    neck = np.array([chest + np.array((-0.01, 0, 0.2)), head - (0.01, 0, 0.06)])
    builder.part = PARTS["head"]
    builder.tube(neck, [0.058, 0.055], segments=8, slot=Slot.SKIN_DRIVER)
    for side in (1, -1):
        hand = hip + np.array((0.45, side * 0.17, 0.36))
        elbow = hip + np.array((0.14, side * 0.28, 0.18))
        builder.part = PARTS["arm"]
        arm = np.array([chest + np.array((-0.01, side * 0.19, 0.17)), elbow, hand])
        builder.tube(arm, [0.055, 0.045, 0.032], segments=8, slot=Slot.CLOTH_DRIVER)
        _ball(builder, hand, (0.05, 0.035, 0.045), Slot.SKIN_DRIVER, "hand")
    builder.part = PARTS["interior"]
