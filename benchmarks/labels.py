"""What do the labels of a view cost, and the check that does not trust the renderer? Against BlenderProc's writers.

Aims: all labels of a 640x384 view with 30 actors in 0.8 CPU-s beyond the trace, the check in 0.5. The peer labels the
same scene in the same process as BlenderProc's examples do: `render_segmap` by instance, class and name, and
`write_coco_annotations`; that gives visible boxes and masks, where ours are amodal, 3D, occluded, truncated and named
by part as well. The scene is built and traced once; all times are CPU-seconds, median of the repeats.

    OMP_NUM_THREADS=1 python benchmarks/labels.py [--actors 30] [--repeats 5]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
for folder in (ROOT, ROOT / "benchmarks"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
LABELS_S, CHECK_S = 0.8, 0.5


def main() -> None:
    """Build and trace one street, then time each way of labelling it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--actors", type=int, default=30)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    from render.blender import bootstrap

    bootstrap.start()
    with tempfile.TemporaryDirectory(prefix="rareblend-bench-") as folder:
        for line in _told(options, Path(folder)):
            print(line, flush=True)
    sys.stdout.flush()
    bootstrap.finish(0)


def _told(options: argparse.Namespace, folder: Path) -> list[str]:
    from render.label import Seen, view_labels
    from render.label_checks import check_labels
    from render.part_map import part_map

    spec, traced, meshes, keypoints_m, view, probe_s = _traced(options.actors, folder)

    def label() -> Any:
        parts = part_map(traced.ids, meshes, view)
        seen = Seen(
            ids=traced.ids, depth_m=traced.depth_m, meshes=meshes, view=view, keypoints_m=keypoints_m, parts=parts
        )
        return view_labels(spec, 0, seen), parts

    label_s, (labels, parts) = _median_s(label, options.repeats)
    check_s, check = _median_s(
        lambda: check_labels(labels, ids=traced.ids, depth_m=traced.depth_m, meshes=meshes, view=view, parts=parts),
        options.repeats,
    )
    segmap_s, coco_s = _peer_s(folder)
    triangles = sum(len(mesh.triangles) for mesh in meshes.values())
    ours_s, peer_s = label_s + probe_s, segmap_s + coco_s
    return [
        f"640x384, {len(meshes)} actors of {triangles:,} triangles, {check.annotations} labelled; CPU-seconds",
        f"  labels      {ours_s:6.2f}  (meshes out of Blender {probe_s:.2f}, the rest {label_s:.2f}; aim {LABELS_S})",
        f"  check       {check_s:6.2f}  ({check.pixels} pixels, {len(check.faults)} faults; aim {CHECK_S})",
        f"  BlenderProc {peer_s:6.2f}  (render_segmap {segmap_s:.2f}, write_coco_annotations {coco_s:.2f})",
        f"  ratio       {ours_s / peer_s:6.2f}, with the check {(ours_s + check_s) / peer_s:.2f}",
    ]


def _median_s(work: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    spent, done = [], None
    work()  # libraries load late
    for _ in range(repeats):
        start = time.process_time()
        done = work()
        spent.append(time.process_time() - start)
    return statistics.median(spent), done


def _traced(actors: int, folder: Path) -> Any:
    """Build the street of `benchmarks/scene.py` and trace it at 1 sample; say how long its meshes took to read."""
    from scene import _street

    from packs import fetch
    from render.blender import bootstrap, devices, geometry, passes
    from render.settings import RenderSettings
    from scenes.spec.scene import loads
    from scenes.stage.lamps import TRACE_GAIN
    from scenes.stage.library import Library
    from scenes.stage.mesh_cache import MeshCache
    from scenes.stage.stage import build

    spec, settings = loads(_street(actors)), RenderSettings(resolution=(640, 384), spp=1)
    bootstrap.empty_scene()
    library = Library(people_dir=fetch("people"), meshes=MeshCache(folder / "meshes"))
    build(spec, 0, resolution_wh=settings.resolution, library=library)
    meshes: dict[int, Any] = {}
    keypoints_m: dict[int, Any] = {}
    clock: list[float] = []

    def probe(depsgraph: Any) -> None:
        clock.append(time.process_time())
        meshes.update(geometry.actor_meshes(depsgraph))
        keypoints_m.update(geometry.actor_keypoints(depsgraph))
        clock.append(time.process_time())

    traced = passes.trace_with(probe, settings, gains=TRACE_GAIN, seed=1, threads=1, device=devices.choose("cpu"))
    return spec, traced.radiance, meshes, keypoints_m, geometry.view_of_camera(), clock[1] - clock[0]


def _peer_s(folder: Path) -> tuple[float, float]:
    """Label the scene that stands in Blender with BlenderProc's own renderer of segmentation and writer."""
    import blenderproc as bproc
    import bpy

    from scenes.ontology import STUFF_INDEX

    for each in bpy.data.objects:
        each["category_id"] = int(0 < each.pass_index < STUFF_INDEX)
    bpy.context.scene.frame_start, bpy.context.scene.frame_end = 0, 1
    start = time.process_time()
    data = bproc.renderer.render_segmap(map_by=["instance", "class", "name"], default_values={"category_id": 0})
    middle = time.process_time()
    bproc.writer.write_coco_annotations(
        str(folder / "coco"),
        instance_segmaps=data["instance_segmaps"],
        instance_attribute_maps=data["instance_attribute_maps"],
        colors=[np.zeros((384, 640, 3), np.uint8)],
        color_file_format="JPEG",
    )
    return middle - start, time.process_time() - middle


if __name__ == "__main__":
    main()
