"""Street furniture and debris stand on the ground, know their materials, and are the same each time."""

from typing import get_args, get_type_hints

import numpy as np
import pytest

from scenes.errors import InputError
from scenes.spec.remains import Debris
from scenes.stage.furniture import signals, works
from scenes.stage.furniture.catalogue import FURNITURE
from scenes.stage.furniture.poles import cable
from scenes.stage.mesh_cache import encoded
from scenes.stage.wrecks import debris

EVERYTHING = [(name, variant) for name, item in FURNITURE.items() for variant in range(item.variants)]
KINDS = get_args(get_type_hints(Debris)["kind"])
REACHING = ("signal_gantry", "level_crossing_barrier", "excavator")


def triangles(asset):
    return sum(piece.solid.triangles * len(piece.matrices) for piece in asset.pieces)


@pytest.mark.parametrize(("name", "variant"), EVERYTHING)
def test_furniture_stands_on_the_ground_inside_its_footprint(name, variant):
    points = FURNITURE[name].geometry(variant).points()
    if name == "tunnel_lamp":
        assert points[:, 2].max() == pytest.approx(0.0, abs=0.01)
    else:
        assert points[:, 2].min() == pytest.approx(0.0, abs=0.01)
    if name not in REACHING:
        assert (np.ptp(points[:, :2], axis=0) <= np.array(FURNITURE[name].footprint_m) * 1.02 + 0.02).all()


@pytest.mark.parametrize(("name", "variant"), EVERYTHING)
def test_every_face_of_furniture_has_a_material_and_a_part(name, variant):
    asset = FURNITURE[name].geometry(variant)
    assert asset.slot_names <= set(FURNITURE[name].finish(variant))
    assert all((piece.solid.parts > 0).all() for piece in asset.pieces)
    assert triangles(asset) < (6_500 if name in ("excavator", "toy_window") else 3_200)


@pytest.mark.parametrize("name", FURNITURE)
def test_the_same_variant_has_the_same_bytes(name):
    assert encoded(FURNITURE[name].geometry(1)) == encoded(FURNITURE[name].geometry(1))


@pytest.mark.parametrize(
    "name", ["guard_rail", "concrete_barrier", "pedestrian_railing", "fence_steel", "wall_low_brick"]
)
def test_rows_repeat_without_a_gap(name):
    length = FURNITURE[name].footprint_m[0]
    x = FURNITURE[name].geometry(0).points()[:, 0]
    assert x.min() == pytest.approx(-length / 2, abs=0.01)
    assert x.max() == pytest.approx(length / 2, abs=0.02)


@pytest.mark.parametrize("state", signals.STATES)
def test_a_signal_lights_the_aspects_of_its_state(state):
    shown = FURNITURE["traffic_signal"].finish(0, state=state)
    lit = {aspect for aspect in ("red", "amber", "green") if shown[f"aspect_{aspect}"].recipe == "emission"}
    assert lit == set() if state == "off" else lit == set(state.split("_"))
    walking = shown["walker_green"].recipe == "emission"
    assert walking == (state == "red")


def test_a_signal_refuses_an_unknown_state():
    with pytest.raises(InputError, match="signal state"):
        FURNITURE["traffic_signal"].finish(0, state="blue")


def test_lenses_lie_in_the_group_of_signals():
    groups = {piece.solid.light_group for piece in FURNITURE["traffic_signal"].geometry(0).pieces}
    assert groups == {"", "signal"}


def test_a_cone_has_the_height_that_is_asked_for():
    assert works.cone(0, 0.5).points()[:, 2].max() == pytest.approx(0.5, abs=0.005)


def test_a_warning_triangle_has_sides_of_half_a_metre():
    assert np.ptp(debris.geometry("triangle", 0).points()[:, 1]) == pytest.approx(0.5, rel=0.1)


def test_a_cable_hangs_by_its_sag():
    points = cable((0, 0, 9), (40, 2, 9), 0.8).points()
    assert points[:, 2].min() == pytest.approx(8.2, abs=0.03)
    assert points[:, 0].max() == pytest.approx(40, abs=0.02)


@pytest.mark.parametrize("kind", KINDS)
def test_debris_of_every_kind_lies_on_the_ground_and_has_materials(kind):
    for seed in range(8):
        piece = Debris(kind=kind, x_m=0, y_m=0, heading_deg=0, size_m=0.5, seed=seed)
        asset = debris.geometry(kind, debris.model_of(piece))
        assert asset.points()[:, 2].min() == pytest.approx(0.0, abs=0.01)
        assert asset.slot_names <= set(debris.finish(piece))
        assert all((part.solid.parts > 0).all() for part in asset.pieces)
        assert encoded(asset) == encoded(debris.geometry(kind, debris.model_of(piece)))


def test_debris_is_scaled_to_its_size():
    piece = Debris(kind="wheel", x_m=3, y_m=1, heading_deg=0, size_m=0.9, seed=1)
    points = debris.geometry("wheel", 1).points() @ debris.matrix_of(piece)[:3, :3].T
    assert np.ptp(points[:, 0]) == pytest.approx(0.9, rel=0.02)
