"""The glazed cabin of a car: roof, pillars, side windows, windscreen and rear window with smooth borders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.ontology import PARTS
from scenes.stage.cars.car_shape import Shape
from scenes.stage.cars.car_slots import Slot
from scenes.stage.cars.hull import Wall, edge_of
from scenes.stage.cars.sheet import Mask, Sheet, meet
from scenes.stage.mesh import Points

_SIDE, _TOP = 7, 6
_CORNER_DEG = np.array([12.0, 32.0, 52.0, 74.0])
GLASS_INSET_M = 0.007


@dataclass(frozen=True, kw_only=True)
class Cabin:
    """The cabin's sheet, and where its profile has its corners.

    Args:
        sheet: attributes `along` (length over the profile from the windscreen's base), `half` (to the roof's edge),
            `base` and `cant` (heights of the lower and upper end of the side), `station` (x before bowing).
        top_along_m: of the windscreen's upper end; back_along_m: of the rear window's upper end; end_along_m: of its
            lower end.
    """

    sheet: Sheet
    top_along_m: float
    back_along_m: float
    end_along_m: float


def cabin_of(shape: Shape, wall: Wall) -> Cabin:
    """Return the cabin without windows."""
    edge = edge_of(wall)
    front, rear, rear_bow = shape.screen_base_m, *_rear_end(shape, edge)
    x, z, along, marks = _stations(shape, front, rear)
    base_y, base_z = np.interp(x, edge[:, 0], edge[:, 1]) - 0.004, shape.belt_m(x) - 0.008
    z = np.maximum(z, base_z)
    tall = z - base_z
    half = base_y - np.tan(np.deg2rad(shape.tumble_deg)) * tall
    corner = np.minimum(0.07 + 0.05 * (1 - shape.boxy), 0.45 * tall)
    side = np.linspace(0, 1, _SIDE)
    rise = (tall - corner)[:, None] * side
    lean = np.where(tall > 1e-4, (base_y - half) / np.maximum(tall, 1e-4), 0)[:, None] * rise
    bulge = 0.018 * np.sin(np.pi * side) * np.clip(tall / 0.4, 0, 1)[:, None]
    angle = np.deg2rad(_CORNER_DEG)
    across = np.linspace(1, 0, _TOP)
    flat = (half - corner)[:, None] * across
    crown = 0.035 * np.clip(half / half.max(), 0, 1)[:, None] * np.clip(tall / 0.25, 0, 1)[:, None]
    over = half + 0.25 * (base_y - half) * corner / np.maximum(tall, 1e-3)
    y = np.concatenate(
        [base_y[:, None] - lean + bulge, over[:, None] - corner[:, None] * (1 - np.cos(angle)), flat], axis=1
    )
    height = np.concatenate(
        [
            base_z[:, None] + rise,
            (z - corner)[:, None] + corner[:, None] * np.sin(angle),
            z[:, None] + crown * (1 - across**2),
        ],
        axis=1,
    )
    slope = np.clip((z.max() - z) / (z.max() - base_z[0]), 0, 1)[:, None] ** 0.6
    ratio = np.clip(y / np.maximum(base_y, 0.1)[:, None], 0, 1)
    middle = (shape.screen_top_m + shape.roof_end_m) / 2
    bow = np.where(x[:, None] > middle, 0.20 - 0.05 * shape.boxy, -rear_bow) * slope * (1 - ratio**2.5)
    left = np.stack([x[:, None] + bow, y, height], axis=-1)
    left[..., 2] *= 1 - (left[..., 2].max() / shape.high_m - 1) * (left[..., 2] > 0.9 * shape.high_m)
    grid = np.concatenate([left, left[:, -2::-1] * (1.0, -1.0, 1.0)], axis=1)
    columns = np.arange(grid.shape[1])
    attrs = {
        "along": along[:, None],
        "half": half[:, None],
        "base": base_z[:, None],
        "cant": (z - corner)[:, None],
        "station": x[:, None],
        "column": np.minimum(columns, columns[::-1])[None, :],
    }
    sheet = Sheet.of_grid(grid, attrs, slot=Slot.PAINT, part=PARTS["body"])
    sheet.part[sheet.at("column") > _SIDE] = PARTS["roof"]
    return Cabin(sheet=sheet, top_along_m=marks[0], back_along_m=marks[1], end_along_m=float(along[-1]))


def _rear_end(shape: Shape, edge: Points) -> tuple[float, float]:
    """Return x of the cabin's last section, and how far its middle bows out behind it."""
    if shape.kind in ("sedan", "pickup"):
        return shape.cabin_end_m, 0.12 if shape.kind == "sedan" else 0.04
    wide = edge[:, 1] > (0.90 if shape.boxed else 0.86) * edge[:, 1].max()
    rear = float(edge[wide, 0].min())
    return rear, rear - float(edge[0, 0]) - 0.004


