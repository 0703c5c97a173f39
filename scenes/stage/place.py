"""Assets in a Blender scene: meshes that are shared, materials that are made once, objects, and lamps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from scenes.errors import InputError
from scenes.ontology import STUFF, STUFF_INDEX
from scenes.stage.asset import KEYPOINTS, Array, Asset, Finish, Solid
from scenes.stage.beams import add_lamp
from scenes.stage.materials.recipes import RECIPES
from scenes.stage.surface import Surface


def place_asset(
    name: str,
    key: str,
    asset: Asset,
    finish: Finish,
    matrix: Array,
    *,
    actor_id: int = 0,
    stuff: str = "other",
    lit: bool = True,
) -> list[Any]:
    """Put an asset into the scene; a second asset of the same key shares its meshes.

    Args:
        name: for the objects.
        key: names the geometry: equal keys are equal assets.
        asset: what to place.
        finish: slot to surface; must cover every slot.
        matrix: (4, 4) asset to world.
        actor_id: instance id, 0 for stuff.
        stuff: class of `scenes.ontology.STUFF` of what is no actor; a solid's own goes first.
        lit: whether its beams burn.

    Returns:
        The objects.

    Raises:
        InputError: the finish leaves out a slot.
    """
    missing = asset.slot_names - set(finish)
    if missing:
        raise InputError(f"finish of {name}", "must name a surface for every slot", got=", ".join(sorted(missing)))
    made = []
    for number, piece in enumerate(asset.pieces):
        surfaces = [material_of(finish[slot]) for slot in piece.solid.slot_names]
        mesh = bpy.data.meshes.get(f"{key}/{number}") or mesh_of(piece.solid, surfaces, name=f"{key}/{number}")
        for local in piece.matrices:
            item = place_mesh(
                f"{name} {piece.solid.name}",
                mesh,
                matrix=matrix @ local,
                actor_id=actor_id,
                stuff=piece.solid.stuff or stuff,
                light_group=piece.solid.light_group,
            )
            _own_materials(item, surfaces)
            made.append(item)
    if made and asset.keypoints:
        made[0][KEYPOINTS] = _keypoints(asset)
    for beam in asset.beams if lit else ():
        add_lamp(beam, matrix)
    return made


def _keypoints(asset: Asset) -> str:
    to_object = np.linalg.inv(asset.pieces[0].matrices[0])
    moved = {point.name: to_object @ np.array([*point.where_m, 1.0]) for point in asset.keypoints}
    return json.dumps({name: where[:3].tolist() for name, where in moved.items()})


def material_of(surface: Surface) -> Any:
    """Return the Blender material of a surface, made on first use.

    Raises:
        InputError: no such recipe.
    """
    made = bpy.data.materials.get(surface.key)
    if made is None:
        if surface.recipe not in RECIPES:
            raise InputError("surface.recipe", f"must be one of {', '.join(sorted(RECIPES))}", got=surface.recipe)
        made = RECIPES[surface.recipe](surface.key, **dict(surface.values))
    return made


def mesh_of(solid: Solid, materials: Sequence[Any], *, name: str | None = None) -> Any:
    """Return a Blender mesh with the face attributes `tint`, `part` and, if some faces are, `damaged`."""
    mesh = bpy.data.meshes.new(name or solid.name)
    mesh.vertices.add(len(solid.vertices))
    mesh.vertices.foreach_set("co", solid.vertices.ravel())
    mesh.loops.add(len(solid.loops))
    mesh.loops.foreach_set("vertex_index", solid.loops)
    mesh.polygons.add(len(solid.sizes))
    mesh.polygons.foreach_set("loop_start", (np.cumsum(solid.sizes) - solid.sizes).astype(np.int32))
    for material in materials:
        mesh.materials.append(material)
    mesh.polygons.foreach_set("material_index", solid.slots.astype(np.int32))
    mesh.uv_layers.new(name="UVMap").data.foreach_set("uv", solid.uvs[solid.loops].ravel())
    mesh.attributes.new("tint", "FLOAT_COLOR", "FACE").data.foreach_set("color", solid.tints.ravel())
    mesh.attributes.new("part", "INT", "FACE").data.foreach_set("value", solid.parts.astype(np.int32))
    if solid.damaged is not None:
        mesh.attributes.new("damaged", "BOOLEAN", "FACE").data.foreach_set("value", solid.damaged)
    mesh.update(calc_edges=True)
    mesh.validate()
    mesh.polygons.foreach_set("use_smooth", np.full(len(mesh.polygons), solid.smooth))
    if solid.smooth and solid.crease_deg < 180:
        mesh.set_sharp_from_angle(angle=np.deg2rad(solid.crease_deg))
    return mesh


def place_mesh(
    name: str,
    mesh: Any,
    *,
    matrix: Array | None = None,
    actor_id: int = 0,
    stuff: str = "other",
    light_group: str = "",
    properties: Mapping[str, Any] | None = None,
) -> Any:
    """Link an object that shows a mesh at a 4x4 world matrix; its pass index is the actor's id or else its stuff's."""
    made = bpy.data.objects.new(name, mesh)
    made.pass_index = actor_id or STUFF_INDEX + STUFF[stuff]
    made.lightgroup = light_group
    for key, value in (properties or {}).items():
        made[key] = value
    if matrix is not None:
        made.matrix_world = Matrix(np.asarray(matrix).tolist())
    bpy.context.scene.collection.objects.link(made)
    return made


def _own_materials(item: Any, surfaces: Sequence[Any]) -> None:
    for slot, surface in zip(item.material_slots, surfaces, strict=True):
        if slot.material != surface:
            slot.link = "OBJECT"
            slot.material = surface
