from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

import cv2
import label_scene
import numpy as np
import pytest
from label_scene import Actor, render, street, told, view

from render import durable, frame_checks, manifest
from render.checks.bound import error_bound
from render.checks.boxes import measured
from render.checks.coco import coco_faults
from render.checks.fault import Fault, ordered
from render.checks.footprint import footprint
from render.checks.keypoints import placed_faults
from render.checks.masks import mask_faults
from render.checks.pictures import picture_fault
from render.checks.pixels import Traced
from render.checks.statistics import statistics
from render.label_checks import check_labels
from render.radiance import Radiance
from render.silhouette import Mesh, View
from scenes.errors import InputError


def check(scene, **given):
    arrays = {"ids": scene.ids, "depth_m": scene.depth_m, "meshes": scene.meshes, "view": scene.view}
    return check_labels(scene.labels, **{**arrays, **given})


def names(scene, **given):
    return [fault.name for fault in check(scene, **given).faults]


def lines(scene):
    return [str(fault) for fault in check(scene).faults]


@pytest.fixture(scope="module")
def right():
    return street()


@pytest.fixture
def scene(right):
    return right.copy()


def labelled(scene, instance):
    return next(one for one in scene.labels["objects"] if one["instance"] == instance)


def test_an_empty_picture_with_an_empty_record_is_right():
    empty = render({}, view())
    assert lines(empty) == []
    assert check(empty).annotations == 0


def test_a_right_record_has_no_fault(right):
    assert [one["instance"] for one in right.labels["objects"]] == [1, 2, 3, 4]
    assert labelled(right, 3)["truncation"] > 0.2
    assert lines(right) == []
    assert check(right).annotations == 4
    assert check(right).pixels > 400


def test_a_record_of_the_first_version_is_checked_for_what_it_has(scene):
    scene.labels["schema"] = 1
    for one in scene.labels["objects"]:
        for name in ("box3d_camera", "velocity_mps", "keypoints", "damaged_px"):
            del one[name]
    assert lines(scene) == []
    labelled(scene, 1)["area_px"] += 1
    assert names(scene) == ["wrong_area"]


def test_checking_twice_says_the_same_and_changes_nothing(scene):
    before = json.dumps(scene.labels)
    scene.depth_m *= 1.2
    assert check(scene) == check(scene)
    assert json.dumps(scene.labels) == before


def shift_mask(scene):
    mask = np.roll(scene.ids == 1, (1, 4), axis=(0, 1))
    scene.ids[scene.ids == 1] = 0
    scene.ids[mask] = 1
    told(scene)


def take_another_id(scene):
    scene.ids[scene.ids > 0] += 1


def take_another_id_in_the_record(scene):
    for one in scene.labels["objects"]:
        one["instance"] += 1


def lose_an_object(scene):
    scene.labels["objects"] = [one for one in scene.labels["objects"] if one["instance"] != 4]


def lose_an_actor(scene):
    scene.ids[scene.ids == 4] = 0
    told(scene)


def reflect(scene):
    rows, columns = np.nonzero(scene.ids == 1)
    bottom = rows.max()
    mirrored = np.minimum(2 * bottom + 2 - rows, scene.ids.shape[0] - 1)
    free = scene.ids[mirrored, columns] == 0
    scene.ids[mirrored[free], columns[free]] = 1
    told(scene)


def take_older_depth(scene):
    before = {**scene.actors, 1: Actor("car", (14.5, 1.5, 0.75), (4.0, 1.8, 1.5), 20.0, 8.0)}
    scene.depth_m = render(before, scene.view).depth_m


def mistake_depth_for_range(scene):
    height, width = scene.ids.shape
    grid = np.meshgrid(np.arange(width), np.arange(height))
    scene.depth_m *= np.linalg.norm(label_scene.rays(scene.view, *grid), axis=-1).astype(np.float32)


def lengthen_the_focal_length(scene):
    scene.labels["camera"]["K"][0][0] *= 1.05
    scene.labels["camera"]["K"][1][1] *= 1.05


