"""Articulated lorries: a tractor and a 13.6 m semi-trailer, drawn straight.

Sources:
    Directive 96/53/EC: 16.5 m long, 2.55 m wide, 4 m high; 12 m from king pin to the trailer's rear, 2.04 m swing.
    Usual semi-trailers (Krone Profi Liner, Schmitz S.CS): 13.62 m, deck at 1.2 m, three axles 1.31 m apart with
    385/65 R22.5 singles (1.07 m). Tractors: wheelbase 3.6 to 3.8 m, tyres 315/70 R22.5 (1.01 m).
"""

from __future__ import annotations

import numpy as np

from scenes.haulage import LOWER_FROM_FRONT_M, LOWER_M, UPPER_FROM_FRONT_M
from scenes.spec.vehicle import Vehicle
from scenes.stage.heavy.cab import build_cab, roof_deflector, roof_fittings
from scenes.stage.heavy.cab_plan import CabPlan
from scenes.stage.heavy.cargo_body import box_body, curtain_body
from scenes.stage.heavy.cargo_cars import decks
from scenes.stage.heavy.cargo_open import flatbed, tipper
from scenes.stage.heavy.cargo_tank import tanker
from scenes.stage.heavy.chassis import axle_beams, mudguard, rails, rear_end, side_boxes, side_guards
from scenes.stage.heavy.coachwork import Coachwork, Slot, bevel_box, rod
from scenes.stage.heavy.lamp_cluster import lamp_board, marker_row
from scenes.stage.heavy.load_bed import Bed
from scenes.stage.heavy.truck_wheel import Axle, heavy_wheels

TRAILERS = ("curtain", "box", "curtain", "tanker", "flatbed", "box")
"""Semi-trailers of combinations that carry nothing named, by model."""

_TYRE_M, _TRAILER_TYRE_M = 0.505, 0.53
_SPREAD_M = 1.31
_CAR_TYRE_M, _CAR_SPREAD_M = 0.365, 0.95  # of a transporter: 215/75 R17.5


def trailer_of(vehicle: Vehicle) -> str:
    """Name the trailer that a combination pulls."""
    if vehicle.load in ("gravel", "cars"):
        return "tipper" if vehicle.load == "gravel" else "transporter"
    return "flatbed" if vehicle.load != "none" else TRAILERS[vehicle.model % len(TRAILERS)]


def build_articulated(vehicle: Vehicle, rng: np.random.Generator) -> Coachwork:
    """Build tractor and semi-trailer."""
    work = Coachwork()
    plan = _tractor_cab(vehicle, rng)
    build_cab(work, plan, rng)
    drive = plan.axle_m - float(rng.uniform(3.55, 3.75))
    tag = rng.random() < 0.25
    axles = [Axle(plan.axle_m, steered=True), Axle(drive, twin=True)]
    if tag:
        axles.insert(1, Axle(drive + 1.32))
    _tractor(work, vehicle, plan, axles, rng)
    work.wheels += heavy_wheels(vehicle, axles, radius_m=_TYRE_M, width_m=0.30, rim=_rim(rng))
    if trailer_of(vehicle) == "transporter":
        bed = _car_trailer(work, vehicle, plan, rng)
    else:
        bed = _trailer(work, vehicle, plan, drive, rng)
    if plan.roof_m < bed.top_m - 0.35 and rng.random() < 0.85 and trailer_of(vehicle) in ("box", "curtain"):
        roof_deflector(work, plan, bed.top_m - 0.05)
    else:
        roof_fittings(work, plan, rng, top_m=bed.top_m)
    return work


def _rim(rng: np.random.Generator) -> Slot:
    return Slot.ALLOY if rng.random() < 0.4 else Slot.STEEL


def _tractor_cab(vehicle: Vehicle, rng: np.random.Generator) -> CabPlan:
    floor = float(rng.uniform(1.22, 1.42))
    roofs = [floor + 1.62, floor + 2.0, min(floor + 2.35, vehicle.height_m - 0.12)]
    nose = vehicle.length_m / 2 - 0.035
    return CabPlan(
        nose_m=nose,
        length_m=2.25,
        half_m=vehicle.width_m / 2 - 0.03,
        skirt_m=0.34,
        floor_m=floor,
        roof_m=roofs[int(rng.integers(3))],
        axle_m=nose - 1.38,
        tyre_m=_TYRE_M,
        driver=vehicle.driver,
    )


def _tractor(work: Coachwork, vehicle: Vehicle, plan: CabPlan, axles: list[Axle], rng: np.random.Generator) -> None:
    half, drive = vehicle.width_m / 2, axles[-1].x_m
    end = drive - 0.92
    rails(work, (end, plan.front_m - 0.4), 0.98)
    axle_beams(work, axles, half, _TYRE_M)
    behind = plan.axle_m - _TYRE_M - 0.16
    first = axles[1].x_m + _TYRE_M + 0.16
    side_boxes(work, (first, behind), half, 0.95, rng)
    for axle in axles[1:]:
        mudguard(work, axle.x_m, half, _TYRE_M)
    builder = work.part("chassis")
    bevel_box(builder, (drive - 0.45, -0.5, 1.0), (drive + 0.65, 0.5, 1.10), Slot.DARK, bevel_m=0.02)
    bevel_box(builder, (end, -half + 0.3, 0.72), (end + 0.08, half - 0.3, 0.92), Slot.DARK)
    lamp_board(work, end - 0.06, y_m=half - 0.5, z_m=0.82)
    builder.box((first + 0.2, -0.5, 0.97), (plan.rear_m - 0.06, 0.5, 1.0), int(Slot.ALLOY))
    for y in (-0.2, 0.0, 0.2):  # air and electric lines sag to the trailer
        start, last = np.array([plan.rear_m, y, 1.7]), np.array([plan.rear_m - 0.62, 1.4 * y, 1.45])
        rod(
            builder,
            [start, (start + last) / 2 - (0, 0, 0.35), last],
            0.02,
            Slot.DARK if y else Slot.LENS_RED,
            segments=5,
        )
    if rng.random() < 0.6:
        _collars(work, plan)


