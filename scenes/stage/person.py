"""A dressed person from the people pack: shaped by age and sex, posed, and clothed by body region."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from scenes.errors import MissingPieceError
from scenes.spec import Person
from scenes.stage.body import BaseBody, Rotations, about, load_base, load_target, posed
from scenes.stage.materials import base as materials
from scenes.stage.mesh import MeshBuilder, Points, pose

SKIN, TOP, TROUSERS, SHOES, HAIR = range(5)
_CHILD_BELOW_M = 1.4
_SKINS = ((0.55, 0.33, 0.24), (0.36, 0.19, 0.12), (0.14, 0.065, 0.04), (0.62, 0.42, 0.32))
_CLOTHES = (
    (0.02, 0.022, 0.03),
    (0.05, 0.06, 0.1),
    (0.3, 0.29, 0.27),
    (0.22, 0.03, 0.03),
    (0.03, 0.08, 0.06),
    (0.55, 0.53, 0.5),
)


def build_person(person: Person, people_dir: Path | None, *, kerb_m: float) -> None:
    """Build one person standing at `kerb_m` above the road.

    Raises:
        MissingPieceError: the people pack is not there.
    """
    if people_dir is None:
        raise MissingPieceError("the people pack", "the scene has people", "python -m packs fetch people")
    rng = np.random.default_rng(person.seed)
    base = load_base(people_dir)
    vertices = _shaped(base, people_dir, person, rng)
    vertices = posed(base, vertices, _rotations(person, rng))
    skin = base.skin
    vertices[:, 2] -= vertices[skin, 2].min()
    vertices *= person.height_m / vertices[skin, 2].max()
    slots = _regions(base, vertices)
    vertices = _clothed(base, vertices, slots, rng)
    compact = np.full(len(vertices), -1)
    compact[skin] = np.arange(len(skin))
    builder = MeshBuilder()
    faces = [tuple(int(compact[index]) for index in face) for face in base.faces]
    face_slots = np.array([np.bincount(slots[list(face)], minlength=5).argmax() for face in base.faces])
    builder.add(vertices[skin], faces, face_slots)
    matrix = pose(person.x_m, person.y_m, kerb_m, person.heading_deg)
    builder.build(f"person{person.actor_id}", _surfaces(rng), actor_id=person.actor_id, smooth=True, matrix=matrix)


def _shaped(base: BaseBody, folder: Path, person: Person, rng: np.random.Generator) -> Points:
    sex = "female" if rng.random() < 0.5 else "male"
    age = "child" if person.height_m < _CHILD_BELOW_M else str(rng.choice(["young", "young", "old"]))
    build = str(rng.choice(["minweight", "averageweight", "averageweight", "maxweight"]))
    origin = str(rng.choice(["african", "asian", "caucasian"]))
    vertices = base.vertices.copy()
    for name in (f"{origin}-{sex}-{age}", f"universal-{sex}-{age}-averagemuscle-{build}"):
        indices, offsets = load_target(folder, f"macrodetails/{name}")
        vertices[indices] += offsets
    return vertices


def _rotations(person: Person, rng: np.random.Generator) -> Rotations:
    """Lower the arms from the base mesh's A-pose; a walker swings opposite arm and leg."""
    stride = float(rng.uniform(16, 28)) * (1 if rng.random() < 0.5 else -1) if person.pose == "walking" else 0.0
    spread = float(rng.uniform(34, 40))
    turned: dict[str, Points] = {}
    for side, sign in (("l", 1), ("r", -1)):
        swing = sign * stride
        turned[f"upperarm_{side}"] = about("y", swing * 0.8) @ about("x", -sign * spread)
        turned[f"lowerarm_{side}"] = about("y", -12 - max(0.0, -swing) * 0.5)
        turned[f"thigh_{side}"] = about("y", swing)
        turned[f"calf_{side}"] = about("y", max(2.0, 0.9 * swing + 4))
        turned[f"foot_{side}"] = about("y", -0.3 * swing)
    turned["head"] = about("z", float(rng.uniform(-25, 25)))
    return turned


def _regions(base: BaseBody, vertices: Points) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Say what covers each vertex, from the bone that moves it most."""
    bone = np.array(base.bones)[base.weights.argmax(axis=1)]
    slots = np.full(len(vertices), SKIN)
    slots[np.isin(bone, ["spine_01", "spine_02", "spine_03", "clavicle_l", "clavicle_r", "breast_l", "breast_r"])] = TOP
    slots[np.char.startswith(bone, "upperarm") | np.char.startswith(bone, "lowerarm")] = TOP
    slots[np.isin(bone, ["pelvis", "Root"]) | np.char.startswith(bone, "thigh") | np.char.startswith(bone, "calf")] = (
        TROUSERS
    )
    slots[np.char.startswith(bone, "foot") | np.char.startswith(bone, "ball")] = SHOES
    top = vertices[base.skin, 2].max()
    head = bone == "head"
    face_x = np.quantile(vertices[head, 0], 0.62) if head.any() else 0.0
    crown = (vertices[:, 2] > top * 0.965) | ((vertices[:, 0] < face_x) & (vertices[:, 2] > top * 0.915))
    slots[head & crown] = HAIR
    return slots


def _clothed(
    base: BaseBody, vertices: Points, slots: np.ndarray[Any, np.dtype[np.int64]], rng: np.random.Generator
) -> Points:
    """Lift cloth and hair off the skin, with folds."""
    normals = np.zeros_like(vertices)
    quads = np.array([face if len(face) == 4 else (*face, face[-1]) for face in base.faces])
    cross = np.cross(vertices[quads[:, 2]] - vertices[quads[:, 0]], vertices[quads[:, 3]] - vertices[quads[:, 1]])
    for corner in range(4):
        np.add.at(normals, quads[:, corner], cross)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12
    lift = np.array([0.0, 0.016, 0.014, 0.012, 0.016])[slots]
    waves = rng.normal(size=(6, 3)) * np.array([30, 30, 60])
    folds = np.sin(vertices @ waves.T + rng.uniform(0, 6.28, 6)).mean(axis=1)
    lift = lift + np.array([0.0, 0.012, 0.010, 0.0, 0.006])[slots] * folds
    return np.asarray(vertices + normals * lift[:, None])


def _surfaces(rng: np.random.Generator) -> list[Any]:
    skin = _SKINS[int(rng.integers(len(_SKINS)))]
    top, trousers = (_CLOTHES[int(rng.integers(len(_CLOTHES)))] for _ in range(2))
    hair = [float(rng.choice([0.01, 0.03, 0.12, 0.35]))] * 3
    return [
        materials.plain("skin", skin, roughness=0.5),
        materials.plain("top", top, roughness=0.9),
        materials.plain("trousers", [value * 0.6 for value in trousers], roughness=0.9),
        materials.plain("shoes", (0.02, 0.018, 0.016), roughness=0.5),
        materials.plain("hair", hair, roughness=0.6),
    ]
