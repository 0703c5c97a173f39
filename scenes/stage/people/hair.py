"""Hair: caps cut from the head's skin along a hairline, and curtains, tails and buns that hang from it."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from scenes.stage.mesh import Points
from scenes.stage.people.garment import Cloth, cloth, cut, hemmed
from scenes.stage.people.section import tube_faces
from scenes.stage.people.tailoring import Cage

# hairline: how far ahead of the head joint, how high above it, in heights of the skull
_LINE = np.array(
    [
        [-0.50, -0.42],
        [-0.12, -0.36],
        [0.02, -0.12],
        [0.20, 0.02],
        [0.33, 0.16],
        [0.42, 0.50],
        [0.60, 0.66],
        [0.80, 0.72],
    ]
)
_HIGH = np.array(
    [
        [-0.50, -0.42],
        [-0.12, -0.36],
        [0.02, -0.12],
        [0.20, -0.02],
        [0.34, 0.15],
        [0.36, 0.60],
        [0.50, 0.80],
        [0.60, 0.95],
    ]
)
_BALD = np.array(
    [[-0.50, -0.42], [-0.12, -0.36], [0.02, -0.12], [0.20, -0.02], [0.30, 0.12], [0.31, 0.34], [0.40, 1.2], [0.80, 2.0]]
)
_THICK = {"short": 0.013, "crop": 0.005, "full": 0.021, "receding": 0.009, "bald": 0.003}
_LONG = {"long": -0.95, "bob": -0.33}
_SECTORS, _ROWS = 40, 22


class Head:
    """A head at rest: its skin, and lengths in heights of the skull above the head joint."""

    def __init__(self, skin: Cage) -> None:
        base = skin.rest.base
        column = base.bones.index("head")
        own = skin.weights[:, column] > 0.3
        self.cage = skin
        self.faces = skin.faces[own[skin.faces].all(axis=1)]
        self.own = own
        self.joint = skin.rest.joints["head"]
        self.size = float(skin.points[own, 2].max() - self.joint[2])
        self.local = (skin.points - self.joint) / self.size
        self.bone = column

    def patch(self, slot: str) -> Cloth:
        """Return the head's skin showing a slot."""
        return cloth(self.cage.points, self.cage.weights, self.faces, slot)

    def carried(self, points: Points) -> np.ndarray:
        """Return weights that bind points to the head alone."""
        made = np.zeros((len(points), self.cage.weights.shape[1]), dtype=np.float32)
        made[:, self.bone] = 1.0
        return made


def hair(head: Head, kind: str, rng: np.random.Generator, *, under_hat: bool) -> list[Cloth]:
    """Return a haircut at rest; under a hat, only what shows below it keeps its volume."""
    line = {"receding": _HIGH, "bald": _BALD}.get(kind, _LINE)
    thick = _THICK.get(kind, 0.015) * head.size / 0.155
    made = [_cap(head, line, min(thick, 0.006) if under_hat else thick, rng)]
    if kind in _LONG:
        made.append(curtain(head, _LONG[kind], rng, volume_m=0.006 if under_hat else 0.020))
    if kind == "ponytail":
        made.append(_tail(head, rng))
    if kind == "bun" and not under_hat:
        made.append(_bun(head))
    return made


def _line_field(head: Head, points: Points, line: Points) -> Points:
    """Return how far above the hairline points lie, in metres."""
    local = (points - head.joint) / head.size
    above = local[:, 2] - np.interp(local[:, 0], line[:, 0], line[:, 1])
    return np.asarray(above * head.size)


def _cap(head: Head, line: Points, thick: float, rng: np.random.Generator) -> Cloth:
    patch = head.patch("hair")
    ears = head.cage.rest.base.ears[np.unique(head.cage.rest.base.skin)][np.unique(head.faces)]
    made = cut(patch, np.minimum(_line_field(head, patch.points, line), 0.06 * (0.35 - ears)))
    above = np.maximum(_line_field(head, made.points, line), 0)
    local = (made.points - head.joint) / head.size
    wave = np.zeros(len(made.points))
    for _ in range(4):
        way = rng.normal(size=3) * [9, 9, 5]
        wave += np.sin(local @ way + rng.uniform(0, 6.3)) / 4
    grown = np.clip(above / 0.055, 0, 1) ** 0.8
    top = 0.45 + 0.75 * np.clip(local[:, 2], 0, 1)
    tufts = rng.normal(size=len(made.points))
    lift = 0.0015 + thick * grown * top * (1 + 0.30 * wave + 0.12 * tufts)
    way = made.normals + np.array([0.0, 0.0, 0.25])
    return hemmed(made.moved(made.points + way * lift[:, None]), 0.003, lining_m=0.003)


_FACE: tuple[tuple[float, float], ...] = (
    (-0.97, 4),
    (-0.74, 12),
    (-0.55, 54),
    (-0.2, 68),
    (0.3, 76),
    (0.6, 96),
    (1.0, 116),
)


