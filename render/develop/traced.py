"""A traced view of a round, read for developing: its bundle, spec and labels, what moves in it and what smokes."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from render import manifest
from render.clips.stored import camera_and_frame, moment_of
from render.develop.plumes import plumes_of
from render.develop.spray import Wakes
from render.develop.steps import CPU, Steps
from render.develop.view import View, prepare
from render.develop.viewpoint import viewpoint
from render.radiance import read
from scenes.errors import InputError
from scenes.spec.scene import SceneSpec, loads


@dataclass(frozen=True, kw_only=True)
class Source:
    """What the records of a view's frames repeat: its spec and its labels."""

    spec: SceneSpec
    labels: dict[str, Any]


def lighting_of(out: Path, scene: str) -> str:
    """Return the family of looks that a scene names."""
    path = out / "scenes" / scene / "spec.json"
    return loads(path.read_text(encoding="utf-8"), where=str(path)).lighting


def read_source(out: Path, scene: str, view: str) -> Source:
    """Read what a round holds of a view beside its bundle.

    Raises:
        InputError: a file is missing or broken.
    """
    spec_path = out / "scenes" / scene / "spec.json"
    labels_path = manifest.view_path(out, scene, view)
    try:
        spec = loads(spec_path.read_text(encoding="utf-8"), where=str(spec_path))
        labels = json.loads(labels_path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as broken:
        raise InputError(labels_path, "must be JSON beside a spec.json", got=str(broken)) from broken
    lacking = [key for key in ("camera", "objects", "width", "height") if key not in labels]
    if lacking:
        raise InputError(labels_path, "must hold camera, objects, width and height", got=f"no {', '.join(lacking)}")
    return Source(spec=moment_of(out, spec, scene, view)[0], labels=labels)


def read_view(out: Path, scene: str, view: str, source: Source, steps: Steps = CPU) -> View:
    """Read the bundle of a view, once for all its looks.

    Raises:
        InputError: it is no bundle, or not of its labels' size.
    """
    camera, path = source.labels["camera"], out / "scenes" / scene / f"{view}.exr"
    radiance = read(path)
    told = (source.labels["width"], source.labels["height"])
    if radiance.resolution_wh != told:
        raise InputError(path, f"must be {told[0]}x{told[1]} as its labels are", got=radiance.resolution_wh)
    told_camera = source.spec.cameras[camera_and_frame(view)[0]]
    seen = viewpoint(camera["K"], camera["world_to_camera"], source.spec.sun, speed_mps=told_camera.speed_mps)
    rotation = np.asarray(camera["world_to_camera"], float)
    moving = _velocities(source.spec, rotation)
    prepared = prepare(radiance, seen, plumes=plumes_of(source.spec, rotation), instance_mps=moving, steps=steps)
    wakes, wetness = _wakes(source.spec, rotation, moving), source.spec.street.wetness
    return replace(prepared, wakes=wakes, wetness=wetness, camera=told_camera)


def _velocities(spec: SceneSpec, world_to_camera: NDArray[np.float64]) -> dict[int, tuple[float, float, float]]:
    """Return how fast each vehicle moves, in the camera's frame."""
    found = {}
    for vehicle in spec.vehicles:
        if any(vehicle.velocity_mps):
            right, down, ahead = world_to_camera[:3, :3] @ np.array([*vehicle.velocity_mps, 0.0])
            found[vehicle.actor_id] = (float(right), float(down), float(ahead))
    return found


def _wakes(
    spec: SceneSpec, world_to_camera: NDArray[np.float64], moving: dict[int, tuple[float, float, float]]
) -> Wakes | None:
    """Return the vehicles that may throw spray."""
    found = [vehicle for vehicle in spec.vehicles if vehicle.actor_id in moving]
    if not found:
        return None
    angle = np.radians([vehicle.heading_deg for vehicle in found])
    back = np.array([0.35 * vehicle.length_m for vehicle in found])
    x = np.array([vehicle.x_m for vehicle in found]) - back * np.cos(angle)
    y = np.array([vehicle.y_m for vehicle in found]) - back * np.sin(angle)
    points = np.stack([x, y, np.zeros_like(x), np.ones_like(x)])
    return Wakes(
        rear_m=(world_to_camera @ points)[:3].T,
        velocity_mps=np.array([moving[vehicle.actor_id] for vehicle in found]),
        width_m=np.array([vehicle.width_m for vehicle in found]),
    )
