"""What does a scene cost: to sample, to build, to trace; and how does that grow with actors?

Aims: 10,000 specs in 20 CPU-s; a street with 30 actors built in 6 CPU-s from an empty mesh cache on, under 2 GB; its
trace at 640x384 and 12 spp in 15 CPU-s. The peer is the same scene without the disk cache, in the same run.

    OMP_NUM_THREADS=1 python benchmarks/scene.py [--specs 10000] [--actors 0 10 20 30]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
MIX = {"night_rear_end": 3, "night_intersection": 2, "low_sun_traffic": 3}


def main() -> None:
    """Print all figures, or build one scene if asked to (each in a process of its own)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--specs", type=int, default=10_000)
    parser.add_argument("--actors", type=int, nargs="*", default=[0, 10, 20, 30])
    parser.add_argument("--spp", type=int, default=12)
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--cache", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build:
        _build(options.build, options.cache, options.spp)
        return
    _sampling(options.specs)
    with tempfile.TemporaryDirectory(prefix="rareblend-bench-") as folder:
        print("actors   build CPU-s: cold  disk cache  again   trace CPU-s   triangles   peak MB")
        for actors in options.actors:
            _tell(actors, Path(folder), options.spp)


def _sampling(count: int) -> None:
    from scenes.mix import plan

    plan(MIX, seed=1, count=16)
    start = time.process_time()
    plan(MIX, seed=2, count=count // 10)
    each_ms = 10_000 * (time.process_time() - start) / count
    wall = time.perf_counter()
    plan(MIX, seed=2, count=count, workers=os.cpu_count() or 1)
    wall = time.perf_counter() - wall
    print(f"sampling: {each_ms:.2f} CPU-ms a spec; {count} specs on {os.cpu_count()} cores: {wall:.1f} s")
    print(f"bpy imported: {'bpy' in sys.modules}")


def _tell(actors: int, folder: Path, spp: int) -> None:
    path, cache = folder / f"{actors}.json", folder / f"meshes{actors}"
    path.write_text(_street(actors))
    cold, warm = (_measured(path, cache, spp) for _ in range(2))
    print(
        f"{actors:6} {cold['first']:17.2f} {warm['first']:11.2f} {warm['again']:6.2f} {warm['trace']:13.1f} "
        f"{warm['triangles']:11,} {warm['peak_mb']:9.0f}"
    )


def _street(actors: int) -> str:
    """Return a street with so many actors, two thirds of them vehicles."""
    from scenes.camera import draw_dashcam
    from scenes.road import draw_street, lane_y_m
    from scenes.spec.scene import SceneSpec, dumps
    from scenes.spec.view import Sun
    from scenes.traffic import Traffic

    rng = np.random.default_rng(5)
    street = draw_street(rng, wetness=(0.0, 0.0), feature_x_m=None)
    traffic = Traffic(street, (), rng, night=False)
    for _ in range(400):
        if len(traffic.vehicles) < actors * 2 // 3:
            traffic.drive(oncoming=1, ahead=1, nearest_m=8.0)
            traffic.park(share=0.3)
        if len(traffic.people) < actors - actors * 2 // 3:
            traffic.walk(1)
    vehicles = traffic.vehicles[: actors * 2 // 3]
    on_board = {vehicle.actor_id for vehicle in vehicles}
    people = [person for person in traffic.people if person.mount is None or person.mount in on_board]
    spec = SceneSpec(
        scenario="bench",
        sentence="A street with traffic.",
        seed=1,
        lighting="day",
        street=street,
        sun=Sun(elevation_deg=40, azimuth_deg=120),
        cameras=(draw_dashcam(rng, lane_y_m=lane_y_m(street, 1)),),
        vehicles=tuple(vehicles),
        people=tuple(people[: actors - len(vehicles)]),
    )
    return dumps(spec)


def _measured(path: Path, cache: Path, spp: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--build", str(path), "--cache", str(cache), "--spp", str(spp)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT"))
    told: dict[str, Any] = json.loads(line.removeprefix("RESULT"))
    return told


def _build(path: Path, cache: Path, spp: int) -> None:
    from packs import fetch
    from render.blender import bootstrap, devices, passes
    from render.settings import RenderSettings
    from scenes.spec.scene import loads

    bootstrap.start()
    import bpy

    from scenes.stage.lamps import TRACE_GAIN
    from scenes.stage.library import Library
    from scenes.stage.mesh_cache import MeshCache
    from scenes.stage.stage import build

    spec, settings = loads(path.read_text()), RenderSettings(spp=spp)
    library = Library(people_dir=fetch("people"), meshes=MeshCache(cache))
    spent = []
    for _ in range(2):
        bootstrap.empty_scene()
        start = time.process_time()
        build(spec, 0, resolution_wh=settings.resolution, library=library)
        spent.append(time.process_time() - start)
    meshes = [item.data for item in bpy.data.objects if item.type == "MESH"]
    start = time.process_time()
    passes.trace(settings, gains=TRACE_GAIN, seed=1, threads=1, device=devices.choose("cpu"))
    told = {
        "first": spent[0],
        "again": spent[1],
        "trace": time.process_time() - start,
        "triangles": sum(len(mesh.loops) - 2 * len(mesh.polygons) for mesh in meshes),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print("RESULT" + json.dumps(told))
    bootstrap.finish(0)


if __name__ == "__main__":
    main()
