"""Varieties of frames: labels measured again, a stated drop rule, and a record from which they can be made again."""

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import albumentations as alb
import numpy as np
import pytest
from fake_round import HEIGHT, WIDTH, backdrop, edit, write_round
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blend import pipeline, synthetic
from blend.augment import AugmentSettings, drawn, fits, vary
from blend.picture import decode_mask, decode_rgb
from blend.relabel import UNKNOWN, boxes, instance_ids, joints_of
from blend.variety import MIRRORED, apply, record, replay
from scenes.errors import InputError

NO_IDS = np.zeros((HEIGHT, WIDTH), np.uint16)
DOING = [name for name in pipeline.names() if name != "none"]
ROOT = Path(__file__).parents[1]
JOINTS = [value for place in range(17) for value in (20.0 + 2 * place, 45.0 + (place % 4), 2)]


@pytest.fixture(scope="module")
def frame(tmp_path_factory):
    out = write_round(tmp_path_factory.mktemp("round"), scenes=1, looks=1)
    edit(out / "annotations.json", lambda told: told["annotations"][0].update(keypoints=JOINTS, num_keypoints=17))
    return synthetic.read(out)[0][0]


def colour_coded(ids):
    """Paint each id in a colour that no filter makes into another's."""
    return np.stack([np.where(ids == n, 255, 0) for n in (1, 2, 3)], axis=-1).astype(np.uint8)


def two_ids():
    ids = NO_IDS.copy()
    ids[20:60, 30:70], ids[40:90, 90:130] = 1, 2
    return ids


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"pipeline": "wild"}, r"augment\.pipeline: must be one of camera, .*, none, weather; got wild"),
        ({"probability": 1.3}, r"augment\.probability: must lie in \[0, 1\]"),
        ({"min_area_px": 0}, r"augment\.min_area_px"),
        ({"jpeg_quality": 0}, r"augment\.jpeg_quality"),
        ({"pasted_most": -1}, r"augment\.pasted_most"),
        ({"file": "nowhere.yaml"}, r"augment\.file: must be a JSON or YAML file that can be read"),
    ],
)
def test_settings_that_break_a_rule_are_refused_by_key(settings, line):
    with pytest.raises(InputError, match=line):
        AugmentSettings(**settings)


def test_no_pipeline_changes_nothing():
    variety = apply(backdrop(1), NO_IDS, pipeline=pipeline.named("none"), seed=3)
    assert (variety.applied, variety.rgb.tobytes()) == ([], backdrop(1).tobytes())


@pytest.mark.parametrize("name", DOING)
def test_a_record_replays_to_the_same_bytes_whatever_happened_between(name):
    steps, ids = pipeline.named(name), two_ids()
    joints = np.array(JOINTS).reshape(1, 17, 3)
    for seed in range(8):
        first = apply(backdrop(1), ids, joints, pipeline=steps, seed=seed)
        told = json.loads(json.dumps(record(steps, seed, first)))
        np.random.random()  # noqa: NPY002 - a stranger who draws from the global state
        apply(backdrop(2), ids, pipeline=steps, seed=seed + 99)
        again = replay(told, backdrop(1), ids, joints)
        assert first.rgb.tobytes() == again.rgb.tobytes()
        assert first.ids.tobytes() == again.ids.tobytes()
        assert first.joints.tobytes() == again.joints.tobytes()
        assert told["applied"] == json.loads(json.dumps(again.applied))


REPLAYS = """
import hashlib, json, sys
import numpy as np
from blend.variety import replay
from fake_round import backdrop
digest = hashlib.sha256()
for told in json.load(sys.stdin):
    made = replay(told, backdrop(1), np.zeros((96, 160), np.uint16))
    digest.update(made.rgb.tobytes())
print(digest.hexdigest())
"""


def test_another_process_replays_every_pipeline_to_the_same_bytes():
    digest, records = hashlib.sha256(), []
    for name in DOING:
        made = apply(backdrop(1), NO_IDS, pipeline=pipeline.named(name), seed=77)
        records.append(record(pipeline.named(name), 77, made))
        digest.update(made.rgb.tobytes())
    done = subprocess.run(
        [sys.executable, "-c", REPLAYS],
        input=json.dumps(records),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT / "tests",
    )
    assert done.stdout.strip() == digest.hexdigest()


def test_a_record_of_another_version_or_with_changed_transforms_is_not_replayed():
    steps = pipeline.named("light")
    told = record(steps, 1, apply(backdrop(1), NO_IDS, pipeline=steps, seed=1))
    with pytest.raises(InputError, match=r"version that made it; got .*; install albumentations==1\.0"):
        replay(told | {"albumentations": "1.0"}, backdrop(1), NO_IDS)
    other = json.loads(pipeline.named("heavy").text)
    with pytest.raises(InputError, match=r"light: must have the hash of its transforms"):
        replay(told | {"transform": other}, backdrop(1), NO_IDS)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**63 - 1), name=st.sampled_from(["light", "heavy", "copy_paste", "camera"]))
