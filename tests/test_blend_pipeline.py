"""Pipelines as files: Albumentations' own serialisation in, one line for whatever is wrong in it."""

import json
import pickle

import albumentations as alb
import numpy as np
import pytest
import yaml
from fake_round import HEIGHT, WIDTH, backdrop

from blend import pipeline
from blend.lens import Lens
from blend.variety import apply
from scenes.errors import InputError
from scenes.settings import compose

IDS = np.zeros((HEIGHT, WIDTH), np.uint16)


def text_of(*transforms):
    return json.dumps({"transform": {"__class_fullname__": "Compose", "p": 1.0, "transforms": list(transforms)}})


def one(name, **values):
    return {"__class_fullname__": name, **values}


def read(text):
    return pipeline.parsed(text, name="mine", where="mine.yaml")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", r"mine\.yaml: must hold a Compose under 'transform'"),
        ("{", r"mine\.yaml: must be JSON or YAML"),
        ("[1, 2]", r"must hold a Compose"),
        (json.dumps({"transform": one("HorizontalFlip", p=1.0)}), r"must hold a Compose"),
        (json.dumps({"transform": one("Compose")}), r"transform \(Compose\) must hold a list of transforms"),
        (text_of(3), r"transform\.0 must be a mapping with __class_fullname__"),
        (text_of(one("HorizontalFlop")), r"must be a transform of albumentations .*; did you mean HorizontalFlip\?"),
        (text_of(one("os.system")), r"transform\.0 must be a transform"),
        (text_of(one("Compose", transforms=[])), r"transform\.0 must be a transform"),
        (text_of(one("HorizontalFlip", p=1.5)), r"transform\.0\.p \(HorizontalFlip\) must lie in \[0, 1\]; got 1\.5"),
        (text_of(one("HorizontalFlip", p="often")), r"transform\.0\.p"),
        (
            text_of(one("HorizontalFlip", q=1)),
            r"transform\.0 \(HorizontalFlip\) must have parameters that it takes; got it has no q",
        ),
        (text_of(one("GaussianBlur", blur_limit="x")), r"transform\.0 \(GaussianBlur\) .*blur_limit"),
        (text_of(one("Haze", density_range=[0.5, 0.1])), r"transform\.0 \(Haze\) .*the lesser first"),
        (text_of(one("OneOf", p=1.0)), r"transform\.0 \(OneOf\) must hold a list"),
        (text_of(one("OneOf", p=1.0, transforms=[one("Blur", p=2)])), r"transform\.0\.0\.p \(Blur\)"),
        (text_of(*[one("NoOp")] * 250), r"must have at most 200 transforms; got 251"),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused_in_one_line_with_the_place(text, line):
    with pytest.raises(InputError, match=line) as told:
        read(text)
    assert "\n" not in str(told.value)


def test_a_transform_that_nests_without_end_is_refused():
    inner = one("NoOp")
    for _ in range(12):
        inner = one("Sequential", p=1.0, transforms=[inner])
    with pytest.raises(InputError, match="must nest at most 8 deep"):
        read(text_of(inner))


def test_a_pickle_a_folder_and_a_huge_file_are_refused(tmp_path):
    (tmp_path / "steps.pkl").write_bytes(pickle.dumps({"transform": 1}))
    (tmp_path / "huge.yaml").write_text("#" * (pipeline.MOST_BYTES + 1))
    for name, line in (("steps.pkl", "JSON or YAML"), (".", "can be read"), ("huge.yaml", "at most 1000000 bytes")):
        with pytest.raises(InputError, match=line):
            pipeline.read(tmp_path / name)


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_what_albumentations_saves_is_read_and_does_the_same(tmp_path, suffix):
    steps = [
        alb.HorizontalFlip(p=0.5),
        alb.Affine(scale=(1.1, 1.4), rotate=(-3, 3), p=0.7),
        alb.OneOf([alb.MotionBlur(), alb.Defocus(radius=(1, 3))], p=0.5),
        alb.SomeOf([alb.RandomGamma(), alb.ImageCompression(quality_range=(40, 90))], n=1),
        Lens(distort_limit=(-0.1, -0.05), p=0.5),
    ]
    path = tmp_path / f"mine.{suffix}"
    alb.save(alb.Compose(steps), path, data_format=suffix)
    ours = pipeline.read(path)
    again = pipeline.parsed(yaml.safe_dump({"transform": json.loads(ours.text)}), name="mine", where="again")
    assert again == ours
    compact = pipeline.Pipeline(name="mine", text=ours.text)
    for seed in range(5):
        first, second = (apply(backdrop(1), IDS, pipeline=one, seed=seed) for one in (ours, compact))
        assert first.rgb.tobytes() == second.rgb.tobytes()


def test_layout_and_comments_do_not_change_the_hash_and_a_parameter_does():
    told = text_of(one("HorizontalFlip", p=0.5))
    assert read(told).sha256 == read("# a comment\n" + yaml.safe_dump(json.loads(told))).sha256
    assert read(told).sha256 != read(text_of(one("HorizontalFlip", p=0.6))).sha256


def test_there_is_a_settings_file_for_every_pipeline_and_it_names_it():
    assert pipeline.names() == ["camera", "copy_paste", "heavy", "light", "night", "none", "weather"]
    for name in pipeline.names():
        assert compose("blend", (f"augment={name}",))["augment"]["pipeline"] == name
