from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import cube_scenes
import farm_main
import psutil
import pytest

from render import durable, farm, manifest, radiance
from scenes.errors import InputError, RareblendError

HERE = Path(__file__).parent


def trace(specs, out, **options):
    options = {"settings": farm_main.TINY, "workers": 1, "device": "cpu", "command": farm_main.FAKE} | options
    return farm.trace(specs, out, **options)


def started(out, count, workers, kind):
    path = os.pathsep.join([str(HERE.parent), str(HERE), os.environ.get("PYTHONPATH", "")])
    words = [sys.executable, str(HERE / "farm_main.py"), str(out), str(count), str(workers), kind]
    return subprocess.Popen(
        words, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def contents(out):
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name not in ("timings.jsonl", ".lock")
    }


def finished_views(out):
    return {path: path.stat().st_mtime_ns for path in out.glob("scenes/*/0.json")}


def workers_of(process):
    return psutil.Process(process.pid).children() if process.poll() is None else []


def until(look, process):
    """Wait for something that a running process brings about."""
    deadline = time.monotonic() + 60
    while not (seen := look()):
        assert process.poll() is None, process.stdout.read().decode()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return seen


def kill_at_random(process, rng):
    """Kill the main process or, half of the time, one of its workers; return what was hit."""
    children = workers_of(process)
    if children and rng.random() < 0.5:
        children[rng.randrange(len(children))].kill()
        return "worker"
    process.kill()
    return "main"


def ended(process):
    told = process.communicate(timeout=120)[0].decode()
    return process.returncode, told


def test_no_scenes_is_a_report_of_nothing(tmp_path):
    report = trace([], tmp_path)
    assert (report.traced, report.resumed, report.failed) == (0, 0, [])


def test_a_second_call_traces_nothing(tmp_path):
    specs = cube_scenes.specs(3)
    assert trace(specs, tmp_path).traced == 3
    again = trace(specs, tmp_path)
    assert (again.traced, again.resumed) == (0, 3)
    assert len(durable.lines(tmp_path / "timings.jsonl")) == 3


def test_a_scene_that_fails_is_counted_and_others_go_on(tmp_path):
    bad = [replace(cube_scenes.spec(), sentence=sentence) for sentence in ("fail", "die")]
    report = trace([*bad, *cube_scenes.specs(2)], tmp_path)
    assert report.traced == 2
    reasons = sorted(failure.reason for failure in report.failed)
    assert reasons == ["ValueError: this scene cannot be built", "its worker ended with code 9, twice"]


def test_a_view_that_takes_too_long_is_given_up(tmp_path):
    slow = replace(cube_scenes.spec(), sentence="dawdle")
    report = trace([slow, *cube_scenes.specs(1)], tmp_path, settings=replace(farm_main.TINY, view_seconds=1.0))
    assert report.traced == 1
    assert report.failed[0].reason == "it took longer than 1 s"


def test_workers_are_replaced_after_their_share(tmp_path):
    settings = replace(farm_main.TINY, scenes_per_worker=1)
    assert trace(cube_scenes.specs(3), tmp_path, settings=settings).traced == 3


def test_other_settings_in_the_same_folder_are_refused(tmp_path):
    trace(cube_scenes.specs(1), tmp_path)
    with pytest.raises(InputError, match=r"render\.spp: .* was traced with 4; got 5"):
        trace(cube_scenes.specs(1), tmp_path, settings=replace(farm_main.TINY, spp=5))


def test_a_table_of_samples_counts_only_where_auto_reads_it(tmp_path):
    plain = tmp_path / "plain"
    trace(cube_scenes.specs(1), plain)
    told = (plain / "scenes/settings.json").read_bytes()
    again = trace(cube_scenes.specs(1), plain, settings=replace(farm_main.TINY, auto_spp={"night": 9}))
    assert again.resumed == 1
    assert (plain / "scenes/settings.json").read_bytes() == told
    auto = replace(farm_main.TINY, spp="auto", auto_spp={"night": 9})
    with pytest.raises(InputError, match=r"render\.spp: .* was traced with 4; got auto"):
        trace(cube_scenes.specs(1), plain, settings=auto)
    trace(cube_scenes.specs(1), tmp_path / "auto", settings=auto)
    with pytest.raises(InputError, match=r"render\.auto_spp: .* was traced with \{'night': 9\}; got \{'night': 8\}"):
        trace(cube_scenes.specs(1), tmp_path / "auto", settings=replace(auto, auto_spp={"night": 8}))


