"""Optical flow between the frames of a clip, from depth, instance ids, cameras and everybody's poses.

Vehicles and all that stands move rigidly, and their flow is exact to the depth's precision. People and animals are
moved as a whole, wheels with their vehicle: limbs, spin, the denting of an impact, rolling over and folding are
not in it.

Source of the file format: Menze and Geiger, "Object scene flow for autonomous vehicles", CVPR 2015, and its devkit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from render import durable, manifest, radiance
from render.carrier import CARRIER_ID, carrier_mask, carrier_pose
from render.clips.stored import camera_and_frame, moment_of, read, view_name
from scenes.errors import InputError
from scenes.spec.living import Animal, Person
from scenes.spec.scene import SceneSpec, loads
from scenes.spec.vehicle import Vehicle

Float32 = npt.NDArray[np.float32]
Float64 = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Direction = Literal["forward", "backward"]
_SKY_M = 1e9
_FAR_M = 1e7
"""Where the sky is put: a camera's own motion shows nothing of it."""
_NEARER, _NEARER_M = 0.02, 0.12
"""How much nearer than foretold a surface may be and still be the same: a share of the depth, and metres."""
_LARGEST_PX = 511.0


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What flow needs of one frame.

    Args:
        depth_m: HxW along the optical axis, 1e10 in the sky.
        ids: HxW instance ids.
        K: 3x3, pixel centres at whole numbers.
        world_to_camera: 4x4, OpenCV axes.
        poses: instance to 4x4 own frame to world; who is not named stands.
    """

    depth_m: Float32
    ids: npt.NDArray[np.uint16]
    K: Float64
    world_to_camera: Float64
    poses: Mapping[int, Float64]


def flow(first: Frame, second: Frame) -> tuple[Float32, Mask]:
    """Return how each pixel's surface moves from one frame to another.

    Returns:
        HxWx2 float32 px (right, down); HxW mask of where it is valid: still in the picture, hidden by nothing, and
        there in both frames.
    """
    there_px, ahead_m = _moved(first, second)
    rows, columns = first.ids.shape
    own_px = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1)
    inside = (there_px > -0.5).all(axis=-1) & (there_px[..., 0] < columns - 0.5) & (there_px[..., 1] < rows - 0.5)
    shift = there_px - own_px
    valid = inside & (ahead_m > 0) & (np.abs(shift).max(axis=-1) < _LARGEST_PX)
    valid &= _seen(first, second, there_px, ahead_m)
    return np.where(valid[..., None], shift, 0).astype(np.float32), valid


def _moved(first: Frame, second: Frame) -> tuple[Float64, Float64]:
    """Return where each pixel's surface comes to in the second picture, HxWx2 px, and its depth there, HxW."""
    rows, columns = first.ids.shape
    x, y = np.meshgrid(np.arange(columns, dtype=float), np.arange(rows, dtype=float))
    depth = np.where(first.depth_m > _SKY_M, _FAR_M, first.depth_m).astype(float)
    rays = np.stack([x, y, np.ones_like(x)], axis=-1) @ np.linalg.inv(first.K).T
    points = np.concatenate([rays * depth[..., None], np.ones((rows, columns, 1))], axis=-1)
    still = second.world_to_camera @ np.linalg.inv(first.world_to_camera)
    after = points @ still.T
    for actor in np.unique(first.ids).tolist():
        if actor in first.poses and actor in second.poses:
            own = first.ids == actor
            step = second.poses[actor] @ np.linalg.inv(first.poses[actor])
            whole = second.world_to_camera @ step @ np.linalg.inv(first.world_to_camera)
            after[own] = points[own] @ whole.T
    ahead = after[..., 2]
    projected = after[..., :3] @ second.K.T
    return projected[..., :2] / np.where(np.abs(ahead) > 1e-9, ahead, 1e-9)[..., None], ahead


def _seen(first: Frame, second: Frame, there_px: Float64, ahead_m: Float64) -> Mask:
    """Tell where one of the four pixels round a surface's new place shows that surface, HxW."""
    rows, columns = first.ids.shape
    low = np.floor(there_px)
    sky = first.depth_m > _SKY_M
    seen = np.zeros(first.ids.shape, bool)
    for dx in (0, 1):
        for dy in (0, 1):
            column = np.clip(low[..., 0] + dx, 0, columns - 1).astype(np.int64)
            row = np.clip(low[..., 1] + dy, 0, rows - 1).astype(np.int64)
            depth = second.depth_m[row, column]
            near = np.abs(depth - ahead_m) < _NEARER * ahead_m + _NEARER_M
            seen |= (second.ids[row, column] == first.ids) & np.where(sky, depth > _SKY_M, near)
    return seen


