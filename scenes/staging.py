"""Scenes from a user's script: places are drawn, events are let happen until the moment of the picture, others join in.

Motion is along lanes: a speed changes evenly until it is what an event wants, a change of lanes is a smooth step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import atan2, copysign, degrees
from types import MappingProxyType

import numpy as np

from scenes.camera import draw_dashcam
from scenes.draws import one_of
from scenes.road import lane_y_m
from scenes.script import PERSON, Actor, Event, Range, Script
from scenes.site.layout import draw_place
from scenes.spec import Camera, LampName, SceneSpec, Street, Sun
from scenes.traffic import Traffic

_STEP_S = 0.02
_KMH = 3.6
_SIGNALS_BEFORE_S = 1.5
_ELEVATIONS_DEG = MappingProxyType({"day": (18.0, 62.0), "low_sun": (3.5, 12.0), "night": (25.0, 60.0)})
_LEFT_SHARE = MappingProxyType({"right": 0.0, "left": 1.0, "any": 0.5})


class NoRoomError(Exception):
    """A draw that cannot be staged; the text is the reason, and it is drawn again."""


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


def stage(script: Script, rng: np.random.Generator, seed: int) -> SceneSpec:
    """Draw one scene of a script.

    Args:
        script: a valid one.
        rng: the scene's generator.
        seed: of what no field names.

    Raises:
        NoRoomError: the drawn place lacks a lane, or an actor finds no room.
    """
    wish = script.place
    street = draw_place(
        rng,
        kinds=dict.fromkeys(wish.kinds, 1.0),
        wetness=wish.wetness_range,
        left_share=_LEFT_SHARE[wish.drive_on],
    )
    street = replace(
        street,
        lanes_per_direction=wish.lanes or street.lanes_per_direction,
        lane_width_m=wish.lane_width_m or street.lane_width_m,
    )
    moment_s, onsets = _between(rng, script.moment_s_range), _onsets(script, rng)
    traffic = Traffic(street, (), rng, night=script.light == "night")
    ego = _ego(script, street, onsets, rng, moment_s) if script.ego else None
    gone_m = ego.x_m if ego else 0.0
    begun_m: dict[str, float] = {}
    for name in _in_order(script):
        actor = script.actors[name]
        begun_m[name] = _begins_m(actor, begun_m, rng)
        own = [onset for onset in onsets.values() if onset.event.actor == name]
        at_m = begun_m[name] - gone_m
        if name != script.ego and not _placed(traffic, actor, own, rng, begins_m=at_m, moment_s=moment_s):
            raise NoRoomError(f"{name} finds no room")
    _crowd(script, traffic)
    slow, fast = (ego.speed_mps, ego.speed_mps) if ego else (kmh / _KMH for kmh in script.ego_kmh_range)
    camera = draw_dashcam(rng, lane_y_m=ego.y_m if ego else lane_y_m(street, 1), speed_mps=(slow, fast))
    return _scene(script, traffic, camera, rng, seed)


def _ego(
    script: Script, street: Street, onsets: dict[str, Onset], rng: np.random.Generator, moment_s: float
) -> Standing:
    """Return where the car that carries the camera is, from where it was at time 0."""
    actor = script.actors[script.ego]
    own = [onset for onset in onsets.values() if onset.event.actor == script.ego]
    _lanes_there(actor, own, street)
    speed = _between(rng, actor.speed_kmh_range) / _KMH
    return advance(actor, street, own, begins_m=0.0, speed_mps=speed, moment_s=moment_s)


def _lanes_there(actor: Actor, onsets: list[Onset], street: Street) -> None:
    lanes = [actor.lane, *(onset.event.to_lane for onset in onsets if onset.event.to_lane)]
    if max(abs(lane) for lane in lanes) > street.lanes_per_direction:
        raise NoRoomError(f"the place has {street.lanes_per_direction} lanes a direction")


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


def _onsets(script: Script, rng: np.random.Generator) -> dict[str, Onset]:
    """Draw when events begin, those that others wait for first."""
    found: dict[str, Onset] = {}
    left = dict(script.events)
    while left:
        for name, event in [(name, event) for name, event in left.items() if not event.after or event.after in found]:
            begins = (
                found[event.after].begins_s + _between(rng, event.delay_s_range)
                if event.after
                else _between(rng, event.at_s_range or (0.0, 0.0))
            )
            found[name] = Onset(event=event, begins_s=begins, mps2=_between(rng, event.mps2_range))
            del left[name]
    return found


def _in_order(script: Script) -> list[str]:
    """Return the actors so that each comes after the one that it is placed by."""
    found: list[str] = []
    while len(found) < len(script.actors):
        for name, actor in script.actors.items():
            if name not in found and (actor.relative_to is None or actor.relative_to.actor in found):
                found.append(name)
    return found


def _begins_m(actor: Actor, begun_m: dict[str, float], rng: np.random.Generator) -> float:
    if actor.relative_to is not None:
        return begun_m[actor.relative_to.actor] + _between(rng, actor.relative_to.gap_m_range)
    return _between(rng, actor.ahead_m_range or (0.0, 0.0))


def _placed(
    traffic: Traffic, actor: Actor, onsets: list[Onset], rng: np.random.Generator, *, begins_m: float, moment_s: float
) -> bool:
    """Put an actor where it is at the moment; tell whether there was room."""
    street, aside = traffic.street, _between(rng, actor.aside_m_range)
    if PERSON in actor.kinds:
        return traffic.stand(begins_m, aside, actor.heading_deg, actor.pose)
    _lanes_there(actor, onsets, street)
    speed = _between(rng, actor.speed_kmh_range) / _KMH
    at = advance(actor, street, onsets, begins_m=begins_m, speed_mps=speed, moment_s=moment_s)
    lamps: tuple[LampName, ...] = ("head", "tail", *at.lamps) if traffic.night else at.lamps
    kind = one_of(actor.kinds, rng)
    if kind == "bicycle":  # it has no lamps that tell what it does
        lamps = tuple(lamp for lamp in lamps if lamp in ("head", "tail"))
    y = at.y_m + aside * copysign(1.0, actor.lane)
    return traffic.add(kind, at.x_m, y, at.heading_deg, speed_mps=at.speed_mps, lamps=tuple(dict.fromkeys(lamps)))


def _crowd(script: Script, traffic: Traffic) -> None:
    crowd = script.crowd
    traffic.park(share=crowd.parked_share)
    farthest = max((vehicle.x_m for vehicle in traffic.vehicles), default=9.0)
    traffic.drive(oncoming=crowd.oncoming, ahead=crowd.ahead, nearest_m=max(9.0, min(farthest, 40.0)))
    traffic.walk(crowd.people)


def _scene(script: Script, traffic: Traffic, camera: Camera, rng: np.random.Generator, seed: int) -> SceneSpec:
    low_sun = script.light == "low_sun"
    azimuth = float(np.clip(rng.normal(0, 4), -8, 8) if low_sun else rng.uniform(-180, 180))
    elevation = float(rng.uniform(*_ELEVATIONS_DEG[script.light]))
    return SceneSpec(
        scenario=script.name,
        sentence=script.sentence,
        seed=seed,
        lighting=script.light,
        street=traffic.street,
        sun=Sun(elevation_deg=round(elevation, 2), azimuth_deg=round(azimuth, 2)),
        cameras=(camera,),
        vehicles=tuple(traffic.vehicles),
        people=tuple(traffic.people),
        animals=tuple(traffic.animals),
    )


def _between(rng: np.random.Generator, bounds: Range) -> float:
    return bounds[0] if bounds[0] == bounds[1] else float(rng.uniform(*bounds))
