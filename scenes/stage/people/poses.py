"""What people do with their bodies: one function for each pose of the spec, in the body's frame over flat ground.

Every pose draws its variant from a generator, so that two people who stand do not stand alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from scenes.stage.mounts.seat import Seat
from scenes.stage.people import lying, seated, stride
from scenes.stage.people.posture import (
    Angles,
    ankle_above,
    hang_arm,
    hip_height,
    reach,
    set_trunk,
    sign,
    step,
)
from scenes.stage.people.skeleton import SIDES, Rest, Stance

Rng = np.random.Generator
HANDLE_SHARE = 0.585
"""Height of a pram's handle in body heights of whoever pushes it."""


def posed(
    rest: Rest,
    pose: str,
    rng: Rng,
    *,
    seat: Seat | None = None,
    holds: frozenset[str] = frozenset(),
    gone: float = 0.0,
) -> Stance:
    """Return the stance of a pose.

    Args:
        rest: the body.
        pose: a `scenes.spec.living.Pose`.
        rng: draws the variant.
        seat: where riders and drivers sit.
        holds: what is carried; hands that hold something hang or rise with it.
        gone: share of a gait's cycle since the phase that is drawn.
    """
    stance = Stance(rest=rest, gone=gone)
    if pose in ("riding", "cycling", "driving"):
        seated.ride(stance, seat or seated.car_seat(rest), rng)
        return stance
    _POSES[pose](stance, rng)
    _hold(stance, pose, holds)
    return stance


def _stand(stance: Stance, rng: Rng) -> None:
    _upright(stance, rng)
    manner = rng.choice(["loose", "loose", "pockets", "phone", "hip", "clasped"])
    if manner == "pockets":
        for side in SIDES:
            _to_hip(stance, side, (0.10, 0.155, -0.04))
    elif manner == "phone":
        _read_phone(stance)
    elif manner == "hip":
        side = str(rng.choice(list(SIDES)))
        _to_hip(stance, side, (0.03, 0.185, 0.10))
    elif manner == "clasped":
        _clasp(stance)


def _upright(stance: Stance, rng: Rng) -> None:
    """Stand with the weight on one leg, pelvis tilted to it and chest tilted back."""
    loaded = str(rng.choice(list(SIDES)))
    mirror, ease = sign(loaded), float(rng.uniform(0.3, 1.0))
    leg = sum(stance.rest.leg_m("l"))
    turn = float(rng.uniform(-8, 8))
    look = float(rng.uniform(-45, 45))
    set_trunk(
        stance,
        Angles(yaw=turn * 0.4, pitch=-1.0, roll=4.5 * ease * mirror),
        Angles(yaw=turn, pitch=2.0, roll=-2.5 * ease * mirror),
        Angles(yaw=look, pitch=float(rng.uniform(-2, 12)), roll=float(rng.uniform(-4, 4))),
    )
    spread = float(rng.uniform(0.10, 0.17)) * leg
    ankles, feet = {}, {}
    for side in SIDES:
        free = side != loaded
        feet[side] = Angles(yaw=sign(side) * float(rng.uniform(6, 20)), pitch=0.0)
        x = float(rng.uniform(-0.03, 0.11)) * leg if free else -0.01
        y = (spread if free else 0.045 * leg) * sign(side)
        ankles[side] = np.array([x, y, ankle_above(stance.rest, side, feet[side])])
    top = hip_height(stance, dict.fromkeys(SIDES, ankles[loaded]), straight=0.997)
    stance.hips = np.array([0.0, 0.035 * leg * ease * mirror, top])
    top = min(top, hip_height(stance, ankles, straight=0.998))
    stance.hips = np.array([0.0, 0.035 * leg * ease * mirror, top])
    for side in SIDES:
        step(stance, side, ankles[side], foot=feet[side], knee=(1.0, 0.25 * sign(side), 0.0))
        hang_arm(
            stance,
            side,
            swing_deg=float(rng.uniform(-4, 8)),
            away_deg=float(rng.uniform(6, 11)),
            elbow_deg=float(rng.uniform(12, 30)),
            inward_deg=float(rng.uniform(15, 45)),
            fingers_deg=float(rng.uniform(16, 30)),
        )


def _walk(stance: Stance, rng: Rng) -> None:
    manner = stride.STROLL if rng.random() < 0.4 else stride.WALK
    stride.go(stance, manner, float(rng.random()), head=_look(rng, 30))


def _run(stance: Stance, rng: Rng) -> None:
    stride.go(stance, stride.RUN, float(rng.random()), head=_look(rng, 12))


def _cross(stance: Stance, rng: Rng) -> None:
    """Walk fast and look at the traffic that comes from one side."""
    yaw = float(rng.uniform(35, 70)) * float(rng.choice([-1, 1]))
    stride.go(stance, stride.HURRY, float(rng.random()), head=Angles(yaw=yaw, pitch=3.0))


def _phone(stance: Stance, rng: Rng) -> None:
    if rng.random() < 0.5:
        _upright(stance, rng)
    else:
        stride.go(stance, stride.STROLL, float(rng.random()), head=_look(rng, 15))
    if rng.random() < 0.35:
        _read_phone(stance)
    else:
        stance.props.add("phone")
        ear = _ear(stance)
        reach(stance, "r", ear, elbow=_seen(stance, (0.25, -0.75, -1.0)), roll_deg=-10, fingers_deg=38)


def _ear(stance: Stance) -> object:
    """Return a palm's place beside the right ear."""
    size = stance.rest.length("head", "crown")
    head = stance.rest.joints["head"]
    return stance.point("head", head + size * np.array([0.14, -0.78, -0.02]))


