"""How a vehicle of a user's script moves: along its lane, with the events that it has.

A speed changes evenly until it is what an event wants, a change of lanes is a smooth step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import atan2, copysign, degrees

from scenes.road import lane_y_m
from scenes.script import Actor, Event
from scenes.spec.place import Street
from scenes.spec.vehicle import LampName

_STEP_S = 0.02
_KMH = 3.6
_SIGNALS_BEFORE_S = 1.5


@dataclass(frozen=True, kw_only=True)
class Onset:
    """An event with its drawn values: when it begins and how hard it goes."""

    event: Event
    begins_s: float
    mps2: float


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a vehicle is at a moment: along and across the road, speed along its lane, heading and lamps."""

    x_m: float
    y_m: float
    speed_mps: float
    heading_deg: float
    lamps: tuple[LampName, ...]


@dataclass(frozen=True, kw_only=True)
class Drive:
    """A vehicle's whole course through a scene: what it is, its events, and how it is at time 0."""

    name: str
    actor: Actor
    onsets: tuple[Onset, ...]
    begins_m: float
    speed_mps: float
    aside_m: float = 0.0

    def at(self, street: Street, moment_s: float) -> Standing:
        """Return where it is at a moment, >= 0."""
        told = advance(
            self.actor,
            street,
            list(self.onsets),
            begins_m=self.begins_m,
            speed_mps=self.speed_mps,
            moment_s=moment_s,
        )
        return replace(told, y_m=told.y_m + self.aside_m * copysign(1.0, self.actor.lane))


def advance(
    actor: Actor, street: Street, onsets: list[Onset], *, begins_m: float, speed_mps: float, moment_s: float
) -> Standing:
    """Return where a vehicle is at a moment, after its events.

    Args:
        actor: whose lane it begins in.
        street: the place.
        onsets: its events.
        begins_m: its x at time 0.
        speed_mps: at time 0.
        moment_s: >= 0.
    """
    way = copysign(1.0, actor.lane)
    x, speed, braking = begins_m, speed_mps, False
    for step in range(round(moment_s / _STEP_S)):
        now = step * _STEP_S
        gains = _gains(onsets, now, speed)
        braking = gains < 0 or (braking and speed == 0)  # who has stopped keeps the foot on the pedal
        after = max(0.0, speed + gains * _STEP_S)
        x += way * (speed + after) / 2 * _STEP_S
        speed = after
    y, drift = _across(actor, street, onsets, moment_s)
    turned = degrees(atan2(drift, way * max(speed, 0.5))) if drift else (0.0 if way > 0 else 180.0)
    return Standing(
        x_m=x,
        y_m=y,
        speed_mps=speed,
        heading_deg=turned,
        lamps=_lamps(actor, street, onsets, moment_s, braking=braking),
    )


def _gains(onsets: list[Onset], now_s: float, speed_mps: float) -> float:
    """Return what the latest event about speed does to it, m/s²; nothing once it is what was wanted."""
    about = [o for o in onsets if o.event.does in ("brake", "accelerate") and o.begins_s <= now_s]
    if not about:
        return 0.0
    last = max(about, key=lambda onset: onset.begins_s)
    aim = (last.event.to_kmh or 0.0) / _KMH
    left = aim - speed_mps
    wanted = left < 0 if last.event.does == "brake" else left > 0
    return float(copysign(min(last.mps2, abs(left) / _STEP_S), left)) if wanted else 0.0


def _across(actor: Actor, street: Street, onsets: list[Onset], moment_s: float) -> tuple[float, float]:
    """Return how far left of the middle of the road a vehicle is, and how fast it drifts there, m and m/s."""
    y, drift, lane = lane_y_m(street, actor.lane), 0.0, actor.lane
    for onset in sorted(onsets, key=lambda told: told.begins_s):
        if onset.event.to_lane is None or onset.begins_s > moment_s:
            continue
        share = min((moment_s - onset.begins_s) / onset.event.over_s, 1.0)
        shift = lane_y_m(street, onset.event.to_lane) - lane_y_m(street, lane)
        y += shift * share * share * (3 - 2 * share)
        drift = shift * 6 * share * (1 - share) / onset.event.over_s
        lane = onset.event.to_lane
    return y, drift


def _lamps(
    actor: Actor, street: Street, onsets: list[Onset], moment_s: float, *, braking: bool
) -> tuple[LampName, ...]:
    """Return the lamps that tell of the events: who changes lanes signals from a little before until it is done."""
    lamps: list[LampName] = ["tail", "brake"] if braking else []
    lane = actor.lane
    for onset in sorted(onsets, key=lambda told: told.begins_s):
        event, since = onset.event, moment_s - onset.begins_s
        if event.does == "indicate_left" and since >= 0:
            lamps.append("indicator_left")
        if event.does == "indicate_right" and since >= 0:
            lamps.append("indicator_right")
        if event.to_lane is not None:
            if -_SIGNALS_BEFORE_S <= since <= event.over_s:
                left = (lane_y_m(street, event.to_lane) - lane_y_m(street, lane)) * actor.lane > 0
                lamps.append("indicator_left" if left else "indicator_right")
            lane = event.to_lane
    return tuple(dict.fromkeys(lamps))
