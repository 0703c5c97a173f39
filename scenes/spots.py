"""Where on a street a vehicle may be: every step along its lanes, its bays, and the kerbs where cars may park."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, degrees

import numpy as np
from numpy.typing import NDArray

from scenes.road import lane_side, parked_y_m
from scenes.traffic import Traffic

_NEAREST_M, _FARTHEST_M, _BESIDE_M = -5.0, 180.0, 8.0
_STEP_M, _FINE_M, _FINE_TO_M = 1.5, 0.5, 24.0
"""Steps along a lane; finer up close, where a step changes a box more."""
_SLIP_M = 0.2
"""How far off its lane a vehicle's ends are, one deviation."""


@dataclass(frozen=True, kw_only=True)
class Spots:
    """Places that a vehicle may take, in lanes of some width, n of each.

    `moves` tells lanes from bays and kerbs, `ahead` that traffic there has our direction; `aside` in [-1, 1] is how far
    off the middle a vehicle goes, over what its width leaves it; `slip` is normal, how far off it is turned.
    """

    xy_m: NDArray[np.float64]
    heading_deg: NDArray[np.float64]
    width_m: NDArray[np.float64]
    moves: NDArray[np.bool_]
    ahead: NDArray[np.bool_]
    aside: NDArray[np.float64]
    slip: NDArray[np.float64]

    def places_m(self, width_m: float) -> NDArray[np.float64]:
        """Return where vehicles of some width have their middle, (n, 2)."""
        off, turn = self.aside * np.maximum(self.width_m - width_m, 0.1) / 2, np.radians(self.heading_deg)
        return self.xy_m + np.stack([-off * np.sin(turn), off * np.cos(turn)], axis=1)

    def headings_deg(self, length_m: float) -> NDArray[np.float64]:
        """Return their headings, (n,): the ends of a vehicle are a little off its lane, so short ones turn more."""
        return self.heading_deg + self.slip * degrees(atan(2 * _SLIP_M / length_m))


def spots(traffic: Traffic) -> Spots:
    """Return the places of a street to 180 m ahead, no farther beside its road than houses leave open."""
    street, plan, rng = traffic.street, traffic.plan, traffic.rng
    rows = [(x, y, heading, 0.0, False, False) for x, y, heading in plan.bays]
    steps = np.concatenate([np.arange(_NEAREST_M, _FINE_TO_M, _FINE_M), np.arange(_FINE_TO_M, _FARTHEST_M, _STEP_M)])
    for lane in plan.lanes:
        begin = lane.path_m[0][0]
        along = np.abs(steps - begin) if lane.role in ("same", "oncoming") else np.arange(0, lane.length_m, _STEP_M)
        rows += [(*lane.at(float(at)), lane.width_m, True, lane.role == "same") for at in along if at <= lane.length_m]
    for side in (-1, 1) if street.parking_lane else ():
        heading, y = 0.0 if side == lane_side(street) else 180.0, parked_y_m(street, side)
        rows += [(float(x), y, heading, 0.0, False, False) for x in np.arange(4.5, 90.0, _STEP_M)]
    table = np.array(rows, dtype=float).reshape(-1, 6)
    ahead_m, beside_m = table[:, 0], np.abs(table[:, 1])
    open_m = street.road_half_width_m + _BESIDE_M
    table = table[(ahead_m > _NEAREST_M) & (ahead_m < _FARTHEST_M) & (beside_m < open_m)]
    return Spots(
        xy_m=table[:, :2],
        heading_deg=table[:, 2],
        width_m=table[:, 3],
        moves=table[:, 4] > 0,
        ahead=table[:, 5] > 0,
        aside=rng.uniform(-1, 1, len(table)),
        slip=rng.normal(0, 1, len(table)),
    )
