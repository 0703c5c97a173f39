"""Rounds that add up: nothing earlier is lost, the test set is closed, the share is kept by weights."""

import json
import shutil
from pathlib import Path

import pytest
from fake_round import backdrop, edit, save, write_coco, write_round

from blend.augment import AugmentSettings
from blend.mix import build
from blend.real import RealSettings
from blend.settings import BlendSettings
from scenes.errors import InputError

NONE = AugmentSettings(pipeline="none")


@pytest.fixture(scope="module")
def rounds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rounds")
    write_coco(folder / "real", count=30)
    write_coco(folder / "more", count=60)
    write_round(folder / "first", scenes=6)
    write_round(folder / "second", scenes=6, first_seed=50)
    blend_of(folder, "first", "real")
    return folder


@pytest.fixture
def folder(rounds, tmp_path):
    return Path(shutil.copytree(rounds, tmp_path / "rounds"))


def blend_of(folder, out, real, **settings):
    paths = {"images": str(folder / real / "images"), "annotations": str(folder / real / "annotations.json")}
    blend = BlendSettings(**{"ratio": 0.3, **settings})
    return build(folder / out, real=RealSettings(kind="coco", **paths), blend=blend, augment=NONE, seed=3)


def pictures(folder, out):
    document = json.loads((folder / out / "blend" / "annotations.json").read_text())
    return {Path(image["file_name"]).stem: image for image in document["images"]}, document["annotations"]


def test_a_later_round_holds_every_picture_of_the_earlier_with_its_split_ids_and_boxes(folder):
    record = blend_of(folder, "second", "more", accumulate=(str(folder / "first"),)).record
    (before, boxes_before), (now, boxes) = pictures(folder, "first"), pictures(folder, "second")
    assert {name: image["split"] for name, image in before.items()}.items() <= {
        name: image["split"] for name, image in now.items()
    }.items()
    assert {box["id"] for box in boxes_before} <= {box["id"] for box in boxes}
    assert (record["leaks"], record["counts"]["earlier"]) == (0, len(before))
    first = json.loads((folder / "first" / "blend" / "blend.json").read_text())
    assert set(first["real_pictures"]) < set(record["real_pictures"])


def test_the_test_set_is_closed(folder):
    blend_of(folder, "second", "more", accumulate=(str(folder / "first"),))
    first, second = (
        {name for name, image in pictures(folder, out)[0].items() if image["split"] == "test"}
        for out in ("first", "second")
    )
    assert first == second != set()


def test_the_share_is_kept_by_weights_and_not_by_leaving_out(folder):
    record = blend_of(folder, "second", "real", accumulate=(str(folder / "first"),)).record
    now = pictures(folder, "second")[0].values()
    made = [image for image in now if image["source"] == "synthetic"]
    assert len(made) > 0.3 / 0.7 * record["splits"]["train"]["real"] + 2
    assert {image["weight"] for image in now if image["source"] == "real" and image["split"] == "train"} == {1.0}
    assert 0 < min(image["weight"] for image in made) < 1
    assert record["ratio"]["got"] == pytest.approx(0.3, abs=1e-4)


def test_a_real_picture_that_the_user_no_longer_has_is_still_there(folder):
    write_coco(folder / "fewer", count=12)
    record = blend_of(folder, "second", "fewer", accumulate=(str(folder / "first"),)).record
    assert set(json.loads((folder / "first" / "blend" / "blend.json").read_text())["real_pictures"]) == set(
        record["real_pictures"]
    )


def test_boxes_that_were_mended_since_are_taken_and_counted(folder):
    def mend(document):
        document["annotations"][0]["bbox"] = [22, 22, 30, 20]

    edit(folder / "real" / "annotations.json", mend)
    record = blend_of(folder, "second", "real", accumulate=(str(folder / "first"),)).record
    assert record["real"]["relabelled"] == 1


def test_a_new_picture_of_a_closed_take_stays_out(folder):
    before = pictures(folder, "first")[0]
    image = next(image for image in before.values() if image["split"] == "test")
    take = image["group"].removeprefix("real/clip/")

    def add(document):
        for number in (900, 901):
            file = f"late-{number}.jpg"
            save(folder / "more" / "images" / file, backdrop(number))
            document["images"].append({"id": number, "file_name": file, "width": 160, "height": 96, "clip": take})

    edit(folder / "more" / "annotations.json", add)
    record = blend_of(folder, "second", "more", accumulate=(str(folder / "first"),)).record
    shut = [entry for entry in record["left_out"] if "closed" in entry["reason"]]
    assert [entry["file"] for entry in shut] == ["late-900.jpg", "late-901.jpg"]
    assert record["leaks"] == 0


@pytest.mark.parametrize("lost", ["picture", "blend"])
def test_an_earlier_round_that_has_lost_something_is_refused(folder, lost):
    made = folder / "first" / "blend"
    if lost == "blend":
        shutil.rmtree(made)
    else:
        min((made / "images").iterdir()).unlink()
    line = {
        "blend": r"accumulate\[0\]: must be the folder of a round that holds a blend",
        "picture": "must still be there",
    }
    with pytest.raises(InputError, match=line[lost]):
        blend_of(folder, "second", "real", accumulate=(str(folder / "first"),))
    assert not (folder / "second" / "blend").exists()
