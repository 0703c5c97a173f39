"""ambientCG's surfaces, where BlenderProc has downloaded them: asphalt on the road, paving on the pavement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
import numpy as np

from scenes.errors import TraceError
from scenes.spec.scene import SceneSpec

_WANTED = {"road": "Asphalt", "pavement": "PavingStones"}
_TILE_M = 2.5


def lay(folder: Path, spec: SceneSpec) -> None:
    """Replace the surfaces of road and pavement by ones from the folder, drawn by the street's seed.

    Raises:
        TraceError: the folder holds none of the kind.
    """
    import blenderproc as bproc

    rng = np.random.default_rng([spec.street.seed, 71])
    for name, kind in _WANTED.items():
        target = bpy.data.objects.get(name)
        if target is None:
            continue
        choices = sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name.startswith(kind))
        if not choices:
            raise TraceError(f"own.cc_textures: {folder} holds no {kind} materials; get them with blenderproc download")
        chosen = choices[int(rng.integers(len(choices)))]
        loaded = bproc.loader.load_ccmaterials(str(folder), used_assets=[chosen])
        if not loaded:
            raise TraceError(f"own.cc_textures: {folder / chosen} cannot be used")
        material = loaded[0].blender_obj
        _in_world_space(material)
        target.data.materials[0] = material


def _in_world_space(material: Any) -> None:
    """Map a material's pictures by place in the world, since our ground has no UVs."""
    tree = material.node_tree
    place = tree.nodes.new("ShaderNodeNewGeometry").outputs["Position"]
    scaled = tree.nodes.new("ShaderNodeMapping")
    scaled.inputs["Scale"].default_value = (1 / _TILE_M,) * 3
    tree.links.new(place, scaled.inputs["Vector"])
    for node in [node for node in tree.nodes if node.bl_idname == "ShaderNodeTexImage"]:
        tree.links.new(scaled.outputs["Vector"], node.inputs["Vector"])
