"""A body's skeleton: where its joints lie at rest, forward and inverse kinematics, and skinning.

A pose is one rotation for each bone that turns it from rest into the posed body's frame (not relative to its parent);
bones without their own follow their parent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scenes.stage.mesh import Points
from scenes.stage.people.body import BaseBody

UP = np.array([0.0, 0.0, 1.0])
SIDES = ("l", "r")


@dataclass(frozen=True, kw_only=True, eq=False)
class Rest:
    """Joints of one shaped body at rest: name to xyz."""

    base: BaseBody
    joints: Mapping[str, Points]

    def length(self, first: str, second: str) -> float:
        """Return the distance between two joints."""
        return float(np.linalg.norm(self.joints[first] - self.joints[second]))

    def leg_m(self, side: str) -> tuple[float, float]:
        """Return lengths of thigh and shin."""
        return self.length(f"thigh_{side}", f"calf_{side}"), self.length(f"calf_{side}", f"foot_{side}")

    def arm_m(self, side: str) -> tuple[float, float]:
        """Return lengths of upper arm and forearm."""
        return self.length(f"upperarm_{side}", f"lowerarm_{side}"), self.length(f"lowerarm_{side}", f"hand_{side}")


@dataclass(kw_only=True, eq=False)
class Stance:
    """A pose under construction."""

    rest: Rest
    turns: dict[str, Points] = field(default_factory=dict)
    hips: Points = field(default_factory=lambda: np.zeros(3))
    """Where the middle between the hip joints goes."""
    props: set[str] = field(default_factory=set)
    """What the pose itself needs in a hand: "phone"."""
    gone: float = 0.0
    """Share of a gait's cycle that has passed since the phase that was drawn."""

    def rotation(self, bone: str) -> Points:
        """Return a bone's rotation, its own or the nearest parent's that has one."""
        names, parents = self.rest.base.bones, self.rest.base.parents
        index = names.index(bone)
        while index >= 0:
            if names[index] in self.turns:
                return self.turns[names[index]]
            index = parents[index]
        return np.eye(3)

    def place(self, bone: str) -> Points:
        """Return where a bone's head joint goes."""
        names, parents = self.rest.base.bones, self.rest.base.parents
        joints = self.rest.joints
        if bone == "pelvis":
            middle = (joints["thigh_l"] + joints["thigh_r"]) / 2
            return self.hips + self.rotation("pelvis") @ (joints["pelvis"] - middle)
        parent = names[parents[names.index(bone)]]
        return self.place(parent) + self.rotation(parent) @ (joints[bone] - joints[parent])

    def point(self, bone: str, place: Points) -> Points:
        """Return where a rest point that a bone carries goes."""
        return self.place(bone) + self.rotation(bone) @ (np.asarray(place) - self.rest.joints[bone])


def unit(vector: object) -> Points:
    """Return a vector of length 1."""
    made = np.asarray(vector, dtype=np.float64)
    return np.asarray(made / (np.linalg.norm(made) + 1e-12))


