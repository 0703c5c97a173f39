"""Bus and rigid truck: rounded boxes on axles, glazed where they have windows."""

from __future__ import annotations

import numpy as np

from scenes.spec import Vehicle
from scenes.stage.beams import add_low_beams
from scenes.stage.lamps import HEAD_CD_M2, TRACE_GAIN, lamp_colour
from scenes.stage.materials import base as materials
from scenes.stage.mesh import MeshBuilder, pose
from scenes.stage.wheel import add_wheels

PAINT, GLASS, DARK, LENS, TAIL, CARGO = range(6)


def build_heavy(vehicle: Vehicle) -> None:
    """Build a city bus or a box truck at its place."""
    style = np.random.default_rng(vehicle.seed)
    builder = MeshBuilder()
    (_bus if vehicle.kind == "bus" else _truck)(vehicle, builder, style)
    length, half = vehicle.length_m, vehicle.width_m / 2
    builder.box((-length / 2 + 0.3, -half + 0.3, 0.35), (length / 2 - 0.3, half - 0.3, 0.9), DARK)
    _lamp_boxes(vehicle, builder)
    paint = materials.car_paint("heavy paint", vehicle.paint_rgb_linear, (), dirt=style.uniform(0.3, 1.0))
    box_tone = style.uniform(0.45, 0.75)
    surfaces = [
        paint,
        materials.glass("heavy glass"),
        materials.plain("heavy dark", (0.015, 0.015, 0.016), roughness=0.6),
        materials.lens("heavy lens", (0.75, 0.77, 0.8)),
        materials.lens("heavy tail", (0.4, 0.012, 0.012)),
        materials.wall("cargo", (box_tone, box_tone, box_tone * 0.97), brick=False),
    ]
    matrix = pose(vehicle.x_m, vehicle.y_m, 0.0, vehicle.heading_deg)
    builder.build(f"{vehicle.kind}{vehicle.actor_id}", surfaces, actor_id=vehicle.actor_id, matrix=matrix)
    _burning(vehicle, matrix)
    axles = (vehicle.wheelbase_m / 2 + 0.05 * length, -vehicle.wheelbase_m / 2 + 0.05 * length)
    add_wheels(vehicle, axles_m=axles, radius_m=0.48, style=style, width_m=0.3)


def _hull(
    builder: MeshBuilder,
    x: tuple[float, float],
    half_m: float,
    z: tuple[float, float],
    *,
    slope_m: float,
    belt: float,
    top: float,
    pillar_m: float,
    sides: bool,
) -> None:
    """Add a rounded box whose band between `belt` and `top` is glazed at the front, and at the sides if asked."""
    angles = np.linspace(0, 2 * np.pi, 3601)[:-1]
    middle, reach = (x[0] + x[1]) / 2, (x[1] - x[0]) / 2
    ring = np.stack(
        [
            middle + reach * np.sign(np.cos(angles)) * np.abs(np.cos(angles)) ** 0.16,
            half_m * np.sign(np.sin(angles)) * np.abs(np.sin(angles)) ** 0.16,
        ],
        axis=-1,
    )
    steps = np.linalg.norm(np.diff(ring, axis=0, append=ring[:1]), axis=1)
    along = np.concatenate([[0], np.cumsum(steps)])
    wanted = np.linspace(0, along[-1], 240, endpoint=False)
    closed = np.vstack([ring, ring[:1]])
    ring = np.stack([np.interp(wanted, along, closed[:, axis]) for axis in (0, 1)], axis=-1)
    rows = np.concatenate([np.linspace(0, 0.94, 24), [0.965, 0.985, 0.997, 1.0]])
    inset = np.concatenate([np.zeros(24), [0.012, 0.04, 0.10, 0.18]])
    points = np.empty((len(ring), len(rows), 3))
    points[..., 2] = z[0] + rows * (z[1] - z[0])
    shrink = 1 - inset[None, :] / half_m
    points[..., 0] = middle + (ring[:, :1] - middle) * (1 - inset / reach)
    points[..., 1] = ring[:, 1:] * shrink
    points[..., 0] -= slope_m * np.clip((points[..., 0] - middle) / reach, 0, 1) * np.clip(rows - belt, 0, 1)
    centre = points[:, :-1]
    height = np.broadcast_to((rows[:-1] + rows[1:]) / 2, centre.shape[:2])
    band = (height > belt) & (height < top)
    front = (centre[..., 0] > x[1] - 0.35) & (np.abs(centre[..., 1]) < half_m - 0.12)
    rear = (centre[..., 0] < x[0] + 0.25) & (np.abs(centre[..., 1]) < half_m - 0.25) & sides
    flank = (np.abs(centre[..., 1]) > half_m - 0.1) & (np.mod(centre[..., 0], pillar_m) > 0.14)
    flank &= sides | (centre[..., 0] > middle)
    slots = np.where(band & (front | flank | rear), GLASS, PAINT)
    slots[height < 0.06] = DARK
    builder.grid(points, slots, closed=True)
    lid = points[:, -1]
    builder.add(lid, [tuple(range(len(lid)))], PAINT)


