"""The frames of one traced view: made where they are missing or another camera took them, with their records."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from render import durable, frame_checks, manifest, visibility
from render.clips.moment import Moment, steady
from render.clips.stored import camera_and_frame
from render.develop.atlas import looks_of
from render.develop.camera import SensorSettings
from render.develop.conditions import conditions
from render.develop.develop import Developed
from render.develop.develop import develop as develop_frame
from render.develop.device import Place, steps
from render.develop.look import Look
from render.develop.mounting import mounted
from render.develop.optics import Warp
from render.develop.preset import LookSettings, draw
from render.develop.traced import Source, read_source, read_view
from render.develop.view import View
from render.develop.warped_labels import with_damage
from render.label import near_miss_record
from render.visibility import DEFAULT_LABELS, LabelSettings
from scenes.atlas import Atlas
from scenes.errors import InputError
from scenes.spec.scene import SceneSpec
from scenes.spec.view import Camera


@dataclass(frozen=True, kw_only=True)
class ViewJob:
    """One traced view and how many looks it should have."""

    out: Path
    scene: str
    view: str
    looks: LookSettings
    sensor: SensorSettings
    count: int
    seed: int
    labels: LabelSettings = DEFAULT_LABELS
    moment: Moment | None = None
    place: Place = "cpu"
    atlas: Atlas | None = None

    @property
    def name(self) -> str:
        """The first two parts of its frames' names."""
        return f"{self.scene}-{self.view}"

    def draw_looks(self, spec: SceneSpec) -> list[Look]:
        """Draw the looks, as the view's camera meets them; all frames of a clip have the same."""
        clip = self.view.partition("t")[0] if self.moment else self.view
        looks = looks_of(spec, self.looks, self.atlas)
        looks = steady(looks) if self.moment else looks
        scene = f"{self.scene}-{clip}"
        found = draw(looks, spec.lighting, self.count, seed=self.seed, scene=scene, street=spec.street)
        camera = spec.cameras[camera_and_frame(self.view)[0]]
        return [mounted(look, camera) for look in found]


