"""Maps, keypoints, lanes and visibility of labels, against closed forms."""

from __future__ import annotations

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
from label_scene import view
from small_bundle import scene

from render import coco
from render.develop.warped_labels import warp_line
from render.keypoints import HIDDEN, OUTSIDE, SEEN, keypoint_records
from render.label import velocities
from render.lanes import lane_records
from render.part_map import part_map
from render.semantic import ACTORS_FROM, semantic_map
from render.silhouette import DAMAGED, Mesh
from render.visibility import LabelSettings, contrast_to_noise, lightness, noise_of, told
from scenes.errors import InputError
from scenes.ontology import CATEGORIES, PARTS, STUFF
from scenes.scenario import sample

SHAPE = (96, 160)


def plate(distance_m=10.0):
    """A square of 2 m before the camera: its left half is a door, its right half a damaged wheel."""
    y, z = np.meshgrid([1.0, 0.0, -1.0], [0.5, 2.5])
    points = np.stack([np.full(6, distance_m), y.ravel(), z.ravel()], axis=1)
    triangles = np.array([[0, 1, 4], [0, 4, 3], [1, 2, 5], [1, 5, 4]])
    parts = np.array([PARTS["door"], PARTS["door"], PARTS["wheel"] + DAMAGED, PARTS["wheel"] + DAMAGED], np.uint8)
    return Mesh(vertices_m=points, triangles=triangles, parts=parts)


def square_ids(instance=3):
    focal_px = view().K[0, 0]
    columns, rows = np.arange(160) - 79.5, np.arange(96) - 47.5
    half = 0.1 * focal_px
    ids = ((np.abs(rows) <= half)[:, None] & (np.abs(columns) <= half)[None]).astype(np.uint16)
    return ids * np.uint16(instance)


def test_a_picture_without_actors_has_no_parts():
    assert not part_map(np.zeros(SHAPE, np.uint16), {3: plate()}, view()).any()


def test_parts_are_those_of_the_surface_that_each_pixel_shows():
    ids = square_ids()
    parts = part_map(ids, {3: plate()}, view())
    assert set(parts[:, :80][ids[:, :80] > 0].tolist()) == {PARTS["door"]}
    assert set(parts[:, 80:][ids[:, 80:] > 0].tolist()) == {PARTS["wheel"] + DAMAGED}
    assert not parts[ids == 0].any()


def test_a_pixel_whose_ray_passes_by_takes_its_neighbours_part():
    ids = cv2.dilate(square_ids(), np.ones((3, 3), np.uint8))
    assert (part_map(ids, {3: plate()}, view())[ids > 0] > 0).all()


def test_a_triangle_that_the_near_plane_cuts_still_has_its_part():
    floor = Mesh(
        vertices_m=np.array([[-5.0, -2.0, 0.5], [-5.0, 2.0, 0.5], [20.0, 0.0, 0.5]]),
        triangles=np.array([[0, 1, 2]]),
        parts=np.array([PARTS["roof"]], np.uint8),
    )
    ids = np.zeros(SHAPE, np.uint16)
    ids[80:90, 75:85] = 3
    assert set(part_map(ids, {3: floor}, view())[ids > 0].tolist()) == {PARTS["roof"]}


def test_semantic_classes_are_stuff_and_actors_by_category():
    ids, stuff = square_ids(), np.full(SHAPE, STUFF["road"], np.uint8)
    classes = semantic_map(ids, stuff, [{"instance": 3, "category": "bus"}])
    assert set(classes[ids > 0].tolist()) == {ACTORS_FROM + CATEGORIES["bus"]}
    assert set(classes[ids == 0].tolist()) == {STUFF["road"]}
    assert not semantic_map(ids, stuff, [])[ids > 0].any()