def mistake_the_field_of_view(scene):
    scene.labels["camera"]["hfov_deg"] = 52.0


def render_with_another_lens(scene):
    K = scene.view.K.copy()
    K[0, 0] *= 1.06
    K[1, 1] *= 1.06
    scene.view = View(K=K, world_to_camera=scene.view.world_to_camera, resolution_wh=scene.view.resolution_wh)
    scene.alone_m = {one: label_scene.depth_map(mesh, scene.view) for one, mesh in scene.meshes.items()}
    told(scene)


def turn_the_camera(scene):
    pose = np.array(scene.labels["camera"]["world_to_camera"])
    pose[0, 3] += 0.05
    scene.labels["camera"]["world_to_camera"] = pose.tolist()


def swap_the_size(scene):
    scene.labels["width"], scene.labels["height"] = scene.labels["height"], scene.labels["width"]


def swap_a_box(scene):
    x0, y0, x1, y1 = labelled(scene, 1)["bbox_xyxy"]
    labelled(scene, 1)["bbox_xyxy"] = [x0, y0, x0 + y1 - y0, y0 + x1 - x0]


def widen_a_box(scene):
    labelled(scene, 1)["bbox_xyxy"][0] -= 1


def push_a_box_out(scene):
    labelled(scene, 3)["bbox_xyxy"][2] = 170


def shrink_an_amodal_box(scene):
    labelled(scene, 2)["amodal_xyxy"][0] += 4


def widen_an_amodal_box(scene):
    labelled(scene, 1)["amodal_xyxy"][3] += 3


def draw_the_amodal_box_inside(scene):
    x0, y0, x1, y1 = labelled(scene, 1)["bbox_xyxy"]
    labelled(scene, 1)["amodal_xyxy"] = [x0 + 2, y0, x1, y1]


def miscount(scene):
    labelled(scene, 2)["area_px"] += 1


def forget_occlusion(scene):
    labelled(scene, 2)["occlusion"] = 0.0


def forget_truncation(scene):
    labelled(scene, 3)["truncation"] = 0.0


def misjudge_distance(scene):
    labelled(scene, 1)["distance_m"] *= 1.02


def stand_elsewhere(scene):
    for name in ("box3d", "box3d_camera"):
        labelled(scene, 1)[name]["center_m"][2 if name == "box3d_camera" else 0] += 6.0


def grow_a_box3d(scene):
    labelled(scene, 1)["box3d"]["size_m"][2] = 2.4


def shrink_a_person(scene):
    labelled(scene, 4)["box3d"]["size_m"][2] -= 0.1


def shift_a_camera_box(scene):
    labelled(scene, 1)["box3d_camera"]["center_m"][0] += 0.05


def turn_a_box(scene):
    turned = Actor("car", (12.0, 0.5, 0.75), (4.0, 1.8, 1.5), 75.0).axes()
    labelled(scene, 1)["box3d"]["heading_deg"] = 75.0
    labelled(scene, 1)["box3d_camera"]["rotation"] = (scene.view.world_to_camera[:3, :3] @ turned).tolist()


def turn_a_camera_box(scene):
    rotation = np.array(labelled(scene, 1)["box3d_camera"]["rotation"])
    labelled(scene, 1)["box3d_camera"]["rotation"] = (rotation * (-1, -1, 1)).tolist()


def swap_the_sides(scene):
    for point in labelled(scene, 1)["keypoints"]:
        side = "left" if "left" in point["name"] else "right"
        point["name"] = point["name"].replace(side, {"left": "right", "right": "left"}[side])


def mirror_the_picture_of_keypoints(scene):
    points = {point["name"]: point for point in labelled(scene, 1)["keypoints"]}
    for end in ("front", "rear"):
        left, right = points[f"wheel_{end}_left"], points[f"wheel_{end}_right"]
        left["xy"], right["xy"] = right["xy"], left["xy"]


def swap_the_ends(scene):
    for point in labelled(scene, 1)["keypoints"]:
        end = "front" if "front" in point["name"] else "rear"
        point["name"] = point["name"].replace(end, {"front": "rear", "rear": "front"}[end])


