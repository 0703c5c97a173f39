"""`rareblend render inspect`: a frame's labels on one sheet, its record in words, one line for what is wrong."""

import json

import cv2
import numpy as np
import pytest
from small_bundle import HEIGHT, WIDTH, traced

from eval.report.drawing import CLASS_HEX
from rareblend import main as cli
from render.develop.distortion import Distortion, lens_of
from render.inspect.boxes import boxes_panel
from render.inspect.canvas import Canvas, tag_size
from render.inspect.close_up import close_up_panel, cropped, window_of
from render.inspect.colours import CLASSES, SURFACES
from render.inspect.frame import find, read
from render.inspect.inspection import inspect
from render.inspect.maps import parts_panel, semantic_panel
from render.inspect.placement import Placement, gap, overlap
from render.inspect.plan_view import plan_panel
from render.inspect.projection import box_corners_m
from render.inspect.solids import box_lines_px, solids_panel
from render.inspect.words import clock, share, words
from render.manifest import read_record, view_path, write_map
from render.semantic import ACTORS_FROM
from scenes.errors import InputError
from scenes.ontology import CATEGORIES, PARTS, STUFF

CRASH = {
    "absorbed_energy_j": 15666.2, "closing_speed_mps": 10.0, "crush_m": 0.063, "delta_v_mps": 5.0,
    "impact_point_m": [2.5, 0.0], "partner": 2, "pdof_deg": 291.0, "phase": "impact",
}  # fmt: skip
NEW_FIELDS = {
    "velocity_mps": [-8.0, 0.0, 0.0],
    "damaged_px": 12,
    "keypoints": [
        {"name": "wheel", "xy": [40.5, 30.05], "xyz_m": [20.0, 0.0, -0.43], "visibility": 2},
        {"name": "plate", "xy": [44.0, 30.0], "xyz_m": [20.0, -1.0, -0.43], "visibility": 1},
    ],
    "visibility": {"contrast_to_noise": 0.4, "ignore": True},
}


@pytest.fixture
def written(tmp_path):
    """Return a function that writes a round with one frame, changed as told, and gives its record's path."""

    def write(scene="", **changes):
        known = [path.parent.name for path in tmp_path.glob("scenes/*/spec.json")]
        scene = scene or next(iter(known), "") or traced(tmp_path)
        labels = read_record(view_path(tmp_path, scene, "0"))
        frame = f"{scene}-0-abc123"
        record = {
            "schema": 2, "frame": frame, "scene": scene, "view": "0", "image": f"images/{frame}.jpg",
            "mask": f"masks/{scene}-0.png", "width": WIDTH, "height": HEIGHT, "sentence": "A test.",
            "scenario": "test", "camera": labels["camera"], "objects": labels["objects"], **changes,
        }  # fmt: skip
        (tmp_path / "images").mkdir(exist_ok=True)
        (tmp_path / "frames").mkdir(exist_ok=True)
        grey = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
        (tmp_path / record["image"]).write_bytes(cv2.imencode(".jpg", grey)[1].tobytes())
        path = tmp_path / "frames" / f"{frame}.json"
        path.write_text(json.dumps(record))
        return path

    return write


def _object(path, **changes):
    """Change the first object of a record on disk."""
    record = read_record(path)
    record["objects"][0].update(changes)
    path.write_text(json.dumps(record))
    return path


def test_a_frame_without_objects_still_has_a_sheet(written, tmp_path):
    path, told = inspect(tmp_path, str(written(objects=[])))
    assert cv2.imread(str(path)).shape[1] == 1920
    assert "No object is labelled." in told


def test_the_sheet_is_written_beside_the_round_and_changes_nothing_else(written, tmp_path):
    written()
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    path, _ = inspect(tmp_path, find(tmp_path, "").stem)
    assert path.parent == tmp_path / "inspect"
    assert {other: other.read_bytes() for other in before} == before
    assert {other for other in tmp_path.rglob("*") if other.is_file()} - set(before) == {path}
    height, width, _ = cv2.imread(str(path)).shape
    assert width == 1920
    assert 1500 < height < 3000


@pytest.mark.parametrize("dashed", [False, True])
def test_a_drawn_box_has_its_line_centred_on_the_edges(dashed):
    canvas = Canvas(np.zeros((60, 90, 3), np.uint8))
    canvas.box((10, 20, 70, 50), (255, 255, 255), dashed=dashed)
    drawn = np.argwhere(canvas.rgb[..., 0] > 0)
    rows, columns = set(drawn[:, 0].tolist()), set(drawn[:, 1].tolist())
    assert (min(rows), max(rows), min(columns), max(columns)) == (19, 50, 9, 70)
    inner = canvas.rgb[21:49, 11:69]
    assert not inner.any()


