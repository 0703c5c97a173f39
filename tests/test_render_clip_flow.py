"""Optical flow on an analytic scene: a plane and moving panels, whose rays are cast anew in the second frame."""

import numpy as np
import pytest

from render.clips.flow import Frame, decoded, encoded, flow
from scenes.errors import InputError

WIDTH, HEIGHT, FOCAL = 160, 96, 130.0
K = np.array([[FOCAL, 0, (WIDTH - 1) / 2], [0, FOCAL, (HEIGHT - 1) / 2], [0, 0, 1]])
PANEL_M = (2.0, 1.6)
"""Half width and height of a panel that stands across its own x axis."""


def turn(axis, degrees):
    angle = np.deg2rad(degrees)
    made, (i, j) = np.eye(4), {"z": (0, 1), "y": (2, 0)}[axis]
    made[i, i] = made[j, j] = np.cos(angle)
    made[i, j], made[j, i] = -np.sin(angle), np.sin(angle)
    return made


def pose(x, y, heading):
    made = turn("z", heading)
    made[:2, 3] = x, y
    return made


def camera(x, z=1.4, yaw=0.0, pitch=0.0):
    """World to camera: x ahead becomes z, y left becomes -x."""
    axes = np.array([[0.0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1]])
    placed = turn("z", yaw) @ turn("y", -pitch) @ axes
    placed[:3, 3] = x, 0.0, z
    return np.linalg.inv(placed)


def cast(u, v, world_to_camera, poses):
    """Return id, depth and own-frame point of what a picture's points show; the ground is world, the sky 1e10."""
    camera_to_world = np.linalg.inv(world_to_camera)
    rays = np.stack([(u - K[0, 2]) / FOCAL, (v - K[1, 2]) / FOCAL, np.ones_like(u)], -1) @ camera_to_world[:3, :3].T
    eye = camera_to_world[:3, 3]
    with np.errstate(divide="ignore", invalid="ignore"):
        depth = np.where(rays[..., 2] < -1e-9, -eye[2] / rays[..., 2], 1e10)
        depth = np.where(depth > 400, 1e10, depth)
        ids, own = np.zeros(u.shape, np.uint16), eye + rays * depth[..., None]
        for actor, placed in poses.items():
            inverse = np.linalg.inv(placed)
            start, along = (inverse @ np.append(eye, 1))[:3], rays @ inverse[:3, :3].T
            hit = -start[0] / along[..., 0]
            point = start + along * hit[..., None]
            inside = (np.abs(point[..., 1]) < PANEL_M[0]) & (point[..., 2] > 0) & (point[..., 2] < PANEL_M[1])
            nearer = inside & (hit > 0.1) & (hit < depth)
            depth, ids = np.where(nearer, hit, depth), np.where(nearer, actor, ids).astype(np.uint16)
            own = np.where(nearer[..., None], point, own)
    return ids, depth, own


def frame(world_to_camera, poses):
    u, v = np.meshgrid(np.arange(WIDTH, dtype=float), np.arange(HEIGHT, dtype=float))
    ids, depth, own = cast(u, v, world_to_camera, poses)
    made = Frame(depth_m=depth.astype(np.float32), ids=ids, K=K, world_to_camera=world_to_camera, poses=poses)
    return made, own