def move_a_keypoint(scene):
    labelled(scene, 1)["keypoints"][0]["xy"][0] += 3.0


def lift_a_keypoint(scene):
    point = labelled(scene, 1)["keypoints"][0]
    point["xyz_m"][2] += 3.0
    point["xy"] = label_scene.project([point["xyz_m"]], scene.view)[0].tolist()


def show_what_is_hidden(scene):
    hidden = [point for point in labelled(scene, 2)["keypoints"] if point["visibility"] == 1]
    assert hidden
    for point in hidden:
        point["visibility"] = 2


def hide_what_is_seen(scene):
    seen = [point for point in labelled(scene, 1)["keypoints"] if point["visibility"] == 2]
    assert seen
    for point in seen:
        point["visibility"] = 1


def lose_a_keypoint_out_of_the_picture(scene):
    labelled(scene, 1)["keypoints"][0]["visibility"] = 0


def slide(scene):
    labelled(scene, 1)["velocity_mps"] = [0.0, 8.0, 0.0]


def label_what_is_not_there(scene):
    scene.labels["objects"].append({**labelled(scene, 1), "instance": 5})


def add_pixels_of_nobody(scene):
    scene.ids[5:9, 5:9] = 77


def invent_a_class(scene):
    labelled(scene, 1)["category"] = "spaceship"


def label_twice(scene):
    scene.labels["objects"].append(dict(labelled(scene, 1)))


def forget_a_field(scene):
    del labelled(scene, 1)["area_px"]


def write_nan(scene):
    labelled(scene, 1)["distance_m"] = float("nan")


def write_half_a_box(scene):
    labelled(scene, 1)["bbox_xyxy"] = [1, 2, 3]


def be_older(scene):
    scene.labels["schema"] = 0


def be_newer(scene):
    scene.labels["schema"] = 99


SEEDED = [
    (shift_mask, "shifted_mask"),
    (take_another_id, "wrong_id"),
    (take_another_id_in_the_record, "wrong_id"),
    (lose_an_object, "lost_instance"),
    (lose_an_actor, "lost_instance"),
    (reflect, "reflection_label"),
    (take_older_depth, "stale_depth"),
    (mistake_depth_for_range, "stale_depth"),
    (lengthen_the_focal_length, "wrong_intrinsics"),
    (mistake_the_field_of_view, "wrong_intrinsics"),
    (render_with_another_lens, "wrong_intrinsics"),
    (turn_the_camera, "wrong_extrinsics"),
    (swap_the_size, "swapped_size"),
    (swap_a_box, "swapped_size"),
    (widen_a_box, "box_not_tight"),
    (push_a_box_out, "box_outside_picture"),
    (shrink_an_amodal_box, "wrong_amodal_box"),
    (widen_an_amodal_box, "wrong_amodal_box"),
    (widen_an_amodal_box, "box3d_projection"),
    (draw_the_amodal_box_inside, "box_outside_amodal"),
    (miscount, "wrong_area"),
    (forget_occlusion, "wrong_occlusion"),
    (forget_truncation, "wrong_truncation"),
    (misjudge_distance, "wrong_distance"),
    (stand_elsewhere, "wrong_distance"),
    (stand_elsewhere, "wrong_box3d"),
    (grow_a_box3d, "wrong_box3d"),
    (shrink_a_person, "wrong_box3d"),
    (shift_a_camera_box, "box3d_frames"),
    (turn_a_box, "wrong_heading"),
    (turn_a_camera_box, "wrong_heading"),
    (swap_the_sides, "flipped_keypoints"),
    (mirror_the_picture_of_keypoints, "flipped_keypoints"),
    (swap_the_ends, "flipped_keypoints"),
    (move_a_keypoint, "keypoint_projection"),
    (lift_a_keypoint, "keypoint_outside_box"),
    (show_what_is_hidden, "keypoint_visibility"),
    (hide_what_is_seen, "keypoint_visibility"),
    (lose_a_keypoint_out_of_the_picture, "keypoint_visibility"),
    (slide, "velocity_against_heading"),
    (label_what_is_not_there, "label_without_pixels"),
    (add_pixels_of_nobody, "id_without_object"),
    (invent_a_class, "unknown_class"),
    (label_twice, "duplicate_instance"),
    (forget_a_field, "broken_record"),
    (write_nan, "broken_record"),
    (write_half_a_box, "broken_record"),
    (be_older, "older_version"),
    (be_newer, "newer_version"),
]


