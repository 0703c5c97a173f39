"""Casualties: on the back, on the front, on the side, with limbs as they fell."""

from __future__ import annotations

import numpy as np

from scenes.stage.people.posture import Angles, reach, set_trunk, sign
from scenes.stage.people.skeleton import SIDES, Stance, about, bend, set_leg

Rng = np.random.Generator


def lie(stance: Stance, rng: Rng) -> None:
    """Lie on the ground along the x axis, the head at either end."""
    way = str(rng.choice(["supine", "supine", "prone", "side"]))
    {"supine": _on_back, "prone": _on_front, "side": _on_side}[way](stance, rng)


def _on_back(stance: Stance, rng: Rng) -> None:
    size = stance.rest.joints["crown"][2]
    tilt = float(rng.uniform(-6, 6))
    set_trunk(
        stance,
        Angles(pitch=-90, roll=tilt),
        Angles(pitch=-90, roll=-tilt),
        Angles(pitch=-84, roll=float(rng.uniform(-45, 45))),
    )
    stance.hips = np.array([0.0, 0.0, 0.066 * size])
    for side in SIDES:
        bent = 0.30 if rng.random() < 0.35 else float(rng.uniform(0.0, 0.06))
        _leg(
            stance,
            side,
            size * np.array([0.485 - bent * 0.55, sign(side) * float(rng.uniform(0.04, 0.13)), 0.035]),
            up=1.0,
        )
        foot = about("y", -90.0) @ about("z", sign(side) * float(rng.uniform(20, 55)))
        stance.turns[f"foot_{side}"] = foot @ about("y", 25.0)
        stance.turns.pop(f"ball_{side}", None)
        away, along = float(rng.uniform(0.14, 0.26)), float(rng.uniform(-0.28, 0.06))
        if rng.random() < 0.3:
            away, along = 0.24, -0.46
        goal = size * np.array([along, sign(side) * away, 0.022])
        reach(stance, side, goal, elbow=(0.2, sign(side), -0.25), roll_deg=float(rng.uniform(-70, 20)), fingers_deg=28)


def _on_front(stance: Stance, rng: Rng) -> None:
    size = stance.rest.joints["crown"][2]
    turned = float(rng.choice([-1, 1]))
    set_trunk(stance, Angles(pitch=90), Angles(pitch=91), Angles(pitch=88, roll=68 * turned))
    stance.hips = np.array([0.0, 0.0, 0.072 * size])
    for side in SIDES:
        bent = sign(side) == turned
        out = 0.17 if bent else 0.07
        x = -0.36 if bent else -0.485
        goal = size * np.array([x, sign(side) * out, 0.03])
        _leg(stance, side, goal, pole=np.array([0.3, sign(side), -0.1]))
        stance.turns[f"foot_{side}"] = about("y", 90.0) @ about("z", 28.0 * sign(side)) @ about("y", 58.0)
        stance.turns.pop(f"ball_{side}", None)
        along = 0.44 if bent else float(rng.choice([0.0, 0.42]))
        goal = size * np.array([along, sign(side) * (0.20 if along else 0.17), 0.02])
        reach(stance, side, goal, elbow=(-0.1, sign(side), 0.1), roll_deg=-40 if along else 60, fingers_deg=22)


def _on_side(stance: Stance, rng: Rng) -> None:
    """Lie on the right or left side with knees drawn up and arms ahead."""
    size = stance.rest.joints["crown"][2]
    down = -1.0 if rng.random() < 0.5 else 1.0
    whole = about("z", 0.0) @ about("x", -90.0 * down)
    lay = whole @ about("z", 0.0)
    head_first = about("z", 90.0 * down)
    base = head_first @ lay
    for bone, pitch in (("pelvis", 8.0), ("spine_01", 14.0), ("spine_02", 20.0), ("spine_03", 26.0), ("head", 34.0)):
        stance.turns[bone] = base @ about("y", pitch)
    stance.turns["neck_01"] = base @ about("y", 30.0) @ about("x", -6.0 * down)
    stance.hips = np.array([0.0, 0.0, 0.115 * size])
    for side in SIDES:
        lower = sign(side) == down
        drawn = float(rng.uniform(15, 35)) if lower else float(rng.uniform(45, 75))
        knee = drawn + float(rng.uniform(15, 45))
        drop = 0.0 if lower else 10.0
        leg = base @ about("x", drop * down)
        upper = leg @ about("y", -drawn) @ np.array([0.0, 0.0, -1.0])
        low = leg @ about("y", knee - drawn) @ np.array([0.0, 0.0, -1.0])
        set_leg(stance, side, upper, low, foot=leg @ about("y", knee - drawn + 25.0))
        chest = stance.place("spine_03")
        ahead = (0.24 if lower else 0.20) + float(rng.uniform(0, 0.05))
        goal = chest + base @ (size * np.array([ahead, 0.0, 0.06 if lower else -0.10]))
        goal[2] = size * (0.03 if lower else 0.045)
        reach(stance, side, goal, elbow=base @ np.array([0.3, -0.2 * down, -1.0]), roll_deg=-20, fingers_deg=30)


def _leg(stance: Stance, side: str, ankle: np.ndarray, *, up: float = 0.0, pole: np.ndarray | None = None) -> None:
    towards = np.array([0.0, 0.35 * sign(side), up]) if pole is None else pole
    upper, lower = bend(stance.place(f"thigh_{side}"), ankle, stance.rest.leg_m(side), towards)
    set_leg(stance, side, upper, lower)
