from __future__ import annotations

import json
from dataclasses import replace

import cube_scenes
import cv2
import numpy as np
import pytest

from render import label, manifest, radiance
from render.silhouette import Mesh, View, filled, silhouette
from scenes.spec.scene import Conflict, loads

WIDTH, HEIGHT = 160, 96
FACES = [(0, 1, 3, 2), (4, 5, 7, 6), (0, 1, 5, 4), (2, 3, 7, 6), (0, 2, 6, 4), (1, 3, 7, 5)]


def corners_m(vehicle):
    """Corners of a box from its spec alone."""
    turn = np.radians(vehicle.heading_deg)
    forward, left = np.array([np.cos(turn), np.sin(turn), 0]), np.array([-np.sin(turn), np.cos(turn), 0])
    return np.array(
        [
            np.array([vehicle.x_m, vehicle.y_m, 0])
            + i * vehicle.length_m / 2 * forward
            + j * vehicle.width_m / 2 * left
            + k * vehicle.height_m * np.array([0, 0, 1])
            for i in (-1, 1)
            for j in (-1, 1)
            for k in (0, 1)
        ]
    )


def analytic_px(points_m, camera):
    """Pinhole projection written out for a camera that looks along +x, pitched by `pitch_deg`."""
    pitch = np.radians(camera.pitch_deg)
    offset = points_m - (camera.x_m, camera.y_m, camera.z_m)
    depth = offset[:, 0] * np.cos(pitch) + offset[:, 2] * np.sin(pitch)
    up = offset[:, 2] * np.cos(pitch) - offset[:, 0] * np.sin(pitch)
    focal_px = WIDTH / 2 / np.tan(np.radians(camera.hfov_deg / 2))
    u = (WIDTH - 1) / 2 - focal_px * offset[:, 1] / depth
    v = (HEIGHT - 1) / 2 - focal_px * up / depth
    return np.stack([u, v], axis=1)


def analytic_mask(vehicle, camera):
    hull = cv2.convexHull(analytic_px(corners_m(vehicle), camera).astype(np.float32))
    inside = [cv2.pointPolygonTest(hull, (x, y), False) >= 0 for y in range(HEIGHT) for x in range(WIDTH)]
    return np.array(inside).reshape(HEIGHT, WIDTH)


def box_mesh(vehicle):
    triangles = [(a, b, c) for a, b, c, _ in FACES] + [(a, c, d) for a, _, c, d in FACES]
    return Mesh(vertices_m=corners_m(vehicle).astype(np.float64), triangles=np.array(triangles))


def view():
    """The camera of `cube_scenes` as an OpenCV pinhole."""
    camera = cube_scenes.CAMERA
    pitch = np.radians(camera.pitch_deg)
    forward = np.array([np.cos(pitch), 0, np.sin(pitch)])
    right, down = np.array([0.0, -1.0, 0.0]), np.array([np.sin(pitch), 0, -np.cos(pitch)])
    world_to_camera = np.eye(4)
    world_to_camera[:3, :3] = np.stack([right, down, forward])
    world_to_camera[:3, 3] = -world_to_camera[:3, :3] @ (camera.x_m, camera.y_m, camera.z_m)
    focal_px = WIDTH / 2 / np.tan(np.radians(camera.hfov_deg / 2))
    K = np.array([[focal_px, 0, (WIDTH - 1) / 2], [0, focal_px, (HEIGHT - 1) / 2], [0, 0, 1]])
    return View(K=K, world_to_camera=world_to_camera, resolution_wh=(WIDTH, HEIGHT))


def iou(first, second):
    return (first & second).sum() / (first | second).sum()


def test_no_triangles_fill_nothing():
    assert not filled(np.zeros((0, 3, 2)), (8, 5)).any()


def test_a_pixel_is_filled_if_its_centre_lies_inside():
    square = np.array([[[0.6, 0.6], [3.4, 0.6], [3.4, 2.4]], [[0.6, 0.6], [3.4, 2.4], [0.6, 2.4]]])
    expected = np.zeros((5, 8), bool)
    expected[1:3, 1:4] = True
    np.testing.assert_array_equal(filled(square, (8, 5)), expected)


def test_filling_agrees_with_a_point_in_polygon_test_on_random_triangles():
    rng = np.random.default_rng(5)
    for triangle in rng.uniform(-10, 40, (50, 3, 2)):
        polygon = triangle.astype(np.float32)
        want = [cv2.pointPolygonTest(polygon, (x, y), True) for y in range(20) for x in range(30)]
        sure = np.abs(want).reshape(20, 30) > 1e-3
        got = filled(triangle[None], (30, 20))
        np.testing.assert_array_equal(got[sure], (np.array(want).reshape(20, 30) > 0)[sure])


def test_nothing_in_front_of_the_camera_has_no_outline():
    behind = box_mesh(cube_scenes.box(1, -20.0, 0.0, 0.0))
    outline = silhouette(behind, view())
    assert outline.total_px == 0
    assert outline.xyxy is None
    assert outline.truncation == 0.0


def test_a_mesh_around_the_camera_is_cut_at_the_near_plane():
    outline = silhouette(box_mesh(cube_scenes.box(1, 1.0, -1.2, 0.0)), view())
    assert outline.in_frame.any()
    assert 0.3 < outline.truncation < 1.0


