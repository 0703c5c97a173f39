"""Mixed traffic as towns of South Asia have it: who takes part, how fast they go, and how much room they keep.

Density is that of area, since without lanes a length of road says little: the share of the carriageway that vehicles
cover (area occupancy). `load` is this share over that of a jam, and speed falls with it in a straight line.

Sources:
    Speed over density: Greenshields, Highway Research Board Proceedings 14 (1935), 448. Area occupancy: Mallikarjuna
    and Rao, Transportmetrica 2 (2006), 223.
    Side room that grows with speed, less for two-wheelers than for cars and buses: Arasan and Koshy, Journal of
    Transportation Engineering 131 (2005), 544; the figures are rounded, from memory.
    Free speeds and shares of kinds are assumed, of the order of main roads in Delhi and Dhaka.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import numpy as np
from pydantic import ConfigDict

from scenes.draws import check_weights
from scenes.errors import InputError
from scenes.vehicle import MODELS, draw_body, rickshaw_style

Span = tuple[int, int]
_AT_MPS = 60 / 3.6
"""The speed at which the second side room of a kind is kept."""
_STANDING_M, _PER_MPS_M = 0.35, 0.22
"""Room before and behind each: half of the gap in a standing queue, and of a headway."""


class Manner(NamedTuple):
    """How a kind goes: its speed on an empty road, and its side room when it stands and at 60 km/h."""

    free_mps: float
    aside_m: tuple[float, float]


MANNERS: Mapping[str, Manner] = MappingProxyType(
    {
        "hatchback": Manner(12.5, (0.3, 0.5)),
        "sedan": Manner(12.5, (0.3, 0.5)),
        "suv": Manner(12.5, (0.3, 0.5)),
        "van": Manner(11.0, (0.3, 0.5)),
        "pickup": Manner(11.0, (0.3, 0.5)),
        "minibus": Manner(10.0, (0.3, 0.6)),
        "bus": Manner(9.5, (0.3, 0.6)),
        "truck": Manner(9.5, (0.3, 0.6)),
        "motorcycle": Manner(11.5, (0.1, 0.3)),
        "scooter": Manner(11.0, (0.1, 0.3)),
        "bicycle": Manner(3.9, (0.1, 0.3)),
        "auto_rickshaw": Manner(10.0, (0.2, 0.4)),
        "battery_rickshaw": Manner(6.0, (0.2, 0.4)),
        "cycle_rickshaw": Manner(3.0, (0.15, 0.3)),
    }
)
"""Who takes part, a key of `MixedTraffic.shares`; three-wheelers by what drives them."""

RICKSHAWS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        f"{style}_rickshaw": tuple(model for model in range(MODELS) if rickshaw_style(model) == style)
        for style in ("auto", "battery", "cycle")
    }
)
"""Kind of rickshaw to the models of three-wheelers that are."""
PARKED: Mapping[str, float] = MappingProxyType(
    {
        "motorcycle": 0.34,
        "scooter": 0.2,
        "bicycle": 0.1,
        "three_wheeler": 0.16,
        "hatchback": 0.12,
        "suv": 0.04,
        "van": 0.04,
    }
)
"""Who stands at the kerb."""


@dataclass(frozen=True, kw_only=True)
class MixedTraffic:
    """The `traffic` section of the config if it is `mixed`.

    Args:
        shares: key of `MANNERS` to weight.
        kind: tells it from the others.
        load_range: density over that of a jam, 0 an empty road, 1 a jam.
        jam_occupancy: share of the carriageway that vehicles cover in a jam.
        stops_share: how often a bus or rickshaw on a free road stands in it to let people on and off.
        pillion_share: how often somebody sits behind who rides a motorcycle or rickshaw.
        crossing_range: people who cross between the vehicles.
        along_range: people who walk along the carriageway's edge.
        left_share: how often traffic keeps to the left.
    """

    shares: dict[str, float]
    kind: Literal["mixed"] = "mixed"
    load_range: tuple[float, float] = (0.0, 1.0)
    jam_occupancy: float = 0.36
    stops_share: float = 0.3
    pillion_share: float = 0.45
    crossing_range: Span = (1, 6)
    along_range: Span = (2, 8)
    left_share: float = 1.0
    __pydantic_config__ = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        low, high = self.load_range
        if not (isfinite(low) and isfinite(high) and 0 <= low <= high <= 1):
            raise InputError("traffic.load_range", "must be [lo, hi] with 0 <= lo <= hi <= 1", got=[low, high])
        if not 0 < self.jam_occupancy <= 0.4:
            rule = "must lie in (0, 0.4]: beyond, no gaps are found any more"
            raise InputError("traffic.jam_occupancy", rule, got=self.jam_occupancy)
        for name in ("stops_share", "pillion_share", "left_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"traffic.{name}", "must lie in [0, 1]", got=getattr(self, name))
        for name in ("crossing_range", "along_range"):
            few, many = getattr(self, name)
            if not 0 <= few <= many <= 30:
                raise InputError(f"traffic.{name}", "must be [lo, hi] with 0 <= lo <= hi <= 30", got=[few, many])
        if unknown := [name for name in self.shares if name not in MANNERS]:
            raise InputError("traffic.shares", f"must name kinds of {', '.join(MANNERS)}", got=unknown[0])
        check_weights("traffic.shares", self.shares)


def greenshields_mps(free_mps: float, load: float) -> float:
    """Return the speed at a density: `free_mps` on an empty road, 0 in a jam.

    Args:
        free_mps: speed on an empty road, >= 0.
        load: density over that of a jam; from 1 on, nobody moves.
    """
    return free_mps * max(0.0, 1.0 - load)


def aside_m(name: str, speed_mps: float) -> float:
    """Return the room that somebody keeps on either side; linear in speed, as of 60 km/h beyond it."""
    low, high = MANNERS[name].aside_m
    return low + (high - low) * min(speed_mps / _AT_MPS, 1.0)


def ahead_m(speed_mps: float) -> float:
    """Return the room that somebody keeps before and behind; that of both adds up to their gap."""
    return _STANDING_M + _PER_MPS_M * speed_mps


def draw_of(name: str, rng: np.random.Generator) -> dict[str, Any]:
    """Draw the body of a key of `MANNERS`."""
    if name in RICKSHAWS:
        return draw_body("three_wheeler", rng, models=RICKSHAWS[name])
    return draw_body(name, rng)


def told(load: float) -> str:
    """Say in words how full a road is."""
    words = ((0.12, "an almost empty road"), (0.45, "a free flow"), (0.8, "a dense flow"), (1.0, "a jam"))
    return next(word for most, word in words if load <= most)
