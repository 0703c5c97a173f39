"""A passenger car from its dimensions: the hull, its lamps, wheels, trim and damage."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenes.spec import Vehicle
from scenes.stage.beams import add_low_beams
from scenes.stage.damage import Deformation
from scenes.stage.hull import CHROME, DARK, LENS, PAINT, PLATE, SHAPES, TAIL, Body, cabin, deck, shell, wall_slots
from scenes.stage.lamps import HEAD_CD_M2, LampFaces
from scenes.stage.materials import base as materials
from scenes.stage.mesh import MeshBuilder, pose
from scenes.stage.wheel import add_wheels


def _trim(body: Body, builder: MeshBuilder) -> None:
    """Add mirrors, door handles, plates, a grille bar and the dark underside."""
    vehicle = body.vehicle
    half, high = vehicle.width_m / 2, vehicle.height_m
    mirror_x = body.station_m(body.shape.screen_base + 0.075)
    mirror_z = float(body.belt_m(np.array([mirror_x]))[0]) + 0.07
    angles = np.linspace(0, np.pi, 9)
    profile = np.stack([0.10 * np.sin(angles), -0.11 * np.cos(angles)], axis=-1)
    for side in (1, -1):
        pod = MeshBuilder()
        pod.lathe(profile, segments=14, axis="y")
        points = pod.vertices[0] * (0.75, 1.0, 0.72) + (mirror_x, side * (half + 0.055), mirror_z)
        builder.merge(pod, points, PAINT if body.style.random() < 0.7 else DARK)
        for pillar in body.shape.pillars:
            x = body.station_m(pillar) + 0.16
            y = side * (half - 0.015)
            z = 0.80 * float(body.belt_m(np.array([x]))[0])
            builder.box(
                (x - 0.09, min(y, y - side * 0.03), z - 0.014), (x + 0.09, max(y, y - side * 0.03), z + 0.014), CHROME
            )
    nose, tail = vehicle.length_m / 2, -vehicle.length_m / 2
    low = body.sill_m
    builder.box((nose - 0.05, -0.26, low + 0.2), (nose + 0.012, 0.26, low + 0.31), PLATE)
    plate_z = low + 0.42 * (body.shape.deck_rear * high - low) / 0.7
    builder.box((tail - 0.012, -0.26, plate_z), (tail + 0.06, 0.26, plate_z + 0.11), PLATE)
    inner = half - 0.20
    builder.box((tail + 0.25, -inner, low - 0.02), (nose - 0.3, inner, body.shape.belt_front * high - 0.16), DARK)
    for axle in (tail + 0.16, nose - 0.5):
        builder.box((axle, -half * 0.72, low - 0.01), (axle + 0.3, half * 0.72, low + 0.2), DARK)


def _materials(body: Body) -> list[Any]:
    vehicle = body.vehicle
    seams = [body.station_m(p) for p in (body.shape.screen_base + 0.06, *body.shape.pillars)]
    name = f"actor{vehicle.actor_id}"
    return [
        materials.car_paint(f"{name} paint", vehicle.paint_rgb_linear, seams, dirt=body.style.uniform(0.1, 0.9)),
        materials.glass(f"{name} glass"),
        materials.plain(f"{name} dark", (0.012, 0.012, 0.013), roughness=0.55),
        materials.lens(f"{name} lens", (0.75, 0.77, 0.8)),
        materials.lens(f"{name} tail", (0.35, 0.012, 0.012)),
        materials.plain(f"{name} frit", (0.006, 0.006, 0.006), roughness=0.12),
        materials.plain(f"{name} chrome", (0.75, 0.75, 0.76), roughness=0.12, metallic=1.0),
        materials.plain(f"{name} plate", (0.75, 0.75, 0.68), roughness=0.4),
    ]


def _place(body: Body, builder: MeshBuilder, deform: Deformation, surfaces: list[Any], **options: Any) -> None:
    builder.vertices = [deform(points) for points in builder.vertices]
    vehicle = body.vehicle
    matrix = pose(vehicle.x_m, vehicle.y_m, 0.0, vehicle.heading_deg)
    builder.build(f"{vehicle.kind}{vehicle.actor_id}", surfaces, actor_id=vehicle.actor_id, matrix=matrix, **options)


def build_car(vehicle: Vehicle) -> None:
    """Build a car of a kind in `SHAPES` at its place, with its damage and burning lamps.

    Args:
        vehicle: the spec; `seed` draws trim, lamp shapes and dirt.
    """
    body = Body(vehicle=vehicle, shape=SHAPES[vehicle.kind], style=np.random.default_rng(vehicle.seed))
    deform = Deformation(vehicle)
    walls, v = shell(body)
    slots = wall_slots(body, walls, v)
    surfaces = _materials(body)
    builder = MeshBuilder()
    builder.grid(walls, slots, closed=True)
    builder.grid(deck(walls), PAINT)
    builder.grid(*cabin(body, walls))
    _place(body, builder, deform, surfaces, smooth=True)
    trim = MeshBuilder()
    _trim(body, trim)
    _place(body, trim, deform, surfaces)
    lamps = LampFaces(vehicle=vehicle, shell=walls, slots=slots, lens_slot=LENS, tail_slot=TAIL)
    for lit, lit_surfaces, group in lamps.lit():
        _place(body, lit, deform, lit_surfaces, light_group=group)
    if "head" in vehicle.lamps:
        add_low_beams(vehicle, height_m=body.sill_m + 0.45, candela=HEAD_CD_M2)
    add_wheels(vehicle, axles_m=body.axles_m, radius_m=body.tyre_radius_m, style=body.style)
