"""From a near miss to a scene: its actors with their tracks, the view, and all that is around them."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import Any

import numpy as np

from scenes.checks import Footprint, footprint
from scenes.clearance import body_at
from scenes.crashes.approach import Row, brake_marks
from scenes.crashes.composition import draw_light, street_of, surrounded
from scenes.crashes.conflict import post_encroachment_s, time_to_collision_s
from scenes.crashes.crash_type import CrashType, Ground
from scenes.crashes.event import Loose, Party
from scenes.crashes.gap import least_gap
from scenes.crashes.manoeuvre import Goer
from scenes.crashes.near_miss import PERSON_M, Missed, NearMiss, at_nearest, draw_missed
from scenes.crashes.outcome import BRAKED_RUBBER, TYRE_WIDTH_M, Outcome, mark_of
from scenes.crashes.registry import CRASH_TYPES
from scenes.crashes.scene import Scene
from scenes.crashes.startle import Rhythm
from scenes.crashes.viewpoint import LOOKS, LYING_M, UNCOVERED, draw_camera, unseen
from scenes.draws import Refused, one_of
from scenes.driver import Braking
from scenes.person import draw_person
from scenes.spec.living import Person
from scenes.spec.party import Track
from scenes.spec.place import Street
from scenes.spec.remains import SkidMark
from scenes.spec.scene import Conflict, SceneSpec
from scenes.spec.vehicle import LampName, Vehicle
from scenes.spec.view import Camera
from scenes.trajectory import APPROACH_S, NEVER_S, moment, track_of
from scenes.vehicle import TWO_WHEELERS

_STEP_S, _APART_S, _FINE_S = 0.2, 0.02, 0.01
_MOMENTS_S = (-1.2, 1.2)
_NEAREST_SHARE = 0.3


def compose_near_miss(
    kind: NearMiss, rng: np.random.Generator, seed: int, *, tracked: bool = False, lighting: str | None = None
) -> SceneSpec:
    """Draw a scene of a near miss; arguments and errors as of `composition.compose`. Time 0 is when both are nearest.

    No label of a crash is set, whatever the moment: nothing has happened.
    """
    light = draw_light(lighting, rng)
    crash = CRASH_TYPES[one_of(kind.crashes, rng)]
    street = street_of(crash, rng)
    missed = at_nearest(draw_missed(kind, crash, Ground(street=street), rng))
    time_s, ahead_m, camera = _view(missed, street, rng, tracked=tracked)
    if crash.junction:
        middle = ahead_m + missed.event.feature_m + float(rng.normal(0, 0.4))
        street = replace(street, feature_x_m=round(middle, 2))
    told = _outcome(missed, ahead_m, rng)
    scene = Scene(
        kind=_told(kind, crash, told),
        street=street,
        outcome=told,
        obstacles=(),
        camera=camera,
        phase="braking",
        time_s=time_s,
    )
    spec = surrounded(scene, rng, light=light, dark=light == "night", seed=seed, tracked=tracked)
    return replace(spec, near_miss=conflict_of(kind.name, told.vehicles, told.people))


def conflict_of(name: str, vehicles: tuple[Vehicle, ...], people: tuple[Person, ...]) -> Conflict:
    """Return how near the two tracked actors of a near miss come to a crash; times are None where they are infinite."""
    actors: list[Vehicle | Person] = [*vehicles, *people]
    first, second = (actor for actor in actors if actor.track)
    ends = [time_s for actor in (first, second) if actor.track for time_s in actor.track.times_s]
    times = np.arange(min(ends), max(ends), _APART_S).tolist()
    moves = (
        time_to_collision_s(_ground(first, t), _ground(second, t), (_velocity(first, t), _velocity(second, t)))
        for t in times
    )
    least = min(moves)
    shift = post_encroachment_s(lambda t: (_ground(first, t), _ground(second, t)), min(ends), max(ends))
    return Conflict(
        kind=name,
        between=(first.actor_id, second.actor_id),
        gap_m=round(nearest_m(vehicles, people), 2),
        time_to_collision_s=round(least, 2) if isfinite(least) else None,
        post_encroachment_s=round(shift, 2) if isfinite(shift) else None,
    )


def _velocity(actor: Vehicle | Person, time_s: float) -> tuple[float, float]:
    assert actor.track is not None
    return moment(actor.track, time_s).velocity_mps


def nearest_m(vehicles: tuple[Vehicle, ...], people: tuple[Person, ...]) -> float:
    """Return how near the tracked actors of a near miss ever come to each other."""
    actors: list[Vehicle | Person] = [*vehicles, *people]
    first, second = tracked = [actor for actor in actors if actor.track]
    ends = [time_s for actor in tracked if actor.track for time_s in actor.track.times_s]
    return least_gap(lambda time_s: (_ground(first, time_s), _ground(second, time_s)), min(ends), max(ends), _FINE_S)[0]


def _ground(actor: Vehicle | Person, time_s: float) -> Footprint:
    if isinstance(actor, Vehicle):
        return body_at(actor, time_s)
    assert actor.track is not None
    at = moment(actor.track, time_s)
    return footprint(at.x_m, at.y_m, at.heading_deg, PERSON_M, PERSON_M)


def _told(kind: NearMiss, crash: CrashType, told: Outcome) -> CrashType:
    """Return the type that the scene is told to be, with the distance that its tracks have.

    Raises:
        Refused: it is not within the range.
    """
    gap = nearest_m(told.vehicles, told.people)
    if not kind.gap_m[0] <= gap <= kind.gap_m[1]:
        raise Refused("the tracks do not keep the distance")
    return replace(crash, name=kind.name, sentence=kind.sentence.format(gap=f"{gap:.2f}"))


def _view(missed: Missed, street: Street, rng: np.random.Generator, *, tracked: bool) -> tuple[float, float, Camera]:
    """Draw a moment, how far ahead the event is, and a camera that sees both.

    Raises:
        Refused: none of a few draws shows both; with the reason of the last one.
    """
    why, on_foot = "", isinstance(missed.event.struck, Loose)
    for _ in range(LOOKS):
        time_s = 0.0 if tracked or rng.random() < _NEAREST_SHARE else round(float(rng.uniform(*_MOMENTS_S)), 3)
        bodies = [goer.body(missed.nearest_s + time_s) for goer in missed.goers]
        walkers = [footprint(body.x_m, body.y_m, 0.0, *LYING_M) for body in bodies[1:]] if on_foot else []
        bodies = bodies[:1] if on_foot else bodies
        ahead_m, camera = draw_camera(bodies, street, rng)
        seen_from = replace(camera, x_m=camera.x_m - ahead_m)
        least = 0.0 if tracked else UNCOVERED
        why = unseen(seen_from, bodies, len(bodies), walkers, ahead_m=ahead_m, least=least)
        if not why:
            return time_s, ahead_m, camera
    raise Refused(why)


def _outcome(missed: Missed, ahead_m: float, rng: np.random.Generator) -> Outcome:
    """Return the actors with their tracks, moved along x, and the marks of hard brakes; nothing is broken."""
    event = missed.event
    tracks = [_track(goer, missed.nearest_s, ahead_m) for goer in missed.goers]
    pairs = list(zip(event.parties, missed.goers, tracks, strict=False))
    vehicles = [_vehicle(number, party, track) for number, (party, _, track) in enumerate(pairs, 1)]
    people = [_rider(vehicle, len(vehicles) + 1, rng) for vehicle in vehicles if vehicle.kind in TWO_WHEELERS]
    if isinstance(event.struck, Loose):
        told = {**event.struck.told, **_at_zero(tracks[1])}
        told["heading_deg"] %= 360
        track = replace(tracks[1], raised_m=(0.0,) * len(tracks[1].times_s))
        people.append(Person(actor_id=len(vehicles) + 1, track=track, **told))
    marks = [mark for party, goer, _ in pairs for mark in _marks(missed, party, goer, ahead_m)]
    return Outcome(
        vehicles=tuple(vehicles),
        people=tuple(people),
        animals=(),
        pieces=(),
        skid_marks=tuple(marks),
        contact_m=(ahead_m, event.y_m),
        absorbed_j=0.0,
        pairs=len(vehicles) > 1,
    )


def _rows(goer: Goer, nearest_s: float, ahead_m: float) -> list[Row]:
    """Return the states of somebody until they stand, time 0 the moment when both are nearest."""
    brakes, rests = goer.pace.brakes_s - nearest_s, goer.pace.rests_s - nearest_s
    last = max(rests, 2 * _STEP_S)
    times = {0.0, -APPROACH_S, last}
    turns = [time - nearest_s for time in goer.pace.times_s] if isinstance(goer.pace, Rhythm) else []
    kinks = [
        time for time in (brakes, rests, *turns, *np.arange(-APPROACH_S, last, _STEP_S).tolist()) if time > -APPROACH_S
    ]
    for time in kinks:
        if all(abs(time - other) > _APART_S for other in times):
            times.add(time)
    return [_moved(goer.row(time + nearest_s), time, ahead_m) for time in sorted(times)]


def _moved(row: Row, time_s: float, ahead_m: float) -> Row:
    return time_s, row[1] + ahead_m, *row[2:]


def _track(goer: Goer, nearest_s: float, ahead_m: float) -> Track:
    brakes_s = max(goer.pace.brakes_s - nearest_s, -APPROACH_S)
    return track_of(_rows(goer, nearest_s, ahead_m), contact_s=NEVER_S, brakes_s=brakes_s, impact_s=NEVER_S)


def _at_zero(track: Track) -> dict[str, Any]:
    index = track.times_s.index(0.0)
    vx, vy = track.velocity_mps[index]
    return {
        "x_m": round(track.x_m[index], 3),
        "y_m": round(track.y_m[index], 3),
        "heading_deg": round(track.heading_deg[index], 2),
        "velocity_mps": (round(vx, 3), round(vy, 3)),
    }


def _vehicle(actor_id: int, party: Party, track: Track) -> Vehicle:
    lamps: tuple[LampName, ...] = ("head", "tail", "brake") if track.brakes_s <= 0 else ("head", "tail")
    return Vehicle(actor_id=actor_id, driver=True, lamps=lamps, track=track, **_at_zero(track), **party.body)


def _rider(mount: Vehicle, actor_id: int, rng: np.random.Generator) -> Person:
    told = draw_person(rng, pose="cycling" if mount.kind == "bicycle" else "riding")
    place: dict[str, Any] = {"x_m": mount.x_m, "y_m": mount.y_m, "heading_deg": round(mount.heading_deg % 360, 2)}
    return Person(actor_id=actor_id, mount=mount.actor_id, **place, **told)


def _marks(missed: Missed, party: Party, goer: Goer, ahead_m: float) -> list[SkidMark]:
    """Return what tyres leave of brakes that are held to a stand; a bicycle's leave nothing that is seen."""
    pace = goer.pace
    if isinstance(pace, Rhythm) or not pace.cruise_mps or party.body["kind"] in TWO_WHEELERS:
        return []
    rows = [row for row in _rows(goer, missed.nearest_s, ahead_m) if row[0] <= pace.rests_s - missed.nearest_s + 1e-9]
    braked = Braking(
        cruise_mps=pace.cruise_mps,
        impact_mps=0.0,
        braked_s=pace.rests_s - pace.brakes_s,
        slows_mps2=pace.slows_mps2,
    )
    tracks = brake_marks(replace(party, braking=braked), rows, missed.event.friction) if len(rows) > 1 else []
    return [mark_of(track, TYRE_WIDTH_M, BRAKED_RUBBER) for track in tracks]