def test_a_folder_in_use_is_named_with_its_owner(tmp_path):
    process = started(tmp_path, 40, 1, "fake")
    try:
        until(lambda: finished_views(tmp_path), process)
        with pytest.raises(InputError, match=f"in use by another rareblend; got process {process.pid}"):
            trace([], tmp_path)
    finally:
        process.kill()
        process.communicate()


def test_a_folder_without_permission_is_named(tmp_path):
    (tmp_path / "round").write_text("a file where the folder should be")
    with pytest.raises(InputError, match="round: must be a folder"):
        trace([], tmp_path / "round")


def test_a_worker_that_cannot_start_ends_the_run_with_its_reason(tmp_path):
    command = (sys.executable, "-c", 'print(\'{"status": "fatal", "text": "bpy is missing"}\')')
    with pytest.raises(RareblendError, match="bpy is missing"):
        trace(cube_scenes.specs(1), tmp_path, command=command)


@pytest.mark.slow
def test_ten_kills_at_random_moments_lose_nothing_and_make_nothing_twice(tmp_path):
    count, rng = 30, random.Random(7)
    trace(cube_scenes.specs(count), tmp_path / "whole")
    out, hits, kept = tmp_path / "killed", [], {}
    for _ in range(10):
        process = started(out, count, 2, "fake")
        time.sleep(rng.uniform(0.3, 2.0))
        hits.append(kill_at_random(process, rng))
        ended(process)
        kept = finished_views(out) | kept
    code, told = ended(started(out, count, 2, "fake"))
    assert code == 0, told
    assert contents(out) == contents(tmp_path / "whole")
    assert {path: finished_views(out)[path] for path in kept} == kept, "a finished view was written again"
    assert len(manifest.traced_views(out)) == count
    assert "main" in hits


@pytest.mark.slow
def test_workers_die_with_a_killed_main_process(tmp_path):
    process = started(tmp_path, 200, 2, "fake")
    until(lambda: finished_views(tmp_path), process)
    children = workers_of(process)
    process.kill()
    process.communicate()
    assert children
    assert not psutil.wait_procs(children, timeout=5)[1]


@pytest.mark.slow
def test_an_interrupt_leaves_a_resumable_folder(tmp_path):
    process = started(tmp_path, 60, 2, "fake")
    until(lambda: finished_views(tmp_path), process)
    process.send_signal(signal.SIGINT)
    ended(process)
    assert not list(tmp_path.rglob("*.tmp"))
    before = len(manifest.traced_views(tmp_path))
    report = trace(cube_scenes.specs(60), tmp_path)
    assert (report.resumed, report.traced) == (before, 60 - before)


@pytest.mark.blender
@pytest.mark.slow
def test_two_workers_and_two_kills_give_the_same_bytes_as_one_worker(tmp_path, traced_round):
    for victim, wait_s in (("main", 1.0), ("worker", 2.0)):
        process = started(tmp_path, 2, 2, "cube")
        children = until(lambda running=process: workers_of(running), process)
        time.sleep(wait_s)  # within Blender's start or the first view
        (children[0] if victim == "worker" else process).kill()
        ended(process)
    code, told = ended(started(tmp_path, 2, 2, "cube"))
    assert code == 0, told
    assert contents(tmp_path) == contents(traced_round)


@pytest.mark.blender
def test_auto_traces_the_bytes_of_the_number_that_it_chooses_and_the_bundle_tells_it(
    tmp_path, traced_round, monkeypatch
):
    monkeypatch.setattr(farm, "STAGE", "cube_stage")
    monkeypatch.setattr(farm, "GAINS", "cube_stage")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]))
    settings = replace(farm_main.TINY, spp="auto", auto_spp={"night": 4, "day": 9})
    night, day = cube_scenes.spec(seed=0), replace(cube_scenes.spec(), lighting="day")
    farm.trace([night, day], tmp_path, settings=settings, workers=1, device="cpu")
    file = {spec.lighting: f"scenes/{spec.scene_id}/0.exr" for spec in (night, day)}
    told = {lighting: radiance.read(tmp_path / path).meta["spp"] for lighting, path in file.items()}
    assert told == {"night": "4", "day": "9"}
    assert (tmp_path / file["night"]).read_bytes() == (traced_round / file["night"]).read_bytes()
