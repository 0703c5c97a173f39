"""What hangs on facades: balconies with railings and plants, air conditioners, dishes, drainpipes, cables."""

from __future__ import annotations

import numpy as np

from scenes.stage.buildings.fabric import Fabric, Rects, Side
from scenes.stage.buildings.plan import Plan
from scenes.stage.buildings.window import fences
from scenes.stage.mesh import Points

_GREENS = np.array([(0.05, 0.12, 0.02), (0.08, 0.14, 0.03), (0.03, 0.08, 0.02), (0.1, 0.13, 0.05)])
_BLOOMS = np.array([(0.5, 0.03, 0.05), (0.6, 0.2, 0.35), (0.65, 0.5, 0.05), (0.5, 0.5, 0.5), (0.35, 0.1, 0.45)])
_CLOTHES = np.array([(0.6, 0.6, 0.58), (0.1, 0.15, 0.35), (0.45, 0.06, 0.06), (0.5, 0.4, 0.1), (0.1, 0.3, 0.25)])


def balconies(fabric: Fabric, plan: Plan, where: Side, rects: Rects, *, deep_m: float, rail: str) -> None:
    """Hang balconies whose floor is the lower edge of each rectangle.

    Args:
        fabric: to build in.
        plan: of the house.
        where: the wall that they hang on.
        rects: (K, 4) u0, u1, floor height, top of the railing.
        deep_m: how far they stand out.
        rail: "bars", "panel" (solid) or "glass".
    """
    if not len(rects):
        return
    u0, u1, z0, _ = rects.T
    fabric.block(where, np.stack([u0, u1, z0 - 0.17, z0], axis=-1), (0.0, deep_m), "slab")
    fabric.block(where, np.stack([u0 - 0.01, u1 + 0.01, z0 - 0.19, z0 - 0.12], axis=-1), (0.0, deep_m + 0.02), "trim")
    for line, upright in _edges(where, rects, deep_m):
        if rail == "bars":
            fences(fabric, line, upright, -0.04, spacing_m=0.13 if len(rects) < 10 else 0.17)
        else:
            lift = np.array([0.0, 0.0, 0.06, -0.04])
            fabric.block(line, upright + lift, (-0.05, -0.02), "balcony_glass" if rail == "glass" else "panel", skip=())
            top = np.column_stack([upright[:, :2], upright[:, 3] - 0.04, upright[:, 3]])
            fabric.block(line, top, (-0.07, 0.0), "metal", skip=())
    _lived_in(fabric, plan, where, rects, deep_m)


def _edges(where: Side, rects: Rects, deep_m: float) -> list[tuple[Side, Rects]]:
    """Return the front line of all balconies, and the two short ends of each."""
    along, up, out = where.axes
    lines = [(Side(origin=where.origin + out * deep_m, axes=where.axes, width_m=0.0), rects)]
    levels = np.column_stack([np.zeros(len(rects)), np.full(len(rects), deep_m - 0.05), rects[:, 2], rects[:, 3]])
    for u in np.unique(rects[:, 0]):
        mine = levels[rects[:, 0] == u]
        lines.append((Side(origin=where.origin + along * u, axes=np.stack([out, up, -along]), width_m=0.0), mine))
    turned = np.column_stack([levels[:, 0] - deep_m + 0.05, levels[:, 0], levels[:, 2:]])
    for u in np.unique(rects[:, 1]):
        mine = turned[rects[:, 1] == u]
        lines.append((Side(origin=where.origin + along * u, axes=np.stack([-out, up, along]), width_m=0.0), mine))
    return lines


def _lived_in(fabric: Fabric, plan: Plan, where: Side, rects: Rects, deep_m: float) -> None:
    rng = plan.rng
    for u0, u1, z0, z1 in rects[rng.random(len(rects)) < 0.3]:
        flowers(fabric, plan, where, np.array([u0 + 0.15, 0.5 * (u0 + u1), z1 - 0.2, deep_m + 0.02]))
        if rng.random() < 0.5:
            count = int((u1 - u0 - 0.3) / 0.5)
            low = np.column_stack([u1 - 0.15 - np.arange(1, count + 1) * 0.48, np.full(count, z1 + 0.1)])
            drop = rng.uniform(0.4, 0.9, count)
            cloth = np.column_stack([low[:, 0], low[:, 0] + 0.42, z1 + 0.25 - drop, np.full(count, z1 + 0.25)])
            tone = np.column_stack([_CLOTHES[rng.integers(len(_CLOTHES), size=count)], np.zeros(count)])
            fabric.rects(where, cloth, deep_m - 0.12, "goods", tint=tone)
        else:
            seat = np.array([u1 - 0.7, z0, 0.3])
            fabric.boxes(where, seat, np.add(seat, (0.45, plan.pick(0.45, 0.9), 0.4)), "unit", skip=())


def flowers(fabric: Fabric, plan: Plan, where: Side, box: Points) -> None:
    """Hang a box of flowers: u0, u1, its height, and how far out its back is."""
    u0, u1, z, out = box
    fabric.block(where, [(u0, u1, z, z + 0.16)], (out, out + 0.17), "pot", skip=())
    count = int((u1 - u0) / 0.12)
    rng = plan.rng
    size = rng.uniform(0.07, 0.13, (count, 3))
    centre = np.column_stack(
        [np.linspace(u0, u1, count), z + rng.uniform(0.1, 0.26, count), rng.uniform(0.03, 0.2, count) + out]
    )
    bloom = rng.random(count) < 0.4
    tone = np.where(
        bloom[:, None], _BLOOMS[rng.integers(len(_BLOOMS))], _GREENS[rng.integers(len(_GREENS), size=count)]
    )
    tufts(fabric, where, centre, size, np.column_stack([tone, np.zeros(count)]))


