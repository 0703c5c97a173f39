from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from render import coco, durable, frame_checks, manifest
from render.radiance import Radiance
from scenes.errors import InputError
from scenes.ontology import CATEGORIES


def frame(name, instance=1, box=(1, 2, 5, 6)):
    return {
        "schema": 1,
        "frame": name,
        "scene": "abc",
        "view": "0",
        "look": {"id": "d00d00", "name": "night"},
        "image": f"images/{name}.jpg",
        "mask": "masks/abc-0.png",
        "width": 12,
        "height": 8,
        "sha256": "00",
        "scenario": "boxes",
        "sentence": "a box",
        "lighting": "night",
        "seed": 3,
        "objects": [
            {
                "instance": instance,
                "category": "car",
                "bbox_xyxy": list(box),
                "area_px": 16,
                "occlusion": 0.0,
                "truncation": 0.0,
                "distance_m": 9.0,
                "crash": None,
            }
        ],
    }


def test_a_near_miss_is_passed_on_to_its_picture_and_others_do_not_know_the_field():
    told = {"kind": "near_miss_crossing", "between": [1, 2], "gap_m": 0.7, "time_to_collision_s": 0.4}
    near, plain = {**frame("a"), "objects": [], "near_miss": told}, {**frame("b"), "objects": []}
    pictures = coco.document(Path("nowhere"), [near, plain])["images"]
    assert [picture.get("near_miss") for picture in pictures] == [told, None]
    assert "near_miss" not in pictures[1]


@pytest.fixture
def out(tmp_path):
    ids = np.zeros((8, 12), np.uint16)
    ids[2:6, 1:5] = 1
    (tmp_path / "masks").mkdir()
    (tmp_path / "images").mkdir()
    cv2.imwrite(str(tmp_path / "masks/abc-0.png"), ids)
    return tmp_path


def commit(out, record):
    (out / record["image"]).write_bytes(b"jpeg")
    manifest.commit_frame(out, record)


def test_an_empty_round_compacts_to_empty_files(tmp_path):
    assert manifest.compact(tmp_path) == 0
    document = json.loads((tmp_path / "annotations.json").read_text())
    assert (document["images"], document["annotations"]) == ([], [])
    assert len(document["categories"]) == len(CATEGORIES)


def test_a_frame_exists_only_after_its_commit(out):
    assert not manifest.is_committed(out, "abc-0-d00d00")
    commit(out, frame("abc-0-d00d00"))
    assert manifest.is_committed(out, "abc-0-d00d00")
    assert manifest.records(out) == [frame("abc-0-d00d00")]


def test_a_frame_made_otherwise_is_not_the_one_that_is_asked_for(out):
    commit(out, {**frame("abc-0-d00d00"), "sensor": {"name": "phone", "range": [1, 2]}})
    same, other = ({"name": name, "range": (1, 2)} for name in ("phone", "webcam"))
    assert manifest.is_committed(out, "abc-0-d00d00", sensor=same)
    assert not manifest.is_committed(out, "abc-0-d00d00", sensor=other)
    assert manifest.is_committed(out, "abc-0-d00d00", labels="records of before do not tell")


def test_a_frame_without_its_image_is_refused(out):
    with pytest.raises(InputError, match="must be written before its frame"):
        manifest.commit_frame(out, frame("abc-0-d00d00"))


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # inside pycocotools
def test_coco_loads_in_pycocotools_and_its_masks_are_the_rendered_ones(out):
    from pycocotools.coco import COCO

    for name in ("abc-0-b", "abc-0-a"):
        commit(out, frame(name))
    assert manifest.compact(out) == 2
    loaded = COCO(str(out / "annotations.json"))
    for annotation in loaded.dataset["annotations"]:
        assert loaded.annToMask(annotation).sum() == annotation["area"] == 16
        assert annotation["bbox"] == [1, 2, 4, 4]
        assert loaded.imgs[annotation["image_id"]]["mask"] == "masks/abc-0.png"


def test_compaction_is_the_same_bytes_whatever_the_order_of_commits(out):
    def compacted():
        manifest.compact(out)
        return [(out / name).read_bytes() for name in ("annotations.json", "manifest.parquet")]

    commit(out, frame("abc-0-b"))
    commit(out, frame("abc-0-a"))
    first = compacted()
    for path in (out / "frames").iterdir():
        path.unlink()
    commit(out, frame("abc-0-a"))
    commit(out, frame("abc-0-b"))
    assert compacted() == first


def test_the_parquet_file_has_a_row_a_frame(out):
    import pyarrow.parquet as pq

    commit(out, frame("abc-0-a"))
    manifest.compact(out)
    (row,) = pq.read_table(out / "manifest.parquet").to_pylist()
    assert (row["frame"], row["look_name"], row["objects"]) == ("abc-0-a", "night", 1)
    assert json.loads(row["record"]) == frame("abc-0-a")


