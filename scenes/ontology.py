"""The words that every stage shares: classes, vehicle kinds and light groups."""

from __future__ import annotations

from types import MappingProxyType

CATEGORIES = MappingProxyType(
    {"car": 1, "truck": 2, "bus": 3, "motorcycle": 4, "bicycle": 5, "three_wheeler": 6, "person": 7}
)
"""Class name to COCO category id; ids are never reused."""

KIND_CATEGORY = MappingProxyType(
    {"sedan": "car", "hatchback": "car", "estate": "car", "suv": "car", "van": "car", "truck": "truck", "bus": "bus"}
)
"""Kind of vehicle that the stage can build, to its class."""

LIGHT_GROUPS = ("sky", "sun", "street", "windows", "ego", "head", "tail")
"""Layers of a radiance bundle.

`sun` is normalised to 1 lux on a plane that faces the sun, `sky` to 1 lux on open level ground; the lamps
(street lamps, lit windows, ego headlights, other headlights, tail and brake lamps) carry their nominal
photometry. All layers are linear Rec. 709 RGB in cd/m².
"""
