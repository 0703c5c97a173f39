"""Dressed and posed people from the people pack, as arrays; no Blender in here."""
