"""Real sets: what is read, what is refused, what is left out and told."""

import hashlib
import json
from pathlib import Path

import cv2
import pytest
from fake_round import HEIGHT, WIDTH, backdrop, edit, save, write_coco
from pydantic import TypeAdapter, ValidationError

from blend.candidate import Candidate, group_of
from blend.readers.stills import extract
from blend.real import RealSettings, even_order, read, real_hash
from scenes.errors import InputError

DHAKA = Path(__file__).parents[2] / "shared" / "real" / "dev_dhaka_drive"


def coco(images, annotations, **more):
    return RealSettings(kind="coco", images=str(images), annotations=str(annotations), **more)


def test_an_empty_folder_is_refused_with_its_key(tmp_path):
    with pytest.raises(InputError, match=r"real\.images: must hold pictures"):
        read(RealSettings(kind="folder", images=str(tmp_path)), seed=0)


def test_a_missing_folder_is_refused_with_its_key(tmp_path):
    with pytest.raises(InputError, match=r"real\.images: must be a folder that exists"):
        read(RealSettings(kind="folder", images=str(tmp_path / "no")), seed=0)


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"kind": "hdf5"}, r"real\.kind: must be one of"),
        ({"kind": "coco", "images": "x"}, r"real\.annotations: must be given for real=coco"),
        ({"kind": "fiftyone"}, r"real\.dataset: must be given for real=fiftyone; add real\.dataset=NAME"),
        ({"kind": "folder", "images": "x", "count": 0}, r"real\.count: must be at least 1"),
        ({"kind": "folder", "images": "x", "rename": {"tram": "train"}}, r"real\.rename\.tram: must be one of"),
    ],
)
def test_settings_that_break_a_rule_are_refused_by_key(settings, line):
    with pytest.raises(InputError, match=line):
        TypeAdapter(RealSettings).validate_python(settings)


def test_an_unknown_key_is_refused():
    with pytest.raises(ValidationError, match="imagez"):
        TypeAdapter(RealSettings).validate_python({"kind": "folder", "images": "x", "imagez": "y"})


def test_coco_boxes_come_with_their_pictures_and_takes(tmp_path):
    found = read(coco(*write_coco(tmp_path)), seed=1)
    assert (len(found.pictures), found.found, found.left_out, found.clipped) == (24, 24, (), 0)
    assert {p.group for p in found.pictures} == {f"real/clip/c{take}" for take in range(8)}
    assert all(p.annotations[0].xywh == (20, 20, 30, 20) and p.labelled for p in found.pictures)


def test_count_takes_evenly_from_every_take_and_the_same_ones_for_the_same_seed(tmp_path):
    settings = coco(*write_coco(tmp_path), count=8)
    first, again = read(settings, seed=5), read(settings, seed=5)
    assert len({p.group for p in first.pictures}) == 8
    assert [p.name for p in first.pictures] == [p.name for p in again.pictures]


def test_the_even_order_does_not_depend_on_the_order_of_files():
    candidates = [Candidate(file=f"{g}-{n}", path=Path("x"), group=g) for g in "abc" for n in range(4)]
    assert even_order(candidates, seed=3) == even_order(candidates[::-1], seed=3)
    assert {c.group for c in even_order(candidates, seed=3)[:3]} == set("abc")


def test_boxes_outside_are_left_out_and_boxes_that_stick_out_are_clipped(tmp_path):
    boxes = {0: [[-10, 10, 40, 20]], 1: [[WIDTH, 0, 20, 20]], 2: [[10, 10, 0, 5]], 3: [[10, 10, 5, float("nan")]]}
    found = read(coco(*write_coco(tmp_path, boxes=boxes)), seed=1)
    assert found.clipped == 1
    assert [b.xywh for p in found.pictures for b in p.annotations] == [(0, 10, 30, 20)]
    reasons = " | ".join(entry.reason for entry in found.left_out)
    assert len(found.left_out) == 3
    assert "annotation 1: the box [160.0, 0.0, 20.0, 20.0] lies outside the picture (160x96)" in reasons
    assert reasons.count("positive size") == 2


def test_classes_that_are_not_ours_are_counted_and_can_be_renamed(tmp_path):
    images, annotations = write_coco(tmp_path, categories=("tram",))
    found = read(coco(images, annotations), seed=1)
    assert found.unmapped == {"tram": 24}
    assert "class 'tram' is not one of ours: 24 boxes" in found.left_out[0].reason
    assert not read(coco(images, annotations, rename={"tram": "bus"}), seed=1).unmapped


