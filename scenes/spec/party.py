"""What a crash does to a party: dents, labels, and the way it takes in time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from pydantic import ConfigDict

from scenes.errors import InputError

_STRICT = ConfigDict(extra="forbid")

Phase = Literal["approach", "braking", "impact", "after", "aftermath"]
Against = Literal["vehicle", "person", "animal", "pole", "tree", "rail", "object", "ground"]
LONG_AFTER_S = 1e4
"""Since an impact: whoever and whatever moved has come to rest."""


@dataclass(frozen=True, kw_only=True)
class Dent:
    """A push into the body, in the vehicle's frame.

    Args:
        point_m: centre of the push on the undamaged hull, xyz.
        direction: unit vector xyz along which sheet metal moved (into the body).
        depth_m: deepest displacement, >= 0.
        width_m: horizontal extent of the damaged patch, > 0.
        height_m: vertical extent, > 0.
        made_s: end of the impact that made it, in a crash of several impacts; the first one ends at 0.
    """

    point_m: tuple[float, float, float]
    direction: tuple[float, float, float]
    depth_m: float
    width_m: float
    height_m: float
    made_s: float = 0.0
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if self.depth_m < 0 or self.width_m <= 0 or self.height_m <= 0:
            raise InputError("dent", "depth_m >= 0, width_m > 0 and height_m > 0", got=asdict(self))


@dataclass(frozen=True, kw_only=True)
class CrashParty:
    """What an impact did to one party; every figure comes from the solver.

    Args:
        partner: actor id of the other party, 0 for what is no actor.
        phase: where in the crash the frame stands: `approach` before anybody brakes for it, `braking`, `impact` while
            hulls press into each other, `after` on the way to rest and at rest, `aftermath` when help has come.
        delta_v_mps: length of the vehicle's change of velocity.
        pdof_deg: principal direction of force against the heading, clockwise from straight ahead in [0, 360)
            (0 frontal, 90 from the right, 180 from behind; SAE J224).
        closing_speed_mps: approach speed along the contact normal.
        impact_point_m: contact point in the vehicle's frame, xy.
        absorbed_energy_j: this vehicle's share of the crush energy.
        crush_m: residual crush depth (Campbell).
        against: what the other party is.
        throw_m: how far a struck person, rider or animal flies and slides.
    """

    partner: int
    phase: Phase
    delta_v_mps: float
    pdof_deg: float
    closing_speed_mps: float
    impact_point_m: tuple[float, float]
    absorbed_energy_j: float
    crush_m: float
    against: Against = "vehicle"
    throw_m: float = 0.0
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, kw_only=True)
class Track:
    """Where the solver takes a crash party, from its approach to its rest; the first impact is at time 0.

    Args:
        times_s: ascending, at least two.
        x_m, y_m, heading_deg: pose at each of them.
        velocity_mps: world xy; between two times the position is the cubic that has both ends' velocities.
        contact_s: when its hull is first touched, <= `impact_s`; until then it is pressed in.
        brakes_s: since when it brakes before the impact, <= `contact_s`; `contact_s` if it does not.
        impact_s: end of its own first impact, >= 0; later than 0 for those who join a pile-up.
        tipped_deg: how far a vehicle has rolled to its left, at each time; empty for those that stay on their wheels.
        folded_deg: how far an articulated lorry has folded, at each time; empty for all others.
        raised_m: how high a thrown body is over where it lies, at each time; empty for vehicles.
    """

    times_s: tuple[float, ...]
    x_m: tuple[float, ...]
    y_m: tuple[float, ...]
    heading_deg: tuple[float, ...]
    velocity_mps: tuple[tuple[float, float], ...]
    contact_s: float
    brakes_s: float
    impact_s: float = 0.0
    tipped_deg: tuple[float, ...] = ()
    folded_deg: tuple[float, ...] = ()
    raised_m: tuple[float, ...] = ()
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        lengths = {len(self.times_s), len(self.x_m), len(self.y_m), len(self.heading_deg), len(self.velocity_mps)}
        if len(lengths) != 1 or len(self.times_s) < 2:
            raise InputError("track", "every field must have the same number of entries, at least two", got=lengths)
        if any(later <= sooner for sooner, later in zip(self.times_s, self.times_s[1:], strict=False)):
            raise InputError("track.times_s", "must ascend", got=self.times_s)
        for name in ("tipped_deg", "folded_deg", "raised_m"):
            if getattr(self, name) and len(getattr(self, name)) != len(self.times_s):
                raise InputError(f"track.{name}", "must be empty or have an entry for each time", got=lengths)
        if not (self.brakes_s <= self.contact_s <= self.impact_s and self.impact_s >= 0):
            rule = "must lie in order: brakes_s <= contact_s <= impact_s, which is >= 0"
            raise InputError("track.contact_s", rule, got=(self.brakes_s, self.contact_s, self.impact_s))