@pytest.mark.parametrize(("spoil", "name"), SEEDED, ids=lambda one: getattr(one, "__name__", one))
def test_a_seeded_fault_is_caught_with_its_name(scene, spoil, name):
    spoil(scene)
    assert name in names(scene), lines(scene)


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (shift_mask, "shifted_mask"),
        (take_another_id, "wrong_id"),
        (lose_an_actor, "lost_instance"),
        (reflect, "reflection_label"),
        (take_older_depth, "stale_depth"),
        (lengthen_the_focal_length, "wrong_intrinsics"),
        (render_with_another_lens, "wrong_intrinsics"),
        (swap_the_size, "swapped_size"),
        (swap_the_sides, "flipped_keypoints"),
    ],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_the_cause_is_told_before_its_symptoms(scene, spoil, name):
    spoil(scene)
    assert names(scene)[0] == name, lines(scene)


def test_a_fault_says_which_instance_and_how_much(scene):
    labelled(scene, 2)["area_px"] += 3
    area = int((scene.ids == 2).sum())
    assert lines(scene) == [f"wrong_area: instance 2 has {area + 3} px, the mask {area}"]


def test_a_crash_party_may_slide(scene):
    slide(scene)
    labelled(scene, 1)["crash"] = {"phase": "after"}
    assert lines(scene) == []


def test_parts_are_compared_with_the_triangles_that_rays_meet(right):
    scene = right.copy()
    scene.meshes = {
        instance: replace(mesh, parts=np.full(len(mesh.triangles), 3 + instance, np.uint8))
        for instance, mesh in scene.meshes.items()
    }
    parts = np.where(scene.ids > 0, scene.ids + 3, 0).astype(np.uint8)
    assert names(scene, parts=parts) == []
    parts[scene.ids == 2] = 9
    assert [(fault.name, fault.instance) for fault in check(scene, parts=parts).faults] == [("wrong_part", 2)]


def glazed(scene, instance):
    """Return the scene with a car in a shell of clear glass that reaches 10 cm over its front and sides."""
    actor, mesh = scene.actors[instance], scene.meshes[instance]
    size_m = tuple(side + 0.2 for side in actor.size_m)
    shell = Actor(actor.category, actor.center_m, size_m, actor.heading_deg).mesh()
    clear = [replace(mesh, clear=np.zeros(12, np.bool_)), replace(shell, clear=np.ones(12, np.bool_))]
    covered = scene.copy()
    covered.meshes = {**scene.meshes, instance: Mesh.joined(clear)}
    return covered, label_scene.depth_map(shell, scene.view)


def test_depth_may_show_what_is_behind_clear_glass_or_the_glass_itself_and_nothing_else(right):
    scene, glass_m = glazed(right, 1)
    assert lines(scene) == []
    mine = scene.ids == 1
    scene.depth_m[mine] = glass_m[mine]
    assert lines(scene) == []
    scene.depth_m[mine] = right.depth_m[mine] - 0.05
    assert names(scene) == ["stale_depth"]
    scene.depth_m[mine] = right.depth_m[mine] + 0.4
    assert names(scene) == ["stale_depth"]


def half_covered(share):
    """A cube whose left half is covered by another one nearer to the camera, both seen face on at one height."""
    nearer, farther = (6.0, 8.0)
    edge = 1.0 - 2.0 * share
    shift = edge * (nearer - 0.5) / (farther - 0.5)
    actors = {
        1: Actor("animal", (farther, 0.0, 1.5), (1.0, 2.0, 1.0)),
        2: Actor("animal", (nearer, shift + 1.5, 1.5), (1.0, 3.0, 2.0)),
    }
    return render(actors, view(640, 384))


