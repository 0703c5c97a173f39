"""A set's profile and the class map suggested for it."""

import json

import numpy as np
import pytest
from fake_round import HEIGHT, WIDTH, backdrop, edit, save, write_coco
from PIL import Image

from blend import profile
from blend.class_names import ClassNames, read_map
from blend.class_suggestion import suggest, write
from blend.real import RealSettings, read
from rareblend import main as cli
from scenes.errors import InputError


def told_of(images, annotations):
    found = read(RealSettings(kind="coco", images=str(images), annotations=str(annotations)), seed=1)
    return profile.profile(found, profile.see_all(found.pictures))


def test_a_set_without_boxes_has_a_profile_too(tmp_path):
    save(tmp_path / "a.jpg", backdrop(1))
    found = read(RealSettings(kind="folder", images=str(tmp_path)), seed=1)
    record = profile.profile(found, profile.see_all(found.pictures))
    assert record["geometry"]["area_share"] == {}
    assert record["classes"]["ours"] == {}
    assert "no boxes" in " ".join(profile.table(record))


def test_geometry_is_told_in_shares_of_the_picture(tmp_path):
    told = told_of(*write_coco(tmp_path))["geometry"]
    assert told["area_share"]["q50"] == pytest.approx(30 * 20 / (WIDTH * HEIGHT), abs=1e-4)
    assert told["width_over_height"]["q05"] == told["width_over_height"]["q95"] == 1.5
    assert told["bottom_edge_share"]["q50"] == pytest.approx(40 / HEIGHT, abs=1e-4)
    assert told["boxes_per_labelled_picture"]["q75"] == 1


def test_every_kind_of_fault_is_counted_and_named(tmp_path):
    boxes = {
        0: [[20, 20, 30, 20], [20.5, 20, 30, 20], [60, 20, 30, 20]],
        1: [[WIDTH, 0, 20, 20]],
        2: [[10, 10, 0, 5]],
        3: [[-10, 10, 40, 20]],
    }
    images, annotations = write_coco(tmp_path, boxes=boxes)
    (images / "take1-4.jpg").write_bytes(b"")
    faults = told_of(images, annotations)["faults"]
    assert {name: entry["count"] for name, entry in faults.items()} == {
        "broken picture": 1,
        "labelled twice": 1,
        "not a box": 1,
        "outside the picture": 1,
        "boxes cut to their picture": 1,
    }
    assert faults["labelled twice"]["lines"] == ["take0-0.jpg: annotation 1 is nearly the same car as annotation 0"]


def test_boxes_of_two_classes_at_one_place_are_no_double(tmp_path):
    images, annotations = write_coco(tmp_path, boxes={0: [[20, 20, 30, 20]] * 2}, categories=("car", "truck"))
    edit(annotations, lambda d: d["annotations"][1].update(category_id=1))
    assert "labelled twice" not in told_of(images, annotations)["faults"]


def test_near_duplicates_are_counted(tmp_path):
    images, annotations = write_coco(tmp_path, count=6)
    save(images / "take0-1.jpg", backdrop(0), quality=60)
    assert told_of(images, annotations)["near_duplicates"] == {"pairs": 1, "left_out_by_a_blend": 1}


