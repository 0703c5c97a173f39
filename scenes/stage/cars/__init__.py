"""Passenger cars, pickups, vans and minibuses as arrays; no Blender in here."""
