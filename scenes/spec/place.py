"""The place of a scene: its street, and what stands there for a crash to run into or an eye to mistake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import ConfigDict

from scenes.errors import InputError

_STRICT = ConfigDict(extra="forbid")

PlaceKind = Literal[
    "street",
    "crossroads",
    "t_junction",
    "roundabout",
    "dual_carriageway",
    "rural_road",
    "tunnel",
    "bridge",
    "car_park",
    "road_works",
    "level_crossing",
]
Surroundings = Literal["city", "suburb", "industrial", "rural"]
Asphalt = Literal["new", "worn", "cracked", "patched", "concrete"]
PLAIN_PLACES = ("street", "dual_carriageway", "rural_road", "car_park")


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """Something fixed that the place has not, as what a crash party runs into.

    A lamp's arm reaches along its +x. What may be taken for cars or people (`scenes.lookalikes`) faces along it:
    hoardings, dolls, toys, mirrors.
    """

    kind: Literal[
        "utility_pole",
        "lamp_post",
        "tree",
        "bollard",
        "hoarding_car",
        "mannequin",
        "doll_window",
        "toy_window",
        "toy_ride",
        "inflatable_car",
        "mirror_front",
        "mirror_hall",
        "traffic_mirror",
        "roadside_puddle",
    ]
    x_m: float
    y_m: float
    heading_deg: float
    seed: int
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, kw_only=True)
class Street:
    """A place: a road of some kind, what it crosses, what lines it, and the state of its surface.

    Args:
        kind: what sort of place.
        surroundings: what lines the road.
        drive_on: side of traffic; on the left, the ego's lane has y > 0.
        signals: whether crossroads have traffic signals; without, the side roads stop or give way.
        lanes_per_direction: 1 to 3.
        lane_width_m, sidewalk_width_m, kerb_height_m: cross-section.
        parking_lane: a lane for parked cars between outer lane and kerb, on both sides.
        feature_x_m: where the junction, roundabout, tunnel portal, bridge, works or railway stands on the x axis;
            None for places that have no such feature.
        asphalt: age and make of the carriageway.
        wetness: 0 dry, 1 a closed water film; puddles: share of the surface under standing water.
        snow, ice: share of the surface that is covered.
        leaves, sand: share of the carriageway under fallen leaves, and under blown sand or dust.
        lamp_spacing_m, lamp_height_m, lamp_lm, lamp_kelvin: street lamps, alternating sides; spacing 0 for none.
        lamps_out: share of the street lamps that have failed.
        lit_window_share: share of windows with light behind them at night.
        tree_spacing_m: 0 for no trees.
        houses_height_m: mean height of the facades.
        clutter: in [0, 1], how much furniture and litter stands about.
        seed: draws what no field names.
    """

    kind: PlaceKind = "street"
    surroundings: Surroundings = "city"
    drive_on: Literal["right", "left"] = "right"
    signals: bool = True
    lanes_per_direction: int
    lane_width_m: float
    sidewalk_width_m: float
    kerb_height_m: float
    parking_lane: bool
    feature_x_m: float | None = None
    asphalt: Asphalt = "worn"
    wetness: float
    puddles: float
    snow: float = 0.0
    ice: float = 0.0
    leaves: float = 0.0
    sand: float = 0.0
    lamp_spacing_m: float
    lamp_height_m: float
    lamp_lm: float
    lamp_kelvin: float
    lamps_out: float = 0.0
    lit_window_share: float
    tree_spacing_m: float
    houses_height_m: float
    clutter: float = 0.5
    seed: int
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not 1 <= self.lanes_per_direction <= 3:
            raise InputError("street.lanes_per_direction", "must lie in [1, 3]", got=self.lanes_per_direction)
        surface = ("wetness", "puddles", "snow", "ice", "leaves", "sand")
        for name in (*surface, "lamps_out", "lit_window_share", "clutter"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"street.{name}", "must lie in [0, 1]", got=getattr(self, name))
        if (self.feature_x_m is None) != (self.kind in PLAIN_PLACES):
            raise InputError("street.feature_x_m", f"every kind but {', '.join(PLAIN_PLACES)} needs it", got=self.kind)

    @property
    def road_half_width_m(self) -> float:
        """Distance from the centre line to the kerb."""
        parking_m = 2.3 if self.parking_lane else 0.0
        return self.lanes_per_direction * self.lane_width_m + parking_m