def test_masks_stay_on_the_pixels_of_their_objects(seed, name):
    variety = apply(colour_coded(two_ids()), two_ids(), pipeline=pipeline.named(name), seed=seed)
    assert variety.rgb.shape == (HEIGHT, WIDTH, 3)
    assert set(np.unique(variety.ids)) <= {0, 1, 2}
    if any(step["name"] == "ToGray" for step in variety.applied):
        return
    brightest = variety.rgb.astype(int).argmax(axis=-1) + 1
    for place in (1, 2):
        inside = variety.ids == place
        assert inside.sum() < 50 or (brightest[inside] == place).mean() > 0.85


@settings(max_examples=80)
@given(seed=st.integers(0, 2**63 - 1), name=st.sampled_from(DOING))
def test_boxes_and_masks_are_those_of_each_mask_transformed_alone_within_a_pixel(seed, name):
    steps, ids = pipeline.named(name), two_ids()
    together = apply(backdrop(3), ids, pipeline=steps, seed=seed)
    tight, areas = boxes(together.ids, 2)
    for place in (1, 2):
        alone = apply(backdrop(3), (ids == place).astype(np.uint16), pipeline=steps, seed=seed).ids > 0
        assert areas[place - 1] == alone.sum()
        if not alone.any():
            assert tight[place - 1] is None
            continue
        rows, columns = np.flatnonzero(alone.any(axis=1)), np.flatnonzero(alone.any(axis=0))
        x, y, w, h = tight[place - 1]
        truth = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
        assert np.abs(np.subtract((x, y, x + w, y + h), truth)).max() <= 1


@settings(max_examples=60)
@given(seed=st.integers(0, 2**63 - 1), name=st.sampled_from(DOING))
def test_joints_go_where_their_pixels_go_and_change_sides_with_a_mirror(seed, name):
    spots = [(30 + 6 * place, 24 + 11 * (place % 5)) for place in range(17)]
    ids = NO_IDS.copy()
    for place, (x, y) in enumerate(spots, 1):
        ids[y - 1 : y + 2, x - 1 : x + 2] = place
    joints = np.array([[(x + 0.5, y + 0.5, 2) for x, y in spots]])
    variety = apply(backdrop(3), ids, joints, pipeline=pipeline.named(name), seed=seed)
    flipped = sum(step["name"] == "HorizontalFlip" for step in variety.applied) % 2 == 1
    assert variety.mirrored == flipped
    for place in range(17):
        rows, columns = np.nonzero(variety.ids == place + 1)
        inside = len(rows) and min(rows.min(), columns.min()) > 0 and rows.max() < HEIGHT - 1
        if not inside or columns.max() == WIDTH - 1 or any(s["name"] == "CoarseDropout" for s in variety.applied):
            continue
        x, y, visibility = variety.joints[0, MIRRORED[place] if flipped else place]
        off = max(abs(x - columns.mean() - 0.5), abs(y - rows.mean() - 0.5))
        assert off < (1.6 if name == "camera" else 0.8)  # up to three geometries, each rounds a mask to whole pixels
        assert visibility == 2


@pytest.mark.parametrize("width_height", [(WIDTH, HEIGHT), (320, 180)])
@pytest.mark.parametrize("name", ["light", "copy_paste", "night", "weather", "camera"])
def test_geometry_invents_no_pixels_at_the_border(name, width_height):
    width, height = width_height
    white = np.full((height, width, 3), 255, np.uint8)
    ids = np.ones((height, width), np.uint16)
    for seed in range(40):
        assert apply(white, ids, pipeline=pipeline.named(name), seed=seed).ids.min() == 1


def test_transforms_are_drawn_apart_and_not_all_or_none():
    steps = pipeline.named("light")
    names = [
        [step["name"] for step in apply(backdrop(1), NO_IDS, pipeline=steps, seed=seed).applied] for seed in range(150)
    ]
    assert sum(not drawn_names for drawn_names in names) < 15
    flipped = [drawn_names for drawn_names in names if "HorizontalFlip" in drawn_names]
    assert len(flipped) == pytest.approx(75, abs=25)
    assert sum("Affine" in drawn_names for drawn_names in flipped) / len(flipped) == pytest.approx(0.5, abs=0.2)


