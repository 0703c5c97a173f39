"""How trunk, arms and feet are set in a stance: the words that poses are written in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.stage.mesh import Points
from scenes.stage.people.skeleton import SIDES, UP, Rest, Stance, about, bend, curl, set_arm, set_leg, unit

AHEAD = np.array([1.0, 0.0, 0.0])
_REACHES = 4


@dataclass(frozen=True, kw_only=True)
class Angles:
    """Attitude of a part of the trunk in degrees: yaw to the left, pitch forward, roll that lifts the left side."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0

    @property
    def matrix(self) -> Points:
        """The rotation from rest."""
        return np.asarray(about("z", self.yaw) @ about("y", self.pitch) @ about("x", self.roll))

    def towards(self, other: Angles, share: float) -> Angles:
        """Return the attitude between this one and another."""
        yaw, pitch, roll = (
            a + share * (b - a) for a, b in ((self.yaw, other.yaw), (self.pitch, other.pitch), (self.roll, other.roll))
        )
        return Angles(yaw=yaw, pitch=pitch, roll=roll)


def set_trunk(stance: Stance, pelvis: Angles, chest: Angles, head: Angles) -> None:
    """Turn pelvis, chest and head; spine and neck share what lies between."""
    stance.turns["pelvis"] = pelvis.matrix
    for bone, share in (("spine_01", 0.3), ("spine_02", 0.65), ("spine_03", 1.0)):
        stance.turns[bone] = pelvis.towards(chest, share).matrix
    stance.turns["neck_01"] = chest.towards(head, 0.45).matrix
    stance.turns["head"] = head.matrix


def sign(side: str) -> float:
    """Return 1 for the left, -1 for the right."""
    return 1.0 if side == "l" else -1.0


def hang_arm(
    stance: Stance,
    side: str,
    *,
    swing_deg: float = 4.0,
    away_deg: float = 8.0,
    elbow_deg: float = 18.0,
    inward_deg: float = 25.0,
    roll_deg: float = 0.0,
    fingers_deg: float = 20.0,
) -> None:
    """Let an arm hang from the shoulder.

    Args:
        stance: the pose under construction.
        side: "l" or "r".
        swing_deg: forward.
        away_deg: from the trunk.
        elbow_deg: bend.
        inward_deg: how far the bent forearm points to the middle instead of forward.
        roll_deg: turn of the palm.
        fingers_deg: bend of every finger joint.
    """
    chest, mirror = stance.rotation("spine_03"), sign(side)
    arm = chest @ about("y", -swing_deg) @ about("x", mirror * away_deg)
    upper = arm @ -UP
    front = arm @ about("z", -mirror * inward_deg) @ AHEAD
    angle = np.deg2rad(max(elbow_deg, 6.0))
    set_arm(stance, side, upper, upper * np.cos(angle) + front * np.sin(angle), roll_deg=roll_deg)
    curl(stance, side, fingers_deg)


def palm_of(rest: Rest, side: str) -> Points:
    """Return the middle of a palm at rest, below the base of the middle finger."""
    joints = rest.joints
    middle = 0.35 * joints[f"hand_{side}"] + 0.65 * joints[f"middle_01_{side}"]
    tip = 0.5 * (joints[f"middle_02_{side}"] - joints[f"middle_01_{side}"])
    row = joints[f"pinky_01_{side}"] - joints[f"index_01_{side}"]
    inside = unit(np.cross(row, tip)) * sign(side)
    return np.asarray(middle + 0.1 * tip + _palm_depth(rest, side) * inside)


def _palm_depth(rest: Rest, side: str) -> float:
    return 0.16 * rest.length(f"hand_{side}", f"middle_01_{side}")


def reach(
    stance: Stance,
    side: str,
    goal: object,
    *,
    elbow: object,
    roll_deg: float = 0.0,
    fingers_deg: float = 20.0,
) -> None:
    """Put the middle of a palm at `goal`, the elbow towards the direction `elbow` (both in the body's frame)."""
    wanted = np.asarray(goal, dtype=np.float64)
    aim, palm = wanted.copy(), palm_of(stance.rest, side)
    _shrug(stance, side, wanted)
    for _ in range(_REACHES):
        start = stance.place(f"upperarm_{side}")
        upper, lower = bend(start, aim, stance.rest.arm_m(side), np.asarray(elbow, dtype=np.float64))
        set_arm(stance, side, upper, lower, roll_deg=roll_deg)
        aim = aim + wanted - stance.point(f"hand_{side}", palm)
    curl(stance, side, fingers_deg)


def _shrug(stance: Stance, side: str, goal: Points) -> None:
    """Lift and bring forward the shoulder of an arm that reaches up or far ahead."""
    chest = stance.rotation("spine_03")
    away = chest.T @ (goal - stance.place(f"upperarm_{side}"))
    arm = sum(stance.rest.arm_m(side))
    lift = 22.0 * float(np.clip(away[2] / arm, 0, 1))
    ahead = 16.0 * float(np.clip(away[0] / arm - 0.55, 0, 0.6))
    stance.turns[f"clavicle_{side}"] = chest @ about("z", -sign(side) * ahead) @ about("x", sign(side) * lift)


def ankle_m(rest: Rest) -> float:
    """Return how high the ankle is above the ground when the bare foot stands flat."""
    base_z = rest.joints["sole"][2]
    return float(rest.joints["foot_l"][2] - base_z)


def heel_and_ball(rest: Rest, side: str) -> tuple[Points, Points]:
    """Return where heel and ball touch the ground, from the ankle at rest."""
    joints, below = rest.joints, ankle_m(rest)
    ball = joints[f"ball_{side}"] - joints[f"foot_{side}"]
    return np.array([-0.35 * ball[0], 0.0, -below]), np.array([ball[0], ball[1], -below])


def step(stance: Stance, side: str, ankle: object, *, foot: Angles, knee: object = AHEAD) -> None:
    """Put an ankle at a place with the foot at an attitude; toes stay level while the heel is lifted."""
    goal = np.asarray(ankle, dtype=np.float64)
    upper, lower = bend(
        stance.place(f"thigh_{side}"), goal, stance.rest.leg_m(side), np.asarray(knee, dtype=np.float64)
    )
    set_leg(stance, side, upper, lower, foot=foot.matrix)
    toes = Angles(yaw=foot.yaw, pitch=max(0.0, foot.pitch - 32.0) if foot.pitch > 0 else foot.pitch)
    stance.turns[f"ball_{side}"] = toes.matrix


def ankle_above(rest: Rest, side: str, foot: Angles, lift_m: float = 0.0) -> float:
    """Return the ankle's height when heel or ball, whichever is lower, is `lift_m` above the ground."""
    heel, ball = heel_and_ball(rest, side)
    return lift_m - float(min((foot.matrix @ heel)[2], (foot.matrix @ ball)[2]))


def hip_height(stance: Stance, ankles: dict[str, Points], *, straight: float = 0.985) -> float:
    """Return the greatest height of the hips at which every ankle is still in reach."""
    rest = stance.rest
    tops: list[float] = []
    for side in SIDES:
        stance.hips = np.zeros(3)
        away = stance.place(f"thigh_{side}") - ankles[side]
        length = straight * sum(rest.leg_m(side))
        flat = float(np.hypot(away[0], away[1]))
        tops.append(-away[2] + float(np.sqrt(max(length**2 - flat**2, 0.01))))
    return min(tops)
