"""Bonnet, boot lid and tailgate with their shut lines, doors and lids that stand open, and a pickup's bed."""

from __future__ import annotations

import numpy as np

from scenes.ontology import PARTS
from scenes.stage.cars.cabin import Cabin
from scenes.stage.cars.car_rear import BOOT, Tail
from scenes.stage.cars.car_shape import Shape
from scenes.stage.cars.car_slots import Slot
from scenes.stage.cars.hull import Wall, edge_of
from scenes.stage.cars.sheet import Sheet, borders, meet
from scenes.stage.mesh import MeshBuilder, Points

BONNET = 5
_PANEL_M, _LID_M = 0.05, 0.02


def dress_lids(shape: Shape, cabin: Cabin, tail: Tail, decks: list[Sheet]) -> None:
    """Cut bonnet, boot lid and tailgate."""
    _bonnet(shape, decks[0])
    if shape.kind == "sedan":
        _boot_lid(shape, tail, decks[1])
    elif shape.kind != "pickup":
        _tailgate(cabin, tail)


def _bonnet(shape: Shape, deck: Sheet) -> None:
    back = shape.screen_base_m + 0.05 - 0.02 * shape.boxed
    front = shape.nose_x_m - 0.05 - 0.07 * (1 - shape.boxy)

    def field(sheet: Sheet) -> Points:
        aside = np.abs(sheet["across"]) * sheet["edge"] - (sheet["edge"] - 0.05)
        bowed = sheet["x"] + 0.16 * (sheet["y"] / shape.half_m) ** 2
        return meet(aside, back - bowed + 0.12, sheet["x"] - front + 0.20 * (sheet["y"] / shape.half_m) ** 2,
                    round_m=0.02)  # fmt: skip

    deck.seam(field, Slot.UNDERSIDE, lambda sheet: sheet.slot == Slot.PAINT, half_m=0.004)
    inside = deck.mean(field(deck)) < 0
    deck.part[inside], deck.group[inside] = PARTS["bonnet"], BONNET
    cowl = (deck.at("x") < back + 0.10) & ~inside & (np.abs(deck.at("across")) < 0.9)
    deck.slot[cowl] = Slot.DARK


def _boot_lid(shape: Shape, tail: Tail, deck: Sheet) -> None:
    front = shape.cabin_end_m - 0.035

    def field(sheet: Sheet) -> Points:
        return meet(np.abs(sheet["y"]) - tail.lid_half_m, sheet["x"] - front, round_m=0.02)

    deck.seam(field, Slot.UNDERSIDE, lambda sheet: sheet.slot == Slot.PAINT, half_m=0.004)
    inside = deck.mean(field(deck)) < 0
    deck.part[inside], deck.group[inside] = PARTS["boot"], BOOT


def _tailgate(cabin: Cabin, tail: Tail) -> None:
    sheet = cabin.sheet

    def field(sheet: Sheet) -> Points:
        aside = np.abs(sheet["y"]) - np.maximum(tail.lid_half_m, sheet["half"] - 0.045)
        return meet(aside, cabin.back_along_m + 0.03 - sheet["along"], round_m=0.02)

    sheet.seam(field, Slot.UNDERSIDE, lambda sheet: (sheet.slot == Slot.PAINT) & (sheet.at("column") > 6.5))
    inside = (sheet.mean(field(sheet)) < 0) & (sheet.at("column") > 6.5)
    sheet.part[inside & (sheet.part != PARTS["glass"])] = PARTS["boot"]
    sheet.group[inside] = BOOT


def open_group(shape: Shape, group: int, sheets: list[Sheet], fixed: dict[int, MeshBuilder]) -> None:
    """Give a door or lid an inner panel and turn it open about its hinge."""
    made = np.concatenate([sheet.points[sheet.tris[sheet.group == group]].reshape(-1, 3) for sheet in sheets])
    if not len(made):
        return
    pivot, turn = _hinge(shape, group, made)
    for sheet in sheets:
        mask = sheet.group == group
        if mask.any():
            _open_sheet(sheet, mask, pivot, turn)
    builder = fixed[group]
    builder.vertices = [(points - pivot) @ turn.T + pivot for points in builder.vertices]


def _hinge(shape: Shape, group: int, points: Points) -> tuple[Points, Points]:
    """Return a point of the hinge and the 3x3 rotation that opens the part."""
    low, high = points.min(axis=0), points.max(axis=0)
    if group == BONNET:
        return np.array([low[0] + 0.05, 0.0, high[2] - 0.03]), _about_y(-52)
    if group == BOOT and not shape.boxed:
        return np.array([high[0] - 0.03, 0.0, high[2] - 0.02]), _about_y(68 if shape.kind == "sedan" else 82)
    if group == BOOT:
        return np.array([high[0] - 0.05, 0.0, high[2] - 0.05]), _about_y(85)
    side = 1 if group % 2 else -1
    edge = high[1] if side > 0 else low[1]
    return np.array([high[0] - 0.02, edge - side * 0.06, 0.0]), _about_z(side * -62)


