"""Varieties: replayable to the byte, and labels that stay on their objects."""

import hashlib
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blend import synthetic
from blend.augment import PIPELINES, AugmentSettings, apply, drawn, instance_ids, vary
from blend.picture import decode_mask, decode_rgb
from scenes.errors import InputError
from tests.fake_round import HEIGHT, WIDTH, backdrop, write_round

NO_IDS = np.zeros((HEIGHT, WIDTH), np.uint16)


@pytest.fixture(scope="module")
def frame(tmp_path_factory):
    return synthetic.read(write_round(tmp_path_factory.mktemp("round"), scenes=1, looks=1))[0][0]


def colour_coded(ids):
    """Paint each id in a colour that no filter makes into another's."""
    return np.stack([np.where(ids == n, 255, 0) for n in (1, 2, 3)], axis=-1).astype(np.uint8)


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"pipeline": "wild"}, r"augment\.pipeline: must be one of none, light, heavy; got wild"),
        ({"probability": 1.3}, r"augment\.probability: must lie in \[0, 1\]"),
        ({"min_area_px": 0}, r"augment\.min_area_px"),
        ({"jpeg_quality": 0}, r"augment\.jpeg_quality"),
    ],
)
def test_settings_that_break_a_rule_are_refused_by_key(settings, line):
    with pytest.raises(InputError, match=line):
        AugmentSettings(**settings)


def test_no_pipeline_changes_nothing():
    variety = apply(backdrop(1), NO_IDS, pipeline="none", seed=3)
    assert (variety.applied, variety.rgb.tobytes()) == ([], backdrop(1).tobytes())


@pytest.mark.parametrize("pipeline", ["light", "heavy"])
def test_a_seed_replays_to_the_same_bytes_whatever_happened_between(pipeline):
    for seed in range(12):
        first = apply(backdrop(1), NO_IDS, pipeline=pipeline, seed=seed)
        np.random.random()  # noqa: NPY002 - a stranger who draws from the global state
        apply(backdrop(2), NO_IDS, pipeline=pipeline, seed=seed + 99)
        again = apply(backdrop(1), NO_IDS, pipeline=pipeline, seed=seed)
        assert first.rgb.tobytes() == again.rgb.tobytes()
        assert json.dumps(first.applied) == json.dumps(again.applied)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**63 - 1), pipeline=st.sampled_from(sorted(PIPELINES)))
def test_masks_stay_on_the_pixels_of_their_objects(seed, pipeline):
    ids = NO_IDS.copy()
    ids[20:60, 30:70], ids[40:90, 90:130] = 1, 2
    variety = apply(colour_coded(ids), ids, pipeline=pipeline, seed=seed)
    assert variety.rgb.shape == (HEIGHT, WIDTH, 3)
    assert set(np.unique(variety.ids)) <= {0, 1, 2}
    if any(step["name"] == "ToGray" for step in variety.applied):
        return
    brightest = variety.rgb.astype(int).argmax(axis=-1) + 1
    for place in (1, 2):
        inside = variety.ids == place
        assert inside.sum() < 50 or (brightest[inside] == place).mean() > 0.85


@pytest.mark.parametrize("width_height", [(WIDTH, HEIGHT), (320, 180)])
def test_the_light_pipeline_invents_no_pixels_at_the_border(width_height):
    width, height = width_height
    white = np.full((height, width, 3), 255, np.uint8)
    ids = np.ones((height, width), np.uint16)
    for seed in range(60):
        assert apply(white, ids, pipeline="light", seed=seed).ids.min() == 1


def test_transforms_are_drawn_apart_and_not_all_or_none():
    names = [
        [step["name"] for step in apply(backdrop(1), NO_IDS, pipeline="light", seed=s).applied] for s in range(150)
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
        assert variety.augment["dropped"] == 2 - len(variety.annotations)
        for box in variety.annotations:
            mask = decode_mask(box.rle)
            x, y, w, h = map(int, box.xywh)
            assert mask.sum() == box.area_px == mask[y : y + h, x : x + w].sum()
            assert mask[y].any()
            assert mask[:, x + w - 1].any()
            assert box.facts["occlusion"] == 0.0
            assert box.facts["distance_m"] is None
        assert "mask" not in variety.facts


def test_a_recorded_variety_can_be_made_again_from_its_record(frame, tmp_path):
    variety = vary(frame, tmp_path, AugmentSettings(pipeline="light"), seed=11)
    record = json.loads(json.dumps(variety.augment))
    replayed = apply(decode_rgb(frame.path), instance_ids(frame), pipeline=record["pipeline"], seed=record["seed"])
    assert replayed.applied == record["applied"]
    again = vary(frame, tmp_path / ".." / tmp_path.name, AugmentSettings(pipeline="light"), seed=11)
    assert again.sha256 == variety.sha256


def test_objects_that_hardly_show_are_dropped_and_counted(frame, tmp_path):
    strict = AugmentSettings(pipeline="light", min_area_px=500, min_visible_share=0.0)
    variety = vary(frame, tmp_path, strict, seed=1)
    assert all(box.area_px >= 500 for box in variety.annotations)
    everything = vary(frame, tmp_path, AugmentSettings(pipeline="light", min_area_px=10**6), seed=1)
    assert (everything.annotations, everything.augment["dropped"]) == ((), 2)


def test_the_draw_follows_the_probability_and_the_name_only():
    names = [f"frame{number}" for number in range(400)]
    half = AugmentSettings(probability=0.5)
    assert sum(drawn(name, half, seed=1) for name in names) == pytest.approx(200, abs=40)
    assert all(drawn(name, AugmentSettings(probability=1.0), seed=1) for name in names)
    assert not any(drawn(name, AugmentSettings(pipeline="none", probability=1.0), seed=1) for name in names)
