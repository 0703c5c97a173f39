"""What does a further look cost, stage by stage, and a labelled frame for 1 to 64 looks of a trace?

Aims at 640x384: 0.6 CPU-s beyond denoising for a look without, 1.2 for one with rain or snow; memory under 60 bytes a
pixel and light group. The peer is stock BlenderProc on the same scene in the same run (see `benchmarks/trace.py`),
which traces again for every lighting. One thread each, medians. A GPU that torch can use is timed beside the CPU.

    OMP_NUM_THREADS=1 python benchmarks/develop.py [--scenario low_sun_traffic] [--resolution 640 384]
    OMP_NUM_THREADS=1 python benchmarks/develop.py --view out/round/scenes/x/0.exr   # no trace, no peer
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import yaml

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
STEPS = {  # what a GPU takes over: fields of `steps.Steps`
    "denoise": "denoise",
    "air": "through_air",
    "motion": "blur_along",
    "drops and flakes": "cover",
    "glare and lens": "through_lens",
    "ISP": "picture",
}
CHAIN = {  # what the CPU always does: names in `develop.py`, in a module of it or its own
    "relight": ("relight", "relight"),
    "cloud": ("sky", "clouded"),
    "rain, snow in all": (None, "fall"),
    "windscreen": ("windscreen", "through_windscreen"),
    "sensor": (None, "capture"),
    "JPEG": ("codec", "jpeg"),
}
COUNTS = (1, 4, 16, 64)


def main() -> None:
    """Trace one view, develop it under plain and wet looks, and print what each costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", default="low_sun_traffic")
    parser.add_argument("--resolution", type=int, nargs=2, default=(640, 384))
    parser.add_argument("--view", type=Path, help="a traced bundle with its labels, instead of a trace")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory(prefix="rareblend-bench-") as made:
        folder = Path(made)
        bundle, trace_s, peer_s = (options.view, 0.0, 0.0) if options.view else _traced(options, folder)
        view, once_s = _prepared(bundle)
        plain, wet = (_cost(view, weather=weather) for weather in (False, True))
        _print(plain, wet, once_s)
        _print_gpu(view)
    print(f"memory at its peak: {_bytes(view):.0f} bytes a pixel and light group (aim: under 60)")
    if trace_s:
        look_s = statistics.median(plain["whole"])
        print(f"\nCPU-s a labelled frame: trace {trace_s:.1f}, stock BlenderProc {peer_s:.1f} for each")
        for count in COUNTS:
            ours = (trace_s + once_s) / count + look_s
            print(f"  {count:3} looks: {ours:6.2f}   ratio {ours / peer_s:.3f}")


def _traced(options: argparse.Namespace, folder: Path) -> tuple[Path, float, float]:
    from render.farm import trace
    from render.settings import RenderSettings
    from scenes.scenario import sample

    width, height = options.resolution
    settings = RenderSettings(resolution=(width, height))
    report = trace([sample(options.scenario, seed=7, index=0)], folder, settings=settings, workers=1, device="cpu")
    size = ["--width", str(width), "--height", str(height), "--scenario", options.scenario]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for arm in ("reference", "peer"):  # the peer is exposed as the reference is; its quality is `trace.py`'s question
        given = ["--arm", arm, "--folder", str(folder), "--repeats", "1", "--reference-spp", "4"]
        command = [sys.executable, str(ROOT / "benchmarks" / "trace.py"), *size, *given]
        with (folder / f"{arm}.log").open("wb") as log:
            subprocess.run(command, check=True, cwd=ROOT, env=environment, stdout=log, stderr=log)
    peer = json.loads((folder / "peer.json").read_text())
    return next(folder.glob("scenes/*/0.exr")), report.cpu_s, float(peer["frame_s"])


def _prepared(bundle: Path):
    from render import radiance
    from render.develop.view import prepare
    from render.develop.viewpoint import viewpoint
    from scenes.spec.scene import loads

    spec = loads((bundle.parent / "spec.json").read_text())
    camera = json.loads(bundle.with_suffix(".json").read_text())["camera"]
    start = time.process_time()
    read = radiance.read(bundle)
    seen = viewpoint(camera["K"], camera["world_to_camera"], spec.sun, speed_mps=9.0)
    view = prepare(read, seen)
    return view, time.process_time() - start