def _about_y(degrees: float) -> Points:
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])


def _about_z(degrees: float) -> Points:
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])


def _open_sheet(sheet: Sheet, mask: np.ndarray, pivot: Points, turn: Points) -> None:
    """Cut the part loose, add its inner face and edge, and turn it."""
    part, group = int(np.bincount(sheet.part[mask]).argmax()), int(sheet.group[mask][0])
    glass = np.isin(sheet.slot, (Slot.GLASS, Slot.GLASS_DARK)) & mask
    inner = -(_LID_M if group == BONNET else _PANEL_M) * sheet.normals()
    moved, numbers = np.unique(sheet.tris[mask], return_inverse=True)
    outer_ids = len(sheet.points) + np.arange(len(moved))
    inner_ids = outer_ids + len(moved)
    solid = ~glass[mask]
    shape_tris = numbers.reshape(-1, 3)
    sheet.points = np.concatenate([sheet.points, sheet.points[moved], sheet.points[moved] + inner[moved]])
    sheet.attrs = np.concatenate([sheet.attrs, sheet.attrs[moved], sheet.attrs[moved]])
    sheet.tris[mask] = outer_ids[shape_tris]
    back = inner_ids[shape_tris[solid]][:, ::-1]
    a, b = borders(shape_tris[solid]).T
    rim = np.concatenate(
        [
            np.stack([outer_ids[b], outer_ids[a], inner_ids[a]], axis=-1),
            np.stack([outer_ids[b], inner_ids[a], inner_ids[b]], axis=-1),
        ]
    )
    sheet.extend(back, Slot.INTERIOR, part, group)
    sheet.extend(rim, Slot.PAINT, part, group)
    fresh = np.concatenate([outer_ids, inner_ids])
    sheet.points[fresh] = (sheet.points[fresh] - pivot) @ turn.T + pivot


def engine_bay(shape: Shape, builder: MeshBuilder) -> None:
    """Add engine, battery and a floor below the bonnet."""
    builder.part = PARTS["interior"]
    front, back, half = shape.nose_x_m - 0.32, shape.screen_base_m + 0.06, 0.62 * shape.half_m
    level = shape.nose_m - 0.10
    builder.box((back, -half, level - 0.30), (front, half, level - 0.26), Slot.UNDERSIDE)
    middle = (front + back) / 2
    builder.box((middle - 0.2, -0.30, level - 0.26), (middle + 0.2, 0.22, level - 0.02), Slot.DARK)
    builder.box((middle - 0.14, -0.24, level - 0.02), (middle + 0.14, 0.16, level), Slot.INTERIOR)
    builder.box((back + 0.04, 0.28, level - 0.26), (back + 0.26, 0.48, level - 0.03), Slot.INTERIOR)
    builder.box((middle, -0.50, level - 0.26), (middle + 0.2, -0.36, level - 0.04), Slot.STEEL)


def pickup_bed(shape: Shape, wall: Wall, builder: MeshBuilder) -> None:
    """Add the open bed: rails, inner walls, a ribbed floor and the cab's back."""
    builder.part = PARTS["body"]
    edge = edge_of(wall)
    front, rear = shape.cabin_end_m + 0.06, -shape.nose_x_m + 0.10
    top, floor = shape.belt_rear_m - 0.004, shape.belt_rear_m - 0.48
    x = np.linspace(rear, front, 14)
    outer = np.interp(x, edge[:, 0], edge[:, 1])
    inner = np.minimum(outer - 0.04, shape.half_m - 0.12)
    for side in (1, -1):
        rows = [(outer, top), (inner, top - 0.003), (inner, floor)]
        grid = np.stack([np.stack([x, side * y, np.full(14, z)], axis=-1) for y, z in rows], axis=1)
        slots = np.tile([Slot.DARK, Slot.PAINT], (13, 1))
        builder.grid(grid[::-side], slots)
    span, ribs = np.linspace(-1, 1, 41), floor + 0.012 * (np.arange(41) % 4 < 2)
    bed = np.stack([np.stack([np.full(41, at), span * y, ribs], axis=-1) for at, y in zip(x, inner, strict=True)])
    builder.grid(bed, Slot.DARK)
    for end, way, low_y in ((rear, 1, inner[0]), (front, -1, inner[-1])):
        corners = np.array([[end, -way * low_y, floor], [end, way * low_y, floor], [end, way * low_y, top],
                            [end, -way * low_y, top]])  # fmt: skip
        builder.quad(corners, Slot.PAINT)
    low_y = inner[0]
    lid = np.array([[-shape.nose_x_m + 0.03, -low_y, top], [rear, -low_y, top], [rear, low_y, top],
                    [-shape.nose_x_m + 0.03, low_y, top]])  # fmt: skip
    builder.quad(lid, Slot.DARK)
