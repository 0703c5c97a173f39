"""What is no actor has a class of stuff, and what holds several classes is split by what its faces show."""

from dataclasses import replace

import numpy as np
import pytest

from scenes.errors import InputError
from scenes.ontology import CATEGORIES, STUFF, STUFF_INDEX
from scenes.scenario import sample
from scenes.stage.asset import Asset, Piece
from scenes.stage.buildings import structures
from scenes.stage.furniture.catalogue import FURNITURE
from scenes.stage.mesh import MeshBuilder
from scenes.stage.mesh_cache import MeshCache, decoded, encoded
from scenes.stage.nature import far_world
from scenes.stage.stuff import by_class, classed, classes_of

BLENDERS_LARGEST_INDEX = 32_767


def two_boxes():
    builder = MeshBuilder()
    builder.box((0, 0, 0), (1, 1, 1), 0)
    builder.box((2, 0, 0), (3, 1, 1), 1)
    return builder.solid("pavement", ("stone", "edge"), smooth=True)


def stuff_of(asset):
    return {piece.solid.stuff for piece in asset.pieces}


def test_nothing_has_no_class():
    assert classed(Asset(pieces=()), "bench").pieces == ()


def test_ids_of_stuff_fit_into_blenders_index_and_lie_above_those_of_actors():
    assert list(STUFF.values()) == list(range(len(STUFF)))
    assert STUFF["none"] == 0
    assert STUFF_INDEX + max(STUFF.values()) <= BLENDERS_LARGEST_INDEX
    assert not set(STUFF) & set(CATEGORIES)


@pytest.mark.parametrize("actor_id", [-1, 0, STUFF_INDEX, 40_000])
def test_an_actor_with_an_id_of_stuff_is_refused(actor_id):
    spec = sample("day_traffic", seed=1, index=0)
    with pytest.raises(InputError, match=r"actor ids must lie in \[1, 31999\]"):
        replace(spec, vehicles=(replace(spec.vehicles[0], actor_id=actor_id), *spec.vehicles[1:]))


def test_the_largest_id_of_an_actor_is_accepted():
    spec = sample("day_traffic", seed=1, index=0)
    last = replace(spec.vehicles[-1], actor_id=STUFF_INDEX - 1)
    assert replace(spec, vehicles=(*spec.vehicles[:-1], last)).vehicles[-1].actor_id == 31_999


def test_a_solid_of_two_classes_is_split_and_keeps_all_its_faces():
    solid = two_boxes()
    first, second = by_class(solid, ("pavement", "kerb"))
    assert (first.stuff, second.stuff) == ("pavement", "kerb")
    assert (len(first.sizes), len(second.sizes)) == (6, 6)
    assert first.vertices[:, 0].max() == 1
    assert second.vertices[:, 0].min() == 2
    assert first.slot_names == second.slot_names == solid.slot_names
    assert second.smooth
    np.testing.assert_array_equal(np.unique(second.slots), [1])


def test_a_solid_of_one_class_stays_one():
    (only,) = by_class(two_boxes(), ("road", "road"))
    np.testing.assert_array_equal(only.vertices, two_boxes().vertices)


def test_a_class_that_no_face_shows_makes_no_solid():
    builder = MeshBuilder()
    builder.box((0, 0, 0), (1, 1, 1), 1)
    (only,) = by_class(builder.solid("x", ("stone", "edge")), ("pavement", "kerb"))
    assert only.stuff == "kerb"


def test_an_unknown_class_is_refused():
    with pytest.raises(InputError, match="classes of stuff are none, sky"):
        replace(two_boxes(), stuff="lava")


@pytest.mark.parametrize("name", sorted(FURNITURE))
def test_all_furniture_has_classes_that_exist_and_loses_no_face(name):
    plain = FURNITURE[name].geometry(0)
    asset = classed(plain, name)
    assert stuff_of(asset) <= set(STUFF) - {"none", "sky", "other"}
    faces = [sum(len(piece.solid.sizes) for piece in made.pieces) for made in (plain, asset)]
    assert faces[0] == faces[1]
    assert asset.slot_names == plain.slot_names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sign_stop", {"sign", "pole"}),
        ("traffic_signal", {"signal", "pole"}),
        ("utility_pole", {"pole"}),
        ("bench", {"furniture"}),
        ("planter", {"furniture", "vegetation", "terrain"}),
        ("guard_rail", {"fence"}),
        ("manhole_cover", {"road"}),
        ("litter", {"debris"}),
    ],
)
def test_furniture_is_what_it_is(name, expected):
    assert stuff_of(classed(FURNITURE[name].geometry(0), name)) == expected


def test_structures_leave_the_road_to_the_road():
    tunnel = classed(structures.tunnel(60.0, 5.0, 5.0, 1), "tunnel")
    track = classed(structures.railway_track(30.0, 1, 5.0), "railway_track")
    assert stuff_of(tunnel) == {"tunnel", "kerb"}
    assert stuff_of(track) == {"rail_track", "road"}


def test_the_far_world_is_houses_woods_hills_and_pylons():
    asset = classed(far_world.geometry("rural", 1), "far world")
    named = {piece.solid.name: piece.solid.stuff for piece in asset.pieces}
    assert named["horizon"] == "terrain"
    assert named["tree line"] == "vegetation"
    assert named["skyline"] == "building"


def test_families_are_found_by_their_first_word():
    assert classes_of("tree oak").own == "vegetation"
    assert classes_of("house terrace").own == "building"
    assert classes_of("far world").own == "building"
    assert classes_of("something new").own == "furniture"


def test_classes_survive_the_disk():
    asset = Asset(pieces=tuple(Piece(solid=solid) for solid in by_class(two_boxes(), ("pavement", "kerb"))))
    assert [piece.solid.stuff for piece in decoded(encoded(asset)).pieces] == ["pavement", "kerb"]


def test_a_stored_class_that_is_no_more_is_built_again(tmp_path, monkeypatch):
    kerbs = Asset(pieces=tuple(Piece(solid=solid) for solid in by_class(two_boxes(), ("kerb", "kerb"))))
    MeshCache(tmp_path).get("kerb", 1, lambda: kerbs)
    monkeypatch.setattr("scenes.stage.asset.STUFF", {"road": 2})
    plain = Asset(pieces=(Piece(solid=two_boxes()),))
    assert MeshCache(tmp_path).get("kerb", 1, lambda: plain)[1] is plain
