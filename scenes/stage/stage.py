"""The whole picture: reads a `SceneSpec` and fills the current, empty Blender scene with it."""

from __future__ import annotations

import numpy as np

from scenes.own import Placed
from scenes.spec import Camera, SceneSpec, Vehicle
from scenes.stage.beams import add_beam
from scenes.stage.debris import build_debris
from scenes.stage.heavy import build_heavy
from scenes.stage.lamps import HEAD_CD_M2, lamp_colour
from scenes.stage.library import Library
from scenes.stage.mesh import lean, pose
from scenes.stage.own_asset import place_own
from scenes.stage.person import build_person
from scenes.stage.place import place_asset
from scenes.stage.script import run
from scenes.stage.site.ground import build_road
from scenes.stage.site.lining import build_street
from scenes.stage.sky import add_sky, add_sun
from scenes.stage.vehicle import FAMILIES, parameters
from scenes.stage.wreck import wrecked, wrecked_finish

_EGO_LAMP = {"ahead_m": 0.85, "apart_m": 1.3, "height_m": 0.66}


def build(spec: SceneSpec, view: int, *, resolution_wh: tuple[int, int], library: Library) -> tuple[Placed, ...]:
    """Build a scene for one of its cameras.

    Actors carry their id as pass index; everything that shines carries a light group.

    Args:
        spec: the scene.
        view: index into `spec.cameras`.
        resolution_wh: picture size in pixels.
        library: people pack, mesh cache, the user's own assets and script.

    Returns:
        What the user's script added.

    Raises:
        MissingPieceError: the spec has people and the library has no people pack.
    """
    build_street(spec.street, build_road(spec), library)
    add_actors(spec, library)
    add_sky(spec.sun, spec.seed % 2**32)
    add_sun(spec.sun)
    add_camera(spec, view, resolution_wh)
    return run(library.script, spec) if library.script else ()


def add_actors(spec: SceneSpec, library: Library) -> None:
    """Build everybody and everything that the spec lists."""
    for vehicle in spec.vehicles:
        build_vehicle(vehicle, library)
    for person in spec.people:
        build_person(person, library.people, kerb_m=_ground_m(spec, person.y_m))
    build_debris(spec.debris)


def add_camera(spec: SceneSpec, view: int, resolution_wh: tuple[int, int]) -> None:
    """Aim the camera of a view, and light the ego's headlights below it."""
    _add_ego_beams(spec.cameras[view], spec.seed)
    _aim(spec.cameras[view], resolution_wh)


def build_vehicle(vehicle: Vehicle, library: Library) -> None:
    """Build one vehicle by its kind; vehicles of one model and damage share meshes."""
    if vehicle.asset:
        place_own(vehicle, library.own)
        return
    family = FAMILIES.get(vehicle.kind)
    if family is None:
        build_heavy(vehicle)
        return
    key, asset = library.meshes.get(
        vehicle.kind, parameters(vehicle), lambda: wrecked(family.geometry(vehicle), vehicle)
    )
    name = f"{vehicle.kind}{vehicle.actor_id}"
    matrix = pose(vehicle.x_m, vehicle.y_m, 0.0, vehicle.heading_deg) @ lean(vehicle.lean_deg)
    place_asset(name, key, asset, wrecked_finish(family.finish(vehicle), vehicle), matrix, actor_id=vehicle.actor_id)


def _ground_m(spec: SceneSpec, y_m: float) -> float:
    return spec.street.kerb_height_m if abs(y_m) > spec.street.road_half_width_m else 0.0


def _add_ego_beams(camera: Camera, seed: int) -> None:
    for side in (1, -1):
        where = np.array(
            [
                camera.x_m + _EGO_LAMP["ahead_m"] + 0.9,
                camera.y_m + side * _EGO_LAMP["apart_m"] / 2,
                _EGO_LAMP["height_m"],
            ]
        )
        add_beam(where, 0.0, HEAD_CD_M2, lamp_colour(seed), "ego")


def _aim(camera: Camera, resolution_wh: tuple[int, int]) -> None:
    """Set BlenderProc's intrinsics and pose; a Blender camera looks along its own -z."""
    import blenderproc as bproc
    from mathutils import Euler

    width, height = resolution_wh
    focal = 0.5 * width / np.tan(np.deg2rad(camera.hfov_deg) / 2)
    intrinsics = np.array([[focal, 0, (width - 1) / 2], [0, focal, (height - 1) / 2], [0, 0, 1]])
    bproc.camera.set_intrinsics_from_K_matrix(intrinsics, width, height, clip_start=0.1, clip_end=6000.0)
    tilt = Euler((np.deg2rad(90 + camera.pitch_deg), 0.0, np.deg2rad(camera.yaw_deg - 90)), "XYZ").to_matrix()
    roll = Euler((0.0, 0.0, np.deg2rad(-camera.roll_deg)), "XYZ").to_matrix()
    matrix = np.eye(4)
    matrix[:3, :3] = np.array(tilt @ roll)
    matrix[:3, 3] = (camera.x_m, camera.y_m, camera.z_m)
    bproc.camera.add_camera_pose(matrix)
