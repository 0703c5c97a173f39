"""The CC0 MakeHuman body as arrays: base mesh with its cages for clothes and hair, shape targets, rig and weights.

Frame: x forward, y left, z up, metres, unscaled, in the base mesh's rest pose (arms half lowered, elbows bent).
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scenes.stage.mesh import Points
from scenes.stage.people.decimate import decimated

Indices = NDArray[np.int64]
_DECIMETRE_M = 0.1
_HEAD_TRIANGLES = 2900
_HAND_TRIANGLES = 500
_TRUNK_TRIANGLES = 4600
_FACE_CARE = 12.0  # error on the face counts this many times more than on the skull
_KEPT_TARGETS = 512


@dataclass(frozen=True, kw_only=True, eq=False)
class BaseBody:
    """The template that every person is shaped from.

    Args:
        vertices: (N, 3) of body, helpers and joint cubes.
        skin: (M, 3) triangles of the skin, thinned out on head and hands, without the inside of the mouth.
        tights: (T, 4) quads of the cage around the body.
        lashes: (L, 4) quads of the upper eyelashes.
        eyes: vertices of the left and of the right eyeball.
        lips, ears: (N,) 1 on the lips, and on the ears.
        bones: names, parents before children.
        parents: index of each bone's parent, -1 for the root.
        joints: vertices around each bone's head.
        weights: (N, B) float32, rows sum to 1.
        scalp: (N,) bool, vertices that the head moves.
    """

    vertices: Points
    skin: Indices
    tights: Indices
    lashes: Indices
    eyes: tuple[Indices, Indices]
    lips: Points
    ears: Points
    bones: tuple[str, ...]
    parents: tuple[int, ...]
    joints: dict[str, Indices]
    weights: NDArray[np.float32]
    scalp: NDArray[np.bool_]


@lru_cache(maxsize=1)
def load_base(folder: Path) -> BaseBody:
    """Read base mesh, rig and weights from the unpacked people pack."""
    vertices, uvs, groups, uv_of = _read_obj(folder / "3dobjs/base.obj")
    rig = json.loads((folder / "rigs/standard/rig.game_engine.json").read_text())
    weighted = json.loads((folder / "rigs/standard/weights.game_engine.json").read_text())["weights"]
    bones = _ordered(rig)
    weights = np.zeros((len(vertices), len(bones)), dtype=np.float32)
    for column, bone in enumerate(bones):
        if rows := weighted.get(bone):
            pairs = np.array(rows)
            weights[pairs[:, 0].astype(int), column] = pairs[:, 1]
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    names = np.array(bones)[weights.argmax(axis=1)]
    lips = _mask(folder / "textures/mpfb_lips.jpg", uvs, uv_of, len(vertices))
    cubes = {bone: rig[bone]["head"].get("cube_name") or "joint-ground" for bone in bones}
    return BaseBody(
        vertices=vertices,
        skin=_skin(vertices, groups["body"], names),
        tights=groups["helper-tights"],
        lashes=np.concatenate([groups["helper-l-eyelashes-1"], groups["helper-r-eyelashes-1"]]),
        eyes=(np.unique(groups["helper-l-eye"]), np.unique(groups["helper-r-eye"])),
        lips=lips,
        ears=_mask(folder / "textures/mpfb_ears.jpg", uvs, uv_of, len(vertices)),
        bones=bones,
        parents=tuple(bones.index(rig[bone]["parent"]) if rig[bone]["parent"] else -1 for bone in bones),
        joints={bone: np.unique(groups[cube]) for bone, cube in cubes.items()} | _marks(groups),
        weights=weights,
        scalp=names == "head",
    )


@lru_cache(maxsize=_KEPT_TARGETS)
def load_target(folder: Path, name: str) -> tuple[Indices, Points]:
    """Read one shape target: vertex indices and their offsets."""
    text = gzip.decompress((folder / f"targets/{name}.target.gz").read_bytes()).decode()
    if "#" in text:
        text = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    table = np.array(text.split(), dtype=np.float64).reshape(-1, 4)
    return table[:, 0].astype(np.int64), _to_ours(table[:, 1:])


def _read_obj(path: Path) -> tuple[Points, Points, dict[str, Indices], dict[str, Indices]]:
    """Return vertices, UVs, and each group's quads by vertex and by UV."""
    lines = path.read_text().splitlines()
    vertices = np.array(" ".join(line[2:] for line in lines if line.startswith("v ")).split(), dtype=np.float64)
    uvs = np.array(" ".join(line[3:] for line in lines if line.startswith("vt ")).split(), dtype=np.float64)
    current = ""
    corners: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("g "):
            current = line[2:].strip()
        elif line.startswith("f "):
            corners.setdefault(current, []).append(line[2:])
    tables = {
        name: np.array(" ".join(rows).replace("/", " ").split(), dtype=np.int64).reshape(len(rows), 4, -1) - 1
        for name, rows in corners.items()
    }
    quads = {name: table[:, :, 0] for name, table in tables.items()}
    by_uv = {name: table[:, :, 1] for name, table in tables.items() if table.shape[2] > 1}
    return _to_ours(vertices.reshape(-1, 3)), uvs.reshape(-1, 2), quads, {"body": by_uv["body"], "to": quads["body"]}


