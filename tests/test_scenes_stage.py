"""The stage builds what the spec says: sizes, places, light in its true amount, and the same meshes each time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.blender
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def stage():
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/stage_probe.py")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    found = [line for line in done.stdout.splitlines() if line.startswith("RESULT")]
    assert found, done.stderr[-2000:]
    return json.loads(found[0].removeprefix("RESULT"))


def test_every_face_of_an_actor_has_a_part_a_normal_and_a_material(stage):
    assert stage["scene"]["faults"] == []


def test_a_lamp_of_known_candela_lights_a_wall_by_the_inverse_square_law(stage):
    expected = 0.5 * 20_000 / (np.pi * 10**2)
    assert stage["photometry"]["beam"] == pytest.approx(expected, rel=0.06)


def test_a_dipped_beam_has_a_cut_off(stage):
    seen = stage["photometry"]
    assert seen["below_cutoff"] > 8 * seen["above_cutoff"]


def test_the_sun_layer_is_one_lux_at_normal_incidence(stage):
    expected = 0.5 / np.pi * np.cos(np.deg2rad(30))
    assert stage["photometry"]["sun"] == pytest.approx(expected, rel=0.05)


def test_the_same_spec_gives_the_same_meshes_and_every_lamp_has_its_group(stage):
    assert stage["scene"]["same"]
    assert {"street", "windows", "ego", "sun"} <= set(stage["scene"]["groups"])


def test_relit_groups_equal_a_trace_under_that_light(stage):
    assert stage["relighting"]["psnr_db"] > 45


def test_a_sun_of_one_lux_lights_level_ground_by_the_sine_of_its_elevation(stage):
    assert stage["relighting"]["ground_lux"] == pytest.approx(0.5, rel=0.05)
    assert stage["relighting"]["covered_lux"] == pytest.approx(1.0, rel=0.05)  # on open ground, with no roof in sight


def test_every_pixel_is_an_actor_or_stuff_and_a_street_shows_its_classes(stage):
    seen = stage["scene"]["labels"]
    assert (seen["both"], seen["neither"]) == (0, 0)
    assert seen["sky_far"]
    assert {"none", "sky", "road", "marking", "building"} <= set(seen["stuff"])
    assert seen["stuff"]["road"] > 0.2 * 160 * 96
    assert "other" not in seen["stuff"]
    assert seen["strangers"] == []


def test_every_actor_has_keypoints_in_the_world_where_it_is(stage):
    seen = stage["scene"]["labels"]
    assert seen["without_keypoints"] == []
    assert seen["outside"] == []
    assert seen["wheels_off_m"] < 0.01


def test_meshes_of_actors_know_their_parts_their_damage_and_their_clear_covers(stage):
    seen = stage["scene"]["labels"]
    assert seen["parts"]
    assert seen["struck"] == seen["damaged"] != []
    assert seen["clear_parts"]
    assert set(seen["clear_parts"]) <= set(seen["lamps"])


def test_a_pane_is_clear_where_ids_show_what_is_behind_it(stage):
    assert stage["panes"]["clear"] == stage["panes"]["behind"]
    assert stage["panes"]["clear"] == [True, True, False, False]
