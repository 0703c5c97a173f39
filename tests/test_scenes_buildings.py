"""Houses and structures: their sizes, faces, light and cost, without Blender."""

import time

import numpy as np
import pytest

from scenes.errors import InputError
from scenes.stage.buildings import house, railway, structures
from scenes.stage.mesh_cache import encoded

SIZES = {
    "terrace": (14.0, 12.0, 15.0),
    "apartment": (15.0, 12.0, 17.0),
    "office": (18.0, 13.0, 17.0),
    "shop_house": (13.0, 11.0, 11.0),
    "detached": (12.0, 9.0, 6.0),
    "farm": (14.0, 10.0, 5.5),
    "industrial": (26.0, 15.0, 9.0),
    "warehouse": (28.0, 16.0, 9.0),
}
MODELS = range(6)
BUILT = {
    "tunnel": lambda model: structures.tunnel(120.0, 4.2, 4.9, model),
    "portal": lambda model: structures.portal(4.2, 4.9, model),
    "bridge": lambda model: structures.bridge(64.0, 7.0, model),
    "overpass": lambda model: structures.overpass(6.0, model),
    "car_park_canopy": lambda model: structures.car_park_canopy(20.0, 5.0, model),
    "petrol_station": structures.petrol_station,
    "railway_track": lambda model: structures.railway_track(60.0, model, 6.0),
    "bus_station": lambda model: structures.bus_station(30.0, model),
}


def solids(asset):
    return [piece.solid for piece in asset.pieces]


def faces(asset, *slots):
    return sum(
        int(np.isin(solid.slots, [solid.slot_names.index(slot) for slot in slots if slot in solid.slot_names]).sum())
        for solid in solids(asset)
    )


def normals(solid, slot):
    """First corners and unit normals of the faces of a slot, by Newell's sum over the first three corners."""
    first = np.cumsum(solid.sizes) - solid.sizes
    chosen = first[solid.slots == solid.slot_names.index(slot)]
    a, b, c = (solid.vertices[solid.loops[chosen + k]].astype(float) for k in range(3))
    normal = np.cross(b - a, c - a)
    length = np.linalg.norm(normal, axis=1)
    return (a + b + c)[length > 1e-9] / 3, normal[length > 1e-9] / length[length > 1e-9][:, None]


@pytest.mark.parametrize("style", house.STYLES)
def test_a_house_keeps_to_its_plot_and_stands_on_the_ground(style):
    width, depth, height = SIZES[style]
    for model in MODELS:
        points = house.geometry(style, width, depth, height, model, 0.3).points()
        low, high = points.min(axis=0), points.max(axis=0)
        assert low[2] == pytest.approx(0.0, abs=0.01)
        assert 0.95 * height < high[2] < height + 8.5
        assert high[0] < 2.0
        assert low[0] > -depth - 0.75
        assert width / 2 - 0.05 < high[1] < width / 2 + 0.5
        assert width / 2 - 0.05 < -low[1] < width / 2 + 0.5


@pytest.mark.parametrize("style", house.STYLES)
def test_the_wall_of_a_front_lies_in_the_plane_x_0(style):
    asset = house.geometry(style, *SIZES[style], 1, 0.3)
    corners = np.abs(asset.points()[:, 0]) < 1e-6
    assert corners.sum() > 20


@pytest.mark.parametrize("style", house.STYLES)
def test_a_finish_covers_every_slot_of_a_house(style):
    for model in MODELS:
        assert house.geometry(style, *SIZES[style], model, 0.5).slot_names <= set(house.finish(style, model))


@pytest.mark.parametrize("name", structures.NAMES)
def test_a_finish_covers_every_slot_of_a_structure(name):
    for model in MODELS:
        assert BUILT[name](model).slot_names <= set(structures.finish(name, model))


@pytest.mark.parametrize("style", house.STYLES)
def test_the_same_house_is_the_same_bytes_and_another_model_is_another_house(style):
    one, again, other = (encoded(house.geometry(style, *SIZES[style], model, 0.3)) for model in (3, 3, 4))
    assert one == again
    assert one != other
    assert house.finish(style, 3) == house.finish(style, 3)


