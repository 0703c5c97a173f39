"""Each format as its specification writes it, and what is wrong with it, told by name."""

import hashlib
import json
import time

import cv2
import numpy as np
import pytest
from fake_round import HEIGHT, WIDTH, backdrop, edit, save, write_coco

from blend.picture import decode_mask
from blend.readers.stills import extract
from blend.readers.tree import scan
from blend.real import RealSettings, read
from scenes.errors import InputError
from scenes.settings import compose, validated


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("RAREBLEND_CACHE", str(tmp_path / "cache"))


def pictures(folder, *names):
    for place, name in enumerate(names):
        save(folder / "images" / name, backdrop(place))


def settings(kind, folder, **paths):
    """The kind's own YAML with paths, as the command gives it."""
    overrides = [f"real={kind}", f"real.images={folder / 'images'}"]
    overrides += [f"real.{key}={folder / path}" for key, path in paths.items()]
    return validated("real", RealSettings, compose("blend", overrides)["real"])


def boxes(found):
    return [[(a.category, tuple(round(v, 3) for v in a.xywh)) for a in p.annotations] for p in found.pictures]


def reasons(found):
    return [f"{entry.file}: {entry.reason}" for entry in found.left_out]


def voc(name, *objects, size=(WIDTH, HEIGHT), filename=None):
    told = "".join(
        f"<object><name>{kind}</name><difficult>1</difficult><bndbox><xmin>{x0}</xmin><ymin>{y0}</ymin>"
        f"<xmax>{x1}</xmax><ymax>{y1}</ymax></bndbox></object>"
        for kind, x0, y0, x1, y1 in objects
    )
    w, h = size
    return (
        f"<annotation><folder>x</folder><filename>{filename or name}</filename><size><width>{w}</width>"
        f"<height>{h}</height><depth>3</depth></size>{told}</annotation>"
    )


def test_voc_is_read_and_faults_are_listed(tmp_path):
    pictures(tmp_path, "a.jpg", "b.jpg", "c.jpg", "d.jpg")
    labels = tmp_path / "labels"
    labels.mkdir()
    (labels / "a.xml").write_text(voc("a.jpg", ("car", 10, 20, 40, 60), ("person", 0, 0, "wide", 5)))
    (labels / "b.xml").write_text(voc("b.jpg", ("Bus", 1, 1, 50, 50), size=(0, 0), filename="renamed.jpg"))
    (labels / "c.xml").write_text("<annotation><object>")
    (labels / "lost.xml").write_text(voc("lost.jpg", ("car", 1, 1, 9, 9)))
    found = read(settings("voc", tmp_path, annotations="labels"), seed=1)
    assert boxes(found) == [[("car", (10, 20, 30, 40))], [("bus", (1, 1, 49, 49))], [], []]
    assert [p.labelled for p in found.pictures] == [True, True, False, False]
    assert found.pictures[0].annotations[0].facts == {"difficult": 1}
    told = " | ".join(reasons(found))
    assert "a.xml: object 2: bndbox/xmax must be a number; got 'wide'" in told
    assert "c.xml: is not XML" in told
    assert "lost.xml: lost.jpg is not among the pictures" in told
    assert len(found.left_out) == 3


def test_xml_that_reaches_for_entities_is_not_expanded(tmp_path):
    pictures(tmp_path, "a.jpg", "b.jpg")
    (tmp_path / "labels").mkdir()
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 10}">' for n in range(12))
    bomb = f"<!DOCTYPE x [{lol}]>" + voc("a.jpg", ("&l11;", 1, 1, 9, 9))
    (tmp_path / "labels" / "a.xml").write_text(bomb)
    secret = tmp_path / "secret"
    secret.write_text("car")
    outside = f'<!DOCTYPE x [<!ENTITY s SYSTEM "file://{secret}">]>' + voc("b.jpg", ("&s;", 1, 1, 9, 9))
    (tmp_path / "labels" / "b.xml").write_text(outside)
    began = time.process_time()
    found = read(settings("voc", tmp_path, annotations="labels"), seed=1)
    assert boxes(found) == [[], []]
    assert time.process_time() - began < 5