def _stations(shape: Shape, front: float, rear: float) -> tuple[Points, Points, Points, tuple[float, float]]:
    """Return x, z and length along the roof's profile at each section, and the lengths where roof starts and ends."""
    high = shape.high_m - 0.035
    ends = shape.belt_m(np.array([front, rear])) - 0.008
    drop = 0.03 if shape.boxed else 0.045 - 0.015 * shape.boxy
    roof_end = max(shape.roof_end_m, rear + 0.05)
    middle = 0.5 * shape.screen_top_m + 0.5 * roof_end + 0.1 * (shape.screen_top_m - roof_end)
    fall = drop * (0.5 if shape.boxed else 1.3)
    xs = np.array([front, shape.screen_top_m, middle, roof_end, rear])
    zs = np.array([ends[0], high - drop, high, high - fall, ends[1]])
    fine = np.linspace(front, rear, 900)
    width = int((0.24 if shape.boxed else 0.34 - 0.10 * shape.boxy) / (front - rear) * 900) | 1
    kernel = np.hanning(width) / np.hanning(width).sum()
    padded = np.pad(np.interp(-fine, -xs, zs), width // 2, mode="reflect", reflect_type="odd")
    smooth = np.convolve(padded, kernel, mode="valid")
    step = np.hypot(np.diff(fine), np.diff(smooth))
    along = np.concatenate([[0.0], np.cumsum(step)])
    close = np.exp(-(((fine - rear) / 0.14) ** 2)) + 0.6 * np.exp(-(((fine - roof_end) / 0.25) ** 2))
    close += 0.5 * np.exp(-(((fine - shape.screen_top_m) / 0.25) ** 2))
    pace = np.concatenate([[0.0], np.cumsum(step / 0.11 * (1 + 1.0 * close[1:]))])
    wanted = np.interp(np.linspace(0, pace[-1], int(pace[-1]) + 1), pace, along)
    marks = tuple(float(np.interp(-x, -fine, along)) for x in (shape.screen_top_m, roof_end))
    return np.interp(wanted, along, fine), np.interp(wanted, along, smooth), wanted, (marks[0], marks[1])


def glaze(shape: Shape, cabin: Cabin) -> None:
    """Cut windscreen, rear window and side windows with their dark borders, and set the panes in."""
    _screen(shape, cabin)
    if not shape.boxed or shape.rng.random() < 0.6 or shape.kind == "minibus":
        _rear_window(shape, cabin)
    _side_windows(shape, cabin)
    sheet = cabin.sheet
    panes = (sheet.slot == Slot.GLASS) | (sheet.slot == Slot.GLASS_DARK)
    for part in np.unique(sheet.part[panes]):
        mask = ((sheet.slot == Slot.GLASS) | (sheet.slot == Slot.GLASS_DARK)) & (sheet.part == part)
        sheet.recess(mask, -GLASS_INSET_M * sheet.normals(), slot=Slot.FRIT)


def _screen(shape: Shape, cabin: Cabin) -> None:
    sheet, top = cabin.sheet, cabin.top_along_m
    over = float(shape.rng.uniform(0.0, 0.04))

    def pane(margin: float, base: float) -> Mask:
        def field(sheet: Sheet) -> Points:
            along = sheet["along"]
            aside = np.abs(sheet["y"]) - (sheet["half"] - 0.035 - margin)
            return meet(aside, base - along, along - (top + over - margin), round_m=0.02)

        return sheet.paint(field, Slot.FRIT, (sheet.at("column") > _SIDE - 1.5) & (sheet.at("along") < top + 0.3))

    pane(0.0, 0.02)
    inside = pane(0.028, 0.075)
    sheet.slot[inside] = Slot.GLASS
    sheet.part[sheet.slot == Slot.GLASS] = PARTS["glass"]


def _rear_window(shape: Shape, cabin: Cabin) -> None:
    sheet = cabin.sheet
    upper = cabin.back_along_m + (0.02 if shape.kind in ("sedan", "pickup") else 0.07)
    lower = cabin.end_along_m - (0.03 if shape.kind in ("sedan", "pickup") else 0.08)
    if shape.boxed:
        upper, lower = cabin.back_along_m + 0.14, min(lower, cabin.end_along_m - 0.1)
    aside_m = float(shape.rng.uniform(0.05, 0.10)) + 0.03 * shape.boxed
    split = shape.boxed

    def pane(margin: float) -> Mask:
        def field(sheet: Sheet) -> Points:
            along, y = sheet["along"], np.abs(sheet["y"])
            wide = np.maximum(sheet["half"] - aside_m, 0.5 * shape.half_m) - margin
            made = meet(y - wide, upper + margin - along, along - (lower - margin), round_m=0.025)
            return meet(made, 0.05 + margin - y, round_m=0.02) if split else made

        return sheet.paint(field, Slot.FRIT, sheet.at("along") > cabin.back_along_m - 0.05)

    pane(0.0)
    inside = pane(0.025)
    privacy = shape.kind in ("hatchback", "estate", "suv", "van") and shape.rng.random() < 0.45
    sheet.slot[inside] = Slot.GLASS_DARK if privacy else Slot.GLASS
    sheet.part[inside] = PARTS["glass"]


def _rear_limit(shape: Shape, sheet: Sheet, lean: float, share: float) -> Points:
    """Return a field that is negative ahead of the side windows' rear end."""
    rear = shape.cabin_end_m if shape.kind in ("sedan", "pickup") else -shape.nose_x_m
    top = max(shape.roof_end_m, rear + 0.1)
    low = rear + share * (0.30 if shape.kind == "sedan" else 0.32)
    if shape.kind == "pickup":
        low, top = rear + 0.10, rear + 0.10
    elif shape.kind != "sedan":
        top = low + lean * 0.35
    rise = (sheet["z"] - sheet["base"]) / np.maximum(sheet["cant"].max() - sheet["base"], 0.1)
    limit = low + (top - low) * np.clip(rise, 0, 1.2) if shape.kind != "sedan" else low + 0.10 * lean + 0.22 * rise
    return np.asarray(limit - sheet["station"])


def _side_windows(shape: Shape, cabin: Cabin) -> None:
    sheet, rng = cabin.sheet, shape.rng
    lean, share = float(rng.uniform(-0.6, 1.0)), float(rng.uniform(0.5, 1.0))
    kick = float(rng.uniform(0.0, 0.09)) * (shape.kind in ("hatchback", "suv"))
    trim = Slot.CHROME if rng.random() < 0.3 * (1 - 0.5 * shape.boxy) and not shape.boxed else Slot.DARK
    quarter = bool(rng.random() < 0.5)
    privacy = bool(rng.random() < 0.35) and shape.kind not in ("sedan", "pickup")
    last = shape.pillars_m[0] if shape.kind == "van" else -99.0

    def opening(margin: float) -> Mask:
        def field(sheet: Sheet) -> Points:
            station = sheet["station"]
            low = sheet["base"] + 0.018 + margin
            low = low + kick * np.clip((shape.pillars_m[-1] + 0.35 - station) / 0.6, 0, 1) ** 2
            limit = np.maximum(_rear_limit(shape, sheet, lean, share), last + 0.02 - station) + margin
            ahead = station - (shape.screen_base_m - 0.13 - margin)
            return meet(low - sheet["z"], sheet["z"] - (sheet["cant"] - 0.012 - margin), limit, ahead, round_m=0.016)

        return sheet.paint(field, Slot.DARK, sheet.at("column") < _SIDE)

    outer = opening(0.0)
    sheet.slot[outer] = trim
    sheet.part[outer] = PARTS["door"]
    if trim == Slot.CHROME:
        opening(0.012)
    inside = opening(0.024)
    sheet.slot[inside] = Slot.GLASS
    sheet.part[inside] = PARTS["glass"]
    _pillars(shape, sheet, quarter=quarter)
    dark = (sheet.slot == Slot.GLASS) & (sheet.at("column") < _SIDE) & (sheet.at("station") < shape.pillars_m[0])
    if privacy:
        sheet.slot[dark] = Slot.GLASS_DARK


def _pillars(shape: Shape, sheet: Sheet, *, quarter: bool) -> None:
    """Divide the side windows by pillars and by the bars of quarter lights."""
    bars = [(x, 0.045, 0.10) for x in shape.pillars_m] if shape.kind != "sedan" else [(shape.pillars_m[0], 0.042, 0.10)]
    if shape.kind in ("sedan", "estate", "suv") and quarter:
        bars.append((shape.pillars_m[-1] - 0.02, 0.016, 0.05))
    bars.append((shape.screen_base_m - (0.30 if not shape.boxed else 0.38), 0.014, 0.0))
    for x, half, lean in bars:

        def field(sheet: Sheet, x: float = x, half: float = half, lean: float = lean) -> Points:
            return np.abs(_past(sheet, x, lean)) - half

        def middle(sheet: Sheet, x: float = x, lean: float = lean) -> Points:
            return _past(sheet, x, lean)

        side = (sheet.slot == Slot.GLASS) & (sheet.at("column") < _SIDE)
        sheet.cut(middle, side)
        side = (sheet.slot == Slot.GLASS) & (sheet.at("column") < _SIDE)
        sheet.paint(field, Slot.FRIT, side, part=PARTS["door"])


def _past(sheet: Sheet, x: float, lean: float) -> Points:
    """Return how far points lie ahead of a leaning line over station x."""
    return np.asarray(sheet["station"] - x + lean * (sheet["z"] - sheet["base"]))
