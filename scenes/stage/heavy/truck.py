"""Rigid lorries: a cab, a chassis, and the body that their model, load and livery ask for.

Sources:
    Directive 96/53/EC: at most 2.55 m wide (2.6 m refrigerated), 12 m long, 4 m high.
    Mercedes-Benz Atego 818 to 1224 and MAN TGL body builders' guides: front overhang 1.25 to 1.4 m, deck at 1.0 to
    1.2 m, tyres 245/70 R17.5 (7.5 t, 0.79 m) to 285/70 R19.5 (0.90 m) and 315/80 R22.5 (18 t).
"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from scenes.haulage import LIFT_REACH_M
from scenes.spec.vehicle import Vehicle
from scenes.stage.heavy.cab import build_cab, roof_deflector, roof_fittings
from scenes.stage.heavy.cab_plan import CabPlan
from scenes.stage.heavy.cargo_body import box_body, curtain_body
from scenes.stage.heavy.cargo_cars import recovery, wrecker
from scenes.stage.heavy.cargo_emergency import ambulance_box, fire_engine
from scenes.stage.heavy.cargo_open import covered, flatbed, tipper
from scenes.stage.heavy.cargo_tank import mixer, painted_lorry, refuse, tanker
from scenes.stage.heavy.chassis import axle_beams, mudguard, rails, rear_end, side_boxes, side_guards
from scenes.stage.heavy.coachwork import Coachwork, Slot, prism
from scenes.stage.heavy.lamp_cluster import light_bar, marker_row
from scenes.stage.heavy.load_bed import Bed
from scenes.stage.heavy.truck_wheel import Axle, heavy_wheels

BODIES = ("box", "curtain", "box", "flatbed", "tanker", "tipper", "refuse", "mixer", "painted", "curtain")
"""Bodies of lorries that carry nothing named, by model; boxes and curtains are the most, as on the road."""

_CLOSED = MappingProxyType(
    {"box": box_body, "curtain": curtain_body, "tanker": tanker, "refuse": refuse, "mixer": mixer}
)
_LOADED = {
    "cars": "recovery",
    "lifted_car": "wrecker",
    "gravel": "tipper",
    "boxes": "flatbed",
    "timber": "flatbed",
    "pipes": "flatbed",
    "containers": "flatbed",
}

_FOR_CARS = MappingProxyType({"recovery": recovery, "wrecker": wrecker})


def body_of(vehicle: Vehicle) -> str:
    """Name the body that a rigid lorry has."""
    if vehicle.livery in ("fire", "ambulance"):
        return vehicle.livery
    if vehicle.load == "tarpaulin":
        return "painted" if vehicle.model % 3 == 0 else "flatbed"
    return _LOADED.get(vehicle.load, BODIES[vehicle.model % len(BODIES)])


def build_truck(vehicle: Vehicle, rng: np.random.Generator) -> Coachwork:
    """Build a rigid lorry."""
    work, body = Coachwork(), body_of(vehicle)
    light = body in _FOR_CARS or (vehicle.width_m < 2.42 and body not in ("mixer", "tipper"))
    tyre = 0.40 if light else float(rng.uniform(0.46, 0.52))
    plan = _cab(vehicle, body, tyre, rng)
    build_cab(work, plan, rng)
    bed = Bed(
        rear_m=-vehicle.length_m / 2 + (LIFT_REACH_M if body == "wrecker" else 0.0),
        front_m=plan.rear_m - 0.10,
        half_m=vehicle.width_m / 2,
        deck_m=2 * tyre + 0.24,
        top_m=vehicle.height_m,
        mesh="cargo",
        part="body",
    )
    rear = plan.axle_m - vehicle.wheelbase_m
    _dress(work, vehicle, plan, bed, rng)
    _chassis(work, vehicle, plan, bed, rng, rear_axle_m=rear, guarded=body in ("box", "curtain", "flatbed"))
    axles = [Axle(plan.axle_m, steered=True), Axle(rear, twin=True)]
    axle_beams(work, axles, vehicle.width_m / 2, tyre)
    rim = Slot.ALLOY if rng.random() < 0.25 else Slot.STEEL
    work.wheels += heavy_wheels(vehicle, axles, radius_m=tyre, width_m=0.27 if tyre > 0.42 else 0.235, rim=rim)
    return work


def _cab(vehicle: Vehicle, body: str, tyre: float, rng: np.random.Generator) -> CabPlan:
    floor = 2 * tyre + float(rng.uniform(0.12, 0.26))
    bonnet = float(rng.uniform(0.95, 1.2)) if body == "painted" else 0.0
    crew = body == "fire"
    length = 2.65 if crew else 1.6 if bonnet else float(rng.choice([1.72, 1.85, 2.15]))
    nose = vehicle.length_m / 2 - 0.035
    if body in ("fire", "ambulance"):
        roof = min(vehicle.height_m - 0.16, floor + 1.75)
    else:
        roof = min(floor + float(rng.uniform(1.52, 1.78)), vehicle.height_m - 0.1)
    return CabPlan(
        nose_m=nose,
        length_m=length,
        half_m=vehicle.width_m / 2 - float(rng.uniform(0.03, 0.10)),
        skirt_m=float(rng.uniform(0.36, 0.42)),
        floor_m=floor,
        roof_m=roof,
        axle_m=nose - (bonnet * 0.5 + 0.3 if bonnet else 1.30),
        tyre_m=tyre,
        bonnet_m=bonnet,
        crew=crew,
        driver=vehicle.driver,
    )


def _dress(work: Coachwork, vehicle: Vehicle, plan: CabPlan, bed: Bed, rng: np.random.Generator) -> None:
    """Put the body on the chassis, and on the cab's roof what goes with it."""
    body, loaded = body_of(vehicle), vehicle.load != "none"
    if body in _CLOSED:
        _CLOSED[body](work, bed, rng)
    elif body == "flatbed":
        flatbed(work, bed, rng, vehicle.load)
    elif body == "tipper":
        tipper(work, bed, rng, loaded=loaded or rng.random() < 0.3)
    elif body in _FOR_CARS:
        _FOR_CARS[body](work, bed)
    elif body == "painted":
        painted_lorry(work, bed, rng, loaded=loaded)
        _crown(work, plan, bed.top_m)
        if loaded:
            covered(work, bed._replace(deck_m=bed.top_m - 1.1, half_m=bed.half_m - 0.10), rng)
    else:
        _emergency(work, plan, bed, body, rng)
    if body in ("box", "curtain") and rng.random() < 0.6:
        roof_deflector(work, plan, bed.top_m - 0.08)
    elif body not in ("fire", "ambulance", "painted"):
        roof_fittings(work, plan, rng, top_m=bed.top_m)


