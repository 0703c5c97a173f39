"""How many samples does a view need until nobody can tell? Measured against a 512-spp trace of the same view.

One view of each family of light is traced with few and with 512 samples, all with different seeds, and developed under
the same looks. Two numbers a count: the error that tracing leaves in the finished picture, as PSNR against the picture
of 512 samples with the same sensor noise, and its share of the noise that the sensor and codec bring anyway (two
developments of the 512-spp trace with different noise). A share below 1 drowns in the noise. The last column is the
share that the two halves of the few samples tell by what they differ in, without the reference: it is too low by what
the denoiser does to both alike, so it cannot choose the samples of a view.

    OMP_NUM_THREADS=1 python benchmarks/photons.py [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import yaml

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
FAMILIES = {"day": "day_traffic", "night": "night_intersection", "low_sun": "low_sun_traffic"}
HALVES = (1, 2, 4, 8, 16)
REFERENCE_SPP = 512
LOOKS = 3


def main() -> None:
    """Trace (in a process of its own), develop, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="folder for the traces; those that are there are not traced again")
    parser.add_argument("--trace", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--resolution", type=int, nargs=2, default=(256, 160))
    options = parser.parse_args()
    if options.trace:
        _trace(options.trace[0], Path(options.trace[1]), tuple(options.resolution))
        return
    with tempfile.TemporaryDirectory(prefix="rareblend-bench-") as made:
        folder = options.keep or Path(made)
        print("family    spp   PSNR dB   share of noise   told by halves")
        for family in FAMILIES:
            _tell(family, folder / family, options.resolution)


def _trace(family: str, folder: Path, resolution: tuple[int, int]) -> None:
    from packs import fetch
    from render import radiance
    from render.blender import bootstrap, devices, geometry, passes
    from render.label import camera_record
    from render.settings import RenderSettings
    from scenes.scenario import sample
    from scenes.spec import dumps

    bootstrap.start()
    from scenes.stage.lamps import TRACE_GAIN
    from scenes.stage.library import Library
    from scenes.stage.mesh_cache import MeshCache
    from scenes.stage.stage import build

    spec = sample(FAMILIES[family], seed=11, index=0)
    library = Library(people_dir=fetch("people"), meshes=MeshCache(None))
    bootstrap.empty_scene()
    build(spec, 0, resolution_wh=resolution, library=library)
    folder.mkdir(parents=True, exist_ok=True)
    counts = [(half, seed) for half in HALVES for seed in (1, 2)] + [(REFERENCE_SPP, 3)]
    for spp, seed in counts:
        settings = RenderSettings(resolution=resolution, spp=spp)
        traced = passes.trace(settings, gains=TRACE_GAIN, seed=seed, threads=1, device=devices.choose("cpu"))
        radiance.write(folder / f"{spp}-{seed}.exr", traced.radiance)
    camera = camera_record(geometry.view_of_camera())
    (folder / "camera.yaml").write_text(yaml.safe_dump(camera))
    (folder / "spec.json").write_text(dumps(spec))
    bootstrap.finish(0)


def _tell(family: str, folder: Path, resolution: tuple[int, int]) -> None:
    if not (folder / "spec.json").is_file():
        size = [str(side) for side in resolution]
        command = [sys.executable, __file__, "--trace", family, str(folder), "--resolution", *size]
        subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for spp, psnr, share, told in _compared(folder):
        print(f"{family:8} {spp:4} {psnr:9.1f} {share:16.2f} {told:16.2f}")


def _compared(folder: Path) -> list[tuple[int, float, float, float]]:
    """Return samples, PSNR, share of noise and the share that the halves tell, over the looks of the family."""
    from render import radiance
    from render.develop.develop import develop
    from render.develop.view import prepare
    from render.develop.viewpoint import viewpoint
    from scenes.spec import loads

    spec, camera = loads((folder / "spec.json").read_text()), yaml.safe_load((folder / "camera.yaml").read_text())
    seen = viewpoint(camera["K"], camera["world_to_camera"], spec.sun, speed_mps=spec.cameras[0].speed_mps)
    bundles = {path.stem: radiance.read(path) for path in sorted(folder.glob("*.exr"))}
    truth = prepare(bundles[f"{REFERENCE_SPP}-3"], seen)
    looks, sensor = _looks(spec.lighting)
    told = []
    for half in HALVES:
        pair = bundles[f"{half}-1"], bundles[f"{half}-2"]
        view = prepare(_mean(*pair), seen)
        rows = []
        for look in looks:
            best, again = (develop(truth, look, sensor, noise_seed=seed).rgb.astype(float) for seed in (1, 2))
            error = float(np.mean((develop(view, look, sensor, noise_seed=1).rgb - best) ** 2))
            noise = float(np.mean((again - best) ** 2)) / 2
            rows.append((error, error / noise, _halves_share(*pair, seen, look, sensor)))
        error, share, guess = np.mean(rows, axis=0)
        told.append((2 * half, 10 * np.log10(255**2 / error), share, guess))
    return told


def _mean(first, second):
    """Return the mean of two traces of one view; depth and ids are the first one's."""
    layers = {group: (layer + second.layers[group]) / 2 for group, layer in first.layers.items()}
    albedo, normal = ((getattr(first, name) + getattr(second, name)) / 2 for name in ("albedo", "normal"))
    return replace(first, layers=layers, albedo=albedo, normal=normal)


def _halves_share(first, second, viewpoint, look, sensor) -> float:
    """Return the power of the error of the mean of two traces, from their difference, as a share of the noise."""
    from render.develop.develop import develop
    from render.develop.view import prepare

    one, other = (prepare(half, viewpoint) for half in (first, second))
    shown = [develop(view, look, sensor, noise_seed=1).rgb.astype(float) for view in (one, other)]
    again = develop(one, look, sensor, noise_seed=2).rgb.astype(float)
    noise = float(np.mean((shown[0] - again) ** 2)) / 2
    return float(np.mean((shown[0] - shown[1]) ** 2)) / 4 / noise


def _looks(lighting: str):
    from pydantic import TypeAdapter

    from render.develop.camera import SensorSettings
    from render.develop.preset import LookSettings, draw

    read = [
        yaml.safe_load((ROOT / "conf" / name).read_text()) for name in ("look/standard.yaml", "sensor/dashcam.yaml")
    ]
    looks = TypeAdapter(LookSettings).validate_python(read[0])
    return draw(looks, lighting, LOOKS, seed=7, scene="bench"), TypeAdapter(SensorSettings).validate_python(read[1])


if __name__ == "__main__":
    main()