def test_a_broken_record_is_named(out):
    (out / "frames").mkdir()
    (out / "frames" / "x.json").write_text("{")
    with pytest.raises(InputError, match=r"x\.json: must be a JSON record"):
        manifest.compact(out)


def test_temporary_files_of_dead_processes_are_swept_and_those_of_living_ones_stay(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for process in (dead.pid, os.getpid()):
        (tmp_path / f".0.exr.{process}.tmp").write_bytes(b"half")
    assert durable.sweep(tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == [f".0.exr.{os.getpid()}.tmp"]


def test_a_failed_write_leaves_the_old_file(tmp_path):
    durable.write_bytes(tmp_path / "a.json", b"old")

    def torn():
        with durable.replacing(tmp_path / "a.json") as temporary:
            temporary.write_bytes(b"ne")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        torn()
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_full_disk_is_one_line_that_names_the_file(tmp_path, monkeypatch):
    def full(_file):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match=r"a\.json: must be writable; got No space left on device$"):
        durable.write_bytes(tmp_path / "a.json", b"x")
    assert not list(tmp_path.iterdir())


def test_a_lock_is_held_by_one_process_and_may_nest_in_it(tmp_path):
    with durable.locked(tmp_path), durable.locked(tmp_path):
        code = (
            f"from pathlib import Path; from render.durable import locked; locked(Path({str(tmp_path)!r})).__enter__()"
        )
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert f"in use by another rareblend; got process {os.getpid()}" in other.stderr
    with durable.locked(tmp_path):
        pass


def test_a_torn_last_line_is_left_out(tmp_path):
    durable.append_line(tmp_path / "log.jsonl", {"a": 1})
    with (tmp_path / "log.jsonl").open("a") as file:
        file.write('{"a": ')
    assert durable.lines(tmp_path / "log.jsonl") == [{"a": 1}]


def test_quarantine_says_each_thing_once(tmp_path):
    assert frame_checks.quarantined(tmp_path) == []
    for _ in range(2):
        frame_checks.quarantine(tmp_path, "abc-0", "it is black")
    assert frame_checks.quarantined(tmp_path) == [{"name": "abc-0", "reason": "it is black"}]


def bundle(value=1.0, instance=1):
    image = np.full((4, 5, 3), value, np.float32)
    ids = np.full((4, 5), instance, np.uint16)
    return Radiance(layers={"sky": image}, albedo=np.ones_like(image), normal=image, depth_m=image[..., 0], ids=ids)


@pytest.mark.parametrize(
    ("light", "objects", "reason"),
    [
        (bundle(0.0), [{"instance": 1}], "no light reaches the camera"),
        (bundle(np.nan), [{"instance": 1}], "60 values of sky are not finite"),
        (bundle(instance=0), [], "no actor is seen"),
        (bundle(), [], "instances [1] are seen and have no label"),
        (bundle(), [{"instance": 1}], None),
    ],
)
def test_a_view_is_unfit_for_a_reason(light, objects, reason):
    assert frame_checks.view_fault(light, objects) == reason


@pytest.mark.parametrize(
    ("rgb", "objects", "reason"),
    [
        (np.zeros((4, 5, 3), np.uint8), [{}], "it is black"),
        (np.full((4, 5, 3), 90, np.uint8), [{}], "it is flat (standard deviation 0.00 of 255)"),
        (np.arange(60, dtype=np.uint8).reshape(4, 5, 3), [], "it has no label"),
        (np.arange(60, dtype=np.uint8).reshape(4, 5, 3), [{}], None),
    ],
)
def test_a_frame_is_unfit_for_a_reason(rgb, objects, reason):
    assert frame_checks.frame_fault(rgb, objects) == reason


def test_what_few_objects_have_is_in_coco_and_what_a_blend_may_aim_at(out):
    record = {**frame("a"), "conditions": {"visibility_m": 200.0, "road": {"wetness": 0.9, "snow": 0.0}}}
    record["objects"][0] |= {"carried": True, "aftermath": {"fluid_l": {"oil": 1.0}, "steam": 0.2}}
    told = coco.document(out, [record])
    assert told["annotations"][0]["carried"] is True
    assert told["annotations"][0]["aftermath"]["fluid_l"] == {"oil": 1.0}
    assert "crash_further" not in told["annotations"][0]
    conditions = told["images"][0]["conditions"]
    assert conditions == {"light": "night", "weather": "fog", "road": "wet", "pre_crash": "boxes", "phase": "none"}
