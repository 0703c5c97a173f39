"""How Blender builds a `SceneSpec`: the only part of `scenes` that may import bpy or blenderproc."""
