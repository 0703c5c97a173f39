"""Who and what is thrown, as actors and pieces of a scene, told at time 0."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from scenes.crashes.approach import Row
from scenes.crashes.event import Loose
from scenes.crashes.launch import Thrown
from scenes.crashes.party_label import label_of
from scenes.crashes.solver import Solution
from scenes.person import draw_person
from scenes.spec.living import Animal, Person, Pose
from scenes.spec.party import CrashParty, Track
from scenes.spec.remains import Debris
from scenes.spec.vehicle import Vehicle
from scenes.trajectory import APPROACH_S, track_of

_THROWN_STEPS = 16


def victims(
    solved: Solution, vehicles: list[Vehicle], ahead_m: float, rng: np.random.Generator
) -> tuple[list[Person], list[Animal], list[Debris]]:
    """Return people, animals and things that a solved event throws; ids follow those of its vehicles."""
    people, animals, pieces, next_id = list[Person](), list[Animal](), list[Debris](), len(vehicles) + 1
    for thrown in solved.thrown:
        label = replace(label_of(thrown.hit), throw_m=round(thrown.throw.distance_m, 3))
        if isinstance(thrown.who, int):
            mount = vehicles[thrown.who]
            pose: Pose = "cycling" if mount.kind == "bicycle" else "riding"
            told = _rider(thrown, mount, label, ahead_m, solved) | draw_person(rng, pose=pose)
            people.append(Person(actor_id=next_id, **told))
        elif thrown.who.against == "object":
            pieces.append(_piece(thrown, thrown.who, ahead_m))
        else:
            told = _walker(thrown, thrown.who, label, ahead_m, solved)
            if thrown.who.against == "person":
                people.append(Person(actor_id=next_id, **told))
            else:
                animals.append(Animal(actor_id=next_id, **told))
        next_id += 1
    return people, animals, pieces


def _flight(thrown: Thrown, ahead_m: float, heading_rad: float) -> tuple[list[Row], list[float]]:
    """Return the rows of a throw since time 0, and the height over the ground at each."""
    toward, (x0, y0) = thrown.toward_rad, thrown.from_m
    along = float(np.cos(toward)), float(np.sin(toward))
    whole = max(thrown.throw.seconds, 0.1)
    rows, raised = list[Row](), list[float]()
    for step in range(_THROWN_STEPS + 1):
        seconds = whole * step / _THROWN_STEPS
        (way, high), (further, _) = thrown.throw.at(seconds), thrown.throw.at(seconds + 0.001)
        speed = (further - way) / 0.001
        rows.append(
            (
                seconds,
                x0 + ahead_m + way * along[0],
                y0 + way * along[1],
                heading_rad,
                speed * along[0],
                speed * along[1],
            )
        )
        raised.append(high)
    return rows, raised


def _told(track: Track, raised: list[float], before: int) -> Track:
    return replace(track, raised_m=tuple(round(high, 3) for high in [0.0] * before + raised))


def _walker(thrown: Thrown, loose: Loose, label: CrashParty, ahead_m: float, solved: Solution) -> dict[str, Any]:
    """Return somebody on foot or an animal, told at time 0 where the front has reached them."""
    angle = float(np.deg2rad(loose.heading_deg))
    velocity = loose.speed_mps * float(np.cos(angle)), loose.speed_mps * float(np.sin(angle))
    rows, raised = _flight(thrown, ahead_m, angle)
    x, y = rows[0][1:3]
    came = [_came(loose, time_s, solved.contact_s, (x, y)) for time_s in _sooner(loose, solved.contact_s)]
    tracked = track_of([*came, *rows], contact_s=solved.contact_s, brakes_s=solved.contact_s)
    track = _told(tracked, raised, len(came))
    return {
        **loose.told,
        "x_m": round(x, 3),
        "y_m": round(y, 3),
        "heading_deg": round(loose.heading_deg % 360, 2),
        "velocity_mps": (round(velocity[0], 3), round(velocity[1], 3)),
        "crash": label,
        "track": track,
    }


def _sooner(loose: Loose, contact_s: float) -> list[float]:
    """Return the times of the rows before the throw: the beginning, when somebody is startled, and the contact."""
    startled = [contact_s - loose.startled_s] if loose.startled_s else []
    return [-APPROACH_S, *startled, contact_s]


def _came(loose: Loose, time_s: float, contact_s: float, place_m: tuple[float, float]) -> Row:
    """Return the state of somebody on foot before the contact; from then on until time 0 they keep their speed."""
    angle = float(np.deg2rad(loose.heading_deg))
    way = loose.way_m(time_s - contact_s) + contact_s * loose.speed_mps
    speed = loose.speed_mps if time_s >= contact_s else loose.walks_mps
    c, s = float(np.cos(angle)), float(np.sin(angle))
    return time_s, place_m[0] + way * c, place_m[1] + way * s, angle, speed * c, speed * s


def _rider(thrown: Thrown, mount: Vehicle, label: CrashParty, ahead_m: float, solved: Solution) -> dict[str, Any]:
    """Return where a rider sits and goes: with the mount until time 0, then by themselves."""
    assert mount.track is not None
    rows, raised = _flight(thrown, ahead_m, float(np.deg2rad(mount.heading_deg)))
    told = mount.track
    headings = np.deg2rad(told.heading_deg).tolist()
    ways = zip(told.times_s, told.x_m, told.y_m, headings, told.velocity_mps, strict=True)
    came = [(seconds, x, y, heading, *velocity) for seconds, x, y, heading, velocity in ways if seconds < 0]
    track = _told(track_of([*came, *rows], contact_s=solved.contact_s, brakes_s=solved.contact_s), raised, len(came))
    place = {"x_m": mount.x_m, "y_m": mount.y_m, "heading_deg": round(mount.heading_deg % 360, 2)}
    return {**place, "mount": mount.actor_id, "crash": label, "track": track}


def _piece(thrown: Thrown, loose: Loose, ahead_m: float) -> Debris:
    """Return a struck thing where it ends; it slides there from the contact."""
    way, toward = thrown.throw.distance_m, thrown.toward_rad
    x, y = thrown.from_m[0] + ahead_m, thrown.from_m[1]
    return Debris(
        **loose.told,
        x_m=round(x + way * float(np.cos(toward)), 3),
        y_m=round(y + way * float(np.sin(toward)), 3),
        heading_deg=round(loose.heading_deg % 360, 1),
        thrown_from_m=(round(x, 3), round(y, 3)),
    )