def test_a_box_inside_the_picture_is_not_truncated_and_one_outside_is():
    inside, cut = (silhouette(box_mesh(cube_scenes.spec().vehicles[i]), view()) for i in (0, 2))
    assert inside.truncation == 0.0
    whole = analytic_px(corners_m(cube_scenes.spec().vehicles[2]), cube_scenes.CAMERA)
    hull = cv2.convexHull(whole.astype(np.float32))
    expected = 1 - cut.in_frame.sum() / cv2.contourArea(hull)
    assert cut.truncation == pytest.approx(expected, abs=0.01)


def test_half_hidden_is_half_occluded():
    outline = silhouette(box_mesh(cube_scenes.spec().vehicles[0]), view())
    visible = outline.in_frame.copy()
    assert label.occlusion(visible, outline) == 0.0
    columns = np.flatnonzero(visible.any(axis=0))
    visible[:, : columns[0] + len(columns) // 2] = False
    assert label.occlusion(visible, outline) == pytest.approx(0.5, abs=0.06)


def test_an_actor_without_a_pixel_has_no_label():
    spec, ids = cube_scenes.spec(), np.zeros((HEIGHT, WIDTH), np.uint16)
    meshes = {vehicle.actor_id: box_mesh(vehicle) for vehicle in spec.vehicles}
    ids[40:50, 60:70] = 1
    seen = label.Seen(ids=ids, depth_m=np.full(ids.shape, 20.0, np.float32), meshes=meshes, view=view())
    labels = label.view_labels(spec, 0, seen)
    assert [labelled["instance"] for labelled in labels["objects"]] == [1]
    assert labels["objects"][0]["bbox_xyxy"] == [60, 40, 70, 50]
    assert labels["objects"][0]["area_px"] == 100


def test_the_view_tells_how_near_a_near_miss_was_and_others_do_not_know_the_field():
    conflict = Conflict(
        kind="near_miss_crossing", between=(1, 2), gap_m=0.7, time_to_collision_s=0.4, post_encroachment_s=None
    )
    seen = label.Seen(
        ids=np.zeros((HEIGHT, WIDTH), np.uint16), depth_m=np.ones((HEIGHT, WIDTH), np.float32), meshes={}, view=view()
    )
    told = label.view_labels(replace(cube_scenes.spec(), near_miss=conflict), 0, seen)["near_miss"]
    assert told == {
        "kind": "near_miss_crossing",
        "between": (1, 2),
        "gap_m": 0.7,
        "time_to_collision_s": 0.4,
        "post_encroachment_s": None,
    }
    assert "near_miss" not in label.view_labels(cube_scenes.spec(), 0, seen)


@pytest.mark.blender
def test_traced_boxes_agree_with_their_analytic_projection(traced_round):
    for labels in manifest.traced_views(traced_round):
        scene = labels["scene"]
        spec = loads((traced_round / "scenes" / scene / "spec.json").read_text())
        ids = cv2.imread(str(manifest.mask_path(traced_round, scene, "0")), cv2.IMREAD_UNCHANGED)
        nearer = np.zeros((HEIGHT, WIDTH), bool)
        for vehicle in sorted(spec.vehicles, key=lambda one: one.x_m):
            alone = analytic_mask(vehicle, spec.cameras[0])
            expected = alone & ~nearer
            labelled = next(one for one in labels["objects"] if one["instance"] == vehicle.actor_id)
            assert iou(ids == vehicle.actor_id, expected) >= 0.99
            np.testing.assert_allclose(labelled["bbox_xyxy"], label.visible_xyxy(expected), atol=1)
            assert labelled["occlusion"] == pytest.approx((alone & nearer).sum() / alone.sum(), abs=0.01)
            whole = analytic_px(corners_m(vehicle), spec.cameras[0]) + 0.5
            np.testing.assert_allclose(labelled["amodal_xyxy"], [*whole.min(axis=0), *whole.max(axis=0)], atol=0.05)
            nearer |= alone


@pytest.mark.blender
def test_traced_light_groups_sum_to_the_combined_image(traced_round):
    for path in traced_round.glob("scenes/*/0.exr"):
        bundle = radiance.read(path)
        assert float(bundle.meta["group_gap"]) <= 1e-5
        assert {name for name, layer in bundle.layers.items() if layer.any()} == {"sky", "sun", "street"}


@pytest.mark.blender
def test_traced_layers_are_divided_by_their_gain(traced_round):
    bundle = radiance.read(next(traced_round.glob("scenes/*/0.exr")))
    sky = bundle.depth_m > 1e9
    np.testing.assert_allclose(bundle.layers["sky"][sky].mean(axis=0), np.array([0.2, 0.3, 0.5]) / 2, rtol=0.02)


@pytest.mark.blender
def test_traced_normals_are_in_the_world_frame(traced_round):
    bundle = radiance.read(next(traced_round.glob("scenes/*/0.exr")))
    ground = (bundle.ids == 0) & (bundle.depth_m < 30)
    np.testing.assert_allclose(np.median(bundle.normal[ground], axis=0), [0, 0, 1], atol=1e-3)


@pytest.mark.blender
def test_labels_are_json_without_times_or_paths(traced_round):
    text = next(traced_round.glob("scenes/*/0.json")).read_text()
    assert str(traced_round) not in text
    of_picture = {"scene", "view", "width", "height", "camera", "time_s"}
    assert set(json.loads(text)) == {"schema", "lanes", "objects"} | of_picture
