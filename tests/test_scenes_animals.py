"""Animals have their size, stand on their feet, and are whole and the same each time."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from scenes.ontology import PARTS
from scenes.spec.living import Animal, AnimalKind
from scenes.stage.animals import animal as animals
from scenes.stage.animals.animal_build import build_of
from scenes.stage.animals.flesh import Limb, skin
from scenes.stage.mesh_cache import encoded

HEIGHTS = {"dog": 0.58, "deer": 1.05, "cow": 1.4}
POSES = ("standing", "walking", "running")
CASES = [(kind, pose, seed) for kind in get_args(AnimalKind) for pose in POSES for seed in range(4)]


def one(kind, pose, seed):
    return Animal(actor_id=1, kind=kind, x_m=0, y_m=0, heading_deg=0, height_m=HEIGHTS[kind], pose=pose, seed=seed)


def skin_of(asset):
    return next(piece.solid for piece in asset.pieces)


@pytest.mark.parametrize(("kind", "pose", "seed"), CASES)
def test_an_animal_stands_on_the_ground_and_has_its_shoulder_height(kind, pose, seed):
    spec = one(kind, pose, seed)
    asset = animals.geometry(spec)
    points = asset.points()
    assert points[:, 2].min() == pytest.approx(0.0, abs=0.01)
    withers_x = (0.08 if build_of(spec).hump else 0.18) * spec.height_m
    solid = skin_of(asset)
    torso = np.zeros(len(solid.vertices), dtype=bool)
    torso[solid.loops] = np.repeat(solid.parts == PARTS["torso"], solid.sizes)
    near = torso & (np.abs(solid.vertices[:, 0] - withers_x) < 0.06 * spec.height_m)
    assert solid.vertices[near, 2].max() == pytest.approx(spec.height_m, rel=0.02)


@pytest.mark.parametrize(("kind", "pose", "seed"), CASES)
def test_an_animal_has_all_its_parts_and_materials(kind, pose, seed):
    spec = one(kind, pose, seed)
    asset = animals.geometry(spec)
    assert asset.slot_names <= set(animals.finish(spec))
    shown = set(np.concatenate([piece.solid.parts for piece in asset.pieces]).tolist())
    assert shown == {PARTS[name] for name in ("head", "torso", "leg", "foot")}
    assert 5_000 < sum(piece.solid.triangles for piece in asset.pieces) < 16_000


@pytest.mark.parametrize("kind", get_args(AnimalKind))
def test_the_same_animal_has_the_same_bytes_and_another_seed_another_shape(kind):
    spec = one(kind, "walking", 5)
    assert encoded(animals.geometry(spec)) == encoded(animals.geometry(spec))
    assert encoded(animals.geometry(spec)) != encoded(animals.geometry(replace(spec, seed=6)))


@pytest.mark.parametrize("kind", get_args(AnimalKind))
def test_an_animal_faces_ahead(kind):
    solid = skin_of(animals.geometry(one(kind, "standing", 2)))
    head = solid.vertices[solid.loops[np.repeat(solid.parts == PARTS["head"], solid.sizes)]]
    assert head[:, 0].mean() > 0.3 * HEIGHTS[kind]


def test_the_skin_of_a_limb_is_closed_and_encloses_its_volume():
    nodes = np.array([[-0.5, 0, 0.8, 0.1, 0.15], [0.5, 0, 0.8, 0.1, 0.15]])
    made = skin([Limb(nodes=nodes, region=1)], 0.02, 0.02)
    edges = np.sort(np.stack([made.faces, np.roll(made.faces, -1, axis=1)], axis=-1).reshape(-1, 2), axis=1)
    assert (np.unique(edges, axis=0, return_counts=True)[1] % 2 == 0).all()
    a, b, c, d = (made.vertices[made.faces[:, k]] for k in range(4))
    volume = sum(float((a * np.cross(p, q)).sum()) for p, q in ((b, c), (c, d))) / 6
    assert volume == pytest.approx(np.pi * 0.1 * 0.15 * (1.0 + 4 / 3 * 0.15), rel=0.06)