def _bus(vehicle: Vehicle, builder: MeshBuilder, style: np.random.Generator) -> None:
    length, high = vehicle.length_m, vehicle.height_m
    _hull(
        builder,
        (-length / 2, length / 2),
        vehicle.width_m / 2,
        (0.32, high),
        slope_m=0.25,
        belt=0.33,
        top=0.80,
        pillar_m=float(style.uniform(1.3, 1.8)),
        sides=True,
    )
    builder.box((-length * 0.3, -0.8, high - 0.02), (length * 0.1, 0.8, high + 0.2), PAINT)


def _truck(vehicle: Vehicle, builder: MeshBuilder, style: np.random.Generator) -> None:
    length, half, high = vehicle.length_m, vehicle.width_m / 2, vehicle.height_m
    cab = 1.9 + float(style.uniform(0, 0.3))
    _hull(
        builder,
        (length / 2 - cab, length / 2),
        half - 0.06,
        (0.42, min(high, 2.75)),
        slope_m=0.3,
        belt=0.48,
        top=0.88,
        pillar_m=9.0,
        sides=False,
    )
    builder.box((-length / 2, -half, 0.95), (length / 2 - cab - 0.12, half, high), CARGO)
    builder.box((-length / 2 + 0.02, -half + 0.05, 0.45), (-length / 2 + 0.12, half - 0.05, 0.62), DARK)


def _lamp_boxes(vehicle: Vehicle, builder: MeshBuilder) -> None:
    for side in (1, -1):
        for x, slot in ((vehicle.length_m / 2 - 0.02, LENS), (-vehicle.length_m / 2 - 0.02, TAIL)):
            y = side * (vehicle.width_m / 2 - 0.32)
            builder.box((x - 0.02, y - 0.15, 0.72), (x + 0.04, y + 0.15, 0.94), slot)


def _burning(vehicle: Vehicle, matrix: np.ndarray) -> None:
    length, half = vehicle.length_m, vehicle.width_m / 2
    jobs = (
        ("head", length / 2 + 0.03, "head", 1.2e5, lamp_colour(vehicle.seed)),
        ("tail", -length / 2 - 0.05, "tail", 300.0, (1.0, 0.03, 0.012)),
        ("brake", -length / 2 - 0.05, "tail", 2400.0, (1.0, 0.03, 0.012)),
    )
    for lamp, x, group, luminance, colour in jobs:
        if lamp not in vehicle.lamps or (lamp == "tail" and "brake" in vehicle.lamps):
            continue
        builder = MeshBuilder()
        wide = 0.07 if lamp == "head" else 0.14
        for side in (1, -1):
            y = side * (half - 0.32)
            corners = np.array([[x, y - wide, 0.76], [x, y + wide, 0.76], [x, y + wide, 0.90], [x, y - wide, 0.90]])
            builder.quad(corners if x > 0 else corners[::-1])
        surface = materials.emission(lamp, colour, luminance * TRACE_GAIN[group], narrow=2)
        builder.build(lamp, [surface], actor_id=vehicle.actor_id, light_group=group, matrix=matrix)
    if "head" in vehicle.lamps:
        add_low_beams(vehicle, height_m=0.85, candela=HEAD_CD_M2)
