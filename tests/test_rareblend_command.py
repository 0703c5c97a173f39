"""The command: its words, its one-line refusals, its exit codes, and what it leaves behind."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rareblend import main as cli
from render.develop.device import has_driver
from scenes.errors import InputError
from scenes.settings import compose

HOME = Path(cli.__file__).parents[1]
QUICK = """
import sys; from rareblend import main as cli
codes = [cli.main(words) for words in ([], ["--help"], ["run", "--help"], ["--version"], ["doctor", "count=0"])]
heavy = {"bpy", "blenderproc", "fiftyone", "torch", "albumentations", "cv2"} & set(sys.modules)
assert not heavy, heavy
assert codes == [2, 0, 0, 0, 2], codes
"""


def _refusal(capsys, *words):
    code = cli.main(list(words))
    told = capsys.readouterr().err
    assert code == 2
    assert told.count("\n") == 1, told
    return told


@pytest.fixture
def stage(monkeypatch):
    """Put a step of the test's own in the place of `render`."""

    def put(step):
        monkeypatch.setattr("rareblend.render.step", lambda _job: step)

    return put


def test_no_words_show_the_usage_and_end_with_2(capsys):
    assert cli.main([]) == 2
    assert "rareblend COMMAND" in capsys.readouterr().out


def test_help_and_refusals_load_nothing_heavy():
    done = subprocess.run([sys.executable, "-c", QUICK], cwd=HOME, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_has_a_commented_defaults_list_and_help(command, capsys):
    assert (HOME / "conf" / f"{command}.yaml").read_text().startswith("# ")
    assert cli.main([command, "--help"]) == 0
    told = capsys.readouterr().out
    assert "render=draft | final" in told
    assert "seed: 7" in told


def test_the_default_round_is_the_documented_one():
    config = compose("run", ())
    assert {key: config[key] for key in ("out", "count", "looks", "workers", "device")} == {
        "out": "out/round",
        "count": 8,
        "looks": 4,
        "workers": 2,
        "device": "auto",
    }
    assert config["render"]["resolution"] == [640, 384]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["walk"], "command: must be one of run, render"),
        (["render", "count=0"], "count: must be at least 1; got 0"),
        (["render", "count=many"], "count: Input should be a valid integer"),
        (["render", "device=tpu"], "device: Input should be 'auto', 'cpu' or 'gpu'; got tpu"),
        (["gallery", "sheets=nonsense"], "sheets: must be some of vehicles, "),
        (["gallery", "sheets=[lighting,nonsense]"], "got nonsense"),
        (["render", "lighting=noon", "lighting.name=dusk"], "lighting.name: is its file's name and cannot be set"),
        (["run", "++weather.name=fog"], "weather.name: is its file's name"),
        (
            ["render", "weather=mixed", "weather.mix.drizzle=-2"],
            "weather.mix: weights must be >= 0 and",
        ),
        (["render", "camera.rigs.dashcam.ahead_m=90"], "camera.rigs.dashcam.ahead_m: must lie in [-5, 5]; got 90"),
        (["render", "coutn=3"], "Could not override 'coutn'"),
        (["render", "+coutn=3"], "coutn: there is no such key"),
        (["render", "render=sketch"], "Could not find 'render/sketch' Available options in 'render': draft final"),
        (["render", "render.sp=3"], "render.sp: there is no such key"),
        (["render", "render.spp=0"], "render.spp: must be 1 to 65536"),
        (["render", "render.spp=many"], "render.spp: must be a whole number of samples, or auto; got many"),
        (["render", "render.spp=auto", "render.auto_spp={}"], "render.auto_spp: must name samples by lighting family"),
        (["render", "render.spp=auto", "render.auto_spp.night=0"], "render.auto_spp.night: must be 1 to 65536; got 0"),
        (["render", "scenario.mix.flying_saucer=1"], "flying_saucer"),
        (["render", "scenario.mix.night_rear_end=-1"], "scenario.mix: weights must be >= 0"),
        (["render", "lighting=moonrise"], "Could not find 'lighting/moonrise'"),
        (["run", "lighting=noon", "weather=dense_fog"], "weather: must go with lighting=noon; got dense_fog; no hard"),
        (["run", "lighting=noon", "lighting.look.veils=1"], "noon.look: there is no such key; got veils"),
        (["render", "lighting=dusk", "scenario=night_crash"], "scenario.mix: only types of crash and low_sun_traffic"),
        (["render", "weather=cloudburst"], "weather: must go with a lighting of the scenarios; got cloudburst"),
        (["render", "weather=ice", "weather.temperature_c_range=[10,20]"], "weather.ice: contradicts itself: no ice"),
        (["run", "blend.ratio=1.3"], "blend.ratio"),
        (["run", "real=folder"], "real.images: must be given"),
        (["render", "count"], "override: "),
        (["eval"], "must be the folder of a round"),
        (["review", "port=0"], "port: must lie in [1, 65535]"),
    ],
)
def test_bad_input_gets_one_line_that_names_the_key_and_makes_no_folder(words, told, capsys, tmp_path):
    out = tmp_path / "round"
    assert told in _refusal(capsys, *words, f"out={out}")
    assert not out.exists()


