"""Geometry is built once, comes back as it was, and no broken file or disk stops a scene."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes.ontology import LIGHT_GROUPS
from scenes.stage import mesh_cache
from scenes.stage.asset import Asset, Beam, Keypoint, Piece
from scenes.stage.mesh import MeshBuilder
from scenes.stage.mesh_cache import MeshCache, code_version, decoded, encoded

ARRAYS = ("vertices", "loops", "sizes", "slots", "parts", "tints", "uvs")
PLAIN = ("name", "slot_names", "smooth", "crease_deg", "light_group", "stuff")


def box(name="box", size=1.0, copies=1, **told):
    builder = MeshBuilder(part=3)
    builder.box((0, 0, 0), (size, size, size))
    matrices = tuple(np.eye(4) + number for number in range(copies))
    return Piece(solid=builder.solid(name, ("paint", "glass"), **told), matrices=matrices)


def lamp_car(size=1.0):
    beam = Beam(
        where_m=(1.0, 0.5, 0.6),
        heading_deg=3.0,
        candela=20_000.0,
        rgb=(1.0, 0.9, 0.8),
        light_group="head",
        pattern="high",
    )
    pieces = (box(size=size), box("lamp", light_group="head", smooth=True, crease_deg=40.0), box("wheel", copies=4))
    keypoints = (Keypoint(name="headlamp", where_m=(0.1, -1 / 3, 0.7)), Keypoint(name="nose", where_m=(1e-9, 0.0, 2.0)))
    return Asset(pieces=pieces, beams=(beam,), keypoints=keypoints)


def assert_equal(first, second):
    assert first.beams == second.beams
    assert first.keypoints == second.keypoints
    for one, other in zip(first.pieces, second.pieces, strict=True):
        for name in ARRAYS:
            mine, theirs = getattr(one.solid, name), getattr(other.solid, name)
            np.testing.assert_array_equal(mine, theirs)
            assert mine.dtype == theirs.dtype, name
        assert all(getattr(one.solid, name) == getattr(other.solid, name) for name in PLAIN)
        np.testing.assert_array_equal(one.matrices, other.matrices)


class Counted:
    """A builder that counts its calls."""

    def __init__(self, size=1.0):
        self.calls = 0
        self.size = size

    def __call__(self):
        self.calls += 1
        return lamp_car(self.size)


def stored(folder):
    return sorted(folder.rglob("*.npz"))


def test_an_asset_of_nothing_survives_the_round_trip():
    empty = decoded(encoded(Asset(pieces=())))
    assert empty.pieces == ()
    assert empty.beams == ()


def test_arrays_names_beams_and_light_groups_survive_the_round_trip():
    asset = lamp_car()
    assert_equal(decoded(encoded(asset)), asset)
    assert [piece.solid.light_group for piece in decoded(encoded(asset)).pieces] == ["", "head", ""]


@given(size=st.floats(0.01, 100.0), copies=st.integers(1, 5), group=st.sampled_from(LIGHT_GROUPS), smooth=st.booleans())
@settings(max_examples=25)
def test_any_asset_survives_the_round_trip_and_equal_assets_have_equal_bytes(size, copies, group, smooth):
    asset, again = (Asset(pieces=(box("größer", size, copies, light_group=group, smooth=smooth),)) for _ in range(2))
    assert_equal(decoded(encoded(asset)), asset)
    assert encoded(asset) == encoded(again)
    assert encoded(decoded(encoded(asset))) == encoded(asset)


@pytest.mark.parametrize("folder", [None, "cache"])
def test_the_same_parameters_build_once_and_others_again(tmp_path, folder):
    cache, build, other = MeshCache(folder and tmp_path / folder), Counted(), Counted(2.0)
    first, again = (cache.get("car", {"model": 1, "length_m": 4.0}, build) for _ in range(2))
    assert first[0] == again[0]
    assert first[1] is again[1]
    assert build.calls == 1
    assert cache.get("car", {"length_m": 4.0, "model": 1}, build)[0] == first[0]
    assert cache.get("car", {"model": 2, "length_m": 4.0}, other)[0] != first[0]
    assert cache.get("bus", {"model": 1, "length_m": 4.0}, other)[0] != first[0]
    assert (build.calls, other.calls) == (1, 2)


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    MeshCache().get("car", 1, Counted())
    assert list(tmp_path.iterdir()) == []


def test_another_process_reads_what_this_one_built(tmp_path):
    built, unused = Counted(), Counted()
    key, asset = MeshCache(tmp_path).get("car", (1, 2), built)
    again, read = MeshCache(tmp_path).get("car", (1, 2), unused)
    assert key == again
    assert (built.calls, unused.calls) == (1, 0)
    assert_equal(read, asset)
    assert [path.name for path in stored(tmp_path)] == [f"{key}.npz"]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_truncated_file_is_built_again_and_replaced(tmp_path, share):
    MeshCache(tmp_path).get("car", 1, Counted())
    (path,) = stored(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    build = Counted()
    MeshCache(tmp_path).get("car", 1, build)
    assert build.calls == 1
    assert path.read_bytes() == whole
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 and no more", b"\x93NUMPY\x01\x00", b"<html>", encoded(lamp_car())[:-1]]
)
def test_a_file_of_something_else_is_built_again(tmp_path, content):
    MeshCache(tmp_path).get("car", 1, Counted())
    stored(tmp_path)[0].write_bytes(content)
    build = Counted()
    assert_equal(MeshCache(tmp_path).get("car", 1, build)[1], lamp_car())
    assert build.calls == 1


def test_a_bit_that_flipped_on_disk_is_noticed(tmp_path):
    MeshCache(tmp_path).get("car", 1, Counted())
    (path,) = stored(tmp_path)
    data = bytearray(path.read_bytes())
    data[len(data) // 4] ^= 0x55
    path.write_bytes(bytes(data))
    build = Counted()
    assert_equal(MeshCache(tmp_path).get("car", 1, build)[1], lamp_car())


def test_another_version_of_the_code_keeps_its_own_folder(tmp_path, monkeypatch):
    MeshCache(tmp_path).get("car", 1, Counted())
    monkeypatch.setattr(mesh_cache, "code_version", lambda: "000000000000")
    build = Counted()
    MeshCache(tmp_path).get("car", 1, build)
    assert build.calls == 1
    assert {path.parent.name for path in stored(tmp_path)} == {code_version(), "000000000000"}


def test_the_version_of_the_code_is_twelve_hex_digits_and_stays():
    assert code_version() == code_version.__wrapped__()
    assert len(code_version()) == 12
    assert int(code_version(), 16) >= 0


def test_a_folder_that_cannot_be_made_costs_time_and_not_the_scene(tmp_path):
    (tmp_path / "cache").write_text("a file stands where the folder should")
    cache, build = MeshCache(tmp_path / "cache"), Counted()
    assert_equal(cache.get("car", 1, build)[1], lamp_car())
    assert cache.get("car", 2, build)[1] is not cache.get("car", 1, build)[1]
    assert build.calls == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes into read-only folders")
def test_a_read_only_folder_does_not_raise(tmp_path):
    tmp_path.chmod(0o500)
    build = Counted()
    MeshCache(tmp_path).get("car", 1, build)
    tmp_path.chmod(0o700)
    assert build.calls == 1
    assert stored(tmp_path) == []


@pytest.mark.parametrize("number", [28, 30])  # ENOSPC, EROFS
def test_a_disk_that_refuses_writes_does_not_raise_and_is_not_asked_again(tmp_path, monkeypatch, number):
    asked = []

    def refuse(*_):
        asked.append(1)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    cache, build = MeshCache(tmp_path), Counted()
    for model in (1, 2, 1):
        assert_equal(cache.get("car", model, build)[1], lamp_car())
    assert build.calls == 2
    assert len(asked) == 1


def test_a_disk_that_fills_up_keeps_no_partial_file(tmp_path, monkeypatch):
    def refuse(self, _target):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", refuse)
    MeshCache(tmp_path).get("car", 1, Counted())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_unreadable_file_is_built_again(tmp_path):
    MeshCache(tmp_path).get("car", 1, Counted())
    (path,) = stored(tmp_path)
    path.unlink()
    path.mkdir()
    build = Counted()
    assert_equal(MeshCache(tmp_path).get("car", 1, build)[1], lamp_car())
    assert build.calls == 1


def test_memory_holds_a_bounded_number_of_assets(monkeypatch):
    monkeypatch.setattr(mesh_cache, "_KEPT", 3)
    cache, build = MeshCache(), Counted()
    for model in (1, 2, 3, 4, 4, 3):
        cache.get("car", model, build)
    assert build.calls == 4
    cache.get("car", 1, build)
    assert build.calls == 5
    assert len(cache._assets) <= 3


def test_reading_what_is_in_memory_forgets_nothing(monkeypatch):
    monkeypatch.setattr(mesh_cache, "_KEPT", 3)
    cache, build = MeshCache(), Counted()
    for model in (1, 2, 3, 3, 3, 1, 2):
        cache.get("car", model, build)
    assert build.calls == 3
