"""Street trees: a branching trunk and leaves in clumps, shared by all trees of a street."""

from __future__ import annotations

import numpy as np

from scenes.spec import Street
from scenes.stage.materials import base as materials
from scenes.stage.materials import nature
from scenes.stage.mesh import MeshBuilder, Points, pose
from scenes.stage.place import place_mesh
from scenes.stage.road import stretches

_LEAVES = 5200
_KINDS = 2


def build_trees(street: Street) -> None:
    """Plant trees along both kerbs at the street's spacing; two shapes, turned and scaled."""
    if street.tree_spacing_m <= 0:
        return
    rng = np.random.default_rng(street.seed + 29)
    kinds = [_tree(f"tree {number}", rng) for number in range(_KINDS)]
    for start, end in stretches(street):
        for x in np.arange(start + 5, end - 3, street.tree_spacing_m):
            for side in (1, -1):
                if rng.random() < 0.2:
                    continue
                matrix = pose(
                    float(x + rng.uniform(-1, 1)),
                    side * (street.road_half_width_m + 1.0),
                    street.kerb_height_m,
                    float(rng.uniform(0, 360)),
                    float(rng.uniform(0.75, 1.15)),
                )
                for mesh in kinds[int(rng.integers(_KINDS))]:
                    place_mesh("tree", mesh, matrix=matrix)


def _tree(name: str, rng: np.random.Generator) -> list[object]:
    wood = MeshBuilder()
    tips: list[Points] = []
    _branch(wood, tips, np.zeros(3), np.array([0.03, 0.02, 1.0]), length_m=2.5, radius_m=0.13, depth=4, rng=rng)
    bark = materials.plain(f"{name} bark", (0.06, 0.045, 0.035), roughness=0.9)
    leaves = MeshBuilder()
    centres = np.array(tips)
    picks = centres[rng.integers(len(centres), size=_LEAVES)]
    spread = rng.normal(size=(_LEAVES, 3)) * 0.34
    along, other = rng.normal(size=(2, _LEAVES, 3))
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.cross(along, other)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    sizes = rng.uniform(0.05, 0.10, (_LEAVES, 1, 1))
    corners = np.stack([-1.3 * along, 0.62 * across, 1.3 * along, -0.62 * across], axis=1)
    leaves.add((picks + spread)[:, None] + sizes * corners, np.arange(4 * _LEAVES).reshape(-1, 4))
    green = (rng.uniform(0.03, 0.08), rng.uniform(0.09, 0.14), rng.uniform(0.015, 0.03))
    made = [
        wood.build(f"{name} wood", [bark], smooth=True),
        leaves.build(f"{name} leaves", [nature.foliage(f"{name} leaf", green)]),
    ]
    return [_take_mesh(item) for item in made]


def _take_mesh(made: object) -> object:
    import bpy

    mesh = made.data  # type: ignore[attr-defined]
    bpy.data.objects.remove(made)
    return mesh


def _branch(
    wood: MeshBuilder,
    tips: list[Points],
    start: Points,
    heading: Points,
    *,
    length_m: float,
    radius_m: float,
    depth: int,
    rng: np.random.Generator,
) -> None:
    steps = 5
    path = [start]
    for _ in range(steps):
        heading = heading + rng.normal(size=3) * 0.09 + np.array([0, 0, 0.04])
        heading = heading / np.linalg.norm(heading)
        path.append(path[-1] + heading * length_m / steps)
    radii = np.linspace(radius_m, radius_m * 0.62, steps + 1)
    wood.tube(np.array(path), radii.tolist(), segments=7)
    if depth <= 2:
        tips.append(path[-1])
        tips.append(path[-2])
    if depth == 0:
        return
    for _ in range(int(rng.integers(3, 5))):
        aside = rng.normal(size=3)
        aside -= aside @ heading * heading
        aside /= np.linalg.norm(aside)
        lean = rng.uniform(0.45, 0.95)
        onward = heading * np.cos(lean) + aside * np.sin(lean)
        share = rng.uniform(0.55, 0.75)
        start = path[-1 - int(rng.integers(0, 2))]
        _branch(
            wood, tips, start, onward, length_m=length_m * share, radius_m=radius_m * 0.55, depth=depth - 1, rng=rng
        )
