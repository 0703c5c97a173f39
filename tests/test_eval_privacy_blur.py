"""`rareblend blend blur`: copies with faces and plates blurred, recall where labels are given, real files untouched."""

import hashlib
import json
import shutil
from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np
import onnx
import pytest
from PIL import Image

from eval.privacy import blur, recall
from eval.privacy.blur import BlurSettings
from eval.privacy.sensitive import Finder
from rareblend.main import main
from scenes.errors import InputError

PORTRAIT = Path(mpl.get_data_path()) / "sample_data" / "grace_hopper.jpg"  # in the public domain
FACE_XYXY = (190, 90, 340, 270)


@pytest.fixture
def real(tmp_path):
    """A folder with a portrait, with the place where it was taken, and a picture without faces below it."""
    folder = tmp_path / "real"
    (folder / "night").mkdir(parents=True)
    with Image.open(PORTRAIT) as image:
        exif = image.getexif()
        exif[0x010E] = "taken at home"
        image.save(folder / "portrait.jpg", exif=exif)
    noise = np.random.default_rng(0).integers(90, 110, (120, 160, 3), dtype=np.uint8)
    assert cv2.imwrite(str(folder / "night" / "road.png"), noise)
    return folder


def yunet(path, *, side, row, column, cells_wh):
    """Write a network with the outputs of YuNet that sees one face in every picture of a size, in cells of 8 px."""
    mean = onnx.helper.make_node("ReduceMean", ["input"], ["mean"], axes=[1, 2, 3], keepdims=1)
    nodes = [
        mean,
        onnx.helper.make_node("Reshape", ["mean", "shape"], ["flat"]),
        onnx.helper.make_node("Mul", ["flat", "zero"], ["none"]),
    ]
    values, outputs = {"shape": np.ones(3, np.int64), "zero": np.zeros((1, 1, 1), np.float32)}, []
    for kind, width in {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}.items():
        for stride in (8, 16, 32):
            name, told = f"{kind}_{stride}", np.zeros((1, (side // stride) ** 2, width), np.float32)
            face = {"cls": 1, "obj": 1, "bbox": [0.5, 0.5, *np.log(cells_wh)], "kps": 0}[kind]
            told[0, row * (side // 8) + column if stride == 8 else 0] = face if stride == 8 else 0
            values[f"{name} told"] = told
            nodes.append(onnx.helper.make_node("Add", ["none", f"{name} told"], [name]))
            outputs.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, told.shape))
    given = onnx.helper.make_tensor_value_info("input", onnx.TensorProto.FLOAT, [1, 3, side, side])
    held = [onnx.numpy_helper.from_array(value, name) for name, value in values.items()]
    graph = onnx.helper.make_graph(nodes, "yunet", [given], outputs, held)
    onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 11)], ir_version=7), path)
    return path


def run(real, out, *words):
    return main(["blend", "blur", f"real={real}", f"out={out}", "blur.max_share=1", "workers=1", *words])


def labels(path, boxes, category="face", file="portrait.jpg"):
    content = {
        "images": [{"id": 1, "file_name": file}],
        "categories": [{"id": 1, "name": category}],
        "annotations": [{"image_id": 1, "category_id": 1, "bbox": box} for box in boxes],
    }
    path.write_text(json.dumps(content))
    return path


def digests(folder):
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def test_a_face_is_hidden_in_a_copy_and_the_real_files_stay(real, tmp_path, capsys):
    before, out = digests(real), tmp_path / "out"
    x0, y0, x1, y1 = FACE_XYXY
    marked = labels(tmp_path / "faces.json", [[x0, y0, x1 - x0, y1 - y0], [0, 0, 20, 20]])
    assert run(real, out, f"blur.labels={marked}") == 0
    assert digests(real) == before
    copied = out / "blur" / "images" / "portrait.jpg"
    old, new = cv2.imread(str(real / "portrait.jpg")), cv2.imread(str(copied))
    assert cv2.Laplacian(new[y0:y1, x0:x1], cv2.CV_64F).std() < 0.2 * cv2.Laplacian(old[y0:y1, x0:x1], cv2.CV_64F).std()
    assert np.abs(new[400:].astype(int) - old[400:]).mean() < 4  # the rest is as it was, but for JPEG
    assert b"taken at home" in (real / "portrait.jpg").read_bytes()
    assert b"taken at home" not in copied.read_bytes()
    assert np.array_equal(cv2.imread(str(out / "blur/images/night/road.png")), cv2.imread(str(real / "night/road.png")))
    record = json.loads((out / "blur" / "blur.json").read_text())
    assert record["counts"]["pictures"] == 2
    assert record["counts"]["blurred"] == 1
    assert record["recall"]["face"]["value"] == 0.5
    assert record["recall"]["plate"] == {"not_measured": "no plate is labelled in the 1 pictures that are"}
    assert {copy["source_sha256"] for copy in record["pictures"]} == set(before.values())
    assert "recall of faces: 0.50 [0.01, 0.99], 1 of 2 in 1 pictures" in capsys.readouterr().out


