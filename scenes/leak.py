"""What runs out of a damaged vehicle, boils off it, or catches fire: by crush, by equivalent barrier speed, by time.

Source:
    Severity that fuel systems must stand: FMVSS 301 S6, a rigid barrier at 48 km/h. Fires: 26 of 1,000 vehicles in
    fatal crashes, 3 of 1,000 in all (NHTSA, Motor Vehicle Fires in Traffic Crashes and the Effects of the Fuel System
    Integrity Standard, 1990); here, 26 of 1,000 of those hit harder than that barrier, and none of the others.
    Crush that reaches radiator and sump, fillings, shares and time constants are assumed.
"""

from __future__ import annotations

from math import exp, sqrt
from typing import Any, NamedTuple

import numpy as np

from scenes.ontology import KIND_CATEGORY
from scenes.seeds import generator
from scenes.spec.party import CrashParty, Track
from scenes.spec.remains import Liquid, Spill
from scenes.spec.vehicle import Vehicle

BARRIER_MPS = 48 / 3.6
FIRE_SHARE, FUEL_SHARE = 0.026, 0.08
"""Of those that are hit harder than the barrier: who burns, and who loses fuel (assumed)."""
_RADIATOR_M, _SUMP_M, _WHOLE_M = 0.2, 0.4, 0.62
_RUNS_S, _BOILS_S, _STARTS_S = 60.0, 150.0, 1.5
_ENGINE = 0.34
"""Of the length, ahead of the middle: where it drips."""
_DRIP_M, _MOST_DRIPS, _STEPS = 0.35, 60, 80
_LEAST_L = 0.05


class _Filling(NamedTuple):
    coolant: float
    oil: float
    fuel: float


_CAR, _HEAVY, _HEAVY_KG = _Filling(6.0, 4.5, 40.0), _Filling(30.0, 28.0, 200.0), 3500.0
_DRY = ("motorcycle", "bicycle")
"""Categories that leave no stain and do not steam here."""


def barrier_mps(crash: CrashParty, mass_kg: float) -> float:
    """Return the speed at which a rigid barrier would take as much energy, m/s."""
    return sqrt(2 * crash.absorbed_energy_j / mass_kg)


def front_crush_m(vehicle: Vehicle) -> float:
    """Return how deep a vehicle's front is pushed in, 0 if it is whole."""
    return max((dent.depth_m for dent in vehicle.dents if dent.point_m[0] > 0.3 * vehicle.length_m), default=0.0)


def burning(crash: CrashParty | None, mass_kg: float, seed: int) -> dict[str, Any]:
    """Set few of the hardest hit on fire; drawn from the vehicle's seed, so that no other draw moves."""
    rng = generator(seed, "fire")
    if crash is None or barrier_mps(crash, mass_kg) < BARRIER_MPS or rng.random() >= FIRE_SHARE:
        return {}
    return {"burnt": round(float(rng.uniform(0.1, 0.5)), 3), "flames": round(float(rng.uniform(0.25, 0.9)), 3)}


def steam(vehicle: Vehicle, since_s: float) -> float:
    """Return how much boils off a broken radiator, in [0, 1], at a time since the impact that broke it."""
    broken = np.clip((front_crush_m(vehicle) - _RADIATOR_M) / (_WHOLE_M - _RADIATOR_M), 0, 1)
    if since_s <= 0 or not broken or KIND_CATEGORY[vehicle.kind] in _DRY:
        return 0.0
    shown = float(broken) ** 0.5 * (1 - exp(-since_s / _STARTS_S)) * exp(-since_s / _BOILS_S)
    return round(shown, 3) if shown > 0.03 else 0.0


def spills(vehicle: Vehicle, track: Track, since_s: float) -> tuple[Spill, ...]:
    """Return what has run out of a crash party.

    Args:
        vehicle: with all its dents.
        track: its way, to its rest.
        since_s: since its first impact; <= 0 for nothing yet.
    """
    lost = _lost_l(vehicle) if since_s > 0 and not vehicle.tipped_deg else {}
    if not lost:
        return ()
    trail = _trail(vehicle, track, since_s)
    seeds = generator(vehicle.seed, "spill").integers(2**31, size=3).tolist()
    made = []
    for (liquid, litres), seed in zip(lost.items(), seeds, strict=False):
        left = round(litres * (1 - exp(-since_s / _RUNS_S)), 2)
        if left >= _LEAST_L:
            x, y = trail[-1]
            downhill = 90.0 if y > 0 else 270.0
            made.append(
                Spill(
                    liquid=liquid,
                    actor_id=vehicle.actor_id,
                    x_m=x,
                    y_m=y,
                    litres=left,
                    downhill_deg=downhill,
                    trail_m=trail[:-1],
                    seed=seed,
                )
            )
    return tuple(made)


def _lost_l(vehicle: Vehicle) -> dict[Liquid, float]:
    """Return what runs out in the end, litres by liquid."""
    if KIND_CATEGORY[vehicle.kind] in _DRY or vehicle.crash is None:
        return {}
    filling = _HEAVY if vehicle.mass_kg > _HEAVY_KG else _CAR
    crush, rng, lost = front_crush_m(vehicle), generator(vehicle.seed, "leak"), dict[Liquid, float]()
    if crush > _RADIATOR_M:
        lost["coolant"] = filling.coolant * min(1.0, (crush - _RADIATOR_M) / (_SUMP_M - _RADIATOR_M))
    if crush > _SUMP_M:
        lost["oil"] = filling.oil * float(rng.uniform(0.1, 0.8))
    if barrier_mps(vehicle.crash, vehicle.mass_kg) > BARRIER_MPS and rng.random() < FUEL_SHARE:
        lost["fuel"] = filling.fuel * float(rng.uniform(0.02, 0.3))
    return lost


def _trail(vehicle: Vehicle, track: Track, since_s: float) -> tuple[tuple[float, float], ...]:
    """Return where it dripped from the impact on, about every 35 cm, and where it drips now at the end."""
    last = min(track.impact_s + since_s, track.times_s[-1])
    times_s = np.linspace(track.impact_s, max(last, track.impact_s), _STEPS)
    x, y, heading = (np.interp(times_s, track.times_s, values) for values in (track.x_m, track.y_m, track.heading_deg))
    angle, ahead = np.deg2rad(heading), _ENGINE * vehicle.length_m
    points = np.column_stack([x + ahead * np.cos(angle), y + ahead * np.sin(angle)])
    gone = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    wanted = np.arange(gone[-1], -1e-9, -_DRIP_M)[:_MOST_DRIPS][::-1]
    spots = np.column_stack([np.interp(wanted, gone, points[:, axis]) for axis in (0, 1)])
    return tuple((x, y) for x, y in np.round(spots, 2).tolist())
