"""What Blender knows and labels need: the rendered meshes of every actor, and the camera."""

from __future__ import annotations

from typing import Any

import numpy as np

from render.silhouette import Mesh, View


def actor_meshes(depsgraph: Any) -> dict[int, Mesh]:
    """Collect the evaluated geometry of every object that carries an instance id.

    Args:
        depsgraph: an evaluated one, best the one that is being rendered.

    Returns:
        Instance id to one mesh in world coordinates, all of the actor's objects joined.
    """
    parts: dict[int, list[Mesh]] = {}
    for instance in depsgraph.object_instances:
        evaluated = instance.object
        if evaluated.pass_index > 0 and evaluated.type == "MESH" and not evaluated.hide_render:
            mesh = _world_mesh(evaluated, np.array(instance.matrix_world, dtype=np.float64))
            parts.setdefault(evaluated.pass_index, []).append(mesh)
    return {actor: Mesh.joined(meshes) for actor, meshes in sorted(parts.items())}


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


def _world_mesh(evaluated: Any, matrix_world: Any) -> Mesh:
    mesh = evaluated.to_mesh()
    try:
        vertices = np.empty(len(mesh.vertices) * 3, dtype=np.float32)
        mesh.vertices.foreach_get("co", vertices)
        mesh.calc_loop_triangles()
        triangles = np.empty(len(mesh.loop_triangles) * 3, dtype=np.int32)
        mesh.loop_triangles.foreach_get("vertices", triangles)
    finally:
        evaluated.to_mesh_clear()
    points = vertices.reshape(-1, 3).astype(np.float64)
    return Mesh(
        vertices_m=points @ matrix_world[:3, :3].T + matrix_world[:3, 3],
        triangles=triangles.reshape(-1, 3).astype(np.int64),
    )
