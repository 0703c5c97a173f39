"""Shoes: a sole cut to the foot's outline and an upper that closes over it, bent with the toes."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from scenes.stage.mesh import Points
from scenes.stage.people.garment import Cloth, cloth, join
from scenes.stage.people.section import outline, tube_faces
from scenes.stage.people.skeleton import SIDES
from scenes.stage.people.tailoring import Cage

_SECTORS = 22
_KINDS = MappingProxyType(  # sole, margin, top of the upper over the bare sole; metres for a body of 1.7 m
    {
        "sneakers": (0.026, 0.009, 0.080),
        "leather": (0.022, 0.007, 0.072),
        "boots": (0.030, 0.011, 0.150),
        "flats": (0.014, 0.005, 0.040),
    }
)


def shoes(cage: Cage, kind: str) -> Cloth:
    """Return both shoes at rest, faces in slots "shoe" and "sole"."""
    return join(*(_shoe(cage, kind, side) for side in SIDES))


def _shoe(cage: Cage, kind: str, side: str) -> Cloth:
    sole_m, margin, top_m = (value * cage.size for value in _KINDS[kind])
    joints = cage.rest.joints
    ground = float(joints["sole"][2])
    own = (cage.leg_share > 0.5) & ((cage.points[:, 1] > 0) == (side == "l"))
    foot = cage.points[own & (cage.points[:, 2] < ground + top_m + 0.03)]
    heights = np.concatenate([[0.0], np.linspace(0.010, 0.062, 7) * cage.size, [0.072 * cage.size, top_m]])
    heights = np.unique(heights[heights <= top_m])
    angles = np.linspace(0, 2 * np.pi, _SECTORS, endpoint=False)
    rings = [_ring(foot, ground + h, angles, margin + _toe_room(h, cage.size)) for h in heights]
    base = rings[0]
    levels = [(-sole_m, 0.94), (-sole_m * 0.9, 1.05), (-0.2 * sole_m, 1.05), (0.006 * cage.size, 1.02)]
    middle = base.mean(axis=0)
    lower = [_scaled(base, middle, grow, ground + z) for z, grow in levels]
    points = np.concatenate([middle[None] + [[0, 0, ground - sole_m - middle[2]]], *lower, *rings])
    count = len(levels) + len(rings)
    faces = tube_faces(count, _SECTORS)[:, [0, 2, 1]] + 1
    each = (count - 1) * _SECTORS
    is_sole = (np.arange(len(faces)) % each) < (len(levels) - 1) * _SECTORS
    around = np.arange(_SECTORS)
    cap = np.stack([np.zeros(_SECTORS, dtype=int), np.roll(around, -1) + 1, around + 1], 1)
    made = cloth(points, _weights(cage, points, side), np.concatenate([faces, cap]), "shoe")
    return made.shown("sole", np.concatenate([is_sole, np.ones(_SECTORS, dtype=bool)]))


def _toe_room(height_m: float, size: float) -> float:
    """A shoe's toe cap is higher and blunter than toes."""
    return 0.006 * size * float(np.exp(-(((height_m / size - 0.02) / 0.02) ** 2)))


def _ring(foot: Points, z: float, angles: Points, margin: float) -> Points:
    """Return the outline of what of a foot reaches above a height."""
    above = foot[foot[:, 2] >= z - 0.004]
    low, high = above[:, :2].min(axis=0), above[:, :2].max(axis=0)
    centre = (low + high) / 2
    # the outline is taken on a circle-like copy: a long foot in even angles would lose its toes
    stretch = np.maximum((high - low) / 2, 1e-3)
    radius = outline((above[:, :2] - centre) / stretch, np.zeros(2), angles, 0.0)[:, None]
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius * (stretch + margin) + centre
    return np.concatenate([ring, np.full((len(angles), 1), z)], axis=1)


def _scaled(ring: Points, middle: Points, grow: float, z: float) -> Points:
    made = middle + (ring - middle) * grow
    made[:, 2] = z
    return made


def _weights(cage: Cage, points: Points, side: str) -> np.ndarray:
    base, joints = cage.rest.base, cage.rest.joints
    ball, ankle = joints[f"ball_{side}"], joints[f"foot_{side}"]
    toes = np.clip((points[:, 0] - ball[0]) / (0.05 * cage.size) + 0.5, 0, 1)
    shin = np.clip((points[:, 2] - ankle[2] - 0.01) / (0.05 * cage.size), 0, 1)
    made = np.zeros((len(points), len(base.bones)), dtype=np.float32)
    made[:, base.bones.index(f"ball_{side}")] = toes
    made[:, base.bones.index(f"calf_{side}")] = shin
    made[:, base.bones.index(f"foot_{side}")] = np.clip(1 - toes - shin, 0, 1)
    return np.asarray(made / made.sum(axis=1, keepdims=True))