def _read_phone(stance: Stance) -> None:
    stance.props.add("phone")
    stance.turns["head"] = stance.rotation("spine_03") @ Angles(pitch=26.0, yaw=-6.0).matrix
    stance.turns["neck_01"] = stance.rotation("spine_03") @ Angles(pitch=14.0, yaw=-3.0).matrix
    size = stance.rest.length("upperarm_r", "lowerarm_r")
    goal = stance.place("spine_03") + stance.rotation("spine_03") @ (size * np.array([1.05, -0.22, 0.22]))
    reach(stance, "r", goal, elbow=_seen(stance, (-0.3, -0.6, -1.0)), roll_deg=-75, fingers_deg=34)


def _clasp(stance: Stance) -> None:
    """Hold the hands in front of the belt."""
    size = stance.rest.length("upperarm_r", "lowerarm_r")
    for side in SIDES:
        goal = stance.place("pelvis") + stance.rotation("pelvis") @ (size * np.array([0.72, 0.12 * sign(side), -0.05]))
        reach(stance, side, goal, elbow=_seen(stance, (-0.5, sign(side), -0.6)), roll_deg=-15, fingers_deg=40)


def _to_hip(stance: Stance, side: str, place: tuple[float, float, float]) -> None:
    """Put a hand beside the hips; `place` is from the hip joints for a body of 1.7 m, mirrored on the right."""
    size = sum(stance.rest.leg_m("l")) / 0.80
    goal = stance.hips + stance.rotation("pelvis") @ (size * np.array([place[0], sign(side) * place[1], place[2]]))
    reach(stance, side, goal, elbow=_seen(stance, (-1.0, 0.9 * sign(side), 0.0)), roll_deg=10, fingers_deg=45)


def _direct(stance: Stance, rng: Rng) -> None:
    """Stop one direction with a raised palm and wave the other past with the arm out."""
    _upright(stance, rng)
    raised, out = ("r", "l") if rng.random() < 0.5 else ("l", "r")
    size = sum(stance.rest.arm_m("l"))
    shoulder = stance.place(f"upperarm_{raised}")
    goal = shoulder + size * np.array([0.42, 0.18 * sign(raised), 0.82])
    reach(stance, raised, goal, elbow=(0.2, sign(raised), -0.5), roll_deg=-20, fingers_deg=5)
    shoulder = stance.place(f"upperarm_{out}")
    goal = shoulder + size * np.array([0.12, 1.02 * sign(out), 0.02])
    reach(stance, out, goal, elbow=(-0.5, 0.0, -1.0), roll_deg=-20, fingers_deg=6)


def _push(stance: Stance, rng: Rng) -> None:
    """Walk behind a handle."""
    stride.go(stance, stride.STROLL, float(rng.random()), head=Angles(pitch=8.0, yaw=float(rng.uniform(-15, 15))))
    height = HANDLE_SHARE * stance.rest.joints["crown"][2]
    for side in SIDES:
        goal = (handle_x_m(stance.rest), sign(side) * 0.17, height)
        reach(stance, side, goal, elbow=(-0.6, 0.7 * sign(side), -0.8), roll_deg=-55, fingers_deg=52)


def handle_x_m(rest: Rest) -> float:
    """Return how far ahead of the hips a pram's handle is."""
    return 0.78 * sum(rest.arm_m("l"))


def _crouch(stance: Stance, rng: Rng) -> None:
    seated.kneel(stance, rng)


def _look(rng: Rng, most_deg: float) -> Angles:
    return Angles(yaw=float(rng.uniform(-most_deg, most_deg)), pitch=float(rng.uniform(-2, 10)))


def _seen(stance: Stance, direction: tuple[float, float, float]) -> object:
    """Return a direction that is given in the chest's frame."""
    return stance.rotation("spine_03") @ np.array(direction)


def _hold(stance: Stance, pose: str, holds: frozenset[str]) -> None:
    """Let the right arm hang with a bag, rise with an umbrella, or lean on a stick."""
    if pose not in ("standing", "walking", "crossing"):
        return
    size = stance.rest.length("upperarm_r", "lowerarm_r")
    chest = stance.place("spine_03")
    if holds & {"umbrella", "shopping", "suitcase", "stick"}:
        stance.props.discard("phone")
    if "umbrella" in holds:
        goal = chest + stance.rotation("spine_03") @ (size * np.array([0.85, -0.42, 0.12]))
        reach(stance, "r", goal, elbow=_seen(stance, (-0.4, -0.5, -1.0)), roll_deg=0, fingers_deg=58)
    elif holds & {"shopping", "suitcase"}:
        back = -16.0 if "suitcase" in holds else 2.0
        hang_arm(stance, "r", swing_deg=back, away_deg=11, elbow_deg=9, inward_deg=10, fingers_deg=55)
    elif "stick" in holds:
        goal = stance.hips + size * np.array([0.55, -0.85, 0.05])
        reach(stance, "r", goal, elbow=(-1.0, -0.4, -0.3), roll_deg=-40, fingers_deg=55)


_POSES: Mapping[str, Callable[[Stance, Rng], None]] = MappingProxyType(
    {
        "standing": _stand,
        "walking": _walk,
        "running": _run,
        "crossing": _cross,
        "phoning": _phone,
        "sitting": seated.sit_on_kerb,
        "lying": lying.lie,
        "directing": _direct,
        "pushing": _push,
        "crouching": _crouch,
        "wheelchair": seated.sit_in_chair,
    }
)
