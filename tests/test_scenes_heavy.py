"""Buses and lorries have the size of their spec, stand on the ground, and name a part and a surface for every face."""

import numpy as np
import pytest

from scenes.ontology import PARTS
from scenes.spec.vehicle import Vehicle
from scenes.stage.heavy import heavy
from scenes.stage.heavy.truck import BODIES, body_of
from scenes.stage.mesh_cache import encoded
from scenes.stage.vehicle import FAMILIES, NOT_GEOMETRY
from scenes.vehicle import model_size

LOADS = ("none", "boxes", "timber", "pipes", "gravel", "containers", "tarpaulin")
BURNING = ("head", "tail", "brake", "indicator_left", "indicator_right", "reversing", "light_bar")


def made(kind, model=0, **fields):
    place = {
        "actor_id": 1,
        "x_m": 0.0,
        "y_m": 0.0,
        "heading_deg": 0.0,
        "seed": 5,
        "paint_rgb_linear": (0.3, 0.02, 0.02),
    }
    return Vehicle(kind=kind, model=model, **{**place, **model_size(kind, model), **fields})


def points_but_mirrors(asset):
    found = []
    for piece in asset.pieces:
        solid = piece.solid
        mirror = np.repeat(solid.parts == PARTS["mirror"], solid.sizes)
        kept = np.unique(solid.loops[~mirror])
        found += [solid.vertices[kept] @ matrix[:3, :3].T + matrix[:3, 3] for matrix in piece.matrices]
    return np.concatenate(found)


EVERY = (
    [("bus", model, "none", "none") for model in range(6)]
    + [("coach", model, "none", "none") for model in range(6)]
    + [("truck", model, "none", "none") for model in range(len(BODIES))]
    + [("articulated_truck", model, "none", "company") for model in range(6)]
    + [(kind, 1, load, "none") for kind in ("truck", "articulated_truck") for load in LOADS]
    + [("truck", 3, "tarpaulin", "none"), ("truck", 2, "none", "fire"), ("truck", 4, "none", "ambulance")]
)


@pytest.mark.parametrize(("kind", "model", "load", "livery"), EVERY)
def test_size_ground_parts_and_surfaces_are_right(kind, model, load, livery):
    vehicle = made(kind, model, load=load, livery=livery, driver=True)
    asset = heavy.geometry(vehicle)
    points = points_but_mirrors(asset)
    size, lowest = np.ptp(points, axis=0), points[:, 2].min()
    assert size[0] == pytest.approx(vehicle.length_m, rel=0.02)
    assert size[1] == pytest.approx(vehicle.width_m, rel=0.02)
    assert points[:, 2].max() == pytest.approx(vehicle.height_m, rel=0.02)
    assert lowest == pytest.approx(0.0, abs=0.01)
    assert (points[:, 0].min() + points[:, 0].max()) / 2 == pytest.approx(0.0, abs=0.05)
    assert all((piece.solid.parts > 0).all() for piece in asset.pieces)
    assert asset.slot_names <= set(heavy.finish(vehicle))
    assert sum(piece.solid.triangles for piece in asset.pieces) < 45_000


@pytest.mark.parametrize("kind", heavy.KINDS)
def test_every_wheel_stands_on_the_ground(kind):
    for piece in heavy.geometry(made(kind, wheel_turn_deg=17.0)).pieces:
        if piece.solid.name == "wheel":
            for matrix in piece.matrices:
                standing = piece.solid.vertices @ matrix[:3, :3].T + matrix[:3, 3]
                assert standing[:, 2].min() == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("kind", heavy.KINDS)
def test_the_same_vehicle_gives_the_same_bytes_and_another_model_another_shape(kind):
    first, again, other = (encoded(heavy.geometry(made(kind, model))) for model in (3, 3, 4))
    assert first == again
    assert first != other


@pytest.mark.parametrize("kind", heavy.KINDS)
def test_what_is_no_geometry_does_not_change_it(kind):
    fields = {"seed": 99, "dirt": 0.9, "rust": 0.5, "paint_rgb_linear": (0.0, 0.1, 0.5), "actor_id": 7}
    assert set(fields) <= NOT_GEOMETRY
    assert encoded(heavy.geometry(made(kind))) == encoded(heavy.geometry(made(kind, **fields)))


@pytest.mark.parametrize("kind", heavy.KINDS)
def test_lamps_lie_in_their_light_groups_and_burn_only_when_named(kind):
    asset = heavy.geometry(made(kind))
    groups = {piece.solid.light_group: set(piece.solid.slot_names) for piece in asset.pieces if piece.solid.light_group}
    assert groups["head"] == {"lamp_head"}
    assert groups["tail"] == {"lamp_tail", "lamp_brake", "lamp_reversing"}
    assert groups["indicator"] == {"lamp_indicator_left", "lamp_indicator_right"}
    dark, lit = heavy.finish(made(kind)), heavy.finish(made(kind, lamps=BURNING))
    for slot in set().union(*(groups[name] for name in ("head", "tail", "indicator"))):
        assert dark[slot].recipe != "emission"
        assert lit[slot].recipe == "emission"
    assert {beam.light_group for beam in asset.beams} == {"head"}
    assert len(asset.beams) == 2


@pytest.mark.parametrize("livery", ["fire", "ambulance"])
def test_the_halves_of_a_light_bar_flash_in_groups_of_their_own(livery):
    vehicle = made("truck", 2, livery=livery, lamps=("light_bar",))
    solids = [piece.solid for piece in heavy.geometry(vehicle).pieces]
    bars = {solid.light_group: solid for solid in solids if solid.light_group.startswith("emergency")}
    assert {group: bar.slot_names for group, bar in bars.items()} == {
        "emergency": ("light_bar",),
        "emergency_alternate": ("light_bar",),
    }
    assert bars["emergency"].vertices[:, 1].min() > 0 > bars["emergency_alternate"].vertices[:, 1].max()
    assert heavy.finish(vehicle)["light_bar"].recipe == "emission"


def test_a_bus_shows_its_line_in_the_group_of_windows():
    groups = {piece.solid.light_group for piece in heavy.geometry(made("bus")).pieces}
    assert "windows" in groups


def test_faces_of_the_shell_look_outward():
    solid = next(piece.solid for piece in heavy.geometry(made("bus")).pieces if piece.solid.name == "body")
    quads = solid.sizes == 4
    begin = (np.cumsum(solid.sizes) - solid.sizes)[quads & (solid.parts == PARTS["body"])]
    corners = solid.vertices[solid.loops[begin[:, None] + np.arange(4)]]
    normal = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    outward = corners.mean(axis=1) * (0.0, 1.0, 0.0)
    area = np.linalg.norm(normal, axis=1)
    flank = (np.abs(normal[:, 1]) > 0.9 * area) & (np.abs(outward[:, 1]) > 1.2)
    assert ((normal * outward).sum(axis=1)[flank] > 0).all()


def test_models_and_loads_choose_the_body():
    assert {body_of(made("truck", model)) for model in range(len(BODIES))} == set(BODIES)
    assert body_of(made("truck", load="gravel")) == "tipper"
    assert body_of(made("truck", livery="fire", load="gravel")) == "fire"


def test_the_families_know_all_heavy_kinds():
    assert set(heavy.KINDS) <= set(FAMILIES)
