"""Houses: which styles there are, their geometry, and what their faces show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from scenes.errors import InputError
from scenes.stage.asset import Asset
from scenes.stage.buildings import block, flats, hall, high_street, homestead, house_finish
from scenes.stage.buildings.fabric import Fabric
from scenes.stage.buildings.plan import Plan
from scenes.stage.surface import Surface

STYLES: Mapping[str, Callable[[Fabric, Plan], None]] = MappingProxyType(
    {
        "terrace": block.terrace,
        "apartment": flats.apartment,
        "office": block.office,
        "shop_house": high_street.shop_house,
        "detached": homestead.detached,
        "farm": homestead.farm,
        "industrial": hall.industrial,
        "warehouse": hall.warehouse,
    }
)
"""Style to its builder."""


def geometry(  # noqa: PLR0917  # the six things that a house is told
    style: str, width_m: float, depth_m: float, height_m: float, model: int, lit_share: float
) -> Asset:
    """Return a house: its front lies in the plane x = 0 and looks along +x, the house runs back to x = -depth_m.

    Args:
        style: one of `STYLES`.
        width_m: along y, centred on y = 0; walls keep to it, eaves and signs stand out by up to 1.5 m.
        depth_m: of the house.
        height_m: from the ground to the eaves or the parapet; roofs rise above it.
        model: draws the shape.
        lit_share: share of windows with light behind them.

    Raises:
        InputError: no such style, or sizes that are no house.
    """
    if style not in STYLES:
        raise InputError("house.style", f"must be one of {', '.join(STYLES)}", got=style)
    if min(width_m, depth_m) < 3 or height_m < 2.4 or not 0 <= lit_share <= 1:
        raise InputError(
            "house", "width and depth >= 3 m, height >= 2.4 m, lit_share in [0, 1]", got=(width_m, depth_m)
        )
    rng = np.random.default_rng([list(STYLES).index(style), model])
    fabric = Fabric()
    plan = Plan(width_m=width_m, depth_m=depth_m, height_m=height_m, lit_share=lit_share, rng=rng)
    STYLES[style](fabric, plan)
    return fabric.asset(f"{style} house")


def finish(style: str, model: int) -> dict[str, Surface]:
    """Return what each slot of a house shows."""
    return house_finish.finish(style, model)
