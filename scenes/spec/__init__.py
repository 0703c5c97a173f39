"""A scene as data: frozen, seeded and JSON-serialisable, with no idea of Blender.

World frame: right-handed, metres, x along the road in the ego's direction of travel, y to its left, z up,
origin on the road surface where the street's centre line (y = 0) passes the ego's front axle (x = 0); traffic keeps to
the right, so that the ego's lane has y < 0. Headings are degrees counter-clockwise from +x.
A vehicle's own frame has x forward, y left, z up, and its origin on the ground below the body's centre.
"""