def test_kitti_is_read_with_its_third_dimension(tmp_path):
    pictures(tmp_path, "000000.png", "000001.png", "000002.png")
    labels = tmp_path / "labels"
    labels.mkdir()
    (labels / "000000.txt").write_text(
        "Pedestrian 0.00 1 -0.20 71.2 14.0 81.0 37.5 1.89 0.48 1.20 1.84 1.47 8.41 0.01\n"
        "DontCare -1 -1 -10 5.0 6.0 9.0 9.0 -1 -1 -1 -1000 -1000 -1000 -10\n"
        "Tram 0 0 0 1 1 9 9\n"
    )
    (labels / "000001.txt").write_text("")
    (labels / "000009.txt").write_text("Car 0 0 0 1 1 9 9 1 1 1 1 1 1 1\n")
    found = read(settings("kitti", tmp_path, labels="labels"), seed=1)
    assert boxes(found) == [[("person", (71.2, 14, 9.8, 23.5))], [], []]
    assert [p.labelled for p in found.pictures] == [True, True, False]
    facts = found.pictures[0].annotations[0].facts
    assert (facts["truncation"], facts["kitti_occluded"]) == (0.0, 1)
    assert facts["kitti_3d"]["size_hwl_m"] == [1.89, 0.48, 1.2]
    assert facts["kitti_3d"]["bottom_centre_camera_m"] == [1.84, 1.47, 8.41]
    assert reasons(found) == [
        "000009.txt: labels a picture that is not there",
        "000000.txt: line 3: must have 15 columns, or 16 with a score; got 8",
    ]


SCALABEL = [
    {
        "name": "a.jpg",
        "videoName": "drive7",
        "attributes": {"weather": "rainy", "timeofday": "night", "scene": "undefined"},
        "labels": [
            {"id": "1", "category": "pedestrian", "box2d": {"x1": 10, "y1": 20, "x2": 30, "y2": 60},
             "attributes": {"occluded": True, "truncated": False}},
            {"id": "2", "category": "car",
             "poly2d": [{"vertices": [[10, 10], [50, 10], [50, 30], [10, 30]], "types": "LLLL", "closed": True}]},
            {"id": "3", "category": "lane", "poly2d": [{"vertices": [[1, 1], [9, 9]], "types": "LL", "closed": False}]},
            {"id": "4", "category": "car"},
        ],
    },
    {"name": "b.jpg", "labels": None},
    {"labels": []},
]  # fmt: skip


def test_scalabel_lists_are_read_with_conditions_and_polygons(tmp_path):
    pictures(tmp_path, "a.jpg", "b.jpg")
    (tmp_path / "det.json").write_text(json.dumps(SCALABEL))
    found = read(settings("bdd100k", tmp_path, annotations="det.json"), seed=1)
    assert boxes(found) == [[("person", (10, 20, 20, 40)), ("car", (10, 10, 40, 20))], []]
    first = found.pictures[0]
    assert (first.group, first.facts["weather"], first.facts["time_of_day"]) == ("real/video/drive7", "rainy", "night")
    assert "place" not in first.facts
    assert first.annotations[0].facts == {"occluded": True, "truncated": False}
    assert decode_mask(first.annotations[1].rle)[20, 30]
    told = " | ".join(reasons(found))
    assert "det.json frame 0: label 4: cannot be read (ValueError('it has no box2d and no closed poly2d'))" in told
    assert "det.json frame 2: must have a name" in told
    assert found.unmapped == {"lane": 1}


def test_the_files_of_2018_are_read(tmp_path):
    pictures(tmp_path, "a.jpg", "b.jpg")
    labels = tmp_path / "labels"
    labels.mkdir()
    for name, kind in (("a", "bike"), ("b", "motor")):
        box = {"category": kind, "id": 0, "box2d": {"x1": 1, "y1": 2, "x2": 11, "y2": 22}}
        document = {"name": name, "attributes": {"weather": "clear"}, "frames": [{"timestamp": 1, "objects": [box]}]}
        (labels / f"{name}.json").write_text(json.dumps(document))
    found = read(settings("bdd100k", tmp_path, annotations="labels"), seed=1)
    assert boxes(found) == [[("bicycle", (1, 2, 10, 20))], [("motorcycle", (1, 2, 10, 20))]]
    assert found.pictures[0].facts["weather"] == "clear"


CVAT = f"""<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version>
<image id="0" name="a.jpg" width="{WIDTH}" height="{HEIGHT}">
  <box label="car" occluded="1" xtl="10.0" ytl="20.0" xbr="40.0" ybr="60.0"><attribute name="x">1</attribute></box>
  <box label="car" occluded="0" xtl="40" ytl="40" xbr="60" ybr="50" rotation="90"></box>
  <polygon label="person" occluded="0" points="10.0,10.0;50.0,10.0;50.0,30.0;10.0,30.0"></polygon>
  <mask label="bus" occluded="0" rle="1, 2, 1, 2" left="100" top="50" width="3" height="2"></mask>
  <mask label="bus" occluded="0" rle="1, 2" left="100" top="50" width="3" height="2"></mask>
  <polygon label="car" points="1,1;2"></polygon>
  <polyline label="car" points="1,1;9,9"></polyline>
  <tag label="car"></tag>
</image>
<image id="1" name="b.jpg" width="{WIDTH}" height="{HEIGHT}"></image>
</annotations>"""


