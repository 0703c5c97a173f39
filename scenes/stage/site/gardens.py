"""What stands between pavement and houses: fences, low walls, bins, shelters, hoardings and poles with wires."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
import shapely

from scenes.site.plan import Item, Layout, Pose
from scenes.stage.asset import Asset
from scenes.stage.furniture.catalogue import FURNITURE
from scenes.stage.furniture.palette import PALETTE
from scenes.stage.furniture.poles import HOOKS_M, cable
from scenes.stage.site.frontage import Plot
from scenes.stage.site.line import Lining
from scenes.stage.site.polygons import Ground

_FENCES = {
    "suburb": ("fence_picket", "fence_steel", "fence_picket", "fence_chain_link", ""),
    "industrial": ("fence_chain_link", "fence_steel", "fence_chain_link", ""),
}
_NEAR_M = (-40.0, 110.0)
_BEHIND_PAVEMENT_M = 0.3
_LEAST_YARD_M = 2.5
_SAG = 0.012  # of a span, as telephone and low-voltage lines hang


def enclose(lining: Lining, plot: Plot, ground: Ground, level_m: float) -> None:
    """Fence a plot off from the pavement, with a gate before the house, and put its bins behind the fence."""
    kinds = _FENCES.get(lining.street.surroundings, ())
    if not kinds or not _NEAR_M[0] < plot.where.x_m < _NEAR_M[1]:
        return
    turn = np.deg2rad(plot.where.heading_deg)
    ahead, left = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    front = np.array([plot.where.x_m, plot.where.y_m])
    yard_m = float(ground.built.distance(shapely.Point(front)))
    if yard_m < _LEAST_YARD_M:
        return
    line = front + (yard_m - _BEHIND_PAVEMENT_M) * ahead
    name, facing = kinds[plot.model % len(kinds)], plot.where.heading_deg - 90.0
    step = FURNITURE[name].footprint_m[0] if name else 2.0
    for y in np.arange(-plot.width_m / 2 - 1.0, plot.width_m / 2 + 1.0, step).tolist():
        x0, y0 = (line + y * left).tolist()
        clear = not ground.built.buffer(0.1).contains(shapely.Point(x0, y0)) and abs(y - 1.0) > 1.4
        if name and clear:
            lining.furnish(Item(name=name, x_m=x0, y_m=y0, heading_deg=facing, variant=plot.model), level_m)
    if plot.model % 2:
        x, y = (line - 1.0 * ahead + (plot.width_m / 2 - 2.0) * left).tolist()
        piece = "wheelie_bins" if lining.street.surroundings == "suburb" else "hoarding"
        if lining.free(x, y, 1.0):
            heading = plot.where.heading_deg
            lining.furnish(Item(name=piece, x_m=x, y_m=y, heading_deg=heading, variant=plot.model), level_m)


def wire(lining: Lining, plan: Layout) -> None:
    """Hang wires between the plan's utility poles, in the order in which they stand."""
    poles = [item for item in plan.items if item.name == "utility_pole"]
    for first, second in pairwise(poles):
        dx, dy = second.x_m - first.x_m, second.y_m - first.y_m
        span = round(float(np.hypot(dx, dy)), 1)
        where = Pose(first.x_m, first.y_m, float(np.rad2deg(np.arctan2(dy, dx))))
        lining.stand("wires", (span,), partial(_span, span), PALETTE, where)


def _span(length_m: float) -> Asset:
    """Return the wires of one span along x."""
    wires = [cable(hook, (hook[0] + length_m, *hook[1:]), _SAG * length_m) for hook in HOOKS_M]
    return Asset(pieces=tuple(piece for asset in wires for piece in asset.pieces))
