"""Places: the plan of any of them, and how they are drawn.

Sources:
    Lane widths: 3.0 to 3.5 m in towns (RASt 06), 3.5 to 3.75 m on dual carriageways and 2.75 to 3.5 m on country roads
    (RAL 2012). Lamps: as in `scenes.road`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from scenes.draws import drawn, one_of
from scenes.road import draw_street
from scenes.site.draft import Draft
from scenes.site.kinds import PLANS
from scenes.site.plan import Layout
from scenes.spec.place import PLAIN_PLACES, Asphalt, PlaceKind, Street, Surroundings

PLACE_SHARES: Mapping[PlaceKind, float] = MappingProxyType(
    {
        "street": 0.36,
        "crossroads": 0.14,
        "t_junction": 0.1,
        "roundabout": 0.06,
        "dual_carriageway": 0.08,
        "rural_road": 0.08,
        "tunnel": 0.04,
        "bridge": 0.03,
        "car_park": 0.03,
        "road_works": 0.05,
        "level_crossing": 0.03,
    }
)
"""How often each kind of place is drawn by default."""

_FEATURE_M: Mapping[PlaceKind, tuple[float, float]] = MappingProxyType(
    {
        "crossroads": (14.0, 32.0),
        "t_junction": (14.0, 32.0),
        "roundabout": (26.0, 40.0),
        "tunnel": (-60.0, 60.0),
        "bridge": (-24.0, 30.0),
        "road_works": (12.0, 26.0),
        "level_crossing": (14.0, 34.0),
    }
)
_TOWN: Mapping[Surroundings, float] = MappingProxyType({"city": 0.6, "suburb": 0.26, "industrial": 0.14})
_AROUND: Mapping[PlaceKind, Mapping[Surroundings, float]] = MappingProxyType(
    {
        "dual_carriageway": {"rural": 0.7, "industrial": 0.3},
        "rural_road": {"rural": 1.0},
        "tunnel": {"rural": 0.5, "suburb": 0.5},
        "bridge": {"city": 0.4, "suburb": 0.4, "industrial": 0.2},
        "car_park": {"industrial": 0.5, "city": 0.5},
        "level_crossing": {"suburb": 0.6, "industrial": 0.4},
    }
)
_ASPHALTS: Mapping[Asphalt, float] = MappingProxyType(
    {"new": 0.14, "worn": 0.42, "cracked": 0.2, "patched": 0.16, "concrete": 0.08}
)
_OPEN_KINDS = ("dual_carriageway", "rural_road")
_NO_PARKING = ("tunnel", "bridge", "roundabout", "level_crossing", "car_park", "road_works", *_OPEN_KINDS)


@lru_cache(maxsize=512)
def layout(street: Street) -> Layout:
    """Return the plan of a place; the same street always gives the same plan."""
    draft = Draft(street=street, rng=np.random.default_rng([street.seed, 41]))
    PLANS[street.kind](draft)
    return draft.done()


def draw_place(
    rng: np.random.Generator,
    *,
    kinds: Mapping[PlaceKind, float] = PLACE_SHARES,
    wetness: tuple[float, float] = (0.0, 0.0),
    left_share: float = 0.0,
    towns: Mapping[Surroundings, float] = _TOWN,
) -> Street:
    """Draw a place.

    Args:
        rng: the scene's generator.
        kinds: kind to weight.
        wetness: range of the water film.
        left_share: how often traffic keeps to the left.
        towns: surroundings to weight, for streets in towns.
    """
    kind = drawn(kinds, rng)
    plain = draw_street(rng, wetness=wetness, feature_x_m=None)
    around = drawn(_AROUND.get(kind, towns), rng)
    placed = replace(
        plain,
        kind=kind,
        feature_x_m=None if kind in PLAIN_PLACES else round(float(rng.uniform(*_FEATURE_M[kind])), 2),
        surroundings=around,
        drive_on="left" if rng.random() < left_share else "right",
        asphalt=drawn(_ASPHALTS, rng),
        parking_lane=plain.parking_lane and kind not in _NO_PARKING,
        clutter=round(float(rng.beta(2, 2)), 3),
    )
    return _open_road(placed, rng) if kind in _OPEN_KINDS else _built_up(placed, rng)


def _open_road(street: Street, rng: np.random.Generator) -> Street:
    dual = street.kind == "dual_carriageway"
    return replace(
        street,
        lanes_per_direction=one_of((2, 2, 3), rng) if dual else 1,
        lane_width_m=round(float(rng.uniform(3.5, 3.75) if dual else rng.uniform(2.75, 3.5)), 2),
        lamp_spacing_m=round(float(rng.uniform(38, 50)), 1) if dual and rng.random() < 0.3 else 0.0,
        tree_spacing_m=round(float(rng.uniform(9, 26)), 1) if rng.random() < 0.75 else 0.0,
        houses_height_m=7.0,
    )


def _built_up(street: Street, rng: np.random.Generator) -> Street:
    heights = {"suburb": (4.5, 7.5), "industrial": (6.0, 11.0), "rural": (4.5, 7.0)}
    if street.surroundings not in heights:
        return street
    return replace(street, houses_height_m=round(float(rng.uniform(*heights[street.surroundings])), 1))
