"""Slow crashes: backing into another, backing off the road, pulling out of a parking place."""

from __future__ import annotations

import numpy as np

from scenes.crashes.crash_type import CAR_PARK, TOWN, CrashType, Ground
from scenes.crashes.crossing_paths import Way, coasting, onto_flank
from scenes.crashes.departure import post_at
from scenes.crashes.event import Event, Party
from scenes.crashes.rear_end import FOLLOWERS
from scenes.draws import Refused, drawn, one_of
from scenes.driver import brake
from scenes.road import KERB_GAP_M
from scenes.vehicle import CARS, draw_body

_AISLE_LANE_M = 1.5


def backing_into_vehicle(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that backs out of a bay into the flank of somebody on the aisle."""
    side = 1 if rng.random() < 0.5 else -1
    backs, drives = draw_body(one_of(CARS, rng), rng), draw_body(one_of((*CARS, "van"), rng), rng)
    near = side * _AISLE_LANE_M
    along = 0.0 if side < 0 else 180.0
    flank = side if along == 0.0 else -side
    parties = (
        Party(
            body=backs,
            heading_deg=side * 90.0 + float(rng.normal(0, 6)),
            drift_deg=180.0,
            side="rear",
            braking=coasting(float(rng.uniform(1.2, 3.0))),
            grips=0.8,
            point_m=(-backs["length_m"] / 2, float(rng.uniform(-0.3, 0.3)) * backs["width_m"]),
        ),
        Party(
            body=drives,
            heading_deg=along + float(rng.normal(0, 2)),
            braking=coasting(ground.cruise_mps(rng)),
            side="side",
            point_m=(float(rng.uniform(-0.35, 0.35)) * drives["length_m"], flank * drives["width_m"] / 2),
        ),
    )
    y = near + side * drives["width_m"] / 2
    return Event(parties=parties, y_m=y, width_m=1.3, friction=ground.friction)


def backing_off_road(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that turns in the road, backs too far and meets a post behind the kerb."""
    side = 1 if rng.random() < 0.5 else -1
    body = draw_body(one_of((*CARS, "van"), rng), rng)
    aside = float(rng.uniform(-0.3, 0.3)) * body["width_m"]
    heading = -side * 90.0 + float(rng.normal(0, 14))
    party = Party(
        body=body,
        heading_deg=heading,
        drift_deg=180.0,
        side="rear",
        braking=coasting(float(rng.uniform(1.5, 3.5))),
        point_m=(-body["length_m"] / 2, aside),
    )
    y = side * (ground.half_m + float(rng.uniform(0.35, 0.8)))
    post = post_at(y, heading + 180.0, rng, kinds=("lamp_post", "bollard", "tree"))
    return Event(parties=(party,), y_m=y, width_m=2 * post.radius_m + 0.3, friction=ground.friction, struck=post)


def parking_same_direction(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that pulls out from the kerb into the way of somebody who passes."""
    turned = float(rng.uniform(18, 35))
    passes = brake(ground.cruise_mps(rng), warned_s=float(rng.uniform(0.6, 2.0)), friction=ground.friction, rng=rng)
    outer = ground.lane_m(ground.street.lanes_per_direction)
    strikes = Way(heading_deg=float(rng.normal(0, 1.5)), braking=passes)
    struck = Way(
        heading_deg=turned,
        braking=coasting(float(rng.uniform(1.5, 3.5))),
        turned_deg=turned,
        radius_m=float(rng.uniform(6.5, 9.0)),
    )
    return onto_flank(
        ground, strikes, struck, rng, y_m=outer - float(rng.uniform(0.2, 0.7)), feature_m=0.0, reach=(-0.4, 0.3)
    )


def parked_vehicle(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that drifts to the kerb and runs into the back of somebody's parked car."""
    if not ground.street.parking_lane:
        raise Refused("nobody parks in this street")
    drifts, parked = draw_body(drawn(FOLLOWERS, rng), rng), draw_body(one_of((*CARS, "van"), rng), rng)
    away = rng.random() < 0.6
    turned = -float(rng.uniform(3, 8))
    came = brake(ground.cruise_mps(rng), warned_s=float(rng.uniform(0.3, 1.4)), friction=ground.friction, rng=rng)
    along = 180.0 if away else 0.0
    lap = float(rng.uniform(0.35, 0.8))
    offset = (1 - lap) * (drifts["width_m"] + parked["width_m"]) / 4
    y = ground.half_m - KERB_GAP_M - offset
    parties = (
        Party(
            body=drifts,
            heading_deg=along + turned,
            braking=came,
            turned_deg=turned,
            radius_m=110.0,
            point_m=(drifts["length_m"] / 2, -offset),
            grips=float(rng.uniform(0.5, 1.0)),
        ),
        Party(
            body=parked,
            heading_deg=along + float(rng.normal(0, 0.8)),
            braking=coasting(0.0),
            side="rear",
            point_m=(-parked["length_m"] / 2, offset),
            grips=0.5,
            parked=True,
        ),
    )
    width = max(0.5, lap * min(drifts["width_m"], parked["width_m"]))
    return Event(parties=parties, y_m=y if away else -y, width_m=round(width, 3), friction=ground.friction)


TYPES = (
    CrashType(
        name="backing_into_vehicle",
        nhtsa=15,
        event=backing_into_vehicle,
        places=CAR_PARK,
        sentence="A driver backs out of a bay into a car that passes on the aisle.",
    ),
    CrashType(
        name="backing_off_road",
        nhtsa=8,
        event=backing_off_road,
        places=TOWN,
        sentence="A driver turns in the road, backs over the kerb and hits a post.",
    ),
    CrashType(
        name="parked_vehicle",
        nhtsa=7,
        event=parked_vehicle,
        places={"street": 1.0},
        sentence="A vehicle drifts to the kerb and runs into the back of a parked one.",
    ),
    CrashType(
        name="parking_same_direction",
        nhtsa=17,
        event=parking_same_direction,
        places={"street": 1.0},
        sentence="A driver pulls out from the kerb into the way of a car that passes.",
    ),
)
"""Backing and parking types."""