def test_a_truncated_picture_is_listed_and_the_next_one_takes_its_place(tmp_path):
    images, annotations = write_coco(tmp_path)
    victim = images / "take0-0.jpg"
    victim.write_bytes(victim.read_bytes()[:-400])
    (images / "take0-1.jpg").write_bytes(b"not a picture")
    found = read(coco(images, annotations), seed=1)
    assert len(found.pictures) == 22
    assert {entry.file: entry.reason for entry in found.left_out}["take0-1.jpg"] == "is not a picture that can be read"
    assert "truncated" in {entry.file: entry.reason for entry in found.left_out}["take0-0.jpg"]


def test_a_picture_of_another_size_than_its_record_is_left_out(tmp_path):
    images, annotations = write_coco(tmp_path)
    save(images / "take0-0.jpg", backdrop(0, 80, 48))
    left_out = read(coco(images, annotations), seed=1).left_out
    assert left_out[0].reason.startswith("is 80x48 but its record says 160x96")


def test_only_broken_pictures_is_refused_with_the_reason(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"nothing")
    with pytest.raises(InputError, match="at least one picture that can be read; got is not a picture"):
        read(RealSettings(kind="folder", images=str(tmp_path)), seed=0)


def test_records_without_a_picture_are_listed_by_name(tmp_path):
    images, annotations = write_coco(tmp_path)
    (images / "take0-0.jpg").unlink()
    found = read(coco(images, annotations), seed=1)
    assert [entry.reason for entry in found.left_out] == ["image 0: take0-0.jpg is not among the pictures"]
    assert len(found.pictures) == 23


def test_a_folder_without_most_of_the_pictures_is_refused_with_their_number(tmp_path):
    images, annotations = write_coco(tmp_path)
    for place in range(20):
        (images / f"take{place // 3}-{place}.jpg").unlink()
    with pytest.raises(InputError, match=r"20 of 24 are not there, first image 0: take0-0\.jpg"):
        read(coco(images, annotations), seed=1)


@pytest.mark.parametrize("name", ["../../etc/a.jpg", "..\\..\\a.jpg", "a/../../take0-1.jpg"])
def test_a_path_that_climbs_out_is_listed_and_not_followed(tmp_path, name):
    images, annotations = write_coco(tmp_path)
    edit(annotations, lambda d: d["images"][0].update(file_name=name))
    left_out = read(coco(images, annotations), seed=1).left_out
    assert left_out[0].reason == f"image 0: {name} climbs out of the folder of pictures"


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda d: d.pop("images"), "must be COCO JSON"),
        (lambda d: d["images"].clear(), "must list at least one image"),
        (lambda d: d["images"].append(d["images"][0]), "image ids must be unique; got id 0 2 times"),
        (lambda d: d["images"][0].pop("file_name"), "every entry of 'images' must have"),
        (lambda d: d["images"][0].update(id=[1]), "ids must be numbers or words"),
    ],
)
def test_a_file_that_is_not_coco_is_refused_by_rule(tmp_path, change, line):
    images, annotations = write_coco(tmp_path)
    edit(annotations, change)
    with pytest.raises(InputError, match=line):
        read(coco(images, annotations), seed=1)


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"images": 3}', "\x00"])
def test_text_that_is_not_coco_is_refused_in_one_line(tmp_path, text):
    images, annotations = write_coco(tmp_path)
    annotations.write_text(text)
    with pytest.raises(InputError) as refused:
        read(coco(images, annotations), seed=1)
    assert str(annotations) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_annotations_that_point_nowhere_are_listed(tmp_path):
    images, annotations = write_coco(tmp_path)

    def change(document):
        document["annotations"][0]["image_id"] = 999
        document["annotations"][1]["category_id"] = 77
        document["annotations"][2]["bbox"] = "wide"

    edit(annotations, change)
    reasons = [entry.reason for entry in read(coco(images, annotations), seed=1).left_out]
    assert [reason.split(":")[0] for reason in reasons] == ["annotation 0", "annotation 1", "annotation 2"]