def test_a_visible_box_stands_in_the_panel_at_its_edges_times_the_scale(written):
    _object(written(), amodal_xyxy=[28, 25, 47, 34])
    frame = read(written())
    panel = boxes_panel(frame, 800, 800)
    scale = panel.rgb.shape[1] / WIDTH
    assert scale == 10
    is_blue = np.abs(panel.rgb.astype(int) - CLASSES["car"]).max(axis=-1) < 3
    row = round(scale * 32)
    columns = np.flatnonzero(is_blue[row])
    assert {299, 300, 459, 460} <= set(columns.tolist())
    assert columns.min() == 299
    assert columns.max() == 460
    rows = np.flatnonzero(is_blue[:, round(scale * 44)])
    assert (rows.min(), rows.max()) == (259, 340)


def test_3d_boxes_project_to_where_a_pinhole_puts_them(written):
    frame = read(written())
    corners = box_corners_m(frame.record["objects"][0]["box3d"])
    rotation, _ = cv2.Rodrigues(frame.projection.world_to_camera[:3, :3])
    expected, _ = cv2.projectPoints(
        corners, rotation, frame.projection.world_to_camera[:3, 3], frame.projection.K, None
    )
    assert np.allclose(frame.projection.px(corners), expected[:, 0] + 0.5, atol=1e-6)


@pytest.mark.parametrize("model", ["brown_conrady", "fisheye"])
@pytest.mark.parametrize("with_view", [True, False])
def test_3d_boxes_of_a_distorted_record_are_bent_as_opencv_bends_them(written, tmp_path, model, with_view):
    k, p = ((-0.25, 0.06, -0.01), (0.002, -0.001)) if model == "brown_conrady" else ((-0.05, 0.01, 0.0, 0.0), ())
    lens = lens_of(Distortion(model=model, k=k, p=p), (70.0, 70.0, 40.0, 24.0), (WIDTH, HEIGHT))
    scene = traced(tmp_path)
    labels = read_record(view_path(tmp_path, scene, "0"))
    path = written(scene, camera={**labels["camera"], **lens.camera()})
    if not with_view:
        view_path(tmp_path, scene, "0").unlink()
    projection = read(path).projection
    corners = box_corners_m({"center_m": [12, 2, 1], "size_m": [4, 2, 1.5], "heading_deg": 30})
    rotation, _ = cv2.Rodrigues(projection.world_to_camera[:3, :3])
    shift = np.asarray(projection.world_to_camera[:3, 3])
    if model == "fisheye":
        expected, _ = cv2.fisheye.projectPoints(corners[:, None], rotation, shift, lens.K, np.array(k))
    else:
        expected, _ = cv2.projectPoints(corners, rotation, shift, lens.K, np.array([k[0], k[1], *p, k[2]]))
    assert np.abs(projection.px(corners) - expected[:, 0] - 0.5).max() < (1e-3 if with_view else 0.05)
    straight = cv2.projectPoints(corners, rotation, shift, lens.K, None)[0][:, 0] + 0.5
    assert np.abs(projection.px(corners) - straight).max() > 0.3


def test_an_edge_that_passes_the_camera_is_cut_and_drawn(written):
    frame = read(written())
    around = {"box3d": {"center_m": [0, 0.9, 1.3], "size_m": [8, 1, 1], "heading_deg": 0}}
    pieces = box_lines_px(frame, around, [(0, 4), (1, 5)])
    assert len(pieces) == 2
    assert all(np.isfinite(piece).all() for piece in pieces)
    assert box_lines_px(frame, {"box3d": {**around["box3d"], "center_m": [-20, 0, 1]}}, [(0, 4)]) == []


def test_front_keypoints_and_lanes_leave_their_marks(written):
    plain = read(written())
    full = read(
        _object(
            written(lanes=[{"kind": "line", "xyz_m": [[-5, 1.6, 0], [60, 1.6, 0]], "xy": [[41, 25]]}]), **NEW_FIELDS
        )
    )
    without, drawn = (solids_panel(frame, 800, 800).rgb.astype(int) for frame in (plain, full))
    changed = np.abs(drawn - without).max(axis=-1) > 40
    assert changed[290:312, 395:415].any()  # the seen keypoint at (40.5, 30.05)
    near = plain.projection.px(np.array([[8.0, 1.6, 0.0]]))[0] * 10
    x, y = np.rint(near).astype(int)
    assert changed[y - 3 : y + 4, x - 3 : x + 4].any()


