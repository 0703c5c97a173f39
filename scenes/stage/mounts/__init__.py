"""Motorcycles, scooters, bicycles and three-wheelers as arrays, and where their riders sit; no Blender in here."""