def _collars(work: Coachwork, plan: CabPlan) -> None:
    for side in (1, -1):
        y = side * (plan.half_m - 0.02)
        bevel_box(
            work.part("body"),
            (plan.rear_m - 0.36, y - side * 0.04, 1.15),
            (plan.rear_m + 0.03, y, plan.roof_m - 0.3),
            Slot.PAINT,
            bevel_m=0.015,
        )


def _trailer(work: Coachwork, vehicle: Vehicle, plan: CabPlan, drive_m: float, rng: np.random.Generator) -> Bed:
    rear, half = -vehicle.length_m / 2, vehicle.width_m / 2
    front = min(rear + 13.62, plan.rear_m - 0.42)
    last = plan.axle_m - vehicle.wheelbase_m
    axles = [Axle(last + _SPREAD_M * place) for place in (2, 1, 0)]
    bed = Bed(rear, front, half, 1.22, vehicle.height_m, "trailer", "trailer")
    kind = trailer_of(vehicle)
    if kind == "curtain":
        curtain_body(work, bed, rng)
    elif kind == "box":
        box_body(work, bed, rng)
    elif kind == "tanker":
        tanker(work, bed, rng)
    elif kind == "tipper":
        tipper(work, bed._replace(front_m=front - 0.6), rng, loaded=True)
    else:
        flatbed(work, bed, rng, vehicle.load if vehicle.load != "none" else "boxes")
    rails(work, (rear + 0.14, front - 0.1), 1.16, mesh="trailer")
    axle_beams(work, axles, half, _TRAILER_TYRE_M, mesh="trailer")
    for axle in axles:
        mudguard(work, axle.x_m, half, _TRAILER_TYRE_M, wide_m=0.46, mesh="trailer", flap=axle is axles[-1])
    legs = front - 2.6
    _landing_legs(work, legs, half)
    side_guards(work, (axles[0].x_m + 0.8, min(legs - 0.5, drive_m - 1.3)), half, 1.12, mesh="trailer")
    rear_end(work, rear, half, deck_m=1.16, mesh="trailer")
    marker_row(work, tuple(np.arange(rear + 0.8, front - 0.3, 2.6)), half_m=half - 0.005, z_m=1.12, mesh="trailer")
    work.wheels += heavy_wheels(vehicle, axles, radius_m=_TRAILER_TYRE_M, width_m=0.385, rim=_rim(rng))
    return bed


def _car_trailer(work: Coachwork, vehicle: Vehicle, plan: CabPlan, rng: np.random.Generator) -> Bed:
    rear, front, half = -vehicle.length_m / 2, vehicle.length_m / 2, vehicle.width_m / 2
    last = plan.axle_m - vehicle.wheelbase_m
    axles = [Axle(last + _CAR_SPREAD_M), Axle(last)]
    neck = front - LOWER_FROM_FRONT_M
    bed = Bed(rear, front - UPPER_FROM_FRONT_M, half, LOWER_M, vehicle.height_m, "trailer", "trailer")
    decks(work, bed, neck)
    rails(work, (rear + 0.14, neck), LOWER_M - 0.1, mesh="trailer")
    axle_beams(work, axles, half, _CAR_TYRE_M, mesh="trailer")
    side_guards(work, (axles[0].x_m + 0.7, neck - 0.3), half, LOWER_M - 0.12, mesh="trailer")
    rear_end(work, rear, half, deck_m=LOWER_M, mesh="trailer")
    marker_row(work, tuple(np.arange(rear + 0.8, neck, 2.6)), half_m=half - 0.005, z_m=LOWER_M - 0.08, mesh="trailer")
    work.wheels += heavy_wheels(vehicle, axles, radius_m=_CAR_TYRE_M, width_m=0.24, rim=_rim(rng))
    return bed


def _landing_legs(work: Coachwork, x_m: float, half_m: float) -> None:
    builder = work.part("trailer", "trailer")
    for side in (1, -1):
        y = side * (half_m - 0.55)
        builder.box((x_m - 0.07, y - 0.07, 0.42), (x_m + 0.07, y + 0.07, 1.15), int(Slot.DARK))
        builder.box((x_m - 0.13, y - 0.13, 0.38), (x_m + 0.13, y + 0.13, 0.42), int(Slot.DARK))
    rod(builder, [(x_m, -half_m + 0.6, 0.85), (x_m, half_m - 0.6, 0.85)], 0.025, Slot.STEEL)
