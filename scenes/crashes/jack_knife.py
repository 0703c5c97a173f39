"""The jack-knife: an articulated lorry folds."""

from __future__ import annotations

import numpy as np

from scenes.articulation import fold_deg
from scenes.crashes.crash_type import CrashType, Ground
from scenes.crashes.crossing_paths import coasting
from scenes.crashes.event import Event, Party
from scenes.draws import Refused
from scenes.spinout import GRAVITY_MPS2
from scenes.vehicle import draw_body

_BEGINS_DEG, _TRAILER_GRIP = (3.0, 8.0), (0.4, 0.75)
_MPS, _LEAST_DEG = (8.0, 16.0), 30.0
_LORRY = "articulated_truck"


def jack_knife(ground: Ground, rng: np.random.Generator) -> Event:
    """Draw a lorry that brakes on a slippery road until its tractor folds towards the middle of the road."""
    begins, grips, speed = (float(rng.uniform(*limits)) for limits in (_BEGINS_DEG, _TRAILER_GRIP, _MPS))
    body = draw_body(_LORRY, rng)
    stops_s = speed / (0.5 * (1 + grips) * ground.friction * GRAVITY_MPS2)
    told = {"mass_kg": body["mass_kg"], "friction": ground.friction, "unbraked": 1 - grips}
    if fold_deg(stops_s, first_deg=begins, **told) < _LEAST_DEG:
        raise Refused("the lorry stops before it folds")
    away = ground.two_way and rng.random() < 0.6
    lane = -1 if away else ground.street.lanes_per_direction
    party = Party(
        body=body,
        heading_deg=(180.0 if away else 0.0) + float(rng.normal(0, 1.5)),
        braking=coasting(speed),
        grips=grips,
    )
    return Event(
        parties=(party,),
        y_m=ground.lane_m(lane),
        width_m=1.0,
        friction=ground.friction,
        folds_deg=begins,
    )


TYPES = (
    CrashType(
        name="jack_knife",
        nhtsa=34,
        event=jack_knife,
        places={"rural_road": 0.5, "dual_carriageway": 0.5},
        road="icy",
        sentence="An articulated lorry brakes on a slippery road and its tractor folds against the trailer.",
    ),
)
"""The jack-knife, which NHTSA counts among incidents without a collision."""
