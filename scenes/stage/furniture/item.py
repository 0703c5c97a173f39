"""One entry of the catalogue: how it is shaped, what it shows, and the ground it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scenes.stage.asset import Asset
from scenes.stage.surface import Surface

Finishing = Callable[..., dict[str, Surface]]


@dataclass(frozen=True, kw_only=True)
class Furniture:
    """A kind of street furniture.

    Args:
        geometry: variant to asset; its front looks along +x, and what is set in rows runs along x with its front to +y.
        finish: variant to surfaces; what has states takes `state` as well.
        footprint_m: extent on the ground along x and y.
        variants: how many looks there are; larger numbers repeat them.
    """

    geometry: Callable[[int], Asset]
    finish: Finishing
    footprint_m: tuple[float, float]
    variants: int = 1
