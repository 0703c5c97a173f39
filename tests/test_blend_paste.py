"""Objects pasted from other frames: where a camera would see them, in the right order, with labels that are right."""

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
from fake_round import backdrop, save

from blend.augment import AugmentSettings, vary
from blend.ground import camera_of, semantic_of
from blend.paste import SCALES, offers, paste, unpasted
from blend.picture import Annotation, Picture, decode_mask, decode_rgb, encode_mask, sha256_of, tight_xywh
from blend.relabel import DropRule, instance_ids
from scenes.ontology import STUFF

WIDTH, HEIGHT, FOCAL_PX, CAMERA_M = 320, 192, 300.0, 1.4
RULE = DropRule(min_visible_share=0.25, min_area_px=16)
WHOLE = {"occlusion": 0.0, "truncation": 0.0, "crash": None, "iscrowd": 0, "distance_m": 9.0}
SEEDS = range(12)


def frame_of(out, name, boxes, *, ground="road", pose_m=CAMERA_M, scene=None, **facts):
    """Write a picture, its camera and its semantic map; boxes are (category, xywh, facts)."""
    rgb = backdrop(sum(map(ord, name)), WIDTH, HEIGHT)
    annotations = []
    for number, (category, (x, y, w, h), told) in enumerate(boxes, 1):
        mask = np.zeros((HEIGHT, WIDTH), bool)
        mask[y : y + h, x : x + w] = True
        rgb[mask] = (250 - 10 * number, 20, 20)
        annotations.append(
            Annotation(
                category=category, xywh=tight_xywh(mask), area_px=float(mask.sum()), key=str(number),
                rle=encode_mask(mask), facts={"instance": number, **WHOLE, **told},
            )
        )  # fmt: skip
    save(out / "images" / f"{name}.png", rgb)
    (out / "frames").mkdir(exist_ok=True)
    (out / "semantic").mkdir(exist_ok=True)
    turned = [[0, -1, 0, 0], [0, 0, -1, pose_m], [1, 0, 0, 0], [0, 0, 0, 1]]
    matrix = [[FOCAL_PX, 0, WIDTH / 2 - 0.5], [0, FOCAL_PX, HEIGHT / 2 - 0.5], [0, 0, 1]]
    (out / "frames" / f"{name}.json").write_text(json.dumps({"camera": {"K": matrix, "world_to_camera": turned}}))
    shown = np.full((HEIGHT, WIDTH), STUFF["sky"], np.uint8)
    shown[HEIGHT // 2 :] = STUFF[ground]
    cv2.imwrite(str(out / "semantic" / f"{name}.png"), shown)
    path = out / "images" / f"{name}.png"
    told = {"mask": f"masks/{name}.png", "lighting": "day", "look_name": "overcast", **facts}
    return Picture(
        name=name, path=path, source="synthetic", group=f"scene/{scene or name}", width=WIDTH, height=HEIGHT,
        sha256=sha256_of(path), annotations=tuple(annotations), facts=told,
    )  # fmt: skip


CAR = ("car", (140, 118, 44, 30), {})


def pasted_into(host, donors, seed, most=3):
    return paste(
        unpasted(decode_rgb(host.path), instance_ids(host), host), offers(donors), most=most, rule=RULE, seed=seed
    )


def all_into(host, donors):
    return [pasted_into(host, donors, seed) for seed in SEEDS]


def test_without_donors_nothing_is_pasted_and_the_record_says_why(tmp_path):
    host = frame_of(tmp_path, "host", [])
    done = pasted_into(host, [host], 1)
    assert (done.pasted, done.annotations) == ([], ())
    assert done.refused == {"no whole object under the same look": 1}


def test_the_camera_of_level_ground_is_read_right(tmp_path):
    camera = camera_of(frame_of(tmp_path, "host", []))
    assert camera.height_m == CAMERA_M
    assert camera.depth_m(WIDTH / 2, HEIGHT / 2 + 42.0) == pytest.approx(10.0)
    assert camera.row(WIDTH / 2, 10.0) == pytest.approx(HEIGHT / 2 + 42.0)
    assert camera.depth_m(WIDTH / 2, 10.0) == np.inf
    assert camera.column(camera.aside_rad(77.0)) == pytest.approx(77.0)


def test_a_frame_without_record_or_map_has_no_ground(tmp_path):
    host = frame_of(tmp_path, "host", [])
    (tmp_path / "frames" / "lost.json").write_text("{}")
    assert camera_of(replace(host, name="lost")) is None
    assert camera_of(replace(host, name="nowhere")) is None
    assert semantic_of(replace(host, facts={})) is None
    assert semantic_of(replace(host, width=7)) is None


def test_an_object_stands_where_its_size_belongs_and_keeps_its_pixels(tmp_path):
    host, donor = frame_of(tmp_path, "host", []), frame_of(tmp_path, "donor", [CAR])
    done = [one for one in all_into(host, [donor]) if one.pasted]
    assert len(done) >= 6
    for one in done:
        [box], [told] = one.annotations, one.pasted
        mask = decode_mask(box.rle)
        assert mask.tobytes() == (one.ids == 1).tobytes()
        assert box.xywh == tight_xywh(mask)
        assert SCALES[0] <= told["scale"] <= SCALES[1]
        foot, before = box.xywh[1] + box.xywh[3], CAR[1][1] + CAR[1][3]
        assert foot - HEIGHT / 2 == pytest.approx(told["scale"] * (before - HEIGHT / 2), abs=1.0)
        assert box.xywh[3] == pytest.approx(told["scale"] * CAR[1][3], abs=1.0)
        middle = cv2.erode(mask.astype(np.uint8), np.ones((5, 5))).astype(bool)
        assert (np.abs(one.rgb[middle].astype(int) - (240, 20, 20)) <= 2).all()
        assert (box.facts["instance"], box.facts["pasted"], box.facts["distance_m"]) == (1, True, None)
        assert (told["frame"], told["key"], told["as"]) == ("donor", "1", box.key)


def test_a_seed_pastes_the_same_bytes(tmp_path):
    host, donor = frame_of(tmp_path, "host", [CAR]), frame_of(tmp_path, "donor", [CAR, ("bus", (20, 100, 60, 60), {})])
    first, again = all_into(host, [donor]), all_into(host, [donor])
    assert [one.rgb.tobytes() for one in first] == [one.rgb.tobytes() for one in again]
    assert len({one.rgb.tobytes() for one in first}) > 3


@pytest.mark.parametrize(
    "told",
    [
        {"occlusion": 0.3}, {"occlusion": None}, {"truncation": 0.1}, {"crash": {"phase": "after"}}, {"carried": True},
        {"iscrowd": 1},
    ],
)  # fmt: skip
def test_what_is_not_whole_is_not_taken(tmp_path, told):
    host, donor = frame_of(tmp_path, "host", []), frame_of(tmp_path, "donor", [(*CAR[:2], told)])
    assert not any(one.pasted for one in all_into(host, [donor]))


@pytest.mark.parametrize("facts", [{"lighting": "night"}, {"look_name": "clear_day"}])
def test_nothing_comes_from_another_light_or_from_the_same_scene(tmp_path, facts):
    host = frame_of(tmp_path, "host", [])
    other = frame_of(tmp_path, "donor", [CAR], **facts)
    same = frame_of(tmp_path, "view", [CAR], scene="host")
    assert not any(one.pasted for one in all_into(host, [other, same]))


def test_a_two_wheeler_and_what_touches_another_are_left_where_they_are(tmp_path):
    host = frame_of(tmp_path, "host", [])
    boxes = [("motorcycle", (40, 118, 30, 30), {}), CAR, ("person", (184, 110, 12, 38), {})]
    done = all_into(host, [frame_of(tmp_path, "donor", boxes)])
    assert not any(one.pasted for one in done)
    assert {why for one in done for why in one.refused} == {"it touches another object"}


@pytest.mark.parametrize(
    ("ground", "pose_m", "why"),
    [
        ("terrain", CAMERA_M, "it would not stand on the road"),
        ("road", 4.5, "it would be seen from another height"),
    ],
)
def test_an_absurd_place_is_refused_with_the_reason(tmp_path, ground, pose_m, why):
    host = frame_of(tmp_path, "host", [], ground=ground, pose_m=pose_m)
    done = all_into(host, [frame_of(tmp_path, "donor", [CAR])])
    assert not any(one.pasted for one in done)
    assert all(why in one.refused for one in done)


def test_what_is_covered_stands_higher_and_is_measured_again(tmp_path):
    behind = ("bus", (40, 90, 240, 30), {"occlusion": 0.2})
    host, donor = frame_of(tmp_path, "host", [behind]), frame_of(tmp_path, "donor", [CAR])
    over = [one for one in all_into(host, [donor]) if one.pasted and one.annotations[0].area_px < 240 * 30]
    assert over
    for one in over:
        bus, car = one.annotations
        assert bus.area_px == decode_mask(bus.rle).sum() == (one.ids == 1).sum()
        assert 1 - bus.facts["occlusion"] == pytest.approx(0.8 * bus.area_px / (240 * 30), abs=1e-4)
        assert car.xywh[1] + car.xywh[3] > bus.xywh[1] + bus.xywh[3]
        assert car.facts["instance"] == 2


def test_nothing_covers_what_stands_nearer(tmp_path):
    wall = ("bus", (0, 60, WIDTH, 130), {})
    host, donor = frame_of(tmp_path, "host", [wall]), frame_of(tmp_path, "donor", [CAR])
    done = all_into(host, [donor])
    assert not any(one.pasted for one in done)
    assert all("it would cover what stands nearer" in one.refused for one in done)


def test_joints_come_along(tmp_path):
    joints = [value for place in range(17) for value in (150.0 + place, 110.0 + place, 2 if place else 0)]
    person = ("person", (146, 106, 22, 42), {"keypoints": joints, "num_keypoints": 16})
    host, donor = frame_of(tmp_path, "host", []), frame_of(tmp_path, "donor", [person])
    done = [one for one in all_into(host, [donor]) if one.pasted]
    assert done
    for one in done:
        rows = np.array(one.annotations[0].facts["keypoints"]).reshape(17, 3)
        x, y, _, _ = one.annotations[0].xywh
        assert rows[0].tolist() == [0, 0, 0]
        assert rows[5, 0] - x == pytest.approx((155 - 146) * one.pasted[0]["scale"], abs=0.6)
        assert rows[5, 1] - y == pytest.approx((115 - 106) * one.pasted[0]["scale"], abs=0.6)


def test_a_variety_with_pasted_objects_names_both_parents_and_what_was_refused(tmp_path):
    host, donor = frame_of(tmp_path, "host", [CAR]), frame_of(tmp_path, "donor", [CAR])
    told = AugmentSettings(pipeline="copy_paste", pasted_most=2)
    made = [vary(host, tmp_path, told, seed=seed, donors=offers([host, donor])) for seed in SEEDS]
    pasted = [variety for variety in made if variety.augment["pasted"]]
    assert pasted
    for variety in pasted:
        assert variety.parents == ("host", "donor")
        assert variety.group == host.group
        keys = [box.key for box in variety.annotations] + [one["key"] for one in variety.augment["dropped"]]
        assert len(set(keys)) == len(keys) == 2
        json.dumps(variety.augment, allow_nan=False)
    assert all(variety.parents == ("host",) for variety in made if not variety.augment["pasted"])
