"""What does a labelled frame cost against stock BlenderProc on the same scene? Aim: a quarter, with no worse a picture.

Ours traces a view once with light groups and develops four looks of it (sensor, JPEG, record and COCO included). The
peer does what BlenderProc's examples do: its default settings with its compositor denoiser, `render`, `render_segmap`
and `write_coco_annotations`, again for every lighting, in one process so that start-up counts for neither, and with
the scene built once. Both pictures are compared, under the light as it was built, with a reference of many samples.
Prints CPU-seconds a frame (median), PSNR of the sRGB picture, and the ratio.

    python benchmarks/trace.py [--scenario night_rear_end] [--spp 6] [--peer-spp 16] [--repeats 3]
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
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

LOOKS = 4
SCENE_SEED = 7
MIDDLE_GREY = 0.18


def main() -> None:
    """Run the three arms, each in a process of its own, and compare."""
    options = _options()
    if options.arm:
        _leave_with(ARMS[options.arm](options))
    with tempfile.TemporaryDirectory(prefix="rareblend-bench-") as folder:
        arms = {name: _arm(name, Path(folder)) for name in ("reference", "ours", "peer")}
        pictures = {name: np.load(Path(folder) / f"{name}.npy") for name in arms}
    ours, peer = (_psnr_db(pictures[name], pictures["reference"]) for name in ("ours", "peer"))
    ours_s, peer_s = arms["ours"]["frame_s"], arms["peer"]["frame_s"]
    print(f"{options.width}x{options.height}, CPU-seconds a labelled frame, median of {options.repeats}")
    print(f"  ours, {options.spp} spp, {LOOKS} looks a trace  {ours_s:7.2f} s  {ours:5.1f} dB  {arms['ours']['parts']}")
    print(f"  BlenderProc, {options.peer_spp} spp          {peer_s:7.2f} s  {peer:5.1f} dB  {arms['peer']['parts']}")
    verdict = "at equal or better PSNR" if ours >= peer else "but the picture is WORSE: raise --spp"
    print(f"ratio: {ours_s / peer_s:.3f} (aim: at most 0.25), {verdict}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", default="night_rear_end")
    parser.add_argument("--width", type=int, default=320)
    parser.add_argument("--height", type=int, default=192)
    parser.add_argument("--spp", type=int, default=6)
    parser.add_argument("--peer-spp", type=int, default=16)
    parser.add_argument("--reference-spp", type=int, default=512)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--arm", choices=("reference", "ours", "peer"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _arm(name: str, folder: Path) -> dict:
    command = [sys.executable, __file__, *sys.argv[1:], "--arm", name, "--folder", str(folder)]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    with (folder / f"{name}.log").open("wb") as log:
        code = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, stdout=log, stderr=log, check=False)
    result = folder / f"{name}.json"
    if code.returncode or not result.is_file():
        sys.exit(f"arm {name} failed:\n" + (folder / f"{name}.log").read_text()[-3000:])
    return json.loads(result.read_text())


def _leave_with(code: int) -> None:
    from render.blender import bootstrap

    bootstrap.finish(code)


def _reference(options: argparse.Namespace) -> int:
    """Many samples, our bounces; denoised, because lamps in a wet road leave 512 samples at a noise floor of 20 dB."""
    _build(options)
    _save_denoised(options, options.reference_spp, "reference")
    return _tell(options, "reference", 0.0, "")


def _ours(options: argparse.Namespace) -> int:
    """The farm and the develop stage, as the command runs them."""
    from render import farm, manifest
    from render.settings import RenderSettings

    settings = RenderSettings(resolution=(options.width, options.height), spp=options.spp)
    trace_s, look_s, coco_s = [], [], []
    for repeat in range(options.repeats):
        out = options.folder / f"round{repeat}"
        trace_s.append(farm.trace([_spec(options)], out, settings=settings, workers=1, device="cpu").cpu_s)
        look_s.append(_developed_s(out))
        start = time.process_time()
        manifest.compact(out)
        coco_s.append((time.process_time() - start) / LOOKS)
    _build(options)
    _save_denoised(options, options.spp, "ours")
    trace, look, coco = (statistics.median(seconds) for seconds in (trace_s, look_s, coco_s))
    parts = f"(trace {trace:.2f} / {LOOKS} + look {look:.2f} + COCO {coco:.2f})"
    return _tell(options, "ours", trace / LOOKS + look + coco, parts)


def _developed_s(out: Path) -> float:
    """Develop the looks of a round's view and return the CPU-seconds of one, with its share of what is done once."""
    from render.develop.camera import SensorSettings
    from render.develop.frames import ViewJob, develop_view
    from render.develop.preset import LookSettings
    from render.develop.round import traced_views
    from scenes.settings import compose, validated

    config = compose("develop", [])
    looks, sensor = (
        validated(key, kind, config[key]) for key, kind in (("look", LookSettings), ("sensor", SensorSettings))
    )
    ((scene, view),) = traced_views(out)
    job = ViewJob(out=out, scene=scene, view=view, looks=looks, sensor=sensor, count=LOOKS, seed=SCENE_SEED)
    start = time.process_time()
    made = develop_view(job).made
    return (time.process_time() - start) / len(made)


