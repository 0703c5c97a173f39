"""The blend as a whole: ratio, splits, files, faults."""

import errno
import hashlib
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from fake_round import backdrop, edit, save, write_coco, write_round
from PIL import Image
from pycocotools.coco import COCO
from pydantic import TypeAdapter

from blend import export, mix, synthetic
from blend.augment import AugmentSettings
from blend.loader import BlendDataset, WeightedDraws
from blend.mix import build
from blend.picture import KINDS, decode_mask
from blend.plan import Stage
from blend.real import RealSettings
from blend.settings import BlendSettings
from scenes.errors import InputError
from scenes.settings import compose

DHAKA = Path(__file__).parents[2] / "shared" / "real" / "dev_dhaka_drive"


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inputs")
    write_coco(folder / "real", count=48)
    write_round(folder / "round")
    return folder


@pytest.fixture
def out(inputs, tmp_path):
    return Path(shutil.copytree(inputs / "round", tmp_path / "round"))


def real_of(inputs):
    folder = inputs / "real"
    return RealSettings(kind="coco", images=str(folder / "images"), annotations=str(folder / "annotations.json"))


def blend(out, inputs, seed=7, augment=None, **settings):
    augment = augment or AugmentSettings(pipeline="light", probability=0.5)
    return build(out, real=real_of(inputs), blend=BlendSettings(**settings), augment=augment, seed=seed)


def tree(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"ratio": 1.3}, r"blend\.ratio: must lie in \[0, 1\); got 1.3"),
        ({"ratio": 1.0}, r"blend\.ratio"),
        ({"ratio": -0.1}, r"blend\.ratio"),
        ({"ratio": float("nan")}, r"blend\.ratio"),
        ({"val_share": 0.5, "test_share": 0.5}, r"blend\.test_share: must leave a share for training"),
        (
            {"test_shares": {"dusk": 0.5}},
            r"blend\.test_shares: must name lights out of day, dim, night; got \['dusk'\]",
        ),
        ({"test_shares": {"night": 1.5}}, r"blend\.test_shares\.night: must lie in \[0, 1\]; got 1.5"),
        ({"phash_max_bits": 65}, r"blend\.phash_max_bits"),
    ],
)
def test_settings_that_break_a_rule_are_refused_by_key(settings, line):
    with pytest.raises(InputError, match=line):
        TypeAdapter(BlendSettings).validate_python(settings)


def test_a_round_without_frames_is_refused_with_the_next_step(inputs, tmp_path):
    with pytest.raises(InputError, match=r"annotations\.json: must be there before blending; run: rareblend develop"):
        blend(tmp_path, inputs)