@pytest.mark.parametrize("name", structures.NAMES)
def test_the_same_structure_is_the_same_bytes(name):
    assert encoded(BUILT[name](2)) == encoded(BUILT[name](2))


@pytest.mark.parametrize("style", house.STYLES)
def test_no_window_is_lit_at_share_0_and_all_are_at_share_1(style):
    for model in MODELS:
        dark = house.geometry(style, *SIZES[style], model, 0.0)
        bright = house.geometry(style, *SIZES[style], model, 1.0)
        assert all(not solid.light_group for solid in solids(dark))
        assert faces(bright, "lit") > 0 or style == "farm"
        north_lights = faces(bright, "window")
        assert north_lights == 0 or style == "industrial"


def test_the_share_of_lit_windows_is_the_one_asked_for():
    lit = dark = 0
    for style in ("terrace", "apartment", "shop_house", "office"):
        for model in range(8):
            asset = house.geometry(style, *SIZES[style], model, 0.3)
            lit += faces(asset, "lit")
            dark += faces(asset, "window")
    assert lit / (lit + dark) == pytest.approx(0.3, abs=0.04)


@pytest.mark.parametrize("style", house.STYLES)
def test_what_glows_in_a_house_is_in_the_group_of_windows(style):
    glowing = {"lit", "shop_lit", "shop_lamp", "sign_a_lit", "sign_b_lit", "sign_c_lit"}
    for model in MODELS:
        for solid in solids(house.geometry(style, *SIZES[style], model, 0.6)):
            assert (set(solid.slot_names) <= glowing) == (solid.light_group == "windows")


@pytest.mark.parametrize("style", house.STYLES)
def test_walls_face_outward(style):
    width, depth, height = SIZES[style]
    for model in MODELS:
        for solid in solids(house.geometry(style, width, depth, height, model, 0.3)):
            for slot in {"wall", "wall_second", "wall_ground", "gable", "sheet", "panel_wall", "barn"} & set(
                solid.slot_names
            ):
                where, normal = normals(solid, slot)
                for axis, at, way in ((0, 0.0, 1), (0, -depth, -1), (1, -width / 2, -1), (1, width / 2, 1)):
                    outer = (np.abs(where[:, axis] - at) < 1e-4) & (np.abs(normal[:, axis]) > 0.9)
                    assert (normal[outer, axis] * way > 0).all(), (model, slot, axis, at)


@pytest.mark.parametrize("style", house.STYLES)
def test_a_house_keeps_to_its_budget(style):
    for model in MODELS:
        start = time.process_time()
        asset = house.geometry(style, *SIZES[style], model, 0.3)
        assert time.process_time() - start < 0.5  # 0.1 s on an idle core
        assert 300 < sum(solid.triangles for solid in solids(asset)) < 8000


@pytest.mark.parametrize("style", house.STYLES)
@pytest.mark.parametrize("size", [(3.0, 3.0, 2.5), (6.0, 5.0, 4.0), (10.0, 12.0, 30.0), (40.0, 25.0, 6.0)])
def test_a_house_of_any_size_is_built(style, size):
    for model in range(3):
        asset = house.geometry(style, *size, model, 0.3)
        assert np.isfinite(asset.points()).all()
        assert asset.points()[:, 2].min() > -0.01


def test_faces_have_an_area():
    for style in house.STYLES:
        for solid in solids(house.geometry(style, *SIZES[style], 2, 0.4)):
            first = np.cumsum(solid.sizes) - solid.sizes
            a, b, c = (solid.vertices[solid.loops[first + k]].astype(float) for k in range(3))
            flat = np.linalg.norm(np.cross(b - a, c - a), axis=1) < 1e-9
            assert flat.mean() < 0.002, style


