"""The user's own assets, scene scripts and textures in a Blender scene."""