def test_cvat_boxes_polygons_and_masks_are_read(tmp_path):
    pictures(tmp_path, "a.jpg", "b.jpg")
    (tmp_path / "a.xml").write_text(CVAT)
    found = read(settings("cvat", tmp_path, annotations="a.xml"), seed=1)
    first = found.pictures[0]
    assert boxes(found) == [
        [
            ("car", (10, 20, 30, 40)),
            ("car", (45, 35, 10, 20)),
            ("person", (10, 10, 40, 20)),
            ("bus", (100, 50, 3, 2)),
        ],
        [],
    ]
    assert first.annotations[0].facts == {"occluded": True}
    mask = decode_mask(first.annotations[3].rle)
    assert mask[50:52, 100:103].tolist() == [[False, True, True], [False, True, True]]
    assert mask.sum() == first.annotations[3].area_px == 4
    told = " | ".join(reasons(found))
    assert "shape 5: its mask must lie in the picture" in told
    assert "shape 6: " in told
    assert "1 shapes of kind <polyline> are not read" in told


def test_cvat_for_video_is_refused_with_the_way_out(tmp_path):
    pictures(tmp_path, "a.jpg")
    (tmp_path / "a.xml").write_text("<annotations><track id='0' label='car'></track></annotations>")
    with pytest.raises(InputError, match=r"tracks of a video; export the task as 'CVAT for images 1\.1'"):
        read(settings("cvat", tmp_path, annotations="a.xml"), seed=1)


def yolo(folder, names="names: [car, tram]\n", **labels):
    (folder / "labels").mkdir(exist_ok=True)
    for name, text in labels.items():
        (folder / "labels" / f"{name}.txt").write_text(text)
    (folder / "data.yaml").write_text(names)
    return settings("yolo", folder, labels="labels", classes="data.yaml")


def test_yolo_segments_become_masks(tmp_path):
    pictures(tmp_path, "a.jpg")
    found = read(yolo(tmp_path, a="0 0.25 0.25 0.5 0.25 0.5 0.75 0.25 0.75\n0 .1 .1 .2 .1 .2\n"), seed=1)
    (box,) = found.pictures[0].annotations
    assert box.xywh == (40, 24, 40, 48)
    assert decode_mask(box.rle)[30:60, 45:75].all()
    assert box.area_px == pytest.approx(40 * 48, rel=0.03)
    assert "line 2: must be" in reasons(found)[0]


def test_yolo_keypoints_are_not_taken_for_corners(tmp_path):
    pictures(tmp_path, "a.jpg")
    told = yolo(tmp_path, "names: [person]\nkpt_shape: [2, 2]\n", a="0 0.5 0.5 0.25 0.5 0.4 0.4 0.6 0.6\n")
    (box,) = read(told, seed=1).pictures[0].annotations
    assert (box.xywh, box.rle) == ((60, 24, 40, 48), None)


def test_yolo_files_that_share_or_miss_a_picture_are_listed(tmp_path):
    pictures(tmp_path, "a.jpg", "twin.jpg", "twin.png", "b.jpg")
    line = "0 0.5 0.5 0.25 0.5\n"
    found = read(yolo(tmp_path, a=line, twin=line, gone=line, classes="car\n"), seed=1)
    assert [(p.facts["original"], p.labelled) for p in found.pictures] == [("a.jpg", True), ("b.jpg", False)]
    assert sorted(reasons(found)) == [
        "gone.txt: labels a picture that is not there",
        "twin.txt: labels 2 pictures: twin.jpg, twin.png",
    ]


def test_yaml_that_grows_is_refused_in_one_line(tmp_path):
    pictures(tmp_path, "a.jpg")
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}]"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    with pytest.raises(InputError, match="a class name must be a word, not a list") as refused:
        read(yolo(tmp_path, "\n".join([*lines, "names: [*i]"]), a=""), seed=1)
    assert len(str(refused.value)) < 500


def test_two_records_of_one_picture_are_both_left_out(tmp_path):
    images, annotations = write_coco(tmp_path)
    edit(annotations, lambda d: d["images"].append({**d["images"][0], "id": 99}))
    found = read(RealSettings(kind="coco", images=str(images), annotations=str(annotations)), seed=1)
    assert len(found.pictures) == 23
    assert reasons(found) == [
        "take0-0.jpg: has 2 records in annotations.json, so none can be trusted",
    ]


