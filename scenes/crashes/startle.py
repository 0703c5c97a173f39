"""What somebody on foot does who sees a vehicle come: walks on, freezes, hurries, or jumps back.

Sources:
    Volunteers before a vehicle that comes on them in virtual reality took 0.17 to 0.41 s to decide and 1.5 to 1.8 s to
    act, and went forward or backward out of its way: Nie et al., Scientific Reports 11 (2021), 2779; Li et al.,
    Frontiers in Bioengineering and Biotechnology 9 (2021), 783003. Shares and accelerations are assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from scenes.draws import drawn
from scenes.errors import InputError

Reaction = Literal["walks_on", "freezes", "hurries", "jumps_back"]
NEARLY: Mapping[Reaction, float] = MappingProxyType(
    {"walks_on": 0.25, "freezes": 0.3, "hurries": 0.25, "jumps_back": 0.2}
)
"""Share of what people do who are missed."""
STRUCK: Mapping[Reaction, float] = MappingProxyType(
    {"walks_on": 0.45, "freezes": 0.25, "hurries": 0.2, "jumps_back": 0.1}
)
"""Share of what people do who are struck; many have seen nothing."""
GAINS_MPS2 = 3.5
_BACK_MPS, _HURRY_MPS, _FASTEST_MPS = (0.8, 1.6), (0.8, 1.8), 4.0
_BACK_S = (0.35, 0.7)
_DECIDES_S = (0.17, 0.41)
_LONGEST_S = 1.1
"""Of a change of speed before a contact, so that tracks begin before it."""


def draw_reaction(shares: Mapping[Reaction, float], rng: np.random.Generator) -> Reaction:
    """Draw what somebody does."""
    return drawn(shares, rng)


def goal_mps(reaction: Reaction, walks_mps: float, rng: np.random.Generator) -> float:
    """Return the speed along one's way that a reaction leads to; negative for who goes backward."""
    if reaction == "hurries":
        return max(walks_mps, min(walks_mps + float(rng.uniform(*_HURRY_MPS)), _FASTEST_MPS))
    if reaction == "jumps_back":
        return max(-float(rng.uniform(*_BACK_MPS)), walks_mps - _LONGEST_S * GAINS_MPS2)
    return 0.0 if reaction == "freezes" else walks_mps


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """A speed that changes in straight lines between times, is kept before them, and ends at a stand.

    Args:
        times_s: ascending; at time 0, who kept the first speed is where the path's length is 0.
        speeds_mps: at each of them, negative backward; the last is 0.
    """

    times_s: tuple[float, ...]
    speeds_mps: tuple[float, ...]

    def __post_init__(self) -> None:
        ascends = all(a < b for a, b in zip(self.times_s, self.times_s[1:], strict=False))
        if len(self.times_s) != len(self.speeds_mps) or len(self.times_s) < 2 or not ascends or self.speeds_mps[-1]:
            rule = "times must ascend, with a speed for each, the last of which is 0"
            raise InputError("rhythm", rule, got=(self.times_s, self.speeds_mps))

    @property
    def brakes_s(self) -> float:
        """When the first speed ends."""
        return self.times_s[0]

    @property
    def rests_s(self) -> float:
        """When it stands."""
        return self.times_s[-1]

    def speed_mps(self, time_s: float) -> float:
        """Return the speed at a time."""
        return float(np.interp(time_s, self.times_s, self.speeds_mps))

    def way_m(self, time_s: float) -> float:
        """Return the way along the path at a time."""
        first = self.times_s[0]
        if time_s <= first:
            return self.speeds_mps[0] * time_s
        times = [*(time for time in self.times_s if time < time_s), time_s]
        speeds = [self.speed_mps(time) for time in times]
        return self.speeds_mps[0] * first + float(np.trapezoid(speeds, times))


def rhythm(walks_mps: float, reaction: Reaction, rng: np.random.Generator) -> Rhythm:
    """Return how somebody goes who is missed; the vehicle is seen before time 0, when it would have struck.

    Args:
        walks_mps: speed before, > 0.
        reaction: what they do.
        rng: draws when and how fast.
    """
    sees_s, later_s = float(rng.uniform(-1.1, -0.4)), float(rng.uniform(2.5, 4.0))
    acts_s = sees_s + float(rng.uniform(*_DECIDES_S))
    goal = goal_mps(reaction, walks_mps, rng)
    changed_s = acts_s + abs(goal - walks_mps) / GAINS_MPS2
    if reaction == "freezes":
        return Rhythm(times_s=(acts_s, changed_s), speeds_mps=(walks_mps, 0.0))
    if reaction == "walks_on":
        return Rhythm(times_s=(later_s, later_s + walks_mps / GAINS_MPS2), speeds_mps=(walks_mps, 0.0))
    ends_s = changed_s + float(rng.uniform(*_BACK_S)) if reaction == "jumps_back" else later_s
    times = (acts_s, changed_s, ends_s, ends_s + abs(goal) / GAINS_MPS2)
    return Rhythm(times_s=times, speeds_mps=(walks_mps, goal, goal, 0.0))
