"""How cloth stands off the body at rest: legs and sleeves as tubes, tops that hang from what is widest, folds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from scenes.stage.mesh import Points
from scenes.stage.people.body import BaseBody
from scenes.stage.people.garment import vertex_normals
from scenes.stage.people.skeleton import SIDES, Rest

_SECTORS, _LEVELS = 40, 30


@dataclass(frozen=True, kw_only=True, eq=False)
class Cage:
    """The cage around a shaped body at rest, and where each of its points lies on the body.

    Args:
        points, normals, faces, weights, uvs: of the cage's triangles.
        arm: (N,) metres from the shoulder along the arm, negative off the arms.
        leg: (N,) metres below the hip joint.
        arm_share, leg_share: (N,) in [0, 1], how far a point belongs to an arm or leg.
        size: body height over 1.7 m.
    """

    rest: Rest
    points: Points
    normals: Points
    faces: NDArray[Any]
    weights: NDArray[np.float32]
    uvs: Points
    arm: Points
    leg: Points
    arm_share: Points
    leg_share: Points
    size: float


def cage_of(base: BaseBody, vertices: Points, rest: Rest, *, skin: bool = False) -> Cage:
    """Return the cage for clothes, or the skin itself measured alike."""
    quads = base.tights
    faces = base.skin if skin else np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    used, local = np.unique(faces, return_inverse=True)
    local = local.reshape(-1, 3)
    points, weights = vertices[used], base.weights[used]
    names = np.array(base.bones)
    on_arm = np.isin(names, [n for n in names if n[:-2] in _ARM or n[:-5] in _FINGER])
    on_leg = np.isin(names, [n for n in names if n[:-2] in ("thigh", "calf", "foot", "ball")])
    arm_share, leg_share = weights[:, on_arm].sum(axis=1), weights[:, on_leg].sum(axis=1)
    arm = np.where(points[:, 1] > 0, _along_arm(points, rest, "l"), _along_arm(points, rest, "r"))
    hip = (rest.joints["thigh_l"][2] + rest.joints["thigh_r"][2]) / 2
    around = np.abs(points[:, 1])
    on = arm_share > 0.5
    uvs = np.stack([np.where(on, points[:, 0], around + 0.4 * points[:, 0]), np.where(on, arm, points[:, 2])], axis=1)
    return Cage(
        rest=rest,
        points=points,
        normals=vertex_normals(points, local),
        faces=local,
        weights=weights,
        uvs=uvs,
        arm=np.where(on, arm, -1.0),
        leg=hip - points[:, 2],
        arm_share=arm_share,
        leg_share=leg_share,
        size=float(rest.joints["crown"][2] - rest.joints["sole"][2]) / 1.7,
    )


_ARM = ("upperarm", "lowerarm", "hand")
_FINGER = ("index", "middle", "ring", "pinky", "thumb")


def _along_arm(points: Points, rest: Rest, side: str) -> Points:
    """Return metres from the shoulder along upper arm and forearm."""
    shoulder, elbow, wrist = (rest.joints[f"{name}_{side}"] for name in ("upperarm", "lowerarm", "hand"))
    upper, fore = np.linalg.norm(elbow - shoulder), np.linalg.norm(wrist - elbow)
    first = (points - shoulder) @ ((elbow - shoulder) / upper)
    second = (points - elbow) @ ((wrist - elbow) / fore)
    share = np.clip((second + 0.05) / 0.10, 0, 1)
    return np.asarray(np.minimum(first, upper + 0.02) * (1 - share) + (upper + second) * share)


def tubed_legs(cage: Cage, points: Points, *, knee_m: float, hem_m: float) -> Points:
    """Widen legs to tubes of a radius at knee and ankle (for a body of 1.7 m), never narrower than they are."""
    joints, made = cage.rest.joints, points.copy()
    for side in SIDES:
        chain = np.stack([joints[f"{name}_{side}"] for name in ("thigh", "calf", "foot")])
        own = (cage.leg_share > 0.5) & ((points[:, 1] > 0) == (side == "l"))
        height = points[own, 2]
        axis = np.stack([np.interp(height, chain[::-1, 2], chain[::-1, axis]) for axis in (0, 1)], axis=1)
        axis[:, 0] -= 0.006 * cage.size
        away = points[own, :2] - axis
        radius = np.linalg.norm(away, axis=1, keepdims=True) + 1e-9
        thigh_m = 0.088
        goal = np.interp(height, chain[::-1, 2], np.array([hem_m, knee_m, thigh_m]) * cage.size)[:, None]
        fade = np.clip((chain[0, 2] - 0.10 * cage.size - height) / (0.22 * cage.size), 0, 1)[:, None]
        wide = np.maximum(radius, radius + (goal - radius) * fade * 0.88)
        low = np.clip((chain[2, 2] + 0.035 * cage.size - height) / (0.02 * cage.size), 0, 1)[:, None]
        wide = np.where(goal > radius, wide, radius) * (1 - low) + goal * low
        made[own, :2] = axis + away / radius * wide
    return made


def tubed_arms(cage: Cage, points: Points, *, upper_m: float, cuff_m: float) -> Points:
    """Widen sleeves to tubes of a radius at the upper arm and at the wrist (for a body of 1.7 m)."""
    joints, made = cage.rest.joints, points.copy()
    for side in SIDES:
        shoulder, elbow, wrist = (joints[f"{name}_{side}"] for name in ("upperarm", "lowerarm", "hand"))
        own = (cage.arm_share > 0.5) & ((points[:, 1] > 0) == (side == "l"))
        total = np.linalg.norm(elbow - shoulder) + np.linalg.norm(wrist - elbow)
        share = np.clip(cage.arm[own] / total, 0, 1)
        knots = np.array([0.0, np.linalg.norm(elbow - shoulder) / total, 1.0])
        axis = np.stack([np.interp(share, knots, np.stack([shoulder, elbow, wrist])[:, k]) for k in range(3)], axis=1)
        away = points[own] - axis
        radius = np.linalg.norm(away, axis=1, keepdims=True) + 1e-9
        goal = np.interp(share, knots, np.array([upper_m, (upper_m + cuff_m) / 2, cuff_m]) * cage.size)[:, None]
        fade = np.clip((share - 0.20) / 0.30, 0, 1)[:, None]
        made[own] = axis + away / radius * np.maximum(radius, radius + (goal - radius) * fade * 0.85)
    return made


def draped(cage: Cage, points: Points, *, looseness: float, taper: float = 0.25) -> Points:
    """Let a top hang from chest, shoulder blades and belly instead of following the waist.

    Args:
        cage: the body's cage.
        points: (N, 3) the top at rest.
        looseness: 0 follows the body, 1 hangs free.
        taper: how fast hanging cloth draws in, metres per metre.
    """
    trunk = (cage.arm_share < 0.3) & (cage.leg_share < 0.85)
    x0 = float(cage.rest.joints["spine_02"][0])
    low = float(cage.rest.joints["thigh_l"][2]) - 0.12 * cage.size
    high = float(cage.rest.joints["upperarm_l"][2])
    polar = np.arctan2(points[:, 1], points[:, 0] - x0)
    radius = np.hypot(points[:, 0] - x0, points[:, 1])
    sector = ((polar / (2 * np.pi) + 0.5) * _SECTORS) % _SECTORS
    level = np.clip((points[:, 2] - low) / (high - low), 0, 1) * (_LEVELS - 1)
    table = np.zeros((_LEVELS, _SECTORS))
    np.maximum.at(table, (level[trunk].round().astype(int), sector[trunk].astype(int) % _SECTORS), radius[trunk])
    table = _filled(table)
    step_m = (high - low) / (_LEVELS - 1)
    for row in range(_LEVELS - 2, -1, -1):
        table[row] = np.maximum(table[row], table[row + 1] - taper * step_m)
    table = gaussian_filter1d(gaussian_filter1d(table, 1.6, axis=1, mode="wrap"), 1.0, axis=0)
    hung = _bilinear(table, level, sector)
    inside = (1 - 0.5 * np.clip(cage.leg / (0.08 * cage.size) + 0.5, 0, 1)) * np.clip(
        (high - 0.02 - points[:, 2]) / 0.10, 0, 1
    )
    share = looseness * inside * np.clip(1 - 2.2 * cage.arm_share, 0, 1)
    grown = radius + np.maximum(hung - radius, 0) * share
    made = points.copy()
    made[:, 0] = x0 + (points[:, 0] - x0) * grown / (radius + 1e-9)
    made[:, 1] = points[:, 1] * grown / (radius + 1e-9)
    return made


def _filled(table: Points) -> Points:
    """Fill empty sectors from their neighbours."""
    for _ in range(6):
        empty = table == 0
        near = np.maximum(np.roll(table, 1, axis=1), np.roll(table, -1, axis=1))
        near = np.maximum(near, np.maximum(np.roll(table, 1, axis=0), np.roll(table, -1, axis=0)))
        table = np.where(empty, near * 0.985, table)
    return table


def _bilinear(table: Points, level: Points, sector: Points) -> Points:
    sector = sector - 0.5
    row, column = np.floor(level).astype(int), np.floor(sector).astype(int)
    up, right = level - row, sector - column
    above = np.minimum(row + 1, _LEVELS - 1)
    one, two = column % _SECTORS, (column + 1) % _SECTORS
    low = table[row, one] * (1 - right) + table[row, two] * right
    top = table[above, one] * (1 - right) + table[above, two] * right
    return np.asarray(low * (1 - up) + top * up)


def folds(cage: Cage, rng: np.random.Generator, *, depth_m: float, bends: dict[str, float]) -> Points:
    """Return how far folds lift the cloth at each point of the cage.

    Args:
        cage: the body's cage.
        rng: draws where they lie.
        depth_m: of the deepest fold.
        bends: joint name to how sharply it is bent, in [0, 1].
    """
    points, joints, size = cage.points, cage.rest.joints, cage.size
    total = 0.25 * _ripple(points, rng, 11.0, (1.0, 1.0, 0.55))
    for name, bent in bends.items():
        away = np.linalg.norm(points - joints[name], axis=1) / (0.15 * size)
        total += np.exp(-(away**2)) * (0.35 + 0.9 * bent) * _ripple(points, rng, 15.0, (0.5, 0.5, 1.3))
    waist = np.exp(-(((points[:, 2] - joints["spine_01"][2]) / (0.10 * size)) ** 2))
    total += 0.45 * waist * _ripple(points, rng, 14.0, (0.35, 0.5, 1.0))
    crotch = np.exp(-(((cage.leg - 0.08 * size) / (0.09 * size)) ** 2)) * np.exp(-((points[:, 1] / (0.10 * size)) ** 2))
    total += 0.6 * crotch * _ripple(points, rng, 13.0, (0.6, 1.2, 1.0))
    return np.asarray(depth_m * total)


def _ripple(points: Points, rng: np.random.Generator, per_metre: float, stretch: tuple[float, float, float]) -> Points:
    """Return a sum of a few warped waves, about in [-1, 1]."""
    made = np.zeros(len(points))
    for _ in range(3):
        way = rng.normal(size=3) * np.array(stretch)
        way *= per_metre * 2 * np.pi * float(rng.uniform(0.6, 1.1)) / (np.linalg.norm(way) + 1e-9)
        warp = 1.4 * np.sin(points @ (rng.normal(size=3) * 12) + rng.uniform(0, 6.3))
        made += np.sin(points @ way + warp + rng.uniform(0, 6.3))
    return made / 2.2
