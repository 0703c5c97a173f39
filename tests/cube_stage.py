"""A stage for tests: vehicles are plain boxes, one sun, one lamp, a ground plane."""

from __future__ import annotations

import math
import os
from types import MappingProxyType

from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Vehicle
from scenes.spec.view import Camera
from scenes.stage.library import Library

TRACE_GAIN = MappingProxyType({"sun": 1.0, "sky": 2.0, "street": 0.5})


def build(spec: SceneSpec, view: int, *, resolution_wh: tuple[int, int], library: Library) -> tuple[()]:
    import bpy

    if spec.sentence == "die":
        os._exit(9)
    if spec.sentence == "fail":
        raise ValueError("this scene cannot be built")
    for vehicle in spec.vehicles:
        _box(vehicle)
    bpy.ops.mesh.primitive_plane_add(size=400)
    _camera(spec.cameras[view], resolution_wh)
    _lights()


def _box(vehicle: Vehicle) -> None:
    import bpy

    bpy.ops.mesh.primitive_cube_add(size=1, location=(vehicle.x_m, vehicle.y_m, vehicle.height_m / 2))
    box = bpy.context.object
    box.scale = (vehicle.length_m, vehicle.width_m, vehicle.height_m)
    box.rotation_euler[2] = math.radians(vehicle.heading_deg)
    box.pass_index = vehicle.actor_id


def _camera(camera: Camera, resolution_wh: tuple[int, int]) -> None:
    import blenderproc as bproc
    import numpy as np
    from mathutils import Euler, Matrix

    width, height = resolution_wh
    focal_px = width / (2 * math.tan(math.radians(camera.hfov_deg) / 2))
    K = np.array([[focal_px, 0, (width - 1) / 2], [0, focal_px, (height - 1) / 2], [0, 0, 1]])
    bproc.camera.set_intrinsics_from_K_matrix(K, width, height)
    turn = Euler((math.radians(90 + camera.pitch_deg), 0, math.radians(camera.yaw_deg - 90))).to_matrix().to_4x4()
    place = Matrix.Translation((camera.x_m, camera.y_m, camera.z_m))
    bproc.camera.add_camera_pose(np.array(place @ turn))


def _lights() -> None:
    import bpy

    world = bpy.context.scene.world
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Color"].default_value = (0.2, 0.3, 0.5, 1)
    world.lightgroup = "sky"
    for name, kind, energy, place in (("sun", "SUN", 2.0, (0, 0, 9)), ("street", "POINT", 300.0, (6, 3, 4))):
        lamp = bpy.data.objects.new(name, bpy.data.lights.new(name, kind))
        lamp.data.energy = energy
        lamp.location = place
        lamp.rotation_euler = (0.7, 0.3, 0.0)
        lamp.lightgroup = name
        bpy.context.scene.collection.objects.link(lamp)
