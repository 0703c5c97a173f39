"""Walking and running: where both feet are in the cycle, and what trunk and arms do against them.

Source: phases and amplitudes after Perry & Burnfield, Gait Analysis (2010), chapters 4, 6 and 15, smoothed by eye.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.stage.people.posture import Angles, ankle_above, hang_arm, hip_height, set_trunk, sign, step
from scenes.stage.people.skeleton import SIDES, Stance

# share of the cycle; ankle ahead of the hips and lift of the foot in leg lengths; pitch of the foot in degrees
_WALK = np.array(
    [
        [0.00, 0.40, 0.00, -18],
        [0.10, 0.27, 0.00, 0],
        [0.30, 0.00, 0.00, 0],
        [0.45, -0.24, 0.00, 10],
        [0.60, -0.40, 0.00, 42],
        [0.72, -0.26, 0.09, 58],
        [0.85, 0.12, 0.05, 12],
        [0.95, 0.37, 0.02, -14],
        [1.00, 0.40, 0.00, -18],
    ]
)
_RUN = np.array(
    [
        [0.00, 0.28, 0.00, -4],
        [0.12, 0.00, 0.00, 0],
        [0.30, -0.46, 0.00, 48],
        [0.45, -0.62, 0.30, 92],
        [0.62, -0.22, 0.36, 80],
        [0.78, 0.26, 0.24, 20],
        [0.92, 0.46, 0.08, -8],
        [1.00, 0.28, 0.00, -4],
    ]
)


@dataclass(frozen=True, kw_only=True)
class Gait:
    """A way of going: `stride` scales the step; arms swing by `arms_deg`, elbows bend by `elbow_deg`."""

    keys: str
    stride: float
    lean_deg: float
    arms_deg: float
    elbow_deg: float
    straight: float


STROLL = Gait(keys="walk", stride=0.78, lean_deg=2.0, arms_deg=20.0, elbow_deg=16.0, straight=0.985)
WALK = Gait(keys="walk", stride=0.95, lean_deg=3.0, arms_deg=27.0, elbow_deg=22.0, straight=0.985)
HURRY = Gait(keys="walk", stride=1.15, lean_deg=6.0, arms_deg=34.0, elbow_deg=34.0, straight=0.98)
RUN = Gait(keys="run", stride=1.0, lean_deg=12.0, arms_deg=42.0, elbow_deg=88.0, straight=0.94)


def go(stance: Stance, gait: Gait, phase: float, *, head: Angles, arms: bool = True) -> None:
    """Set a stance to a phase in [0, 1) of a gait; the left heel lands at 0, the right one at 0.5."""
    keys = _WALK if gait.keys == "walk" else _RUN
    phase = (phase + stance.gone) % 1.0
    leg = sum(stance.rest.leg_m("l"))
    at = {side: _at(keys, (phase + (0.0 if side == "l" else 0.5)) % 1.0) for side in SIDES}
    ahead = (at["l"][0] - at["r"][0]) * gait.stride
    twist = 9.0 * ahead
    sway = 0.03 * leg * (1.0 if at["l"][1] <= at["r"][1] else -1.0) * (1 - min(1.0, abs(ahead)))
    tilt = 4.0 * float(np.sign(sway)) * (1 - min(1.0, abs(ahead)))
    set_trunk(
        stance,
        Angles(yaw=-twist, pitch=gait.lean_deg * 0.5, roll=tilt),
        Angles(yaw=twist * 0.8, pitch=gait.lean_deg, roll=-tilt * 0.4),
        head,
    )
    feet = {side: Angles(yaw=6.0 * sign(side), pitch=at[side][2]) for side in SIDES}
    wide = 0.055 * leg
    ankles = {
        side: np.array(
            [
                at[side][0] * gait.stride * leg - 0.02,
                sign(side) * wide - sway * 0.3,
                ankle_above(stance.rest, side, feet[side], at[side][1] * leg),
            ]
        )
        for side in SIDES
    }
    top = hip_height(stance, ankles, straight=gait.straight)
    stance.hips = np.array([0.0, sway, top])
    for side in SIDES:
        step(stance, side, ankles[side], foot=feet[side], knee=(1.0, 0.04 * sign(side), 0.0))
    if arms:
        _swing(stance, gait, at["l"][0], at["r"][0])


def _swing(stance: Stance, gait: Gait, left: float, right: float) -> None:
    """Swing each arm with the opposite leg; the one that is ahead bends more."""
    for side, ahead in (("l", right), ("r", left)):
        share = float(np.clip(ahead / 0.42, -1, 1))
        running = gait.keys == "run"
        hang_arm(
            stance,
            side,
            swing_deg=share * gait.arms_deg + (-8.0 if running else 2.0),
            away_deg=15.0 if running else 7.0,
            elbow_deg=gait.elbow_deg * (1 + 0.35 * share),
            inward_deg=28.0 if running else 14.0 + 16.0 * max(0.0, share),
            fingers_deg=48.0 if running else 24.0,
        )


def _at(keys: np.ndarray, phase: float) -> tuple[float, float, float]:
    x, lift, pitch = (float(np.interp(phase, keys[:, 0], keys[:, column])) for column in (1, 2, 3))
    return x, lift, pitch
