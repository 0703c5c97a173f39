"""Same direction, side by side: one turns, changes lanes or drifts into the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenes.crashes.crash_type import JUNCTION, CrashType, Ground
from scenes.crashes.crossing_paths import Way, coasting, onto_flank
from scenes.crashes.event import Event, Party
from scenes.crashes.rear_end import FOLLOWERS, HELD
from scenes.draws import Refused, drawn
from scenes.driver import brake
from scenes.spec.place import PlaceKind
from scenes.vehicle import draw_body

_LANES: dict[PlaceKind, float] = {"dual_carriageway": 0.8, "street": 0.2}


def turning_same_direction(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that turns left while somebody overtakes it on the left."""
    turned = float(rng.uniform(28, 60))
    overtakes = brake(ground.cruise_mps(rng), warned_s=float(rng.uniform(0.3, 1.5)), friction=ground.friction, rng=rng)
    strikes = Way(heading_deg=float(rng.normal(2, 2)), braking=overtakes)
    struck = Way(
        heading_deg=turned,
        braking=coasting(float(rng.uniform(3.0, 6.0))),
        turned_deg=turned,
        radius_m=float(rng.uniform(8.0, 12.0)),
    )
    y = float(rng.uniform(0.05, 0.35)) * ground.street.lane_width_m
    return onto_flank(ground, strikes, struck, rng, y_m=y, feature_m=float(rng.uniform(0.0, 2.0)), reach=(-0.3, 0.5))


def changing_lanes(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that changes lanes into somebody beside it."""
    return _sideswipe(ground, rng, turned_deg=(4.0, 9.0), faster=(0.0, 5.0))


def drifting(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that drifts out of its lane against somebody beside it."""
    return _sideswipe(ground, rng, turned_deg=(2.2, 4.0), faster=(-2.0, 3.0))


def evading(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw one that changes lanes in haste before somebody who stands, into somebody beside it."""
    event = _sideswipe(ground, rng, turned_deg=(6.0, 12.0), faster=(0.0, 4.0))
    over = event.parties[1]
    body = draw_body(drawn(FOLLOWERS, rng), rng)
    lanes = [ground.lane_m(lane) for lane in range(1, ground.street.lanes_per_direction + 1)]
    side = 1.0 if over.turned_deg < 0 else -1.0  # it comes from the left if it turns to the right
    own = min(lanes, key=lambda y: abs(y - event.y_m - side * 1.6))
    ahead = 0.5 * (over.body["length_m"] + body["length_m"]) + float(rng.uniform(4.0, 9.0))
    stands = Party(body=body, heading_deg=float(rng.normal(0, 1)), braking=HELD, waits_m=(ahead, own))
    return replace(event, parties=(*event.parties, stands))


def _sideswipe(
    ground: Ground, rng: np.random.Generator, *, turned_deg: tuple[float, float], faster: tuple[float, float]
) -> Event:
    """Return flank on flank: the second comes over, to the right or left; the first keeps its lane."""
    lanes = ground.street.lanes_per_direction
    if lanes < 2:
        raise Refused("the road has one lane each way")
    left = int(rng.integers(1, lanes))
    to_right = 1 if rng.random() < 0.5 else -1
    kept, over = draw_body(drawn(FOLLOWERS, rng), rng), draw_body(drawn(FOLLOWERS, rng), rng)
    speed = ground.cruise_mps(rng) * 0.8
    angle = -to_right * float(rng.uniform(*turned_deg))
    between = (ground.lane_m(left) + ground.lane_m(left + 1)) / 2 - 0.4 * to_right
    place = float(rng.uniform(-0.2, 0.42))
    parties = (
        Party(
            body=kept,
            heading_deg=float(rng.normal(0, 0.6)),
            braking=coasting(speed + float(rng.uniform(*faster))),
            side="side",
            point_m=(place * kept["length_m"], to_right * kept["width_m"] / 2),
            grips=float(rng.uniform(0.3, 0.9)),
        ),
        Party(
            body=over,
            heading_deg=angle,
            braking=coasting(speed),
            side="side",
            turned_deg=angle,
            radius_m=120.0,
            point_m=(-place * over["length_m"], -to_right * over["width_m"] / 2),
            grips=float(rng.uniform(0.3, 0.9)),
        ),
    )
    return Event(parties=parties, y_m=between, width_m=1.0, friction=ground.friction, fixed=ground.rails())


TYPES = (
    CrashType(
        name="turning_same_direction",
        nhtsa=16,
        event=turning_same_direction,
        places=JUNCTION,
        junction=True,
        signals=False,
        sentence="A driver turns left just as another overtakes, and is struck in the side.",
    ),
    CrashType(
        name="changing_lanes",
        nhtsa=18,
        event=changing_lanes,
        places=_LANES,
        sentence="A driver changes lanes into a vehicle beside them.",
    ),
    CrashType(
        name="drifting_same_direction",
        nhtsa=19,
        event=drifting,
        places=_LANES,
        sentence="A vehicle drifts out of its lane and scrapes along the one beside it.",
    ),
    CrashType(
        name="evasive_lane_change",
        nhtsa=32,
        event=evading,
        places=_LANES,
        sentence="A driver changes lanes in haste before a vehicle that stands, into one beside them.",
    ),
)
"""Types of the same direction."""
