"""Clips through farm and develop: names, resuming, shared bundles, one look, exposure that lags, films and tracks."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import cube_scenes
import cv2
import farm_main
import numpy as np
import pytest
from small_bundle import HEIGHT, VIEWPOINT, WIDTH, bundle, scene, settings
from test_scenes_clip import crash, parked

from rareblend import main as cli
from render import farm, manifest
from render.clips import flow
from render.clips.export import ExportSettings, export
from render.clips.moment import Moment, frame_lag, look_at, steady
from render.clips.reuse import repeats
from render.clips.stored import camera_and_frame, in_order, read, view_name
from render.clips.tracks import mot_class
from render.develop.develop import develop
from render.develop.exposure import lagged
from render.develop.preset import draw
from render.develop.round import develop as develop_round
from render.develop.view import prepare
from scenes.clip import Clip, ClipSettings, at
from scenes.errors import InputError
from scenes.spec.scene import dumps

SHORT = ClipSettings(frames=4, rate_hz=10)


def trace(specs, out, **options):
    options = {"settings": farm_main.TINY, "workers": 1, "device": "cpu", "command": farm_main.FAKE} | options
    return farm.trace(specs, out, **options)


def driving():
    return parked(velocity_mps=(5.0, 0.0))


def traced_clip(out, frames=4, scale=lambda _frame: 1.0, lamp_lit=lambda _frame: True):
    """A round with one clip whose car moves to the right; `scale` says how bright a frame is."""
    described = replace(scene(), seed=5)
    name = described.scene_id
    folder = out / "scenes" / name
    folder.mkdir(parents=True)
    (folder / "spec.json").write_text(dumps(described))
    (folder / "clip.json").write_text(json.dumps({"frames": frames, "rate_hz": 10.0, "start_s": -0.1}))
    for frame in range(frames):
        made = bundle(scale(frame))
        made.ids[:] = 0
        made.ids[26:34, 20 + 4 * frame : 36 + 4 * frame] = 1
        box = [20 + 4 * frame, 26, 36 + 4 * frame, 34]
        labelled = {
            "instance": 1, "category": "car", "kind": "sedan", "bbox_xyxy": box, "amodal_xyxy": box, "area_px": 128,
            "occlusion": 0.25, "truncation": 0, "distance_m": 20, "crash": None,
            "box3d": {"center_m": [20, 0, 1], "size_m": [4, 2, 1.5], "heading_deg": 0},
            "velocity_mps": [0.0, 0.0, 0.0], "keypoints": [], "damaged_px": 0,
            "box3d_camera": {"center_m": [0, 0, 20], "rotation": np.eye(3).tolist()},
        }  # fmt: skip
        camera = {
            "K": [[70, 0, 40], [0, 70, 24], [0, 0, 1]], "hfov_deg": 60,
            "world_to_camera": [[0, -1, 0, 0], [0, 0, -1, 1.3], [1, 0, 0, 0], [0, 0, 0, 1]],
        }  # fmt: skip
        labels = {
            "schema": 2, "scene": name, "view": view_name(0, frame), "width": WIDTH, "height": HEIGHT, "camera": camera,
            "objects": [labelled], "time_s": round(-0.1 + frame / 10, 6), "lanes": [],
        }  # fmt: skip
        manifest.commit_view(out, made, labels)
    return name


def developed(out, count=1, workers=1):
    looks, sensor = settings()
    return develop_round(out, looks=looks, sensor=sensor, count=count, seed=7, workers=workers)


def test_views_are_named_by_camera_and_frame():
    assert view_name(0, None) == "0"
    assert view_name(0, 7) == "0t007"
    assert camera_and_frame("12t119") == (12, 119)
    assert camera_and_frame("3") == (3, None)
    with pytest.raises(InputError, match="must be named like"):
        camera_and_frame("0t7")


def test_frames_of_a_clip_stand_together_and_stills_alone():
    views = [("b", "0t001"), ("a", "1"), ("b", "0t000"), ("a", "0"), ("b", "1t000")]
    assert in_order(views) == [(("a", "0"),), (("a", "1"),), (("b", "0t000"), ("b", "0t001")), (("b", "1t000"),)]


def test_a_clip_is_traced_resumed_and_labelled_with_its_times(tmp_path):
    spec = driving()
    report = trace([spec], tmp_path, clip=SHORT)
    assert (report.traced, report.resumed, report.failed) == (4, 0, [])
    views = manifest.traced_views(tmp_path)
    assert [labels["view"] for labels in views] == ["0t000", "0t001", "0t002", "0t003"]
    assert [labels["time_s"] for labels in views] == [0.0, 0.1, 0.2, 0.3]
    assert {labels["scene"] for labels in views} == {
        json.loads((tmp_path / "scenes" / views[0]["scene"] / "0t000.json").read_text())["scene"]
    }
    again = trace([spec], tmp_path, clip=SHORT)
    assert (again.traced, again.resumed) == (0, 4)
    (tmp_path / "scenes" / views[0]["scene"] / "0t002.json").unlink()
    assert trace([spec], tmp_path, clip=SHORT).traced == 1


def test_a_job_of_a_frame_has_the_still_of_its_time(tmp_path):
    spec = driving()
    trace([spec], tmp_path, clip=SHORT)
    scene_id = manifest.traced_views(tmp_path)[0]["scene"]
    job = farm.ViewJob(scene=scene_id, view=0, out=str(tmp_path), frame=3)
    assert job.name == f"{scene_id}-0t003"
    assert job.spec() == at(spec, read(tmp_path, scene_id), 3)


def test_another_clip_in_the_same_folder_is_refused(tmp_path):
    trace([driving()], tmp_path, clip=SHORT)
    with pytest.raises(InputError, match=r"holds 4 frames at 10 Hz from 0 s"):
        trace([driving()], tmp_path, clip=ClipSettings(frames=4, rate_hz=20))


def test_frames_in_which_nothing_changes_share_one_bundle(tmp_path):
    still = parked()
    clip = ClipSettings(frames=5, rate_hz=10)
    assert repeats(still, clip.of(still), 0) == {1: 0, 2: 0, 3: 0, 4: 0}
    report = trace([still], tmp_path, clip=clip)
    assert (report.traced, report.shared, report.failed) == (1, 4, [])
    scene_id = manifest.traced_views(tmp_path)[0]["scene"]
    bundles = {(tmp_path / "scenes" / scene_id / f"0t00{n}.exr").read_bytes() for n in range(5)}
    assert len(bundles) == 1
    assert [labels["time_s"] for labels in manifest.traced_views(tmp_path)] == [0.0, 0.1, 0.2, 0.3, 0.4]
    assert trace([still], tmp_path, clip=clip).resumed == 5


def test_standing_traffic_with_hazard_lights_needs_one_trace_for_light_and_one_for_dark():
    still = parked(lamps=("tail", "indicator_left", "indicator_right"))
    clip = Clip(frames=24, rate_hz=12)
    assert 24 - len(repeats(still, clip, 0)) == 2


def test_a_frame_whose_like_failed_is_told_and_not_lost(tmp_path):
    broken = replace(parked(), sentence="fail")
    report = trace([broken], tmp_path, clip=SHORT)
    assert report.traced == 0
    assert len(report.failed) == 4


def test_a_clip_is_developed_under_one_look_whatever_the_number_of_workers(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    for out in (first, second):
        traced_clip(out)
    developed(first, count=2)
    developed(second, count=2, workers=2)
    records = manifest.records(first)
    assert len(records) == 8
    assert len({record["look"]["id"] for record in records}) == 2
    pictures = {path.name: path.read_bytes() for path in (first / "images").iterdir()}
    assert pictures == {path.name: path.read_bytes() for path in (second / "images").iterdir()}
    assert developed(first, count=2).made == ()


def test_exposure_lags_and_a_resumed_clip_has_the_same_bytes(tmp_path):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    for out in (whole, cut):
        traced_clip(out, frames=6, scale=lambda frame: 1.0 if frame < 2 else 0.02)
        developed(out)
    ev100 = [record["develop"]["ev100"] for record in manifest.records(whole)]
    assert ev100[0] == pytest.approx(ev100[1], abs=0.2)
    assert ev100[2] < ev100[1]
    assert ev100[5] < ev100[3] < ev100[2], "it takes several frames to follow"
    for folder in ("frames", "images"):
        for path in (cut / folder).glob("*-0t004-*"):
            path.unlink()
    developed(cut)
    for path in (whole / "images").iterdir():
        assert path.read_bytes() == (cut / "images" / path.name).read_bytes()


def test_lag_is_a_first_order_filter_in_stops():
    lag = frame_lag(0.0, 10.0)
    state = 100.0
    for _ in range(4):
        state = lagged(1.0, state, lag)
    assert np.log(state / 1.0) / np.log(100.0) == pytest.approx(np.exp(-0.4 / 0.4))
    assert frame_lag(0.81, 30.0) == pytest.approx(0.81)
    assert frame_lag(0.81, 15.0) == pytest.approx(0.81**2)


def test_fixed_things_stay_and_noise_differs_between_frames():
    looks, sensor = settings()
    view = prepare(bundle(), VIEWPOINT)
    clip = Clip(frames=4, rate_hz=10)
    look = next(look for look in draw(steady(looks), "night", 12, seed=3, scene="a") if look.windscreen.wiper == 0)
    shots = [develop(*Moment(clip=clip, frame=frame).taken(view, look, sensor)) for frame in (0, 1, 1)]
    assert shots[0].jpeg != shots[1].jpeg
    assert shots[1].jpeg == shots[2].jpeg
    assert shots[0].facts["glare"] == shots[1].facts["glare"]
    assert np.abs(shots[0].rgb.astype(float) - shots[1].rgb).mean() < 12


def test_strobes_flash_in_turn_and_wipers_go_on():
    looks, _ = settings()
    look = draw(steady(looks), "night", 1, seed=3, scene="a")[0]
    look = replace(
        look, weights={**look.weights, "emergency": 1.0, "emergency_alternate": 1.0, "indicator": 1.0},
        windscreen=replace(look.windscreen, wiper=0.9),
    )  # fmt: skip
    shown = [look_at(look, frame / 30) for frame in range(60)]
    for group in ("emergency", "emergency_alternate"):
        assert {told.weights[group] for told in shown} == {0.0, 1.0}
    assert {told.weights["indicator"] for told in shown} == {1.0}, "each vehicle's own lamps blink"
    assert {told.seed for told in shown} == {look.seed}
    assert shown[30].windscreen.wiper == pytest.approx((0.9 + 0.75) % 1)
    assert all(0 < told.windscreen.wiper <= 1 for told in shown)


def test_flow_is_written_for_each_pair_and_only_once(tmp_path):
    name = traced_clip(tmp_path)
    assert flow.write_all(tmp_path) == 6
    assert flow.write_all(tmp_path) == 0
    forward = flow.path_of(tmp_path, name, "0t000", "forward")
    shift, valid = flow.decoded(forward)
    assert shift.shape == (HEIGHT, WIDTH, 2)
    assert valid.any()
    assert not flow.path_of(tmp_path, name, "0t003", "forward").exists()
    assert not flow.path_of(tmp_path, name, "0t000", "backward").exists()


def test_a_round_without_clips_has_nothing_to_export(tmp_path):
    with pytest.raises(InputError, match=r"must hold the frames of a clip.*clip.frames=24"):
        export(tmp_path, ExportSettings())


def test_a_clip_with_a_gap_is_left_out_with_the_reason(tmp_path):
    traced_clip(tmp_path)
    developed(tmp_path)
    next((tmp_path / "frames").glob("*-0t002-*")).unlink()
    done = export(tmp_path, ExportSettings())
    assert done.written == ()
    assert list(done.left_out.values()) == ["frames 2 are not there"]


@pytest.mark.parametrize("labels", [False, True])
def test_a_film_has_every_frame_at_its_rate(tmp_path, labels):
    traced_clip(tmp_path)
    developed(tmp_path)
    done = export(tmp_path, ExportSettings(format="mp4", labels=labels))
    film = cv2.VideoCapture(str(done.folder / f"{done.written[0]}.mp4"))
    assert film.get(cv2.CAP_PROP_FPS) == pytest.approx(10.0)
    shots = []
    while (got := film.read())[0]:
        shots.append(got[1])
    assert len(shots) == 4
    assert shots[0].shape == (HEIGHT, WIDTH, 3)
    picture = cv2.imread(str(tmp_path / manifest.records(tmp_path)[0]["image"])).astype(float)
    off = np.abs(shots[0] - picture)[24:36, 18:60].mean()
    assert (off > 12) == labels


def test_mot_folders_count_from_one_and_keep_ids(tmp_path):
    traced_clip(tmp_path)
    developed(tmp_path)
    done = export(tmp_path, ExportSettings(format="mot"))
    folder = done.folder / done.written[0]
    rows = [line.split(",") for line in (folder / "gt" / "gt.txt").read_text().splitlines()]
    assert [row[:6] for row in rows] == [[str(n + 1), "1", str(21 + 4 * n), "27", "16", "8"] for n in range(4)]
    assert {(row[7], row[8]) for row in rows} == {("3", "0.75")}
    told = (folder / "seqinfo.ini").read_text().splitlines()
    assert told[0] == "[Sequence]"
    assert {"frameRate=10", "seqLength=4", f"imWidth={WIDTH}", "imExt=.jpg"} <= set(told)
    assert sorted(path.name for path in (folder / "img1").iterdir()) == [f"{n:06d}.jpg" for n in range(1, 5)]


def test_mot_classes_are_those_of_mot16():
    assert mot_class({"category": "person", "kind": "walking"}) == 1
    assert mot_class({"category": "person", "kind": "cycling"}) == 2
    assert mot_class({"category": "truck", "kind": "truck"}) > 13


def test_coco_video_has_videos_frames_and_tracks(tmp_path):
    from pycocotools.coco import COCO

    traced_clip(tmp_path)
    developed(tmp_path, count=2)
    done = export(tmp_path, ExportSettings(format="coco_video"))
    document = json.loads((done.folder / "annotations.json").read_text())
    assert len(document["videos"]) == 2
    assert len(document["tracks"]) == 2
    for video in document["videos"]:
        images = [image for image in document["images"] if image["video_id"] == video["id"]]
        assert [image["frame_id"] for image in images] == [0, 1, 2, 3]
        assert [image["time_s"] for image in images] == [-0.1, 0.0, 0.1, 0.2]
        found = [note for note in document["annotations"] if note["video_id"] == video["id"]]
        assert len({note["track_id"] for note in found}) == 1
        assert len(found) == 4
    assert len(COCO(str(done.folder / "annotations.json")).getAnnIds()) == 8


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["render", "clip.frames=1"], "clip.frames: must lie in [2, 120]; got 1"),
        (["render", "clip.frames=24", "clip.rate_hz=-3"], "clip.rate_hz: must lie in"),
        (["render", "clip.frams=24"], "clip.frams: there is no such key"),
        (["render", "clip=long"], "Could not find 'clip/long'"),
        (["render", "clip.frames=24", "clip.start_s=-9", "count=1"], "clip.start_s: must be >= -1.5"),
        (["render", "export", "format=avi"], "format: Input should be 'mp4', 'mot' or 'coco_video'"),
        (["render", "export"], "must be the folder of a round"),
    ],
)
def test_bad_input_gets_one_line_and_exit_code_2(words, told, capsys, tmp_path):
    assert cli.main([*words, f"out={tmp_path / 'round'}"]) == 2
    line = capsys.readouterr().err
    assert told in line
    assert line.count("\n") == 1


def test_a_stage_rolls_wheels_without_new_meshes():
    from scenes.stage.rolling import rolling
    from scenes.stage.vehicle import FAMILIES, parameters

    still = crash("day_traffic", 0).vehicles[0]
    moved = replace(still, rolled_m=1.7)
    assert parameters(still) == parameters(moved)
    asset = FAMILIES[still.kind].geometry(still)
    rolled = rolling(asset, 1.7)
    wheels = [
        (before, after)
        for piece, turned in zip(asset.pieces, rolled.pieces, strict=True)
        for before, after in zip(piece.matrices, turned.matrices, strict=True)
        if piece.solid.name == "wheel"
    ]
    assert len(wheels) >= 4
    for before, after in wheels:
        assert np.allclose(before[:3, 3], after[:3, 3])
        top = after @ np.linalg.inv(before) @ np.append(before[:3, 3] + (0, 0, before[2, 3]), 1)
        angle = np.arctan2(top[0] - before[0, 3], top[2] - before[2, 3])
        assert angle == pytest.approx((1.7 / before[2, 3] + np.pi) % (2 * np.pi) - np.pi, abs=1e-6), "top goes ahead"
    assert all(
        turned.matrices is piece.matrices or np.allclose(turned.matrices, piece.matrices)
        for piece, turned in zip(asset.pieces, rolled.pieces, strict=True)
        if piece.solid.name != "wheel"
    )


@pytest.mark.blender
def test_three_frames_are_traced_with_the_same_ids(tmp_path, monkeypatch):
    spec = cube_scenes.spec()
    mover = replace(spec.vehicles[0], heading_deg=0.0, velocity_mps=(6.0, 0.0))
    spec = replace(spec, vehicles=(mover, *spec.vehicles[1:]))
    here = os.path.dirname(__file__)  # noqa: PTH120  # as the worker's path has it
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([here, os.path.dirname(here)]))  # noqa: PTH120
    monkeypatch.setattr(farm, "STAGE", "cube_stage")
    monkeypatch.setattr(farm, "GAINS", "cube_stage")
    clip = ClipSettings(frames=3, rate_hz=5, flow=True)
    report = trace([spec], tmp_path, clip=clip, command=None)
    assert (report.traced, report.failed, report.unfit) == (3, [], [])
    views = manifest.traced_views(tmp_path)
    ids = [{labelled["instance"] for labelled in labels["objects"]} for labels in views]
    assert ids[0] == ids[1] == ids[2]
    places = [labels["objects"][0]["box3d"]["center_m"][0] for labels in views]
    assert np.diff(places) == pytest.approx([1.2, 1.2], abs=2e-3)
    assert flow.write_all(tmp_path) == 4
    shift, valid = flow.decoded(flow.path_of(tmp_path, views[0]["scene"], "0t000", "forward"))
    masks = [cv2.imread(str(manifest.mask_path(tmp_path, views[0]["scene"], f"0t00{n}")), -1) for n in (0, 1)]
    rows, columns = np.nonzero(valid & (masks[0] == 1))
    to = np.rint(np.stack([columns, rows], 1) + shift[rows, columns]).astype(int)
    inside = (to >= 0).all(axis=1) & (to[:, 0] < 160) & (to[:, 1] < 96)
    assert (masks[1][to[inside, 1], to[inside, 0]] == 1).mean() > 0.93
