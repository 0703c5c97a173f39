"""The user's own assets in a Blender scene: loaded by BlenderProc, turned, scaled and checked, lit where they say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from scenes.errors import TraceError
from scenes.own import Catalogue, OwnAsset
from scenes.spec.vehicle import Vehicle
from scenes.stage.asset import Array, Asset, Beam, Piece
from scenes.stage.beams import add_lamp
from scenes.stage.lamps import HEAD_CD_M2, TRACE_GAIN, lamp_colour
from scenes.stage.mesh import MeshBuilder
from scenes.stage.place import material_of, place_asset
from scenes.stage.pose import pose
from scenes.stage.surface import Surface, surface

_TOLERANCE = 0.10
_LAMP_RADIUS_M = 0.06
_GLOW_CD_M2 = {"tail": 300.0, "brake": 2400.0, "indicator_left": 12_000.0, "indicator_right": 12_000.0}
_GROUP = {"tail": "tail", "brake": "tail", "indicator_left": "indicator", "indicator_right": "indicator"}
_RED, _AMBER = (1.0, 0.03, 0.012), (1.0, 0.33, 0.02)


def place_own(vehicle: Vehicle, catalogue: Catalogue | None) -> None:
    """Build a vehicle from the user's file.

    Raises:
        TraceError: the file is gone or changed, cannot be read, has no mesh, or is not as large as described.
    """
    if catalogue is None or vehicle.asset not in catalogue.assets:
        raise TraceError(
            f"own asset {vehicle.asset} is not in own.assets; give the folder that the scene was drawn with"
        )
    asset = catalogue.assets[vehicle.asset]
    matrix = pose(vehicle.x_m, vehicle.y_m, 0.0, vehicle.heading_deg)
    meshes, roots = _loaded(catalogue.folder / asset.file)
    fitted = _fitted(asset, _corners(meshes))
    for root in roots:
        root.matrix_world = Matrix((matrix @ fitted).tolist()) @ root.matrix_world
    for mesh in meshes:
        mesh.pass_index = vehicle.actor_id
        if not any(slot.material for slot in mesh.material_slots):
            mesh.data.materials.append(material_of(surface("plain", colour=vehicle.paint_rgb_linear, roughness=0.4)))
    _light(vehicle, asset, matrix)


def _loaded(path: Path) -> tuple[list[Any], list[Any]]:
    """Return the meshes of a file, and the objects that nothing is parent of."""
    import blenderproc as bproc

    before = set(bpy.data.objects)
    try:
        (bproc.loader.load_blend if path.suffix == ".blend" else bproc.loader.load_obj)(str(path))
    except Exception as broken:
        raise TraceError(f"own asset {path.name} cannot be read: {str(broken).strip().splitlines()[-1]}") from broken
    new = [item for item in bpy.data.objects if item not in before]
    for item in [item for item in new if item.type in ("LIGHT", "CAMERA")]:
        new.remove(item)
        bpy.data.objects.remove(item)
    meshes = [item for item in new if item.type == "MESH" and len(item.data.polygons)]
    if not meshes:
        raise TraceError(f"own asset {path.name} holds no mesh")
    bpy.context.view_layer.update()
    return meshes, [item for item in new if item.parent is None]


def _corners(meshes: Sequence[Any]) -> Array:
    points = [np.array(mesh.matrix_world) @ np.array([*corner, 1.0]) for mesh in meshes for corner in mesh.bound_box]
    return np.array(points)[:, :3]


def _fitted(asset: OwnAsset, corners: Array) -> Array:
    """Return the 4x4 matrix that turns, scales and sets down a mesh with these bounds."""
    front, up = _axis(asset.front), _axis(asset.up)
    turn = np.stack([front, np.cross(up, front), up])
    low, high = (corners @ turn.T).min(axis=0), (corners @ turn.T).max(axis=0)
    size = high - low
    scale = asset.size_m[0] / max(float(size[0]), 1e-9)
    for got, wanted, word in zip(scale * size[1:], asset.size_m[1:], ("width", "height"), strict=True):
        if abs(got / wanted - 1) > _TOLERANCE:
            raise TraceError(
                f"own asset {asset.file}: at a length of {asset.size_m[0]:g} m its {word} is {got:.2f} m, not "
                f"{wanted:g} m; check size_m, front and up in assets.yaml"
            )
    matrix = np.eye(4)
    matrix[:3, :3] = scale * turn
    matrix[:3, 3] = -scale * np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    return matrix


def _axis(name: str) -> Array:
    vector = np.zeros(3)
    vector["xyz".index(name[1])] = 1.0 if name[0] == "+" else -1.0
    return vector


def _light(vehicle: Vehicle, asset: OwnAsset, matrix: Array) -> None:
    """Light the lamps that the spec burns, where the description puts them."""
    for lamp, places in asset.lamps.items():
        if lamp not in vehicle.lamps or (lamp == "tail" and "brake" in vehicle.lamps):
            continue
        for place in places:
            if lamp == "head":
                rgb = lamp_colour(vehicle.seed)
                add_lamp(Beam(where_m=place, candela=HEAD_CD_M2, rgb=rgb, light_group="head"), matrix)
            else:
                _disc(vehicle, lamp, np.asarray(place, dtype=np.float64), matrix)


def _disc(vehicle: Vehicle, lamp: str, where: Array, matrix: Array) -> None:
    builder, group = MeshBuilder(), _GROUP[lamp]
    angles = np.linspace(0, 2 * np.pi, 13)[:-1] * np.sign(where[0] or 1)
    ring = np.stack([0 * angles, np.cos(angles), np.sin(angles)], axis=-1) * _LAMP_RADIUS_M
    builder.add(where + ring, [tuple(range(12))])
    colour = _RED if group == "tail" else _AMBER
    glow: Surface = surface("emission", colour=colour, luminance_cd_m2=_GLOW_CD_M2[lamp] * TRACE_GAIN[group], narrow=2)
    asset = Asset(pieces=(Piece(solid=builder.solid(lamp, ("glow",), light_group=group)),))
    key = f"own lamp {vehicle.actor_id} {lamp} {where.tolist()}"
    place_asset(lamp, key, asset, {"glow": glow}, matrix, actor_id=vehicle.actor_id)