def test_the_close_up_holds_the_small_objects_where_they_are(written):
    frame = read(_object(written(), bbox_xyxy=[60, 30, 62, 33], amodal_xyxy=[60, 29, 62, 33]))
    x0, y0, x1, y1 = window_of(frame)
    assert (x1 - x0, y1 - y0) == (WIDTH // 2, WIDTH // 8)
    assert x0 <= 60
    assert x1 >= 62
    assert y0 <= 30
    assert y1 >= 33
    cut = cropped(frame, (x0, y0, x1, y1))
    assert cut.objects[0]["bbox_xyxy"] == [60 - x0, 30 - y0, 62 - x0, 33 - y0]
    assert cut.rgb.shape == (WIDTH // 8, WIDTH // 2, 3)


def test_there_is_no_close_up_without_small_objects(written):
    assert close_up_panel(read(written()), 640, 400) is None


def test_tags_never_cover_each_other_and_stay_in_the_picture():
    rng = np.random.default_rng(4)
    boxes = [(x, y, x + 20, y + 15) for x, y in rng.uniform((500, 300), (760, 420), (40, 2))]
    places = Placement((1280, 768), avoid=boxes)
    spots = [places.place(tag_size("motorcycle 12 102 m"), box) for box in boxes]
    assert None not in spots
    assert all(min(spot[:2]) >= 0 and spot[2] <= 1280 and spot[3] <= 768 for spot in spots)
    assert all(overlap(a, b) == 0 for i, a in enumerate(spots) for b in spots[:i])


def test_a_lonely_tag_touches_its_box():
    box = (300.0, 200.0, 380.0, 260.0)
    assert gap(Placement((640, 400), avoid=[box]).place((70, 18), box), box) <= 3


def test_a_full_picture_has_no_place_for_a_tag():
    assert Placement((50, 18), taken=[(0, 0, 50, 18)]).place((40, 18), (10, 2, 20, 12)) is None


def test_the_words_tell_each_object_and_each_crash_party(written):
    record = read_record(written())
    person = {**record["objects"][0], "instance": 9, "category": "person", "kind": "walking", "distance_m": 33.3}
    told = words(read(written(record["scene"], objects=[{**record["objects"][0], "crash": CRASH}, person])))
    lines = told.splitlines()
    assert any(line.split()[:3] == ["1", "car", "sedan"] for line in lines)
    assert any(line.split()[:4] == ["9", "person", "walking", "33.3"] for line in lines)
    party = next(line for line in lines if "against 2" in line)
    for figure in ("Sedan 1", "at the impact", "36 km/h", "18.0 km/h", "10 o'clock", "291°", "15.7 kJ", "6 cm"):
        assert figure in party, figure


def test_the_sheet_says_what_an_older_record_lacks(written):
    frame = read(written())
    assert solids_panel(frame, 400, 400).note == "not in this record: keypoints, lanes"
    assert plan_panel(frame, 400, 400).note == "not in this record: velocities"
    assert "not in this record" in semantic_panel(frame, 400, 400).note


def test_new_fields_are_told_and_an_ignored_object_is_grey(written):
    path = _object(written(), **NEW_FIELDS)
    frame = read(path)
    told = words(frame)
    assert "1 of 2 seen" in told
    assert "0.4 ignored" in told
    assert "8.0" in told
    assert "2 keypoints projected again" in told
    panel = boxes_panel(frame, 800, 800)
    assert not (np.abs(panel.rgb.astype(int) - CLASSES["car"]).max(axis=-1) < 3).any()


def test_a_part_map_is_drawn_with_its_damage(written, tmp_path):
    path = written()
    record = read_record(path)
    parts = np.zeros((HEIGHT, WIDTH), np.uint8)
    parts[26:34, 30:46] = PARTS["door"]
    parts[26:30, 30:46] |= 128
    write_map(tmp_path / "parts" / f"{record['scene']}-0.png", parts)
    path = written(maps={"parts": f"parts/{record['scene']}-0.png"})
    frame = read(path)
    assert np.array_equal(frame.geometry.parts, parts)
    panel = parts_panel(frame, 640, 450)
    assert [key.words for key in panel.keys] == ["door", "damaged"]


def test_a_semantic_map_is_drawn_with_its_legend(written, tmp_path):
    classes = np.full((HEIGHT, WIDTH), STUFF["road"], np.uint8)
    classes[:20] = STUFF["sky"]
    classes[26:34, 30:46] = ACTORS_FROM + CATEGORIES["car"]
    write_map(tmp_path / "semantic" / "a.png", classes)
    panel = semantic_panel(read(written(maps={"semantic": "semantic/a.png"})), WIDTH, 450)
    assert [key.words for key in panel.keys] == ["sky", "road", "car"]
    assert tuple(panel.rgb[5, 5].tolist()) == SURFACES["sky"]
    assert tuple(panel.rgb[45, 5].tolist()) == SURFACES["road"]
    assert tuple(panel.rgb[30, 35].tolist()) == CLASSES["car"]


def test_depth_and_normals_of_a_round_without_bundles_are_said_to_be_absent(written, tmp_path):
    path = written()
    record = read_record(path)
    view_path(tmp_path, record["scene"], "0").with_suffix(".exr").unlink()
    frame = read(path)
    assert frame.geometry.depth_m is None
    assert inspect(tmp_path, str(path))[0].is_file()


@pytest.mark.parametrize(("degrees", "hour"), [(0, 12), (14, 12), (16, 1), (90, 3), (180, 6), (291, 10), (350, 12)])
def test_a_force_comes_from_an_hour_of_the_clock(degrees, hour):
    assert clock(degrees) == hour


@pytest.mark.parametrize(
    ("value", "told"), [(None, "-"), (0, "0%"), (0.004, "<1%"), (0.5, "50%"), (0.997, ">99%"), (1, "100%")]
)
def test_shares_say_none_and_all_only_where_it_is_so(value, told):
    assert share(value) == told


def test_classes_have_the_colours_of_the_report():
    assert set(CLASSES) == set(CATEGORIES)
    for category, told in CLASS_HEX.items():
        assert "#" + bytes(CLASSES[category]).hex() == told


def test_every_class_of_stuff_has_a_colour_of_its_own():
    assert set(SURFACES) == set(STUFF)
    assert len(set(SURFACES.values())) == len(STUFF)


def _refusal(capsys, *told):
    assert cli.main(["render", "inspect", *told]) == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1, line
    return line


def test_a_frame_is_found_by_the_beginning_of_its_name(written, tmp_path):
    path = written()
    assert find(tmp_path, path.stem[:5]) == path
    path.with_name(path.stem[:5] + "-other.json").write_text("{}")
    with pytest.raises(InputError, match="must begin only one frame's name"):
        find(tmp_path, path.stem[:5])
    assert find(tmp_path, path.stem) == path


def test_the_command_prints_the_words_and_names_the_sheet(written, tmp_path, capsys):
    path = written()
    assert cli.main(["render", "inspect", path.stem, f"out={tmp_path}"]) == 0
    told = capsys.readouterr().out
    assert "A test." in told
    assert f"inspect: {tmp_path / 'inspect' / path.stem}.jpg" in told


def test_the_help_of_render_tells_of_inspect(capsys):
    assert cli.main(["render", "--help"]) == 0
    assert "rareblend render inspect FRAME" in capsys.readouterr().out


def test_what_is_missing_or_broken_is_one_line(written, tmp_path, capsys):
    out = f"out={tmp_path}"
    assert "must hold developed frames" in _refusal(capsys, "abc", out)
    path = written()
    assert "must name one frame" in _refusal(capsys, out)
    assert "must be a frame in" in _refusal(capsys, "zzz", out)
    assert "no such file" in _refusal(capsys, str(tmp_path / "frames" / "no.json"))
    whole = path.read_text()
    path.write_text(whole[:50])
    assert "must be a JSON record" in _refusal(capsys, path.stem, out)
    path.write_text('{"frame": "a"}')
    assert "scene: must be told" in _refusal(capsys, path.stem, out)
    path.write_text(whole)
    image = tmp_path / json.loads(whole)["image"]
    image.unlink()
    told = _refusal(capsys, path.stem, out)
    assert str(image) in told
    assert "no such file" in told
    assert "rareblend develop" in told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"category": "ufo"}, "category: must be one of car"),
        ({"bbox_xyxy": [5, 5, 1, 1]}, "x0 <= x1"),
        ({"amodal_xyxy": [1, 2, 3]}, "objects.0.amodal_xyxy"),
        ({"box3d": {"center_m": [1, 2, 3]}}, "objects.0.box3d.size_m: must be told; got nothing"),
        ({"keypoints": [{"name": "nose", "visibility": 3}]}, "objects.0.keypoints.0.visibility"),
        ({"keypoints": [{"name": "nose", "visibility": 2}]}, "keypoints.xy"),
        ({"velocity_mps": [1, float("nan"), 0]}, "objects.0.velocity_mps.1"),
    ],
)
def test_a_record_edited_by_hand_is_refused(written, changes, told, capsys):
    assert told in _refusal(capsys, str(_object(written(), **changes)))


def test_a_mask_or_bundle_of_another_size_is_named(written, tmp_path, capsys):
    path = written()
    write_map(tmp_path / read_record(path)["mask"], np.zeros((8, 8), np.uint16))
    assert "must be 80x48 as its record says; got 8x8" in _refusal(capsys, str(path))