def test_keypoints_are_seen_hidden_or_outside():
    ids, depth = square_ids(), np.full(SHAPE, 10.0, np.float32)
    depth[:, 80:] = 6.0  # something else stands before the right half
    named = {
        "wheel_a": (10.0, 0.5, 1.5),
        "wheel_b": (10.0, -0.5, 1.5),
        "wheel_c": (10.0, 0.5, 1.5001),
        "wheel_d": (11.0, 0.5, 1.5),
        "wheel_e": (10.0, 30.0, 1.5),
        "wheel_f": (-5.0, 0.0, 1.5),
    }
    ids[:, 80:] = 0
    found = keypoint_records(named, view=view(), depth_m=depth, ids=ids, instance=3)
    assert [point["visibility"] for point in found] == [SEEN, HIDDEN, SEEN, HIDDEN, OUTSIDE, OUTSIDE]
    assert found[5]["xy"] is None
    focal_px = view().K[0, 0]
    assert found[0]["xy"] == pytest.approx([80 - 0.05 * focal_px, 48.0], abs=0.01)
    assert keypoint_records({}, view=view(), depth_m=depth, ids=ids, instance=3) == []


def visibilities(named, *, distance_m):
    ids, depth = square_ids(), np.full(SHAPE, distance_m, np.float32)
    parts = part_map(ids, {3: plate(distance_m)}, view())
    found = keypoint_records(named, view=view(), depth_m=depth, ids=ids, instance=3, parts=parts)
    return [point["visibility"] for point in found]


def test_a_keypoint_is_seen_where_its_own_part_shows():
    named = {
        "wheel_on_wheel": (5.2, -0.3, 1.5),
        "wheel_on_door": (5.0, 0.3, 1.5),
        "wheel_far_behind": (5.6, -0.3, 1.5),
        "headlamp_shown_nowhere": (5.0, 0.3, 1.5),
        "nose": (5.2, 0.3, 1.5),
    }
    assert visibilities(named, distance_m=5.0) == [SEEN, HIDDEN, HIDDEN, HIDDEN, SEEN]


def test_far_off_a_keypoint_on_a_part_may_be_smaller_than_a_pixel():
    named = {"wheel_on_door": (10.0, 0.5, 1.5), "wheel_behind_door": (10.3, 0.5, 1.5), "wheel_before": (9.7, 0.5, 1.5)}
    assert visibilities(named, distance_m=10.0) == [SEEN, HIDDEN, HIDDEN]


def test_lanes_are_projected_and_stay_in_the_picture():
    lanes = lane_records(scene().street, view())
    assert {lane["role"] for lane in lanes} == {"same", "oncoming"}
    focal_px = view().K[0, 0]
    for lane in lanes:
        xy = np.array(lane["xy"])
        assert (xy >= 0).all()
        assert (xy <= (160, 96)).all()
        # every lane of this straight street runs along x at one y: all its points have the same (u - cx) / (v - cy)
        y_m = lane["xyz_m"][0][1]
        ahead_m = focal_px * 1.5 / (xy[:, 1] - 48.0)
        assert xy[:, 0] == pytest.approx(80 - focal_px * y_m / ahead_m, abs=0.3)
    middle = next(lane for lane in lanes if lane["role"] == "same" and lane["kind"] == "centre")
    left = next(lane for lane in lanes if lane["lane"] == middle["lane"] and lane["side"] == "left")
    assert left["xyz_m"][0][1] - middle["xyz_m"][0][1] == pytest.approx(1.6)


def test_a_line_bends_with_the_lens_and_is_cut_where_it_leaves():
    bent = warp_line(
        {"xy": [[0, 10], [100, 10]]}, (50, 100), lambda at: at + np.stack([0 * at[:, 0], at[:, 0]], -1) / 2
    )
    assert len(bent) == 1
    assert bent[0]["xy"][0] == pytest.approx([0, 9.75], abs=0.01)
    assert bent[0]["xy"][-1][1] == pytest.approx(50, abs=0.01)
    assert warp_line({"xy": [[0, 10], [100, 10]]}, (50, 100), lambda at: at + 200) == []


def test_riders_move_as_their_mounts_and_walkers_as_their_gait():
    spec = sample("day_traffic", seed=3, index=1)
    moving = velocities(spec, in_clip=False)
    assert set(moving) == {actor.actor_id for actor in (*spec.vehicles, *spec.people, *spec.animals)}
    for person in spec.people:
        if person.mount is not None:
            assert moving[person.actor_id] == moving[person.mount]
        elif person.pose == "walking":
            along = np.array([np.cos(np.radians(person.heading_deg)), np.sin(np.radians(person.heading_deg))])
            assert 0.4 < np.array(moving[person.actor_id]) @ along < 2.2
    still = replace(spec, people=tuple(person for person in spec.people if person.pose == "standing"))
    assert all(velocities(still, in_clip=False)[person.actor_id] == (0, 0) for person in still.people)


