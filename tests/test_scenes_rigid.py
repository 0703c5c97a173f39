"""Pieces settle on the ground, the same in two processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.blender
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def settled():
    """Two processes' results."""
    runs = [
        subprocess.run(
            [sys.executable, str(ROOT / "tests/settle_probe.py")],
            capture_output=True,
            text=True,
            check=True,
            timeout=600,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for _ in range(2)
    ]
    return [json.loads(run.stdout.split("RESULT")[1].splitlines()[0]) for run in runs]


def test_two_processes_settle_pieces_alike_bit_by_bit(settled):
    first, second = settled
    assert [scene["digest"] for scene in first] == [scene["digest"] for scene in second]


def test_pieces_have_moved_and_none_has_sunk(settled):
    for scene in settled[0]:
        assert scene["launched"] > 10
        assert len(scene["low_m"]) >= 0.9 * scene["launched"]
        assert min(scene["low_m"]) > -0.05
        assert max(scene["moved_m"]) > 1.0


def test_nothing_of_the_simulation_stays_in_the_scene(settled):
    assert all(scene["left_over"] == 0 for scene in settled[0])