def about(axis: object, degrees: float) -> Points:
    """Return the rotation about an axis (a vector or "x", "y", "z"), counter-clockwise."""
    named = {"x": (1, 0, 0), "y": (0, 1, 0), "z": (0, 0, 1)}
    x, y, z = unit(named[axis] if isinstance(axis, str) else axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.deg2rad(degrees)
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


def frame(along: Points, hinge: Points) -> Points:
    """Return the right-handed frame whose first axis is `along` and whose second is nearest to `hinge`."""
    first = unit(along)
    second = unit(hinge - first * (hinge @ first))
    return np.stack([first, second, np.cross(first, second)], axis=1)


def bend(start: Points, goal: Points, lengths: tuple[float, float], pole: Points) -> tuple[Points, Points]:
    """Return the directions of both bones of a limb that reaches from `start` to `goal`, its joint towards `pole`."""
    first, second = lengths
    span = goal - start
    reach = float(np.clip(np.linalg.norm(span), abs(first - second) * 1.01 + 1e-4, (first + second) * 0.9995))
    ahead = unit(span)
    side = unit(pole - ahead * (pole @ ahead))
    cosine = (first**2 + reach**2 - second**2) / (2 * first * reach)
    upper = ahead * cosine + side * np.sqrt(max(0.0, 1 - cosine**2))
    return upper, unit(ahead * reach - upper * first)


def set_leg(stance: Stance, side: str, upper: Points, lower: Points, *, foot: Points | None = None) -> None:
    """Turn a leg's bones to given directions; the knee's hinge lies across both."""
    joints = stance.rest.joints
    thigh, calf, ankle = (joints[f"{name}_{side}"] for name in ("thigh", "calf", "foot"))
    forward = stance.rotation("pelvis") @ np.array([1.0, 0.0, 0.0])
    bent = np.cross(lower, upper)
    hinge = bent if np.linalg.norm(bent) > 0.05 else np.cross(forward, upper)
    hinge = -unit(hinge) if bent is hinge else unit(hinge)
    across = np.array([0.0, 1.0, 0.0])
    stance.turns[f"thigh_{side}"] = frame(upper, hinge) @ frame(calf - thigh, across).T
    stance.turns[f"calf_{side}"] = frame(lower, hinge) @ frame(ankle - calf, across).T
    if foot is not None:
        stance.turns[f"foot_{side}"] = foot


def set_arm(stance: Stance, side: str, upper: Points, lower: Points, *, roll_deg: float = 0.0) -> None:
    """Turn an arm's bones to given directions; `roll_deg` turns the palm about the forearm, mirrored on the right."""
    joints = stance.rest.joints
    shoulder, elbow, wrist = (joints[f"{name}_{side}"] for name in ("upperarm", "lowerarm", "hand"))
    across = np.cross(elbow - shoulder, wrist - elbow)
    hinge = np.cross(upper, lower)
    if np.linalg.norm(hinge) < 0.03:
        hinge = stance.rotation("spine_03") @ across
    stance.turns[f"upperarm_{side}"] = frame(upper, hinge) @ frame(elbow - shoulder, across).T
    straight = frame(lower, hinge) @ frame(wrist - elbow, across).T
    signed = roll_deg if side == "l" else -roll_deg
    stance.turns[f"lowerarm_{side}"] = about(lower, signed * 0.4) @ straight
    stance.turns[f"hand_{side}"] = about(lower, signed) @ straight


def curl(stance: Stance, side: str, degrees: float, *, thumb_deg: float | None = None) -> None:
    """Bend the fingers of a hand by `degrees` at every joint, the little finger most."""
    joints = stance.rest.joints
    palm = stance.rotation(f"hand_{side}")
    axis = knuckle_axis(stance.rest, side)
    for order, name in enumerate(("index", "middle", "ring", "pinky")):
        turned = 0.0
        for number in (1, 2, 3):
            turned += degrees * (0.8 + 0.13 * order) * (0.75 if number == 3 else 1.0)
            stance.turns[f"{name}_0{number}_{side}"] = palm @ about(axis, turned)
    along = unit(joints[f"thumb_03_{side}"] - joints[f"thumb_02_{side}"])
    across = unit(np.cross(along, joints[f"index_01_{side}"] - joints[f"thumb_02_{side}"]))
    bent = degrees * 0.5 if thumb_deg is None else thumb_deg
    for number in (2, 3):
        stance.turns[f"thumb_0{number}_{side}"] = palm @ about(across, bent * (number - 1))


def knuckle_axis(rest: Rest, side: str) -> Points:
    """Return the axis about which a hand's fingers close."""
    joints = rest.joints
    total = np.zeros(3)
    for name in ("index", "middle", "ring"):
        first, second, third = (joints[f"{name}_0{number}_{side}"] for number in (1, 2, 3))
        total += unit(np.cross(second - first, third - second))
    row = unit(joints[f"pinky_01_{side}"] - joints[f"index_01_{side}"])
    return unit(row if total @ row > 0 else -row)


def skinned(stance: Stance, points: Points, weights: NDArray[np.float32]) -> Points:
    """Return rest points where the pose takes them, by dual quaternions, which keep volume where limbs twist.

    Args:
        stance: the pose.
        points: (N, 3) at rest.
        weights: (N, B).

    Source: Kavan et al., Skinning with dual quaternions, I3D 2007.
    """
    names = stance.rest.base.bones
    rotations = np.stack([stance.rotation(bone) for bone in names])
    moves = np.stack(
        [
            np.zeros(3) if bone == "Root" else stance.place(bone) - stance.rotation(bone) @ stance.rest.joints[bone]
            for bone in names
        ]
    )
    moves[names.index("Root")] = moves[names.index("pelvis")]
    real = _quaternions(rotations)
    trunk = real[names.index("spine_02")]
    real *= np.where(real @ trunk < 0, -1.0, 1.0)[:, None]
    dual = 0.5 * _times(np.concatenate([np.zeros((len(names), 1)), moves], axis=1), real)
    blend = weights.astype(np.float64) @ np.concatenate([real, dual], axis=1)
    blend /= np.linalg.norm(blend[:, :4], axis=1, keepdims=True) + 1e-12
    scalar, vector = blend[:, :1], blend[:, 1:4]
    scalar_dual, vector_dual = blend[:, 4:5], blend[:, 5:]
    turned = points + 2 * np.cross(vector, np.cross(vector, points) + scalar * points)
    return np.asarray(turned + 2 * (scalar * vector_dual - scalar_dual * vector + np.cross(vector, vector_dual)))


def _quaternions(rotations: Points) -> Points:
    """Return (B, 4) quaternions, scalar first."""
    from scipy.spatial.transform import Rotation

    return np.asarray(Rotation.from_matrix(rotations).as_quat()[:, [3, 0, 1, 2]])


def _times(first: Points, second: Points) -> Points:
    scalar = first[:, :1] * second[:, :1] - (first[:, 1:] * second[:, 1:]).sum(axis=1, keepdims=True)
    vector = first[:, :1] * second[:, 1:] + second[:, :1] * first[:, 1:] + np.cross(first[:, 1:], second[:, 1:])
    return np.concatenate([scalar, vector], axis=1)
