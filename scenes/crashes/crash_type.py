"""A type of crash: its name, its number in NHTSA's typology, one sentence, where it happens, and who meets whom.

Source of the numbers: Najm, Smith and Yanagisawa, Pre-Crash Scenario Typology for Crash Avoidance Research, DOT HS 810
767 (2007), 37 scenarios. The report was not at hand; numbers and names are as several public lists of it agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np

from scenes.crashes.event import Event, Fixed
from scenes.friction import tyre_friction
from scenes.site.plan import HARD_STRIP_M, MEDIAN_M
from scenes.spec.place import PlaceKind, Street

NHTSA_SCENARIOS = 37
ROADS: Mapping[PlaceKind, float] = MappingProxyType(
    {"street": 0.5, "dual_carriageway": 0.22, "rural_road": 0.18, "bridge": 0.1}
)
TOWN: Mapping[PlaceKind, float] = MappingProxyType({"street": 0.85, "bridge": 0.15})
JUNCTION: Mapping[PlaceKind, float] = MappingProxyType({"crossroads": 1.0})
COUNTRY: Mapping[PlaceKind, float] = MappingProxyType({"rural_road": 1.0})
DUAL: Mapping[PlaceKind, float] = MappingProxyType({"dual_carriageway": 1.0})
CAR_PARK: Mapping[PlaceKind, float] = MappingProxyType({"car_park": 1.0})
_CRUISE_MPS: Mapping[PlaceKind, tuple[float, float]] = MappingProxyType(
    {
        "street": (9.0, 16.0),
        "bridge": (9.0, 16.0),
        "crossroads": (8.0, 15.0),
        "t_junction": (8.0, 14.0),
        "dual_carriageway": (18.0, 31.0),
        "rural_road": (15.0, 26.0),
        "car_park": (2.0, 5.0),
    }
)
"""Speeds of free traffic, from a little below the usual limit to a little above it."""
_RAIL_HALF_M = 0.15


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The place of a crash, for traffic on the right: y < 0 is the ego's side."""

    street: Street

    @property
    def friction(self) -> float:
        """Tyre on road."""
        return tyre_friction(self.street)

    @property
    def half_m(self) -> float:
        """From the centre line to the kerb, or to the edge of the ego's carriageway."""
        if self.street.kind == "rural_road":
            return self.street.lane_width_m + 0.35
        if self.street.kind == "dual_carriageway":
            return self.street.lanes_per_direction * self.street.lane_width_m + HARD_STRIP_M
        return self.street.road_half_width_m

    def lane_m(self, lane: int) -> float:
        """Return the centre of a lane: 1 is the ego direction's inner one, -1 the oncoming inner one."""
        return -float(np.sign(lane)) * (abs(lane) - 0.5) * self.street.lane_width_m

    def cruise_mps(self, rng: np.random.Generator) -> float:
        """Draw a speed of free traffic."""
        return float(rng.uniform(*_CRUISE_MPS[self.street.kind]))

    @property
    def two_way(self) -> bool:
        """Whether oncoming traffic shares the carriageway."""
        return self.street.kind != "dual_carriageway"

    def rails(self) -> tuple[Fixed, ...]:
        """Return the guard rails of a dual carriageway, on either side of the ego's half."""
        if self.street.kind != "dual_carriageway":
            return ()
        return (
            Fixed(against="rail", x_m=0.0, y_m=-(self.half_m + 0.5) + _RAIL_HALF_M, faces=1),
            Fixed(against="rail", x_m=0.0, y_m=MEDIAN_M / 2 - 0.25 - _RAIL_HALF_M, faces=-1),
        )


Drawing = Callable[[Ground, np.random.Generator], Event]
"""Draws who meets whom on some ground."""


@dataclass(frozen=True, kw_only=True)
class CrashType:
    """One type.

    Args:
        name: key of `SCENARIOS`.
        nhtsa: number in the typology, 1 to 37.
        sentence: what happens, for a reader.
        event: draws who meets whom; raises `Refused` where a place does not suit.
        places: kind of place to weight.
        junction: the first contact is at the place's junction.
        signals: crossroads have signals.
        road: state of the surface.
    """

    name: str
    nhtsa: int
    sentence: str
    event: Drawing
    places: Mapping[PlaceKind, float] = field(default_factory=lambda: ROADS)
    junction: bool = False
    signals: bool = True
    road: Literal["any", "icy"] = "any"

    def __post_init__(self) -> None:
        assert 1 <= self.nhtsa <= NHTSA_SCENARIOS
        assert self.sentence.endswith(".")