def test_a_half_covered_cube_is_half_occluded_by_rays_as_by_its_label():
    scene = half_covered(0.5)
    assert labelled(scene, 1)["occlusion"] == pytest.approx(0.5, abs=0.02)
    assert lines(scene) == []
    for wrong in (0.46, 0.54):
        labelled(scene, 1)["occlusion"] = wrong
        assert names(scene) == ["wrong_occlusion"]
        text = check(scene).faults[0].text
        assert float(text.split("rays give ")[1].split()[0]) == pytest.approx(0.5, abs=0.02)


def test_what_stands_still_and_hides_an_actor_is_no_fault():
    wall = Actor("wall", (9.0, 0.5, 1.0), (0.2, 1.5, 2.0)).mesh()
    scene = render({1: Actor("car", (12.0, 0.5, 0.75), (4.0, 1.8, 1.5))}, view(), still=(wall,))
    assert 0.2 < labelled(scene, 1)["occlusion"] < 0.95
    assert lines(scene) == []


@pytest.mark.slow
def test_more_than_2048_objects_are_checked_and_one_wrong_id_among_them_is_found():
    across = 75
    spots = [(i % across, i // across) for i in range(across * 30)]
    actors = {
        number: Actor("animal", (40.0, (column - across / 2) * 0.5, 1.5 + row * 0.43), (0.2, 0.35, 0.3))
        for number, (column, row) in enumerate(spots, start=1)
    }
    scene = render(actors, view(320, 192))
    assert len(scene.labels["objects"]) == len(actors) > 2048
    assert lines(scene) == []
    assert check(scene).annotations == len(actors)
    scene.ids[scene.ids == 1777] = 2120
    faults = check(scene).faults
    assert {fault.name for fault in faults} >= {"wrong_id", "label_without_pixels"}, faults


def test_an_object_of_two_pixels_is_checked_like_any_other():
    small = Actor("person", (60.0, 0.27, 1.283), (0.3, 0.9, 0.4))
    scene = render({1: Actor("car", (90.0, 5.0, 1.0), (4.0, 1.8, 1.5)), 2: small}, view())
    assert labelled(scene, 2)["area_px"] == 2
    assert lines(scene) == []
    gone = scene.copy()
    gone.ids = np.where(gone.ids == 2, 0, np.roll(gone.ids, 0)).astype(np.uint16)
    rows, columns = np.nonzero(scene.ids == 2)
    gone.ids[rows + 20, columns] = 2
    told(gone)
    assert "reflection_label" in names(gone) or "mask_against_rays" in names(gone)


def test_a_keypoint_beside_the_lens_may_be_off_by_what_its_place_is_rounded_by_and_no_more():
    seen = view()
    place = np.linalg.inv(seen.world_to_camera) @ np.array([-1.0, 0.2, 0.1104, 1.0])
    true = {"name": "wheel_front", "xyz_m": place[:3].tolist(), "visibility": 0}
    point = seen.K @ (seen.world_to_camera @ place)[:3]
    xy = (point[:2] / point[2] + 0.5).tolist()
    rounded = {**true, "xyz_m": np.round(place[:3], 3).tolist(), "xy": xy}
    told = {"instance": 1, "category": "car", "box3d": {"heading_deg": 0.0}, "amodal_xyxy": [0, 0, 1, 1]}
    assert placed_faults([{**told, "keypoints": [rounded]}], seen) == []
    moved = {**rounded, "xy": [xy[0] + 30.0, xy[1]]}
    assert [fault.name for fault in placed_faults([{**told, "keypoints": [moved]}], seen)] == ["keypoint_projection"]


def test_a_mesh_around_the_camera_is_checked_from_the_near_plane_on():
    beside = Actor("truck", (1.0, -1.4, 1.2), (6.0, 2.2, 2.4))
    scene = render({1: beside, 2: Actor("car", (12.0, 1.0, 0.75), (4.0, 1.8, 1.5))}, view())
    assert box_is_cut(scene, 1)
    assert labelled(scene, 1)["truncation"] > 0.3
    assert lines(scene) == []
    shifted = scene.copy()
    shifted.ids = np.where(shifted.ids == 1, 0, shifted.ids)
    assert "lost_instance" in names(told(shifted))


def box_is_cut(scene, instance):
    depth = scene.meshes[instance].vertices_m @ scene.view.world_to_camera[2, :3] + scene.view.world_to_camera[2, 3]
    return depth.min() < 0.05 < depth.max()


def test_a_reflection_alone_and_a_mask_of_nothing_are_told_apart(scene):
    scene.ids[90:94, 20:30] = 1
    assert [fault.name for fault in mask_faults(traced_of(scene), [1])] == ["reflection_label"]


def traced_of(scene):
    footprints = {actor: footprint(mesh, scene.view) for actor, mesh in scene.meshes.items()}
    return Traced(ids=scene.ids, depth_m=scene.depth_m, meshes=scene.meshes, footprints=footprints, view=scene.view)


def test_faults_have_names_from_the_list_and_causes_come_first():
    with pytest.raises(InputError, match="must be one of"):
        Fault(name="bad_luck", text="it is raining")
    area, shifted = Fault(name="wrong_area", text="a", instance=1), Fault(name="shifted_mask", text="b", instance=2)
    assert ordered([area, shifted, area]) == [shifted, area]


def test_measured_boxes_are_tight():
    assert measured(np.zeros((4, 5), np.uint16)) == {}
    ids = np.zeros((6, 9), np.uint16)
    ids[2:4, 3:8], ids[0, 0] = 300, 65535
    assert measured(ids) == {300: ((3, 2, 8, 4), 10), 65535: ((0, 0, 1, 1), 1)}


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        (np.zeros((0, 5, 3), np.uint8), "empty"),
        (np.zeros((20, 30, 3), np.uint8), "black"),
        (np.full((20, 30, 3), np.nan, np.float32), "not_finite"),
        (np.full((20, 30, 3), 90, np.uint8), "flat"),
        (np.r_[np.zeros((590, 1, 3)), np.full((10, 1, 3), 200)].astype(np.uint8), "underexposed"),
        (np.r_[np.full((400, 1, 3), 255), np.full((200, 1, 3), 30)].astype(np.uint8), "overexposed"),
        (np.r_[np.zeros((500, 1, 3)), np.full((100, 1, 3), 200)].astype(np.uint8), None),
        (np.r_[np.full((150, 1, 3), 255), np.full((450, 1, 3), 30)].astype(np.uint8), None),
    ],
)
def test_a_picture_that_shows_nothing_is_told_and_an_extreme_one_stays(rgb, name):
    fault = picture_fault(rgb)
    assert (fault.name if fault else None) == name