def _peer(options: argparse.Namespace) -> int:
    """BlenderProc with its defaults, traced again for every frame."""
    from render.blender import bootstrap

    bootstrap.start()
    import blenderproc as bproc
    import bpy
    from blenderproc.python.utility.Initializer import _Initializer

    from scenes.ontology import STUFF_INDEX

    _Initializer.set_default_parameters()  # what bproc.init() does
    bproc.renderer.set_max_amount_of_samples(options.peer_spp)
    bproc.renderer.set_output_format(view_transform="Standard")
    start = time.process_time()
    _build(options)
    build_s = time.process_time() - start
    for each in bpy.data.objects:
        each["category_id"] = int(0 < each.pass_index < STUFF_INDEX)
    reference = np.load(options.folder / "reference.npy")
    bpy.context.scene.view_settings.exposure = float(np.log2(_exposure(reference)))
    frames = [_peer_frame(options) for _ in range(options.repeats)]
    np.save(options.folder / "peer.npy", frames[0][0])
    render_s, segmap_s, coco_s = (statistics.median(frame[1][i] for frame in frames) for i in range(3))
    parts = f"(build {build_s:.2f} / {LOOKS} + render {render_s:.2f} + segmap {segmap_s:.2f} + COCO {coco_s:.2f})"
    return _tell(options, "peer", build_s / LOOKS + render_s + segmap_s + coco_s, parts)


def _peer_frame(options: argparse.Namespace) -> tuple[np.ndarray, tuple[float, float, float]]:
    import blenderproc as bproc

    clock = [time.process_time()]
    data = bproc.renderer.render()
    clock.append(time.process_time())
    data |= bproc.renderer.render_segmap(map_by=["instance", "class", "name"], default_values={"category_id": 0})
    clock.append(time.process_time())
    bproc.writer.write_coco_annotations(
        str(options.folder / "coco"),
        instance_segmaps=data["instance_segmaps"],
        instance_attribute_maps=data["instance_attribute_maps"],
        colors=data["colors"],
        color_file_format="JPEG",
    )
    clock.append(time.process_time())
    return data["colors"][0][..., :3], tuple(np.diff(clock))


def _spec(options: argparse.Namespace):
    from scenes.scenario import sample
    from scenes.spec.scene import dumps, loads

    return loads(dumps(sample(options.scenario, seed=SCENE_SEED, index=0)))


def _build(options: argparse.Namespace) -> None:
    """Fill Blender with the scene; both arms share it."""
    import packs
    from render.blender import bootstrap

    bootstrap.start()
    from scenes.stage.library import Library
    from scenes.stage.stage import build

    people = packs.fetch("people") if _spec(options).people else None
    build(_spec(options), 0, resolution_wh=(options.width, options.height), library=Library(people_dir=people))


def _trace(options: argparse.Namespace, spp: int):
    from render.blender import devices, passes
    from render.settings import RenderSettings
    from scenes.stage.lamps import TRACE_GAIN

    settings = RenderSettings(resolution=(options.width, options.height), spp=spp)
    device = devices.choose("cpu")
    return passes.trace(
        settings, gains=TRACE_GAIN, seed=_spec(options).seed, threads=os.cpu_count() or 1, device=device
    )


def _save_denoised(options: argparse.Namespace, spp: int, name: str) -> None:
    from render.develop.denoise import clean_guides, denoise

    traced = _trace(options, spp)
    guides = clean_guides(traced.radiance.albedo, traced.radiance.normal)
    np.save(options.folder / f"{name}.npy", denoise(traced.combined, *guides))


def _tell(options: argparse.Namespace, arm: str, frame_s: float, parts: str) -> int:
    (options.folder / f"{arm}.json").write_text(json.dumps({"frame_s": frame_s, "parts": parts}))
    return 0


def _exposure(reference: np.ndarray) -> float:
    return MIDDLE_GREY / float(np.exp(np.mean(np.log(reference.mean(axis=2) + 1e-3))))


def _psnr_db(picture: np.ndarray, reference: np.ndarray) -> float:
    """PSNR in dB of the sRGB pictures; `picture` is linear float, or sRGB bytes at the reference's exposure."""
    wanted = _srgb(reference * _exposure(reference))
    got = picture / 255.0 if picture.dtype == np.uint8 else _srgb(picture * _exposure(reference))
    return float(-10 * np.log10(np.mean((got - wanted) ** 2)))


def _srgb(rgb_linear: np.ndarray) -> np.ndarray:
    clipped = np.clip(rgb_linear, 0, 1)
    return np.where(clipped <= 0.0031308, 12.92 * clipped, 1.055 * clipped ** (1 / 2.4) - 0.055)


ARMS = {"reference": _reference, "ours": _ours, "peer": _peer}

if __name__ == "__main__":
    main()
