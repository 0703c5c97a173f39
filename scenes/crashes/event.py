"""An event: who touches whom at time 0 and how they came there, before anything is solved.

Frame: the first contact is at x = 0; traffic keeps to the right, headings are counter-clockwise from +x.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, radians, sin
from typing import Any, Literal

from scenes.crashes.startle import GAINS_MPS2
from scenes.crush import Side
from scenes.driver import Braking
from scenes.errors import InputError
from scenes.spec.party import Against
from scenes.spec.place import Obstacle

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Party:
    """A vehicle of the event, at time 0.

    Args:
        body: keyword arguments of a vehicle's body.
        heading_deg: of the body.
        braking: how its driver arrives.
        side: where it is struck first.
        point_m: contact in its own frame, xy.
        turned_deg: how far its course has turned in coming, positive to the left.
        radius_m: of that turn, > 0.
        drift_deg: its course against its heading, positive to the left; 180 backs up.
        spun_s: over which time that drift has grown; 0 if it was always there.
        grips: share of the grip that its brakes use after the impact, in [0, 1].
        waits_m: where its centre is at time 0 if it joins later, against the first contact.
        rides: whether somebody sits on it who can be thrown.
        parked: nobody is in it and no lamp burns.
        flat_tyres: wheels without air, see `Vehicle`.
    """

    body: dict[str, Any]
    heading_deg: float
    braking: Braking
    side: Side = "front"
    point_m: Point = (0.0, 0.0)
    turned_deg: float = 0.0
    radius_m: float = 12.0
    drift_deg: float = 0.0
    spun_s: float = 0.0
    grips: float = 0.8
    waits_m: Point | None = None
    rides: bool = False
    parked: bool = False
    flat_tyres: tuple[tuple[int, Literal[1, -1]], ...] = ()

    def __post_init__(self) -> None:
        if self.radius_m <= 0 or self.spun_s < 0 or not 0 <= self.grips <= 1:
            raise InputError("party", "radius_m > 0, spun_s >= 0, grips in [0, 1]", got=self.heading_deg)

    @property
    def course_deg(self) -> float:
        """Direction of its motion at time 0."""
        return self.heading_deg + self.drift_deg

    @property
    def velocity_mps(self) -> Point:
        """World xy at the contact."""
        angle = radians(self.course_deg)
        return self.braking.impact_mps * cos(angle), self.braking.impact_mps * sin(angle)

    @property
    def yaw_rate_rad_s(self) -> float:
        """Counter-clockwise, at the contact: it spins away from its course, or turns along its bend."""
        spin = -radians(self.drift_deg) / self.spun_s if self.spun_s else 0.0
        bend = (1 if self.turned_deg > 0 else -1) / self.radius_m if self.turned_deg else 0.0
        return spin + bend * self.braking.impact_mps


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """What does not give way: a post of some radius, or a rail along x with the road on one side of it.

    Args:
        against: what it is.
        x_m, y_m: centre of a post; of a rail only y counts.
        radius_m: of a post, 0 for a rail.
        faces: for a rail, 1 if the road lies towards +y of it, -1 if towards -y.
        obstacle: what stands there that the place does not have by itself.
    """

    against: Against
    x_m: float
    y_m: float
    radius_m: float = 0.0
    faces: int = 0
    obstacle: Literal["utility_pole", "lamp_post", "tree", "bollard", ""] = ""
    seed: int = 0

    def __post_init__(self) -> None:
        if (self.radius_m > 0) == (self.faces != 0):
            raise InputError("fixed", "must be a post with a radius or a rail that faces a side", got=self.against)

    def stood(self, x_m: float) -> Obstacle | None:
        """Return it as the spec tells it, moved along x; a lamp's arm reaches over the road."""
        if not self.obstacle:
            return None
        return Obstacle(
            kind=self.obstacle,
            x_m=round(self.x_m + x_m, 3),
            y_m=round(self.y_m, 3),
            heading_deg=-90.0 if self.y_m > 0 else 90.0,
            seed=self.seed,
        )