def test_the_error_bound_is_the_rule_of_three_and_the_exact_interval():
    assert error_bound(0, 0) == 1.0
    assert error_bound(5, 5) == 1.0
    assert error_bound(0, 3000) == pytest.approx(3 / 3000, rel=0.002)
    bound = error_bound(2, 50)
    below = sum(np.prod([(50 - i) / (i + 1) for i in range(k)]) * bound**k * (1 - bound) ** (50 - k) for k in range(3))
    assert below == pytest.approx(0.05)
    with pytest.raises(InputError, match="between 0 and"):
        error_bound(6, 5)


def test_statistics_tell_what_never_occurs():
    nothing = statistics([])
    assert set(nothing.classes.values()) == {0}
    assert "class bus" in nothing.absent
    one = {"category": "bus", "area_px": 50 * 50, "occlusion": 0.5, "truncation": 0.2}
    counted = statistics([{"objects": [one]}, {"objects": [{**one, "category": "car", "area_px": 4}]}])
    assert (counted.classes["bus"], counted.sizes["medium"], counted.sizes["tiny"]) == (1, 1, 1)
    assert (counted.occlusions["half"], counted.truncated) == (2, 2)
    assert "class bus" not in counted.absent
    assert {"class truck", "size large", "occlusion none"} <= set(counted.absent)