@pytest.mark.skipif(has_driver(), reason="a GPU is here")
@pytest.mark.parametrize("command", ["render", "gallery"])
def test_a_gpu_that_is_not_there_is_told_before_anything_is_written(command, capsys, tmp_path):
    assert "a GPU is missing" in _refusal(capsys, command, "device=gpu", f"out={tmp_path / 'round'}")
    assert not (tmp_path / "round").exists()


@pytest.mark.parametrize("command", ["render", "run"])
def test_somebody_elses_coverage_in_the_folder_is_refused_and_kept(command, capsys, tmp_path):
    (tmp_path / "coverage.json").write_text("{}")
    assert "coverage.json: must be the coverage of a round" in _refusal(capsys, command, f"out={tmp_path}")
    assert [path.name for path in tmp_path.iterdir()] == ["coverage.json"]


def test_an_empty_real_folder_is_refused_before_anything_is_traced(capsys, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "real.images" in _refusal(capsys, "run", "real=folder", f"real.images={empty}", f"out={tmp_path / 'round'}")
    assert not (tmp_path / "round").exists()


def test_an_out_that_is_a_file_is_named(capsys, tmp_path, stage):
    stage(lambda: 0)
    (tmp_path / "round").write_text("a file")
    assert "must be a folder that can be written" in _refusal(capsys, "render", f"out={tmp_path / 'round'}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_out_without_write_permission_is_named(capsys, tmp_path, stage):
    stage(lambda: 0)
    tmp_path.chmod(0o500)
    assert "must be a folder that can be written" in _refusal(capsys, "render", f"out={tmp_path / 'round'}")


@pytest.mark.parametrize("code", [0, 1])
def test_the_code_of_a_stage_is_the_code_of_the_command(code, stage, tmp_path):
    stage(lambda: code)
    assert cli.main(["render", f"out={tmp_path}"]) == code


def test_a_full_disk_is_one_line_that_says_how_to_go_on(stage, tmp_path, capsys):
    def full():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "some/file.exr")

    stage(full)
    assert "some/file.exr: the disk is full" in _refusal(capsys, "render", f"out={tmp_path}")


def test_ctrl_c_ends_with_130_and_says_that_the_round_goes_on(stage, tmp_path, capsys):
    def stopped():
        raise KeyboardInterrupt

    stage(stopped)
    assert cli.main(["render", f"out={tmp_path}"]) == 130
    assert "goes on where it stopped" in capsys.readouterr().err


def test_a_fault_of_ours_shows_its_trace_and_is_not_taken_for_a_gate(stage, tmp_path, capsys):
    stage(lambda: 1 // 0)
    assert cli.main(["render", f"out={tmp_path}"]) == 2
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_refusal_inside_a_stage_is_one_line(stage, tmp_path, capsys):
    def refused():
        raise InputError("real.images", "must hold a picture")

    stage(refused)
    assert _refusal(capsys, "render", f"out={tmp_path}") == "rareblend: real.images: must hold a picture\n"


def test_the_round_keeps_every_config_that_made_it_once(stage, tmp_path):
    stage(lambda: 0)
    for words in ([], ["workers=1"], ["seed=8"], []):
        assert cli.main(["render", f"out={tmp_path}", *words]) == 0
    story = json.loads((tmp_path / "round.json").read_text())
    assert [entry["config"]["seed"] for entry in story["configs"]] == [7, 8]
    assert story["seed"] == 7
    assert story["tool"]["name"] == "rareblend"
    assert "CC0-1.0" in story["licences"].values()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "round.json"]


def test_a_round_json_that_is_not_one_is_refused_and_kept(stage, tmp_path, capsys):
    stage(lambda: 0)
    (tmp_path / "round.json").write_text("{")
    assert "round.json" in _refusal(capsys, "render", f"out={tmp_path}")
    assert (tmp_path / "round.json").read_text() == "{"


def test_a_second_command_in_the_same_folder_is_refused_while_the_first_works(stage, tmp_path):
    told = []

    def nested():
        command = "import sys; from rareblend import main as cli, render; render.step = lambda _job: lambda: 0; "
        command += f"sys.exit(cli.main(['render', 'out={tmp_path}']))"
        told.append(
            subprocess.run([sys.executable, "-c", command], cwd=HOME, capture_output=True, text=True, check=False)
        )
        return 0

    stage(nested)
    assert cli.main(["render", f"out={tmp_path}"]) == 0
    assert told[0].returncode == 2
    assert "is in use by another rareblend" in told[0].stderr


def test_review_decisions_writes_them_and_says_how_many(tmp_path, monkeypatch, capsys):
    from eval.review import decisions

    monkeypatch.setattr(decisions, "write", lambda _out: 3)
    assert cli.main(["review", "decisions", f"out={tmp_path}"]) == 0
    assert "3 decisions written" in capsys.readouterr().out
