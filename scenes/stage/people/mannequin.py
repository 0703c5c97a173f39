"""Shop dolls: clothed bodies of one smooth colour without hair, on a foot plate. They are stuff, never persons."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from scenes.spec.living import Outfit, Person
from scenes.stage.asset import Asset, Finish, Piece
from scenes.stage.furniture.draft import Draft
from scenes.stage.furniture.palette import PALETTE
from scenes.stage.people import person as human
from scenes.stage.surface import surface

DOLLS = 12
"""Different dolls."""
_SKINS = ((0.72, 0.71, 0.68), (0.016, 0.016, 0.017), (0.58, 0.45, 0.36), (0.72, 0.71, 0.68), (0.35, 0.35, 0.36))
_BARE = ("skin", "lips", "eye_white", "iris", "pupil")
_HAIRY = ("hair", "brow")
_OUTFITS: tuple[Outfit, ...] = ("dress", "casual", "coat", "business", "shorts", "casual")
_PLATE_M = 0.012


@cache
def doll(number: int) -> Person:
    """Return who the doll of a number is modelled on: a thin grown-up who stands."""
    rng = np.random.default_rng([91, number])
    outfit = _OUTFITS[number % len(_OUTFITS)]
    female = outfit == "dress" or number % 2 == 0
    return Person(
        actor_id=1,
        x_m=0.0,
        y_m=0.0,
        heading_deg=0.0,
        height_m=1.74 if female else 1.83,
        pose="standing",
        seed=int(rng.integers(2**31)),
        sex="female" if female else "male",
        age_years=28.0,
        build=-0.6,
        outfit=outfit,
    )


def geometry(number: int, folder: Path) -> Asset:
    """Return a doll on its foot plate; it looks along +x.

    Args:
        number: of the doll.
        folder: of the unpacked people pack.
    """
    body = human.geometry(doll(number), folder)
    bald = []
    for piece in body.pieces:
        hairy = [index for index, name in enumerate(piece.solid.slot_names) if name in _HAIRY]
        if (kept := piece.solid.kept(~np.isin(piece.solid.slots, hairy))) is not None:
            vertices = kept.vertices + np.array([0.0, 0.0, _PLATE_M], np.float32)
            bald.append(Piece(solid=replace(kept, vertices=vertices)))
    draft = Draft()
    draft.use("aluminium").turned(
        [(0.21, 0.0), (0.21, _PLATE_M - 0.004), (0.2, _PLATE_M), (0.0, _PLATE_M)], segments=28
    )
    draft.use("aluminium").bar((-0.12, 0.0, _PLATE_M), (-0.12, 0.0, 0.42), 0.012)
    return Asset(pieces=(*bald, *draft.asset("foot plate").pieces))


def finish(number: int) -> Finish:
    """Return what every slot of a doll shows."""
    skin = surface("plain", colour=_SKINS[number % len(_SKINS)], roughness=0.28, coat=0.4)
    return {**human.finish(doll(number)), **dict.fromkeys(_BARE, skin), "aluminium": PALETTE["aluminium"]}
