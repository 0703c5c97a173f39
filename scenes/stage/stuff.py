"""What lines a street, by class: each family's class of stuff, and the solids and slots of it that are another's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from scenes.stage.asset import Asset, Piece, Solid


@dataclass(frozen=True, kw_only=True)
class Classes:
    """Classes of one family's faces: by the slot that they show, else by their solid's name, else the family's own."""

    own: str
    solids: Mapping[str, str] = field(default_factory=dict)
    slots: Mapping[str, str] = field(default_factory=dict)


_ON_POST = {"galvanised": "pole", "concrete": "pole"}
_SIGN, _SIGNAL = Classes(own="sign", slots=_ON_POST), Classes(own="signal", slots=_ON_POST)
_FURNITURE = Classes(own="furniture", slots={"plant": "vegetation", "soil": "terrain"})
_PLASTICS = ("red", "blue", "yellow", "green", "orange", "sky", "black", "white")
_TOYS = MappingProxyType({f"plastic_{name}": "furniture" for name in _PLASTICS})
_ALIKE = MappingProxyType(
    {
        "pole": ("lamp", "wires", "utility_pole", "delineator_post", "kilometre_post"),
        "road": ("drain_gully", "manhole_cover", "trench_plates"),
        "fence": (
            *("guard_rail", "guard_rail_end", "concrete_barrier", "crash_cushion", "pedestrian_railing"),
            *("fence_picket", "fence_chain_link", "fence_steel", "site_fence", "hoarding", "hoarding_car"),
        ),
        "wall": ("wall_low_brick",),
        "debris": ("litter",),
        "terrain": ("terrain", "sand_heap"),
        "tunnel": ("tunnel_lamp",),
    }
)
_FAMILIES: Mapping[str, Classes] = MappingProxyType(
    {
        **{name: Classes(own=own) for own, names in _ALIKE.items() for name in names},
        **dict.fromkeys(("sign_warning", "sign_order", "sign_info", "sign_direction", "sign_street_name"), _SIGN),
        **dict.fromkeys(("sign_stop", "give_way", "chevron_board"), _SIGN),
        **dict.fromkeys(("traffic_signal", "signal_gantry", "level_crossing_lights", "railway_signal"), _SIGNAL),
        **dict.fromkeys(("mirror_front", "mirror_hall"), Classes(own="building")),
        "traffic_mirror": Classes(own="furniture", slots=_ON_POST),
        "doll_window": Classes(own="building"),
        "toy_window": Classes(own="building", slots=_TOYS),
        "roadside_puddle": Classes(own="water", slots={"mud": "terrain"}),
        "level_crossing_barrier": Classes(own="signal"),
        "tunnel": Classes(own="tunnel", slots={"kerb": "kerb"}),
        "portal": Classes(own="tunnel", slots={"earth": "terrain"}),
        "bridge": Classes(own="bridge", slots={"joint": "road", "steel_worn": "road"}),
        "railway_track": Classes(own="rail_track", slots={"panel": "road", "apron": "road"}),
        "far world": Classes(
            own="building",
            solids={"horizon": "terrain", "tree line": "vegetation", "pylon": "pole", "wires": "pole"},
        ),
        "background": Classes(own="building", slots={"wood": "vegetation"}),
        "house": Classes(own="building", slots={"plant": "vegetation"}),
        "tree": Classes(own="vegetation"),
    }
)


def classes_of(family: str) -> Classes:
    """Return a family's classes, by its full name ("far world") or first word ("tree oak"); else it is furniture."""
    return _FAMILIES.get(family) or _FAMILIES.get(family.partition(" ")[0]) or _FURNITURE


def classed(asset: Asset, family: str) -> Asset:
    """Return the asset with every solid in one class of stuff; what holds several is split."""
    classes = classes_of(family)
    pieces = []
    for piece in asset.pieces:
        own = classes.solids.get(piece.solid.name, classes.own)
        of_slot = [classes.slots.get(slot, own) for slot in piece.solid.slot_names]
        pieces += [Piece(solid=solid, matrices=piece.matrices) for solid in by_class(piece.solid, of_slot)]
    return replace(asset, pieces=tuple(pieces))


def by_class(solid: Solid, of_slot: Sequence[str]) -> list[Solid]:
    """Return a solid in one piece for each class, given the class of each of its slots."""
    made = []
    for stuff in dict.fromkeys(of_slot):
        mine = np.flatnonzero([other == stuff for other in of_slot])
        if (part := solid.kept(np.isin(solid.slots, mine))) is not None:
            made.append(replace(part, stuff=stuff))
    return made
