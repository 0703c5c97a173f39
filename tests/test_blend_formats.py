"""Every format is read back by its own reader, and what comes back is what went in."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import textwrap
from collections import Counter
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from fake_frames import UNSEEN, camera, write_frames
from fake_round import HEIGHT, WIDTH, edit, write_coco, write_round
from hypothesis import given
from hypothesis import strategies as st
from pycocotools.coco import COCO

from blend import stored
from blend.augment import AugmentSettings
from blend.formats import coco, kitti, registry
from blend.formats.blended import Blended
from blend.formats.frame import Frame, category_ids
from blend.formats.yolo_segments import outline
from blend.mix import BlendSettings, build
from blend.picture import decode_mask, decode_rgb
from blend.real import RealSettings
from blend.stored import ExportSettings, export
from scenes.errors import InputError
from scenes.ontology import CATEGORIES

ROOT = Path(__file__).parents[1]
NEEDS_SPACE = ("coco_panoptic", "hdf5")
"""Formats that hold unchanged frames of the round only."""


@pytest.fixture(scope="module")
def round_folder(tmp_path_factory):
    """Blend a painted round with a labelled real set once, in every format."""
    out = tmp_path_factory.mktemp("formats") / "round"
    write_frames(write_round(out))
    boxes = {number: [[20, 20, 30, 20]] for number in range(24)} | {0: [], 1: [[20.5, 20.25, 30.25, 20.5]]}
    images, annotations = write_coco(out.parent / "real", boxes=boxes)
    build(
        out,
        real=RealSettings(kind="coco", images=str(images), annotations=str(annotations)),
        blend=BlendSettings(ratio=0.4, formats=tuple(registry.FORMATS)),
        augment=AugmentSettings(pipeline="light", probability=0.5),
        seed=7,
    )
    return out


@pytest.fixture
def out(round_folder, tmp_path):
    return Path(shutil.copytree(round_folder, tmp_path / "round", symlinks=True))


@pytest.fixture
def blended(round_folder):
    return stored.read(round_folder)


def tree(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def in_split(blended, split):
    return {picture.name: picture for picture, own in blended if own == split}


def frames(blended):
    return {p.name: p for p in blended.pictures if p.source == "synthetic" and p.augment is None}


def test_the_blend_has_real_pictures_frames_and_varieties(blended):
    kinds = Counter((picture.source, picture.augment is not None) for picture in blended.pictures)
    assert min(kinds["real", False], kinds["synthetic", False], kinds["synthetic", True]) >= 2


def test_a_name_that_is_no_format_is_refused_with_those_that_are(out):
    with pytest.raises(InputError, match=r"blend\.formats: must be names out of coco, yolo, .*imagefolder; got tfds"):
        BlendSettings(formats=("tfds",))
    with pytest.raises(InputError, match="formats: must be names out of"):
        ExportSettings(formats=())


def test_coco_that_is_read_and_written_again_is_the_same_file(out):
    before = tree(out / "blend")
    export(out, ExportSettings(formats=("coco",)))
    assert tree(out / "blend") == before


def test_every_format_written_again_without_blending_has_the_same_bytes(out):
    before = tree(out / "blend")
    for name, known in registry.FORMATS.items():
        if known.own_folder:
            shutil.rmtree(out / "blend" / name)
    export(out, ExportSettings(formats=tuple(registry.FORMATS)))
    after = tree(out / "blend")
    assert after.keys() == before.keys()
    assert [file for file in after if after[file] != before[file]] == []


def test_formats_json_tells_what_is_lost_and_who_is_left_out_by_name(round_folder, blended):
    told = json.loads((round_folder / "blend" / "formats.json").read_text())
    assert list(told) == list(registry.FORMATS)
    assert told["coco"] == {"pictures": len(blended.pictures), "cannot_hold": [], "left_out": {}}
    for name in NEEDS_SPACE:
        assert told[name]["left_out"].keys() == {p.name for p in blended.pictures} - frames(blended).keys()
        assert told[name]["pictures"] == len(frames(blended))
    assert all(told[name]["cannot_hold"] for name in told if name != "coco")


def test_pycocotools_finds_the_boxes_of_every_picture(round_folder, blended):
    document = COCO(str(round_folder / "blend" / "annotations.json"))
    found = Counter(document.imgs[box["image_id"]]["frame"] for box in document.anns.values())
    assert found == {p.name: len(p.annotations) for p in blended.pictures if p.annotations}


def test_yolo_segments_fill_to_the_masks_as_ultralytics_fills_them(round_folder, blended):
    folder = round_folder / "blend" / "yolo_segments"
    listed = {
        Path(line).stem
        for split in ("train", "val", "test")
        for line in (folder / f"{split}.txt").read_text().splitlines()
    }
    assert listed == {p.name for p in blended.pictures if all(box.rle for box in p.annotations)}
    for picture in (p for p in blended.pictures if p.source == "synthetic"):
        assert (folder / "images" / f"{picture.name}.jpg").is_file()
        lines = (folder / "labels" / f"{picture.name}.txt").read_text().splitlines()
        for line, box in zip(lines, picture.annotations, strict=True):
            polygon = np.array(line.split()[1:], dtype=float).reshape(-1, 2) * (picture.width, picture.height)
            filled = np.zeros((picture.height, picture.width), np.uint8)
            cv2.fillPoly(filled, [polygon.astype(np.int32)], 1)
            mask = decode_mask(box.rle)
            assert (filled.astype(bool) & mask).sum() >= 0.98 * (filled.astype(bool) | mask).sum()


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 20), st.integers(1, 9), st.integers(1, 9)), min_size=1))
def test_an_outline_covers_every_piece_of_a_mask_and_has_three_points(boxes):
    mask = np.zeros((32, 48), bool)
    for x, y, w, h in boxes:
        mask[y : y + h, x : x + w] = True
    polygon = outline(mask)
    filled = np.zeros(mask.shape, np.uint8)
    cv2.fillPoly(filled, [polygon.astype(np.int32)], 1)
    assert len(polygon) >= 3
    assert filled.astype(bool)[mask].all()


def test_torchvision_reads_voc_with_boxes_that_count_pixels_from_one(round_folder, blended, tmp_path):
    from torchvision.datasets import VOCDetection

    (tmp_path / "VOCdevkit").mkdir()
    (tmp_path / "VOCdevkit" / "VOC2007").symlink_to(round_folder / "blend" / "voc")
    for split in ("train", "val", "test"):
        pictures = in_split(blended, split)
        data = VOCDetection(str(tmp_path), year="2007", image_set=split)
        assert {Path(path).stem for path in data.images} == pictures.keys()
        for image, target in data:
            told = target["annotation"]
            picture = pictures[Path(told["filename"]).stem]
            assert image.size == (picture.width, picture.height)
            objects = told.get("object", [])
            assert [one["name"] for one in objects] == [box.category for box in picture.annotations]
            for one, box in zip(objects, picture.annotations, strict=True):
                x0, y0, x1, y1 = (float(one["bndbox"][key]) for key in ("xmin", "ymin", "xmax", "ymax"))
                assert (x0 - 1, y0 - 1, x1 - x0 + 1, y1 - y0 + 1) == pytest.approx(box.xywh)


def test_torchvision_reads_the_masks_of_voc(round_folder, blended, tmp_path):
    from torchvision.datasets import VOCSegmentation

    (tmp_path / "VOCdevkit").mkdir()
    (tmp_path / "VOCdevkit" / "VOC2007").symlink_to(round_folder / "blend" / "voc")
    data = VOCSegmentation(str(tmp_path), year="2007", image_set="train")
    names = {Path(path).stem for path in data.images}
    assert names == {p.name for p in blended.pictures if p.annotations and all(box.rle for box in p.annotations)}
    for path in data.masks:
        picture = in_split(blended, "train")[Path(path).stem]
        instances = cv2.imread(path.replace("SegmentationClass", "SegmentationObject"), cv2.IMREAD_UNCHANGED)
        classes = cv2.imread(path, cv2.IMREAD_UNCHANGED)
        for number, box in enumerate(picture.annotations, 1):
            assert ((instances == number) == decode_mask(box.rle)).all()
            assert set(classes[instances == number]) == {CATEGORIES[box.category]}


def kitti_of(round_folder, tmp_path):
    from torchvision.datasets import Kitti

    (tmp_path / "Kitti").mkdir()
    (tmp_path / "Kitti" / "raw").symlink_to(round_folder / "blend" / "kitti")
    data = Kitti(str(tmp_path), train=True)
    found = {Path(path).stem: data[place] for place, path in enumerate(data.images)}
    for image, _ in found.values():
        image.load()  # closes its file
    return found


def test_torchvision_reads_kitti_with_boxes_classes_and_what_to_ignore(round_folder, blended, tmp_path):
    found = kitti_of(round_folder, tmp_path)
    assert found.keys() == {p.name for p in blended.pictures}
    for picture in blended.pictures:
        image, told = found[picture.name]
        assert image.size == (picture.width, picture.height)
        boxes = [one["bbox"] for one in told if one["type"] != "DontCare"]
        corners = [(x, y, x + w, y + h) for x, y, w, h in (box.xywh for box in picture.annotations)]
        assert np.allclose(boxes, corners, atol=0.006)
        ignored = [one["bbox"] for one in told if one["type"] == "DontCare"]
        assert ignored == ([[60, 22, 64, 26]] if picture.name in frames(blended) else [])
        if picture.name in frames(blended):
            assert [one["type"] for one in told] == ["Car", "Van", "DontCare"]
        else:
            assert {(one["rotation_y"], one["alpha"], one["location"][0]) for one in told} <= {(-10, -10, -1000)}


def corners_of(dimensions, location, rotation_y):
    """Corners as the readme of KITTI's development kit gives them."""
    h, w, l = dimensions  # noqa: E741  its names
    x = np.array([l, l, -l, -l, l, l, -l, -l]) / 2
    y = np.array([0, 0, 0, 0, -h, -h, -h, -h])
    z = np.array([w, -w, -w, w, w, -w, -w, w]) / 2
    turn = np.array(
        [[np.cos(rotation_y), 0, np.sin(rotation_y)], [0, 1, 0], [-np.sin(rotation_y), 0, np.cos(rotation_y)]]
    )
    return (turn @ [x, y, z]).T + location


