"""Keypoints of people: the 17 of COCO, from the posed skeleton and, on the head, from the shaped body.

Source: Lin et al., Microsoft COCO, ECCV 2014 (person keypoints); left and right are the person's own.
"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from scenes.stage.asset import Keypoint
from scenes.stage.mesh import Points
from scenes.stage.people.skeleton import Stance

_BONES = MappingProxyType(
    {
        "shoulder": "upperarm",
        "elbow": "lowerarm",
        "wrist": "hand",
        "hip": "thigh",
        "knee": "calf",
        "ankle": "foot",
    }
)
"""Name of a joint to the bone that begins at it."""
_SIDES = (("left", "l", 1), ("right", "r", -1))


def landmarks(stance: Stance, vertices: Points) -> tuple[Keypoint, ...]:
    """Return nose, eyes, ears, shoulders, elbows, wrists, hips, knees and ankles of a posed body.

    Args:
        stance: the pose.
        vertices: (N, 3) of the shaped base mesh at rest, soles at z = 0.
    """
    where = {name: stance.point("head", place) for name, place in _of_head(stance, vertices).items()}
    for joint, bone in _BONES.items():
        where |= {f"{side}_{joint}": stance.place(f"{bone}_{short}") for side, short, _ in _SIDES}
    return tuple(Keypoint(name=name, where_m=(float(x), float(y), float(z))) for name, (x, y, z) in where.items())


def _of_head(stance: Stance, vertices: Points) -> dict[str, Points]:
    """Return the tip of the nose, the fronts of the eyeballs and the middles of the ears, at rest."""
    base = stance.rest.base
    skin = np.unique(base.skin)
    face = skin[base.scalp[skin]]
    made = {"nose": vertices[face[vertices[face, 0].argmax()]]}
    for (side, _, _), own in zip(_SIDES, base.eyes, strict=True):
        ball = vertices[own]
        middle = (ball.min(axis=0) + ball.max(axis=0)) / 2
        made[f"{side}_eye"] = np.array([ball[:, 0].max(), *middle[1:]])
    for side, _, sign in _SIDES:
        ear = skin[(base.ears[skin] > 0.5) & (sign * vertices[skin, 1] > 0)]
        made[f"{side}_ear"] = vertices[ear].mean(axis=0)
    return made
