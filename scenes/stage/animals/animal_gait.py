"""Where an animal's feet are when it stands, walks or runs, and how its legs bend to get there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.stage.animals.animal_build import Build, Leg
from scenes.stage.mesh import Points

Step = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Gait:
    """A moment of a gait: (ahead, lift, fold) of the left fore, right fore, left hind and right hind foot.

    Args:
        steps: metres in shoulder heights; fold in degrees turns a lifted foot back.
        pitch_deg: of the body, nose up.
        nod_deg: of neck and head, down.
    """

    steps: tuple[Step, Step, Step, Step]
    pitch_deg: float = 0.0
    nod_deg: float = 0.0


def gait(pose: str, rng: np.random.Generator) -> Gait:
    """Return a moment of "standing", "walking" (lateral sequence) or "running" (gallop; Muybridge 1887)."""
    if pose == "standing":
        shift = rng.uniform(-0.05, 0.05, 4)
        nod = float(rng.uniform(-8, 24))
        return Gait(steps=tuple((float(s), 0.0, 0.0) for s in shift), nod_deg=nod)  # type: ignore[arg-type]
    if pose == "walking":
        first: tuple[Step, ...] = ((0.17, 0.0, 0.0), (-0.16, 0.0, 0.0), (-0.03, 0.06, 40.0), (0.1, 0.0, 0.0))
        second: tuple[Step, ...] = ((0.0, 0.09, 60.0), (0.02, 0.0, 0.0), (-0.17, 0.0, 0.0), (0.19, 0.0, 0.0))
        chosen = first if rng.random() < 0.5 else second
        return Gait(steps=_either_side(chosen, rng), nod_deg=float(rng.uniform(4, 14)))
    chosen = (
        ((0.42, 0.2, 10.0), (0.26, 0.3, 75.0), (-0.3, 0.0, 0.0), (-0.18, 0.03, 25.0))
        if rng.random() < 0.5
        else ((0.1, 0.0, 0.0), (-0.16, 0.05, 45.0), (0.16, 0.14, 35.0), (0.3, 0.1, 20.0))
    )
    return Gait(steps=_either_side(chosen, rng), pitch_deg=5.0 if chosen[0][0] > 0.3 else -4.0, nod_deg=14.0)


def going(pose: str, phase: float) -> Gait:
    """Return a gait at a phase in [0, 1) of its cycle: a lateral sequence walk, or a gallop.

    A foot stands for a share of the cycle, going back evenly, and swings forward in the rest. Footfalls in the order
    left hind, left fore, right hind, right fore at even times (walk; Hildebrand, Science 150 (1965), 701), and hind
    pair before fore pair (gallop).
    """
    if pose == "standing":
        return Gait(steps=((0.0, 0.0, 0.0),) * 4, nod_deg=6.0)
    walks = pose == "walking"
    stands, reach, lift, fold = (0.65, 0.20, 0.08, 55.0) if walks else (0.3, 0.36, 0.26, 65.0)
    lands = (0.25, 0.75, 0.0, 0.5) if walks else (0.62, 0.5, 0.12, 0.0)  # left fore, right fore, left hind, right hind
    steps = tuple(_foot((phase - land) % 1.0, stands, reach, lift, fold) for land in lands)
    left_fore, right_fore, left_hind, right_hind = steps
    sway = float(np.sin(2 * np.pi * phase))
    pitch_deg, nod_deg = (0.0, 8.0 + 3.0 * sway) if walks else (4.0 * sway, 14.0)
    return Gait(steps=(left_fore, right_fore, left_hind, right_hind), pitch_deg=pitch_deg, nod_deg=nod_deg)


def _foot(phase: float, stands: float, reach: float, lift: float, fold: float) -> Step:
    """Return a foot's step at a phase since it landed."""
    if phase < stands:
        return reach * (1 - 2 * phase / stands), 0.0, 0.0
    swing = (phase - stands) / (1 - stands)
    height = float(np.sin(np.pi * swing))
    return -reach * float(np.cos(np.pi * swing)), lift * height, fold * height


def _either_side(steps: tuple[Step, ...], rng: np.random.Generator) -> tuple[Step, Step, Step, Step]:
    left_fore, right_fore, left_hind, right_hind = steps
    if rng.random() < 0.5:
        return right_fore, left_fore, right_hind, left_hind
    return left_fore, right_fore, left_hind, right_hind


def bent(leg: Leg, build: Build, side: int, step: Step, root: Points) -> tuple[Points, Points, float]:
    """Return the joints of a leg from root to foot, where its foot stands, and how far that is turned.

    Args:
        leg: whose bones bend.
        build: of the animal.
        side: 1 left, -1 right.
        step: of this foot.
        root: (x, y, z) of the leg's root as the body is pitched.

    Returns:
        (K, 3) joints; (3,) sole; turn of the foot in degrees, toe down.
    """
    ahead, lift, fold = step
    sole = np.array([leg.foot_x + ahead, side * abs(leg.root[1]) * (0.8 if build.claws else 0.9), lift])
    slope = np.deg2rad(24.0 if build.claws else 12.0)
    pastern = leg.bones[-1]
    turned = slope - np.deg2rad(fold)
    fetlock = sole + np.array([-np.sin(turned), 0.0, np.cos(turned)]) * pastern
    joints = [root]
    if leg.hock_back:
        swing = np.deg2rad(24.0 + 60.0 * np.clip(ahead, -0.3, 0.3) + 40 * lift)
        joints.append(root + np.array([np.sin(swing), 0.05 * side, -np.cos(swing)]) * leg.bones[0])
    upper, lower = leg.bones[-3], leg.bones[-2]
    joints.append(_knee(joints[-1], fetlock, upper, lower, -1 if leg.hock_back else 1))
    return np.array([*joints, fetlock, sole]), sole, fold


def _knee(start: Points, end: Points, upper: float, lower: float, ahead: int) -> Points:
    """Return the joint between two bones, in front of (1) or behind (-1) the line that they span."""
    span = end - start
    reach = float(np.hypot(span[0], span[2]))
    total = upper + lower
    if reach > 0.985 * total:
        upper, lower = upper * reach / (0.985 * total), lower * reach / (0.985 * total)
    along = (upper**2 - lower**2 + reach**2) / (2 * reach)
    out = np.sqrt(max(upper**2 - along**2, 0.0))
    unit = np.array([span[0], 0.0, span[2]]) / reach
    across = np.array([-unit[2], 0.0, unit[0]]) * ahead
    joint: Points = start + unit * along + across * out
    joint[1] = start[1] + (end[1] - start[1]) * along / reach
    return joint
