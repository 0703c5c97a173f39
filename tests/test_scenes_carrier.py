"""What Blender shows of cameras: who carries them has lamps, who stands has none, and a rider sees the motorcycle."""

import numpy as np
import pytest

from render.farm import trace
from render.radiance import read
from render.settings import RenderSettings
from scenes.camera import CameraSettings
from scenes.ontology import STUFF
from scenes.scenario import sample
from scenes.settings import compose, validated

pytestmark = [pytest.mark.blender, pytest.mark.slow]
RIGS = ("roadside_cctv", "helmet")


@pytest.fixture(scope="module")
def bundles(tmp_path_factory):
    out = tmp_path_factory.mktemp("rigs") / "round"
    cameras = validated("camera", CameraSettings, compose("render", ["camera=mixed"])["camera"])
    specs = {
        rig: sample("day_traffic", seed=4, index=1, cameras=CameraSettings(weights={rig: 1.0}, rigs=cameras.rigs))
        for rig in RIGS
    }
    settings = RenderSettings(resolution=(160, 96), spp=4)
    report = trace(list(specs.values()), out, settings=settings, workers=1, device="cpu")
    assert report.traced == len(RIGS), report
    return {rig: read(out / "scenes" / spec.scene_id / "0.exr") for rig, spec in specs.items()}


def test_a_camera_on_a_pole_throws_no_light_and_a_rider_does(bundles):
    for group in ("ego", "ego_high"):
        assert not np.any(bundles["roadside_cctv"].layers[group])
        assert np.any(bundles["helmet"].layers[group])


def test_a_rider_sees_the_motorcycle_at_the_bottom_and_it_is_no_actor(bundles):
    rider = bundles["helmet"]
    own = (rider.stuff == STUFF["other"]) & (rider.depth_m < 3.0)
    assert own[-20:].sum() > 50
    assert not own[: own.shape[0] // 2].any()
    assert not rider.ids[own].any()


def test_from_a_pole_nothing_is_in_the_way(bundles):
    assert bundles["roadside_cctv"].depth_m.min() > 1.0