def test_bad_sizes_and_styles_are_refused():
    with pytest.raises(InputError, match=r"house\.style"):
        house.geometry("igloo", 10, 10, 10, 0, 0.2)
    with pytest.raises(InputError, match="width and depth"):
        house.geometry("terrace", 1, 10, 10, 0, 0.2)
    with pytest.raises(InputError, match="lit_share"):
        house.geometry("terrace", 10, 10, 10, 0, 1.2)
    with pytest.raises(InputError, match="structure"):
        structures.finish("pyramid", 0)


def test_a_tunnel_spans_its_length_above_its_clear_height_and_its_lamps_are_street_light():
    for model in MODELS:
        asset = structures.tunnel(120.0, 4.2, 4.9, model, lumen=9000.0)
        points = asset.points()
        assert points[:, 0].min() == pytest.approx(0.0, abs=0.01)
        assert points[:, 0].max() == pytest.approx(120.0, abs=0.01)
        over_lanes = points[(np.abs(points[:, 1]) < 3.5) & (points[:, 2] > 1.0)]
        assert over_lanes[:, 2].min() > 4.7
        groups = {solid.light_group for solid in solids(asset)}
        assert groups == {"", "street"}


def test_tunnel_lamps_have_the_flux_that_is_asked_for():
    asset = structures.tunnel(60.0, 4.2, 4.9, 0, lumen=8000.0)
    lamps = next(solid for solid in solids(asset) if solid.light_group == "street")
    mine = lamps.slots == lamps.slot_names.index("lamp")
    first = (np.cumsum(lamps.sizes) - lamps.sizes)[mine]
    a, b, d = (lamps.vertices[lamps.loops[first + k]].astype(float) for k in (0, 1, 3))
    area = np.linalg.norm(np.cross(b - a, d - a), axis=1)
    assert np.cross(b - a, d - a)[:, 2].max() < 0
    assert np.pi * area * lamps.tints[mine, 3] == pytest.approx(8000.0, rel=1e-4)


def test_a_tunnel_is_closed_and_faces_its_road():
    outline = structures.tunnel(24.0, 4.2, 4.9, 0)
    for solid in solids(outline):
        for slot in {"lining", "vault"} & set(solid.slot_names):
            where, normal = normals(solid, slot)
            inward = np.column_stack([np.zeros(len(where)), -where[:, 1], 2.0 - where[:, 2]])
            assert ((normal * inward).sum(axis=1) > 0).all()


def test_a_portal_hides_the_seam_25_m_to_each_side_and_leaves_the_road_open():
    for model in MODELS:
        points = structures.portal(4.2, 4.9, model).points()
        wall = points[np.abs(points[:, 0]) < 1e-6]
        assert wall[:, 1].min() < -25
        assert wall[:, 1].max() > 25
        opening = points[(points[:, 0] < 0.2) & (np.abs(points[:, 1]) < 4.2)]
        assert opening[:, 2].min() > 2.9


def test_bridges_leave_the_road_free():
    for model in MODELS:
        points = structures.bridge(64.0, 7.0, model).points()
        road = (np.abs(points[:, 1]) < 6.9) & (points[:, 2] > 0.02)
        assert not road.any() or points[road, 2].min() > 5.0
        points = structures.overpass(6.0, model, clearance_m=5.2).points()
        road = (np.abs(points[:, 1]) < 6.0) & (points[:, 2] > 0)
        assert points[road, 2].min() >= 5.2 - 1e-6


def test_rails_lie_level_with_the_road_at_their_gauge():
    track = structures.railway_track(60.0, 0, 6.0)
    near = np.abs(track.points()[:, 1]) < 6.0
    assert track.points()[near, 2].max() < 0.01
    assert track.points()[:, 2].max() == pytest.approx(railway.RISE_M, abs=0.01)
    rails = solids(track)[0]
    _, normal = normals(rails, "rail_head")
    assert (normal[:, 2] > 0.99).all()
    inner = np.abs(rails.vertices[:, 0])
    assert inner[(inner > 0.7) & (inner < 0.72)].min() == pytest.approx(1.435 / 2, abs=0.01)