@pytest.fixture
def out(right, tmp_path):
    """A round of one traced view and one frame of it."""
    commit(right, tmp_path)
    return tmp_path


def commit(scene, out):
    height, width = scene.ids.shape
    light = np.zeros((height, width, 3), np.float32)
    bundle = Radiance(layers={"sky": light}, albedo=light, normal=light, depth_m=scene.depth_m, ids=scene.ids)
    manifest.commit_view(out, bundle, scene.labels)
    rgb = np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8)
    jpeg = cv2.imencode(".jpg", rgb)[1].tobytes()
    durable.write_bytes(out / "images" / "boxes-0-l00k.jpg", jpeg)
    manifest.commit_frame(out, frame(scene, jpeg))
    manifest.compact(out)


def frame(scene, jpeg):
    return {
        **scene.labels,
        "frame": "boxes-0-l00k",
        "look": {"id": "l00k", "name": "day"},
        "image": "images/boxes-0-l00k.jpg",
        "mask": "masks/boxes-0.png",
        "sha256": sha256(jpeg).hexdigest(),
        "scenario": "boxes",
        "sentence": "Boxes.",
        "lighting": "day",
        "seed": 1,
    }


def edited(path, change):
    record = json.loads(path.read_text())
    change(record)
    path.write_text(json.dumps(record))


def test_a_right_round_has_no_fault_and_states_what_was_checked(out, right):
    assert frame_checks.round_checks(out) == []
    report = frame_checks.checked(out)
    assert (report.annotations, report.checked, report.share, report.wrong_at_most) == (4, 0, 0.0, 1.0)
    frame_checks.journal(out, "boxes-0", 4, [])
    report = frame_checks.checked(out)
    assert (report.checked, report.share, report.tested, report.wrong) == (4, 1.0, 4, 0)
    assert report.wrong_at_most == report.kept_wrong_at_most == pytest.approx(error_bound(0, 4))
    assert report.labels.classes["car"] == 2
    assert json.loads((out / "checks.json").read_text())["share"] == 1.0


def test_a_view_that_rays_refused_counts_as_wrong_and_not_as_kept(out):
    frame_checks.journal(out, "boxes-0", 4, [])
    frame_checks.journal(out, "gone-0", 6, [Fault(name="shifted_mask", text="x", instance=2)])
    frame_checks.journal(out, "lost-0", 5, [Fault(name="wrong_intrinsics", text="x")])
    report = frame_checks.checked(out)
    assert (report.tested, report.wrong, report.checked) == (15, 6, 4)
    assert report.by_rays == {"shifted_mask": 1, "wrong_intrinsics": 1}
    assert report.wrong_at_most == pytest.approx(error_bound(6, 15))


def test_a_round_without_views_is_told_to_render_first(tmp_path):
    with pytest.raises(InputError, match="rareblend render"):
        frame_checks.checked(tmp_path)
    assert frame_checks.round_checks(tmp_path) == []


ROUND_FAULTS = [
    (lambda r: r["objects"][0]["bbox_xyxy"].__setitem__(0, 1), "box_not_tight"),
    (lambda r: r["objects"].pop(), "id_without_object"),
    (lambda r: r["objects"][0].update(category="spaceship"), "unknown_class"),
    (lambda r: r["objects"][0].update(area_px=1), "wrong_area"),
    (lambda r: r["objects"][0].update(distance_m=1.0), "wrong_distance"),
    (lambda r: r.update(schema=0), "older_version"),
    (lambda r: r.update(schema=3), "newer_version"),
    (lambda r: r["camera"].update(hfov_deg=10.0), "wrong_intrinsics"),
    (lambda r: r.update(width=96, height=160), "swapped_size"),
    (lambda r: r.update(objects=None), "broken_record"),
    (lambda r: r["objects"][0]["keypoints"][0]["xy"].__setitem__(0, 3.0), "keypoint_projection"),
]