def tufts(fabric: Fabric, where: Side, centre: Points, size: Points, tint: Points) -> None:
    """Put eight-sided lumps of leaves at (K, 3) centres."""
    ring = np.array([[1, 0, 0], [0, 0, 1], [-1, 0, 0], [0, 0, -1]], dtype=float)
    tips = np.array([[0, 1, 0], [0, -1, 0]], dtype=float)
    corners = []
    for a, b in ((0, 1), (1, 2), (2, 3), (3, 0)):
        corners.append(np.stack([ring[b], ring[a], tips[0], tips[0]]))
        corners.append(np.stack([ring[a], ring[b], tips[1], tips[1]]))
    shape = np.array(corners)[:, :3]
    points = centre[:, None, None] + shape[None] * size[:, None, None]
    flat = points.reshape(-1, 3)
    fabric.builder().add(
        where.place(flat),
        np.arange(len(flat)).reshape(-1, 3),
        fabric.slot("plant"),
        tint=np.repeat(tint, 8, axis=0),  # type: ignore[arg-type]  # one tint a face
    )


def air_conditioners(fabric: Fabric, where: Side, spots: Points) -> None:
    """Hang outdoor units at (K, 2) left lower corners, each on brackets with its fan and a pipe."""
    if not len(spots):
        return
    count = len(spots)
    low = np.column_stack([spots, np.full(count, 0.14)])
    fabric.boxes(where, low, np.add(low, (0.82, 0.56, 0.3)), "unit", skip=())
    grille = np.column_stack([spots[:, 0] + 0.06, spots[:, 0] + 0.54, spots[:, 1] + 0.05, spots[:, 1] + 0.51])
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    disc = np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=-1) * 0.23
    centre = np.column_stack([grille[:, :2].mean(axis=1), grille[:, 2:].mean(axis=1), np.full(count, 0.443)])
    points = (centre[:, None] + disc).reshape(-1, 3)
    fabric.builder().add(where.place(points), np.arange(len(points)).reshape(count, 12), fabric.slot("dark"))
    for u in (0.12, 0.66):
        foot = np.add(low, (u, -0.05, -0.14))
        fabric.boxes(where, foot, np.add(foot, (0.04, 0.05, 0.42)), "metal", skip=())
    pipe = np.add(low, (0.84, -0.6, -0.13))
    fabric.boxes(where, pipe, np.add(pipe, (0.045, 0.85, 0.045)), "unit")


def dishes(fabric: Fabric, plan: Plan, where: Side, spots: Points) -> None:
    """Fix satellite dishes at (K, 2) points of a wall; all look the same way up the sky."""
    look = np.array([plan.pick(-0.5, 0.5), 0.55, 1.0])
    look /= np.linalg.norm(look)
    right = np.cross([0.0, 1.0, 0.0], look)
    right /= np.linalg.norm(right)
    over = np.cross(look, right)
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)[:, None]
    for u, z in spots:
        centre = np.array([u, z, 0.42])
        fabric.boxes(where, (u - 0.02, z - 0.05, 0.0), (u + 0.02, z, 0.4), "metal", skip=())
        rim = centre + 0.36 * (np.cos(angles) * right + np.sin(angles) * over) + 0.07 * look
        middle = centre + 0.2 * (np.cos(angles) * right + np.sin(angles) * over) + 0.02 * look
        grid = np.stack([middle, rim])
        fabric.builder().grid(where.place(np.concatenate([grid, grid[:, :1]], axis=1)), fabric.slot("unit"))
        fabric.polygon(where, middle, "unit")
        arm = [centre - 0.3 * over, centre + 0.4 * look]
        fabric.tubes(where, arm, 0.012, "metal", segments=4)


def drainpipes(fabric: Fabric, where: Side, spots_m: list[float], top_m: float, foot_m: float = 0.1) -> None:
    """Run pipes down a wall, with clips and a shoe at the foot."""
    for u in spots_m:
        path = [(u, top_m, 0.1), (u, foot_m + 0.15, 0.1), (u, foot_m, 0.22)]
        fabric.tubes(where, path, 0.05, "pipe")
        clips = np.arange(foot_m + 1.0, top_m, 2.0)
        rect = np.column_stack([0 * clips + u - 0.07, 0 * clips + u + 0.07, clips, clips + 0.03])
        fabric.block(where, rect, (0.0, 0.165), "pipe")


def cables(fabric: Fabric, plan: Plan, where: Side, height_m: float) -> None:
    """String a slack cable or two along a wall."""
    for _ in range(int(plan.rng.integers(1, 4))):
        ends = np.sort(plan.rng.uniform(0.0, where.width_m, 2))
        if ends[1] - ends[0] < 2:
            continue
        t = np.linspace(0, 1, 9)
        z = height_m + plan.pick(-0.3, 0.4) - plan.pick(0.1, 0.4) * 4 * t * (1 - t)
        path = np.stack([ends[0] + t * (ends[1] - ends[0]), z, 0 * t + plan.pick(0.04, 0.12)], axis=-1)
        fabric.tubes(where, path, 0.014, "dark", segments=4)
