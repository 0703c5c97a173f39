"""A stroke of lightning: crooked, from cloud to ground, turned to the camera, and as bright as it says."""

import numpy as np
import pytest

from scenes.atlas import Pair, shipped
from scenes.scenario import sample
from scenes.spec.scene import dumps
from scenes.stage import bolt


def signed_area(quads):
    x, y = quads[..., 0], quads[..., 1]
    return (x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)).sum(axis=1) / 2


def test_a_scene_without_a_storm_has_no_stroke_and_its_json_does_not_know_of_any():
    calm = sample("day_traffic", seed=3, index=0)
    assert calm.bolt_azimuth_deg is None
    assert "bolt" not in dumps(calm)


def test_a_thunderstorm_has_a_stroke_ahead():
    for index in range(4):
        stormy = sample("day_traffic", seed=3, index=index, pair=Pair(lighting=shipped().lightings["lightning"]))
        assert abs(stormy.bolt_azimuth_deg) <= 25


@pytest.mark.parametrize("seed", range(4))
def test_the_channel_runs_from_cloud_to_ground_and_branches_end_in_the_air(seed):
    (trunk, wide), *branches = bolt.channels(seed)
    assert trunk[0, 1] > 800
    assert trunk[-1].tolist() == [0.0, 0.0]
    assert np.linalg.norm(np.diff(trunk, axis=0), axis=1).sum() > 1.05 * np.linalg.norm(trunk[0] - trunk[-1])
    assert all(points[-1, 1] > 50 and narrow < wide for points, narrow in branches)


def test_the_same_seed_strikes_alike_and_others_do_not():
    assert np.array_equal(bolt.ribbons(1), bolt.ribbons(1))
    assert not np.array_equal(bolt.ribbons(1)[:50], bolt.ribbons(2)[:50])


def test_ribbons_face_the_camera_and_lay_their_lux_on_it():
    quads = bolt.ribbons(5)
    area = signed_area(quads)
    assert (area > 0).mean() > 0.97  # a sharp turn may fold a piece over
    lux = bolt.luminance_cd_m2(quads) * np.abs(area).sum() / bolt.FAR_M**2
    assert lux == pytest.approx(bolt.LUX, rel=0.05)
