"""The whole picture: reads a `SceneSpec` and fills the current, empty Blender scene with it."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial

import numpy as np
import shapely

from scenes.haulage import rope_ends_m, roped
from scenes.own import Placed
from scenes.sight import clearings
from scenes.spec.living import Person
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Vehicle
from scenes.spec.view import Camera
from scenes.stage.animals import animal
from scenes.stage.asset import Array
from scenes.stage.beams import add_beam
from scenes.stage.carrier import build_carrier
from scenes.stage.lamps import HEAD_CD_M2, HIGH_BEAM_CD, lamp_colour
from scenes.stage.library import Library
from scenes.stage.mounts.seat import Seat, seats
from scenes.stage.own import cc_textures
from scenes.stage.own.own_asset import place_own
from scenes.stage.own.script import run
from scenes.stage.people import person as human
from scenes.stage.place import place_asset
from scenes.stage.pose import lean, lifted, pose, tipped
from scenes.stage.rolling import rolling
from scenes.stage.rope import ROPE_FINISH, rope
from scenes.stage.site.ground import build_road
from scenes.stage.site.lining import build_street
from scenes.stage.site.polygons import Ground, has_kerbs
from scenes.stage.sky import add_bolt, add_overcast, add_sky, add_sun
from scenes.stage.vehicle import FAMILIES, model_of, parameters
from scenes.stage.wrecks.debris import build_debris
from scenes.stage.wrecks.flames import flames, flames_finish
from scenes.stage.wrecks.spill import build_spills
from scenes.stage.wrecks.wreck import wrecked_finish
from scenes.station import stand_of

_MAIN_BEAM_INWARD_M = 0.12
_POST_M = 0.9


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
    ground = build_road(spec)
    camera = spec.cameras[view]
    post = (camera.x_m, camera.y_m, _POST_M) if camera.station == "pole" else None
    build_street(spec, ground, library, post_m=post, treeless_m=clearings(camera))
    if library.cc_textures:
        cc_textures.lay(library.cc_textures, spec)
    add_actors(spec, library, ground=ground)
    build_spills(spec, ground)
    add_sky(spec.sun, spec.seed % 2**32)
    add_overcast()
    add_sun(spec.sun)
    if spec.bolt_azimuth_deg is not None:
        add_bolt(spec.bolt_azimuth_deg, spec.seed % 2**32)
    add_camera(spec, view, resolution_wh)
    build_carrier(camera, spec.seed, library)
    return run(library.script, spec) if library.script else ()


def add_actors(spec: SceneSpec, library: Library, *, ground: Ground | None = None) -> None:
    """Build everybody and everything that the spec lists.

    Args:
        spec: the scene.
        library: where meshes are kept.
        ground: pavements, which people stand on; all is level where there is none.
    """
    mounts = {vehicle.actor_id: vehicle for vehicle in spec.vehicles}
    for vehicle in spec.vehicles:
        build_vehicle(
            vehicle, library, level_m=_level_m(spec, ground, vehicle.x_m, vehicle.y_m) if vehicle.crash else 0.0
        )
        if vehicle.carried_by is not None and roped(vehicle):
            hauler = mounts[vehicle.carried_by]
            asset = rope(*rope_ends_m(hauler, vehicle))
            place_asset("rope", f"rope of {vehicle.actor_id}", asset, ROPE_FINISH, np.eye(4))
    for person in spec.people:
        if person.mount is None:
            level = _level_m(spec, ground, person.x_m, person.y_m) + person.raised_m
            _build_person(person, library, pose(person.x_m, person.y_m, level, person.heading_deg), None)
        else:
            mount = mounts[person.mount]
            _build_person(person, library, _matrix(mount), seats(mount)[person.seat])
    for creature in spec.animals:
        shape = "standing" if creature.pose == "lying" else creature.pose
        parameters: dict[str, object] = {"kind": creature.kind, "height_m": creature.height_m, "pose": shape}
        parameters |= {"seed": creature.seed, "stride": creature.stride}
        key, asset = library.meshes.get(creature.kind, parameters, partial(animal.geometry, creature))
        level = _level_m(spec, ground, creature.x_m, creature.y_m) + creature.raised_m
        matrix = pose(creature.x_m, creature.y_m, level, creature.heading_deg)
        if creature.pose == "lying":
            matrix = matrix @ tipped(asset, 90.0 if creature.seed % 2 else -90.0, creature.height_m)
        place_asset(creature.kind, key, asset, animal.finish(creature), matrix, actor_id=creature.actor_id)
    build_debris(spec)


def _build_person(person: Person, library: Library, matrix: Array, seat: Seat | None) -> None:
    where = {"actor_id", "x_m", "y_m", "heading_deg", "mount", "seat", "velocity_mps", "raised_m", "crash", "track"}
    told = {name: value for name, value in asdict(person).items() if name not in where}
    told["sits"] = asdict(seat) if seat else None
    key, asset = library.meshes.get("person", told, lambda: human.geometry(person, library.people, seat))
    place_asset(f"person{person.actor_id}", key, asset, human.finish(person), matrix, actor_id=person.actor_id)


def _level_m(spec: SceneSpec, ground: Ground | None, x_m: float, y_m: float) -> float:
    """Return how high the ground is: the kerb's height on pavements."""
    if ground is None or shapely.contains_xy(ground.carriageway, x_m, y_m):
        return 0.0
    return spec.street.kerb_height_m if has_kerbs(spec.street) else 0.0