@dataclass(frozen=True, kw_only=True)
class ViewResult:
    """What became of a view.

    Args:
        name: scene and view.
        made, found: frames made now, and from before.
        again: those of the frames made now that were there, by another camera or under other rules for labels.
        cpu_s: CPU-seconds of each frame made.
        faults: what is left out (the view's bundle, or single frames), with the reason.
    """

    name: str
    made: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    cpu_s: tuple[float, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()


def develop_view(job: ViewJob) -> ViewResult:
    """Develop the missing frames of one view; a bundle that cannot be read is left out and told."""
    cv2.setNumThreads(1)
    try:
        source = read_source(job.out, job.scene, job.view)
        looks = job.draw_looks(source.spec)
        frames = {f"{job.name}-{look.look_id}": look for look in looks}
        made_as = {"sensor": asdict(job.sensor), "labels": asdict(job.labels)}
        missing = {
            frame: look for frame, look in frames.items() if not manifest.is_committed(job.out, frame, **made_as)
        }
        found = tuple(frame for frame in frames if frame not in missing)
        if not missing:
            return ViewResult(name=job.name, found=found)
        view = read_view(job.out, job.scene, job.view, source, steps(job.place))
    except InputError as broken:
        fix = "delete it and run: rareblend render"
        return ViewResult(name=job.name, faults=((f"{job.scene}/{job.view}.exr", f"{broken}; {fix}"),))
    return _develop_missing(job, source, view, missing, found)


def _develop_missing(
    job: ViewJob, source: Source, view: View, missing: dict[str, Look], found: tuple[str, ...]
) -> ViewResult:
    cpu_s: dict[str, float] = {}
    faults: dict[str, str] = {}
    withdrawn = {frame for frame in missing if manifest.withdraw_frame(job.out, frame)}
    for frame, look in missing.items():
        start = time.process_time()
        try:
            taken = job.moment.taken(view, look, job.sensor) if job.moment else (view, look, job.sensor)
            developed = develop_frame(*taken, steps=steps(job.place))
        except InputError as refused:
            faults[frame] = f"{job.scene}/{job.view}.exr: {refused}"
            continue
        fault = frame_checks.frame_fault(developed.rgb, source.labels["objects"])
        if fault:
            faults[frame] = fault
            continue
        image = job.out / "images" / f"{frame}.jpg"
        durable.write_bytes(image, developed.jpeg)
        told, ids = record(job, source, look, developed), view.radiance.ids
        if developed.warp:
            moved, ids = _moved(job.out, told, source.labels, view, developed.warp)
            told |= moved
        told["objects"] = visibility.told(told["objects"], developed.rgb, ids, job.labels)
        manifest.commit_frame(job.out, told)
        cpu_s[frame] = round(time.process_time() - start, 4)
    return ViewResult(
        name=job.name,
        made=tuple(cpu_s),
        found=found,
        again=tuple(frame for frame in cpu_s if frame in withdrawn),
        cpu_s=tuple(cpu_s.values()),
        faults=tuple(faults.items()),
    )


def _moved(
    out: Path, told: dict[str, Any], labels: dict[str, Any], view: View, warp: Warp
) -> tuple[dict[str, Any], NDArray[np.uint16]]:
    """Write a frame's own maps where its pixels are moved; return what its record says otherwise, and its mask."""
    objects, ids = warp.labels(labels["objects"], view.radiance.ids)
    stuff, parts = view.radiance.stuff, manifest.read_map(out, told["maps"].get("parts"))
    parts = None if parts is None else warp.map(parts)
    objects = objects if parts is None else with_damage(objects, ids, parts)
    files = manifest.write_maps(
        out,
        told["frame"],
        objects,
        ids=ids,
        stuff=None if stuff is None else warp.map(stuff),
        parts=parts,
    )
    camera = {**told["camera"], **(warp.lens.camera() if warp.lens else {})}
    lanes = warp.lines(labels.get("lanes", []), ids.shape)
    return {"objects": objects, "mask": files["mask"], "maps": files, "camera": camera, "lanes": lanes}, ids


def _rig(camera: Camera) -> dict[str, Any]:
    """Return which rig took a picture and where it is fixed; a record that does not say so is a dashcam's."""
    plain = camera.station == "windscreen" and camera.lens is None
    return {} if plain else {"rig": {"name": camera.name, "station": camera.station}}


def record(job: ViewJob, source: Source, look: Look, done: Developed) -> dict[str, Any]:
    """Return a frame's record: what it shows, how it was lit, taken and stored; no time, host or path of this run."""
    frame, spec, labels = f"{job.name}-{look.look_id}", source.spec, source.labels
    return {
        "schema": labels.get("schema", 1),
        "frame": frame,
        "scene": job.scene,
        "view": job.view,
        "look": {"id": look.look_id, **asdict(look)},
        "image": f"images/{frame}.jpg",
        "mask": f"masks/{job.name}.png",
        "maps": manifest.map_files(job.out, job.scene, job.view),
        "width": labels["width"],
        "height": labels["height"],
        "sha256": sha256(done.jpeg).hexdigest(),
        "scenario": spec.scenario,
        "sentence": spec.sentence,
        "lighting": spec.lighting,
        "seed": spec.seed,
        "time_s": labels.get("time_s", 0.0),
        **near_miss_record(spec),
        "camera": {**labels["camera"], **_rig(spec.cameras[camera_and_frame(job.view)[0]])},
        "conditions": conditions(spec, look, done.facts, np.asarray(labels["camera"]["world_to_camera"])),
        "sensor": asdict(job.sensor),
        "labels": asdict(job.labels),
        "develop": done.facts,
        "lanes": labels.get("lanes", []),
        "objects": labels["objects"],
    }
