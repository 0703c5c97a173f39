"""Places in Blender: the ground of a plan, its paint, and what lines it."""
