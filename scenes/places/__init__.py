"""Places as plans: where lanes, kerbs, pavements and all that lines a road lie; pure, with no idea of Blender."""
