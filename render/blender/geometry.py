"""What Blender knows and labels need: the rendered meshes of every actor, their keypoints, and the camera."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from render.blender.passes import OPAQUE_FROM
from render.silhouette import DAMAGED, Mesh, View
from scenes.ontology import STUFF_INDEX
from scenes.stage.asset import KEYPOINTS
from scenes.stage.surface import PASSES
from scenes.stage.wrecks.debris import PIECE


class _Local(NamedTuple):
    """A mesh in its own frame, with the part and the material slot of each triangle."""

    vertices_m: npt.NDArray[np.float64]
    triangles: npt.NDArray[np.int64]
    parts: npt.NDArray[np.uint8]
    slots: npt.NDArray[np.int32]


def actor_meshes(depsgraph: Any) -> dict[int, Mesh]:
    """Collect the evaluated geometry of every object that carries an instance id.

    A triangle is clear if a ray that meets it head-on keeps more than 1 - OPAQUE_FROM of its light, as the material's
    recipe says (`scenes.stage.surface.PASSES`); what tells nothing, as a user's own material, is not.

    Args:
        depsgraph: an evaluated one, best the one that is being rendered.

    Returns:
        Instance id to one mesh in world coordinates, all of the actor's objects joined.
    """
    found: dict[int, list[Mesh]] = {}
    read: dict[int, _Local] = {}
    for evaluated, matrix_world in _actors(depsgraph):
        shared = evaluated.data.as_pointer()
        if shared not in read:
            read[shared] = _local(evaluated)
        materials = [slot.material for slot in evaluated.material_slots]
        found.setdefault(evaluated.pass_index, []).append(_placed(read[shared], materials, matrix_world))
    return {actor: Mesh.joined(meshes) for actor, meshes in sorted(found.items())}


def actor_keypoints(depsgraph: Any) -> dict[int, dict[str, tuple[float, float, float]]]:
    """Collect the keypoints that the stage gave its actors.

    Args:
        depsgraph: as for `actor_meshes`.

    Returns:
        Instance id to name to xyz in world coordinates; actors without keypoints are left out.
    """
    found: dict[int, dict[str, tuple[float, float, float]]] = {}
    for evaluated, matrix_world in _actors(depsgraph):
        for name, where in json.loads(evaluated.get(KEYPOINTS, "{}")).items():
            x, y, z, _ = (float(value) for value in matrix_world @ np.array([*where, 1.0]))
            found.setdefault(evaluated.pass_index, {})[name] = (x, y, z)
    return dict(sorted(found.items()))


def debris_places(depsgraph: Any) -> dict[int, tuple[float, float, float]]:
    """Collect where the pieces of debris have come to lie: number in the spec to the middle, world xyz."""
    found: dict[int, tuple[float, float, float]] = {}
    for instance in depsgraph.object_instances:
        number = instance.object.get(PIECE)
        if number is not None:
            corners = np.array(instance.object.bound_box, dtype=np.float64)
            matrix = np.array(instance.matrix_world, dtype=np.float64)
            x, y, z = (float(value) for value in matrix[:3, :3] @ corners.mean(axis=0) + matrix[:3, 3])
            found[int(number)] = (x, y, z)
    return dict(sorted(found.items()))


def view_of_camera() -> View:
    """Read the active camera as an OpenCV pinhole."""
    import blenderproc as bproc
    import bpy

    render = bpy.context.scene.render
    blender_to_cv = np.diag([1.0, -1.0, -1.0, 1.0])
    camera_to_world = np.array(bpy.context.scene.camera.matrix_world, dtype=np.float64) @ blender_to_cv
    return View(
        K=np.array(bproc.camera.get_intrinsics_as_K_matrix(), dtype=np.float64),
        world_to_camera=np.asarray(np.linalg.inv(camera_to_world), dtype=np.float64),
        resolution_wh=(render.resolution_x, render.resolution_y),
    )


def _actors(depsgraph: Any) -> Iterator[tuple[Any, npt.NDArray[np.float64]]]:
    """Yield each rendered mesh object that is an actor's, and its world matrix."""
    for instance in depsgraph.object_instances:
        evaluated = instance.object
        if 0 < evaluated.pass_index < STUFF_INDEX and evaluated.type == "MESH" and not evaluated.hide_render:
            yield evaluated, np.array(instance.matrix_world, dtype=np.float64)


def _local(evaluated: Any) -> _Local:
    mesh = evaluated.to_mesh()
    try:
        vertices = np.empty(len(mesh.vertices) * 3, dtype=np.float32)
        mesh.vertices.foreach_get("co", vertices)
        mesh.calc_loop_triangles()
        triangles = np.empty(len(mesh.loop_triangles) * 3, dtype=np.int32)
        mesh.loop_triangles.foreach_get("vertices", triangles)
        face = np.empty(len(mesh.loop_triangles), dtype=np.int32)
        mesh.loop_triangle_polygons.foreach_get("value", face)
        damaged = np.where(_of_faces(mesh, "damaged", "BOOLEAN", np.bool_), np.uint8(DAMAGED), np.uint8(0))
        return _Local(
            vertices_m=vertices.reshape(-1, 3).astype(np.float64),
            triangles=triangles.reshape(-1, 3).astype(np.int64),
            parts=(_of_faces(mesh, "part", "INT", np.int32).astype(np.uint8) | damaged)[face],
            slots=_of_faces(mesh, "material_index", "INT", np.int32)[face],
        )
    finally:
        evaluated.to_mesh_clear()


def _placed(local: _Local, materials: list[Any], matrix_world: npt.NDArray[np.float64]) -> Mesh:
    passes = [float(material.get(PASSES, 0.0)) if material else 0.0 for material in materials] or [0.0]
    return Mesh(
        vertices_m=local.vertices_m @ matrix_world[:3, :3].T + matrix_world[:3, 3],
        triangles=local.triangles,
        parts=local.parts,
        clear=(np.array(passes) > 1 - OPAQUE_FROM)[np.minimum(local.slots, len(passes) - 1)],
    )


def _of_faces(mesh: Any, name: str, kind: str, dtype: type[np.generic]) -> npt.NDArray[Any]:
    """Return an attribute of each face, zeros if the mesh has none of that name and kind."""
    values = np.zeros(len(mesh.polygons), dtype=dtype)
    attribute = mesh.attributes.get(name)
    if attribute is not None and (attribute.domain, attribute.data_type) == ("FACE", kind):
        attribute.data.foreach_get("value", values)
    return values
