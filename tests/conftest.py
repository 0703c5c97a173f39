from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # test modules share scenes and stages that are no tests
settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of what is tested
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """A cache of the tests' own, in which encoders are exported once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def own_cache(cache, monkeypatch):
    """Keep features out of the user's cache."""
    monkeypatch.setenv("RAREBLEND_CACHE", str(cache))


@pytest.fixture(scope="session")
def traced_round(tmp_path_factory):
    """A round of two box scenes, traced once with Blender by one worker."""
    import cube_scenes
    import farm_main

    from render import farm

    out = tmp_path_factory.mktemp("traced") / "round"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(farm, "STAGE", "cube_stage")
        patch.setattr(farm, "GAINS", "cube_stage")
        patch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]))
        report = farm.trace(cube_scenes.specs(2), out, settings=farm_main.TINY, workers=1, device="cpu")
    assert report.traced == 2, report
    return out
