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


def test_vehicles_have_the_size_of_their_spec_and_stand_on_the_ground(stage):
    for kind, seen in stage["vehicles"].items():
        length, height = seen["wanted"]
        assert seen["finite"], kind
        assert seen["got"][0] == pytest.approx(length, rel=0.02, abs=0.03), kind
        assert seen["got"][1] == pytest.approx(height, rel=0.075), kind  # buses carry units on the roof
        assert seen["lowest"] == pytest.approx(0.0, abs=0.01), kind
        assert seen["centre_x"] == pytest.approx(3.0, abs=0.05), kind


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
