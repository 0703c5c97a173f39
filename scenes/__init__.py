"""What is in a picture, as data; imports nothing of the other packages and, outside `scenes.stage`, no Blender."""
