"""The gallery shows everything: each kind, pose, outfit, load, livery, animal and place has a cell."""

from typing import get_args

import numpy as np
import pytest

from render.gallery import cells_on, contact_sheet
from scenes.atlas import shipped
from scenes.camera import DASHCAM_ONLY
from scenes.errors import InputError
from scenes.exhibit import atlas_cells
from scenes.ontology import KIND_CATEGORY
from scenes.showcase import STUDIO, cells
from scenes.spec.living import AnimalKind, Carried, Outfit, Pose
from scenes.spec.place import PlaceKind
from scenes.spec.scene import dumps, loads
from scenes.spec.vehicle import Livery


@pytest.fixture(scope="module")
def everything():
    return cells()


def test_no_picture_makes_no_sheet():
    with pytest.raises(IndexError):
        contact_sheet([])


def test_every_cell_is_a_valid_spec_and_no_two_are_alike(everything):
    assert len({loads(dumps(cell.spec)).scene_id for cell in everything}) == len(everything)
    assert all(cell.sheets for cell in everything)


def test_every_vehicle_kind_and_livery_appears(everything):
    vehicles = [vehicle for cell in everything for vehicle in cell.spec.vehicles]
    assert {vehicle.kind for vehicle in vehicles} == set(KIND_CATEGORY)
    assert {vehicle.livery for vehicle in vehicles} == set(get_args(Livery))
    assert any(vehicle.burnt for vehicle in vehicles)
    assert any(vehicle.airbags for vehicle in vehicles)


def test_every_pose_outfit_and_thing_carried_appears(everything):
    people = [person for cell in everything for person in cell.spec.people]
    assert {person.pose for person in people} == set(get_args(Pose)) - {"driving"}  # drivers are part of their vehicle
    assert {person.outfit for person in people} == set(get_args(Outfit))
    assert {thing for person in people for thing in person.carries} == set(get_args(Carried))


def test_every_animal_and_place_appears_on_both_sides_of_traffic(everything):
    assert {animal.kind for cell in everything for animal in cell.spec.animals} == set(get_args(AnimalKind))
    places = {
        (cell.spec.street.kind, cell.spec.street.drive_on) for cell in everything if cell.spec.scenario == "place"
    }
    assert places == {(kind, side) for kind in get_args(PlaceKind) for side in ("left", "right")}


def test_every_vehicle_stands_whole_in_its_picture(everything):
    for cell in (cell for cell in everything if cell.spec.scenario == STUDIO):
        camera = cell.spec.cameras[0]
        for vehicle in cell.spec.vehicles:
            away = np.hypot(vehicle.x_m - camera.x_m, vehicle.y_m - camera.y_m)
            assert away > vehicle.length_m / 2 + 1.5, cell.caption


def test_every_lighting_and_every_weather_has_a_cell_on_its_sheet():
    shown = {sheet: [] for sheet in ("lighting", "conditions")}
    for cell in atlas_cells():
        shown[cell.sheets["*"]].append(cell.spec.conditions)
    assert sorted(told.lighting for told in shown["lighting"]) == sorted(shipped().lightings)
    assert {told.weather for told in shown["conditions"]} == set(shipped().weathers)


def test_only_the_sheets_that_are_asked_for_are_drawn(everything):
    whole = cells_on((), DASHCAM_ONLY)
    assert {cell.caption for cell in everything} <= {cell.caption for cell in whole}
    lit = cells_on(["lighting"], DASHCAM_ONLY)
    assert {sheet for cell in lit for sheet in cell.sheets.values()} == {"lighting"}
    with pytest.raises(InputError, match=r"sheets: must be some of vehicles, .*; got lights"):
        cells_on(["lights"], DASHCAM_ONLY)


def test_sheets_keep_rows_of_four():
    sheet = contact_sheet([np.zeros((10, 20, 3), np.uint8)] * 5)
    assert sheet.shape == (24, 92, 3)
