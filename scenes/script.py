"""A scenario that a user writes in YAML: who is where, how that hangs together, what happens when; checked as a whole.

Time 0 is when all actors are at their places; events follow, and the picture is taken at a moment that is drawn. A
broken rule is one line with its key. `scenes.staging` draws scenes from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

import yaml
from pydantic import ConfigDict

from scenes.errors import InputError
from scenes.ontology import KIND_CATEGORY
from scenes.settings import validated
from scenes.spec.living import Pose
from scenes.spec.place import PlaceKind

Range = tuple[float, float]
Light = Literal["day", "low_sun", "night"]
Deed = Literal["brake", "accelerate", "change_lane", "indicate_left", "indicate_right"]
_STRICT = ConfigDict(extra="forbid")
_LANES = 3
_CROWD = 60
_LONGEST = 100_000
NARROWEST_M, WIDEST_M = 2.5, 4.5
_FASTEST_KMH, _HARDEST_MPS2 = 250.0, 10.0
PERSON = "person"
_RIDING: tuple[Pose, ...] = ("riding", "cycling", "driving")


@dataclass(frozen=True, kw_only=True)
class Relation:
    """Where an actor is against another, from middle to middle: `gap_m_range` further in the ego's direction."""

    actor: str
    gap_m_range: Range
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody of a scenario at time 0.

    Args:
        kinds: kinds of vehicles to draw from, or `person`.
        ahead_m_range: before the ego's front axle; or
        relative_to: another actor.
        lane: of a vehicle: 1 the ego direction's inner lane, 2 and 3 further out, -1 to -3 the oncoming ones.
        aside_m_range: left of the middle of the lane; of a person, of the road.
        speed_kmh_range: along the lane, >= 0.
        heading_deg: of a person, counter-clockwise from the ego's direction; pose: of a person.
    """

    kinds: tuple[str, ...]
    ahead_m_range: Range | None = None
    relative_to: Relation | None = None
    lane: int = 1
    aside_m_range: Range = (0.0, 0.0)
    speed_kmh_range: Range = (0.0, 0.0)
    heading_deg: float = 90.0
    pose: Pose = "standing"
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, kw_only=True)
class Event:
    """What an actor does, at a time or some time after another event has begun.

    Args:
        actor: who.
        does: what.
        at_s_range: when; or
        after: the other event, with delay_s_range.
        mps2_range: how hard it brakes or accelerates.
        to_kmh: the speed that it ends with; braking ends at a stand unless told.
        to_lane, over_s: of a change of lanes.
    """

    actor: str
    does: Deed
    at_s_range: Range | None = None
    after: str = ""
    delay_s_range: Range = (0.0, 0.0)
    mps2_range: Range = (3.0, 5.0)
    to_kmh: float | None = None
    to_lane: int | None = None
    over_s: float = 2.5
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, kw_only=True)
class PlaceWish:
    """Where it happens: kinds alike, side of traffic, and the range of the water film.

    Args:
        kinds: of places.
        drive_on: side of traffic.
        lanes: a direction, or None for what such places have.
        lane_width_m: likewise.
        wetness_range: in [0, 1].
    """

    kinds: tuple[PlaceKind, ...] = ("street",)
    drive_on: Literal["right", "left", "any"] = "right"
    lanes: int | None = None
    lane_width_m: float | None = None
    wetness_range: Range = (0.0, 0.2)
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """Everybody else: moving vehicles both ways, the share of parking places that are taken, people on foot."""

    oncoming: int = 1
    ahead: int = 1
    parked_share: float = 0.4
    people: int = 2
    __pydantic_config__ = _STRICT


@dataclass(frozen=True, kw_only=True)
class Script:
    """A whole scenario; `events` go by name, so that others can follow them.

    `ego` may name the actor whose car carries the camera; it drives and has events as all others. Without one, the
    camera is at its place at the moment of the picture, and actors are told against that place.
    """

    name: str
    sentence: str
    actors: dict[str, Actor]
    ego: str = ""
    light: Light = "day"
    place: PlaceWish = field(default_factory=PlaceWish)
    events: dict[str, Event] = field(default_factory=dict)
    moment_s_range: Range = (0.0, 2.0)
    ego_kmh_range: Range = (8.0, 46.0)
    crowd: Crowd = field(default_factory=Crowd)
    __pydantic_config__ = _STRICT

    def __post_init__(self) -> None:
        if not self.sentence.strip():
            raise InputError("sentence", "must say what happens")
        if not self.actors:
            raise InputError("actors", "must be at least one actor")
        _ranged("moment_s_range", self.moment_s_range, 0.0, 60.0)
        _ranged("ego_kmh_range", self.ego_kmh_range, 0.0, _FASTEST_KMH)
        _ranged("place.wetness_range", self.place.wetness_range, 0.0, 1.0)
        counts = (self.crowd.oncoming, self.crowd.ahead, self.crowd.people)
        if not 0 <= self.crowd.parked_share <= 1 or min(counts) < 0 or max(counts) > _CROWD:
            rule = f"counts must lie in [0, {_CROWD}], parked_share in [0, 1]"
            raise InputError("crowd", rule, got=self.crowd)
        _check_place("place", self.place)
        _check_ego("ego", self.ego, self.actors)
        for name, actor in self.actors.items():
            _check_actor(f"actors.{name}", actor, self.actors)
        for name, event in self.events.items():
            _check_event(f"events.{name}", event, self)
        leans = {name: told.relative_to.actor for name, told in self.actors.items() if told.relative_to}
        _no_circle("actors", "must not be placed by each other", leans)
        follows = {name: told.after for name, told in self.events.items() if told.after}
        _no_circle("events", "must not wait for each other", follows)


def read(path: Path) -> Script:
    """Read a scenario file; its name is the file's.

    Raises:
        InputError: there is no such file, it is no YAML, or a rule is broken; one line with the key.
    """
    try:
        text = path.read_text(encoding="utf-8")
        aliases = any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text))  # they can grow without end
        if len(text) > _LONGEST or aliases:
            raise InputError(str(path), f"must be shorter than {_LONGEST:,} characters and hold no alias")
        told = yaml.safe_load(text)
    except OSError as missing:
        raise InputError(f"scenario.script={path}", "must be a file", got=missing.strerror or "nothing") from missing
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as broken:
        raise InputError(str(path), f"is no YAML in UTF-8: {' '.join(str(broken).split())}") from broken
    if not isinstance(told, dict):
        raise InputError(str(path), "must be a mapping with sentence and actors", got=type(told).__name__)
    if "name" in told:
        rule = "must not be told: a scenario is named as its file"
        raise InputError(f"{path}: name", rule, got=told["name"], fix="take it out, or rename the file")
    return checked(path, told)


def checked(path: Path, told: Mapping[str, Any]) -> Script:
    """Return what a file tells as a script of the file's name.

    Raises:
        InputError: a rule is broken; one line with the path and the key.
    """
    try:
        return validated("", Script, {**told, "name": path.stem})
    except InputError as fault:
        raise fault.at(f"{path}: {fault.where}") from fault


def _check_place(where: str, wish: PlaceWish) -> None:
    if not wish.kinds:
        raise InputError(f"{where}.kinds", "must name a kind of place")
    if wish.lanes is not None and not 1 <= wish.lanes <= _LANES:
        raise InputError(f"{where}.lanes", f"must be 1 to {_LANES}", got=wish.lanes)
    if wish.lane_width_m is not None and not NARROWEST_M <= wish.lane_width_m <= WIDEST_M:
        raise InputError(f"{where}.lane_width_m", f"must lie in [{NARROWEST_M}, {WIDEST_M}]", got=wish.lane_width_m)


def _check_ego(where: str, ego: str, actors: Mapping[str, Actor]) -> None:
    if not ego:
        return
    if ego not in actors or PERSON in actors[ego].kinds:
        raise InputError(where, "must name an actor that is a vehicle", got=ego)
    if actors[ego].ahead_m_range != (0.0, 0.0) or actors[ego].lane < 1:
        raise InputError(where, "must have ahead_m_range: [0, 0] and a lane of its direction", got=ego)


def _check_actor(where: str, actor: Actor, everybody: Mapping[str, Actor]) -> None:
    known = (*KIND_CATEGORY, PERSON)
    if wrong := [kind for kind in actor.kinds if kind not in known]:
        raise InputError(f"{where}.kinds", f"must be of {', '.join(known)}", got=wrong[0])
    if not actor.kinds or (PERSON in actor.kinds and len(actor.kinds) > 1):
        raise InputError(f"{where}.kinds", "must name kinds of vehicles, or a person alone", got=actor.kinds)
    if (actor.ahead_m_range is None) == (actor.relative_to is None):
        raise InputError(where, "must have either ahead_m_range or relative_to")
    if actor.relative_to and actor.relative_to.actor not in everybody:
        rule = f"must name an actor of {', '.join(everybody)}"
        raise InputError(f"{where}.relative_to.actor", rule, got=actor.relative_to.actor)
    if actor.lane == 0 or abs(actor.lane) > _LANES:
        raise InputError(f"{where}.lane", f"must be 1 to {_LANES}, or -1 to -{_LANES} for oncoming", got=actor.lane)
    if actor.pose in _RIDING:
        raise InputError(f"{where}.pose", f"must be of {', '.join(set(get_args(Pose)) - set(_RIDING))}", got=actor.pose)
    _ranged(f"{where}.speed_kmh_range", actor.speed_kmh_range, 0.0, _FASTEST_KMH)
    _ranged(f"{where}.ahead_m_range", actor.ahead_m_range or (0.0, 0.0), -40.0, 200.0)
    _ranged(f"{where}.aside_m_range", actor.aside_m_range, -30.0, 30.0)
    _ranged(f"{where}.heading_deg", (actor.heading_deg, actor.heading_deg), -360.0, 360.0)
    if actor.relative_to:
        _ranged(f"{where}.relative_to.gap_m_range", actor.relative_to.gap_m_range, -100.0, 100.0)


def _check_event(where: str, event: Event, script: Script) -> None:
    if event.actor not in script.actors:
        raise InputError(f"{where}.actor", f"must be of {', '.join(script.actors)}", got=event.actor)
    if PERSON in script.actors[event.actor].kinds:
        raise InputError(f"{where}.actor", f"must be a vehicle: people do not {event.does}", got=event.actor)
    if (event.at_s_range is None) == (not event.after):
        raise InputError(where, "must have either at_s_range or after")
    if event.after and event.after not in script.events:
        raise InputError(f"{where}.after", f"must be of {', '.join(script.events)}", got=event.after)
    if (event.does == "change_lane") != (event.to_lane is not None):
        raise InputError(f"{where}.to_lane", "must be told of a change of lanes, of nothing else", got=event.to_lane)
    if event.to_lane is not None and not 1 <= abs(event.to_lane) <= _LANES:
        raise InputError(f"{where}.to_lane", f"must be 1 to {_LANES}, or -1 to -{_LANES}", got=event.to_lane)
    if event.to_kmh is not None and not 0 <= event.to_kmh <= _FASTEST_KMH:
        raise InputError(f"{where}.to_kmh", f"must lie in [0, {_FASTEST_KMH:g}]", got=event.to_kmh)
    if event.does == "accelerate" and event.to_kmh is None:
        raise InputError(f"{where}.to_kmh", "must say to what speed")
    if not 0.5 <= event.over_s <= 20:
        raise InputError(f"{where}.over_s", "must lie in [0.5, 20]", got=event.over_s)
    _ranged(f"{where}.at_s_range", event.at_s_range or (0.0, 0.0), 0.0, 60.0)
    _ranged(f"{where}.delay_s_range", event.delay_s_range, 0.0, 60.0)
    _ranged(f"{where}.mps2_range", event.mps2_range, 0.1, _HARDEST_MPS2)


def _ranged(where: str, told: Range, lowest: float, highest: float) -> None:
    if not lowest <= told[0] <= told[1] <= highest:
        raise InputError(where, f"must be [lo, hi] inside [{lowest:g}, {highest:g}]", got=list(told))


def _no_circle(where: str, rule: str, leans: Mapping[str, str]) -> None:
    """Refuse names that lean on each other in a circle, and name the circle."""
    for start in leans:
        way = [start]
        while (on := leans.get(way[-1])) is not None:
            if on in way:
                raise InputError(where, rule, got=" -> ".join([*way[way.index(on) :], on]))
            way.append(on)
