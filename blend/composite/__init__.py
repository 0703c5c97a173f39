"""Compositing into real pictures: traced actors and real instances on the ground plane of a picture; never edits one."""