def test_pictures_that_no_record_names_are_told_once(tmp_path):
    images, annotations = write_coco(tmp_path)
    save(images / "beyond.jpg", backdrop(77))
    found = read(RealSettings(kind="coco", images=str(images), annotations=str(annotations)), seed=1)
    assert reasons(found) == ["annotations.json: has no record of 1 of 25 pictures, first beyond.jpg"]


def test_a_record_finds_its_picture_by_path_tail_or_only_name(tmp_path):
    for name in ("x/a.jpg", "y/a.jpg", "y/b.jpg", "c.jpg"):
        save(tmp_path / name, backdrop(1))
    tree = scan(tmp_path, "real.images")
    assert tree.find("x/a.jpg") == tree.find("/data/set/x/a.jpg") == tree.find("set\\x\\a.jpg") == "x/a.jpg"
    assert (tree.find("b.jpg"), tree.find("images/c.jpg")) == ("y/b.jpg", "c.jpg")
    for name, line in (("a.jpg", "is the name of 2 pictures"), ("z/b.jpg", "is not among"), ("", "is not among")):
        with pytest.raises(ValueError, match=line):
            tree.find(name)


def test_masks_of_coco_in_all_three_forms_are_the_same_pixels(tmp_path):
    images, annotations = write_coco(tmp_path, count=3)
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[20:40, 20:50] = True
    runs = np.flatnonzero(np.diff(mask.ravel(order="F").astype(np.int8), prepend=0, append=0))
    counts = np.diff(np.concatenate([[0], runs, [mask.size]])).tolist()
    polygon = [[20, 20, 50, 20, 50, 40, 20, 40]]
    shapes = [{"size": [HEIGHT, WIDTH], "counts": counts}, polygon, {"size": [4, 4], "counts": [16]}]
    edit(
        annotations, lambda d: [entry.update(segmentation=s) for entry, s in zip(d["annotations"], shapes, strict=True)]
    )
    found = read(RealSettings(kind="coco", images=str(images), annotations=str(annotations)), seed=1)
    whole = {p.facts["original"]: p.annotations for p in found.pictures}
    for file in ("take0-0.jpg", "take0-1.jpg"):
        assert (decode_mask(whole[file][0].rle) == mask).all()
    assert whole["take0-2.jpg"] == ()
    assert "its segmentation cannot be read at the size of the picture" in reasons(found)[0]


@pytest.mark.parametrize("corner", [1e12, float("nan"), -1e300])
def test_a_polygon_from_far_away_is_refused_and_takes_no_memory(tmp_path, corner):
    images, annotations = write_coco(tmp_path, count=3)
    edit(annotations, lambda d: d["annotations"][0].update(segmentation=[[0, 0, corner, 0, 10, corner]]))
    found = read(RealSettings(kind="coco", images=str(images), annotations=str(annotations)), seed=1)
    assert [entry.fault for entry in found.left_out] == ["unreadable mask"]


def test_a_picture_with_more_boxes_than_anybody_draws_is_left_out(tmp_path):
    images, annotations = write_coco(tmp_path, count=3)
    box = {"image_id": 0, "category_id": 0, "bbox": [1, 1, 5, 5]}
    edit(annotations, lambda d: d["annotations"].extend({"id": 10 + n, **box} for n in range(10_000)))
    found = read(RealSettings(kind="coco", images=str(images), annotations=str(annotations)), seed=1)
    assert reasons(found) == ["take0-0.jpg: has 10001 boxes; more than 10000 are not believed"]


@pytest.mark.slow
def test_a_million_boxes_are_read_in_seconds(tmp_path):
    images, annotations = write_coco(tmp_path, count=240)
    box = {"category_id": 0, "bbox": [1, 1, 5, 5]}
    edit(
        annotations, lambda d: d["annotations"].extend({"id": n, "image_id": n % 240, **box} for n in range(1_000_000))
    )
    began = time.process_time()
    found = read(RealSettings(kind="coco", images=str(images), annotations=str(annotations), count=2), seed=1)
    assert found.classes["car"] == 1_000_240
    assert time.process_time() - began < 60


def test_nothing_real_is_modified(tmp_path):
    pictures(tmp_path, "a.jpg", "b.jpg")
    told = yolo(tmp_path, a="0 0.5 0.5 0.25 0.5\n")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    before = {path: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) for path in files}
    read(told, seed=1)
    assert before == {p: (hashlib.sha256(p.read_bytes()).hexdigest(), p.stat().st_mtime_ns) for p in files}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.yaml", "images", "labels"]


