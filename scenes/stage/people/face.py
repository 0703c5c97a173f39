"""Eyes with iris and pupil, lashes, brows, beards, and lips with their own tone."""

from __future__ import annotations

import numpy as np

from scenes.stage.mesh import Points
from scenes.stage.people.garment import Cloth, cloth, cut, join, split
from scenes.stage.people.hair import Head

_RINGS_DEG = (0.0, 11.0, 28.0, 45.0, 68.0, 95.0)
_RING_SLOTS = ("pupil", "iris", "eye_white", "eye_white", "eye_white")
_SEGMENTS = 14


def eyes(head: Head, vertices: Points) -> tuple[Cloth, tuple[Points, Points]]:
    """Return both eyeballs (the half that can be seen) and their centres."""
    base = head.cage.rest.base
    balls, centres = [], []
    for own in base.eyes:
        points = vertices[own]
        centre = (points.min(axis=0) + points.max(axis=0)) / 2
        radius = float((points.max(axis=0) - points.min(axis=0))[1:].mean()) / 2
        balls.append(_ball(head, centre, radius))
        centres.append(centre)
    return join(*balls), (centres[0], centres[1])


def _ball(head: Head, centre: Points, radius: float) -> Cloth:
    tilt = np.deg2rad(_RINGS_DEG)
    angle = np.linspace(0, 2 * np.pi, _SEGMENTS, endpoint=False)
    points = np.stack(
        [
            np.repeat(np.cos(tilt), _SEGMENTS),
            np.outer(np.sin(tilt), np.cos(angle)).ravel(),
            np.outer(np.sin(tilt), np.sin(angle)).ravel(),
        ],
        axis=1,
    )
    index = np.arange(len(points)).reshape(len(tilt), _SEGMENTS)
    after = np.roll(index, -1, axis=1)
    a, b, c, d = index[:-1].ravel(), index[1:].ravel(), after[1:].ravel(), after[:-1].ravel()
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    made = cloth(centre + points * radius, head.carried(points), faces, "eye_white")
    ring = np.tile(np.repeat(np.arange(len(_RING_SLOTS)), _SEGMENTS), 2)
    for row, slot in enumerate(_RING_SLOTS):
        made = made.shown(slot, ring == row)
    return made


def lashes(head: Head, vertices: Points) -> Cloth:
    """Return the upper eyelashes as cards."""
    quads = head.cage.rest.base.lashes
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return cloth(vertices, head.cage.rest.base.weights, faces, "brow")


def with_lips(skin: Cloth, lips: Points) -> Cloth:
    """Return the skin with its lips in a slot of their own; `lips` is 1 on them."""
    made, inside = split(skin, lips - 0.5)
    return made.shown("lips", inside)


def beard(head: Head) -> Cloth:
    """Return a short full beard with a moustache."""
    patch = head.patch("hair")
    local = (patch.points - head.joint) / head.size
    lips = head.cage.rest.base.lips
    used = np.unique(head.faces)
    mouth = lips[np.unique(head.cage.rest.base.skin)][used]
    below = np.interp(local[:, 0], [0.18, 0.34, 0.55, 0.78, 1.05], [0.05, 0.10, -0.12, -0.13, -0.13]) - local[:, 2]
    above = local[:, 2] - np.interp(local[:, 0], [0.1, 0.4, 0.9], [-0.22, -0.50, -0.62])
    ahead = np.minimum(local[:, 0] - 0.24, 0.56 - np.abs(local[:, 1]))
    field = np.min([below, above, ahead, 0.30 - mouth * 0.5], axis=0) * head.size
    made = cut(patch, field)
    return made.moved(made.points + made.normals * 0.006)


def brows(head: Head, eyes: tuple[Points, Points]) -> Cloth:
    """Return both eyebrows, cut from the skin above the eyes."""
    patch = head.patch("brow")
    fields = []
    for eye in eyes:
        out = (patch.points[:, 1] - eye[1]) * np.sign(eye[1]) / head.size
        level = (patch.points[:, 2] - eye[2]) / head.size
        arch = 0.150 + 0.035 * np.sin(np.clip((out + 0.14) / 0.30, 0, 1) * np.pi * 0.8)
        thin = 0.030 * np.clip(1.1 - np.abs(out) / 0.17, 0.15, 1)
        fields.append(
            np.min(
                [
                    thin - np.abs(level - arch),
                    0.155 - np.abs(out + 0.005),
                    patch.points[:, 0] - head.joint[0] - 0.3 * head.size,
                ],
                axis=0,
            )
        )
    made = cut(patch, np.max(fields, axis=0) * head.size)
    return made.moved(made.points + made.normals * 0.0018)
