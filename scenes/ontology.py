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

STUFF = MappingProxyType(
    {
        name: number
        for number, name in enumerate(
            (
                "none",
                "sky",
                "road",
                "marking",
                "pavement",
                "kerb",
                "terrain",
                "vegetation",
                "water",
                "building",
                "wall",
                "fence",
                "pole",
                "sign",
                "signal",
                "bridge",
                "tunnel",
                "rail_track",
                "furniture",
                "debris",
                "other",
            )
        )
    }
)
"""Class of what is no actor to its id in stuff masks; ids are never reused, new classes go to the end.

none: pixels of actors. sky: with clouds, sun and moon. road: carriageway with repairs, tyre marks, covers and the
panels of crossings. marking: paint on it. pavement: what people walk on. kerb: edges of pavements and islands. terrain:
verges, lawns, fields, yards, earth. vegetation: trees, hedges, woods, plants. water: rivers, and puddles beside the
road. building: houses near and far, with what is fixed to them. wall: free-standing. fence: fences, hoardings, guard
rails, railings, barriers. pole: posts of lamps (with the lantern), signs, signals and wires, and the wires. sign:
plates of traffic signs. signal: heads of traffic, crossing and railway signals, and the barriers of crossings. bridge,
tunnel: without the road on or in them. rail_track: ballast, sleepers, rails. furniture: all else that stands along
streets, road works too. debris: what crashes left, lost loads, litter. other: what has no class, as scenery of the
user's script.
"""

STUFF_INDEX = 32_000
"""Object pass index of stuff: this plus the class; actors have their instance id, which is below."""

LIGHT_GROUPS = (
    "sky",
    "overcast",
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

`sun` is normalised to 1 lux on a plane that faces the sun, `sky` (clear, with scattered cloud) and `overcast` (a closed
cover) to 1 lux on open level ground; the lamps (street lamps, lit windows and shop signs, traffic signals, the ego's
dipped and its main beams, other headlights, tail and brake and reversing lamps, indicators, the left and the right half
of blue and amber beacons, which flash in turn, flames of burning vehicles and strokes of lightning) carry their nominal
photometry. All layers are linear Rec. 709 RGB in cd/m².
"""
