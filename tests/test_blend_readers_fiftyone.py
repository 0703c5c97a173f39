"""Sets that FiftyOne's own exporters wrote, and its datasets by name, read back: boxes and masks as they were."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fake_round import masks_of

from blend.picture import decode_mask
from blend.real import RealSettings, read
from eval.review.database import NO_JOURNAL_SETTING, database
from eval.review.mongod import MONGOD_SETTING, find_mongod
from scenes.errors import InputError, RareblendError

HERE = Path(__file__).parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A folder of one dataset in all formats, while the database that holds it runs."""
    try:
        mongod = find_mongod()
    except RareblendError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("exported")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(NO_JOURNAL_SETTING, "1")
        patch.setenv(MONGOD_SETTING, str(mongod))
        patch.setenv("PYTHONPATH", str(HERE.parent))
        with database(folder / "cache"):
            subprocess.run([sys.executable, HERE / "fiftyone_writer.py", folder], check=True, env=os.environ)
            yield folder


def settings_of(kind, folder):
    paths = {
        "coco": {"images": "data", "annotations": "labels.json"},
        "bdd100k": {"images": "data", "annotations": "labels.json"},
        "cvat": {"images": "data", "annotations": "labels.xml"},
        "voc": {"images": "data", "annotations": "labels"},
        "kitti": {"images": "data", "labels": "labels"},
        "yolo": {"images": "images", "labels": "labels", "classes": "dataset.yaml"},
    }[kind]
    return RealSettings(kind=kind, rename={"tram": "bus"}, **{key: str(folder / path) for key, path in paths.items()})


@pytest.mark.parametrize("kind", ["coco", "yolo", "voc", "kitti", "bdd100k", "cvat"])
def test_what_fiftyone_wrote_is_read_with_its_boxes(exported, kind):
    found = read(settings_of(kind, exported / kind), seed=1)
    truth = json.loads((exported / "truth.json").read_text())
    assert found.left_out == ()
    assert [Path(p.facts["original"]).stem for p in found.pictures] == ["picture0", "picture1", "picture2"]
    for picture, boxes in zip(found.pictures, truth, strict=True):
        assert picture.labelled
        assert [a.category for a in picture.annotations] == ["car", "bus"]
        for box, told in zip(picture.annotations, boxes, strict=True):
            assert box.xywh == pytest.approx(told["xywh"], abs=1.0 if kind == "voc" else 0.02)


@pytest.mark.parametrize(
    ("kind", "folder"), [("coco", "coco_masks"), ("cvat", "cvat_outlines"), ("bdd100k", "bdd_outlines")]
)
def test_polygons_that_fiftyone_wrote_become_masks(exported, kind, folder):
    for picture in read(settings_of(kind, exported / folder), seed=1).pictures:
        (box,) = picture.annotations
        assert box.category == "person"
        assert box.xywh == pytest.approx((80, 24, 40, 24), abs=1.0)
        assert box.area_px == pytest.approx(480, rel=0.06)
        mask = decode_mask(box.rle)
        assert mask[26, 110]
        assert not mask[46, 85]


def test_masks_of_coco_are_the_pixels_that_were_put_in(exported):
    for number, picture in enumerate(read(settings_of("coco", exported / "coco"), seed=1).pictures):
        for box, mask in zip(picture.annotations, masks_of(number), strict=True):
            assert np.mean(decode_mask(box.rle) != mask) < 0.01


def test_a_dataset_is_read_by_its_name_with_masks_and_takes(exported):
    found = read(RealSettings(kind="fiftyone", dataset="small", rename={"tram": "bus"}), seed=1)
    assert [p.group for p in found.pictures] == ["real/clip/c0", "real/clip/c1", "real/clip/c2"]
    for number, picture in enumerate(found.pictures):
        for box, mask in zip(picture.annotations, masks_of(number), strict=True):
            assert (decode_mask(box.rle) == mask).all()


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({"dataset": "nobody"}, "nobody: there is no such dataset; the database has small"),
        ({"dataset": "small", "field": "clip"}, "field 'clip' must hold Detections or Polylines, holds str"),
    ],
)
def test_what_the_database_lacks_is_refused_in_one_line(exported, more, line):
    with pytest.raises(InputError, match=line) as refused:
        read(RealSettings(kind="fiftyone", **more), seed=1)
    assert "\n" not in str(refused.value)


def test_a_zoo_dataset_that_nobody_knows_is_refused_in_one_line(exported):
    with pytest.raises(InputError, match="no-such: there is no such dataset in FiftyOne's zoo"):
        read(RealSettings(kind="zoo", dataset="no-such"), seed=1)