def add_camera(spec: SceneSpec, view: int, resolution_wh: tuple[int, int]) -> None:
    """Aim the camera of a view, and light the headlights of what carries it."""
    _add_ego_beams(spec.cameras[view], spec.seed)
    _aim(spec.cameras[view], resolution_wh)


def build_vehicle(vehicle: Vehicle, library: Library, *, level_m: float = 0.0) -> None:
    """Build one vehicle by its kind; vehicles of one model and damage share meshes.

    Args:
        vehicle: what to build.
        library: where meshes are kept.
        level_m: of the ground that it stands on: a crash may end on a pavement.
    """
    if vehicle.asset:
        place_own(vehicle, library.own)
        return
    family = FAMILIES[vehicle.kind]
    high = "high_beam" in vehicle.lamps
    shaped = replace(vehicle, lamps=("high_beam" if high else "head",))  # which lamps burn is finish, but for the beam
    key, asset = library.meshes.get(vehicle.kind, parameters(shaped), lambda: model_of(shaped))
    asset = rolling(asset, vehicle.rolled_m)
    matrix = _matrix(vehicle, level_m)
    if vehicle.tipped_deg:
        matrix = matrix @ tipped(asset, vehicle.tipped_deg, vehicle.height_m)
    place_asset(
        f"{vehicle.kind}{vehicle.actor_id}",
        key,
        asset,
        wrecked_finish(family.finish(vehicle), vehicle),
        matrix,
        actor_id=vehicle.actor_id,
        lit=high or "head" in vehicle.lamps,
    )
    fire = flames(vehicle)
    if fire:
        name = f"flames of {vehicle.kind}{vehicle.actor_id}"
        place_asset(name, name, fire, flames_finish(vehicle), _matrix(vehicle, level_m))


def _matrix(vehicle: Vehicle, level_m: float = 0.0) -> Array:
    here = pose(vehicle.x_m, vehicle.y_m, level_m + vehicle.raised_m, vehicle.heading_deg)
    return here @ (lifted(vehicle.lifted_deg) if vehicle.lifted_deg else lean(vehicle.lean_deg))


def _add_ego_beams(camera: Camera, seed: int) -> None:
    for ahead, left, height in stand_of(camera).lamps_m:
        where = np.array([camera.x_m + ahead, camera.y_m + left, height])
        add_beam(where, 0.0, HEAD_CD_M2, lamp_colour(seed), "ego")
        inward = np.array([0.0, -np.sign(left) * _MAIN_BEAM_INWARD_M, 0.0])
        add_beam(where + inward, 0.0, HIGH_BEAM_CD, lamp_colour(seed), "ego_high", high=True)


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
