"""What carries a camera goes with it: no motion blur on a rider's own mirrors, and no flow but the camera's shaking."""

from dataclasses import replace

import numpy as np
from small_bundle import VIEWPOINT, bundle, scene

from render.carrier import CARRIER_ID, carrier_mask, carrier_pose
from render.clips.flow import Frame, flow
from render.develop.view import prepare
from scenes.ontology import STUFF


def rider():
    stuff = np.full((48, 80), STUFF["road"], np.uint8)
    stuff[40:, 20:60] = STUFF["other"]
    depth = bundle().depth_m.copy()
    depth[40:, 20:60] = 0.8
    return replace(bundle(), stuff=stuff, depth_m=depth)


def camera(station):
    return replace(scene().cameras[0], station=station, x_m=3.0)


def test_nothing_carries_a_pole_and_nothing_is_seen_of_a_car_or_in_old_bundles():
    for station in ("pole", "windscreen", "cab"):
        assert not carrier_mask(rider(), camera(station)).any()
    assert not carrier_mask(bundle(), camera("helmet")).any()


def test_a_riders_own_vehicle_is_what_has_no_class_and_is_near():
    mask = carrier_mask(rider(), camera("helmet"))
    assert mask[40:, 20:60].all()
    assert mask.sum() == 8 * 40


def test_it_is_as_far_as_the_sky_to_motion_blur_and_only_to_that():
    view = replace(prepare(rider(), VIEWPOINT), camera=camera("helmet"))
    assert view.moving_depth_m[44, 40] > 1e9
    assert view.radiance.depth_m[44, 40] == np.float32(0.8)
    plain = replace(prepare(rider(), VIEWPOINT), camera=camera("windscreen"))
    assert plain.moving_depth_m is plain.radiance.depth_m


def test_it_does_not_flow_while_the_road_does():
    ids = np.where(carrier_mask(rider(), camera("helmet")), np.uint16(CARRIER_ID), rider().ids)
    K = np.array([[70.0, 0, 40], [0, 70, 24], [0, 0, 1]])

    def frame(x_m):
        pose = np.array([[0.0, -1, 0, 0], [0, 0, -1, 1.3], [1, 0, 0, -x_m], [0, 0, 0, 1]])
        here = replace(camera("helmet"), x_m=x_m)
        poses = {CARRIER_ID: carrier_pose(here)}
        far = rider().depth_m
        depth = np.where(far == 20, far - np.float32(x_m - 3.0), far)
        return Frame(depth_m=depth, ids=ids, K=K, world_to_camera=pose, poses=poses)

    shift, valid = flow(frame(3.0), frame(4.0))
    assert valid[42:46, 30:50].all()
    assert np.abs(shift[42:46, 30:50]).max() < 1e-4
    assert np.abs(shift[30, 10]).max() > 0.3