@pytest.mark.parametrize("path", ["scenes/boxes/0.json", "frames/boxes-0-l00k.json"])
@pytest.mark.parametrize(("change", "name"), ROUND_FAULTS, ids=[name for _, name in ROUND_FAULTS])
def test_a_hand_edited_record_is_found_without_meshes_and_left_as_it_is(out, path, change, name):
    edited(out / path, change)
    before = (out / path).read_bytes()
    found = frame_checks.round_checks(out)
    assert (path, name) in {(where, fault.name) for where, fault in found}, found
    assert frame_checks.checked(out).by_files[name] >= 1
    assert (out / path).read_bytes() == before


def test_broken_files_of_a_round_are_told_one_by_one(out):
    (out / "masks/boxes-0.png").write_bytes(b"no picture")
    (out / "frames/boxes-0-l00k.json").write_text("{")
    found = {(where, fault.name) for where, fault in frame_checks.round_checks(out)}
    assert found == {("scenes/boxes/0.json", "broken_mask_file"), ("frames/boxes-0-l00k.json", "broken_record")}


def test_damaged_pixels_are_counted_again_in_the_part_map(out):
    path = out / "frames/boxes-0-l00k.json"
    mask = cv2.imread(str(out / json.loads(path.read_text())["mask"]), cv2.IMREAD_UNCHANGED)
    (out / "parts").mkdir(exist_ok=True)
    cv2.imwrite(str(out / "parts/boxes-0.png"), np.where(mask == 1, 130, 0).astype(np.uint8))
    edited(path, lambda record: record.update(maps={"parts": "parts/boxes-0.png"}))
    edited(path, lambda record: record["objects"][0].update(damaged_px=int((mask == 1).sum())))
    assert "wrong_damage" not in {fault.name for _, fault in frame_checks.round_checks(out)}
    edited(path, lambda record: record["objects"][0].update(damaged_px=1))
    assert [fault.name for _, fault in frame_checks.round_checks(out) if fault.instance] == ["wrong_damage"]


def test_a_changed_or_missing_picture_is_told(out):
    cv2.imwrite(str(out / "images/boxes-0-l00k.jpg"), np.zeros((96, 160, 3), np.uint8))
    assert [fault.name for _, fault in frame_checks.round_checks(out)] == ["changed_picture", "black"]
    assert frame_checks.round_checks(out, pictures=False) == []
    (out / "images/boxes-0-l00k.jpg").write_bytes(b"")
    assert [fault.name for _, fault in frame_checks.round_checks(out)] == ["empty"]


COCO_FAULTS = [
    (lambda d: d["annotations"][0].update(area=3), "wrong_area"),
    (lambda d: d["annotations"][0]["bbox"].__setitem__(2, 1), "box_not_tight"),
    (lambda d: d["annotations"][0].update(category_id=99), "unknown_class"),
    (lambda d: d["annotations"][0].update(image_id=5), "broken_coco"),
    (lambda d: d["annotations"].append(d["annotations"][0]), "broken_coco"),
    (lambda d: d["annotations"][0].pop("segmentation"), "broken_coco"),
    (lambda d: d["annotations"][0]["segmentation"].update(size=[160, 96]), "broken_coco"),
    (lambda d: d.pop("images"), "broken_coco"),
]


@pytest.mark.parametrize(("change", "name"), COCO_FAULTS)
def test_an_invalid_coco_annotation_is_found_by_the_reference_reader(out, change, name):
    document = json.loads((out / "annotations.json").read_text())
    assert list(coco_faults(document)) == []
    assert len(document["annotations"]) == 4
    change(document)
    assert name in {fault.name for _, fault in coco_faults(document)}


def test_view_checks_hand_back_the_faults_of_a_bundle(scene):
    height, width = scene.ids.shape
    light = np.ones((height, width, 3), np.float32)
    bundle = Radiance(layers={"sky": light}, albedo=light, normal=light, depth_m=scene.depth_m, ids=scene.ids)
    assert frame_checks.view_checks(scene.labels, bundle, scene.meshes, scene.view) == []
    lose_an_object(scene)
    faults = frame_checks.view_checks(scene.labels, bundle, scene.meshes, scene.view)
    assert [fault.name for fault in faults] == ["lost_instance", "id_without_object"]
