"""The layout of each kind of place: what lies where, from a `Street` alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from scenes.places.car_park import car_park
from scenes.places.draft import Draft
from scenes.places.junctions import crossroads, roundabout, t_junction
from scenes.places.parts import Layout, Path
from scenes.places.roads import (
    bridge,
    dual_carriageway,
    level_crossing,
    road_works,
    rural_road,
    street,
    tunnel,
)
from scenes.spec import PlaceKind, Street

PLACES: Mapping[PlaceKind, Callable[[Draft], None]] = MappingProxyType(
    {
        "street": street,
        "crossroads": crossroads,
        "t_junction": t_junction,
        "roundabout": roundabout,
        "dual_carriageway": dual_carriageway,
        "rural_road": rural_road,
        "tunnel": tunnel,
        "bridge": bridge,
        "car_park": car_park,
        "road_works": road_works,
        "level_crossing": level_crossing,
    }
)
"""Kind of place to what draws it."""


@lru_cache(maxsize=16)
def layout(place: Street, *, dressed: bool = True) -> Layout:
    """Return what lies where at a place; equal streets have equal layouts.

    Args:
        place: the street; its seed draws what its fields leave open.
        dressed: False leaves out land, paint, houses, furniture and trees, which samplers of traffic do not need;
            it takes a tenth of the time.
    """
    draft = Draft(place, dressed=dressed)
    PLACES[place.kind](draft)
    return draft.layout()


def drivable(place: Street, x_m: float, y_m: float) -> bool:
    """Return whether a point lies on open carriageway, neither on an island nor in closed works."""
    plan = layout(place, dressed=False)
    if any(inside(area, x_m, y_m) for area in plan.closed):
        return False
    if any(inside(island.outline_m, x_m, y_m) for island in plan.islands):
        return False
    return any(inside(area, x_m, y_m) for area in plan.carriageways)


def ground_height_m(place: Street, x_m: float, y_m: float) -> float:
    """Return the height of the ground that somebody stands on: 0 on the carriageway, the kerb's on pavements."""
    plan = layout(place)
    for island in plan.islands:
        if inside(island.outline_m, x_m, y_m):
            return island.height_m
    if any(inside(area, x_m, y_m) for area in plan.carriageways):
        return 0.0
    for outline, height_m in plan.pavements:
        if inside(outline, x_m, y_m):
            return height_m
    return place.kerb_height_m if plan.pavements else 0.0


def inside(outline: Path, x_m: float, y_m: float) -> bool:
    """Return whether a polygon holds a point (even-odd rule)."""
    found = False
    px, py = outline[-1]
    for qx, qy in outline:
        if (qy > y_m) != (py > y_m) and x_m < (px - qx) * (y_m - qy) / (py - qy) + qx:
            found = not found
        px, py = qx, qy
    return found
