"""A crash at a time of its tracks: how damaged its parties are, what has come off, which marks are on the road."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from math import cos, hypot, radians, sin
from typing import Any, TypeVar

from scenes.gait import phase
from scenes.spec.living import Animal, Person
from scenes.spec.party import Phase, Track
from scenes.spec.remains import Debris, Hull, Launch, SkidMark
from scenes.spec.vehicle import LampName, Vehicle
from scenes.trajectory import moment, rolled_m

_AIRBAG_S = 0.03
_HAZARDS_AFTER_S = 0.6
_SLIDES_MPS2 = 0.5 * 9.81
_BACKS_MPS, _STANDS_MPS = -0.3, 0.2
Thrown = TypeVar("Thrown", Person, Animal)
SHARDS = ("glass", "plastic", "trim")
_DAMAGE: dict[str, Any] = {
    "dents": (),
    "severity": 0.0,
    "lost": (),
    "opened": (),
    "airbags": False,
    "burnt": 0.0,
    "flames": 0.0,
}


def crash_phase(track: Track, time_s: float) -> Phase:
    """Return where in its crash a party stands: before it brakes, braking, from touch to pressed in, and then."""
    if time_s < track.contact_s:
        return "braking" if track.brakes_s < track.contact_s and time_s >= track.brakes_s else "approach"
    return "impact" if time_s <= track.impact_s else "after"


def party_at(vehicle: Vehicle, track: Track, time_s: float, *, rolls: bool = True) -> Vehicle:
    """Return a crash party at a time: whole until the hulls touch, then dented deeper and deeper until the impact ends.

    Parts that a blow tears off go at its end. Dents of later impacts are there from their end on.

    Args:
        vehicle: the party as its scene tells it.
        track: its track.
        time_s: when.
        rolls: whether to tell how far its wheels have turned, which only a clip needs.
    """
    where = moment(track, time_s)
    crash = vehicle.crash and replace(vehicle.crash, phase=crash_phase(track, time_s))
    placed = replace(
        vehicle,
        x_m=where.x_m,
        y_m=where.y_m,
        heading_deg=where.heading_deg,
        velocity_mps=where.velocity_mps,
        lamps=_party_lamps(vehicle, track, time_s),
        crash=crash,
        further=tuple(replace(label, phase=crash_phase(track, time_s)) for label in vehicle.further),
        tipped_deg=_at_time(track, track.tipped_deg, time_s),
        articulation_deg=float(round(_at_time(track, track.folded_deg, time_s))),
        track=None,
        rolled_m=rolled_m(track, time_s) - rolled_m(track, 0.0) if rolls else 0.0,
    )
    if time_s >= track.impact_s:
        return _dented(placed, time_s)
    if time_s < track.contact_s:
        return replace(placed, **_DAMAGE)
    share = 1 - (time_s - track.impact_s) / (track.contact_s - track.impact_s)
    dents = tuple(
        replace(dent, depth_m=dent.depth_m * share) for dent in vehicle.dents if dent.made_s <= track.impact_s
    )
    fired = vehicle.airbags and time_s > track.contact_s + _AIRBAG_S
    return replace(placed, **{**_DAMAGE, "dents": dents, "severity": vehicle.severity * share, "airbags": fired})


def _dented(vehicle: Vehicle, time_s: float) -> Vehicle:
    """Leave out what later impacts of a pile-up do, and the severity that they bring."""
    made = tuple(dent for dent in vehicle.dents if dent.made_s <= time_s)
    if len(made) == len(vehicle.dents):
        return vehicle
    share = max((dent.depth_m for dent in made), default=0.0) / max(dent.depth_m for dent in vehicle.dents)
    return replace(vehicle, dents=made, severity=vehicle.severity * share)


def thrown_at(actor: Thrown, track: Track, time_s: float) -> Thrown:
    """Return who is struck at a time: on their way until the first contact ends, then in the air, sliding, at rest."""
    where = moment(track, time_s)
    told: dict[str, Any] = {
        "x_m": where.x_m,
        "y_m": where.y_m,
        "heading_deg": where.heading_deg % 360,
        "velocity_mps": where.velocity_mps,
        "crash": actor.crash and replace(actor.crash, phase=crash_phase(track, time_s)),
        "track": None,
    }
    if time_s <= track.impact_s:
        return replace(actor, **{**told, **_going(actor, track, time_s)})
    told |= {"pose": "lying", "raised_m": _at_time(track, track.raised_m, time_s)}
    return replace(actor, **told, **_fallen(actor))


def _fallen(actor: Person | Animal) -> dict[str, Any]:
    if isinstance(actor, Animal):
        return {"stride": None}
    return {"mount": None, "seat": 0, "carries": (), "stride": 0.0}


def _going(actor: Person | Animal, track: Track, time_s: float) -> dict[str, Any]:
    """Return the phase of a gait some time before the impact; riders have none. Who stops before a vehicle stands."""
    if actor.crash is None or (isinstance(actor, Person) and actor.mount is None and _startled(track)):
        where = moment(track, time_s)
        if hypot(*where.velocity_mps) < _STANDS_MPS:
            return {"pose": "standing", "stride": 0.0}
        return {"stride": phase(hypot(where.x_m - track.x_m[0], where.y_m - track.y_m[0]), actor)}
    speed = hypot(*actor.velocity_mps)
    if not speed or (isinstance(actor, Person) and actor.mount is not None):
        return {}
    return {"stride": phase(speed * time_s, actor)}


def _startled(track: Track) -> bool:
    """Tell whether somebody went otherwise at the contact than at first."""
    at = track.times_s.index(track.contact_s)
    return hypot(*(a - b for a, b in zip(track.velocity_mps[0], track.velocity_mps[at], strict=True))) > _STANDS_MPS


def _at_time(track: Track, values: tuple[float, ...], time_s: float) -> float:
    """Return what a track tells beside its poses, by line between its times; 0 if it tells nothing."""
    if not values:
        return 0.0
    last = min(max(bisect_right(track.times_s, time_s), 1), len(track.times_s) - 1)
    span = track.times_s[last] - track.times_s[last - 1]
    share = min(max((time_s - track.times_s[last - 1]) / span, 0.0), 1.0)
    return round(values[last - 1] + share * (values[last] - values[last - 1]), 3)


def _party_lamps(vehicle: Vehicle, track: Track, time_s: float) -> tuple[LampName, ...]:
    """Return the lamps that burn; a parked vehicle's alarm flashes after the impact."""
    if not vehicle.lamps and time_s <= track.times_s[-1] + _HAZARDS_AFTER_S:
        return ()
    if time_s < track.contact_s:
        slows = track.brakes_s < track.contact_s and time_s >= track.brakes_s
        lamps: tuple[LampName, ...] = ("head", "tail", "brake") if slows else ("head", "tail")
        return (*lamps, "reversing") if _backs(track, time_s) else lamps
    if time_s > track.times_s[-1] + _HAZARDS_AFTER_S:
        return tuple(dict.fromkeys((*vehicle.lamps, "indicator_left", "indicator_right")))
    return vehicle.lamps