def poses_of(spec: SceneSpec) -> dict[int, Float64]:
    """Return everybody's pose on the ground as 4x4 matrices, own frame to world."""
    actors: list[Vehicle | Person | Animal] = [*spec.vehicles, *spec.people, *spec.animals]
    return {actor.actor_id: _pose(actor) for actor in actors}


def _pose(actor: Vehicle | Person | Animal) -> Float64:
    angle = np.deg2rad(actor.heading_deg)
    pose = np.eye(4)
    pose[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    pose[:2, 3] = actor.x_m, actor.y_m
    if not isinstance(actor, Vehicle):
        pose[2, 3] = actor.raised_m
    return pose


def encoded(shift_px: Float32, valid: Mask) -> bytes:
    """Return flow as KITTI's 16-bit PNG: red (u · 64 + 32768), green likewise down, blue 1 where valid."""
    levels = np.clip(np.rint(shift_px.astype(np.float64) * 64 + 32768), 0, 65535)
    levels = np.where(valid[..., None], levels, 0).astype(np.uint16)
    done, png = cv2.imencode(".png", np.dstack([valid.astype(np.uint16), levels[..., 1], levels[..., 0]]))
    if not done:
        raise InputError("flow", "must be encodable as PNG", got=shift_px.shape)
    return bytes(png.tobytes())


def decoded(path: Path) -> tuple[Float32, Mask]:
    """Read what `encoded` made.

    Raises:
        InputError: it is no such PNG.
    """
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if image is None or image.dtype != np.uint16 or image.ndim != 3:
        raise InputError(path, "must be a 16-bit PNG of three channels")
    valid = image[..., 0] > 0
    shift = (image[..., 2:0:-1].astype(np.float32) - 32768) / 64
    return np.where(valid[..., None], shift, 0).astype(np.float32), valid


def path_of(out: Path, scene: str, view: str, direction: Direction) -> Path:
    """Where a frame's flow stands: `forward` to the next frame, `backward` to the one before."""
    return out / "flow" / f"{scene}-{view}-{direction}.png"


def write_all(out: Path) -> int:
    """Write the flow of all clips of a round that is not there yet; return how many pictures were written."""
    return sum(_write_scene(out, path.parent.name) for path in sorted(out.glob("scenes/*/clip.json")))


def _write_scene(out: Path, scene: str) -> int:
    clip, written = read(out, scene), 0
    spec_path = out / "scenes" / scene / "spec.json"
    spec = loads(spec_path.read_text(encoding="utf-8"), where=str(spec_path))
    for camera in range(len(spec.cameras)):
        before: tuple[str, Frame] | None = None
        for number in range(clip.frames):
            view = view_name(camera, number)
            if not manifest.is_traced(out, scene, view):
                before = None
                continue
            here = view, frame_of(out, spec, scene, view)
            if before:
                written += _write(out, scene, before, here, "forward")
                written += _write(out, scene, here, before, "backward")
            before = here
    return written


def _write(out: Path, scene: str, first: tuple[str, Frame], second: tuple[str, Frame], direction: Direction) -> int:
    path = path_of(out, scene, first[0], direction)
    if path.is_file():
        return 0
    durable.write_bytes(path, encoded(*flow(first[1], second[1])))
    return 1


def frame_of(out: Path, spec: SceneSpec, scene: str, view: str) -> Frame:
    """Read a traced frame.

    Raises:
        InputError: a file is missing or broken.
    """
    still, _, _ = moment_of(out, spec, scene, view)
    labels_path = manifest.view_path(out, scene, view)
    camera = manifest.read_record(labels_path)["camera"]
    bundle = radiance.read(labels_path.with_suffix(".exr"))
    taken_by = still.cameras[camera_and_frame(view)[0]]
    return Frame(
        depth_m=bundle.depth_m,
        ids=np.where(carrier_mask(bundle, taken_by), np.uint16(CARRIER_ID), bundle.ids),
        K=np.asarray(camera["K"], float),
        world_to_camera=np.asarray(camera["world_to_camera"], float),
        poses={**poses_of(still), CARRIER_ID: carrier_pose(taken_by)},
    )
