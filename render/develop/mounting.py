"""How a look meets a camera that is not behind a windscreen: no wiper, no breath, other lamps or none."""

from __future__ import annotations

from dataclasses import replace

from render.develop.look import Look
from scenes.spec.view import Camera
from scenes.station import stand_of

_COVER_GLASS_M = 0.03
"""From lens to the glass before it: drops on it are large and soft."""
_HOODED = ("pole", "gantry", "air")
_HOOD_SHARE = 0.3
"""Of the drops and flakes that reach a glass which a hood covers, or that looks down; ours."""


def mounted(look: Look, camera: Camera) -> Look:
    """Return a look as a camera at its station meets it; behind a windscreen it stays as it is.

    Args:
        look: drawn for any camera.
        camera: of the scene.
    """
    stand = stand_of(camera)
    if stand.behind_windscreen:
        return look
    kept = _HOOD_SHARE if camera.station in _HOODED else 1.0
    glass = replace(
        look.windscreen,
        wiper=0.0,
        smear=0.0,
        fog=0.0,
        drops=look.windscreen.drops * kept,
        crumbs=look.windscreen.crumbs * kept,
        runs=round(look.windscreen.runs * kept),
        glass_m=_COVER_GLASS_M,
    )
    own = {} if stand.lamps_m else {"ego": 0.0, "ego_high": 0.0}
    return replace(look, windscreen=glass, wiper=0.0, weights={**look.weights, **own})
