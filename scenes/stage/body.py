"""The CC0 MakeHuman body: base mesh, shape targets and a small rig, as arrays.

Frame: x forward, y left, z up, metres, feet on the ground, before scaling to a wished height.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from scenes.stage.mesh import Points

_DECIMETRE_M = 0.1
Rotations = Mapping[str, Points]


@dataclass(frozen=True, kw_only=True)
class BaseBody:
    """Vertices of the base mesh with its helpers, the faces of the skin, joints and skinning weights."""

    vertices: Points
    faces: tuple[tuple[int, ...], ...]
    joints: dict[str, np.ndarray[Any, np.dtype[np.int64]]]
    parents: dict[str, str]
    bones: tuple[str, ...]
    weights: Points

    @property
    def skin(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Indices of the vertices that the skin uses."""
        return np.unique(np.array([index for face in self.faces for index in face]))


@lru_cache(maxsize=1)
def load_base(folder: Path) -> BaseBody:
    """Read base mesh, rig and weights from the unpacked people pack."""
    vertices: list[tuple[float, ...]] = []
    groups: dict[str, list[tuple[int, ...]]] = {}
    current: list[tuple[int, ...]] = []
    for line in (folder / "3dobjs/base.obj").read_text().splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            vertices.append(tuple(float(value) for value in rest.split()))
        elif kind == "g":
            current = groups.setdefault(rest.strip(), [])
        elif kind == "f":
            current.append(tuple(int(corner.split("/")[0]) - 1 for corner in rest.split()))
    rig = json.loads((folder / "rigs/standard/rig.game_engine.json").read_text())
    weighted = json.loads((folder / "rigs/standard/weights.game_engine.json").read_text())["weights"]
    bones = tuple(rig)
    weights = np.zeros((len(vertices), len(bones)))
    for column, bone in enumerate(bones):
        for index, weight in weighted.get(bone, ()):
            weights[index, column] = weight
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    joints = {
        bone: np.unique(np.array(groups[entry["head"]["cube_name"]]))
        for bone, entry in rig.items()
        if "cube_name" in entry["head"]
    }
    return BaseBody(
        vertices=_to_ours(np.array(vertices)),
        faces=tuple(groups["body"]),
        joints=joints,
        parents={bone: entry["parent"] for bone, entry in rig.items()},
        bones=bones,
        weights=weights,
    )


@lru_cache(maxsize=32)
def load_target(folder: Path, name: str) -> tuple[np.ndarray[Any, np.dtype[np.int64]], Points]:
    """Read one shape target: vertex indices and their offsets."""
    with gzip.open(folder / f"targets/{name}.target.gz", "rt") as stream:
        rows = [line.split() for line in stream if line.strip() and not line.startswith("#")]
    return np.array([int(row[0]) for row in rows], dtype=np.int64), _to_ours(
        np.array([[float(v) for v in row[1:4]] for row in rows]).reshape(-1, 3)
    )


def posed(base: BaseBody, vertices: Points, rotations: Rotations) -> Points:
    """Return vertices after turning bones about their joints (linear blend skinning).

    Args:
        base: rig and weights.
        vertices: (N, 3) shaped but unposed.
        rotations: bone to a 3x3 rotation in the body's frame; children follow.
    """
    matrices: dict[str, Points] = {}

    def matrix(bone: str) -> Points:
        if bone not in matrices:
            parent = base.parents.get(bone) or ""
            above = matrix(parent) if parent else np.eye(4)
            local = np.eye(4)
            if bone in rotations:
                pivot = vertices[base.joints[bone]].mean(axis=0)
                local[:3, :3] = rotations[bone]
                local[:3, 3] = pivot - rotations[bone] @ pivot
            matrices[bone] = above @ local
        return matrices[bone]

    stack = np.stack([matrix(bone) for bone in base.bones])
    blended = np.einsum("nb,bij->nij", base.weights, stack)
    blended[base.weights.sum(axis=1) < 0.5] = np.eye(4)
    homogeneous = np.concatenate([vertices, np.ones((len(vertices), 1))], axis=1)
    return np.asarray(np.einsum("nij,nj->ni", blended, homogeneous)[:, :3])


def about(axis: str, degrees: float) -> Points:
    """Return the 3x3 rotation about x, y or z."""
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    made = np.eye(3)
    made[first, first] = made[second, second] = cos
    made[first, second], made[second, first] = -sin, sin
    return made


def _to_ours(points: Points) -> Points:
    return np.asarray(points[:, [2, 0, 1]] * _DECIMETRE_M)