SCENES = {
    "nothing moves": ((0.0, {}), (0.0, {}), {1: (12, 0, 0)}, {1: (12, 0, 0)}),
    "the camera drives and nods": ((0.0, {}), (0.9, {"pitch": 0.4, "yaw": 0.6}), {1: (14, 1, 0)}, {1: (14, 1, 0)}),
    "a vehicle turns": ((0.0, {}), (0.0, {}), {1: (12, 2, 0)}, {1: (11, 0.5, 25)}),
    "two vehicles cross while the camera drives": (
        (0.0, {}),
        (0.7, {"z": 1.42}),
        {1: (10, -2.5, 0), 2: (18, 3, 0)},
        {1: (10, -1.2, 0), 2: (18, 0.6, -8)},
    ),
}


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("backward", [False, True])
def test_flow_takes_each_surface_to_where_it_is_within_half_a_pixel(name, backward):
    first_camera, second_camera, first_poses, second_poses = SCENES[name]
    ends = [
        (camera(first_camera[0], **first_camera[1]), {actor: pose(*where) for actor, where in first_poses.items()}),
        (camera(second_camera[0], **second_camera[1]), {actor: pose(*where) for actor, where in second_poses.items()}),
    ]
    (first, own), (second, _) = (frame(*end) for end in (ends[::-1] if backward else ends))
    shift, valid = flow(first, second)
    assert shift.shape == (HEIGHT, WIDTH, 2)
    assert shift.dtype == np.float32
    u, v = np.meshgrid(np.arange(WIDTH, dtype=float), np.arange(HEIGHT, dtype=float))
    ids, depth, there = cast(u + shift[..., 0], v + shift[..., 1], second.world_to_camera, second.poses)
    on_ground_or_actor = valid & (first.depth_m < 1e9)
    same = on_ground_or_actor & (ids == first.ids)
    assert same.sum() > 0.99 * on_ground_or_actor.sum()
    off_px = np.linalg.norm(there - own, axis=-1) * FOCAL / depth
    assert np.percentile(off_px[same], 99.5) < 0.5
    assert valid.mean() > 0.75


def test_what_is_covered_or_leaves_the_picture_is_not_valid():
    here = camera(0.0)
    first, _ = frame(here, {1: pose(10, 0, 0), 2: pose(20, 0, 0)})
    second, _ = frame(here, {1: pose(10, 3.0, 0), 2: pose(20, 6.0, 0)})
    shift, valid = flow(first, second)
    u, v = np.meshgrid(np.arange(WIDTH, dtype=float), np.arange(HEIGHT, dtype=float))
    ground = (first.ids == 0) & (first.depth_m < 1e9)
    ids, _, _ = cast(u, v, here, second.poses)
    covered = ground & (ids != 0)
    assert covered.sum() > 100
    assert valid[covered].mean() < 0.05
    uncovered = ground & (ids == 0)
    assert valid[uncovered].mean() > 0.97
    assert not shift[~valid].any()
    gone, _ = frame(camera(0.0, yaw=60.0), {})
    assert not flow(first, gone)[1].any() or flow(first, gone)[1].mean() < 0.3


def test_the_sky_moves_with_the_cameras_turn_only():
    first, _ = frame(camera(0.0), {})
    second, _ = frame(camera(5.0, yaw=2.0), {})
    shift, valid = flow(first, second)
    sky = valid & (first.depth_m > 1e9)
    assert sky.any()
    middle = shift[5, WIDTH // 2]
    assert middle[0] == pytest.approx(FOCAL * np.tan(np.deg2rad(2.0)), abs=0.5)


def test_kittis_png_keeps_a_sixty_fourth_of_a_pixel(tmp_path):
    rng = np.random.default_rng(2)
    shift = rng.uniform(-300, 300, (20, 30, 2)).astype(np.float32)
    valid = rng.random((20, 30)) < 0.8
    path = tmp_path / "flow.png"
    path.write_bytes(encoded(shift, valid))
    back, there = decoded(path)
    assert (there == valid).all()
    assert np.abs(back - shift)[valid].max() <= 1 / 128 + 1e-6
    path.write_bytes(b"no picture")
    with pytest.raises(InputError, match="16-bit PNG"):
        decoded(path)


def test_channels_stand_as_kitti_has_them(tmp_path):
    """Red is u, green is v, blue is validity; OpenCV reads blue first."""
    import cv2

    shift = np.zeros((2, 2, 2), np.float32)
    shift[..., 0], shift[..., 1] = 3.0, -1.0
    path = tmp_path / "flow.png"
    path.write_bytes(encoded(shift, np.ones((2, 2), bool)))
    blue, green, red = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)[0, 0].tolist()
    assert (red, green, blue) == (3 * 64 + 32768, -64 + 32768, 1)
