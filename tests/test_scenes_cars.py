"""Cars and light vans have their true size, stand on their wheels, and each face has a part and a surface."""

from dataclasses import replace

import numpy as np
import pytest

from scenes.ontology import PARTS
from scenes.spec.vehicle import Vehicle
from scenes.stage.cars import car
from scenes.stage.cars.car_shape import CAR_KINDS
from scenes.stage.cars.sheet import Sheet, borders, meet, polygon
from scenes.stage.mesh_cache import encoded
from scenes.vehicle import model_size

NOT_BODY = {PARTS["mirror"], PARTS["load"], PARTS["light_bar"]}


def made(kind, model, **values):
    return Vehicle(
        actor_id=1,
        kind=kind,
        x_m=0.0,
        y_m=0.0,
        heading_deg=0.0,
        paint_rgb_linear=(0.3, 0.02, 0.02),
        seed=model,
        model=model,
        **{**model_size(kind, model), **values},
    )


def body_points(asset):
    found = []
    for piece in asset.pieces:
        solid = piece.solid
        corner_part = np.repeat(solid.parts, solid.sizes)
        kept = np.unique(solid.loops[~np.isin(corner_part, list(NOT_BODY))])
        found += [solid.vertices[kept] @ matrix[:3, :3].T + matrix[:3, 3] for matrix in piece.matrices]
    return np.concatenate(found)


def volume(solid):
    start = np.cumsum(solid.sizes) - solid.sizes
    total = 0.0
    for first, size in zip(start, solid.sizes, strict=True):
        corner = solid.vertices[solid.loops[first : first + size]].astype(np.float64)
        total += sum(np.dot(corner[0], np.cross(corner[i], corner[i + 1])) for i in range(1, size - 1)) / 6
    return total


CASES = [(kind, model) for kind in CAR_KINDS for model in (0, 1, 2)]


@pytest.mark.parametrize(("kind", "model"), CASES)
def test_a_car_has_its_size_its_parts_and_its_surfaces_and_stands_on_the_ground(kind, model):
    vehicle = made(kind, model, driver=True)
    asset = car.geometry(vehicle)
    points = body_points(asset)
    size = points.max(axis=0) - points.min(axis=0)
    wanted = (vehicle.length_m, vehicle.width_m, vehicle.height_m)
    np.testing.assert_allclose([size[0], size[1], points[:, 2].max()], wanted, rtol=0.02)
    wheel = asset.pieces[-1]
    assert wheel.solid.name == "wheel"
    for matrix in wheel.matrices:
        assert (wheel.solid.vertices @ matrix[:3, :3].T + matrix[:3, 3])[:, 2].min() == pytest.approx(0, abs=0.01)
    assert points[:, 2].min() > -0.01
    assert asset.slot_names <= set(car.finish(vehicle))
    assert all((piece.solid.parts > 0).all() for piece in asset.pieces)
    glowing = {piece.solid.light_group for piece in asset.pieces}
    assert {"head", "tail", "indicator"} <= glowing
    assert sum(piece.solid.triangles for piece in asset.pieces[:-1]) < (40_000 if kind == "minibus" else 29_000)


@pytest.mark.parametrize("kind", CAR_KINDS)
def test_the_same_vehicle_gives_the_same_bytes_and_another_model_another_shape(kind):
    first, again = car.geometry(made(kind, 3)), car.geometry(made(kind, 3))
    assert encoded(first) == encoded(again)
    assert encoded(first) != encoded(car.geometry(made(kind, 4, **model_size(kind, 3))))


@pytest.mark.parametrize("kind", CAR_KINDS)
def test_geometry_reads_no_field_that_the_mesh_cache_ignores(kind):
    vehicle = made(kind, 5)
    other = replace(vehicle, seed=99, dirt=0.9, rust=0.5, paint_rgb_linear=(0.1, 0.2, 0.3), heading_deg=40.0)
    assert encoded(car.geometry(vehicle)) == encoded(car.geometry(other))


def test_wheels_are_closed_outwards_and_the_front_ones_steer():
    asset = car.geometry(made("sedan", 0, steer_deg=20.0))
    wheel = asset.pieces[-1]
    assert volume(wheel.solid) > 0
    ahead = [matrix[:3, 1] @ (0, 1, 0) for matrix in wheel.matrices]
    assert abs(ahead[0]) == pytest.approx(np.cos(np.deg2rad(20)))
    assert abs(ahead[2]) == pytest.approx(1.0)


