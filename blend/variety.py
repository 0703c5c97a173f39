"""One picture through one pipeline under one seed: pixels, ids and joints together, and the record to do it again."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blend.pipeline import VERSION, Pipeline, composed, parsed, parts
from scenes.errors import InputError
from scenes.seeds import child_seed

Rgb = NDArray[np.uint8]
Ids = NDArray[np.uint16]
Joints = NDArray[np.float64]
MIRRORED = (0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15)
"""Which of COCO's 17 joints stands at each place after a mirror: Lin et al., Microsoft COCO, ECCV 2014."""
MOST_VALUES = 16
"""Longest list of drawn parameters that a record repeats; noise maps follow from the seed."""


@dataclass(frozen=True, kw_only=True)
class Variety:
    """A varied picture.

    Args:
        rgb: uint8 (H, W, 3).
        ids: instance ids, uint16 (H, W), 0 where there is no object.
        joints: float64 (N, 17, 3), x and y in pixel edges and COCO's visibility; of what was marked 0, all zero.
        mirrored: whether left and right changed sides, and with them the joints' names.
        applied: name and parameters of each transform that was drawn, in order.
    """

    rgb: Rgb
    ids: Ids
    joints: Joints
    mirrored: bool
    applied: list[dict[str, Any]]


def no_joints() -> Joints:
    """Return joints of nobody."""
    return np.zeros((0, len(MIRRORED), 3))


def apply(rgb: Rgb, ids: Ids, joints: Joints | None = None, *, pipeline: Pipeline, seed: int) -> Variety:
    """Vary a picture with its instance ids and joints; same arguments, same bytes.

    Args:
        rgb: uint8 (H, W, 3).
        ids: uint16 (H, W).
        joints: float64 (N, 17, 3), see `Variety`; visibility is passed on as it is.
        pipeline: what to do.
        seed: any integer; it is all the randomness there is.

    Raises:
        InputError: the pipeline loses keypoints or gives no 8-bit RGB.
    """
    joints = no_joints() if joints is None else joints
    compose = composed(pipeline)
    seed_apart(compose, seed)
    points = np.concatenate([_triangle(*rgb.shape[:2]), joints[..., :2].reshape(-1, 2)]) - 0.5
    numbered = np.column_stack([points, np.arange(len(points))]).astype(np.float32)
    done = compose(image=np.ascontiguousarray(rgb), mask=np.ascontiguousarray(ids), keypoints=numbered)
    _check_form(done, pipeline)
    moved, found = _in_order(np.asarray(done["keypoints"], float).reshape(-1, 3), len(points))
    if not found[:3].all():
        raise InputError(pipeline.name, "must keep the keypoints that it moves", got="lost ones")
    mirrored = _turn(moved[:3]) < 0
    applied = [{"name": name, **_readable(params)} for name, params in done["applied_transforms"]]
    named = _named(joints, moved[3:], found[3:], mirrored=mirrored)
    ids_after = done["mask"].astype(np.uint16, copy=False)
    return Variety(rgb=done["image"], ids=ids_after, joints=named, mirrored=mirrored, applied=applied)


def record(pipeline: Pipeline, seed: int, variety: Variety) -> dict[str, Any]:
    """Describe a variety so that `replay` can make it again."""
    return {
        "pipeline": pipeline.name,
        "sha256": pipeline.sha256,
        "seed": seed,
        "albumentations": VERSION,
        "mirrored": variety.mirrored,
        "applied": variety.applied,
        "transform": json.loads(pipeline.text),
    }


def replay(record: Mapping[str, Any], rgb: Rgb, ids: Ids, joints: Joints | None = None) -> Variety:
    """Make a recorded variety again, to the byte, from the picture that it was made from.

    Raises:
        InputError: another version of the library is installed, or the record has been changed.
    """
    name = str(record["pipeline"])
    if record["albumentations"] != VERSION:
        fix = f"install albumentations=={record['albumentations']}"
        raise InputError(name, "must be replayed with the version that made it", got=VERSION, fix=fix)
    pipeline = parsed(json.dumps({"transform": record["transform"]}), name=name, where=name)
    if pipeline.sha256 != record["sha256"]:
        raise InputError(name, "must have the hash of its transforms", got=pipeline.sha256)
    return apply(rgb, ids, joints, pipeline=pipeline, seed=int(record["seed"]))


def seed_apart(transform: Any, seed: int) -> None:
    """Seed every transform apart: `Compose(seed=...)` gives all the same draws, so all of them fire or none does."""
    short = seed % 2**32
    transform.set_random_state(np.random.Generator(np.random.PCG64(short)), random.Random(short))
    for place, inner in enumerate(parts(transform)):
        seed_apart(inner, child_seed(seed, "transform", place))


def _triangle(height: int, width: int) -> Joints:
    """Return three points whose turn tells a mirror."""
    return np.array([[width / 2, height / 2], [width * 0.75, height / 2], [width / 2, height * 0.75]])


def _turn(points: Joints) -> float:
    (ax, ay), (bx, by) = points[1] - points[0], points[2] - points[0]
    return float(ax * by - ay * bx)


def _check_form(done: Mapping[str, Any], pipeline: Pipeline) -> None:
    rgb, ids = done["image"], done["mask"]
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.shape[:2] != ids.shape[:2]:
        got = f"{rgb.dtype} of shape {tuple(rgb.shape)}"
        raise InputError(
            pipeline.name, "must give 8-bit RGB", got=got, fix="leave Normalize and ToTensor to the trainer"
        )


def _in_order(rows: Joints, count: int) -> tuple[Joints, NDArray[np.bool_]]:
    """Sort points by the number that they carry; tell which are there."""
    moved, found = np.zeros((count, 2)), np.zeros(count, bool)
    places = np.rint(rows[:, 2]).astype(int)
    moved[places], found[places] = rows[:, :2] + 0.5, True
    return moved, found


def _named(before: Joints, moved: Joints, found: NDArray[np.bool_], *, mirrored: bool) -> Joints:
    """Put moved joints in their places, left and right changed where the picture is mirrored."""
    seen = np.where(found.reshape(before.shape[:2]), before[..., 2], 0)
    after = np.concatenate([moved.reshape(*before.shape[:2], 2), seen[..., None]], axis=-1)
    after[seen == 0] = 0
    return after[:, MIRRORED] if mirrored else after


def _readable(params: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the parameters that a record can hold: numbers, words and short lists, not noise maps."""
    return {key: value for key, raw in params.items() if key != "shape" and (value := _plain(raw)) is not None}


def _plain(raw: object) -> Any:
    if isinstance(raw, np.ndarray):
        return raw.round(9).tolist() if raw.size <= MOST_VALUES else None
    if isinstance(raw, np.generic):
        raw = raw.item()
    if isinstance(raw, float):
        return round(raw, 9)
    if isinstance(raw, bool | int | str):
        return raw
    if isinstance(raw, Mapping):
        return {str(key): _plain(value) for key, value in raw.items()}
    if isinstance(raw, list | tuple) and len(raw) <= MOST_VALUES:
        return [_plain(value) for value in raw]
    return None