def curtain(
    head: Head,
    end: float,
    rng: np.random.Generator,
    *,
    volume_m: float,
    slot: str = "hair",
    opening: tuple[tuple[float, float], ...] = _FACE,
) -> Cloth:
    """Return hair that falls from the crown around the head, open over the face.

    Args:
        head: what it falls from.
        end: where it ends, skull heights above the head joint.
        rng: draws its locks.
        volume_m: how far it stands off the skull.
        slot: what it shows.
        opening: skull heights below the joint, and half the angle that is open in front there in degrees.
    """
    levels = np.concatenate([np.linspace(0.97, 0.55, 7), np.linspace(0.42, end, _ROWS - 7)])
    angles = np.linspace(0, 1, _SECTORS)
    radii = _profile(head, levels, volume_m, end)
    knots = np.array(opening)
    gap = np.deg2rad(np.interp(-levels, knots[:, 0], knots[:, 1]))
    rows = []
    locks = [(float(rng.uniform(9, 26)), float(rng.uniform(0, 6.3))) for _ in range(3)]
    for row, level in enumerate(levels):
        angle = gap[row] + angles * (2 * np.pi - 2 * gap[row])
        radius = np.interp(angle, np.linspace(0, 2 * np.pi, _SECTORS), radii[row])
        drop = np.clip((0.6 - level) / 1.2, 0, 1)
        ridge = sum(np.sin(k * angle + phase + level) for k, phase in locks) / 3
        radius = radius + (0.0025 + 0.006 * drop) * ridge
        z = head.joint[2] + level * head.size + (0.012 * ridge if row == len(levels) - 1 else 0.0)
        x0 = head.joint[0] + 0.22 * head.size
        rows.append(
            np.stack([x0 + radius * np.cos(angle), radius * np.sin(angle), np.broadcast_to(z, angle.shape)], axis=1)
        )
    points = np.concatenate(rows)
    index = np.arange(len(levels) * _SECTORS).reshape(len(levels), _SECTORS)
    a, b, c, d = index[:-1, :-1].ravel(), index[1:, :-1].ravel(), index[1:, 1:].ravel(), index[:-1, 1:].ravel()
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    return hemmed(cloth(points, _hanging(head, points), faces, slot), 0.006, lining_m=0.004)


def _profile(head: Head, levels: Points, volume_m: float, end: float) -> Points:
    """Return radii by level and angle: out from the skull, then hanging, then close to neck or back."""
    x0 = head.joint[0] + 0.22 * head.size
    angles = np.linspace(0, 2 * np.pi, _SECTORS)
    cage = head.cage
    away = np.hypot(cage.points[:, 0] - x0, cage.points[:, 1])
    around = np.arctan2(cage.points[:, 1], cage.points[:, 0] - x0) % (2 * np.pi)
    height = (cage.points[:, 2] - head.joint[2]) / head.size
    table = np.zeros((len(levels), _SECTORS))
    widest = np.zeros(_SECTORS)
    for row, level in enumerate(levels):
        near = np.abs(height - level) < (0.10 if level > 0 else 0.14)
        near &= (cage.arm < 0.10) & ~((np.abs(head.local[:, 1]) > 0.56) & head.own)
        order = np.argsort(around[near])
        bins = np.zeros(_SECTORS)
        column = np.round(around[near][order] / (2 * np.pi) * (_SECTORS - 1)).astype(int)
        np.maximum.at(bins, column, away[near][order])
        bins = (
            np.where(bins == 0, np.interp(angles, angles[bins > 0], bins[bins > 0]), bins) if (bins > 0).any() else bins
        )
        bins[[0, -1]] = max(bins[0], bins[-1])
        if level > 0:
            widest = np.maximum(bins + volume_m, widest)
            table[row] = bins + volume_m if level > 0.5 else np.maximum(bins + volume_m, widest)
        else:
            draw = np.clip(-level / max(0.35, -end), 0, 1)
            hung = widest * (1 - 0.16 * draw)
            table[row] = np.maximum(hung, np.minimum(bins, widest * 1.25) + 0.028)
    return np.asarray(gaussian_filter1d(table, 1.2, axis=0))


def _hanging(head: Head, points: Points) -> np.ndarray:
    """Bind hair to the head, and what falls below the shoulders to the back."""
    level = (points[:, 2] - head.joint[2]) / head.size
    down = np.clip((-0.25 - level) / 0.5, 0, 1)
    made = head.carried(points) * (1 - down)[:, None].astype(np.float32)
    made[:, head.cage.rest.base.bones.index("spine_03")] += down.astype(np.float32)
    return np.asarray(made)


def _tail(head: Head, rng: np.random.Generator) -> Cloth:
    size = head.size
    start = head.joint + size * np.array([-0.42, 0.0, 0.62])
    long = float(rng.uniform(0.9, 1.6))
    share = np.linspace(0, 1, 12)
    path = start + size * np.stack(
        [-0.28 * np.sin(share * 2.4), 0 * share, 0.12 * np.sin(share * 6) * (share < 0.5) - long * share**1.2], axis=1
    )
    fat = size * (0.05 + 0.11 * np.sin(np.pi * np.clip(share * 0.9 + 0.08, 0, 1)) ** 0.7) * (1 - 0.5 * share)
    return _tube(head, path, fat)


def _bun(head: Head) -> Cloth:
    size = head.size
    centre = head.joint + size * np.array([-0.50, 0.0, 0.72])
    turn = np.linspace(0.05, np.pi - 0.05, 9)
    path = centre + size * np.stack([0.24 * np.cos(turn), 0 * turn, 0.06 * np.cos(turn)], axis=1)
    return _tube(head, path, size * 0.27 * np.sin(turn))


def _tube(head: Head, path: Points, radii: Points) -> Cloth:
    tangent = np.gradient(path, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-12
    side = np.tile([0.0, 1.0, 0.0], (len(path), 1))
    front = np.cross(tangent, side)
    angle = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    ridge = 1 + 0.10 * np.sin(3 * angle)
    ring = np.cos(angle)[None, :, None] * front[:, None] + np.sin(angle)[None, :, None] * side[:, None]
    points = (path[:, None] + ring * (radii[:, None] * ridge[None])[..., None]).reshape(-1, 3)
    return cloth(points, head.carried(points), tube_faces(len(path), 12), "hair")
