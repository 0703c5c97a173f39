"""Wheels: a tyre with shoulders, a rim with spokes, and where they stand."""

from __future__ import annotations

import bpy
import numpy as np

from scenes.spec import Vehicle
from scenes.stage.materials import base as materials
from scenes.stage.mesh import MeshBuilder, pose
from scenes.stage.place import place_mesh


def add_wheels(
    vehicle: Vehicle, *, axles_m: tuple[float, ...], radius_m: float, style: np.random.Generator, width_m: float = 0.21
) -> None:
    """Stand a wheel on the ground at both ends of each axle; the first axle steers.

    Args:
        vehicle: whose wheels.
        axles_m: x of the axles in the vehicle's frame, front first.
        radius_m: outer radius of the tyre.
        style: draws rim size and spokes.
        width_m: tyre width.
    """
    mesh = _wheel(f"wheel{vehicle.actor_id}", radius_m, width_m, style)
    for number, axle_m in enumerate(axles_m):
        for side in (1, -1):
            steer_deg = vehicle.steer_deg if number == 0 else 0.0
            local = pose(
                axle_m, side * (vehicle.width_m / 2 - width_m / 2 - 0.025), radius_m, steer_deg + (side < 0) * 180
            )
            matrix = pose(vehicle.x_m, vehicle.y_m, 0.0, vehicle.heading_deg) @ local
            place_mesh("wheel", mesh, matrix=matrix, actor_id=vehicle.actor_id)


def _wheel(name: str, radius_m: float, width_m: float, style: np.random.Generator) -> bpy.types.Mesh:
    rim_m = radius_m * style.uniform(0.66, 0.74)
    half = width_m / 2
    rubber = materials.plain("tyre", (0.014, 0.014, 0.015), roughness=0.8)
    tone = style.choice([0.55, 0.35, 0.03], p=[0.6, 0.25, 0.15])
    alloy = materials.plain("alloy", (tone,) * 3, roughness=0.28, metallic=0.9)
    well = materials.plain("brake", (0.03, 0.03, 0.03), roughness=0.6, metallic=0.5)
    builder = MeshBuilder()
    shoulder = radius_m - 0.025
    section = [
        (0.0, -half * 0.8),
        (rim_m, -half * 0.8),
        (rim_m, -half),
        (shoulder - 0.02, -half),
        (shoulder + 0.012, -half * 0.86),
        (radius_m, -half * 0.6),
        (radius_m, half * 0.6),
        (shoulder + 0.012, half * 0.86),
        (shoulder - 0.02, half),
        (rim_m + 0.012, half * 0.96),
        (rim_m, half * 0.9),
        (rim_m - 0.015, half * 0.88),
        (rim_m - 0.03, half * 0.35),
        (0.0, half * 0.3),
    ]
    slots = [2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2]
    builder.lathe(np.array(section), segments=40, slot=slots, axis="y")
    spokes = int(style.choice([5, 6, 7, 10]))
    broad = style.uniform(0.7, 1.1) * 1.2 * rim_m / spokes
    for angle in np.linspace(0, 2 * np.pi, spokes, endpoint=False):
        builder.add(*_spoke(angle, rim_m, broad, half), 1)
    hub = np.array([(0.06, half * 0.5), (0.055, half * 0.93), (0.0, half * 0.95)])
    builder.lathe(hub, segments=16, slot=1, axis="y")
    made = builder.build(name, [rubber, alloy, well], smooth=False)
    mesh = made.data
    bpy.data.objects.remove(made)
    return mesh


def _spoke(angle: float, rim_m: float, broad_m: float, half_m: float) -> tuple[np.ndarray, list[tuple[int, ...]]]:
    radii = np.array([0.03, rim_m - 0.005])
    widths = np.array([0.6, 1.0]) * broad_m / 2
    corners = [
        (radius, y, side * width)
        for radius, width in zip(radii, widths, strict=True)
        for side, y in ((-1, half_m * 0.3), (-1, half_m * 0.86), (1, half_m * 0.86), (1, half_m * 0.3))
    ]
    points = np.array(corners)
    cos, sin = np.cos(angle), np.sin(angle)
    turned = np.stack(
        [points[:, 0] * cos - points[:, 2] * sin, points[:, 1], points[:, 0] * sin + points[:, 2] * cos], axis=-1
    )
    return turned, [(0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (4, 5, 6, 7)]
