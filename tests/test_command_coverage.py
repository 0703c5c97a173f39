"""`coverage=pairwise`: what a round holds decides what is drawn, a killed one goes on, and a budget is kept."""

from pathlib import Path

import pytest

from rareblend import job
from rareblend.wish import wish
from render.agenda import agenda
from scenes.camera import CameraSettings
from scenes.settings import compose, validated
from scenes.spec.scene import dumps

NARROW = ("coverage=pairwise", "scenario=day", "camera=mixed", "camera.weights={dashcam: 1, drone: 1}")


def scenes(out: Path, *words: str, count: int = 6):
    told = job.read("render", [*(words or NARROW), f"count={count}"])
    drawn = agenda(out, wish(told))
    print(*drawn.lines, sep="\n")
    return [*drawn.begun, *drawn.new]


def store(out: Path, spec, *, traced: bool) -> None:
    folder = out / "scenes" / spec.scene_id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "spec.json").write_text(dumps(spec))
    if traced:
        (folder / "0.json").write_text("{}")


def ids(specs):
    return {spec.scene_id for spec in specs}


def test_an_empty_folder_gets_the_first_scenes_of_the_cover_and_each_time_the_same(tmp_path, capsys):
    first = scenes(tmp_path)
    assert len(first) == 6
    assert {spec.cameras[0].name for spec in first} == {"dashcam", "drone"}
    assert ids(first) == ids(scenes(tmp_path))
    assert "6 scenes fill gaps, 0 were begun" in capsys.readouterr().out


def test_a_round_that_was_killed_goes_on_with_what_was_begun(tmp_path):
    first = scenes(tmp_path)
    for number, spec in enumerate(first):
        store(tmp_path, spec, traced=number < 2)
    again = scenes(tmp_path)
    assert ids(first[2:]) <= ids(again)
    assert len(again) == 6
    assert not ids(again) & ids(first[:2])


def test_a_round_that_holds_all_pairs_gets_nothing_more(tmp_path, capsys):
    for _ in range(6):
        for spec in scenes(tmp_path, count=10):
            store(tmp_path, spec, traced=True)
    assert scenes(tmp_path) == []
    assert "still be missing" not in capsys.readouterr().out.splitlines()[-1]


def test_without_a_wanted_cover_the_scenes_are_those_of_the_weights(tmp_path):
    from scenes.mix import plan

    config = compose("render", ())
    assert ids(scenes(tmp_path, "camera=dashcam")) == ids(plan(config["scenario"]["mix"], seed=config["seed"], count=6))


def test_a_camera_of_ones_own_is_drawn_and_named(tmp_path):
    words = ("camera=mixed", "camera.weights={roof: 1}", "scenario=day", "camera.rigs.roof.height_m_range=[2.5, 2.6]")
    drawn = scenes(tmp_path, *words, count=3)
    assert all(2.5 <= spec.cameras[0].z_m <= 2.6 and spec.cameras[0].name == "roof" for spec in drawn)


@pytest.mark.parametrize("name", ["roadside_cctv", "truck_cab", "drone"])
def test_naming_a_camera_narrows_to_it(tmp_path, name):
    assert {spec.cameras[0].name for spec in scenes(tmp_path, f"camera={name}", count=2)} == {name}
    assert validated("camera", CameraSettings, compose("render", [f"camera={name}"])["camera"]).drawn == {name: 1}