def patch(contrast, noise, seed=0):
    rng = np.random.default_rng(seed)
    light = 40 + noise * rng.standard_normal(SHAPE).astype(np.float32)
    mask = np.zeros(SHAPE, bool)
    mask[30:60, 50:90] = True
    light[mask] += contrast
    return light.astype(np.float32), mask


def test_contrast_to_noise_is_contrast_over_noise():
    assert contrast_to_noise(*_apart(patch(0.0, 0.0))) == 0
    assert contrast_to_noise(*_apart(patch(8.0, 0.0))) == pytest.approx(8.0, rel=0.02)
    assert contrast_to_noise(*_apart(patch(8.0, 3.0))) == pytest.approx(8 / np.hypot(3, 1), rel=0.15)
    assert contrast_to_noise(*_apart(patch(0.3, 3.0))) < 0.5
    light, _ = patch(8.0, 0.0)
    assert contrast_to_noise(light, (50, 30, 90, 60)) == pytest.approx(8.0, rel=0.02)


def _apart(made):
    light, mask = made
    return light, (50, 30, 90, 60), mask


def test_noise_is_measured_and_edges_are_not_noise():
    light, mask = patch(30.0, 2.0)
    assert noise_of(light, ~mask) == pytest.approx(2.0, rel=0.15)


def test_what_does_not_stand_out_is_marked_and_the_limit_can_be_set():
    rgb = np.full((*SHAPE, 3), 100, np.uint8)
    ids = np.zeros(SHAPE, np.uint16)
    ids[10:30, 10:30], ids[50:70, 60:90] = 1, 2
    rgb[ids == 1], rgb[ids == 2] = 200, 102
    objects = [{"instance": 1, "bbox_xyxy": [10, 10, 30, 30]}, {"instance": 2, "bbox_xyxy": [60, 50, 90, 70]}]
    limits = (LabelSettings(), LabelSettings(ignore_below=0), LabelSettings(ignore_under_px=25))
    marked = [[one["visibility"]["ignore"] for one in told(objects, rgb, ids, limit)] for limit in limits]
    assert marked == [[False, True], [False, False], [True, True]]
    assert lightness(np.full((2, 2, 3), 255, np.uint8)) == pytest.approx(100, abs=0.01)
    with pytest.raises(InputError, match="must be >= 0"):
        LabelSettings(ignore_below=-1)
    with pytest.raises(InputError, match="ignore_under_px"):
        LabelSettings(ignore_under_px=-1)


def test_coco_tells_joints_and_what_to_ignore(tmp_path):
    (tmp_path / "masks").mkdir()
    cv2.imwrite(str(tmp_path / "masks" / "s-0.png"), square_ids())
    nose = {"name": "nose", "xy": [80.0, 48.0], "xyz_m": [10, 0, 1.5], "visibility": 2}
    labelled = {
        "instance": 3,
        "category": "person",
        "bbox_xyxy": [60, 30, 90, 60],
        "area_px": 5,
        "occlusion": 0.0,
        "truncation": 0.0,
        "distance_m": 10.0,
        "crash": None,
        "keypoints": [nose],
        "visibility": {"contrast_to_noise": 0.4, "ignore": True},
    }
    plain = ("frame", "scene", "view", "scenario", "lighting", "sha256", "image")
    frame = {name: name for name in plain} | {"width": 160, "height": 96, "mask": "masks/s-0.png"}
    frame |= {"look": {"id": "a", "name": "b"}, "objects": [labelled]}
    document = json.loads(json.dumps(coco.document(tmp_path, [frame])))
    annotation = document["annotations"][0]
    assert (annotation["ignore"], annotation["num_keypoints"], len(annotation["keypoints"])) == (1, 1, 51)
    person = next(category for category in document["categories"] if category["name"] == "person")
    assert person["keypoints"][0] == "nose"
