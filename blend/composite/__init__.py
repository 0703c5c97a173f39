"""Compositing into real pictures: traced actors and real instances on a picture's ground plane; it stays as it is."""