def test_pycocotools_loads_the_blend_and_every_number_holds(out, inputs, capsys):
    blend(out, inputs, ratio=0.3)
    document = COCO(str(out / "blend" / "annotations.json"))
    assert {image["split"] for image in document.imgs.values()} == {"train", "val", "test"}
    for image in document.imgs.values():
        data = (out / "blend" / image["file_name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == image["sha256"]
        assert image["source"] == "real" or image["split"] == "train"
    for box in document.anns.values():
        if document.imgs[box["image_id"]]["source"] == "synthetic":
            assert decode_mask(document.annToRLE(box)).sum() == box["area"]


def test_the_same_inputs_give_the_same_bytes_and_another_seed_another_blend(out, inputs):
    blend(out, inputs, ratio=0.3)
    first = tree(out / "blend")
    blend(out, inputs, ratio=0.3)
    assert tree(out / "blend") == first
    blend(out, inputs, ratio=0.3, seed=8)
    assert tree(out / "blend") != first
    assert [p.name for p in out.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize("ratio", [0.0, 0.1, 0.25, 0.4])
def test_the_ratio_is_met_to_half_a_scene_and_no_real_picture_is_lost(out, inputs, ratio):
    none = AugmentSettings(pipeline="none")
    record = blend(out, inputs, ratio=ratio, augment=none, val_share=0.0, test_share=0.0).record
    assert record["counts"]["real"] == 48
    assert abs(record["counts"]["synthetic"] - ratio / (1 - ratio) * 48) <= 1 or record["counts"]["synthetic"] == 12
    assert record["leaks"] == 0


def test_the_real_hash_is_the_same_whatever_is_blended_in(out, inputs):
    assert len({blend(out, inputs, ratio=r, seed=s).record["real_hash"] for r, s in ((0, 1), (0.2, 2), (0.9, 3))}) == 1


def test_too_few_scenes_are_all_taken_and_the_record_says_why(out, inputs):
    report = blend(out, inputs, ratio=0.9)
    assert "all 6 scenes together give" in report.why
    assert report.record["ratio"]["got"] < report.record["ratio"]["wanted"]
    assert "6 scenes" in report.line


def test_varieties_name_their_parents_and_stay_in_their_scene(out, inputs):
    record = blend(out, inputs, ratio=0.5, augment=AugmentSettings(probability=1.0)).record
    images = {i["frame"]: i for i in json.loads((out / "blend" / "annotations.json").read_text())["images"]}
    assert record["counts"]["augmented"] == len(record["parents"]) > 0
    for name, parents in record["parents"].items():
        assert images[name]["group"] == images[parents[0]]["group"]
        assert images[name]["augment"]["pipeline"] == "light"
        assert images[name]["split"] == images[parents[0]]["split"] == "train"


def test_boxes_that_nobody_can_see_are_no_annotations(out, inputs):
    def change(document):
        for annotation in document["annotations"]:
            annotation["ignore"] = 1

    edit(out / "annotations.json", change)
    blend(out, inputs, ratio=0.9)
    document = json.loads((out / "blend" / "annotations.json").read_text())
    synthetic = {image["id"] for image in document["images"] if image["source"] == "synthetic"}
    assert synthetic
    assert not [one for one in document["annotations"] if one["image_id"] in synthetic]


def test_a_synthetic_copy_of_a_real_picture_is_left_out(out, inputs):
    def change(document):
        image = document["images"][0]
        rgb = backdrop(3)[:, ::-1].copy()
        image["sha256"] = save(out / image["file_name"], rgb, quality=60)

    edit(out / "annotations.json", change)
    record = blend(out, inputs, ratio=0.9).record
    frame = json.loads((out / "annotations.json").read_text())["images"][0]["frame"]
    removed = {entry["file"]: entry for entry in record["duplicates"]["removed"]}
    assert removed[frame]["kept"].startswith("real-take1-3-")
    assert "near-duplicate" in removed[frame]["why"]
    assert (record["leaks"], record["counts"]["real"]) == (0, 48)


def test_real_near_duplicates_over_takes_are_joined_before_the_split(inputs, tmp_path, out):
    folder = tmp_path / "folder"
    for number in range(12):
        save(folder / f"take{number}x.jpg", backdrop(number))
        save(folder / f"again{number}y.jpg", backdrop(number), quality=70)
    real = RealSettings(kind="folder", images=str(folder))
    blending = BlendSettings(val_share=0.2, test_share=0.4)
    record = build(out, real=real, blend=blending, augment=AugmentSettings(pipeline="none"), seed=1).record
    assert (record["counts"]["real"], len(record["duplicates"]["removed"]), record["leaks"]) == (12, 12, 0)


def test_a_broken_or_changed_frame_is_listed_and_left_out(out, inputs):
    first, second = sorted((out / "images").iterdir())[:2]
    first.write_bytes(first.read_bytes()[:-300])
    save(second, backdrop(77))
    reasons = {entry["file"]: entry["reason"] for entry in blend(out, inputs, ratio=0.9).record["left_out"]}
    assert "truncated" in reasons[first.name]
    assert reasons[second.name] == "has changed since it was developed"


def test_scenarios_take_turns_in_a_small_share():
    kinds = {scene: scene[0] for scene in (*(f"n{k}" for k in range(9)), "l0")}
    for seed in range(9):
        assert {scene[0] for scene in synthetic.turns(kinds, seed=seed)[:2]} == {"n", "l"}
    assert synthetic.turns({}, seed=1) == []


def test_no_path_of_this_machine_is_in_the_records(out, inputs):
    blend(out, inputs)
    text = "".join(p.read_text() for p in (out / "blend").glob("*.*") if p.suffix != ".jpg")
    assert str(out) not in text
    assert str(inputs) not in text


@pytest.mark.parametrize("link", ["hardlink", "copy"])
def test_a_moved_blend_still_has_its_pictures_and_the_real_ones_are_untouched(out, inputs, tmp_path, link):
    before = tree(inputs / "real")
    blend(out, inputs, link=link)
    moved = shutil.move(out / "blend", tmp_path / "elsewhere")
    shutil.rmtree(out)
    for image in json.loads((Path(moved) / "annotations.json").read_text())["images"]:
        assert (Path(moved) / image["file_name"]).stat().st_size > 0
    assert tree(inputs / "real") == before


def test_pictures_are_copied_where_links_are_refused(out, inputs, monkeypatch):
    def refuse(self, target):
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert blend(out, inputs).record["counts"]["real"] == 48


def test_a_full_disk_leaves_the_earlier_blend_whole_and_nothing_half_written(out, inputs, monkeypatch):
    blend(out, inputs)
    before = tree(out / "blend")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(export, "place", full)
    with pytest.raises(OSError, match="No space left"):
        blend(out, inputs, ratio=0.5)
    assert tree(out / "blend") == before
    assert sorted(p.name for p in out.iterdir()) == ["annotations.json", "blend", "images"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_no_write_permission_is_an_error_of_the_system(out, inputs):
    out.chmod(0o500)
    with pytest.raises(PermissionError):
        blend(out, inputs)
    out.chmod(0o700)


def test_yolo_lists_hold_the_labelled_pictures_with_one_line_a_box(out, inputs):
    record = blend(out, inputs, ratio=0.3).record
    lists = {name: (out / "blend" / f"{name}.txt").read_text().split() for name in ("train", "val", "test")}
    assert {name: len(files) for name, files in lists.items()} == {
        name: sum(count[kind] for kind in KINDS) for name, count in record["splits"].items()
    }
    lines = [line for label in (out / "blend" / "labels").iterdir() for line in label.read_text().splitlines()]
    assert len(lines) == sum(count["boxes"] for count in record["splits"].values())
    assert all(0 <= float(word) <= 1 for line in lines for word in line.split()[1:])


def test_the_folder_of_a_killed_run_is_cleared(out, inputs):
    (out / ".blend.partial" / "images").mkdir(parents=True)
    (out / ".blend.partial" / "images" / "old.jpg").write_bytes(b"x")
    blend(out, inputs)
    assert not (out / "blend" / "images" / "old.jpg").exists()
    assert not (out / ".blend.partial").exists()


@pytest.mark.skipif(not DHAKA.is_dir(), reason="the development set dev_dhaka_drive is not beside the repository")
def test_a_real_labelled_set_blends_without_a_leak(out):
    real = RealSettings(
        kind="coco", images=str(DHAKA / "images"), annotations=str(DHAKA / "annotations.json"), count=80
    )
    report = build(out, real=real, blend=BlendSettings(), augment=AugmentSettings(), seed=7)
    assert report.record["leaks"] == 0
    assert report.record["counts"]["real"] >= 78
    assert min(report.record["splits"][name]["boxes"] for name in ("train", "val", "test")) > 20
    assert mix.BlendReport.line.fget(report).endswith("0 leaks")


CONF = Path(__file__).parents[1] / "conf"


@pytest.mark.parametrize(
    ("group", "settings"), [("blend", BlendSettings), ("augment", AugmentSettings), ("real", RealSettings)]
)
def test_every_shipped_config_is_valid_once_its_paths_are_given(group, settings):
    files = sorted((CONF / group).glob("*.yaml"))
    assert files
    for file in files:
        told = compose("blend", (f"{group}={file.stem}",))[group]
        values = {key: "x" if value is None else value for key, value in told.items()}
        assert TypeAdapter(settings).validate_python(values)


def test_the_contact_sheet_shows_every_kind_of_training_picture(out, inputs):
    blend(out, inputs, ratio=0.5, augment=AugmentSettings(pipeline="heavy", probability=0.5))
    with Image.open(out / "blend" / "sheet.jpg") as sheet:
        assert sheet.size == (6 * 326 + 6, 4 * 224 + 6)
        assert np.asarray(sheet).std() > 20


def test_a_curriculum_reaches_the_loader_stage_by_stage(out, inputs):
    stages = (Stage(epochs=0.5, ratio=0.5), Stage(epochs=0.5, ratio=0.0))
    record = blend(out, inputs, strategy="curriculum", stages=stages).record
    assert record["plan"]["schedule"] == [{"epochs": 0.5, "ratio": 0.5}, {"epochs": 0.5, "ratio": 0.0}]
    data = BlendDataset(out / "blend")
    names = [sample.name for sample in data.samples]
    images = {i["frame"]: i for i in json.loads((out / "blend" / "annotations.json").read_text())["images"]}
    made = np.array([images.get(name, {"source": "real"})["source"] == "synthetic" for name in names])
    for progress, share in ((0.0, 0.5), (0.49, 0.5), (0.5, 0.0), (0.9, 0.0)):
        weights = data.weights(progress).numpy()
        assert weights[made].sum() / weights.sum() == pytest.approx(share, abs=1e-4)
    draws = WeightedDraws(data, epochs=2)
    assert [any(made[place] for place, _ in list(draws)) for _ in range(2)] == [True, False]


def test_a_blend_with_pasting_has_no_leaks_and_tells_what_was_refused(out, inputs):
    told = AugmentSettings(pipeline="copy_paste", pasted_most=2, probability=1.0)
    assert blend(out, inputs, ratio=0.5, augment=told).record["leaks"] == 0
    images = json.loads((out / "blend" / "annotations.json").read_text())["images"]
    varied = [image["augment"] for image in images if image["augment"]]
    assert varied
    assert all(one["pasted"] == [] and len(one["not_pasted"]) == 1 for one in varied)
