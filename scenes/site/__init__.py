"""Places as plans: lanes, walks, markings and furniture of every kind of place; pure, with no idea of Blender."""