def world_corners(box3d):
    length, width, height = box3d["size_m"]
    a = np.radians(box3d["heading_deg"])
    turn = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    signs = np.array([[x, y, z] for x in (1, -1) for y in (1, -1) for z in (1, -1)]) / 2
    return signs * [length, width, height] @ turn.T + box3d["center_m"]


def projected(points, matrix):
    seen = np.hstack([points, np.ones((len(points), 1))]) @ np.asarray(matrix).T
    return seen[:, :2] / seen[:, 2:]


@pytest.mark.parametrize("pitch_deg", [0.0, 8.0, 60.0, 90.0])
@pytest.mark.parametrize("heading_deg", [0.0, 30.0, -135.0])
def test_kittis_boxes_through_its_calibration_are_the_worlds_through_the_camera(pitch_deg, heading_deg):
    told = camera(pitch_deg=pitch_deg, eye_m=(1.0, 2.0, 25.0 if pitch_deg > 30 else 1.5))
    frame = Frame(round_folder=Path(), record={"camera": told})
    box3d = {"center_m": [12.0, -2.5, 0.75], "size_m": [4.4, 1.8, 1.5], "heading_deg": heading_deg}
    *dimensions, x, y, z, rotation_y = kitti.in_space(box3d, kitti.level_camera(frame))
    lines = dict(line.split(": ") for line in kitti.calibration(frame))
    corners = corners_of(dimensions, [x, y, z], rotation_y)
    ours = projected(corners, np.array(lines["P2"].split(), float).reshape(3, 4))
    theirs = projected(world_corners(box3d), np.array(told["K"]) @ np.array(told["world_to_camera"])[:3])
    assert np.abs(np.sort(ours, axis=0) - np.sort(theirs, axis=0)).max() < 1e-3
    if pitch_deg == 0.0:
        assert np.allclose(kitti.level_camera(Frame(round_folder=Path(), record={"camera": camera(0.0, 0.0)}))[:3, :3],
                           np.array(camera(0.0, 0.0)["world_to_camera"])[:3, :3])  # fmt: skip


