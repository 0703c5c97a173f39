"""What a round holds, counted: from an empty folder to frames, killed rounds and broken specs among them."""

import json

import pytest

from render import ledger
from render.ledger import all_cameras, families, held, line, write
from scenes.camera import CameraSettings, Rig
from scenes.coverage import Impossible
from scenes.errors import InputError
from scenes.scenario import sample
from scenes.spec.scene import dumps


def store(out, spec, *, traced=True):
    folder = out / "scenes" / spec.scene_id
    folder.mkdir(parents=True)
    (folder / "spec.json").write_text(dumps(spec))
    if traced:
        (folder / "0.json").write_text("{}")
    return spec.scene_id


def frame(out, scene, look, **conditions):
    (out / "frames").mkdir(exist_ok=True)
    record = {"scene": scene, "view": "0", "look": {"name": look}, "conditions": conditions}
    (out / "frames" / f"{scene}-0-{look}.json").write_text(json.dumps(record))


def test_an_empty_round_covers_nothing_and_a_folder_that_is_not_there_holds_nothing(tmp_path):
    assert held(tmp_path / "none") == []
    told = write(tmp_path, ())
    assert told["scenes"]["cases"] == 0
    assert "frames" not in told
    assert line(told["scenes"]).startswith("0 of ")
    assert json.loads((tmp_path / "coverage.json").read_text()) == told


@pytest.mark.parametrize("text", ["", "[]", '{"mine": 1}', '{"schema": 9, "scenes": {"pairs": {}}}', "\xff"])
def test_somebody_elses_coverage_is_kept_and_told(text, tmp_path):
    path = tmp_path / "coverage.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match=r"coverage\.json: must be the coverage of a round; move it away"):
        write(tmp_path, ())
    assert path.read_bytes() == text.encode("latin-1")


def test_scenes_count_once_they_are_traced(tmp_path):
    specs = [sample("night_rear_end", seed=1, index=index) for index in range(3)]
    store(tmp_path, specs[0])
    store(tmp_path, specs[1], traced=False)
    told = write(tmp_path, ())["scenes"]
    assert told["cases"] == 1
    assert told["counts"]["pre_crash"] == {**dict.fromkeys(told["counts"]["pre_crash"], 0), "night_rear_end": 1}
    assert told["counts"]["light"]["night"] == 1
    assert [(scene.traced, scene.unfit) for scene in held(tmp_path)].count((False, False)) == 1


def test_a_scene_that_was_left_out_for_good_is_not_begun_again(tmp_path):
    scene = store(tmp_path, sample("night_rear_end", seed=1, index=0), traced=False)
    (tmp_path / "quarantine.jsonl").write_text(json.dumps({"name": f"{scene}-0", "reason": "no actor is seen"}) + "\n")
    assert [scene.unfit for scene in held(tmp_path)] == [True]


def test_frames_count_by_light_and_air(tmp_path):
    scene = store(tmp_path, sample("day_traffic", seed=1, index=0))
    frame(tmp_path, scene, "clear_day", visibility_m=30000.0)
    frame(tmp_path, scene, "day_fog", visibility_m=200.0)
    frame(tmp_path, "gone", "day_fog", visibility_m=200.0)
    told = write(tmp_path, ())["frames"]
    assert told["cases"] == 2
    assert told["counts"]["weather"] == {"clear": 1, "fog": 1, "rain": 0, "snow": 0}
    assert told["counts"]["light"] == {"day": 2, "night": 0, "low_sun": 0}


def test_a_rule_that_a_scene_breaks_is_told(tmp_path):
    store(tmp_path, sample("day_traffic", seed=1, index=0))
    rule = Impossible(reason="never by day", when={"light": ("day",)})
    assert write(tmp_path, [rule])["scenes"]["contradictions"] == {"never by day": 1}


def test_a_broken_spec_is_named(tmp_path):
    scene = store(tmp_path, sample("day_traffic", seed=1, index=0))
    (tmp_path / "scenes" / scene / "spec.json").write_text("{")
    with pytest.raises(InputError, match=r"spec\.json"):
        write(tmp_path, ())


def test_the_same_round_gives_the_same_bytes(tmp_path):
    store(tmp_path, sample("day_traffic", seed=1, index=0))
    write(tmp_path, ())
    first = (tmp_path / ledger.LEDGER_FILE).read_bytes()
    write(tmp_path, ())
    assert (tmp_path / ledger.LEDGER_FILE).read_bytes() == first


def test_cameras_and_families_are_those_of_the_configs_and_the_users_own():
    assert {"dashcam", "drone"} <= set(all_cameras())
    assert all_cameras(CameraSettings(weights={"mine": 1.0}, rigs={"mine": Rig()}))[-1] == "mine"
    assert families() == ("day", "night", "low_sun")
