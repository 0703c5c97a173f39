"""Tops and trousers: cut from the body's cage at rest, eased, folded and hemmed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.stage.mesh import Points
from scenes.stage.people.cuts import (
    LEGS,
    TOPS,
    WAIST_M,
    Top,
    ground_field,
    inner_field,
    lapel_field,
    neck_field,
    top_field,
    trouser_field,
)
from scenes.stage.people.garment import Cloth, cloth, cut, hemmed, join, split, turned_down
from scenes.stage.people.skirts import SkirtCut
from scenes.stage.people.tailoring import Cage, draped, folds, tubed_arms, tubed_legs
from scenes.stage.people.wardrobe import Look

_BUTTONED = ("shirt", "shirt_short", "jacket", "suit", "coat", "rider")
_HIDDEN_M = 0.025  # skin further than this inside a garment's border is left out


@dataclass(frozen=True, kw_only=True, eq=False)
class Clothes:
    """Clothes at rest.

    Args:
        patches: what follows the bones.
        hidden: (N,) of the skin's points, positive where clothes cover them.
        skirts: what hangs around the legs.
    """

    patches: list[Cloth]
    hidden: Points
    skirts: list[SkirtCut]


def dressed(cage: Cage, skin: Cage, look: Look, rng: np.random.Generator, bends: dict[str, float]) -> Clothes:
    """Return what somebody wears, over the cage; `bends` says how far each joint is bent."""
    size, top = cage.size, TOPS[look.top]
    lift = folds(cage, rng, depth_m=1.35 * top.depth_m * size, bends=bends)
    patches, covers = [], [ground_field(skin, look.shoes)]
    over = cage.points
    if look.bottom in LEGS:
        over = _trouser_points(cage, look, lift)
        patches.append(_trousers(cage, over, look))
        covers.append(trouser_field(skin, look.bottom))
    if look.top in ("suit", "coat"):
        patches.append(_inner_shirt(cage, look))
    patches.append(_top(cage, look, top, lift, over))
    covers.append(top_field(skin, top))
    if look.top in ("suit", "coat"):
        covers.append(inner_field(skin))
    if look.bottom == "sari":
        patches.append(_pallu(cage, top, lift))
    if look.vest:
        patches.append(_vest(cage, top, lift, over))
    return Clothes(patches=patches, hidden=np.max(covers, axis=0) - _HIDDEN_M * size, skirts=_skirts(cage, look, top))


def _top_points(cage: Cage, top: Top, lift: Points, over: Points, extra_m: float = 0.0) -> Points:
    """Stand off the body, and off trousers where a top hangs over them."""
    size = cage.size
    below = np.clip((cage.leg + 0.13 * size) / (0.06 * size), 0, 1)[:, None]
    start = cage.points * (1 - below) + over * below
    ease = top.ease_m * size + 0.003 * size * below[:, 0] + lift + extra_m
    made = start + cage.normals * ease[:, None]
    made = draped(cage, made, looseness=top.looseness)
    return tubed_arms(cage, made, upper_m=top.upper_m + extra_m, cuff_m=top.cuff_m + extra_m)


def _top(cage: Cage, look: Look, top: Top, lift: Points, over: Points) -> Cloth:
    points = _top_points(cage, top, lift, over)
    field = top_field(cage, top)
    if top.collar == "lapel" or look.top == "coat":
        field = np.minimum(field, lapel_field(cage, 0.24 if top.collar == "lapel" else 0.12, 0.34))
    made = cut(cloth(points, _stiff(cage), cage.faces, "top", cage.uvs), field)
    neck = cage.rest.joints["neck_01"]
    if top.collar in ("leaf", "lapel"):
        high = np.linalg.norm(made.points[:, :2] - neck[:2], axis=1) < 0.13 * cage.size
        high &= made.points[:, 2] > neck[2] - (0.05 if top.collar == "leaf" else 0.24) * cage.size
        size_m = 0.036 if top.collar == "leaf" else 0.045
        made = turned_down(made, high, out_m=0.008 * cage.size, fall_m=size_m * cage.size)
    if look.top in _BUTTONED:
        made = _placket(made, cage)
    made = hemmed(made, top.thickness_m, lining_m=0.02)
    return join(made, _hood(cage)) if top.collar == "hood" else made


def _placket(patch: Cloth, cage: Cage) -> Cloth:
    """Draw the line where the right front lies over the left one."""
    line = 0.0022 * cage.size - np.abs(patch.points[:, 1] - 0.014 * cage.size)
    made, inside = split(patch, np.where(patch.points[:, 0] > cage.rest.joints["spine_03"][0], line, -1.0))
    return made.shown("seam", inside)


def _stiff(cage: Cage) -> np.ndarray:
    """Return weights with which a hem follows the pelvis more than either thigh."""
    made = cage.weights.copy()
    bones = cage.rest.base.bones
    for side in ("l", "r"):
        thigh = bones.index(f"thigh_{side}")
        made[:, bones.index("pelvis")] += 0.55 * made[:, thigh]
        made[:, thigh] *= 0.45
    return made


def _hood(cage: Cage) -> Cloth:
    """Return a hood that lies on the shoulders: a roll around the neck, thickest behind."""
    neck, size = cage.rest.joints["neck_01"], cage.size
    around = np.linspace(-2.55, 2.55, 19) + np.pi
    tube = np.linspace(0, 2 * np.pi, 9, endpoint=False)
    behind = (1 - np.cos(around)) / 2
    centre = np.stack([neck[0] - 0.012 * size + 0.085 * size * np.cos(around), 0.098 * size * np.sin(around)], axis=1)
    height = neck[2] - 0.036 * size + 0.020 * size * behind
    fat = size * (0.012 + 0.034 * behind)
    out = np.stack([np.cos(around), np.sin(around)], axis=1)
    ring = centre[:, None] + out[:, None] * (np.cos(tube)[None, :, None] * fat[:, None, None])
    z = (
        height[:, None]
        + np.sin(tube)[None] * fat[:, None] * 0.85
        - 0.5 * np.maximum(np.cos(tube), 0)[None] * fat[:, None]
    )
    points = np.concatenate([ring, z[..., None]], axis=2).reshape(-1, 3)
    index = np.arange(19 * 9).reshape(19, 9)
    after = np.roll(index, -1, axis=1)
    a, b, c, d = index[:-1].ravel(), index[1:].ravel(), after[1:].ravel(), after[:-1].ravel()
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    weights = np.zeros((len(points), cage.weights.shape[1]), dtype=np.float32)
    weights[:, cage.rest.base.bones.index("spine_03")] = 1.0
    return cloth(points, weights, faces, "top", points[:, 1:])


def _inner_shirt(cage: Cage, look: Look) -> Cloth:
    points = cage.points + cage.normals * 0.006 * cage.size
    field = np.minimum(inner_field(cage), 0.09 * cage.size - np.abs(cage.points[:, 1]))
    made = cut(cloth(points, cage.weights, cage.faces, "shirt", cage.uvs), field)
    neck = cage.rest.joints["neck_01"]
    high = (made.points[:, 2] > neck[2] - 0.06 * cage.size) & (np.abs(made.points[:, 1]) < 0.085 * cage.size)
    if look.top == "suit":
        made = turned_down(made, high, out_m=0.006, fall_m=0.03 * cage.size)
    return hemmed(made, 0.003)


def _vest(cage: Cage, top: Top, lift: Points, over: Points) -> Cloth:
    """Return a high-visibility vest: two bands around it and one over each shoulder (ISO 20471 class 2)."""
    size = cage.size
    points = _top_points(cage, top, lift * 0.6, over, extra_m=0.010 * size)
    total = sum(cage.rest.arm_m("l"))
    armhole = np.where(cage.arm > 0, 0.045 * total - cage.arm, 1.0)
    hem = np.where(cage.arm > 0, 1.0, 0.05 * size - cage.leg)
    field = np.min([hem, armhole, neck_field(cage, -0.008), lapel_field(cage, 0.20, 0.38)], axis=0)
    made = cut(cloth(points, _stiff(cage), cage.faces, "vest", cage.uvs), field)
    hip = cage.rest.joints["thigh_l"][2]
    for middle in (hip + 0.09 * size, hip + 0.25 * size):
        made, band = split(made, 0.027 * size - np.abs(made.points[:, 2] - middle))
        made = made.shown("retro", band)
    strap = 0.024 * size - np.abs(np.abs(made.points[:, 1]) - 0.105 * size)
    made, band = split(made, np.minimum(strap, made.points[:, 2] - hip - 0.25 * size))
    return hemmed(made.shown("retro", band), 0.004)


def _pallu(cage: Cage, top: Top, lift: Points) -> Cloth:
    """Return the end of a sari: from the right hip over the breast and the left shoulder, and down the back."""
    size, joints = cage.size, cage.rest.joints
    points = cage.points + cage.normals * ((top.ease_m + 0.010) * size + lift)[:, None]
    start = np.array([-0.19 * size, joints["thigh_l"][2] + 0.04 * size])
    end = np.array([0.075 * size, joints["neck_01"][2] - 0.02 * size])
    along = (end - start) / np.linalg.norm(end - start)
    away = (cage.points[:, 1] - start[0]) * along[1] - (cage.points[:, 2] - start[1]) * along[0]
    band = 0.085 * size - np.abs(away)
    trunk = np.where(cage.arm > 0, -1.0, 0.06 * size - cage.leg)
    made = cut(
        cloth(points, _stiff(cage), cage.faces, "bottom", cage.uvs),
        np.min([band, trunk, neck_field(cage, 0.01)], axis=0),
    )
    return hemmed(made, 0.003)


def _trouser_points(cage: Cage, look: Look, lift: Points) -> Points:
    _, ease, knee, hem = LEGS[look.bottom]
    slim = 1.0 - (0.16 * (1 - look.loose) if look.bottom in ("jeans", "trousers") else 0.0)
    points = tubed_legs(cage, cage.points, knee_m=knee * slim, hem_m=hem * slim)
    stack = np.clip((cage.leg / cage.size - 0.66) / 0.12, 0, 1) if look.bottom in ("jeans", "trousers") else 0.0
    wave = np.sin(cage.points[:, 2] / cage.size * 118 + 2.0 * np.sin(cage.points[:, 0] * 30)) * stack
    quiet = 0.25 if look.bottom == "leggings" else 1.0
    return np.asarray(points + cage.normals * ((ease + 0.0045 * wave) * cage.size + lift * quiet)[:, None])


def _trousers(cage: Cage, points: Points, look: Look) -> Cloth:
    made = cut(cloth(points, cage.weights, cage.faces, "bottom", cage.uvs), trouser_field(cage, look.bottom))
    if look.bottom in ("jeans", "trousers"):
        hip = cage.rest.joints["thigh_l"][2]
        made, band = split(made, made.points[:, 2] - (hip - WAIST_M * cage.size - 0.035 * cage.size))
        made = made.shown("belt", band)
    return hemmed(made, 0.004)


def _skirts(cage: Cage, look: Look, top: Top) -> list[SkirtCut]:
    size = cage.size
    long = cage.rest.joints["thigh_l"][2] - cage.rest.joints["sole"][2]
    made = []
    if look.bottom == "sari":
        cutting = SkirtCut(
            slot="bottom", top_m=-0.12 * size, hem_m=long - 0.03 * size, flare=0.05, ease_m=0.010, pleats_m=0.022
        )
        made.append(cutting)
    if look.bottom == "gown":
        hem = (0.42 + 0.36 * look.loose) * size
        made.append(SkirtCut(slot="bottom", top_m=-0.06 * size, hem_m=hem, flare=0.14, ease_m=0.014, pleats_m=0.028))
    if look.bottom == "skirt":
        made.append(
            SkirtCut(slot="bottom", top_m=-0.10 * size, hem_m=0.44 * size, flare=0.02, ease_m=0.010, pleats_m=0.004)
        )
    if look.top == "coat":
        hem = (0.36 + 0.22 * look.loose) * size
        made.append(
            SkirtCut(
                slot="top", top_m=-0.05 * size, hem_m=hem, flare=0.07, ease_m=top.ease_m * size + 0.012, pleats_m=0.012
            )
        )
    if look.top == "kurta":
        hem = (0.34 + 0.18 * look.loose) * size
        made.append(
            SkirtCut(
                slot="top", top_m=-0.05 * size, hem_m=hem, flare=0.08, ease_m=top.ease_m * size + 0.010, pleats_m=0.012
            )
        )
    return made
