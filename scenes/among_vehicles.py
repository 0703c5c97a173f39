"""People on foot on the carriageway: they walk along its edge, cross between vehicles, and get on and off buses.

Who crosses goes before a vehicle only if that comes later than a gap in time that people accept; it is assumed.
"""

from __future__ import annotations

from math import cos, hypot, radians, sin

import numpy as np

from scenes.draws import one_of
from scenes.gap_filling import Carriageway, carriageways
from scenes.mixed_traffic import MixedTraffic
from scenes.spec.vehicle import Vehicle
from scenes.traffic import Traffic

_ACCEPTED_S, _PASSES_M = 1.8, 0.7
_SEEN_M = (6.0, 34.0)
_TRIES = 8
_EDGE_M = 0.7
_BOARDING, _BOARDING_M, _STANDS_MPS = 4, 0.75, 0.01
_CARRIERS = ("bus", "minibus")


def on_foot(traffic: Traffic, told: MixedTraffic, rng: np.random.Generator) -> None:
    """Let people walk, cross and board on a street that vehicles fill; who finds no room is left out and counted."""
    roads = carriageways(traffic)
    for _ in range(int(rng.integers(told.crossing_range[0], told.crossing_range[1] + 1)) if roads else 0):
        _crosses(traffic, one_of(roads, rng), rng)
    for _ in range(int(rng.integers(told.along_range[0], told.along_range[1] + 1)) if roads else 0):
        _walks_along(traffic, one_of(roads, rng), rng)
    for vehicle in [v for v in traffic.vehicles if v.kind in _CARRIERS and v.driver and not any(v.velocity_mps)]:
        _board(traffic, vehicle, rng)


def accepts(x_m: float, y_m: float, vehicles: list[Vehicle]) -> bool:
    """Tell whether somebody may be at a place: every vehicle that comes there comes later than the accepted gap."""
    return all(_comes_s(x_m, y_m, vehicle) >= _ACCEPTED_S for vehicle in vehicles)


def _comes_s(x_m: float, y_m: float, vehicle: Vehicle) -> float:
    """Return when a vehicle's front is at a place, infinite if it passes beside it or has passed."""
    speed, turn = hypot(*vehicle.velocity_mps), radians(vehicle.heading_deg)
    x, y = x_m - vehicle.x_m, y_m - vehicle.y_m
    along, across = x * cos(turn) + y * sin(turn), abs(y * cos(turn) - x * sin(turn))
    if speed < _STANDS_MPS or along < 0 or across > vehicle.width_m / 2 + _PASSES_M:
        return float("inf")
    return max(along - vehicle.length_m / 2, 0.0) / speed


def _crosses(traffic: Traffic, road: Carriageway, rng: np.random.Generator) -> None:
    low, high = max(road.stretch_m[0], _SEEN_M[0]), min(road.stretch_m[1], _SEEN_M[1])
    for _ in range(_TRIES if high > low else 0):
        off = float(rng.uniform(road.inner_m, road.outer_m))
        x, y, heading = road.at(float(rng.uniform(low, high)), off)
        toward = heading + one_of((-90.0, 90.0), rng) + float(rng.normal(0, 15))
        if accepts(x, y, traffic.vehicles) and traffic.stand(x, y, toward, "crossing"):
            return
    traffic.refused["no gap in time to cross"] += 1


def _walks_along(traffic: Traffic, road: Carriageway, rng: np.random.Generator) -> None:
    low, high = max(road.stretch_m[0], _SEEN_M[0]), min(road.stretch_m[1], _SEEN_M[1])
    for _ in range(_TRIES if high > low else 0):
        off = road.outer_m - abs(float(rng.normal(0, _EDGE_M)))
        x, y, heading = road.at(float(rng.uniform(low, high)), off)
        toward = heading + one_of((0.0, 180.0), rng) + float(rng.normal(0, 8))
        if accepts(x, y, traffic.vehicles) and traffic.stand(x, y, toward, "walking"):
            return
    traffic.refused["no room to walk along the edge"] += 1


def _board(traffic: Traffic, bus: Vehicle, rng: np.random.Generator) -> None:
    """Let people come to the kerb side of a bus that stands."""
    turn, kerb = radians(bus.heading_deg), 1 if traffic.street.drive_on == "left" else -1
    for _ in range(int(rng.integers(1, _BOARDING + 1))):
        along = float(rng.uniform(-0.3, 0.45)) * bus.length_m
        aside = kerb * (bus.width_m / 2 + _BOARDING_M + float(rng.exponential(0.6)))
        x = bus.x_m + along * cos(turn) - aside * sin(turn)
        y = bus.y_m + along * sin(turn) + aside * cos(turn)
        towards = bus.heading_deg - kerb * 90.0 + float(rng.normal(0, 25))
        traffic.stand(x, y, towards, one_of(("standing", "walking"), rng))
