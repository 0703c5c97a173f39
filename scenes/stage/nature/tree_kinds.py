"""The kinds of trees: sizes, crowns, leaves and bark.

Sizes are those of street and park trees rather than of forests: heights and crown widths after Pauleit et al. 2002,
"Tree establishment practice in towns and cities", and the UK Forestry Commission's species notes; trunks at breast
height about 1/30 of the height; a clear stem of 2.5 m and more where traffic passes. Leaf albedos are green-to-yellow
reflectances of fresh leaves (Jacquemoud & Baret 1990, PROSPECT), 0.04 to 0.12 in the visible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from scenes.stage.nature.leaves import Leaf

Colour = tuple[float, float, float]
Profile = tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class Tree:
    """A kind of tree.

    Args:
        height_m: typical range.
        crown_radius_m: largest, for a tree in the middle of that range; its footprint.
        stem_share: share of the height below the crown.
        profile: (share of the crown's height, share of its radius), from its foot up.
        leaf: shape of its leaves.
        leaf_rgb, autumn_rgb, bark_rgb: linear albedos.
        bark: how it looks.
        growth: how it branches.
        balance: see `branching.reach`; high for boughs that go straight up.
        lobes: 0 smooth crown, 1 deep gaps between boughs.
        weep: how far twigs hang.
        goals, sprays: how many twigs the boughs reach for, and how many bear leaves.
        twig_m: length of the twigs that bear leaves.
        evergreen: keeps its leaves.
        girth: trunk's diameter at breast height over its height.
        stake: whether it is held by stakes.
    """

    height_m: tuple[float, float]
    crown_radius_m: float
    stem_share: float = 0.25
    profile: Profile
    leaf: Leaf
    leaf_rgb: Colour
    autumn_rgb: Colour
    bark_rgb: Colour
    bark: Literal["furrowed", "flaking", "white", "ringed"] = "furrowed"
    growth: Literal["broad", "whorled", "palm"] = "broad"
    balance: float = 0.35
    lobes: float = 0.6
    weep: float = 0.1
    goals: int = 320
    sprays: int = 700
    twig_m: float = 0.95
    evergreen: bool = False
    girth: float = 0.030
    stake: bool = False


_ROUND = ((0.0, 0.35), (0.15, 0.78), (0.4, 1.0), (0.65, 0.92), (0.85, 0.62), (1.0, 0.12))
_BROAD = ((0.0, 0.55), (0.2, 0.95), (0.45, 1.0), (0.7, 0.85), (0.88, 0.55), (1.0, 0.15))
_OVAL = ((0.0, 0.45), (0.15, 0.85), (0.35, 1.0), (0.6, 0.8), (0.85, 0.42), (1.0, 0.06))
_NARROW = ((0.0, 0.4), (0.2, 0.9), (0.45, 1.0), (0.7, 0.72), (0.9, 0.35), (1.0, 0.05))
_COLUMN = ((0.0, 0.5), (0.1, 0.85), (0.4, 1.0), (0.75, 0.8), (0.92, 0.42), (1.0, 0.05))
_CONE = ((0.0, 0.9), (0.06, 1.0), (0.5, 0.55), (1.0, 0.02))
_UMBRELLA = ((0.0, 0.35), (0.3, 0.8), (0.55, 1.0), (0.85, 0.7), (1.0, 0.2))

TREES: Mapping[str, Tree] = MappingProxyType(
    {
        "plane": Tree(
            height_m=(13.0, 19.0),
            crown_radius_m=5.4,
            profile=_BROAD,
            leaf=Leaf(length_m=0.22, aspect=0.95),
            leaf_rgb=(0.06, 0.105, 0.024),
            autumn_rgb=(0.2, 0.12, 0.03),
            bark_rgb=(0.22, 0.2, 0.145),
            bark="flaking",
            lobes=0.8,
        ),
        "lime": Tree(
            height_m=(11.0, 17.0),
            crown_radius_m=3.9,
            stem_share=0.2,
            profile=_OVAL,
            leaf=Leaf(length_m=0.14, aspect=0.85),
            leaf_rgb=(0.045, 0.092, 0.018),
            autumn_rgb=(0.28, 0.19, 0.02),
            bark_rgb=(0.1, 0.085, 0.07),
        ),
        "maple": Tree(
            height_m=(8.5, 13.0),
            crown_radius_m=3.8,
            profile=_ROUND,
            leaf=Leaf(length_m=0.15, aspect=1.0),
            leaf_rgb=(0.036, 0.078, 0.016),
            autumn_rgb=(0.32, 0.12, 0.02),
            bark_rgb=(0.12, 0.105, 0.09),
            lobes=0.45,
        ),
        "birch": Tree(
            height_m=(9.0, 14.0),
            crown_radius_m=2.5,
            stem_share=0.2,
            profile=_NARROW,
            leaf=Leaf(length_m=0.085, aspect=0.8, droop=0.7),
            leaf_rgb=(0.062, 0.115, 0.024),
            autumn_rgb=(0.36, 0.24, 0.03),
            bark_rgb=(0.52, 0.5, 0.46),
            bark="white",
            balance=0.55,
            weep=0.75,
            sprays=700,
            twig_m=0.8,
            girth=0.018,
        ),
        "poplar": Tree(
            height_m=(16.0, 23.0),
            crown_radius_m=1.7,
            stem_share=0.1,
            profile=_COLUMN,
            leaf=Leaf(length_m=0.14, aspect=0.9, droop=0.2),
            leaf_rgb=(0.04, 0.082, 0.02),
            autumn_rgb=(0.34, 0.24, 0.03),
            bark_rgb=(0.09, 0.083, 0.068),
            balance=0.1,
            lobes=0.4,
            weep=-0.8,
            girth=0.02,
        ),
        "oak": Tree(
            height_m=(10.0, 16.0),
            crown_radius_m=5.6,
            stem_share=0.18,
            profile=_BROAD,
            leaf=Leaf(length_m=0.18, aspect=0.75),
            leaf_rgb=(0.04, 0.074, 0.016),
            autumn_rgb=(0.19, 0.1, 0.025),
            bark_rgb=(0.09, 0.078, 0.065),
            balance=0.25,
            lobes=1.0,
            girth=0.045,
        ),
        "pine": Tree(
            height_m=(11.0, 18.0),
            crown_radius_m=3.2,
            stem_share=0.45,
            profile=_UMBRELLA,
            leaf=Leaf(length_m=0.22, aspect=0.28, droop=0.0, spread=0.9),
            leaf_rgb=(0.026, 0.056, 0.024),
            autumn_rgb=(0.03, 0.056, 0.022),
            bark_rgb=(0.19, 0.095, 0.05),
            lobes=1.0,
            goals=200,
            sprays=640,
            twig_m=0.5,
            evergreen=True,
            girth=0.026,
        ),
        "spruce": Tree(
            height_m=(9.0, 18.0),
            crown_radius_m=2.7,
            stem_share=0.05,
            profile=_CONE,
            leaf=Leaf(length_m=0.2, aspect=0.3, droop=0.25, spread=0.5),
            leaf_rgb=(0.018, 0.044, 0.022),
            autumn_rgb=(0.018, 0.044, 0.022),
            bark_rgb=(0.1, 0.07, 0.055),
            growth="whorled",
            evergreen=True,
            girth=0.022,
        ),
        "palm": Tree(
            height_m=(6.5, 13.0),
            crown_radius_m=2.6,
            stem_share=0.8,
            profile=_ROUND,
            leaf=Leaf(length_m=0.6, aspect=0.095, droop=0.4, spread=0.15),
            leaf_rgb=(0.055, 0.09, 0.024),
            autumn_rgb=(0.055, 0.09, 0.024),
            bark_rgb=(0.19, 0.155, 0.115),
            bark="ringed",
            growth="palm",
            evergreen=True,
            girth=0.04,
        ),
        "street_sapling": Tree(
            height_m=(3.6, 5.2),
            crown_radius_m=0.95,
            stem_share=0.42,
            profile=_OVAL,
            leaf=Leaf(length_m=0.1, aspect=0.8),
            leaf_rgb=(0.055, 0.105, 0.022),
            autumn_rgb=(0.3, 0.2, 0.03),
            bark_rgb=(0.13, 0.11, 0.09),
            balance=0.2,
            weep=-0.3,
            goals=70,
            sprays=150,
            twig_m=0.4,
            girth=0.017,
            stake=True,
        ),
    }
)
"""Kind to what it looks like; `bare_winter` is any broadleaf without leaves, see `tree.geometry`."""
