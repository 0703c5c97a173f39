"""Which looks of a round's views a camera is fitted with: in clear air, in the light that the real pictures have."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from render.develop.atlas import looks_of
from render.develop.look import Look
from render.develop.photometry import is_night
from render.develop.preset import LookSettings, draw
from render.develop.traced import read_source
from scenes.errors import InputError

_LEAST_LOOKS = 2
_CLEAR_M = 1_000.0


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A look that a traced view, the bundle at `path`, could have."""

    path: Path
    look: Look
    night: bool

    @property
    def clear(self) -> bool:
        """Whether contrast and detail are the camera's doing, not the weather's."""
        look = self.look
        return look.precipitation.kind == "none" and look.air.visibility_m >= _CLEAR_M and not look.plumes


def offers(views: Sequence[Path], looks: LookSettings, *, count: int, seed: int) -> list[Offer]:
    """Draw looks for the views of a round: `count` of them, or two of each view where that is more.

    A view whose files are broken offers nothing; it is left out with its reason when frames are made.
    """
    each = max(-(-count // len(views)), _LEAST_LOOKS)
    found: list[Offer] = []
    for path in views:
        scene, view = path.parent.name, path.stem
        with suppress(InputError):
            spec = read_source(path.parents[2], scene, view).spec
            known, name = looks_of(spec, looks), f"{scene}-{view}"
            drawn = draw(known, spec.lighting, each, seed=seed, scene=name, street=spec.street)
            found += [Offer(path=path, look=look, night=is_night(look, spec.sun.elevation_deg)) for look in drawn]
    return found


def chosen(offered: Sequence[Offer], count: int, *, night_share: float) -> list[Offer]:
    """Choose offers evenly over the views, in their order: clear ones where a light has any.

    Args:
        offered: all of them.
        count: most to choose.
        night_share: how many of them are nights, [0, 1], as far as both lights are there; 0 chooses none.
    """
    nights, days = ([offer for offer in offered if offer.night == night] for night in (True, False))
    nights, days = ([offer for offer in light if offer.clear] or light for light in (nights, days))
    by_night = min(round(night_share * count), len(nights))
    by_day = min(count - by_night, len(days))
    by_night = min(count - by_day, len(nights)) if night_share else 0
    kept = {id(offer) for light, some in ((nights, by_night), (days, by_day)) for offer in _even(light, some)}
    return [offer for offer in offered if id(offer) in kept]


def _even(light: Sequence[Offer], count: int) -> list[Offer]:
    return [light[int(place)] for place in np.linspace(0, len(light) - 1, count).round()]