def test_a_variety_has_tight_boxes_mask_areas_and_its_parent(frame, tmp_path):
    for seed in range(10):
        variety = vary(frame, tmp_path, AugmentSettings(pipeline="heavy"), seed=seed)
        assert variety.parents == (frame.name,)
        assert variety.group == frame.group
        assert variety.sha256 == hashlib.sha256(variety.path.read_bytes()).hexdigest()
        assert len(variety.augment["dropped"]) == 2 - len(variety.annotations)
        for box in variety.annotations:
            mask = decode_mask(box.rle)
            x, y, w, h = map(int, box.xywh)
            assert mask.sum() == box.area_px == mask[y : y + h, x : x + w].sum()
            assert mask[y].any()
            assert mask[:, x + w - 1].any()
            assert box.facts["occlusion"] == 0.0
            assert box.facts["distance_m"] is None
        assert "mask" not in variety.facts


def test_facts_that_do_not_survive_are_null_and_joints_are_told_as_coco_has_them(frame, tmp_path):
    solid = {"box3d_camera": {"center_m": [1, 2, 3]}, "velocity_mps": [1.0, 0.0, 0.0], "amodal_xyxy": [0, 0, 1, 1]}
    boxes_3d = tuple(replace(box, facts=box.facts | solid) for box in frame.annotations)
    lost = 0
    for seed in range(30):
        variety = vary(replace(frame, annotations=boxes_3d), tmp_path, AugmentSettings(pipeline="heavy"), seed=seed)
        for box in variety.annotations:
            assert all(box.facts[key] is None for key in UNKNOWN if key in box.facts)
            if "keypoints" not in box.facts:
                continue
            rows = np.array(box.facts["keypoints"]).reshape(17, 3)
            assert box.facts["num_keypoints"] == (rows[:, 2] > 0).sum()
            assert (rows[rows[:, 2] == 0] == 0).all()
            mask = decode_mask(box.rle)
            for x, y in rows[rows[:, 2] == 2][:, :2].astype(int):
                assert mask[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2].any()
            lost += (rows[:, 2] < 2).any()
    assert lost


def test_a_recorded_variety_can_be_made_again_from_its_record(frame, tmp_path):
    variety = vary(frame, tmp_path, AugmentSettings(pipeline="light"), seed=11)
    told = json.loads(json.dumps(variety.augment))
    replayed = replay(told, decode_rgb(frame.path), instance_ids(frame), joints_of(frame.annotations))
    assert json.loads(json.dumps(replayed.applied)) == told["applied"]
    again = vary(frame, tmp_path / ".." / tmp_path.name, AugmentSettings(pipeline="light"), seed=11)
    assert again.sha256 == variety.sha256


def test_a_pipeline_of_ones_own_may_change_the_size_and_is_recorded_by_its_hash(frame, tmp_path):
    path = tmp_path / "mine.json"
    alb.save(alb.Compose([alb.HorizontalFlip(p=1.0), alb.CenterCrop(64, 128, p=1.0)]), path)
    variety = vary(frame, tmp_path, AugmentSettings(file=str(path)), seed=1)
    assert (variety.width, variety.height) == (128, 64)
    assert decode_rgb(variety.path).shape == (64, 128, 3)
    assert (variety.augment["pipeline"], variety.augment["sha256"]) == ("mine", pipeline.read(path).sha256)
    assert all(tuple(box.rle["size"]) == (64, 128) for box in variety.annotations)


def test_objects_that_hardly_show_are_dropped_with_the_reason(frame, tmp_path):
    strict = AugmentSettings(pipeline="light", min_area_px=500, min_visible_share=0.0)
    variety = vary(frame, tmp_path, strict, seed=1)
    assert all(box.area_px >= 500 for box in variety.annotations)
    everything = vary(frame, tmp_path, AugmentSettings(pipeline="light", min_area_px=10**6), seed=1)
    assert everything.annotations == ()
    assert [one["key"] for one in everything.augment["dropped"]] == ["1", "2"]
    assert everything.augment["dropped"][0]["why"].endswith("px of it are left, fewer than 1000000")


def test_the_draw_follows_the_probability_and_the_name_only():
    names = [f"frame{number}" for number in range(400)]
    half = AugmentSettings(probability=0.5)
    assert sum(drawn(name, half, seed=1) for name in names) == pytest.approx(200, abs=40)
    assert all(drawn(name, AugmentSettings(probability=1.0), seed=1) for name in names)
    assert not any(drawn(name, AugmentSettings(pipeline="none", probability=1.0), seed=1) for name in names)


def test_frames_whose_light_a_pipeline_does_not_fit_get_no_variety(frame):
    assert fits(frame, AugmentSettings())
    assert not fits(frame, AugmentSettings(not_for=("night",)))
    assert not fits(frame, AugmentSettings(not_for=("look0",)))
    assert fits(frame, AugmentSettings(not_for=("day", "look1")))
