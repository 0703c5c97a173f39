"""Out of control: spun on ice, spun in a swerve, rolled over."""

from __future__ import annotations

from math import radians, sin

import numpy as np

from scenes.crashes.crash_type import COUNTRY, CrashType, Ground
from scenes.crashes.crossing_paths import coasting
from scenes.crashes.departure import EDGE_PLACES, beside_m, post_at
from scenes.crashes.event import Event, Party
from scenes.crashes.rear_end import FOLLOWERS
from scenes.draws import drawn, one_of
from scenes.driver import brake
from scenes.rollover import tripped
from scenes.vehicle import CARS, draw_body


def losing_control_on_ice(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that spins on an icy road and slides sideways against a tree or pole."""
    side = -1 if rng.random() < 0.6 else 1
    body = draw_body(one_of((*CARS, "van"), rng), rng)
    course = side * float(rng.uniform(8, 18))
    drift = float(rng.uniform(45, 110)) * (1 if rng.random() < 0.5 else -1)
    flank = 1.0 if drift > 0 else -1.0
    party = Party(
        body=body,
        heading_deg=course - drift,
        drift_deg=drift,
        spun_s=float(rng.uniform(0.9, 1.4)),
        braking=coasting(float(rng.uniform(6, 14))),
        side="side",
        grips=float(rng.uniform(0.3, 0.9)),
        point_m=(float(rng.uniform(-0.25, 0.3)) * body["length_m"], flank * body["width_m"] / 2),
    )
    y = side * beside_m(ground, rng)
    post = post_at(
        y, course, rng, kinds=("tree", "utility_pole") if ground.street.kind == "rural_road" else ("tree", "lamp_post")
    )
    return Event(parties=(party,), y_m=y, width_m=2 * post.radius_m + 0.35, friction=ground.friction, struck=post)


def losing_control_in_manoeuvre(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that spins in a swerve and slides broadside into the way of an oncoming vehicle."""
    spun, meets = draw_body(one_of(CARS, rng), rng), draw_body(drawn(FOLLOWERS, rng), rng)
    course = float(rng.uniform(3, 12))
    drift = float(rng.uniform(55, 115)) * (1 if rng.random() < 0.5 else -1)
    oncoming = brake(
        0.75 * ground.cruise_mps(rng), warned_s=float(rng.uniform(0.8, 2.2)), friction=ground.friction, rng=rng
    )
    flank = 1.0 if drift > 0 else -1.0
    parties = (
        Party(
            body=meets,
            heading_deg=180.0 + float(rng.normal(0, 2)),
            braking=oncoming,
            grips=float(rng.uniform(0.6, 1.0)),
            point_m=(meets["length_m"] / 2, float(rng.uniform(-0.3, 0.3)) * meets["width_m"]),
        ),
        Party(
            body=spun,
            heading_deg=course - drift,
            drift_deg=drift,
            spun_s=float(rng.uniform(0.9, 1.4)),
            side="side",
            braking=coasting(float(rng.uniform(6, 13))),
            grips=float(rng.uniform(0.4, 1.0)),
            point_m=(float(rng.uniform(-0.35, 0.35)) * spun["wheelbase_m"], flank * spun["width_m"] / 2),
        ),
    )
    y = ground.lane_m(-1) - float(rng.uniform(0.0, 0.8))
    return Event(parties=parties, y_m=y, width_m=1.5, friction=ground.friction)


def rolling_over(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that slides sideways off the road, is tripped by its edge and rolls over."""
    side = -1 if rng.random() < 0.6 else 1
    body = draw_body(drawn({"suv": 0.4, "van": 0.2, "hatchback": 0.15, "sedan": 0.15, "pickup": 0.1}, rng), rng)
    course = side * float(rng.uniform(6, 14))
    drift = float(rng.uniform(65, 110)) * (1 if rng.random() < 0.5 else -1)
    least = tripped(body).critical_mps / abs(sin(radians(drift)))
    flank = 1.0 if drift > 0 else -1.0
    party = Party(
        body=body,
        heading_deg=course - drift,
        drift_deg=drift,
        spun_s=float(rng.uniform(0.8, 1.3)),
        side="side",
        braking=coasting(least * float(rng.uniform(1.05, 1.7))),
        point_m=(0.0, flank * body["width_m"] / 2),
    )
    y = side * (ground.half_m + float(rng.uniform(-0.2, 0.5)))
    return Event(parties=(party,), y_m=y, width_m=2.0, friction=ground.friction, rolls=True)


TYPES = (
    CrashType(
        name="control_loss_in_manoeuvre",
        nhtsa=2,
        event=losing_control_in_manoeuvre,
        places={"rural_road": 0.7, "street": 0.3},
        sentence="A car spins in a swerve and slides broadside into an oncoming vehicle.",
    ),
    CrashType(
        name="control_loss_on_ice",
        nhtsa=3,
        event=losing_control_on_ice,
        places=EDGE_PLACES,
        road="icy",
        sentence="A car spins on an icy road and slides sideways against a tree or pole.",
    ),
    CrashType(
        name="rollover",
        nhtsa=34,
        event=rolling_over,
        places=COUNTRY,
        sentence="A car slides sideways off the road, is tripped by its edge and rolls over.",
    ),
)
"""Losses of control."""
