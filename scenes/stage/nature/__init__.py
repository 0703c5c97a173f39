"""Trees, hedges, ground cover, hills and the far world as arrays; no Blender in here."""
