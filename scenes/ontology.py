"""The words that every stage shares: classes, vehicle kinds and light groups."""

from __future__ import annotations

from types import MappingProxyType

CATEGORIES = MappingProxyType(
    {
        "car": 1,
        "truck": 2,
        "bus": 3,
        "motorcycle": 4,
        "bicycle": 5,
        "three_wheeler": 6,
        "person": 7,
        "animal": 8,
    }
)
"""Class name to COCO category id; ids are never reused."""

KIND_CATEGORY = MappingProxyType(
    {
        "sedan": "car",
        "hatchback": "car",
        "estate": "car",
        "suv": "car",
        "pickup": "truck",
        "van": "car",
        "minibus": "bus",
        "truck": "truck",
        "articulated_truck": "truck",
        "bus": "bus",
        "coach": "bus",
        "motorcycle": "motorcycle",
        "scooter": "motorcycle",
        "bicycle": "bicycle",
        "three_wheeler": "three_wheeler",
    }
)
"""Kind of vehicle that the stage can build, to its class; pickups are trucks and minibuses buses, as in COCO."""

PARTS = MappingProxyType(
    {
        name: number
        for number, name in enumerate(
            (
                "none",
                "body",
                "bonnet",
                "boot",
                "door",
                "roof",
                "bumper",
                "wheel",
                "headlamp",
                "tail_lamp",
                "indicator",
                "glass",
                "mirror",
                "plate",
                "grille",
                "light_bar",
                "load",
                "interior",
                "frame",
                "seat",
                "handlebar",
                "airbag",
                "chassis",
                "trailer",
                "head",
                "torso",
                "arm",
                "hand",
                "leg",
                "foot",
                "hair",
                "headwear",
                "carried",
            )
        )
    }
)
"""Name of a part of an actor to the id in part masks; ids are never reused, new parts go to the end."""

LIGHT_GROUPS = (
    "sky",
    "sun",
    "street",
    "windows",
    "signal",
    "ego",
    "ego_high",
    "head",
    "tail",
    "indicator",
    "emergency",
    "emergency_alternate",
    "fire",
)
"""Layers of a radiance bundle.

`sun` is normalised to 1 lux on a plane that faces the sun, `sky` to 1 lux on open level ground; the lamps
(street lamps, lit windows and shop signs, traffic signals, the ego's dipped and its main beams, other headlights, tail
and brake and reversing lamps, indicators, the left and the right half of blue and amber beacons, which flash in turn,
flames of burning vehicles) carry their nominal photometry. All layers are linear
Rec. 709 RGB in cd/m².
"""