@dataclass(frozen=True, kw_only=True)
class Loose:
    """Who or what a front strikes and throws: somebody on foot, an animal, a thing on the road.

    Args:
        against: person, animal or object.
        told: keyword arguments of `Person`, `Animal` or `Debris`, without place and motion.
        mass_kg, centre_m: mass and height of its centre, > 0.
        heading_deg, speed_mps: how it goes before.
        reach_m: from its middle to where a front touches it.
        came_mps: how fast it went before it was startled, None if it was not.
    """

    against: Literal["person", "animal", "object"]
    told: dict[str, Any]
    mass_kg: float
    centre_m: float
    heading_deg: float = 0.0
    speed_mps: float = 0.0
    reach_m: float = 0.2
    came_mps: float | None = None

    @property
    def walks_mps(self) -> float:
        """How fast it goes that has not been startled."""
        return self.speed_mps if self.came_mps is None else self.came_mps

    @property
    def startled_s(self) -> float:
        """How long before the contact it has been startled."""
        return abs(self.speed_mps - self.walks_mps) / GAINS_MPS2

    def way_m(self, time_s: float) -> float:
        """Return how far along its way it is some time before the contact, `time_s` < 0."""
        changed_s = max(time_s, -self.startled_s)
        gains = (self.speed_mps - self.walks_mps) / self.startled_s if self.startled_s else 0.0
        way = self.speed_mps * changed_s + gains * changed_s**2 / 2
        return way + self.walks_mps * (time_s - changed_s)


@dataclass(frozen=True, kw_only=True)
class Event:
    """A crash before it is solved.

    The first party strikes the second, or what `struck` tells; further parties join by their own motion.

    Args:
        parties: at least one.
        y_m: first contact across the road.
        width_m: of that contact, > 0.
        friction: tyre on road.
        struck: what the first party strikes if it is no vehicle.
        fixed: all that is in the way and does not move.
        rolls: whether the first party, which slides sideways, is tripped at time 0.
        folds_deg: angle and side with which the first party, an articulated lorry, begins to fold at time 0; 0 if not.
        feature_m: where the middle of the junction is along x, for types that happen at one.
    """

    parties: tuple[Party, ...]
    y_m: float
    width_m: float
    friction: float
    struck: Fixed | Loose | None = None
    fixed: tuple[Fixed, ...] = ()
    rolls: bool = False
    folds_deg: float = 0.0
    feature_m: float = 0.0

    def __post_init__(self) -> None:
        pair = self.struck is None and not self.rolls and not self.folds_deg
        if len([party for party in self.parties if party.waits_m is None]) != (2 if pair else 1):
            raise InputError("event.parties", "must be two that touch, or one that strikes something", got=pair)
        if self.width_m <= 0:
            raise InputError("event.width_m", "must be > 0", got=self.width_m)


def mirrored(event: Event) -> Event:
    """Return the event for traffic on the left."""
    return replace(
        event,
        parties=tuple(_mirrored_party(party) for party in event.parties),
        y_m=-event.y_m,
        struck=_mirrored_struck(event.struck),
        fixed=tuple(replace(post, y_m=-post.y_m, faces=-post.faces) for post in event.fixed),
        folds_deg=-event.folds_deg,
    )


def _mirrored_party(party: Party) -> Party:
    waits = party.waits_m and (party.waits_m[0], -party.waits_m[1])
    return replace(
        party,
        heading_deg=-party.heading_deg,
        point_m=(party.point_m[0], -party.point_m[1]),
        turned_deg=-party.turned_deg,
        drift_deg=-party.drift_deg,
        waits_m=waits,
    )


def _mirrored_struck(struck: Fixed | Loose | None) -> Fixed | Loose | None:
    if isinstance(struck, Fixed):
        return replace(struck, y_m=-struck.y_m, faces=-struck.faces)
    return struck and replace(struck, heading_deg=-struck.heading_deg)
