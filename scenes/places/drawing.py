"""Places drawn at random: which kinds there are, and which streets go with them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from scenes.spec import PLAIN_PLACES, Asphalt, PlaceKind, Street, Surroundings

KIND_WEIGHTS: Mapping[PlaceKind, float] = MappingProxyType(
    {
        "street": 0.3,
        "crossroads": 0.14,
        "t_junction": 0.1,
        "roundabout": 0.06,
        "dual_carriageway": 0.09,
        "rural_road": 0.1,
        "tunnel": 0.04,
        "bridge": 0.04,
        "car_park": 0.05,
        "road_works": 0.05,
        "level_crossing": 0.03,
    }
)
"""How often each kind is drawn: mostly what towns are made of, each rare kind often enough to learn from."""

_TOWN: Mapping[Surroundings, float] = MappingProxyType({"city": 0.5, "suburb": 0.33, "industrial": 0.17})
_EDGE: Mapping[Surroundings, float] = MappingProxyType({"suburb": 0.35, "industrial": 0.25, "rural": 0.4})
_OPEN: Mapping[Surroundings, float] = MappingProxyType({"rural": 0.7, "industrial": 0.3})
_SURROUNDINGS: Mapping[PlaceKind, Mapping[Surroundings, float]] = MappingProxyType(
    {
        "dual_carriageway": _OPEN,
        "rural_road": MappingProxyType({"rural": 1.0}),
        "tunnel": MappingProxyType({"rural": 1.0}),
        "bridge": _EDGE,
        "level_crossing": _EDGE,
    }
)
_FEATURE_M: Mapping[PlaceKind, tuple[float, float]] = MappingProxyType(
    {
        "crossroads": (16.0, 48.0),
        "t_junction": (14.0, 45.0),
        "roundabout": (32.0, 60.0),
        "tunnel": (-90.0, 70.0),
        "bridge": (-10.0, 70.0),
        "road_works": (10.0, 40.0),
        "level_crossing": (18.0, 50.0),
    }
)
_ASPHALT: Mapping[Asphalt, float] = MappingProxyType(
    {"new": 0.2, "worn": 0.4, "cracked": 0.15, "patched": 0.2, "concrete": 0.05}
)
_HOUSES_M: Mapping[Surroundings, tuple[float, float]] = MappingProxyType(
    {"city": (11.0, 22.0), "suburb": (5.5, 8.0), "industrial": (6.0, 11.0), "rural": (4.5, 7.0)}
)
_TREES_M: Mapping[Surroundings, tuple[float, float]] = MappingProxyType(
    {"city": (13.0, 24.0), "suburb": (9.0, 20.0), "industrial": (15.0, 30.0), "rural": (9.0, 22.0)}
)


def draw_place(
    rng: np.random.Generator,
    *,
    wetness: tuple[float, float],
    weights: Mapping[PlaceKind, float] = KIND_WEIGHTS,
    left_share: float = 0.2,
    winter_share: float = 0.0,
) -> Street:
    """Draw a place.

    Lanes are 3.0 to 3.5 m wide in towns (RASt 06, 6.1.1.2; NACTO asks for 3.0 to 3.35), 3.5 to 3.75 m on dual
    carriageways (RAL 2012, RQ 21; RAA 2008) and 2.9 to 3.5 m on country roads (RAL 2012, RQ 9 to RQ 11).
    A third of the world's people drive on the left; the default is a fifth, since most training data is not theirs.

    Args:
        rng: the scene's generator.
        wetness: range of the water film.
        weights: kind to weight; what is left out is not drawn.
        left_share: share of places where traffic keeps to the left.
        winter_share: share of places with snow or ice.
    """
    kind = _drawn(weights, rng)
    around = _drawn(_SURROUNDINGS.get(kind, _TOWN), rng)
    film = float(rng.uniform(*wetness))
    winter = bool(rng.random() < winter_share)
    feature = None if kind in PLAIN_PLACES else round(float(rng.uniform(*_FEATURE_M[kind])), 2)
    return Street(
        kind=kind,
        surroundings=around,
        drive_on="left" if rng.random() < left_share else "right",
        feature_x_m=feature,
        asphalt=_drawn(_ASPHALT, rng),
        wetness=round(film, 3),
        puddles=round(film * float(rng.uniform(0.15, 0.6)), 3),
        snow=round(float(rng.uniform(0.1, 0.9)), 3) if winter else 0.0,
        ice=round(float(rng.uniform(0.0, 0.5)), 3) if winter else 0.0,
        lit_window_share=round(float(rng.uniform(0.12, 0.4)), 3),
        houses_height_m=round(float(rng.uniform(*_HOUSES_M[around])), 1),
        clutter=round(float(rng.beta(2.2, 2.0)), 3),
        seed=int(rng.integers(2**31)),
        **_section(kind, around, rng),
        **_lamps(kind, around, rng),
    )


def _section(kind: PlaceKind, around: Surroundings, rng: np.random.Generator) -> dict[str, Any]:
    """Draw the cross-section of a kind of place."""
    lanes = {
        "dual_carriageway": [2, 2, 3],
        "rural_road": [1],
        "car_park": [1],
        "tunnel": [1, 1, 2],
        "roundabout": [1, 1, 1, 2],
        "level_crossing": [1, 1, 1, 2],
    }.get(kind, [1, 1, 2])
    width = {"dual_carriageway": (3.5, 3.75), "rural_road": (2.9, 3.5), "car_park": (2.9, 3.3)}.get(kind, (3.0, 3.5))
    plain = kind in ("dual_carriageway", "rural_road", "tunnel", "bridge", "car_park", "level_crossing")
    parking = not plain and rng.random() < {"city": 0.75, "suburb": 0.45, "industrial": 0.3, "rural": 0.0}[around]
    pavement = (2.4, 4.5) if around == "city" else (1.6, 2.8)
    return {
        "lanes_per_direction": int(rng.choice(lanes)),
        "lane_width_m": round(float(rng.uniform(*width)), 2),
        "sidewalk_width_m": round(float(rng.uniform(*pavement)), 2),
        "kerb_height_m": 0.0 if kind == "rural_road" else round(float(rng.uniform(0.10, 0.15)), 3),
        "parking_lane": bool(parking),
        "tree_spacing_m": round(float(rng.choice([0.0, rng.uniform(*_TREES_M[around])], p=[0.3, 0.7])), 1),
    }


def _lamps(kind: PlaceKind, around: Surroundings, rng: np.random.Generator) -> dict[str, Any]:
    """Draw street lighting: none on country roads; masts by the road's width (EN 13201-2, classes M3 to P4)."""
    unlit = kind == "rural_road" or (around == "rural" and rng.random() < 0.6)
    tall = kind == "dual_carriageway"
    return {
        "lamp_spacing_m": 0.0 if unlit else round(float(rng.uniform(38, 48) if tall else rng.uniform(26, 38)), 1),
        "lamp_height_m": round(float(rng.uniform(10, 12) if tall else rng.uniform(5.5, 9.0)), 1),
        "lamp_lm": round(float(rng.uniform(14000, 24000) if tall else rng.uniform(5000, 14000))),
        "lamp_kelvin": round(float(rng.choice([2100, 2700, 3000, 4000], p=[0.25, 0.25, 0.3, 0.2]))),
    }


def _drawn(weights: Mapping[Any, float], rng: np.random.Generator) -> Any:
    share = np.cumsum(list(weights.values()))
    return list(weights)[int(np.searchsorted(share, rng.random() * share[-1], side="right"))]
