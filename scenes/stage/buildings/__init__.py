"""Houses, and what carries or covers a road, as arrays; no Blender in here."""
