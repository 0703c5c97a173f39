"""The Blender side of rendering: the only part of `render` that may import bpy or blenderproc."""
