"""The user's own assets: what their description may say, and how they join the traffic."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import yaml

from scenes.checks import breach
from scenes.errors import InputError
from scenes.ontology import KIND_CATEGORY
from scenes.own import SIGNS, OwnSettings, load, with_own, with_users_own
from scenes.scenario import sample

GLB = b"glTF\x02\x00\x00\x00 a small mesh"
GOOD = {"file": "car.glb", "category": "car", "size_m": [4.3, 1.8, 1.5], "licence": "CC-BY-4.0"}
WRONG_CONTENT = {
    ".glb": b"\x89PNG\r\n\x1a\n",
    ".gltf": b'{"scenes": []}',
    ".obj": b"<html>Not found</html>",
    ".fbx": b"<html>Not found</html>",
    ".ply": b"\x89PNG\r\n\x1a\n",
    ".blend": b"",
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "car.glb").write_bytes(GLB)
    return tmp_path


def described(folder, *entries):
    (folder / "assets.yaml").write_text(yaml.safe_dump(list(entries)))
    return load(folder)


def but(**changed):
    return {name: value for name, value in {**GOOD, **changed}.items() if value is not None}


@cache
def scene(index):
    return sample("day_traffic", seed=12, index=index)


def swapped(spec):
    return [vehicle for vehicle in spec.vehicles if vehicle.asset]


def test_a_folder_without_a_description_is_told_what_it_needs(tmp_path):
    with pytest.raises(InputError, match=r"must hold assets\.yaml"):
        load(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "file: car.glb", "just words", "- [open", "- a: b: c"])
def test_a_description_that_is_no_list_of_entries_is_refused_in_one_line(folder, text):
    (folder / "assets.yaml").write_text(text)
    with pytest.raises(InputError) as refusal:
        load(folder)
    assert "assets.yaml" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_description_in_another_encoding_is_refused_in_one_line(folder):
    (folder / "assets.yaml").write_bytes("- licence: für alle".encode("latin-1"))
    with pytest.raises(InputError, match=r"assets\.yaml"):
        load(folder)


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"category": "spaceship"}, "category: must be one of car, truck, bus"),
        ({"category": "person"}, "category: must be one of car, truck, bus"),
        ({"licence": None}, "licence"),
        ({"licence": "  "}, "licence: must be named"),
        ({"file": "gone.glb"}, "is not in"),
        ({"file": "car.stl"}, "file: must end in .glb"),
        ({"file": "car"}, "file: must end in .glb"),
        ({"front": "+z"}, "front: must not lie along the axis that points up; got +z"),
        ({"front": "-y", "up": "+y"}, "front: must not lie along the axis that points up; got -y"),
        ({"front": "ahead"}, "front"),
        ({"colour": "red"}, "colour: there is no such key; got red"),
        ({"size_m": [4.3, 0.0, 1.5]}, "size_m: length, width and height must lie between 0 and 40"),
        pytest.param({"size_m": [4.3, float("nan"), 1.5]}, "size_m"),
        ({"size_m": [4.3, 1.8]}, "size_m"),
        ({"size_m": None}, "size_m"),
        ({"lamps": {"disco": [[1, 0, 1]]}}, "lamps"),
        ({"lamps": {"head": [[1, 0]]}}, "lamps.head"),
    ],
)
def test_an_entry_that_breaks_a_rule_is_left_out_with_its_file_and_the_rule(folder, changed, rule):
    entry = but(**changed)
    catalogue = described(folder, entry)
    assert not catalogue.assets
    assert list(catalogue.left_out) == [entry["file"]]
    line = catalogue.left_out[entry["file"]]
    assert entry["file"] in line
    assert rule in line
    assert "\n" not in line


@pytest.mark.parametrize("ending", SIGNS)
def test_a_file_that_does_not_begin_as_its_kind_is_left_out_as_broken(folder, ending):
    file = f"car{ending}"
    (folder / file).write_bytes(WRONG_CONTENT[ending])
    catalogue = described(folder, but(file=file))
    assert not catalogue.assets
    assert catalogue.left_out[file].startswith(f"asset {file}: is broken")


@pytest.mark.parametrize("ending", SIGNS)
def test_a_file_that_begins_as_its_kind_is_kept(folder, ending):
    file = f"CAR{ending.upper()}"
    (folder / file).write_bytes(SIGNS[ending][1][0] + b" and more")
    assert len(described(folder, but(file=file)).assets) == 1


@pytest.mark.parametrize(("file", "content"), [("car.ply", b"This is simply a page."), ("car.glb", b"Error: no glTF")])
def test_a_magic_word_later_in_a_file_does_not_make_it_whole(folder, file, content):
    (folder / file).write_bytes(content)
    assert not described(folder, but(file=file)).assets


def test_an_entry_that_is_no_mapping_is_told_by_its_number(folder):
    catalogue = described(folder, GOOD, "car.glb", {"category": "car"})
    assert set(catalogue.left_out) == {"entry 1", "entry 2"}
    assert len(catalogue.assets) == 1


def test_two_refusals_of_one_file_are_both_told(folder):
    catalogue = described(folder, but(category="spaceship"), but(licence=" "))
    assert len(catalogue.left_out) == 2


def test_a_good_entry_is_kept_beside_bad_ones_with_its_licence(folder):
    catalogue = described(folder, but(file="gone.glb"), GOOD)
    (name,) = catalogue.assets
    assert name.startswith("car.glb@")
    assert catalogue.assets[name].size_m == (4.3, 1.8, 1.5)
    assert catalogue.licences == {"car.glb": "CC-BY-4.0"}
    assert list(catalogue.left_out) == ["gone.glb"]


def test_the_name_follows_the_bytes_of_the_file(folder):
    first, again = set(described(folder, GOOD).assets), set(described(folder, GOOD).assets)
    (folder / "car.glb").write_bytes(GLB + b"!")
    changed = set(described(folder, GOOD).assets)
    assert first == again
    assert not first & changed


def test_a_share_of_nothing_swaps_nothing(folder):
    catalogue = described(folder, GOOD)
    for index in range(20):
        assert with_own(scene(index), catalogue, 0.0, np.random.default_rng(index)) == scene(index)


def test_a_catalogue_of_refusals_alone_swaps_nothing(folder):
    catalogue = described(folder, but(category="spaceship"))
    assert with_own(scene(0), catalogue, 1.0, np.random.default_rng(0)) == scene(0)


def test_a_full_share_swaps_bystanders_of_the_same_class_and_keeps_scenes_valid(folder):
    (folder / "bus.glb").write_bytes(GLB + b"bus")
    bus = but(file="bus.glb", category="bus", size_m=[11.0, 2.5, 3.1])
    catalogue = described(folder, GOOD, bus)
    count = 0
    for index in range(20):
        before = scene(index)
        after = with_own(before, catalogue, 1.0, np.random.default_rng(index))
        assert breach(after) is None
        assert (after.people, after.street, after.cameras) == (before.people, before.street, before.cameras)
        for old, new in zip(before.vehicles, after.vehicles, strict=True):
            if new == old:
                continue
            count += 1
            asset = catalogue.assets[new.asset]
            assert asset.category == KIND_CATEGORY[old.kind]
            assert (new.length_m, new.width_m, new.height_m) == asset.size_m
            kept = ("actor_id", "kind", "x_m", "y_m", "heading_deg", "lamps", "crash")
            assert all(getattr(new, name) == getattr(old, name) for name in kept)
    assert count > 0


def test_a_larger_share_swaps_more(folder):
    catalogue = described(folder, GOOD)
    counts = [
        sum(len(swapped(with_own(scene(i), catalogue, share, np.random.default_rng(i)))) for i in range(20))
        for share in (0.2, 0.6, 1.0)
    ]
    assert counts[0] < counts[1] < counts[2]


def test_crash_parties_and_what_somebody_rides_stay_ours(folder):
    entries = [but(category=category) for category in ("car", "truck", "bus", "motorcycle", "bicycle")]
    for number, entry in enumerate(entries):
        entry["file"] = f"{number}.glb"
        (folder / entry["file"]).write_bytes(GLB + bytes([number]))
    catalogue = described(folder, *entries)
    for spec in [*(scene(i) for i in range(20)), *(sample("night_rear_end", seed=3, index=i) for i in range(6))]:
        ridden = {person.mount for person in spec.people}
        for vehicle in swapped(with_own(spec, catalogue, 1.0, np.random.default_rng(0))):
            assert vehicle.crash is None
            assert vehicle.actor_id not in ridden


def test_what_does_not_fit_between_the_others_is_not_swapped(folder):
    catalogue = described(folder, but(size_m=[300.0, 40.0, 3.0]))
    for index in range(5):
        assert not swapped(with_own(scene(index), catalogue, 1.0, np.random.default_rng(index)))


def test_the_same_generator_swaps_the_same(folder):
    catalogue = described(folder, GOOD)
    first, again = (with_own(scene(1), catalogue, 0.5, np.random.default_rng(8)) for _ in range(2))
    assert first == again


def test_without_assets_and_script_a_scene_stays_what_it_is():
    assert with_users_own(scene(0), OwnSettings(), None, seed=1) is scene(0)


def test_the_script_s_name_and_content_go_into_the_spec_and_its_id(tmp_path):
    script = tmp_path / "market.py"
    script.write_text("def build(bproc, spec, rng): return []\n")
    own = OwnSettings(script=script)
    spec = with_users_own(scene(0), own, None, seed=1)
    assert spec.script.startswith("market.py@")
    assert spec.scene_id != scene(0).scene_id
    assert replace(spec, script="") == scene(0)
    script.write_text("def build(bproc, spec, rng): return list()\n")
    assert with_users_own(scene(0), own, None, seed=1).scene_id != spec.scene_id


def test_the_user_s_assets_change_the_scene_s_id_and_the_seed_draws_them(folder):
    catalogue, own = described(folder, GOOD), OwnSettings(assets=folder, share=1.0)
    spec = with_users_own(scene(0), own, catalogue, seed=1)
    assert swapped(spec)
    assert spec.scene_id != scene(0).scene_id
    assert with_users_own(scene(0), own, catalogue, seed=1) == spec


@pytest.mark.parametrize("share", [1.2, -0.1, float("nan")])
def test_a_share_outside_of_zero_to_one_is_refused(share):
    with pytest.raises(InputError, match=r"own\.share"):
        OwnSettings(share=share)


@pytest.mark.parametrize("name", ["script", "cc_textures"])
def test_a_script_or_folder_that_is_not_there_is_refused(tmp_path, name):
    with pytest.raises(InputError, match=f"own.{name}"):
        OwnSettings(**{name: tmp_path / "nowhere"})
