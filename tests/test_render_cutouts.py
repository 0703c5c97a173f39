"""Cut-outs: scenes of one actor, alpha and shade out of a bundle, and one traced for good."""

import json

import numpy as np
import pytest

from render import cutouts
from render.cutouts import CutoutSettings, cut
from render.radiance import Radiance
from scenes.cutouts import ELEVATIONS_DEG, cutout_specs
from scenes.errors import InputError
from scenes.ontology import STUFF
from scenes.spec.scene import dumps


def test_the_library_is_the_same_for_a_seed_and_begins_with_the_same_scenes():
    everything = cutout_specs(100, seed=7)
    assert [dumps(spec) for spec in cutout_specs(5, seed=7)] == [dumps(spec) for spec in everything[:5]]
    assert len({spec.scene_id for spec in everything}) == len(everything) > 20
    assert dumps(cutout_specs(1, seed=8)[0]) != dumps(everything[0])
    assert all(len(spec.cameras) == len(ELEVATIONS_DEG) for spec in everything)


def test_cameras_look_at_the_actor_from_the_height_that_was_asked_for():
    for spec in cutout_specs(100, seed=7):
        for camera, elevation in zip(spec.cameras, ELEVATIONS_DEG, strict=True):
            away = np.hypot(camera.x_m, camera.y_m)
            assert np.rad2deg(np.arctan2(camera.z_m, away)) == pytest.approx(elevation, abs=0.01)
            assert np.rad2deg(np.arctan2(-camera.y_m, -camera.x_m)) == pytest.approx(camera.yaw_deg, abs=0.01)


def bundle(shade=0.25):
    """Paint a lit board on ground with a dark patch beside it."""
    shape = (64, 96)
    ids, stuff = np.zeros(shape, np.uint16), np.full(shape, STUFF["road"], np.uint8)
    ids[20:40, 40:60], stuff[20:40, 40:60] = 1, 0
    light = np.full((*shape, 3), 0.18 * 0.3, np.float32)
    light[40:50, 34:66] *= shade
    light[20:40, 40:60] = 0.3 * np.array([0.5, 0.1, 0.1], np.float32)
    flat = np.full((*shape, 3), 0.5, np.float32)
    flat[20:40, 40:60] = 0.9
    up = np.zeros((*shape, 3), np.float32)
    up[..., 2] = 1
    told = {"albedo": flat, "normal": up, "depth_m": np.full(shape, 9.0, np.float32), "ids": ids, "stuff": stuff}
    return Radiance(layers={"overcast": light, "sky": 2 * light, "sun": 3 * light}, **told)


def test_light_is_told_in_units_of_a_white_ground_and_shade_as_a_share():
    arrays = cut(bundle())
    assert (arrays["ids"] == bundle().ids).all()
    for light in ("overcast", "sky", "sun"):
        assert arrays[light][30, 50].astype(float) == pytest.approx([0.5, 0.1, 0.1], rel=0.1)
        assert float(arrays[f"shade_{light}"][45, 50]) == pytest.approx(0.25, abs=0.06)
        assert float(arrays[f"shade_{light}"][25, 20]) == pytest.approx(1.0, abs=0.03)
        assert (arrays[f"shade_{light}"][0] == 1).all(), "shade ends before the frame does"


def test_rim_pixels_take_the_colour_inside():
    mixed = bundle()
    mixed.layers["overcast"][20, 40:60] = 9.0
    rim = cut(mixed)["overcast"][20, 50].astype(float)
    assert rim == pytest.approx([0.5, 0.1, 0.1], rel=0.4)


@pytest.mark.parametrize(("settings", "key"), [({"count": -1}, "cutouts.count"), ({"spp": 0}, "spp")])
def test_settings_that_break_a_rule_are_refused_by_key(settings, key):
    with pytest.raises(InputError, match=key):
        CutoutSettings(**settings)


@pytest.mark.blender
def test_a_traced_actor_stands_on_its_contact_and_throws_shade(tmp_path):
    settings = CutoutSettings(count=1, resolution=(160, 128), spp=4)
    told = cutouts.make(tmp_path, settings, seed=7, workers=1, device="cpu")
    assert told.startswith("cutouts: 2 in")
    record = json.loads(next((tmp_path / "cutouts").glob("*-0.json")).read_text())
    arrays = np.load(tmp_path / "cutouts" / f"{record['cutout']}.npz", allow_pickle=False)
    mask = arrays["ids"] > 0
    x, y = record["contact_px"]
    rows = np.flatnonzero(mask.any(axis=1))
    size = record["objects"][0]["box3d"]["size_m"]
    assert mask[round(y) - 4, round(x)]
    assert rows[-1] - rows[0] == pytest.approx(size[2] * record["px_per_m"], rel=0.35)
    assert float(arrays["shade_overcast"][rows[-1] - 1 : rows[-1] + 2, round(x)].min()) < 0.7
    assert cutouts.make(tmp_path, settings, seed=7, workers=1, device="cpu").endswith(" 0 traced")
