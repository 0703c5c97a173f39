"""Where frames are developed: who is asked, what is refused, and that nobody loads torch without need."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from small_bundle import VIEWPOINT, bundle, settings, traced

from render import manifest
from render.develop import denoise, device
from render.develop import frames as view_frames
from render.develop.develop import develop
from render.develop.gpu import twins
from render.develop.preset import draw
from render.develop.round import develop as develop_round
from render.develop.steps import CPU
from render.develop.view import prepare
from scenes.errors import MissingPieceError, RareblendError

HERE = torch.device("cpu")


def test_a_gpu_that_gives_up_is_one_line(monkeypatch):
    def full(*_given, **_named):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB\nmore lines")

    monkeypatch.setattr(twins.lens, "through_lens", full)
    with pytest.raises(RareblendError, match=r"^card gave up: CUDA out of memory\. .*fewer workers, or device=cpu$"):
        twins.on(HERE, "card").through_lens()


def test_a_gpu_denoises_on_cuda_and_the_cpu_where_the_wheel_has_none(monkeypatch):
    asked = []
    monkeypatch.setattr(denoise, "_device", lambda *, cuda: asked.append(cuda))
    monkeypatch.setattr(denoise, "has_cuda", lambda: True)
    monkeypatch.setattr(denoise._oidn(), "denoise", lambda color, **_options: color)
    image = np.ones((8, 12, 3), np.float32)
    there = twins.on(torch.device("cuda"), "card")
    there.denoise(image, image, image, quality="fast")
    there.clean_guides(image, image)
    assert asked == [True, True, True]
    monkeypatch.setattr(denoise, "has_cuda", lambda: False)
    assert twins.on(torch.device("cuda"), "card").denoise is denoise.denoise


def test_a_wish_for_the_cpu_asks_nobody(monkeypatch):
    monkeypatch.setattr(device, "has_driver", lambda: pytest.fail("asked"))
    monkeypatch.setattr(device, "_torch_sees_one", lambda: pytest.fail("asked"))
    assert device.choose("cpu") == "cpu"
    assert device.steps("cpu") is CPU


def test_auto_takes_a_gpu_that_torch_can_use_and_asks_torch_only_if_there_is_a_driver(monkeypatch):
    monkeypatch.setattr(device, "has_driver", lambda: False)
    monkeypatch.setattr(device, "_torch_sees_one", lambda: pytest.fail("asked"))
    assert device.choose("auto") == "cpu"
    monkeypatch.setattr(device, "has_driver", lambda: True)
    for seen, place in ((False, "cpu"), (True, "cuda")):
        monkeypatch.setattr(device, "_torch_sees_one", lambda seen=seen: seen)
        assert device.choose("auto") == place


def test_a_demanded_gpu_that_is_not_there_is_one_line(monkeypatch):
    monkeypatch.setattr(device, "_torch_sees_one", lambda: False)
    with pytest.raises(
        MissingPieceError, match=r"^a GPU is missing \(torch finds none to develop on\); .*device=auto$"
    ):
        device.choose("gpu")


@pytest.mark.parametrize(("started", "cards", "found"), [(0, 1, True), (0, 0, False), (100, 1, False)])
def test_a_driver_counts_if_it_starts_and_has_a_card(monkeypatch, started, cards, found):
    def count_cards(count):
        ctypes.cast(count, ctypes.POINTER(ctypes.c_int))[0] = cards
        return 0

    driver = SimpleNamespace(cuInit=lambda _flags: started, cuDeviceGetCount=count_cards)
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: driver)
    assert device.has_driver() is found


def test_no_driver_at_all_is_no_gpu(monkeypatch):
    monkeypatch.setattr(device, "_DRIVER", "libnothing-of-this-name.so")
    assert not device.has_driver()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU that torch can use")
def test_a_frame_of_a_gpu_looks_like_the_cpus_and_names_it():
    drawn, camera = settings()
    look = draw(drawn, "low_sun", 1, seed=3, scene="a")[0]
    frames = [
        develop(prepare(bundle(), VIEWPOINT, steps=there), look, camera, steps=there)
        for there in (device.steps("cpu"), device.steps("cuda"))
    ]
    assert frames[1].facts["device"] == torch.cuda.get_device_name(0)
    assert np.abs(frames[0].rgb.astype(int) - frames[1].rgb).mean() < 1  # the denoiser has half precision there


def test_a_round_develops_where_it_is_told(tmp_path, monkeypatch):
    there = twins.on(HERE, "here")
    monkeypatch.setattr(view_frames, "steps", lambda place: {"cpu": CPU, "cuda": there}[place])
    drawn, camera = settings()
    said = []
    for place in ("cpu", "cuda"):
        out = tmp_path / place
        traced(out)
        develop_round(out, looks=drawn, sensor=camera, count=1, seed=7, workers=1, place=place)
        (record,) = manifest.records(out)
        said.append(record["develop"].get("device"))
    assert said == [None, "here"]


def command(out: Path, *words: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys; from rareblend.main import main\ncode = main(sys.argv[1:])\n"
        "print('torch was imported' if 'torch' in sys.modules else 'without torch')\nsys.exit(code)"
    )
    root = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": str(root), "CUDA_VISIBLE_DEVICES": ""}
    line = [sys.executable, "-c", code, "develop", f"out={out}", "looks=1", "workers=1", *words]
    return subprocess.run(line, capture_output=True, text=True, cwd=out, env=environment, check=False)


@pytest.mark.parametrize("wish", ["cpu", "auto"])
def test_develop_without_a_gpu_never_imports_torch(tmp_path, wish):
    traced(tmp_path)
    done = command(tmp_path, f"device={wish}")
    assert done.returncode == 0, done.stderr
    assert "1 frames made" in done.stdout
    assert "without torch" in done.stdout


def test_develop_refuses_a_gpu_that_is_not_there_with_one_line_and_exit_code_2(tmp_path):
    traced(tmp_path)
    done = command(tmp_path, "device=gpu")
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("rareblend: a GPU is missing")
    assert not (tmp_path / "frames").exists()