@pytest.mark.parametrize(("level", "light"), [(15, "night"), (75, "dim"), (150, "day")])
def test_light_follows_the_brighter_quarter(level, light):
    rgb = np.full((HEIGHT, WIDTH, 3), 5, np.uint8)
    rgb[: HEIGHT // 3] = level
    assert profile.see(rgb).light == light


def street(sky, ground=60):
    """A picture of a sky over ground with dark things on it."""
    rgb = np.full((192, 320, 3), ground, np.uint8)
    rgb[:70] = sky
    rgb[70:, ::8] = 4
    return rgb


@pytest.mark.parametrize(
    ("rgb", "weather"),
    [
        (street((120, 160, 230)), "clear"),
        (street((200, 203, 206)), "overcast"),
        (street((40, 45, 50)), "unknown"),
        (np.full((192, 320, 3), 170, np.uint8), "haze"),
    ],
)
def test_weather_is_guessed_by_its_rule(rgb, weather):
    assert profile.weather_guess(rgb) == weather


def test_weather_is_not_guessed_at_night():
    assert profile.see(np.full((HEIGHT, WIDTH, 3), 20, np.uint8)).weather == "unknown"


@pytest.mark.parametrize(
    ("theirs", "ours", "why"),
    [
        ("car", "car", "same name"),
        ("Pedestrian", "person", "synonym"),
        ("auto rickshaw", "three_wheeler", "synonym"),
        ("motorbikes", "motorcycle", "plural"),
        ("police car", "car", "last word"),
        ("motercycle", "motorcycle", "spelt like motorcycle"),
        ("train", None, "none of ours"),
        ("traffic light", None, "none of ours"),
        ("xyzzy", None, "nothing like it: please choose"),
    ],
)
def test_a_name_is_suggested_by_the_first_rule_that_fits(theirs, ours, why):
    (found,) = suggest({theirs: 3})
    assert (found.ours, found.why, found.boxes) == (ours, why, 3)


def test_a_suggested_map_is_read_as_it_was_written_and_not_written_over(tmp_path):
    counts = {"Pedestrian": 5, 'a "quoted": name': 2, "police car": 9, "# hash": 1}
    path = write(tmp_path / "map.yaml", suggest(counts), "coco")
    assert read_map(path) == {"police car": "car", "Pedestrian": "person", 'a "quoted": name': None, "# hash": None}
    with pytest.raises(InputError, match="must not be there yet"):
        write(path, suggest(counts), "coco")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("tram: train", "tram: must be one of"),
        ("- car", "must be YAML of"),
        ("car: [car]", "must be YAML of"),
        ("a: b: c", "must be YAML of"),
    ],
)
def test_a_map_that_is_none_is_refused_in_one_line(tmp_path, text, line):
    (tmp_path / "map.yaml").write_text(text)
    with pytest.raises(InputError, match=line) as refused:
        read_map(tmp_path / "map.yaml")
    assert "\n" not in str(refused.value)


def test_a_map_leaves_a_class_out_on_purpose_and_rename_goes_before_it(tmp_path):
    (tmp_path / "map.yaml").write_text("tram: null\nlorry: bus\n")
    settings = RealSettings(
        kind="folder", images="x", classes_map=str(tmp_path / "map.yaml"), rename={"lorry": "truck"}
    )
    names = ClassNames(given=settings.class_map())
    assert [names.ours(name) for name in ("tram", "Lorry", "car", "ship")] == [None, "truck", "car", None]
    assert names.unmapped == {"ship": 1}
    assert names.counts == {"tram": 1, "Lorry": 1, "car": 1, "ship": 1}


def test_the_command_writes_a_map_and_takes_it(tmp_path, capsys):
    images, annotations = write_coco(tmp_path / "real", categories=("Pedestrian", "tram"))
    words = ["real=coco", f"real.images={images}", f"real.annotations={annotations}", f"out={tmp_path / 'out'}"]
    assert cli.main(["blend", "classes", *words]) == 0
    assert "Pedestrian" in capsys.readouterr().out
    assert cli.main(["blend", "classes", *words]) == 2
    assert "must not be there yet" in capsys.readouterr().err
    settings = RealSettings(
        kind="coco",
        images=str(images),
        annotations=str(annotations),
        classes_map=str(tmp_path / "out/classes_map.yaml"),
    )
    assert {a.category for p in read(settings, seed=1).pictures for a in p.annotations} == {"person"}


def test_the_command_tells_a_profile_and_draws_a_sheet(tmp_path, capsys):
    images, annotations = write_coco(tmp_path / "real", count=9)
    words = ["real=coco", f"real.images={images}", f"real.annotations={annotations}", f"out={tmp_path / 'out'}"]
    assert cli.main(["blend", "profile", *words]) == 0
    out = capsys.readouterr().out
    assert "faults     none" in out
    assert "a guess from pixels" in out
    record = json.loads((tmp_path / "out/profile/profile.json").read_text())
    assert record["sizes"] == {f"{WIDTH}x{HEIGHT}": 9}
    assert record["weather_guess"]["rule"].startswith("a guess from pixels, not a label")
    with Image.open(tmp_path / "out/profile/sheet.jpg") as sheet:
        assert sheet.width > 1000


def test_classes_of_a_set_without_labels_are_refused(tmp_path, capsys):
    save(tmp_path / "a.jpg", backdrop(1))
    assert cli.main(["blend", "classes", f"real={tmp_path}/"]) == 2
    assert "needs a labelled real set; got real=folder" in capsys.readouterr().err