def test_a_car_that_drives_away_ahead_has_kittis_quarter_turn():
    frame = Frame(round_folder=Path(), record={"camera": camera(0.0, 0.0, yaw_deg=0.0, eye_m=(0.0, 0.0, 1.5))})
    box3d = {"center_m": [10.0, 0.0, 0.75], "size_m": [4.4, 1.8, 1.5], "heading_deg": 0.0}
    space = kitti.in_space(box3d, kitti.level_camera(frame))
    assert space == pytest.approx((1.5, 1.8, 4.4, 0.0, 1.5, 10.0, -np.pi / 2))


def test_panoptic_ids_areas_and_classes_are_those_of_the_rounds_maps(round_folder, blended):
    folder = round_folder / "blend" / "coco_panoptic"
    document = json.loads((folder / "panoptic_train.json").read_text())
    assert len(document["images"]) == len(document["annotations"]) == len(frames(blended)) > 0
    names = {entry["id"]: (entry["name"], entry["isthing"]) for entry in document["categories"]}
    for image, told in zip(document["images"], document["annotations"], strict=True):
        assert told["image_id"] == image["id"]
        rgb = decode_rgb(folder / "panoptic_train" / told["file_name"]).astype(int)
        ids = rgb[..., 0] + 256 * rgb[..., 1] + 65536 * rgb[..., 2]
        segments = {segment["id"]: segment for segment in told["segments_info"]}
        assert segments.keys() == set(np.unique(ids).tolist()) - {0}
        assert Counter(names[segment["category_id"]] for segment in segments.values()) == {
            ("sky", 0): 1,
            ("road", 0): 1,
            ("car", 1): 3,
        }
        for number, segment in segments.items():
            rows, columns = np.nonzero(ids == number)
            x, y, w, h = segment["bbox"]
            assert segment["area"] == len(rows)
            assert (x, y, x + w, y + h) == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
            assert segment["iscrowd"] == int(number == UNSEEN)
        picture = frames(blended)[image["frame"]]
        for box in picture.annotations:
            assert ((ids == box.facts["instance"]) == decode_mask(box.rle)).all()


