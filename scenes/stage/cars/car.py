"""Passenger cars and light vans: geometry by kind and model, and the finish that covers it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.ontology import LIGHT_GROUPS, PARTS
from scenes.spec.vehicle import Vehicle
from scenes.stage.asset import Asset, Piece
from scenes.stage.cars.cabin import cabin_of, glaze
from scenes.stage.cars.car_finish import finish
from scenes.stage.cars.car_front import Face, draw_face, dress_front, furnish_front
from scenes.stage.cars.car_lamps import beams_of, furnish_headlamps
from scenes.stage.cars.car_lids import dress_lids, engine_bay, open_group, pickup_bed
from scenes.stage.cars.car_rear import Tail, draw_tail, dress_tail, furnish_tail
from scenes.stage.cars.car_shape import Shape, draw_shape
from scenes.stage.cars.car_side import GROUPS, dress_flanks, group_windows, wells
from scenes.stage.cars.car_slots import GLOWING, Faces, Slot, compact
from scenes.stage.cars.car_trim import furnish_trim
from scenes.stage.cars.cockpit import furnish_cockpit
from scenes.stage.cars.hull import deck_of, wall_of
from scenes.stage.cars.livery import dress_livery, furnish_livery
from scenes.stage.cars.sheet import Sheet
from scenes.stage.cars.wheel import wheels
from scenes.stage.mesh import MeshBuilder

__all__ = ["finish", "geometry"]


def geometry(vehicle: Vehicle) -> Asset:
    """Return an undamaged sedan, hatchback, estate, suv, pickup, van or minibus.

    Args:
        vehicle: `kind`, `model` and the dimensions give the shape; `opened`, `load`, `livery`, `driver`, `lamps`,
            `steer_deg` and `wheel_turn_deg` what stands open, is carried or burns.
    """
    shape = draw_shape(vehicle)
    face, tail = draw_face(shape), draw_tail(shape)
    sheets, fixed = _parts(shape, face, tail)
    for group, name in enumerate(GROUPS):
        if name in vehicle.opened:
            open_group(shape, group, sheets, fixed)
    pieces = _pieces([*map(Faces.of_sheet, sheets)], [Faces.of_builder(made) for made in fixed.values() if made])
    pieces += wheels(
        vehicle, axles_m=shape.axles_m, radius_m=shape.tyre_m, width_m=shape.tyre_width_m, style=shape.wheel
    )
    return Asset(pieces=tuple(pieces), beams=beams_of(vehicle, shape, face))


def _parts(shape: Shape, face: Face, tail: Tail) -> tuple[list[Sheet], dict[int, MeshBuilder]]:
    """Return the body's sheets, and by group the builders of all that is fixed to it."""
    wall = wall_of(shape)
    cabin = cabin_of(shape, wall)
    skin = wall.sheet()
    dress_front(shape, face, skin)
    dress_tail(shape, tail, skin)
    dress_flanks(shape, skin)
    decks = [deck_of(shape, wall, shape.screen_base_m - 0.13, shape.nose_x_m)]
    if shape.kind != "pickup":
        reach = shape.cabin_end_m + 0.12 if shape.kind == "sedan" else -shape.nose_x_m + 0.35
        decks.append(deck_of(shape, wall, -shape.nose_x_m, reach))
    glaze(shape, cabin)
    group_windows(shape, cabin.sheet)
    dress_lids(shape, cabin, tail, decks)
    fixed = {number: MeshBuilder(part=PARTS["body"]) for number in range(len(GROUPS))}
    if shape.kind == "pickup":
        pickup_bed(shape, wall, fixed[0])
    dress_livery(shape, skin, cabin.sheet, decks)
    furnish_front(face, wall, fixed[0])
    furnish_headlamps(shape, face, wall, fixed[0])
    furnish_tail(shape, wall, fixed[0])
    furnish_trim(shape, wall, cabin, fixed, face=face, tail=tail)
    furnish_livery(shape, cabin, fixed[0])
    wells(shape, fixed[0])
    if "bonnet" in shape.vehicle.opened:
        engine_bay(shape, fixed[0])
    furnish_cockpit(shape, fixed[0])
    return [skin, *decks, cabin.sheet], fixed


def _pieces(skins: list[Faces], fixed: list[Faces]) -> list[Piece]:
    """Return the body, with parts that share no vertices, the trim, and one piece for each light group."""
    made: dict[str, MeshBuilder] = {}
    glowing = sorted(GLOWING)
    for name, several in (("body", skins), ("trim", fixed)):
        for faces in several:
            dull = ~np.isin(faces.slots, glowing)
            for part in np.unique(faces.parts):
                faces.pour(dull & (faces.parts == part), made.setdefault(name, MeshBuilder()))
            for slot in glowing:
                for group, mask in _groups(faces, slot):
                    faces.pour(mask, made.setdefault(group, MeshBuilder()))
    return [
        Piece(solid=compact(builder, name, smooth=True, light_group=name if name in LIGHT_GROUPS else ""))
        for name, builder in made.items()
        if builder
    ]


def _groups(faces: Faces, slot: Slot) -> tuple[tuple[str, NDArray[np.bool_]], ...]:
    """Return which faces of a slot burn in which light group: the halves of a light bar flash in turn."""
    burning = faces.slots == slot
    if slot != Slot.LIGHT_BAR or not burning.any():
        return ((GLOWING[slot], burning),)
    begins = np.cumsum(faces.sizes) - faces.sizes
    left = np.add.reduceat(faces.points[faces.loops, 1], begins) >= 0
    return ("emergency", burning & left), ("emergency_alternate", burning & ~left)
