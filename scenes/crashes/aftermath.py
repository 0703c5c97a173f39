"""What a crash draws around it: stopped traffic, help, a warning triangle and cones, people who look."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenes.crashes.outcome import Outcome
from scenes.debris import cones
from scenes.draws import one_of
from scenes.road import lane_side, lane_y_m
from scenes.spec.place import Street
from scenes.spec.remains import Debris
from scenes.spec.vehicle import LampName, Livery, Vehicle
from scenes.traffic import Traffic
from scenes.vehicle import LIVERY_PAINT, draw_kind

_QUEUE_M, _GAP_M = 7.0, (6.8, 9.5)
_HELP_SHARE, _CONES_SHARE, _TRIANGLE_SHARE = 0.4, 0.4, 0.5
_TRIANGLE_M = (3.0, 7.0)
_HELP: tuple[tuple[str, Livery], ...] = (
    ("estate", "police"),
    ("van", "ambulance"),
    ("van", "police"),
    ("truck", "fire"),
)
_STOPPED: tuple[LampName, ...] = ("head", "tail", "brake")
_HAZARDS: tuple[LampName, ...] = ("indicator_left", "indicator_right")


def stopped(traffic: Traffic, parties: tuple[Vehicle, ...], rng: np.random.Generator) -> None:
    """Let oncoming traffic stand beyond the wreck, the first of it with its hazard lights on."""
    street = traffic.street
    if street.kind in ("dual_carriageway", "car_park"):
        return
    x = max(party.x_m + party.length_m / 2 for party in parties) + _QUEUE_M + float(rng.uniform(0, 4))
    for number in range(int(rng.integers(1, 5))):
        y = lane_y_m(street, -1) + float(rng.normal(0, 0.15))
        lamps = (*_STOPPED, *_HAZARDS) if number == 0 else _STOPPED
        kind = draw_kind(rng)
        if traffic.add(kind, x + 2.0, y, 180.0 + float(rng.normal(0, 1.5)), speed_mps=0.0, lamps=lamps):
            traffic.vehicles[-1] = replace(traffic.vehicles[-1], driver=True)
        x += float(rng.uniform(*_GAP_M)) + (8.0 if kind in ("bus", "coach", "truck", "articulated_truck") else 0.0)


def help_arrives(traffic: Traffic, parties: tuple[Vehicle, ...], rng: np.random.Generator) -> None:
    """Let a service vehicle stand beyond the wreck, its beacons on, and somebody in hi-vis direct traffic."""
    if rng.random() >= _HELP_SHARE:
        return
    kind, livery = one_of(_HELP, rng)
    x = max(party.x_m + party.length_m / 2 for party in parties) + float(rng.uniform(5.5, 9.0))
    y = lane_y_m(traffic.street, 1) + float(rng.normal(0, 0.4))
    lamps: tuple[LampName, ...] = (*_STOPPED, *_HAZARDS, "light_bar")
    if traffic.add(kind, x, y, float(rng.normal(0, 12)), speed_mps=0.0, lamps=lamps):
        traffic.vehicles[-1] = replace(
            traffic.vehicles[-1], livery=livery, load="none", paint_rgb_linear=_paint(livery), driver=False
        )
    middle = one_of(parties, rng)
    traffic.gather(1, near=(middle.x_m, middle.y_m), pose="directing")


def _paint(livery: Livery) -> tuple[float, float, float]:
    return LIVERY_PAINT[livery]


def set_out(street: Street, outcome: Outcome, parties: tuple[Vehicle, ...], rng: np.random.Generator) -> list[Debris]:
    """Return cones on the near side of the wreck and a warning triangle before it."""
    middle = one_of(parties, rng)
    made = list(cones(middle.x_m, middle.y_m, rng)) if rng.random() < _CONES_SHARE else []
    x = min(party.x_m - party.length_m / 2 for party in parties) - float(rng.uniform(*_TRIANGLE_M))
    if rng.random() < _TRIANGLE_SHARE and x > 4.0:
        y = outcome.contact_m[1] + 0.4 * lane_side(street)
        seed = int(rng.integers(2**31))
        made.append(Debris(kind="triangle", x_m=round(x, 2), y_m=round(y, 2), heading_deg=180.0, size_m=0.5, seed=seed))
    return made