def test_category_ids_keep_actors_as_coco_has_them_and_lift_stuff():
    assert category_ids(np.array([[0, 1, 20], [101, 108, 250]], np.uint8)).tolist() == [[0, 101, 120], [1, 8, 0]]


@pytest.mark.filterwarnings("ignore:Exception ignored:pytest.PytestUnraisableExceptionWarning")  # it closes no shard
def test_webdataset_reads_pictures_and_the_very_entries_of_coco(round_folder, blended):
    import webdataset

    document = COCO(str(round_folder / "blend" / "annotations.json"))
    for split in ("train", "val", "test"):
        shards = sorted(str(path) for path in (round_folder / "blend" / "webdataset").glob(f"{split}-*.tar"))
        found = list(webdataset.WebDataset(shards, shardshuffle=False, empty_check=False))
        assert {json.loads(one["json"])["image"]["frame"] for one in found} == in_split(blended, split).keys()
        for one in found:
            told = json.loads(one["json"])
            assert told["image"] == document.imgs[told["image"]["id"]]
            assert told["annotations"] == document.imgToAnns[told["image"]["id"]]
            assert one["jpg"] == (round_folder / "blend" / told["image"]["file_name"]).read_bytes()


def pictures_in(shard):
    with tarfile.open(shard) as tar:
        return [member.size for member in tar if member.name.endswith(".jpg")]


def test_shards_are_cut_before_they_get_too_large_and_lose_nothing(out, blended, monkeypatch):
    from blend.formats import webdataset

    sizes = [blended.path(picture).stat().st_size for picture in blended.pictures]
    monkeypatch.setattr(webdataset, "SHARD_BYTES", 3 * max(sizes))
    written = export(out, ExportSettings(formats=("webdataset",)))
    shards = sorted((out / "blend" / "webdataset").glob("*.tar"))
    members = [pictures_in(shard) for shard in shards]
    assert len(shards) > 5
    assert max(map(sum, members)) <= 3 * max(sizes)
    assert sorted(size for shard in members for size in shard) == sorted(sizes)
    assert written[0].pictures == len(sizes)


