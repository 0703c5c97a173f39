"""A vehicle on its way to rest, step by step, which may be struck again."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import degrees

import numpy as np

from scenes.checks import Footprint, footprint
from scenes.crash import Mover
from scenes.crashes.approach import Row
from scenes.crashes.event import Party
from scenes.crashes.impacts import Hit, Struck
from scenes.crush import Side
from scenes.friction import mount_friction
from scenes.spinout import GRAVITY_MPS2, STEP_S, STILL_MPS, Motion, Triple, mark, pulls
from scenes.vehicle import TWO_WHEELERS

_JUMP_S = 0.01
"""A row just after an impact holds the new velocity, so that the track's cubic has the kink that the motion has."""


@dataclass(kw_only=True)
class Slider:
    """State of one party after time 0.

    Args:
        party: who.
        index: in the event.
        mover: state at time 0.
        friction: tyre on road.
        struck: whether it has been hit, from when on its brakes work as `party.grips` says and it may spin.
    """

    party: Party
    index: int
    mover: Mover
    friction: float
    struck: bool
    rows: list[Row] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    tracks: list[list[Triple]] = field(default_factory=lambda: [[], [], [], []])
    tipped_deg: list[float] = field(default_factory=list)
    folded_deg: list[float] = field(default_factory=list)
    still: bool = False

    def __post_init__(self) -> None:
        body = self.party.body
        self.inertia_m2 = self.mover.inertia_kg_m2 / self.mover.mass_kg
        self.corners = [
            (x * body["wheelbase_m"], y * max(0.2, body["width_m"] - 0.25)) for x in (0.5, -0.5) for y in (0.5, -0.5)
        ]
        self._load(self.mover)
        self.rows.append((0.0, *self.motion.state))

    def _load(self, mover: Mover) -> None:
        values = (*mover.position_m, mover.heading_rad, *mover.velocity_mps, mover.yaw_rate_rad_s)
        self.motion = Motion(*(float(value) for value in values))
        self.last: Triple | None = None
        self.square = self.motion.square_m2ps2(self.inertia_m2)
        self.still = self.square <= STILL_MPS**2

    @property
    def body(self) -> Footprint:
        """Return its rectangle."""
        told = self.party.body
        at = self.motion
        return footprint(at.x_m, at.y_m, degrees(at.heading_rad), told["length_m"], told["width_m"])

    def as_struck(self, side: Side) -> Struck:
        """Return it as a body of an impact."""
        at, mover = self.motion, self.mover
        now = Mover(
            mass_kg=mover.mass_kg,
            inertia_kg_m2=mover.inertia_kg_m2,
            position_m=np.array([at.x_m, at.y_m]),
            heading_rad=at.heading_rad,
            velocity_mps=np.array([at.vx_mps, at.vy_mps]),
            yaw_rate_rad_s=at.yaw_rate_rad_s,
        )
        return Struck(mover=now, kind=self.party.body["kind"], index=self.index, side=side)

    def kicked(self, after: Mover, moved_m: tuple[float, float], seconds: float, hit: Hit | None) -> None:
        """Go on as an impact left it, moved by what was crushed; a touch that nobody feels is no `hit`."""
        if self.rows[-1][0] > seconds + _JUMP_S / 2:  # struck twice in one step
            self.rows.pop()
        elif self.rows[-1][0] < seconds - 1e-9:
            self.rows.append((seconds, *self.motion.state))
        self._load(after)
        self.motion.x_m += moved_m[0]
        self.motion.y_m += moved_m[1]
        self.struck = True
        if hit:
            self.hits.append(hit)
        self.rows.append((seconds + _JUMP_S, *self.motion.state))

    def step(self, seconds: float) -> None:
        """Go on by one step that begins at a time."""
        if self.still:
            return
        braking, grip = self._braking(seconds)
        wheels = self.motion.wheels(self.corners)
        if self.struck and self.party.body["kind"] not in TWO_WHEELERS:
            mark(self.tracks, wheels, self.motion, braking, seconds)
        now = self.motion.in_world(pulls(wheels, grip * GRAVITY_MPS2 / 4, braking))
        self.square = self.motion.step(now, self.last or now, self.inertia_m2, self.square)
        self.last = now
        if self.rows[-1][0] < seconds + STEP_S - 1e-9:
            self.rows.append((seconds + STEP_S, *self.motion.state))
        self.still = self.square <= STILL_MPS**2

    def _braking(self, seconds: float) -> tuple[float, float]:
        """Return the share of the grip that its brakes use, and the grip; a fallen two-wheeler scrapes along."""
        if self.struck and self.party.body["kind"] in TWO_WHEELERS:
            return 1.0, mount_friction(self.friction)
        if self.struck:
            return self.party.grips, self.friction
        told = self.party.braking
        brakes = told.slows_mps2 and seconds >= -told.braked_s
        return min(1.0, told.slows_mps2 / (self.friction * GRAVITY_MPS2)) if brakes else 0.0, self.friction
