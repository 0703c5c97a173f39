"""Buses, coaches, rigid and articulated trucks as arrays; no Blender in here."""
