"""Poses with bent hips: on a kerb, in a wheelchair, on a seat, on one knee."""

from __future__ import annotations

import numpy as np

from scenes.stage.mounts.seat import Seat
from scenes.stage.people.posture import Angles, ankle_above, heel_and_ball, reach, set_trunk, sign, step
from scenes.stage.people.skeleton import SIDES, Rest, Stance

Rng = np.random.Generator
KERB_M = 0.12
CHAIR_SEAT_M = 0.50
"""Height of a wheelchair's cushion (ISO 7176-5 gives 0.45 to 0.53)."""
FOOTREST_M = 0.13
_FLESH = 0.062  # hip joint above what one sits on, in body heights


def sit_on_kerb(stance: Stance, rng: Rng) -> None:
    """Sit low with knees up and forearms on them; the feet stand on the road below the kerb."""
    rest, size = stance.rest, stance.rest.joints["crown"][2]
    lean = float(rng.uniform(22, 42))
    set_trunk(
        stance,
        Angles(pitch=lean * 0.2 - 12),
        Angles(pitch=lean, yaw=float(rng.uniform(-6, 6))),
        Angles(pitch=lean * 0.6, yaw=float(rng.uniform(-35, 35))),
    )
    stance.hips = np.array([0.0, 0.0, KERB_M + _FLESH * size])
    knees = {}
    for side in SIDES:
        foot = Angles(yaw=12.0 * sign(side))
        x = size * float(rng.uniform(0.24, 0.31))
        ankle = np.array([x, sign(side) * size * 0.085, ankle_above(rest, side, foot)])
        step(stance, side, ankle, foot=foot, knee=(0.4, 0.3 * sign(side), 1.0))
        knees[side] = stance.place(f"calf_{side}")
    for side in SIDES:
        goal = knees[side] + size * np.array([0.06, -0.035 * sign(side), 0.045])
        reach(stance, side, goal, elbow=(-0.5, 0.9 * sign(side), -0.6), roll_deg=-25, fingers_deg=26)


def sit_in_chair(stance: Stance, rng: Rng) -> None:
    """Sit in a wheelchair with the feet on its rests, hands on the rims or on the thighs."""
    size = stance.rest.joints["crown"][2]
    set_trunk(
        stance,
        Angles(pitch=-14.0),
        Angles(pitch=2.0, yaw=float(rng.uniform(-5, 5))),
        Angles(pitch=float(rng.uniform(0, 10)), yaw=float(rng.uniform(-30, 30))),
    )
    stance.hips = np.array([0.0, 0.0, CHAIR_SEAT_M + _FLESH * 0.9 * size])
    for side in SIDES:
        foot = Angles(yaw=5.0 * sign(side), pitch=-8.0)
        thigh = stance.rest.leg_m(side)[0]
        ankle = np.array([thigh + 0.10, sign(side) * 0.09, ankle_above(stance.rest, side, foot, FOOTREST_M + 0.03)])
        step(stance, side, ankle, foot=foot, knee=(0.6, 0.1 * sign(side), 1.0))
    pushing = rng.random() < 0.5
    for side in SIDES:
        goal = (
            (0.12, 0.31 * sign(side), 0.56) if pushing else (0.30, 0.11 * sign(side), CHAIR_SEAT_M + 0.155 * size / 1.7)
        )
        reach(stance, side, goal, elbow=(-1.0, 0.7 * sign(side), -0.2), roll_deg=-35, fingers_deg=45 if pushing else 18)


def kneel(stance: Stance, rng: Rng) -> None:
    """Kneel on the right knee beside somebody who lies there, hands down and ahead."""
    rest, size = stance.rest, stance.rest.joints["crown"][2]
    lean = float(rng.uniform(30, 48))
    set_trunk(
        stance,
        Angles(pitch=lean * 0.4),
        Angles(pitch=lean, yaw=float(rng.uniform(-10, 10))),
        Angles(pitch=lean * 0.75 + 8, yaw=float(rng.uniform(-15, 15))),
    )
    thigh, shin = rest.leg_m("r")
    knee_m = 0.032 * size
    stance.hips = np.array([-0.02, 0.0, knee_m + thigh * 0.93])
    toes = Angles(pitch=72.0)
    back = np.array([-0.02 - 0.94 * shin, -0.07 * size, ankle_above(rest, "r", toes)])
    step(stance, "r", back, foot=toes, knee=(0.5, -0.1, -1.0))
    flat = Angles(yaw=8.0)
    step(stance, "l", (size * 0.19, size * 0.075, ankle_above(rest, "l", flat)), foot=flat, knee=(1.0, 0.15, 0.6))
    for side in SIDES:
        goal = size * np.array([float(rng.uniform(0.26, 0.34)), 0.07 * sign(side), float(rng.uniform(0.10, 0.17))])
        reach(stance, side, goal, elbow=(-0.5, sign(side), 0.0), roll_deg=-50, fingers_deg=18)


def car_seat(rest: Rest) -> Seat:
    """Return a car's driving seat around the origin, for whoever is not given one."""
    size = float(rest.joints["crown"][2]) / 1.7
    feet = tuple((0.82 * size, side * 0.13, 0.10) for side in (1, -1))
    hands = tuple((0.44 * size, side * 0.17, 0.66) for side in (1, -1))
    return Seat(hip_m=(0.0, 0.0, 0.32), hands_m=hands, feet_m=feet, lean_deg=-14.0)  # type: ignore[arg-type]


def ride(stance: Stance, seat: Seat, rng: Rng) -> None:
    """Sit on a seat with the palms on the grips and the balls of the soles on the pegs."""
    yaw = float(np.degrees(np.arctan2(seat.looks[1], seat.looks[0])))
    lean = seat.lean_deg
    set_trunk(
        stance,
        Angles(yaw=yaw, pitch=lean * 0.55 - 4),
        Angles(yaw=yaw, pitch=lean),
        Angles(yaw=yaw + float(rng.uniform(-14, 14)), pitch=min(lean * 0.35, 14.0) + 2),
    )
    stance.hips = np.array(seat.hip_m)
    ahead = np.array([*seat.looks[:2], 0.0])
    left = np.array([-ahead[1], ahead[0], 0.0])
    for index, side in enumerate(SIDES):
        _tread(stance, side, np.array(seat.feet_m[index]), yaw, ahead * 0.9 + left * 0.25 * sign(side))
        elbow = -0.45 * ahead + left * 0.75 * sign(side) + np.array([0.0, 0.0, -0.75])
        reach(stance, side, seat.hands_m[index], elbow=elbow, roll_deg=-50, fingers_deg=52)


def _tread(stance: Stance, side: str, sole: object, yaw_deg: float, knee: object) -> None:
    foot = Angles(yaw=yaw_deg + 5.0 * sign(side), pitch=6.0)
    _, ball = heel_and_ball(stance.rest, side)
    ankle = np.asarray(sole) - foot.matrix @ (ball - np.array([0.0, 0.0, 0.02]))
    up = np.asarray(knee) + np.array([0.0, 0.0, 0.6])
    step(stance, side, ankle, foot=foot, knee=up)