def _ordered(rig: dict[str, Any]) -> tuple[str, ...]:
    """Return the bones, parents before their children."""
    done: list[str] = []
    waiting = sorted(rig)
    while waiting:
        ready = [bone for bone in waiting if not rig[bone]["parent"] or rig[bone]["parent"] in done]
        done += ready
        waiting = [bone for bone in waiting if bone not in ready]
    return tuple(done)


def _marks(groups: dict[str, Indices]) -> dict[str, Indices]:
    """Return joints that no bone begins at."""
    wanted = {"crown": "joint-head-2"}
    wanted |= {f"toe_{side}": f"joint-{side}-toe-2-4" for side in "lr"}
    wanted |= {f"{name}_tip_{side}": f"joint-{side}-finger-{number}-4" for side in "lr" for number, name in _FINGERS}
    return {name: np.unique(groups[cube]) for name, cube in wanted.items()}


_FINGERS = ((1, "thumb"), (2, "index"), (3, "middle"), (4, "ring"), (5, "pinky"))


def _mask(path: Path, uvs: Points, uv_of: dict[str, Indices], count: int) -> Points:
    """Return a texture's brightness at every vertex of the body."""
    with Image.open(path) as picture:
        grey = np.asarray(picture.convert("L").resize((1024, 1024)), dtype=np.float64) / 255
    made = np.zeros(count)
    place = uvs[uv_of["body"].ravel()]
    pixel = np.clip((place * [1023, -1023] + [0, 1023]).round().astype(int), 0, 1023)
    made[uv_of["to"].ravel()] = grey[pixel[:, 1], pixel[:, 0]]
    return made


def _skin(vertices: Points, quads: Indices, names: NDArray[Any]) -> Indices:
    """Return triangles, with the inside of the mouth gone, and head and hands thinned out."""
    outside = _without_mouth(vertices, quads)
    triangles = np.concatenate([outside[:, [0, 1, 2]], outside[:, [0, 2, 3]]])
    owner = names[triangles]
    head = (owner == "head").all(axis=1)
    hands = [
        np.isin(owner, [name for name in set(names) if name.endswith(side) and name.startswith(_HAND)]).all(axis=1)
        for side in ("_l", "_r")
    ]
    ahead = vertices[:, 0] > np.quantile(vertices[np.unique(triangles[head]), 0], 0.5)
    care = np.where(ahead & (names == "head") & (np.abs(vertices[:, 1]) < 0.06), _FACE_CARE, 1.0)
    toes = np.isin(owner, ("ball_l", "ball_r")).any(axis=1)  # always in shoes
    rest = np.asarray(~(head | hands[0] | hands[1] | toes))
    shares = (
        (head, _HEAD_TRIANGLES),
        (hands[0], _HAND_TRIANGLES),
        (hands[1], _HAND_TRIANGLES),
        (rest, _TRUNK_TRIANGLES),
    )
    return np.concatenate([_thinned(vertices, triangles[own], care, wanted) for own, wanted in shares])


_HAND = ("hand", "thumb", "index", "middle", "ring", "pinky")


def _thinned(vertices: Points, triangles: Indices, care: Points, wanted: int) -> Indices:
    used, local = np.unique(triangles, return_inverse=True)
    return np.asarray(used[decimated(vertices[used], local.reshape(-1, 3), care[used], wanted)])


def _without_mouth(vertices: Points, quads: Indices) -> Indices:
    """Drop the faces that line the mouth behind the lips."""
    low, high = np.array([0.05, -0.03, 0.637]), np.array([0.132, 0.03, 0.69])
    inside = np.asarray(((vertices > low) & (vertices < high)).all(axis=1))
    return np.asarray(quads[~inside[quads].all(axis=1)])


def _to_ours(points: Points) -> Points:
    return np.asarray(points[:, [2, 0, 1]] * _DECIMETRE_M)