def test_h5py_reads_blenderprocs_keys_with_the_rounds_own_values(round_folder, blended):
    import h5py

    folder = round_folder / "blend" / "hdf5"
    assert {path.stem for path in folder.iterdir()} == frames(blended).keys()
    for name, picture in frames(blended).items():
        with h5py.File(folder / f"{name}.hdf5") as file:
            ids, classes = file["instance_segmaps"][()], file["category_id_segmaps"][()]
            assert (file["colors"][()] == decode_rgb(blended.path(picture))).all()
            assert file["depth"].shape == (HEIGHT, WIDTH)
            assert file["depth"][0, 0] == 5.0
            assert file["depth"][-1, -1] == 80.0
            told = json.loads(bytes(file["instance_attribute_maps"][()]))
            pose = json.loads(bytes(file["campose"][()]))[0]
        assert [(one["idx"], one["category_id"]) for one in told] == [(1, 1), (2, 1), (UNSEEN, 1)]
        for box in picture.annotations:
            assert ((ids == box.facts["instance"]) == decode_mask(box.rle)).all()
        assert set(np.unique(classes)) == {1, 101, 102}
        looks = -np.array(pose["cam2world_matrix"])[:3, 2]
        assert np.allclose(looks, np.array(camera()["world_to_camera"])[2, :3])


def test_depth_that_does_not_lie_over_bent_pixels_is_left_out(out):
    frame_path = next((out / "frames").glob("*.json"))
    frame = Frame(round_folder=out, record=json.loads(frame_path.read_text()))
    assert frame.depth_m() is not None
    bent = Frame(round_folder=out, record={**frame.record, "mask": f"masks/{frame.record['frame']}.png"})
    assert bent.depth_m() is None


def test_datasets_reads_the_imagefolder_with_boxes_and_facts(round_folder, blended, tmp_path):
    from datasets import load_dataset

    folder = str(round_folder / "blend" / "imagefolder")
    found = load_dataset("imagefolder", data_dir=folder, cache_dir=str(tmp_path))
    assert set(found) == {"train", "validation", "test"}
    for ours, theirs in (("train", "train"), ("val", "validation"), ("test", "test")):
        pictures = in_split(blended, ours)
        assert set(found[theirs]["name"]) == pictures.keys()
        for row in found[theirs]:
            picture = pictures[row["name"]]
            assert row["image"].size == (picture.width, picture.height)
            assert row["objects"]["category"] == [box.category for box in picture.annotations]
            assert np.allclose(row["objects"]["bbox"], [box.xywh for box in picture.annotations])
            assert json.loads(row["facts"])["image"] == picture.facts
            for counts, box in zip(row["objects"]["rle"], picture.annotations, strict=True):
                assert counts == (box.rle["counts"] if box.rle else "")


FIFTYONE = """
    import json, sys
    from eval.review.database import database
    with database():
        import fiftyone as fo
        blend = sys.argv[1]
        told = {}
        for sample in fo.Dataset.from_dir(blend + "/fiftyone", dataset_type=fo.types.FiftyOneDataset, progress=False):
            boxes = sample.ground_truth.detections
            told[sample.frame] = {
                "there": __import__("os").path.isfile(sample.filepath), "tags": sample.tags, "facts": sample.facts,
                "parents": sample.parents, "size": [sample.metadata.width, sample.metadata.height],
                "boxes": [[b.label, b.bounding_box, None if b.mask is None else int(b.mask.sum()), b.key, b.facts]
                          for b in boxes],
            }
        voc = fo.Dataset.from_dir(blend + "/voc", dataset_type=fo.types.VOCDetectionDataset, progress=False,
                                  data_path="JPEGImages", labels_path="Annotations")
        kitti = fo.Dataset.from_dir(blend + "/kitti/training", dataset_type=fo.types.KITTIDetectionDataset,
                                    progress=False, data_path="image_2", labels_path="label_2")
        coco = fo.Dataset.from_dir(dataset_type=fo.types.COCODetectionDataset, data_path=blend, progress=False,
                                   labels_path=blend + "/annotations.json", include_id=True)
        counts = {name: [len(data), sum(map(len, data.values("ground_truth.detections.label")))]
                  for name, data in (("voc", voc), ("kitti", kitti))}
        counts["coco"] = [len(coco), coco.count("detections.detections")]
        print("TOLD" + json.dumps({"told": told, "counts": counts}))
"""