def _emergency(work: Coachwork, plan: CabPlan, bed: Bed, body: str, rng: np.random.Generator) -> None:
    if body == "fire":
        fire_engine(work, bed, rng)
    else:
        ambulance_box(work, bed)
    light_bar(work, plan.front_m - 0.75, plan.roof_m - 0.015, half_m=plan.half_m - 0.25)


def _crown(work: Coachwork, plan: CabPlan, top_m: float) -> None:
    """Add the painted board over the cab's roof that South Asian lorries wear."""
    rear, front = plan.rear_m + 0.1, plan.front_m - 0.35
    low = plan.roof_m - 0.12
    outline = np.array(
        [
            [rear, low],
            [front, low],
            [front + 0.3, top_m],
            [front + 0.2, top_m],
            [front - 0.08, low + 0.15],
            [rear, low + 0.12],
        ]
    )
    prism(work.part("roof"), outline, (-plan.half_m + 0.12, plan.half_m - 0.12), Slot.PAINT_SECOND)


def _chassis(
    work: Coachwork,
    vehicle: Vehicle,
    plan: CabPlan,
    bed: Bed,
    rng: np.random.Generator,
    *,
    rear_axle_m: float,
    guarded: bool,
) -> None:
    half, tyre = vehicle.width_m / 2, plan.tyre_m
    top = bed.deck_m - 0.12
    rails(work, (bed.rear_m + 0.14, plan.front_m - 0.35), top)
    behind = plan.rear_m - 0.12 if plan.bonnet_m else min(plan.rear_m, plan.axle_m - tyre - 0.16)
    before = rear_axle_m + tyre + 0.22
    side_boxes(work, (max(before, behind - 1.6), behind), half, top, rng)
    if guarded:
        side_guards(work, (before, behind - 1.6), half, top)
        side_guards(work, (bed.rear_m + 0.3, rear_axle_m - tyre - 0.4), half, top)
    mudguard(work, rear_axle_m, half, tyre)
    rear_end(work, bed.rear_m, half, deck_m=bed.deck_m)
    marker_row(work, (bed.rear_m + 0.8, before + 0.3, behind - 0.4), half_m=half - 0.005, z_m=bed.deck_m - 0.10)