def test_without_labels_recall_is_not_measured(real, tmp_path, capsys):
    shutil.rmtree(real / "night")
    assert run(real, tmp_path / "out") == 0
    assert "recall of plates: not measured: no labelled plates" in capsys.readouterr().out


def test_the_number_of_workers_changes_no_byte(real, tmp_path):
    for workers in (1, 2):
        assert run(real, tmp_path / f"out{workers}", f"workers={workers}") == 0
    one, two = (sorted(digests(tmp_path / f"out{workers}" / "blur").values()) for workers in (1, 2))
    assert one == two


def test_what_is_larger_than_said_is_left_alone():
    picture = cv2.imread(str(PORTRAIT))
    finder = Finder(faces_model=None, score=0.5, votes=3, min_px=12, max_share=0.05)
    x0, y0, x1, y1 = FACE_XYXY
    assert all(
        min(b[2], x1) - max(b[0], x0) < 60 or min(b[3], y1) - max(b[1], y0) < 60 for _, b in finder.find(picture)
    )


def test_hiding_no_box_changes_nothing_and_hiding_one_leaves_few_levels():
    picture = np.random.default_rng(0).integers(0, 255, (40, 60, 3), dtype=np.uint8)
    assert np.array_equal(blur.hidden(picture, []), picture)
    flat = blur.hidden(picture, [("face", (10, 5, 50, 37))])
    assert np.array_equal(flat[:5], picture[:5])
    assert flat[5:37, 10:50].std() < 0.3 * picture[5:37, 10:50].std()


def test_a_box_is_widened_inside_its_picture():
    assert blur.grown(("plate", (10, 10, 20, 14)), 0.5, (24, 30)) == ("plate", (5, 8, 24, 16))


def test_a_covered_share_counts_what_overlaps_once():
    assert recall.covered((0, 0, 10, 10), []) == 0
    assert recall.covered((0, 0, 10, 10), [(0, 0, 5, 10), (3, 0, 8, 10)]) == pytest.approx(0.8)
    assert recall.covered((5, 5, 5, 5), [(0, 0, 9, 9)]) == 0


def test_recall_is_only_told_of_pictures_that_were_blurred():
    there = {"a.jpg": [("face", (0, 0, 4, 4))]}
    assert recall.measured(there, {"b.jpg": []}, "face") == "no picture of blur.labels is among those that were blurred"
    assert recall.measured(there, {"a.jpg": [("plate", (0, 0, 4, 4))]}, "face").hidden == 1
    assert recall.measured(there, {"a.jpg": [("face", (2, 0, 4, 4))]}, "face").hidden == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["blur.faces_model=/nowhere.onnx"], "must be YuNet's ONNX file"),
        (["blur.labels=/nowhere.json"], "blur.labels: must be a file that can be read"),
        (["blur.votes=0"], "blur.votes: must be at least 1"),
        (["blur.quality=0"], "blur.quality: must lie in"),
    ],
)
def test_bad_input_is_told_in_one_line(real, tmp_path, capsys, words, said):
    assert run(real, tmp_path / "out", *words) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out" / "blur").exists()


def test_faces_that_the_network_sees_are_taken_as_boxes(tmp_path):
    model = yunet(tmp_path / "yunet.onnx", side=64, row=3, column=4, cells_wh=(2, 3))
    picture = np.zeros((64, 64, 3), np.uint8)
    assert BlurSettings(faces_model=model, max_share=0.5).finder().find(picture) == [("face", (28, 16, 44, 40))]
    assert BlurSettings(faces_model=model, max_share=0.3).finder().find(picture) == []
    assert BlurSettings(faces_model=model, max_share=0.5, min_px=17).finder().find(picture) == []


def test_a_weight_file_of_something_else_is_told(real, tmp_path):
    (tmp_path / "broken.onnx").write_bytes(b"nothing")
    with pytest.raises(InputError, match="must be YuNet's ONNX file"):
        BlurSettings(faces_model=tmp_path / "broken.onnx").finder()


@pytest.mark.parametrize(("content", "said"), [("[]", "must be COCO"), (None, "must name one of face")])
def test_labels_that_cannot_be_used_are_told(tmp_path, content, said):
    path = labels(tmp_path / "labels.json", [], category="car")
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=said):
        recall.read(path)


def test_copies_never_lie_among_the_real_pictures(real, capsys):
    before = digests(real)
    assert run(real, real / "copies") == 2
    assert "must lie outside the real pictures" in capsys.readouterr().err
    assert digests(real) == before
