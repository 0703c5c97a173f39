"""Streets drawn from what towns build."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from scenes.draws import drawn, one_of
from scenes.spec.place import Street

KERB_GAP_M = 1.15
"""From the kerb to a parked car's centre line."""
_LAMP_KELVINS = MappingProxyType({2100: 0.25, 2700: 0.25, 3000: 0.3, 4000: 0.2})
_TREE_SHARE = 0.7


def draw_street(rng: np.random.Generator, *, wetness: tuple[float, float], feature_x_m: float | None) -> Street:
    """Draw a street.

    Lamp heights, spacings and fluxes are those of lit urban streets of class M4 to P2 (EN 13201-2 gives 3 to 10 lx).

    Args:
        rng: the scene's generator.
        wetness: range of the water film.
        feature_x_m: centre of a crossing street, or None.
    """
    film = float(rng.uniform(*wetness))
    return Street(
        kind="street" if feature_x_m is None else "crossroads",
        lanes_per_direction=one_of((1, 1, 2), rng),
        lane_width_m=round(float(rng.uniform(3.1, 3.5)), 2),
        sidewalk_width_m=round(float(rng.uniform(2.6, 4.5)), 2),
        kerb_height_m=round(float(rng.uniform(0.10, 0.15)), 3),
        parking_lane=bool(rng.random() < 0.75),
        feature_x_m=feature_x_m,
        wetness=round(film, 3),
        puddles=round(film * float(rng.uniform(0.15, 0.6)), 3),
        lamp_spacing_m=round(float(rng.uniform(26, 36)), 1),
        lamp_height_m=round(float(rng.uniform(6.5, 9.0)), 1),
        lamp_lm=round(float(rng.uniform(7000, 14000))),
        lamp_kelvin=drawn(_LAMP_KELVINS, rng),
        lit_window_share=round(float(rng.uniform(0.12, 0.4)), 3),
        tree_spacing_m=round(float(rng.uniform(13, 24)), 1) if rng.random() < _TREE_SHARE else 0.0,
        houses_height_m=round(float(rng.uniform(10, 19)), 1),
        seed=int(rng.integers(2**31)),
    )


def lane_side(street: Street) -> int:
    """Return the sign of y on the ego's side of the road: -1 where traffic keeps to the right."""
    return -1 if street.drive_on == "right" else 1


def lane_y_m(street: Street, lane: int) -> float:
    """Return the centre of a lane: 1 is the ego direction's inner lane, -1 the oncoming one."""
    return float(lane_side(street) * np.sign(lane) * (abs(lane) - 0.5) * street.lane_width_m)


def parked_y_m(street: Street, side: int) -> float:
    """Return the centre line of parked cars at the right (-1) or left (1) kerb."""
    return side * (street.road_half_width_m - KERB_GAP_M)
