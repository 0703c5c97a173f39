"""The process that traces: `python -m render.blender.worker OPTIONS`, one for many scenes; see `render.jobs`."""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from render import frame_checks, manifest
from render.blender import bootstrap, devices
from render.blender.devices import Device
from render.jobs import Answer, Handler, ViewJob, serve
from render.keypoints import Point
from render.label import Seen, view_labels
from render.part_map import part_map
from render.radiance import Radiance
from render.settings import RenderSettings
from render.silhouette import Mesh
from scenes.errors import RareblendError, TraceError
from scenes.own import load
from scenes.spec.scene import SceneSpec
from scenes.stage.library import Library
from scenes.stage.mesh_cache import MeshCache


@dataclass(frozen=True, kw_only=True)
class Tracer:
    """Traces views one after another in this process.

    Args:
        stage: module that has `build(spec, view, *, resolution_wh, library)`, which returns what it added to the spec.
        gains: trace units per cd/m², by light group.
        settings: how to trace.
        device: where.
        threads: CPU threads of Cycles.
        library: what the stage builds from.
    """

    stage: Any
    gains: Mapping[str, float]
    settings: RenderSettings
    device: Device
    threads: int
    library: Library

    def __call__(self, job: ViewJob) -> Answer:
        """Build, trace, label, check and commit one view."""
        spec = job.spec()
        bootstrap.empty_scene()
        placed = self.stage.build(spec, job.view, resolution_wh=self.settings.resolution, library=self.library)
        bundle, seen = self._traced(spec)
        labels = view_labels(spec, job.view, seen, placed=placed or (), in_clip=job.frame is not None)
        labels |= job.told()
        fault = frame_checks.view_fault(bundle, labels["objects"])
        if fault:
            return Answer(status="unfit", text=fault)
        faults = frame_checks.view_checks(labels, bundle, seen.meshes, seen.view, parts=seen.parts)
        frame_checks.journal(Path(job.out), job.name, len(labels["objects"]), faults)
        if faults:
            return Answer(status="unfit", text=str(faults[0]))
        manifest.commit_view(Path(job.out), bundle, labels, seen.parts)
        return Answer(status="done")

    def _traced(self, spec: SceneSpec) -> tuple[Radiance, Seen]:
        """Trace the current scene, and keep what labels are made from."""
        from render.blender import geometry, passes

        meshes: dict[int, Mesh] = {}
        keypoints_m: dict[int, dict[str, Point]] = {}
        pieces_m: dict[int, Point] = {}

        def probe(depsgraph: Any) -> None:
            meshes.update(geometry.actor_meshes(depsgraph))
            keypoints_m.update(geometry.actor_keypoints(depsgraph))
            pieces_m.update(geometry.debris_places(depsgraph))

        settings = self.settings.for_view(spec.lighting)
        traced = passes.trace_with(
            probe, settings, gains=self.gains, seed=spec.seed, threads=self.threads, device=self.device
        )
        if traced.group_gap > passes.SUM_TOLERANCE:
            raise TraceError(f"a light belongs to no light group (gap {traced.group_gap:.1e})")
        bundle = replace(traced.radiance, meta={"group_gap": f"{traced.group_gap:.2e}", "spp": str(settings.spp)})
        view = geometry.view_of_camera()
        return bundle, Seen(
            ids=bundle.ids,
            depth_m=bundle.depth_m,
            meshes=meshes,
            view=view,
            keypoints_m=keypoints_m,
            parts=part_map(bundle.ids, meshes, view),
            pieces_m=pieces_m,
        )


def main(arguments: Sequence[str]) -> None:
    """Serve jobs until the farm closes the pipe."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    wanted = _parsed(arguments)
    serve(lambda: _prepared(wanted))
    bootstrap.finish(0)


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="render.blender.worker")
    parser.add_argument("--settings", type=json.loads, required=True, help="RenderSettings as JSON")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--people", type=Path)
    parser.add_argument("--meshes", type=Path)
    parser.add_argument("--own", type=Path, help="folder of the user's assets")
    parser.add_argument("--script", type=Path, help="the user's scene script")
    parser.add_argument("--cc-textures", type=Path)
    parser.add_argument("--stage", default="scenes.stage.stage", help="module with build()")
    parser.add_argument("--gains", default="scenes.stage.lamps", help="module with TRACE_GAIN")
    return parser.parse_args(arguments)


def _prepared(wanted: argparse.Namespace) -> tuple[Answer, Handler | None]:
    try:
        bootstrap.start()
        device = devices.choose(wanted.device)
    except RareblendError as refused:
        return Answer(status="fatal", text=str(refused)), None
    tracer = Tracer(
        stage=importlib.import_module(wanted.stage),
        gains=importlib.import_module(wanted.gains).TRACE_GAIN,
        settings=TypeAdapter(RenderSettings).validate_python(wanted.settings),
        device=device,
        threads=wanted.threads,
        library=Library(
            people_dir=wanted.people,
            meshes=MeshCache(wanted.meshes),
            own=load(wanted.own) if wanted.own else None,
            script=wanted.script,
            cc_textures=wanted.cc_textures,
        ),
    )
    return Answer(status="ready", text=f"{device.kind} ({', '.join(device.names)}): {device.why}"), tracer


if __name__ == "__main__":
    main(sys.argv[1:])