@pytest.mark.slow
def test_fiftyone_reads_its_own_format_with_every_fact_and_voc_kitti_and_coco(round_folder, blended, tmp_path):
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "RAREBLEND_CACHE": str(tmp_path / "cache"),
        "RAREBLEND_MONGOD_NOJOURNAL": "1",
    }
    words = [sys.executable, "-c", textwrap.dedent(FIFTYONE), str(round_folder / "blend")]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.split("TOLD")[1])
    assert found["told"].keys() == {p.name for p in blended.pictures}
    for picture, split in blended:
        told = found["told"][picture.name]
        assert told["there"]
        assert told["tags"] == [split, picture.source]
        assert told["facts"] == coco.facts(picture)
        assert told["parents"] == list(picture.parents)
        assert told["size"] == [picture.width, picture.height]
        for (label, shares, mask_px, key, facts), box in zip(told["boxes"], picture.annotations, strict=True):
            assert (label, key, facts) == (box.category, box.key, box.facts)
            assert np.allclose(np.array(shares) * [WIDTH, HEIGHT, WIDTH, HEIGHT], box.xywh)
            assert mask_px == (box.area_px if box.rle else None)
    boxes = sum(len(p.annotations) for p in blended.pictures)
    assert found["counts"]["coco"] == [len(blended.pictures), boxes]
    assert found["counts"]["voc"] == [len(blended.pictures), boxes]
    assert found["counts"]["kitti"] == [len(blended.pictures), boxes + len(frames(blended))]


@pytest.mark.parametrize("link", ["symlink", "hardlink", "copy"])
def test_a_format_finds_its_pictures_after_the_folder_has_moved(out, tmp_path, link):
    export(out, ExportSettings(formats=("voc", "kitti", "imagefolder", "fiftyone", "yolo_segments"), link=link))
    moved = (tmp_path / "round").rename(tmp_path / "moved") / "blend"
    placed = [p for folder in ("voc", "kitti", "imagefolder", "fiftyone") for p in (moved / folder).rglob("*.jpg")]
    originals = {path.stem: path for path in (moved / "images").iterdir()}
    assert len(placed) == 4 * len(originals)
    for path in placed:
        assert path.is_symlink() == (link == "symlink")
        assert path.samefile(originals[path.stem]) == (link != "copy")
        assert path.read_bytes() == originals[path.stem].read_bytes()


def test_nobody_has_labelled_is_not_nothing_there(out, blended):
    real = next(p for p in blended.pictures if p.source == "real")
    pictures = tuple(replace(p, labelled=False, annotations=()) if p is real else p for p in blended.pictures)
    changed = Blended(folder=out / "blend", pictures=pictures, splits=blended.splits, round_folder=out)
    for written in registry.write(changed, ("yolo", "voc", "kitti")):
        assert written.left_out == {real.name: "nobody has labelled it"}
        assert f"{len(pictures) - 1} pictures; left out 1: nobody has labelled it; cannot hold: " in written.line
    assert not (out / "blend" / "labels" / f"{real.name}.txt").exists()
    assert not (out / "blend" / "voc" / "Annotations" / f"{real.name}.xml").exists()
    assert not (out / "blend" / "kitti" / "training" / "image_2" / f"{real.name}.jpg").exists()


def test_crowds_and_ignored_boxes_are_dont_care(blended):
    frame = next(iter(frames(blended).values()))
    one, *others = frame.annotations
    marked = replace(frame, annotations=(replace(one, facts={**one.facts, "iscrowd": 1}), *others))
    kinds = [line.split()[0] for line in kitti.label_lines(marked, None)]
    assert kinds == ["Car", "DontCare"]
    assert kitti.label_lines(marked, None)[1].split()[1:4] == ["-1.00", "-1", "-10.00"]


