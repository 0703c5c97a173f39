"""What a head carries: ears, eyes, horns or antlers, and the nose."""

from __future__ import annotations

import numpy as np

from scenes.stage.animals.animal_build import Build
from scenes.stage.furniture.draft import Draft, Patchwork
from scenes.stage.mesh import Points


def add_ears(draft: Draft, build: Build) -> None:
    """Add two cupped ears behind the eyes: upright, to the sides, or hanging."""
    x, z, half, tall = build.head[1]
    for side in (-1, 1):
        droop = build.ear_droop
        root = np.array([x - 0.02, side * half * 0.62, z + tall * (0.62 if droop < 1 else 0.5)])
        out = np.array([-0.25, side * (0.45 + 0.75 * min(droop, 1.0)), 1.0 - droop * 1.05])
        _ear(draft, root, out / np.linalg.norm(out), side, build)


def _ear(draft: Draft, root: Points, out: Points, side: int, build: Build) -> None:
    long, half = build.ear
    front = np.array([1.0, 0.3 * side, -0.25])
    front -= (front @ out) * out
    front /= np.linalg.norm(front)
    across = np.cross(front, out)
    share = np.array([-0.12, 0.06, 0.25, 0.45, 0.65, 0.83, 0.95, 1.0])
    pricked = not build.claws and build.ear_droop < 1
    wide = np.array(
        [0.95, 1.0, 0.97, 0.84, 0.64, 0.4, 0.2, 0.04] if pricked else [0.55, 0.72, 0.95, 1.0, 0.85, 0.55, 0.25, 0.04]
    )
    around = np.linspace(0, 2 * np.pi, 10, endpoint=False)
    rings = []
    for at, width in zip(share, wide, strict=True):
        hang = 0.25 * long * at**2 * max(build.ear_droop - 0.9, 0.0)
        aside = half * width * np.cos(around)
        depth = 0.09 * half * np.sin(around) + 0.75 * half * width * np.cos(around) ** 2 * (1 - 0.5 * at)
        rings.append(root + out * long * at - np.array([0, 0, hang]) + aside[:, None] * across + depth[:, None] * front)
    stack = np.stack(rings)
    mask = np.zeros((stack.shape[0] * stack.shape[1], 2))
    work = draft.use("ear", "head")
    count = len(around)
    index = np.arange(len(mask)).reshape(-1, count)
    after = np.roll(index, -1, axis=1)
    quads = np.stack([index[:-1], after[:-1], after[1:], index[1:]], axis=-1).reshape(-1, 4)
    mask[:, 1] = np.repeat(np.clip(share, 0, 1) ** 2, count) * 0.3
    work.add(stack.reshape(-1, 3), quads, uv=mask)


def add_eyes(draft: Draft, build: Build) -> None:
    """Add two dark globes, half sunk."""
    x, y, z, size = build.eye
    angle = np.linspace(-np.pi / 2, np.pi / 2, 6)
    profile = [(float(size * np.cos(a)), float(size * np.sin(a))) for a in angle]
    for side in (-1, 1):
        with draft.moved(x, side * y, z):
            draft.use("eye", "head").turned(profile, segments=10)


def add_muzzle(draft: Draft, build: Build) -> None:
    """Add the naked nose at the end of the muzzle: a knob on a dog's, a broad pad on others'."""
    x, z, half, tall = build.head[-1]
    work = draft.use("nose", "head")
    if not build.claws:
        _knob(work, np.array([x + half * 0.72, 0.0, z + tall * 0.35]), half * np.array([0.55, 0.62, 0.5]))
        return
    _knob(work, np.array([x + half * 0.3, 0.0, z + tall * 0.05]), np.array([0.8 * half, 0.9 * half, 0.66 * tall]))


def _knob(work: Patchwork, centre: Points, radii: Points) -> None:
    """Add an ellipsoid."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, 7)
    around = np.linspace(0, 2 * np.pi, 12, endpoint=False)[:, None]
    ball = np.stack(
        [np.cos(around) * np.cos(angle), np.sin(around) * np.cos(angle), np.sin(angle) + 0 * around], axis=-1
    )
    work.grid(centre + ball * radii, closed=True)


def add_horns(draft: Draft, build: Build) -> None:
    """Add horns that sweep out and up, or antlers with tines."""
    if build.horns == "none":
        return
    x, z, half, tall = build.head[1]
    for side in (-1, 1):
        root = np.array([x - 0.02, side * half * 0.55, z + tall * 0.8])
        if build.horns == "horns":
            _horn(draft, root, side, build.horn)
        else:
            _antler(draft, root, side, build.horn)


def _horn(draft: Draft, root: Points, side: int, long: float) -> None:
    share = np.linspace(0, 1, 8)
    path = root + np.column_stack(
        [
            0.15 * long * share + 0.2 * long * share**2,
            side * long * (0.75 * np.sin(1.9 * share)),
            long * (0.05 + 1.05 * share**1.8),
        ]
    )
    draft.use("horn", "head").pipe(path, (0.03 * (1 - share) ** 0.7 + 0.003).tolist(), segments=9)


def _antler(draft: Draft, root: Points, side: int, long: float) -> None:
    """A beam that sweeps back, out and up, with brow, bez, trez and crown tines (red deer)."""
    share = np.linspace(0, 1, 10)
    path = root + long * np.column_stack(
        [-0.42 * np.sin(2.2 * share) + 0.12 * share, side * (0.12 * share + 0.42 * np.sin(1.75 * share)), 1.15 * share]
    )
    radius = 0.02 * (1 - 0.6 * share)
    draft.use("antler", "head").pipe(path, radius.tolist(), segments=8)
    for at, tine in (
        (0.06, (0.34, 0.06, 0.14)),
        (0.3, (0.26, 0.1, 0.16)),
        (0.55, (0.2, 0.05, 0.2)),
        (0.82, (0.1, 0.12, 0.16)),
        (0.88, (-0.12, 0.02, 0.18)),
    ):
        start = np.array([np.interp(at, share, path[:, k]) for k in range(3)])
        ahead = np.array([tine[0], side * tine[1], tine[2]]) * long * 0.8
        bend = np.array([0.1, 0.0, -0.12]) * long * 0.5
        t = np.linspace(0, 1, 5)[:, None]
        draft.use("antler", "head").pipe(
            start + t * ahead + 4 * t * (1 - t) * bend * 0.5, (0.013 * (1 - t[:, 0]) + 0.002).tolist(), segments=6
        )
