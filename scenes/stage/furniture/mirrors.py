"""What mirrors a street: shop fronts of coated glass, convex mirrors at blind corners, puddles beside the road.

A pass of object indices shows the mirror where a camera sees a reflection, so what is mirrored has no label.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scenes.stage.asset import Asset
from scenes.stage.furniture.draft import Draft, regular
from scenes.stage.furniture.item import Furniture
from scenes.stage.furniture.palette import PALETTE
from scenes.stage.furniture.signs import post, words
from scenes.stage.surface import Surface, surface

_FRONT_M, _HALL_M = (0.5, 9.0, 2.42), (6.0, 11.0, 3.6)
"""Depth, width and height of a shop front, and of a showroom that stands by itself."""
_FASCIA_M, _RISER_M, _PANE_M = 0.4, 0.12, 1.5
_TILT_DEG = 0.35
_CONVEX_M, _CURVED_M, _HIGH_M = 0.4, 1.6, 2.55
"""Radius of a traffic mirror's rim, radius of its sphere, and height of its middle."""


def mirror_front(variant: int) -> Asset:
    """Return a shop front of mirror glass, to stand before a wall; its glass looks along +x."""
    return _mirrored(variant, _FRONT_M).asset("mirror front")


def mirror_hall(variant: int) -> Asset:
    """Return a showroom of mirror glass that stands by itself; its glass looks along +x."""
    return _mirrored(variant, _HALL_M).asset("mirror hall")


def _mirrored(variant: int, size_m: tuple[float, float, float]) -> Draft:
    """Return a front whose panes stand a little askew, as real ones do, with what is behind it."""
    draft, rng = Draft(), np.random.default_rng([81, variant])
    deep, wide, high = size_m
    half, top = wide / 2, high - _FASCIA_M
    draft.use("enamel_anthracite").block((-deep, -half, 0.0), (-0.06, half, high), 0.02)
    draft.use("enamel_anthracite").block((-0.06, -half, 0.0), (0.02, half, _RISER_M), 0.01)
    draft.use("enamel_anthracite").block((-0.06, -half, top), (0.06, half, high), 0.02)
    words(draft, ("AUTO", "STUDIO", "BANK")[variant % 3], 0.24, "sheet_white", 0.064, centre=(0, top + 0.2))
    count = round(wide / _PANE_M)
    edges = np.linspace(-half, half, count + 1)
    for low, up in pairwise(edges):
        turned, leans = np.tan(np.deg2rad(rng.normal(0, _TILT_DEG, 2)))
        corners = np.array([(low, _RISER_M), (up, _RISER_M), (up, top), (low, top)])
        middle = corners.mean(axis=0)
        x = -0.03 + (corners - middle) @ np.array([turned, leans])
        draft.use("mirror_glass").add(np.column_stack([x, corners]), [(0, 1, 2, 3)])
    for y in edges:
        draft.use("aluminium").block((-0.05, y - 0.025, _RISER_M), (0.015, y + 0.025, top), 0.006)
    return draft


def traffic_mirror(variant: int) -> Asset:
    """Return a convex mirror 0.8 m across with an orange or white rim, on a post; it looks along +x."""
    draft = Draft()
    post(draft, _HIGH_M + 0.35)
    rim = "plastic_orange" if variant % 2 == 0 else "plastic_white"
    radii = np.linspace(_CONVEX_M, 0.0, 12)
    crest = np.sqrt(_CURVED_M**2 - radii**2) - np.sqrt(_CURVED_M**2 - _CONVEX_M**2)
    with draft.moved(0.07, 0.0, _HIGH_M), draft.tilted(90.0):
        draft.use("mirror").turned(np.column_stack([radii, 0.03 + crest]), segments=40)
        outer = _CONVEX_M + 0.05
        profile = [(0.0, -0.03), (outer - 0.02, -0.03), (outer, 0.0), (outer, 0.05), (_CONVEX_M, 0.055), (0.39, 0.03)]
        draft.use(rim).turned(profile, segments=40)
    draft.use("galvanised").block((0.0, -0.04, _HIGH_M - 0.05), (0.06, 0.04, _HIGH_M + 0.05), 0.008)
    return draft.asset("traffic mirror")


def roadside_puddle(variant: int) -> Asset:
    """Return still water some 5 by 2.4 m, its long side along x, with a muddy rim."""
    draft, rng = Draft(), np.random.default_rng([82, variant])
    angle = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    wave = sum(rng.normal(0, 0.5 / k**1.5) * np.cos(k * angle + rng.uniform(0, 6.3)) for k in range(2, 8))
    reach = 1.0 + 0.28 * wave / np.abs(wave).max()
    shore = regular(72, 1.0, 0.0) * reach[:, None] * (2.3, 1.1)
    for level, grown, slot in ((0.008, 1.13, "mud"), (0.012, 1.0, "still_water")):
        draft.use(slot).add(np.column_stack([shore * grown, np.full(72, level)]), [tuple(range(72))])
    return draft.asset("roadside puddle")


def _finish(variant: int) -> dict[str, Surface]:  # noqa: ARG001  # a finish takes its variant
    return {
        **PALETTE,
        "mirror_glass": surface("plain", colour=(0.52, 0.57, 0.60), roughness=0.012, metallic=1.0),
        "mud": surface("heap", colour=(0.10, 0.072, 0.045)),
        "still_water": surface("plain", colour=(0.012, 0.010, 0.007), roughness=0.0),
    }


MIRRORS = {
    "mirror_front": Furniture(geometry=mirror_front, finish=_finish, footprint_m=(0.56, 9.05), variants=6),
    "mirror_hall": Furniture(geometry=mirror_hall, finish=_finish, footprint_m=(6.06, 11.05), variants=6),
    "traffic_mirror": Furniture(geometry=traffic_mirror, finish=_finish, footprint_m=(0.4, 0.94), variants=2),
    "roadside_puddle": Furniture(geometry=roadside_puddle, finish=_finish, footprint_m=(7.0, 3.4), variants=4),
}
"""What mirrors a street."""
