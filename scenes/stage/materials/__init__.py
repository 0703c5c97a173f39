"""Material recipes as Cycles node trees; imports bpy, and nothing of the stage but this package."""
