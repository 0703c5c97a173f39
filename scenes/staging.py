"""Scenes from a user's script: places are drawn, events are let happen until the moment of the picture, others join in.

Motion is along lanes: `scenes.drive`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from scenes.camera import draw_dashcam
from scenes.draws import one_of
from scenes.drive import Drive, Onset
from scenes.road import lane_y_m
from scenes.script import PERSON, Actor, Range, Script
from scenes.site.layout import draw_place
from scenes.spec.place import Street
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import LampName
from scenes.spec.view import Camera, Sun
from scenes.traffic import Traffic

_KMH = 3.6
_ELEVATIONS_DEG = MappingProxyType({"day": (18.0, 62.0), "low_sun": (3.5, 12.0), "night": (25.0, 60.0)})
_LEFT_SHARE = MappingProxyType({"right": 0.0, "left": 1.0, "any": 0.5})


class NoRoomError(Exception):
    """A draw that cannot be staged; the text is the reason, and it is drawn again."""


@dataclass(frozen=True, kw_only=True)
class Staged:
    """A scene of a script, when its picture is taken, and how its vehicles came to be where they are."""

    scene: SceneSpec
    moment_s: float
    drives: tuple[Drive, ...]


def stage(script: Script, rng: np.random.Generator, seed: int) -> SceneSpec:
    """Draw one scene of a script; arguments and errors as of `play`."""
    return play(script, rng, seed).scene


def play(script: Script, rng: np.random.Generator, seed: int) -> Staged:
    """Draw one scene of a script with the courses of its vehicles.

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
    ego = _ego(script, street, onsets, rng) if script.ego else None
    ego_at = ego.at(street, moment_s) if ego else None
    gone_m = ego_at.x_m if ego_at else 0.0
    begun_m: dict[str, float] = {}
    drives = [replace(ego, begins_m=-gone_m)] if ego else []
    for name in _in_order(script):
        actor = script.actors[name]
        begun_m[name] = _begins_m(actor, begun_m, rng)
        own = [onset for onset in onsets.values() if onset.event.actor == name]
        at_m = begun_m[name] - gone_m
        if name == script.ego:
            continue
        drive = _placed(traffic, name, actor, own, rng, begins_m=at_m, moment_s=moment_s)
        drives += [drive] if drive else []
    _crowd(script, traffic)
    slow, fast = (ego_at.speed_mps, ego_at.speed_mps) if ego_at else (kmh / _KMH for kmh in script.ego_kmh_range)
    camera = draw_dashcam(rng, lane_y_m=ego_at.y_m if ego_at else lane_y_m(street, 1), speed_mps=(slow, fast))
    return Staged(scene=_scene(script, traffic, camera, rng, seed), moment_s=moment_s, drives=tuple(drives))


def _ego(script: Script, street: Street, onsets: dict[str, Onset], rng: np.random.Generator) -> Drive:
    """Return the course of the car that carries the camera, from x = 0."""
    actor = script.actors[script.ego]
    own = [onset for onset in onsets.values() if onset.event.actor == script.ego]
    _lanes_there(actor, own, street)
    speed = _between(rng, actor.speed_kmh_range) / _KMH
    return Drive(name=script.ego, actor=actor, onsets=tuple(own), begins_m=0.0, speed_mps=speed)


def _lanes_there(actor: Actor, onsets: list[Onset], street: Street) -> None:
    lanes = [actor.lane, *(onset.event.to_lane for onset in onsets if onset.event.to_lane)]
    if max(abs(lane) for lane in lanes) > street.lanes_per_direction:
        raise NoRoomError(f"the place has {street.lanes_per_direction} lanes a direction")


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
    traffic: Traffic,
    name: str,
    actor: Actor,
    onsets: list[Onset],
    rng: np.random.Generator,
    *,
    begins_m: float,
    moment_s: float,
) -> Drive | None:
    """Put an actor where it is at the moment, and return its course; a person has none."""
    street, aside = traffic.street, _between(rng, actor.aside_m_range)
    if PERSON in actor.kinds:
        _room(name, found=traffic.stand(begins_m, aside, actor.heading_deg, actor.pose))
        return None
    _lanes_there(actor, onsets, street)
    speed = _between(rng, actor.speed_kmh_range) / _KMH
    drive = Drive(name=name, actor=actor, onsets=tuple(onsets), begins_m=begins_m, speed_mps=speed, aside_m=aside)
    at = drive.at(street, moment_s)
    lamps: tuple[LampName, ...] = ("head", "tail", *at.lamps) if traffic.night else at.lamps
    kind = one_of(actor.kinds, rng)
    if kind == "bicycle":  # it has no lamps that tell what it does
        lamps = tuple(lamp for lamp in lamps if lamp in ("head", "tail"))
    lamps = tuple(dict.fromkeys(lamps))
    _room(name, found=traffic.add(kind, at.x_m, at.y_m, at.heading_deg, speed_mps=at.speed_mps, lamps=lamps))
    return drive


def _room(name: str, *, found: bool) -> None:
    if not found:
        raise NoRoomError(f"{name} finds no room")


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
