from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from render import radiance
from render.blender.passes import told_apart
from render.radiance import Radiance
from scenes.errors import InputError
from scenes.ontology import STUFF


def bundle(peak_sun: float = 3e6) -> Radiance:
    rng = np.random.default_rng(1)
    shape = (6, 9)
    sun = rng.random((*shape, 3), dtype=np.float32) * np.float32(peak_sun)
    street = rng.random((*shape, 3), dtype=np.float32)
    return Radiance(
        layers={"sun": sun, "street": street, "sky": np.zeros((*shape, 3), np.float32)},
        albedo=rng.random((*shape, 3), dtype=np.float32),
        normal=np.ones((*shape, 3), np.float32),
        depth_m=np.full(shape, radiance.SKY_DEPTH_M, np.float32),
        ids=np.arange(54, dtype=np.uint16).reshape(shape) * 1000,
        meta={"scene": "abc"},
    )


def test_a_bundle_without_layers_is_refused():
    with pytest.raises(InputError, match="at least one light group"):
        Radiance(
            layers={},
            albedo=np.zeros((2, 3, 3), np.float32),
            normal=np.zeros((2, 3, 3), np.float32),
            depth_m=np.zeros((2, 3), np.float32),
            ids=np.zeros((2, 3), np.uint16),
        )


def test_a_bundle_reads_back_as_it_was_written(tmp_path):
    before = bundle()
    radiance.write(tmp_path / "0.exr", before)
    after = radiance.read(tmp_path / "0.exr")
    np.testing.assert_array_equal(after.layers["sun"], before.layers["sun"])
    np.testing.assert_allclose(after.layers["street"], before.layers["street"], rtol=1e-3, atol=1e-6)
    np.testing.assert_array_equal(after.ids, before.ids)
    np.testing.assert_array_equal(after.depth_m, before.depth_m)
    assert after.meta == {"scene": "abc"}
    assert after.resolution_wh == (9, 6)
    assert [path.name for path in tmp_path.iterdir()] == ["0.exr"]


def test_a_bundle_without_stuff_reads_back_without(tmp_path):
    radiance.write(tmp_path / "0.exr", bundle())
    assert radiance.read(tmp_path / "0.exr").stuff is None


def test_stuff_reads_back_as_it_was_written_and_is_no_light(tmp_path):
    stuff = np.arange(54, dtype=np.uint8).reshape(6, 9) + 201
    radiance.write(tmp_path / "0.exr", replace(bundle(), stuff=stuff))
    after = radiance.read(tmp_path / "0.exr")
    np.testing.assert_array_equal(after.stuff, stuff)
    assert after.stuff.dtype == np.uint8
    assert set(after.layers) == {"sun", "street", "sky"}


def test_stuff_of_another_shape_is_refused():
    with pytest.raises(InputError, match=r"radiance.stuff: must have shape \(6, 9\)"):
        replace(bundle(), stuff=np.zeros((9, 6), np.uint8))


def test_object_indices_are_told_apart_into_actors_and_stuff():
    index = np.array([[0, 1, 31_999], [32_002, 32_001, 0]], np.float32)
    depth_m = np.array([[5, 5, 5], [5, 3000, radiance.SKY_DEPTH_M]], np.float32)
    ids, stuff = told_apart(index, depth_m)
    np.testing.assert_array_equal(ids, [[0, 1, 31_999], [0, 0, 0]])
    np.testing.assert_array_equal(stuff, [[STUFF["other"], 0, 0], [STUFF["road"], STUFF["sky"], STUFF["sky"]]])
    assert (ids.dtype, stuff.dtype) == (np.uint16, np.uint8)


def test_the_same_bundle_gives_the_same_bytes(tmp_path):
    radiance.write(tmp_path / "a.exr", bundle())
    radiance.write(tmp_path / "b.exr", bundle())
    assert (tmp_path / "a.exr").read_bytes() == (tmp_path / "b.exr").read_bytes()


def test_a_truncated_file_is_named(tmp_path):
    radiance.write(tmp_path / "0.exr", bundle())
    whole = (tmp_path / "0.exr").read_bytes()
    (tmp_path / "0.exr").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"0\.exr: must be a radiance bundle"):
        radiance.read(tmp_path / "0.exr")


def test_relighting_is_a_weighted_sum():
    light = bundle(1.0)
    got = radiance.relit(light, {"sun": 2.0, "street": (1.0, 0.5, 0.0)})
    want = 2 * light.layers["sun"] + light.layers["street"] * np.array([1, 0.5, 0], np.float32)
    np.testing.assert_allclose(got, want, rtol=1e-6)