def whole_sets(folder):
    """One small set of each format: the file to be broken, and the settings that read it."""
    pictures(folder, "a.jpg", "b.jpg")
    (folder / "labels").mkdir()
    box = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 30, 40]}
    shapes = [[[1, 1, 30, 1, 30, 30]], {"size": [HEIGHT, WIDTH], "counts": [15_000, 360]}, []]
    document = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": WIDTH, "height": HEIGHT}, {"id": 2, "file_name": "b.jpg"}],
        "annotations": [{**box, "segmentation": shape} for shape in shapes],
        "categories": [{"id": 1, "name": "car"}],
    }
    texts = {
        "coco": ("c.json", json.dumps(document), {"annotations": "c.json"}),
        "bdd100k": ("det.json", json.dumps(SCALABEL), {"annotations": "det.json"}),
        "cvat": ("a.xml", CVAT, {"annotations": "a.xml"}),
        "voc": ("labels/a.xml", voc("a.jpg", ("car", 10, 20, 40, 60)), {"annotations": "labels"}),
        "kitti": (
            "labels/a.txt",
            "Car 0 1 -0.2 71.2 14 81 37.5 1.89 0.48 1.2 1.84 1.47 8.41 0.01\n",
            {"labels": "labels"},
        ),
        "yolo": ("data.yaml", "names: [car, tram]\n", {"labels": "labels", "classes": "data.yaml"}),
    }
    for kind, (name, text, paths) in texts.items():
        (folder / name).write_text(text)
        yield kind, folder / name, settings(kind, folder, **paths)


def broken(data, rng):
    """Change, cut or stuff a few places of a file."""
    data = bytearray(data)
    for _ in range(rng.integers(1, 4)):
        place, length = rng.integers(len(data)), rng.integers(1, 20)
        stuffing = (b"null", b"-1", b"1e999", b"NaN", b"[]", b"{}", b'"x"', b"9" * 30, bytes([rng.integers(256)]))
        data[place : place + length * rng.integers(2)] = stuffing[rng.integers(len(stuffing))]
    return bytes(data)


def test_no_broken_file_ends_in_anything_but_pictures_or_one_line(tmp_path):
    rng, read_whole, refusals = np.random.default_rng(5), 0, []
    for kind, path, told in whole_sets(tmp_path):
        data = path.read_bytes()
        for _ in range(40):
            path.write_bytes(broken(data, rng))
            try:
                read_whole += bool(read(told, seed=1).pictures)
            except InputError as error:
                refusals.append(f"{kind}: {error}")
        path.write_bytes(data)
    assert read_whole > 40
    assert len(refusals) > 40
    assert not [line for line in refusals if "\n" in line]


def film(path, *shots, still_frames=20):
    video = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 25, (WIDTH, HEIGHT))
    for shot in shots:
        for _ in range(still_frames):
            video.write(backdrop(shot)[..., ::-1])
    video.release()


def test_a_video_gives_one_still_a_shot_and_is_one_group(tmp_path):
    (tmp_path / "v").mkdir()
    film(tmp_path / "v" / "one.mp4", 1, 2, 1, 3, still_frames=23)
    film(tmp_path / "v" / "two.avi", 4)
    (tmp_path / "v" / "broken.mp4").write_bytes(b"no video")
    told = RealSettings(kind="video", videos=str(tmp_path / "v"))
    first, again = read(told, seed=1), read(told, seed=1)
    assert first.pictures == again.pictures
    assert [p.group for p in first.pictures] == ["real/one.mp4"] * 3 + ["real/two.avi"]
    assert reasons(first) == ["broken.mp4: is not a video that can be decoded"]
    assert not any(p.labelled for p in first.pictures)


def test_a_shot_shorter_than_the_step_between_two_looks_is_not_missed(tmp_path):
    video = cv2.VideoWriter(str(tmp_path / "cut.mp4"), cv2.VideoWriter.fourcc(*"mp4v"), 25, (WIDTH, HEIGHT))
    for number in range(30):
        video.write(backdrop(2 if 13 <= number < 18 else 1)[..., ::-1])
    video.release()
    assert extract(tmp_path / "cut.mp4", tmp_path, []) == 2
    assert sorted(path.name for path in tmp_path.glob("*.jpg")) == ["cut-00000.jpg", "cut-00013.jpg"]


@pytest.mark.parametrize(
    ("paths", "line"),
    [
        ({"videos": "nothing"}, "real.videos: must be a video or a folder that exists"),
        ({"videos": "."}, "real.videos: must hold videos"),
    ],
)
def test_what_is_no_video_is_refused_in_one_line(tmp_path, paths, line):
    with pytest.raises(InputError, match=line):
        read(RealSettings(kind="video", **{key: str(tmp_path / path) for key, path in paths.items()}), seed=1)