def _backs(track: Track, time_s: float) -> bool:
    at = moment(track, time_s)
    angle = radians(at.heading_deg)
    return at.velocity_mps[0] * cos(angle) + at.velocity_mps[1] * sin(angle) < _BACKS_MPS


def piece_at(piece: Debris, time_s: float) -> Debris | None:
    """Return a loose piece at a time: what is thrown slides from where it came off and turns until it rests.

    Shards are not there before they come off; a thing that is struck waits for it.
    """
    if piece.launch:
        return _flown(piece, piece.launch, time_s)
    if piece.thrown_from_m is None:
        return piece
    if time_s < 0 and piece.kind in SHARDS:
        return None
    return replace(_slid(piece, piece.thrown_from_m, time_s), thrown_from_m=None)


def _flown(piece: Debris, launch: Launch, time_s: float) -> Debris | None:
    if time_s < launch.made_s:
        return None
    slid = _slid(piece, launch.from_m[:2], time_s - launch.made_s)
    return replace(slid, heading_deg=piece.heading_deg, launch=replace(launch, shown_s=time_s))


def _slid(piece: Debris, from_m: tuple[float, float], gone_s: float) -> Debris:
    x0, y0 = from_m
    far = ((piece.x_m - x0) ** 2 + (piece.y_m - y0) ** 2) ** 0.5
    takes_s = max((2 * far / _SLIDES_MPS2) ** 0.5, 1e-6)
    left = min(max(0.0, 1 - gone_s / takes_s), 1.0) ** 2
    return replace(
        piece,
        x_m=piece.x_m + left * (x0 - piece.x_m),
        y_m=piece.y_m + left * (y0 - piece.y_m),
        heading_deg=piece.heading_deg - 400.0 * left * far,
    )


def hull_of(vehicle: Vehicle, track: Track) -> Hull:
    """Return a party's way from the first impact on, every other state of it, as pieces fly against it."""
    since = [index for index, seconds in enumerate(track.times_s) if seconds >= 0]
    kept = [*since[:-1:2], since[-1]]
    return Hull(
        actor_id=vehicle.actor_id,
        times_s=tuple(round(track.times_s[index], 3) for index in kept),
        x_m=tuple(round(track.x_m[index], 3) for index in kept),
        y_m=tuple(round(track.y_m[index], 3) for index in kept),
        heading_deg=tuple(round(track.heading_deg[index], 2) for index in kept),
        tipped_deg=tuple(round(track.tipped_deg[index], 2) if track.tipped_deg else 0.0 for index in kept),
    )


def mark_at(mark: SkidMark, time_s: float) -> SkidMark | None:
    """Return as much of a tyre mark as has been made."""
    if not mark.times_s:
        return mark
    points = tuple(point for point, made_s in zip(mark.points_m, mark.times_s, strict=True) if made_s <= time_s)
    return replace(mark, points_m=points, times_s=()) if len(points) > 2 else None