@pytest.mark.parametrize("file_name", ["../real.jpg", "images/../../x.jpg", "/etc/passwd", "images/", "images/.."])
def test_a_picture_outside_of_the_blend_is_refused(out, file_name):
    def climb(document):
        document["images"][0]["file_name"] = file_name

    edit(out / "blend" / "annotations.json", climb)
    with pytest.raises(InputError, match=r"annotations\.json: must be the COCO file of a blend; got .*no file in"):
        export(out, ExportSettings(formats=("voc",)))


def test_a_map_outside_of_the_round_is_refused(out):
    (out / "secret.png").write_bytes(b"")
    frame = Frame(round_folder=out, record={"mask": "../round/../secret.png"})
    with pytest.raises(InputError, match="must lie in the round's folder"):
        frame.ids()


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda d: d["images"][0].pop("sha256"), "must be the COCO file of a blend"),
        (lambda d: d["images"][0].update(split="holdout"), "the splits train, val, test"),
        (lambda d: d["annotations"][0].update(image_id=1), "boxes of its own images"),
        (lambda d: d["annotations"][0].update(category_id=99), "must be the COCO file of a blend"),
        (lambda d: d["images"].append(d["images"][0]), "must have names of their own"),
    ],
)
def test_a_broken_coco_file_is_refused_in_one_line(out, change, line):
    edit(out / "blend" / "annotations.json", change)
    with pytest.raises(InputError, match=line) as told:
        export(out, ExportSettings(formats=("voc",)))
    assert "\n" not in str(told.value)


def test_a_picture_that_is_gone_is_refused_by_name(out):
    gone = next((out / "blend" / "images").iterdir())
    gone.unlink()
    with pytest.raises(InputError, match=f"{gone.name}: must be there to be exported; run: rareblend blend"):
        export(out, ExportSettings(formats=("voc",)))


def test_no_blend_is_refused_with_the_next_step(tmp_path):
    with pytest.raises(InputError, match=r"must be there to be exported; run: rareblend blend out="):
        export(tmp_path, ExportSettings(formats=("voc",)))


def test_a_format_folder_that_leads_elsewhere_is_replaced_and_what_it_led_to_is_untouched(out, tmp_path):
    real = tmp_path / "somebody's"
    real.mkdir()
    (real / "picture.jpg").write_bytes(b"theirs")
    shutil.rmtree(out / "blend" / "voc")
    (out / "blend" / "voc").symlink_to(real)
    (out / "blend" / ".voc.partial").symlink_to(real)
    export(out, ExportSettings(formats=("voc",)))
    assert tree(real) == {"picture.jpg": b"theirs"}
    assert not (out / "blend" / "voc").is_symlink()


def test_a_format_that_fails_leaves_the_earlier_one_whole(out, monkeypatch):
    before = tree(out / "blend")
    monkeypatch.setattr(Blended, "put", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space left"):
        export(out, ExportSettings(formats=("voc",)))
    assert tree(out / "blend") == before


def test_no_source_picture_changes_by_any_export(out, round_folder):
    images = {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in (out / "blend" / "images").iterdir()}
    export(out, ExportSettings(formats=tuple(registry.FORMATS), link="hardlink"))
    assert images == {p.name: (p.stat().st_mtime_ns, p.read_bytes()) for p in (out / "blend" / "images").iterdir()}


def test_the_command_exports_and_tells_what_is_lost(out, capsys):
    from rareblend import main as cli

    assert cli.main(["blend", "export", "formats=[voc,kitti]", "link=symlink", f"out={out}"]) == 0
    told = capsys.readouterr().out
    assert "kitti: " in told
    assert "cannot hold: 3D boxes of real pictures" in told
    assert cli.main(["blend", "export", "formats=[tfds]", f"out={out}"]) == 2
    assert "formats: must be names out of coco" in capsys.readouterr().err
    assert cli.main(["blend", "export", "--help"]) == 0
    assert "formats:" in capsys.readouterr().out