def test_a_polygon_becomes_a_mask_with_its_own_area(tmp_path):
    images, annotations = write_coco(tmp_path, count=3)
    polygon = [[20, 20, 50, 20, 20, 40]]
    edit(annotations, lambda d: d["annotations"][0].update(segmentation=polygon))
    box = next(p for p in read(coco(images, annotations), seed=1).pictures if "take0-0" in p.name).annotations[0]
    assert box.rle["size"] == [HEIGHT, WIDTH]
    assert box.area_px == pytest.approx(300, abs=30)


def test_yolo_labels_are_read_and_bad_lines_listed(tmp_path):
    for name in "abc":
        save(tmp_path / "images" / f"{name}.jpg", backdrop(ord(name)))
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "a.txt").write_text("0 0.5 0.5 0.25 0.5\n1 0.5 0.5 0.1 0.1\n9 .5 .5 .1 .1\n0 x\n")
    (tmp_path / "labels" / "b.txt").write_text("")
    (tmp_path / "data.yaml").write_text("names: [car, tram]\n")
    settings = RealSettings(
        kind="yolo",
        images=str(tmp_path / "images"),
        labels=str(tmp_path / "labels"),
        classes=str(tmp_path / "data.yaml"),
    )
    found = read(settings, seed=1)
    a, b, c = found.pictures
    assert a.annotations[0].xywh == (60, 24, 40, 48)
    assert (b.labelled, b.annotations, c.labelled) == (True, (), False)
    assert found.unmapped == {"tram": 1}
    assert [entry.reason.split(":")[0] for entry in found.left_out] == [
        "line 3",
        "line 4",
        "class 'tram' is not one of ours",
    ]


def test_file_numbers_make_groups():
    assert group_of("a/cam1_0019.jpg") == group_of("a/cam1_0000.jpg") != group_of("a/cam1_0020.jpg")
    assert group_of("07_jpg.rf.8447b11632c1.jpg") == "#0"
    assert group_of("hello.jpg") == "hello"


def test_the_real_hash_knows_boxes_and_pictures(tmp_path):
    pictures = read(coco(*write_coco(tmp_path)), seed=1).pictures
    assert real_hash(pictures) == real_hash(pictures[::-1]) != real_hash(pictures[1:])


def test_clips_become_stills_that_differ(tmp_path):
    clip = tmp_path / "drive.mp4"
    video = cv2.VideoWriter(str(clip), cv2.VideoWriter.fourcc(*"mp4v"), 25, (WIDTH, HEIGHT))
    for number in range(60):
        video.write(backdrop(number // 20)[..., ::-1])
    video.release()
    extract(clip, tmp_path, kept := [])
    extract(clip, tmp_path, kept)
    assert len(kept) == 3
    assert [p.name for p in sorted(tmp_path.glob("*.jpg"))] == [f"drive-{n:05d}.jpg" for n in (0, 20, 40)]


def test_the_sample_is_extracted_once_into_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("RAREBLEND_CACHE", str(tmp_path / "cache"))
    pack = tmp_path / "pack" / "deep"
    pack.mkdir(parents=True)
    video = cv2.VideoWriter(str(pack / "drive.mp4"), cv2.VideoWriter.fourcc(*"mp4v"), 25, (WIDTH, HEIGHT))
    for number in range(40):
        video.write(backdrop(number // 10)[..., ::-1])
    video.release()
    fetched = []
    monkeypatch.setattr("packs.fetch", lambda name: fetched.append(name) or tmp_path / "pack")
    first, again = (read(RealSettings(count=3), seed=2) for _ in range(2))
    assert fetched == ["dashcam"]
    assert (len(first.pictures), first.found, first.pictures[0].labelled) == (3, 4, False)
    assert first.pictures == again.pictures


@pytest.mark.skipif(not DHAKA.is_dir(), reason="the development set dev_dhaka_drive is not beside the repository")
def test_a_real_labelled_set_is_read_untouched():
    images, annotations = DHAKA / "images", DHAKA / "annotations.json"
    before = hashlib.sha256(annotations.read_bytes()).hexdigest()
    found = read(coco(images, annotations, count=60), seed=7)
    assert (len(found.pictures), found.found, found.left_out) == (60, 800, ())
    assert len({p.group for p in found.pictures}) == 40 + 1
    assert sum(len(p.annotations) for p in found.pictures) > 300
    assert hashlib.sha256(annotations.read_bytes()).hexdigest() == before
    assert json.loads(annotations.read_text())["images"][0]["file_name"] == "dev_dhaka_drive_0001.jpg"
