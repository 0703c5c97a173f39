"""The plan of a crash: by name or by file, the same bytes each time; and what labels and words say of its parties."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from rareblend import main as cli
from render.agenda import imported
from render.inspect import diagram, script_diagram
from render.inspect.words import crash_sentences
from render.label import _crash_records
from scenes.errors import InputError
from scenes.scenario import rehearse, sample
from scenes.spec.party import CrashParty
from scenes.spec.scene import dumps

SCRIPTS = Path(__file__).parents[1] / "docs" / "scripts"
IMPACT = CrashParty(
    partner=2, phase="impact", delta_v_mps=5.0, pdof_deg=10.0, closing_speed_mps=9.0, impact_point_m=(2.0, 0.1),
    absorbed_energy_j=30_000.0, crush_m=0.2,
)  # fmt: skip


def test_a_scene_without_a_crash_has_no_diagram(tmp_path):
    with pytest.raises(InputError, match="day_traffic: must be a crash"):
        diagram.write("day_traffic", tmp_path, seed=1)


def test_what_is_neither_scenario_nor_file_is_told(tmp_path):
    with pytest.raises(InputError, match="must name a scenario or a spec file; got moon"):
        diagram.write("moon", tmp_path, seed=1)


@pytest.mark.parametrize("name", ["night_rear_end", "pile_up", "pedestrian_crossing", "departure_into_rail"])
def test_a_diagram_is_a_small_picture_with_the_same_bytes_each_time(name, tmp_path):
    path = diagram.write(name, tmp_path, seed=2)
    png = path.read_bytes()
    assert path == tmp_path / "diagrams" / f"{name}.png"
    assert len(png) < 300_000
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (560, 1000, 3)
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 50
    assert diagram.write(name, tmp_path, seed=2).read_bytes() == png
    assert diagram.write(name, tmp_path, seed=3).read_bytes() != png


def test_a_still_is_drawn_from_its_spec_file(tmp_path):
    spec = sample("lead_vehicle_stopped", seed=1, index=0)
    (tmp_path / "spec.json").write_text(dumps(spec))
    assert diagram.write(str(tmp_path / "spec.json"), tmp_path, seed=0).name == f"{spec.scene_id}.png"


def test_the_command_draws_one_and_refuses_none(tmp_path, capsys):
    assert cli.main(["render", "diagram", "rollover", f"out={tmp_path}", "seed=4"]) == 0
    assert (tmp_path / "diagrams/rollover.png").is_file()
    assert cli.main(["render", "diagram", f"out={tmp_path}"]) == 2
    assert "render diagram: must name one scenario, scenario file or spec file" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["yaml", "xosc"])
def test_a_scenario_file_is_drawn_as_its_first_scene_will_be(suffix, tmp_path):
    path = SCRIPTS / f"pull_out.{suffix}"
    staged = rehearse(imported(path).script, seed=3)
    assert staged.scene == sample("pull_out", seed=3, index=0, script=imported(path).script)
    ends = [drive.at(staged.scene.street, staged.moment_s) for drive in staged.drives]
    driven = [(vehicle.x_m, vehicle.y_m) for vehicle in staged.scene.vehicles]
    there = [any(np.hypot(x - end.x_m, y - end.y_m) < 0.05 for x, y in driven) for end in ends]
    assert there.count(False) == bool(imported(path).script.ego)  # the ego's car is the camera's own
    drawn = script_diagram.write(str(path), tmp_path, seed=3)
    assert drawn == tmp_path / "diagrams/pull_out.png"
    picture = cv2.imdecode(np.frombuffer(drawn.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (560, 1000, 3)
    for colour in diagram.COLOURS[:3]:
        rgb = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        assert (np.abs(picture[..., ::-1].astype(int) - rgb).max(axis=-1) < 40).any(), colour


def test_a_scenario_file_that_breaks_a_rule_has_no_diagram(tmp_path, capsys):
    path = tmp_path / "mine.yaml"
    path.write_text((SCRIPTS / "pull_out.yaml").read_text().replace("kinds: [bicycle]", "kinds: [submarine]"))
    assert cli.main(["render", "diagram", str(path), f"out={tmp_path}"]) == 2
    assert f"{path}: actors.cyclist.kinds: must be of" in capsys.readouterr().err
    assert not (tmp_path / "diagrams").exists()


def test_who_is_no_party_has_no_crash_label():
    bystander = next(v for v in sample("day_traffic", seed=1, index=0).vehicles if not v.crash)
    assert _crash_records(bystander, ()) == {"crash": None}


def test_labels_tell_further_impacts_and_how_far_a_vehicle_has_rolled():
    party = sample("day_traffic", seed=1, index=0).vehicles[0]
    told = _crash_records(
        replace(party, crash=IMPACT, further=(replace(IMPACT, against="pole", partner=0),), tipped_deg=90.0),
        (),
    )
    assert "against" not in told["crash"]  # a vehicle, as in records before there were others
    assert "throw_m" not in told["crash"]
    assert told["crash_further"][0]["against"] == "pole"
    assert told["tipped_deg"] == 90.0


def test_words_tell_against_what_and_how_far_somebody_was_thrown():
    struck = {"instance": 3, "category": "person", "crash": {**vars(IMPACT), "throw_m": 12.3, "phase": "aftermath"}}
    hit = {
        "instance": 1,
        "category": "car",
        "kind": "sedan",
        "crash": {**vars(IMPACT), "partner": 0, "against": "tree"},
    }
    first, second = crash_sentences(SimpleNamespace(objects=[struck, hit]))
    assert "Sedan 1 against a tree, at the impact" in first
    assert "Person 3 against 2, at rest, help has come" in second
    assert second.endswith("thrown 12.3 m.")