@pytest.mark.parametrize("kind", ["sedan", "suv", "van", "pickup"])
def test_the_skin_of_a_car_faces_outward(kind):
    solid = car.geometry(made(kind, 1)).pieces[0].solid
    corners = solid.vertices[solid.loops.reshape(-1, 3)]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    paint = solid.slots == solid.slot_names.index("paint")
    centre = corners.mean(axis=1)
    away = (normal * (centre - (0, 0, 0.6))).sum(axis=1)[paint]
    area = np.linalg.norm(normal, axis=1)[paint]
    assert area[away > 0].sum() > 0.9 * area.sum()


def test_what_is_open_moves_its_part_and_shows_a_panel():
    closed = car.geometry(made("hatchback", 1))
    opened = car.geometry(made("hatchback", 1, opened=("door_front_left", "bonnet", "boot")))
    before, after = closed.pieces[0].solid, opened.pieces[0].solid
    assert after.triangles > before.triangles

    def reach(solid, part, axis):
        corner = np.repeat(solid.parts == PARTS[part], solid.sizes)
        return solid.vertices[solid.loops[corner], axis].max()

    assert reach(after, "door", 1) > reach(before, "door", 1) + 0.5
    assert reach(after, "bonnet", 2) > reach(before, "bonnet", 2) + 0.3
    assert reach(after, "boot", 2) > reach(before, "boot", 2) + 0.1


def test_lamps_burn_only_when_the_spec_says_so():
    dark, lit = car.finish(made("suv", 0)), car.finish(made("suv", 0, lamps=("head", "brake", "indicator_left")))
    assert dark["lamp_head"].recipe != "emission"
    assert {lit[name].recipe for name in ("lamp_head", "lamp_brake", "lamp_indicator_left")} == {"emission"}
    assert lit["lamp_indicator_right"].recipe != "emission"
    assert not car.geometry(made("suv", 0)).beams
    high = car.geometry(made("suv", 0, lamps=("high_beam",))).beams
    assert [beam.pattern for beam in high] == ["high", "high"]


@pytest.mark.parametrize(
    ("kind", "livery", "load"),
    [("sedan", "taxi", "none"), ("estate", "police", "roof_box"), ("van", "ambulance", "roof_rack"),
     ("van", "company", "pipes"), ("pickup", "none", "timber"), ("pickup", "none", "boxes")],
)  # fmt: skip
def test_liveries_and_loads_have_parts_and_surfaces(kind, livery, load):
    vehicle = made(kind, 2, livery=livery, load=load)
    asset = car.geometry(vehicle)
    assert asset.slot_names <= set(car.finish(vehicle))
    parts = set(np.concatenate([piece.solid.parts for piece in asset.pieces]).tolist())
    assert (PARTS["light_bar"] in parts) == (livery in ("taxi", "police", "ambulance"))
    assert (PARTS["load"] in parts) == (load != "none")


def plate(count=12):
    line = np.linspace(-1, 1, count)
    points = np.stack([*np.meshgrid(line, line, indexing="ij"), np.zeros((count, count))], axis=-1)
    return Sheet.of_grid(points, {"one": np.ones((count, count))}, slot=0, part=1)


def test_a_cut_leaves_no_crack_and_keeps_the_area():
    sheet = plate()
    inside = sheet.cut(lambda sheet: np.hypot(sheet["x"], sheet["y"]) - 0.5)
    corner = sheet.points[sheet.tris]
    area = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])[:, 2] / 2
    assert (area > 0).all()
    assert area.sum() == pytest.approx(4.0)
    assert area[inside].sum() == pytest.approx(np.pi * 0.25, rel=0.03)
    assert len(borders(sheet.tris)) == 4 * 11
    np.testing.assert_allclose(sheet["one"], 1.0)


def test_a_polygon_is_negative_inside_and_a_rounded_meeting_lies_within_both():
    square = [(0, 0), (1, 0), (1, 1), (0, 1)]
    found = polygon(square, np.array([0.5, 2.0]), np.array([0.5, 0.5]))
    np.testing.assert_allclose(found, [-0.5, 1.0])
    first, second = np.array([-1.0, 0.5, 0.0]), np.array([-0.2, -1.0, 0.0])
    assert (meet(first, second) >= np.maximum(first, second)).all()


def test_the_halves_of_a_police_cars_light_bar_are_light_groups_of_their_own():
    pieces = car.geometry(made("sedan", 2, livery="police")).pieces
    halves = {piece.solid.light_group: piece.solid for piece in pieces if piece.solid.light_group.startswith("emer")}
    assert set(halves) == {"emergency", "emergency_alternate"}
    assert halves["emergency"].vertices[:, 1].min() > 0 > halves["emergency_alternate"].vertices[:, 1].max()