def _cost(view, *, weather: bool, place="cpu", clock=time.process_time) -> dict[str, list[float]]:
    """Develop five looks (after one to warm up) with a clock around every step."""
    from render.develop import develop
    from render.develop.device import steps

    looks, camera = _looks(weather=weather)
    spent: dict[str, list[float]] = defaultdict(list)
    plain = {}
    for stage, (module, name) in CHAIN.items():
        where = getattr(develop, module) if module else develop
        plain[stage] = (where, name, getattr(where, name))
    there = steps(place)
    develop.develop(view, looks[0], camera, steps=there)
    for look in looks[1:]:
        clocks: dict[str, float] = defaultdict(float)
        timed = {name: _clocked(getattr(there, name), clocks, stage, clock) for stage, name in STEPS.items()}
        for stage, (where, name, work) in plain.items():
            setattr(where, name, _clocked(work, clocks, stage, clock))
        start = clock()
        develop.develop(view, look, camera, steps=replace(there, **timed))
        spent["whole"].append(clock() - start)
        for where, name, work in plain.values():
            setattr(where, name, work)
        for stage in (*STEPS, *CHAIN):
            spent[stage].append(clocks[stage])
    return spent


def _clocked(work: Callable, clocks: dict[str, float], stage: str, clock: Callable[[], float]) -> Callable:
    def timed(*given, **named):
        start = clock()
        try:
            return work(*given, **named)
        finally:
            clocks[stage] += clock() - start

    return timed


def _looks(*, weather: bool):
    from pydantic import TypeAdapter

    from render.develop.camera import SensorSettings
    from render.develop.preset import LookSettings, draw

    names = ("look/gallery.yaml" if weather else "look/standard.yaml", "sensor/dashcam.yaml")
    read = [yaml.safe_load((ROOT / "conf" / name).read_text()) for name in names]
    looks = TypeAdapter(LookSettings).validate_python(read[0])
    drawn = draw(looks, "weather" if weather else "low_sun", 12, seed=7, scene="bench")
    wanted = [look for look in drawn if (look.precipitation.kind != "none") == weather][:6]
    return wanted, TypeAdapter(SensorSettings).validate_python(read[1])


def _print(plain: dict[str, list[float]], wet: dict[str, list[float]], once_s: float) -> None:
    print("CPU-s a look, median        plain   rain, snow, drops   (* a GPU takes it over)")
    _print_rows(plain, wet)
    beyond, left = (
        [_median_without(spent, stages) for spent in (plain, wet)] for stages in (("denoise", "relight"), tuple(STEPS))
    )
    print(f"  {'beyond denoising':<22}{beyond[0]:9.3f}{beyond[1]:12.3f}   (aims: 0.6 and 1.2)")
    print(f"  {'without all *':<22}{left[0]:9.3f}{left[1]:12.3f}   (what a GPU leaves to the CPU)")
    print(f"  {'once a view':<22}{once_s:9.3f}")


def _print_rows(plain: dict[str, list[float]], wet: dict[str, list[float]]) -> None:
    for stage in (*STEPS, *CHAIN, "whole"):
        name = f"{stage} *" if stage in STEPS else stage
        print(f"  {name:<22}{statistics.median(plain[stage]):9.3f}{statistics.median(wet[stage]):12.3f}")


def _median_without(spent: dict[str, list[float]], stages: tuple[str, ...]) -> float:
    return float(statistics.median(np.subtract(spent["whole"], np.sum([spent[stage] for stage in stages], axis=0))))


def _print_gpu(view) -> None:
    """Print seconds by the wall on a GPU; every step waits for its result, so its own time is its own."""
    from render.develop import device

    if device.choose("auto") == "cpu":
        print("GPU: there is none here, so none was timed")
        return
    print(f"seconds a look on {device.steps('cuda').device}, median: plain; rain, snow, drops")
    _print_rows(*(_cost(view, weather=weather, place="cuda", clock=time.perf_counter) for weather in (False, True)))


def _bytes(view) -> float:
    from render.develop.develop import develop

    looks, camera = _looks(weather=True)
    tracemalloc.start()
    develop(view, looks[0], camera)
    peak = tracemalloc.get_traced_memory()[1] + sum(layer.nbytes for layer in view.radiance.layers.values())
    tracemalloc.stop()
    return peak / (view.sky.size * len(view.radiance.layers))


if __name__ == "__main__":
    main()
