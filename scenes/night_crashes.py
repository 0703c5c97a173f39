"""Two crashes on wet streets at night, drawn for the default round."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Literal

import numpy as np

from scenes.camera import draw_dashcam
from scenes.checks import crash_breach, rest_breach
from scenes.clearance import swept, track_breach
from scenes.collision import Approach, collide
from scenes.debris import cones, scatter
from scenes.draws import Refused, one_of
from scenes.road import draw_street, lane_y_m
from scenes.spec.place import Street
from scenes.spec.remains import Debris
from scenes.spec.scene import SceneSpec
from scenes.spec.view import Sun
from scenes.traffic import Traffic
from scenes.vehicle import CARS, draw_body

_WET_FRICTION = 0.4
_NEAREST_PARTY_M = (7.2, 14.5)
SENTENCES = MappingProxyType(
    {
        "night_rear_end": "One car has run into the back of another on a wet street at night.",
        "night_intersection": "One car has struck the side of another at a wet crossing at night.",
    }
)


def night_rear_end(rng: np.random.Generator, seed: int, *, tracked: bool = False) -> SceneSpec:
    """Draw one car that runs into the back of another on a wet street; `tracked` as of `scenes.scenario.sample`."""
    street = draw_street(rng, wetness=(0.55, 1.0), feature_x_m=None)
    oncoming = bool(rng.random() < 0.55)
    lane = -1 if oncoming else 1
    bodies = draw_body(one_of(CARS, rng), rng), draw_body(one_of((*CARS, "van"), rng), rng)
    heading = (180.0 if oncoming else 0.0) + float(rng.normal(0, 2))
    offset = float(rng.uniform(-0.65, 0.65))
    half = bodies[0]["length_m"] / 2, bodies[1]["length_m"] / 2
    approach = Approach(
        bodies=bodies,
        headings_deg=(heading + float(rng.uniform(-14, 14)), heading),
        speeds_mps=(float(rng.uniform(30, 65)) / 3.6 + 3, float(rng.uniform(0, 3))),
        point_m=((half[0], -offset / 2), (-half[1], offset / 2)),
        sides=("front", "rear"),
        width_m=round(1.65 - abs(offset), 3),
    )
    return _crash_scene("night_rear_end", street, approach, lane=lane, rng=rng, seed=seed, tracked=tracked)


def night_intersection(rng: np.random.Generator, seed: int, *, tracked: bool = False) -> SceneSpec:
    """Draw one car that strikes the side of another at a wet crossing; `tracked` as of `scenes.scenario.sample`."""
    street = draw_street(rng, wetness=(0.5, 1.0), feature_x_m=0.0)
    bodies = draw_body(one_of((*CARS, "van"), rng), rng), draw_body(one_of(CARS, rng), rng)
    side = 1 if rng.random() < 0.5 else -1
    along = 180.0 if rng.random() < 0.5 else 0.0
    crossing = along + side * 90.0 + float(rng.uniform(-12, 12))
    reach = bodies[1]["wheelbase_m"] * 0.45
    striking_across = rng.random() < 0.5
    headings = (crossing, along) if striking_across else (along, crossing)
    angle = np.deg2rad(headings[0] - headings[1])
    flank = -np.sign(np.sin(angle)) * bodies[1]["width_m"] / 2
    approach = Approach(
        bodies=bodies,
        headings_deg=headings,
        speeds_mps=(float(rng.uniform(28, 55)) / 3.6, float(rng.uniform(8, 30)) / 3.6),
        point_m=((bodies[0]["length_m"] / 2, 0.0), (float(rng.uniform(-reach, reach)), float(flank))),
        sides=("front", "side"),
        width_m=1.6,
    )
    lane = -1 if along else 1
    return _crash_scene("night_intersection", street, approach, lane=lane, rng=rng, seed=seed, tracked=tracked)


def _crash_scene(
    name: str,
    street: Street,
    approach: Approach,
    *,
    lane: int,
    rng: np.random.Generator,
    seed: int,
    tracked: bool = False,
) -> SceneSpec:
    phase: Literal["impact", "after"] = "impact" if rng.random() < 0.4 or tracked else "after"
    y = lane_y_m(street, lane) + float(rng.normal(0, 0.3))
    nearest_m = float(rng.uniform(*_NEAREST_PARTY_M))
    wreck = collide(approach, y, nearest_m=nearest_m, phase=phase, friction=_WET_FRICTION, rng=rng, tracked=tracked)
    if street.feature_x_m is not None:
        street = replace(street, feature_x_m=round(wreck.contact_m[0] + float(rng.normal(0, 0.7)), 2))
    camera = draw_dashcam(rng, lane_y_m=lane_y_m(street, 1))
    broken = crash_breach(camera, wreck.parties, street.road_half_width_m)
    broken = broken or track_breach(camera, wreck.parties, street)
    broken = broken or rest_breach(wreck.parties)
    if broken:
        raise Refused(broken)
    traffic = Traffic(street, wreck.parties, rng, night=True)
    traffic.keep_clear([body for party in wreck.parties for body in swept(party)])
    traffic.park(share=0.5)
    farther = max(party.x_m for party in wreck.parties) + 12
    traffic.drive(oncoming=int(rng.integers(1, 4)), ahead=int(rng.integers(0, 3)), nearest_m=farther)
    traffic.walk(int(rng.integers(1, 5)))
    middle = one_of(wreck.parties, rng)
    taper: tuple[Debris, ...] = ()
    if phase == "after":
        traffic.gather(int(rng.integers(0, 4)), near=(middle.x_m, middle.y_m))
        taper = cones(middle.x_m, middle.y_m, rng) if rng.random() < 0.4 else ()
    return SceneSpec(
        scenario=name,
        sentence=SENTENCES[name],
        seed=seed,
        lighting="night",
        street=street,
        sun=Sun(
            elevation_deg=round(float(rng.uniform(25, 60)), 1), azimuth_deg=round(float(rng.uniform(-120, 120)), 1)
        ),
        cameras=(camera,),
        vehicles=tuple(traffic.vehicles),
        people=tuple(traffic.people),
        debris=(*scatter(wreck, rng), *taper),
        skid_marks=wreck.skid_marks,
    )
